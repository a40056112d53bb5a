"""`kill -9` at any moment, then the same command: nothing lost, nothing doubled."""

import time
from collections import Counter
from collections.abc import Iterator
from pathlib import Path
from random import Random

import pytest

from crawler.capture.read import ReadReport, read_pages
from crawler.fetch.judge import is_probe
from crawler.sample.server import SampleWeb
from crawler.sample.study import write_study
from tests.crawling import crawl_study, rows, start_crawl
from tests.loopback import free_ports

PORT = free_ports()

OUTLETS = ("courrier-imaginaire", "quotidien-fictif", "imaginary-lantern")
"""Marks of campaigns, a paywall, a redirect, twins, and a page that robots.txt forbids."""

KILLS = 20
SEED = 20220421

STATE = {
    "captures": "SELECT url, final_url, http_status, outcome, detail, digest FROM attempt "
    "WHERE kind = 'page' AND http_status IS NOT NULL",
    "candidates": "SELECT url, outlet_id, found_by, hint_published, outcome, detail, etag FROM candidate",
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


def test_a_crawl_killed_at_twenty_points_ends_as_an_unbroken_one(web: SampleWeb, tmp_path: Path) -> None:
    """Captures, candidates, articles and versions are those of a crawl that nobody disturbed."""
    claims = tmp_path / "claims.toml"
    claims.write_text("# Collecting does not read it.\n")
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
