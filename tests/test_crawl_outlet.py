"""An outlet's course, driven without a socket: the answers are handed in, and nothing waits.

Also tests crawler/crawl/asking.py, crawler/crawl/pages.py, crawler/crawl/listings.py, crawler/crawl/room.py,
crawler/crawl/run.py, crawler/crawl/outlet_state.py, crawler/crawl/search.py, crawler/crawl/wayback_search.py,
crawler/crawl/commoncrawl_search.py and crawler/crawl/gdelt_search.py.
"""

import asyncio
import json
import re
from pathlib import Path

import pytest

from gossi.crawler.crawl.room import Room
from gossi.crawler.outcomes import Outcome
from tests.crawling import outcomes, rows
from tests.driven import Web, crawl_driven
from tests.lexicons import write_sources
from tests.loopback import article

HOME = "https://gazette.example"
SOURCES = """
[study]
name = "A test"
contact = "https://gossi.example/contact"
[study.window]
first = 2022-04-01
last = 2022-12-31
{study}
[[outlet]]
id = "gazette"
name = "Fictional Gazette"
domain = "gazette.example"
country = "XX"
bloc = "unlisted"
ownership = "unknown"
languages = ["en"]
{outlet}
"""
WAYBACK = '[study.wayback]\ncdx = "https://cdx.example/search"\nreplay = "https://replay.example/web/"\n'


def written(folder: Path, outlet: str, study: str = "") -> Path:
    """A study of one outlet."""
    write_sources(folder, SOURCES.format(study=study, outlet=outlet))
    return folder


def feed(*paths: str, published: str = "2022-05-01T10:00:00Z") -> bytes:
    """A feed of these pages."""
    items = [{"url": HOME + path, "date_published": published} for path in paths]
    return json.dumps({"items": items}).encode()


def kinds(web: Web) -> list[tuple[str, str]]:
    """What was asked, in its order: kind and path, of a probe no path."""
    return [(kind, "" if kind == "probe" else re.sub("^https?://[^/]*", "", url)) for kind, url in web.asked]


def test_the_course_reads_top_to_bottom(tmp_path: Path) -> None:
    """Listings, a probe, then the pages one after another: known ones first, then the plainest URL."""
    web = Web({"/feed": feed("/long-one", "/a"), "/a": article("Gossi").body, "/known": article("Mali").body})
    web.routes["/long-one"] = article("Gossi, later", "Another text of a grave near the camp of Gossi.").body
    study = written(tmp_path, f'pages = ["{HOME}/known"]\nfeeds = ["{HOME}/feed"]')
    run = crawl_driven(study, web)
    assert kinds(web) == [
        ("feed", "/feed"), ("probe", ""), ("page", "/known"), ("page", "/a"), ("page", "/long-one"),
    ]  # fmt: skip
    assert outcomes(tmp_path)["/a"] == "on_topic"
    assert run.failed_outlets() == {}
    assert (run.progress.outlets_done, run.progress.pages, run.progress.waiting.total()) == (1, 3, 0)


def test_a_page_that_is_extracted_last_is_written_in_its_place(tmp_path: Path) -> None:
    """Which of two URLs of an article counts is the order of asking, not of extraction."""
    same = article("Gossi").body
    web = Web({"/a": same, "/bb": same})
    web.slow = f"{HOME}/a"
    crawl_driven(written(tmp_path, f'pages = ["{HOME}/a", "{HOME}/bb"]'), web)
    assert outcomes(tmp_path) == {"/a": "on_topic", "/bb": "duplicate"}
    assert web.extracted == [f"{HOME}/bb", f"{HOME}/a"]


def test_what_is_gone_is_sought_in_the_archive_and_its_captures_tried_in_turn(tmp_path: Path) -> None:
    """The nearest cannot be replayed, so the next is asked for; both attempts are noted."""
    row = ["20220501100000", f"{HOME}/a", "200", "example,gazette)/a"]
    other = ["20220801100000", *row[1:]]
    web = Web({"cdx.example": json.dumps([row, other]).encode(), "/web/20220501100000id_": b""})
    web.statuses["/web/20220501100000id_"] = 503
    web.routes["/web/20220801100000id_"] = article("Gossi").body
    web.statuses["/a"] = 404
    crawl_driven(written(tmp_path, f'pages = ["{HOME}/a"]', f"{WAYBACK}gone = true"), web)
    assert [kind for kind, _ in kinds(web)] == ["probe", "page", "wayback", "page", "page"]
    found = rows(tmp_path, "SELECT outcome, via FROM attempt WHERE kind = 'page' ORDER BY attempt_id")
    assert found == [("gone", "live"), ("server_error", "wayback"), ("on_topic", "wayback")]


def test_gaps_and_days_have_columns(tmp_path: Path) -> None:
    """A feed that broke off, and a page dated out of the window by its own word, and one by the feed's."""
    torn = (
        b"<rss><channel><item><link>https://gazette.example/old</link><pubDate>Mon, 03 May 2021 10:00:00 GMT"
        b"</pubDate></item><item><link>https://gazette.example/a</link>"
    )
    web = Web({"/feed": torn, "/a": article("Gossi", published="2021-04-01").body})
    crawl_driven(written(tmp_path, f'feeds = ["{HOME}/feed"]'), web)
    ((gap,),) = rows(tmp_path, "SELECT gap FROM attempt WHERE kind = 'feed'")
    assert "breaks off" in str(gap)
    found = rows(tmp_path, "SELECT outcome, out_of_window_on::VARCHAR FROM candidate ORDER BY url")
    assert found == [("out_of_window", "2021-04-01"), ("out_of_window", "2021-05-03")]


@pytest.mark.parametrize("kind", ["feed", "probe", "page"])
def test_an_error_of_our_own_ends_the_run(tmp_path: Path, kind: str) -> None:
    """What is no failure of the web is raised, whoever met it: a page lost in silence is an omission."""
    web = Web({"/feed": feed("/a"), "/a": article("Gossi").body})
    web.broken = kind
    with pytest.raises(ZeroDivisionError):
        crawl_driven(written(tmp_path, f'feeds = ["{HOME}/feed"]'), web)


def test_a_server_that_does_not_answer_is_a_failure_with_its_word(tmp_path: Path) -> None:
    """Of feed and page; the outlet is named as one of which nothing could be learnt."""
    web = Web({})
    web.silent = True
    run = crawl_driven(written(tmp_path, f'pages = ["{HOME}/a"]\nfeeds = ["{HOME}/feed"]'), web)
    assert run.failed_outlets() == {"gazette": f"{HOME}/feed: no answer"}
    assert rows(tmp_path, "SELECT kind, outcome, gap FROM attempt ORDER BY attempt_id") == [
        ("feed", "unreachable", "no answer"), ("probe", "unreachable", None), ("page", "unreachable", None),
    ]  # fmt: skip


def test_room_is_there_again_when_pages_are_judged() -> None:
    """Beyond some megabytes of pages that wait to be judged, no other is asked for."""

    async def asked() -> list[bool]:
        room, found = Room(), []
        for size in (1_000, 4_999_000, 5_000_001):
            with room.taken(size):
                waiting = asyncio.ensure_future(room.is_there())
                await asyncio.sleep(0)
                found.append(waiting.done())
            await waiting
        return found

    assert asyncio.run(asked()) == [True, True, False]


def test_every_outcome_of_an_incomplete_text_is_an_observability() -> None:
    """They share their words, so that one names the other."""
    incomplete = {outcome for outcome in Outcome if outcome.is_incomplete}
    assert {Outcome.of_text(str(outcome)) for outcome in incomplete} == incomplete
    assert Outcome.of_text("full") is Outcome.ON_TOPIC
