"""Seeks the words of a topic in the raw bytes of a page: all at once, unparsed, and hardly ever decoded.

What is found in the bytes can only decide that a page does not name the topic; all else is decoded. Each way
in which a word may be written is a needle here, or is undone before the page is searched once more:

- letters in either case, composed or not, and others that fold to them (ß, İ, ſ), are needles;
- Arabic vowel signs and marks that nobody sees (soft hyphens) are taken out;
- character references and JSON escapes of such letters are replaced by them;
- what is no UTF-8 is searched for the words in all charsets, and decoded where it has any of these as well;
- NUL and the shift sequences of some charsets make a page one to be decoded.
"""

import re
from collections.abc import Iterable, Iterator, Sequence
from functools import cache
from html.entities import html5
from itertools import product
from typing import NamedTuple
from unicodedata import normalize

from ahocorasick_rs import BytesAhoCorasick, Implementation, MatchKind

from gossi.crawler.page.gate_words import (
    ARABIC_ORNAMENTS,
    BREAKS,
    MANY_HITS,
    NO_END,
    Word,
    fold,
    goes_on,
    script_of,
)

LEGACY = (
    *("cp1251", "koi8-r", "koi8-u", "iso8859-5", "cp866", "mac-cyrillic", "cp1256", "iso8859-6"),
    *("cp1252", "cp1250", "iso8859-2", "cp1254", "cp1257", "cp1253", "iso8859-7", "cp874"),
    *("gb18030", "big5hkscs", "cp932", "euc_jp", "cp949"),
)
"""The charsets of pages before UTF-8. Labels are often wrong: words are sought in all of them."""

_STEP = 1 << 18
"""Bytes that are searched at once: the hits of a page full of them would take a hundred times its size."""

_VARYING = 4
"""Letters of a needle that may be written in several ways, all of which are sought. What follows the fourth
is left out of it: each further letter would double the needles, and hardly change what they are found in."""

_SHIFTS = (b"\0", b"\x1b", b"~{")
"""What has another meaning than ASCII for bytes of ASCII: UTF-16, ISO-2022, HZ."""

_BOM = "\ufeff".encode()

_PARTING = re.compile(rb"(?:\\(?:u[0-9a-f]{4}|[nrtbf])|&#?[0-9a-z]+)\Z")
"""What ends with a letter and may stand for none: "\\nGossi" in JSON, "&nbspGossi" in a careless page."""

_LONGEST_NAME = 34
"""Bytes of the longest name that a character has in HTML."""
_UNSEEN = ARABIC_ORNAMENTS + BREAKS

_MOST_HIDDEN = 100_000
"""References and marks of a page that are undone, 20 MB of memory; a page with more of them is decoded."""

_SOUGHT = {"ss": ("ß", "ẞ"), "i": ("İ",)}
"""Letters that fold to several, and are common; rarer ones (ﬁ) make a page one to be decoded."""

_FOLDING = (*range(0xA0, 0x2500), *range(0xFB00, 0xFB18))
"""Where Unicode has letters that fold to others."""


class Needles:
    """The words of terms, as they may stand in the bytes of a page.

    Args:
        terms: each a tuple of words that must all occur.
    """

    def __init__(self, terms: Iterable[tuple[Word, ...]]) -> None:
        terms = list(terms)
        bits = {
            word: 1 << at for at, word in enumerate(dict.fromkeys(word for term in terms for word in term))
        }
        wanted = [sum(bits[word] for word in set(term)) for term in terms]
        hidden = _hidden(frozenset("".join(word.text for word in bits)))
        # Before these no letter may stand.
        begun = sum(bit for word, bit in bits.items() if word.text.isascii())
        # Beside these none may, and their needles are as long as they.
        whole = sum(
            bit
            for word, bit in bits.items()
            if not word.any_ending and sum(len(_ways(letter)) > 1 for letter in word.text) < _VARYING
        )
        self._utf8 = _Search(wanted, _needles(bits, ["utf-8"]), begun, whole, hidden, utf8=True)
        # Single bytes are taken out before the search; here they would be found in every page.
        written = {mark.encode(charset, "ignore") for mark in _UNSEEN for charset in LEGACY}
        marks = [_Hidden(mark, b"", b"") for mark in written if len(mark) > 1]
        self._legacy = _Search(wanted, _needles(bits, LEGACY), begun, whole, hidden + marks, utf8=False)

    def may_stand_in(self, page: bytes) -> bool:
        """Whether a page may name one of the terms, whatever its charset; False is certain."""
        lowered = page.lower().removeprefix(_BOM)
        if is_utf8(page):
            return self._utf8.holds(lowered)
        return any(self._legacy.may_hold(lowered.translate(None, marks)) for marks in _legacy_marks())

    def terms_in_text(self, folded: str) -> list[int]:
        """The numbers of the terms whose words may all be in a text that went through `fold`."""
        return self._utf8.complete(folded.encode("utf-8", "replace"))


class _Hidden(NamedTuple):
    """What stands for a letter, the letter in UTF-8, and the bytes that would make it stand for another."""

    written: bytes
    shown: bytes
    going_on: bytes


class _Search:
    """One search for many needles at once, by the automaton of Aho and Corasick."""

    def __init__(  # noqa: PLR0913 - what is sought, and how it is judged
        self,
        wanted: list[int],
        needles: dict[bytes, int],
        begun: int,
        whole: int,
        hidden: list[_Hidden],
        *,
        utf8: bool,
    ) -> None:
        self._wanted = wanted
        self._bits = list(needles.values())
        self._begun = [needle.isascii() and bits & begun == bits for needle, bits in needles.items()]
        self._script = [
            _last_script(needle) if bits & whole == bits and (utf8 or needle.isascii()) else ""
            for needle, bits in needles.items()
        ]
        self._letter_at = _letter_at if utf8 else _ascii_at
        self._hidden = hidden
        patterns = [*needles, *(each.written for each in hidden), *_SHIFTS]
        self._longest = max(map(len, patterns), default=1)
        self._automaton = BytesAhoCorasick(patterns, MatchKind.Standard, Implementation.DFA)

    def holds(self, page: bytes) -> bool:
        """Whether all words of a term may be in a page of UTF-8."""
        found, hidden = self._look(page)
        if found or not hidden:
            return found
        shown, at = [], 0
        # Of several that begin at a place the longest is meant.
        for start, (end, letter) in sorted(hidden.items()):
            if start >= at:
                shown += [page[at:start], letter]
                at = end + page.startswith(b";", end)
        return self._look(b"".join([*shown, page[at:]]))[0]

    def complete(self, page: bytes) -> list[int]:
        """The numbers of the terms whose words may all be in a page of UTF-8 in which nothing is hidden."""
        words = 0
        for start in range(0, len(page), _STEP):
            part = page[start : start + _STEP + self._longest]
            for pattern, _, _ in self._automaton.find_matches_as_indexes(part, overlapping=True):
                words |= self._bits[pattern] if pattern < len(self._bits) else 0
        return [number for number, term in enumerate(self._wanted) if words & term == term]

    def may_hold(self, page: bytes) -> bool:
        """The same of a page in another charset: where something is hidden in it, it may."""
        found, hidden = self._look(page)
        return found or bool(hidden)

    def _is_part(self, pattern: int, page: bytes, start: int, end: int) -> bool:
        """Whether a hit is a part of a longer word for certain, by the ASCII letters beside it."""
        if (script := self._script[pattern]) and goes_on(script, self._letter_at(page, end)):
            return True
        before = self._begun[pattern] and page[start - 1 : start].isalpha()
        return before and not _PARTING.search(page, max(0, start - _LONGEST_NAME), start)

    def _look(self, page: bytes) -> tuple[bool, dict[int, tuple[int, bytes]]]:
        """Whether the words are there; and what is hidden, by the byte where it begins, with its end."""
        words, near, hidden, needles = 0, 0, dict[int, tuple[int, bytes]](), len(self._bits)
        for start in range(0, len(page), _STEP):
            part, before = page[start : start + _STEP + self._longest], words
            for pattern, first, end in self._automaton.find_matches_as_indexes(part, overlapping=True):
                if pattern < needles:
                    new = self._bits[pattern] & ~words
                    if new and near < MANY_HITS and self._is_part(pattern, page, start + first, start + end):
                        near += 1
                    else:
                        words |= new
                    continue
                if pattern - needles >= len(self._hidden):
                    return True, hidden
                _, letter, going_on = self._hidden[pattern - needles]
                behind = page[start + end : start + end + 1]
                if (not behind or behind not in going_on) and end > hidden.get(start + first, (0,))[
                    0
                ] - start:
                    hidden[start + first] = start + end, letter
            if words != before and any(words & term == term for term in self._wanted):
                return True, hidden
            if len(hidden) > _MOST_HIDDEN:
                return True, hidden
        return False, hidden


def _last_script(needle: bytes) -> str:
    """The script in which a needle ends; "" where any letter may follow, or it is no UTF-8."""
    try:
        script = script_of(needle.decode()[-1])
    except UnicodeDecodeError:
        return ""
    return "" if script in NO_END else script


def _ascii_at(page: bytes, at: int) -> str:
    """The character of ASCII that stands there, in whatever charset; "" where none does."""
    letter = page[at : at + 1]
    return letter.decode() if letter.isascii() else ""


def _letter_at(page: bytes, at: int) -> str:
    """The character of UTF-8 that begins there; "" where none does."""
    if page[at : at + 1].isascii():
        return page[at : at + 1].decode()
    for size in (2, 3, 4):
        try:
            return page[at : at + size].decode()
        except UnicodeDecodeError:
            continue
    return ""


def is_utf8(page: bytes) -> bool:
    """Whether a page is UTF-8 to its last byte."""
    if page.isascii():
        return True
    try:
        page.decode("utf-8")
    except UnicodeDecodeError:
        return False
    return True


def _needles(bits: dict[Word, int], charsets: Sequence[str]) -> dict[bytes, int]:
    """What is to be found for each word in these charsets, with the bits of the words; in lower case."""
    needles: dict[bytes, int] = {}
    for word, bit in bits.items():
        for written in _writings(word.text):
            for charset in charsets:
                try:
                    needle = written.encode(charset).lower()
                except UnicodeEncodeError:
                    continue
                needles[needle] = needles.get(needle, 0) | bit
    return needles


def _writings(word: str) -> Iterator[str]:
    """The ways to write a word, each as far as its fourth letter that varies."""
    spelled = {word} | {word.replace("ss", other) for other in _SOUGHT["ss"]}
    for spelling in spelled:
        ways: list[tuple[str, ...]] = []
        varying = 0
        for letter in spelling:
            ways.append(_ways(letter))
            varying += len(ways[-1]) > 1
            if varying == _VARYING:
                break
        yield from map("".join, product(*ways))


@cache
def _ways(letter: str) -> tuple[str, ...]:
    """The ways to write a letter, where a page's ASCII is in lower case already."""
    same = {letter, letter.upper(), letter.title(), *_folding_to().get(letter, ()), *_SOUGHT.get(letter, ())}
    same |= {normalize("NFD", each) for each in same}
    return tuple(sorted({each for each in same if each == letter or not each.isascii()}))


@cache
def _folding_to() -> dict[str, list[str]]:
    """Beyond ASCII, the letters that fold to a letter, or to several: by what they fold to."""
    found: dict[str, list[str]] = {}
    for letter in map(chr, _FOLDING):
        if (folded := fold(letter)) != letter and folded:
            found.setdefault(folded, []).append(letter)
    return found


def _hidden(letters: frozenset[str]) -> list[_Hidden]:
    """What stands for a letter of the needles, or for marks that may be in between; in lower case."""
    written = {*letters, *"ßẞ"}.union(*(way for letter in letters for way in _ways(letter)))
    written |= {letter.upper() for letter in letters if len(letter.upper()) == 1}
    names: dict[str, list[str]] = {}
    for name, meant in html5.items():
        names.setdefault(meant, []).append(name.rstrip(";").lower())
    found = []
    for letter in {each for way in written for each in way} | set(_UNSEEN):
        shown = fold(letter).encode()
        for zeros in ("", "0", "00", "000", "0000"):
            found.append(_Hidden(f"&#{zeros}{ord(letter)}".encode(), shown, b"0123456789"))
            found.append(_Hidden(f"&#x{zeros}{ord(letter):x}".encode(), shown, b"0123456789abcdef"))
        found.append(_Hidden(f"\\u{ord(letter):04x}".encode(), shown, b""))
        found += [_Hidden(f"&{name}".encode(), shown, b"") for name in dict.fromkeys(names.get(letter, ()))]
    found += [_Hidden(mark.encode(), b"", b"") for mark in _UNSEEN]
    rare = [each for folded, several in _folding_to().items() if len(folded) > 1 for each in several]
    return found + [_Hidden(each.encode(), fold(each).encode(), b"") for each in rare if each not in "ßẞİ"]


@cache
def _legacy_marks() -> tuple[bytes, ...]:
    """The bytes to be taken out of pages that are no UTF-8: none, or the marks of a charset."""
    encoded = ["".join(_UNSEEN).encode(charset, "ignore") for charset in ("cp1256", "iso8859-6", "cp1252")]
    return (b"", *encoded)
