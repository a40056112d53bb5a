"""Slows down for a server that takes long to answer, and never below what it and the study ask for."""

from typing import TYPE_CHECKING

from scrapy import Request, Spider
from scrapy.extensions.throttle import AutoThrottle
from scrapy.http import Response

if TYPE_CHECKING:
    from scrapy.crawler import Crawler


def least_delay(crawler: "Crawler", host: str) -> float:
    """Seconds between two requests to a server: what its robots.txt or its table asks for, else the study."""
    assert crawler.engine is not None  # noqa: S101 - a request is under way, so there is an engine
    own: float | None = crawler.engine.downloader.per_slot_settings.get(host, {}).get("delay")
    return crawler.settings.getfloat("DOWNLOAD_DELAY") if own is None else own


class Throttle(AutoThrottle):
    """Scrapy's own, but where a host asks for more than the study, or the study for more than a minute."""

    def _response_downloaded(self, response: Response, request: Request, spider: Spider) -> None:
        super()._response_downloaded(response, request, spider)
        host, slot = self._get_slot(request, spider)
        if host is not None and slot is not None:
            slot.delay = max(slot.delay, least_delay(self.crawler, host))
