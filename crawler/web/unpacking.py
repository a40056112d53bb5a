"""Undoes the content encoding of what arrived, and tells bodies that broke off: half a text omits nothing."""

import zlib

from scrapy.downloadermiddlewares.httpcompression import HttpCompressionMiddleware
from scrapy.exceptions import IgnoreRequest
from scrapy.http import Request, Response

from gossi.crawler.capture.answer import BROKEN_OFF, closes
from gossi.crawler.capture.encodings import EncodingError, decode_body
from gossi.crawler.capture.html import is_html
from gossi.crawler.web.robots import MAX_BYTES

UNTIL_CLOSED_FLAG = "partial"
"""How Scrapy marks an answer that had no length, and ended with the connection."""

_GZIP = b"\x1f\x8b"


class BrokenBody(IgnoreRequest):
    """The body cannot be had from what arrived."""


class TornBody(IgnoreRequest):
    """The answer broke off before its end."""


class Unpacking(HttpCompressionMiddleware):
    """Scrapy's own, but for what it returns in part without a word.

    Asks for gzip alone: every reader of WARC files can undo it, and a torn one shows.
    """

    def process_request(self, request: Request) -> None:  # type: ignore[override]
        """Say which encoding is welcome."""
        request.headers.setdefault("Accept-Encoding", "gzip")

    def process_response(self, request: Request, response: Response) -> Response:  # type: ignore[override]
        """The response with its body decoded; raises BrokenBody and TornBody."""
        if request.meta.get("robots_itself") and response.body[:2] == _GZIP:
            return response.replace(body=_beginning(response, MAX_BYTES))
        # Scrapy takes away what it has undone.
        codings = b",".join(response.headers.getlist("Content-Encoding")).decode("latin-1")
        try:
            decoded = super().process_response(request, response)
        except IgnoreRequest:
            raise
        except Exception as error:  # each of the decompressors has its own
            raise BrokenBody(f"its content encoding cannot be undone ({error})") from error
        assert isinstance(decoded, Response)  # noqa: S101 - Scrapy's signature leaves room for a request
        # What a status says needs no body.
        if decoded.status < 300 and (_is_torn(response, decoded, codings) or _ends_early(request, decoded)):
            raise TornBody(BROKEN_OFF)
        return decoded


def _beginning(response: Response, size: int) -> bytes:
    """The first bytes of a gzip body, also of one that was left before its end."""
    unpacker = zlib.decompressobj(wbits=31)
    try:
        unpacked = unpacker.decompress(response.body, size)
    except zlib.error as error:
        raise BrokenBody(f"its content encoding cannot be undone ({error})") from error
    if len(unpacked) < size and not unpacker.eof and "download_stopped" not in response.flags:
        raise TornBody(BROKEN_OFF)
    return unpacked


def _is_torn(packed: Response, unpacked: Response, codings: str) -> bool:
    """Whether a compressed stream lacks its end.

    The last four bytes of gzip say how much it unpacks to (RFC 1952, 2.3.1); only where they do not, or where
    a page was sent in another encoding, unasked, is it read again.
    """
    body, size = packed.body, len(unpacked.body)
    if not codings:
        return False
    if not body.startswith(_GZIP):
        if not is_html("", unpacked.body):
            return False
    elif int.from_bytes(body[-4:], "little") == size % 2**32:
        return False
    try:
        return decode_body(body, {"content-encoding": codings}, size).is_torn
    except EncodingError:
        return True


def _ends_early(request: Request, decoded: Response) -> bool:
    """Whether a page that came without a length, until the connection was closed, does not close itself."""
    if request.meta["kind"] != "page" or UNTIL_CLOSED_FLAG not in decoded.flags:
        return False
    return not closes(decoded.body)
