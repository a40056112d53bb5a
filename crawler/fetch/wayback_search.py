"""Searches the Internet Archive for an outlet's pages, and for captures of those that are gone."""

from collections import defaultdict
from datetime import datetime, time, timedelta

from scrapy.http import Response

from crawler.discovery import wayback
from crawler.discovery.url_words import UrlWords
from crawler.fetch.run import Run, request_of
from crawler.fetch.search import MAX_ANSWERS, Done, Search, places
from crawler.fetch.state import OutletState, Result
from crawler.outcomes import Outcome
from crawler.store.frontier import Due
from crawler.store.store import utc_now

# Captures of a page that are fetched where one after another cannot be replayed: what keeps the archive from
# showing one may keep it from showing all.
_TRIES = 3


class WaybackSearch(Search):
    """Finds pages by the topic's words in their URLs."""

    kind = "wayback"

    def __init__(self, run: Run, words: UrlWords, done: Done) -> None:
        self._wayback = run.study.wayback
        super().__init__(run, self._wayback, done)
        self._words = words

    def begin(self, state: OutletState) -> None:
        """Ask for each of the outlet's places."""
        for place in places(state.outlet.wayback, state.outlet, everywhere=self._wayback.everywhere):
            address = wayback.search_address(self._wayback, place, self._words, self.run.study.window)
            if not self.finished_lately(address):
                self.ask(state, address, place=place, question=address, keys=[])

    def read(self, response: Response, state: OutletState | None) -> tuple[Outcome, str]:
        """Take in the captures; where the answer ends in a resume key, ask on."""
        read, meta = wayback.read_cdx(response.body), request_of(response).meta
        if read is None or state is None:
            return Outcome.EXTRACTION_FAILED, "not an answer of a CDX server"
        found = wayback.candidates(self._wayback, read, self._words, state.outlet.id)
        state.find_elsewhere(found)
        detail = f"{len(read.captures)} captures, {len(found)} of them with the topic's words"
        keys = meta["keys"]
        if not read.resume_key:
            self.finished(meta["question"], state)
            return Outcome.LISTING, detail
        if read.resume_key in keys or len(keys) >= MAX_ANSWERS:
            return Outcome.LIMIT, f"{detail}; left after {len(keys) + 1} answers"
        address = wayback.search_address(
            self._wayback, meta["place"], self._words, self.run.study.window, read.resume_key
        )
        self.ask(
            state, address, place=meta["place"], question=meta["question"], keys=[*keys, read.resume_key]
        )
        return Outcome.LISTING, f"{detail}; goes on"


class Rescue(Search):
    """Finds captures of pages that are gone, nearest to their date."""

    kind = "wayback"

    def __init__(self, run: Run, done: Done) -> None:
        self._wayback = run.study.wayback
        super().__init__(run, self._wayback, done)
        self._found: dict[str, list[Due]] = defaultdict(list)
        self._others: dict[str, list[str]] = {}

    def begin(self, state: OutletState) -> None:
        """Look for the outlet's lost pages."""
        if not self._wayback.gone:
            return
        self.run.ledger.flush()
        lost = self.run.ledger.frontier.lost(
            state.outlet.id,
            self._wayback.max_gone,
            host_silent=not state.answered,
            asked_before=utc_now() - timedelta(days=self._wayback.again_after),
        )
        for due in lost:
            self.ask(state, wayback.lookup_address(self._wayback, due.url), asked=due.url, due=due)

    def read(self, response: Response, state: OutletState | None) -> tuple[Outcome, str]:
        """Choose the capture nearest to the page's date, else to the first day of the window."""
        read, due = wayback.read_cdx(response.body), request_of(response).meta["due"]
        if read is None or state is None:
            return Outcome.EXTRACTION_FAILED, "not an answer of a CDX server"
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
            return Outcome.LISTING, "the Internet Archive has no whole capture of it"
        (capture, address), *others = nearest[:_TRIES]
        self._others[due.url] = [other for _, other in others]
        self.run.ledger.frontier.archived(due.url, address)
        self._found[state.outlet.id].append(due._replace(archived=address))
        return Outcome.LISTING, f"{len(nearest)} captures, the nearest of {capture.time:%Y-%m-%d}"

    def instead(self, result: Result) -> Due | None:
        """Another capture of a page, where the archive cannot replay the one that it was asked for."""
        due = result.due
        others = self._others.get(due.url)
        if not others or result.outcome not in {Outcome.GONE, Outcome.SERVER_ERROR}:
            return None
        self.run.ledger.attempt(outcome=result.outcome, detail=result.detail, **result.attempt)
        address = others.pop(0)
        self.run.ledger.frontier.archived(due.url, address)
        return due._replace(archived=address)

    def found(self, state: OutletState) -> list[Due]:
        """The pages of an outlet that can be fetched from the archive now."""
        # A run that is killed from now on knows by the store what the captures that it made belong to.
        self.run.ledger.flush()
        found = self._found.pop(state.outlet.id, [])
        return sorted(found, key=lambda due: (len(due.url), due.url))
