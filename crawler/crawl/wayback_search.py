"""Searches the Internet Archive for an outlet's pages, and for captures of those that are gone."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, time, timedelta
from functools import partial

from gossi.crawler.capture.captured import Page
from gossi.crawler.crawl.asking import Question
from gossi.crawler.crawl.outlet_state import OutletState
from gossi.crawler.crawl.run import Run
from gossi.crawler.crawl.search import MAX_ANSWERS, Search, places
from gossi.crawler.discovery import wayback
from gossi.crawler.outcomes import Outcome
from gossi.crawler.store.frontier import Due
from gossi.crawler.store.store import utc_now
from gossi.crawler.study.sources import Window

# Captures of a page that are fetched where one after another cannot be replayed: what keeps the archive from
# showing one may keep it from showing all.
_TRIES = 3
# Parts of a place in a row that are not answered: then it is left, for halving them further takes hours.
_PATIENCE = 5
# How a server answers that has to look through too much.
_TOO_LARGE = frozenset({Outcome.TIMEOUT, Outcome.SERVER_ERROR, Outcome.TOO_LARGE})
_NO_ANSWER = Outcome.EXTRACTION_FAILED, "not an answer of a CDX server"


class WaybackSearch(Search):
    """Finds pages by the topic's words in their URLs."""

    kind = "wayback"

    def __init__(self, run: Run) -> None:
        self._wayback = run.study.wayback
        super().__init__(run, self._wayback)

    async def find(self, state: OutletState) -> None:
        """Search each of the outlet's places that was not searched lately."""
        searched = places(state.outlet.wayback, state.outlet, everywhere=self._wayback.everywhere)
        days = wayback.captured_in(self.run.study.window)
        await self.in_turn(
            {self._address(place, days): partial(self._search, state, place, days) for place in searched}
        )

    def _address(self, place: str, days: Window, resume_key: str = "") -> str:
        return wayback.search_address(self._wayback, place, self.run.words, days, resume_key)

    async def _search(self, state: OutletState, place: str, days: Window) -> None:
        """Search a place; where it is too large to be answered, for half of the time, and so on."""
        whole, waiting, failures, unread = self._address(place, days), [days], 0, False
        while waiting and failures < _PATIENCE:
            part = waiting.pop()
            first = self._address(place, part)
            if self.finished_lately(first):
                continue
            known_as_too_large = part == days and self.run.ledger.failed_by(first) in _TOO_LARGE
            failed = Outcome.TIMEOUT if known_as_too_large else await self._read_all(state, place, part)
            if failed is None:
                failures = 0
                state.elsewhere.read(self.finished(first))
                continue
            failures += not known_as_too_large
            if failed not in _TOO_LARGE:
                return  # which is told, and all that wait would be answered so
            halves = wayback.halves(part)
            unread |= not halves
            waiting += reversed(halves)
        if waiting or unread:
            self.run.gap(f"{place}: not searched to the end in the Internet Archive; name the parts of it "
                         f"that matter (key wayback of outlet {state.outlet.id})")  # fmt: skip
        else:
            state.elsewhere.read(self.finished(whole))

    async def _read_all(self, state: OutletState, place: str, days: Window) -> Outcome | None:
        """Follow the resume key of each answer to the next; gives why the last one was not reached."""
        keys = [""]
        while True:
            question = self.question(state.outlet.id, self._address(place, days, keys[-1]), about=place)
            page = await self.answer(question)
            if isinstance(page, Outcome):
                return page
            read = wayback.read_cdx(page.body)
            if read is None:
                self.note(question, page, *_NO_ANSWER)
                return Outcome.EXTRACTION_FAILED
            found = wayback.candidates(self._wayback, read, self.run.words, state.outlet.id)
            state.elsewhere.add(found)
            detail = f"{len(read.captures)} captures, {len(found)} of them with the topic's words"
            if not read.resume_key:
                self.note(question, page, Outcome.LISTING, detail)
                return None
            if read.resume_key in keys or len(keys) > MAX_ANSWERS:
                self.note(question, page, Outcome.LIMIT, f"{detail}; left after {len(keys)} answers")
                return Outcome.LIMIT
            self.note(question, page, Outcome.LISTING, f"{detail}; goes on")
            keys.append(read.resume_key)


@dataclass(frozen=True)
class Rescued:
    """A page that is gone and of which the archive has captures: the nearest one, and where others are."""

    due: Due
    others: Sequence[str]


class Rescue(Search):
    """Finds captures of pages that are gone, nearest to their date."""

    kind = "wayback"

    def __init__(self, run: Run) -> None:
        self._wayback = run.study.wayback
        super().__init__(run, self._wayback)

    async def find(self, state: OutletState, *, first_only: bool) -> list[Rescued]:
        """Look for the outlet's lost pages; gives those that can be fetched from the archive now.

        With `first_only`, for those only that are asked first.
        """
        if not self._wayback.gone:
            return []
        found = []
        for due in self._lost(state, first_only=first_only):
            state.looked_up.add(due.url)
            question = self.question(state.outlet.id, wayback.lookup_address(self._wayback, due.url), due.url)
            page = await self.answer(question)
            if not isinstance(page, Outcome) and (rescued := self._read(question, page, due)):
                found.append(rescued)
        # A run that is killed from now on knows by the store what the captures that it made belong to.
        self.run.ledger.flush()
        return found

    def _lost(self, state: OutletState, *, first_only: bool) -> list[Due]:
        self.run.ledger.flush()
        lost = self.run.ledger.frontier.lost(
            state.outlet.id,
            self._wayback.max_gone,
            self.run.study.window,
            host_silent=not state.answered,
            asked_before=utc_now() - timedelta(days=self._wayback.again_after),
            first_only=first_only,
        )
        new = [due for due in lost if due.url not in state.looked_up]
        return new[: self._wayback.max_gone - len(state.looked_up)]

    def _read(self, question: Question, page: Page, due: Due) -> Rescued | None:
        """Choose the capture nearest to the page's date, else to the first day of the window."""
        read = wayback.read_cdx(page.body)
        if read is None:
            self.note(question, page, *_NO_ANSWER)
            return None
        captures, published = read.captures, self.run.ledger.published(due.url)
        if published is not None:
            captures = wayback.since(captures, published)
        when = published or due.hint_published or datetime.combine(self.run.study.window.first, time())
        # The one that a search found and that could not be replayed is not tried again.
        nearest = [
            (capture, address)
            for capture in wayback.by_nearness(captures, when)
            if (address := wayback.raw_address(self._wayback, capture)) != due.archived
        ]
        if not nearest:
            self.note(question, page, Outcome.LISTING, "the Internet Archive has no whole capture of it")
            return None
        (capture, address), *others = nearest[:_TRIES]
        self.run.ledger.frontier.archived(due.url, address)
        detail = f"{len(nearest)} captures, the nearest of {capture.time:%Y-%m-%d}"
        self.note(question, page, Outcome.LISTING, detail)
        return Rescued(due._replace(archived=address), [other for _, other in others])
