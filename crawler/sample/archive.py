"""The archive of the sample web: it answers as the Wayback Machine does, for pages that are gone.

It also has a file as those of CC-NEWS: the front page and all articles of one outlet.
"""

import gzip
import json
import re
from collections.abc import Iterable
from datetime import UTC, datetime
from functools import cached_property
from urllib.parse import parse_qs, urlsplit
from uuid import NAMESPACE_URL, uuid5

from gossi.crawler.sample.addresses import port_of
from gossi.crawler.sample.model import sample
from gossi.crawler.sample.site import Answer, Site

CDX = "/cdx/search/cdx"
"""Where it is asked for captures."""

REPLAY = "/web/"
"""What stands before the time and address of a capture."""

NEWS = "/crawl-data/CC-NEWS/2022/07/sample-00001.warc.gz"
"""Where the file of web pages lies."""

_CAPTURED_AT = datetime(2022, 7, 1, 12, tzinfo=UTC)
"""When it captured every page: after all articles of the window were published."""

_TIME = f"{_CAPTURED_AT:%Y%m%d%H%M%S}"

_CAPTURE = re.compile(rf"{re.escape(REPLAY)}{_TIME}id_/(.+)")


def archive_port(base_port: int) -> int:
    """Its port: the one after the outlets'."""
    return port_of(sample().outlet[-1].id, base_port) + 1


class Archive:
    """A CDX server and the captures that it tells of. `answers` has the page of each captured address."""

    name = "archive"

    def __init__(self, sites: Iterable[Site]) -> None:
        self._collected, *others = sites
        self.answers = {
            site.origin + path: page
            for site in (self._collected, *others)
            for path, page in site.archived.items()
        }

    def answer(self, target: str) -> Answer:
        """The answer to a question for captures, or a capture as it was answered."""
        parts = urlsplit(target)
        if parts.path == NEWS:
            return self._news
        if parts.path == CDX:
            return Answer(self._captures(parse_qs(parts.query)), "application/json")
        found = _CAPTURE.fullmatch(target)
        page = self.answers.get(found[1]) if found else None
        return page or Answer(b"<html><title>Not archived</title></html>", status=404)

    def _captures(self, query: dict[str, list[str]]) -> bytes:
        """The captures of one address, a row each under the names of the columns."""
        (url,) = query.get("url", [""])
        if url not in self.answers:
            return b"[]"
        columns = query.get("fl", ["timestamp,original"])[0].split(",")
        told = {"timestamp": _TIME, "original": url, "mimetype": "text/html", "statuscode": "200"}
        return json.dumps([columns, [told.get(column, "-") for column in columns]]).encode()

    @cached_property
    def _news(self) -> Answer:
        """The file of the outlet's pages, a packed record each."""
        site = self._collected
        records = [
            _record(site.origin + path, page)
            for path, page in site.answers.items()
            if page.status == 200 and page.content_type.startswith("text/html") and not page.drips
        ]
        return Answer(b"".join(records), "application/octet-stream", packable=False)


def _record(url: str, page: Answer) -> bytes:
    """A page as a web archive keeps it (ISO 28500), the same bytes each time."""
    answer = f"HTTP/1.1 200 OK\r\nContent-Type: {page.content_type}\r\n".encode()
    if page.encoding:
        answer += f"Content-Encoding: {page.encoding}\r\n".encode()
    answer += b"\r\n" + page.body
    head = (
        f"WARC/1.0\r\nWARC-Type: response\r\nWARC-Target-URI: {url}\r\n"
        f"WARC-Date: {_CAPTURED_AT:%Y-%m-%dT%H:%M:%SZ}\r\n"
        f"WARC-Record-ID: <urn:uuid:{uuid5(NAMESPACE_URL, url)}>\r\n"
        f"Content-Type: application/http; msgtype=response\r\nContent-Length: {len(answer)}\r\n\r\n"
    )
    return gzip.compress(head.encode() + answer + b"\r\n\r\n", mtime=0)
