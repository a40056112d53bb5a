"""Parses a page once, for all who read it: linked data, dates, walls and the text."""

import re

from lxml import etree
from lxml.etree import ElementDefaultClassLookup, XPath
from lxml.html import HtmlElement, HTMLParser, document_fromstring

# What XML does not allow stops libxml2 in the middle of a page: control characters, and U+FFFE and U+FFFF.
# Sought in UTF-8, where deleting single bytes takes a third of the time that a pattern over the text takes.
_CONTROLS = bytes(code for code in range(0x20) if chr(code) not in "\t\n\r")
_NONCHARACTERS = re.compile(b"\xef\xbf[\xbe\xbf]")

_DECLARATION = re.compile(rb"^\s*<\?xml[^>]*\?>", re.IGNORECASE)

_SELF_CLOSED_HTML = re.compile(rb"(<html[^>]*?)\s*/>", re.IGNORECASE)
"""libxml2 takes `<html/>` for an empty document and drops the rest."""

_ONE_CLASS = ElementDefaultClassLookup(element=HtmlElement)
"""All elements of one class, without lxml.html's look into a table for each: 5 % of extraction."""

_LAYOUT_TABLES = XPath("descendant::table[.//td[count(.//p) > 1 or .//h1 or .//h2]]")
_PARTS = XPath("tr | tr/td | tr/th | */tr | */tr/td | */tr/th | tbody | thead | tfoot")
"""What a table is made of, without the tables within it."""


def parse(text: str) -> HtmlElement | None:
    """The page as a tree without comments and processing instructions; None where it is no markup.

    Tables that only lay the page out become `div` elements: trafilatura would take a cell with the whole
    article for a value, and make one line of headline, paragraphs and menu. Never raises.
    """
    if "<" not in text:
        return None
    # Half of a surrogate pair has no bytes in UTF-8.
    html = _NONCHARACTERS.sub(b"", text.encode("utf-8", "ignore").translate(None, _CONTROLS))
    html = _SELF_CLOSED_HTML.sub(rb"\1>", _DECLARATION.sub(b"", html), count=1)
    parser = HTMLParser(encoding="utf-8", remove_comments=True, remove_pis=True, collect_ids=False)
    parser.set_element_class_lookup(_ONE_CLASS)
    try:
        tree = document_fromstring(html, parser=parser, ensure_head_body=True)
    except (etree.LxmlError, ValueError, AssertionError, TypeError, IndexError):
        return None
    for table in _LAYOUT_TABLES(tree):
        for part in (table, *_PARTS(table)):
            part.tag = "div"
    return tree


def words_of(text: str) -> int:
    """Words in a text; in scripts without spaces, runs between punctuation."""
    return len(text.split())
