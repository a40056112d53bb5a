"""What on an article's page is not the outlet's account: readers' letters, other articles, what is hidden.

A reader's accusation would be published as one that the outlet gave. Names and headings are in others.toml.
Nothing that holds the headline is anybody else's, whatever it is called.
"""

import re
import tomllib
from collections.abc import Iterator
from functools import lru_cache
from pathlib import Path
from typing import Any

from lxml.etree import XPath
from lxml.html import HtmlElement

from gossi.crawler.extraction.landmarks import main_heading
from gossi.crawler.extraction.whole.wall_words import bare_letters

_BOXES = ("div", "section", "ul", "ol", "aside", "details", "form", "article", "dialog", "dl", "table")
_HEADINGS = frozenset({"h2", "h3", "h4", "h5", "h6"})

_KINDS = ("letters", "letter", "articles", "consent")
_UNLESS_MOST = frozenset({"letter", "articles"})
"""Kinds whose names are given to whole articles too: what holds most of the text is none of them."""

_LONGEST_HEADING = 60
"""Characters of a heading over letters or teasers; most have 8 to 30."""

_STRUCK = ("template", "del", "s", "strike")
_MAY_BE_HIDDEN = ("p", "span", "li", "blockquote", "figure", "main", "center", *_BOXES)
_HIDDEN = re.compile(r"display\s*:\s*none|visibility\s*:\s*hidden", re.IGNORECASE)
_AFTER_TEXT = XPath("boolean(preceding::p[string-length(normalize-space()) >= 60])")

_SHARE = 0.5
"""Share of the letters in a page's paragraphs from which on a box is no list of other articles."""

_UNFOLDED = 2
"""How many times as long as what is shown of an article what is hidden in it must be to be its rest."""


def others(tree: HtmlElement) -> list[HtmlElement]:
    """The elements of a page that hold readers' letters, other articles or a request for consent."""
    heading = main_heading(tree)
    around = set() if heading is None else set(heading.iterancestors())
    found = [element for element in tree.iter("marquee") if element not in around]
    boxes = [(element, _name(element)) for element in tree.iter(*_BOXES)]
    # Most names are on no page, and are sought once in all that the page has.
    known = _names_in("\n".join(named for _, named in boxes))
    for element, named in boxes if known else ():
        kind = _kind(named, known)
        if kind and element not in around and not (kind in _UNLESS_MOST and _is_most(element, tree)):
            found.append(element)
    for title in tree.iter(*_HEADINGS, "summary", "legend"):
        text = title.text_content()
        if len(text) < 2 * _LONGEST_HEADING and (kind := _kind_of_heading(" ".join(text.split()))):
            found += (box for box in _headed(title, kind) if box not in around)
    return found


def hidden(tree: HtmlElement) -> list[HtmlElement]:
    """The elements that a page does not show: hidden, struck out, or templates of scripts.

    What a click unfolds is shown, and so is most of an article behind its beginning: scripts unhide it.
    """
    found = []
    for element in tree.iter(*_STRUCK, *_MAY_BE_HIDDEN):
        style = element.get("style")
        is_hidden = element.get("hidden") is not None or (style and _HIDDEN.search(style))
        if element.tag in _STRUCK or (is_hidden and not _unfolds(element)):
            found.append(element)
    return [] if found and _is_the_rest(tree, found) else found


def _is_the_rest(tree: HtmlElement, found: list[HtmlElement]) -> bool:
    heading = main_heading(tree)
    box = None if heading is None else next(heading.iterancestors("article", "main"), None)
    if box is None:
        return False
    own = [
        element
        for element in found
        if element.tag not in _STRUCK and box in element.iterancestors() and not _asks(element)
    ]
    behind = sum(map(_letters, own))
    return behind > 0 and behind > _UNFOLDED * (_letters(box) - behind)


def _asks(element: HtmlElement) -> bool:
    role = element.get("role") or ""
    return "dialog" in role or bool(_names_in(_name(element)))


def _letters(box: HtmlElement) -> int:
    """Letters in the paragraphs of a box, which may be one itself."""
    return sum(len(paragraph.text_content().strip()) for paragraph in box.iter("p"))


def _is_most(box: HtmlElement, tree: HtmlElement) -> bool:
    own = _letters(box)
    return own > 0 and own > _SHARE * _letters(tree)


def _headed(title: HtmlElement, kind: str) -> Iterator[HtmlElement]:
    """A heading with what stands below it: all of the letters, other articles as far as they go."""
    box = title
    while (parent := box.getparent()) is not None and parent.tag not in {"body", "main", "article"}:
        if parent.text_content().strip() != title.text_content().strip():
            break
        box = parent
    below = list(box.itersiblings())
    if kind == "letters":
        if _AFTER_TEXT(title):
            yield from (box, *below)
        return
    teasers, has_title = [], False
    for sibling in below:
        if _is_teaser(sibling) or (has_title and sibling.tag == "p"):
            teasers.append(sibling)
        elif (sibling.text_content() or "").strip():
            break
        has_title = _is_teaser(sibling) and sibling.tag in _HEADINGS
    if teasers:
        yield from (box, *teasers)


def _is_teaser(element: HtmlElement) -> bool:
    """Whether an element is a link to another article, with its title and its beginning."""
    links = list(element.iter("a"))
    if not links:
        return False
    if any(
        above.tag in _HEADINGS for link in links for above in (*link.iterancestors(), *link.iterchildren())
    ):
        return True
    linked = sum(len(link.text_content().strip()) for link in links)
    return 2 * linked > len(element.text_content().strip())


def _unfolds(element: HtmlElement) -> bool:
    named = _name(element)
    return any(mark in named for mark in _rules()["classes"]["unfolds"])


def _name(element: HtmlElement) -> str:
    """Class and id of an element, each name between dots; "" for none."""
    css_class, identity = element.get("class"), element.get("id")
    return f".{css_class or ''}.{identity or ''}.".lower().replace(" ", ".") if css_class or identity else ""


def _names_in(named: str) -> list[tuple[str, str]]:
    """The names of others that stand in a text, each with its kind."""
    classes = _rules()["classes"]
    return [(name, kind) for kind in _KINDS for name in classes[kind] if name in named]


def _kind(named: str, known: list[tuple[str, str]]) -> str:
    """What the name of an element says that it holds; "" for nothing of others."""
    kind = next((kind for name, kind in known if name in named), "")
    is_switch = kind in {"letters", "letter"} and any(
        name in named for name in _rules()["classes"]["no_letters"]
    )
    return "" if is_switch else kind


@lru_cache(maxsize=1024)
def _kind_of_heading(text: str) -> str:
    letters = bare_letters(text.casefold())
    for kind in ("letters", "articles"):
        if letters in _headings(kind):
            return kind
    begins = tuple(begin for words in _rules()["headings"]["begins"].values() for begin in words)
    return "articles" if len(text) <= _LONGEST_HEADING and text.casefold().startswith(begins) else ""


@lru_cache(maxsize=2)
def _headings(kind: str) -> frozenset[str]:
    return frozenset(bare_letters(text) for words in _rules()["headings"][kind].values() for text in words)


@lru_cache(maxsize=1)
def _rules() -> dict[str, Any]:
    return tomllib.loads(Path(__file__).with_name("others.toml").read_text(encoding="utf-8"))
