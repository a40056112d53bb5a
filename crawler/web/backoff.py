"""Obeys a host that says that it is asked too much: HTTP 429 and 503, and Retry-After."""

from datetime import UTC, datetime
from email.utils import parsedate_to_datetime
from typing import TYPE_CHECKING, Self

from scrapy.exceptions import IgnoreRequest
from scrapy.http import Request, Response

if TYPE_CHECKING:
    from scrapy.crawler import Crawler


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
        pause = seconds_of(response.headers.get("Retry-After"))
        if strikes >= _STRIKES or pause > _LONGEST_PAUSE:
            self._stopped[host] = f"the host asks us to stop (HTTP {response.status})"
        else:
            slot = self._crawler.engine.downloader.slots[host]
            # Above the longest pause stands what robots.txt or the study asks for.
            slot.delay = max(slot.delay, min(_LONGEST_PAUSE, max(2 * slot.delay, pause, 1.0)))
        return response


def seconds_of(retry_after: bytes | None) -> float:
    """Seconds of a Retry-After header, or until its date; 0 for none, long for what is neither."""
    if not retry_after:
        return 0.0
    try:
        return float(retry_after)
    except ValueError:
        pass
    try:
        until = parsedate_to_datetime(retry_after.decode("latin-1"))
        return max(0.0, (until.astimezone(UTC) - datetime.now(UTC)).total_seconds())
    except (ValueError, TypeError, OverflowError):
        return _LONGEST_PAUSE + 1
