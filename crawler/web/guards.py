"""Keeps a crawl from addresses that no public page has business to lead to, at each step of a request."""

from typing import TYPE_CHECKING, Self
from urllib.parse import urljoin

from scrapy.exceptions import CannotResolveHostError, IgnoreRequest
from scrapy.http import Request, Response
from scrapy.utils.httpobj import urlparse_cached

from gossi.crawler.web.addresses import ForbiddenAddress, ip_refusal, on_this_machine, refusal
from gossi.crawler.web.resolver import PublicResolver
from gossi.crawler.web.urls import server_of

if TYPE_CHECKING:
    from scrapy.crawler import Crawler


class _Guard:
    """What a guard lets through on this machine, where a test or the sample needs it."""

    def __init__(self, crawler: "Crawler") -> None:
        self._allow_loopback: bool = crawler.settings.getbool("GOSSI_ALLOW_LOOPBACK")

    @classmethod
    def from_crawler(cls, crawler: "Crawler") -> Self:
        """As Scrapy builds it."""
        return cls(crawler)


class AddressGuard(_Guard):
    """Refuses file:, data: and internal addresses; and all but internal ones where nobody can be reached."""

    def __init__(self, crawler: "Crawler") -> None:
        super().__init__(crawler)
        self._only_loopback: bool = crawler.settings.getbool("GOSSI_ONLY_LOOPBACK")

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


class ProxyFailed(IgnoreRequest):
    """A proxy between us and the web answered instead of the server; the message says so."""


class ProxyGuard:
    """Tells what a proxy answers from what the server would: it is not kept, nor counted as the server's."""

    @classmethod
    def from_crawler(cls, crawler: "Crawler") -> Self:
        """As Scrapy builds it."""
        return cls()

    def process_response(self, request: Request, response: Response) -> Response:
        """Raise ProxyFailed: 407 is only ever a proxy's (RFC 9110, 15.5.8), 502 one's where there is one."""
        if response.status == 407 or (response.status == 502 and "proxy" in request.meta):
            raise ProxyFailed(
                f"the proxy answers HTTP {response.status}: the network, not the outlet; see http_proxy"
            )
        return response


class RedirectGuard(_Guard):
    """Refuses the same where a redirect leads there; Scrapy would stumble over some, and return others."""

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


class PeerGuard(_Guard):
    """Tells a name that leads to an internal address; an answer from one is neither kept nor read."""

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
