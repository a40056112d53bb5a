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
    assert failure.value is not None  # noqa: S101 - Twisted makes no failure without its error
    return _outcome_of(failure.value)


def _outcome_of(error: BaseException) -> tuple[Outcome, str]:
    words = str(error).strip() or type(error).__name__
    if isinstance(error, RobotsRefused):
        return _refusal(error, words)
    if "DOWNLOAD_MAXSIZE" in words:  # Scrapy names no kind of its own for what grows in unpacking
        return Outcome.TOO_LARGE, "larger than max_bytes"
    if isinstance(error, DownloadFailedError) and (
        told := _of_certificate(words)
    ):  # nor for what TLS refuses
        return Outcome.UNREACHABLE, told
    for kinds, outcome, told in _KINDS:
        if isinstance(error, kinds):
            return outcome, told.format(words=words)
    return Outcome.UNREACHABLE, f"{type(error).__name__}: {words}"


def _of_certificate(words: str) -> str:
    """What is wrong with a server's certificate, "" where nothing is said of one."""
    if "VerificationError" in words:
        return "its certificate is another host's"
    trusted = "certificate" not in words
    return "" if trusted else "its certificate is not trusted; SSL_CERT_FILE names further authorities"


def _refusal(error: RobotsRefused, words: str) -> tuple[Outcome, str]:
    """A server that did not answer at all has not refused; what it answered instead of its rules is told."""
    if error.__cause__ is None:
        return Outcome.ROBOTS, words
    outcome, detail = _outcome_of(error.__cause__)
    passing = outcome in {Outcome.UNREACHABLE, Outcome.TIMEOUT}
    return outcome if passing else Outcome.ROBOTS, f"{words}: {detail}"
