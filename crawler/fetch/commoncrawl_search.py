"""Searches Common Crawl's collections for an outlet's pages."""

from scrapy.http import Response

from crawler.discovery import commoncrawl
from crawler.discovery.commoncrawl import Collection
from crawler.discovery.url_words import UrlWords
from crawler.fetch.run import Run, request_of
from crawler.fetch.search import MAX_ANSWERS, Done, Search, places
from crawler.fetch.state import OutletState
from crawler.outcomes import Outcome
from crawler.study import Outlet


class CommonCrawlSearch(Search):
    """Asks which collections there are, how many pages their index has for a place, and for each of them."""

    kind = "commoncrawl"

    def __init__(self, run: Run, words: UrlWords, done: Done) -> None:
        self._commoncrawl = run.study.commoncrawl
        super().__init__(run, self._commoncrawl, done)
        self._words = words
        self._pages_left: dict[str, int] = {}

    def begin(self) -> None:
        """Ask for all outlets that are to be searched here."""
        if not any(self._places(state.outlet) for state in self.run.states.values()):
            return
        if self._commoncrawl.collections:
            self._search(commoncrawl.configured(self._commoncrawl))
        else:
            self.ask(None, commoncrawl.listing_address(self._commoncrawl), asks_for="collections")

    def _places(self, outlet: Outlet) -> list[str]:
        return places(outlet.commoncrawl, outlet, everywhere=self._commoncrawl.everywhere)

    def _search(self, collections: list[Collection]) -> None:
        for state in self.run.states.values():
            for place in self._places(state.outlet):
                for collection in collections:
                    question = commoncrawl.search_address(collection, place, self._words, 0)
                    if not self.finished_lately(question):
                        address = commoncrawl.search_address(collection, place, self._words, None)
                        self.ask(state, address, asks_for="count", place=place, collection=collection)

    def judge(self, response: Response) -> tuple[Outcome, str] | None:
        """The index answers 404 where it has nothing."""
        empty = commoncrawl.nothing_found(response.status, response.body)
        return None if empty else super().judge(response)

    def read(self, response: Response, state: OutletState | None) -> tuple[Outcome, str]:
        """Take in an answer by what was asked for."""
        meta = request_of(response).meta
        if meta["asks_for"] == "collections":
            return self._read_collections(response)
        assert state is not None  # noqa: S101 - only the collections are asked for on behalf of all
        if meta["asks_for"] == "count":
            return self._read_count(response, state)
        return self._read_page(response, state)

    def _read_collections(self, response: Response) -> tuple[Outcome, str]:
        found = commoncrawl.read_collections(self._commoncrawl, response.body, self.run.study.window)
        if found is None:
            return Outcome.EXTRACTION_FAILED, "not a list of collections"
        self._search(found)
        return Outcome.LISTING, f"{len(found)} collections of the window"

    def _read_count(self, response: Response, state: OutletState) -> tuple[Outcome, str]:
        meta = request_of(response).meta
        empty = commoncrawl.nothing_found(response.status, response.body)
        count = 0 if empty else commoncrawl.read_page_count(response.body)
        if count is None:
            return Outcome.EXTRACTION_FAILED, "not a number of pages"
        question = self._page(meta["collection"], meta["place"], 0)
        if count == 0:
            self.finished(question, state)
        self._pages_left[question] = count
        for page in range(min(count, MAX_ANSWERS)):
            address = self._page(meta["collection"], meta["place"], page)
            self.ask(state, address, asks_for="page", question=question)
        if count > MAX_ANSWERS:
            return Outcome.LIMIT, f"{count} pages of the index, of which {MAX_ANSWERS} are asked for"
        return Outcome.LISTING, f"{count} pages of the index"

    def _page(self, collection: Collection, place: str, page: int) -> str:
        return commoncrawl.search_address(collection, place, self._words, page)

    def _read_page(self, response: Response, state: OutletState) -> tuple[Outcome, str]:
        request = request_of(response)
        read = commoncrawl.read_index(
            self._commoncrawl,
            b"" if commoncrawl.nothing_found(response.status, response.body) else response.body,
            request.meta["asked"],
            self._words,
            state.outlet.id,
        )
        if read is None:
            return Outcome.EXTRACTION_FAILED, "not a page of an index"
        state.find_elsewhere(read.candidates)
        if read.broken:
            # What stands behind the last good row may be missing: the next run asks again.
            lost = f"{read.broken} of {read.broken + read.rows} rows of the index cannot be read"
            return Outcome.EXTRACTION_FAILED, lost
        question = request.meta["question"]
        self._pages_left[question] -= 1
        if self._pages_left[question] == 0:
            self.finished(question, state)
        return Outcome.LISTING, f"{len(read.candidates)} URLs with the topic's words"
