"""A simulated web with its faults, without a socket: what is asked first, and what is told of the rest.

Also tests crawler/crawl/like_lines.py, crawler/discovery/templates.py and crawler/store/frontier.py.
"""

import json
from collections.abc import Callable
from dataclasses import dataclass, field, replace
from datetime import UTC, date, datetime, timedelta
from email.utils import format_datetime
from pathlib import Path
from urllib.parse import parse_qs, urlsplit

import pytest
from scrapy.core.downloader.handlers.http11 import TunnelError
from scrapy.http import Request, Response

from gossi.crawler.capture.captured import Page
from gossi.crawler.config import load_toml
from gossi.crawler.crawl.asking import Question, Unanswered
from gossi.crawler.crawl.like_lines import condensed
from gossi.crawler.crawl.result import CrawlResult
from gossi.crawler.discovery.feeds import read_feed
from gossi.crawler.discovery.templates import expanded
from gossi.crawler.errors import ConfigError
from gossi.crawler.outcomes import Outcome
from gossi.crawler.store.store import utc_now
from gossi.crawler.study.sources import SourcesFile, Window
from gossi.crawler.web.backoff import seconds_of
from gossi.crawler.web.failures import outcome_of
from gossi.crawler.web.guards import ProxyFailed, ProxyGuard
from gossi.crawler.web.robots import RobotsRefused
from tests.crawling import outcomes, rows
from tests.driven import Web, crawl_driven, page
from tests.lexicons import write_sources
from tests.loopback import article

STUDY = """
[study]
name = "A test"
contact = "https://gossi.example/contact"
[study.window]
first = 2022-04-01
last = 2022-06-30
"""
CDX = '[study.wayback]\ncdx = "https://cdx.example/search"\nreplay = "https://replay.example/web/"\n'
WINDOW = Window(first=date(2022, 4, 1), last=date(2022, 6, 30))
FIELDS = ["timestamp", "original", "statuscode", "urlkey"]

Answer = bytes | tuple[int, bytes] | Outcome


@dataclass
class Faulty(Web):
    """Answers by URL, or for a host by its function; an outcome means that no answer comes."""

    answers: dict[str, Answer] = field(default_factory=dict)
    hosts: dict[str, Callable[[Question], Answer]] = field(default_factory=dict)

    async def ask(self, question: Question) -> Page:
        """Answer at once."""
        self.asked.append((question.kind, question.url))
        by_host = self.hosts.get(urlsplit(question.url).netloc)
        answer = by_host(question) if by_host else self.answers.get(question.url, (404, b"<html></html>"))
        if isinstance(answer, Outcome):
            raise Unanswered(answer, "no answer in time")
        status, body = (200, answer) if isinstance(answer, bytes) else answer
        return replace(page(question, body, status), fetched_at=utc_now())

    def pages(self) -> list[str]:
        """The paths of the pages that were asked for, in order."""
        return [urlsplit(url).path for kind, url in self.asked if kind == "page"]


def an_outlet(name: str, more: str = "") -> str:
    """An [[outlet]] table."""
    return (
        f'[[outlet]]\nid = "{name}"\nname = "Fictional {name}"\ndomain = "{name}.example"\ncountry = "XX"\n'
        f'bloc = "unlisted"\nownership = "unknown"\nlanguages = ["en"]\n{more}\n'
    )


def urlset(*entries: tuple[str, str]) -> bytes:
    """A sitemap: addresses, and what else each entry has."""
    urls = "".join(f"<url><loc>{url}</loc>{more}</url>" for url, more in entries)
    return f"<urlset>{urls}</urlset>".encode()


def cdx(*captures: tuple[str, str]) -> bytes:
    """A CDX server's answer: times and addresses."""
    return json.dumps(
        [FIELDS, *([time, url, "200", url] for time, url in captures)] if captures else []
    ).encode()


def story(headline: str) -> bytes:
    """A page about Gossi."""
    return article(headline).body


def test_what_names_the_topic_comes_first_then_the_archives_finds_then_the_affairs_days(
    tmp_path: Path,
) -> None:
    """By URL or by the title that a listing gives; what max_pages leaves is `limit` and a gap."""
    home = "https://gazette.example"
    title = "<news><publication_date>2022-04-23</publication_date><title>A grave at Gossi</title></news>"
    entries = [
        (f"{home}/2022/06/20/far", ""),
        (f"{home}/undated", ""),
        (f"{home}/2022/04/24/near", ""),
        (f"{home}/2022/05/20/midway", ""),
        (f"{home}/4711", title),
        (f"{home}/2022/04/22/gossi-grave", ""),
    ]
    web = Faulty({}, answers={f"{home}/map": urlset(*entries)} | {url: story(url) for url, _ in entries})
    web.answers[f"{home}/known"] = story("Known")
    web.hosts["cdx.example"] = lambda question: cdx(("20220501000000", f"{home}/lost-gossi"))
    web.hosts["replay.example"] = lambda question: story("Lost")
    listed = f'sitemaps = ["{home}/map"]\npages = ["{home}/known"]\nwayback = ["gazette.example"]'
    limits = "[study.crawl]\nmax_pages = 6\n"
    write_sources(tmp_path, f"{STUDY}{limits}{CDX}{an_outlet('gazette', listed)}")
    run = crawl_driven(tmp_path, web)
    own = [path for path in web.pages() if not path.startswith("/web/")]
    assert own == ["/4711", "/2022/04/22/gossi-grave", "/known", "/2022/04/24/near", "/2022/05/20/midway"]
    assert len(web.pages()) == 6
    assert [path for path, outcome in outcomes(tmp_path).items() if outcome == "limit"] == [
        "/2022/06/20/far", "/undated",
    ]  # fmt: skip
    assert run.gaps == [
        "http://gazette.example/: 2 pages left for the next run: max_pages is 6 (sources.toml, [study.crawl])"
    ]
    web.asked.clear()
    crawl_driven(tmp_path, web)
    assert web.pages() == ["/2022/06/20/far", "/undated"]


def test_large_outlets_give_most_finds_early(tmp_path: Path) -> None:
    """Of 4 outlets with 300 pages each, 12 on the topic, at least 80 % come in a fifth of the requests."""
    web, tables, wanted = Faulty({}), [], set()
    for number in range(4):
        home = f"https://paper{number}.example"
        entries = [(f"{home}/2022/{4 + n % 3:02}/{1 + n % 28:02}/story-{n}", "") for n in range(288)]
        # Eight say it in their address, two in their title, and two are only near in time.
        named = [(f"{home}/2022/04/{20 + n}/gossi-grave-{n}", "") for n in range(8)]
        told = "<news><publication_date>2022-04-23</publication_date><title>Gossi</title></news>"
        mute = [(f"{home}/2022/04/2{n}/story-without-a-word", "") for n in (2, 4)]
        titled = [(f"{home}/{n}", told) for n in range(2)]
        for url, _ in entries:
            web.answers[url] = b"<html><title>Sport</title><body><p>" + b"A match was played today. " * 40
        for url, _ in (*named, *mute, *titled):
            web.answers[url] = story(url)
            wanted.add(url)
        web.answers[f"{home}/map"] = urlset(*entries, *named, *mute, *titled)
        tables.append(an_outlet(f"paper{number}", f'sitemaps = ["{home}/map"]'))
    write_sources(tmp_path, STUDY + "".join(tables))
    crawl_driven(tmp_path, web)
    asked = [url for _, url in web.asked]
    early = wanted & set(asked[: len(asked) // 5])
    assert wanted <= set(asked)
    assert len(early) >= 0.8 * len(wanted)


def test_a_slow_place_is_asked_in_parts_and_goes_last_next_time(tmp_path: Path) -> None:
    """Others get their turn; what was answered, in parts or with nothing, is not asked again."""
    slow = "https://slow.example"

    def archive(question: Question) -> Answer:
        query = parse_qs(urlsplit(question.url).query)
        if query["url"] != ["slow.example"]:
            return cdx()
        months = (int(query["to"][0]) - int(query["from"][0])) // 100
        if months > 100:  # more than a year
            return Outcome.TIMEOUT
        return cdx(("20220501000000", f"{slow}/gossi")) if query["from"][0] < "20220501" else cdx()

    web = Faulty({}, hosts={"cdx.example": archive, "replay.example": lambda question: story("Gossi")})
    names = ("slow", "gazette", "herald")
    tables = [an_outlet(name, f'wayback = ["{name}.example"]') for name in names]
    write_sources(tmp_path, STUDY + CDX + "".join(tables))
    run = crawl_driven(tmp_path, web)
    assert outcomes(tmp_path) == {"/gossi": "on_topic"}
    assert run.gaps == ["cdx.example: no answer in time (1 request: slow.example)"]
    web.asked.clear()
    crawl_driven(tmp_path, web)
    assert [url for kind, url in web.asked if kind == "wayback"] == []


def test_what_failed_is_asked_after_all_others(tmp_path: Path) -> None:
    """A service that refused one place is asked for the others' first in the next run."""
    refused = {"zero.example"}

    def archive(question: Question) -> Answer:
        place = parse_qs(urlsplit(question.url).query)["url"][0]
        order.append(place)
        return (403, b"") if place in refused else cdx()

    order: list[str] = []
    web = Faulty({}, hosts={"cdx.example": archive})
    names = ("zero", "gazette")
    tables = [an_outlet(name, f'wayback = ["{name}.example"]') for name in names]
    write_sources(tmp_path, STUDY + CDX + "".join(tables))
    crawl_driven(tmp_path, web)
    assert order == ["zero.example", "gazette.example"]
    order.clear()
    refused.clear()
    tables.append(an_outlet("herald", 'wayback = ["herald.example"]'))
    write_sources(tmp_path, STUDY + CDX + "".join(tables))
    crawl_driven(tmp_path, web)
    assert order == ["herald.example", "zero.example"]


@pytest.mark.parametrize(
    "useless",
    [
        b"<html><head><title>Just a moment...</title></head><body>Checking your browser. Enable JavaScript "
        b"and cookies to continue</body></html>",
        (200, b"<html><head><title>Not found</title></head><body><p>Page not found</p></body></html>"),
        (503, b"<html>Gossi</html>"),
    ],
)
def test_another_capture_is_taken_where_the_first_is_a_wall_or_an_error(
    tmp_path: Path, useless: Answer
) -> None:
    """The next by time, of a page that a search of the archive found."""
    url = "https://gazette.example/gossi"
    captures = [("20220425000000", url), ("20220501000000", url), ("20220701000000", url)]

    def archive(question: Question) -> Answer:
        is_search = "matchType" in question.url
        return cdx(*captures[:1] if is_search else captures)

    def replay(question: Question) -> Answer:
        return story("Gossi") if "20220701" in question.url else useless

    web = Faulty({}, hosts={"cdx.example": archive, "replay.example": replay})
    table = an_outlet("gazette", 'wayback = ["gazette.example"]')
    write_sources(tmp_path, f"{STUDY}{CDX}gone = true\n{table}")
    crawl_driven(tmp_path, web)
    assert outcomes(tmp_path) == {"/gossi": "on_topic"}
    tried = [url.split("/web/")[1][:8] for kind, url in web.asked if kind == "page"]
    assert tried == ["20220425", "20220501", "20220701"]


@pytest.mark.parametrize(
    ("address", "stands_for"),
    [
        ("https://a.example/{yyyy}/{mm}/map.xml", ["2022/04", "2022/05", "2022/06"]),
        ("https://a.example/{yyyy}/{m}/map.xml", ["2022/4", "2022/5", "2022/6"]),
        ("https://a.example/{yyyy}/map.xml", ["2022"]),
        ("https://a.example/{yy}{mm}/map.xml", ["2204", "2205", "2206"]),
    ],
)
def test_a_sitemap_made_by_date_stands_for_those_of_the_window(address: str, stands_for: list[str]) -> None:
    """Each once, and none of days that are still to come."""
    found = expanded(address, WINDOW, date(2026, 1, 1))
    assert found == [f"https://a.example/{part}/map.xml" for part in stands_for]
    assert expanded(address, WINDOW, date(2022, 3, 1)) == []


def test_days_of_sitemaps_are_filled_in() -> None:
    """With and without zeros; an address without dates is itself."""
    week = Window(first=date(2022, 4, 30), last=date(2022, 5, 2))
    assert expanded("https://a.example/{yyyy}{mm}{dd}?{d}", week, date(2022, 5, 1)) == [
        "https://a.example/20220430?30", "https://a.example/20220501?1",
    ]  # fmt: skip
    assert expanded("https://a.example/map", week, date(2022, 1, 1)) == ["https://a.example/map"]


def test_a_part_of_a_date_that_is_none_is_told(tmp_path: Path) -> None:
    """With those that are known."""
    write_sources(tmp_path, STUDY + an_outlet("gazette", 'sitemaps = ["https://gazette.example/{year}"]'))
    with pytest.raises(ConfigError, match=r"\{year\} is no part of a date; known are \{yyyy\}"):
        load_toml(tmp_path / "sources.toml", SourcesFile)


def test_sitemaps_made_by_date_are_asked_for(tmp_path: Path) -> None:
    """Those of the window, as if each stood in sources.toml."""
    home = "https://gazette.example"
    web = Faulty({}, answers={f"{home}/{month}": urlset() for month in ("2022-04", "2022-05", "2022-06")})
    web.answers[f"{home}/2022-05"] = urlset((f"{home}/gossi", ""))
    web.answers[f"{home}/gossi"] = story("Gossi")
    write_sources(tmp_path, STUDY + an_outlet("gazette", f'sitemaps = ["{home}/{{yyyy}}-{{mm}}"]'))
    crawl_driven(tmp_path, web)
    assert [url for kind, url in web.asked if kind == "sitemap"] == [
        f"{home}/2022-04", f"{home}/2022-05", f"{home}/2022-06",
    ]  # fmt: skip
    assert rows(tmp_path, "SELECT url, outcome FROM candidate") == [(f"{home}/gossi", "on_topic")]


def test_an_outlet_that_does_not_answer_has_failed_though_an_archive_has_a_page_of_it(tmp_path: Path) -> None:
    """What the archive has is taken in; the run says that there may be others."""
    url = "https://gazette.example/gossi"
    web = Faulty(
        {},
        answers={url: Outcome.UNREACHABLE, "https://gazette.example/map": Outcome.UNREACHABLE},
        hosts={
            "cdx.example": lambda question: cdx(("20220425000000", url)),
            "replay.example": lambda question: story("Gossi"),
        },
    )
    listed = 'sitemaps = ["https://gazette.example/map"]\nwayback = ["gazette.example"]'
    write_sources(tmp_path, STUDY + CDX + an_outlet("gazette", listed))
    run = crawl_driven(tmp_path, web)
    assert outcomes(tmp_path) == {"/gossi": "on_topic"}
    assert run.failed_outlets() == {
        "gazette": "https://gazette.example/map: no answer in time; an archive alone had pages of it"
    }
    assert CrawlResult(1, 1, dict(run.progress.outcomes), run.failed_outlets()).exit_code == 3


@pytest.mark.parametrize("instead", [(404, b"<html></html>"), b"<html><p>Welcome</p></html>", (503, b"")])
def test_what_stands_in_place_of_a_listed_sitemap_is_told(tmp_path: Path, instead: Answer) -> None:
    """A gap where another listing could be read; a failure of the outlet where none could."""
    home = "https://gazette.example"
    web = Faulty({}, answers={f"{home}/map": instead, f"{home}/feed": b"<rss><channel></channel></rss>"})
    write_sources(
        tmp_path, STUDY + an_outlet("gazette", f'sitemaps = ["{home}/map"]\nfeeds = ["{home}/feed"]')
    )
    run = crawl_driven(tmp_path, web)
    assert [gap.partition(", ")[2] for gap in run.gaps] == [
        "in place of the feed or sitemap that sources.toml names"
    ]
    assert run.failed_outlets() == {}
    write_sources(
        tmp_path, STUDY + an_outlet("gazette", f'sitemaps = ["{home}/map"]\npages = ["{home}/gossi"]')
    )
    web.answers[f"{home}/gossi"] = story("Gossi")
    assert list(crawl_driven(tmp_path, web).failed_outlets()) == ["gazette"]


@pytest.mark.parametrize("how", [(429, b""), Outcome.REFUSED])
def test_what_a_service_refuses_its_outlet_has_not(tmp_path: Path, how: Answer) -> None:
    """It is named, and the page counts as one that could not be had."""
    url = "https://gazette.example/gossi"
    hosts = {
        "cdx.example": lambda question: cdx(("20220425000000", url)),
        "replay.example": lambda question: how,
    }
    web = Faulty({}, hosts=hosts)
    write_sources(tmp_path, STUDY + CDX + an_outlet("gazette", 'wayback = ["gazette.example"]'))
    run = crawl_driven(tmp_path, web)
    ((outcome, detail),) = rows(tmp_path, "SELECT outcome, detail FROM candidate")
    assert (outcome, str(detail).partition(":")[0]) == (
        "unreachable", "refused by replay.example, not by the outlet",
    )  # fmt: skip
    assert [gap.partition(":")[0] for gap in run.gaps] == ["replay.example"]


def test_three_hundred_like_lines_are_one() -> None:
    """With their number and the first of them; others stay as they are."""
    like = [(f"paper{n}", f"https://paper{n}.example/feed: HTTP 503") for n in range(300)]
    assert condensed([*like, ("other", "its certificate is not trusted")], "outlets") == [
        "300 outlets (paper0, paper1, paper2, paper3, paper4 and 295 more), the first: "
        "https://paper0.example/feed: HTTP 503",
        "other: its certificate is not trusted",
    ]
    assert condensed(like[:2]) == [f"{name}: {why}" for name, why in like[:2]]


@pytest.mark.parametrize(("status", "proxied", "is_the_proxys"), [
    (407, False, True), (407, True, True), (502, True, True), (502, False, False), (503, True, False),
])  # fmt: skip
def test_what_a_proxy_answers_is_the_network_and_not_the_outlet(
    status: int, proxied: bool, is_the_proxys: bool
) -> None:
    """It is no answer of the server's, nor its refusal."""
    request = Request(
        "http://gazette.example/a", meta={"proxy": "http://proxy.example:3128"} if proxied else {}
    )
    response = Response(request.url, status)
    if not is_the_proxys:
        assert ProxyGuard().process_response(request, response) is response
        return
    with pytest.raises(ProxyFailed) as raised:
        ProxyGuard().process_response(request, response)
    outcome, detail = outcome_of(raised.value)
    assert (outcome, "the network, not the outlet" in detail) == (Outcome.UNREACHABLE, True)
    refused = RobotsRefused("robots.txt could not be read")
    refused.__cause__ = raised.value
    assert outcome_of(refused)[0] is Outcome.UNREACHABLE


def test_a_proxy_that_opens_no_connection_is_told_as_such() -> None:
    """As Scrapy says it."""
    outcome, detail = outcome_of(
        TunnelError("Could not open CONNECT tunnel with proxy p:1 [{'status': 407}]")
    )
    assert (outcome, "the network, not the outlet" in detail) == (Outcome.UNREACHABLE, True)


@pytest.mark.parametrize(
    ("header", "least", "most"),
    [(b"3", 3, 3), (b"", 0, 0), (b"soon", 61, 61), (b"Wed, 01 Jan 2020 10:00:00 GMT", 0, 0)],
)
def test_a_pause_that_is_asked_for_is_understood(header: bytes, least: float, most: float) -> None:
    """In seconds, or as a date: one that has passed asks for nothing, one seconds away for no more."""
    assert least <= seconds_of(header) <= most
    soon = format_datetime(datetime.now(UTC) + timedelta(seconds=20), usegmt=True).encode()
    assert 15 <= seconds_of(soon) <= 20
    beyond = format_datetime(datetime.now(UTC) + timedelta(hours=2), usegmt=True).encode()
    assert seconds_of(beyond) > 7000


def test_of_several_alternates_of_an_atom_entry_the_page_is_taken() -> None:
    """Whatever their order; one without a type is a page."""
    links = '<link type="application/pdf" href="/a.pdf"/><link rel="alternate" type="text/html" href="/a"/>'
    found = read_feed(
        f"<feed><entry>{links}</entry></feed>".encode(), "https://gazette.example/feed", "gazette"
    )
    assert [entry.url for entry in found or []] == ["https://gazette.example/a"]
