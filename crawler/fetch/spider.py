"""The spider: asks each outlet, and the services that know its pages, for listings; then for the pages."""

import asyncio
from collections.abc import AsyncIterator, Callable
from functools import partial
from itertools import islice
from typing import Any
from urllib.parse import urljoin, urlsplit

from scrapy import Request, Spider, signals
from scrapy.http import Response
from twisted.python.failure import Failure

from crawler.capture.answer import PART, is_part
from crawler.capture.page import Page
from crawler.capture.warc import Kept, WarcWriter
from crawler.discovery import archived, commoncrawl
from crawler.discovery.candidate import Candidate, host_of
from crawler.discovery.pages import known_pages
from crawler.discovery.url_words import UrlWords
from crawler.errors import InputError
from crawler.extraction.article import Extracted
from crawler.extraction.pool import ExtractionPool
from crawler.fetch import judge
from crawler.fetch.commoncrawl_search import CommonCrawlSearch
from crawler.fetch.failures import outcome_of
from crawler.fetch.gdelt_search import GdeltSearch
from crawler.fetch.judge import Answer, Judge
from crawler.fetch.listings import Listings
from crawler.fetch.progress import Progress
from crawler.fetch.record import attributed, write_down
from crawler.fetch.run import Run, request_of, validators
from crawler.fetch.state import OutletState, Result
from crawler.fetch.wayback_search import Rescue, WaybackSearch
from crawler.outcomes import Outcome
from crawler.store.frontier import Due
from crawler.store.ledger import Ledger, Listing
from crawler.study import Outlet, Sources, Study


class CoverageSpider(Spider):
    """Crawls the outlets of a study; what comes of each URL goes to the ledger."""

    name = "gossi"

    def __init__(  # noqa: PLR0913 - Scrapy builds it, so its parts arrive as arguments
        self,
        *,
        study: Study,
        sources: Sources,
        outlets: list[Outlet],
        ledger: Ledger,
        writer: WarcWriter,
        pool: ExtractionPool,
        on_progress: Callable[[Progress], None],
        **kwargs: Any,
    ) -> None:
        super().__init__(**kwargs)
        self.writer = writer
        self.pool = pool
        self.judge = Judge(study)
        self.run = run = Run(
            study=study,
            sources=sources,
            outlets=outlets,
            ledger=ledger,
            on_progress=on_progress,
            send=self._send,
        )
        words = UrlWords(study)
        self._listings = Listings(run, self._listing_done)
        self._wayback = WaybackSearch(run, words, self._go_on)
        self._commoncrawl = CommonCrawlSearch(run, words, self._go_on)
        self._gdelt = GdeltSearch(run, self._go_on)
        self._rescue = Rescue(run, self._go_on)
        self.broken: BaseException | None = None
        self._closing: asyncio.Task[None] | None = None

    @classmethod
    def from_crawler(cls, crawler: Any, *args: Any, **kwargs: Any) -> "CoverageSpider":
        """As Scrapy builds it."""
        spider: CoverageSpider = super().from_crawler(crawler, *args, **kwargs)
        crawler.signals.connect(spider.on_error, signal=signals.spider_error)
        return spider

    def _send(self, request: Request) -> None:
        self.crawler.engine.crawl(request)

    def on_error(self, failure: Failure) -> None:
        """End the run where our own code failed: a page lost in silence would count as an omission."""
        self.give_up(failure.value or RuntimeError(str(failure)))

    def give_up(self, error: BaseException) -> None:
        """End the run because nothing more can be kept; `crawl` raises the error."""
        if self.broken is None:
            self.broken = error
            self._closing = asyncio.ensure_future(self.crawler.engine.close_spider_async(reason="broken"))

    async def start(self) -> AsyncIterator[Request]:
        """Ask for every outlet's listings, and for its pages where it has none."""
        states = list(self.run.states.values())
        for state in states:
            # Held open, so that no outlet goes on to its pages before everything was asked for.
            state.open_listings += 1
            state.find(list(known_pages(state.outlet)))
        self._commoncrawl.begin()
        self._gdelt.begin()
        for state in states:
            self._wayback.begin(state)
            for request in self._listings.ask(state):
                yield request
            self._listing_done(state)

    def _listing_done(self, state: OutletState) -> None:
        state.open_listings -= 1
        if state.open_listings == 0:
            self._listings.note_left(state)
        self._go_on(state)

    # Pages

    def _go_on(self, state: OutletState) -> None:
        """Take the outlet's next step, where all that it waits for has come.

        First the pages that its own listings name; then those that archives and GDELT name, which are
        slower by far; then captures of those that turned out to be gone.
        """
        if not state.finished:
            return
        if state.step == 0 and not state.open_listings:
            state.step = 1
            self._offer(state.found, state.listings_read)
            self._round(state, self._due(state, self.run.study.crawl.max_pages))
        elif state.step == 1 and not state.open_searches:
            state.step = 2
            self._offer(state.found_elsewhere, state.searches_read)
            if all(each.step >= 2 for each in self.run.states.values()):
                self._gdelt.land()
            left = max(0, self.run.study.crawl.max_pages - state.pages)
            self._round(state, self._due(state, left, new_only=True))
        elif state.step == 2:
            state.step = 3
            self._rescue.begin(state)
            self._go_on(state)
        elif state.step == 3 and not state.open_searches:
            state.step = 4
            self._round(state, self._rescue.found(state))
        elif state.step == 4:
            state.step = 5
            self.run.outlet_done()

    def _offer(self, found: dict[str, Candidate], read: list[Listing]) -> None:
        # Together, so that a listing that need not be read again never hides a candidate that was not kept.
        for listing in read:
            self.run.ledger.read_listing(listing)
        self.run.ledger.offer(found.values(), self.run.study.window)
        found.clear()

    def _due(self, state: OutletState, limit: int, *, new_only: bool = False) -> list[Due]:
        return self.run.ledger.frontier.due(state.outlet.id, limit, self.run.study.window, new_only=new_only)

    def _round(self, state: OutletState, due: list[Due]) -> None:
        """Ask for pages, after a probe where they come from the outlet itself."""
        state.begin_round(len(due))
        self.run.progress.waiting[state.outlet.id] += len(due)
        live = next((page for page in due if not page.archived), None)
        if not due:
            self._go_on(state)
        elif live is None:
            self._ask_for(state, due)
        else:
            # An archive may have kept the outlet's error page, so its pages wait too.
            self._probe_then(state, live.url, partial(self._ask_for, state, due))

    def _probe_then(self, state: OutletState, url: str, then: Callable[[], None]) -> None:
        """Go on when the host of a URL was probed: each shows a page of its own for what does not exist."""
        host = host_of(url)
        if host in state.probed:
            then()
            return
        state.probed.add(host)
        probe = urljoin(url, judge.probe_path(state.outlet.id))
        self._send(
            self.run.request(
                probe, state.outlet.id, "probe", self.on_probe, self.on_probe_failed,
                then=then, dont_retry=True,
            )
        )  # fmt: skip

    async def on_probe(self, response: Response) -> None:
        """Keep what a host shows for a URL that cannot exist, then ask for the pages."""
        state = self.run.states[response.meta["outlet_id"]]
        state.answered = True
        if response.status == 200:
            page = _page_of(response)
            text = await asyncio.wrap_future(self.pool.submit(page.body, page.url, page.charset))
            if not judge.is_wall(text):
                state.probes[host_of(page.url)] = page.body
        detail = f"HTTP {response.status} for a URL that cannot exist"
        self.run.note(request_of(response), Outcome.LISTING, detail, response)
        response.meta["then"]()

    def on_probe_failed(self, failure: Failure) -> None:
        """Without a probe, pages are judged by what they are."""
        request: Request = failure.request  # type: ignore[attr-defined]
        outcome, detail = outcome_of(failure)
        self.run.note(request, outcome, detail)
        request.meta["then"]()

    def _ask_for(self, state: OutletState, due: list[Due]) -> None:
        for place, page in enumerate(due):
            if page.archived:
                self.run.services.ask(self._page_request(state, page, place))
        state.queue = iter([(place, page) for place, page in enumerate(due) if not page.archived])
        self._ask_next(state)

    def _ask_next(self, state: OutletState) -> None:
        """Ask for the next page of an outlet when the one before has come, redirects and retries included.

        One after another, captures stand in the order in which pages are due, so that a crawl that was killed
        goes on where it was; and an outlet of many pages keeps no other out of Scrapy's queue.
        """
        for place, page in islice(state.queue, 1):
            self._probe_then(state, page.url, partial(self._send, self._page_request(state, page, place)))

    def _page_request(self, state: OutletState, due: Due, place: int) -> Request:
        headers, address, meta = validators(due.etag, due.last_modified), due.url, {}
        if due.archived:
            address, headers = due.archived, {}
            meta = {"via": archived.via(self.run.study, address)}  # also where nothing answers
            if record := commoncrawl.byte_range(address):
                # Compressed as it is: a second encoding around it would change the bytes.
                address, headers = record[0], {"Range": record[1], "Accept-Encoding": "identity"}
        return self.run.request(
            address, state.outlet.id, "page", self.on_page, self.on_page_failed,
            asked=due.url, headers=headers, due=due, place=place, **meta,
        )  # fmt: skip

    async def on_page(self, response: Response) -> None:
        """Judge a page, extract it if it names the topic, and write down what came of it."""
        request = request_of(response)
        state = self.run.states[request.meta["outlet_id"]]
        due: Due = request.meta["due"]
        if not due.archived:
            self._ask_next(state)
        row = self.run.row(request, response) | {"via": archived.via(self.run.study, response.url)}
        seen_at = None
        if row["via"] == "live":
            state.answered = True
        else:
            state.in_archive |= response.status < 400
        page = _page_of(response)
        try:
            if row["via"] != "live":
                page = archived.original(self.run.study, page, due.archived)
                seen_at = page.fetched_at
            outcome, detail, article = await self._judged(page, state, due)
        except InputError as error:
            outcome, detail, article = Outcome.EXTRACTION_FAILED, str(error), None
        result = Result(due, outcome, detail, row, page.etag, page.last_modified, article, seen_at)
        self._settle(state, request, result)

    async def _judged(
        self, page: Page, state: OutletState, due: Due
    ) -> tuple[Outcome, str, Extracted | None]:
        if page.status == 304 and (due.archived or not validators(due.etag, due.last_modified)):
            return Outcome.SERVER_ERROR, judge.NOBODY_ASKED, None
        answer = Answer.of(due.url, page)
        if decided := self.judge.before_extraction(answer, state.probes.get(host_of(page.url))):
            return *decided, None
        text = await asyncio.wrap_future(self.pool.submit(page.body, page.url, page.charset))
        return self.judge.after_extraction(text, self.run.ledger.frontier.hint(due, page.url))

    def on_page_failed(self, failure: Failure) -> None:
        """Note a page that could not be had."""
        request: Request = failure.request  # type: ignore[attr-defined]
        state = self.run.states[request.meta["outlet_id"]]
        outcome, detail = outcome_of(failure)
        if not request.meta["due"].archived:
            self._ask_next(state)
        if request.meta.get("via"):
            self.run.unanswered(urlsplit(request.url).netloc, outcome, detail)
        else:
            # Forbidden after an answer: that one led there.
            led_there = outcome is Outcome.FORBIDDEN_ADDRESS and "kept" in request.meta
            if led_there or outcome in {Outcome.TOO_LARGE, Outcome.NOT_HTML}:
                state.answered = True
            state.failures.append(f"{request.meta['asked']}: {detail}")
        self._settle(state, request, Result(request.meta["due"], outcome, detail, self.run.row(request)))

    def _settle(self, state: OutletState, request: Request, result: Result) -> None:
        if self.broken is not None:
            return  # What came of a page while all broke down may be untrue; the next run takes it up.
        if other := self._rescue.instead(result):
            self.run.services.ask(self._page_request(state, other, request.meta["place"]))
            return
        for ready in state.in_order(request.meta["place"], result):
            outcome = write_down(self.run.ledger, ready, self._outlet_of(state, ready))
            self.run.progress.settle(state.outlet.id, outcome)
        if state.finished:
            self._go_on(state)
        self.run.show_progress()

    def _outlet_of(self, state: OutletState, result: Result) -> str:
        return attributed(self.run.sources, state.outlet.id, result.attempt["final_url"], result.due.url)


def _page_of(response: Response) -> Page:
    kept: Kept = request_of(response).meta["kept"]
    headers = {
        name.decode("latin-1").lower(): values[0].decode("latin-1")
        for name, values in response.headers.items()
        if values
    }
    return Page(
        response.url, kept.fetched_at, response.status, headers, response.body,
        kept.warc_file, kept.warc_offset, "", torn=PART if is_part(response.status, headers) else "",
    )  # fmt: skip
