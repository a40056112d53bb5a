"""How the crawl treats a host: says who asks, keeps one connection and a delay, slows down, leaves.

Also tests crawler/version.py, crawler/web/backoff.py, crawler/web/throttle.py and crawler/web/user_agent.py.
"""

import socket
import subprocess
import sys
import threading
import time
from collections import Counter
from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path

import pytest

from gossi.crawler.crawl.settings import scrapy_settings, user_agent
from gossi.crawler.errors import ConfigError
from gossi.crawler.study.sources import PLACEHOLDER_CONTACT, Outlet, Study
from gossi.crawler.web.robots import MAX_BYTES
from tests.crawling import crawl_study, rows
from tests.lexicons import write_sources
from tests.loopback import Answer, LoopbackSite, Route, article, outlet, redirect, rested, sources
from tests.warm import ROOT

TEXT = {"Content-Type": "text/plain"}
SHUT = Answer(b"User-agent: *\nDisallow: /\n", 200, TEXT)


def study(contact: str, **crawl: object) -> Study:
    """A study with this contact."""
    keys = {"name": "A test", "contact": contact, "topic": ["Gossi"], "crawl": crawl}
    return Study.model_validate(
        keys | {"window": {"first": "2022-04-01", "last": "2022-12-31"}}, strict=False
    )


def times(site: LoopbackSite, *paths: str) -> list[float]:
    """When these paths were asked for, in order."""
    return [moment for path, moment in site.asked if path in paths]


def outcomes(folder: Path) -> dict[str, tuple[str, str]]:
    """Outlet → (outcome, detail) of its page."""
    found = rows(folder, "SELECT outlet_id, outcome, detail FROM candidate")
    return {str(name): (str(outcome), str(detail)) for name, outcome, detail in found}


def test_the_live_web_is_not_crawled_under_the_placeholder() -> None:
    """Who has not said how to be reached gets a message with the key and the next step."""
    file = Path("some/where/sources.toml")
    told = r"^some/where/sources.toml: \[study\], key contact: still the placeholder; put in an address"
    for contact in (PLACEHOLDER_CONTACT, f" {PLACEHOLDER_CONTACT}/ ", PLACEHOLDER_CONTACT.upper()):
        with pytest.raises(ConfigError, match=told):
            user_agent(study(contact), [], file)
        agent = user_agent(study(contact, allow_loopback=True), [], file)
        assert agent.endswith(f"(+{contact.strip()})")
    assert "(+mailto:desk@gossi.example)" in user_agent(study("mailto:desk@gossi.example"), [], file)


HOME = "http://127.0.0.1:8000"


@pytest.mark.parametrize(
    ("more", "addresses", "refused"),
    [
        (
            {},
            {"pages": [f"{HOME}/a"], "feeds": ["http://localhost/feed"], "sitemaps": ["http://[::1]/"]},
            False,
        ),
        ({}, {"pages": [f"{HOME}/a", "https://gazette.example/a"]}, True),
        ({}, {"feeds": ["https://93.184.216.34/feed"]}, True),
        ({}, {"sitemaps": ["https://localhost.gazette.example/map"]}, True),
        ({"wayback": {"gone": True}}, {}, True),
        ({"wayback": {"gone": True, "cdx": f"{HOME}/cdx", "replay": f"{HOME}/web/"}}, {}, False),
        ({"commoncrawl": {"everywhere": True}}, {}, True),
        ({"gdelt": {"queries": ["gossi"]}}, {}, True),
        ({}, {"wayback": ["gazette.example"]}, True),
    ],
)
def test_the_placeholder_holds_for_this_machine_alone(
    more: dict[str, object], addresses: dict[str, object], refused: bool
) -> None:
    """A study that may ask this machine, and would ask others or an archive too, needs a contact."""
    keys = {"id": "one", "name": "One", "domain": "gazette.example", "country": "XX", "languages": ["en"]}
    one = Outlet.model_validate(keys | {"bloc": "arab", "ownership": "unknown"} | addresses)
    local = study(PLACEHOLDER_CONTACT, allow_loopback=True)
    of_all = Study.model_validate(local.model_dump() | more, strict=False)
    if refused:
        with pytest.raises(ConfigError, match="still the placeholder"):
            user_agent(of_all, [one], Path("sources.toml"))
    else:
        assert PLACEHOLDER_CONTACT in user_agent(of_all, [one], Path("sources.toml"))


def test_what_is_found_on_this_machine_leads_nowhere_else_under_the_placeholder(tmp_path: Path) -> None:
    """A feed and a redirect name a host of the live web: nothing is sent to it."""
    elsewhere = "http://gazette.invalid/gossi"
    feed = f"<rss><channel><item><link>{elsewhere}</link></item></channel></rss>"
    with LoopbackSite({"/a": article("Gossi"), "/b": redirect(f"{elsewhere}-b")}) as site:
        site.routes["/feed"] = Answer(feed.encode())
        text = sources("delay = 0.0", outlet("gazette", site, "/a", "/b", feeds=["/feed"]))
        write_sources(tmp_path, text.replace("https://gossi.example/contact", PLACEHOLDER_CONTACT))
        assert crawl_study(tmp_path).returncode == 0
    found = rows(tmp_path, "SELECT outcome, detail FROM candidate ORDER BY outcome, url")
    why = "not of this machine; the contact in sources.toml is still the placeholder"
    assert found == [("forbidden_address", why), ("forbidden_address", why), ("on_topic", "")]


def test_the_placeholder_stops_a_crawl_before_anything_is_sent(tmp_path: Path) -> None:
    """The real study as it is shipped, but for the outlet, ends with the code of a configuration error."""
    with LoopbackSite({"/a": article("Gossi")}) as site:
        text = sources("", outlet("gazette", site, "/a")).replace("allow_loopback = true", "")
        write_sources(tmp_path, text.replace("https://gossi.example/contact", PLACEHOLDER_CONTACT))
        result = crawl_study(tmp_path)
        assert result.returncode == 1
        assert result.stderr.startswith(f"{tmp_path / 'sources.toml'}: [study], key contact: ")
        assert site.asked == []
    assert f'contact = "{PLACEHOLDER_CONTACT}"' in (ROOT / "sources.toml").read_text(encoding="utf-8")


def test_certificates_are_checked() -> None:
    """Evidence comes from whom it names."""
    settings = scrapy_settings(study("https://gossi.example/contact"), [], Path("sources.toml"))
    assert settings["DOWNLOAD_VERIFY_CERTIFICATES"] is True


def test_cookies_are_refused(tmp_path: Path) -> None:
    """No host can follow the crawler from page to page."""
    given_back: list[str | None] = []

    def answer(headers: Mapping[str, str]) -> Answer:
        given_back.append(headers.get("Cookie"))
        page = article(f"Gossi {len(given_back)}")
        return replace(page, headers={**page.headers, "Set-Cookie": "visitor=1; Path=/"})

    with LoopbackSite({"/0": answer, "/1": answer, "/2": answer}) as site:
        write_sources(tmp_path, sources("delay = 0.0", outlet("gazette", site, "/0", "/1", "/2")))
        assert crawl_study(tmp_path).returncode == 0
    assert given_back == [None, None, None]


def test_a_host_has_one_connection_at_a_time_and_the_delay_between_requests(tmp_path: Path) -> None:
    """Of two outlets each is asked one page at a time, and both at the same time."""
    lock, open_now, most = threading.Lock(), Counter[str](), Counter[str]()
    # The first page of each is answered when that of the other was asked for too.
    meeting = threading.Barrier(2)

    def counted(name: str, path: str) -> Route:
        def answer(_: Mapping[str, str]) -> Answer:
            with lock:
                open_now[name] += 1
                open_now["both"] += 1
                for key in (name, "both"):
                    most[key] = max(most[key], open_now[key])
            if path == paths[0]:
                meeting.wait(50)
            else:
                time.sleep(0.1)
            with lock:
                open_now[name] -= 1
                open_now["both"] -= 1
            return article(f"Gossi {path}")

        return answer

    paths = [f"/{n}" for n in range(5)]
    with LoopbackSite() as one, LoopbackSite() as two:
        for name, site in (("one", one), ("two", two)):
            site.routes |= {path: counted(name, path) for path in paths}
        write_sources(
            tmp_path, sources("delay = 0.3", outlet("one", one, *paths), outlet("two", two, *paths))
        )
        assert crawl_study(tmp_path).returncode == 0
    assert most == {"one": 1, "two": 1, "both": 2}
    for site in (one, two):
        moments = [moment for _, moment in site.asked]
        assert len(moments) == 7  # robots.txt, the probe, five pages
        assert rested(moments, *[0.3] * 6)


def test_a_host_is_one_however_its_name_is_written(tmp_path: Path) -> None:
    """A link in capitals is no way around the delay."""
    with LoopbackSite({path: article(f"Gossi {path}") for path in ("/0", "/1", "/2")}) as site:
        port = site.domain.partition(":")[2]
        pages = [
            f"http://{host}:{port}/{n}" for n, host in enumerate(("LOCALHOST", "Localhost", "localhost"))
        ]
        text = sources("delay = 0.6", outlet("one", site)).replace("pages = []", f"pages = {pages!r}")
        write_sources(tmp_path, text)
        assert crawl_study(tmp_path).returncode == 0
    moments = [moment for _, moment in site.asked]
    assert times(site, "/0", "/1", "/2") == sorted(times(site, "/0", "/1", "/2"))
    assert rested(moments, *[0.6] * (len(moments) - 1))


def test_a_slow_host_is_given_time_to_breathe(tmp_path: Path) -> None:
    """A host that takes half a second to answer rests as long between two pages."""
    paths = [f"/{n}" for n in range(6)]
    slow = {path: Answer(article(f"Gossi {path}").body, seconds=0.5) for path in paths}
    with LoopbackSite(slow) as site:
        write_sources(tmp_path, sources("delay = 0.05", outlet("slow", site, *paths)))
        assert crawl_study(tmp_path).returncode == 0
    # The delay goes halfway to twice the time of an answer with each one: after four it is nearly there.
    # The last but one was asked for when the one before had been answered, half a second after it arrived.
    moments = times(site, *paths)
    assert moments[-1] - moments[-3] > 0.5 + 0.8


@pytest.mark.long(17)
def test_a_host_that_is_asked_too_much_is_left_alone(tmp_path: Path) -> None:
    """Each 429 slows the crawl down; after five it stops, and the pages are left for the next run."""
    paths = [f"/{n}" for n in range(8)]
    with (
        LoopbackSite({path: Answer(b"", 429, TEXT) for path in paths}) as busy,
        LoopbackSite({"/a": article("Gossi")}) as calm,
    ):
        write_sources(
            tmp_path, sources("delay = 0.0", outlet("busy", busy, *paths), outlet("calm", calm, "/a"))
        )
        crawl_study(tmp_path)
    asked = times(busy, *paths)
    assert len(asked) == 5
    assert rested(asked, 1, 2, 4, 8)
    found = Counter(rows(tmp_path, "SELECT outlet_id, outcome FROM candidate"))
    assert found == {("busy", "refused"): 8, ("calm", "on_topic"): 1}


@pytest.mark.parametrize("asked_for", ["by robots.txt", "by the study"])
@pytest.mark.long(7)
def test_a_delay_above_the_longest_pause_never_shrinks(tmp_path: Path, asked_for: str) -> None:
    """Neither by a quick answer nor by a refusal: here a fifth of a second stands for a minute."""
    paths = [f"/{n}" for n in range(4)]
    with LoopbackSite({path: article(f"Gossi {path}") for path in paths}) as site:
        site.routes["/1"] = lambda _: (
            article("Gossi /1") if site.paths().count("/1") > 1 else Answer(b"", 503)
        )
        robots = b"User-agent: *\nCrawl-delay: 0.8" if asked_for == "by robots.txt" else b""
        site.routes["/robots.txt"] = Answer(robots, 200, TEXT)
        delay = 0.0 if robots else 0.8
        write_sources(tmp_path, sources(f"delay = {delay}", outlet("one", site, *paths)))
        impatient = (
            "import sys; from pathlib import Path; from scrapy.settings import default_settings; "
            "from gossi.crawler.crawl.crawl import crawl; from gossi.crawler.web import backoff; "
            "from gossi.crawler.study.sources import StudyFolder; "
            "assert (default_settings.AUTOTHROTTLE_MAX_DELAY, backoff._LONGEST_PAUSE) == (60, 60); "
            "default_settings.AUTOTHROTTLE_MAX_DELAY = backoff._LONGEST_PAUSE = 0.2; "
            "crawl(StudyFolder(Path(sys.argv[1])))"
        )
        subprocess.run([sys.executable, "-c", impatient, tmp_path], cwd=ROOT, check=True, timeout=300)
    asked = times(site, *paths)
    assert len(asked) == 5
    assert rested(asked, *[0.8] * 4)


def test_a_host_that_asks_for_a_long_pause_gets_it(tmp_path: Path) -> None:
    """Retry-After of an hour ends the asking for this run at once."""
    busy = Answer(b"", 503, TEXT | {"Retry-After": "3600"})
    with LoopbackSite({"/0": busy, "/1": article("Gossi")}) as site:
        write_sources(tmp_path, sources("delay = 0.0", outlet("busy", site, "/0", "/1")))
        crawl_study(tmp_path)
    assert len(times(site, "/0", "/1")) == 1
    assert {str(detail) for (detail,) in rows(tmp_path, "SELECT detail FROM candidate")} >= {
        "the host asks us to stop (HTTP 503)"
    }


def test_a_host_that_asks_for_a_long_pause_is_asked_for_no_other_listing(tmp_path: Path) -> None:
    """Feeds and sitemaps that stand in sources.toml beside the one that was refused wait for the next run."""
    busy = Answer(b"", 429, TEXT | {"Retry-After": "3600"}, seconds=0.3)
    feeds, sitemaps = ["/f0", "/f1", "/f2"], ["/s0", "/s1"]
    with LoopbackSite({"/robots.txt": Answer(b"", 404), "/f0": busy}) as site:
        write_sources(
            tmp_path, sources("delay = 0.0", outlet("busy", site, "/a", feeds=feeds, sitemaps=sitemaps))
        )
        assert crawl_study(tmp_path).returncode == 2
    assert site.paths() == ["/robots.txt", "/f0"]
    told = rows(tmp_path, "SELECT kind, outcome FROM attempt WHERE kind IN ('feed', 'sitemap')")
    assert Counter(told) == {("feed", "refused"): 3, ("sitemap", "refused"): 2}


def test_robots_txt_that_cannot_be_reached_forbids(tmp_path: Path) -> None:
    """No connection, no answer in time, an answer that breaks off: nothing else is asked of the host."""
    with socket.socket() as taken, LoopbackSite() as hangs, LoopbackSite() as torn, LoopbackSite() as far:
        taken.bind(("127.0.0.1", 0))  # bound, but nobody listens
        closed = LoopbackSite()
        closed.domain = f"127.0.0.1:{taken.getsockname()[1]}"
        closed.home = f"http://{closed.domain}"
        hangs.routes |= {"/robots.txt": Answer(b"", seconds=5), "/a": article("Gossi")}
        torn.routes |= {
            "/robots.txt": Answer(raw=b"HTTP/1.1 200 OK\r\nContent-Length: 99\r\n\r\nUser-agent: *"),
            "/a": article("Gossi"),
        }
        far.routes |= {"/robots.txt": redirect(f"{closed.home}/robots.txt"), "/a": article("Gossi")}
        write_sources(tmp_path, sources(
                "delay = 0.0\ntimeout = 1.0",
                *(outlet(name, site, "/a") for name, site in
                  {"closed": closed, "hangs": hangs, "torn": torn, "far": far}.items()),
            )
        )  # fmt: skip
        assert crawl_study(tmp_path).returncode == 2
        assert not {path for site in (hangs, torn, far) for path in site.paths()} - {"/robots.txt"}
    found = outcomes(tmp_path)
    assert {name: outcome for name, (outcome, _) in found.items()} == {
        "closed": "unreachable",
        "hangs": "timeout",
        "torn": "unreachable",
        "far": "unreachable",
    }
    assert all(detail.startswith("robots.txt could not be read: ") for _, detail in found.values())


def test_robots_txt_is_followed_to_another_host_and_obeyed_for_listings(tmp_path: Path) -> None:
    """Five redirects are followed, over hosts; feeds and sitemaps are asked for only where it allows them."""
    feed = Answer(
        b"<rss><channel><item><link>/b</link></item></channel></rss>", 200, {"Content-Type": "text/xml"}
    )
    with LoopbackSite({"/far.txt": SHUT}) as far, LoopbackSite() as moved, LoopbackSite() as fed:
        moved.routes |= {f"/r{n}": redirect(f"/r{n + 1}") for n in range(1, 4)}
        moved.routes |= {"/robots.txt": redirect("/r1", 301), "/r4": redirect(f"{far.home}/far.txt")}
        moved.routes["/a"] = article("Gossi")
        fed.routes |= {
            "/robots.txt": Answer(b"User-agent: *\nDisallow: /feed\n", 200, TEXT),
            "/feed": feed,
            "/a": article("Gossi"),
        }
        write_sources(
            tmp_path,
            sources("delay = 0.0", outlet("moved", moved, "/a"), outlet("fed", fed, "/a", feeds=["/feed"])),
        )
        crawl_study(tmp_path)
        assert "/a" not in moved.paths()
        assert "/feed" not in fed.paths()
    assert outcomes(tmp_path)["moved"] == ("robots", "robots.txt disallows it")
    assert rows(tmp_path, "SELECT outcome FROM attempt WHERE kind = 'feed'") == [("robots",)]


def test_a_long_robots_txt_is_read_as_far_as_it_must(tmp_path: Path) -> None:
    """A rule within the first 500 KiB counts, and what follows it does no harm."""
    long = b"User-agent: *\nDisallow: /a\n" + b"# filler\n" * (3 * MAX_BYTES // 9) + b"Disallow: /\n"
    with LoopbackSite(
        {"/robots.txt": Answer(long, 200, TEXT), "/a": article("Gossi"), "/b": article("Gossi b")}
    ) as site:
        write_sources(tmp_path, sources("delay = 0.0", outlet("long", site, "/a", "/b")))
        assert crawl_study(tmp_path).returncode == 0
        assert "/a" not in site.paths()
        assert "/b" in site.paths()


def test_robots_txt_is_read_once_in_a_run(tmp_path: Path) -> None:
    """Also where a feed and a sitemap wait for it at the same time."""
    routes = {f"/{n}": article(f"Gossi {n}") for n in range(3)}
    with LoopbackSite(routes | {"/feed": Answer(b"<rss><channel></channel></rss>")}) as site:
        table = outlet("one", site, "/0", "/1", "/2", feeds=["/feed"], sitemaps=["/map"])
        write_sources(tmp_path, sources("delay = 0.0", table))
        assert crawl_study(tmp_path).returncode == 0
    assert site.paths().count("/robots.txt") == 1


def test_robots_txt_is_read_anew_when_it_is_too_old(tmp_path: Path) -> None:
    """Rules that changed meanwhile are obeyed: here they grow old in half a second instead of a day."""
    paths = [f"/{n}" for n in range(6)]
    with LoopbackSite({path: article(f"Gossi {path}") for path in paths}) as site:
        site.routes["/robots.txt"] = lambda _: SHUT if "/2" in site.paths() else site.missing
        write_sources(tmp_path, sources("delay = 0.3", outlet("one", site, *paths)))
        impatient = (
            "import sys; from pathlib import Path; from gossi.crawler.crawl.crawl import crawl; "
            "from gossi.crawler.web import robots; from gossi.crawler.study.sources import StudyFolder; "
            "assert robots.MAX_AGE_SECONDS == 86400; robots.MAX_AGE_SECONDS = 0.5; "
            "crawl(StudyFolder(Path(sys.argv[1])))"
        )
        subprocess.run([sys.executable, "-c", impatient, tmp_path], cwd=ROOT, check=True, timeout=300)
        assert site.paths().count("/robots.txt") >= 2
        assert "/5" not in site.paths()
    last = rows(tmp_path, "SELECT outcome FROM candidate WHERE url LIKE '%/5'")
    assert last == [("robots",)]
