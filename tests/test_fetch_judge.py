"""crawler/fetch/judge.py: what a response is, decided by its bytes; hostile ones cost no time."""

import time
from pathlib import Path

import pytest

from crawler.fetch.judge import is_html, leads_home, looks_like
from tests.crawling import collected, crawl_study, rows
from tests.loopback import WEATHER, Answer, LoopbackSite, article, outlet, sources
from tests.news_pages import NewsPage

HTML = {"Content-Type": "text/html; charset=utf-8"}

BOT_WALL = (
    b"<!doctype html><html><head><title>Just a moment...</title></head><body><h1>gazette.example</h1>"
    b"<p>Verify you are human by completing the action below.</p>"
    b"<script src='/cdn-cgi/challenge-platform/h/b/orchestrate/chl_page/v1'></script></body></html>"
)
CONSENT_WALL = (
    "<html lang='de'><head><title>Die Fiktive</title></head><body><h1>Willkommen</h1>"
    "<p>Wir und unsere Partner verarbeiten Daten. Mit Werbung weiterlesen oder ein Abonnement abschließen."
    "</p><button>Alle akzeptieren</button></body></html>"
).encode()
SHELL = b"<html><title>The Gazette</title><body><div id='root'></div><script>go()</script></body></html>"
TEASER = (
    b"<html><body><article><h1>A finding in the north</h1>"
    b"<p>Soldiers made a finding on Thursday, an officer said in the capital.</p>"
    b"<div class='paywall'>This article is for subscribers only. Subscribe to continue reading.</div>"
    b"</article></body></html>"
)


@pytest.mark.parametrize(
    ("start", "page"),
    [
        (b"<!-- a comment -->" * 5000 + b"<html><body>x</body></html>", True),
        (b"<?xml version='1.0'?>" * 5000 + b"<html><body>x</body></html>", True),
        (b"<!-- a comment --> \n <?xml version='1.0'?><!-- <html> --> <rss><channel>", False),
        (b"<!--" * 20_000, False),
    ],
)
def test_what_stands_before_the_first_element_costs_no_time(start: bytes, page: bool) -> None:
    """Comments one after another are passed over once, not in all their combinations."""
    began = time.process_time()
    assert is_html("", start[:4000] + start[-100:]) is page
    assert is_html("", start) in {True, False}
    assert time.process_time() - began < 0.5


@pytest.mark.parametrize("piece", [b"<title>", b"<title", b"<title>x", b"</title>", b"<"])
def test_titles_without_an_end_cost_no_time(piece: bytes) -> None:
    """Ten megabytes of them are compared with a probe in no more time than it takes to look at them."""
    page = b"<title>Error</title>" * (piece == b"<") + piece * (10_000_000 // len(piece))
    began = time.process_time()
    looks_like(page, page + b".")
    assert time.process_time() - began < 5


@pytest.mark.parametrize(
    ("asked", "final", "home"),
    [
        ("/a/1", "/", True),
        ("/a/1", "/index.html", True),
        ("/fr/a/1", "/fr/", True),
        ("/a/1", "/home", True),
        ("/a/1", "/?utm_source=x", True),
        ("/go/5", "/?p=5", False),
        ("/?p=5", "/", True),
        ("/", "/", False),
        ("/fr/", "/", False),
        ("/old/5", "/new/5", False),
        ("/a/1", "/accueil/", True),
    ],
)
def test_a_redirect_home_is_told_from_one_to_an_article(asked: str, final: str, home: bool) -> None:
    """Front pages of a language and by their usual names are home; what has a query of its own is not."""
    assert leads_home(f"https://gazette.example{asked}", f"https://www.gazette.example{final}") is home


def test_where_all_pages_have_one_title_a_short_article_is_no_error_page() -> None:
    """Its words are its own; an error page has those of the address at most."""
    furniture = "<p>Menu</p>" * 2000
    frame = f"<html><title>The Gazette</title><body>{furniture}%s</body></html>"
    probe = (frame % "<h1>Page not found</h1><p>Nothing is at /gossi-coverage-probe-1</p>").encode()
    error = (frame % "<h1>Page not found</h1><p>Nothing is at /2022/04/gossi-grave</p>").encode()
    short = (
        frame % f"<h1>The grave</h1><p>{NewsPage().paragraphs[0]}</p><p>{NewsPage().paragraphs[1]}</p>"
    ).encode()
    assert abs(len(short) - len(probe)) < 200 + len(probe) // 50
    assert [looks_like(page, probe) for page in (error, short)] == [True, False]


def test_what_stands_in_an_articles_place_is_never_off_topic(tmp_path: Path) -> None:
    """Walls, shells and teasers need not name what the article is about: they are told, and asked again."""
    pages = {
        "/bot": BOT_WALL,
        "/consent": CONSENT_WALL,
        "/shell": SHELL,
        "/teaser": TEASER,
        "/weather": WEATHER,
    }
    with LoopbackSite({path: Answer(body, 200, HTML) for path, body in pages.items()}) as site:
        (tmp_path / "sources.toml").write_text(sources("delay = 0.0", outlet("gazette", site, *pages)))
        assert crawl_study(tmp_path).returncode == 0
    found = rows(tmp_path, "SELECT url, outcome, next_attempt IS NOT NULL FROM candidate")
    assert {"/" + str(url).rpartition("/")[2]: (outcome, again) for url, outcome, again in found} == {
        "/bot": ("bot_wall", True),
        "/consent": ("consent_wall", True),
        "/shell": ("extraction_failed", True),
        "/teaser": ("paywall", False),
        "/weather": ("off_topic", False),
    }
    assert rows(tmp_path, "SELECT * FROM article") == []
    assert collected(tmp_path)["gazette"] == {
        "expected": 5, "fetched": 1, "refused": 3, "failed": 1, "not_asked": 0, "gaps": 0,
    }  # fmt: skip


def test_a_wall_in_answer_to_the_probe_makes_no_page_an_error_page(tmp_path: Path) -> None:
    """Who shows a wall for every address has not lost the articles behind it."""
    wall = Answer(BOT_WALL, 200, HTML)
    with LoopbackSite({"/a": wall, "/b": article("The grave at Gossi")}) as site:
        site.missing = wall
        (tmp_path / "sources.toml").write_text(sources("delay = 0.0", outlet("gazette", site, "/a", "/b")))
        assert crawl_study(tmp_path).returncode == 0
    found = rows(tmp_path, "SELECT right(url, 2), outcome FROM candidate ORDER BY url")
    assert found == [("/a", "bot_wall"), ("/b", "on_topic")]
