"""What every request and response passes through: the address guards, the capture, and backing off."""

from typing import TYPE_CHECKING, Self
from urllib.parse import urljoin

from scrapy.downloadermiddlewares.redirect import MetaRefreshMiddleware
from scrapy.exceptions import CannotResolveHostError, IgnoreRequest
from scrapy.http import HtmlResponse, Request, Response
from scrapy.utils.httpobj import urlparse_cached
from scrapy.utils.response import get_meta_refresh

from crawler.fetch.addresses import ForbiddenAddress, ip_refusal, on_this_machine, refusal, server_of
from crawler.fetch.resolver import PublicResolver
from crawler.fetch.unpacking import UNTIL_CLOSED_FLAG

if TYPE_CHECKING:
    from scrapy.crawler import Crawler


class AddressGuard:
    """Refuses file:, data: and internal addresses; and all but internal ones where nobody can be reached."""

    def __init__(self, crawler: "Crawler") -> None:
        self._allow_loopback: bool = crawler.settings.getbool("GOSSI_ALLOW_LOOPBACK")
        self._only_loopback: bool = crawler.settings.getbool("GOSSI_ONLY_LOOPBACK")

    @classmethod
    def from_crawler(cls, crawler: "Crawler") -> Self:
        """As Scrapy builds it."""
        return cls(crawler)

    def process_request(self, request: Request) -> None:
        """Raise ForbiddenAddress before anything is sent; give each server its own queue."""
        # Scrapy's queues go by host name alone; a server is a host and a port. Here, not in the spider,
        # so that a redirect waits in the queue of the host it leads to.
        why = refusal(request.url, allow_loopback=self._allow_loopback)
        request.meta["download_slot"] = "" if why else server_of(request.url)
        if why:
            raise ForbiddenAddress(why)
        if self._only_loopback and not on_this_machine(request.url):
            raise ForbiddenAddress(
                "not of this machine; the contact in sources.toml is still the placeholder"
            )


class RedirectGuard:
    """Refuses the same where a redirect leads there; Scrapy would stumble over some, and return others."""

    def __init__(self, crawler: "Crawler") -> None:
        self._allow_loopback: bool = crawler.settings.getbool("GOSSI_ALLOW_LOOPBACK")

    @classmethod
    def from_crawler(cls, crawler: "Crawler") -> Self:
        """As Scrapy builds it."""
        return cls(crawler)

    def process_response(self, request: Request, response: Response) -> Response:
        """Raise ForbiddenAddress for a redirect that must not be followed."""
        location = (response.headers.get("Location") or b"").decode("latin-1")
        if 300 <= response.status < 400 and location:
            try:
                target = urljoin(request.url, location)
            except ValueError:
                raise ForbiddenAddress("redirected to what is no address") from None
            if why := refusal(target, allow_loopback=self._allow_loopback):
                raise ForbiddenAddress(f"redirected: {why}")
        return response


# Bytes of a page in which Scrapy looks for a refresh.
_HEAD = 4096
LONGEST_REFRESH = 10
"""Seconds. A page that waits longer reloads itself for its readers and leads nowhere else."""


def leads_on(url: str, body: bytes) -> bool:
    """Whether a page that was captured refreshes to another address, which `PageRefresh` would ask for."""
    head = body[:_HEAD]
    if b"refresh" not in head.lower():
        return False
    seconds, target = get_meta_refresh(HtmlResponse(url, body=head, encoding="latin-1"))
    return seconds is not None and seconds < LONGEST_REFRESH and (target or "").startswith("http")


class PageRefresh(MetaRefreshMiddleware):
    """Follows a page's own refresh to another address, like Scrapy's, from its bytes.

    Scrapy decodes every page whole for it, by a charset that a server may have made up.
    """

    def process_response(self, request: Request, response: Response) -> Request | Response:  # type: ignore[override]
        """The request for the other address, or the response."""
        head = response.body[:_HEAD]
        if not isinstance(response, HtmlResponse) or b"refresh" not in head.lower():
            return response
        readable = HtmlResponse(response.url, headers=response.headers, body=head, encoding="latin-1")
        then: Request | Response = super().process_response(request, readable)
        return response if then is readable else then


class PeerGuard:
    """Tells a name that leads to an internal address; an answer from one is neither kept nor read."""

    def __init__(self, crawler: "Crawler") -> None:
        self._allow_loopback: bool = crawler.settings.getbool("GOSSI_ALLOW_LOOPBACK")

    @classmethod
    def from_crawler(cls, crawler: "Crawler") -> Self:
        """As Scrapy builds it."""
        return cls(crawler)

    def process_response(self, request: Request, response: Response) -> Response:
        """Raise ForbiddenAddress by the address that answered; a proxy's is no matter."""
        address = str(response.ip_address or "")
        if "proxy" not in request.meta and (why := ip_refusal(address, allow_loopback=self._allow_loopback)):
            raise ForbiddenAddress(f"{why} ({address})")
        return response

    def process_exception(self, request: Request, exception: Exception) -> None:
        """Raise ForbiddenAddress where the resolver refused the host's address."""
        why = PublicResolver.refused.get(urlparse_cached(request).hostname or "")
        if why and isinstance(exception, CannotResolveHostError):
            raise ForbiddenAddress(why)


class HostBusy(IgnoreRequest):
    """The host has asked us to stop; it is asked no more in this run."""


# Answers 429 or 503 in a row after which a host is left alone for the rest of the run; each doubles the
# delay before, from a second on, so that it has had half a minute to recover.
_STRIKES = 5
# Seconds. A host that wants a longer pause gets it: until the next run.
_LONGEST_PAUSE = 60.0


class Backoff:
    """Slows down where a host says that it is asked too much (429, 503), and stops where it goes on to."""

    def __init__(self, crawler: "Crawler") -> None:
        self._crawler = crawler
        self._strikes: dict[str, int] = {}
        self._stopped: dict[str, str] = {}

    @classmethod
    def from_crawler(cls, crawler: "Crawler") -> Self:
        """As Scrapy builds it."""
        return cls(crawler)

    def process_request(self, request: Request) -> None:
        """Raise HostBusy where the host has asked us to stop."""
        if why := self._stopped.get(request.meta["download_slot"]):
            raise HostBusy(why)

    def process_response(self, request: Request, response: Response) -> Response:
        """Count refusals; one page that answers well clears the count."""
        host = request.meta["download_slot"]
        if request.meta.get("robots_itself"):
            return response
        if response.status not in {429, 503}:
            self._strikes.pop(host, None)
            return response
        self._strikes[host] = strikes = self._strikes.get(host, 0) + 1
        pause = _seconds(response.headers.get("Retry-After"))
        if strikes >= _STRIKES or pause > _LONGEST_PAUSE:
            self._stopped[host] = f"the host asks us to stop (HTTP {response.status})"
        else:
            slot = self._crawler.engine.downloader.slots[host]
            # Above the longest pause stands what robots.txt or the study asks for.
            slot.delay = max(slot.delay, min(_LONGEST_PAUSE, max(2 * slot.delay, pause, 1.0)))
        return response


def _seconds(retry_after: bytes | None) -> float:
    """Seconds of a Retry-After header; a date counts as long, 0 where nothing is said."""
    if not retry_after:
        return 0.0
    try:
        return float(retry_after)
    except ValueError:
        return _LONGEST_PAUSE + 1


class CaptureMiddleware:
    """Keeps every response as WARC, as it came from the network, before anything is derived from it."""

    def __init__(self, crawler: "Crawler") -> None:
        self._crawler = crawler

    @classmethod
    def from_crawler(cls, crawler: "Crawler") -> Self:
        """As Scrapy builds it."""
        return cls(crawler)

    def process_response(self, request: Request, response: Response) -> Response:
        """Write the record and leave its place in the request's meta, under "kept"."""
        headers = [
            (name.decode("latin-1"), value.decode("latin-1"))
            for name, values in response.headers.items()
            for value in values
        ]
        spider = self._crawler.spider
        try:
            kept = spider.writer.keep(  # type: ignore[union-attr]
                response.url, response.status, "", headers, response.body,
                asked=request.meta["asked"], until_closed=UNTIL_CLOSED_FLAG in response.flags,
            )  # fmt: skip
        except OSError as error:
            # Nothing may be derived from what was not kept: the disk is full or gone, so the run ends.
            spider.give_up(error)  # type: ignore[union-attr]
            raise IgnoreRequest(f"cannot be kept: {error}") from error
        request.meta["kept"] = kept
        return response
