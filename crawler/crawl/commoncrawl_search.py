"""Searches Common Crawl's collections for an outlet's pages."""

import asyncio
from functools import partial

from gossi.crawler.capture.captured import Page
from gossi.crawler.crawl.outlet_state import OutletState
from gossi.crawler.crawl.run import EVERY_OUTLET, Run
from gossi.crawler.crawl.search import MAX_ANSWERS, Search, places
from gossi.crawler.discovery import commoncrawl
from gossi.crawler.discovery.commoncrawl import Collection
from gossi.crawler.outcomes import Outcome


class CommonCrawlSearch(Search):
    """Asks which collections there are, how many pages their index has for a place, and for each of them."""

    kind = "commoncrawl"

    def __init__(self, run: Run) -> None:
        self._commoncrawl = run.study.commoncrawl
        super().__init__(run, self._commoncrawl)
        self._asking = asyncio.Lock()
        self._collections: list[Collection] | None = None

    async def find(self, state: OutletState) -> None:
        """Search each of the outlet's places in each collection where it was not searched lately."""
        outlet = state.outlet
        searched = places(outlet.commoncrawl, outlet, everywhere=self._commoncrawl.everywhere)
        collections = await self._of_window() if searched else []
        await self.in_turn(
            {
                self._address(collection, place, None): partial(self._search, state, collection, place)
                for place in searched
                for collection in collections
            }
        )

    async def _search(self, state: OutletState, collection: Collection, place: str) -> None:
        # Of a place of which there is nothing, nothing else is asked than how much there is.
        first = self._address(collection, place, None)
        if not self.finished_lately(first) and await self._read_all(state, collection, place):
            state.elsewhere.read(self.finished(first))

    async def _of_window(self) -> list[Collection]:
        """The collections to be searched: asked for once, for all outlets."""
        async with self._asking:
            if self._collections is None:
                named = commoncrawl.configured(self._commoncrawl)
                self._collections = named or await self._ask_for_collections()
        return self._collections

    async def _ask_for_collections(self) -> list[Collection]:
        question = self.question(EVERY_OUTLET, commoncrawl.listing_address(self._commoncrawl))
        page = await self.answer(question)
        if isinstance(page, Outcome):
            return []
        found = commoncrawl.read_collections(self._commoncrawl, page.body, self.run.study.window)
        if found is None:
            self.note(question, page, Outcome.EXTRACTION_FAILED, "not a list of collections")
            return []
        self.note(question, page, Outcome.LISTING, f"{len(found)} collections of the window")
        return found

    def judge(self, page: Page) -> tuple[Outcome, str] | None:
        """The index answers 404 where it has nothing."""
        return None if commoncrawl.nothing_found(page.status, page.body) else super().judge(page)

    def _address(self, collection: Collection, place: str, page: int | None) -> str:
        return commoncrawl.search_address(collection, place, self.run.words, page)

    async def _read_all(self, state: OutletState, collection: Collection, place: str) -> bool:
        """Read the index of a place; gives whether all of it could be read."""
        count = await self._count(state, collection, place)
        if count is None:
            return False
        read = [
            await self._read_page(state, self._address(collection, place, number), place)
            for number in range(min(count, MAX_ANSWERS))
        ]
        return all(read) and count <= MAX_ANSWERS

    async def _count(self, state: OutletState, collection: Collection, place: str) -> int | None:
        """How many pages the index has for a place; None where that is not known."""
        question = self.question(state.outlet.id, self._address(collection, place, None), about=place)
        page = await self.answer(question)
        if isinstance(page, Outcome):
            return None
        empty = commoncrawl.nothing_found(page.status, page.body)
        count = 0 if empty else commoncrawl.read_page_count(page.body)
        if count is None:
            self.note(question, page, Outcome.EXTRACTION_FAILED, "not a number of pages")
        elif count > MAX_ANSWERS:
            detail = f"{count} pages of the index, of which {MAX_ANSWERS} are asked for"
            self.note(question, page, Outcome.LIMIT, detail)
        else:
            self.note(question, page, Outcome.LISTING, f"{count} pages of the index")
        return count

    async def _read_page(self, state: OutletState, address: str, place: str) -> bool:
        """Take in a page of the index; gives whether all of it could be read."""
        question = self.question(state.outlet.id, address, about=place)
        page = await self.answer(question)
        if isinstance(page, Outcome):
            return False
        body = b"" if commoncrawl.nothing_found(page.status, page.body) else page.body
        read = commoncrawl.read_index(
            self._commoncrawl, body, question.asked, self.run.words, state.outlet.id
        )
        if read is None:
            self.note(question, page, Outcome.EXTRACTION_FAILED, "not a page of an index")
            return False
        state.elsewhere.add(read.candidates)
        if read.broken:
            # What stands behind the last good row may be missing: the next run asks again.
            lost = f"{read.broken} of {read.broken + read.rows} rows of the index cannot be read"
            self.note(question, page, Outcome.EXTRACTION_FAILED, lost)
            return False
        self.note(question, page, Outcome.LISTING, f"{len(read.candidates)} URLs with the topic's words")
        return True
