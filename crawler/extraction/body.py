"""The article's text: trafilatura's answer, with what it lost put back and what is no article left out."""

import re
import tomllib
from bisect import bisect_right
from collections import Counter
from collections.abc import Container, Iterator
from functools import lru_cache
from itertools import accumulate
from pathlib import Path
from typing import NamedTuple

from lxml.etree import XPath
from lxml.html import HtmlElement

from crawler.extraction.landmarks import beside_article
from crawler.extraction.main_text import main_text

_PARAGRAPH = 60
"""Characters from which on a paragraph that was lost is put back; shorter ones are mostly captions."""

_ABOVE = 4
"""Lines of the text's beginning among which the headline is looked for."""

_TEASER_WORDS = 3

_INDEX = 0.8
"""Share of a text's characters in lines that are only links, above which it is a list and no article."""

_BEGIN = 3
"""Letters by which most links are known not to be in the text, before their text is looked at."""

_SURE = 40
"""Letters of a paragraph's beginning or end that are enough to know it by."""

_STANDFIRST = 60
"""Letters in which a description and a standfirst must agree; descriptions are cut anywhere after that."""

_MAX_STANDFIRST = 1000

_INLINE = frozenset({"b", "em", "i", "span", "strong", "u", "font", "small"})

_HIDDEN = XPath("boolean(.//script or .//style or .//noscript)")
_SHOWN = XPath(".//text()[not(parent::script or parent::style or parent::noscript)]")

_FURNITURE = ("nav", "aside", "footer", "menu", "dialog", "noscript")
_PICTURES = XPath("//div[img or picture or svg or iframe or a/img][not(normalize-space())]")
"""What trafilatura drops, after three looks at each `div` and list of the page that are nearly half of its
work. Taken out before, it changed the text of none of 1,276 pages, and costs a seventh less."""

_BULLET = re.compile(r"^[-•*] +")


def article_text(tree: HtmlElement, headline: str, standfirst: str | None) -> str:
    """The paragraphs of the article, joined by line ends; empty where there is none.

    Args:
        tree: the parsed page; comments and footers that trafilatura does not know are left out.
        headline: dropped where the text begins with it.
        standfirst: what the page gives as its description; put first where the page shows it between
            headline and text and trafilatura left it out.
    """
    text = main_text(tree)
    lines = [line for line in map(_tidy, text.split("\n")) if line]
    blocks = _Blocks(tree, lines)
    if blocks.is_index(lines):
        return ""
    lines = [line for line in lines if not blocks.is_only_link(line)]
    lines = blocks.with_lost(lines)
    lines = _below_headline(lines, _letters(headline))
    if standfirst and lines and (opening := blocks.standfirst(standfirst, lines)):
        lines.insert(0, opening)
    return "\n".join(lines)


def _below_headline(lines: list[str], heading: str) -> list[str]:
    """The lines without the headline, and without what stands above it: a section's name, a date."""
    for at, line in enumerate(lines[:_ABOVE]):
        if heading and _letters(line) == heading:
            return _below_headline(lines[at + 1 :], heading)
        if len(line) >= _PARAGRAPH:
            break
    while lines and not _letters(lines[0]):
        lines = lines[1:]
    return lines


class _Blocks:
    """The page's paragraphs in its order, as they can be found again from the lines of a text.

    `lines` are all those that links are sought for.
    """

    def __init__(self, tree: HtmlElement, lines: list[str]) -> None:
        self._tree = tree
        # lxml makes an element's Python object anew at each visit unless one is kept: keep those compared.
        self._articles = list(tree.iter("article"))
        begins = {_key(line)[:_BEGIN] for line in lines}
        self._links = {key: words for link in tree.iter("a") for key, words in _alone(link, begins)}

    def is_only_link(self, line: str) -> bool:
        """Whether a line is nothing but a link: to another article, hardly ever a part of this one."""
        # Three words: a name or a place that is linked alone in its paragraph is text.
        return self._links.get(_key(line), 0) >= _TEASER_WORDS

    def is_index(self, lines: list[str]) -> bool:
        """Whether the lines are a list of links, as on a section's front page."""
        linked = sum(len(line) for line in lines if _key(line) in self._links)
        return linked > _INDEX * sum(map(len, lines))

    def with_lost(self, lines: list[str]) -> list[str]:
        """The lines with the paragraphs that stand among them in the page and were left out.

        Some designs break an article's body into several containers of the same class, of which only the
        first was read. A paragraph counts as lost where most of those that were read lie in containers of
        its container's class, in the same article element.
        """
        keys = [_key(line) for line in lines]
        ends = list(accumulate(map(len, keys)))
        whole = "".join(keys)
        # Most paragraphs are a line as they stand, for which nothing need be sought.
        places = {key: place for place, key in reversed(list(enumerate(keys)))}
        homes: Counter[_Home] = Counter()
        lost: list[tuple[int, str, _Home]] = []
        after = -1
        for text, paragraph, home in self._paragraphs():
            key = _key(text)
            place = places.get(key)
            if place is None:
                at = max(whole.find(key[:_SURE]), whole.find(key[-_SURE:]))
                place = bisect_right(ends, at) if at >= 0 else None
            if place is not None:
                homes[home] += 1
                after = place
            elif len(text) >= _PARAGRAPH and self._is_text(paragraph):
                lost.append((after, text, home))
        main, count = homes.most_common(1)[0] if homes else (_Home(), 0)
        if not main.css_class or count * 2 < homes.total():
            return lines
        merged = list(lines)
        for after, text, home in reversed(lost):
            if home == main:
                merged.insert(after + 1, text)
        return merged

    def standfirst(self, description: str, lines: list[str]) -> str | None:
        """The element before the text that shows the description, where the text has it not."""
        begin = _key(description)[:_STANDFIRST]
        if len(begin) < _SURE or begin in _key("".join(lines)):
            return None
        first = _key(lines[0])[:_SURE]
        for element in self._tree.iter("p", "div", "h2", "h3", "span", "strong"):
            # What is wrapped once more is met again inside; what has many parts is no standfirst.
            if not (element.text or "").strip() and (len(element) != 1 or element.tag == "div"):
                continue
            text = _shown(element)
            key = _key(text)
            if key.startswith(begin) and len(text) < _MAX_STANDFIRST and not beside_article(element):
                return text
            if key.startswith(first):
                break
        return None

    def _paragraphs(self) -> Iterator[tuple[str, HtmlElement, "_Home"]]:
        headings = 0
        for element in self._tree.iter("p", "h1"):
            if element.tag == "h1":
                headings += 1
                continue
            text = _shown(element)
            parent = element.getparent()
            if text and parent is not None:
                around = next(element.iterancestors("article"), None)
                article = -1 if around is None else self._articles.index(around)
                yield text, element, _Home(str(parent.tag), parent.get("class") or "", article, headings)

    @staticmethod
    def _is_text(paragraph: HtmlElement) -> bool:
        linked = sum(len(link.text_content()) for link in paragraph.iter("a"))
        return linked * 2 < len(paragraph.text_content()) and not beside_article(paragraph)


class _Home(NamedTuple):
    """What tells the container of a paragraph: tag and class, the article element and the h1 it is under."""

    tag: str = ""
    css_class: str = ""
    article: int = -1
    heading: int = 0


def _alone(link: HtmlElement, begins: Container[str]) -> Iterator[tuple[str, int]]:
    """Key and words of a link's paragraph, list item or heading where it holds hardly anything but links.

    Most links of a page lie outside its text: only those whose block begins as one of `begins` are looked at.
    """
    block = link.getparent()
    while block is not None and block.tag in _INLINE:
        block = block.getparent()
    if block is None:
        return
    content = block.text_content()
    begin = _key(content.lstrip()[: 4 * _BEGIN])[:_BEGIN]
    if len(begin) == _BEGIN and begin not in begins:
        return
    linked, whole = _line(link), " ".join(content.split())
    rest = _read_also().sub("", whole)
    words = whole.count(" ") + 1
    if rest != whole:
        linked = " ".join(map(_line, block.iter("a")))
        # It is a teaser however few its words: Chinese and Japanese have no spaces.
        words = max(words, _TEASER_WORDS)
    if linked and len(linked) >= 0.9 * len(rest):
        yield _key(whole), words


def _line(element: HtmlElement) -> str:
    return " ".join(element.text_content().split())


@lru_cache(maxsize=1)
def _read_also() -> re.Pattern[str]:
    """How a line begins that sends the reader elsewhere, with the signs around it."""
    words = tomllib.loads(Path(__file__).with_name("body.toml").read_text(encoding="utf-8"))["read_also"]
    # Longest first: of two that begin alike the whole one is cut.
    begins = sorted((begin for group in words.values() for begin in group), key=len, reverse=True)
    # No \b behind them: the last sign of a word in Hindi is no letter.
    return re.compile(rf"^\W*(?:{'|'.join(map(re.escape, begins))})(?!\w)\W*", re.IGNORECASE)


def _shown(element: HtmlElement) -> str:
    """The text of an element on one line, without scripts and styles."""
    if not len(element):
        text = element.text or ""
    else:
        text = element.text_content() if _HIDDEN(element) is False else "".join(_SHOWN(element))
    return " ".join(text.split())


def _tidy(line: str) -> str:
    return _BULLET.sub("", " ".join(line.split())).strip(" |")


def _key(text: str) -> str:
    return "".join(text.split()).casefold()


def _letters(text: str) -> str:
    return re.sub(r"\W+", "", text).casefold()
