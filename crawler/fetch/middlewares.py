"""What every request and response passes through: the address guard and the capture."""

from typing import TYPE_CHECKING, Self

from scrapy.exceptions import IgnoreRequest
from scrapy.http import Request, Response
from scrapy.utils.httpobj import urlparse_cached

from crawler.fetch.addresses import ip_refusal, refusal

if TYPE_CHECKING:
    from scrapy.crawler import Crawler


class ForbiddenAddress(IgnoreRequest):
    """The URL, or the address behind its name, is not a public one."""


class AddressGuard:
    """Refuses file:, data: and internal addresses, also behind a redirect."""

    def __init__(self, crawler: "Crawler") -> None:
        self._allow_loopback: bool = crawler.settings.getbool("GOSSI_ALLOW_LOOPBACK")

    @classmethod
    def from_crawler(cls, crawler: "Crawler") -> Self:
        """As Scrapy builds it."""
        return cls(crawler)

    def process_request(self, request: Request) -> None:
        """Raise ForbiddenAddress before anything is sent; give each server its own queue."""
        # Scrapy's queues go by host name alone; a server is a host and a port. Here, not in the spider,
        # so that a redirect waits in the queue of the host it leads to.
        request.meta["download_slot"] = urlparse_cached(request).netloc
        if why := refusal(request.url, allow_loopback=self._allow_loopback):
            raise ForbiddenAddress(why)

    def process_response(self, request: Request, response: Response) -> Response:
        """Raise ForbiddenAddress where a public name led to an internal address; its answer is not read."""
        address = str(response.ip_address or "")
        if "proxy" not in request.meta and (why := ip_refusal(address, allow_loopback=self._allow_loopback)):
            raise ForbiddenAddress(f"{why} ({address})")
        return response


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
        request.meta["kept"] = self._crawler.spider.writer.keep(  # type: ignore[union-attr]
            response.url, response.status, "", headers, response.body
        )
        return response
