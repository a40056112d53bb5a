"""Says what a failed request is, in the terms of the outcomes."""

from scrapy.exceptions import (
    CannotResolveHostError,
    DownloadCancelledError,
    DownloadConnectionRefusedError,
    DownloadFailedError,
    DownloadTimeoutError,
    IgnoreRequest,
    ResponseDataLossError,
)
from twisted.python.failure import Failure

from crawler.fetch.addresses import ForbiddenAddress
from crawler.fetch.middlewares import HostBusy
from crawler.fetch.robots import RobotsRefused
from crawler.fetch.unpacking import BrokenBody, TornBody
from crawler.outcomes import Outcome

_KINDS: tuple[tuple[type[Exception] | tuple[type[Exception], ...], Outcome, str], ...] = (
    (RobotsRefused, Outcome.ROBOTS, "{words}"),
    (ForbiddenAddress, Outcome.FORBIDDEN_ADDRESS, "{words}"),
    (HostBusy, Outcome.REFUSED, "{words}"),
    (BrokenBody, Outcome.NOT_HTML, "{words}"),
    (DownloadCancelledError, Outcome.TOO_LARGE, "larger than max_bytes"),
    (DownloadTimeoutError, Outcome.TIMEOUT, "no answer in time"),
    (CannotResolveHostError, Outcome.UNREACHABLE, "the host's name is not known"),
    (DownloadConnectionRefusedError, Outcome.UNREACHABLE, "the connection was refused"),
    ((TornBody, ResponseDataLossError), Outcome.UNREACHABLE, "the answer broke off"),
    (DownloadFailedError, Outcome.UNREACHABLE, "the connection broke, or the answer was not HTTP"),
    (IgnoreRequest, Outcome.UNREACHABLE, "redirected without end ({words})"),
)
"""Kinds of failures, the first that fits counts: the outcome, and what to say of it."""


def outcome_of(failure: Failure) -> tuple[Outcome, str]:
    """The outcome of a request that no response came of, and a word on it for a person."""
    error = failure.value
    words = str(error).strip() or type(error).__name__
    if "DOWNLOAD_MAXSIZE" in words:  # Scrapy names no kind of its own for what grows in unpacking
        return Outcome.TOO_LARGE, "larger than max_bytes"
    for kinds, outcome, told in _KINDS:
        if isinstance(error, kinds):
            return outcome, told.format(words=words)
    return Outcome.UNREACHABLE, f"{type(error).__name__}: {words}"
