"""Asks GDELT for articles on the topic, in whatever outlet, a slice of time at a time."""

from scrapy.http import Response

from crawler.discovery import gdelt
from crawler.discovery.candidate import Candidate
from crawler.discovery.gdelt import Slice
from crawler.fetch.run import Run, request_of
from crawler.fetch.search import Done, Search
from crawler.fetch.state import OutletState
from crawler.outcomes import Outcome
from crawler.store.ledger import Listing
from crawler.store.store import utc_now


class GdeltSearch(Search):
    """Halves a slice whose answer is full, so that no article hides behind the cap."""

    kind = "gdelt"

    def __init__(self, run: Run, done: Done) -> None:
        self._gdelt = run.study.gdelt
        super().__init__(run, self._gdelt, done)
        self._others: dict[str, Candidate] = {}
        self._answered: list[Listing] = []

    def begin(self) -> None:
        """Ask for the slices of the window, in a run for all outlets: its answers are about all of them."""
        if len(self.run.states) < len(self.run.sources.outlet):
            return
        for part in gdelt.slices(self._gdelt, self.run.study.window, utc_now()):
            self._ask(part)

    def _ask(self, part: Slice) -> None:
        address = gdelt.search_address(self._gdelt, part)
        if not (part.settled(utc_now()) and self.finished_lately(address)):
            self.ask(None, address, part=part)

    def judge(self, response: Response) -> tuple[Outcome, str] | None:
        """GDELT says with status 200 that it is asked too often."""
        if gdelt.is_asked_too_often(response.body):
            return Outcome.REFUSED, "GDELT says that it is asked too often"
        return super().judge(response)

    def read(self, response: Response, state: OutletState | None) -> tuple[Outcome, str]:
        """Take in the articles; where the answer is full, ask for both halves of its time."""
        meta = request_of(response).meta
        articles = gdelt.read_articles(response.body)
        if articles is None:
            said = response.body[:200].decode("utf-8", "replace").strip()
            return Outcome.EXTRACTION_FAILED, f"GDELT says: {said}"
        self._find(articles.urls, meta["asked"])
        if not articles.is_full:
            window = self.run.study.window
            self._answered.append(Listing(meta["asked"], None, None, window.first, window.last, []))
            return Outcome.LISTING, str(articles)
        halves = meta["part"].halves(self._gdelt.slice_minutes)
        if halves is None:
            return (
                Outcome.LIMIT,
                f"{articles} from {meta['part'].first} on, as many as fit: some are missing",
            )
        for half in halves:
            self._ask(half)
        return Outcome.LISTING, f"{articles}, as many as fit: its halves are asked for"

    def _find(self, urls: list[str], address: str) -> None:
        for candidate in gdelt.candidates(urls, address, self._owner):
            state = self.run.states.get(candidate.outlet_id)
            if state is not None and candidate.listed:
                state.find_elsewhere([candidate])
            else:
                self._others.setdefault(candidate.url, candidate)

    def _owner(self, url: str) -> str | None:
        outlet = self.run.sources.outlet_of(url)
        return None if outlet is None else outlet.id

    def land(self) -> None:
        """Enter what belongs to no outlet of this run, and which slices are done with.

        To be called when every outlet's candidates are in the ledger: a slice is not asked for again.
        """
        if not self._answered and not self._others:
            return
        for listing in self._answered:
            self.run.ledger.read_listing(listing)
        self.run.ledger.offer(self._others.values(), self.run.study.window)
        hosts = {candidate.outlet_id for candidate in self._others.values() if not candidate.listed}
        self.run.unlisted = sorted(hosts)
        self._answered.clear()
        self._others.clear()
