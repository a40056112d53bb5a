"""Obeys robots.txt as RFC 9309 has it; Scrapy's own middleware takes an unreachable file for a permission."""

import asyncio
import re
from dataclasses import dataclass
from time import monotonic
from typing import TYPE_CHECKING, Any, Self
from weakref import WeakKeyDictionary

from protego import Protego
from scrapy import signals
from scrapy.exceptions import IgnoreRequest, StopDownload
from scrapy.http import Request, Response
from scrapy.http.request import NO_CALLBACK
from scrapy.utils.httpobj import urlparse_cached

from gossi.crawler.web.addresses import ForbiddenAddress
from gossi.crawler.web.resolver import PublicResolver
from gossi.crawler.web.throttle import least_delay
from gossi.crawler.web.user_agent import PRODUCT

if TYPE_CHECKING:
    from scrapy.crawler import Crawler

# RFC 9309, 2.5: a crawler must parse at least 500 KiB.
MAX_BYTES = 500 * 1024
# RFC 9309, 2.4: not to be used for more than 24 hours.
MAX_AGE_SECONDS = 24 * 3600
# Seconds. A run must end: whoever wants more between two requests does not want to be crawled.
LONGEST_DELAY = 300.0
# A line that says whom the rules below it are for, in the spellings that Protego takes for one.
_FOR_WHOM = re.compile(r"\s*user[- ]?agent(?=[\s:])\s*:?\s*([^\s#][^#]*)", re.IGNORECASE)
# A line that allows or forbids, in the spellings that Protego takes for one.
_RULE = re.compile(r"\s*(?:allow|dis?s?al+ow|diasllow|disallaw)(?=[\s:])", re.IGNORECASE)
_TOKEN = re.compile(r"[\w-]*")
_SOMEONE_ELSE = "another-crawler"


class RobotsRefused(IgnoreRequest):
    """robots.txt forbids the URL, or could not be read. The message says which."""


@dataclass(frozen=True)
class Rules:
    """What an authority's robots.txt says; `refusal` is why nothing may be asked at all, or "".

    `cause` is what kept it from being read.
    """

    parser: Protego
    refusal: str
    read_at: float
    cause: Exception | None = None


def rules_from(status: int, body: bytes) -> tuple[Protego, str]:
    """RFC 9309, 2.3.1: 2xx is parsed, 4xx allows everything, anything else forbids everything."""
    if 200 <= status < 300:
        return Protego.parse(_addressed(_read_part(body).decode("utf-8-sig", "replace"))), ""
    if 400 <= status < 500:
        return Protego.parse(""), ""
    return Protego.parse(""), f"robots.txt answered {status}"


def _read_part(body: bytes) -> bytes:
    """As much of a long file as is read, in whole lines: half a path forbids more than the whole one."""
    part = body[:MAX_BYTES]
    if len(part) < MAX_BYTES:
        return part
    return part[: max(part.rfind(b"\n"), part.rfind(b"\r"), 0)]


def _addressed(text: str) -> str:
    """The file with nobody named in it but us, everybody, and someone else.

    RFC 9309, 2.2.1: a group is ours where its product token is the whole of our name, in any case, and what
    follows the token is no part of it. Protego takes the beginning of a name for the name, and a version for
    a part of it.

    RFC 9309, 2.2.4: other records, as Crawl-delay, end no group, which with Protego they do: those that stand
    between two names stand behind the group's first rule instead.
    """
    lines: list[str] = []
    others: list[str] = []
    naming = False
    # A NUL belongs into no text, and would make another name of one.
    for line in text.replace("\0", "").splitlines():
        if _FOR_WHOM.match(line):
            naming = True
            lines.append(_addressed_line(line))
        elif _RULE.match(line):
            naming = False
            lines += [line, *others]
            others.clear()
        else:
            (others if naming else lines).append(line)
    return "\n".join(lines + others)


def _addressed_line(line: str) -> str:
    found = _FOR_WHOM.match(line)
    if found is None:
        return line
    named = found[1].casefold()
    token = _TOKEN.match(named)
    ours = token is not None and token[0] == PRODUCT.casefold()
    return f"User-agent: {PRODUCT if ours else '*' if named.split() == ['*'] else _SOMEONE_ELSE}"


class RobotsMiddleware:
    """Lets a request pass only if the robots.txt of its authority does; honours Crawl-delay."""

    def __init__(self, crawler: "Crawler") -> None:
        self._crawler = crawler
        self._rules: dict[str, Rules] = {}
        self._locks: dict[str, asyncio.Lock] = {}
        self._received: WeakKeyDictionary[Request, int] = WeakKeyDictionary()
        crawler.signals.connect(self.on_bytes, signals.bytes_received)

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
        if why := PublicResolver.refused.get(parts.hostname or ""):
            raise ForbiddenAddress(why)
        if rules.refusal:
            raise RobotsRefused(rules.refusal) from rules.cause
        if not rules.parser.can_fetch(request.url, PRODUCT):
            raise RobotsRefused("robots.txt disallows it")

    def on_bytes(self, data: bytes, request: Request, **_: Any) -> None:
        """End a robots.txt where it goes on beyond what is read of it."""
        if request.meta.get("robots_itself"):
            self._received[request] = received = self._received.get(request, 0) + len(data)
            if received >= MAX_BYTES:
                raise StopDownload(fail=False)

    async def _read(self, authority: str, wanted: Request) -> Rules:
        url = f"{authority}/robots.txt"
        meta = {
            "robots_itself": True,
            "kind": "robots",
            "asked": url,
            "about": url,
            "kept": [],
            "outlet_id": wanted.meta["outlet_id"],
            # The study's limit is for pages; a longer file than ours is read as far as `on_bytes` lets it.
            "download_maxsize": 0,
        }
        # Its beginning can be read by itself, which that of a compressed file may not.
        headers = {"Accept-Encoding": "identity"}
        request = Request(url, callback=NO_CALLBACK, meta=meta, headers=headers)
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
        spider.note_robots(request, response, refusal)  # type: ignore[union-attr]
        return Rules(parser, refusal, monotonic(), cause)

    def _slow_down(self, slot: str, delay: float) -> None:
        downloader = self._crawler.engine.downloader
        delay = max(delay, least_delay(self._crawler, slot))
        # Scrapy drops a queue that was idle for a minute; the next one must know the delay too.
        downloader.per_slot_settings[slot] = {"delay": delay}
        if slot in downloader.slots:
            downloader.slots[slot].delay = max(delay, downloader.slots[slot].delay)
