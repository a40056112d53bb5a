"""Reads sitemaps, sitemap indexes and news sitemaps, and leaves out what lies outside the study's window."""

import gzip
import zlib
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from datetime import date, timedelta
from io import BytesIO
from typing import NamedTuple

from lxml import etree

from gossi.crawler.discovery.candidate import Candidate, stated_time
from gossi.crawler.discovery.feeds import FEED_ROOTS, entries_of
from gossi.crawler.discovery.periods import Period, periods
from gossi.crawler.discovery.url_words import UrlWords, marked
from gossi.crawler.discovery.xml import as_utf8, breaks_off, child_text, local_name, parse_xml
from gossi.crawler.extraction.dates.url_dates import days_of_page
from gossi.crawler.study.sources import Window
from gossi.crawler.web.urls import clean_url

# The protocol's own limit for one sitemap, unpacked (sitemaps.org: 50 MB).
MAX_UNPACKED = 52_428_800
# A page may be changed long after the window but not before it; a day is for time zones.
_SLACK = timedelta(days=1)
# Bytes unpacked at a time; between two of them it shows whether there is more.
_PIECE = 1_000_000


@dataclass
class SitemapRead:
    """What a sitemap gave: candidates, further sitemaps, and how many entries lay outside the window.

    `of_window` are the further sitemaps whose address or last change lies in the window; of the others
    nothing is known. `nameless` counts entries without an address. `cut`: it was larger than MAX_UNPACKED,
    and what lies behind was not read. `torn`: it breaks off before its end.
    """

    candidates: list[Candidate] = field(default_factory=list)
    sitemaps: list[str] = field(default_factory=list)
    of_window: set[str] = field(default_factory=set)
    pruned: int = 0
    nameless: int = 0
    cut: bool = False
    torn: bool = False


_Days = tuple[date, date, bool] | None
"""The first and last day that an address tells, and whether that is sure."""


class _Entry(NamedTuple):
    """An entry of a sitemap: its address or "", its last change, its publication, its title."""

    url: str
    changed: date | None
    news: str
    title: str = ""


def unpack(body: bytes) -> bytes:
    """The body, gunzipped where it is gzip; at most MAX_UNPACKED bytes, so a gzip bomb stays small."""
    if body[:2] != b"\x1f\x8b":
        return body
    unpacked = bytearray()
    try:
        with gzip.GzipFile(fileobj=BytesIO(body)) as packed:
            while len(unpacked) < MAX_UNPACKED and (piece := packed.read1(_PIECE)):
                unpacked += piece
    except gzip.BadGzipFile:
        pass  # such as a line end behind the end; everything before it was unpacked
    except (OSError, EOFError, zlib.error):
        return b""
    return bytes(unpacked[:MAX_UNPACKED])


def read_sitemap(
    body: bytes, url: str, outlet_id: str, window: Window, words: UrlWords | None = None
) -> SitemapRead | None:
    """Read a sitemap, an index, or a feed in place of one; None where the body is none of them.

    Candidates are marked that have the topic's `words`.
    """
    body = unpack(body)
    cut = len(body) >= MAX_UNPACKED
    body = as_utf8(body)
    read = _read(body, url, outlet_id, window, words)
    if read is not None:
        read.cut, read.torn = cut, not cut and breaks_off(body)
    return read


def _read(
    body: bytes, url: str, outlet_id: str, window: Window, words: UrlWords | None
) -> SitemapRead | None:
    root = parse_xml(body)
    kind = "" if root is None else local_name(root)
    if root is not None and kind in FEED_ROOTS:
        found = entries_of(root, url, outlet_id, words)
        return SitemapRead(found, nameless=found.nameless)
    if root is None or kind not in {"urlset", "sitemapindex"}:
        lines = body.decode("utf-8", "replace").split()
        if not lines or not all(line.startswith(("http://", "https://")) for line in lines):
            return None
        entries = [_Entry(clean_url(line, url), None, "") for line in lines]
    else:
        entries = list(_entries(root, url))
    named = [entry for entry in entries if entry.url]
    index = kind == "sitemapindex"
    read = _sitemaps(named, window) if index else _pages(named, url, outlet_id, window, words)
    read.nameless = len(entries) - len(named)
    return read


def _entries(root: etree._Element, url: str) -> Iterator[_Entry]:
    for entry in root.iter():
        # Not the root's children alone: behind an entry that is not closed the others lie within it.
        if local_name(entry) not in {"url", "sitemap"}:
            continue
        location = child_text(entry, "loc") or _bare_address(entry)
        news = next((child for child in entry if local_name(child) == "news"), None)
        published = "" if news is None else child_text(news, "publication_date")
        title = "" if news is None else child_text(news, "title")
        changed, _ = stated_time(child_text(entry, "lastmod"), "sitemap")
        address = clean_url(location, url) if location else ""
        yield _Entry(address, changed.date() if changed else None, published, title)


def _bare_address(entry: etree._Element) -> str:
    """The address of an entry that has no element for it."""
    text = (entry.text or "").strip()
    return text if text.startswith(("http://", "https://")) else ""


def _pages(
    entries: Sequence[_Entry], url: str, outlet_id: str, window: Window, words: UrlWords | None
) -> SitemapRead:
    read = SitemapRead()
    of_all = periods([url])[0]
    for entry in entries:
        published, precision = stated_time(entry.news, "sitemap")
        if published is not None:
            day = None
            outside = not _touches(published.date(), published.date(), window)
        else:
            days = days_of_page(entry.url)
            day = days[0] if days else _changed_or_named(entry, of_all)
            outside = _is_older(entry, window) or _lies_elsewhere(entry, days, window)
        if outside:
            read.pruned += 1
            continue
        found_by = "news_sitemap" if published else "sitemap"
        found = Candidate(entry.url, outlet_id, found_by, url, published, precision, day=day)
        read.candidates.append(marked(found, entry.title, words))
    return read


def _changed_or_named(entry: _Entry, of_all: Period | None) -> date | None:
    """The day of an entry's last change, but where the sitemap's address tells others: then their first."""
    if of_all is None or (entry.changed and of_all.first <= entry.changed <= of_all.last):
        return entry.changed
    return of_all.first


def _sitemaps(entries: Sequence[_Entry], window: Window) -> SitemapRead:
    read = SitemapRead()
    for entry, period in zip(entries, periods([entry.url for entry in entries]), strict=True):
        days = (period.first, period.last, period.sure) if period else None
        if _is_older(entry, window) or _lies_elsewhere(entry, days, window):
            read.pruned += 1
            continue
        changed_then = entry.changed is not None and _touches(entry.changed, entry.changed, window)
        named_then = days is not None and _touches(*days[:2], window)
        read.sitemaps.append(entry.url)
        if changed_then or named_then:
            read.of_window.add(entry.url)
    return read


def of_window(urls: Sequence[str], window: Window) -> set[str]:
    """Those sitemaps of an index that by their addresses are of the window."""
    return _sitemaps([_Entry(url, None, "") for url in urls], window).of_window


def _is_older(entry: _Entry, window: Window) -> bool:
    """Whether it was not changed since before the window began: then all of it is older."""
    return entry.changed is not None and entry.changed < window.first - _SLACK


def _lies_elsewhere(entry: _Entry, days: _Days, window: Window) -> bool:
    """Whether its address names days outside the window; a later change outweighs a number that is unsure."""
    if days is None:
        return False
    first, last, sure = days
    return (sure or entry.changed is None) and not _touches(first, last, window)


def _touches(first: date, last: date, window: Window) -> bool:
    return first <= window.last + _SLACK and window.first - _SLACK <= last
