"""`scan --scheduler`: a Dask scheduler and its workers read what one process would, whoever of them is lost.

Tests crawler/scan/cluster.py.
"""

import json
import os
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager, suppress
from pathlib import Path

import pytest

from gossi.crawler.errors import UsageError
from gossi.crawler.scan.progress import ScanProgress
from gossi.crawler.scan.scan import scan
from tests.web_archive import GAZETTE, OFF, coverage_of, held, new_study, on, scanned, write_file

pytest.importorskip("distributed")

_BEGIN_SECONDS = 60.0
"""Until a scheduler or worker is there, on a machine with much else to do."""


@contextmanager
def program(folder: Path, *words: str) -> Iterator[subprocess.Popen[bytes]]:
    """A program of Dask, as a user begins it; what it says is in its log."""
    settings = {
        "DASK_DISTRIBUTED__SCHEDULER__ALLOWED_FAILURES": "1",
        "DASK_DISTRIBUTED__DASHBOARD__ENABLED": "false",
    }
    with (folder / f"{words[0]}-{time.monotonic_ns()}.log").open("wb") as log:
        process = subprocess.Popen(
            [sys.executable, "-m", "distributed.cli.dask_" + words[0], *words[1:]],
            stdout=log, stderr=log, cwd=folder, env=os.environ | settings, start_new_session=True,
        )  # fmt: skip
        try:
            yield process
        finally:
            with suppress(ProcessLookupError):
                os.killpg(process.pid, signal.SIGKILL)
            process.wait()


@contextmanager
def cluster(folder: Path, workers: int) -> Iterator[tuple[str, list[subprocess.Popen[bytes]]]]:
    """A scheduler on loopback and its workers: its address, and the processes, the scheduler's first."""
    told = folder / "scheduler.json"
    with ExitStack() as stack:
        words = ("--host", "127.0.0.1", "--port", "0", "--no-dashboard", "--scheduler-file", str(told))
        processes = [stack.enter_context(program(folder, "scheduler", *words))]
        began = time.monotonic()
        while not told.exists() and time.monotonic() - began < _BEGIN_SECONDS:
            time.sleep(0.1)
        address = json.loads(told.read_text())["address"]
        for _ in range(workers):
            alone = ("--nthreads", "1", "--no-nanny", "--no-dashboard", "--local-directory", str(folder))
            processes.append(stack.enter_context(program(folder, "worker", address, *alone)))
        yield address, processes


def archive(folder: Path, files: int, pages: int) -> list[Path]:
    """Files of so many pages, each with an article at its end."""
    made = []
    for number in range(files):
        rain = {f"https://{GAZETTE}/{number}/rain/{n}": OFF for n in range(pages)}
        on_topic = {f"https://{GAZETTE}/{number}/grave": on(f"edition {number} of the gazette")}
        made.append(write_file(folder / f"{number}.warc.gz", rain | on_topic, day=10 + number))
    return made


@pytest.mark.long(40)
def test_a_cluster_reads_what_one_process_reads_though_a_worker_is_killed(tmp_path: Path) -> None:
    """The killed worker's file is read by the other one; the store is the same to the row."""
    files = archive(tmp_path, 5, 300)
    study, whole = new_study(tmp_path / "cluster"), new_study(tmp_path / "whole")
    with cluster(tmp_path, 2) as (address, processes):
        wait_for_workers(address, 2)

        def kill(progress: ScanProgress) -> None:
            if progress.files_done == 1:
                os.killpg(processes[1].pid, signal.SIGKILL)

        result = scan(study, [str(file) for file in files], scheduler=address, on_progress=kill)
        assert processes[1].wait() == -signal.SIGKILL
    assert (result.exit_code, result.problems) == (0, [])
    scanned(whole, *files)
    assert held(study) == held(whole)
    assert len(held(study)["articles"]) == len(files)
    assert coverage_of(study) == coverage_of(whole)


@pytest.mark.long(30)
def test_where_the_scheduler_goes_away_the_rest_is_told_and_read_later(tmp_path: Path) -> None:
    """What was read until then is taken in; the same scan on this machine completes it."""
    files = archive(tmp_path, 4, 300)
    study, whole = new_study(tmp_path / "cluster"), new_study(tmp_path / "whole")
    with cluster(tmp_path, 1) as (address, processes):

        def kill(progress: ScanProgress) -> None:
            if progress.files_done == 1:
                os.killpg(processes[0].pid, signal.SIGKILL)

        result = scan(study, [str(file) for file in files], scheduler=address, on_progress=kill)
    assert result.exit_code == 3
    assert 0 < result.unread < len(files)
    assert all("the scheduler went away; scan the same files again" in line for line in result.problems)
    assert len(held(study)["articles"]) == len(files) - result.unread
    assert scanned(study, *files).outcomes["files read"] == result.unread
    scanned(whole, *files)
    assert held(study) == held(whole)


def test_where_no_scheduler_answers_nothing_is_begun(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """The message names the address."""
    import dask  # noqa: PLC0415

    monkeypatch.setitem(dask.config.config["distributed"]["comm"]["timeouts"], "connect", "100ms")
    study = new_study(tmp_path / "study")
    with pytest.raises(UsageError, match=r"^tcp://127\.0\.0\.1:9: no Dask scheduler answers"):
        scan(study, [str(archive(tmp_path, 1, 1)[0])], scheduler="tcp://127.0.0.1:9")
    assert list(study.scans.rglob("*.jsonl.gz")) == []


def wait_for_workers(address: str, workers: int) -> None:
    """Until so many have told the scheduler that they are there."""
    from distributed import Client  # noqa: PLC0415

    with Client(address, set_as_default=False) as client:
        client.wait_for_workers(workers, timeout=_BEGIN_SECONDS)
