"""Reads dates as machines and as people write them.

A clock without a zone is worth a day, and so is midnight sharp: see `published`. What could be read in two
ways is not read at all.
"""

import re
import tomllib
from collections.abc import Iterable, Iterator
from datetime import UTC, datetime, timedelta, timezone
from functools import lru_cache
from pathlib import Path
from typing import Any

from gossi.crawler.extraction.dates.published import Moment, Precision

_LONGEST = 200
"""Characters of what may be a date: a byline with a place, a weekday and two times takes half of them. What
lies behind is not read, so that no writing of a stranger can cost time."""

_SECONDS = re.compile(r"(1\d{9})(?:\d{3}|\d{6}|\d{9})?(?:\.\d*)?")
"""Seconds since 1970, from 2001 to 2033, or their thousandths, millionths, billionths; or a fraction."""

_ISO = re.compile(
    r"(\d{4})-?(\d\d)-?(\d\d)"
    r"(?:[T ]\s?(\d\d):?(\d\d)(?::?(\d\d)(?:[.,]\d+)?)?\s?"
    # "GMT+0200", as scripts write it, is two hours before "GMT"; of "Z+02:00" nobody knows what is meant.
    r"((?:UTC|GMT)\s?[+-]\d{1,2}(?::?\d\d)?(?!\d)|(?:Z|UTC|GMT)(?!\s?[+-]?\d)"
    r"|[+-]\d\d:?\d\d|[+-]\d\d(?!\d))?)?",
    re.IGNORECASE,
)

_CLOCK = r"(\d{1,2}):(\d{1,2})(?::(\d{1,2})(?:\.\d+)?)?"
_ZONE = r"((?:UTC|GMT)?[+-]\d\d:?\d\d|[A-Z]{1,5}\b)?"
_WEEKDAY = r"\s*(?:[^\W\d_]{2,12}\.?[,\s]\s*)?"

# As mail has it (RFC 822, RFC 850), by programs that keep to none of them to the letter; and as Java has it.
_DAY_FIRST = re.compile(
    rf"{_WEEKDAY}(\d{{1,2}})[\s-]([^\W\d_]{{3,12}})\.?[\s-]"
    rf"(\d{{4}}(?!\d)|\d\d(?=$|,?\s+\d{{1,2}}:))(?:,?\s+{_CLOCK}\s*{_ZONE})?",
    re.IGNORECASE,
)
_MONTH_FIRST = re.compile(
    rf"{_WEEKDAY}([^\W\d_]{{3,12}})\.?\s(\d{{1,2}})\s(\d{{4}})\s+{_CLOCK}\s*{_ZONE}", re.IGNORECASE
)
_YEAR_AT_END = re.compile(
    rf"{_WEEKDAY}([^\W\d_]{{3,12}})\s+(\d{{1,2}})\s+{_CLOCK}\s+{_ZONE}\s*(\d{{4}})(?!\d)", re.IGNORECASE
)

# The name of a month: its first letter, then what is no sign that parts a date; a long word is passed over
# once. Hindi has signs in its names that are no letters.
_NAME = r"[^\W\d_][^\s\d.,،/()|:;\-–—]{1,14}"
# Arabic may give a month both of its names, with a stroke between or the second in brackets.
_WITH_MONTH = re.compile(
    rf"(?<!\d)(\d{{1,2}})(?:er|º|st|nd|rd|th|\.)?(?:[\s\-/]+|(?<=\.))(?:de\s+|of\s+|d['’])?({_NAME})"
    rf"(?:\s?[/(]\s?{_NAME}\)?)?\.?(?:[,،]\s*|[\s\-/]+|(?<=\.))(?:de\s+|del\s+)?((?:20|19)\d\d)(?!\d)"
    rf"|(?<![^\W\d_])({_NAME})\.?\s+(\d{{1,2}})(?:st|nd|rd|th)?(?:[,،]\s*|\s+)((?:20|19)\d\d)(?!\d)"
    rf"|(?<!\d)((?:20|19)\d\d)\.?,?\s+({_NAME})\.?\s+(\d{{1,2}})(?![\d:])"
)

_YEAR_LAST = re.compile(
    r"(?<!\d)(?<!\d[.,:/-])(\d{1,2})\s?([./-])\s?(\d{1,2})\s?\2\s?"
    # Without its century a year is the last number, and dashes may part one that begins with the year.
    r"((?:20|19)\d\d(?!\d)|(?<=[./\s])\d\d(?!\d|\s?[.,:/%-]\s?\d))"
)
_YEAR_FIRST = re.compile(
    r"(?<!\d)((?:20|19)\d\d)\s?(?:[./-]|年|년)\s?(\d{1,2})\s?(?:[./-]|月|월)\s?(\d{1,2})(?!\d)"
)

_NO_DATE = re.compile(r"\D*\d{1,2} [A-Za-z]{3} (?:-\d|0\d{3})")
"""What a program makes of no date ("30 Nov -0001"), which could be taken for the year 2000."""

_DIGITS = str.maketrans("٠١٢٣٤٥٦٧٨٩۰۱۲۳۴۵۶۷۸۹०१२३४५६७८९", "0123456789" * 3)

_OF_TWO_WORDS = re.compile(r"(كانون|تشرين)\s+(?:ال)?(أول|اول|ثاني)")
"""Months of two words in Syria, Lebanon, Iraq and Palestine."""


def parse_date(written: str, source: str) -> Moment | None:
    """A date as machines write it: ISO 8601, RFC 822 and 850, time since 1970; else as people write it."""
    written = written.strip()[:_LONGEST]
    if number := _SECONDS.fullmatch(written):
        return _instant(datetime.fromtimestamp(int(number[1]), UTC), "second", source)
    if match := _ISO.match(written):
        return _from_iso(match, source)
    if _NO_DATE.match(written):
        return None
    return _of_a_program(written, source) or parse_written_date(written, source)


def parse_written_date(written: str, source: str) -> Moment | None:
    """A date as people write it, to the day: "22 avril 2022 à 18h03", "April 22, 2022", "22. 4. 2022".

    Where day and month could change places (04/05/2022), it is none.
    """
    text = written[:_LONGEST].lower().translate(_DIGITS)
    text = _OF_TWO_WORDS.sub(r"\1_\2", text) if "ن " in text else text
    for match in _WITH_MONTH.finditer(text):
        groups = [group for group in match.groups() if group]
        name = next(group for group in groups if not group.isdecimal())
        one, other = (int(group) for group in groups if group is not name)
        if month := _months().get(name):
            return day_moment(max(one, other), month, min(one, other), source)
    if numbers := _YEAR_LAST.search(text):
        return _numeric(int(numbers[1]), int(numbers[3]), numbers[2], numbers[4], source)
    numbers = _YEAR_FIRST.search(text)
    return day_moment(int(numbers[1]), int(numbers[2]), int(numbers[3]), source) if numbers else None


def day_moment(year: int, month: int, day: int, source: str) -> Moment | None:
    """A day, None where there is no such day."""
    try:
        return Moment(datetime(year, month, day), "day", source)  # noqa: DTZ001 - a day has no zone
    except ValueError:
        return None


def parsed(values: Iterable[str | None], source: str) -> Iterator[Moment]:
    """The dates among values."""
    for value in values:
        moment = parse_date(value, source) if value else None
        if moment is not None:
            yield moment


@lru_cache(maxsize=4)
def meta_names(kind: str) -> frozenset[str]:
    """The names of meta elements that carry dates of a kind: `published`, `weak` or `modified`.

    They are letters and digits only: sites part the words by dots, colons, dashes, by capitals or not at all.
    """
    return frozenset(_rules()["meta"][kind])


@lru_cache(maxsize=1)
def date_words() -> re.Pattern[str]:
    """Words before dates; the group that matched says what of: `published` or `updated`."""
    groups = (f"(?P<{kind}>{'|'.join(words)})" for kind, words in _rules()["words"].items())
    return re.compile("|".join(groups), re.IGNORECASE)


def _of_a_program(written: str, source: str) -> Moment | None:
    if match := _DAY_FIRST.match(written):
        day, name, year, *clock, zone = match.groups()
    elif match := _MONTH_FIRST.match(written):
        name, day, year, *clock, zone = match.groups()
    elif match := _YEAR_AT_END.match(written):
        name, day, *clock, zone, year = match.groups()
    else:
        return None
    month = _months().get(name.lower())
    if month is None:
        return None
    hour, minute, second = clock
    full_year, told = _full_year(year), _zone(zone)
    if hour is None or told is None:
        return day_moment(full_year, month, int(day), source)
    try:
        value = datetime(full_year, month, int(day), int(hour), int(minute), int(second or 0), tzinfo=told)
    except ValueError:
        return None
    return _instant(value, "second" if second else "minute", source)


def _numeric(one: int, other: int, sign: str, year: str, source: str) -> Moment | None:
    """A date in numbers whose last one is the year."""
    # Dots are the day-first countries' own; dashes and slashes are everybody's.
    if one > 12 or one == other or sign == ".":
        return day_moment(_full_year(year), other, one, source)
    return day_moment(_full_year(year), one, other, source) if other > 12 else None


def _full_year(written: str) -> int:
    """A year of which the century may not be written: no page is from before the web."""
    year = int(written)
    return year if year > 99 else year + (1900 if year > 90 else 2000)


def _from_iso(match: re.Match[str], source: str) -> Moment | None:
    year, month, day, hour, minute, second, zone = match.groups()
    told = _zone(zone)
    if hour is None or told is None:
        return day_moment(int(year), int(month), int(day), source)
    try:
        value = datetime(
            int(year), int(month), int(day), int(hour), int(minute), int(second or 0), tzinfo=told
        )
    except ValueError:
        return None
    return _instant(value, "second" if second else "minute", source)


def _zone(written: str | None) -> timezone | None:
    """A zone by its distance from UTC or by its name; None where nobody knows which is meant."""
    if not written:
        return None
    digits = re.sub(r"\D", "", written)
    if not digits:
        hours_apart = _rules()["zones"].get(written.upper())
        return None if hours_apart is None else timezone(timedelta(hours=hours_apart))
    hours, minutes = (digits[:-2], digits[-2:]) if len(digits) > 2 else (digits, "0")
    apart = timedelta(hours=int(hours), minutes=int(minutes))
    try:
        return timezone(-apart if "-" in written else apart)
    except ValueError:
        return None


def _instant(value: datetime, precision: Precision, source: str) -> Moment | None:
    """A time with its zone; midnight sharp in that zone is the day."""
    if (value.hour, value.minute, value.second) == (0, 0, 0):
        return day_moment(value.year, value.month, value.day, source)
    local_day = value.date() if value.utcoffset() else None
    try:
        return Moment(value.astimezone(UTC).replace(tzinfo=None, microsecond=0), precision, source, local_day)
    except (ValueError, OverflowError):
        return None


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
