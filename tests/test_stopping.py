"""SIGTERM, SIGHUP and Ctrl-C end every stage soon, and what was learnt is kept.

Also tests crawler/own_folder.py and crawler/store/lock.py.
"""

import json
import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path

import pytest

from gossi.crawler.errors import StoreError
from gossi.crawler.own_folder import clear, is_alive
from gossi.crawler.store.lock import Holder, holder, locked
from gossi.crawler.study.sources import StudyFolder
from gossi.study import Study
from tests import small_codebook
from tests.crawling import rows
from tests.lexicons import write_sources
from tests.loopback import Answer, LoopbackSite, article, outlet, sources
from tests.warm import Warm

SECONDS = 5.0
"""Within which a signal is obeyed; on a machine with nothing else to do."""

INTERRUPTED = "gossi: interrupted; run the same command again to go on"

BUSY = 3.0
"""What a machine that runs other tests too may take times as long."""


HOLD = """
import sys
from pathlib import Path
from gossi.crawler.store.lock import locked
from gossi.crawler.study.sources import StudyFolder
with locked(StudyFolder(Path(sys.argv[1])), "run"):
    print("held", flush=True)
    sys.stdin.read()
"""
"""Holds a study until it is killed."""


def stopped(process: Warm, number: int) -> tuple[int, str]:
    """The exit code after a signal, and what was written to standard error; within the time."""
    began = time.monotonic()
    process.send_signal(number)
    code = process.wait(60)
    took = time.monotonic() - began
    print(f"stopped after {took:.1f} s")  # noqa: T201
    assert took < SECONDS * BUSY
    return code, process.communicate()[1]


def until(holds: Callable[[], bool], process: Warm) -> None:
    """Wait until something holds; fails where the process ends before."""
    end = time.monotonic() + 60
    while not holds():
        assert process.poll() is None, process.communicate()
        assert time.monotonic() < end
        time.sleep(0.01)


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGHUP])
def test_a_crawl_ends_though_a_server_does_not_answer(tmp_path: Path, number: int) -> None:
    """What was kept is taken up by the next crawl, and the run is told as interrupted, not as failed."""
    with LoopbackSite({"/a": article("Gossi one"), "/slow": Answer(b"", seconds=30)}) as site:
        write_sources(tmp_path, sources("delay = 0.0", outlet("gazette", site, "/a", "/slow")))
        with Warm("gossi.analysis.cli.main:main", "--study", tmp_path, "crawl") as process:
            until(lambda: "/slow" in site.paths(), process)
            code, told = stopped(process, number)
    assert (code, told.splitlines()[-1:]) == (
        128 + number, [INTERRUPTED],
    )  # fmt: skip
    assert rows(tmp_path, "SELECT command, status, stopped FROM run") == [("crawl", "interrupted", True)]
    assert holder(StudyFolder(tmp_path)) == (None, False)


@pytest.mark.long(20)
@pytest.mark.parametrize("stage", ["import", "analyse"])
def test_other_stages_end_too_and_go_on(tmp_path: Path, stage: str) -> None:
    """Half of the articles may be in; the same command again takes in the rest, none twice."""
    small_codebook.write(tmp_path)
    write_sources(tmp_path, sources("delay = 0.0", outlet("gazette", LoopbackSite())))
    file, many = tmp_path / "articles.jsonl", 1500
    text = "The capital said that the grave of Tinfiction, near Gossi, was left. " * 10
    with file.open("w") as lines:
        for n in range(many):
            each = {"id": n, "url": f"https://a.example/{n}", "headline": f"Gossi {n}", "text": text}
            lines.write(json.dumps(each) + "\n")
    command = ["import", str(file)] if stage == "import" else ["analyse"]
    if stage == "analyse":
        assert Study(tmp_path).take_in([file]).exit_code == 0
    with Warm("gossi.analysis.cli.main:main", "--study", tmp_path, *command) as process:
        until(lambda: holder(StudyFolder(tmp_path))[1], process)
        time.sleep(0.7)
        code, told = stopped(process, signal.SIGTERM)
    assert (code, told.splitlines()[-1:]) == (
        143,
        [INTERRUPTED],
    )
    assert rows(tmp_path, "SELECT status FROM run ORDER BY run_id DESC LIMIT 1") == [("interrupted",)]
    if stage == "import":
        assert Study(tmp_path).take_in([file]).exit_code == 0
    Study(tmp_path).analyse()
    assert rows(tmp_path, "SELECT count(*), count(DISTINCT article_id) FROM version") == [(many, many)]
    assert rows(tmp_path, "SELECT count(*) FROM version_coding") == [(many,)]


def test_one_run_at_a_time_from_its_beginning_to_its_end(tmp_path: Path) -> None:
    """Between a run's crawl and its analysis nobody else can begin; the message says who works."""
    folder = StudyFolder(tmp_path)
    with subprocess.Popen(
        [sys.executable, "-c", HOLD, tmp_path], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
    ) as other:
        assert other.stdin
        assert other.stdout
        assert other.stdout.readline() == "held\n"
        who, held = holder(folder)
        assert held
        assert who is not None
        assert (who.process, who.command) == (other.pid, "run")
        with pytest.raises(StoreError, match=rf"another run .*gossi run, process {other.pid}, since"):
            Study(tmp_path).publish()
        other.kill()
        other.wait()
    assert holder(folder) == (who, False)  # it was killed: what it was is known still
    with locked(folder, "crawl"), locked(folder, "publish"):
        assert holder(folder)[0] == Holder(os.getpid(), "crawl", holder(folder)[0].since)  # type: ignore[union-attr]
    assert holder(folder) == (None, False)


def test_what_a_killed_run_left_half_made_goes(tmp_path: Path) -> None:
    """Databases half built, and what DuckDB put aside."""
    for name in ("coverage.duckdb.building", "store.duckdb.rebuilding.wal", "store.duckdb"):
        (tmp_path / "data" / name).parent.mkdir(exist_ok=True)
        (tmp_path / "data" / name).touch()
    (tmp_path / "data" / "store.duckdb.tmp").mkdir()
    (tmp_path / "data" / "store.duckdb.tmp" / "a").touch()
    with locked(StudyFolder(tmp_path), "crawl"):
        assert sorted(path.name for path in (tmp_path / "data").iterdir()) == ["run.lock", "store.duckdb"]


def test_temporary_folders_of_killed_processes_go(tmp_path: Path) -> None:
    """Those of living ones stay, and what is nobody's of ours."""
    with subprocess.Popen([sys.executable, "-c", ""]) as dead:
        dead.wait()
    for name in (f"gossi-{dead.pid}-a", f"gossi-{os.getpid()}-b", "gossi-sample", "another"):
        (tmp_path / name / "inner").mkdir(parents=True)
    clear(tmp_path)
    assert not is_alive(dead.pid)
    assert sorted(path.name for path in tmp_path.iterdir()) == [
        "another", f"gossi-{os.getpid()}-b", "gossi-sample",
    ]  # fmt: skip
