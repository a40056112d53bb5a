"""Common Crawl: its answers, and crawls against a server that speaks as it does.

Also tests crawler/crawl/commoncrawl_search.py and crawler/discovery/url_words.py.
"""

import json
from collections.abc import Iterator
from datetime import date, datetime
from pathlib import Path

import duckdb
import pytest
from hypothesis import given
from hypothesis import strategies as st

from gossi.crawler.capture.answer import CUT
from gossi.crawler.capture.read import read_page_at
from gossi.crawler.discovery.candidate import merged
from gossi.crawler.discovery.commoncrawl import (
    IndexRead,
    byte_range,
    read_collections,
    read_index,
    read_page_count,
)
from gossi.crawler.discovery.url_words import UrlWords
from gossi.crawler.imports.importer import import_paths
from gossi.crawler.study.sources import CommonCrawl, Study, StudyFolder, Window
from tests import archives
from tests.crawling import crawl_study, outcomes, rows
from tests.lexicons import write_sources
from tests.loopback import WEATHER, Answer, LoopbackSite, article, outlet, sources

WINDOW = Window(first=date(2022, 4, 1), last=date(2022, 6, 30))
SETTINGS = CommonCrawl()
WORDS = UrlWords(Study(name="x", contact="y", window=WINDOW, topic=["Gossi"]))


def test_the_collections_of_the_window_are_chosen() -> None:
    """Those crawled in it or in the two months after, by their days where told, else by their week."""
    listed = [
        {"id": "CC-MAIN-2022-05", "cdx-api": "https://x.example/05"},
        {"id": "CC-MAIN-2022-27", "from": "2022-06-24T00:00:00", "to": "2022-07-07T00:00:00"},
        {"id": "CC-MAIN-2022-21", "cdx-api": "https://x.example/21"},
        {"id": "CC-MAIN-2022-33"},
        {"id": "CC-MAIN-2022-40"},
        {"id": "CC-MAIN-2009-2010"},
        {"name": "no id"},
        7,
    ]
    chosen = read_collections(SETTINGS, json.dumps(listed).encode(), WINDOW)
    assert chosen is not None
    assert [(each.id, each.address) for each in chosen] == [
        ("CC-MAIN-2022-21", "https://x.example/21"),
        ("CC-MAIN-2022-27", "https://index.commoncrawl.org/CC-MAIN-2022-27-index"),
        ("CC-MAIN-2022-33", "https://index.commoncrawl.org/CC-MAIN-2022-33-index"),
    ]


@pytest.mark.parametrize("body", [b"[]\n", b"{}", b"", b"<html>"])
def test_an_empty_list_of_collections_is_none(body: bytes) -> None:
    """An index in trouble answers so: it does not say that nothing was crawled in the window."""
    assert read_collections(SETTINGS, body, WINDOW) is None
    assert read_collections(SETTINGS, b'[{"id": "CC-MAIN-2009-2010"}]', WINDOW) == []


@pytest.mark.parametrize(
    ("body", "pages"),
    [
        (b'{"pages": 3, "pageSize": 5, "blocks": 13}', 3),
        (b"3\n", 3),
        (b"<html>", None),
        (b'{"pages": 1e999}', None),
        (b'{"pages": NaN}', None),
        (b"-Infinity", None),
    ],
)
def test_the_number_of_pages_is_read(body: bytes, pages: int | None) -> None:
    """As an object, as a bare number, or not at all; what is no number ends nothing."""
    assert read_page_count(body) == pages


@given(st.binary(max_size=300))
def test_any_bytes_are_survived(body: bytes) -> None:
    """Whatever the server sends, reading ends without an exception."""
    for hostile in (body, b"[" + body, b'{"url": ' + body):
        read_collections(SETTINGS, hostile, WINDOW)
        read_page_count(hostile)
        read_index(SETTINGS, hostile, "https://x.example/index", WORDS, "gazette")


HOSTILE = (
    b'{"url": "http://[/gossi", "timestamp": "1", "filename": "f", "offset": 0, "length": 9, "status": "200"}'
)


def index(body: bytes) -> IndexRead:
    """A page of an index."""
    read = read_index(SETTINGS, body, "https://x.example/index", WORDS, "gazette")
    assert read is not None
    return read


def test_an_address_that_is_none_is_passed_over() -> None:
    """One broken row costs its page, not the others."""
    good = HOSTILE.replace(b"http://[/gossi", b"http://a.example/x/gossi")
    found = index(HOSTILE + b"\n" + good)
    assert [each.url for each in found.candidates] == ["http://a.example/x/gossi"]


@pytest.mark.parametrize(
    "broken",
    [
        b'{"url": "http://a.example/y/gossi", "timestamp": "1", "filename": "f", "offset": 0}',
        HOSTILE.replace(b'"length": 9', b'"length": 1e999'),
        HOSTILE.replace(b'"offset": 0', b'"offset": null'),
        b"<html>Too many requests</html>",
        b"7",
        HOSTILE[:40],
    ],
)
def test_a_row_that_cannot_be_read_is_counted(broken: bytes) -> None:
    """The others count still; where there are no others, it is no index."""
    good = HOSTILE.replace(b"http://[/gossi", b"http://a.example/x/gossi")
    found = index(broken + b"\n" + good + b"\n")
    assert [each.url for each in found.candidates] == ["http://a.example/x/gossi"]
    assert (found.rows, found.broken) == (1, 1)
    assert read_index(SETTINGS, broken, "https://x.example/index", WORDS, "gazette") is None


# A crawl


@pytest.fixture
def gazette() -> Iterator[LoopbackSite]:
    """An outlet that has lost all its pages."""
    with LoopbackSite() as site:
        yield site


@pytest.fixture
def archive(gazette: LoopbackSite) -> Iterator[archives.CommonCrawl]:
    """Two crawls that met the outlet, one of them twice at the same page."""
    missing = Answer(b"<html>Gossi: not found</html>", 404)
    crawls = {
        "CC-MAIN-2022-21": [
            (f"{gazette.home}/2022/gossi-one", "20220520100000", article("Gossi one")),
            (
                f"{gazette.home}/2022/gossi-two",
                "20220521100000",
                article("Gossi two", published="2022-05-02"),
            ),
            (f"{gazette.home}/2022/weather", "20220521100000", article("Gossi weather")),
            (f"{gazette.home}/2022/gossi-lost", "20220521100000", missing),
        ],
        "CC-MAIN-2022-27": [
            (f"{gazette.home}/2022/gossi-one", "20220701100000", article("Gossi one, changed")),
            (f"{gazette.home}/2022/gossi-three", "20220702100000", article("Gossi three")),
            (f"{gazette.home}/2022/gossi-rain", "20220702100000", Answer(WEATHER)),
        ],
    }
    with archives.CommonCrawl(crawls, rows=2) as server:
        yield server


def write(study: Path, archive: archives.CommonCrawl, gazette: LoopbackSite, more: str = "") -> None:
    """A study that searches Common Crawl for the outlet."""
    study.mkdir(exist_ok=True)
    write_sources(
        study,
        sources(
            f"delay = 0.0\n[study.commoncrawl]\n{archive.settings}{more}",
            outlet("gazette", gazette) + f'\ncommoncrawl = ["{gazette.domain}"]',
        ),
    )


FOUND = {
    "/2022/gossi-one": "on_topic",
    "/2022/gossi-two": "on_topic",
    "/2022/gossi-three": "on_topic",
    "/2022/gossi-rain": "off_topic",
}


def test_an_outlets_past_is_found_in_the_collections_of_the_window(
    tmp_path: Path, archive: archives.CommonCrawl, gazette: LoopbackSite
) -> None:
    """Every page of each index is read; a record is fetched by its bytes and judged as if live."""
    archive.collections.append({"id": "CC-MAIN-2019-04", "cdx-api": f"{archive.home}/CC-MAIN-2019-04-index"})
    write(tmp_path, archive, gazette)
    result = crawl_study(tmp_path)
    assert (result.returncode, result.stderr, result.gaps) == (0, "", [])
    assert outcomes(tmp_path) == FOUND
    assert not gazette.asked
    assert not any("2019" in path for path in archive.paths())
    pages = [(each["url"][0], each.get("page"), "showNumPages" in each) for each in archive.questions]
    assert sorted(pages, key=str) == sorted(
        [(gazette.domain, None, True), (gazette.domain, ["0"], False), (gazette.domain, ["1"], False)] * 2,
        key=str,
    )
    told = rows(
        tmp_path,
        "SELECT attempt.url, published, seen_at, via, headline, http_status "
        "FROM article JOIN version USING (article_id) JOIN attempt USING (attempt_id) ORDER BY attempt.url",
    )
    assert told == [
        (f"{gazette.home}/2022/gossi-one", datetime(2022, 4, 23, 10), datetime(2022, 5, 20, 10),
         "commoncrawl", "Gossi one", 206),
        (f"{gazette.home}/2022/gossi-three", datetime(2022, 4, 23, 10), datetime(2022, 7, 2, 10),
         "commoncrawl", "Gossi three", 206),
        (f"{gazette.home}/2022/gossi-two", datetime(2022, 5, 2), datetime(2022, 5, 21, 10),
         "commoncrawl", "Gossi two", 206),
    ]  # fmt: skip


def test_an_index_with_a_broken_row_is_a_gap_and_read_again(
    tmp_path: Path, archive: archives.CommonCrawl, gazette: LoopbackSite
) -> None:
    """What it has is fetched; that something may be missing is told, and the next run asks anew."""
    broken = {"urlkey": "x", "timestamp": "2022", "url": f"{gazette.home}/2022/gossi-x", "status": "200"}
    archive.index["CC-MAIN-2022-27"].append(broken)
    write(tmp_path, archive, gazette)
    result = crawl_study(tmp_path)
    assert (result.returncode, outcomes(tmp_path)) == (0, FOUND)
    told = f"1 of 2 rows of the index cannot be read (1 request: {gazette.domain})"
    assert result.gaps == [f"{archive.domain}: {told}"]
    archive.index["CC-MAIN-2022-27"].remove(broken)
    asked = len(archive.questions)
    assert crawl_study(tmp_path).gaps == []
    assert len(archive.questions) - asked == 3, "the number of its pages, and both of them"


def test_only_the_records_bytes_are_fetched_and_kept(
    tmp_path: Path, archive: archives.CommonCrawl, gazette: LoopbackSite
) -> None:
    """The evidence is the part of Common Crawl's own file, as it came."""
    write(tmp_path, archive, gazette)
    assert crawl_study(tmp_path).returncode == 0
    kept = rows(
        tmp_path,
        "SELECT final_url, warc_file, warc_offset FROM attempt WHERE kind = 'page' AND via = 'commoncrawl'",
    )
    assert len(kept) == len(FOUND)
    for url, file, offset in kept:
        page = read_page_at(tmp_path / "data" / "captures" / str(file), int(str(offset)))
        whole = archive.files[str(url).removeprefix(archive.home)]
        assert page.body in whole
        assert len(page.body) < len(whole)
        assert page.body[:2] == b"\x1f\x8b"


def test_collections_may_be_named_and_a_finished_search_is_not_made_again(
    tmp_path: Path, archive: archives.CommonCrawl, gazette: LoopbackSite
) -> None:
    """Named collections need no list of all; the next run asks for nothing."""
    write(tmp_path, archive, gazette, 'collections = ["CC-MAIN-2022-27"]')
    assert crawl_study(tmp_path).returncode == 0
    assert "/collinfo.json" not in archive.paths()
    assert set(outcomes(tmp_path)) == {"/2022/gossi-one", "/2022/gossi-three", "/2022/gossi-rain"}
    asked = len(archive.asked)
    assert crawl_study(tmp_path).returncode == 0
    assert len(archive.asked) == asked


def test_a_place_that_no_crawl_met_is_no_gap(
    tmp_path: Path, archive: archives.CommonCrawl, gazette: LoopbackSite
) -> None:
    """The index answers 404 where it has nothing, which is an answer."""
    write(tmp_path, archive, gazette)
    text = (tmp_path / "sources.toml").read_text()
    write_sources(tmp_path, text.replace(f'"{gazette.domain}"]', '"nowhere.example"]'))
    result = crawl_study(tmp_path)
    assert (result.returncode, result.gaps, outcomes(tmp_path)) == (0, [], {})


def test_a_ban_stops_common_crawl_and_not_the_run(
    tmp_path: Path, archive: archives.CommonCrawl, gazette: LoopbackSite
) -> None:
    """A refused list of collections is a gap; the outlet is crawled; the next run finds the rest."""
    gazette.routes["/feed"] = Answer(
        f"<rss><channel><item><link>{gazette.home}/gossi-here</link></item></channel></rss>".encode()
    )
    gazette.routes["/gossi-here"] = article("Gossi, still here")
    write(tmp_path, archive, gazette)
    with (tmp_path / "sources.toml").open("a") as file:
        file.write(f'\nfeeds = ["{gazette.home}/feed"]\n')
    archive.refuse = Answer(b"<html>Too many requests</html>", 403)
    result = crawl_study(tmp_path)
    assert (result.returncode, result.failed) == (0, {})
    assert outcomes(tmp_path) == {"/gossi-here": "on_topic"}
    (gap,) = result.gaps
    assert gap == f"{archive.domain}: HTTP 403 (1 request)"
    archive.refuse = None
    assert crawl_study(tmp_path).gaps == []
    assert outcomes(tmp_path) == FOUND | {"/gossi-here": "on_topic"}


def test_importing_the_captures_gives_the_same_articles(
    tmp_path: Path, archive: archives.CommonCrawl, gazette: LoopbackSite
) -> None:
    """The records within the captured answers lead to the same articles."""
    study, copy = tmp_path / "study", tmp_path / "copy"
    write(study, archive, gazette)
    write(copy, archive, gazette)
    assert crawl_study(study).returncode == 0
    assert import_paths(StudyFolder(copy), sorted((study / "data").rglob("*.warc.gz"))).exit_code == 0
    query = (
        "SELECT article_id, outlet_id, canonical_url, published, headline, text, seen_at "
        "FROM article JOIN version USING (article_id) ORDER BY ALL"
    )
    assert len(rows(study, query)) == 3
    assert rows(copy, query) == rows(study, query)
    assert rows(copy, "SELECT outlet_id FROM outlet") == [("gazette",)]


def row(url: str, digits: str, **more: str) -> bytes:
    """A line of an index."""
    place = {"filename": digits, "offset": "0", "length": "9"}
    told = {"url": url, "timestamp": digits, "status": "200"}
    return json.dumps(told | place | more).encode() + b"\n"


def test_a_whole_record_is_taken_before_one_that_was_cut_off() -> None:
    """Within an index the earliest whole one, and of two indexes the one that has it whole."""
    url = "https://gazette.example/gossi"
    early, late = row(url, "20220501000000", truncated="length"), row(url, "20220601000000")
    (cut,) = index(early).candidates
    (kept,) = index(early + late).candidates
    assert (cut.archived, kept.archived) == (
        f"{SETTINGS.data}/20220501000000#bytes=0-8;cut", f"{SETTINGS.data}/20220601000000#bytes=0-8",
    )  # fmt: skip
    assert byte_range(str(cut.archived)) == (f"{SETTINGS.data}/20220501000000", "bytes=0-8")
    assert merged(cut, kept) == merged(kept, cut) == kept


def test_a_record_that_was_cut_off_gives_no_article(tmp_path: Path, gazette: LoopbackSite) -> None:
    """The page is counted as too large to be had, in the run after a broken one too."""
    half = article("Gossi one").body[:700]
    capture = (f"{gazette.home}/gossi-one", "20220520100000", Answer(half))
    with archives.CommonCrawl({"CC-MAIN-2022-21": [capture]}) as archive:
        archive.index["CC-MAIN-2022-21"][0]["truncated"] = "length"
        write(tmp_path, archive, gazette, 'collections = ["CC-MAIN-2022-21"]')
        assert crawl_study(tmp_path).returncode == 0
        assert outcomes(tmp_path) == {"/gossi-one": "too_large"}
        with duckdb.connect(tmp_path / "data" / "store.duckdb") as con:
            con.execute("UPDATE candidate SET outcome = 'waiting'")
            con.execute("DELETE FROM attempt")
            con.execute("UPDATE run SET status = 'running'")
        assert crawl_study(tmp_path).taken_up == 1
    assert rows(tmp_path, "SELECT outcome, detail FROM candidate") == [("too_large", CUT)]
    assert rows(tmp_path, "SELECT * FROM version") == []
