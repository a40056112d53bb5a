"""Tells whether the captured page shows the whole article, or a wall with a piece of it.

What is wrongly taken for whole manufactures omissions, what is wrongly taken for a wall loses an article
that can be judged. So a mark of a wall (a phrase, a class, a flag for search engines) counts only together
with a text that is short for an article: many sites deliver whole articles with a paywall's markup unused.
"""

import re
import tomllib
from functools import lru_cache
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from lxml.etree import XPath
from lxml.html import HtmlElement

from crawler.extraction.article import Observability
from crawler.extraction.landmarks import beside_article
from crawler.extraction.linked_data import PageData
from crawler.extraction.page import words_of

_NOTHING = 60
"""Characters below which a text is no article: less than a news flash of one sentence."""

_WALL = 60
"""Words up to which a text may be a wall's own, or a caption that was found beside it."""

_TEASER = 120
"""Words up to which a text with one mark of a paywall is a teaser; teasers measured have 30 to 100."""

_LONG_TEASER = 300
"""Words up to which it is one where the page is flagged as not free and shows an offer besides."""

_CUT = 0.5
"""Share of the words that the page says it has below which a text is known to be cut."""

_VISIBLE = XPath(
    "//body//text()[not(parent::script or parent::style or parent::noscript or parent::template)]"
)


def observe(tree: HtmlElement, data: PageData, url: str, text: str) -> Observability:
    """How much of the article the page shows.

    Args:
        tree: the parsed page.
        data: what it says of itself.
        url: its final URL: some walls have a host of their own.
        text: what was extracted.
    """
    words = words_of(text)
    # A word of a script without spaces counts one; six characters are an average word elsewhere.
    words = max(words, len(text) // 12)
    said = _words_said(data)
    flagged = data.linked_flag("isAccessibleForFree") is False
    if words >= _LONG_TEASER and not (flagged and said and words < _CUT * said):
        return "paywall" if _counts_down(text) else "full"
    visible = " ".join(" ".join(_VISIBLE(tree)).split()).casefold()
    if words < _WALL * 2 and _is_bot_wall(tree, visible, text):
        return "bot_wall"
    if words < _WALL * 3 and _is_consent_wall(tree, visible, text, url):
        return "consent_wall"
    if _is_paywall(tree, visible, words, said, flagged=flagged):
        return "paywall"
    return "extraction_failed" if len(text) < _NOTHING else "full"


def _is_bot_wall(tree: HtmlElement, visible: str, text: str) -> bool:
    # A challenge has next to nothing else on its page, an article page has navigation at least.
    if words_of(visible) > 4 * _WALL:
        return False
    title = (tree.findtext(".//title") or "").casefold()
    phrases = _phrases("bot")
    if any(phrase in title or phrase in text[:200].casefold() for phrase in phrases):
        return True
    if words_of(text) >= _WALL:
        return False
    return any(phrase in visible for phrase in phrases) or _has_bot_markup(tree)


def _has_bot_markup(tree: HtmlElement) -> bool:
    marks = _rules()["bot"]["markup"]
    for element in tree.iter("script", "form", "iframe", "div", "meta"):
        written = " ".join(
            (element.get(name) or "") for name in ("src", "action", "id", "class", "content")
        ).casefold()
        code = (element.text or "")[:5000].casefold() if element.tag == "script" else ""
        if any(mark in written or mark in code for mark in marks):
            return True
    return False


def _is_consent_wall(tree: HtmlElement, visible: str, text: str, url: str) -> bool:
    phrases = _phrases("consent")
    within = [phrase for phrase in phrases if phrase in text.casefold()]
    if len(within) >= 2 or (within and words_of(text) < _WALL * 2):
        return True
    if len(text) >= _NOTHING and words_of(text) >= _WALL:
        return False
    host = (urlsplit(url).hostname or "") if "//" in url else ""
    if any(part in host for part in _rules()["consent"]["hosts"]):
        return True
    # Nearly every page has a banner: it is a wall only where no article is beside it.
    shown = any(phrase in visible for phrase in phrases) or _has_class(tree, _selectors("consent"))
    return shown and words_of(text) < _WALL // 2


def _is_paywall(tree: HtmlElement, visible: str, words: int, said: int, *, flagged: bool) -> bool:
    if _counts_down(visible):
        return True
    if said and words >= _CUT * 1.5 * said:
        return False
    if flagged and (words < _TEASER or (said and words < _CUT * said)):
        return True
    limit = _LONG_TEASER if flagged else _TEASER
    if words >= limit:
        return False
    offered = any(phrase in visible for phrase in _phrases("paywall"))
    return offered or _has_class(tree, _selectors("paywall"))


def _counts_down(text: str) -> bool:
    """Whether the page says how much of the article is kept back."""
    return bool(_COUNTDOWN.search(text.casefold()))


_COUNTDOWN = re.compile(
    r"il vous reste \d+([.,]\d+)?\s?% de cet article|noch \d+\s?% des artikels|te queda(n)? (el )?\d+\s?% de",
)


def _words_said(data: PageData) -> int:
    """How long the page says the article is, in words; 0 where it says nothing."""
    body = data.linked("articleBody")
    count = data.article.get("wordCount")
    try:
        told = int(str(count)) if count is not None else 0
    except ValueError:
        told = 0
    return told or (words_of(body) if body else 0)


def _has_class(tree: HtmlElement, marks: re.Pattern[str]) -> bool:
    for element in tree.iter("div", "section", "aside", "article", "p", "span", "form"):
        named = f"{element.get('class') or ''} {element.get('id') or ''}"
        if len(named) > 1 and marks.search(named.casefold()) and not beside_article(element):
            return True
    return False


@lru_cache(maxsize=2)
def _selectors(wall: str) -> re.Pattern[str]:
    return re.compile("|".join(re.escape(mark) for mark in _rules()[wall]["selectors"]))


@lru_cache(maxsize=3)
def _phrases(wall: str) -> tuple[str, ...]:
    return tuple(phrase.casefold() for group in _rules()[wall]["phrases"].values() for phrase in group)


@lru_cache(maxsize=1)
def _rules() -> dict[str, Any]:
    return tomllib.loads(Path(__file__).with_name("walls.toml").read_text(encoding="utf-8"))
