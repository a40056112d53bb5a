"""Compares the texts of pages: whether one is another article's, and what of it counts as the article."""

import re
import tomllib
from functools import lru_cache
from pathlib import Path
from typing import Any

from rapidfuzz import fuzz

_SHORT = 120
"""Characters of the longest line that may be the page's own; a paragraph of an article is longer, or ends."""

_SENTENCE_END = (".", "!", "?", "…", "。", "؟", "।", '."', ".”", ".»", ". »")

_UNREAD = re.compile(r"^\(\d{1,3}\+?\)\s+")
"""A count of messages before a title: "(3) The grave"."""

_EMBEDDED = re.compile(r"^([—–-]\s?[^()]{1,80}\(@\w{1,15}\)).*$")
"""The last line of an embedded post: its author, then its date in a form that the network changes."""

_PASSED_OVER = "*"

_SHINGLE = 3
"""Words in a row that are compared, as NEWS-COPY did to find copies (arXiv 2210.04261)."""

_SHARE = 0.2
"""Of the shorter text's shingles, the part below which two texts are two articles' for certain.

Two articles of one outlet on the Gossi allegations share 0.19 at most, 36 of 37 such pairs 0.1 or less
(measured on 429 coded articles); a copy and its original share 0.3 on average (NEWS-COPY), a text and its
edited form far more.
"""

_ENOUGH = 50
"""Words from which a text tells by itself whose it is; of less, the headline does."""

_ALIKE = 55
"""The token_sort_ratio from which two headlines may be one that was edited; 95 % of the pairs of headlines of
these articles are below it."""

_WORD = re.compile(r"\w+")


def essence(headline: str, text: str) -> str:
    """What of a headline and text counts when looks at an article are compared.

    Short lines that only name another article or count readers are left out, and in other short lines the
    numbers that do so or tell how long ago something was. Sentences stay: a changed figure is an edit.
    """
    lines = (_bare(line) for line in text.split("\n"))
    return "\n".join([_UNREAD.sub("", headline), *(line for line in lines if line)])


def is_anothers(headline: str, text: str, other_headline: str, other_text: str) -> bool:
    """Whether a text is clearly of another article than the other text, and no twin or edited form of it.

    By the words that both have in a row, in proportion to the shorter text, as one may be cut short. Where
    one hardly has any text, the headlines must differ too.
    """
    one, other = _words(text), _words(other_text)
    first, second = _shingles(one), _shingles(other)
    if first and second and len(first & second) >= _SHARE * min(len(first), len(second)):
        return False
    if min(len(one), len(other)) >= _ENOUGH:
        return True
    if not (headline and other_headline):
        return False
    return fuzz.token_sort_ratio(" ".join(_words(headline)), " ".join(_words(other_headline))) < _ALIKE


def _words(text: str) -> list[str]:
    return _WORD.findall(text.casefold())


def _shingles(words: list[str]) -> set[tuple[str, ...]]:
    return set(zip(*(words[start:] for start in range(_SHINGLE)), strict=False))


def _bare(line: str) -> str:
    line = line.strip()
    if len(line) > _SHORT:
        return line
    rules = _rules()
    if rules["aside"].match(line):
        return ""
    if embedded := _EMBEDDED.match(line):
        return embedded[1]
    if line.endswith(_SENTENCE_END):
        return line
    for pattern in rules["numbers"]:
        line = pattern.sub(_PASSED_OVER, line)
    return line if _WORD.search(line) else ""


@lru_cache(maxsize=1)
def _rules() -> dict[str, Any]:
    lists = tomllib.loads(Path(__file__).with_name("likeness.toml").read_text(encoding="utf-8"))
    words = {
        name: "(?:" + "|".join(map(re.escape, sorted(listed, key=len, reverse=True))) + ")"
        for name, listed in lists.items()
    }
    number = r"\d+(?:[.,\s]\d+)*\s?[km]?"
    span = rf"{number}\s?{words['units']}\b"
    numbers = (
        rf"\b{number}\s?\b{words['counted']}\b",
        rf"\b{words['counted']}\s?[:：]\s?{number}\b",
        rf"\b{words['read']}\s{number}\s?{words['times']}\b",
        rf"\b{words['before']}\s{span}",
        rf"\b{span}\s{words['after']}\b",
    )
    return {
        "aside": re.compile(rf"{words['asides']}\s*(?:[:：]|$)", re.IGNORECASE),
        "numbers": [re.compile(pattern, re.IGNORECASE) for pattern in numbers],
    }
