"""Obeys robots.txt as RFC 9309 has it; Scrapy's own middleware takes an unreachable file for a permission."""

import asyncio
from dataclasses import dataclass
from time import monotonic
from typing import TYPE_CHECKING, Self

from protego import Protego
from scrapy.exceptions import IgnoreRequest
from scrapy.http import Request, Response
from scrapy.http.request import NO_CALLBACK
from scrapy.utils.httpobj import urlparse_cached

from crawler.fetch.addresses import ForbiddenAddress
from crawler.fetch.resolver import PublicResolver

if TYPE_CHECKING:
    from scrapy.crawler import Crawler

# RFC 9309, 2.5: a crawler must parse at least 500 KiB.
MAX_BYTES = 500 * 1024
# RFC 9309, 2.4: not to be used for more than 24 hours.
MAX_AGE_SECONDS = 24 * 3600
# Seconds. A run must end: whoever wants more between two requests does not want to be crawled.
LONGEST_DELAY = 300.0
# The name that robots.txt files address this crawler by.
PRODUCT = "GossiCoverage"


class RobotsRefused(IgnoreRequest):
    """robots.txt forbids the URL, or could not be read. The message says which."""


@dataclass(frozen=True)
class Rules:
    """What an authority's robots.txt says; `refusal` is why nothing may be asked at all, or "".

    `delay` is its Crawl-delay in seconds, 0 where it has none. `cause` is what kept it from being read.
    """

    parser: Protego
    refusal: str
    delay: float
    read_at: float
    cause: Exception | None = None


def rules_from(status: int, body: bytes) -> tuple[Protego, str]:
    """RFC 9309, 2.3.1: 2xx is parsed, 4xx allows everything, anything else forbids everything."""
    if 200 <= status < 300:
        return Protego.parse(body[:MAX_BYTES].decode("utf-8-sig", "replace")), ""
    if 400 <= status < 500:
        return Protego.parse(""), ""
    return Protego.parse(""), f"robots.txt answered {status}"


class RobotsMiddleware:
    """Lets a request pass only if the robots.txt of its authority does; honours Crawl-delay."""

    def __init__(self, crawler: "Crawler") -> None:
        self._crawler = crawler
        self._rules: dict[str, Rules] = {}
        self._locks: dict[str, asyncio.Lock] = {}

    @classmethod
    def from_crawler(cls, crawler: "Crawler") -> Self:
        """As Scrapy builds it."""
        return cls(crawler)

    async def process_request(self, request: Request) -> None:
        """Raise RobotsRefused where the URL may not be asked."""
        if request.meta.get("robots_itself"):
            return
        parts = urlparse_cached(request)
        authority = f"{parts.scheme}://{parts.netloc}"
        async with self._locks.setdefault(authority, asyncio.Lock()):
            rules = self._rules.get(authority)
            if rules is None or monotonic() - rules.read_at > MAX_AGE_SECONDS:
                rules = self._rules[authority] = await self._read(authority, request)
        if rules.delay:
            request.meta["autothrottle_dont_adjust_delay"] = True
        if why := PublicResolver.refused.get(parts.hostname or ""):
            raise ForbiddenAddress(why)
        if rules.refusal:
            raise RobotsRefused(rules.refusal) from rules.cause
        if not rules.parser.can_fetch(request.url, PRODUCT):
            raise RobotsRefused("robots.txt disallows it")

    async def _read(self, authority: str, wanted: Request) -> Rules:
        url = f"{authority}/robots.txt"
        meta = {
            "robots_itself": True,
            "kind": "robots",
            "asked": url,
            "outlet_id": wanted.meta["outlet_id"],
        }
        request = Request(url, callback=NO_CALLBACK, meta=meta)
        engine, spider = self._crawler.engine, self._crawler.spider
        assert engine is not None  # noqa: S101 - a request is under way, so there is an engine
        response: Response | None = None
        parser, refusal, cause = Protego.parse(""), "", None
        try:
            response = await engine.download_async(request)
        except Exception as error:  # noqa: BLE001 - whatever went wrong, the file could not be read
            refusal, cause = "robots.txt could not be read", error
        else:
            parser, refusal = rules_from(response.status, response.body)
        delay = float(parser.crawl_delay(PRODUCT) or 0.0)
        if delay > LONGEST_DELAY:
            refusal = f"robots.txt asks for {delay:.0f} seconds between two requests"
        elif delay:
            self._slow_down(wanted.meta["download_slot"], delay)
        spider.run.note_robots(request, response, refusal)  # type: ignore[union-attr]
        return Rules(parser, refusal, delay, monotonic(), cause)

    def _slow_down(self, slot: str, delay: float) -> None:
        downloader = self._crawler.engine.downloader
        own = downloader.per_slot_settings.get(slot, {}).get("delay", 0.0)
        delay = max(delay, own, self._crawler.settings.getfloat("DOWNLOAD_DELAY"))
        # Scrapy drops a queue that was idle for a minute; the next one must know the delay too.
        downloader.per_slot_settings[slot] = {"delay": delay}
        if slot in downloader.slots:
            downloader.slots[slot].delay = delay
