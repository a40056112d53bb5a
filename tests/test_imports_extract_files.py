"""Extraction of files: WARC and HTML in one call, in order, with damage told; and `gossi extract`."""

import gzip
import json
from pathlib import Path
from random import Random

import pytest

from gossi.crawler.capture.warc import WarcWriter
from gossi.crawler.errors import InputError
from gossi.crawler.imports.extract_files import ExtractReport, extract_files
from tests.conftest import gossi
from tests.news_pages import PARAGRAPHS, NewsPage

HTML = [("Content-Type", "text/html; charset=utf-8")]
DATED = '<meta property="article:published_time" content="{}">'


def captures(folder: Path, *pages: tuple[str, int, list[tuple[str, str]], bytes]) -> Path:
    """A WARC file with these responses."""
    with WarcWriter(folder, 1) as writer:
        for url, status, headers, body in pages:
            kept = writer.keep(url, status, "", headers, body)
    return folder / kept.warc_file


def numbered(number: int) -> bytes:
    """A page with a headline of its own."""
    return NewsPage(headline=f"Report number {number} on the graves").html()


def test_pages_come_in_the_order_of_the_files(tmp_path: Path) -> None:
    """WARC and HTML files together, however the workers end; more pages than are handed out at once."""
    warc = captures(tmp_path, *((f"https://courier.example/{n}", 200, HTML, numbered(n)) for n in range(80)))
    page = tmp_path / "page.html"
    page.write_bytes(numbered(80))
    found = list(extract_files([warc, page]))
    assert [line["headline"] for line in found] == [f"Report number {n} on the graves" for n in range(81)]
    assert found[3]["url"] == "https://courier.example/3"
    assert found[80]["url"] == page.as_uri()
    assert all(line["text"] == "\n".join(PARAGRAPHS) for line in found)


def test_only_pages_that_answered_as_html_are_given(tmp_path: Path) -> None:
    """Errors, redirects, pictures and robots.txt files are captures and no articles."""
    body = NewsPage().html()
    warc = captures(
        tmp_path,
        ("https://courier.example/gone", 404, HTML, body),
        ("https://courier.example/moved", 301, HTML, body),
        ("https://courier.example/a.png", 200, [("Content-Type", "image/png")], b"\x89PNG"),
        ("https://courier.example/robots.txt", 200, [("Content-Type", "text/plain")], b"User-agent: *"),
        ("https://courier.example/packed", 200, [*HTML, ("Content-Encoding", "gzip")], gzip.compress(body)),
        ("https://courier.example/untyped", 200, [], body),
    )
    urls = [line["url"] for line in extract_files([warc], workers=1)]
    assert urls == ["https://courier.example/packed", "https://courier.example/untyped"]


@pytest.mark.parametrize(
    ("written", "published"),
    [
        ("2022-04-22", "2022-04-22"),
        ("2022-04-22T10:05:00+02:00", "2022-04-22T08:05:00Z"),
        ("2022-04-22T10:05+02:00", "2022-04-22T08:05Z"),
    ],
)
def test_times_are_no_finer_than_they_are_known(tmp_path: Path, written: str, published: str) -> None:
    """A day stays a day, a minute a minute; all in UTC."""
    page = tmp_path / "page.html"
    page.write_bytes(NewsPage(head=DATED.format(written)).html())
    (line,) = extract_files([page], workers=1)
    assert (line["published"], line["published_source"], line["language"]) == (published, "meta", "en")


def test_a_page_without_an_article_has_empty_values(tmp_path: Path) -> None:
    """One line a page, so that nothing is missing from the output unseen."""
    page = tmp_path / "page.html"
    page.write_bytes(b"<html><head></head><body></body></html>")
    (line,) = extract_files([page], workers=1)
    assert (line["headline"], line["text"], line["published"]) == ("", "", None)


def test_a_saved_page_goes_by_the_address_that_it_names(tmp_path: Path) -> None:
    """Where it names one; else by its place on the disk."""
    page = tmp_path / "saved.htm"
    page.write_bytes(NewsPage(head='<link rel="canonical" href="https://courier.example/graves">').html())
    (line,) = extract_files([page], workers=1)
    assert line["url"] == "https://courier.example/graves"


def test_what_is_no_text_is_no_page_whatever_its_name(tmp_path: Path) -> None:
    """Noise under the name of a page is told, and no letters are read into it; UTF-16 is text."""
    noise, wide = tmp_path / "noise.html", tmp_path / "wide.html"
    noise.write_bytes(Random(7).randbytes(20_000))  # noqa: S311 - the same noise each time
    wide.write_bytes(NewsPage().html().decode().encode("utf-16"))
    report = ExtractReport()
    assert [line["text"] for line in extract_files([noise, wide], report=report)] == ["\n".join(PARAGRAPHS)]
    assert report.problems == [f"{noise}: not an HTML page, for it is no text; give HTML or WARC files"]


def test_html_is_known_by_its_content_under_any_name(tmp_path: Path) -> None:
    """Browsers and tools save pages under all sorts of names."""
    page = tmp_path / "page"
    page.write_bytes(NewsPage().html())
    (line,) = extract_files([page], workers=1)
    assert line["headline"] == NewsPage().headline


def test_what_cannot_be_read_is_told_and_the_rest_is_given(tmp_path: Path) -> None:
    """A missing file, a folder and a file of something else, one line each; the page between them comes."""
    page, other = tmp_path / "page.html", tmp_path / "notes.txt"
    page.write_bytes(NewsPage().html())
    other.write_text("no page, no archive", encoding="utf-8")
    paths = [tmp_path / "absent.warc.gz", tmp_path, page, other]
    report = ExtractReport()
    found = list(extract_files(paths, workers=1, report=report))
    assert report.unread == 3
    assert [line["headline"] for line in found] == [NewsPage().headline]
    assert [problem.partition(":")[0] for problem in report.problems] == [
        str(path) for path in (paths[0], tmp_path, other)
    ]


def test_without_a_list_problems_are_raised_after_the_last_page(tmp_path: Path) -> None:
    """Nothing that could be read is lost to what could not."""
    page = tmp_path / "page.html"
    page.write_bytes(NewsPage().html())
    lines = extract_files([tmp_path / "absent.html", page], workers=1)
    assert next(lines)["headline"] == NewsPage().headline
    with pytest.raises(InputError, match=r"absent\.html"):
        next(lines)


def test_the_command_writes_json_lines_and_says_what_failed(tmp_path: Path) -> None:
    """Data on standard output, a message on standard error, 3 where something was given all the same."""
    page = tmp_path / "page.html"
    page.write_bytes(NewsPage().html())
    warc = captures(tmp_path, ("https://courier.example/gone", 404, HTML, page.read_bytes()))
    result = gossi("extract", str(tmp_path / "absent.warc.gz"), str(page), str(warc))
    (line,) = map(json.loads, result.stdout.splitlines())
    assert list(line) == [
        "url", "headline", "published", "published_source", "language", "observability", "text",
    ]  # fmt: skip
    assert result.returncode == 3
    assert "absent.warc.gz" in result.stderr
    assert "extract: left out: 1 gone, 1 warcinfo record\n" in result.stderr
    assert "Traceback" not in result.stderr


def test_where_nothing_can_be_read_the_command_says_2(tmp_path: Path) -> None:
    """Nothing could be done."""
    result = gossi("extract", str(tmp_path / "absent.warc.gz"))
    assert (result.returncode, result.stdout) == (2, "")
    assert "absent.warc.gz" in result.stderr
