"""Says what a failed request is, in the terms of the outcomes."""

from scrapy.core.downloader.handlers.http11 import TunnelError
from scrapy.exceptions import (
    CannotResolveHostError,
    DownloadCancelledError,
    DownloadConnectionRefusedError,
    DownloadFailedError,
    DownloadTimeoutError,
    IgnoreRequest,
    ResponseDataLossError,
)

from gossi.crawler.capture.answer import HEAD_BYTES
from gossi.crawler.outcomes import Outcome
from gossi.crawler.web.addresses import ForbiddenAddress
from gossi.crawler.web.backoff import HostBusy
from gossi.crawler.web.bounded_heads import TOO_LONG_A_HEAD
from gossi.crawler.web.guards import ProxyFailed
from gossi.crawler.web.robots import RobotsRefused
from gossi.crawler.web.unpacking import BrokenBody, TornBody

_KINDS: tuple[tuple[type[Exception] | tuple[type[Exception], ...], Outcome, str], ...] = (
    (ProxyFailed, Outcome.UNREACHABLE, "{words}"),
    (
        TunnelError,
        Outcome.UNREACHABLE,
        "the proxy opens no connection: the network, not the outlet; see https_proxy ({words})",
    ),
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


def outcome_of(error: BaseException) -> tuple[Outcome, str]:
    """The outcome of a request that no response came of, and a word on it for a person."""
    words = str(error).strip() or type(error).__name__
    if isinstance(error, RobotsRefused):
        return _refusal(error, words)
    if "DOWNLOAD_MAXSIZE" in words:  # Scrapy names no kind of its own for what grows in unpacking
        return Outcome.TOO_LARGE, "larger than max_bytes"
    if TOO_LONG_A_HEAD in words:  # nor Twisted for a head
        return Outcome.TOO_LARGE, f"its headers are larger than {HEAD_BYTES} bytes"
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
    outcome, detail = outcome_of(error.__cause__)
    passing = outcome in {Outcome.UNREACHABLE, Outcome.TIMEOUT}
    return outcome if passing else Outcome.ROBOTS, f"{words}: {detail}"
