"""What a reader sees of a page, as one run of letters in which phrases and the article's text are found.

Spaces, capitals and the kinds of apostrophes are not told apart: pages break lines, use other spaces and set
words in elements of their own, where the text that was extracted has them whole.
"""

import re
from bisect import bisect_right
from collections.abc import Iterator, Sequence
from functools import cached_property
from itertools import accumulate

from lxml.etree import iterwalk
from lxml.html import HtmlElement

_UNSEEN = frozenset({"script", "style", "noscript", "template", "svg", "select", "nav", "footer", "head"})
"""Elements that show nothing, or what stands on every page of the site: navigation and footers ask everywhere
to subscribe. So do headers, apart from an article's own."""

_OTHERS = re.compile(
    r"(?:^|[\s_-])(?:comments?|commentaires?|comentarios|kommentare?|disqus|related|recommend\w*|most-?read"
    r"|most-?popular|trending|latest)(?:$|[\s_-])",
    re.IGNORECASE,
)
"""Class and id tokens of lists of other articles and of readers' letters. Fewer than `landmarks` knows:
offers to read on stand in what is called a promo, a widget or an aside."""

_SURE = 40
"""Letters of a line's beginning or end that are enough to know it by."""

_LAST_LINES = 10
"""Lines of a text that are sought, from its end: a text without any of them in the page is not from there."""

_TELLING = 20
"""Letters that a line must have to be sought: "Photo: AFP" stands in many places."""


def letters_of(text: str) -> str:
    """A text without spaces and capitals, as `Shown.letters` has it."""
    return "".join(text.split()).casefold().replace("’", "'").replace("‘", "'")


class Shown:
    """What a page shows, gathered where it is first asked for: of long articles it seldom is."""

    def __init__(self, tree: HtmlElement) -> None:
        self._tree = tree

    @cached_property
    def _gathered(self) -> tuple[list[str], list[HtmlElement]]:
        return _texts(self._tree)

    @property
    def pieces(self) -> list[str]:
        """The pieces of text, in the page's order."""
        return self._gathered[0]

    @property
    def _elements(self) -> list[HtmlElement]:
        return self._gathered[1]

    @cached_property
    def letters(self) -> str:
        """All pieces, as `letters_of` gives them."""
        return letters_of("\n".join(self.pieces))

    @cached_property
    def words(self) -> int:
        """The words of all pieces."""
        return sum(len(piece.split()) for piece in self.pieces)

    @cached_property
    def _ends(self) -> list[int]:
        return list(accumulate(len(letters_of(piece)) for piece in self.pieces))

    def end_of(self, lines: Sequence[str]) -> int | None:
        """Where these lines end in the page, in letters; None where none of them is found."""
        for line in lines[: -_LAST_LINES - 1 : -1]:
            end = letters_of(line)[-_SURE:]
            if len(end) >= _TELLING and (at := self.letters.rfind(end)) >= 0:
                return at + len(end)
        return None

    def start_of(self, line: str, before: int) -> int | None:
        """Where a line begins, in letters; the last place before `before`."""
        begin = letters_of(line)[:_SURE]
        at = self.letters.rfind(begin, 0, before) if begin else -1
        return at if at >= 0 else None

    def places(self, letters: str, start: int, stop: int) -> Iterator[int]:
        """Where letters stand between two places, in elements that a reader sees as part of the article."""
        at = self.letters.find(letters, start, stop)
        while at >= 0:
            element = self._elements[bisect_right(self._ends, at)]
            if not is_hidden(element) and not _is_of_others(element):
                yield at
            at = self.letters.find(letters, at + 1, stop)

    def piece_around(self, place: int) -> tuple[int, int]:
        """Where the piece of a place begins and ends, in letters."""
        number = bisect_right(self._ends, place)
        return (self._ends[number - 1] if number else 0), self._ends[number]

    def element_at(self, place: int) -> HtmlElement:
        """What holds the piece of a place."""
        return self._elements[bisect_right(self._ends, place)]

    def pieces_after(self, place: int) -> Iterator[tuple[str, HtmlElement]]:
        """The pieces behind a place, each with the element that holds it, without what is of others."""
        first = bisect_right(self._ends, place)
        for piece, element in zip(self.pieces[first:], self._elements[first:], strict=True):
            if not is_hidden(element) and not _is_of_others(element):
                yield piece, element


def is_hidden(element: HtmlElement) -> bool:
    """Whether an element is marked up as one that is not shown: what a site's templates hold in store."""
    for above in (element, *element.iterancestors()):
        if above.tag in {"body", "html"}:
            return False
        style = above.get("style")
        if above.get("hidden") is not None or (style and "display:none" in style.replace(" ", "").lower()):
            return True
    return False


def _is_of_others(element: HtmlElement) -> bool:
    for above in (element, *element.iterancestors()):
        if above.tag == "body":
            return False
        named = f"{above.get('class') or ''} {above.get('id') or ''}"
        if len(named) > 1 and _OTHERS.search(named):
            return True
    return False


def _texts(tree: HtmlElement) -> tuple[list[str], list[HtmlElement]]:
    """The texts that are shown, and the elements that they stand in."""
    texts: list[str] = []
    elements: list[HtmlElement] = []
    walk = iterwalk(tree, events=("start", "end"))
    articles = 0
    for event, element in walk:
        tag = element.tag
        if event == "end":
            text = element.tail
            articles -= tag == "article"
        elif tag in _UNSEEN or (tag == "header" and not articles):
            walk.skip_subtree()
            continue
        else:
            text = element.text
            articles += tag == "article"
        if not text or text.isspace():
            continue
        holder = element if event == "start" else element.getparent()
        if holder is not None:
            texts.append(text)
            elements.append(holder)
    return texts, elements
