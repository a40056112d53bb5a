"""Asks GDELT for articles on the topic, in whatever outlet, a slice of time at a time."""

from collections import deque

from gossi.crawler.capture.captured import Page
from gossi.crawler.crawl.outlet_state import Found
from gossi.crawler.crawl.run import EVERY_OUTLET, Run
from gossi.crawler.crawl.search import Search
from gossi.crawler.discovery import gdelt
from gossi.crawler.discovery.gdelt import Slice
from gossi.crawler.outcomes import Outcome
from gossi.crawler.store.store import utc_now


class GdeltSearch(Search):
    """Halves a slice whose answer is full, so that no article hides behind the cap."""

    kind = "gdelt"

    def __init__(self, run: Run) -> None:
        self._gdelt = run.study.gdelt
        super().__init__(run, self._gdelt)
        self._others = Found()
        self._unlisted: set[str] = set()

    async def find(self) -> None:
        """Search the slices of the window, in a run for all outlets: its answers are about all of them."""
        if len(self.run.states) < len(self.run.sources.outlet):
            return
        waiting = deque(gdelt.slices(self._gdelt, self.run.study.window, utc_now()))
        while waiting:
            # Halves come last, so that the whole window was seen once where GDELT gives us up.
            waiting += await self._read(waiting.popleft())

    async def _read(self, part: Slice) -> tuple[Slice, ...]:
        """Take in the articles of a slice; gives both halves of its time where the answer is full."""
        address = gdelt.search_address(self._gdelt, part)
        if part.settled(utc_now()) and self.finished_lately(address):
            return ()
        question = self.question(EVERY_OUTLET, address)
        page = await self.answer(question)
        if isinstance(page, Outcome):
            return ()
        articles = gdelt.read_articles(page.body)
        if articles is None:
            said = page.body[:200].decode("utf-8", "replace").strip()
            self.note(question, page, Outcome.EXTRACTION_FAILED, f"GDELT says: {said}")
            return ()
        self._find(articles.urls, address)
        if not articles.is_full:
            self._others.read(self.finished(address))
            self.note(question, page, Outcome.LISTING, str(articles))
            return ()
        halves = part.halves(self._gdelt.slice_minutes)
        if halves is None:
            missing = f"{articles} from {part.first} on, as many as fit: some are missing"
            self.note(question, page, Outcome.LIMIT, missing)
            return ()
        self.note(question, page, Outcome.LISTING, f"{articles}, as many as fit: its halves are asked for")
        return halves

    def judge(self, page: Page) -> tuple[Outcome, str] | None:
        """GDELT says with status 200 that it is asked too often."""
        if gdelt.is_asked_too_often(page.body):
            return Outcome.REFUSED, "GDELT says that it is asked too often"
        return super().judge(page)

    def _find(self, urls: list[str], address: str) -> None:
        for candidate in gdelt.candidates(urls, address, self._owner):
            state = self.run.states.get(candidate.outlet_id)
            if state is not None and candidate.listed:
                state.elsewhere.add([candidate])
                continue
            self._others.add([candidate])
            if not candidate.listed:
                self._unlisted.add(candidate.outlet_id)

    def _owner(self, url: str) -> str | None:
        outlet = self.run.sources.outlet_of(url)
        return None if outlet is None else outlet.id

    def land(self) -> None:
        """Enter what belongs to no outlet of this run, and which slices are done with.

        To be called when every outlet's candidates are in the ledger: a slice is not asked for again.
        """
        self._others.land(self.run.ledger, self.run.study.window)
        self.run.unlisted = sorted(self._unlisted)
