"""What a run has learnt of an outlet so far."""

from collections.abc import Iterable
from dataclasses import dataclass, field

from gossi.crawler.discovery.candidate import Candidate, merged
from gossi.crawler.store.ledger import Ledger, Listing
from gossi.crawler.study.sources import Outlet, Window


class Found:
    """Candidates, and the listings and searches that named them and were read to their end."""

    def __init__(self) -> None:
        self._candidates: dict[str, Candidate] = {}
        self._read: list[Listing] = []

    def add(self, candidates: Iterable[Candidate]) -> None:
        """Add candidates; of two for a URL the merged one stays."""
        for candidate in candidates:
            known = self._candidates.get(candidate.url)
            self._candidates[candidate.url] = merged(known, candidate) if known else candidate

    def read(self, listing: Listing) -> None:
        """Note that a listing was read, or a search answered."""
        self._read.append(listing)

    def __contains__(self, url: str) -> bool:
        return url in self._candidates

    def __len__(self) -> int:
        return len(self._candidates)

    def land(self, ledger: Ledger, window: Window) -> None:
        """Enter all of it.

        Together, so that a listing that need not be read again never hides a candidate that was not kept.
        """
        for listing in self._read:
            ledger.read_listing(listing)
        self._read.clear()
        self.land_candidates(ledger, window)

    def land_candidates(self, ledger: Ledger, window: Window) -> None:
        """Enter the candidates alone: if the run ends here, the listings that named them are read again."""
        ledger.offer(self._candidates.values(), window)
        self._candidates.clear()


@dataclass
class OutletState:
    """What a run has learnt of an outlet.

    `named` is what its own listings name, `elsewhere` what archives and GDELT do. `answered` is whether its
    own server did, `in_archive` whether an archive gave a page of it. `looked_up`
    are its gone pages that an archive was asked for. `failures` say what could not be had of
    the outlet itself, a line each.
    """

    outlet: Outlet
    named: Found = field(default_factory=Found)
    elsewhere: Found = field(default_factory=Found)
    listings_asked: int = 0
    listings_read: int = 0
    looked_up: set[str] = field(default_factory=set)
    answered: bool = False
    in_archive: bool = False
    failures: list[str] = field(default_factory=list)

    @property
    def failure(self) -> str:
        """Why nothing could be learnt of the outlet's own web, "" where something could or nothing was asked.

        That an archive has pages of it does not say that there are no others.
        """
        unread = self.listings_asked > 0 and not self.listings_read
        if not self.failures or (self.answered and not unread):
            return ""
        return self.failures[0] + ("; an archive alone had pages of it" if self.in_archive else "")
