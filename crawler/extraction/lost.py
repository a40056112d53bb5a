"""Puts back what trafilatura lost of an article: paragraphs that are none, sub-headings, the standfirst."""

import re
from bisect import bisect_right
from collections import Counter
from collections.abc import Iterable, Iterator
from itertools import accumulate, dropwhile, takewhile
from typing import NamedTuple

from lxml.etree import XPath
from lxml.html import HtmlElement

from gossi.crawler.extraction.landmarks import beside_article, is_named_aside, main_heading
from gossi.crawler.extraction.whole.parts import ENDED

_PARAGRAPH = 60
"""Characters from which on a paragraph that was lost is put back; shorter ones are mostly captions."""

_DENSE = 3
"""How many letters a character of Chinese, Japanese or Korean counts for."""

_SURE = 40
"""Letters of a paragraph's beginning or end that are enough to know it by."""

_STANDFIRST = 60
"""Letters in which a description and a standfirst must agree; descriptions are cut anywhere after that."""

_MAX_STANDFIRST = 1000

_MOST_ABOVE = 2
"""Paragraphs between heading and text that may be a standfirst."""

_LINKED = 0.2
"""Share of a box in links from which on it is a teaser: a title with the beginning of another article."""

_RIGHTS = re.compile(r"©|copyright|all rights reserved|\d:\d\d", re.IGNORECASE)
"""What stands in notes and bylines that end as a sentence does ("at 11:08 a.m.")."""

_DEEPEST = 6
"""Boxes within one another that are looked into."""

_HIDDEN = XPath("boolean(.//script or .//style or .//noscript)")
_SHOWN = XPath(".//text()[not(parent::script or parent::style or parent::noscript)]")

_HEADINGS = frozenset({"h2", "h3", "h4", "summary"})
_BOXES = frozenset(
    {"div", "center", "section", "article", "blockquote", "figure", "details", "p", "main", "q", "aside"}
)
"""What text may stand in; of an aside and of a figure only what is quoted in it."""

_NO_TEXT = frozenset(
    {
        "script",
        "style",
        "noscript",
        "iframe",
        "form",
        "button",
        "nav",
        "footer",
        "figcaption",
        "table",
        "ul",
        "ol",
    }
    | {"h1", "h2", "h3", "h4", "h5", "h6", "svg", "video", "audio", "object", "summary", "header", "template"}
    | {"ins", "label", "dialog", "menu", "textarea", "picture", "img", "input", "hr", "dl", "select", "wbr"}
)

_NO_STANDFIRST = _NO_TEXT - {"header", "h2", "h3"}

_QUOTED = re.compile(r"quote|zitat|cita|cytat|alinti|اقتباس", re.IGNORECASE)

_WIDGET = re.compile(
    r"(?:^|[\s_-])(?:ads?|advert\w*|anzeige|werbung|publicit[eé]|publicidad|reklam\w*|sponsor\w*|promo\w*|banner\w*"
    r"|newsletter\w*|subscri\w*|sign-?up|abo|share|sharing|social|follow\w*|caption|credits?|legend\w*|author\w*"
    r"|byline|bio|tags?|meta|embed|poll|quiz|player|cookie\w*|copyright|disclaimer|rating|donat\w*|messenger|facebook|twitter\w*|whatsapp|telegram)(?:$|[\s_-])",
    re.IGNORECASE,
)
"""Class and id tokens of boxes in a text that hold none of it."""


class _Home(NamedTuple):
    """What tells the container of a paragraph: tag and class, the article element and the h1 it is under.

    `number` tells containers without a class apart.
    """

    tag: str = ""
    css_class: str = ""
    article: int = -1
    heading: int = 0
    number: int = -1


class _Lines:
    """The lines of a text, in which a paragraph of the page is looked for."""

    def __init__(self, lines: list[str]) -> None:
        keys = [key_of(line) for line in lines]
        self._ends = list(accumulate(map(len, keys)))
        self._whole = "".join(keys)
        # Most paragraphs are a line as they stand, for which nothing need be sought.
        self._places = {key: place for place, key in reversed(list(enumerate(keys)))}

    def place(self, text: str) -> int | None:
        """The number of the line that has a text's beginning or end; None where none has."""
        key = key_of(text)
        place = self._places.get(key)
        if place is None:
            at = max(self._whole.find(key[:_SURE]), self._whole.find(key[-_SURE:]))
            place = bisect_right(self._ends, at) if at >= 0 else None
        return place


def with_lost(tree: HtmlElement, lines: list[str]) -> list[str]:
    """The lines with what stands among them in the page and was left out.

    Some designs break an article's body into several containers of the same class, of which only the first
    was read; others write a paragraph of it as a div, a quotation, bare text. It counts as lost where it
    stands in the containers that hold most of what was read, or between the headline and them.
    """
    known = _Lines(lines)
    homes: Counter[_Home] = Counter()
    containers: dict[HtmlElement, _Home] = {}
    for text, container, home in _paragraphs(tree):
        containers[container] = home
        # Short ones are of boxes beside the text, of which there may be more than paragraphs.
        if _is_long(text) and known.place(text) is not None:
            homes[home] += len(text)
    main, letters = homes.most_common(1)[0] if homes else (_Home(), 0)
    if letters * 2 < homes.total() or not homes:
        return lines
    own = [container for container, home in containers.items() if home == main]
    lost = list(_lost(own, known))
    merged = list(lines)
    for after, text in reversed(lost):
        merged.insert(after + 1, text)
    return [*_standfirst(tree, own, _Lines(merged)), *merged]


def described(tree: HtmlElement, description: str, lines: list[str]) -> str | None:
    """The element before the text that shows the page's description, where the text has it not."""
    begin = key_of(description)[:_STANDFIRST]
    if len(begin) < _SURE or begin in key_of("".join(lines)):
        return None
    first = key_of(lines[0])[:_SURE]
    for element in tree.iter("p", "div", "h2", "h3", "span", "strong"):
        # What is wrapped once more is met again inside; what has many parts is no standfirst.
        if not (element.text or "").strip() and (len(element) != 1 or element.tag == "div"):
            continue
        text = shown(element)
        key = key_of(text)
        if key.startswith(begin) and len(text) < _MAX_STANDFIRST and not beside_article(element):
            return text
        if key.startswith(first):
            break
    return None


def shown(element: HtmlElement) -> str:
    """The text of an element on one line, without scripts and styles."""
    if not len(element):
        text = element.text or ""
    else:
        text = element.text_content() if _HIDDEN(element) is False else "".join(_SHOWN(element))
    return " ".join(text.split())


def key_of(text: str) -> str:
    """A text without spaces and capitals."""
    return "".join(text.split()).casefold()


def _paragraphs(tree: HtmlElement) -> Iterator[tuple[str, HtmlElement, _Home]]:
    """The text of each paragraph, its container, and what tells that."""
    # lxml makes an element's Python object anew at each visit unless one is kept: keep those compared.
    articles = list(tree.iter("article"))
    numbers: dict[HtmlElement, int] = {}
    headings = 0
    for element in tree.iter("p", "h1"):
        if element.tag == "h1":
            headings += 1
            continue
        text = shown(element)
        container = _container(element)
        if text and container is not None:
            around = next(element.iterancestors("article"), None)
            article = -1 if around is None else articles.index(around)
            css_class = container.get("class") or ""
            number = -1 if css_class else numbers.setdefault(container, len(numbers))
            yield text, container, _Home(str(container.tag), css_class, article, headings, number)


def _container(paragraph: HtmlElement) -> HtmlElement | None:
    """What a paragraph stands in, without a box without a name around it alone."""
    container = paragraph.getparent()
    while (
        container is not None
        and container.tag == "div"
        and len(container) == 1
        and not (container.get("class") or container.get("id"))
    ):
        container = container.getparent()
    return container


def _lost(containers: list[HtmlElement], known: _Lines) -> Iterator[tuple[int, str]]:
    """What of the containers is in no line, with the number of the line that it follows."""
    after = -1
    waiting: list[tuple[int, str]] = []
    inner = set(containers)
    for container in containers:
        if not inner.isdisjoint(container.iterancestors()):
            continue
        for text, element in _runs(container, 0):
            place = known.place(text)
            if place is not None:
                after = place
                yield from waiting
                waiting = []
            elif element.tag in _HEADINGS:
                # A heading without text behind it is one over something else.
                waiting = [(after, text)]
            elif _is_prose(text, element, container):
                yield from waiting
                waiting = []
                yield after, text


def _runs(box: HtmlElement, depth: int) -> Iterator[tuple[str, HtmlElement]]:
    """The pieces of text in a box, each with the element that holds it: its own text, and its boxes'."""
    run = box.text or ""
    for child in box:
        inner = _inner(child, depth)
        if inner is None:
            run += shown(child) if child.tag != "br" else " "
            if child.tag != "br" or not ENDED.search(run):
                run += child.tail or ""
                continue
        if text := " ".join(run.split()):
            yield text, box
        yield from inner or ()
        run = child.tail or ""
    if text := " ".join(run.split()):
        yield text, box


def _inner(child: HtmlElement, depth: int) -> Iterable[tuple[str, HtmlElement]] | None:
    """What stands in a box within a box; None where it is part of a line."""
    if child.tag in _HEADINGS:
        return () if child.find(".//a") is not None else ((shown(child), child),)
    if child.tag in _NO_TEXT:
        return ()
    if child.tag in _BOXES:
        is_own = _may_be_text(child) and (child.tag == "aside" or not is_named_aside(child))
        return _runs(child, depth + 1) if depth < _DEEPEST and is_own else ()
    if len(child) and any(each.tag in _BOXES for each in child.iter("div", "p", "section")):
        return _runs(child, depth + 1) if depth < _DEEPEST else ()
    return None


def _may_be_text(box: HtmlElement) -> bool:
    """Whether a box among paragraphs may hold text of the article."""
    named = f"{box.get('class') or ''} {box.get('id') or ''}"
    if box.tag == "aside":
        return bool(_QUOTED.search(named)) or box.find(".//blockquote") is not None
    if box.tag == "figure":
        return box.find(".//blockquote") is not None or bool(_QUOTED.search(named))
    return (len(named) < 2 or not _WIDGET.search(named)) and (
        box.tag in {"p", "blockquote"} or not _links_away(box)
    )


def _links_away(box: HtmlElement) -> bool:
    """Whether a box is of another article, to whose address its title leads."""
    linked = sum(len(link.text_content()) for link in box.iter("a"))
    return linked > 0 and linked > _LINKED * len(box.text_content())


def _is_prose(text: str, element: HtmlElement, container: HtmlElement) -> bool:
    """Whether a piece of text that was lost is a paragraph of the article."""
    if not _is_long(text):
        return False
    if element.tag != "p" and (not ENDED.search(text) or _RIGHTS.search(text)):
        return False
    if element is not container:
        linked = sum(len(link.text_content()) for link in element.iter("a"))
        if linked * 2 >= len(element.text_content()):
            return False
    return not beside_article(container)


def _is_long(text: str) -> bool:
    if len(text) >= _PARAGRAPH:
        return True
    dense = sum("\u3040" <= sign <= "\u9fff" or "\uac00" <= sign <= "\ud7af" for sign in text)
    return len(text) + (_DENSE - 1) * dense >= _PARAGRAPH


def _standfirst(tree: HtmlElement, containers: list[HtmlElement], known: _Lines) -> list[str]:
    """What stands as text between the headline and the containers of the text, and is not known."""
    heading = main_heading(tree)
    if heading is None or not containers:
        return []
    found = list[str]()
    within = {containers[0], *containers[0].iterancestors(), *heading.iterancestors()}
    for element in _between(tree, heading, containers[0]):
        text = shown(element)
        if len(text) > _MAX_STANDFIRST or known.place(text) is not None or any(text in one for one in found):
            continue
        if not (_is_long(text) and ENDED.search(text)) or _RIGHTS.search(text):
            continue
        # It may be called a teaser, which leads nowhere here.
        is_other = element.find(".//a") is not None and beside_article(element)
        boxes = takewhile(lambda each: each not in within, (element, *element.iterancestors()))
        if not is_other and all(box.tag not in _NO_STANDFIRST and _may_be_text(box) for box in boxes):
            found.append(text)
    return found if len(found) <= _MOST_ABOVE else []


def _between(tree: HtmlElement, heading: HtmlElement, container: HtmlElement) -> Iterator[HtmlElement]:
    """The elements with text of their own between the headline and a container."""
    elements = iter(tree.iter("h1", "p", "div", "h2", "h3", "span", "strong", "b", "em", "section"))
    for element in takewhile(
        lambda each: each is not container, dropwhile(lambda each: each is not heading, elements)
    ):
        if element.tag != "h1" and (element.text or "").strip() and heading not in element.iterancestors():
            yield element
