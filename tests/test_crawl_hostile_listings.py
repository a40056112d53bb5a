"""Feeds and sitemaps from strangers: traps without an end, bombs, and addresses that are none."""

import json
import time
import zlib
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest

from gossi.crawler.crawl.listings import MAX_LISTINGS
from gossi.crawler.discovery.sitemaps import MAX_UNPACKED
from tests.crawling import Crawled, crawl_study, rows
from tests.lexicons import write_sources
from tests.loopback import Answer, LoopbackSite, Route, article, outlet, sources

XML = {"Content-Type": "application/xml"}
JSON = {"Content-Type": "application/feed+json"}

LAUGHS = "".join(
    f'<!ENTITY l{level} "{f"&l{level - 1};" * 10}">' if level else '<!ENTITY l0 "Gossi">'
    for level in range(10)
)
"""Ten levels of ten: ten thousand million times the word where it is expanded."""


def xml(body: str) -> Answer:
    """An XML answer."""
    return Answer(body.encode(), 200, XML)


def index(*urls: str) -> Answer:
    """A sitemap index."""
    return xml(
        "<sitemapindex>" + "".join(f"<sitemap><loc>{url}</loc></sitemap>" for url in urls) + "</sitemapindex>"
    )


def urlset(*urls: str) -> Answer:
    """A sitemap."""
    return xml("<urlset>" + "".join(f"<url><loc>{url}</loc></url>" for url in urls) + "</urlset>")


ODD_LINKS = [
    "http://[broken",
    "http://host:port/",
    "http://127.0.0.1:99999/",
    "javascript:alert(1)",
    "mailto:desk@gazette.example",
    "data:text/html,Gossi",
    "file:///etc/hostname",
    "//",
    "http://",
    "http:///nowhere",
    "http://user:secret@10.0.0.1/",
    "http://.../",
    "http://xn--/",
    "http://" + "a" * 300 + ".example/",
    "\ud800",
    "http://gazette.example/\r\nX-Injected: yes",
    "x" * 50_000,
]
"""What a feed may give for a link; none may end the run."""


@dataclass
class Trapped:
    """A study of trapped outlets after one crawl."""

    study: Path
    sites: dict[str, LoopbackSite]
    result: Crawled
    seconds: float

    def attempts(self, name: str, kind: str) -> Counter[str]:
        """Outcome → how many attempts of that kind an outlet had."""
        query = f"SELECT outcome FROM attempt WHERE outlet_id = '{name}' AND kind = '{kind}'"  # noqa: S608
        return Counter(str(outcome) for (outcome,) in rows(self.study, query))


def endless_calendar(site: LoopbackSite) -> None:
    """An index of 30 days, each of which is an index of 30 further days, and so on for ever."""

    class Days(dict[str, Route]):
        def get(self, path: str, default: object = None) -> Route:  # type: ignore[override]
            if path == "/article":
                return article("Gossi behind a calendar")
            if not path.startswith("/days"):
                return site.missing
            return index(*(f"{site.home}{path}-{day}" for day in range(30)))

    site.routes = Days()


@pytest.fixture(scope="module")
def trapped(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Trapped]:
    """One crawl over all traps; each outlet has one article besides."""
    study = tmp_path_factory.mktemp("trapped")
    listings: dict[str, dict[str, list[str]]] = {
        "itself": {"sitemaps": ["/map"]},
        "calendar": {"sitemaps": ["/days"]},
        "laughs": {"feeds": ["/feed"], "sitemaps": ["/map"]},
        "bomb": {"sitemaps": ["/map"]},
        "deep": {"feeds": ["/feed"], "sitemaps": ["/map"]},
        "odd": {"feeds": ["/feed", "/json"], "sitemaps": ["/map", "/text"]},
        "garbage": {"feeds": ["/feed", "/json"], "sitemaps": ["/map"]},
    }
    sites = {name: LoopbackSite({"/article": article("Gossi in spite of it all")}) for name in listings}
    for site in sites.values():
        site.__enter__()
    home = sites["itself"].home
    sites["itself"].routes |= {
        "/map": index(f"{home}/map", f"{home}/map#2", f"{home}/two"),
        "/two": index(f"{home}/map"),
    }
    endless_calendar(sites["calendar"])
    bomb = f"<!DOCTYPE x [{LAUGHS}]>"
    sites["laughs"].routes |= {
        "/feed": xml(
            f"{bomb}<rss><channel><item><title>&l9;</title><link>/&l9;</link></item></channel></rss>"
        ),
        "/map": xml(f"{bomb}<urlset><url><loc>{sites['laughs'].home}/&l9;</loc></url></urlset>"),
    }
    packer = zlib.compressobj(9, wbits=31)
    packed = packer.compress(b"<urlset>" + bytes(300_000_000)) + packer.flush()
    sites["bomb"].routes["/map"] = Answer(packed, 200, {"Content-Type": "application/gzip"})
    sites["deep"].routes |= {
        "/feed": xml("<rss>" + "<item>" * 200_000),
        "/map": xml("<urlset>" + "<a>" * 100_000 + "</a>" * 100_000 + "</urlset>"),
    }
    plain = [link for link in ODD_LINKS if link != "\ud800"]
    escaped = [link.replace("&", "&amp;").replace("\r\n", "&#13;&#10;") for link in plain]
    sites["odd"].routes |= {
        "/feed": xml("<rss>" + "".join(f"<item><link>{link}</link></item>" for link in escaped) + "</rss>"),
        "/json": Answer(json.dumps({"items": [{"url": link} for link in ODD_LINKS]}).encode(), 200, JSON),
        "/map": urlset(*escaped),
        "/text": Answer("\n".join(f"http://{link}" for link in plain).encode(), 200, XML),
    }
    sites["garbage"].routes |= {
        "/feed": Answer(b"\x00\xff<rss\x00", 200, XML),
        "/json": Answer(b"{" * 100_000, 200, JSON),
        "/map": Answer(b"<html><body>Please enable JavaScript</body></html>"),
    }
    tables = [outlet(name, sites[name], "/article", **more) for name, more in listings.items()]
    write_sources(study, sources("delay = 0.0\ntimeout = 5.0", *tables))
    began = time.monotonic()
    result = crawl_study(study, workers=True, timeout=600)
    yield Trapped(study, sites, result, time.monotonic() - began)
    for site in sites.values():
        site.__exit__(None, None, None)


def test_every_outlet_gives_its_article(trapped: Trapped) -> None:
    """No trap ends the run, none keeps it from other pages; an outlet without a readable listing failed."""
    assert trapped.result.stderr == ""
    assert trapped.result.returncode == 3
    ((message,),) = rows(trapped.study, "SELECT message FROM run")
    assert [line.partition(":")[0] for line in str(message).splitlines() if "not a" in line] == ["garbage"]
    found = {str(name) for (name,) in rows(trapped.study, "SELECT outlet_id FROM article")}
    assert found == set(trapped.sites)


def test_a_sitemap_that_lists_itself_is_asked_once(trapped: Trapped) -> None:
    """Directly, with a fragment, and by way of another."""
    assert Counter(trapped.sites["itself"].paths())["/map"] == 1
    assert trapped.attempts("itself", "sitemap") == {"listing": 2}


def test_an_endless_calendar_is_left_and_the_rest_of_it_counted(trapped: Trapped) -> None:
    """No more listings are asked than the limit, and what was left stands in the attempts."""
    asked = [path for path in trapped.sites["calendar"].paths() if path.startswith("/days")]
    assert 0 < len(asked) <= MAX_LISTINGS
    left = rows(
        trapped.study,
        "SELECT detail FROM attempt WHERE outlet_id = 'calendar' AND kind = 'sitemap' AND outcome = 'limit'",
    )
    assert 0 < len(left) <= len(asked)


def test_bombs_are_read_without_exploding(trapped: Trapped, tmp_path: Path) -> None:
    """Against a crawl of one plain page the peak grows by far less than what the bombs unpack to."""
    with LoopbackSite({"/a": article("Gossi")}) as site:
        write_sources(tmp_path, sources("delay = 0.0", outlet("plain", site, "/a")))
        plain = crawl_study(tmp_path, workers=True)
    # A sitemap may have 50 MB by its protocol, and is held a few times while it is parsed.
    assert trapped.result.peak - plain.peak < 5 * MAX_UNPACKED
    assert rows(
        trapped.study,
        "FROM attempt SELECT gap LIKE 'only the first%' WHERE outlet_id = 'bomb' AND kind = 'sitemap'",
    ) == [(True,)]
    assert trapped.seconds < 60


def test_links_that_are_no_addresses_have_outcomes(trapped: Trapped) -> None:
    """What a listing names and cannot be asked ends in an outcome like everything else."""
    found = rows(trapped.study, "SELECT url, outcome FROM candidate WHERE outlet_id = 'odd'")
    assert {outcome for _, outcome in found} == {
        "on_topic",  # the article
        "forbidden_address",
        "gone",  # what leads to no page of the outlet's own server
        "not_html",  # what leads back to the listing
        "unreachable",  # what leads to a host that is not there
    }
    by_scheme = {str(url).partition(":")[0]: outcome for url, outcome in found}
    assert [by_scheme[scheme] for scheme in ("javascript", "mailto", "data", "file")] == [
        "forbidden_address"
    ] * 4


def test_what_is_no_listing_is_said_to_be_none(trapped: Trapped) -> None:
    """Garbage where a feed or sitemap should be is told apart from one without entries."""
    assert trapped.attempts("garbage", "feed") == {"extraction_failed": 2}
    assert trapped.attempts("garbage", "sitemap") == {"extraction_failed": 1}
