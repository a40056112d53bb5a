"""Parses a page once, for all who read it: linked data, dates, walls and the text."""

import re
from collections import Counter
from collections.abc import Iterable, Iterator
from contextlib import contextmanager

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

_ENDS = re.compile(rb"</(?:body|html)\s*>", re.IGNORECASE)
"""libxml2 drops what stands behind the first of them; browsers show it. Whoever wants to know whether a page
has its end looks at the page."""

_ONE_CLASS = ElementDefaultClassLookup(element=HtmlElement)
"""All elements of one class, without lxml.html's look into a table for each: 5 % of extraction."""

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
    html = _ENDS.sub(b"", html)
    # A huge tree is one of up to 2,048 levels: beyond 255 the others drop what is in it.
    parser = HTMLParser(
        encoding="utf-8", remove_comments=True, remove_pis=True, collect_ids=False, huge_tree=True
    )
    parser.set_element_class_lookup(_ONE_CLASS)
    try:
        tree = document_fromstring(html, parser=parser, ensure_head_body=True)
    except (etree.LxmlError, ValueError, AssertionError, TypeError, IndexError):
        return None
    for table in _layout_tables(tree):
        for part in (table, *_PARTS(table)):
            part.tag = "div"
    return tree


def _layout_tables(tree: HtmlElement) -> set[HtmlElement]:
    """Tables with a cell of several paragraphs or with a heading; in the time of a look at each."""
    if tree.find(".//table") is None:
        return set()
    found: set[HtmlElement] = set()
    held: Counter[HtmlElement] = Counter()
    for element in tree.iter("p", "h1", "h2"):
        cells = [above for above in element.iterancestors("td") if above not in found]
        held.update(cells)
        for cell in cells:
            if element.tag != "p" or held[cell] > 1:
                found.add(cell)
                found.update(cell.iterancestors("table"))
    return {table for table in found if table.tag == "table"}


def words_of(text: str) -> int:
    """Words in a text; in scripts without spaces, runs between punctuation."""
    return len(text.split())


@contextmanager
def without(found: Iterable[HtmlElement]) -> Iterator[None]:
    """Take elements out of a tree, and put them back at the end: cheaper than a copy without them."""
    taken = []
    for element in found:
        parent = element.getparent()
        if parent is None:
            continue
        # Trafilatura drops these and keeps the text behind them.
        stand_in = element.makeelement("wbr")
        stand_in.tail = element.tail
        parent.replace(element, stand_in)
        taken.append((element, stand_in))
    try:
        yield
    finally:
        for element, stand_in in reversed(taken):
            stand_in.getparent().replace(stand_in, element)
