"""The Internet Archive: finds pages by its CDX server, and the address of a page's raw capture.

A capture says when a page was seen, never when it was published: candidates from here have no date.
"""

import json
import re
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from urllib.parse import quote_plus, urlencode, urlsplit, urlunsplit

from crawler.discovery.candidate import Candidate, clean_url, is_web_address
from crawler.discovery.url_words import UrlWords
from crawler.study import Wayback, Window

ROWS = 10_000
"""Rows asked for at once: at some 150 bytes each, below any sensible `max_bytes`; a resume key leads on."""

# A page of the window may be captured for the first time much later.
_LATE = timedelta(days=365)
_FIELDS = ("timestamp", "original", "statuscode", "mimetype")
_RAW = re.compile(r"(?P<time>\d{14})id_/(?P<url>https?:/{1,2}.+)", re.DOTALL)


@dataclass(frozen=True)
class Capture:
    """A URL as the archive kept it; `time` is UTC without a zone."""

    url: str
    time: datetime


@dataclass
class CdxRead:
    """A page of the CDX server's answer; `resume_key` leads to the next one, "" ends it."""

    captures: list[Capture] = field(default_factory=list)
    resume_key: str = ""


def search_address(
    settings: Wayback, place: str, words: UrlWords, window: Window, resume_key: str = ""
) -> str:
    """Asks for the first whole capture of each URL of a place that names the topic.

    A host stands for itself and its subdomains, a host with a path for what begins so.
    """
    query = [
        ("url", place),
        ("matchType", "prefix" if "/" in place else "domain"),
        ("from", f"{window.first:%Y%m%d}"),
        ("to", f"{window.last + _LATE:%Y%m%d}"),
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
    """Read the CDX server's answer, JSON or plain text; None where it is neither."""
    text = body.decode("utf-8", "replace").strip()
    rows = _json_rows(text) if text.startswith("[") else _text_rows(text)
    if rows is None:
        return None
    read = CdxRead()
    for row in rows:
        if len(row) == 1:
            read.resume_key = row[0]
        elif row and (capture := _capture(row)):
            read.captures.append(capture)
    return read


def _json_rows(text: str) -> list[list[str]] | None:
    """The rows without the header; an empty one stands before a resume key."""
    try:
        rows = json.loads(text)
    except (ValueError, RecursionError):
        return None
    if not all(isinstance(row, list) and all(isinstance(cell, str) for cell in row) for row in rows):
        return None
    return list(rows[1:] if rows and rows[0][:1] == [_FIELDS[0]] else rows)


def _text_rows(text: str) -> list[list[str]] | None:
    rows = [line.split(" ") for line in text.splitlines() if line.strip()]
    # An error page is neither rows of four fields nor a lone key behind them.
    captures = rows[:-1] if rows and len(rows[-1]) == 1 else rows
    return rows if all(len(row) == len(_FIELDS) and row[0].isdigit() for row in captures) else None


def _capture(row: list[str]) -> Capture | None:
    time = _time(row[0])
    url = without_usual_port(row[1]) if len(row) > 1 else ""
    return Capture(url, time) if time and is_web_address(url) else None


def nearest(captures: Iterable[Capture], when: datetime) -> Capture | None:
    """The capture nearest to a time; of two, the earlier."""
    return min(captures, key=lambda capture: (abs(capture.time - when), capture.time), default=None)


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
    return [
        Candidate(
            clean_url(capture.url),
            outlet_id,
            "wayback",
            settings.cdx,
            archived=raw_address(settings, capture),
        )
        for capture in read.captures
        if words.named_in(capture.url)
    ]


def without_usual_port(url: str) -> str:
    """The URL without ":80" or ":443" where that is its scheme's own; some archives write them out."""
    try:
        parts = urlsplit(url)
        usual = {"http": 80, "https": 443}.get(parts.scheme)
        if parts.port is None or parts.port != usual:
            return url
    except ValueError:
        return ""
    return urlunsplit(parts._replace(netloc=parts.netloc.rpartition(":")[0]))


def _time(digits: str) -> datetime | None:
    try:
        return datetime.strptime(digits, "%Y%m%d%H%M%S").replace(tzinfo=UTC).replace(tzinfo=None)
    except ValueError:
        return None


def is_search(settings: Wayback, url: str) -> bool:
    """Whether a captured URL is a question to the CDX server."""
    return url.startswith(f"{settings.cdx}?")
