"""The spider: asks each outlet for its listings, then for the pages they named."""

import asyncio
from collections.abc import AsyncIterator, Callable, Iterator
from hashlib import sha256
from typing import Any
from urllib.parse import urlsplit

from scrapy import Request, Spider, signals
from scrapy.http import Response
from twisted.python.failure import Failure

from crawler.capture.warc import Kept, WarcWriter
from crawler.discovery.candidate import Candidate, is_web_address
from crawler.discovery.feeds import read_feed
from crawler.discovery.pages import known_pages
from crawler.discovery.sitemaps import MAX_UNPACKED, read_sitemap
from crawler.extraction.article import Extracted
from crawler.extraction.pool import ExtractionPool
from crawler.fetch import judge
from crawler.fetch.failures import outcome_of
from crawler.fetch.judge import Answer, Judge
from crawler.fetch.record import attributed, write_down
from crawler.fetch.state import OutletState, Progress, Result
from crawler.outcomes import Outcome
from crawler.store.ledger import Due, Ledger, Listing
from crawler.study import Outlet, Sources, Study

__all__ = ["CoverageSpider", "Progress"]

# Indexes of indexes of sitemaps: the protocol forbids even two levels; deeper is a trap.
MAX_SITEMAP_DEPTH = 3
# Listings asked of one outlet in a run; a window of a year is some hundred monthly or weekly sitemaps.
MAX_LISTINGS = 500


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
        self.study = study
        self.ledger = ledger
        self.writer = writer
        self.pool = pool
        self.judge = Judge(study)
        self.states = {outlet.id: OutletState(outlet) for outlet in outlets}
        self.progress = Progress(len(outlets))
        self.gaps: list[str] = []
        self.broken: BaseException | None = None
        self._sources = sources
        self._on_progress = on_progress
        self._closing: asyncio.Task[None] | None = None

    @classmethod
    def from_crawler(cls, crawler: Any, *args: Any, **kwargs: Any) -> "CoverageSpider":
        """As Scrapy builds it."""
        spider: CoverageSpider = super().from_crawler(crawler, *args, **kwargs)
        crawler.signals.connect(spider.on_error, signal=signals.spider_error)
        return spider

    def on_error(self, failure: Failure) -> None:
        """End the run where our own code failed: a page lost in silence would count as an omission."""
        self.give_up(failure.value or RuntimeError(str(failure)))

    def give_up(self, error: BaseException) -> None:
        """End the run because nothing more can be kept; `crawl` raises the error."""
        if self.broken is None:
            self.broken = error
            self._closing = asyncio.ensure_future(self.crawler.engine.close_spider_async(reason="broken"))

    async def start(self) -> AsyncIterator[Request]:
        """Ask for every outlet's listings; for the pages at once where it has none."""
        for state in self.states.values():
            state.find(list(known_pages(state.outlet)))
            for kind, urls in (("feed", state.outlet.feeds), ("sitemap", state.outlet.sitemaps)):
                for url in urls:
                    for request in self._listing(state, url, kind):
                        yield request
            if not state.open_listings:
                for request in self._pages(state):
                    yield request

    # Listings

    def _listing(self, state: OutletState, url: str, kind: str, depth: int = 0) -> Iterator[Request]:
        if url in state.listings:
            return
        if len(state.listings) == MAX_LISTINGS or depth > MAX_SITEMAP_DEPTH or not is_web_address(url):
            state.listings_left += 1
            return
        state.listings.add(url)
        state.open_listings += 1
        known = self.ledger.listing(url)
        window = self.study.window
        same_window = known is not None and (known.first, known.last) == (window.first, window.last)
        headers = _validators(known.etag, known.last_modified) if known and same_window else {}
        yield self._request(url, state, kind, self.on_listing, headers, depth=depth, known=known)

    def on_listing(self, response: Response) -> Iterator[Request]:
        """Read a feed or sitemap; when it was the outlet's last one, go on to the pages."""
        meta = response.meta
        state, kind, known = self.states[meta["outlet_id"]], meta["kind"], meta["known"]
        state.answered = True
        outcome, detail = judge.by_status(response.status) or (Outcome.LISTING, "")
        further: list[str] = []
        if outcome is Outcome.NOT_MODIFIED and known is not None:
            further = list(known.further)
            state.listings_read.append(known)
        elif outcome is Outcome.LISTING:
            found, further, detail = self._read(response, state, kind)
            if found is None:
                outcome = Outcome.EXTRACTION_FAILED
            else:
                detail += self._gap(found, kind, known)
                state.find(found)
                state.listings_read.append(self._as_read(response, further))
        if outcome not in {Outcome.LISTING, Outcome.NOT_MODIFIED}:
            state.failures.append(f"{meta['asked']}: {detail}")
        self._note(_request_of(response), outcome, detail, response)
        for url in further:
            yield from self._listing(state, url, kind, meta["depth"] + 1)
        yield from self._listing_done(state)

    def _read(
        self, response: Response, state: OutletState, kind: str
    ) -> tuple[list[Candidate] | None, list[str], str]:
        if kind == "feed":
            found = read_feed(response.body, response.url, state.outlet.id)
            return found, [], "not a feed" if found is None else f"{len(found)} entries"
        read = read_sitemap(response.body, response.url, state.outlet.id, self.study.window)
        if read is None:
            return None, [], "not a sitemap"
        entries, further = len(read.candidates), len(read.sitemaps)
        detail = f"{entries} entries, {read.pruned} outside the window, {further} further sitemaps"
        if read.cut:
            detail += f"; only the first {MAX_UNPACKED} bytes were read"
        return read.candidates, read.sitemaps, detail

    def _gap(self, found: list[Candidate], kind: str, known: Listing | None) -> str:
        """A feed holds its last entries only: where none is known since the last poll, some were missed."""
        if kind != "feed" or known is None or not found or self.ledger.known([c.url for c in found]):
            return ""
        self.gaps.append(known.url)
        return "; gap: none of them was known, so entries since the last run may have been missed"

    def _as_read(self, response: Response, further: list[str]) -> Listing:
        window = self.study.window
        etag, modified = _header(response, "ETag"), _header(response, "Last-Modified")
        return Listing(response.meta["asked"], etag, modified, window.first, window.last, further)

    def on_listing_failed(self, failure: Failure) -> Iterator[Request]:
        """Note a listing that could not be had; the outlet's other ways go on."""
        request: Request = failure.request  # type: ignore[attr-defined]
        state = self.states[request.meta["outlet_id"]]
        outcome, detail = outcome_of(failure)
        state.failures.append(f"{request.meta['asked']}: {detail}")
        self._note(request, outcome, detail)
        yield from self._listing_done(state)

    def _listing_done(self, state: OutletState) -> Iterator[Request]:
        state.open_listings -= 1
        if state.open_listings == 0:
            self._note_left(state)
            yield from self._pages(state)

    # Pages

    def _pages(self, state: OutletState) -> Iterator[Request]:
        # Together with the candidates, so that "not modified" never hides one that was not kept.
        for listing in state.listings_read:
            self.ledger.read_listing(listing)
        self.ledger.offer(state.found.values(), self.study.window)
        state.found.clear()
        due = self.ledger.due(state.outlet.id, self.study.crawl.max_pages, self.study.window)
        state.pages = len(due)
        self.progress.waiting += len(due)
        if not due:
            self._outlet_done()
            return
        home = urlsplit(due[0].url)
        probe = f"{home.scheme}://{home.netloc}{judge.probe_path(state.outlet.id)}"
        yield self._request(probe, state, "probe", self.on_probe, due=due, dont_retry=True)

    def on_probe(self, response: Response) -> Iterator[Request]:
        """Keep what the outlet shows for a URL that cannot exist, then ask for the pages."""
        state = self.states[response.meta["outlet_id"]]
        state.answered = True
        if response.status == 200:
            state.probe = response.body
        detail = f"HTTP {response.status} for a URL that cannot exist"
        self._note(_request_of(response), Outcome.LISTING, detail, response)
        yield from self._page_requests(state, response.meta["due"])

    def on_probe_failed(self, failure: Failure) -> Iterator[Request]:
        """Without a probe, pages are judged by what they are."""
        request: Request = failure.request  # type: ignore[attr-defined]
        outcome, detail = outcome_of(failure)
        self._note(request, outcome, detail)
        yield from self._page_requests(self.states[request.meta["outlet_id"]], request.meta["due"])

    def _page_requests(self, state: OutletState, due: list[Due]) -> Iterator[Request]:
        for place, page in enumerate(due):
            headers = _validators(page.etag, page.last_modified)
            yield self._request(page.url, state, "page", self.on_page, headers, due=page, place=place)

    async def on_page(self, response: Response) -> None:
        """Judge a page, extract it if it names the topic, and write down what came of it."""
        request = _request_of(response)
        state = self.states[request.meta["outlet_id"]]
        state.answered = True
        due: Due = request.meta["due"]
        row = self._row(request, response)
        outcome, detail, page = await self._judged(response, state, due)
        etag, modified = _header(response, "ETag"), _header(response, "Last-Modified")
        self._settle(state, request, Result(due, outcome, detail, row, etag, modified, page))

    async def _judged(
        self, response: Response, state: OutletState, due: Due
    ) -> tuple[Outcome, str, Extracted | None]:
        content_type = _header(response, "Content-Type") or ""
        charset = content_type.partition("charset=")[2].partition(";")[0].strip("\"' ") or None
        answer = Answer(due.url, response.url, response.status, content_type, charset, response.body)
        if decided := self.judge.before_extraction(answer, state.probe):
            return *decided, None
        page = await asyncio.wrap_future(self.pool.submit(response.body, response.url, charset))
        return self.judge.after_extraction(page, self.ledger.hint(due, response.url))

    def on_page_failed(self, failure: Failure) -> None:
        """Note a page that could not be had."""
        request: Request = failure.request  # type: ignore[attr-defined]
        state = self.states[request.meta["outlet_id"]]
        outcome, detail = outcome_of(failure)
        if outcome in {Outcome.TOO_LARGE, Outcome.FORBIDDEN_ADDRESS, Outcome.NOT_HTML}:
            state.answered = True
        state.failures.append(f"{request.meta['asked']}: {detail}")
        self._settle(state, request, Result(request.meta["due"], outcome, detail, self._row(request)))

    def _settle(self, state: OutletState, request: Request, result: Result) -> None:
        for ready in state.in_order(request.meta["place"], result):
            outcome = write_down(self.ledger, ready, self._outlet_of(state, ready))
            self.progress.outcomes[outcome.value] += 1
            self.progress.pages += 1
            self.progress.waiting -= 1
        if state.finished:
            self._outlet_done()
        self._on_progress(self.progress)

    def _outlet_of(self, state: OutletState, result: Result) -> str:
        return attributed(self._sources, state.outlet.id, result.attempt["final_url"], result.due.url)

    # Both

    def _request(
        self,
        url: str,
        state: OutletState,
        kind: str,
        callback: Callable[..., Any],
        headers: dict[str, str] | None = None,
        **meta: Any,
    ) -> Request:
        failed = {"probe": self.on_probe_failed, "page": self.on_page_failed}.get(
            kind, self.on_listing_failed
        )
        meta |= {"outlet_id": state.outlet.id, "kind": kind, "asked": url}
        return Request(url, callback, headers=headers, meta=meta, errback=failed, dont_filter=True)

    def _note(
        self, request: Request, outcome: Outcome, detail: str, response: Response | None = None
    ) -> None:
        self.progress.outcomes[outcome.value] += 1
        self.ledger.attempt(outcome=outcome, detail=detail, **self._row(request, response))

    def _note_left(self, state: OutletState) -> None:
        """One row for all: a trap names more than anyone wants to have."""
        if not state.listings_left:
            return
        detail = (
            f"{state.listings_left} further ones left: more than {MAX_LISTINGS}, nested deeper than "
            f"{MAX_SITEMAP_DEPTH}, or not addresses of the web"
        )
        home = f"http://{state.outlet.domain}/"
        self.progress.outcomes[Outcome.LIMIT.value] += 1
        self.ledger.attempt(
            outlet_id=state.outlet.id, kind="sitemap", url=home, outcome=Outcome.LIMIT, detail=detail
        )

    def note_robots(self, request: Request, response: Response | None, refusal: str) -> None:
        """Note how a robots.txt answered."""
        outcome = Outcome.ROBOTS if refusal else Outcome.LISTING
        asked = _request_of(response) if response else request
        self.ledger.attempt(outcome=outcome, detail=refusal, **self._row(asked, response))

    def _row(self, request: Request, response: Response | None = None) -> dict[str, Any]:
        kept: Kept | None = request.meta.get("kept")
        return {
            "outlet_id": request.meta["outlet_id"],
            "kind": request.meta["kind"],
            "url": request.meta["asked"],
            "final_url": None if response is None else response.url,
            "http_status": None if response is None else response.status,
            "fetched_at": None if kept is None else kept.fetched_at,
            "warc_file": None if kept is None else kept.warc_file,
            "warc_offset": None if kept is None else kept.warc_offset,
            "digest": None if response is None else f"sha256:{sha256(response.body).hexdigest()}",
        }

    def _outlet_done(self) -> None:
        self.progress.outlets_done += 1
        self._on_progress(self.progress)

    def failed_outlets(self) -> dict[str, str]:
        """The outlets of which nothing could be learnt, each with why."""
        return {name: state.failure for name, state in self.states.items() if state.failure}


def _validators(etag: str | None, last_modified: str | None) -> dict[str, str]:
    headers = {"If-None-Match": etag, "If-Modified-Since": last_modified}
    return {name: value for name, value in headers.items() if value}


def _request_of(response: Response) -> Request:
    assert response.request is not None  # noqa: S101 - Scrapy sets it on every response it hands over
    return response.request


def _header(response: Response, name: str) -> str | None:
    value = response.headers.get(name)
    return None if value is None else value.decode("latin-1")
