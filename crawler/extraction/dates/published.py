"""When a page says that it was published: the earliest honest date, its precision and where it stands.

A clock time without a time zone is worth a day: which instant it names is not known, and the study
compares publication with the minute at which a claim became public. Midnight sharp is how a bare date is
written by programs that know no bare dates, so it is a day too. A day's value is its midnight, the day
being the one that is written. What is not known stays unknown: a year in a footer dates nothing.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, timedelta
from typing import Literal

Precision = Literal["second", "minute", "day", "unknown"]

FIRST_YEAR = 1995
"""No news site is older; an earlier date is a default of some program (1970, 0001)."""

_FINENESS = {"second": 3, "minute": 2, "day": 1, "unknown": 0}

_SOURCES = ("json-ld", "meta", "import", "feed", "sitemap", "time", "url", "slug")
"""In the order in which they are believed where they agree on the day."""

_WEAK = ("time", "slug")
"""What may date anything: each is asked only where nothing firm and none before it is known."""

_ZONES = timedelta(hours=14)
"""How far a local day may lie from the same day in UTC."""


@dataclass(frozen=True)
class Moment:
    """A publication or modification time: UTC without a zone, midnight for a day.

    `local_day` is the day that was written with a time, where that was another zone's than UTC.
    """

    value: datetime
    precision: Precision
    source: str
    local_day: date | None = field(default=None, compare=False, repr=False)


def choose_published(
    page_dates: Iterable[Moment],
    hint: datetime | None = None,
    hint_precision: str | None = None,
    hint_source: str | None = None,
) -> Moment | None:
    """The publication time, from what the page says and what a feed or sitemap said of it.

    The earliest wins, because republishing and updating move dates forward only. Where a finer time falls
    on the same day, it is taken. A `time` element, which may date anything, is asked only where nothing
    firm is known, or to refine the day; a number in a slug only where nothing else is known at all. A
    sitemap's `lastmod` is no publication time: do not pass it.

    Args:
        page_dates: what the page says, `Extracted.page_dates`.
        hint: UTC without a zone.
        hint_precision: second, minute or day.
        hint_source: feed, sitemap or import.
    """
    moments = [moment for moment in page_dates if honest(moment.value)]
    if hint is not None and honest(hint):
        precision: Precision = "day"
        if hint_precision in {"second", "minute"}:
            precision = "second" if hint_precision == "second" else "minute"
        moments.append(Moment(hint, precision, hint_source or "feed"))
    pool = [moment for moment in moments if moment.source not in _WEAK]
    for weak in _WEAK:
        pool = pool or [moment for moment in moments if moment.source == weak]
    if not pool:
        return None
    first = min(pool, key=lambda moment: (moment.value, -_FINENESS[moment.precision]))
    same_day = [moment for moment in moments if _may_be_same(first, moment)]
    return max(same_day, key=lambda moment: (_FINENESS[moment.precision], -_rank(moment.source)))


def honest(value: datetime) -> bool:
    """Whether a date can be a news article's: not before the web, not in the future."""
    tomorrow = datetime.now(UTC).replace(tzinfo=None) + timedelta(days=1)
    return value.year >= FIRST_YEAR and value <= tomorrow


def latest(moments: Sequence[Moment]) -> Moment | None:
    """The last modification that is told of."""
    return max((one for one in moments if honest(one.value)), key=lambda one: one.value, default=None)


def _may_be_same(first: Moment, other: Moment) -> bool:
    """Whether `other`, not before `first`, may be the same publication, told more finely."""
    if other == first:
        return True
    if first.precision != "day":
        return False
    if other.local_day is not None:
        # The zone is the outlet's own: the next day's time in it is that of a change.
        return first.value.date() in {other.local_day, other.value.date()}
    return first.value - _ZONES <= other.value < first.value + timedelta(days=1) + _ZONES


def _rank(source: str) -> int:
    return _SOURCES.index(source) if source in _SOURCES else len(_SOURCES)
