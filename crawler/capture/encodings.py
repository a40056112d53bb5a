"""Undoes the transfer and content encodings of an HTTP body, within a bound on what comes out."""

import zlib
from collections.abc import Callable, Mapping
from typing import Any

import brotli  # type: ignore[import-untyped]
from backports import zstd

_STEP = 1 << 16


class EncodingError(Exception):
    """A body that cannot be decoded; `reason` is "too_large" or "undecodable"."""

    def __init__(self, reason: str, message: str) -> None:
        super().__init__(message)
        self.reason = reason


def decode_body(body: bytes, headers: Mapping[str, str], max_size: int) -> bytes:
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
    if "chunked" in headers.get("transfer-encoding", "").lower():
        body = _dechunked(body)
    for coding in reversed(headers.get("content-encoding", "").lower().split(",")):
        body = _decoded(body, coding.strip(), max_size)
    if len(body) > max_size:
        raise EncodingError("too_large", f"the body is larger than {max_size} bytes")
    return body


def _dechunked(body: bytes) -> bytes:
    """The joined chunks; the body itself where it is not in chunks. A missing last chunk is forgiven."""
    parts: list[bytes] = []
    at = 0
    while at < len(body):
        end = body.find(b"\r\n", at, at + 1024)
        size_written = body[at:end].partition(b";")[0].strip() if end >= 0 else b"?"
        try:
            size = int(size_written, 16)
        except ValueError:
            return b"".join(parts) if parts else body
        if size <= 0:
            break
        parts.append(body[end + 2 : end + 2 + size])
        at = end + 2 + size + 2
    return b"".join(parts)


def _decoded(body: bytes, coding: str, max_size: int) -> bytes:
    try:
        if coding in {"gzip", "x-gzip"} and body.startswith(b"\x1f\x8b"):
            return _bounded(lambda: zlib.decompressobj(31), body, max_size)
        if coding == "zstd" and body.startswith(b"\x28\xb5\x2f\xfd"):
            return _bounded(zstd.ZstdDecompressor, body, max_size)
        if coding == "deflate":
            return _inflated(body, max_size)
        if coding == "br":
            return _unbrotlied(body, max_size)
    except (zlib.error, zstd.ZstdError, brotli.error, EOFError) as error:
        raise EncodingError("undecodable", f"said to be {coding}, but cannot be decoded ({error})") from None
    return body


def _bounded(start: Callable[[], Any], body: bytes, max_size: int) -> bytes:
    """Decompress a stream, or several one after another. A torn end gives what was there before it."""
    out, decompressor = bytearray(), start()
    while body:
        out += decompressor.decompress(body, max_size + 1 - len(out))
        if len(out) > max_size:
            raise EncodingError("too_large", f"the body decompresses to more than {max_size} bytes")
        body = decompressor.unused_data.lstrip(b"\x00") if decompressor.eof else b""
        decompressor = start()
    return bytes(out)


def _inflated(body: bytes, max_size: int) -> bytes:
    """Deflate, with or without zlib's frame: servers send both by that name; plain text is left alone."""
    if body.lstrip()[:1] == b"<":
        return body
    try:
        return _bounded(zlib.decompressobj, body, max_size)
    except zlib.error:
        return _bounded(lambda: zlib.decompressobj(-zlib.MAX_WBITS), body, max_size)


def _unbrotlied(body: bytes, max_size: int) -> bytes:
    # Brotli has no magic number; markup in the clear is how a body looks that was decoded before.
    if body.lstrip()[:1] == b"<":
        return body
    decompressor = brotli.Decompressor()
    out = decompressor.process(body, output_buffer_limit=max_size + 1)
    while len(out) <= max_size and not decompressor.can_accept_more_data():
        out += decompressor.process(b"", output_buffer_limit=_STEP)
    if len(out) > max_size:
        raise EncodingError("too_large", f"the body decompresses to more than {max_size} bytes")
    return bytes(out)
