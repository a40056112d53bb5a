"""The servers that all outlets share (archives, GDELT): asked one by one, and left where they refuse."""

import asyncio
from collections import defaultdict
from typing import TYPE_CHECKING, Self

from scrapy import Request
from scrapy.downloadermiddlewares.retry import get_retry_request
from scrapy.exceptions import DownloadTimeoutError
from scrapy.http import Response

from gossi.crawler.capture.captured import Page
from gossi.crawler.crawl.asking import Ask, Question
from gossi.crawler.discovery import gdelt
from gossi.crawler.study.sources import Study
from gossi.crawler.web.addresses import ForbiddenAddress
from gossi.crawler.web.backoff import HostBusy
from gossi.crawler.web.robots import RobotsRefused
from gossi.crawler.web.throttle import least_delay
from gossi.crawler.web.urls import server_of

if TYPE_CHECKING:
    from scrapy.crawler import Crawler

# Questions in a row that are refused or fail after which a service is left alone for the rest of the run: a
# ban lasts an hour and doubles (github.com, edgi-govdata-archiving/wayback, issue 137), so going on makes it
# worse. What is tried again, or in parts, is one question: a place too large for it shuts nobody out.
_STRIKES = 5
# Seconds; the delay doubles with each refusal up to this.
_LONGEST_DELAY = 60.0
# What the Internet Archive answers with for a site that asked to be left out, in the body of a search and in
# this header where a page is asked for (github.com, edgi-govdata-archiving/wayback, issue 34).
_LEFT_OUT = b"AccessControlException"
_WHY = "X-Archive-Wayback-Runtime-Error"
# With this header an archive answers as the page's own server once did, refusals included (RFC 7089).
_CAPTURED = "Memento-Datetime"


def delays(study: Study) -> dict[str, float]:
    """Seconds between two requests to each service, by host."""
    found: dict[str, float] = {}
    for delay, address in (
        (study.wayback.delay, study.wayback.cdx),
        (study.wayback.delay, study.wayback.replay),
        (study.commoncrawl.delay, study.commoncrawl.index),
        (study.commoncrawl.delay, study.commoncrawl.data),
        (study.gdelt.delay, study.gdelt.server),
    ):
        host = server_of(address)
        found[host] = max(delay, found.get(host, 0.0))
    return found


class OneByOne:
    """Asks each server one question after another, in the order in which they come.

    Hundreds that wait for one slow server would else keep out all others.
    """

    def __init__(self, ask: Ask) -> None:
        self._ask = ask
        self._turns: dict[str, asyncio.Lock] = defaultdict(asyncio.Lock)

    async def ask(self, question: Question) -> Page:
        """Ask when the questions before it to the same server have ended."""
        async with self._turns[server_of(question.url)]:
            return await self._ask(question)


class SharedServerGuard:
    """Keeps a service's delay, doubles it with each refusal, and stops asking where they go on.

    Refusals are 403, 429, any 5xx, and no answer at all: some bans close the door. What robots.txt forbids,
    or we ourselves, is none: nothing was asked.
    """

    def __init__(self, crawler: "Crawler") -> None:
        self._crawler = crawler
        self._delays: dict[str, float] = crawler.settings.getdict("GOSSI_SHARED_DELAYS")
        self._strikes: dict[str, set[str]] = defaultdict(set)
        self._stopped: dict[str, str] = {}

    @classmethod
    def from_crawler(cls, crawler: "Crawler") -> Self:
        """As Scrapy builds it."""
        return cls(crawler)

    def process_request(self, request: Request) -> None:
        """Raise HostBusy where the service has been given up for this run."""
        host = request.meta["download_slot"]
        if host in self._delays:
            # Automatic throttling would shorten the delay where the service answers quickly.
            request.meta["autothrottle_dont_adjust_delay"] = True
            if why := self._stopped.get(host):
                raise HostBusy(why)

    def process_response(self, request: Request, response: Response) -> Request | Response:
        """Count a refusal; an answer clears the count."""
        host = request.meta["download_slot"]
        if host not in self._delays or request.meta.get("robots_itself"):
            return response
        if request.meta["kind"] == "gdelt" and gdelt.is_asked_too_often(response.body):
            # With status 200; Scrapy asks again by itself only after a 429.
            self._strike(request, "it says that it is asked too often")
            again = get_retry_request(request, spider=self._crawler.spider, reason="asked too often")  # type: ignore[arg-type]
            return again or response
        if response.status not in {403, 429} and response.status < 500:
            self._strikes[host].clear()
            self._slow_down(host, 1)
        elif not _is_about_the_page(response):
            self._strike(request, f"it refuses us (HTTP {response.status})")
        return response

    def process_exception(self, request: Request, exception: Exception) -> None:
        """Count no answer as a refusal; a search that takes too long would take as long again."""
        host = request.meta.get("download_slot", "")
        unasked = isinstance(exception, (HostBusy, RobotsRefused, ForbiddenAddress))
        if host in self._delays and not unasked:
            self._strike(request, f"it does not answer ({type(exception).__name__})")
            if isinstance(exception, DownloadTimeoutError) and request.meta["kind"] != "page":
                request.meta["dont_retry"] = True

    def _strike(self, request: Request, why: str) -> None:
        host = request.meta["download_slot"]
        struck = self._strikes[host]
        struck.add(request.meta["about"])
        if len(struck) >= _STRIKES:
            self._stopped[host] = f"{why}; left alone until the next run"
        self._slow_down(host, 2 ** len(struck))

    def _slow_down(self, host: str, times: int) -> None:
        """Make the delay so many times the study's, or that of the service's robots.txt if it is longer."""
        downloader = self._crawler.engine.downloader
        if host in downloader.slots:
            own = least_delay(self._crawler, host)
            downloader.slots[host].delay = max(own, min(_LONGEST_DELAY, own * times))


def _is_about_the_page(response: Response) -> bool:
    """Whether a refusal is that of a site or of its page, and not of us."""
    why = response.headers.get(_WHY) or b""
    return _CAPTURED in response.headers or _LEFT_OUT in why or _LEFT_OUT in response.body
