"""The sitemaps of an outlet that wait: those of the window first, then those that were asked longest ago."""

from collections.abc import Container, Iterable, Mapping
from heapq import heappop, heappush

# Indexes of indexes of sitemaps: the protocol forbids even two levels; deeper is a trap.
MAX_SITEMAP_DEPTH = 3
# As many as the protocol lets one index name. What is more is counted and comes up in a later run.
MAX_WAITING = 50_000


class SitemapQueue:
    """What indexes have named and nobody has asked yet.

    `refused` are those nested too deep.
    """

    def __init__(self, asked_in: Mapping[str, int]) -> None:
        """Take the run in which each of the outlet's sitemaps was asked last."""
        self._asked_in = asked_in
        self._named: set[str] = set()
        self._waiting: list[tuple[bool, int, int, str, int]] = []
        self._beyond: list[int] = []
        self.refused = 0

    def add(self, sitemaps: Iterable[str], of_window: Container[str], depth: int) -> None:
        """Let sitemaps wait, those that are of the window before all others."""
        new = dict.fromkeys(url for url in sitemaps if url not in self._named)
        if depth > MAX_SITEMAP_DEPTH:
            self.refused += len(new)
            return
        order = sorted(
            (url not in of_window, self._asked_in.get(url, 0), place, url)
            for place, url in enumerate(new, len(self._named))
        )
        room = MAX_WAITING - len(self._waiting)
        for later, asked_in, place, url in order[:room]:
            self._named.add(url)
            heappush(self._waiting, (later, asked_in, place, url, depth))
        self._beyond += [asked_in for _, asked_in, _, _ in order[room:]]

    def pop(self) -> tuple[str, int] | None:
        """The sitemap to ask next, and how deep it is nested."""
        if not self._waiting:
            return None
        *_, url, depth = heappop(self._waiting)
        return url, depth

    def __len__(self) -> int:
        """How many are left to be asked."""
        return len(self._waiting) + len(self._beyond)

    @property
    def never_asked(self) -> int:
        """How many of them no run has asked yet."""
        return [*(asked_in for _, asked_in, *_ in self._waiting), *self._beyond].count(0)
