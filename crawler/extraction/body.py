"""The article's text: trafilatura's answer, with what it lost put back and what is no article left out."""

import re
import tomllib
from collections.abc import Container, Iterator
from functools import lru_cache
from pathlib import Path

from lxml.html import HtmlElement

from gossi.crawler.extraction.lost import described, key_of, with_lost
from gossi.crawler.extraction.main_text import main_text
from gossi.crawler.extraction.others import hidden, others
from gossi.crawler.extraction.parsed import without

_NOTHING = 60
"""Characters below which a text is no article: less than a news flash of one sentence."""

_PARAGRAPH = 60
"""Characters from which on a line above the headline is text, and no name of a section."""

_ABOVE = 4
"""Lines of the text's beginning among which the headline is looked for."""

_TEASER_WORDS = 3

_INDEX = 0.8
"""Share of a text's characters in lines that are only links, above which it is a list and no article."""

_BEGIN = 3
"""Letters by which most links are known not to be in the text, before their text is looked at."""

_INLINE = frozenset({"b", "em", "i", "span", "strong", "u", "font", "small"})

_BULLET = re.compile(r"^[-•*] +")


def article_text(tree: HtmlElement, headline: str, standfirst: str | None) -> str:
    """The paragraphs of the article, joined by line ends; empty where there is none.

    Args:
        tree: the parsed page; comments and footers that trafilatura does not know are left out.
        headline: dropped where the text begins with it.
        standfirst: what the page gives as its description; put first where the page shows it between
            headline and text and trafilatura left it out.
    """
    asides, unseen = others(tree), hidden(tree)
    text = ""
    # What is left out is read where a page shows nothing else: scripts unhide it, or its name misleads.
    for left_out in ([*asides, *unseen], asides, []):
        with without(left_out):
            text = _article_text(tree, headline, standfirst)
        if len(text) >= _NOTHING or not left_out:
            break
    return text


def _article_text(tree: HtmlElement, headline: str, standfirst: str | None) -> str:
    lines = [line for line in map(_tidy, main_text(tree).split("\n")) if line]
    links = _Links(tree, lines)
    if links.are_most_of(lines):
        return ""
    lines = [line for line in lines if not links.is_only_link(line)]
    heading = _letters(headline)
    lines = with_lost(tree, _below_headline(lines, heading))
    # A headline in the text's container is put back as a sub-heading.
    lines = [
        line for at, line in enumerate(lines) if at >= _ABOVE or not heading or _letters(line) != heading
    ]
    if standfirst and lines and (opening := described(tree, standfirst, lines)):
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


class _Links:
    """The page's lines that are links. `lines` are all those that links are sought for."""

    def __init__(self, tree: HtmlElement, lines: list[str]) -> None:
        begins = {key_of(line)[:_BEGIN] for line in lines}
        self._links = {key: words for link in tree.iter("a") for key, words in _alone(link, begins)}

    def is_only_link(self, line: str) -> bool:
        """Whether a line is nothing but a link: to another article, hardly ever a part of this one."""
        # Three words: a name or a place that is linked alone in its paragraph is text.
        return self._links.get(key_of(line), 0) >= _TEASER_WORDS

    def are_most_of(self, lines: list[str]) -> bool:
        """Whether the lines are a list of links, as on a section's front page."""
        linked = sum(len(line) for line in lines if key_of(line) in self._links)
        return linked > _INDEX * sum(map(len, lines))


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
    begin = key_of(content.lstrip()[: 4 * _BEGIN])[:_BEGIN]
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
        yield key_of(whole), words


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


def _tidy(line: str) -> str:
    return _BULLET.sub("", " ".join(line.split())).strip(" |")


def _letters(text: str) -> str:
    return re.sub(r"\W+", "", text).casefold()
