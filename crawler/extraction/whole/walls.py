"""Tells whether the captured page shows the whole article, or a wall with a piece of it.

What is wrongly taken for whole manufactures omissions, what is wrongly taken for a wall loses an article
that can be judged. So a mark of a wall (a phrase, a class, a flag for search engines) counts only together
with a text that is short for an article or breaks off: many sites deliver whole articles with a paywall's
markup unused, and ask to subscribe on every page.
"""

import re
from typing import NamedTuple
from urllib.parse import urlsplit

from lxml.html import HtmlElement

from gossi.crawler.extraction.article import Observability
from gossi.crawler.extraction.linked_data import PageData
from gossi.crawler.extraction.parsed import words_of
from gossi.crawler.extraction.whole.teasers import LONGEST_TEASER, Piece, words_about
from gossi.crawler.extraction.whole.visible_text import Shown, letters_of
from gossi.crawler.extraction.whole.wall_words import (
    alone,
    bare_letters,
    counts_down,
    has_any,
    marked,
    may_count_down,
    rules,
    share_of,
)

_NOTHING = 60
"""Characters below which a text is no article: less than a news flash of one sentence."""

_WALL = 60
"""Words up to which a text may be a challenge's own, or a caption that was found beside it."""

_NOTICE = 120
"""Words up to which a text may be an excuse for what is not shown; most have 20 to 50."""

_CONSENT = 250
"""Words up to which a text may be a consent wall's: those that offer to pay instead have up to some 200."""

_STANDS_IN = 0.4
"""Share of a text in a wall's own sentences from which on it is the wall's; not all of them are known. Below
it, the text is an article that a banner was extracted along with."""

_MOSTLY = 0.6
"""Share of a page that is a consent wall's where a caption is beside it; of a news flash's page, a banner is
less."""

_ITEM = 25
_ENDS = (".", "!", "?", "。", "！", "？", "؟", "।")
"""Characters below which a line is an item of a menu, unless it ends as a sentence does."""


class Seen(NamedTuple):
    """How much of the article a page shows, and in words why not all of it."""

    observability: Observability
    detail: str = ""


def observe(tree: HtmlElement, data: PageData, url: str, text: str) -> Seen:
    """How much of the article the page shows.

    Args:
        tree: the parsed page.
        data: what it says of itself.
        url: its final URL: some walls have a host of their own.
        text: what was extracted.
    """
    shown = Shown(tree)
    # Below that length much else is sought in what the page shows.
    gathered = words_about(text) < LONGEST_TEASER
    if (gathered or may_count_down(tree)) and counts_down(shown.letters):
        return Seen("paywall", "the page counts what is kept back")
    if wall := _in_its_place(tree, shown, url, text):
        return wall
    piece = Piece(tree, data, shown, url, text)
    if piece.is_paywalled():
        return Seen("paywall")
    if len(text) < _NOTHING:
        return Seen("extraction_failed", "no article text was found")
    if part := piece.part():
        return Seen("extraction_failed", f"only a part of the article: {part}")
    return Seen("full")


def _in_its_place(tree: HtmlElement, shown: Shown, url: str, text: str) -> Seen | None:
    """What stands in the article's place, where it is not the article."""
    # A menu is extracted along with so little text.
    text = "\n".join(line for line in text.split("\n") if len(line) >= _ITEM or line.endswith(_ENDS))
    words = words_about(text)
    if words < _WALL * 2 and _is_bot_wall(tree, shown, text):
        return Seen("bot_wall")
    if words < _CONSENT and _is_consent_wall(tree, shown, text, url):
        return Seen("consent_wall")
    if words < _NOTICE and share_of(text, "refusal") >= _STANDS_IN:
        return Seen("bot_wall", "not shown here, or not without advertisements")
    if words < _NOTICE and share_of(text, "failure") >= _STANDS_IN:
        return Seen(
            "extraction_failed", "the page did not work: its scripts did not run, or its server failed"
        )
    return None


def _is_bot_wall(tree: HtmlElement, shown: Shown, text: str) -> bool:
    # A challenge has next to nothing else on its page, an article page has navigation at least.
    if shown.words > 4 * _WALL:
        return False
    title = tree.findtext(".//title") or ""
    if has_any(letters_of(title), "bot") or has_any(letters_of(text[:200]), "bot"):
        return True
    lines = [*re.split(r"\s[-–—|·]+\s", title), *shown.pieces]
    if any(bare_letters(line) in alone("bot", "alone") for line in lines):
        return True
    if words_of(text) >= _WALL:
        return False
    # Article pages load captchas too, for their readers' letters: with a news flash they mean nothing.
    return has_any(shown.letters, "bot") or (words_of(text) < _WALL // 2 and _has_bot_markup(tree))


def _has_bot_markup(tree: HtmlElement) -> bool:
    marks = rules()["bot"]["markup"]
    for element in tree.iter("script", "form", "iframe", "div", "meta"):
        written = " ".join(
            (element.get(name) or "") for name in ("src", "action", "id", "class", "content")
        ).casefold()
        code = (element.text or "")[:5000].casefold() if element.tag == "script" else ""
        if any(mark in written or mark in code for mark in marks):
            return True
    return False


def _is_consent_wall(tree: HtmlElement, shown: Shown, text: str, url: str) -> bool:
    if share_of(text, "consent", "words") >= _STANDS_IN:
        return True
    if len(text) >= _NOTHING and words_of(text) >= _WALL:
        return False
    host = (urlsplit(url).hostname or "") if "//" in url else ""
    if any(part in host for part in rules()["consent"]["hosts"]):
        return True
    # Nearly every page has a banner: it is a wall only where no article is beside it.
    if words_of(text) >= _WALL // 2:
        return False
    if len(text) >= _NOTHING:
        return share_of("\n".join(shown.pieces), "consent", "words") >= _MOSTLY
    return has_any(shown.letters, "consent") or marked(tree, "consent")
