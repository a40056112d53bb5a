"""Gathers the dates that a page tells of itself, with where each stands."""

import re
from datetime import timedelta
from itertools import islice

from lxml.html import HtmlElement

from gossi.crawler.extraction.dates.head_dates import head_dates, plain_dates
from gossi.crawler.extraction.dates.published import Moment, honest, latest
from gossi.crawler.extraction.dates.url_dates import date_in_url
from gossi.crawler.extraction.dates.written import meta_names, parse_date, parsed
from gossi.crawler.extraction.landmarks import beside_article, main_heading
from gossi.crawler.extraction.linked_data import ARTICLE, PageData

_DAY = timedelta(days=1)

# Kinds of items within an article that have dates of their own.
_NOT_ARTICLE = re.compile(r"(?:Comment|Object|Clip|Answer)$")


def published_dates(tree: HtmlElement, data: PageData, url: str) -> list[Moment]:
    """Every publication date the page names, in no order; see `choose_published`."""
    found = list(parsed([data.linked("datePublished")], "json-ld"))
    strong = list(parsed(data.named(meta_names("published")), "meta"))
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
        found += islice(head_dates(tree), 1)
    told = [moment for moment in found if moment.source != "time" and honest(moment.value)]
    in_url = date_in_url(url, told) or (date_in_url(data.canonical, told) if data.canonical else None)
    if in_url:
        found.append(in_url)
    if all(moment.source == "slug" for moment in found):
        found += islice(plain_dates(tree), 1)
    return found


def _weak(tree: HtmlElement, data: PageData) -> list[Moment]:
    """What may be the time at which the page was made up; none where readers are shown an earlier day."""
    weak = list(parsed(data.named(meta_names("weak")), "meta"))
    shown = next(head_dates(tree), None) if weak else None
    if shown is None or not honest(shown.value):
        return weak
    # Days of two time zones may be a day apart.
    return [moment for moment in weak if moment.value.date() - shown.value.date() <= _DAY]


def modified_date(tree: HtmlElement, data: PageData) -> Moment | None:
    """The latest modification the page tells of."""
    found = list(parsed([data.linked("dateModified")], "json-ld"))
    found += parsed(data.named(meta_names("modified")), "meta")
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
