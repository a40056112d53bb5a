"""Feeds and sitemaps over HTTP: huge archives, JSON Feed, and what a poll may have missed.

Also tests crawler/crawl/listings.py.
"""

import gzip
import json
from collections.abc import Mapping
from datetime import date, datetime, timedelta
from pathlib import Path

import pytest

from gossi.analysis.measuring.publish import publish
from gossi.analysis.measuring.query import query
from gossi.crawler.crawl import listings
from gossi.crawler.discovery.candidate import Candidate, merged
from tests.crawling import collected, crawl_study, outcomes, rows
from tests.driven import Web, crawl_driven
from tests.lexicons import write_sources
from tests.loopback import WEATHER, Answer, LoopbackSite, article, outlet, sources

XML = {"Content-Type": "application/xml"}


@pytest.mark.long(15)
def test_an_archive_of_ten_million_pages_costs_only_the_window(tmp_path: Path) -> None:
    """An index of 100,000 sitemaps, of 100 pages each: those of ten days are asked for, and their pages."""
    first = date(1996, 1, 1)
    days = [first + timedelta(days=n // 9) for n in range(100_000)]
    names = [f"/maps/{day:%Y/%m/%d}/part-{n % 9}.xml" for n, day in enumerate(days)]
    with LoopbackSite() as gazette:
        index = "".join(f"<sitemap><loc>{gazette.home}{name}</loc></sitemap>" for name in names)
        gazette.routes["/index.xml"] = Answer(f"<sitemapindex>{index}</sitemapindex>".encode(), 200, XML)
        # A day on either side is for time zones.
        wanted = {
            name
            for name, day in zip(names, days, strict=True)
            if date(2022, 4, 19) <= day <= date(2022, 5, 1)
        }
        for name in wanted:
            entries = "".join(
                f"<url><loc>{gazette.home}/article-{name[6:16].replace('/', '')}{name[-5]}-{n}</loc>"
                f"<lastmod>{'2022-04-25' if n < 2 else '2019-04-25'}</lastmod></url>"
                for n in range(100)
            )
            gazette.routes[name] = Answer(f"<urlset>{entries}</urlset>".encode(), 200, XML)
        gazette.missing = Answer(b"<html><body><p>Nothing of the kind.</p></body></html>", 404)
        text = sources(
            "delay = 0.0\nmax_bytes = 20_000_000", outlet("gazette", gazette, sitemaps=["/index.xml"])
        )
        window = ("first = 2022-04-01\nlast = 2022-12-31", "first = 2022-04-20\nlast = 2022-04-30")
        write_sources(tmp_path, text.replace(*window))
        result = crawl_study(tmp_path, timeout=180)
    assert (result.returncode, result.stderr) == (0, "")
    assert len(wanted) == 13 * 9
    maps = [path for path in gazette.paths() if path.startswith("/maps/")]
    assert sorted(maps) == sorted(wanted)
    assert len(outcomes(tmp_path)) == 2 * len(wanted)
    assert result.peak < 700_000_000


@pytest.mark.long(15)
def test_an_archive_without_dates_fills_no_memory(tmp_path: Path) -> None:
    """Four full sitemaps, of which nothing can be left out: each page is a candidate and waits."""
    with LoopbackSite({"/0": article("Gossi")}) as gazette:
        for n in range(4):
            pages = (f"/section-{n}/an-article-about-something-{page}.html" for page in range(50_000))
            entries = "".join(f"<url><loc>{gazette.home}{page}</loc></url>" for page in pages)
            gazette.routes[f"/{n}.xml"] = Answer(f"<urlset>{entries}</urlset>".encode(), 200, XML)
        write_sources(
            tmp_path,
            sources(
                "delay = 0.0\nmax_pages = 1",
                outlet("gazette", gazette, "/0", sitemaps=[f"/{n}.xml" for n in range(4)]),
            ),
        )
        result = crawl_study(tmp_path, timeout=180)
    assert (result.returncode, result.stderr) == (0, "")
    found = rows(tmp_path, "SELECT outcome, count(*) FROM candidate GROUP BY ALL")
    assert dict(found) == {"on_topic": 1, "limit": 200_000}
    assert result.peak < 650_000_000


def test_an_archive_beyond_the_limit_is_got_through_run_by_run(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """What a run leaves is told, and comes first in the next; what is known to be of the window at once."""
    assert listings.MAX_LISTINGS == 500
    monkeypatch.setattr(listings, "MAX_LISTINGS", 40)
    home, more = "https://gazette.example", 20
    web = Web({"/old": article("Gossi").body, "/then": article("Gossi then").body})
    names = [f"/part-{chr(97 + n % 26)}{n // 26}.xml" for n in range(40 + more)]
    web.routes |= dict.fromkeys(names, b"<urlset></urlset>")
    web.routes[names[-1]] = f"<urlset><url><loc>{home}/old</loc></url></urlset>".encode()
    web.routes["/2022-05.xml"] = f"<urlset><url><loc>{home}/then</loc></url></urlset>".encode()
    index = "".join(f"<sitemap><loc>{home}{name}</loc></sitemap>" for name in [*names, "/2022-05.xml"])
    web.routes["/index.xml"] = f"<sitemapindex>{index}</sitemapindex>".encode()
    site = LoopbackSite()
    table = outlet("gazette", site, sitemaps=["/index.xml"])
    write_sources(
        tmp_path, sources("", table.replace(site.home, home).replace(site.domain, "gazette.example"))
    )
    first = crawl_driven(tmp_path, web)
    asked = [url.removeprefix(home) for kind, url in web.asked if kind == "sitemap"]
    assert len(asked) == 40
    assert asked.index("/2022-05.xml") < asked.index(names[0])
    assert outcomes(tmp_path) == {"/then": "on_topic"}
    web.asked.clear()
    second = crawl_driven(tmp_path, web)
    # The index, the sitemap of the window, what was left, and again from the beginning.
    assert [url.removeprefix(home) for kind, url in web.asked if kind == "sitemap"] == [
        "/index.xml", "/2022-05.xml", *names[-more - 2 :], *names,
    ][:40]  # fmt: skip
    assert outcomes(tmp_path) == {"/then": "on_topic", "/old": "on_topic"}
    why = "no run asks an outlet for more than 40 feeds and sitemaps"
    assert (first.gaps, second.gaps) == (
        [f"http://gazette.example/: 22 sitemaps left for the next run, 22 of them never asked yet: {why}"],
        [f"http://gazette.example/: 22 sitemaps left for the next run, 0 of them never asked yet: {why}"],
    )
    assert collected(tmp_path)["gazette"]["gaps"] == 2


@pytest.mark.parametrize("encoding", [{}, {"Content-Encoding": "gzip"}])
def test_a_sitemap_may_be_larger_than_a_page(tmp_path: Path, encoding: dict[str, str]) -> None:
    """The protocol's limit holds for it, not the study's."""
    with LoopbackSite({"/gossi": article("Gossi")}) as gazette:
        padding = "<!-- nothing -->" * 100_000
        body = f"<urlset>{padding}<url><loc>{gazette.home}/gossi</loc></url></urlset>".encode()
        body = gzip.compress(body) if encoding else body
        gazette.routes["/map.xml"] = Answer(body, 200, XML | encoding)
        write_sources(
            tmp_path,
            sources("delay = 0.0\nmax_bytes = 1_000_000", outlet("gazette", gazette, sitemaps=["/map.xml"])),
        )
        crawl_study(tmp_path)
    assert outcomes(tmp_path) == {"/gossi": "on_topic"}


def json_feed(site: LoopbackSite, *paths: str) -> Answer:
    """A JSON Feed of these pages, as version 1.1 has it."""
    items = [
        {"id": path, "url": site.home + path, "date_published": "2022-04-22T10:00:00Z", "title": "Gossi"}
        for path in paths
    ]
    feed = {"version": "https://jsonfeed.org/version/1.1", "title": "Gossi Gazette", "items": items}
    return Answer(json.dumps(feed).encode(), 200, {"Content-Type": "application/feed+json"})


def test_a_json_feed_names_and_dates_pages(tmp_path: Path) -> None:
    """Its dates stand where the page has none."""
    with LoopbackSite() as gazette:
        gazette.routes |= {
            "/feed.json": json_feed(gazette, "/gossi"),
            "/gossi": article("Gossi", published=""),
        }
        write_sources(tmp_path, sources("delay = 0.0", outlet("gazette", gazette, feeds=["/feed.json"])))
        assert crawl_study(tmp_path).returncode == 0
    assert rows(tmp_path, "SELECT published, published_source FROM article") == [
        (datetime(2022, 4, 22, 10), "feed")
    ]


def test_entries_without_an_address_are_counted(tmp_path: Path) -> None:
    """They make no candidates; that there were some stands beside those that do."""
    with LoopbackSite({"/a": Answer(WEATHER)}) as gazette:
        named = f"{gazette.home}/a"
        gazette.routes |= {
            "/feed": Answer(f"<rss><item/><item><link>{named}</link></item><item/></rss>".encode(), 200, XML),
            "/feed.json": Answer(json.dumps({"items": [{"url": named}, {"id": "1"}, 2]}).encode(), 200, XML),
            "/map.xml": Answer(f"<urlset><url><loc>{named}</loc></url><url/></urlset>".encode(), 200, XML),
        }
        write_sources(
            tmp_path,
            sources(
                "delay = 0.0",
                outlet("gazette", gazette, feeds=["/feed", "/feed.json"], sitemaps=["/map.xml"]),
            ),
        )
        crawl_study(tmp_path)
    told = rows(tmp_path, "SELECT detail FROM attempt WHERE kind IN ('feed', 'sitemap') ORDER BY attempt_id")
    assert [detail for (detail,) in told] == [
        "1 entries, 2 more without an address",
        "1 entries, 2 more without an address",
        "1 entries, 0 outside the window, 0 further sitemaps, 1 more without an address",
    ]


def test_a_poll_that_meets_nothing_known_is_a_gap(tmp_path: Path) -> None:
    """A feed whose entries are all new has dropped some unseen: told, and counted in `collection`."""
    with LoopbackSite() as gazette:
        gazette.routes |= {f"/news/{n}": Answer(WEATHER) for n in range(9)}
        gazette.routes["/feed"] = json_feed(gazette, "/news/1", "/news/2")
        write_sources(tmp_path, sources("delay = 0.0", outlet("gazette", gazette, feeds=["/feed"])))
        assert crawl_study(tmp_path).gaps == []
        gazette.routes["/feed"] = json_feed(gazette, "/news/2", "/news/3")
        assert crawl_study(tmp_path).gaps == []
        gazette.routes["/feed"] = json_feed(gazette, "/news/4", "/news/5")
        (gap,) = crawl_study(tmp_path).gaps
        assert gap.startswith(f"{gazette.home}/feed: ")
        # One that stays at the top hides nothing.
        items = [("/news/1", 1), ("/news/7", 9), ("/news/6", 8)]
        gazette.routes["/feed"] = Answer(
            json.dumps(
                {
                    "items": [
                        {"url": gazette.home + path, "date_published": f"2022-05-0{day}"}
                        for path, day in items
                    ]
                }
            ).encode(),
            200,
            {"Content-Type": "application/feed+json"},
        )
        assert crawl_study(tmp_path).gaps == [gap]
    publish(tmp_path / "data" / "store.duckdb", tmp_path / "coverage.duckdb")
    told = query(
        tmp_path / "coverage.duckdb", "SELECT run_id, expected, gaps FROM collection ORDER BY run_id"
    )[1]
    assert told == [(1, 2, 0), (2, 1, 0), (3, 2, 1), (4, 2, 1)]


def test_a_feed_in_pages_is_followed_to_the_window(tmp_path: Path) -> None:
    """On the first poll, and where a later one has missed something; never beyond the window's first day."""

    def page(further: str, *entries: tuple[str, str]) -> Answer:
        items = "".join(
            f"<item><link>{gazette.home}{path}</link><pubDate>{day}T10:00:00Z</pubDate></item>"
            for path, day in entries
        )
        link = f'<atom:link rel="next" href="{further}"/>' if further else ""
        return Answer(f"<rss xmlns:atom='x'><channel>{link}{items}</channel></rss>".encode(), 200, XML)

    def polled() -> list[str]:
        before = len(gazette.asked)
        assert crawl_study(tmp_path).gaps == []
        return [path for path in gazette.paths()[before:] if path.startswith("/feed")]

    with LoopbackSite() as gazette:
        gazette.routes |= {f"/{n}": Answer(WEATHER) for n in "abcdefg"}
        gazette.routes |= {
            "/feed": page("?page=2", ("/a", "2022-07-01")),
            "/feed?page=2": page("/feed?page=3", ("/b", "2022-06-01")),
            "/feed?page=3": page("/feed?page=4", ("/c", "2022-04-01"), ("/d", "2022-02-01")),
            "/feed?page=4": page("/feed?page=5", ("/e", "2022-01-01")),
        }
        write_sources(tmp_path, sources("delay = 0.0", outlet("gazette", gazette, feeds=["/feed"])))
        assert polled() == ["/feed", "/feed?page=2", "/feed?page=3", "/feed?page=4"]
        assert polled() == ["/feed"]
        gazette.routes["/feed"] = page("?page=2", ("/g", "2022-08-02"))
        gazette.routes["/feed?page=2"] = page("?page=3", ("/f", "2022-08-01"), ("/a", "2022-07-01"))
        assert polled() == ["/feed", "/feed?page=2"]
    asked = {path for path, outcome in outcomes(tmp_path).items() if outcome == "off_topic"}
    assert asked == {"/a", "/b", "/c", "/f", "/g"}


def test_a_feed_in_pages_without_an_end_is_left(tmp_path: Path) -> None:
    """One that leads on and on to what it has named already."""
    with LoopbackSite({"/a": Answer(WEATHER)}) as gazette:
        for n in range(9):
            feed = {"items": [{"url": f"{gazette.home}/a"}], "next_url": f"{gazette.home}/feed?page={n + 1}"}
            gazette.routes[f"/feed?page={n}"] = Answer(json.dumps(feed).encode(), 200, {})
        write_sources(tmp_path, sources("delay = 0.0", outlet("gazette", gazette, feeds=["/feed?page=0"])))
        crawl_study(tmp_path)
    assert [path for path in gazette.paths() if "feed" in path] == ["/feed?page=0", "/feed?page=1"]


@pytest.mark.parametrize("kind", ["feeds", "sitemaps"])
def test_a_listing_that_breaks_off_is_a_gap_and_asked_for_whole_again(tmp_path: Path, kind: str) -> None:
    """Its server failed midway and sent the rest as if it were all."""
    with LoopbackSite() as gazette:
        form = {
            "feeds": "<rss><item><link>/news/1</link></item></rss>",
            "sitemaps": "<urlset><url><loc>/news/1</loc></url></urlset>",
        }[kind]
        conditions = []

        def answer(headers: Mapping[str, str]) -> Answer:
            conditions.append(headers.get("If-None-Match"))
            return Answer(form[: -5 if len(conditions) == 1 else None].encode(), 200, {"ETag": '"1"'})

        gazette.routes |= {"/news/1": Answer(WEATHER), "/listing": answer}
        table = outlet("gazette", gazette, **{kind: ["/listing"]})
        write_sources(tmp_path, sources("delay = 0.0", table))
        (gap,) = crawl_study(tmp_path).gaps
        assert "breaks off" in gap
        assert [crawl_study(tmp_path).gaps for _ in range(2)] == [[], []]
    assert conditions == [None, None, '"1"']
    assert outcomes(tmp_path) == {"/news/1": "off_topic"}
    assert collected(tmp_path)["gazette"]["gaps"] == 1


def test_a_listing_that_is_called_unchanged_unasked_is_a_gap(tmp_path: Path) -> None:
    """A cache on the way answers a first question so: nothing is known of what the listing names."""
    with LoopbackSite({"/news/1": Answer(WEATHER), "/map": Answer(b"", 304)}) as gazette:
        table = outlet("gazette", gazette, "/news/1", sitemaps=["/map"])
        write_sources(tmp_path, sources("delay = 0.0", table))
        result = crawl_study(tmp_path)
    assert (result.returncode, list(result.failed)) == (3, ["gazette"])
    assert rows(tmp_path, "SELECT outcome FROM attempt WHERE kind = 'sitemap'") == [("server_error",)]
    assert collected(tmp_path)["gazette"]["gaps"] == 1


def test_a_page_that_is_on_the_web_still_is_asked_of_its_own_server() -> None:
    """Of an archive's copy and a listing's word the listing's counts, in either order."""
    listed = Candidate("https://a.example/1", "a", "sitemap", "https://a.example/sitemap.xml")
    copied = Candidate(
        "https://a.example/1", "a", "commoncrawl", "index", archived="https://archive.example/1"
    )
    other = Candidate("https://a.example/1", "a", "wayback", "cdx", archived="https://archive.example/2")
    assert merged(listed, copied) == merged(copied, listed) == listed
    assert merged(copied, other) == merged(other, copied) == copied
