"""`kill -9` at any moment, then the same command: nothing lost, nothing doubled."""

import signal
import time
from collections import Counter
from collections.abc import Callable, Iterator, Mapping
from datetime import UTC, datetime, timedelta
from pathlib import Path
from random import Random

import pytest

from gossi.crawler.capture.read import ReadReport, read_pages
from gossi.crawler.page.soft_404 import is_probe
from gossi.crawler.sample.server import SampleWeb
from gossi.crawler.sample.study import write_study
from tests.conftest import ROOT
from tests.crawling import crawl_study, make_due, outcomes, rows, start_crawl
from tests.lexicons import write_sources
from tests.loopback import Answer, LoopbackSite, article, free_ports, outlet, sources
from tests.warm import Warm

PORT = free_ports()

OUTLETS = ("courrier-imaginaire", "quotidien-fictif", "imaginary-lantern")
"""Marks of campaigns, a paywall, a redirect, twins, and a page that robots.txt forbids."""

KILLS = 20
SEED = 20220421

RUNS = "SELECT status, message, stopped, taken_up_by FROM run ORDER BY run_id"

# Which of an article's two addresses comes first, and which is the duplicate, hangs on what was known when a
# run began: what is nearest to the days of the affair is asked first.
_CAME_OF_IT = (
    "CASE outcome WHEN 'duplicate' THEN 'on_topic' ELSE outcome END, "
    "CASE outcome WHEN 'duplicate' THEN '' ELSE detail END"
)

STATE = {
    "captures": f"SELECT url, final_url, http_status, {_CAME_OF_IT}, digest FROM attempt "  # noqa: S608
    "WHERE kind = 'page' AND http_status IS NOT NULL",
    "candidates": f"SELECT url, outlet_id, found_by, hint_published, {_CAME_OF_IT}, etag FROM candidate",  # noqa: S608
    "articles": "SELECT * EXCLUDE first_run FROM article",
    "versions": "SELECT version_id, headline, text, digest, observability, language, modified FROM version",
}
"""What a run leaves behind, but for its times, numbers and places in files."""


def state(study: Path) -> dict[str, Counter[tuple[object, ...]]]:
    """How often each row of what a run leaves behind is there."""
    return {name: Counter(rows(study, query)) for name, query in STATE.items()}


def kept_pages(study: Path) -> Counter[str]:
    """How often each page was kept with its content, over all WARC files; each file reads to its end."""
    kept: Counter[str] = Counter()
    for file in sorted((study / "data" / "captures").rglob("*.warc.gz")):
        report = ReadReport()
        for page in read_pages(file, report):
            if page.status == 200 and "html" in page.content_type and not is_probe(page.url):
                kept[page.url] += 1
        assert report.problems == []
    return kept


@pytest.fixture(scope="module")
def web() -> Iterator[SampleWeb]:
    """The sample web."""
    with SampleWeb(PORT) as served:
        yield served


def killed(study: Path, web: SampleWeb, chance: Random) -> bool:
    """Begin a crawl and kill it after a random number of answers and a random moment; False if it ended."""
    answers, moment = chance.randrange(1, 75), chance.random() * 0.05
    goal = len(web.requests) + answers
    with start_crawl(study, *OUTLETS) as process:
        while len(web.requests) < goal and process.poll() is None:
            time.sleep(0.001)
        time.sleep(moment)
        process.kill()
        process.communicate()
        print(f"killed after {answers} answers and {moment:.3f} s: {process.returncode}")  # noqa: T201
    return process.returncode == -9


@pytest.mark.long(90)
def test_a_crawl_killed_at_twenty_points_ends_as_an_unbroken_one(web: SampleWeb, tmp_path: Path) -> None:
    """Captures, candidates, articles and versions are those of a crawl that nobody disturbed."""
    claims = ROOT / "claims.toml"
    write_study(tmp_path / "unbroken", PORT, claims)
    assert crawl_study(tmp_path / "unbroken", *OUTLETS).returncode == 0
    expected = state(tmp_path / "unbroken")
    kept = kept_pages(tmp_path / "unbroken")
    assert len(expected["articles"]) > 15
    chance = Random(SEED)  # noqa: S311 - the same points each time
    print(f"seed {SEED}")  # noqa: T201
    kills = taken_up = 0
    while kills < KILLS:
        study = tmp_path / f"after-{kills}"
        write_study(study, PORT, claims)
        while kills < KILLS and killed(study, web, chance):
            kills += 1
        result = crawl_study(study, *OUTLETS)
        assert (result.returncode, result.stderr) == (0, "")
        taken_up += result.taken_up
        found = state(study)
        for name in STATE:
            assert found[name] == expected[name], (study.name, name)
        assert kept_pages(study) == kept
    assert taken_up > 0


YOUNG = datetime.now(UTC).replace(tzinfo=None, microsecond=0) - timedelta(hours=2)

PAGES = ("/edited", "/page-refused", "/page-unchanged", "/page-empty-at-first")
"""In the order in which they are asked for: the shortest first."""


class Visited:
    """A site of which each page is another at each visit; `stuck` is one that does not answer."""

    def __init__(self) -> None:
        self.visits: Counter[str] = Counter()
        self.stuck = ""
        self.site = LoopbackSite({path: self._route(path) for path in PAGES})

    def _route(self, path: str) -> Callable[[Mapping[str, str]], Answer]:
        def answer(asked: Mapping[str, str]) -> Answer:
            if path == self.stuck:
                return Answer(seconds=30)
            self.visits[path] += 1
            visit = self.visits[path]
            if path == "/page-refused" and visit == 1:
                return Answer(b"<html><title>Forbidden</title></html>", 403)
            if path == "/page-unchanged" and "If-None-Match" in asked:
                return Answer(b"", 304, {"ETag": '"v1"'})
            if path == "/page-empty-at-first" and visit == 1:
                return Answer(b"<html><head><title>Gossi</title></head><body></body></html>")
            text = f"Visit {visit} to {path} tells that a grave was found near the former base at Gossi."
            found = article(f"Gossi {path}", text, published=f"{YOUNG:%Y-%m-%dT%H:%M:%SZ}")
            return Answer(found.body, 200, {**found.headers, "ETag": '"v1"'})

        return answer


@pytest.fixture
def visited() -> Iterator[Visited]:
    """Such a site, serving."""
    found = Visited()
    with found.site:
        yield found


def crawled_twice(study: Path, visited: Visited, killed_at: str = "") -> int:
    """Crawl a site and then crawl it again, killed while a page is asked for; gives how much was taken up."""
    study.mkdir()
    text = sources("delay = 0.0", outlet("gazette", visited.site, *PAGES))
    tomorrow = (YOUNG + timedelta(days=2)).date()
    write_sources(study, text.replace("last = 2022-12-31", f"last = {tomorrow}"))
    visited.visits.clear()
    assert crawl_study(study).returncode == 0
    make_due(study)
    if killed_at:
        visited.stuck, before = killed_at, len(visited.site.asked)
        with start_crawl(study) as process:
            while killed_at not in visited.site.paths()[before:]:
                time.sleep(0.005)
            process.kill()
            process.communicate()
        visited.stuck = ""
    result = crawl_study(study)
    assert (result.returncode, result.stderr) == (0, "")
    return result.taken_up


@pytest.mark.long(90)
def test_a_recrawl_that_was_killed_ends_as_an_unbroken_one(visited: Visited, tmp_path: Path) -> None:
    """A version, a page refused or unread before, an unchanged one: none is lost or asked for twice."""
    assert crawled_twice(tmp_path / "unbroken", visited) == 0
    expected = state(tmp_path / "unbroken")
    visits = dict(visited.visits)
    assert visits == dict.fromkeys(PAGES, 2)
    assert [len(expected[name]) for name in ("captures", "articles", "versions")] == [8, 4, 6]
    # What is held in memory is written where a page is unchanged: that page alone is then to be taken up.
    for taken_up, page in zip((0, 1, 2, 1), PAGES, strict=True):
        study = tmp_path / f"at{page.replace('/', '-')}"
        assert crawled_twice(study, visited, page) == taken_up
        assert visited.visits == visits
        found = state(study)
        for name in STATE:
            assert found[name] == expected[name], (page, name)


def test_a_page_that_leads_on_is_not_taken_for_the_one_it_leads_to(tmp_path: Path) -> None:
    """Killed in between, the run had captured the first only: it is asked for again, and so is the other."""
    refresh = (
        b'<html><head><meta http-equiv="refresh" content="1; url=/grave"></head><body>Wait</body></html>'
    )
    with LoopbackSite({"/go": Answer(refresh), "/grave": Answer(seconds=30)}) as site:
        write_sources(tmp_path, sources("delay = 0.0", outlet("gazette", site, "/go")))
        with start_crawl(tmp_path) as process:
            while "/grave" not in site.paths():
                time.sleep(0.005)
            process.kill()
            process.communicate()
        site.routes["/grave"] = article("Gossi")
        assert crawl_study(tmp_path).taken_up == 0
    found = rows(tmp_path, "SELECT final_url, outcome FROM attempt WHERE kind = 'page'")
    assert found == [(f"{site.home}/grave", "on_topic")]


def test_a_file_that_was_just_begun_when_the_run_was_killed_is_removed(tmp_path: Path) -> None:
    """A reader of the captures would find it damaged; what stands in the run's other files is taken up."""
    with LoopbackSite({"/a": article("Gossi"), "/b": Answer(seconds=30)}) as site:
        write_sources(tmp_path, sources("delay = 0.0", outlet("gazette", site, "/a", "/b")))
        with start_crawl(tmp_path) as process:
            while "/b" not in site.paths():
                time.sleep(0.005)
            process.kill()
            process.communicate()
        (written,) = (tmp_path / "data" / "captures").rglob("*.warc.gz")
        begun = written.with_name(written.name.replace("-001.", "-002."))
        begun.touch()
        site.routes["/b"] = article("Gossi, too")
        result = crawl_study(tmp_path)
    assert (result.returncode, result.stderr) == (0, "")
    assert not begun.exists()
    assert kept_pages(tmp_path) == {f"{site.home}/a": 1, f"{site.home}/b": 1}
    assert outcomes(tmp_path) == {"/a": "on_topic", "/b": "on_topic"}


def test_what_was_captured_before_ctrl_c_is_taken_up(tmp_path: Path) -> None:
    """Two pages were captured, but not read yet, and a third was asked for: only that is asked for again."""
    text = "The general staff said that a grave was found near the former base, and that the bodies are old."
    pages = {
        path: article(f"Gossi {path}", f"Report {path} from Gossi in Mali. {text}") for path in ("/a", "/b")
    }
    with LoopbackSite({**pages, "/long": Answer(seconds=30)}) as site:
        write_sources(tmp_path, sources("delay = 0.0", outlet("gazette", site, "/a", "/b", "/long")))
        with Warm("tests.crawling:main_unread", tmp_path) as process:
            while "/long" not in site.paths():
                time.sleep(0.005)
            process.send_signal(signal.SIGINT)
            _, told = process.communicate(300)
        assert (process.returncode, told) == (130, "")
        assert rows(tmp_path, RUNS) == [("interrupted", "stopped by hand; the next run goes on", True, None)]
        assert rows(tmp_path, "SELECT count(*) FROM attempt WHERE kind = 'page'") == [(0,)]
        site.routes["/long"] = article("Gossi, at length")
        result = crawl_study(tmp_path)
    assert (result.returncode, result.stderr, result.taken_up) == (0, "", 2)
    assert [site.paths().count(path) for path in ("/a", "/b", "/long")] == [1, 1, 2]
    assert outcomes(tmp_path) == dict.fromkeys(("/a", "/b", "/long"), "on_topic")
    assert [row[0] for row in rows(tmp_path, RUNS)] == ["interrupted", "ok"]
    assert rows(tmp_path, "SELECT stopped, taken_up_by FROM run ORDER BY run_id") == [
        (True, 2),
        (False, None),
    ]
