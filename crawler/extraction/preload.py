"""Loaded by the process that extraction workers are forked from, and by no other.

Parsers, word lists and patterns are loaded once for all workers, which share the memory.
"""

import gc

from crawler.extraction.extract import extract

# What is loaded at the first page, trafilatura's lists of words among it.
extract(b"<html><body><p>x</p></body></html>", "https://example.org/", None)
# A collection would write to every object, and the workers' memory would be shared no longer.
gc.freeze()
