"""Reads the store: aligns articles with claims, codes, measures and reports."""
