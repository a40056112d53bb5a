"""The days that the address of a page names, and how far each is to be believed.

Whole segments of a path are dates (/2022/04/22/, /2022-04-22, /20220422/…). A number at the beginning of one
(/20220422-graves, /news/20181109.html) may be an article's number, and a date at the end of one
(/massacre-2022-03-27) is as often the event's as the article's.
"""

import re
from collections.abc import Iterable, Sequence
from datetime import date, timedelta
from urllib.parse import urlsplit

from gossi.crawler.extraction.dates.published import Moment, honest
from gossi.crawler.extraction.dates.written import day_moment

_SEGMENTS = (
    re.compile(r"/((?:20|19)\d\d)/(\d{1,2})/(\d{1,2})(?=[/-]|$)"),
    re.compile(r"/((?:20|19)\d\d)[-_](\d\d)[-_](\d\d)(?=/|$)"),
    re.compile(r"/(20\d\d)/?(\d\d)(\d\d)(?=/)"),
)
_BEGINNINGS = (
    re.compile(r"/((?:20|19)\d\d)[-_](\d\d)[-_](\d\d)(?!\d)"),
    re.compile(r"/(20\d\d)/?(\d\d)(\d\d)(?=[-_/.]|$|\d{8,}-)"),
)
_ENDS = (re.compile(r"[-_](20\d\d)-?(\d\d)-?(\d\d)(?=/?$|\.[a-z]+$|_)"),)

_YEAR = re.compile(r"/(?:20|19)\d\d")
_MONTHS = re.compile(r"/((?:20|19)\d\d)(?:/(0[1-9]|1[0-2])(?=/)|-(0[1-9]|1[0-2])(?=/|$))")
_LONE_NUMBER = re.compile(r"/(20\d\d)(\d\d)(\d\d)$")

_AGREE = timedelta(days=2)
"""How far the day at the beginning of a segment may lie from what the page says: a page is made a day before
it is published, or published again the day after, and time zones do the rest."""


def date_in_url(url: str, told: Sequence[Moment] = ()) -> Moment | None:
    """The day of publication in an address; its source is "slug" where it may be anything else.

    `told` is what the page itself says firmly. A number counts beside it only where it agrees, and a day at
    the end of a segment not at all.
    """
    path = _path(url)
    if found := _first(_SEGMENTS, path, "url"):
        return found
    beginning = _first(_BEGINNINGS, path, "slug")
    if not told:
        return beginning or _first(_ENDS, path, "slug")
    if beginning and any(abs(moment.value.date() - beginning.value.date()) <= _AGREE for moment in told):
        return Moment(beginning.value, "day", "url")
    return None


def days_of_page(url: str) -> tuple[date, date, bool] | None:
    """The first and the last day that an article at this address can be of, and whether that is sure.

    Several dates count together. A whole number at the end may be an article's own: that is not sure.
    """
    if not _YEAR.search(url):
        return None
    path = _path(url)
    days = [*_all(_SEGMENTS, path, "url"), *_all((_LONE_NUMBER,), path, "slug")]
    spans = [(moment.value.date(), moment.value.date()) for moment in days]
    for pattern in _SEGMENTS:
        path = pattern.sub("/", path)
    spans += [month_span(int(found[1]), int(found[2] or found[3])) for found in _MONTHS.finditer(path)]
    sure = len(spans) > sum(moment.source == "slug" for moment in days)
    if not spans:
        return None
    return min(first for first, _ in spans), max(last for _, last in spans), sure


def month_span(year: int, month: int, months: int = 1) -> tuple[date, date]:
    """The first and the last day of so many months."""
    after = year * 12 + month - 1 + months
    return date(year, month, 1), date(after // 12, after % 12 + 1, 1) - timedelta(days=1)


def _path(url: str) -> str:
    try:
        return urlsplit(url).path
    except ValueError:
        return ""


def _first(patterns: Iterable[re.Pattern[str]], path: str, source: str) -> Moment | None:
    return next(iter(_all(patterns, path, source)), None)


def _all(patterns: Iterable[re.Pattern[str]], path: str, source: str) -> list[Moment]:
    found = (
        day_moment(int(match[1]), int(match[2]), int(match[3]), source)
        for pattern in patterns
        for match in pattern.finditer(path)
    )
    return [moment for moment in found if moment is not None and honest(moment.value)]
