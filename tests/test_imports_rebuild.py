"""`gossi rebuild`: the store made anew from its captures gives the same articles and the same tables.

Also tests crawler/store/retention.py.
"""

import json
from pathlib import Path

import pytest

from gossi.crawler.capture.read import read_page_at
from gossi.crawler.errors import StoreError
from gossi.crawler.imports.importer import import_paths
from gossi.crawler.imports.rebuild import MADE_ANEW, rebuild
from gossi.crawler.store.store import Store
from gossi.crawler.study.sources import StudyFolder
from gossi.study import Study
from tests import small_codebook
from tests.crawling import crawl_study, make_due, rows
from tests.loopback import WEATHER, Answer, LoopbackSite, article, outlet, redirect, sources
from tests.warc_records import http, record

FEED = (
    b"<rss><channel><item><link>/undated</link><pubDate>Sat, 23 Apr 2022 10:00:00 GMT</pubDate></item>"
    b"</channel></rss>"
)
pytestmark = pytest.mark.long(12)

CLAIM = "The capital said that the grave of Tinfiction, near Gossi, was left there."


@pytest.fixture(scope="module")
def collected(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A study after two crawls, between which a page changed, and an import; analysed and reported."""
    root = tmp_path_factory.mktemp("collected")
    small_codebook.write(root)
    undated = article("A town", CLAIM).body.replace(b"article:published", b"x")
    routes: dict[str, Answer] = {
        "/grave": article("The grave in town", CLAIM),
        "/twin": article("The grave in town", CLAIM),
        "/old": redirect("/grave"),
        "/off": Answer(WEATHER),
        "/undated": Answer(undated),
        "/feed": Answer(FEED, 200, {"Content-Type": "application/rss+xml"}),
    }
    imported = root / "articles.jsonl"
    lines = [
        {"id": "1", "headline": "Tinfiction in a table", "text": [CLAIM], "published": "2022-05-01",
         "url": "https://table.example/1"},
        {"id": "no address\n", "headline": "No address",
         "text": "The grave of Tinfiction is near Gossi."},
    ]  # fmt: skip
    imported.write_text("".join(json.dumps(line) + "\n" for line in lines))
    foreign = root / "foreign.warc"
    foreign.write_bytes(
        record("response", "https://foreign.example/a", http(200, article("Town", CLAIM).body))
    )
    with LoopbackSite(routes) as site:
        pages = ["/grave", "/twin", "/old", "/off", "/missing"]
        text = sources("delay = 0.0", outlet("gazette", site, *pages, feeds=["/feed"]))
        (root / "sources.toml").write_text(text)
        assert crawl_study(root).returncode == 0
        site.routes["/grave"] = article("The grave in town", CLAIM, "An inquiry began.", "The drone saw it.")
        make_due(root)
        assert crawl_study(root).returncode == 0
    assert import_paths(StudyFolder(root), [imported, foreign]).exit_code == 0
    Study(root).analyse()
    Study(root).report()
    return root


WHAT_COUNTS = (
    "SELECT * FROM article ORDER BY ALL",
    "SELECT version_id, seen_at, modified, language, headline, text, digest, observability, run_id "
    "FROM version ORDER BY ALL",
    "SELECT url, article_id FROM address ORDER BY ALL",
    "SELECT run_id, kind, url, final_url, fetched_at, http_status, outcome, warc_file, warc_offset, digest "
    "FROM attempt WHERE via = 'live' AND http_status IS NOT NULL ORDER BY ALL",
    "SELECT url, outlet_id, hint_published, outcome, etag FROM candidate ORDER BY ALL",
    "SELECT run_id, command FROM run WHERE command <> 'analyse' ORDER BY ALL",
)


def test_the_store_made_anew_gives_the_same_tables(collected: Path) -> None:
    """Byte for byte, JSON Lines and WARC files that were imported included; the old store is kept."""
    before = [rows(collected, query) for query in WHAT_COUNTS]
    table = (collected / "reports" / "coverage.csv").read_bytes()
    assert b"table.example" in table
    (collected / "articles.jsonl").unlink()  # what came as JSON Lines is in the captures
    done: list[tuple[int, int]] = []
    result = Study(collected).rebuild(lambda number, of: done.append((number, of)))
    Study(collected).report()
    assert (result.exit_code, result.problems, done) == (0, [], [(1, 3), (2, 3), (3, 3)])
    assert [rows(collected, query) for query in WHAT_COUNTS] == before
    assert (collected / "reports" / "coverage.csv").read_bytes() == table
    assert {
        message for (message,) in rows(collected, "SELECT message FROM run WHERE command <> 'analyse'")
    } == {MADE_ANEW}
    assert result.kept_as is not None
    assert result.kept_as.is_file()
    assert not list((collected / "data").glob("*.rebuilding*"))


def test_an_imported_warc_that_is_gone_is_told(collected: Path) -> None:
    """Its pages are missing, and the message says what to put back; all others are there."""
    foreign = collected / "foreign.warc"
    foreign.rename(collected / "elsewhere.warc")
    result = rebuild(StudyFolder(collected))
    (collected / "elsewhere.warc").rename(foreign)
    assert result.exit_code == 3
    assert [
        f"{foreign}: was imported in run 3, and is not there any more" in line for line in result.problems
    ] == [True]
    urls = {url for (url,) in rows(collected, "SELECT canonical_url FROM article")}
    assert "https://table.example/1" in urls
    assert "https://foreign.example/a" not in urls


def test_pruned_and_moved_captures_make_the_same_store(collected: Path, tmp_path: Path) -> None:
    """What no figure rests on is left out, a tombstone in its place; files may lie on another disk."""
    study = Study(collected)
    study.rebuild()
    study.report()
    table = (collected / "reports" / "coverage.csv").read_bytes()
    query = "SELECT url, outcome, http_status, digest FROM attempt WHERE kind = 'page' ORDER BY ALL"
    before, captures = rows(collected, query), collected / "data" / "captures"
    size = sum(file.stat().st_size for file in captures.rglob("*.warc.gz"))
    would = study.prune(0, dry=True)
    assert (would.pages, rows(collected, query)) == ({"off_topic": 1, "gone": 1}, before)
    done = study.prune(0, dry=False)
    assert done.pages == would.pages
    assert sum(file.stat().st_size for file in captures.rglob("*.warc.gz")) == size - done.freed
    assert study.prune(0, dry=False).pages == {}
    count, moved = study.move_captures(tmp_path / "elsewhere")
    assert (count, moved) == (3, size - done.freed)
    assert all(file.is_symlink() for file in captures.rglob("*.warc.gz"))
    for file, offset, url in rows(
        collected,
        "SELECT warc_file, warc_offset, final_url FROM attempt WHERE warc_file LIKE '%run%'"
        " AND final_url IS NOT NULL",
    ):
        assert read_page_at(captures / str(file), int(str(offset))).url == url
    assert study.rebuild().exit_code == 0
    study.report()
    assert rows(collected, query) == before
    assert (collected / "reports" / "coverage.csv").read_bytes() == table


def test_the_same_file_again_after_a_rebuild_changes_nothing(collected: Path, tmp_path: Path) -> None:
    """What was imported is known by its content still, and a second rebuild finds what the first did."""
    rebuild(StudyFolder(collected))
    result = import_paths(StudyFolder(collected), [collected / "foreign.warc"])
    assert result.outcomes == {"file taken in before": 1}


def test_nothing_captured_is_nothing_to_make_a_store_of(tmp_path: Path) -> None:
    """The store that is there stays."""
    small_codebook.write(tmp_path)
    (tmp_path / "sources.toml").write_text(sources("delay = 0.0", outlet("gazette", LoopbackSite())))
    folder = StudyFolder(tmp_path)
    with Store(folder):
        pass
    before = folder.store_file.read_bytes()
    with pytest.raises(StoreError, match="no captures there"):
        rebuild(folder)
    assert folder.store_file.read_bytes() == before


def test_a_lost_store_is_told_and_none_is_made_in_its_place(collected: Path) -> None:
    """Captures say that there was one; what is published stays."""
    folder = StudyFolder(collected)
    away = folder.store_file.rename(folder.data / "away")
    published = folder.published_file.read_bytes()
    with pytest.raises(
        StoreError, match="put it back from a copy, or make it anew from them with gossi rebuild"
    ):
        Study(collected).analyse()
    assert not folder.store_file.exists()
    assert folder.published_file.read_bytes() == published
    away.rename(folder.store_file)
