"""Asks trafilatura for a page's text, in the mode that the page is best read in.

Chosen by measurement on real pages (benchmarks/extraction.py). Precision mode keeps teasers and
newsletter calls out, but on some page designs it loses the article; then the balanced mode is asked too.
On pages whose text is marked up as paragraphs the quick mode gives the same text for two thirds of the cost.
`deduplicate` stays off: its memory spans pages, so that a wire paragraph shared by outlets would be
missing from the third outlet on.
"""

from collections.abc import Iterator
from functools import lru_cache

from lxml.etree import XPath
from lxml.html import HtmlElement
from trafilatura import bare_extraction
from trafilatura.settings import Extractor

from gossi.crawler.extraction.parsed import without

_SHORT = 600
"""Characters below which precision mode's answer is doubted …"""

_LITTLE = 0.35
"""… as it is where it holds less than this share of the characters in the page's paragraphs."""

_MARKED_UP = 0.8
"""Share of a text's characters that the page's paragraphs must have room for. Where they have, trafilatura's
comparison with other algorithms changed the text of none of 436 pages; where text stands outside of
paragraphs, it drops what was taken along with it."""

_MUCH_LONGER = 1.5
"""How many times longer the balanced answer must be to be taken instead."""

_BESIDE = XPath(
    # An element's name first: a step through all elements takes twice as long.
    "//ul[@class='forum' or @id='forum'] | //ol[@class='forum' or @id='forum']"
    "| //div[@class='forum' or @id='forum' or @id='pied']"
)
"""Comments and footer by the names that SPIP gives them, the system of many French-speaking outlets."""

_FURNITURE = ("nav", "aside", "footer", "menu", "dialog", "noscript")
_PICTURES = XPath("//div[img or picture or svg or iframe or a/img][not(normalize-space())]")
"""What trafilatura drops, after three looks at each `div` and list of the page that are half of its work.
That it was taken out before changed the text of none of 1,276 pages."""

_FEW_LINKS, _MOSTLY_LINKS, _LONG_LINK = 4, 0.9, 80
"""Lists of more links than that, which are so much of the list's letters, and have fewer letters each on
average, trafilatura drops too: its `link_density_test`, with 100 characters in place of 80 letters."""


def main_text(tree: HtmlElement) -> str:
    """Trafilatura's text, line by line; empty where it finds none. The tree is as it was, afterwards."""
    in_paragraphs = sum(len(paragraph.text_content()) for paragraph in tree.iter("p"))

    def doubtful(text: str) -> bool:
        return len(text) < _SHORT or len(text) < _LITTLE * in_paragraphs

    if in_paragraphs >= _SHORT:
        text = _ask(tree, precise=True, compared=False)
        if not doubtful(text) and in_paragraphs >= _MARKED_UP * len(text):
            return text
    text = _ask(tree, precise=True)
    if doubtful(text):
        other = _ask(tree, precise=False)
        if len(other) > _MUCH_LONGER * len(text):
            return other
    return text


def _ask(tree: HtmlElement, *, precise: bool, compared: bool = True) -> str:
    """Trafilatura's text; `compared` with what its other algorithms find, which costs a third more."""
    drop = [_BESIDE] if compared else [_BESIDE, _furniture, _link_lists, _PICTURES]
    with without(element for find in drop for element in find(tree)):
        document = bare_extraction(tree, options=_options(precise=precise, compared=compared))
    return str(getattr(document, "text", None) or "")


def _furniture(tree: HtmlElement) -> list[HtmlElement]:
    return list(tree.iter(*_FURNITURE))


def _link_lists(tree: HtmlElement) -> Iterator[HtmlElement]:
    """Lists of hardly anything but links, outermost first; not those of paragraphs or of long teasers."""
    for found in list(tree.iter("ul", "ol")):
        links = [letters for link in found.findall(".//a") if (letters := _letters(link))]
        is_farm = _MOSTLY_LINKS * _letters(found) < sum(links) < _LONG_LINK * len(links)
        if len(links) > _FEW_LINKS and is_farm and found.find(".//p") is None:
            yield found


def _letters(element: HtmlElement) -> int:
    return len("".join(element.text_content().split()))


@lru_cache(maxsize=4)
def _options(*, precise: bool, compared: bool) -> Extractor:
    """Made once: reading its configuration costs as much as a look through a page."""
    return Extractor(precision=precise, fast=not compared, comments=False, output_format="python")
