"""Draws samples, and lets people code articles."""
