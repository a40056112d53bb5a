"""`gossi init --discover`: feeds and sitemaps that outlets announce."""

from pathlib import Path

from gossi.crawler.discovery.announced import announced, feeds_of
from gossi.crawler.study.sources import StudyFolder
from tests.conftest import gossi
from tests.loopback import Answer, LoopbackSite

AGENT = "GossiCoverage/0 (+https://me.example/)"
HEAD = b"""<html><head>
<link rel="alternate" type="application/rss+xml" href="/feed">
<link rel="ALTERNATE nofollow" type="application/atom+xml; charset=utf-8" href="https://feeds.example/atom">
<link rel="alternate" type="application/rss+xml" href="/feed">
<link rel="alternate" hreflang="fr" href="/fr"><link rel="stylesheet" type="text/css" href="/s.css">
<link rel="alternate" type="application/rss+xml" href="javascript:alert(1)">
</head></html>"""


def test_feeds_of_a_page() -> None:
    """Of the types that are feeds, each once, with its whole address; nothing of an empty page."""
    assert feeds_of(HEAD, "https://a.example/x") == ["https://a.example/feed", "https://feeds.example/atom"]
    assert feeds_of(b"", "https://a.example/") == []


def test_an_outlet_is_asked_politely() -> None:
    """For two pages, by a name that it can reach; not where robots.txt forbids it, nor led elsewhere."""
    robots = Answer(b"User-agent: *\nDisallow: /x\nSitemap: https://a.example/map.xml\n")
    with (
        LoopbackSite({"/robots.txt": robots, "/": Answer(HEAD)}) as open_one,
        LoopbackSite({"/robots.txt": Answer(b"User-agent: *\nDisallow: /\n"), "/": Answer(HEAD)}) as closed,
        LoopbackSite({"/": Answer(b"", 302, {"Location": "http://10.0.0.1/"})}) as leading,
    ):
        found = announced([open_one.domain, closed.domain, leading.domain, "10.0.0.1"], AGENT)
        assert open_one.paths() == ["/robots.txt", "/"]
        assert open_one.agents == {AGENT}
        assert closed.paths() == ["/robots.txt"]
    feeds = [f"{open_one.home}/feed", "https://feeds.example/atom"]
    assert found[0] == (feeds, ["https://a.example/map.xml"], "")
    assert found[1] == ([], [], "its robots.txt forbids the home page")
    assert found[2] == ([], [], "its home page answers 302")
    assert found[3][2] != ""


def test_the_command_fills_in_what_the_table_has_not(tmp_path: Path) -> None:
    """What stands in the table stays; who asks says who they are; nobody there is one message."""
    with LoopbackSite({"/": Answer(HEAD)}) as site:
        table = tmp_path / "outlets.csv"
        table.write_text(f"name,domain,feed\nA,{site.domain},\nB,b.invalid,https://b.invalid/rss\n", "utf-8")
        words = ("init", str(tmp_path / "mine"), "--outlets", str(table), "--discover")
        assert "--contact" in gossi(*words).stderr
        result = gossi(*words, "--contact", "https://me.example/")
    assert result.returncode == 0
    sources = StudyFolder(tmp_path / "mine").sources()
    assert sources.study.contact == "https://me.example/"
    assert [outlet.feeds for outlet in sources.outlet] == [
        [f"{site.home}/feed", "https://feeds.example/atom"], ["https://b.invalid/rss"]
    ]  # fmt: skip
    silent = gossi("init", str(tmp_path / "other"), *words[2:], "--contact", "https://me.example/")
    assert silent.returncode == 1
    assert silent.stderr.count("\n") == 1
    assert "none of 1 outlets answered" in silent.stderr
    assert not (tmp_path / "other").exists()
