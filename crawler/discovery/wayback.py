"""The Internet Archive: finds pages by its CDX server, and the address of a page's raw capture.

A capture says when a page was seen, never when it was published: candidates from here have no date.
"""

import json
import re
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from urllib.parse import quote_plus, urlencode

from gossi.crawler.discovery.candidate import Candidate
from gossi.crawler.discovery.url_words import UrlWords
from gossi.crawler.study.sources import Wayback, Window
from gossi.crawler.web.urls import clean_url, is_web_address, without_usual_port

ROWS = 10_000
"""Rows asked for at once: at some 150 bytes each, below any sensible `max_bytes`; a resume key leads on."""

# A page of the window may be captured for the first time much later.
_LATE = timedelta(days=365)
# Captures of two weeks of a large domain are answered for: whoever cannot do that has another reason.
_SHORTEST = timedelta(days=14)
# Without the key of each URL the server's resume keys lead past most rows (github.com, project
# internetarchive/wayback, issue 121).
_FIELDS = ("timestamp", "original", "statuscode", "urlkey")
_TIMESTAMP = re.compile(r"[0-9]{14}")
# What stands in the place of a status where the archive kept none: it met again what it had already.
_NO_STATUS = "-"
# Zones differ by up to 14 hours: a page may be captured on the day before its own date.
_SLACK = timedelta(days=1)
_RAW = re.compile(r"(?P<time>\d{14})id_/(?P<url>https?:/{1,2}.+)", re.DOTALL)


@dataclass(frozen=True)
class Capture:
    """A URL as the archive kept it; `time` is UTC without a zone.

    `whole` is whether it was answered with 200: where the archive does not say, it may have been.
    """

    url: str
    time: datetime
    whole: bool = True


@dataclass
class CdxRead:
    """A page of the CDX server's answer; `resume_key` leads to the next one, "" ends it."""

    captures: list[Capture] = field(default_factory=list)
    resume_key: str = ""


def captured_in(window: Window) -> Window:
    """The days on which a page of the window may have been captured for the first time."""
    return Window(first=window.first, last=window.last + _LATE)


def halves(days: Window) -> list[Window]:
    """Both halves of a stretch of days; none where they would be shorter than two weeks."""
    half = (days.last - days.first) // 2
    if half < _SHORTEST:
        return []
    middle = days.first + half
    return [Window(first=days.first, last=middle), Window(first=middle + timedelta(days=1), last=days.last)]


def search_address(
    settings: Wayback, place: str, words: UrlWords, captured: Window, resume_key: str = ""
) -> str:
    """Asks for the first whole capture in these days of each URL of a place that names the topic.

    A host stands for itself and its subdomains, a host with a path for what begins so.
    """
    query = [
        ("url", place),
        ("matchType", "prefix" if "/" in place else "domain"),
        ("from", f"{captured.first:%Y%m%d}"),
        ("to", f"{captured.last:%Y%m%d}"),
        ("output", "json"),
        ("fl", ",".join(_FIELDS)),
        ("filter", "statuscode:200"),
        ("filter", f"original:{words.pattern}"),
        ("collapse", "urlkey"),
        ("limit", str(ROWS)),
        ("showResumeKey", "true"),
    ]
    # A resume key is encoded in the answer already, and goes back as it came.
    key = f"&resumeKey={resume_key}" if resume_key else ""
    return f"{settings.cdx}?{urlencode(query, quote_via=quote_plus)}{key}"


def lookup_address(settings: Wayback, url: str) -> str:
    """Asks for the captures of one URL that were answered whole, at most one a day."""
    query = [
        ("url", url),
        ("output", "json"),
        ("fl", ",".join(_FIELDS)),
        ("filter", "statuscode:200"),
        ("collapse", "timestamp:8"),
        ("limit", str(ROWS)),
    ]
    return f"{settings.cdx}?{urlencode(query)}"


def read_cdx(body: bytes) -> CdxRead | None:
    """Read the CDX server's answer; None where it is none.

    JSON is asked for, and the rows as plain text are understood too. Only JSON says in so many words that
    there are no captures: an empty body is what a server in trouble sends as well.
    """
    text = body.decode("utf-8", "replace")
    rows = _json_rows(text) if text.lstrip().startswith("[") else _text_rows(text)
    if rows is None:
        return None
    key = ""
    # The key stands behind an empty row; a lone word elsewhere is something else.
    if len(rows) > 1 and rows[-2] == [] and len(rows[-1]) == 1:
        key = rows[-1][0]
        del rows[-2:]
    if not all(_is_of_the_fields(row) for row in rows):
        return None
    return CdxRead([capture for row in rows if (capture := _capture(row))], key)


def _json_rows(text: str) -> list[list[str]] | None:
    """The rows without the header."""
    try:
        rows = json.loads(text)
    except (ValueError, RecursionError):
        return None
    if not all(isinstance(row, list) and all(isinstance(cell, str) for cell in row) for row in rows):
        return None
    return list(rows[1:] if rows and rows[0] == list(_FIELDS) else rows)


def _text_rows(text: str) -> list[list[str]] | None:
    """The rows; None where there are none."""
    lines = text.strip().split("\n") if text.strip() else []
    return [line.strip().split(" ") if line.strip() else [] for line in lines] or None


def _is_of_the_fields(row: list[str]) -> bool:
    if len(row) != len(_FIELDS):
        return False
    time, _, status, _ = row
    return bool(_TIMESTAMP.fullmatch(time)) and (status == _NO_STATUS or status.isdecimal())


def _capture(row: list[str]) -> Capture | None:
    """The capture of a row; None for one that is of no use, also where a server passed over the filter."""
    time, url, status = _time(row[0]), without_usual_port(row[1]), row[2]
    if time is None or status not in {"200", _NO_STATUS} or not is_web_address(url):
        return None
    return Capture(url, time, whole=status != _NO_STATUS)


def by_nearness(captures: Iterable[Capture], when: datetime) -> list[Capture]:
    """Whole captures first, then the nearest to a time; of two, the earlier."""
    return sorted(captures, key=lambda capture: (not capture.whole, abs(capture.time - when), capture.time))


def since(captures: Iterable[Capture], published: datetime) -> list[Capture]:
    """The captures that can be of a page with this date: before it, something else stood at the address."""
    return [capture for capture in captures if capture.time >= published - _SLACK]


def raw_address(settings: Wayback, capture: Capture) -> str:
    """Where the capture is to be had as it was answered: without the archive's banner and links."""
    return f"{settings.replay}{capture.time:%Y%m%d%H%M%S}id_/{capture.url}"


def capture_at(settings: Wayback, address: str) -> Capture | None:
    """The capture that an address of the archive stands for; None for any other address."""
    if not address.startswith(settings.replay):
        return None
    found = _RAW.fullmatch(address[len(settings.replay) :])
    time = _time(found["time"]) if found else None
    if not found or not time:
        return None
    # Some clients and proxies fold the two slashes in a path into one.
    url = re.sub(r"^(https?):/+", r"\1://", found["url"])
    return Capture(without_usual_port(url), time)


def candidates(settings: Wayback, read: CdxRead, words: UrlWords, outlet_id: str) -> list[Candidate]:
    """A candidate for each capture whose URL names the topic: also where a server passed over the filter."""
    whole = {capture.url for capture in read.captures if capture.whole}
    return [
        Candidate(
            clean_url(capture.url),
            outlet_id,
            "wayback",
            settings.cdx,
            archived=raw_address(settings, capture),
        )
        for capture in read.captures
        if words.named_in(capture.url) and (capture.whole or capture.url not in whole)
    ]


def _time(digits: str) -> datetime | None:
    try:
        return datetime.strptime(digits, "%Y%m%d%H%M%S").replace(tzinfo=UTC).replace(tzinfo=None)
    except ValueError:
        return None


def is_search(settings: Wayback, url: str) -> bool:
    """Whether a captured URL is a question to the CDX server."""
    return url.startswith(f"{settings.cdx}?")
