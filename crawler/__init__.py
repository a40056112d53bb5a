"""Collects public reporting: discovery, fetch, capture, topic gate, extraction, store."""
