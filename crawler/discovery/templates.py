"""The sitemaps that an address with parts of a date in it stands for: one for each year, month or day."""

from collections.abc import Iterator
from datetime import date, timedelta

from gossi.crawler.study.sources import DATE_PARTS, Window


def expanded(address: str, window: Window, today: date) -> list[str]:
    """The address for each day of the window until today, each once, in order; without dates, itself."""
    if not any(part in address for part in DATE_PARTS):
        return [address]
    return list(dict.fromkeys(_filled(address, day) for day in _days(window.first, min(window.last, today))))


def _days(first: date, last: date) -> Iterator[date]:
    return (first + timedelta(days=n) for n in range((last - first).days + 1))


def _filled(address: str, day: date) -> str:
    written = (f"{day:%Y}", f"{day:%y}", f"{day:%m}", str(day.month), f"{day:%d}", str(day.day))
    for part, number in zip(DATE_PARTS, written, strict=True):
        address = address.replace(part, number)
    return address
