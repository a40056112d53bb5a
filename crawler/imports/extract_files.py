"""Extracts the articles of WARC and HTML files, for people who want texts and no database."""

from collections import Counter, deque
from collections.abc import Iterable, Iterator
from concurrent.futures import Future
from contextlib import closing
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path

from gossi.crawler.capture.captured import Page
from gossi.crawler.capture.html import HEAD_BYTES, is_html
from gossi.crawler.capture.packing import packing_of
from gossi.crawler.capture.read import MAX_BODY, ReadReport, read_pages
from gossi.crawler.characters import is_noise
from gossi.crawler.errors import InputError
from gossi.crawler.extraction.article import Extracted
from gossi.crawler.extraction.pool import ExtractionPool
from gossi.crawler.imports.file_facts import Hearsay
from gossi.crawler.imports.saved import HTML_SUFFIXES
from gossi.crawler.page.verdict import Case, Judge

_IN_FLIGHT = 64
"""Pages handed to the workers ahead of the one that is given out: enough that none of them waits."""


@dataclass
class ExtractReport:
    """What extraction left out.

    `left_out` counts captures by reason: the outcome of a page ("gone", "not_html"), or what it is instead of
    one ("step", "probe", "revisit record"). `problems` has a line for each file that cannot be read or is
    damaged, `unread` counts the former.
    """

    left_out: Counter[str] = field(default_factory=Counter)
    problems: list[str] = field(default_factory=list)
    unread: int = 0


def extract_files(
    paths: Iterable[Path], workers: int | None = None, report: ExtractReport | None = None
) -> Iterator[dict[str, str | None]]:
    """The article of every page in the files, in their order, one for each page that was answered whole.

    Keys: url, headline, published (ISO 8601 in UTC: a day, or an instant with "Z"; None where unknown),
    published_source, language, observability ("full", or why not: "paywall", "consent_wall", "bot_wall",
    "extraction_failed"), text. A page of which nothing could be had has empty ones.

    Args:
        paths: WARC files in any compression, and HTML files.
        workers: processes; by default one for each core.
        report: takes what is left out. Without it problems are raised as one error, after everything that
            could be read was given out.

    Raises:
        InputError: a file cannot be read or is damaged, and `report` was not given.
    """
    told = ExtractReport() if report is None else report
    waiting: deque[tuple[Case, Future[Extracted]]] = deque()
    with ExtractionPool(workers) as pool, closing(Hearsay()) as hearsay:
        for case in _Reading(pool, hearsay, told).cases(paths):
            waiting.append((case, case.handed_to(pool.submit)))
            if len(waiting) > _IN_FLIGHT:
                yield _line(*waiting.popleft())
        while waiting:
            yield _line(*waiting.popleft())
    if report is None and told.problems:
        raise InputError("\n".join(told.problems))


def published_text(article: Extracted) -> str | None:
    """The publication time in ISO 8601, no finer than it is known; None where it is not."""
    if article.published is None:
        return None
    if article.published_precision == "day":
        return article.published.date().isoformat()
    fineness = "minutes" if article.published_precision == "minute" else "seconds"
    return f"{article.published.isoformat(timespec=fineness)}Z"


class _Reading:
    """Reads files for their pages; what a file says of a host or a redirect holds for those after it too."""

    def __init__(self, pool: ExtractionPool, hearsay: Hearsay, report: ExtractReport) -> None:
        self._judge = Judge(None)
        self._pool = pool
        self._hearsay = hearsay
        self._report = report

    def cases(self, paths: Iterable[Path]) -> Iterator[Case]:
        """The pages whose text is to be extracted; all else is told in the report."""
        for path in paths:
            report = ReadReport()
            try:
                pages = iter([_saved_page(path)]) if _is_html_file(path) else read_pages(path, report)
                for page in pages:
                    if case := self._case(page):
                        yield case
            except InputError as error:
                self._unread(str(error))
            except OSError as error:
                self._unread(f"{path}: cannot be read: {error.strerror}")
            self._report.problems.extend(report.lines(path))
            for reason, count in report.skipped.items():
                self._report.left_out[f"{reason} record"] += count

    def _unread(self, problem: str) -> None:
        self._report.problems.append(problem)
        self._report.unread += 1

    def _case(self, page: Page) -> Case | None:
        asked = self._hearsay.asked_of(page)
        kind = self._judge.kind(page, asked)
        if kind == "page":
            case = self._judge.hear(page, asked, error_page=self._hearsay.probe)
            if case.decided is None:
                return case
            kind = case.decided.outcome.value
        elif kind == "step":
            self._hearsay.hear_redirect(page.url, page.leads_to)
        elif kind == "probe":
            self._hearsay.hear_probe(page, self._pool)
        self._report.left_out[kind] += 1
        return None


def _is_html_file(path: Path) -> bool:
    if path.is_dir():
        raise InputError(f"{path}: is a folder; name the files in it")
    if path.suffix.lower() in HTML_SUFFIXES:
        return True
    with path.open("rb") as file:
        try:
            if packing_of(file) is not None:
                return False
        except ValueError:
            return False  # told in reading it
        file.seek(0)
        return is_html("", file.read(HEAD_BYTES))


def _saved_page(path: Path) -> Page:
    """A page that somebody saved, as if its address in the file system had answered."""
    with path.open("rb") as file:
        body = file.read(MAX_BODY)
    if is_noise(body):
        raise InputError(f"{path}: not an HTML page, for it is no text; give HTML or WARC files")
    kind = {"content-type": "text/html"} if path.suffix.lower() in HTML_SUFFIXES else {}
    now = datetime.now(UTC).replace(tzinfo=None)
    return Page(path.resolve().as_uri(), now, 200, kind, body, str(path), 0, "")


def _line(case: Case, text: Future[Extracted]) -> dict[str, str | None]:
    extracted = text.result()
    article = case.decide(extracted).article or extracted
    url = case.page.url
    # A file on disk may name the address that its page has on the web.
    if url.startswith("file:") and article.canonical_url.startswith("http"):
        url = article.canonical_url
    return {
        "url": url,
        "headline": article.headline,
        "published": published_text(article),
        "published_source": article.published_source,
        "language": article.language,
        "observability": article.observability,
        "text": article.text,
    }
