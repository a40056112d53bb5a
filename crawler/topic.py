"""Decides which pages can be about the study's topic at all, before the costly extraction.

A term of sources.toml is a word, a phrase, or several of them that must all occur, joined by " + ":
`"Gossi"`, `"fosse commune + Gao"`. A trailing `*` allows any ending: `"mercenar* + Mali"`. Case is ignored.
A word ends where its script ends or a non-letter follows, so that "Gossi" is not found in "gossip"; before
a word in Arabic script the attached particles (و ب ل ال …) may stand.

`TopicGate.names_topic` looks at the raw bytes of a page, whatever stands around the article;
`TopicGate.names_topic_text` at an extracted headline and text, where a teaser in a sidebar no longer counts.
"""

import re
import unicodedata
from collections.abc import Iterable, Mapping
from functools import lru_cache
from html.entities import name2codepoint

from crawler.extraction.charset import declared_charset, decode

_LEGACY = ("cp1251", "koi8-r", "iso8859-5", "cp1256", "iso8859-6", "cp1252", "cp1250", "cp1254")
"""The single-byte charsets in which pages in the study's scripts were written before UTF-8."""

_SINGLE_BYTE = frozenset((*_LEGACY, "ascii", "utf-8"))

# Two patterns, not one with an alternative: each begins with a literal, for which `re` has a fast scan.
_ENTITY = re.compile(rb"&#(?:x([0-9a-f]{2,6})|([0-9]{3,7}));")
_JSON_ESCAPE = re.compile(rb"\\u(0[0-9a-f]{3})")

_NAMED = re.compile(rb"&([a-zA-Z]{3,8});")

_INFIX = 3
"""Bytes that needles must share to be sought together; with fewer, hits in ordinary text are too many."""

_ARABIC_PARTICLES = re.compile("[وف]?[بلك]?(?:ال|ل)?")
"""What Arabic writes together with the word that follows: and, in, to, like, the."""


class TopicGate:
    """Knows the topic's terms and says whether a page or a text names one.

    Args:
        terms: per language its terms, as in the `topic` table of sources.toml. The language is only a
            heading: every term is sought in every page.
    """

    def __init__(self, terms: Mapping[str, Iterable[str]]) -> None:
        self._terms = tuple(
            tuple(_Word(word) for word in term.split(" + ") if word.strip(" *"))
            for term in dict.fromkeys(term for group in terms.values() for term in group)
        )
        alone = {words[0] for words in self._terms if len(words) == 1}
        self._joined = tuple(words for words in self._terms if len(words) > 1)
        self._ascii = _Search((word for word in alone if word.ascii), ("ascii",))
        self._utf8 = _Search((word for word in alone if not word.ascii), ("utf-8",))
        self._legacy = _Search((word for word in alone if not word.ascii), _LEGACY)
        self._accents = any(word.has_latin_accent for words in self._terms for word in words)

    def names_topic(self, html: bytes, charset: str | None = None) -> bool:
        """Whether the page holds one of the terms anywhere, markup and scripts included.

        Args:
            html: the body as it was captured.
            charset: what the HTTP header says, if it does.
        """
        page, encodings = self._prepare(html, charset)
        if self._ascii.found(page):
            return True
        if "utf-8" in encodings and self._utf8.found(page):
            return True
        if len(encodings) > 2 and self._legacy.found(page):
            return True
        seen: dict[_Word, bool] = {}
        return any(
            all(_holds(word, page, encodings, seen) for word in words) for words in self._joined if words
        )

    def names_topic_text(self, headline: str, text: str) -> bool:
        """Whether an extracted article names one of the terms in its headline or text."""
        whole = fold(f"{headline}\n{text}")
        seen: dict[_Word, bool] = {}

        def occurs(word: _Word) -> bool:
            if word not in seen:
                seen[word] = word.occurs(whole)
            return seen[word]

        return any(words and all(occurs(word) for word in words) for words in self._terms)

    def _prepare(self, html: bytes, charset: str | None) -> tuple[bytes, tuple[str, ...]]:
        """The page in lower-case bytes without escapes, and the charsets its terms may be written in."""
        label = declared_charset(html, charset)
        if label is not None and label not in _SINGLE_BYTE:
            html = decode(html, charset).encode("utf-8", "ignore")
        page = html.lower()
        page = _JSON_ESCAPE.sub(_unescape_json, _ENTITY.sub(_unescape_entity, page))
        if self._accents and b"&" in page:
            page = _NAMED.sub(_unescape_named, page)
        if page.isascii():
            return page, ("ascii",)
        try:
            page.decode("utf-8")
        except UnicodeDecodeError:
            return page, ("ascii", "utf-8", *_LEGACY)
        return page, ("ascii", "utf-8")


def fold(text: str) -> str:
    """Text as terms are compared: composed, case-folded, without Arabic vowel signs and stretching."""
    folded = unicodedata.normalize("NFC", text).casefold()
    return re.sub("[\u0640\u064b-\u0652\u0670]", "", folded)


class _Word:
    """A word or phrase of a term, and the forms in which a page may hold it."""

    def __init__(self, written: str) -> None:
        written = written.strip()
        self.any_ending = written.endswith("*")
        self.text = fold(written.rstrip("*").strip())
        self.ascii = self.text.isascii()
        self.first_script, self.last_script = _script(self.text[0]), _script(self.text[-1])
        self.has_latin_accent = any(ord(letter) > 127 and _script(letter) == "LATIN" for letter in self.text)

    def __eq__(self, other: object) -> bool:
        return isinstance(other, _Word) and (self.text, self.any_ending) == (other.text, other.any_ending)

    def __hash__(self) -> int:
        return hash((self.text, self.any_ending))

    def forms(self, encoding: str) -> set[bytes]:
        """The bytes to seek in a page in lower-case ASCII: what `bytes.lower` leaves in capitals thrice."""
        cases = (self.text, self.text.upper(), self.text.title(), self.text.capitalize())
        found = set()
        for form in cases:
            try:
                found.add(form.encode(encoding).lower())
            except UnicodeEncodeError:
                continue
        return found

    def stands(self, before: str, after: str) -> bool:
        """Whether what stands around a hit leaves it a word of its own."""
        if after and not self.any_ending and after[0].isalpha() and _script(after[0]) == self.last_script:
            return False
        if not before or not before[-1].isalpha() or _script(before[-1]) != self.first_script:
            return True
        if self.first_script != "ARABIC":
            return False
        return _ARABIC_PARTICLES.fullmatch(re.split(r"[\W\d_]", before)[-1]) is not None

    def occurs(self, folded: str) -> bool:
        """Whether a text that went through `fold` holds the word."""
        at = folded.find(self.text)
        while at >= 0:
            end = at + len(self.text)
            if self.stands(folded[max(0, at - 8) : at], folded[end : end + 1]):
                return True
            at = folded.find(self.text, at + 1)
        return False

    def stands_in(self, page: bytes, start: int, end: int, encoding: str) -> bool:
        """`stands` for a hit in bytes."""
        before = page[max(0, start - 16) : start].decode(encoding, "ignore")
        after = page[end : end + 4].decode(encoding, "ignore")
        return self.stands(fold(before), fold(after))


class _Search:
    """Seeks many words at once in bytes.

    A search for a literal costs 65 µs in 160 KB, an alternation of literals ten times that. Spellings of
    a name share letters ("oss" in Gossi, Kossi, Jossi), so words are grouped by a shared infix, and one
    pattern that begins with the infix (for which `re` has a fast scan) serves the group.
    """

    def __init__(self, words: Iterable[_Word], encodings: Iterable[str]) -> None:
        owners: dict[bytes, list[tuple[_Word, str]]] = {}
        encodings = tuple(encodings)
        for word in words:
            for encoding in encodings:
                for needle in word.forms(encoding):
                    owners.setdefault(needle, []).append((word, encoding))
        self._groups = [
            (
                _group_pattern(infix, needles),
                [(needle, *owner) for needle in needles for owner in owners[needle]],
            )
            for infix, needles in _grouped(owners)
        ]

    def found(self, page: bytes) -> bool:
        """Whether one of the words stands in the page, which is in lower-case ASCII."""
        for pattern, owners in self._groups:
            for hit in pattern.finditer(page):
                for needle, word, encoding in owners:
                    # The pattern matched from the infix on: the needle lies around it.
                    start = page.find(needle, max(0, hit.start() - len(needle)), hit.end() + len(needle))
                    if start >= 0 and word.stands_in(page, start, start + len(needle), encoding):
                        return True
        return False


def _grouped(needles: Iterable[bytes]) -> Iterable[tuple[bytes, list[bytes]]]:
    """Cover the needles with as few shared infixes as a greedy choice gives."""
    left = set(needles)
    while left:
        holders: dict[bytes, set[bytes]] = {}
        for needle in left:
            # Beyond ASCII a letter takes two bytes in UTF-8, of which the first says little.
            size = _INFIX if needle.isascii() else min(len(needle), 2 * _INFIX)
            for at in range(max(1, len(needle) - size + 1)):
                holders.setdefault(needle[at : at + size], set()).add(needle)
        infix = max(holders, key=lambda key: (len(holders[key]), key))
        yield infix, sorted(holders[infix])
        left -= holders[infix]


def _group_pattern(infix: bytes, needles: Iterable[bytes]) -> re.Pattern[bytes]:
    branches = []
    for needle in needles:
        head, tail = needle.split(infix, 1)
        behind = b"(?<=" + re.escape(head + infix) + b")" if head else b""
        branches.append(behind + re.escape(tail))
    return re.compile(re.escape(infix) + b"(?:" + b"|".join(branches) + b")")


def _holds(word: _Word, page: bytes, encodings: Iterable[str], seen: dict[_Word, bool]) -> bool:
    """Whether a page holds a word in one of the charsets; remembers the answer for the next term."""
    if word not in seen:
        seen[word] = any(
            _stands_somewhere(word, needle, page, encoding)
            for encoding in (("ascii",) if word.ascii else encodings)
            for needle in word.forms(encoding)
        )
    return seen[word]


def _stands_somewhere(word: _Word, needle: bytes, page: bytes, encoding: str) -> bool:
    at = page.find(needle)
    while at >= 0:
        if word.stands_in(page, at, at + len(needle), encoding):
            return True
        at = page.find(needle, at + 1)
    return False


@lru_cache(maxsize=4096)
def _script(letter: str) -> str:
    """LATIN, CYRILLIC, ARABIC, …: the first word of the letter's Unicode name."""
    return unicodedata.name(letter, "").partition(" ")[0]


def _unescape_entity(escape: re.Match[bytes]) -> bytes:
    hexadecimal, decimal = escape.groups()
    code = int(hexadecimal, 16) if hexadecimal else int(decimal)
    return _utf8(code) if code > 127 else escape.group()


def _unescape_json(escape: re.Match[bytes]) -> bytes:
    code = int(escape.group(1), 16)
    return _utf8(code) if code > 127 else escape.group()


def _unescape_named(escape: re.Match[bytes]) -> bytes:
    code = name2codepoint.get(escape.group(1).decode("ascii"), 0)
    return _utf8(code) if code > 127 else escape.group()


def _utf8(code: int) -> bytes:
    try:
        return chr(code).encode("utf-8")
    except (ValueError, OverflowError, UnicodeEncodeError):
        return b""
