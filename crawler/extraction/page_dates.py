"""Gathers the dates that a page tells of itself, with where each stands."""

import re
from collections.abc import Iterator
from itertools import islice

from lxml.html import HtmlElement

from crawler.extraction.dates import (
    Moment,
    honest,
    latest,
    meta_names,
    parse_date,
    parse_written_date,
    parsed,
)
from crawler.extraction.landmarks import beside_article, main_heading
from crawler.extraction.linked_data import PageData
from crawler.extraction.url_dates import date_in_url

_DATE_CLASS = re.compile(
    r"(?:^|[\s_-])(?:date|dateline|published|publish-?date|pubdate|posted(?:-on)?|datetime|fecha|datum)"
    r"(?:$|[\s_-])",
    re.IGNORECASE,
)

_UPDATE = re.compile(r"modif|updat|mise.?.?jour|actualiz|обновл|تحديث|aktualis|aggiorn", re.IGNORECASE)

_HEAD_REACH = 60
"""Elements after the h1 that still belong to the article's head: a byline, a standfirst, a picture."""

_HEAD_BEFORE = 25
"""Elements before the h1 that do: a dateline above the headline."""


def published_dates(tree: HtmlElement, data: PageData, url: str) -> list[Moment]:
    """Every publication date the page names, in no order; see `dates.choose_published`."""
    found = list(parsed([data.linked("datePublished")], "json-ld"))
    strong = list(parsed(data.metas(*meta_names()["published"]), "meta"))
    strong += _microdata(data, "datePublished")
    found += strong
    if not found:
        found += parsed([data.linked("dateCreated"), data.linked("uploadDate")], "json-ld")
    if not found:
        found += parsed(data.metas(*meta_names()["weak"]), "meta")
    # A `time` element counts only where nothing firm is known, or no more than the day: see choose_published.
    if all(moment.precision == "day" for moment in found):
        found += islice(_head_times(tree), 1)
    told = [moment for moment in found if moment.source != "time" and honest(moment.value)]
    in_url = date_in_url(url, told) or (date_in_url(data.canonical, told) if data.canonical else None)
    return [*found, in_url] if in_url else found


def modified_date(data: PageData) -> Moment | None:
    """The latest modification the page tells of."""
    found = list(parsed([data.linked("dateModified")], "json-ld"))
    found += parsed(data.metas(*meta_names()["modified"]), "meta")
    found += _microdata(data, "dateModified")
    return latest(found)


def _microdata(data: PageData, name: str) -> Iterator[Moment]:
    for element in data.shown.get(name, []):
        if beside_article(element):
            continue
        written = element.get("content") or element.get("datetime") or element.text_content()
        moment = parse_date(written[:100], "meta")
        if moment is not None:
            yield moment


def _head_times(tree: HtmlElement) -> Iterator[Moment]:
    """Dates in the head of the article, nearest after the h1 first: `time` elements, then classes."""
    heading = main_heading(tree)
    if heading is None:
        return
    body = tree.find("body")
    elements = list((tree if body is None else body).iter("*"))
    at = next((index for index, element in enumerate(elements) if element is heading), 0)
    after = elements[at + 1 : at + 1 + _HEAD_REACH]
    # Above the headline the site may show today's date; the article's own shares a near container with it.
    near = {above for above in islice(heading.iterancestors(), 3) if above.tag not in {"body", "html"}}
    before = [
        element
        for element in elements[max(0, at - _HEAD_BEFORE) : at][::-1]
        if near.intersection(element.iterancestors())
    ]
    candidates = [element for element in (*after, *before) if _dates_something(element)]
    candidates.sort(key=lambda element: element.tag != "time")
    for element in candidates:
        if beside_article(element) or _is_update(element):
            continue
        written = element.get("datetime")
        moment = parse_date(written, "time") if written else None
        moment = moment or parse_written_date((element.text_content() or "")[:200], "time")
        if moment is not None:
            yield moment


def _dates_something(element: HtmlElement) -> bool:
    return element.tag == "time" or bool(_DATE_CLASS.search(element.get("class") or ""))


def _is_update(element: HtmlElement) -> bool:
    """Whether a date is called one of a change; a word before it ("Updated on …") may do that."""
    parent = element.getparent()
    around = " ".join(
        (
            element.get("class") or "",
            element.get("itemprop") or "",
            (element.text or "")[:40],
            (element.getprevious().tail or "")[-40:] if element.getprevious() is not None else "",
            (parent.text or "")[-40:] if parent is not None and element.getprevious() is None else "",
        )
    )
    return bool(_UPDATE.search(around))
