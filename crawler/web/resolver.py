"""Looks up host names, and refuses those that lead to an address of this machine or network.

Before anything is sent: a page must not make the crawler ask what only this network may ask.
"""

from collections.abc import Sequence
from typing import TYPE_CHECKING, ClassVar, Self
from urllib.parse import urlsplit
from urllib.request import getproxies

from scrapy.resolver import CachingThreadedResolver
from twisted.internet.defer import Deferred
from twisted.internet.error import DNSLookupError

from gossi.crawler.web.addresses import ip_refusal

if TYPE_CHECKING:
    from scrapy.crawler import Crawler
    from twisted.internet.base import ReactorBase


class PublicResolver(CachingThreadedResolver):
    """Scrapy's resolver, for public addresses only; odd spellings of an address ("127.1") are names to it.

    `refused` is host name → why; Twisted tells of a refused name only that it was not found.
    """

    refused: ClassVar[dict[str, str]] = {}

    def __init__(
        self, reactor: "ReactorBase", cache_size: int, timeout: float, *, allow_loopback: bool = False
    ) -> None:
        super().__init__(reactor, cache_size, timeout)
        self._allow_loopback = allow_loopback
        # A proxy stands in this network as a rule, and it is the user who named it.
        self._proxies = {_host(proxy) for kind, proxy in getproxies().items() if kind != "no"}

    @classmethod
    def from_crawler(cls, crawler: "Crawler", reactor: "ReactorBase") -> Self:
        """As Scrapy builds it."""
        settings = crawler.settings
        return cls(
            reactor,
            settings.getint("DNSCACHE_SIZE"),
            settings.getfloat("DNS_TIMEOUT"),
            allow_loopback=settings.getbool("GOSSI_ALLOW_LOOPBACK"),
        )

    def getHostByName(self, name: str, timeout: Sequence[int] = ()) -> "Deferred[str]":  # noqa: N802
        """The address of a name; fails with DNSLookupError where it is not a public one."""
        return super().getHostByName(name, timeout).addCallback(self._checked, name)

    def _checked(self, address: str, name: str) -> str:
        if name not in self._proxies and (why := ip_refusal(address, allow_loopback=self._allow_loopback)):
            self.refused[name] = f"{why} ({address})"
            raise DNSLookupError(self.refused[name])
        return address


def _host(proxy: str) -> str | None:
    """The host of a proxy as it is named in the environment, often without "http://"."""
    return urlsplit(proxy if "://" in proxy else f"//{proxy}").hostname
