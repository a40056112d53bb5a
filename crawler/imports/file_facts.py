"""What the files of an import say of the pages in them: redirects, listings with dates, probes.

A file may hold millions of these, and they are needed until the last page of the last file.
"""

from collections.abc import Iterable
from datetime import datetime

from gossi.crawler.capture.captured import Page
from gossi.crawler.discovery.candidate import Candidate, merged
from gossi.crawler.extraction.pool import ExtractionPool
from gossi.crawler.page.soft_404 import is_wall
from gossi.crawler.store.temporary import Scratch
from gossi.crawler.web.urls import host_of


class Hearsay:
    """What was heard so far, on disk. `close` forgets it."""

    def __init__(self) -> None:
        self._scratch = Scratch()

    def hear_redirect(self, url: str, target: str) -> None:
        """Note that a URL led to another."""
        self._scratch.put("INSERT OR REPLACE INTO redirect VALUES (?, ?)", [(target, self.asked(url))])

    def asked(self, url: str) -> str:
        """The URL that was asked where this one answered: itself where nothing led to it."""
        found = self._scratch.row("SELECT asked FROM redirect WHERE target = ?", url)
        return url if found is None else str(found[0])

    def asked_of(self, page: Page) -> str:
        """The URL that was asked where a page answered: a file of our own says it, of others it is heard."""
        return page.asked or self.asked(page.url)

    def hear_of(self, found: Candidate, *, named: bool) -> None:
        """Note what a listing says of a page: its date, and where it is `named`, whose page it is."""
        if named:
            self._scratch.put("INSERT OR IGNORE INTO named VALUES (?, ?)", [(found.url, found.outlet_id)])
        if found.published is None:
            return
        before = self.dated(found.url)
        kept = found if before is None else merged(before, found)
        assert kept.published is not None  # noqa: S101 - both are dated
        row = (
            kept.url, kept.outlet_id, kept.found_by, kept.found_in, kept.published.isoformat(),
            kept.precision, kept.archived,
        )  # fmt: skip
        self._scratch.put("INSERT OR REPLACE INTO dated VALUES (?, ?, ?, ?, ?, ?, ?)", [row])

    def owner(self, url: str) -> str:
        """The outlet whose listing named a page; "" where none did."""
        found = self._scratch.row("SELECT outlet_id FROM named WHERE url = ?", url)
        return "" if found is None else str(found[0])

    def dated(self, url: str) -> Candidate | None:
        """What listings say of a page's date; None where none does."""
        row = self._scratch.row("SELECT * FROM dated WHERE url = ?", url)
        if row is None:
            return None
        url, outlet_id, found_by, found_in, published, precision, archived = row
        return Candidate(
            url, outlet_id, found_by, found_in, datetime.fromisoformat(published), precision, archived
        )

    def hear_probe(self, probe: Page, pool: ExtractionPool) -> None:
        """Note how a host answers where there is no page, but where its status says so or it shows a wall."""
        if probe.status == 200 and not is_wall(pool.submit(probe.body, probe.url, probe.charset).result()):
            row = (host_of(probe.url), probe.body)
            self._scratch.put("INSERT OR REPLACE INTO probe VALUES (?, ?)", [row])

    def probe(self, host: str) -> bytes | None:
        """How a host answers where there is no page; None where that is not in the files."""
        row = self._scratch.row("SELECT body FROM probe WHERE host = ?", host)
        return None if row is None else bytes(row[0])

    def hear_noted(self, captures: Iterable[tuple[int, str, str]]) -> None:
        """Note which captures of a file are in the store: place, URL, digest. Others are forgotten."""
        self._scratch.put("DELETE FROM noted", [()])
        self._scratch.put("INSERT OR IGNORE INTO noted VALUES (?, ?, ?)", captures)

    def is_noted(self, place: int | None, url: str, digest: str) -> bool:
        """Whether a capture is in the store."""
        key = (-1 if place is None else place, url, digest)
        return (
            self._scratch.row("SELECT 1 FROM noted WHERE (place, url, digest) = (?, ?, ?)", *key) is not None
        )

    def close(self) -> None:
        """Forget all of it."""
        self._scratch.close()
