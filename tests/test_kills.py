"""`kill -9` of every stage, then the same command: nothing lost or doubled. See test_crawl_resume.py too."""

import json
import time
from collections import Counter
from collections.abc import Iterator
from pathlib import Path
from random import Random
from shutil import copytree

import pytest

from gossi.crawler.study.sources import StudyFolder
from gossi.study import Study
from tests import small_codebook
from tests.conftest import gossi
from tests.crawling import crawl_study, make_due, rows
from tests.loopback import Answer, LoopbackSite, article, outlet, sources
from tests.warm import Warm

SEED = 20220422
POINTS = {"crawl": 20, "import": 20, "analyse": 16, "report": 12, "rebuild": 12}
"""Times that a stage is killed: with the 20 crawls of test_crawl_resume.py a hundred."""

CLAIM = "The capital said that the grave of Tinfiction, near Gossi, was left there. It rained {} times."
PAGES = [f"/{number}" for number in range(12)]

STATE = (
    "SELECT * EXCLUDE first_run FROM article ORDER BY ALL",
    "SELECT version_id, headline, text, digest, observability FROM version ORDER BY ALL",
    "SELECT url, outcome, etag FROM candidate ORDER BY ALL",
    "SELECT version_id, codebook_digest FROM version_coding ORDER BY ALL",
    "SELECT version_id, claim_id, sentence, text FROM mention ORDER BY ALL",
)


def page(number: int, change: int) -> Answer:
    """A page, as it was changed so many times."""
    return article(f"Tinfiction {number}", CLAIM.format(number), *["An inquiry began."] * change)


@pytest.fixture(scope="module")
def site() -> Iterator[LoopbackSite]:
    """An outlet of a dozen pages, each of which has been changed since it was crawled first."""
    with LoopbackSite({path: page(number, 1) for number, path in enumerate(PAGES)}) as served:
        yield served


@pytest.fixture(scope="module")
def begun(site: LoopbackSite, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A study after a first crawl, whose pages are due again; and a file to be imported."""
    root = tmp_path_factory.mktemp("begun") / "study"
    small_codebook.write(root)
    (root / "sources.toml").write_text(sources("delay = 0.0", outlet("gazette", site, *PAGES)))
    now = dict(site.routes)
    site.routes |= {path: page(number, 0) for number, path in enumerate(PAGES)}
    assert crawl_study(root).returncode == 0
    site.routes |= now
    make_due(root)
    lines = (
        {"id": n, "url": f"https://t.example/{n}", "headline": f"Gossi {n}", "text": CLAIM.format(n)}
        for n in range(300)
    )
    (root / "a.jsonl").write_text("".join(json.dumps(line) + "\n" for line in lines))
    return root


def state(root: Path) -> list[Counter[tuple[object, ...]]]:
    """What a stage leaves behind, but for times, numbers and places in files."""
    tables = {str(name) for (name,) in rows(root, "SELECT table_name FROM duckdb_tables()")}
    return [Counter(rows(root, query)) for query in STATE if query.split("FROM ")[1].split()[0] in tables]


def before(root: Path, stage: str) -> None:
    """Do what comes before a stage."""
    if stage in {"analyse", "report"}:
        assert Study(root).take_in([root / "a.jsonl"]).exit_code == 0
    if stage == "report":
        Study(root).analyse()


@pytest.mark.long(240)
@pytest.mark.parametrize("stage", POINTS)
def test_a_killed_stage_goes_on(begun: Path, tmp_path: Path, stage: str) -> None:
    """Killed at random moments, again and again; then it is let come to its end, as if it had never been."""
    words = ["import", "a.jsonl"] if stage == "import" else [stage]
    whole, broken = tmp_path / "whole", tmp_path / "broken"
    copytree(begun, whole)
    before(whole, stage)
    copytree(whole, broken)
    words = [str(tmp_path / "broken" / word) if word == "a.jsonl" else word for word in words]
    began = time.monotonic()
    reference = [str(whole / "a.jsonl") if word.endswith("a.jsonl") else word for word in words]
    assert gossi(*reference, study=whole).returncode == 0
    took = time.monotonic() - began
    chance, killed = Random(SEED), 0  # noqa: S311 - no secret
    for _ in range(POINTS[stage]):
        with Warm("gossi.analysis.cli.main:main", "--study", broken, *words) as process:
            time.sleep(chance.random() * took)
            process.kill()
            killed += process.wait(60) == -9
        if stage == "crawl":
            make_due(broken)
    print(f"{stage}: killed {killed} of {POINTS[stage]} times, within {took:.1f} s")  # noqa: T201
    last = gossi(*words, study=broken)
    assert last.returncode == 0, last.stderr
    if stage == "report":
        for file in (whole / "reports").glob("*.csv"):
            assert (broken / "reports" / file.name).read_bytes() == file.read_bytes()
    else:
        assert state(broken) == state(whole)
    assert not [path for path in StudyFolder(broken).data.iterdir() if path.suffix in {".building", ".tmp"}]
