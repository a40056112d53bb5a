"""Undoes the transfer and content encodings of an HTTP body, within a bound on what comes out."""

import re
import zlib
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

import brotli  # type: ignore[import-untyped]

from gossi.crawler.capture.zstandard import zstd

# Bytes that are decompressed at once.
_STEP = 1 << 14
_CHUNK_SIZE = re.compile(rb"[ \t]*([0-9a-fA-F]{1,16})[ \t]*(?:;[^\r\n]*)?\r?\n")
_STARTS = {"gzip": b"\x1f\x8b", "x-gzip": b"\x1f\x8b", "zstd": b"\x28\xb5\x2f\xfd"}
# What may stand before a page's first tag: a byte order mark and blanks.
_BEFORE_MARKUP = b"\xef\xbb\xbf \t\r\n"
_KNOWN = frozenset({*_STARTS, "deflate", "br"})


class EncodingError(Exception):
    """A body that cannot be decoded; `reason` is "too_large" or "undecodable"."""

    def __init__(self, reason: str, message: str) -> None:
        super().__init__(message)
        self.reason = reason


@dataclass(frozen=True)
class Decoded:
    """A body without its encodings.

    `is_torn` says that its chunks or a compressed stream break off; `as_sent` that the bytes were those that
    went over the wire: no encoding that the headers name had been undone before.
    """

    body: bytes
    is_torn: bool
    as_sent: bool


def decode_body(body: bytes, headers: Mapping[str, str], max_size: int) -> Decoded:
    """The body without chunks and compression.

    Some writers store the body decoded and leave the headers as they came: an encoding that the bytes do
    not show is taken as undone already.

    Args:
        body: what follows the HTTP headers.
        headers: by name in lower case.
        max_size: bytes that may come out.

    Raises:
        EncodingError: more comes out, or the compressed bytes are broken.
    """
    is_torn, as_sent = False, True
    if "chunked" in headers.get("transfer-encoding", "").lower():
        body, is_torn, as_sent = _dechunked(body)
    for coding in reversed(headers.get("content-encoding", "").lower().split(",")):
        if coding.strip() not in _KNOWN:
            continue
        if _shows(body, coding.strip()):
            body, ends = _decoded(body, coding.strip(), max_size)
            is_torn |= not ends
        else:
            as_sent = False
    if len(body) > max_size:
        raise EncodingError("too_large", f"the body is larger than {max_size} bytes")
    return Decoded(body, is_torn, as_sent)


def _dechunked(body: bytes) -> tuple[bytes, bool, bool]:
    """The joined chunks, whether the last of them is missing, and whether there were chunks at all."""
    parts: list[bytes] = []
    at = 0
    while found := _CHUNK_SIZE.match(body, at):
        size = int(found[1], 16)
        if size == 0:
            return b"".join(parts), False, True
        at = min(found.end() + size, len(body))
        parts.append(body[found.end() : at])
        # Behind each chunk is a line end.
        at += 2 if body.startswith(b"\r\n", at) else body.startswith(b"\n", at)
    return (b"".join(parts), True, True) if parts else (body, False, False)


def _shows(body: bytes, coding: str) -> bool:
    """Whether the bytes may be in that encoding."""
    if coding in _STARTS:
        return body.startswith(_STARTS[coding])
    # Deflate and Brotli have no magic number; a body that was decoded before looks like markup.
    return body.lstrip(_BEFORE_MARKUP)[:1] not in {b"<", b""}


def _decoded(body: bytes, coding: str, max_size: int) -> tuple[bytes, bool]:
    """What a coding hides, and whether its stream comes to an end."""
    try:
        if coding == "zstd":
            return _bounded(zstd.ZstdDecompressor, body, max_size, _STARTS[coding])
        if coding == "deflate":
            return _inflated(body, max_size)
        if coding == "br":
            return _unbrotlied(body, max_size)
        return _bounded(lambda: zlib.decompressobj(31), body, max_size, _STARTS[coding])
    except (zlib.error, zstd.ZstdError, brotli.error, EOFError) as error:
        raise EncodingError("undecodable", f"said to be {coding}, but cannot be decoded ({error})") from None


def _bounded(start: Callable[[], Any], body: bytes, max_size: int, magic: bytes) -> tuple[bytes, bool]:
    """Decompress a stream, or several one after another; what servers put behind the last is passed over."""
    out, at, decompressor = bytearray(), 0, start()
    while at < len(body):
        if decompressor.eof:
            if not (magic and body.startswith(magic, at)):
                # Of the next stream there may be less than its first bytes.
                return bytes(out), not magic.startswith(body[at : at + len(magic)] or b"-")
            decompressor = start()
        # Step by step, for what is unused of a step is copied: a body may hold a million empty streams.
        step = body[at : at + _STEP]
        out += decompressor.decompress(step, max_size + 1 - len(out))
        if len(out) > max_size:
            raise EncodingError("too_large", f"the body decompresses to more than {max_size} bytes")
        at += len(step) - len(decompressor.unused_data)
    return bytes(out), decompressor.eof


def _inflated(body: bytes, max_size: int) -> tuple[bytes, bool]:
    """Deflate, with or without zlib's frame: servers send both by that name."""
    try:
        return _bounded(zlib.decompressobj, body, max_size, b"")
    except zlib.error:
        return _bounded(lambda: zlib.decompressobj(-zlib.MAX_WBITS), body, max_size, b"")


def _unbrotlied(body: bytes, max_size: int) -> tuple[bytes, bool]:
    decompressor = brotli.Decompressor()
    out = decompressor.process(body, output_buffer_limit=max_size + 1)
    while len(out) <= max_size and not decompressor.can_accept_more_data():
        out += decompressor.process(b"", output_buffer_limit=_STEP)
    if len(out) > max_size:
        raise EncodingError("too_large", f"the body decompresses to more than {max_size} bytes")
    return bytes(out), bool(decompressor.is_finished())
