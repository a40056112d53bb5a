"""Common Crawl: finds pages by the index of a collection, and where their records lie in its WARC files."""

import json
import re
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from typing import NamedTuple
from urllib.parse import urlencode

from gossi.crawler.characters import whole
from gossi.crawler.discovery.candidate import CUT_OFF, Candidate
from gossi.crawler.discovery.url_words import UrlWords
from gossi.crawler.study.sources import CommonCrawl, Window
from gossi.crawler.web.urls import clean_url, is_web_address

# What is published on the window's last days is met by the next crawl: there is one every month or two.
_LATE = timedelta(days=60)
# How long a crawl takes at most, where only its week is known.
_CRAWL = timedelta(days=21)
_WEEK = re.compile(r"CC-MAIN-(\d{4})-(\d\d)")
_BYTES = "#bytes="
# The largest record that may be asked for: Common Crawl cuts pages at 1 MiB, lately 5 (its errata).
MAX_RECORD = 10_000_000


@dataclass(frozen=True)
class Collection:
    """A crawl that can be searched; `address` is its index."""

    id: str
    address: str


def listing_address(settings: CommonCrawl) -> str:
    """Where all collections are named."""
    return f"{settings.index}/collinfo.json"


def configured(settings: CommonCrawl) -> list[Collection]:
    """The collections that sources.toml names."""
    return [Collection(name, f"{settings.index}/{name}-index") for name in settings.collections]


def read_collections(settings: CommonCrawl, body: bytes, window: Window) -> list[Collection] | None:
    """The collections crawled in the window or soon after it, oldest first; None where it is no list.

    An empty one is none: the index has answered so when it was in trouble (github.com, project
    commoncrawl/cdx_toolkit, issue 24).
    """
    try:
        listed = json.loads(body)
    except (ValueError, RecursionError):
        return None
    if not isinstance(listed, list) or not listed:
        return None
    chosen = {}
    for entry in listed:
        if isinstance(entry, dict) and isinstance(entry.get("id"), str) and (days := _crawled(entry)):
            first, last = days
            if window.first <= last and first <= window.last + _LATE:
                address = entry.get("cdx-api") or f"{settings.index}/{entry['id']}-index"
                chosen[entry["id"]] = (first, Collection(entry["id"], str(address)))
    return [collection for _, collection in sorted(chosen.values(), key=lambda item: (item[0], item[1].id))]


def _crawled(entry: dict[str, object]) -> tuple[date, date] | None:
    """The first and last day of a crawl, as it says itself, else by the week in its name."""
    try:
        return tuple(datetime.fromisoformat(str(entry[key])).date() for key in ("from", "to"))  # type: ignore[return-value]
    except (KeyError, ValueError):
        found = _WEEK.match(str(entry["id"]))
    try:
        return (day := date.fromisocalendar(int(found[1]), int(found[2]), 1), day + _CRAWL) if found else None
    except ValueError:
        return None


def search_address(collection: Collection, place: str, words: UrlWords, page: int | None) -> str:
    """Asks for a page of the index of a place, or (page None) for how many pages there are.

    A host stands for itself and its subdomains, a host with a path for what begins so.
    """
    query = [("url", place), ("matchType", "prefix" if "/" in place else "domain"), ("output", "json")]
    if page is None:
        return f"{collection.address}?{urlencode([*query, ('showNumPages', 'true')])}"
    query += [("filter", "=status:200"), ("filter", f"~url:{words.pattern}"), ("page", str(page))]
    return f"{collection.address}?{urlencode(query)}"


def read_page_count(body: bytes) -> int | None:
    """How many pages an index has for a place; None where the body does not say."""
    try:
        told = json.loads(body)
        pages = told["pages"] if isinstance(told, dict) else told
        return max(0, int(pages))
    except (ValueError, KeyError, TypeError, OverflowError, RecursionError):
        return None


def nothing_found(status: int, body: bytes) -> bool:
    """Whether a 404 of the index means that it has nothing for the question."""
    return status == 404 and b"No Captures found" in body


@dataclass
class IndexRead:
    """A page of an index: a candidate for each URL that names the topic, and how many rows were no rows."""

    candidates: list[Candidate] = field(default_factory=list)
    rows: int = 0
    broken: int = 0


def read_index(
    settings: CommonCrawl, body: bytes, address: str, words: UrlWords, outlet_id: str
) -> IndexRead | None:
    """The page of an index; None where there is no row in it.

    The record of a URL is the earliest whole one. Where each was cut off, there is still something to tell:
    that the page was there and cannot be read.
    """
    found: dict[str, tuple[tuple[bool, str], Candidate]] = {}
    read = IndexRead()
    for line in body.decode("utf-8", "replace").split("\n"):
        if not line.strip():
            continue
        row = _row(line)
        if row is None:
            read.broken += 1
            continue
        read.rows += 1
        readable = row.status == "200" and row.first >= 0 and 0 < row.length <= MAX_RECORD
        if not readable or not is_web_address(row.url) or not words.named_in(row.url):
            continue
        place = f"{row.first}-{row.first + row.length - 1}{CUT_OFF * row.is_cut}"
        archived = f"{settings.data}/{row.file}{_BYTES}{place}"
        candidate = Candidate(row.url, outlet_id, "commoncrawl", address, archived=archived)
        rank = (row.is_cut, row.time)
        if row.url not in found or rank < found[row.url][0]:
            found[row.url] = (rank, candidate)
    read.candidates = [candidate for _, candidate in found.values()]
    return None if read.broken and not read.rows else read


class _Row(NamedTuple):
    url: str
    time: str
    status: str
    file: str
    first: int
    length: int
    is_cut: bool


def _row(line: str) -> _Row | None:
    try:
        row = json.loads(line)
        return _Row(
            clean_url(row["url"]),
            str(row["timestamp"]),
            str(row.get("status", "200")),
            whole(str(row["filename"])),
            int(row["offset"]),
            int(row["length"]),
            row.get("truncated") not in {None, "", "-"},
        )
    except (ValueError, KeyError, TypeError, AttributeError, OverflowError, RecursionError):
        return None


def byte_range(archived: str) -> tuple[str, str] | None:
    """The file and the Range header by which a record is fetched; None for another address."""
    file, mark, positions = archived.removesuffix(CUT_OFF).partition(_BYTES)
    return (file, f"bytes={positions}") if mark else None


def was_cut(archived: str) -> bool:
    """Whether the index said of a record that its page was cut off."""
    return _BYTES in archived and archived.endswith(CUT_OFF)


def is_search(settings: CommonCrawl, url: str) -> bool:
    """Whether a captured URL is a question to the index."""
    return url.startswith(f"{settings.index}/")


def is_record(settings: CommonCrawl, url: str, status: int) -> bool:
    """Whether a captured answer is a part of one of the WARC files."""
    return status == 206 and url.startswith(f"{settings.data}/")
