"""Reads WARC files record by record: compressed per record, as a whole or not at all, torn or damaged.

Constant memory: one record at a time, and none larger than the bound. What is passed over is counted and
what is broken is told in a `ReadReport`, so that nothing disappears in silence.
"""

import hashlib
from collections import Counter
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime
from io import BytesIO
from pathlib import Path
from typing import BinaryIO

from gossi.crawler.capture.answer import BROKEN_OFF, CUT, HEAD_BYTES, HttpAnswer, closes, read_answer, undone
from gossi.crawler.capture.captured import Page
from gossi.crawler.capture.digests import matches
from gossi.crawler.capture.encodings import EncodingError
from gossi.crawler.capture.packing import DamagedError, Packing, packing_of
from gossi.crawler.capture.records import Record, Records
from gossi.crawler.capture.warc import ARTICLE_MEDIA, ASKED, KIND, OUTLET, UNTIL_CLOSED
from gossi.crawler.errors import InputError
from gossi.crawler.web.urls import is_web_address

MAX_BODY = 10_000_000
"""Bytes of a body, decoded, that are taken in: `max_bytes` of a study, where no study is at hand."""

_MOST_PROBLEMS = 20
"""Problems of a file that are told one by one: who has more of them needs another file."""

_OTHER_KINDS = frozenset({"warcinfo", "request", "metadata", "revisit", "conversion", "continuation"})
"""Types of records that hold no page (ISO 28500, 5.5)."""


@dataclass
class ReadReport:
    """What reading left out: `skipped` counts records by reason.

    `problems` has a line for each of the first damages, `untold` counts the others.
    """

    skipped: Counter[str] = field(default_factory=Counter)
    problems: list[str] = field(default_factory=list)
    untold: int = 0

    def tell(self, problem: str) -> None:
        """Note a problem; beyond some it is only counted, for a file may have a million of them."""
        if len(self.problems) < _MOST_PROBLEMS:
            self.problems.append(problem)
        else:
            self.untold += 1

    def lines(self, path: Path) -> list[str]:
        """What to tell of the file's problems."""
        return [*self.problems, *([f"{path}: {self.untold} more problems like these"] * bool(self.untold))]


def read_pages(
    path: Path,
    report: ReadReport | None = None,
    max_body: int = MAX_BODY,
    on_note: Callable[[Mapping[str, str]], None] = lambda fields: None,
) -> Iterator[Page]:
    """Every captured response in a WARC file, in its order, whatever its status or type.

    Requests, metadata, revisits and the like are counted in `report.skipped`. A torn end, a wrong digest or
    garbage between records is told in `report.problems`; the records around it are read.

    Args:
        path: a .warc, .warc.gz or .warc.zst file; the content decides, not the name.
        report: filled as the reading goes on.
        max_body: bytes; a larger body is skipped as "too_large".
        on_note: takes the fields of each metadata record, when all pages before it were given.

    Raises:
        InputError: the file cannot be opened or is no WARC file at all.
    """
    report = ReadReport() if report is None else report
    for _, page in read_records(path, report, max_body, on_note):
        yield digested(page)


def read_records(
    path: Path,
    report: ReadReport,
    max_body: int = MAX_BODY,
    on_note: Callable[[Mapping[str, str]], None] = lambda fields: None,
    *,
    trusting: bool = False,
) -> Iterator[tuple[Record, Page]]:
    """As `read_pages`, each with its record, and without its digest, which nobody needs of most pages.

    With `trusting`, a record whose checksum was right is not told from the digest that it says to have.
    """
    try:
        with path.open("rb") as file:
            if path.stat().st_size == 0:
                report.tell(f"{path}: the file is empty")
                return
            yield from _Reader(
                path, file, _packing(path, file), report, max_body, on_note, trusting=trusting
            ).pages()
    except OSError as error:
        raise InputError(f"{path}: cannot be read: {error.strerror}") from None


def digested(page: Page) -> Page:
    """The page with the digest of its body."""
    return replace(page, digest=f"sha256:{hashlib.sha256(page.body).hexdigest()}")


def is_as_told(record: Record) -> bool:
    """Whether the content of a record is what the digest in its head says, if it has one."""
    digest = record.fields.get("warc-block-digest")
    return not digest or record.content is None or matches(digest, record.content) is not False


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
    reader = _Reader(path, file, _packing(path, file), report, max_body)
    try:
        record = next(reader.records(offset), None)
    except DamagedError as error:
        raise InputError(f"{path}: no record can be read at byte {offset}: {error}") from None
    page = reader.page(record) if record else None
    if page is None:
        reason = "; ".join([*report.problems, *report.skipped]) or "the file ends before it"
        raise InputError(f"{path}: no page at byte {offset}: {reason}")
    return digested(page)


class _SkippedError(Exception):
    """A record that gives no page: why, in a word to count by and in a line where it is damage."""

    def __init__(self, reason: str, problem: str = "") -> None:
        super().__init__(reason)
        self.reason = reason
        self.problem = problem


class _Reader:
    """An open WARC file being read."""

    def __init__(  # noqa: PLR0913, PLR0917 - what reading takes
        self,
        path: Path,
        file: BinaryIO,
        packing: Packing,
        report: ReadReport,
        max_body: int,
        on_note: Callable[[Mapping[str, str]], None] = lambda fields: None,
        *,
        trusting: bool = False,
    ) -> None:
        self._path = path
        self._file = file
        self._packing = packing
        self._report = report
        self._max_body = max_body
        self._on_note = on_note
        self._trusting = trusting

    def pages(self) -> Iterator[tuple[Record, Page]]:
        """All pages with their records; after damage goes on at the next place where a record may begin."""
        start: int | None = 0
        found_any, damage = False, None
        while start is not None:
            try:
                for record in self.records(start):
                    if damage:
                        self._tell(f"{_told(damage)}; reading goes on at byte {start}")
                    found_any, damage = True, None
                    page = self.page(record)
                    if page is not None:
                        yield record, page
                break
            except DamagedError as error:
                damage = damage or error
                start = self._next_start(error.at + 1)
        if not found_any and not self._report.problems:
            raise InputError(f"{self._path}: not a WARC file, though it begins like one")
        if damage:
            self._tell(f"{_told(damage)}; nothing readable follows")

    def _tell(self, problem: str) -> None:
        self._report.tell(f"{self._path}: {problem}")

    def records(self, start: int) -> Iterator[Record]:
        """The records from byte `start` on."""
        # A body may be compressed within the record, so this is only the first of two bounds.
        return iter(Records(self._file, self._packing, start, self._max_body + HEAD_BYTES, self._tell))

    def page(self, record: Record) -> Page | None:
        """The record as a page without its digest, or None and an entry in the report."""
        try:
            return self._page(record)
        except _SkippedError as skipped:
            self._report.skipped[skipped.reason] += 1
            if skipped.problem:
                where = "" if record.offset is None else f"record at byte {record.offset}: "
                self._tell(f"{where}{skipped.problem}; skipped")
            return None

    def _check(self, record: Record) -> None:
        """Raise _SkippedError where a record is broken, or holds no page."""
        kind = record.fields.get("warc-type", "").lower()
        if record.is_torn:
            raise _SkippedError("torn", "torn: the file ends within it")
        if record.length < 0:
            raise _SkippedError("malformed", "does not say how long it is")
        if kind == "metadata":
            self._on_note(record.fields)
        if kind not in {"response", "resource"}:
            raise _SkippedError(kind if kind in _OTHER_KINDS else "unknown")

    def _page(self, record: Record) -> Page:
        self._check(record)
        fields = record.fields
        url = fields.get("warc-target-uri", "").strip("<> ")
        fetched_at = _time(fields.get("warc-date"))
        if not url or fetched_at is None:
            raise _SkippedError("malformed", f"has no {'date' if url else 'URL'}")
        if record.content is None:
            raise _SkippedError("too_large")
        if not (self._trusting and record.sealed) and not is_as_told(record):
            raise _SkippedError("wrong_digest", "the content does not match its digest")
        answer = _answer(record, record.content, url)
        if not is_web_address(url) and answer.headers.get("content-type") != ARTICLE_MEDIA:
            raise _SkippedError("malformed", f"{url[:200]} is no address of the web")
        body, torn = self._undone(answer)
        if cut := fields.get("warc-truncated"):
            torn = CUT if cut.lower() == "length" else BROKEN_OFF
        if fields.get(UNTIL_CLOSED.lower()) and not closes(body):
            torn = torn or BROKEN_OFF
        asked = fields.get(ASKED.lower(), "")
        return Page(
            url, fetched_at, answer.status, answer.headers, body, str(self._path), record.offset,
            "", asked if is_web_address(asked) else "", torn,
            fields.get(KIND.lower(), ""), fields.get(OUTLET.lower(), ""),
        )  # fmt: skip

    def _undone(self, answer: HttpAnswer) -> tuple[bytes, str]:
        try:
            return undone(answer, self._max_body)
        except EncodingError as error:
            # Too large is a limit of ours and no damage of the file.
            raise _SkippedError(error.reason, "" if error.reason == "too_large" else str(error)) from None

    def _next_start(self, after: int) -> int | None:
        """The next byte from `after` on at which a record may begin."""
        self._file.seek(after)
        at, tail = after, b""
        while block := self._file.read(1 << 20):
            found = (tail + block).find(self._packing.start)
            if found >= 0:
                return at - len(tail) + found
            at += len(block)
            tail = (tail + block)[-len(self._packing.start) + 1 :]
        return None


def _told(damage: DamagedError) -> str:
    return f"damaged at byte {damage.at} ({damage})"


def _answer(record: Record, content: bytes, url: str) -> HttpAnswer:
    """What a record says was answered for a URL."""
    media = record.fields.get("content-type", "")
    if record.fields["warc-type"].lower() == "response" and media.lower().startswith("application/http"):
        answer = read_answer(content)
        if answer is None:
            raise _SkippedError("malformed", f"{url}: holds no HTTP answer")
        return answer
    if url.lower().startswith(("http://", "https://")) or media == ARTICLE_MEDIA:
        # A resource record, or a response saved without its HTTP headers: the body is the page.
        return HttpAnswer(200, {"content-type": media}, content)
    raise _SkippedError("not_http")


def _time(written: str | None) -> datetime | None:
    try:
        moment = datetime.fromisoformat((written or "").strip())
        return (moment.astimezone(UTC) if moment.tzinfo else moment).replace(tzinfo=None)
    except (ValueError, OverflowError):
        return None


def _packing(path: Path, file: BinaryIO) -> Packing:
    try:
        packing = packing_of(file)
    except ValueError as error:
        raise InputError(f"{path}: {error}") from None
    if packing is None:
        raise InputError(
            f"{path}: not a WARC file; give .warc, .warc.gz or .warc.zst files, or to gossi import "
            "articles as JSON Lines (.jsonl)"
        )
    return packing
