"""A captured response, whichever file or server it comes from."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from email.message import Message
from functools import cached_property, lru_cache

from gossi.crawler.capture.html import is_html, refresh_of
from gossi.crawler.web.urls import clean_url

# Statuses whose `location` is followed; 300 offers a choice, and 304 leads nowhere.
_REDIRECTS = frozenset({301, 302, 303, 307, 308})


@dataclass(frozen=True)
class Page:
    """A captured response.

    `body` is decoded (chunks, gzip, brotli, deflate, zstd); `digest` is "sha256:" and the hexadecimal digest
    of it. `fetched_at` is UTC without a zone. `offset` is the byte at which the record begins, None in a file
    that was compressed as a whole, where no record can be reached by itself. Header names are in lower case.
    `asked` is the URL that led to this one, `kind` what was asked for and `outlet_id` on whose behalf, all ""
    in a file of another program. `torn` says why the body is
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
    kind: str = ""
    outlet_id: str = ""

    @property
    def content_type(self) -> str:
        """The media type in lower case ("text/html"), empty where none is given."""
        return self.headers.get("content-type", "").partition(";")[0].strip().lower()

    @property
    def charset(self) -> str | None:
        """The charset that the HTTP header names."""
        return _charset(self.headers.get("content-type", ""))

    @cached_property
    def leads_to(self) -> str:
        """The address to which this answer leads on, by a redirect or by its own refresh; "" for none.

        Such an answer is a step on the way to another, and no page.
        """
        if self.status in _REDIRECTS and "location" in self.headers:
            return clean_url(self.headers["location"], self.url)
        return refresh_of(self.url, self.body) if self.is_html else ""

    @property
    def etag(self) -> str | None:
        """The ETag header."""
        return self.headers.get("etag")

    @property
    def last_modified(self) -> str | None:
        """The Last-Modified header."""
        return self.headers.get("last-modified")

    @cached_property
    def is_html(self) -> bool:
        """Whether this is a page of HTML, whatever the header calls it."""
        return is_html(self.content_type, self.body)


@lru_cache(maxsize=256)
def _charset(content_type: str) -> str | None:
    header = Message()
    header["content-type"] = content_type
    found = header.get_param("charset")
    return found.strip() or None if isinstance(found, str) else None
