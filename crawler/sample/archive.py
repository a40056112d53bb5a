"""The archive of the sample web: it answers as the Wayback Machine does, for pages that are gone."""

import json
import re
from collections.abc import Iterable
from urllib.parse import parse_qs, urlsplit

from gossi.crawler.sample.addresses import port_of
from gossi.crawler.sample.model import sample
from gossi.crawler.sample.site import Answer, Site

CDX = "/cdx/search/cdx"
"""Where it is asked for captures."""

REPLAY = "/web/"
"""What stands before the time and address of a capture."""

_TIME = "20220701120000"
"""When it captured every page: UTC, after all articles of the window were published."""

_CAPTURE = re.compile(rf"{re.escape(REPLAY)}{_TIME}id_/(.+)")


def archive_port(base_port: int) -> int:
    """Its port: the one after the outlets'."""
    return port_of(sample().outlet[-1].id, base_port) + 1


class Archive:
    """A CDX server and the captures that it tells of. `answers` has the page of each captured address."""

    name = "archive"

    def __init__(self, sites: Iterable[Site]) -> None:
        self.answers = {site.origin + path: page for site in sites for path, page in site.archived.items()}

    def answer(self, target: str) -> Answer:
        """The answer to a question for captures, or a capture as it was answered."""
        parts = urlsplit(target)
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
