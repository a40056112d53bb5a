"""When a page says that it was published: the earliest honest date, its precision and where it stands.

A clock time without a time zone is worth a day: which instant it names is not known, and the study
compares publication with the minute at which a claim became public. Midnight sharp is how a bare date is
written by programs that know no bare dates, so it is a day too. A day's value is its midnight, the day
being the one that is written. What is not known stays unknown: a year in a footer dates nothing.
"""

import re
import tomllib
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, timedelta, timezone
from email.utils import parsedate_to_datetime
from functools import lru_cache
from pathlib import Path
from typing import Any, Literal

Precision = Literal["second", "minute", "day", "unknown"]

FIRST_YEAR = 1995
"""No news site is older; an earlier date is a default of some program (1970, 0001)."""

_LONGEST = 200
"""Characters of what may be a date: a byline with a place, a weekday and two times takes half of them. What
lies behind is not read, so that no writing of a stranger can cost time."""

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


def parse_date(written: str, source: str) -> Moment | None:
    """A date as machines write it: ISO 8601, RFC 2822, seconds since 1970, or digits; None for all else."""
    written = written.strip()[:_LONGEST]
    if re.fullmatch(r"1\d{9}(?:\d{3})?", written):
        return _instant(datetime.fromtimestamp(int(written[:10]), UTC), "second", source)
    match = _ISO.match(written)
    if match:
        return _from_iso(match, source)
    # "30 Nov -0001" is what a program makes of no date, which the reader below takes for the year 2000.
    if re.match(r"\D*\d{1,2} [A-Za-z]{3} (?:-\d|0\d{3})", written):
        return None
    if re.match(r"[A-Za-z]{3},? +\d|\d{1,2} [A-Z][a-z]{2} \d{4} \d", written):
        try:
            parsed = parsedate_to_datetime(written)
        except (ValueError, TypeError, IndexError, OverflowError):
            return parse_written_date(written, source)
        if parsed.tzinfo is not None:
            return _instant(parsed, "second", source)
    return parse_written_date(written, source)


def parse_written_date(written: str, source: str) -> Moment | None:
    """A date as people write it, to the day: "22 avril 2022 à 18h03", "April 22, 2022", "22.04.2022".

    Where day and month could change places (04/05/2022), it is none.
    """
    text = written[:_LONGEST].lower().translate(_ARABIC_DIGITS)
    for match in _WITH_MONTH.finditer(text):
        day, name, year, name_first, day_after, year_after = match.groups()
        month = _months().get(name or name_first)
        if month:
            return day_moment(int(year or year_after), month, int(day or day_after), source)
    if numbers := _YEAR_LAST.search(text):
        one, other, year = int(numbers[1]), int(numbers[3]), int(numbers[4])
        # Dots are the day-first countries' own; dashes and slashes are everybody's.
        if one > 12 or one == other or numbers[2] == ".":
            return day_moment(year, other, one, source)
        return day_moment(year, one, other, source) if other > 12 else None
    numbers = _YEAR_FIRST.search(text)
    return day_moment(int(numbers[1]), int(numbers[2]), int(numbers[3]), source) if numbers else None


def day_moment(year: int, month: int, day: int, source: str) -> Moment | None:
    """A day, None where there is no such day."""
    try:
        return Moment(datetime(year, month, day), "day", source)  # noqa: DTZ001 - a day has no zone
    except ValueError:
        return None


def latest(moments: Sequence[Moment]) -> Moment | None:
    """The last modification that is told of."""
    return max((one for one in moments if honest(one.value)), key=lambda one: one.value, default=None)


@lru_cache(maxsize=1)
def meta_names() -> dict[str, list[str]]:
    """The names of meta elements that carry dates, by what they date."""
    names: dict[str, list[str]] = _rules()["meta"]
    return names


@lru_cache(maxsize=1)
def date_words() -> re.Pattern[str]:
    """Words before dates; the group that matched says what of: `published` or `updated`."""
    groups = (f"(?P<{kind}>{'|'.join(words)})" for kind, words in _rules()["words"].items())
    return re.compile("|".join(groups), re.IGNORECASE)


def parsed(values: Iterable[str | None], source: str) -> Iterator[Moment]:
    """The dates among values."""
    for value in values:
        moment = parse_date(value, source) if value else None
        if moment is not None:
            yield moment


_ISO = re.compile(
    r"(\d{4})-?(\d\d)-?(\d\d)"
    r"(?:[T ]\s?(\d\d):?(\d\d)(?::?(\d\d)(?:[.,]\d+)?)?\s?"
    # "GMT+0200", as scripts write it, is two hours before "GMT"; of "Z+02:00" nobody knows what is meant.
    r"((?:UTC|GMT)\s?[+-]\d{1,2}(?::?\d\d)?(?!\d)|(?:Z|UTC|GMT)(?!\s?[+-]?\d)"
    r"|[+-]\d\d:?\d\d|[+-]\d\d(?!\d))?)?",
    re.IGNORECASE,
)

# No name of a month has more than 12 letters, and none begins within a word: a long word is passed over once.
# Arabic may give a month both of its names, with a stroke between or the second in brackets.
_WITH_MONTH = re.compile(
    r"(?<!\d)(\d{1,2})(?:er|º|st|nd|rd|th|\.)?[\s\-]+(?:de\s+|of\s+)?([^\W\d_]{3,12})"
    r"(?:\s?[/(]\s?[^\W\d_]{3,12}\)?)?\.?[,،]?[\s\-]+(?:de\s+|del\s+)?((?:20|19)\d\d)(?!\d)"
    r"|(?<![^\W\d_])([^\W\d_]{3,12})\.?\s+(\d{1,2})(?:st|nd|rd|th)?,?\s+((?:20|19)\d\d)(?!\d)"
)

_YEAR_LAST = re.compile(r"(?<!\d)(\d{1,2})([./-])(\d{1,2})\2((?:20|19)\d\d)(?!\d)")
_YEAR_FIRST = re.compile(r"(?<!\d)((?:20|19)\d\d)(?:[./-]|年\s?)(\d{1,2})(?:[./-]|月\s?)(\d{1,2})(?!\d)")

_ARABIC_DIGITS = str.maketrans("٠١٢٣٤٥٦٧٨٩", "0123456789")


def _from_iso(match: re.Match[str], source: str) -> Moment | None:
    year, month, day, hour, minute, second, zone = match.groups()
    if hour is None or zone is None:
        return day_moment(int(year), int(month), int(day), source)
    try:
        value = datetime(
            int(year), int(month), int(day), int(hour), int(minute), int(second or 0), tzinfo=_zone(zone)
        )
    except ValueError:
        return None
    return _instant(value, "second" if second else "minute", source)


def _zone(written: str) -> timezone:
    if written.upper() in {"Z", "UTC", "GMT"}:
        return UTC
    digits = re.sub(r"\D", "", written)
    hours, minutes = (digits[:-2], digits[-2:]) if len(digits) > 2 else (digits, "0")
    apart = timedelta(hours=int(hours), minutes=int(minutes))
    return timezone(-apart if "-" in written else apart)


def _instant(value: datetime, precision: Precision, source: str) -> Moment | None:
    """A time with its zone; midnight sharp in that zone is the day."""
    if (value.hour, value.minute, value.second) == (0, 0, 0):
        return day_moment(value.year, value.month, value.day, source)
    local_day = value.date() if value.utcoffset() else None
    try:
        return Moment(value.astimezone(UTC).replace(tzinfo=None, microsecond=0), precision, source, local_day)
    except (ValueError, OverflowError):
        return None


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


@lru_cache(maxsize=1)
def _months() -> dict[str, int]:
    """Month names of all languages; those that mean different months in different ones are left out."""
    found: dict[str, set[int]] = {}
    for names in _rules()["months"].values():
        for number, forms in enumerate(names, 1):
            for form in forms.split():
                found.setdefault(form, set()).add(number)
    return {name: numbers.pop() for name, numbers in found.items() if len(numbers) == 1}


@lru_cache(maxsize=1)
def _rules() -> dict[str, Any]:
    return tomllib.loads(Path(__file__).with_name("dates.toml").read_text(encoding="utf-8"))
