"""Scrapy's part of the crawl: it asks what the outlets' courses ask, and ends when they have ended."""

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable
from hashlib import sha256
from typing import Any

from scrapy import Request, Spider
from scrapy.http import Response
from scrapy.http.request import NO_CALLBACK

from gossi.crawler.capture.answer import PART, is_part
from gossi.crawler.capture.captured import Page
from gossi.crawler.capture.warc import Kept, WarcWriter
from gossi.crawler.crawl.asking import Question, Unanswered
from gossi.crawler.crawl.listing_reader import ListingReader
from gossi.crawler.crawl.outlet import crawl_outlets
from gossi.crawler.crawl.progress import Progress
from gossi.crawler.crawl.run import Run
from gossi.crawler.extraction.article import Extracted
from gossi.crawler.extraction.pool import ExtractionPool
from gossi.crawler.stopping import answered_by
from gossi.crawler.store.ledger import Ledger
from gossi.crawler.study.sources import Outlet, Sources, Study
from gossi.crawler.web.failures import outcome_of

# Servers asked at the same time; each of them gets one connection.
# As many as a long list of outlets has, so that none waits for another's delay.
_SERVERS_AT_ONCE = 128


class CoverageSpider(Spider):
    """Crawls the outlets of a study; what comes of each URL goes to the ledger.

    `broken` is what ended the run before its time: our own code failed, or nothing more could be kept.
    """

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
        course: Callable[[Run], Awaitable[None]] = crawl_outlets,
        **kwargs: Any,
    ) -> None:
        super().__init__(**kwargs)
        self.writer = writer
        self._reader = ListingReader()
        self.run = Run(
            study=study,
            sources=sources,
            outlets=outlets,
            ledger=ledger,
            ask=self.ask,
            extract=self.extract,
            read_sitemap=self._reader.read,
            on_progress=on_progress,
        )
        self.broken: BaseException | None = None
        self._pool = pool
        self._at_once = asyncio.Semaphore(_SERVERS_AT_ONCE)
        self._whole_course = course
        self._course: asyncio.Future[None] | None = None

    async def start(self) -> AsyncIterator[Request]:
        """Crawl all outlets. What they ask does not pass here, so nothing is yielded."""
        self._course = asyncio.ensure_future(self._whole_course(self.run))
        try:
            with answered_by(self.give_up), self._reader:
                await self._course
        except asyncio.CancelledError:
            if self.broken is None:
                raise  # Scrapy was told to stop
        except BaseException as error:  # noqa: BLE001 - the run ends by it, and `crawl` raises it
            self.give_up(error)
        return
        yield

    def give_up(self, error: BaseException) -> None:
        """End the run because nothing more can be kept or learnt; `crawl` raises the error.

        A page lost in silence would count as an omission.
        """
        while isinstance(error, BaseExceptionGroup):
            error = error.exceptions[0]
        if self.broken is None:
            self.broken = error
        if self._course is not None:
            self._course.cancel()

    async def ask(self, question: Question) -> Page:
        """Ask the web. Raises Unanswered."""
        kept: list[Kept] = []
        request = _request(question, kept)
        async with self._at_once:
            try:
                response = await self.crawler.engine.download_async(request)
            except Exception as error:
                if self.broken is not None:
                    # What comes while all breaks down may be untrue; the next run takes it up.
                    raise self.broken from None
                raise Unanswered(*outcome_of(error), kept[-1] if kept else None) from error
        return _page(response, kept[-1], question.asked)

    async def extract(self, body: bytes, url: str, charset: str | None) -> Extracted:
        """Extract a page in a worker."""
        return await asyncio.wrap_future(self._pool.submit(body, url, charset))

    def note_robots(self, request: Request, response: Response | None, refusal: str) -> None:
        """Note how a robots.txt answered."""
        meta = request.meta
        question = Question(meta["asked"], meta["outlet_id"], meta["kind"])
        page = _page(response, meta["kept"][-1], meta["asked"]) if response else None
        self.run.note_robots(question, page, refusal)


def _request(question: Question, kept: list[Kept]) -> Request:
    """The request that asks it; where its answers lie is added to `kept`, those on the way included."""
    meta: dict[str, Any] = {"outlet_id": question.outlet_id, "kind": question.kind, "asked": question.asked}
    meta |= {"kept": kept, "dont_retry": not question.retried, "about": question.about}
    if question.timeout is not None:
        meta["download_timeout"] = question.timeout
    if question.max_bytes is not None:
        meta["download_maxsize"] = question.max_bytes
    return Request(question.url, NO_CALLBACK, headers=dict(question.headers), meta=meta, dont_filter=True)


def _page(response: Response, kept: Kept, asked: str) -> Page:
    headers = {
        name.decode("latin-1").lower(): values[0].decode("latin-1")
        for name, values in response.headers.items()
        if values
    }
    return Page(
        response.url, kept.fetched_at, response.status, headers, response.body, kept.warc_file,
        kept.warc_offset, f"sha256:{sha256(response.body).hexdigest()}", asked,
        PART if is_part(response.status, headers) else "",
    )  # fmt: skip
