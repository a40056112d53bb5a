"""The Internet Archive: its answers, and crawls against a server that speaks as it does."""

import re
import time
from collections.abc import Iterator
from datetime import date, datetime
from pathlib import Path
from urllib.parse import quote

import pytest
from hypothesis import given
from hypothesis import strategies as st

from crawler.discovery.url_words import UrlWords
from crawler.discovery.wayback import Capture, capture_at, nearest, raw_address, read_cdx, search_address
from crawler.importer import import_paths
from crawler.study import Study, StudyFolder, Wayback, Window
from tests import archives
from tests.crawling import crawl_study, outcomes, rows, start_crawl
from tests.loopback import Answer, LoopbackSite, article, outlet, sources

WINDOW = Window(first=date(2022, 4, 1), last=date(2022, 12, 31))


def words(*terms: str, url_words: tuple[str, ...] = ()) -> UrlWords:
    """The URL words of a study with these topic terms."""
    return UrlWords(
        Study(name="x", contact="y", window=WINDOW, topic={"en": list(terms)}, url_words=list(url_words))
    )


@pytest.mark.parametrize(
    ("term", "path", "named"),
    [
        ("Gossi", "/2022/04/mass-grave-at-GOSSI-in-mali", True),
        ("Gossi", "/gossip/of-the-week", False),
        ("Gossi", "/?q=gossi", False),
        ("Gossi", "/article?title=gossi", True),
        ("fosse commune", "/une-fosse-commune-au-mali.html", True),
        ("fosse commune", "/fosse/commune", False),
        ("fosse commune + Gao", "/gao-une-fosse-commune", True),
        ("fosse commune + Gao", "/une-fosse-commune-au-mali", False),
        ("mercenar*", "/russian-mercenaries-in-mali", True),
        ("Maïga", "/le-premier-ministre-maiga-accuse", True),
        ("غوسي", "/" + quote("مقبرة-غوسي"), True),
        ("Госси", "/" + quote("новости-госси"), True),
        ("Госси", "/news/gossi", False),
    ],
)
def test_a_page_is_known_by_its_url(term: str, path: str, named: bool) -> None:
    """Words count behind the host only, whole, in any case, and percent-encoded in other scripts."""
    sought = words(term)
    url = f"https://gossi.example{path}"
    assert sought.named_in(url) is named
    # What a server sifts by may let more pass, never less.
    assert not named or re.fullmatch(sought.pattern, url)


def test_the_real_studys_question_fits_into_an_address() -> None:
    """Many servers take no more than 8,000 bytes; some 90 terms in ten scripts must fit in."""
    study = StudyFolder(Path(__file__).parents[1]).sources().study
    sought = UrlWords(study)
    assert len(search_address(study.wayback, "a-domain-of-usual-length.example", sought, WINDOW)) < 8000
    assert sought.named_in("https://a.example/monde/mali-un-charnier-decouvert-pres-de-gossi_123.html")
    assert not sought.named_in("https://a.example/gossip/mali-s-new-film")


def test_further_words_of_the_study_count_too() -> None:
    """`url_words` widens the search beyond the topic's own terms."""
    assert words("Gossi", url_words=("charnier",)).named_in("https://a.example/un-charnier-au-mali")


JSON_ROWS = b"""[["timestamp","original","statuscode","mimetype"],
["20220423101112","http://a.example:80/gossi","200","text/html"],
[],
["com%2Ca%29%2F+20220424000000"]]"""
TEXT_ROWS = b"20220423101112 http://a.example:80/gossi 200 text/html\n\ncom%2Ca%29%2F+20220424000000\n"
GOSSI_CAPTURE = Capture("http://a.example/gossi", datetime(2022, 4, 23, 10, 11, 12))


@pytest.mark.parametrize("body", [JSON_ROWS, TEXT_ROWS])
def test_both_forms_of_an_answer_are_read(body: bytes) -> None:
    """JSON and text give the same captures, without a port that says nothing, and the resume key."""
    read = read_cdx(body)
    assert read is not None
    assert (read.captures, read.resume_key) == ([GOSSI_CAPTURE], "com%2Ca%29%2F+20220424000000")


def test_nothing_found_is_an_answer_and_an_error_page_is_none() -> None:
    """An empty answer means no captures; prose means that the server has something else to say."""
    for empty in (b"", b"[]", b"\n"):
        read = read_cdx(empty)
        assert read is not None
        assert (read.captures, read.resume_key) == ([], "")
    assert read_cdx(b"<html><h1>429 Too Many Requests</h1>\nCome back later, please</html>") is None


@given(st.binary(max_size=300))
def test_any_bytes_are_survived(body: bytes) -> None:
    """Whatever the server sends, reading ends without an exception."""
    read_cdx(body)
    read_cdx(b"[[" + body)
    read_cdx(b"20220423101112 " + body)


def test_a_capture_and_its_address_stand_for_each_other() -> None:
    """The raw address leads back to the capture; an address of another kind to none."""
    settings = Wayback()
    assert capture_at(settings, raw_address(settings, GOSSI_CAPTURE)) == GOSSI_CAPTURE
    assert capture_at(settings, "https://web.archive.org/web/20220423101112/http://a.example/gossi") is None
    assert capture_at(settings, "https://a.example/web/20220423101112id_/http://a.example/gossi") is None


def test_the_nearest_capture_is_chosen_whatever_side_it_lies_on() -> None:
    """Two days after is nearer than a year before."""
    captures = [Capture("u", datetime(year, 4, 25)) for year in (2021, 2022, 2023)]
    assert nearest(captures, datetime(2022, 4, 23)) == captures[1]
    assert nearest([], datetime(2022, 4, 23)) is None


# A crawl

NEWS = ("/2022/gossi-one", "/2022/gossi-two", "/2022/gossi-three")


@pytest.fixture
def gazette() -> Iterator[LoopbackSite]:
    """An outlet that has lost all its pages."""
    with LoopbackSite() as site:
        yield site


def captured(site: LoopbackSite, path: str, time: str, **more: str) -> tuple[str, str, int, Answer]:
    """A whole capture of a page of the site about Gossi."""
    return (site.home + path, time, 200, article(f"Gossi: {path}", **more))


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
        (tmp_path / "sources.toml").write_text(
            sources(
                f"delay = 0.0\n[study.wayback]\neverywhere = true\n{archive.settings}",
                outlet("gazette", gazette),
            )
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
        (tmp_path / "sources.toml").write_text(
            sources(
                f"delay = 0.0\n[study.wayback]\neverywhere = true\n{archive.settings}",
                outlet("gazette", gazette) + f'\nwayback = ["{gazette.domain}/afrique/"]',
                outlet("other", other) + "\nwayback = []",
            )
        )
        assert crawl_study(tmp_path).returncode == 0
    assert outcomes(tmp_path) == {"/afrique/gossi": "on_topic"}
    assert [(each["url"], each["matchType"]) for each in archive.questions] == [
        ([f"{gazette.domain}/afrique/"], ["prefix"])
    ]


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
        (tmp_path / "sources.toml").write_text(
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
            )
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


def test_pages_of_a_host_that_is_gone_are_looked_for(tmp_path: Path) -> None:
    """A dead host is no end of its coverage, and no failed outlet."""
    with LoopbackSite() as dead:
        pass
    with archives.Wayback(captured(dead, "/gossi", "20220424120000")) as archive:
        (tmp_path / "sources.toml").write_text(
            sources(
                f"delay = 0.0\n[study.wayback]\ngone = true\n{archive.settings}",
                outlet("dead", dead, "/gossi"),
            )
        )
        result = crawl_study(tmp_path)
    assert (result.returncode, result.failed) == (0, {})
    assert outcomes(tmp_path) == {"/gossi": "on_topic"}


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
        (tmp_path / "sources.toml").write_text(
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
            )
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


def test_what_its_robots_txt_forbids_is_no_ban(tmp_path: Path, gazette: LoopbackSite) -> None:
    """Captures that may not be fetched are told as such, each; captures of other pages are looked up still."""
    gazette.missing = Answer(b"", 404)
    paths = [f"/2022/gossi-{n}" for n in range(6)]
    with archives.Wayback(*[captured(gazette, path, "20220510120000") for path in paths]) as archive:
        archive.robots = Answer(b"User-agent: *\nDisallow: /web/\n", 200, archives.TEXT)
        (tmp_path / "sources.toml").write_text(
            sources(
                f"delay = 0.0\n[study.wayback]\neverywhere = true\ngone = true\n{archive.settings}",
                outlet("gazette", gazette, "/a", "/b"),
            )
        )
        result = crawl_study(tmp_path)
    assert [question["url"][0] for question in archive.questions] == [
        gazette.domain, f"{gazette.home}/a", f"{gazette.home}/b",
    ]  # fmt: skip
    (gap,) = result.gaps
    assert gap.startswith(f"{archive.domain}: robots.txt disallows it; ")
    assert gap.endswith(" (6 requests)")
    found = rows(tmp_path, "SELECT DISTINCT outcome, detail FROM candidate ORDER BY 1")
    assert found == [("gone", "HTTP 404"), ("robots", "robots.txt disallows it")]


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
        (study / "sources.toml").write_text(text)
        assert crawl_study(study).returncode == 0
    (copy / "sources.toml").write_text(text)
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
        (tmp_path / "sources.toml").write_text(
            sources(
                f"delay = 0.0\n[study.wayback]\ngone = true\n{archive.settings}",
                outlet("gazette", gazette, *paths),
            )
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
