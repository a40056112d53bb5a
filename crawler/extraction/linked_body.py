"""The article's text as its page gives it to search engines, where that is more than the page shows.

Pages that load their text by scripts, or show its beginning only, have all of it in JSON-LD often. It was
captured with the page and is what the outlet published.
"""

import re
from collections.abc import Iterator
from html import unescape
from typing import Any

_MORE = 4 / 3
"""How many times as long it must be: by less, the text that was extracted counts as whole (see pieces)."""

_SAME = 0.5
"""Share of the text, in letters, in lines that the other has too; the rest may be an offer or a caption."""

_BEGIN = 40
"""Letters of a line's beginning that are enough to know it by."""

_COMPARED = 100
"""Lines that are compared, from the beginning."""

_LONGEST = 500_000
"""Characters that are read; the longest articles measured have 25,000."""

_BREAKS = re.compile(
    r"<(?:br|/?(?:p|div|li|ul|ol|h[1-6]|blockquote|figure|figcaption|tr|table))\b[^<>]*>", re.IGNORECASE
)
_UNREAD = re.compile(r"<(script|style)\b[^<>]*>[^<]*</\1>", re.IGNORECASE)
_TAGS = re.compile(r"</?[a-z][^<>]*>", re.IGNORECASE)

_GLUED = re.compile(r"(?<=[a-zß-ÿа-яё\d»”)][.!?…])(?=[A-ZÀ-ÞА-ЯЁ«“])")
"""Where paragraphs were joined without a space. In names and addresses a small letter follows the dot."""


def fuller(text: str, body: Any) -> str:
    """The longer of what was extracted and of `articleBody`, where both are the same article's.

    Args:
        text: what was extracted.
        body: the value in JSON-LD, as it stands there: text, a list of texts, with or without markup.
    """
    told = "\n".join(part for part in (body if isinstance(body, list) else [body]) if isinstance(part, str))
    # Markup only makes it longer.
    if not text or len(told) > _LONGEST or len(told) < _MORE * len(text):
        return text
    lines = _once(_lines(told), text.split("\n"))
    whole = _letters("".join(lines))
    own = [_letters(line) for line in text.split("\n")]
    compared = own[:_COMPARED]
    shared = sum(len(line) for line in compared if line[:_BEGIN] in whole)
    if len(whole) < _MORE * sum(map(len, own)) or shared < _SAME * sum(map(len, compared)):
        return text
    return "\n".join(lines)


def _once(lines: list[str], own: list[str]) -> list[str]:
    """The lines without those that come again, parted where the page's own paragraphs are.

    Some sites write all of a text as one line, some write it twice in it.
    """
    marks = [line for line in own if len(line) >= _BEGIN]
    found: dict[str, str] = {}
    for number, line in enumerate(lines):
        for part in _parted(line, marks):
            letters = _letters(part)
            found.setdefault(letters if len(letters) >= _BEGIN else f"{number} {letters}", part)
    return [part for part in found.values() if part]


def _parted(line: str, marks: list[str]) -> Iterator[str]:
    """A line in parts, each of the marks by itself, and without what comes again at its end."""
    begin = line[:_BEGIN]
    again = line.find(begin, _BEGIN)
    if again > 0 and line[again:].rstrip() == line[: len(line[again:].rstrip())]:
        line = line[:again]
    for mark in marks:
        if len(line) > len(mark):
            line = line.replace(mark, f"\n{mark}\n")
    yield from map(str.strip, line.split("\n"))


def plain(told: str) -> str:
    """A text that may have markup, as it reads, a paragraph a line."""
    return "\n".join(_lines(told))


def _lines(told: str) -> list[str]:
    for _ in range(2):  # some sites write entities twice
        told = unescape(told) if "&" in told else told
    if "<" in told:
        told = _TAGS.sub("", _BREAKS.sub("\n", _UNREAD.sub("", told)))
    lines = (" ".join(line.split()) for line in _GLUED.sub("\n", told).split("\n"))
    return [line for line in lines if line]


def _letters(text: str) -> str:
    return re.sub(r"\W+", "", text).casefold()
