"""`import`: any WARC and JSON Lines, at constant memory, judged as the crawl would have judged it.

Also tests crawler/imports/articles.py.
"""

import gzip
import json
from collections import Counter
from pathlib import Path

import pytest

from gossi.crawler.errors import GossiError
from gossi.crawler.imports.importer import import_paths
from gossi.crawler.study.sources import StudyFolder
from tests.crawling import crawl_study, rows
from tests.lexicons import write_sources
from tests.loopback import WEATHER, Answer, LoopbackSite, article, outlet, redirect, sources
from tests.warc_records import PACKED, http, record

SITE = LoopbackSite()
"""Not served: its address stands in the records of these tests."""


FIELDS = "application/warc-fields"
REQUEST = "application/http; msgtype=request"
PAGE = article("The grave at Gossi").body
PACKED_PAGE = gzip.compress(article("Gossi, packed").body)
RECORDS = [
    record("warcinfo", "", b"software: another crawler\r\n", media=FIELDS),
    record("request", f"{SITE.home}/on", b"GET /on HTTP/1.1\r\n\r\n", media=REQUEST),
    record("response", f"{SITE.home}/on", http(200, PAGE)),
    record("metadata", f"{SITE.home}/on", b"via: nowhere\r\n", media=FIELDS),
    record("response", f"{SITE.home}/off", http(200, WEATHER)),
    record("response", f"{SITE.home}/gone", http(404, b"<html>no</html>")),
    record(
        "revisit", f"{SITE.home}/on", http(200, b""),
        "WARC-Profile: http://netpreserve.org/warc/1.0/revisit/identical-payload-digest",
    ),
    record("response", f"{SITE.home}/packed", http(200, PACKED_PAGE, more="Content-Encoding: gzip\r\n")),
    record("resource", f"{SITE.home}/resource", article("Gossi as a resource").body, media="text/html"),
    record("conversion", f"{SITE.home}/on", b"the text alone", media="text/plain"),
]  # fmt: skip
OUTCOMES = {
    "/on": "on_topic",
    "/off": "off_topic",
    "/gone": "gone",
    "/packed": "on_topic",
    "/resource": "on_topic",
}
SKIPPED = {"warcinfo", "request", "metadata", "revisit", "conversion"}


@pytest.fixture
def study(tmp_path: Path) -> StudyFolder:
    """An empty study of the site."""
    write_sources(tmp_path, sources("delay = 0.0", outlet("gazette", SITE)))
    return StudyFolder(tmp_path)


def taken(folder: Path) -> dict[str, str]:
    """Path → outcome of every page taken in."""
    found = rows(folder, "SELECT url, outcome FROM attempt WHERE via = 'import'")
    return {"/" + str(url).split("/", 3)[3]: str(outcome) for url, outcome in found}


@pytest.mark.parametrize("packing", PACKED)
def test_a_warc_of_any_packing_is_taken_in(study: StudyFolder, packing: str) -> None:
    """Compressed by record, as a whole or not at all: the same pages, and every other record counted."""
    file = study.root / "foreign.warc"  # the content decides, not the name
    file.write_bytes(PACKED[packing](RECORDS))
    result = import_paths(study, [file])
    assert (result.exit_code, result.problems) == (0, [])
    assert taken(study.root) == OUTCOMES
    assert {reason: result.outcomes[f"{reason} record skipped"] for reason in SKIPPED} == dict.fromkeys(
        SKIPPED, 1
    )
    articles = rows(study.root, "SELECT canonical_url FROM article")
    assert {str(url).rpartition("/")[2] for (url,) in articles} == {"on", "packed", "resource"}


@pytest.mark.parametrize("packing", PACKED)
@pytest.mark.parametrize("cut", [3, 400])
def test_a_torn_tail_costs_the_torn_record_only(study: StudyFolder, packing: str, cut: int) -> None:
    """What came before is taken in, the damage is told, and the exit code says that something was wrong."""
    whole = PACKED[packing](RECORDS[:6])
    last = PACKED[packing](RECORDS[6:8])
    file = study.root / "torn.warc.gz"
    data = PACKED[packing](RECORDS[:8]) if packing.endswith("whole") else whole + last
    file.write_bytes(data[:-cut])
    result = import_paths(study, [file])
    found = taken(study.root)
    if not packing.endswith("whole"):
        assert {path: found.get(path) for path in ("/on", "/off", "/gone")} == {
            "/on": "on_topic", "/off": "off_topic", "/gone": "gone",
        }  # fmt: skip
    if cut > 4:  # less than the blank lines behind a record is no loss
        assert "/packed" not in found
        assert result.exit_code == 3
        assert any(str(file) in problem for problem in result.problems)


def test_the_same_file_again_changes_nothing(study: StudyFolder) -> None:
    """Under another name too."""
    for name in ("one.warc", "two.warc"):
        (study.root / name).write_bytes(b"".join(RECORDS))
        result = import_paths(study, [study.root / name])
    assert result.outcomes == {"file taken in before": 1}
    assert rows(study.root, "SELECT count(*) FROM version") == [(3,)]


@pytest.mark.parametrize(
    ("name", "content", "told"),
    [
        ("picture.warc", b"\x89PNG\r\n\x1a\n" + bytes(100), "not a WARC file"),
        ("page.warc.gz", gzip.compress(b"<html>Gossi</html>"), "not a WARC file"),
        ("empty.warc", b"", "the file is empty"),
        ("text.warc", b"WARC is an archive format", "not a WARC file"),
        ("list.jsonl", b"[1, 2]\n", "line 1"),
        ("half.jsonl", b'{"id": "a", "headline": "b"}\n', "line 1"),
        ("broken.jsonl", b'{"id": "a", \n', "line 1"),
    ],
)
def test_what_is_no_warc_is_said_to_be_none(study: StudyFolder, name: str, content: bytes, told: str) -> None:
    """One clear line that names the file and what is wrong; nothing else is harmed."""
    bad, good = study.root / name, study.root / "good.warc"
    bad.write_bytes(content)
    good.write_bytes(b"".join(RECORDS))
    result = import_paths(study, [bad, study.root / "absent.warc", good])
    assert result.exit_code == 3
    assert len(result.problems) == 2
    assert all(str(study.root) in problem for problem in result.problems)
    assert any(told in problem and name in problem for problem in result.problems)
    assert taken(study.root) == OUTCOMES


def test_nothing_to_read_is_told_by_the_exit_code(study: StudyFolder) -> None:
    """Only files that cannot be read: nothing could be done."""
    result = import_paths(study, [study.root / "absent.warc"])
    assert (result.exit_code, len(result.problems)) == (2, 1)


def test_articles_come_in_as_json_lines(study: StudyFolder) -> None:
    """One object a line; dates, outlets and the window are judged as for pages."""
    lines = [
        {
            "id": "1",
            "headline": "Gossi",
            "text": ["One.", "Two."],
            "url": f"{SITE.home}/1",
            "published": "2022-04-22",
        },
        {
            "id": "2",
            "headline": "Gossi",
            "text": "In a string",
            "domain": "unlisted.example",
            "outlet": "Unlisted",
        },
        {"id": "3", "headline": "Rain", "text": "Nothing else."},
        {"id": "4", "headline": "Gossi", "text": "Too early", "published": "2021-04-22T10:00:00Z"},
    ]
    file = study.root / "articles.jsonl"
    file.write_text("\n".join(json.dumps(line) for line in lines) + "\n\n")
    result = import_paths(study, [file])
    assert (result.exit_code, result.problems) == (0, [])
    assert result.outcomes == {"on_topic": 2, "off_topic": 1, "out_of_window": 1}
    assert set(rows(study.root, "SELECT outlet_id, text FROM article JOIN version USING (article_id)")) == {
        ("gazette", "One.\nTwo."), ("unlisted.example", "In a string"),
    }  # fmt: skip


def test_captures_are_judged_as_the_crawl_judged_them(tmp_path: Path) -> None:
    """A crawl's own WARC, imported into an empty study, gives its outcomes, articles and dates."""
    missing = Answer(b"<html><title>Nothing here</title><body>Gossi Gazette: no such page</body></html>")
    routes: dict[str, Answer] = {
        "/on": article("The grave at Gossi"),
        "/twin": article("The grave at Gossi"),
        "/off": Answer(WEATHER),
        "/soft": missing,
        "/old": redirect("/on"),
        "/home": redirect("/"),
        "/": Answer(b"<html><body>Gossi front page</body></html>"),
        "/early": article("Gossi before", published="2021-01-01T10:00:00Z"),
        "/undated": Answer(article("Gossi without a date").body.replace(b"article:published", b"x")),
        "/feed": Answer(
            b"<rss><channel><item><link>/undated</link><pubDate>Sat, 23 Apr 2022 10:00:00 GMT</pubDate>"
            b"</item></channel></rss>", 200, {"Content-Type": "application/rss+xml"},
        ),
    }  # fmt: skip
    crawled, imported = tmp_path / "crawled", tmp_path / "imported"
    with LoopbackSite(routes) as site:
        site.missing = missing
        pages = [path for path in routes if path not in {"/", "/feed", "/undated"}]
        text = sources("delay = 0.0", outlet("gazette", site, *pages, feeds=["/feed"]))
        for folder in (crawled, imported):
            folder.mkdir()
            write_sources(folder, text)
        assert crawl_study(crawled).returncode == 0
    result = import_paths(StudyFolder(imported), sorted((crawled / "data" / "captures").rglob("*.warc.gz")))
    assert (result.exit_code, result.problems) == (0, [])
    for query in (
        "SELECT url, final_url, outcome, detail FROM attempt WHERE kind = 'page'",
        "SELECT canonical_url, outlet_id, published, published_precision, published_source FROM article",
        "SELECT version_id, headline, text, seen_at FROM version",
    ):
        assert Counter(rows(imported, query)) == Counter(rows(crawled, query))


def test_a_body_that_the_study_will_not_swallow_is_counted(study: StudyFolder) -> None:
    """A page beyond max_bytes, packed or not, is no damage of the file, and its text is not taken in."""
    text = study.sources_file.read_text().replace("delay = 0.0", "delay = 0.0\nmax_bytes = 50000")
    study.sources_file.write_text(text)
    large = PAGE + b" " * 60_000
    file = study.root / "large.warc"
    file.write_bytes(
        record("response", f"{SITE.home}/large", http(200, large))
        + record(
            "response",
            f"{SITE.home}/bomb",
            http(200, gzip.compress(large), more="Content-Encoding: gzip\r\n"),
        )
        + record("response", f"{SITE.home}/on", http(200, PAGE))
    )
    result = import_paths(study, [file])
    assert (result.exit_code, result.problems) == (0, [])
    assert result.outcomes == {"on_topic": 1, "too_large record skipped": 2}


def test_a_faulty_study_is_told_before_anything_is_read(tmp_path: Path) -> None:
    """The error of sources.toml comes first."""
    write_sources(tmp_path, "[study]\n")
    with pytest.raises(GossiError, match=r"sources\.toml"):
        import_paths(StudyFolder(tmp_path), [tmp_path / "absent.warc"])
