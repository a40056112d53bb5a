"""Reads sitemaps, sitemap indexes and news sitemaps, and leaves out what lies outside the study's window."""

import gzip
import re
import zlib
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import date, timedelta
from io import BytesIO

from lxml import etree

from crawler.discovery.candidate import Candidate, clean_url, stated_time
from crawler.discovery.xml import child_text, local_name, parse_xml
from crawler.study import Window

# The protocol's own limit for one sitemap, unpacked (sitemaps.org: 50 MB).
MAX_UNPACKED = 52_428_800
# A page may be changed long after the window but not before it; a day is for time zones.
_SLACK = timedelta(days=1)
_YEAR_MONTH = re.compile(
    r"(?<!\d)(19[89]\d|20\d\d)[-_/]?(0[1-9]|1[0-2])(?:[-_/]?(0[1-9]|[12]\d|3[01]))?(?!\d)"
)


@dataclass
class SitemapRead:
    """What a sitemap gave: candidates, further sitemaps, and how many entries lay outside the window.

    `cut`: it was larger than MAX_UNPACKED, and what lies behind was not read.
    """

    candidates: list[Candidate] = field(default_factory=list)
    sitemaps: list[str] = field(default_factory=list)
    pruned: int = 0
    cut: bool = False


def unpack(body: bytes) -> bytes:
    """The body, gunzipped where it is gzip; at most MAX_UNPACKED bytes, so a gzip bomb stays small."""
    if body[:2] != b"\x1f\x8b":
        return body
    try:
        with gzip.GzipFile(fileobj=BytesIO(body)) as unpacked:
            return unpacked.read(MAX_UNPACKED)
    except (OSError, EOFError, zlib.error):
        return b""


def read_sitemap(body: bytes, url: str, outlet_id: str, window: Window) -> SitemapRead | None:
    """Read a sitemap or index; None where the body is neither."""
    body = unpack(body)
    root = parse_xml(body)
    kind = "" if root is None else local_name(root)
    if kind not in {"urlset", "sitemapindex"}:
        lines = body.decode("utf-8", "replace").split()
        if not lines or not all(line.startswith(("http://", "https://")) for line in lines):
            return None
        kind, entries = "text", iter([(line, "", "") for line in lines])
    else:
        entries = _entries(root)
    read = SitemapRead(cut=len(body) >= MAX_UNPACKED)
    for location, changed, news in entries:
        target = clean_url(location, url)
        if not _may_hold_window(target, changed, news, window):
            read.pruned += 1
        elif kind == "sitemapindex":
            read.sitemaps.append(target)
        else:
            published, precision = stated_time(news, "sitemap")
            found_by = "news_sitemap" if published else "sitemap"
            read.candidates.append(Candidate(target, outlet_id, found_by, url, published, precision))
    return read


def _entries(root: etree._Element) -> Iterator[tuple[str, str, str]]:
    for entry in root:
        location = child_text(entry, "loc")
        if location:
            news = next(
                (child_text(child, "publication_date") for child in entry if local_name(child) == "news"), ""
            )
            yield location, child_text(entry, "lastmod"), news


def _may_hold_window(url: str, changed: str, news: str, window: Window) -> bool:
    """False only where the dates at hand rule the window out."""
    published, _ = stated_time(news, "sitemap")
    if published is not None:
        return window.first - _SLACK <= published.date() <= window.last + _SLACK
    last_change, _ = stated_time(changed, "sitemap")
    if last_change is not None and last_change.date() < window.first - _SLACK:
        return False
    named = _named_days(url)
    if named is None:
        return True
    first, last = named
    return window.first - _SLACK <= last and first <= window.last + _SLACK


def _named_days(url: str) -> tuple[date, date] | None:
    """The first and last day that a date in the URL stands for."""
    found = _YEAR_MONTH.search(url)
    if not found:
        return None
    year, month, day = int(found[1]), int(found[2]), found[3]
    try:
        if day:
            return date(year, month, int(day)), date(year, month, int(day))
    except ValueError:
        return None
    following = date(year + month // 12, month % 12 + 1, 1)
    return date(year, month, 1), following - timedelta(days=1)
