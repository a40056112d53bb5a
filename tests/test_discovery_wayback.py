"""The Internet Archive: its answers, and crawls against a server that speaks as it does."""

import re
import time
from collections.abc import Iterator
from datetime import UTC, date, datetime
from pathlib import Path
from urllib.parse import quote

import duckdb
import pytest
from hypothesis import given
from hypothesis import strategies as st

from crawler.discovery.url_words import UrlWords
from crawler.discovery.wayback import (
    Capture,
    CdxRead,
    by_nearness,
    candidates,
    capture_at,
    raw_address,
    read_cdx,
    search_address,
    since,
)
from crawler.importer import import_paths
from crawler.study import Study, StudyFolder, Wayback, Window
from tests import archives
from tests.crawling import crawl_study, make_due, outcomes, rows, start_crawl
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


HEADER = b'["timestamp","original","statuscode","mimetype"]'


@pytest.mark.parametrize("body", [b"[]", b"[]\n", b" [ ] ", b"[" + HEADER + b"]"])
def test_an_empty_list_says_that_there_are_no_captures(body: bytes) -> None:
    """With or without the names of the fields."""
    assert read_cdx(body) == CdxRead()


@pytest.mark.parametrize(
    "body",
    [
        b"<html><h1>429 Too Many Requests</h1>\nCome back later, please</html>",
        b"<html></html>",
        b"error",
        b"",
        b"\n",
        b"\n\nerror",
        b'["error"]',
        b'[["error"]]',
        b'[["urlkey","timestamp","original"],["com,a)/","20220423101112","http://a.example/gossi"]]',
        b"[" + HEADER + b',["2022","http://a.example/gossi","200","text/html"]]',
        b"[" + HEADER + b',["20220423101112","http://a.example/gossi","200","text/html"],["error"]]',
        b"20220423101112 http://a.example/gossi 200 text/html\nerror\n",
        b"20220423101112 http://a.example/gossi 200 text/html\n\n\ntoo many requests\n",
    ],
)
def test_what_is_not_rows_of_the_fields_asked_is_no_answer(body: bytes) -> None:
    """Prose, a lone word, nothing at all, other fields, a key that no empty row stands before."""
    assert read_cdx(body) is None


def test_an_answer_may_be_a_resume_key_alone() -> None:
    """Where the filters leave none of so many rows."""
    assert read_cdx(b"[" + HEADER + b',[],["com%2Ca"]]') == CdxRead([], "com%2Ca")


def test_the_status_of_a_capture_counts_where_a_server_passes_over_the_filter() -> None:
    """What was answered with 404 or led elsewhere is no capture, what has no status the last resort."""
    rows = [
        ("20220423000000", "-"),
        ("20220424000000", "404"),
        ("20220501000000", "200"),
        ("20220425000000", "301"),
    ]
    lines = [f"{time} http://a.example/gossi {status} warc/revisit" for time, status in rows]
    read = read_cdx("\n".join(lines).encode())
    kept, whole = (Capture("http://a.example/gossi", datetime(2022, *day), whole) for day, whole in
                   (((4, 23), False), ((5, 1), True)))  # fmt: skip
    assert read == CdxRead([kept, whole])
    assert by_nearness(read.captures, datetime(2022, 4, 23)) == [whole, kept]
    found = candidates(Wayback(), read, words("Gossi"), "a")
    assert [each.archived for each in found] == [raw_address(Wayback(), whole)]


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
    assert by_nearness(captures, datetime(2022, 4, 23)) == [captures[1], captures[0], captures[2]]
    assert by_nearness([], datetime(2022, 4, 23)) == []


def test_a_capture_older_than_the_article_is_not_of_it() -> None:
    """But for a day, by which zones may differ."""
    captures = [Capture("u", datetime(2022, 4, day, 11)) for day in (21, 22, 23, 24)]
    assert since(captures, datetime(2022, 4, 23, 10)) == captures[1:]


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


def rescuing(tmp_path: Path, archive: archives.Wayback, gazette: LoopbackSite, *pages: str) -> None:
    """A study of these pages, which looks in the archive for those that are gone."""
    (tmp_path / "sources.toml").write_text(
        sources(
            f"delay = 0.0\n[study.wayback]\ngone = true\n{archive.settings}",
            outlet("gazette", gazette, *pages),
        )
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
    torn = Answer(b"<html>This capture cannot be shown</html>", 404)
    captures = [
        (gazette.home + NEWS[0], "20220424120000", 200, torn),
        captured(gazette, NEWS[0], "20220426120000"),
    ]
    with archives.Wayback(*captures) as archive:
        rescuing(tmp_path, archive, gazette)
        text = (tmp_path / "sources.toml").read_text()
        (tmp_path / "sources.toml").write_text(text.replace("gone = true", "gone = true\neverywhere = true"))
        assert crawl_study(tmp_path).returncode == 0
    assert outcomes(tmp_path) == {NEWS[0]: "on_topic"}
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
        (tmp_path / "sources.toml").write_text(text.replace("last = 2022-12-31", "last = 2099-12-31"))
        for answer in (page, Answer(b"", 404), article("Gossi, edited", published=young)):
            gazette.routes["/gossi-held"] = answer
            assert crawl_study(tmp_path).returncode == 0
            make_due(tmp_path)
        assert archive.questions == []
    assert rows(tmp_path, "SELECT outcome, detail FROM candidate") == [("on_topic", "version 2")]


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
    """Captures that may not be fetched are told as such, each; other pages are looked up still."""
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
