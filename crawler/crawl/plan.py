"""What a crawl would ask, how long and how large: known from listings read before, or estimated."""

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime

import duckdb

from gossi.crawler.crawl.listings import MAX_LISTINGS
from gossi.crawler.crawl.search import places
from gossi.crawler.discovery.gdelt import slices
from gossi.crawler.discovery.sitemaps import of_window
from gossi.crawler.discovery.templates import expanded
from gossi.crawler.study.sources import Outlet, Study, StudyFolder

# What a page takes in a compressed capture: 95 real news pages came to 33 KB each (measured).
_PAGE_BYTES = 33_000
# Pages that a feed names, about (docs/sources.md).
_FEED_ITEMS = 20
# Pages of a day that an outlet's sitemaps name, where none was read yet: a guess that tells hours from days.
_PAGES_A_DAY = 50
# robots.txt, and a page that cannot exist.
_PRELIMINARY = 2

_KNOWN = """
    SELECT outlet_id,
           CASE WHEN archived IS NOT NULL THEN 'archived'
                WHEN names_topic OR found_by = 'pages' OR outcome = 'on_topic' THEN 'first'
                ELSE 'rest' END AS part,
           count(*)
    FROM candidate
    WHERE outcome IN ('waiting', 'limit') OR next_attempt <= $now
    GROUP BY ALL
"""


@dataclass(frozen=True)
class Part:
    """A part of a crawl; `known` is whether it was read from listings, not estimated."""

    name: str
    requests: int
    hours: float
    gigabytes: float
    known: bool


class _Store:
    """What earlier runs learnt; empty where there was none."""

    def __init__(self, folder: StudyFolder) -> None:
        self.due: dict[str, Counter[str]] = {}
        self.further: dict[str, list[str]] = {}
        if not folder.store_file.exists():
            return
        with duckdb.connect(str(folder.store_file), read_only=True) as con:
            now = datetime.now(UTC).replace(tzinfo=None)
            for outlet_id, part, count in con.execute(_KNOWN, {"now": now}).fetchall():
                self.due.setdefault(outlet_id, Counter())[part] = count
            self.further = dict(con.execute("SELECT url, further FROM listing").fetchall())


def plan(folder: StudyFolder, study: Study, outlets: Sequence[Outlet]) -> list[Part]:
    """The parts of a crawl of these outlets, in the order in which they come.

    Outlets are asked side by side, each at the study's delay, so the one that needs longest decides; services
    are asked one question after another.
    """
    store = _Store(folder)
    listings = {outlet.id: _listings(outlet, study, store) for outlet in outlets}
    read = [outlet.id for outlet in outlets if outlet.id in store.due]
    first = {
        outlet.id: store.due[outlet.id]["first"] if outlet.id in read else len(outlet.pages)
        for outlet in outlets
    }
    rest = {
        outlet.id: store.due[outlet.id]["rest"] if outlet.id in read else _estimated(outlet, study)
        for outlet in outlets
    }
    rest = {name: min(count, max(0, study.crawl.max_pages - first[name])) for name, count in rest.items()}
    known = len(read) == len(outlets)
    archived = sum(store.due[name]["archived"] for name in read)
    return [
        _side_by_side("feeds and sitemaps", listings, study, known=known),
        _side_by_side("pages that name the topic, known pages", first, study, known=known),
        *_searches(study, outlets),
        _one_by_one("pages that only archives have", archived, study.wayback.delay, known=known),
        _side_by_side("the outlets' other pages", rest, study, known=known),
    ]


def total(parts: Iterable[Part]) -> Part:
    """All of it: services and outlets are asked at the same time, the parts of each one after another."""
    told = list(parts)
    own = sum(part.hours for part in told if part.name not in _OF_SERVICES)
    services = max((part.hours for part in told if part.name in _OF_SERVICES), default=0.0)
    return Part(
        "in all",
        sum(part.requests for part in told),
        max(own, services),
        sum(part.gigabytes for part in told),
        all(part.known for part in told),
    )


_OF_SERVICES = frozenset(
    {
        "searches of the Internet Archive", "searches of Common Crawl", "searches of GDELT",
        "pages that only archives have",
    }
)  # fmt: skip


def _listings(outlet: Outlet, study: Study, store: _Store) -> int:
    """Feeds, sitemaps, and those that their indexes name: known where they were read, else a part a month."""
    window, today = study.window, datetime.now(UTC).date()
    months = (window.last.year - window.first.year) * 12 + window.last.month - window.first.month + 1
    count = len(outlet.feeds)
    for template in outlet.sitemaps:
        made = expanded(template, window, today)
        for url in made:
            further = store.further.get(url)
            estimated = months if made == [template] else 0
            count += 1 + (estimated if further is None else len(of_window(further, window)))
    return min(count, MAX_LISTINGS) + _PRELIMINARY


def _estimated(outlet: Outlet, study: Study) -> int:
    days = (study.window.last - study.window.first).days + 1
    return _FEED_ITEMS * len(outlet.feeds) + (_PAGES_A_DAY * days if outlet.sitemaps else 0)


def _searches(study: Study, outlets: Sequence[Outlet]) -> Iterator[Part]:
    wayback, commoncrawl, gdelt = study.wayback, study.commoncrawl, study.gdelt
    found = sum(len(places(each.wayback, each, everywhere=wayback.everywhere)) for each in outlets)
    yield _one_by_one("searches of the Internet Archive", found, wayback.delay, known=True)
    found = sum(len(places(each.commoncrawl, each, everywhere=commoncrawl.everywhere)) for each in outlets)
    # How many pages the index of a place has, and at least one of them.
    asked = 2 * found * (len(commoncrawl.collections) or 1)
    yield _one_by_one("searches of Common Crawl", asked, commoncrawl.delay, known=False)
    asked = sum(1 for _ in slices(gdelt, study.window, datetime.now(UTC).replace(tzinfo=None)))
    yield _one_by_one("searches of GDELT", asked, gdelt.delay, known=False)


def _side_by_side(name: str, requests: Mapping[str, int], study: Study, *, known: bool) -> Part:
    longest = max(requests.values(), default=0) * study.crawl.delay / 3600
    asked = sum(requests.values())
    return Part(name, asked, longest, asked * _PAGE_BYTES / 1e9, known)


def _one_by_one(name: str, requests: int, delay: float, *, known: bool) -> Part:
    return Part(name, requests, requests * delay / 3600, requests * _PAGE_BYTES / 1e9, known)
