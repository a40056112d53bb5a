"""The servers that all outlets share (archives, GDELT): asked one by one, and left where they refuse."""

from collections import Counter, defaultdict, deque
from collections.abc import Callable
from typing import TYPE_CHECKING, Any, Self

from scrapy import Request
from scrapy.downloadermiddlewares.retry import get_retry_request
from scrapy.http import Response

from crawler.discovery import gdelt
from crawler.fetch.addresses import ForbiddenAddress, server_of
from crawler.fetch.middlewares import HostBusy
from crawler.fetch.robots import RobotsRefused
from crawler.fetch.throttle import least_delay
from crawler.study import Study

if TYPE_CHECKING:
    from scrapy.crawler import Crawler

# Refusals or failures in a row after which a service is left alone for the rest of the run: a ban lasts an
# hour and doubles (github.com, edgi-govdata-archiving/wayback, issue 137), so going on makes it worse.
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


class Services:
    """Hands requests to Scrapy one at a time a server.

    Scrapy takes in so many requests at once, whichever servers they wait for: hundreds that wait for one
    slow server would keep out all others.
    """

    def __init__(self, send: Callable[[Request], None]) -> None:
        self._send = send
        self._waiting: dict[str, deque[Request]] = defaultdict(deque)
        self._busy: set[str] = set()

    def ask(self, request: Request) -> None:
        """Send the request when those before it to the same server have ended."""
        server = server_of(request.url)
        callback, errback = request.callback, request.errback
        assert callback is not None  # noqa: S101 - every request of ours has both
        assert errback is not None  # noqa: S101
        request = request.replace(
            callback=lambda response: self._ended(server, callback, response),
            errback=lambda failure: self._ended(server, errback, failure),
        )
        self._waiting[server].append(request)
        self._next(server)

    def _ended(self, server: str, then: Callable[[Any], Any], result: Any) -> Any:
        self._busy.discard(server)
        self._next(server)
        return then(result)

    def _next(self, server: str) -> None:
        if server not in self._busy and self._waiting[server]:
            self._busy.add(server)
            self._send(self._waiting[server].popleft())


class ServiceGuard:
    """Keeps a service's delay, doubles it with each refusal, and stops asking where they go on.

    Refusals are 403, 429, any 5xx, and no answer at all: some bans close the door. What robots.txt forbids,
    or we ourselves, is none: nothing was asked.
    """

    def __init__(self, crawler: "Crawler") -> None:
        self._crawler = crawler
        self._delays: dict[str, float] = crawler.settings.getdict("GOSSI_SERVICE_DELAYS")
        self._strikes: Counter[str] = Counter()
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
            self._strike(host, "it says that it is asked too often")
            again = get_retry_request(request, spider=self._crawler.spider, reason="asked too often")  # type: ignore[arg-type]
            return again or response
        if response.status not in {403, 429} and response.status < 500:
            self._strikes[host] = 0
            self._slow_down(host, 1)
        elif not _is_about_the_page(response):
            self._strike(host, f"it refuses us (HTTP {response.status})")
        return response

    def process_exception(self, request: Request, exception: Exception) -> None:
        """Count no answer as a refusal."""
        host = request.meta.get("download_slot", "")
        unasked = isinstance(exception, (HostBusy, RobotsRefused, ForbiddenAddress))
        if host in self._delays and not unasked:
            self._strike(host, f"it does not answer ({type(exception).__name__})")

    def _strike(self, host: str, why: str) -> None:
        self._strikes[host] += 1
        if self._strikes[host] >= _STRIKES:
            self._stopped[host] = f"{why}; left alone until the next run"
        self._slow_down(host, 2 ** self._strikes[host])

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
