"""Undoes the content encoding of what arrived, and tells bodies that broke off: half a text omits nothing."""

import zlib

from scrapy.downloadermiddlewares.httpcompression import HttpCompressionMiddleware
from scrapy.exceptions import IgnoreRequest
from scrapy.http import Request, Response

# Bytes at the end of a page in which it closes, with room for what servers put behind.
_TAIL = 2048


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
        try:
            decoded = super().process_response(request, response)
        except IgnoreRequest:
            raise
        except Exception as error:  # each of the decompressors has its own
            raise BrokenBody(f"its content encoding cannot be undone ({error})") from error
        assert isinstance(decoded, Response)  # noqa: S101 - Scrapy's signature leaves room for a request
        if _gzip_is_torn(response.body, decoded.body) or _ends_early(request, decoded):
            raise TornBody("the answer broke off")
        return decoded


def _gzip_is_torn(packed: bytes, unpacked: bytes) -> bool:
    """Whether a gzip stream lacks its end.

    Its last four bytes say how much it unpacks to (RFC 1952, 2.3.1); only where they do not is it read again.
    """
    if packed[:2] != b"\x1f\x8b" or unpacked[:2] == b"\x1f\x8b":
        return False
    if int.from_bytes(packed[-4:], "little") == len(unpacked) % 2**32:
        return False
    unpacker = zlib.decompressobj(wbits=31)
    try:
        unpacker.decompress(packed, len(unpacked) + 1)
    except zlib.error:
        return True
    return not unpacker.eof


def _ends_early(request: Request, decoded: Response) -> bool:
    """Whether a page that came without a length, until the connection was closed, does not close itself."""
    if request.meta["kind"] != "page" or "partial" not in decoded.flags:
        return False
    return b"</html" not in decoded.body[-_TAIL:].lower()
