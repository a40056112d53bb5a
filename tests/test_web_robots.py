"""robots.txt as RFC 9309 has it, against real servers."""

import gzip
from pathlib import Path

import pytest

from gossi.crawler.web.robots import MAX_BYTES, rules_from
from tests.crawling import crawl_study, rows
from tests.lexicons import write_sources
from tests.loopback import Answer, LoopbackSite, article, outlet, redirect, rested, sources

TEXT = {"Content-Type": "text/plain"}


def robots(text: str, status: int = 200) -> Answer:
    """A robots.txt."""
    return Answer(text.encode(), status, TEXT)


def outcomes(study: Path) -> dict[tuple[str, str], tuple[str, str]]:
    """(outlet, path) → (outcome, detail) of every page asked for."""
    found = rows(study, "SELECT outlet_id, url, outcome, detail FROM candidate")
    return {
        (str(name), "/" + str(url).split("/", 3)[3]): (str(outcome), str(detail))
        for name, url, outcome, detail in found
    }


@pytest.mark.parametrize(
    ("status", "allowed"), [(200, False), (404, True), (403, True), (500, False), (503, False), (302, False)]
)
def test_status_decides_before_content(status: int, allowed: bool) -> None:
    """4xx allows everything, 5xx and a redirect that leads nowhere forbid everything."""
    parser, refusal = rules_from(status, b"User-agent: *\nDisallow: /")
    assert (not refusal and parser.can_fetch("https://gazette.example/a", "GossiCoverage")) is allowed


def test_what_lies_beyond_500_kib_is_not_read() -> None:
    """A rule behind the limit has no effect, one before it has."""
    body = b"User-agent: *\nDisallow: /early\n" + b"# filler\n" * (MAX_BYTES // 9) + b"Disallow: /late\n"
    parser, _ = rules_from(200, body)
    assert not parser.can_fetch("https://gazette.example/early", "GossiCoverage")
    assert parser.can_fetch("https://gazette.example/late", "GossiCoverage")


@pytest.mark.parametrize(
    ("named", "allowed"),
    [
        ("GossiCoverage", False),
        ("gossiCOVERAGE", False),
        ("GossiCoverage/0.1.0", False),
        ("GossiCoverage/0.1.0 (+https://gossi.example/contact)  # this one", False),
        ("gossicoverage*", False),
        ("SomeBot\nUser-agent: GossiCoverage\nUser-agent: OtherBot", False),
        ("Gossi", True),
        ("G", True),
        ("GossiCoverageBot", True),
        ("GossiCoverage-News", True),
        ("My GossiCoverage", True),
        ("*bot", True),
    ],
)
def test_a_group_is_ours_by_the_whole_name(named: str, allowed: bool) -> None:
    """In any case and with a version, as a server's log has it; not by a part of it or by more than it."""
    for line_end in ("\n", "\r\n", "\r"):
        forbids = f"User-agent: *\nAllow: /\n\nUser-agent: {named}\nDisallow: /\n".replace("\n", line_end)
        parser, _ = rules_from(200, forbids.encode())
        assert parser.can_fetch("https://gazette.example/a", "GossiCoverage") is allowed
        permits = f"User-agent: *\nDisallow: /\n\nUser-agent: {named}\nAllow: /\n".replace("\n", line_end)
        parser, _ = rules_from(200, permits.encode())
        assert parser.can_fetch("https://gazette.example/a", "GossiCoverage") is not allowed


@pytest.mark.parametrize(
    "field", ["User-agent:", "USER-AGENT :", "useragent:", "User agent", "\0User-agent:"]
)
def test_a_group_for_everybody_is_found_however_it_is_written(field: str) -> None:
    """Its rules hold, with its Crawl-delay, beside a group that is someone else's."""
    text = f"User-agent: GossiBot\nDisallow: /b\nCrawl-delay: 9\n\n{field} *\nDisallow: /a\nCrawl-delay: 7\n"
    parser, _ = rules_from(200, text.encode())
    allowed = [parser.can_fetch(f"https://gazette.example/{path}", "GossiCoverage") for path in "ab"]
    assert (allowed, parser.crawl_delay("GossiCoverage")) == ([False, True], 7.0)


@pytest.mark.parametrize(
    "other", ["Crawl-delay: 7", "Sitemap: /map.xml", "Host: a", "Noai: yes", "# why", "", "?"]
)
def test_other_records_end_no_group(other: str) -> None:
    """RFC 9309, 2.2.4: rules hold for every name above them, whatever else stands between."""
    parser, _ = rules_from(200, f"User-agent: *\n{other}\nUser-agent: b\nDisallow: /a\nAllow: /b\n".encode())
    allowed = [parser.can_fetch(f"https://gazette.example/{path}", "GossiCoverage") for path in "ab"]
    assert allowed == [False, True]


@pytest.mark.parametrize("rule", ["Disallow:", "Allow: /", "disallow /x", "Dissallow: /x"])
def test_a_rule_ends_the_naming_of_a_group(rule: str) -> None:
    """What stands below the next name is not for us, and a Crawl-delay above it is."""
    text = f"User-agent: *\nCrawl-delay: 7\n{rule}\nUser-agent: b\nDisallow: /a\nCrawl-delay: 9\n"
    parser, _ = rules_from(200, text.encode())
    assert parser.can_fetch("https://gazette.example/a", "GossiCoverage")
    assert parser.crawl_delay("GossiCoverage") == 7.0


def test_a_crawl_delay_needs_no_rule() -> None:
    """A group of nothing else asks for it as well."""
    parser, _ = rules_from(200, b"User-agent: *\nCrawl-delay: 7\n")
    assert parser.crawl_delay("GossiCoverage") == 7.0


def test_a_line_that_is_cut_is_no_rule() -> None:
    """Of "Disallow: /archive" the first half would forbid everything."""
    start = b"User-agent: *\nDisallow: /early\n"
    end = b"Disallow: /"
    filler = b"#" * (MAX_BYTES - len(start) - len(end) - 1) + b"\n"
    parser, _ = rules_from(200, start + filler + end + b"archive\n")
    assert parser.can_fetch("https://gazette.example/a", "GossiCoverage")
    assert not parser.can_fetch("https://gazette.example/early", "GossiCoverage")


@pytest.mark.parametrize("packed", [False, True])
def test_the_beginning_of_a_huge_file_is_read(tmp_path: Path, packed: bool) -> None:
    """Beyond the study's own limit too, and where a server packs it unasked; the rest is not waited for."""
    text = b"User-agent: *\nDisallow: /a\n" + (b"# %d filler\n" * 2_000_000)
    body = gzip.compress(text, 1) if packed else text
    headers = TEXT | ({"Content-Encoding": "gzip"} if packed else {})
    page = article("Gossi: what is known")
    with LoopbackSite({"/robots.txt": Answer(body, 200, headers), "/a": page, "/b": page}) as site:
        write_sources(tmp_path, sources("delay = 0.0\nmax_bytes = 100_000", outlet("long", site, "/a", "/b")))
        assert crawl_study(tmp_path).returncode == 0
    assert outcomes(tmp_path) == {
        ("long", "/a"): ("robots", "robots.txt disallows it"),
        ("long", "/b"): ("on_topic", ""),
    }


def test_every_kind_of_answer(tmp_path: Path) -> None:
    """One crawl over servers whose robots.txt answers in different ways asks only what each allows."""
    page = article("Gossi: what is known")
    with (
        LoopbackSite({"/a": page}) as missing,
        LoopbackSite({"/robots.txt": robots("", 503), "/a": page}) as broken,
        LoopbackSite(
            {"/robots.txt": robots("User-agent: *\nDisallow: /a"), "/a": page, "/b": page}
        ) as strict,
        LoopbackSite(
            {"/robots.txt": redirect("/r2"), "/r2": robots("User-agent: *\nDisallow: /"), "/a": page}
        ) as moved,
        LoopbackSite({"/robots.txt": robots("User-agent: gossicoverage\nDisallow: /a"), "/a": page}) as named,
    ):
        write_sources(
            tmp_path,
            sources(
                "delay = 0.0",
                outlet("missing", missing, "/a"),
                outlet("broken", broken, "/a"),
                outlet("strict", strict, "/a", "/b"),
                outlet("moved", moved, "/a"),
                outlet("named", named, "/a"),
            ),
        )
        result = crawl_study(tmp_path)
        assert result.returncode == 3, result.stderr
        assert {key: outcome for key, (outcome, _) in outcomes(tmp_path).items()} == {
            ("missing", "/a"): "on_topic",
            ("broken", "/a"): "robots",
            ("strict", "/a"): "robots",
            ("strict", "/b"): "on_topic",
            ("moved", "/a"): "robots",
            ("named", "/a"): "robots",
        }
        assert not [site for site in (broken, strict, moved, named) if "/a" in site.paths()]
        assert outcomes(tmp_path)["broken", "/a"][1] == "robots.txt answered 503"


def test_crawl_delay_is_honoured(tmp_path: Path) -> None:
    """Between two pages lies at least the Crawl-delay, longer than the study's own delay."""
    site = LoopbackSite({f"/{n}": article(f"Gossi {n}") for n in range(3)})
    site.routes["/robots.txt"] = robots("User-agent: *\nCrawl-delay: 0.7")
    with site:
        write_sources(tmp_path, sources("delay = 0.0", outlet("slow", site, "/0", "/1", "/2")))
        assert crawl_study(tmp_path).returncode == 0
        times = [moment for path, moment in site.asked if path in {"/0", "/1", "/2"}]
    assert len(times) == 3
    assert rested(times, 0.7, 0.7)


def test_the_user_agent_names_the_project_and_its_contact(tmp_path: Path) -> None:
    """Every request says who asks and how to reach them."""
    with LoopbackSite({"/a": article("Gossi")}) as site:
        write_sources(tmp_path, sources("delay = 0.0", outlet("one", site, "/a")))
        crawl_study(tmp_path)
    assert len(site.agents) == 1
    (agent,) = site.agents
    assert agent.startswith("GossiCoverage/")
    assert agent.endswith("(+https://gossi.example/contact)")
