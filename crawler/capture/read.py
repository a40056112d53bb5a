"""Reads WARC files record by record: compressed per record, as a whole or not at all, torn or damaged.

Constant memory: one record at a time, and none larger than the bound. What is passed over is counted and
what is broken is told in a `ReadReport`, so that nothing disappears in silence.
"""

import hashlib
from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime
from email.message import Message
from io import BytesIO
from pathlib import Path
from typing import BinaryIO

from fastwarc.warc import ArchiveIterator, WarcRecord, WarcRecordType

from crawler.capture.encodings import EncodingError, decode_body
from crawler.capture.warc import ASKED
from crawler.errors import InputError

MAX_BODY = 10_000_000
"""Bytes of a body, decoded, that are taken in: `max_bytes` of a study, where no study is at hand."""

_HTTP_HEADERS = 100_000
"""Bytes that the HTTP headers of a record may take beside its body."""

_STARTS = {"gzip": b"\x1f\x8b\x08", "zstd": b"\x28\xb5\x2f\xfd", "none": b"WARC/1."}
"""How a record begins in the file, per compression."""


@dataclass(frozen=True)
class Page:
    """A captured response.

    `body` is decoded (chunks, gzip, brotli, deflate, zstd); `digest` is "sha256:" and the hexadecimal digest
    of it. `fetched_at` is UTC without a zone. `offset` is the byte at which the record begins, None in a file
    that was compressed as a whole, where no record can be reached by itself. Header names are in lower case.
    `asked` is the URL that led to this one, "" in a file of another program.
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

    @property
    def content_type(self) -> str:
        """The media type in lower case ("text/html"), empty where none is given."""
        return self.headers.get("content-type", "").partition(";")[0].strip().lower()

    @property
    def charset(self) -> str | None:
        """The charset that the HTTP header names."""
        header = Message()
        header["content-type"] = self.headers.get("content-type", "")
        found = header.get_param("charset")
        return found.strip() or None if isinstance(found, str) else None

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


@dataclass
class ReadReport:
    """What reading left out: `skipped` counts records by reason, `problems` has a line for each damage."""

    skipped: Counter[str] = field(default_factory=Counter)
    problems: list[str] = field(default_factory=list)


def read_pages(path: Path, report: ReadReport | None = None, max_body: int = MAX_BODY) -> Iterator[Page]:
    """Every captured response in a WARC file, in its order, whatever its status or type.

    Requests, metadata, revisits and the like are counted in `report.skipped`. A torn last record, a wrong
    digest or garbage between records is told in `report.problems`; the records around it are read.

    Args:
        path: a .warc, .warc.gz or .warc.zst file; the content decides, not the name.
        report: filled as the reading goes on.
        max_body: bytes; a larger body is skipped as "too_large".

    Raises:
        InputError: the file cannot be opened or is no WARC file at all.
    """
    report = ReadReport() if report is None else report
    try:
        file = path.open("rb")
    except OSError as error:
        raise InputError(f"{path}: cannot be read: {error.strerror}") from None
    with file:
        compression = _compression(file)
        if compression is not None:
            yield from _Reader(path, file, compression, report, max_body).pages()
        elif path.stat().st_size == 0:
            report.problems.append(f"{path}: the file is empty")
        else:
            raise InputError(f"{path}: not a WARC file; give .warc, .warc.gz or .warc.zst files")


def read_page_at(path: Path, offset: int, max_body: int = MAX_BODY) -> Page:
    """The one page whose record begins at `offset`.

    Raises:
        InputError: the file is missing, or no response can be read there.
    """
    try:
        with path.open("rb") as file:
            return _page_at(path, file, offset, max_body)
    except OSError as error:
        raise InputError(f"{path}: no record can be read at byte {offset}: {error}") from None


def read_record(body: bytes, name: str, max_body: int = MAX_BODY) -> Page:
    """The page of a record that was fetched by itself, out of a file elsewhere called `name`.

    Raises:
        InputError: no response can be read in it.
    """
    return _page_at(Path(name), BytesIO(body), 0, max_body)


def _page_at(path: Path, file: BinaryIO, offset: int, max_body: int) -> Page:
    report = ReadReport()
    reader = _Reader(path, file, _compression(file) or "none", report, max_body)
    try:
        for record, _ in reader.records(offset):
            page = reader.page(record, offset)
            if page is not None:
                return page
            break
    except (OSError, ValueError) as error:
        raise InputError(f"{path}: no record can be read at byte {offset}: {error}") from None
    reason = "; ".join([*report.problems, *report.skipped]) or "the file ends before it"
    raise InputError(f"{path}: no page at byte {offset}: {reason}")


def looks_like_html(body: bytes) -> bool:
    """Whether a body of unknown type begins as HTML does."""
    head = body[:1024].lstrip(b"\xef\xbb\xbf\x00 \t\r\n").replace(b"\x00", b"").lower()
    return head.startswith((b"<!doctype html", b"<html")) or (head.startswith(b"<") and b"<head" in head)


class _SkippedError(Exception):
    """A record that gives no page: why, in a word to count by and in a line where it is damage."""

    def __init__(self, reason: str, problem: str = "") -> None:
        super().__init__(reason)
        self.reason = reason
        self.problem = problem


class _Reader:
    """An open WARC file being read."""

    def __init__(
        self, path: Path, file: BinaryIO, compression: str, report: ReadReport, max_body: int
    ) -> None:
        self._path = path
        self._file = file
        self._start = _STARTS[compression]
        self._report = report
        self._max_body = max_body

    def pages(self) -> Iterator[Page]:
        """All pages; after damage goes on at the next place where a record may begin."""
        start: int | None = 0
        found_any = False
        while start is not None:
            last = start
            try:
                for record, last in self.records(start):
                    found_any = True
                    page = self.page(record, self._reachable(last))
                    if page is not None:
                        yield page
                start = None
            except (OSError, ValueError) as error:
                if not found_any and "WARC header" in str(error):
                    raise InputError(f"{self._path}: compressed, but not a WARC file") from None
                start = self._next_start(last + 1)
                rest = "nothing readable follows" if start is None else f"reading goes on at byte {start}"
                self._report.problems.append(f"{self._path}: damaged after byte {last} ({error}); {rest}")

    def records(self, start: int) -> Iterator[tuple[WarcRecord, int]]:
        """The records from byte `start` on, each with where it begins."""
        self._file.seek(start)
        for record in ArchiveIterator(self._file, parse_http=False):
            yield record, record.stream_pos

    def page(self, record: WarcRecord, offset: int | None) -> Page | None:
        """The record as a page, or None and an entry in the report."""
        try:
            return self._page(record, offset)
        except _SkippedError as skipped:
            self._report.skipped[skipped.reason] += 1
            if skipped.problem:
                self._report.problems.append(skipped.problem)
            return None

    def _page(self, record: WarcRecord, offset: int | None) -> Page:
        if record.record_type not in (WarcRecordType.response, WarcRecordType.resource):
            raise _SkippedError(str(record.record_type))
        where = f"{self._path}: record at byte {'?' if offset is None else offset}"
        url = (record.headers.get("WARC-Target-URI") or "").strip("<> ")
        fetched_at = _time(record.headers.get("WARC-Date"))
        if not url or fetched_at is None:
            raise _SkippedError("malformed", f"{where}: has no {'date' if url else 'URL'}; skipped")
        said = int(record.headers.get("Content-Length") or 0)
        # A body may be compressed within the record, so this is only the first of two bounds.
        if said > self._max_body + _HTTP_HEADERS:
            raise _SkippedError("too_large")
        record.freeze()
        if record.content_length < said:
            there = f"{record.content_length} of {said} bytes are there"
            raise _SkippedError("torn", f"{where}: torn: {there}; skipped")
        if record.headers.get("WARC-Block-Digest") and not record.verify_block_digest():
            raise _SkippedError("wrong_digest", f"{where}: the content does not match its digest; skipped")
        status, headers, body = self._answer(record, url)
        digest = f"sha256:{hashlib.sha256(body).hexdigest()}"
        asked = record.headers.get(ASKED) or ""
        return Page(url, fetched_at, status, headers, body, str(self._path), offset, digest, asked)

    def _answer(self, record: WarcRecord, url: str) -> tuple[int, dict[str, str], bytes]:
        """Status, headers and decoded body of a record."""
        status = 200
        if record.is_http and record.record_type == WarcRecordType.response:
            record.parse_http(quirks_mode=True)
            if record.http_headers is None or record.http_headers.status_code is None:
                raise _SkippedError("malformed", f"{self._path}: {url}: holds no HTTP answer; skipped")
            status = record.http_headers.status_code
            headers = {name.lower(): value for name, value in record.http_headers.items()}
        elif url.startswith(("http://", "https://")):
            # A resource record, or a response saved without its HTTP headers: the body is the page.
            headers = {"content-type": record.headers.get("Content-Type") or ""}
        else:
            raise _SkippedError("not_http")
        try:
            return status, headers, decode_body(record.reader.read(), headers, self._max_body)
        except EncodingError as error:
            # Too large is a limit of ours and no damage of the file.
            problem = "" if error.reason == "too_large" else f"{self._path}: {url}: {error}; skipped"
            raise _SkippedError(error.reason, problem) from None

    def _reachable(self, at: int) -> int | None:
        """`at`, where a record can be read from there alone."""
        here = self._file.tell()
        self._file.seek(at)
        head = self._file.read(len(self._start))
        self._file.seek(here)
        return at if head == self._start else None

    def _next_start(self, after: int) -> int | None:
        """The next byte from `after` on at which a record may begin."""
        self._file.seek(after)
        at, tail = after, b""
        while block := self._file.read(1 << 20):
            found = (tail + block).find(self._start)
            if found >= 0:
                return at - len(tail) + found
            at += len(block)
            tail = (tail + block)[-len(self._start) + 1 :]
        return None


def _time(written: str | None) -> datetime | None:
    try:
        moment = datetime.fromisoformat((written or "").strip())
    except ValueError:
        return None
    return (moment.astimezone(UTC) if moment.tzinfo else moment).replace(tzinfo=None)


def _compression(file: BinaryIO) -> str | None:
    head = file.read(16)
    for name, start in _STARTS.items():
        if head.startswith(start):
            return name
    return "none" if head.startswith(b"WARC/") else None
