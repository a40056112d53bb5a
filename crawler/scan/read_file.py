"""Reads one WARC file of an archive: each page goes the way of every page, and what passes makes a part."""

import signal
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import date
from hashlib import file_digest
from pathlib import Path
from time import monotonic

from gossi.crawler.capture.captured import Page
from gossi.crawler.capture.read import ReadReport, digested, is_as_told, read_records
from gossi.crawler.capture.records import Record
from gossi.crawler.errors import InputError
from gossi.crawler.extraction.article import Extracted, failed
from gossi.crawler.extraction.pool import TIMEOUT
from gossi.crawler.page.verdict import Judge
from gossi.crawler.scan.country import guessed_country
from gossi.crawler.scan.part import Head, PartWriter
from gossi.crawler.study.sources import Study, Window
from gossi.crawler.web.urls import host_of

_TELL_SECONDS = 0.5
"""How often it is told how far the reading is."""


@dataclass(frozen=True)
class Told:
    """How far the reading of a file is. `at` is the byte of the page that is being extracted, -1 for none."""

    pages: int = 0
    articles: int = 0
    at: int = -1


@dataclass(frozen=True)
class Reading:
    """What is sought, wherever it is: `topic` is the short name of it that parts carry."""

    study: Study
    topic: str


def read_file(  # noqa: PLR0913 - what the reading of a file may be told
    path: Path,
    source: str,
    reading: Reading,
    folder: Path,
    *,
    deadly: frozenset[int] = frozenset(),
    is_known: Callable[[str], bool] = lambda digest: False,
    tell: Callable[[Told], None] = lambda told: None,
) -> str:
    """Read a file, and write its part into the folder; gives its digest, and writes nothing for a known one.

    Args:
        path: the file, on this machine.
        source: its name in the part: where it came from.
        reading: what is sought.
        folder: an empty one.
        deadly: bytes of pages that killed their process, or would not end: they are not extracted again.
        is_known: whether a file of this digest needs no reading any more.
        tell: takes how far it is, before a page is extracted and now and then.

    Raises:
        InputError: it cannot be read, or is no WARC file.
    """
    try:
        with path.open("rb") as file:
            digest = file_digest(file, "sha256").hexdigest()
            size = file.tell()
    except OSError as error:
        raise InputError(f"{source}: cannot be read: {error.strerror}") from None
    if not is_known(digest):
        head = Head(source, digest, size)
        with PartWriter(folder, head, reading.topic) as writer:
            _File(path, reading, writer, deadly, tell).read()
            writer.end()
    return digest


class _File:
    def __init__(
        self,
        path: Path,
        reading: Reading,
        writer: PartWriter,
        deadly: frozenset[int],
        tell: Callable[[Told], None],
    ) -> None:
        self._path = path
        self._max_body = reading.study.crawl.max_bytes
        # Whether an article is in the study's window is asked when the store takes it in: windows grow.
        self._judge = Judge(
            reading.study.model_copy(update={"window": Window(first=date.min, last=date.max)})
        )
        self._writer = writer
        self._head = writer.head
        self._deadly = deadly
        self._tell = tell

    def read(self) -> None:
        """Read all pages, and fill the part with what passes and its head with what does not."""
        report = self._report = ReadReport()
        told_at = monotonic()
        for record, page in read_records(self._path, report, self._max_body, trusting=True):
            self._take(record, page)
            if monotonic() - told_at > _TELL_SECONDS:
                told_at = monotonic()
                self._tell(self._told())
        self._head.skipped = report.skipped
        self._head.problems = [
            line.replace(str(self._path), self._head.source) for line in report.lines(self._path)
        ]
        self._tell(self._told())

    def _told(self, at: int = -1) -> Told:
        return Told(self._head.pages, self._head.articles, at)

    def _take(self, record: Record, page: Page) -> None:
        asked = page.asked or page.url
        if self._judge.kind(page, asked) != "page":
            self._head.skipped["other"] += 1
            return
        self._head.pages += 1
        if self._head.first_at is None or page.fetched_at < self._head.first_at:
            self._head.first_at = page.fetched_at
        case = self._judge.hear(page, asked)
        verdict = case.decided
        if verdict is None and not is_as_told(record):
            self._head.skipped["wrong_digest"] += 1
            self._report.tell(
                f"{self._path}: record at byte {record.offset}: does not match its digest; skipped"
            )
            return
        if verdict is None:
            case.page = digested(case.page)
            country = guessed_country(host_of(case.page.url), case.page.body)
            verdict = case.decide(self._extracted(record, case.page))
            if verdict.article is not None:
                self._writer.add(record, case.page, case.asked, country, verdict.article)
                return
        day = case.page.fetched_at.date().isoformat()
        self._head.counts[host_of(case.page.url), day, verdict.outcome.value] += 1

    def _extracted(self, record: Record, page: Page) -> Extracted:
        # Here and not above: a file without a page on the topic needs no parsers.
        from gossi.crawler.extraction.extract import extract  # noqa: PLC0415

        at = self._head.pages if record.offset is None else record.offset
        if at in self._deadly:
            return failed(page.url, f"extraction killed its process, or took more than {TIMEOUT:g} s")
        self._tell(self._told(at))
        with _limited(TIMEOUT):
            text = extract(page.body, page.url, page.charset)
        self._tell(self._told())
        return text


@contextmanager
def _limited(seconds: float) -> Iterator[None]:
    """End this process where what is done meanwhile takes more of its time: no parser stops otherwise."""
    signal.setitimer(signal.ITIMER_VIRTUAL, seconds)
    try:
        yield
    finally:
        signal.setitimer(signal.ITIMER_VIRTUAL, 0)
