"""Loaded by the process that extraction workers are forked from, and by no other.

Parsers, word lists and patterns are loaded once for all workers, which share the memory.
"""

import gc
from contextlib import suppress

from gossi.crawler.errors import GossiError
from gossi.crawler.extraction.extract import extract

# What is loaded at the first page, trafilatura's lists of words among it. What tells languages is asked only
# about a text of some length; where it finds no room, the worker says so that needs it.
_TEXT = b"Rain fell in the south all day, and the market stayed closed until the evening."
with suppress(GossiError):
    extract(b"<html><body><p>%b</p></body></html>" % _TEXT, "https://example.org/", None)
# A collection would write to every object, and the workers' memory would be shared no longer.
gc.freeze()
