"""Says what a failed request is, in the terms of the outcomes."""

from scrapy.exceptions import (
    CannotResolveHostError,
    DownloadCancelledError,
    DownloadConnectionRefusedError,
    DownloadTimeoutError,
    IgnoreRequest,
)
from twisted.python.failure import Failure

from crawler.fetch.middlewares import ForbiddenAddress, HostBusy
from crawler.fetch.robots import RobotsRefused
from crawler.outcomes import Outcome


def outcome_of(failure: Failure) -> tuple[Outcome, str]:
    """The outcome of a request that no response came of, and a word on it for a person."""
    error = failure.value
    words = str(error).strip() or type(error).__name__
    if isinstance(error, RobotsRefused):
        return Outcome.ROBOTS, words
    if isinstance(error, ForbiddenAddress):
        return Outcome.FORBIDDEN_ADDRESS, words
    if isinstance(error, HostBusy):
        return Outcome.REFUSED, words
    if isinstance(error, DownloadCancelledError) or "DOWNLOAD_MAXSIZE" in words:
        return Outcome.TOO_LARGE, "larger than max_bytes"
    if isinstance(error, DownloadTimeoutError):
        return Outcome.TIMEOUT, "no answer in time"
    if isinstance(error, CannotResolveHostError):
        return Outcome.UNREACHABLE, "the host's name is not known"
    if isinstance(error, DownloadConnectionRefusedError):
        return Outcome.UNREACHABLE, "the connection was refused"
    if isinstance(error, IgnoreRequest):
        return Outcome.UNREACHABLE, f"redirected without end ({words})"
    return Outcome.UNREACHABLE, f"{type(error).__name__}: {words}"
