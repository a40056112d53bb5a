"""Tells whether a text is all of its article, or a piece: a teaser, an excerpt, one page of several.

Three things tell of a piece: its length, how it ends, and what the page has beside it. No mark of a paywall
is enough by itself at any length: sites have them in all their pages. The longer a text is, the more must
agree.
"""

import re
from functools import cached_property, lru_cache

from lxml.html import HtmlElement

from gossi.crawler.extraction.landmarks import main_heading
from gossi.crawler.extraction.linked_data import PageData
from gossi.crawler.extraction.parsed import words_of
from gossi.crawler.extraction.whole.parts import ENDED, leads_on, other_page
from gossi.crawler.extraction.whole.scripts import body_in_state
from gossi.crawler.extraction.whole.visible_text import Shown, letters_of
from gossi.crawler.extraction.whole.wall_words import alone, bare_letters, has_any, marked, phrases, rules

_TEASER = 120
"""Words up to which a text with one mark of a paywall is a teaser; most measured have 30 to 100."""

_TWO_SENTENCES = 80
"""Words up to which a text right before a link or button to read on is a teaser, wherever that leads."""

_REPORT = 200
"""Words from which on a text that ends whole, with no offer beside it, is a short report though its page is
flagged: teasers have 150 at the most."""

_CREDIT = re.compile(
    r"[(\[/–—-]\s?(?:AFP|AP|APA|ANSA|dpa|EFE|Lusa|PAP|Reuters|TASS|UPI|Xinhua|ТАСС)\b[^.]{0,20}$"
)
"""An agency at the end of its report, where no teaser has it."""

_LONG_TEASER = 300
"""Words up to which it is one where the page is flagged as not free, or where an offer to read on follows."""

LONGEST_TEASER = 600
"""Words up to which one is that breaks off, with a mark of a paywall beside it or a link to the rest."""

_WHOLE = 0.75
"""Share of the words that the page says it has from which on a text is taken for whole."""

_CUT = 0.5
"""Share of the words that the page says it has below which a text is known to be cut."""

_FEW_WORDS, _MANY_WORDS = 30, 50_000
"""Words that an article may say it has. What counts its characters instead is nonsense too, give or take …"""

_ABOUT = 0.1
"""… this share of them. A wider margin would take true lengths of cut articles for characters."""

_COUNT = re.compile(r"\s*(\d{1,3}(?:[.,\s]\d{3})+(?!\d)|\d{1,9})(?:\.0*)?(?:\s*[^\W\d]+)?\s*$")
"""A count of words as it is written: 1234, 1234.0, "1,234", "1 234 mots"."""

_WITHIN, _AFTER, _SOON_AFTER = 200, 800, 300
"""Letters of a text's end among which an offer may have been extracted as text; letters behind it in which an
offer of its rest is sought, and in which what is sold everywhere is. Buttons and the like stand between."""

_ABOVE = 600
"""Letters between heading and text in which a note that the article is for subscribers is sought."""

_NEAR = 25
"""Letters around an offer that say what it is for, where not for the text: comments, other articles."""

_BEHIND = 150
"""Letters behind a text in which a link to its rest is sought."""

_BROKEN_OFF = re.compile(r"(?:\.\.\.|…|[\[(](?:\.\.\.|…)[\])])\s*$")
"""What ends as a sentence may have been cut: with three dots."""

_EXCERPT = re.compile(r"\[(?:\.\.\.|…)\]\s*$")
"""What blog systems put behind an excerpt, and hardly anybody else at a text's end."""

_LINE = 60
"""Characters from which on a last line is a paragraph and no credit: it should end as a sentence does."""

_LAST_LINES = 10
"""Lines of an offer, at the most, that were extracted as the text's end."""

_ITEM = 25
"""Characters below which a line is a credit or a button, unless it ends as a sentence does."""

_STOP = re.compile(r"[.!?。！？؟।]\s*$")
"""How a sentence ends, and no link."""

_ARROWS = " »›→>…"
"""What stands behind a link's words."""

_UNSPACED = re.compile(r"[\u3040-\u30ff\u3400-\u9fff]")
"""Signs of Japanese and Chinese."""

_LONG_WORD = 12
"""Characters a word that a text has at the least one of, in any language."""


def words_about(text: str) -> int:
    """The words of a text in any script: without spaces a "word" is a clause, a true one two characters."""
    words = words_of(text)
    if words >= len(text) // _LONG_WORD:
        return words
    return max(len(text) // _LONG_WORD, len(_UNSPACED.findall(text)) // 2)


class Piece:
    """A text and the page that it is from, asked whether there is more of it."""

    def __init__(self, tree: HtmlElement, data: PageData, shown: Shown, url: str, text: str) -> None:
        self._tree, self._data, self._shown, self._url = tree, data, shown, url
        self._lines = text.split("\n")
        self._words, self._said = words_about(text), _words_said(data, text)
        tiers = {tier.lower() for tier in data.metas("article:content_tier")}
        self._locked = data.is_free is False or "locked" in tiers
        self._metered = "metered" in tiers

    def is_paywalled(self) -> bool:
        """Whether a paywall keeps the rest back."""
        words, cut = self._words, self._words < _CUT * self._said
        if words >= LONGEST_TEASER and not cut:
            return False
        if self._said and words >= _WHOLE * self._said and not self._breaks_off:
            return False
        if self._locked and (cut or (words < _LONG_TEASER and not self._is_report)):
            return True
        if cut and (self._metered or self._offers_rest or self._is_marked):
            return True
        limited = self._locked or self._metered
        if (words < _LONG_TEASER or self._breaks_off or limited) and self._offers_rest:
            return True
        if self._breaks_off and (limited or self._is_marked or self._sells):
            return True
        if words >= _TEASER:
            return False
        return self._sells or self._is_noted or (not self._ended and (self._metered or self._is_marked))

    def part(self) -> str:
        """What tells that the text is a part of its article; empty where nothing does."""
        if elsewhere := other_page(self._tree, self._url, self._data.article):
            return elsewhere
        # A count alone may be of anything: of signs, of what a template holds, of another article.
        counted = self._words >= _TEASER and self._ended and not self._data.linked("articleBody")
        if self._words < _CUT * self._said and not counted:
            return f"the page says that it has {self._said} words"
        if self._words >= LONGEST_TEASER:
            return ""
        if _EXCERPT.search(self._last):
            return "it ends as an excerpt does"
        if self._is_led_on:
            return "a link leads to the rest"
        if self._words < _TEASER and self._breaks_off:
            return "it breaks off"
        if self._words < _TEASER and self._is_in_state:
            return "the rest is shown by scripts"
        return ""

    @cached_property
    def _last(self) -> str:
        """The text's last line; what was extracted along with it says nothing of how the text ends."""
        last = self._lines[: -_LAST_LINES - 1 : -1]
        own = (line for line in last if not _is_item(line) and not _is_more(line) and not _is_offer(line))
        return next(own, "")

    @cached_property
    def _breaks_off(self) -> bool:
        return bool(_BROKEN_OFF.search(self._last))

    @cached_property
    def _ended(self) -> bool:
        return bool(ENDED.search(self._last)) and not self._breaks_off

    @property
    def _is_report(self) -> bool:
        """Whether a text whose page is flagged as not free is all of a short report nonetheless."""
        is_long = self._words >= _REPORT or bool(_CREDIT.search(self._lines[-1]))
        beside = self._offers_rest or self._sells or self._is_marked or self._is_noted
        return is_long and (self._ended or self._words < _REPORT) and not self._breaks_off and not beside

    @cached_property
    def _end(self) -> int:
        """Where the text ends in the page, in letters; where it is not found, where its heading begins."""
        end = self._shown.end_of(self._lines)
        return self._heading_before(len(self._shown.letters)) if end is None else end

    @cached_property
    def _start(self) -> int:
        """Where the text begins in the page."""
        return self._shown.start_of(self._lines[0], self._end) or self._heading_before(self._end)

    def _heading_before(self, place: int) -> int:
        """Where the article's heading begins; 0 where it is not found. What stands above it is the site's."""
        heading = main_heading(self._tree)
        return (self._shown.start_of("".join(heading.itertext()), place) or 0) if heading is not None else 0

    @property
    def _tail(self) -> int:
        return max(self._start, self._end - _WITHIN)

    @cached_property
    def _offers_rest(self) -> bool:
        """Whether an offer to read on stands right behind the text, or was extracted as its end."""
        return self._has("kept", self._tail, self._end + _AFTER)

    @cached_property
    def _sells(self) -> bool:
        return self._has("promo", self._tail, self._end + _SOON_AFTER)

    @cached_property
    def _is_noted(self) -> bool:
        """Whether a note between heading and text says that the text is kept back."""
        heading = self._heading_before(self._start)
        return 0 < heading < self._start and self._has(
            "kept", max(heading, self._start - _ABOVE), self._start
        )

    @cached_property
    def _is_marked(self) -> bool:
        return marked(self._tree, "paywall")

    @cached_property
    def _is_led_on(self) -> bool:
        """Whether a link to the rest stands behind the text, or is its last line."""
        if self._words < _LONG_TEASER and _ends_in_more(self._lines[-1]):
            return True
        behind = self._shown.letters[self._end : self._end + 2 * _BEHIND]
        if not (has_any(behind, "more", "links") or has_any(behind, "more", "elsewhere")):
            return False
        unfinished = self._breaks_off or (len(self._last) >= _LINE and not self._ended)
        passed = 0
        for piece, element in self._shown.pieces_after(self._end):
            letters = letters_of(piece)
            if self._words < _TEASER and letters.startswith(phrases("more", "elsewhere")):
                return True
            if _is_more(piece):
                around = (element, *element.iterancestors())
                link = next((above for above in around if above.tag in {"a", "button"}), None)
                if link is not None and not passed and self._words < _TWO_SENTENCES:
                    return True
                # Further down it may belong to the next article, so that the text must plainly be cut.
                cut = self._breaks_off or (unfinished and not passed and link is not None)
                return cut or (link is not None and leads_on(self._url, link.get("href")))
            passed += len(letters)
            if passed > _BEHIND:
                break
        return False

    @property
    def _is_in_state(self) -> bool:
        """Whether what the page brings for its scripts has far more of the article."""
        heading = main_heading(self._tree)
        named = [heading.text_content() if heading is not None else "", self._data.linked("headline") or ""]
        words = words_about(body_in_state(self._tree, [*named, *self._data.metas("og:title")]))
        return words > _TEASER and self._words < _CUT * words

    def _has(self, group: str, start: int, stop: int) -> bool:
        """Whether a paywall's phrase stands between two places of the page, and is about this text."""
        within = self._shown.letters[start:stop]
        return any(
            self._is_about_this(place, place + len(phrase))
            for phrase in phrases("paywall", group)
            if phrase in within
            for place in self._shown.places(phrase, start, stop)
        )

    def _is_about_this(self, start: int, end: int) -> bool:
        """Whether an offer between two places is of this text, and not of comments or of another article."""
        marks = rules()["paywall"]
        first, last = self._shown.piece_around(start)
        around = self._shown.letters[max(first, start - _NEAR) : min(max(last, end), end + _NEAR)]
        if any(letters_of(word) in around for word in marks["other_offers"]):
            return False
        element = self._shown.element_at(start)
        following, holder = next(self._shown.pieces_after(last), ("", element))
        before_other = letters_of(following).startswith(tuple(map(letters_of, marks["before_others"])))
        return not (before_other and element.getparent() in {holder, holder.getparent()})


def _is_item(line: str) -> bool:
    return len(line) < _ITEM and not _STOP.search(line) and not _BROKEN_OFF.search(line)


def _is_more(line: str) -> bool:
    return bare_letters(line) in alone("more", "links")


def _ends_in_more(line: str) -> bool:
    return _is_more(line) or (line.casefold().rstrip(_ARROWS).endswith(_told()) and not _STOP.search(line))


@lru_cache(maxsize=1)
def _told() -> tuple[str, ...]:
    """The words of links that are known at the end of a line; single ones end many a sentence."""
    links = [link.casefold() for group in rules()["more"]["links"].values() for link in group]
    return tuple(link for link in links if " " in link or link > "\u3000")


def _is_offer(line: str) -> bool:
    letters = letters_of(line)
    return has_any(letters, "paywall", "kept") or has_any(letters, "paywall", "promo")


def _words_said(data: PageData, text: str) -> int:
    """How long the page says the article is, in words; 0 where it says nothing that makes sense."""
    body = data.linked("articleBody")
    match = _COUNT.match(str(data.words)) if isinstance(data.words, int | float | str) else None
    told = int(re.sub(r"\D", "", match[1])) if match else 0
    if _FEW_WORDS <= told <= _MANY_WORDS:
        characters = (len(text), len("".join(text.split())))
        if not any(abs(told - size) <= _ABOUT * size for size in characters):
            return told
    return words_about(body) if body else 0
