"""Compares the texts of pages: whether one is another article's, and what of it counts as the article."""

import re
import tomllib
from functools import lru_cache
from pathlib import Path
from typing import Any

from rapidfuzz import fuzz

from gossi.crawler.extraction.dates.written import date_words, parse_written_date

_SHORT = 120
"""Characters of the longest line that may be the page's own; a paragraph of an article is longer, or ends."""

_SENTENCE_END = (".", "!", "?", "…", "。", "؟", "।", '."', ".”", ".»", ". »")

_UNREAD = re.compile(r"^\(\d{1,3}\+?\)\s+")
"""A count of messages before a title: "(3) The grave"."""

_EMBEDDED = re.compile(r"^([—–-]\s?[^()]{1,80}\(@\w{1,15}\)).*$")
"""The last line of an embedded post: its author, then its date in a form that the network changes."""

_PASSED_OVER = "*"

_LETTERS = re.compile(r"[^\W\d_]+")
_YEAR = re.compile(r"(?:19|20)\d\d")
_GOES_ON = re.compile(r":\s*[^\W\d]")

_ONE_DAY = re.compile(r"\D*(?:\d{1,2}(?:[./-]\d{1,2})?)?\D*")
_ZONES = frozenset({"CEST", "EEST", "WEST", "AEST", "AEDT"})
_PARTED = ("|", "•", "·", "–", "—", "-", "(", ",", ";", "/")

_LEAD, _NAMED, _LITTLE = 2, 3, 3
"""Words that may stand before "updated" ("Last", "Dernière mise"); longer ones between it and a year, as of a
month and a weekday; letters of the shorter ones ("le", "um", "UTC")."""

_OUT_OF = re.compile(r"\d\s?/\s?(?:5|10)\b")
"""How a rating gives its stars."""

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

    Short lines that only name another article, count readers, rate the article or date its last change are
    left out, and in other short lines the numbers that do so or tell how long ago something was. Sentences
    stay: a changed figure is an edit.
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
    if rules["aside"].match(line) or _is_rating(line):
        return ""
    line = _without_update(line)
    if embedded := _EMBEDDED.match(line):
        return embedded[1]
    if line.endswith(_SENTENCE_END):
        return line
    for pattern in rules["numbers"]:
        line = pattern.sub(_PASSED_OVER, line)
    return line if _WORD.search(line) else ""


def _without_update(line: str) -> str:
    """The line without the date of a change at its end: "Published 22 April 2022 | Updated 23 April 2022"."""
    if not _YEAR.search(line):
        return line
    for word in date_words().finditer(line):
        if word.lastgroup == "updated" and _only_dates(line[word.end() :]):
            before = line[: word.start()].rstrip()
            # "Last", "Dernière": nothing but what leads to the word.
            if len(before.split()) <= _LEAD and not any(map(str.isdigit, before)):
                return ""
            if before.endswith(_PARTED) or date_words().search(before):
                return before.rstrip("".join(_PARTED) + " ")
    return line


def _only_dates(told: str) -> bool:
    """Whether what follows a word like "updated" is a date and no report of what changed."""
    year = _YEAR.search(told)
    if year is None or parse_written_date(told, "time") is None:
        return False
    # The word that was found may go on: "updat" of "updated".
    before, behind = re.sub(r"^[^\W\d_]+", "", told[: year.start()]), told[year.end() :]
    long = [word for word in _LETTERS.findall(before) if len(word) > _LITTLE]
    return (
        _ONE_DAY.fullmatch(before) is not None
        and len(long) <= _NAMED
        and not _GOES_ON.search(behind)
        and all(len(word) <= _LITTLE or word in _ZONES for word in _LETTERS.findall(behind))
    )


def _is_rating(line: str) -> bool:
    """Whether a line holds nothing but what readers made of the article: "4.5/5 - (12 votes)"."""
    if not _OUT_OF.search(line):
        return False
    rated = _rules()["rated"]
    return all(len(word) <= _LITTLE or rated.fullmatch(word) for word in _LETTERS.findall(line))


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
        "rated": re.compile(words["rated"], re.IGNORECASE),
        "numbers": [re.compile(pattern, re.IGNORECASE) for pattern in numbers],
    }
