"""Pages that are gone: crawls that look for the capture nearest to their date in an archive.

Also tests crawler/discovery/archived.py.
"""

from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

import duckdb
import pytest

from tests import archives
from tests.archives import captured
from tests.crawling import crawl_study, make_due, outcomes, rows
from tests.lexicons import write_sources
from tests.loopback import Answer, LoopbackSite, article, outlet, sources


@pytest.fixture
def gazette() -> Iterator[LoopbackSite]:
    """An outlet that has lost all its pages."""
    with LoopbackSite() as site:
        yield site


FEED = """<rss><channel><item><link>{home}/gossi-late</link>
<pubDate>Sat, 01 Oct 2022 10:00:00 GMT</pubDate></item></channel></rss>"""


def test_pages_that_are_gone_are_looked_for_nearest_to_their_date(
    tmp_path: Path, gazette: LoopbackSite
) -> None:
    """404, 410 and a soft 404 lead to the archive; a page that is there does not."""
    gone = Answer(b"<html><title>Nothing here</title><body>Gossi Gazette: no such page</body></html>", 200)
    gazette.missing = gone
    gazette.routes |= {
        "/gossi-here": article("Gossi, still here"),
        "/gossi-404": Answer(b"", 404),
        "/gossi-410": Answer(b"", 410),
        "/gossi-late": Answer(b"", 404),
        "/gossi-never": Answer(b"", 404),
        "/feed": Answer(FEED.format(home=gazette.home).encode(), 200, {"Content-Type": "text/xml"}),
    }
    captures = [
        captured(gazette, path, f"{time}120000", published=published)
        for path, published in (
            ("/gossi-here", "2022-04-23"), ("/gossi-404", "2022-04-23"), ("/gossi-410", "2022-04-23"),
            ("/gossi-soft", "2022-04-23"), ("/gossi-late", "2022-10-01"),
        )
        for time in ("20200101", "20220424", "20221005", "20250101")
    ]  # fmt: skip
    with archives.Wayback(*captures) as archive:
        write_sources(
            tmp_path,
            sources(
                f"delay = 0.0\n[study.wayback]\ngone = true\n{archive.settings}",
                outlet(
                    "gazette",
                    gazette,
                    "/gossi-here",
                    "/gossi-404",
                    "/gossi-410",
                    "/gossi-soft",
                    "/gossi-never",
                    feeds=["/feed"],
                ),
            ),
        )
        result = crawl_study(tmp_path)
        assert (result.returncode, result.stderr, result.gaps) == (0, "", [])
        looked_up = len(archive.questions)
        assert crawl_study(tmp_path).returncode == 0
        assert len(archive.questions) == looked_up, "an archive is asked for a page once"
    assert outcomes(tmp_path) == {
        "/gossi-here": "on_topic", "/gossi-404": "on_topic", "/gossi-410": "on_topic",
        "/gossi-soft": "on_topic", "/gossi-late": "on_topic", "/gossi-never": "gone",
    }  # fmt: skip
    fetched = sorted(path.removeprefix("/web/") for path in archive.paths() if path.startswith("/web/"))
    assert fetched == [
        f"20220424120000id_/{gazette.home}/gossi-404",
        f"20220424120000id_/{gazette.home}/gossi-410",
        f"20220424120000id_/{gazette.home}/gossi-soft",
        f"20221005120000id_/{gazette.home}/gossi-late",
    ]
    told = rows(
        tmp_path,
        "SELECT outcome, via FROM attempt WHERE url LIKE '%/gossi-404' AND kind = 'page' ORDER BY ALL",
    )
    assert told == [("gone", "live"), ("on_topic", "wayback")]


def rescuing(tmp_path: Path, archive: archives.Wayback, gazette: LoopbackSite, *pages: str) -> None:
    """A study of these pages, which looks in the archive for those that are gone."""
    write_sources(
        tmp_path,
        sources(
            f"delay = 0.0\n[study.wayback]\ngone = true\n{archive.settings}",
            outlet("gazette", gazette, *pages),
        ),
    )


@pytest.mark.parametrize("body", [b"", b"error", b"<html></html>"])
def test_a_lookup_that_was_not_answered_is_made_again(
    tmp_path: Path, gazette: LoopbackSite, body: bytes
) -> None:
    """What a server in trouble sends with status 200 is a gap, not the word that there is no capture."""
    with archives.Wayback(captured(gazette, "/gossi", "20220424120000")) as archive:
        rescuing(tmp_path, archive, gazette, "/gossi")
        archive.refuse = Answer(body, 200, archives.TEXT)
        assert crawl_study(tmp_path).gaps == [f"{archive.domain}: not an answer of a CDX server (1 request)"]
        assert outcomes(tmp_path) == {"/gossi": "gone"}
        archive.refuse = None
        assert crawl_study(tmp_path).gaps == []
    assert outcomes(tmp_path) == {"/gossi": "on_topic"}


def test_no_capture_is_asked_for_again_after_a_while(tmp_path: Path, gazette: LoopbackSite) -> None:
    """An archive takes in what others kept: a month later it may have the page."""
    with archives.Wayback() as archive:
        rescuing(tmp_path, archive, gazette, "/gossi")
        crawl_study(tmp_path)
        crawl_study(tmp_path)
        assert len(archive.questions) == 1, "not asked again the next day"
        archive.captures.append(captured(gazette, "/gossi", "20220424120000"))
        with duckdb.connect(tmp_path / "data" / "store.duckdb") as con:
            con.execute("UPDATE attempt SET fetched_at = fetched_at - INTERVAL 31 DAY WHERE kind = 'wayback'")
        crawl_study(tmp_path)
    assert outcomes(tmp_path) == {"/gossi": "on_topic"}


@pytest.mark.parametrize("status", [404, 503])
def test_of_captures_that_cannot_be_replayed_the_next_is_tried(
    tmp_path: Path, gazette: LoopbackSite, status: int
) -> None:
    """Three at most: the page with a fourth is gone; each attempt is noted."""
    torn = Answer(b"<html>This capture cannot be shown</html>", status)
    captures = [
        (gazette.home + "/gossi-one", "20220424120000", 200, torn),
        captured(gazette, "/gossi-one", "20220426120000"),
        *((gazette.home + "/gossi-two", f"2022042{n}120000", 200, torn) for n in range(4, 7)),
        captured(gazette, "/gossi-two", "20220428120000"),
    ]  # fmt: skip
    with archives.Wayback(*captures) as archive:
        rescuing(tmp_path, archive, gazette, "/gossi-one", *(["/gossi-two"] if status == 404 else []))
        assert crawl_study(tmp_path).returncode == 0
        tried = list(dict.fromkeys(path[5:13] for path in archive.paths() if path.startswith("/web/")))
    if status == 503:
        assert outcomes(tmp_path) == {"/gossi-one": "on_topic"}
        assert tried == ["20220424", "20220426"]
        return
    assert outcomes(tmp_path) == {"/gossi-one": "on_topic", "/gossi-two": "gone"}
    assert tried == ["20220424", "20220426", "20220425"], "the second of both pages was captured on one day"
    told = rows(
        tmp_path,
        "SELECT url[-3:], outcome, count(*)::INTEGER FROM attempt WHERE via = 'wayback' AND kind = 'page' "
        "GROUP BY ALL ORDER BY ALL",
    )
    assert told == [("one", "gone", 1), ("one", "on_topic", 1), ("two", "gone", 3)]


def test_a_capture_that_a_search_named_in_vain_is_looked_up(tmp_path: Path, gazette: LoopbackSite) -> None:
    """The search names the first capture of a page only; where that cannot be replayed, another may be."""
    page = "/2022/gossi-one"
    torn = Answer(b"<html>This capture cannot be shown</html>", 404)
    captures = [
        (gazette.home + page, "20220424120000", 200, torn),
        captured(gazette, page, "20220426120000"),
    ]
    with archives.Wayback(*captures) as archive:
        rescuing(tmp_path, archive, gazette)
        text = (tmp_path / "sources.toml").read_text()
        write_sources(tmp_path, text.replace("gone = true", "gone = true\neverywhere = true"))
        assert crawl_study(tmp_path).returncode == 0
    assert outcomes(tmp_path) == {page: "on_topic"}
    assert [path[5:13] for path in archive.paths() if path.startswith("/web/")] == ["20220424", "20220426"]


def test_a_page_that_goes_away_keeps_its_date(tmp_path: Path, gazette: LoopbackSite) -> None:
    """Its capture is sought near its own date; what stood at the address before is not taken for it."""
    live = captured(gazette, "/gossi", "20220820120000", published="2022-08-20T10:00:00Z")
    before = (
        gazette.home + "/gossi",
        "20220403120000",
        200,
        article("Gossi and other places", "A list of Gossi."),
    )
    gazette.routes["/gossi"] = live[3]
    with archives.Wayback(before, live) as archive:
        rescuing(tmp_path, archive, gazette, "/gossi")
        crawl_study(tmp_path)
        gazette.routes.clear()
        with duckdb.connect(tmp_path / "data" / "store.duckdb") as con:
            con.execute("UPDATE candidate SET next_attempt = TIMESTAMP '2022-01-01'")
        crawl_study(tmp_path)
        replayed = [path for path in archive.paths() if path.startswith("/web/")]
    assert replayed == [f"/web/20220820120000id_/{gazette.home}/gossi"]
    assert outcomes(tmp_path) == {"/gossi": "on_topic"}
    known = rows(
        tmp_path, "SELECT published, published_source, headline FROM article JOIN version USING (article_id)"
    )
    assert known == [(datetime(2022, 8, 20, 10), "meta", "Gossi: /gossi")]


def test_an_article_that_is_still_visited_is_not_looked_for_when_its_page_fails(
    tmp_path: Path, gazette: LoopbackSite
) -> None:
    """Its own page is asked on, and what is edited there afterwards is seen."""
    young = f"{datetime.now(UTC):%Y-%m-%dT%H:%M:%SZ}"
    page = article("Gossi, in April", published=young)
    with archives.Wayback(captured(gazette, "/gossi-held", "20220424120000")) as archive:
        settings = f"delay = 0.0\n[study.wayback]\ngone = true\n{archive.settings}"
        text = sources(settings, outlet("gazette", gazette, "/gossi-held"))
        write_sources(tmp_path, text.replace("last = 2022-12-31", "last = 2099-12-31"))
        for answer in (page, Answer(b"", 404), article("Gossi, edited", published=young)):
            gazette.routes["/gossi-held"] = answer
            assert crawl_study(tmp_path).returncode == 0
            make_due(tmp_path)
        assert archive.questions == []
    assert rows(tmp_path, "SELECT outcome, detail FROM candidate") == [("on_topic", "version 2")]


def test_pages_of_a_host_that_is_gone_are_looked_for(tmp_path: Path) -> None:
    """A dead host is no end of its coverage; that nothing of it was live is said."""
    with LoopbackSite() as dead:
        pass
    with archives.Wayback(captured(dead, "/gossi", "20220424120000")) as archive:
        write_sources(
            tmp_path,
            sources(
                f"delay = 0.0\n[study.wayback]\ngone = true\n{archive.settings}",
                outlet("dead", dead, "/gossi"),
            ),
        )
        result = crawl_study(tmp_path)
    assert result.returncode == 3
    assert result.failed["dead"].endswith("; an archive alone had pages of it")
    assert outcomes(tmp_path) == {"/gossi": "on_topic"}
