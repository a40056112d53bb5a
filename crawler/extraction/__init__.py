"""Turns a captured page into headline, text, dates and language."""
