"""Pages that a person saved from a browser, as HTML or MHTML: the way past a paywall that one has a key to.

Where the page stood on the web says a CSV file beside it, else the page itself.
"""

import csv
import re
from dataclasses import dataclass
from datetime import UTC, datetime
from email import message_from_bytes
from email.message import Message
from email.utils import parsedate_to_datetime
from pathlib import Path

from gossi.crawler.errors import InputError
from gossi.crawler.extraction.linked_data import read_page_data
from gossi.crawler.extraction.parsed import parse
from gossi.crawler.web.urls import clean_url, is_web_address

HTML_SUFFIXES = frozenset({".html", ".htm", ".xhtml", ".shtml"})
_MHTML_SUFFIXES = frozenset({".mhtml", ".mht"})

# How the columns of a CSV file may be called.
_FILE = frozenset({"file", "filename", "path", "name"})
_URL = frozenset({"url", "address", "link"})
# What browsers and SingleFile write into the head of a page that they save.
_SAVED_FROM = re.compile(
    rb"<!--\s*saved from url=\(\d+\)(\S+?)\s*-->|<!--[^>]{0,200}?\burl:\s*(https?://\S+)"
)
_HEAD = 5000
"""Bytes in which such a mark stands."""


@dataclass(frozen=True)
class SavedPage:
    """A page as it was saved: its address on the web, when it was saved (UTC without a zone), its HTML.

    `charset` is what the file says beside the HTML, "" for nothing.
    """

    url: str
    saved_at: datetime
    body: bytes
    charset: str = ""

    @property
    def content_type(self) -> str:
        """As a server would have said it."""
        return f"text/html; charset={self.charset}" if self.charset else "text/html"


def is_saved_page(path: Path) -> bool:
    """Whether the name says that a file holds a saved page."""
    return path.suffix.lower() in HTML_SUFFIXES | _MHTML_SUFFIXES


def read_saved(path: Path) -> SavedPage:
    """Read a saved page.

    Raises:
        InputError: it cannot be read, holds no page, or nothing says where it stood on the web.
    """
    try:
        content = path.read_bytes()
        saved_at = datetime.fromtimestamp(int(path.stat().st_mtime), UTC).replace(tzinfo=None)
        named = _named_beside(path)
    except OSError as error:
        raise InputError(f"{path}: cannot be read: {error.strerror}; check its name and rights") from None
    own, charset = "", ""
    if path.suffix.lower() in _MHTML_SUFFIXES:
        message = message_from_bytes(content)
        part = next((each for each in message.walk() if each.get_content_type() == "text/html"), None)
        body = part.get_payload(decode=True) if part is not None else None
        if part is None or not isinstance(body, bytes):
            raise InputError(f"{path}: holds no page; save it again as a web page in one file (MHTML)")
        content, charset = body, part.get_content_charset("")
        own = str(message.get("Snapshot-Content-Location") or part.get("Content-Location") or "")
        saved_at = _date(message) or saved_at
    url = next(filter(is_web_address, map(clean_url, (named, own, _address_in(content)))), "")
    if not url:
        raise InputError(
            f"{path}: does not say where it stood on the web; name it in a CSV file beside it, "
            "with the columns file and url"
        )
    return SavedPage(url, saved_at, content, charset)


def _named_beside(path: Path) -> str:
    """The address that a CSV file in the same folder gives a page; "" for none."""
    for table in sorted(path.parent.glob("*.csv")):
        text = table.read_text(encoding="utf-8-sig", errors="replace")
        head = text.partition("\n")[0]
        rows = csv.reader(text.splitlines(), delimiter=";" if head.count(";") > head.count(",") else ",")
        names = [name.strip().casefold() for name in next(rows, [])]
        file = next((place for place, name in enumerate(names) if name in _FILE), None)
        url = next((place for place, name in enumerate(names) if name in _URL), None)
        if file is None or url is None:
            continue
        for row in rows:
            if len(row) > max(file, url) and Path(row[file].strip()).name == path.name:
                return row[url].strip()
    return ""


def _address_in(html: bytes) -> str:
    """Where a page says that it was saved from, else what it calls its own address."""
    if mark := _SAVED_FROM.search(html, 0, _HEAD):
        return (mark[1] or mark[2]).decode("utf-8", "replace")
    tree = parse(html.decode("utf-8", "replace"))
    return (read_page_data(tree).canonical or "") if tree is not None else ""


def _date(message: Message) -> datetime | None:
    try:
        moment = parsedate_to_datetime(str(message["Date"]))
    except (TypeError, ValueError):
        return None
    return moment.astimezone(UTC).replace(tzinfo=None, microsecond=0)
