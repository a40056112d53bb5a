"""Coding of a store: only what is new, all again under a changed codebook, on after a kill.

Also tests analysis/cli/coding_progress.py and analysis/coding/coder.py.
"""

import os
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime
from pathlib import Path
from typing import Any

import pytest

from gossi.analysis.codebook import load_codebook
from gossi.analysis.coding.analyse import AnalyseResult, analyse
from gossi.crawler.store.store import Store
from gossi.crawler.study.sources import StudyFolder
from tests.conftest import ROOT
from tests.small_codebook import write

GRAVE = "The capital speaks of a grave at Tinfiction, in which many people lie."
INQUIRY = "An inquiry into it is to begin within a week, the capital said on Friday."
DRONE = "The staff shows what its drone saw on that day, from very high above."
PICTURES = "It has pictures too, which nobody else has been able to look at so far."
REST = "The road to Tinfiction is closed, and so nobody else was able to go there."


@contextmanager
def open_store(root: Path) -> Iterator[Store]:
    """The store of a study."""
    with Store(StudyFolder(root)) as store:
        yield store


def add(store: Store, article: str, number: int, headline: str, text: str) -> None:
    """Add a version of an article, and the article with the first one."""
    at, language = datetime(2022, 5, 1, 6, 0), "und"
    version = (
        f"{article}-{number}",
        article,
        number,
        at,
        None,
        1,
        language,
        headline,
        text,
        len(text.split()),
    )
    store.append("version", [(*version, f"sha256:{article}{number}", "full", 1)])
    url = f"https://outlet.example/{article}"
    store.append("article", [(article, "outlet", url, at, "minute", "json-ld", 1)], "OR IGNORE")


def rows(store: Store, sql: str) -> list[tuple[Any, ...]]:
    """What a query gives."""
    return store.con.execute(sql).fetchall()


def coded(store: Store, root: Path, run_id: int = 1) -> AnalyseResult:
    """Analyse with the study's codebook."""
    return analyse(store, load_codebook(root / "claims.toml"), run_id)


@pytest.fixture
def root(tmp_path: Path) -> Path:
    """A study with the small codebook and no store yet."""
    write(tmp_path)
    return tmp_path


def test_versions_are_coded_with_their_evidence(root: Path) -> None:
    """Claims, mentions with places and offsets, suggestions apart; what nobody can read is not codable."""
    with open_store(root) as store:
        add(store, "a", 1, "A grave at Tinfiction", f"{REST} {DRONE}\n{INQUIRY} {PICTURES}")
        add(store, "b", 1, "Tinfiction: mji", "Oneko wa oneko, na habari nyingine nyingi za siku hii ya leo. "
            "Watu wengi wanasema kwamba mji wa Tinfiction ni mzuri sana.")  # fmt: skip
        add(
            store,
            "c",
            1,
            "A quiet day",
            "Nothing happened here, and nobody had expected anything else either.",
        )
        result = coded(store, root, run_id=7)
        assert (result.coded, result.recoded, result.changes) == (3, 0, [])
        assert rows(store, "FROM side ORDER BY position") == [
            ("north", "The North", 1),
            ("south", "The South", 2),
        ]
        assert rows(
            store, "SELECT claim_id, paragraph, public_since, public_precision, position FROM claim"
        ) == [
            ("north.grave", 2, datetime(2022, 4, 22), "day", 1),
            ("north.inquiry", None, datetime(2022, 4, 22, 16, 30), "minute", 2),
            ("south.drone", None, datetime(2022, 4, 21), "day", 3),
        ]
        assert rows(store, "SELECT version_id, on_topic, language, codable, run_id FROM version_coding") == [
            ("a-1", True, "en", True, 7),
            ("b-1", True, "sw", False, 7),
            ("c-1", False, "und", True, 7),
        ]
        assert rows(store, "SELECT version_id, claim_id, stance FROM claim_coding") == [
            ("a-1", "north.grave", "attributed"),
            ("a-1", "north.inquiry", "attributed"),
            ("a-1", "south.drone", "attributed"),
        ]
        found = rows(
            store, "SELECT claim_id, sentence, place, text, confirmed FROM mention ORDER BY sentence"
        )
        assert found == [
            ("north.grave", -1, "headline", "A grave at Tinfiction", True),
            ("south.drone", 1, "lead", DRONE, True),
            ("north.inquiry", 2, "body", INQUIRY, True),
        ]
        wrong = rows(
            store,
            "SELECT m.text FROM mention m JOIN version v USING (version_id) WHERE m.text <> "
            "substring(if(place = 'headline', headline, v.text), char_start + 1, char_end - char_start)",
        )
        assert wrong == []


def test_only_new_versions_are_coded(root: Path) -> None:
    """What the same codebook has coded stays as it is, run number and all."""
    with open_store(root) as store:
        add(store, "a", 1, "Tinfiction", f"{GRAVE} {REST}")
        assert coded(store, root, run_id=1).coded == 1
        add(store, "a", 2, "Tinfiction", f"{GRAVE} {REST} {INQUIRY}")
        result = coded(store, root, run_id=2)
        assert (result.coded, result.recoded) == (1, 0)
        assert rows(store, "SELECT version_id, run_id FROM version_coding") == [("a-1", 1), ("a-2", 2)]
        again = coded(store, root, run_id=3)
        assert (again.coded, again.recoded) == (0, 0)
        assert str(again) == "analyse: nothing new to code under this codebook"


def test_a_changed_codebook_recodes_all_and_says_what_changed(root: Path) -> None:
    """Claim by claim, from what to what, with the articles; an article's last version speaks for it."""
    with open_store(root) as store:
        add(store, "a", 1, "Tinfiction", f"{GRAVE} {REST}")
        add(store, "a", 2, "Tinfiction", f"{GRAVE} {REST} {PICTURES}")
        add(store, "b", 1, "Tinfiction", f"{INQUIRY} {REST} {PICTURES}")
        add(store, "c", 1, "Tinfiction", f"{INQUIRY} {REST}")
        coded(store, root)
        write(root, ('en = ["grave"]', 'en = ["cemetery"]'), ('not_article = ["town"]\n', ""))
        add(store, "d", 1, "Tinfiction", f"{INQUIRY} {REST}")
        result = coded(store, root, run_id=2)
        assert (result.coded, result.recoded) == (1, 4)
        a, b = (f"https://outlet.example/{article}" for article in "ab")
        assert [(c.unit, c.before, c.after, c.articles, c.examples) for c in result.changes] == [
            ("north.grave", "attributed", "not included", 1, [a]),
            ("south.drone", "not included", "attributed", 2, [a, b]),
        ]
        assert str(result).splitlines() == [
            "analyse: 1 text coded, 4 texts coded again, since the codebook or its fit has changed",
            "3 cells (article × claim) changed",
            f"  north.grave: attributed → not included: 1 article: {a}",
            f"  south.drone: not included → attributed: 2 articles: {a}, {b}",
        ]
        assert rows(store, "SELECT count(*), count(DISTINCT codebook_digest) FROM version_coding") == [(5, 1)]
        assert rows(store, "SELECT count(*) FROM claim_coding WHERE claim_id = 'north.grave'") == [(0,)]
        assert coded(store, root).changes == []


def test_a_claim_that_left_the_codebook_leaves_the_store(root: Path) -> None:
    """Sides and claims are those of the codebook; a cell of a claim that is gone counts as changed."""
    with open_store(root) as store:
        add(store, "a", 1, "Tinfiction", f"{INQUIRY} {REST}")
        coded(store, root)
        write(root, ('id = "north.inquiry"', 'id = "north.probe"'))
        changes = coded(store, root).changes
        assert [(change.unit, change.before, change.after) for change in changes] == [
            ("north.inquiry", "attributed", "not included"),
            ("north.probe", "not included", "attributed"),
        ]
        assert rows(store, "SELECT claim_id FROM claim ORDER BY position") == [
            ("north.grave",),
            ("north.probe",),
            ("south.drone",),
        ]


def test_a_claims_other_date_changes_cells(root: Path) -> None:
    """An article of May could give a claim of April, and not one of June; so a new date is told."""
    with open_store(root) as store:
        add(store, "a", 1, "Tinfiction", f"{GRAVE} {REST}")
        add(store, "a", 2, "Tinfiction", f"{GRAVE} {REST} {PICTURES}")
        add(store, "off", 1, "Weather", "It rained all day long, and then it rained again in the night.")
        coded(store, root)
        write(root, ("public_since = 2022-04-22\n", "public_since = 2022-06-01\n"))
        result = coded(store, root, run_id=2)
        assert [(c.unit, c.before, c.after, c.articles) for c in result.changes] == [
            ("north.grave", "public", "not yet public", 1)
        ]
        assert str(result).splitlines()[1] == "1 cell (article × claim) changed"
        assert coded(store, root).changes == []
        write(root)
        assert {(c.before, c.after) for c in coded(store, root).changes} == {("not yet public", "public")}


def test_topic_changes_are_told(root: Path) -> None:
    """An article that the new codebook no longer takes for one on the topic is named as such."""
    with open_store(root) as store:
        add(
            store,
            "a",
            1,
            "News",
            f"{REST} It rained. The market of Tinfiction was full of people on that day.",
        )
        coded(store, root)
        write(root, ("topic_sentences = 2", "topic_sentences = 3"))
        result = coded(store, root)
        assert [(change.unit, change.before, change.after) for change in result.changes] == [
            ("topic", "on topic", "off topic")
        ]
        assert "0 cells (article × claim) changed" in str(result)


def many(store: Store, count: int) -> None:
    """Add articles, some in French, with claims in every second one."""
    english, french = (
        f"{REST} {INQUIRY}",
        "La route de Tinfiction est fermée. La capitale a ouvert une enquête.",
    )
    at = datetime(2022, 5, 1, 6, 0)
    for first in range(0, count, 1000):
        numbers = range(first, min(first + 1000, count))
        store.append(
            "version",
            [
                (f"v{n}-1", f"v{n}", 1, at, None, 1, "en", f"Tinfiction {n}",
                 (french if n % 3 == 0 else english) if n % 2 else REST, 20, f"sha256:{n}", "full", 1)
                for n in numbers
            ],
        )  # fmt: skip


def dump(root: Path) -> list[list[tuple[Any, ...]]]:
    """All that coding wrote, as it stands, but for the run that did it."""
    with open_store(root) as store:
        return [
            rows(store, "SELECT * EXCLUDE (run_id) FROM version_coding"),
            rows(store, "FROM claim_coding"),
            rows(store, "FROM mention"),
        ]


def test_worker_processes_give_the_same_in_the_same_order(tmp_path: Path) -> None:
    """Whether one process codes or two, the tables are the same, row by row."""
    for workers in (1, 2):
        root = tmp_path / str(workers)
        write(root)
        with open_store(root) as store:
            many(store, 700)
            steps: list[tuple[int, int]] = []
            result = analyse(
                store,
                load_codebook(root / "claims.toml"),
                1,
                workers=workers,
                on_progress=lambda done, total, steps=steps: steps.append((done, total)),
            )
            assert result.coded == 700
            assert steps == [(500, 700), (700, 700)]
    assert dump(tmp_path / "1") == dump(tmp_path / "2")


CODE = """
import sys
from pathlib import Path
from gossi.analysis.codebook import load_codebook
from gossi.analysis.coding.analyse import analyse
from gossi.crawler.store.store import Store
from gossi.crawler.study.sources import StudyFolder

if __name__ == "__main__":
    root = Path(sys.argv[1])
    with Store(StudyFolder(root)) as store:
        print("begun", flush=True)
        analyse(store, load_codebook(root / "claims.toml"), 2, 2, lambda done, total: print(done, flush=True))
"""


def children(pid: int) -> set[int]:
    """The processes that a process has started."""
    return {
        int(word)
        for task in Path(f"/proc/{pid}/task").glob("*/children")
        for word in task.read_text().split()
    }


def alive(pid: int) -> bool:
    """Whether a process is there and no mere entry of a dead one."""
    try:
        return Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0] != "Z"
    except OSError:
        return False


@pytest.mark.skipif(not Path("/proc/self/task").exists(), reason="needs /proc to see the workers")
@pytest.mark.long(8)
def test_a_killed_analysis_is_taken_up(tmp_path: Path) -> None:
    """After kill -9 no worker is left behind, what was committed stays, the rest is coded next time."""
    whole, broken = tmp_path / "whole", tmp_path / "broken"
    for root in (whole, broken):
        write(root)
        with open_store(root) as store:
            many(store, 1200)
    script = tmp_path / "code.py"
    script.write_text(CODE, encoding="utf-8")
    run = subprocess.Popen(
        [sys.executable, script, broken], stdout=subprocess.PIPE, env=os.environ | {"PYTHONPATH": str(ROOT)}
    )
    assert run.stdout is not None
    assert run.stdout.readline() == b"begun\n"
    assert 0 < int(run.stdout.readline()) < 1200
    workers = children(run.pid)
    os.kill(run.pid, signal.SIGKILL)
    run.wait()
    assert workers
    until = time.monotonic() + 10
    while any(map(alive, workers)) and time.monotonic() < until:
        time.sleep(0.05)
    assert not [pid for pid in workers if alive(pid)]
    with open_store(broken) as store:
        done = store.count("version_coding")
        assert 0 < done < 1200
        result = coded(store, broken)
        assert result.coded == 1200 - done
    with open_store(whole) as store:
        coded(store, whole)
    assert [sorted(table) for table in dump(broken)] == [sorted(table) for table in dump(whole)]
