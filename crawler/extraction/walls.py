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

_WHOLE = 0.75
"""Share of the words that the page says it has from which on a text is taken for whole."""

_ENDED = re.compile(r"(?<!\.\.)[.!?。！？؟»”\"')\]]\s*$")
"""How a text ends that was not cut: with a sentence's end, and not with three dots."""

_LONG_WORD = 12
"""Characters a word that a text has at the least one of, in any language."""

_CUT = 0.5
"""Share of the words that the page says it has below which a text is known to be cut."""

_VISIBLE = XPath(
    "//body//text()[not(parent::script or parent::style or parent::noscript or parent::template)"
    " and not(ancestor::nav or ancestor::footer or ancestor::header[not(ancestor::article)])]"
)
"""What a reader sees apart from the site's furniture, where offers to subscribe stand on every page."""


def observe(tree: HtmlElement, data: PageData, url: str, text: str) -> Observability:
    """How much of the article the page shows.

    Args:
        tree: the parsed page.
        data: what it says of itself.
        url: its final URL: some walls have a host of their own.
        text: what was extracted.
    """
    words = _words(text)
    if words >= _LONG_TEASER and not (_is_flagged(data) and words < _CUT * _words_said(data)):
        return "paywall" if _counts_down(text) else "full"
    visible = " ".join(" ".join(_VISIBLE(tree)).split()).casefold()
    if words < _WALL * 2 and _is_bot_wall(tree, visible, text):
        return "bot_wall"
    if words < _WALL * 3 and _is_consent_wall(tree, visible, text, url):
        return "consent_wall"
    if _is_paywall(tree, data, visible, text):
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
    # Article pages load captchas too, for their readers' letters: with a news flash they mean nothing.
    return any(phrase in visible for phrase in phrases) or (
        words_of(text) < _WALL // 2 and _has_bot_markup(tree)
    )


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


def _is_paywall(tree: HtmlElement, data: PageData, visible: str, text: str) -> bool:
    words, said, flagged = _words(text), _words_said(data), _is_flagged(data)
    if _counts_down(visible):
        return True
    if said and words >= _WHOLE * said:
        return False
    if flagged and (words < _TEASER or words < _CUT * said):
        return True
    if words >= (_LONG_TEASER if flagged else _TEASER):
        return False
    if any(phrase in visible for phrase in _phrases("paywall")):
        return True
    # Classes alone say that the site has a paywall somewhere; with a text that breaks off, that it is here.
    return not _ENDED.search(text) and _has_class(tree, _selectors("paywall"))


def _counts_down(text: str) -> bool:
    """Whether the page says how much of the article is kept back."""
    return bool(_COUNTDOWN.search(text.casefold()))


_COUNTDOWN = re.compile(
    r"il vous reste \d+([.,]\d+)?\s?% de cet article|noch \d+\s?% des artikels|te queda(n)? (el )?\d+\s?% de",
)


def _words(text: str) -> int:
    # In a script without spaces a "word" is a clause; Japanese and Chinese words have some two characters.
    return max(words_of(text), len(text) // _LONG_WORD)


def _is_flagged(data: PageData) -> bool:
    return data.linked_flag("isAccessibleForFree") is False


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
