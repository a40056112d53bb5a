"""GDELT's DOC 2.0 article list: what the world's press wrote, in slices of time below the list's cap.

It finds candidates and is no denominator: nobody knows what it passed over. The time at which it saw an
article is not that of publication, so candidates from here have no date.
"""

import json
import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from datetime import datetime, time, timedelta
from urllib.parse import urlencode

from gossi.crawler.discovery.candidate import Candidate
from gossi.crawler.study.sources import Gdelt, Window
from gossi.crawler.web.urls import clean_url, host_of, is_web_address

CAP = 250
"""The most articles that one answer holds (GDELT DOC 2.0, maxrecords); so many mean that some are missing."""

# GDELT meets most articles within minutes; what its sources bring late is there within days.
_SETTLED = timedelta(days=2)
# "Please limit requests to one every 5 seconds or contact …", as plain text, mostly with status 200.
_TOO_OFTEN = b"limit requests to one every"
# Titles are put into the answer as they are: a backslash may begin nothing that JSON knows.
_BACKSLASH = re.compile(r'\\(["\\/bfnrt]|u[0-9a-fA-F]{4})?')
# Quotes in them may be left as they are, so that the whole is no JSON; the addresses are there nonetheless.
_ADDRESS = re.compile(r'[{,]\s*"url"\s*:\s*("(?:[^"\\]|\\.)*")')
_LIST = re.compile(r'\{\s*"articles"\s*:\s*\[.*\]\s*\}', re.DOTALL)


@dataclass(frozen=True)
class Slice:
    """A query over a stretch of time, both ends included: UTC without a zone."""

    query: str
    first: datetime
    last: datetime

    def halves(self, minutes: int) -> tuple["Slice", "Slice"] | None:
        """Both halves; None where they would be shorter than `minutes`."""
        half = (self.last - self.first) // 2
        if half < timedelta(minutes=minutes):
            return None
        middle = (self.first + half).replace(microsecond=0)
        return (
            Slice(self.query, self.first, middle),
            Slice(self.query, middle + timedelta(seconds=1), self.last),
        )

    def settled(self, now: datetime) -> bool:
        """Whether it lies so far back that its articles have all been taken in."""
        return self.last < now - _SETTLED


def slices(settings: Gdelt, window: Window, now: datetime) -> Iterator[Slice]:
    """The slices of each query over the window, as far as it is past."""
    end = datetime.combine(window.last, time(23, 59, 59))
    step = timedelta(days=settings.slice_days)
    for query in settings.queries:
        first = datetime.combine(window.first, time())
        while first <= min(end, now):
            yield Slice(query, first, min(end, first + step - timedelta(seconds=1)))
            first += step


def search_address(settings: Gdelt, part: Slice) -> str:
    """Asks for the articles of a slice."""
    query = {
        "query": part.query,
        "mode": "ArtList",
        "format": "json",
        "maxrecords": CAP,
        "sort": "DateAsc",
        "startdatetime": f"{part.first:%Y%m%d%H%M%S}",
        "enddatetime": f"{part.last:%Y%m%d%H%M%S}",
    }
    return f"{settings.server}?{urlencode(query)}"


@dataclass
class Articles:
    """What an answer lists: `records` counts also those without an address that can be used."""

    records: int = 0
    urls: list[str] = field(default_factory=list)

    @property
    def is_full(self) -> bool:
        """Whether there may be more than the answer holds."""
        return self.records >= CAP

    def __str__(self) -> str:
        """A word on it for a person."""
        unusable = self.records - len(self.urls)
        return f"{self.records} articles" + (f", {unusable} of them without an address" if unusable else "")


def is_asked_too_often(body: bytes) -> bool:
    """Whether an answer is GDELT's request to ask less often."""
    return _TOO_OFTEN in body[:200].lower()


def read_articles(body: bytes) -> Articles | None:
    """The articles of an answer; None where it is none: GDELT tells errors as plain text."""
    text = body.decode("utf-8", "replace").strip()
    try:
        told = json.loads(_BACKSLASH.sub(lambda found: found[0] if found[1] else r"\\", text), strict=False)
    except RecursionError:
        return None
    except ValueError:
        return _addresses_alone(text)
    # An empty object is how it says that there are none; another without a list says something else.
    listed = [] if told == {} else told.get("articles") if isinstance(told, dict) else None
    if not isinstance(listed, list):
        return None
    urls = (clean_url(str(item.get("url") or "")) for item in listed if isinstance(item, dict))
    return Articles(len(listed), [url for url in urls if is_web_address(url)])


def _addresses_alone(text: str) -> Articles | None:
    """The addresses in an answer that a title spoils; None where it is no list of articles, or breaks off."""
    if not _LIST.fullmatch(text):
        return None
    urls = []
    for found in _ADDRESS.finditer(text):
        try:
            urls.append(clean_url(json.loads(found[1])))
        except ValueError:
            urls.append("")
    return Articles(len(urls), [url for url in urls if is_web_address(url)])


def candidates(urls: list[str], address: str, owner: Callable[[str], str | None]) -> list[Candidate]:
    """A candidate for each URL: of the outlet that `owner` knows for it, else of its host and not listed."""
    found = []
    for url in urls:
        outlet_id = owner(url)
        found.append(
            Candidate(
                url, outlet_id or host_of(url) or "unknown", "gdelt", address, listed=outlet_id is not None
            )
        )
    return found


def is_search(settings: Gdelt, url: str) -> bool:
    """Whether a captured URL is a question to GDELT."""
    return url.startswith(f"{settings.server}?")
