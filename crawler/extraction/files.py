"""Extracts the articles of WARC and HTML files, for people who want texts and no database."""

from collections import deque
from collections.abc import Iterable, Iterator
from concurrent.futures import Future
from pathlib import Path

from crawler.capture.page import Page, looks_like_html
from crawler.capture.read import MAX_BODY, ReadReport, read_pages
from crawler.characters import is_noise
from crawler.errors import InputError
from crawler.extraction.article import Extracted
from crawler.extraction.pool import ExtractionPool

_IN_FLIGHT = 64
"""Pages handed to the workers ahead of the one that is given out: enough that none of them waits."""

_HTML_SUFFIXES = frozenset({".html", ".htm", ".xhtml", ".shtml"})


def extract_files(
    paths: Iterable[Path], workers: int | None = None, problems: list[str] | None = None
) -> Iterator[dict[str, str | None]]:
    """The article of every HTML page in the files, in their order, one for each page.

    Keys: url, headline, published (ISO 8601 in UTC: a day, or an instant with "Z"; None where unknown),
    published_source, language, text. A page of which nothing could be had has empty ones.

    Args:
        paths: WARC files in any compression, and HTML files.
        workers: processes; by default one for each core.
        problems: takes a line for each file that cannot be read or is damaged. Without it they are raised
            as one error, after everything that could be read was given out.

    Raises:
        InputError: a file cannot be read or is damaged, and `problems` was not given.
    """
    told: list[str] = [] if problems is None else problems
    waiting: deque[tuple[str, Future[Extracted]]] = deque()
    with ExtractionPool(workers) as pool:
        for url, html, charset in _pages(paths, told):
            waiting.append((url, pool.submit(html, url, charset)))
            if len(waiting) > _IN_FLIGHT:
                yield _line(*waiting.popleft())
        while waiting:
            yield _line(*waiting.popleft())
    if problems is None and told:
        raise InputError("\n".join(told))


def published_text(article: Extracted) -> str | None:
    """The publication time in ISO 8601, no finer than it is known; None where it is not."""
    if article.published is None:
        return None
    if article.published_precision == "day":
        return article.published.date().isoformat()
    fineness = "minutes" if article.published_precision == "minute" else "seconds"
    return f"{article.published.isoformat(timespec=fineness)}Z"


def _pages(paths: Iterable[Path], problems: list[str]) -> Iterator[tuple[str, bytes, str | None]]:
    """URL, body and charset of every page; a file that cannot be read leaves a problem and no page."""
    for path in paths:
        report = ReadReport()
        try:
            if _is_html_file(path):
                yield path.resolve().as_uri(), _html_of(path), None
                continue
            for page in read_pages(path, report):
                if _is_article_page(page) and page.torn:
                    report.tell(f"{path}: {page.url}: {page.torn}; left out")
                elif _is_article_page(page):
                    yield page.url, page.body, page.charset
        except InputError as error:
            problems.append(str(error))
        except OSError as error:
            problems.append(f"{path}: cannot be read: {error.strerror}")
        problems.extend(report.lines(path))


def _is_html_file(path: Path) -> bool:
    if path.is_dir():
        raise InputError(f"{path}: is a folder; name the files in it")
    if path.suffix.lower() in _HTML_SUFFIXES:
        return True
    with path.open("rb") as file:
        return looks_like_html(file.read(1024))


def _html_of(path: Path) -> bytes:
    with path.open("rb") as file:
        body = file.read(MAX_BODY)
    if is_noise(body):
        raise InputError(f"{path}: not an HTML page, for it is no text; give HTML or WARC files")
    return body


def _is_article_page(page: Page) -> bool:
    return 200 <= page.status < 300 and page.is_html


def _line(url: str, future: Future[Extracted]) -> dict[str, str | None]:
    article = future.result()
    # A file on disk may name the address that its page has on the web.
    if url.startswith("file:") and article.canonical_url.startswith("http"):
        url = article.canonical_url
    return {
        "url": url,
        "headline": article.headline,
        "published": published_text(article),
        "published_source": article.published_source,
        "language": article.language,
        "text": article.text,
    }
