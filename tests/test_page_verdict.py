"""crawler/page/verdict.py: what a response is, decided by its bytes; the same whatever brought it here.

Also tests crawler/capture/html.py, crawler/page/soft_404.py and crawler/web/page_refresh.py.
"""

import gzip
import time
import zlib
from collections import Counter
from pathlib import Path

import pytest

from gossi.crawler.capture.answer import BROKEN_OFF, PART
from gossi.crawler.capture.html import is_html
from gossi.crawler.crawl.resume import take_up
from gossi.crawler.extraction.pool import ExtractionPool
from gossi.crawler.imports.extract_files import ExtractReport, extract_files
from gossi.crawler.imports.importer import import_paths
from gossi.crawler.page.soft_404 import looks_like
from gossi.crawler.page.verdict import leads_home
from gossi.crawler.store.ledger import Ledger
from gossi.crawler.store.store import Store
from gossi.crawler.study.sources import StudyFolder
from tests.crawling import collected, crawl_study, rows
from tests.lexicons import write_sources
from tests.loopback import WEATHER, Answer, LoopbackSite, article, outlet, redirect, sources
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
        write_sources(tmp_path, sources("delay = 0.0", outlet("gazette", site, *pages)))
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
        write_sources(tmp_path, sources("delay = 0.0", outlet("gazette", site, "/a", "/b")))
        assert crawl_study(tmp_path).returncode == 0
    found = rows(tmp_path, "SELECT right(url, 2), outcome FROM candidate ORDER BY url")
    assert found == [("/a", "bot_wall"), ("/b", "on_topic")]


def named(name: str, published: str = "2022-04-23T10:00:00Z") -> bytes:
    """An article of its own on the grave."""
    return article(f"Gossi: {name}", *(f"{words} ({name})." for words in STORY), published=published).body


STORY = (
    "The general staff announced that a mass grave had been found near the camp at Gossi",
    "Its spokesman said that the state of the bodies showed the grave to be older than the handover",
)
PACKED = gzip.compress(named("packed"))
TWO_MEMBERS = gzip.compress(named("members")[:300]) + gzip.compress(named("members")[300:])
RAW = b"HTTP/1.1 200 OK\r\nContent-Type: text/html\r\n\r\n"
LOST = b"<html><head><title>Nothing here</title></head><body><h1>Nothing here</h1><p>Gossi</p></body></html>"
REFRESH = (
    b'<html><head><meta http-equiv="refresh" content="0; url=/led-by-itself"></head><body>Gossi</body></html>'
)


def coded(coding: str, body: bytes) -> Answer:
    """An answer in a content encoding."""
    return Answer(body, 200, HTML | {"Content-Encoding": coding})


CAPTURES: dict[str, tuple[Answer, str, str]] = {
    "/html": (Answer(named("html"), 200, HTML), "on_topic", ""),
    "/plain": (Answer(named("plain"), 200, {"Content-Type": "text/plain"}), "on_topic", ""),
    "/xml": (Answer(named("xml"), 200, {"Content-Type": "application/xml"}), "on_topic", ""),
    "/octets": (Answer(named("octets"), 200, {"Content-Type": "application/octet-stream"}), "on_topic", ""),
    "/untyped": (Answer(named("untyped"), 200, {}), "on_topic", ""),
    "/words": (Answer(b"Gossi, no page", 200, {"Content-Type": "text/plain"}), "not_html", "text/plain"),
    "/picture": (Answer(b"\x89PNG\0\1\2\3" * 99, 200, HTML), "not_html", "text/html"),
    "/weather": (Answer(WEATHER, 200, HTML), "off_topic", "not named in its headline or text"),
    "/old": (Answer(named("old", "2019-04-23"), 200, HTML), "out_of_window", "published 2019-04-23"),
    "/bot": (Answer(BOT_WALL, 200, HTML), "bot_wall", ""),
    "/consent": (Answer(CONSENT_WALL, 200, HTML), "consent_wall", ""),
    "/shell": (Answer(SHELL, 200, HTML), "extraction_failed", "no article text was found"),
    "/teaser": (Answer(TEASER.replace(b"north", b"north, at Gossi"), 200, HTML), "paywall", ""),
    "/gzip": (coded("gzip", PACKED[: len(PACKED) * 2 // 3]), "unreachable", BROKEN_OFF),
    "/members": (coded("gzip", TWO_MEMBERS[:-60]), "unreachable", BROKEN_OFF),
    "/deflate": (coded("deflate", zlib.compress(named("deflate"))[:-20]), "unreachable", BROKEN_OFF),
    "/closed": (Answer(raw=RAW + named("closed")[:400]), "unreachable", BROKEN_OFF),
    "/until-closed": (Answer(raw=RAW + named("until closed")), "on_topic", ""),
    "/part": (
        Answer(named("part"), 206, HTML | {"Content-Range": "bytes 0-499/100000"}), "unreachable", PART,
    ),
    "/gone": (Answer(PACKED[:-20], 404, HTML | {"Content-Encoding": "gzip"}), "gone", "HTTP 404"),
    "/refused": (Answer(LOST, 403, HTML), "refused", "HTTP 403"),
    "/with-a-place": (Answer(named("placed"), 200, HTML | {"Location": "/html"}), "on_topic", ""),
    "/moved": (redirect("/led-by-status"), "on_topic", ""),
    "/moved-home": (redirect("/"), "redirect_home", "/"),
    "/refreshed": (Answer(REFRESH, 200, HTML), "on_topic", ""),
    "/lost": (Answer(LOST, 200, HTML), "soft_404", "as for a URL that cannot exist"),
}  # fmt: skip
"""What an outlet answers; its outcome and the word on it."""

LED_TO = {
    "/led-by-status": Answer(named("by status"), 200, HTML),
    "/led-by-itself": Answer(named("by itself"), 200, HTML),
    "/": Answer(named("front page"), 200, HTML),
    "/robots.txt": Answer(b"", 404),
}


def came_of(study: Path, site: LoopbackSite, run: int = 1) -> dict[str, tuple[object, ...]]:
    """Path → outcome, detail, and the article's text and date, of each page that a run entered."""
    found = rows(
        study,
        "SELECT attempt.run_id, url, outcome, detail, text, published, published_precision, published_source "
        "FROM attempt LEFT JOIN version USING (attempt_id) LEFT JOIN article USING (article_id) "
        "WHERE kind = 'page'",
    )
    return {
        str(url).removeprefix(site.home): (outcome, str(detail).removeprefix(site.home), *rest)
        for run_id, url, outcome, detail, *rest in found
        if run_id == run
    }


def taken_up(folder: StudyFolder) -> int:
    """Leave a crawl's captures as a kill does, with nothing entered, and take them up; gives how many."""
    with Store(folder) as store:
        for change in (
            "DELETE FROM attempt", "DELETE FROM version", "DELETE FROM article", "DELETE FROM address",
            "UPDATE candidate SET outcome = 'waiting', detail = '', attempts = 0, next_attempt = NULL",
            "UPDATE run SET status = 'running', message = ''",
        ):  # fmt: skip
            store.con.execute(change)
    sources_read = folder.sources()
    with Store(folder) as store, ExtractionPool(1) as pool:
        ledger = Ledger(store, store.start_run("crawl", "a test"))
        taken = take_up(store, ledger, sources_read, sources_read.study, pool)
        ledger.end("ok", "")
    return taken


def test_each_way_gives_the_same_captures_the_same_outcome_text_and_date(tmp_path: Path) -> None:
    """A crawl, an import of what it kept, resuming as after a kill, and `gossi extract`."""
    crawled, imported = StudyFolder(tmp_path / "crawled"), StudyFolder(tmp_path / "imported")
    with LoopbackSite({path: answer for path, (answer, _, _) in CAPTURES.items()} | LED_TO) as site:
        site.missing = Answer(LOST, 200, HTML)
        for folder in (crawled, imported):
            folder.root.mkdir()
            write_sources(folder.root, sources("delay = 0.0", outlet("gazette", site, *CAPTURES)))
        assert crawl_study(crawled.root).returncode == 0
    files = list(crawled.captures.rglob("*.warc.gz"))
    expected = came_of(crawled.root, site)
    assert {path: row[:2] for path, row in expected.items()} == {
        path: (outcome, detail) for path, (_, outcome, detail) in CAPTURES.items()
    }
    import_paths(imported, files)
    assert came_of(imported.root, site) == expected
    assert taken_up(crawled) == len(CAPTURES)
    assert came_of(crawled.root, site, 2) == expected

    report = ExtractReport()
    lines = {str(line["url"]).removeprefix(site.home): line for line in extract_files(files, 1, report)}
    given = {"/moved": "/led-by-status", "/refreshed": "/led-by-itself"}
    left_out = Counter({"step": 3, "probe": 1, "robots": 1, "warcinfo record": 1})
    for path, (outcome, _, text, published, *_) in expected.items():
        line = lines.pop(given.get(path, path), None)
        if line is None:
            left_out[str(outcome)] += 1
        elif outcome not in {"off_topic", "out_of_window"}:  # which is for a study to say
            assert line["observability"] == {"on_topic": "full"}.get(str(outcome), outcome)
            if text is not None:
                day = published and f"{published:%Y-%m-%dT%H:%M:%SZ}"
                assert (line["text"], line["published"]) == (text, day)
    assert (lines, report.left_out, report.problems) == ({}, left_out, [])
