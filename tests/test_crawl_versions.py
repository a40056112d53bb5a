"""Recrawls: when an article is looked at again, what makes a version, and what it costs.

Also tests crawler/page/revisit.py and crawler/store/frontier.py.
"""

from collections.abc import Callable, Mapping
from datetime import UTC, datetime, timedelta
from itertools import count
from pathlib import Path
from time import sleep

import pytest

from gossi.crawler.page.revisit import next_visit
from gossi.crawler.store.store import utc_now
from tests.crawling import crawl_study, make_due, outcomes, rows
from tests.lexicons import write_lexicon, write_sources
from tests.loopback import WEATHER, Answer, LoopbackSite, article, outlet, sources

NOW = datetime.now(UTC).replace(tzinfo=None, microsecond=0)

TEXT = (
    "The French army showed drone pictures that it says were taken near its former base at Gossi in Mali.",
    "Its general staff said that the pictures show Russian mercenaries covering bodies with sand.",
    "The Malian general staff announced the same evening that a mass grave had been found near the camp.",
    "It said that the state of the bodies showed the grave to be older than the handover of the base.",
)

CHANGING = """<!DOCTYPE html><html lang="en"><head><meta charset="utf-8"><title>The grave at Gossi</title>
<meta property="article:published_time" content="{published}">
<meta name="generator" content="build {n}"></head>
<body><header><nav><a href="/">Home</a> <span class="clock">{n} o'clock</span></nav></header>
<div class="ad" id="ad-{n}">Buy {n} and save {n} per cent at the shop of the week, this week only.</div>
<main><article><h1>The grave at Gossi</h1>
<div class="meta"><span class="views">{n} views</span> <span class="comment-count">{n} comments</span>
<span class="shares">Shared {n} times</span></div>
{paragraphs}
<div class="share"><a href="/share?{n}">Share</a></div></article></main>
<aside class="sidebar"><h2>Most read</h2><ul>
<li><a href="/x{n}">Number {n}: the minister of fisheries spoke for {n} minutes about herring</a></li>
<li><a href="/y{n}">Lottery: these are the {n} numbers of the evening, without guarantee</a></li></ul></aside>
<section id="comments" class="comments"><h2>{n} comments</h2>
<div class="comment"><p>A reader of remark number {n} thanks the desk for this report on Gossi.</p></div>
</section>
<footer>Copyright 2022. Page made in {n} ms. Fictional outlet.</footer>
<script>var nonce = "{n}";</script></body></html>"""


def studied(study: Path, site: LoopbackSite, *pages: str) -> None:
    """A study of a site whose window reaches to tomorrow."""
    text = sources("delay = 0.0", outlet("gazette", site, *pages))
    tomorrow = (NOW + timedelta(days=1)).date()
    write_sources(study, text.replace("last = 2022-12-31", f"last = {tomorrow}"))


def ago(**age: float) -> str:
    """A publication time, as a page has it."""
    return f"{NOW - timedelta(**age):%Y-%m-%dT%H:%M:%SZ}"


def test_boilerplate_that_changes_makes_no_version_and_a_changed_sentence_does(tmp_path: Path) -> None:
    """Sidebar, advertisement, counts, comments, scripts differ in every answer; then a word of the text."""
    numbers, text = count(1), list(TEXT)

    def page(_: Mapping[str, str]) -> Answer:
        paragraphs = "".join(f"<p>{sentence}</p>" for sentence in text)
        return Answer(
            CHANGING.format(n=next(numbers), published=ago(hours=5), paragraphs=paragraphs).encode()
        )

    with LoopbackSite({"/grave": page}) as site:
        studied(tmp_path, site, "/grave")
        for _ in range(3):
            assert crawl_study(tmp_path).returncode == 0
            make_due(tmp_path)
        assert site.paths().count("/grave") == 3
        assert rows(tmp_path, "SELECT version_no FROM version") == [(1,)]
        assert len(set(rows(tmp_path, "SELECT digest FROM attempt WHERE kind = 'page'"))) == 3
        text[1] = text[1].replace("said that the pictures show", "now says that the pictures may show")
        assert crawl_study(tmp_path).returncode == 0
        make_due(tmp_path)
        text[1] = TEXT[1]
        sleep(1)  # times are known to the second, and of two texts of one second none is the later
        assert crawl_study(tmp_path).returncode == 0
    versions = rows(tmp_path, "SELECT version_no, text FROM version ORDER BY version_no")
    assert [number for number, _ in versions] == [1, 2, 3]
    assert [("may show" in str(body), str(body).count("\n")) for _, body in versions] == [
        (False, 3), (True, 3), (False, 3),
    ]  # fmt: skip
    assert rows(tmp_path, "SELECT count(*) FROM article") == [(1,)]


def test_pages_are_asked_for_again_on_condition(tmp_path: Path) -> None:
    """ETag and Last-Modified go back to the server; its 304 is an outcome and adds nothing."""
    asked: list[tuple[str | None, str | None]] = []

    def page(headers: Mapping[str, str]) -> Answer:
        asked.append((headers.get("If-None-Match"), headers.get("If-Modified-Since")))
        if headers.get("If-None-Match") == '"v1"':
            return Answer(b"", 304, {"ETag": '"v1"'})
        whole = article("Gossi", published=ago(hours=5))
        return Answer(
            whole.body,
            200,
            {**whole.headers, "ETag": '"v1"', "Last-Modified": "Fri, 22 Apr 2022 10:00:00 GMT"},
        )

    with LoopbackSite({"/grave": page}) as site:
        studied(tmp_path, site, "/grave")
        for _ in range(3):
            assert crawl_study(tmp_path).returncode == 0
            make_due(tmp_path)
    assert asked == [(None, None), *[('"v1"', "Fri, 22 Apr 2022 10:00:00 GMT")] * 2]
    assert rows(tmp_path, "SELECT outcome FROM attempt WHERE kind = 'page' ORDER BY attempt_id") == [
        ("on_topic",), ("not_modified",), ("not_modified",),
    ]  # fmt: skip
    assert rows(tmp_path, "SELECT count(*) FROM version") == [(1,)]
    assert rows(tmp_path, "SELECT outcome, attempts, etag FROM candidate") == [("on_topic", 3, '"v1"')]


def test_young_articles_are_looked_at_sooner(tmp_path: Path) -> None:
    """Hours on the first day, days in the first week, weeks in the first month, never afterwards."""
    ages = {"/hours": 5, "/days": 24 * 3, "/weeks": 24 * 20, "/months": 24 * 90}
    routes = {
        path: article(f"Gossi after {hours} hours", published=ago(hours=hours))
        for path, hours in ages.items()
    }
    with LoopbackSite(routes) as site:
        studied(tmp_path, site, *ages)
        assert crawl_study(tmp_path).returncode == 0
        found = rows(tmp_path, "SELECT url, next_attempt FROM candidate")
        asked = len(site.asked)
        assert crawl_study(tmp_path).returncode == 0
        assert not set(ages) & set(site.paths()[asked:])
    wait = {
        str(url).rpartition("/")[2]: moment and round((moment - NOW) / timedelta(hours=1))
        for url, moment in found
    }
    assert wait == {"hours": 3, "days": 24, "weeks": 24 * 7, "months": None}


@pytest.mark.parametrize(
    ("age", "wait"), [(0.99, 3), (1.01, 24), (6.99, 24), (7.01, 168), (30.9, 168), (31.1, None)]
)
def test_the_schedule_changes_at_a_day_a_week_and_a_month(age: float, wait: int | None) -> None:
    """The limits of each step, in days, and the hours until the next look."""
    expected = None if wait is None else NOW + timedelta(hours=wait)
    assert next_visit(NOW - timedelta(days=age), NOW) == expected


def test_a_page_that_is_gone_later_keeps_its_article(tmp_path: Path) -> None:
    """An article whose page answers 404 afterwards stays, with its version, and the page is told as gone."""
    with LoopbackSite({"/grave": article("Gossi", published=ago(hours=5))}) as site:
        studied(tmp_path, site, "/grave")
        assert crawl_study(tmp_path).returncode == 0
        make_due(tmp_path)
        del site.routes["/grave"]
        assert crawl_study(tmp_path).returncode == 0
    assert rows(tmp_path, "SELECT outcome FROM candidate") == [("gone",)]
    assert rows(tmp_path, "SELECT count(*) FROM version JOIN article USING (article_id)") == [(1,)]


HICCUPS = {
    "/shell": Answer(
        b'<!DOCTYPE html><title>Gazette</title><div id="root"></div><script src="/a.js"></script>'
    ),
    "/empty": Answer(b'<!DOCTYPE html><body data-place="Gossi"></body>'),
    "/early": article("Gossi", published="2021-01-01T00:00:00Z"),
    "/gone": Answer(b"<!DOCTYPE html><title>No such page</title>", 404),
    "/busy": Answer(b"<!DOCTYPE html><title>Busy</title>", 500),
}
"""What a page may answer once that has an article before and afterwards."""


def test_a_known_article_stays_on_its_schedule_whatever_one_visit_gives(tmp_path: Path) -> None:
    """It is asked for again as soon as by its age it was to be, and whole; then its edit is seen."""
    visit = 1
    asked: list[tuple[int, str | None]] = []

    def route(path: str) -> Callable[[Mapping[str, str]], Answer]:
        def answer(headers: Mapping[str, str]) -> Answer:
            asked.append((visit, headers.get("If-None-Match")))
            text = TEXT if visit == 1 else (*TEXT, "The desk has added this sentence to the report.")
            whole = article(f"Gossi {path}", *(f"{line} {path[1:]}" for line in text), published=ago(hours=5))
            found = HICCUPS[path] if visit == 2 else whole
            return Answer(found.body, found.status, {**found.headers, "ETag": f'"{visit}"'})

        return answer

    with LoopbackSite({path: route(path) for path in HICCUPS}) as site:
        studied(tmp_path, site, *HICCUPS)
        for visit in (1, 2, 3):
            assert crawl_study(tmp_path).returncode == 0
            if visit == 2:
                due = rows(tmp_path, "SELECT url, next_attempt FROM candidate")
                soon = utc_now() + timedelta(hours=3)
                assert [path for path, at in due if not isinstance(at, datetime) or at > soon] == []
            make_due(tmp_path)
    assert rows(tmp_path, "SELECT DISTINCT outcome, detail FROM candidate") == [("on_topic", "version 2")]
    assert rows(tmp_path, "SELECT count(*) FROM article") == [(len(HICCUPS),)]
    assert {tag for number, tag in asked if number == 2} == {'"1"'}
    assert {tag for number, tag in asked if number == 3} == {None}


def test_a_page_of_which_nothing_is_held_is_asked_for_whole(tmp_path: Path) -> None:
    """Else a server would say of an article that was out of the window that it has not changed."""

    def page(headers: Mapping[str, str]) -> Answer:
        if headers.get("If-None-Match"):
            return Answer(b"", 304, {"ETag": '"v1"'})
        whole = article("Gossi", published="2022-03-25T10:00:00Z")
        return Answer(whole.body, 200, {**whole.headers, "ETag": '"v1"'})

    with LoopbackSite({"/grave": page}) as site:
        studied(tmp_path, site, "/grave")
        assert crawl_study(tmp_path).returncode == 0
        assert rows(tmp_path, "SELECT outcome, etag FROM candidate") == [("out_of_window", None)]
        study = tmp_path / "sources.toml"
        study.write_text(study.read_text().replace("first = 2022-04-01", "first = 2022-03-01"))
        assert crawl_study(tmp_path).returncode == 0
    assert rows(tmp_path, "SELECT outcome, etag FROM candidate") == [("on_topic", '"v1"')]
    assert rows(tmp_path, "SELECT count(*) FROM version") == [(1,)]


def test_pages_that_were_off_topic_are_judged_once_more_by_new_terms(tmp_path: Path) -> None:
    """A term that is added lets them be asked again, one that is left out does not; nor does the next run."""
    pages = {
        "/hombori": article("Hombori", *(line.replace("Gossi", "Hombori") for line in TEXT)),
        "/rain": Answer(WEATHER),
    }
    asked = []
    with LoopbackSite(pages) as site:
        studied(tmp_path, site, *pages)
        for terms in (["Gossi", "Arbinda"], ["Gossi"], ["Gossi", "Hombori"], ["Gossi", "Hombori"]):
            write_lexicon(tmp_path, {"topic": {"en": terms}})
            before = len(site.asked)
            told = crawl_study(tmp_path)
            asked.append((told.reconsidered, sorted(path for path in site.paths()[before:] if path in pages)))
    assert asked == [(0, ["/hombori", "/rain"]), (0, []), (2, ["/hombori", "/rain"]), (0, [])]
    assert outcomes(tmp_path) == {"/hombori": "on_topic", "/rain": "off_topic"}
