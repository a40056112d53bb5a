"""Seeks words in the raw bytes of a page, in under a millisecond: no parsing, hardly any decoding."""

import re
from collections.abc import Iterable
from html.entities import name2codepoint

from crawler.extraction.charset import declared_charset, decode
from crawler.topic_words import ARABIC_ORNAMENTS, BREAKS, Word, fold

_LEGACY = ("cp1251", "koi8-r", "iso8859-5", "cp1256", "iso8859-6", "cp1252", "cp1250", "cp1254")
"""The single-byte charsets in which pages in the study's scripts were written before UTF-8."""

ENCODINGS = ("ascii", "utf-8", *_LEGACY)
"""The charsets in which words are sought."""

# Two patterns, not one with an alternative: each begins with a literal, for which `re` has a fast scan.
_ENTITY = re.compile(rb"&#(?:x([0-9a-f]{2,6})|([0-9]{3,7}));")
# Each match costs a call: what stands for ASCII (\u003c, &amp;, &nbsp;) and fills many pages is left out.
_JSON_ESCAPE = re.compile(rb"\\u(0(?:[1-9a-f][0-9a-f]|0[89a-f])[0-9a-f])")

_NAMED = re.compile(rb"&([a-z](?:acute|grave|circ|uml|tilde|cedil|ring|slash|caron)|szlig|[ao]elig);")

_UTF8_BREAKS = tuple(mark.encode() for mark in BREAKS)

_MANY_HITS = 2000
"""Hits that are no word of their own, after which a page counts as naming it. Real pages have a handful
("gossip"); a page made of them would keep the crawl busy for seconds."""

_ASCII = bytes(range(128))

_ESCAPE_BEFORE = re.compile(rb"\\(?:u[0-9a-f]{4}|[nrtbf])$")
"""An escape of JSON for what is no letter, which ends with one: in "\\nGossi" Gossi is a word of its own."""

_UTF8_ORNAMENTS = re.compile(b"|".join(ornament.encode() for ornament in ARABIC_ORNAMENTS))
_UTF8_ARABIC = ARABIC_ORNAMENTS.encode()[0]
"""The first byte of all of them."""

_ORNAMENTS = {
    encoding: "".join(ARABIC_ORNAMENTS).encode(encoding, "ignore") for encoding in ("cp1256", "iso8859-6")
}

_INFIX = 3
"""Bytes that needles must share to be sought together; with fewer, hits in ordinary text are too many."""


class RawPage:
    """A page made ready for searching: ASCII in lower case, escapes undone.

    Args:
        html: the body as it was captured.
        charset: what the HTTP header says, if it does.
        unescape_names: whether named entities (&eacute;) matter to the words that will be sought.
    """

    def __init__(self, html: bytes, charset: str | None, *, unescape_names: bool) -> None:
        label = declared_charset(html, charset)
        if label is not None and label not in ENCODINGS:
            html = decode(html, charset).encode("utf-8", "ignore")
        page = _JSON_ESCAPE.sub(_unescape_json, _ENTITY.sub(_unescape_entity, html.lower()))
        if unescape_names and b"&" in page:
            page = _NAMED.sub(_unescape_named, page)
        if b"&shy;" in page:
            page = page.replace(b"&shy;", b"")
        if b"\0" in page:
            page = page.replace(b"\0", b"")
        self._bytes = page
        self._plain: dict[str, bytes] = {}
        self._beyond_ascii = set(page.translate(None, _ASCII))
        for mark in _UTF8_BREAKS:
            if self.may_hold(mark):
                self._bytes = self._bytes.replace(mark, b"")
        self.encodings = self._encodings()

    def bytes_in(self, encoding: str) -> bytes:
        """The page as it is searched in a charset: without the ornaments that Arabic words may have in it."""
        if encoding not in self._plain:
            plain = self._bytes
            if encoding in _ORNAMENTS:
                plain = plain.translate(None, _ORNAMENTS[encoding])
            elif encoding == "utf-8" and _UTF8_ARABIC in self._beyond_ascii:
                plain = _UTF8_ORNAMENTS.sub(b"", plain)
            self._plain[encoding] = plain
        return self._plain[encoding]

    def may_hold(self, needle: bytes) -> bool:
        """Whether the page has all bytes of the needle that are beyond ASCII: most pages have few."""
        return self._beyond_ascii.issuperset(needle.translate(None, _ASCII))

    def holds(self, word: Word) -> bool:
        """Whether the page has the word, in any of its charsets."""
        return any(
            self._holds_form(word, needle, encoding)
            for encoding in self.encodings
            for needle in word.forms(encoding)
            if self.may_hold(needle)
        )

    def is_word(self, word: Word, start: int, end: int, encoding: str) -> bool:
        """Whether a hit is a word of its own, by what stands around it."""
        page = self.bytes_in(encoding)
        # A word in plain letters may have any letter or sign beside it: what is no UTF-8 counts as no letter.
        charset = "utf-8" if encoding == "ascii" else encoding
        before = _ESCAPE_BEFORE.sub(b" ", page[max(0, start - 16) : start]).decode(charset, "replace")
        after = page[end : end + 4].decode(charset, "replace")
        return word.stands(fold(before), fold(after))

    def _holds_form(self, word: Word, needle: bytes, encoding: str) -> bool:
        page = self.bytes_in(encoding)
        at = page.find(needle)
        for _ in range(_MANY_HITS):
            if at < 0:
                return False
            if self.is_word(word, at, at + len(needle), encoding):
                return True
            at = page.find(needle, at + 1)
        return True

    def _encodings(self) -> tuple[str, ...]:
        """Where to seek. Labels of pages that are no UTF-8 are often wrong; such pages are few."""
        if not self._beyond_ascii:
            return ("ascii",)
        try:
            self._bytes.decode("utf-8")
        except UnicodeDecodeError:
            return ENCODINGS
        return ("ascii", "utf-8")


class Search:
    """Seeks many words at once, in one charset.

    A search for a literal costs 65 µs in 160 KB, an alternation of literals ten times that. Spellings of
    a name share letters ("oss" in Gossi, Kossi, Jossi), so words are grouped by a shared infix, and one
    pattern that begins with the infix (for which `re` has a fast scan) serves the group.
    """

    def __init__(self, words: Iterable[Word], encoding: str) -> None:
        self._encoding = encoding
        owners: dict[bytes, list[Word]] = {}
        for word in words:
            for needle in word.forms(encoding):
                owners.setdefault(needle, []).append(word)
        self._groups = [
            (
                _group_pattern(infix, needles),
                [(needle, word) for needle in needles for word in owners[needle]],
            )
            for infix, needles in _grouped(owners)
        ]

    def found(self, page: RawPage) -> bool:
        """Whether one of the words stands in the page."""
        content = page.bytes_in(self._encoding)
        for pattern, owners in self._groups:
            if not any(page.may_hold(needle) for needle, _ in owners):
                continue
            for count, hit in enumerate(pattern.finditer(content)):
                if count == _MANY_HITS:
                    return True
                for needle, word in owners:
                    # The pattern matched from the infix on: the needle lies around it.
                    first, last = max(0, hit.start() - len(needle)), hit.end() + len(needle)
                    start = content.find(needle, first, last)
                    if start >= 0 and page.is_word(word, start, start + len(needle), self._encoding):
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


def _unescape_entity(escape: re.Match[bytes]) -> bytes:
    hexadecimal, decimal = escape.groups()
    code = int(hexadecimal, 16) if hexadecimal else int(decimal)
    return _utf8(code) if code > 127 else escape.group()


def _unescape_json(escape: re.Match[bytes]) -> bytes:
    return _utf8(int(escape.group(1), 16))


def _unescape_named(escape: re.Match[bytes]) -> bytes:
    code = name2codepoint.get(escape.group(1).decode("ascii"))
    return escape.group() if code is None else _utf8(code)


def _utf8(code: int) -> bytes:
    try:
        return chr(code).encode("utf-8")
    except (ValueError, OverflowError, UnicodeEncodeError):
        return b""
