"""GDELT: its answers, the slicing of time, and crawls against a server that speaks as it does.

Also tests crawler/crawl/gdelt_search.py.
"""

from collections import Counter
from datetime import date, datetime, timedelta
from itertools import pairwise
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from gossi.crawler.discovery.gdelt import CAP, Articles, Slice, read_articles, slices
from gossi.crawler.study.sources import Gdelt, Window
from tests import archives
from tests.crawling import crawl_study, outcomes, rows
from tests.lexicons import write_sources
from tests.loopback import Answer, LoopbackSite, article, outlet, rested, sources

SETTINGS = Gdelt(queries=["gossi mali", "charnier"])
WINDOW = Window(first=date(2022, 4, 1), last=date(2022, 4, 30))
LATER = datetime(2026, 1, 1)


def test_the_slices_cover_the_window_without_overlap() -> None:
    """Each second of it lies in exactly one slice of each query."""
    for query in SETTINGS.queries:
        parts = [part for part in slices(SETTINGS, WINDOW, LATER) if part.query == query]
        assert (parts[0].first, parts[-1].last) == (datetime(2022, 4, 1), datetime(2022, 4, 30, 23, 59, 59))
        for before, after in pairwise(parts):
            assert after.first - before.last == timedelta(seconds=1)
        assert max(part.last - part.first for part in parts) < timedelta(days=7)


def test_what_is_not_past_yet_is_not_asked_for() -> None:
    """A window that goes on into the future is sliced up to now."""
    parts = list(slices(SETTINGS, WINDOW, datetime(2022, 4, 10, 12)))
    assert {part.first for part in parts} == {datetime(2022, 4, 1), datetime(2022, 4, 8)}
    assert not any(part.settled(datetime(2022, 4, 10, 12)) for part in parts if part.first.day == 8)


@given(
    st.datetimes(datetime(2017, 1, 1), datetime(2030, 1, 1)).map(lambda t: t.replace(microsecond=0)),
    st.integers(60, 10_000_000),
)
def test_halves_cover_a_slice_without_overlap(first: datetime, seconds: int) -> None:
    """Nothing falls between them; they end at the smallest length."""
    part = Slice("q", first, first + timedelta(seconds=seconds))
    halves = part.halves(15)
    if halves is None:
        assert seconds < 2 * 15 * 60
        return
    one, other = halves
    assert (one.first, other.last) == (part.first, part.last)
    assert other.first - one.last == timedelta(seconds=1)
    assert min(one.last - one.first, other.last - other.first) >= timedelta(minutes=14)


@pytest.mark.parametrize(
    ("body", "articles"),
    [
        (b"{}", Articles()),
        (b'{"articles": []}', Articles()),
        (b'{"articles": [{"url": "https://a.example/1#top", "title": "A \\ stray\\d \\"word\\""}]}',
         Articles(1, ["https://a.example/1"])),
        (b'{"articles": [{"url": "https://a.example/1", "title": "a\t, \x01"}, {"url": "http://["}, 7, {}]}',
         Articles(4, ["https://a.example/1"])),
        (b"Your query was too short or too long.", None),
        (b"", None),
        (b'{"articles": 7}', None),
        (b'{"error": "Please try again later."}', None),
        (b"[]", None),
        (b"null", None),
    ],
)  # fmt: skip
def test_an_answer_is_read(body: bytes, articles: Articles | None) -> None:
    """Titles that are no good JSON cost nothing; an error told in prose or as JSON is none."""
    assert read_articles(body) == articles


@given(st.binary(max_size=300))
def test_any_bytes_are_survived(body: bytes) -> None:
    """Whatever the server sends, reading ends without an exception."""
    read_articles(body)
    read_articles(b'{"articles": [{"url": "' + body)


# A crawl


def write(study: Path, server: archives.Gdelt, *outlets: str, most: int = 1000) -> None:
    """A study that asks GDELT, a month at first, and an outlet for as many pages at most."""
    asked = f"queries = ['gossi']\nslice_days = 30\n{server.settings}"
    write_sources(study, sources(f"delay = 0.0\nmax_pages = {most}\n[study.gdelt]\n{asked}", *outlets))


def test_no_article_hides_behind_the_cap(tmp_path: Path) -> None:
    """400 articles of one day are all found, one without an address among them: the slices are halved."""
    with LoopbackSite() as gazette:
        busy = [
            (f"{gazette.home}/weather/{n}", datetime(2022, 4, 22, 12) + timedelta(minutes=n))
            for n in range(400)
        ]
        busy.append(("", datetime(2022, 4, 22, 12)))
        with archives.Gdelt(*busy) as server:
            # That they are known is what counts here, so one of them is asked for.
            write(tmp_path, server, outlet("gazette", gazette), most=1)
            result = crawl_study(tmp_path)
            assert (result.returncode, result.stderr) == (0, "")
            assert [gap.partition(": ")[2].partition(":")[0] for gap in result.gaps] == [
                "399 pages left for the next run"
            ]
            found = outcomes(tmp_path)
            assert set(found) == {f"/weather/{n}" for n in range(400)}
            assert Counter(found.values()) == {"limit": 399, "gone": 1}
            found_by = rows(tmp_path, "SELECT DISTINCT found_by, hint_published FROM candidate")
            assert found_by == [("gdelt", None)]
            full = rows(
                tmp_path, "SELECT count(*) FROM attempt WHERE detail LIKE '250 articles, %as many as fit%'"
            )
            assert full > [(0,)]
            questions = len(server.questions)
            assert crawl_study(tmp_path).returncode == 0
            assert len(server.questions) - questions == full[0][0], "only what was full is asked for again"


def test_more_than_the_cap_at_once_is_told_as_a_gap(tmp_path: Path) -> None:
    """What no slicing can bring out is not passed over in silence."""
    at_once = [(f"https://a.example/{n}", datetime(2022, 4, 22, 12)) for n in range(CAP + 50)]
    with LoopbackSite() as gazette, archives.Gdelt(*at_once) as server:
        write(tmp_path, server, outlet("gazette", gazette))
        result = crawl_study(tmp_path)
    assert result.returncode == 0
    (gap,) = result.gaps
    start, end = f"{server.domain}: 250 articles from ", " on, as many as fit: some are missing (1 request)"
    told = datetime.fromisoformat(gap.removeprefix(start).removesuffix(end))
    # The shortest slice is less than twice as long as the least length, 15 minutes.
    assert timedelta() <= datetime(2022, 4, 22, 12) - told < timedelta(minutes=30)
    assert rows(tmp_path, "SELECT kind, outlet_id FROM attempt WHERE outcome = 'limit'") == [("gdelt", "*")]


def test_outlets_that_are_not_listed_are_noted_and_not_fetched(tmp_path: Path) -> None:
    """The researcher sees them; once they stand in sources.toml their pages are fetched."""
    time = datetime(2022, 4, 22, 12)
    with LoopbackSite() as gazette, LoopbackSite() as echo:
        gazette.routes["/gossi"] = article("Gossi in the Gazette")
        echo.routes["/gossi"] = article("Gossi in the Echo")
        with archives.Gdelt((f"{gazette.home}/gossi", time), (f"{echo.home}/gossi", time)) as server:
            write(tmp_path, server, outlet("gazette", gazette))
            result = crawl_study(tmp_path)
            assert (result.returncode, result.unlisted) == (0, [echo.domain])
            query = "SELECT url, outlet_id, outcome FROM candidate ORDER BY outcome"
            assert rows(tmp_path, query) == [
                (f"{gazette.home}/gossi", "gazette", "on_topic"),
                (f"{echo.home}/gossi", echo.domain, "unlisted"),
            ]
            assert not echo.asked
            assert rows(tmp_path, "SELECT outlet_id FROM outlet") == [("gazette",)]
            write(tmp_path, server, outlet("gazette", gazette), outlet("echo", echo))
            assert crawl_study(tmp_path).returncode == 0
            query = "SELECT outlet_id FROM candidate WHERE outcome = 'on_topic' ORDER BY 1"
            assert rows(tmp_path, query) == [("echo",), ("gazette",)]


def test_a_feeds_date_stands_beside_what_gdelt_found(tmp_path: Path) -> None:
    """Of two ways that name a page, the one that dates it is kept, whichever answered first."""
    with LoopbackSite() as gazette:
        feed = (
            f"<rss><channel><item><link>{gazette.home}/gossi</link>"
            "<pubDate>Fri, 22 Apr 2022 10:00:00 GMT</pubDate></item></channel></rss>"
        )
        gazette.routes["/feed"] = Answer(feed.encode(), seconds=0.5)
        gazette.routes["/gossi"] = article("Gossi in the Gazette", published="")
        with archives.Gdelt((f"{gazette.home}/gossi", datetime(2022, 4, 25))) as server:
            write(tmp_path, server, outlet("gazette", gazette, feeds=["/feed"]))
            assert crawl_study(tmp_path).returncode == 0
    assert rows(tmp_path, "SELECT published, published_source FROM article") == [
        (datetime(2022, 4, 22, 10), "feed")
    ]


@pytest.mark.parametrize(
    "refusal",
    [
        Answer(b"Please limit requests to one every 5 seconds.", 429, {"Retry-After": "3600"}),
        Answer(b"The specified phrase is too short."),
    ],
)
def test_a_refusal_is_a_gap_and_stops_nothing_else(tmp_path: Path, refusal: Answer) -> None:
    """By status or in prose with status 200: told, and what GDELT says with it; the next run asks again."""
    with LoopbackSite() as gazette, archives.Gdelt() as server:
        gazette.routes["/gossi"] = article("Gossi in the Gazette")
        server.refuse = refusal
        write(tmp_path, server, outlet("gazette", gazette, "/gossi"))
        result = crawl_study(tmp_path)
        assert (result.returncode, result.failed, outcomes(tmp_path)) == (0, {}, {"/gossi": "on_topic"})
        assert result.gaps
        assert all(gap.startswith(f"{server.domain}: ") for gap in result.gaps)
        server.refuse = None
        assert crawl_study(tmp_path).gaps == []
        assert len(server.questions) == 10, "275 days in slices of 30"


def test_a_plea_to_ask_less_often_is_a_refusal(tmp_path: Path) -> None:
    """Told in prose with status 200: each question doubles the delay, the fifth ends it for this run."""
    plea = b"Please limit requests to one every 5 seconds or contact someone for larger queries.\n"
    with LoopbackSite() as gazette, archives.Gdelt() as server:
        gazette.routes["/gossi"] = article("Gossi in the Gazette")
        server.refuse = Answer(plea, 200, {"Content-Type": "text/plain"})
        server.settings = server.settings.replace("delay = 0.0", "delay = 0.03")
        write(tmp_path, server, outlet("gazette", gazette, "/gossi"))
        result = crawl_study(tmp_path)
        assert (result.returncode, outcomes(tmp_path)) == (0, {"/gossi": "on_topic"})
        stopped = "it says that it is asked too often; left alone until the next run"
        assert result.gaps == [
            f"{server.domain}: GDELT says that it is asked too often (4 requests)",
            f"{server.domain}: {stopped} (6 requests)",
        ]
        times = [time for path, time in server.asked if path != "/robots.txt"]
        assert len(times) == 13, "three tries of each of four, one of the fifth"
        assert rested(times, *(0.06,) * 3, *(0.12,) * 3, *(0.24,) * 3, *(0.48,) * 3)
        server.refuse = None
        assert crawl_study(tmp_path).gaps == []
        assert len(server.questions) == 10, "275 days in slices of 30"


@pytest.mark.parametrize("asked_for", ["by the study", "by its robots.txt"])
@pytest.mark.long(8)
def test_requests_keep_their_distance(tmp_path: Path, asked_for: str) -> None:
    """The study's delay, or the longer one of robots.txt, holds however quickly the service answers."""
    with LoopbackSite() as gazette, archives.Gdelt() as server:
        if asked_for == "by the study":
            server.settings = server.settings.replace("delay = 0.0", "delay = 0.6")
        else:
            server.robots = Answer(b"User-agent: *\nCrawl-delay: 0.6\n")
        write(tmp_path, server, outlet("gazette", gazette))
        assert crawl_study(tmp_path).returncode == 0
        times = [time for _, time in server.asked]
    assert len(times) == 11
    assert rested(times, *[0.6] * 10)


def test_what_robots_txt_forbids_is_not_asked(tmp_path: Path) -> None:
    """A service that wants no crawlers is left alone, and the gap says why."""
    with LoopbackSite() as gazette, archives.Gdelt() as server:
        server.robots = Answer(b"User-agent: *\nDisallow: /\n")
        write(tmp_path, server, outlet("gazette", gazette))
        result = crawl_study(tmp_path)
    assert (result.returncode, server.questions) == (0, [])
    (gap,) = result.gaps
    assert gap.startswith(f"{server.domain}: robots.txt disallows it; ")
    assert "docs/sources.md" in gap
    assert gap.endswith(" (10 requests)")


def test_a_crawl_of_one_outlet_does_not_ask_about_the_world(tmp_path: Path) -> None:
    """Whoever tries out an entry need not wait for a search that is about all of them."""
    with LoopbackSite() as gazette, LoopbackSite() as echo, archives.Gdelt() as server:
        write(tmp_path, server, outlet("gazette", gazette), outlet("echo", echo))
        assert crawl_study(tmp_path, "echo").returncode == 0
        assert not server.asked


@pytest.mark.parametrize("title", [r'He said \\"no\\" to it', 'Annual "slump" in it', 'a "b'])
def test_a_title_with_bare_quotes_costs_no_address(title: str) -> None:
    """GDELT puts titles into its answer as they are."""
    told = f'{{"articles":[{{"url":"https://a.example/1","title":"{title}","seendate":"20220422T180000Z"}},'
    told += '{"url":"https://a.example/2","title":"y"}]}'
    assert read_articles(told.encode()) == Articles(2, ["https://a.example/1", "https://a.example/2"])
    # An answer that breaks off is none: there was more in it.
    assert read_articles(told[:-2].encode()) is None
