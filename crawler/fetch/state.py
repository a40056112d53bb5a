"""Where an outlet stands in a run."""

from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from crawler.discovery.candidate import Candidate, merged
from crawler.extraction.article import Extracted
from crawler.outcomes import Outcome
from crawler.store.frontier import Due
from crawler.store.ledger import Listing
from crawler.study import Outlet


@dataclass(frozen=True)
class Result:
    """What came of a page: the row of its attempt, and the article if it is one.

    `seen_at` is when an archive saw the page, UTC without a zone; None for one that came from its own server.
    """

    due: Due
    outcome: Outcome
    detail: str
    attempt: dict[str, Any]
    etag: str | None = None
    last_modified: str | None = None
    page: Extracted | None = None
    seen_at: datetime | None = None


@dataclass
class OutletState:
    """Where an outlet stands in this run.

    `probes` is host → what it shows for a URL that cannot exist; `probed` are the hosts that were asked.
    """

    outlet: Outlet
    listings: set[str] = field(default_factory=set)
    open_listings: int = 0
    open_searches: int = 0
    listings_left: int = 0
    listings_read: list[Listing] = field(default_factory=list)
    answered: bool = False
    in_archive: bool = False
    failures: list[str] = field(default_factory=list)
    searches_read: list[Listing] = field(default_factory=list)
    found: dict[str, Candidate] = field(default_factory=dict)
    found_elsewhere: dict[str, Candidate] = field(default_factory=dict)
    probes: dict[str, bytes] = field(default_factory=dict)
    probed: set[str] = field(default_factory=set)
    step: int = 0
    pages: int = 0
    queue: Iterator[tuple[int, Due]] = field(default_factory=lambda: iter(()))
    _done: int = 0
    _ahead: dict[int, Result] = field(default_factory=dict)

    def find(self, candidates: list[Candidate]) -> None:
        """Add candidates of the outlet's own listings; of two for a URL the merged one stays."""
        _merge(self.found, candidates)

    def find_elsewhere(self, candidates: list[Candidate]) -> None:
        """Add candidates that archives and GDELT named; they come after the outlet's own."""
        _merge(self.found_elsewhere, candidates)

    def begin_round(self, pages: int) -> None:
        """Begin to ask for so many pages, when those before have all been written down."""
        self.pages, self._done = pages, 0

    def in_order(self, place: int, result: Result) -> Iterator[Result]:
        """The results that can be written down now, in the order in which the pages were asked for.

        Extraction ends in another order than it began; which of two URLs of an article counts must not
        depend on that.
        """
        self._ahead[place] = result
        while self._done in self._ahead:
            yield self._ahead.pop(self._done)
            self._done += 1

    @property
    def finished(self) -> bool:
        """Whether everything asked for was written down."""
        return self._done == self.pages

    @property
    def failure(self) -> str:
        """Why nothing could be learnt of the outlet, "" where something could or nothing was asked."""
        unread = bool(self.listings) and not self.listings_read and not self.outlet.pages
        if self.in_archive or not self.failures:
            return ""
        return self.failures[0] if unread or not self.answered else ""


def _merge(into: dict[str, Candidate], candidates: list[Candidate]) -> None:
    for candidate in candidates:
        known = into.get(candidate.url)
        into[candidate.url] = merged(known, candidate) if known else candidate
