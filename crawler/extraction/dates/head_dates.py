"""Dates that a page shows its readers, in the head of the article and elsewhere in it."""

import re
from collections.abc import Iterable, Iterator
from itertools import islice

from lxml.html import HtmlElement

from gossi.crawler.extraction.dates.published import Moment, honest
from gossi.crawler.extraction.dates.written import date_words, parse_date, parse_written_date
from gossi.crawler.extraction.landmarks import beside_article, main_heading, names_site

_DATE_CLASS = re.compile(
    r"(?:^|[\s_-])(?:date|dateline|published|publish-?date|pubdate|posted(?:-on)?|datetime|fecha|datum)"
    r"(?:$|[\s_-])",
    re.IGNORECASE,
)

_PROPERTY = re.compile(r"(?:^|\s)(?:dc:created|schema:date(?:Published|Created))(?:\s|$)")
"""How Drupal marks up the date in an article's head (RDFa)."""

_LINE = 200
"""Characters of an element with a date that are read."""

_HEAD_REACH = 60
"""Elements after the h1 that still belong to the article's head: a byline, a standfirst, a picture."""

_HEAD_BEFORE = 25
"""Elements before the h1 that do: a dateline above the headline."""


_TEXT = 80
"""Characters of a paragraph of text; the article's head may have one, the standfirst."""

_SENTENCE = 40
"""Characters around a date in a sentence. A byline is shorter, or has no full stop."""

_SENTENCE_END = re.compile(r"[.!?…؟۔。][\s»”\"')]*$")

# What a date may stand in within a paragraph.
_INLINE = frozenset({"time", "span", "a", "b", "i", "em", "strong", "small", "abbr", "font"})

_SITE_HEAD = re.compile(r"(?:^|[\s_-])(?:header|masthead|banner|top-?bar)(?:$|[\s_-])", re.IGNORECASE)

_PLAIN_REACH = 40
"""Elements behind the heading in which any short line may be a byline: of 217 pages with no better date it
gave the right one in 47, the day before or after in 1 and a wrong one in 1."""

_FEW = 6
"""Elements within one that is a line; what has more is a container of several."""

_FOR_PROGRAMS = ("title", "data-datetime", "data-date", "data-time", "data-timestamp", "data-published")
_MACHINE_DATE = re.compile(r"\d{4}-\d\d-\d\d|1\d{9}")
"""Where programs look for dates (hAtom has them in `title`), and how they are written there."""

_NO_BYLINE = re.compile(
    r"^(?:h[1-6]|figcaption|figure|script|style|option|label)\b|caption|credit|legend", re.IGNORECASE
)


def head_dates(tree: HtmlElement) -> Iterator[Moment]:
    """Dates in the head of the article, nearest after the h1 first: `time` elements, then classes."""
    heading = _headline(tree)
    if heading is None:
        return
    elements, at = _elements(tree, heading)
    candidates = [
        element
        for element in (*_head_after(elements, at), *_head_before(elements, at))
        if _dates_something(element)
    ]
    candidates.sort(key=lambda element: element.tag != "time")
    for element in candidates:
        if not _is_elsewhere(element) and (moment := _date_of(element)):
            yield moment


def plain_dates(tree: HtmlElement) -> Iterator[Moment]:
    """Dates written for readers only: in short lines behind the heading; else the only one of the article.

    To be asked where nothing better is known.
    """
    heading = _headline(tree)
    articles = list(islice(tree.iter("article"), 2))
    if heading is not None:
        elements, at = _elements(tree, heading)
        for element in (heading, *islice(_head_after(elements, at), _PLAIN_REACH)):
            for line in _short_lines(element):
                if (moment := _published_in(line)) and honest(moment.value) and not _is_elsewhere(element):
                    yield moment
        near = _near(heading)
        elements = [each for each in elements[at + 1 :] if not near.isdisjoint(each.iterancestors())]
    else:
        elements = list(articles[0].iter("*")) if len(articles) == 1 else []
    yield from _only_one(elements)


def _elements(tree: HtmlElement, heading: HtmlElement) -> tuple[list[HtmlElement], int]:
    """The elements of the page, and where the heading is among them."""
    body = tree.find("body")
    elements = list((tree if body is None else body).iter("*"))
    return elements, next((index for index, element in enumerate(elements) if element is heading), 0)


def _only_one(elements: Iterable[HtmlElement]) -> Iterator[Moment]:
    """The date that these elements call one of publication, where they call no other day so.

    Other dates behind the text are those of readers' letters and of other articles.
    """
    found = [
        moment
        for element in elements
        if len(element) <= _FEW and (moment := _told_in(element))
        if honest(moment.value) and not _is_elsewhere(element)
    ]
    if len({moment.value.date() for moment in found}) == 1:
        yield found[0]


def _date_of(element: HtmlElement) -> Moment | None:
    """The date that an element gives to programs, or shows."""
    written = element.get("datetime") or (element.get("content") if element.get("property") else None)
    moment = parse_date(written, "time") if written else None
    for name in () if moment else _FOR_PROGRAMS:
        if (told := element.get(name)) and _MACHINE_DATE.match(told):
            moment = moment or parse_date(told, "time")
    return moment or _published_in(element.text_content() or "")


def _told_in(element: HtmlElement) -> Moment | None:
    """The date behind a word for publishing ("This entry was posted on …")."""
    if not any(map(str.isdigit, element.text or "")) and not len(element):
        return None
    text = " ".join((element.text_content() or "")[: 2 * _LINE].split())
    word = date_words().search(text[:_LINE])
    return _published_in(text) if word and word.lastgroup == "published" else None


def _short_lines(element: HtmlElement) -> Iterator[str]:
    """The text of an element, and that behind it, where they are short enough for a byline and no caption."""
    named = f"{element.tag} {element.get('class') or ''}"
    content = "" if _NO_BYLINE.search(named) else element.text_content() or ""
    for text in (content, element.tail or ""):
        line = " ".join(text.split())
        sentence = len(line) > _SENTENCE and _SENTENCE_END.search(line) and not date_words().search(line)
        if len(line) <= _TEXT and not sentence and any(map(str.isdigit, line)):
            yield line


def _is_elsewhere(element: HtmlElement) -> bool:
    """Whether a date is not that of the publication: beside the article, of a change, or in a sentence."""
    return (
        (beside_article(element) and not _in_own_footer(element))
        or _is_update(element)
        or _in_sentence(element)
    )


def _in_own_footer(element: HtmlElement) -> bool:
    """Whether an element stands in the footer of an article; Drupal makes one in the article's head."""
    footer = next((above for above in (element, *element.iterancestors()) if above.tag == "footer"), None)
    if footer is None or next(footer.iterancestors("article"), None) is None:
        return False
    return not beside_article(footer.getparent())


def _headline(tree: HtmlElement) -> HtmlElement | None:
    """The heading of the article.

    Where there is no h1, or only the site's name, beside which today's date may stand, it is the smaller one
    that the title of the page repeats.
    """
    heading = main_heading(tree)
    if heading is not None and not names_site(heading):
        return heading
    title = " ".join((tree.findtext(".//title") or "").split())
    for smaller in tree.iter("h2", "h3"):
        text = " ".join((smaller.text_content() or "").split())
        if text and text in title and not beside_article(smaller) and not names_site(smaller):
            return smaller
    return None


def _head_after(elements: list[HtmlElement], at: int) -> Iterator[HtmlElement]:
    """What follows the heading, up to the second paragraph of text: behind it the article has begun."""
    texts = 0
    for element in elements[at + 1 : at + 1 + _HEAD_REACH]:
        yield element
        if element.tag == "p" and len(text := (element.text_content() or "").strip()) >= _TEXT:
            texts += bool(_SENTENCE_END.search(text[-10:]))
            if texts == 2:
                return


def _head_before(elements: list[HtmlElement], at: int) -> Iterator[HtmlElement]:
    """What precedes the heading, nearest first, in a near container of both.

    Above it the site may show today's date, in a head of its own or outside of the main part.
    """
    heading = elements[at]
    near = _near(heading)
    around = set(heading.iterancestors())
    for element in elements[max(0, at - _HEAD_BEFORE) : at][::-1]:
        path = [element, *element.iterancestors()]
        if near.intersection(path) and not any(_heads_site(above) for above in path if above not in around):
            yield element


def _near(heading: HtmlElement) -> set[HtmlElement]:
    """The containers of the heading that are the article's at the most."""
    near = set()
    for above in islice(heading.iterancestors(), 3):
        if above.tag in {"body", "html"}:
            break
        near.add(above)
        if above.tag in {"article", "main"}:
            break
    return near


def _heads_site(element: HtmlElement) -> bool:
    named = f"{element.get('class') or ''} {element.get('id') or ''} {element.get('role') or ''}"
    return element.tag == "header" or bool(_SITE_HEAD.search(named))


def _dates_something(element: HtmlElement) -> bool:
    return (
        element.tag == "time"
        or bool(_DATE_CLASS.search(element.get("class") or ""))
        or bool(_PROPERTY.search(element.get("property") or ""))
    )


def _published_in(text: str) -> Moment | None:
    """The date of publication in a line that may tell of a change too, before it or after it."""
    begin, updated = 0, False
    for word in (*date_words().finditer(text[:_LINE]), None):
        piece = text[begin : word.start() if word else _LINE]
        if not updated and (moment := parse_written_date(piece, "time")):
            return moment
        if word:
            begin, updated = word.end(), word.lastgroup == "updated"
    return None


def _is_update(element: HtmlElement) -> bool:
    """Whether a date is called one of a change; a word before it ("Updated on …") may do that."""
    parent, before = element.getparent(), element.getprevious()
    if before is not None:
        lead = (before.tail or "")[-40:]
    else:
        lead = (parent.text or "")[-40:] if parent is not None else ""
    for named in (element.get("class"), element.get("itemprop")):
        # WordPress calls the date of an article that was never changed both: "entry-date published updated".
        if {word.lastgroup for word in date_words().finditer(named or "")} == {"updated"}:
            return True
    own = date_words().search((element.text or "")[:40]) if element.get("datetime") else None
    told = own or max(date_words().finditer(lead), key=lambda word: word.start(), default=None)
    return told is not None and told.lastgroup == "updated"


def _in_sentence(element: HtmlElement) -> bool:
    """Whether a date stands in the article's text, as that of what it tells."""
    if element.tag not in _INLINE:
        return False
    block = next((above for above in element.iterancestors() if above.tag not in _INLINE), None)
    if block is None:
        return False
    if block.tag in {"p", "li", "blockquote"}:
        text = block.text_content()
    else:
        text = "".join([block.text or "", *(child.tail or "" for child in block)])
    return len(text.strip()) > _SENTENCE and bool(_SENTENCE_END.search(text.strip()[-10:]))
