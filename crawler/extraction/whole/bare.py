"""Tells a page with next to nothing on it from an article's, by its bytes and before anything is parsed.

A wall, an error page or the empty shell of a page that scripts fill need not name what the article behind
them is about. Such pages are bare; the page of an article has the site's navigation at least. Most pages
of a crawl are no study's business, so that this must cost next to nothing for them.
"""

import re
from collections.abc import Iterator

_LINKS = 80
"""Links that no bare page has: real article pages have 4 to 600, half of them over 130; consent walls that
name their partners, some dozens."""

_PARAGRAPHS = 30
"""Paragraphs that no bare page has; half of the real article pages have more than 20."""

_WORDS = 240
"""Visible words below which a page is bare: a consent wall has up to some 200, four lines of navigation
included; a short report and the furniture around it have more."""

_WORD_BYTES = 16
"""Bytes of text, spaces aside, that are counted as a word where there are no spaces: five Chinese characters.
No language of the study has longer words on average, in any charset."""

_MOST_BYTES = 3_000_000
_MOST_PARTS = 1000
"""What is longer, or in more parts with scripts between them, is not bare; real pages have up to 1.5 MB and
400 such parts. Without this a page of empty comments would take a second for 10 MB."""

_HIDDEN = re.compile(rb"<(?:script|style|template|!--)", re.IGNORECASE)
_ENDS = {name: re.compile(b"</" + name, re.IGNORECASE) for name in (b"script", b"style", b"template")} | {
    b"!--": re.compile(b"-->")
}

_TAG = re.compile(rb"<[^<>]*>")

_PIECE = 16_384
"""Bytes that are looked at before it is asked whether the words seen are enough: long pages end there."""


def is_bare(html: bytes) -> bool:
    """Whether a page shows so little that it may be a wall or an empty shell in an article's place.

    Linear in the page's length, whatever it holds; a hundredth of a parse for a page with links.
    """
    # Ends of elements: in the data that scripts hold they are mostly written otherwise ("<\\/a>").
    if len(html) > _MOST_BYTES or _has(html, b"</a>", _LINKS) or _has(html, b"</p>", _PARAGRAPHS):
        return False
    words = size = 0
    for part, piece in enumerate(_visible(html)):
        shown = _TAG.sub(b" ", piece).split()
        words += len(shown)
        size += sum(map(len, shown))
        if words >= _WORDS or size >= _WORDS * _WORD_BYTES or part > _MOST_PARTS:
            return False
    return True


def _has(html: bytes, mark: bytes, times: int) -> bool:
    # Counting all of them would take three times as long.
    at = -1
    for _ in range(times):
        at = html.find(mark, at + 1)
        if at < 0:
            return False
    return True


def _visible(html: bytes) -> Iterator[bytes]:
    """The page in pieces, without scripts, styles and comments; one that does not end hides the rest."""
    at = 0
    while hidden := _HIDDEN.search(html, at):
        yield from _pieces(html, at, hidden.start())
        end = _ENDS[hidden[0][1:].lower()].search(html, hidden.end())
        if end is None:
            return
        at = end.end()
    yield from _pieces(html, at, len(html))


def _pieces(html: bytes, start: int, stop: int) -> Iterator[bytes]:
    """A stretch of the page, parted before a tag where there is one, so that none is cut in two."""
    while stop - start > _PIECE:
        cut = html.rfind(b"<", start + 1, start + _PIECE)
        cut = start + _PIECE if cut < 0 else cut
        yield html[start:cut]
        start = cut
    yield html[start:stop]
