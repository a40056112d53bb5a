"""Bounds what a server may send before the body: Scrapy bounds bodies only, and keeps all of a head.

A server that never ends its headers would take all of the memory: the 6.3 GB of one page, measured.
"""

import re
from typing import TYPE_CHECKING, cast

from scrapy.core.downloader.handlers.http11 import (
    HTTP11DownloadHandler,
    _LenientHTTP11ClientFactory,
    _LenientHTTP11ClientProtocol,
    _LenientHTTPClientParser,
)
from twisted.web._newclient import ParseError

from gossi.crawler.capture.answer import HEAD_BYTES

if TYPE_CHECKING:
    from scrapy.crawler import Crawler
    from twisted.internet.defer import Deferred
    from twisted.internet.interfaces import IAddress
    from twisted.web._newclient import HTTP11ClientProtocol, Request
    from twisted.web.iweb import IResponse

TOO_LONG_A_HEAD = "head larger than HEAD_BYTES"
"""How the failure begins of a server whose headers do not end: crawler/web/failures.py knows it by that."""

_STATUS_LINE = re.compile(rb"\S+ +[1-9]\d\d(?!\S)")
"""A status is an integer of three digits (RFC 9110, 15); int() would take any other, and signs."""


class _BoundedParser(_LenientHTTPClientParser):
    """Counts the bytes of status lines and headers, answers that are still to come (1xx) included."""

    _head_bytes = 0

    def lineReceived(self, line: bytes) -> None:  # noqa: N802 - Twisted's name
        """Raise ParseError, by which Twisted gives the connection up, where the head is too long."""
        self._head_bytes += len(line) + 1
        if self._head_bytes > HEAD_BYTES:
            raise ParseError(TOO_LONG_A_HEAD, line[:100])  # type: ignore[no-untyped-call]
        super().lineReceived(line)

    def statusReceived(self, status: bytes) -> None:  # noqa: N802 - Twisted's name
        """Raise ParseError for a status that is none: the store could not hold any integer."""
        if not _STATUS_LINE.match(status):
            raise ParseError("no HTTP status", status[:100])  # type: ignore[no-untyped-call]
        super().statusReceived(status)  # type: ignore[no-untyped-call]


class _BoundedProtocol(_LenientHTTP11ClientProtocol):
    """Parses with the above, put in as Scrapy puts in its own: Twisted names the parser's class itself."""

    def request(self, request: "Request") -> "Deferred[IResponse]":
        asked = super().request(request)
        cast("_BoundedParser", self._parser).__class__ = _BoundedParser
        return asked


class _BoundedFactory(_LenientHTTP11ClientFactory):
    """Makes connections of the above."""

    def buildProtocol(self, addr: "IAddress | None") -> "HTTP11ClientProtocol":  # noqa: N802 - Twisted's name
        return _BoundedProtocol(self._quiescentCallback)  # type: ignore[no-untyped-call]


class BoundedHeads(HTTP11DownloadHandler):
    """Scrapy's own handler of http and https, but that it leaves a server whose head has no end."""

    def __init__(self, crawler: "Crawler") -> None:
        super().__init__(crawler)
        self._pool._factory = _BoundedFactory
