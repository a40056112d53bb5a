"""Gathers the dates that a page tells of itself, with where each stands."""

import re
from collections.abc import Iterator
from datetime import timedelta
from itertools import islice

from lxml.html import HtmlElement

from crawler.extraction.dates import (
    Moment,
    date_words,
    honest,
    latest,
    meta_names,
    parse_date,
    parse_written_date,
    parsed,
)
from crawler.extraction.landmarks import beside_article, main_heading, names_site
from crawler.extraction.linked_data import ARTICLE, PageData
from crawler.extraction.url_dates import date_in_url

_DATE_CLASS = re.compile(
    r"(?:^|[\s_-])(?:date|dateline|published|publish-?date|pubdate|posted(?:-on)?|datetime|fecha|datum)"
    r"(?:$|[\s_-])",
    re.IGNORECASE,
)

_DAY = timedelta(days=1)

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

# Kinds of items within an article that have dates of their own.
_NOT_ARTICLE = re.compile(r"(?:Comment|Object|Clip|Answer)$")


def published_dates(tree: HtmlElement, data: PageData, url: str) -> list[Moment]:
    """Every publication date the page names, in no order; see `dates.choose_published`."""
    found = list(parsed([data.linked("datePublished")], "json-ld"))
    strong = list(parsed(data.metas(*meta_names()["published"]), "meta"))
    found += strong
    found += _microdata(tree, data, "datePublished", found)
    if not found:
        found += parsed(
            [data.linked("dateCreated"), data.linked("uploadDate"), data.page_published], "json-ld"
        )
    if not found:
        found += _weak(tree, data)
    # A `time` element counts only where nothing firm is known, or no more than the day: see choose_published.
    if all(moment.precision == "day" for moment in found):
        found += islice(_head_times(tree), 1)
    told = [moment for moment in found if moment.source != "time" and honest(moment.value)]
    in_url = date_in_url(url, told) or (date_in_url(data.canonical, told) if data.canonical else None)
    return [*found, in_url] if in_url else found


def _weak(tree: HtmlElement, data: PageData) -> list[Moment]:
    """What may be the time at which the page was made up; none where readers are shown an earlier day."""
    weak = list(parsed(data.metas(*meta_names()["weak"]), "meta"))
    shown = next(_head_times(tree), None) if weak else None
    if shown is None or not honest(shown.value):
        return weak
    # Days of two time zones may be a day apart.
    return [moment for moment in weak if moment.value.date() - shown.value.date() <= _DAY]


def modified_date(tree: HtmlElement, data: PageData) -> Moment | None:
    """The latest modification the page tells of."""
    found = list(parsed([data.linked("dateModified")], "json-ld"))
    found += parsed(data.metas(*meta_names()["modified"]), "meta")
    found += _microdata(tree, data, "dateModified", found)
    return latest(found)


def _microdata(tree: HtmlElement, data: PageData, name: str, known: list[Moment]) -> list[Moment]:
    """The dates of the article in microdata.

    The article is the item that holds its heading. Where none does, an item beside the heading may be it or a
    teaser: where the date is `known` from elsewhere, it can do no more than say the hour of that day.
    """
    # Where a meta element stands tells little, for nobody sees it there: it may be the footer of the article.
    elements = [each for each in data.shown.get(name, []) if each.tag == "meta" or not beside_article(each)]
    if not elements:
        return []
    heading = main_heading(tree)
    around = set() if heading is None else set(heading.iterancestors())
    ranked: dict[int, list[Moment]] = {}
    for element in elements:
        item = next((above for above in element.iterancestors() if above.get("itemscope") is not None), None)
        kind = "" if item is None else (item.get("itemtype") or "").strip()
        if item in around:
            rank = 2
        elif _NOT_ARTICLE.search(kind):
            continue
        else:
            rank = 0 if ARTICLE.search(kind) else 1
        written = element.get("content") or element.get("datetime") or element.text_content()
        if moment := parse_date(written[:100], "meta"):
            ranked.setdefault(rank, []).append(moment)
    best = max(ranked, default=0)
    found = ranked.get(best, [])
    if best > 0 or not known:
        return found
    days = {moment.value.date() for moment in known}
    return [moment for moment in found if moment.value.date() in days]


def _head_times(tree: HtmlElement) -> Iterator[Moment]:
    """Dates in the head of the article, nearest after the h1 first: `time` elements, then classes."""
    heading = _headline(tree)
    if heading is None:
        return
    body = tree.find("body")
    elements = list((tree if body is None else body).iter("*"))
    at = next((index for index, element in enumerate(elements) if element is heading), 0)
    candidates = [
        element
        for element in (*_head_after(elements, at), *_head_before(elements, at))
        if _dates_something(element)
    ]
    candidates.sort(key=lambda element: element.tag != "time")
    for element in candidates:
        if beside_article(element) or _is_update(element) or _in_sentence(element):
            continue
        written = element.get("datetime") or (element.get("content") if element.get("property") else None)
        moment = parse_date(written, "time") if written else None
        moment = moment or _published_in(element.text_content() or "")
        if moment is not None:
            yield moment


def _headline(tree: HtmlElement) -> HtmlElement | None:
    """The heading of the article.

    Where the only h1 is the site's name, beside which today's date may stand, it is the smaller one that the
    title of the page repeats.
    """
    heading = main_heading(tree)
    if heading is None or not names_site(heading):
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
    near = set()
    for above in islice(heading.iterancestors(), 3):
        if above.tag in {"body", "html"}:
            break
        near.add(above)
        if above.tag in {"article", "main"}:
            break
    around = set(heading.iterancestors())
    for element in elements[max(0, at - _HEAD_BEFORE) : at][::-1]:
        path = [element, *element.iterancestors()]
        if near.intersection(path) and not any(_heads_site(above) for above in path if above not in around):
            yield element


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
