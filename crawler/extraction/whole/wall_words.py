"""The words and marks of walls, from walls.toml, as they are sought: without spaces and capitals."""

import re
import tomllib
from functools import lru_cache
from pathlib import Path
from typing import Any

from lxml.html import HtmlElement

from gossi.crawler.extraction.landmarks import beside_article
from gossi.crawler.extraction.whole.visible_text import is_hidden, letters_of

_NUMBER = r"\d{1,5}(?:[.,]\d+)?"

_BESIDE = 40
"""Letters around a percent sign in which a count of what is kept back stands."""

_COUNTED = ("%", "残り")
"""What countdowns have in all languages."""

_MOST_SIGNS = 200
"""Percent signs that are looked at: tables of figures have some dozens."""

_NO_LETTER = re.compile(r"[\W\d_]+")

_SENTENCE = re.compile(r"(?<=[.!?؟])\s+|(?<=[。！？])|\n")


@lru_cache(maxsize=16)
def phrases(wall: str, group: str = "phrases") -> tuple[str, ...]:
    """The phrases of a group in all languages, in letters: a page need not be in the language it declares."""
    return tuple(
        dict.fromkeys(letters_of(phrase) for words in rules()[wall][group].values() for phrase in words)
    )


@lru_cache(maxsize=4)
def alone(wall: str, group: str) -> frozenset[str]:
    """The phrases of a group as `bare_letters` gives a line that holds nothing else."""
    return frozenset(bare_letters(phrase) for phrase in phrases(wall, group))


def bare_letters(line: str) -> str:
    """A line without spaces, capitals, digits, arrows, dots and other signs."""
    return _NO_LETTER.sub("", line).casefold()


def has_any(letters: str, wall: str, group: str = "phrases") -> bool:
    """Whether letters have a phrase of a group."""
    return any(phrase in letters for phrase in phrases(wall, group))


def share_of(text: str, wall: str, words: str | None = None) -> float:
    """The share of a text in sentences with a phrase of a wall; where there are any, with its words too."""
    if not has_any(letters_of(text), wall):
        return 0.0
    sentences = [letters for part in _SENTENCE.split(text) if (letters := letters_of(part))]
    own = [has_any(sentence, wall) for sentence in sentences]
    if words is not None and any(own):  # a phrase may run over a sentence's end
        own = [so or has_any(sentence, wall, words) for so, sentence in zip(own, sentences, strict=True)]
    whole = sum(map(len, sentences))
    return (
        sum(len(sentence) for so, sentence in zip(own, sentences, strict=True) if so) / whole
        if whole
        else 0.0
    )


def may_count_down(tree: HtmlElement) -> bool:
    """Whether a page has anywhere what all countdowns have; far cheaper than to gather all that it shows."""
    return any(
        sign in text
        for element in tree.iter("*")
        if element.tag not in {"script", "style"}
        for text in (element.text, element.tail)
        if text
        for sign in _COUNTED
    )


def counts_down(letters: str) -> bool:
    """Whether a page says how much of the article is kept back."""
    # A string is found ten times as fast as a pattern: patterns are sought only beside what all of them have.
    for sign in _COUNTED:
        at = letters.find(sign)
        for _ in range(_MOST_SIGNS):
            if at < 0:
                break
            if _countdowns().search(letters, max(0, at - _BESIDE), at + _BESIDE):
                return True
            at = letters.find(sign, at + 1)
    return False


@lru_cache(maxsize=1)
def _countdowns() -> re.Pattern[str]:
    counts = phrases("paywall", "countdown")
    return re.compile("|".join(re.escape(phrase).replace(r"\#", _NUMBER) for phrase in counts))


def marked(tree: HtmlElement, wall: str) -> bool:
    """Whether a class or an id that names a wall is on what a reader sees of the article."""
    marks = _selectors(wall)
    for element in tree.iter("div", "section", "aside", "article", "p", "span", "form"):
        named = f"{element.get('class') or ''} {element.get('id') or ''}"
        found = len(named) > 1 and marks.search(named.casefold())
        if found and not is_hidden(element) and not beside_article(element):
            return True
    return False


@lru_cache(maxsize=2)
def _selectors(wall: str) -> re.Pattern[str]:
    return re.compile("|".join(re.escape(mark) for mark in rules()[wall]["selectors"]))


@lru_cache(maxsize=1)
def rules() -> dict[str, Any]:
    """All of walls.toml."""
    return tomllib.loads(Path(__file__).with_name("walls.toml").read_text(encoding="utf-8"))
