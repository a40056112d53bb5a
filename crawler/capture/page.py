"""A captured response, whichever file or server it comes from."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from email.message import Message
from functools import lru_cache


@dataclass(frozen=True)
class Page:
    """A captured response.

    `body` is decoded (chunks, gzip, brotli, deflate, zstd); `digest` is "sha256:" and the hexadecimal digest
    of it. `fetched_at` is UTC without a zone. `offset` is the byte at which the record begins, None in a file
    that was compressed as a whole, where no record can be reached by itself. Header names are in lower case.
    `asked` is the URL that led to this one, "" in a file of another program. `torn` says why the body is
    known not to be whole, "" where nothing says so: such a page is no article, whatever is left of it.
    """

    url: str
    fetched_at: datetime
    status: int
    headers: Mapping[str, str]
    body: bytes
    warc_file: str
    offset: int | None
    digest: str
    asked: str = ""
    torn: str = ""

    @property
    def content_type(self) -> str:
        """The media type in lower case ("text/html"), empty where none is given."""
        return self.headers.get("content-type", "").partition(";")[0].strip().lower()

    @property
    def charset(self) -> str | None:
        """The charset that the HTTP header names."""
        return _charset(self.headers.get("content-type", ""))

    @property
    def leads_on(self) -> bool:
        """Whether this is a redirect to another address."""
        return 300 <= self.status < 400 and "location" in self.headers

    @property
    def etag(self) -> str | None:
        """The ETag header."""
        return self.headers.get("etag")

    @property
    def last_modified(self) -> str | None:
        """The Last-Modified header."""
        return self.headers.get("last-modified")

    @property
    def is_html(self) -> bool:
        """Whether the header, or in its absence the body, says that this is HTML."""
        if self.content_type:
            return "html" in self.content_type
        return looks_like_html(self.body)


@lru_cache(maxsize=256)
def _charset(content_type: str) -> str | None:
    header = Message()
    header["content-type"] = content_type
    found = header.get_param("charset")
    return found.strip() or None if isinstance(found, str) else None


def looks_like_html(body: bytes) -> bool:
    """Whether a body of unknown type begins as HTML does."""
    head = body[:1024].lstrip(b"\xef\xbb\xbf\x00 \t\r\n").replace(b"\x00", b"").lower()
    return head.startswith((b"<!doctype html", b"<html")) or (head.startswith(b"<") and b"<head" in head)
