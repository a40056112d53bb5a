"""`import` of files that are odd but not useless: named twice, partly broken, with dates known elsewhere.

Also tests crawler/imports/file_facts.py.
"""

import json
import os
import signal
from datetime import datetime
from pathlib import Path

import pytest

from gossi.crawler.imports.importer import import_paths
from gossi.crawler.store.ledger import Ledger
from gossi.crawler.study.sources import StudyFolder
from tests.crawling import crawl_study, rows
from tests.lexicons import write_sources
from tests.loopback import Answer, LoopbackSite, article, outlet, sources
from tests.warc_records import http, record

SITE = LoopbackSite()
"""Not served: its address stands in the records of these tests."""

XML = {"Content-Type": "application/xml"}


@pytest.fixture
def study(tmp_path: Path) -> StudyFolder:
    """An empty study of the site."""
    write_sources(tmp_path, sources("delay = 0.0", outlet("gazette", SITE)))
    return StudyFolder(tmp_path)


def page(path: str) -> bytes:
    """A record with an article."""
    return record("response", f"{SITE.home}{path}", http(200, article(f"Gossi {path}").body))


def test_a_content_named_twice_is_taken_in_once(study: StudyFolder) -> None:
    """A copy beside the file is known, and what comes after it is read."""
    files = [study.root / name for name in ("a.warc", "copy.warc", "c.warc", "a.warc")]
    for file, content in zip(files, ("/one", "/one", "/two"), strict=False):
        file.write_bytes(page(content))
    result = import_paths(study, files)
    assert (result.exit_code, result.problems) == (0, [])
    assert result.outcomes == {"file taken in before": 1, "on_topic": 2}
    assert rows(study.root, "SELECT count(*) FROM attempt") == [(2,)]
    assert rows(study.root, "SELECT status FROM run") == [("ok",)]


def test_a_file_named_twice_that_cannot_be_read_is_one(study: StudyFolder) -> None:
    """Nothing could be done, and the exit code says so."""
    absent = study.root / "absent.warc"
    result = import_paths(study, [absent, absent])
    assert (result.exit_code, len(result.problems)) == (2, 1)


@pytest.mark.parametrize("location", ["/one", "http://[bad", ""])
def test_a_place_in_an_answer_that_is_no_redirect_means_nothing(study: StudyFolder, location: str) -> None:
    """Pages with HTTP 200 and a Location header are pages."""
    block = http(200, article("Gossi").body, more=f"Location: {location}\r\n")
    (study.root / "one.warc").write_bytes(record("response", f"{SITE.home}/one", block))
    assert import_paths(study, [study.root / "one.warc"]).outcomes == {"on_topic": 1}


def test_addresses_that_are_none_end_no_import(study: StudyFolder) -> None:
    """As a record's, a redirect's, a feed's or an article's."""
    feed = b"<rss><channel><item><link>http://[bad/x</link></item></channel></rss>"
    moved = http(302, b"", more="Location: http://[bad\r\n")
    file, lines = study.root / "odd.warc", study.root / "odd.jsonl"
    file.write_bytes(
        record("response", "http://[bad/x", http(200, b"<html>Gossi</html>"))
        + record("response", f"{SITE.home}/moved", moved)
        + record("response", f"{SITE.home}/feed", http(200, feed, "application/rss+xml"))
        + page("/one")
    )
    odd = {"id": "1", "headline": "Gossi", "text": "Text", "url": "http://[bad/y", "domain": "[bad"}
    lines.write_text(json.dumps(odd) + "\n")
    result = import_paths(study, [file, lines])
    assert result.outcomes == {"on_topic": 2, "malformed record skipped": 1}
    assert (result.exit_code, len(result.problems)) == (3, 1)


def test_a_date_that_the_store_knows_dates_an_imported_page(tmp_path: Path) -> None:
    """A news sitemap of an earlier crawl said it; the crawl would have taken it from there, too."""
    undated = article("Gossi without a date").body.replace(b"article:published", b"x")
    with LoopbackSite() as site:
        news = (
            f'<urlset xmlns:n="http://www.google.com/schemas/sitemap-news/0.9"><url><loc>{site.home}/a</loc>'
            "<n:news><n:publication_date>2022-04-25T10:00:00Z</n:publication_date></n:news></url></urlset>"
        )
        site.routes["/news.xml"] = Answer(news.encode(), 200, XML)
        write_sources(tmp_path, sources("delay = 0.0", outlet("gazette", site, sitemaps=["/news.xml"])))
        assert crawl_study(tmp_path).returncode == 0
    file = tmp_path / "late.warc"
    file.write_bytes(
        record("response", f"{site.home}/old", http(302, b"", more="Location: /a\r\n"))
        + record("response", f"{site.home}/a", http(200, undated))
    )
    assert import_paths(StudyFolder(tmp_path), [file]).outcomes["on_topic"] == 1
    assert rows(tmp_path, "SELECT published, published_source FROM article") == [
        (datetime(2022, 4, 25, 10), "sitemap")
    ]


def line(number: int) -> str:
    """An article."""
    return json.dumps({"id": number, "headline": "Gossi", "text": f"Text {number}"})


def test_a_bad_line_costs_itself_only(study: StudyFolder) -> None:
    """The lines after it are read, it is told by its number, and the exit code says that something failed."""
    file = study.root / "articles.jsonl"
    file.write_text(f"{line(1)}\nnot JSON\n{line(3)}\n{{}}\n{line(5)}\n")
    result = import_paths(study, [file])
    assert (result.exit_code, result.outcomes) == (3, {"on_topic": 3})
    assert [problem.split(": ")[0] for problem in result.problems] == [f"{file}, line 2", f"{file}, line 4"]
    assert rows(study.root, "SELECT status FROM run") == [("partial",)]
    assert import_paths(study, [file]).outcomes == {"file taken in before": 1}


def test_a_file_of_bad_lines_only_is_no_file_of_articles(study: StudyFolder) -> None:
    """The first of them are told, the rest are counted, and it may be given again when it is mended."""
    file = study.root / "articles.jsonl"
    file.write_text("not JSON\n" * 500)
    for _ in range(2):
        result = import_paths(study, [file])
        assert (result.exit_code, result.outcomes) == (2, {})
        assert len(result.problems) == 21
        assert result.problems[-1] == f"{file}: 480 more problems like these"


def test_an_import_that_is_broken_off_is_no_success(study: StudyFolder) -> None:
    """Ctrl-C while it waits for a pipe: the run says so, and what to do."""
    pipe = study.root / "pipe.warc"
    os.mkfifo(pipe)
    before = signal.signal(signal.SIGALRM, signal.default_int_handler)
    signal.setitimer(signal.ITIMER_REAL, 0.5)
    try:
        with pytest.raises(KeyboardInterrupt):
            import_paths(study, [pipe])
    finally:
        signal.signal(signal.SIGALRM, before)
    assert rows(study.root, "SELECT status, message FROM run") == [
        ("interrupted", "stopped by hand; import the same files again")
    ]


def test_what_was_noted_of_a_file_before_a_stop_is_not_noted_again(
    study: StudyFolder, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Ctrl-C in the midst of the file: the next import takes in the rest of it, and no capture is doubled."""
    file = study.root / "articles.jsonl"
    lines = [
        {
            "id": str(n),
            "url": f"https://x.example/{n}",
            "headline": f"Gossi {n}",
            "text": f"{n} graves. " * 99,
        }
        for n in range(9)
    ]
    file.write_text("\n".join(map(json.dumps, lines)))
    noted = Ledger.flush_if_full

    def stop(ledger: Ledger) -> None:
        noted(ledger)
        if ledger.reserve() > 5:
            raise KeyboardInterrupt

    with monkeypatch.context() as patch:
        patch.setattr(Ledger, "flush_if_full", stop)
        with pytest.raises(KeyboardInterrupt):
            import_paths(study, [file])
    assert import_paths(study, [file]).outcomes == {"taken in before": 5, "on_topic": 4}
    assert rows(study.root, "SELECT count(*), count(DISTINCT (warc_file, warc_offset)) FROM attempt") == [
        (9, 9)
    ]
