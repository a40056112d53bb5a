"""The spider: asks each outlet for its listings, then for the pages they named."""

import asyncio
from collections import Counter
from collections.abc import AsyncIterator, Callable, Iterator
from dataclasses import dataclass, field
from hashlib import sha256
from typing import Any
from urllib.parse import urlsplit

from scrapy import Request, Spider
from scrapy.http import Response
from twisted.python.failure import Failure

from crawler.capture.warc import Kept, WarcWriter
from crawler.discovery.candidate import Candidate, merged
from crawler.discovery.feeds import read_feed
from crawler.discovery.pages import known_pages
from crawler.discovery.sitemaps import read_sitemap
from crawler.extraction.extract import Extracted
from crawler.extraction.pool import ExtractionPool
from crawler.fetch import judge
from crawler.fetch.failures import outcome_of
from crawler.fetch.judge import Answer, Hint, Judge
from crawler.outcomes import Outcome
from crawler.store.ledger import Due, Ledger
from crawler.store.store import utc_now
from crawler.study import Outlet, Study

# Indexes of indexes of sitemaps: the protocol forbids even two levels; deeper is a trap.
MAX_SITEMAP_DEPTH = 3
# Listings asked of one outlet in a run; a window of a year is some hundred monthly or weekly sitemaps.
MAX_LISTINGS = 500


@dataclass
class Progress:
    """How far a crawl is; handed to the caller's hook after each page."""

    outlets: int
    outlets_done: int = 0
    pages: int = 0
    waiting: int = 0
    outcomes: Counter[str] = field(default_factory=Counter)


@dataclass
class _OutletState:
    outlet: Outlet
    listings: set[str] = field(default_factory=set)
    open_listings: int = 0
    open_pages: int = 0
    answered: bool = False
    failures: list[str] = field(default_factory=list)
    found: dict[str, Candidate] = field(default_factory=dict)
    probe: bytes | None = None


class CoverageSpider(Spider):
    """Crawls the outlets of a study; what comes of each URL goes to the ledger."""

    name = "gossi"

    def __init__(  # noqa: PLR0913 - Scrapy builds it, so its parts arrive as arguments
        self,
        *,
        study: Study,
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
        self.states = {outlet.id: _OutletState(outlet) for outlet in outlets}
        self.progress = Progress(len(outlets))
        self._on_progress = on_progress

    async def start(self) -> AsyncIterator[Request]:
        """Ask for every outlet's listings; for the pages at once where it has none."""
        for state in self.states.values():
            for candidate in known_pages(state.outlet):
                state.found[candidate.url] = candidate
            for url in state.outlet.feeds:
                for request in self._listing(state, url, "feed"):
                    yield request
            for url in state.outlet.sitemaps:
                for request in self._listing(state, url, "sitemap"):
                    yield request
            if not state.open_listings:
                for request in self._pages(state):
                    yield request

    # Listings

    def _listing(self, state: _OutletState, url: str, kind: str, depth: int = 0) -> Iterator[Request]:
        if url in state.listings or len(state.listings) >= MAX_LISTINGS or depth > MAX_SITEMAP_DEPTH:
            return
        state.listings.add(url)
        state.open_listings += 1
        yield self._request(url, state, kind, self.on_listing, depth=depth)

    def on_listing(self, response: Response) -> Iterator[Request]:
        """Read a feed or sitemap; when it was the outlet's last one, go on to the pages."""
        meta = response.meta
        state, kind, depth = self.states[meta["outlet_id"]], meta["kind"], meta["depth"]
        state.answered = True
        outcome, detail = judge.by_status(response.status) or (Outcome.LISTING, "")
        further: list[str] = []
        if outcome is Outcome.LISTING:
            if kind == "feed":
                found, pruned = read_feed(response.body, response.url, state.outlet.id), 0
            else:
                read = read_sitemap(response.body, response.url, state.outlet.id, self.study.window)
                found = None if read is None else read.candidates
                pruned = 0 if read is None else read.pruned
                further = [] if read is None else read.sitemaps
            if found is None:
                outcome, detail = Outcome.EXTRACTION_FAILED, f"not a {kind}"
            else:
                detail = f"{len(found)} entries, {pruned} outside the window, {len(further)} further sitemaps"
                for candidate in found:
                    known = state.found.get(candidate.url, candidate)
                    state.found[candidate.url] = merged(known, candidate)
        self._note(_request_of(response), outcome, detail, response)
        for url in further:
            yield from self._listing(state, url, kind, depth + 1)
        yield from self._listing_done(state)

    def on_listing_failed(self, failure: Failure) -> Iterator[Request]:
        """Note a listing that could not be had; the outlet's other ways go on."""
        request: Request = failure.request  # type: ignore[attr-defined]
        state = self.states[request.meta["outlet_id"]]
        outcome, detail = outcome_of(failure)
        state.failures.append(f"{request.url}: {detail}")
        self._note(request, outcome, detail)
        yield from self._listing_done(state)

    def _listing_done(self, state: _OutletState) -> Iterator[Request]:
        state.open_listings -= 1
        if state.open_listings == 0:
            yield from self._pages(state)

    # Pages

    def _pages(self, state: _OutletState) -> Iterator[Request]:
        self.ledger.offer(state.found.values())
        state.found.clear()
        due = self.ledger.due(state.outlet.id, self.study.crawl.max_pages)
        state.open_pages = len(due)
        self.progress.waiting += len(due)
        if not due:
            self._outlet_done(state)
            return
        home = urlsplit(due[0].url)
        nonsense = sha256(f"{state.outlet.id} {self.ledger.run_id}".encode()).hexdigest()[:20]
        yield self._request(
            f"{home.scheme}://{home.netloc}/{nonsense}",
            state,
            "probe",
            self.on_probe,
            due=due,
            dont_retry=True,
        )

    def on_probe(self, response: Response) -> Iterator[Request]:
        """Keep what the outlet shows for a URL that cannot exist, then ask for the pages."""
        state = self.states[response.meta["outlet_id"]]
        state.answered = True
        if response.status == 200:
            state.probe = response.body
        self._note(
            _request_of(response),
            Outcome.LISTING,
            f"HTTP {response.status} for a URL that cannot exist",
            response,
        )
        yield from self._page_requests(state, response.meta["due"])

    def on_probe_failed(self, failure: Failure) -> Iterator[Request]:
        """Without a probe, pages are judged by what they are."""
        request: Request = failure.request  # type: ignore[attr-defined]
        outcome, detail = outcome_of(failure)
        self._note(request, outcome, detail)
        yield from self._page_requests(self.states[request.meta["outlet_id"]], request.meta["due"])

    def _page_requests(self, state: _OutletState, due: list[Due]) -> Iterator[Request]:
        for page in due:
            headers = {"If-None-Match": page.etag, "If-Modified-Since": page.last_modified}
            yield self._request(
                page.url,
                state,
                "page",
                self.on_page,
                due=page,
                headers={k: v for k, v in headers.items() if v},
            )

    async def on_page(self, response: Response) -> None:
        """Judge a page, extract it if it names the topic, and write down what came of it."""
        state = self.states[response.meta["outlet_id"]]
        state.answered = True
        due: Due = response.meta["due"]
        outcome, detail, page = await self._judge(response, state, due)
        next_attempt = utc_now() if outcome in judge.RETRIED else None
        if page is not None:
            kept: Kept = response.meta["kept"]
            outcome, detail = self.ledger.take_as(outcome, page, state.outlet.id, due.url, kept.fetched_at)
            next_attempt = judge.next_visit(page.published, utc_now())
        self._note(_request_of(response), outcome, detail, response)
        self.ledger.settle(
            due.url,
            outcome,
            detail,
            etag=_header(response, "ETag"),
            last_modified=_header(response, "Last-Modified"),
            next_attempt=next_attempt,
        )
        self._page_done(state)

    async def _judge(
        self, response: Response, state: _OutletState, due: Due
    ) -> tuple[Outcome, str, Extracted | None]:
        content_type = _header(response, "Content-Type") or ""
        charset = content_type.partition("charset=")[2].strip("\"' ;") or None
        answer = Answer(due.url, response.url, response.status, content_type, charset, response.body)
        if decided := self.judge.before_extraction(answer, state.probe):
            return *decided, None
        try:
            page = await asyncio.wrap_future(self.pool.submit(response.body, response.url, charset))
        except Exception as error:  # noqa: BLE001 - a worker's death costs its page, not the run
            return Outcome.EXTRACTION_FAILED, type(error).__name__, None
        return self.judge.after_extraction(
            page, Hint.of(due.hint_published, due.hint_precision, due.found_by)
        )

    def on_page_failed(self, failure: Failure) -> None:
        """Note a page that could not be had."""
        request: Request = failure.request  # type: ignore[attr-defined]
        state = self.states[request.meta["outlet_id"]]
        outcome, detail = outcome_of(failure)
        if outcome not in {Outcome.ROBOTS, Outcome.TOO_LARGE}:
            state.failures.append(f"{request.url}: {detail}")
        self._note(request, outcome, detail)
        retry = utc_now() if outcome in judge.RETRIED else None
        self.ledger.settle(request.meta["due"].url, outcome, detail, next_attempt=retry)
        self._page_done(state)

    # Both

    def _request(
        self,
        url: str,
        state: _OutletState,
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
        kept: Kept | None = request.meta.get("kept")
        self.progress.outcomes[outcome.value] += 1
        self.ledger.attempt(
            outlet_id=request.meta["outlet_id"],
            kind=request.meta["kind"],
            url=request.meta["asked"],
            outcome=outcome,
            detail=detail,
            final_url=None if response is None else response.url,
            http_status=None if response is None else response.status,
            fetched_at=None if kept is None else kept.fetched_at,
            warc_file=None if kept is None else kept.warc_file,
            warc_offset=None if kept is None else kept.warc_offset,
            digest=None if response is None else f"sha256:{sha256(response.body).hexdigest()}",
        )

    def _page_done(self, state: _OutletState) -> None:
        self.progress.pages += 1
        self.progress.waiting -= 1
        state.open_pages -= 1
        if state.open_pages == 0:
            self._outlet_done(state)
        self._on_progress(self.progress)

    def _outlet_done(self, state: _OutletState) -> None:
        self.progress.outlets_done += 1
        self._on_progress(self.progress)

    def failed_outlets(self) -> dict[str, str]:
        """The outlets that answered nothing at all, each with why."""
        return {
            name: state.failures[0] if state.failures else "nothing was asked"
            for name, state in self.states.items()
            if not state.answered
        }


def _request_of(response: Response) -> Request:
    assert response.request is not None  # noqa: S101 - Scrapy sets it on every response it hands over
    return response.request


def _header(response: Response, name: str) -> str | None:
    value = response.headers.get(name)
    return None if value is None else value.decode("latin-1")
