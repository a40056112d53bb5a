"""WARC records written by hand, and the ways in which files of them are compressed."""

import gzip
from collections.abc import Callable, Iterable

from gossi.crawler.capture.zstandard import zstd


def http(status: int, body: bytes, kind: str = "text/html; charset=utf-8", more: str = "") -> bytes:
    """An HTTP answer."""
    return f"HTTP/1.1 {status} Said\r\nContent-Type: {kind}\r\n{more}\r\n".encode() + body


def record(
    kind: str, url: str, block: bytes, *more: str, media: str = "application/http; msgtype=response"
) -> bytes:
    """A WARC record, written by hand."""
    head = [
        "WARC/1.0",
        f"WARC-Type: {kind}",
        "WARC-Date: 2022-04-25T08:00:00Z",
        f"WARC-Record-ID: <urn:uuid:{abs(hash((kind, url))):032x}>",
        *([f"WARC-Target-URI: {url}"] if url else []),
        f"Content-Type: {media}",
        f"Content-Length: {len(block)}",
        *more,
        "",
        "",
    ]
    return "\r\n".join(head).encode() + block + b"\r\n\r\n"


PACKED: dict[str, Callable[[Iterable[bytes]], bytes]] = {
    "plain": b"".join,
    "gzip-per-record": lambda records: b"".join(gzip.compress(each) for each in records),
    "gzip-whole": lambda records: gzip.compress(b"".join(records)),
    "zstd-per-record": lambda records: b"".join(zstd.compress(each) for each in records),
    "zstd-whole": lambda records: zstd.compress(b"".join(records)),
}
