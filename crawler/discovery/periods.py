"""The days that the sitemaps of an index are about, as far as their addresses tell.

A number in an address is a year or a month only if it could be one in every address of the same form: in an
index of sitemap-1.xml to sitemap-2500.xml the one between 2011 and 2013 is no year.
"""

import re
from collections import defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime
from urllib.parse import urlsplit

from gossi.crawler.extraction.dates.url_dates import month_span

_NUMBER = re.compile(r"([0-9]+)")
# What stands between year, month and day: "2022-05-03", "?yyyy=2022&mm=05&dd=03".
_BEFORE_MONTH = re.compile(r"[-_/.]|&(?:mm|month|m)=", re.IGNORECASE)
_BEFORE_DAY = re.compile(r"[-_/.]|&(?:dd|day|d)=", re.IGNORECASE)
_BEFORE_QUARTER = re.compile(r"[-_/.]?q", re.IGNORECASE)

# Newspapers have put their oldest volumes on the web, a sitemap a year.
_OLDEST_YEAR = 1800

_Span = tuple[date, date]
_Column = Sequence[str]
"""The numbers that stand in the same place in all addresses of a form."""


@dataclass(frozen=True)
class Period:
    """From the first to the last day, both included.

    `sure` is False where it is read from one number in an address that is the only one of its form.
    """

    first: date
    last: date
    sure: bool


@dataclass(frozen=True)
class _Dated:
    """A date in the addresses of a form: `count` numbers from `at` on, year first."""

    at: int
    count: int
    quarter: bool = False

    def span(self, numbers: Sequence[str]) -> _Span | None:
        """The days that it stands for in one of the addresses; None where there are none such."""
        written = numbers[self.at : self.at + self.count]
        if self.count == 1:  # 2022, 202205 or 20220503
            written = [part for part in (written[0][:4], written[0][4:6], written[0][6:]) if part]
        year, *rest = map(int, written)
        try:
            if not rest:
                return date(year, 1, 1), date(year, 12, 31)
            if self.quarter:
                return month_span(year, 3 * rest[0] - 2, months=3)
            if len(rest) == 1:
                return month_span(year, rest[0])
            return date(year, *rest), date(year, *rest)
        except ValueError:
            return None


def periods(urls: Sequence[str]) -> list[Period | None]:
    """The period of each address, from the first to the last date in it; None where none is told."""
    forms: defaultdict[tuple[str, ...], list[int]] = defaultdict(list)
    numbers: list[list[str]] = []
    for place, url in enumerate(urls):
        parts = _NUMBER.split(_behind_host(url))
        numbers.append(parts[1::2])
        forms[tuple(parts[::2])].append(place)
    found: list[Period | None] = [None] * len(urls)
    for between, places in forms.items():
        dates = list(_dates(list(zip(*(numbers[place] for place in places), strict=True)), between))
        sure = len(places) > 1 or len(dates) > 1 or any(dated.count > 1 for dated in dates)
        for place in places:
            spans = [span for dated in dates if (span := dated.span(numbers[place]))]
            if spans and len(spans) == len(dates):
                found[place] = Period(min(a for a, _ in spans), max(b for _, b in spans), sure)
    return found


def _behind_host(url: str) -> str:
    try:
        parts = urlsplit(url)
    except ValueError:
        return ""
    return f"{parts.path}?{parts.query}"


def _dates(columns: Sequence[_Column], between: Sequence[str]) -> Iterator[_Dated]:
    """The dates in addresses of a form; `between[n + 1]` is what stands behind column n."""
    at = 0
    while at < len(columns):
        dated = _dated(columns, between, at)
        if dated:
            yield dated
        at += dated.count if dated else 1


def _dated(columns: Sequence[_Column], between: Sequence[str], at: int) -> _Dated | None:
    if all(_is_compact(number) for number in columns[at]):
        return _Dated(at, 1)
    if not all(len(number) == 4 and _is_year(number) for number in columns[at]):
        return None
    if at + 1 == len(columns):
        return _Dated(at, 1)
    if _BEFORE_QUARTER.fullmatch(between[at + 1]) and _within(columns[at + 1], 4):
        return _Dated(at, 2, quarter=True)
    if not (_BEFORE_MONTH.fullmatch(between[at + 1]) and _are_months(columns[at + 1])):
        return _Dated(at, 1)
    has_day = (
        at + 2 < len(columns) and _BEFORE_DAY.fullmatch(between[at + 2]) and _within(columns[at + 2], 31)
    )
    return _Dated(at, 3 if has_day else 2)


def _is_year(number: str) -> bool:
    return _OLDEST_YEAR <= int(number) <= datetime.now(UTC).year + 1


def _is_compact(number: str) -> bool:
    """Whether a number is a month (202205) or a day (20220503) written in one."""
    if len(number) not in {6, 8} or not _is_year(number[:4]) or not 1 <= int(number[4:6]) <= 12:
        return False
    return len(number) == 6 or 1 <= int(number[6:]) <= 31


def _are_months(column: _Column) -> bool:
    """Whether these may be months; the parts of a year are no months, so that there must be a December."""
    return _within(column, 12) and (
        all(len(number) == 2 for number in column) or any(int(number) == 12 for number in column)
    )


def _within(column: _Column, most: int) -> bool:
    return all(len(number) <= 2 and 1 <= int(number) <= most for number in column)
