"""robots.txt as RFC 9309 has it, against real servers."""

from itertools import pairwise
from pathlib import Path

import pytest

from crawler.fetch.robots import MAX_BYTES, rules_from
from tests.crawling import crawl_study, rows
from tests.loopback import Answer, LoopbackSite, article, outlet, redirect, sources

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
        (tmp_path / "sources.toml").write_text(
            sources(
                "delay = 0.0",
                outlet("missing", missing, "/a"),
                outlet("broken", broken, "/a"),
                outlet("strict", strict, "/a", "/b"),
                outlet("moved", moved, "/a"),
                outlet("named", named, "/a"),
            )
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
        (tmp_path / "sources.toml").write_text(sources("delay = 0.0", outlet("slow", site, "/0", "/1", "/2")))
        assert crawl_study(tmp_path).returncode == 0
        times = [moment for path, moment in site.asked if path in {"/0", "/1", "/2"}]
    assert len(times) == 3
    assert all(later - earlier >= 0.65 for earlier, later in pairwise(times))


def test_the_user_agent_names_the_project_and_its_contact(tmp_path: Path) -> None:
    """Every request says who asks and how to reach them."""
    with LoopbackSite({"/a": article("Gossi")}) as site:
        (tmp_path / "sources.toml").write_text(sources("delay = 0.0", outlet("one", site, "/a")))
        crawl_study(tmp_path)
    assert len(site.agents) == 1
    (agent,) = site.agents
    assert agent.startswith("GossiCoverage/")
    assert agent.endswith("(+https://gossi.example/contact)")
