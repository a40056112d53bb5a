"""Crawls that search an archive which speaks as the Internet Archive does: what is found, bans, a kill.

Also tests crawler/crawl/search.py and crawler/crawl/shared_servers.py.
"""

import time
from collections.abc import Iterator
from datetime import datetime
from pathlib import Path

import pytest

from gossi.crawler.imports.importer import import_paths
from gossi.crawler.study.sources import StudyFolder
from tests import archives
from tests.archives import captured
from tests.crawling import crawl_study, outcomes, rows, start_crawl
from tests.lexicons import write_sources
from tests.loopback import Answer, LoopbackSite, article, outlet, sources

NEWS = ("/2022/gossi-one", "/2022/gossi-two", "/2022/gossi-three")


@pytest.fixture
def gazette() -> Iterator[LoopbackSite]:
    """An outlet that has lost all its pages."""
    with LoopbackSite() as site:
        yield site


@pytest.mark.parametrize("text", [False, True])
def test_an_outlets_past_is_found_by_its_domain(tmp_path: Path, gazette: LoopbackSite, text: bool) -> None:
    """Pages come raw from their first capture, over resume keys; their dates are those they print."""
    captures = [captured(gazette, path, f"2022051{n}120000") for n, path in enumerate(NEWS)]
    captures += [
        captured(gazette, NEWS[0], "20220901120000"),
        captured(gazette, "/2022/weather", "20220510120000"),
        captured(gazette, "/2019/gossi-before", "20190510120000"),
        (gazette.home + "/2022/gossi-moved", "20220510120000", 301, Answer(b"", 301)),
    ]
    with archives.Wayback(*captures, rows=2, text=text) as archive:
        write_sources(
            tmp_path,
            sources(
                f"delay = 0.0\n[study.wayback]\neverywhere = true\n{archive.settings}",
                outlet("gazette", gazette),
            ),
        )
        result = crawl_study(tmp_path)
        assert (result.returncode, result.stderr, result.gaps) == (0, "", [])
        assert outcomes(tmp_path) == dict.fromkeys(NEWS, "on_topic")
        replayed = [path for path in archive.paths() if path.startswith("/web/")]
        assert replayed == [
            f"/web/2022051{n}120000id_/{gazette.home}{path}" for n, path in sorted(
                enumerate(NEWS), key=lambda each: (len(each[1]), each[1])
            )
        ]  # fmt: skip
        (first, second) = archive.questions
        assert (first["from"], first["to"], first["collapse"]) == (["20220401"], ["20231231"], ["urlkey"])
        assert first["matchType"] == ["domain"]
        assert "statuscode:200" in first["filter"]
        assert "resumeKey" in second
        asked = len(archive.asked)
        assert crawl_study(tmp_path).returncode == 0
        assert len(archive.asked) == asked, "a search that was finished is not made again the next day"
    assert not gazette.asked, "an outlet whose pages an archive has is left alone"
    pages = rows(
        tmp_path,
        "SELECT published, published_source, seen_at, via, attempt.url, final_url "
        "FROM article JOIN version USING (article_id) JOIN attempt USING (attempt_id) ORDER BY seen_at",
    )
    assert pages == [
        (
            datetime(2022, 4, 23, 10), "meta", datetime(2022, 5, 10 + n, 12), "wayback", gazette.home + path,
            f"{archive.home}/web/2022051{n}120000id_/{gazette.home}{path}",
        )
        for n, path in enumerate(NEWS)
    ]  # fmt: skip


def test_a_prefix_is_searched_as_one_and_an_empty_list_not_at_all(
    tmp_path: Path, gazette: LoopbackSite
) -> None:
    """An outlet may name where its past is looked for, and may be left out of the study's rule."""
    captures = [captured(gazette, path, "20220510120000") for path in ("/afrique/gossi", "/sport/gossi")]
    with archives.Wayback(*captures) as archive, LoopbackSite() as other:
        write_sources(
            tmp_path,
            sources(
                f"delay = 0.0\n[study.wayback]\neverywhere = true\n{archive.settings}",
                outlet("gazette", gazette) + f'\nwayback = ["{gazette.domain}/afrique/"]',
                outlet("other", other) + "\nwayback = []",
            ),
        )
        assert crawl_study(tmp_path).returncode == 0
    assert outcomes(tmp_path) == {"/afrique/gossi": "on_topic"}
    assert [(each["url"], each["matchType"]) for each in archive.questions] == [
        ([f"{gazette.domain}/afrique/"], ["prefix"])
    ]


@pytest.mark.parametrize("ban", [Answer(b"", 429, {"Retry-After": "3600"}), Answer(b"", 403), None])
def test_a_ban_stops_the_archive_and_not_the_run(
    tmp_path: Path, gazette: LoopbackSite, ban: Answer | None
) -> None:
    """Refused by answer or by a closed door: told as a gap, the rest goes on, the next run finds it all."""
    gazette.routes["/gossi-here"] = article("Gossi, still here")
    archive = archives.Wayback(*[captured(gazette, path, "20220510120000") for path in NEWS])
    places = [f"{gazette.domain}/{n}" for n in range(9)] + [gazette.domain]
    with archive:
        archive.refuse = ban
        write_sources(
            tmp_path,
            sources(
                f"delay = 0.0\n[study.wayback]\n{archive.settings}",
                outlet("gazette", gazette, "/gossi-here") + f"\nwayback = {places!r}",
            )
            if ban
            else sources(
                f"delay = 0.0\n[study.wayback]\n{archive.settings}".replace(
                    archive.home, "http://127.0.0.1:9"
                ),
                outlet("gazette", gazette, "/gossi-here") + f"\nwayback = {places!r}",
            ),
        )
        result = crawl_study(tmp_path)
        assert (result.returncode, result.failed) == (0, {})
        assert outcomes(tmp_path) == {"/gossi-here": "on_topic"}
        assert sum(int(gap.rpartition("(")[2].split()[0]) for gap in result.gaps) == len(places)
        told = rows(tmp_path, "SELECT count(*) FROM attempt WHERE kind = 'wayback' AND outcome <> 'listing'")
        assert told == [(len(places),)]
        assert len(archive.asked) < len(places)
        if ban:
            archive.refuse = None
            assert crawl_study(tmp_path).gaps == []
            assert outcomes(tmp_path) == dict.fromkeys((*NEWS, "/gossi-here"), "on_topic")


@pytest.mark.parametrize(
    ("headers", "outcome"),
    [
        ({"X-Archive-Wayback-Runtime-Error": "AdministrativeAccessControlException: Blocked"}, "unreachable"),
        ({"Memento-Datetime": "Tue, 10 May 2022 12:00:00 GMT"}, "refused"),
    ],
)
def test_a_refusal_of_a_page_is_no_ban(
    tmp_path: Path, gazette: LoopbackSite, headers: dict[str, str], outcome: str
) -> None:
    """Of a site that the archive leaves out, or by the page's own server when it was captured: others go on.

    Only the second is the outlet's own refusal.
    """
    paths = [f"/2022/gossi-{n}" for n in range(7)]
    refused = Answer(b"<html>Sorry.</html>", 403, headers)
    captures = [(gazette.home + path, "20220510120000", 200, refused) for path in paths[:6]]
    with archives.Wayback(*captures, captured(gazette, paths[6], "20220510120000")) as archive:
        write_sources(
            tmp_path,
            sources(
                f"delay = 0.0\n[study.wayback]\neverywhere = true\n{archive.settings}",
                outlet("gazette", gazette),
            ),
        )
        crawl_study(tmp_path)
    assert outcomes(tmp_path) == dict.fromkeys(paths[:6], outcome) | {paths[6]: "on_topic"}


def test_what_its_robots_txt_forbids_is_no_ban(tmp_path: Path, gazette: LoopbackSite) -> None:
    """Captures that may not be fetched are told as such, each; other pages are looked up still."""
    gazette.missing = Answer(b"", 404)
    paths = [f"/2022/gossi-{n}" for n in range(6)]
    with archives.Wayback(*[captured(gazette, path, "20220510120000") for path in paths]) as archive:
        archive.robots = Answer(b"User-agent: *\nDisallow: /web/\n", 200, archives.TEXT)
        write_sources(
            tmp_path,
            sources(
                f"delay = 0.0\n[study.wayback]\neverywhere = true\ngone = true\n{archive.settings}",
                outlet("gazette", gazette, "/a", "/b"),
            ),
        )
        result = crawl_study(tmp_path)
    assert [question["url"][0] for question in archive.questions] == [
        gazette.domain, f"{gazette.home}/a", f"{gazette.home}/b",
    ]  # fmt: skip
    (gap,) = result.gaps
    assert gap == f"{archive.domain}: robots.txt disallows it (6 requests)"
    found = rows(tmp_path, "SELECT DISTINCT outcome, detail FROM candidate ORDER BY 1")
    refused = f"refused by {archive.domain}, not by the outlet: robots.txt disallows it"
    assert found == [("gone", "HTTP 404"), ("unreachable", refused)]


def test_a_robots_txt_that_does_not_answer_is_told_as_what_it_is(
    tmp_path: Path, gazette: LoopbackSite
) -> None:
    """The gap names what failed on the way to the archive, and nothing of it is asked."""
    with archives.Wayback(captured(gazette, "/2022/gossi-1", "20220510120000")) as archive:
        archive.robots = Answer(raw=b"\0")
        write_sources(
            tmp_path,
            sources(
                f"delay = 0.0\n[study.wayback]\neverywhere = true\n{archive.settings}",
                outlet("gazette", gazette, "/a"),
            ),
        )
        result = crawl_study(tmp_path)
    assert archive.questions == []
    (gap,) = result.gaps
    assert gap.startswith(f"{archive.domain}: ")
    assert "robots.txt could not be read: " in gap
    assert "KeyError" not in gap


def test_importing_the_captures_gives_the_same_articles(tmp_path: Path, gazette: LoopbackSite) -> None:
    """What came from an archive is evidence as any other: its captures alone lead to the same articles."""
    captures = [captured(gazette, path, f"2022051{n}120000") for n, path in enumerate(NEWS)]
    study, copy = tmp_path / "study", tmp_path / "copy"
    study.mkdir()
    copy.mkdir()
    with archives.Wayback(*captures) as archive:
        text = sources(
            f"delay = 0.0\n[study.wayback]\neverywhere = true\ngone = true\n{archive.settings}",
            outlet("gazette", gazette, "/gossi-gone"),
        )
        write_sources(study, text)
        assert crawl_study(study).returncode == 0
    write_sources(copy, text)
    assert import_paths(StudyFolder(copy), sorted((study / "data").rglob("*.warc.gz"))).exit_code == 0
    query = (
        "SELECT article_id, outlet_id, canonical_url, published, headline, text, seen_at "
        "FROM article JOIN version USING (article_id) ORDER BY ALL"
    )
    assert len(rows(study, query)) == len(NEWS)
    assert rows(copy, query) == rows(study, query)
    assert rows(copy, "SELECT outlet_id FROM outlet") == [("gazette",)]


def test_a_crawl_that_is_killed_among_captures_goes_on(tmp_path: Path, gazette: LoopbackSite) -> None:
    """No capture is fetched twice but the one under way, and none is missing."""
    paths = [f"/gossi-{n}" for n in range(6)]
    gazette.missing = Answer(b"", 404)
    captures = [captured(gazette, path, "20220424120000") for path in paths]
    for _, _, _, page in captures:
        page.seconds = 0.7
    with archives.Wayback(*captures) as archive:
        write_sources(
            tmp_path,
            sources(
                f"delay = 0.0\n[study.wayback]\ngone = true\n{archive.settings}",
                outlet("gazette", gazette, *paths),
            ),
        )
        with start_crawl(tmp_path) as process:
            while sum(path.startswith("/web/") for path in archive.paths()) < 4:
                assert process.poll() is None
                time.sleep(0.02)
            process.kill()
        result = crawl_study(tmp_path)
        assert (result.returncode, result.gaps, outcomes(tmp_path)) == (
            0,
            [],
            dict.fromkeys(paths, "on_topic"),
        )
        assert result.taken_up in {3, 4}, "the fourth may have been on its way"
        replayed = [path for path in archive.paths() if path.startswith("/web/")]
    assert set(replayed) == {f"/web/20220424120000id_/{gazette.home}{path}" for path in paths}
    assert len(replayed) <= len(paths) + 1
    assert rows(tmp_path, "SELECT count(*), min(seen_at), max(seen_at) FROM version") == [
        (6, datetime(2022, 4, 24, 12), datetime(2022, 4, 24, 12))
    ]
