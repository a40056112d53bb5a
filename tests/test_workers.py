"""Workers know nothing of who begins them: no main module runs twice, no lost helper is waited for."""

import os
import subprocess
import sys
from pathlib import Path

import pytest

from gossi.crawler.errors import GossiError
from gossi.crawler.extraction.pool import ExtractionPool
from tests.pool_functions import misbehave
from tests.warm import ROOT

# No `if __name__ == "__main__"`: run again in a worker, it would write its first line once more.
_SCRIPT = """
print("begun")
from concurrent.futures import ProcessPoolExecutor
from gossi.crawler.extraction.pool import ExtractionPool
from gossi.crawler.workers import spawning
from tests.pool_functions import misbehave
with ExtractionPool(2, extract=misbehave) as pool:
    print(*[pool.submit(body, "").result().text for body in (b"a", b"die", b"b")])
with ProcessPoolExecutor(2, spawning()) as pool:
    print(*pool.map(len, ["c", "dd"]))
"""


@pytest.mark.parametrize("way", ["file", "input", "module", "argument"])
def test_the_main_module_is_not_run_again(tmp_path: Path, way: str) -> None:
    """However the caller was begun."""
    script = tmp_path / "study_of_mine.py"
    script.write_text(_SCRIPT)
    arguments = {
        "file": [str(script)],
        "input": ["-"],
        "module": ["-m", "study_of_mine"],
        "argument": ["-c", _SCRIPT],
    }
    done = subprocess.run(
        [sys.executable, *arguments[way]],
        input=_SCRIPT,
        cwd=tmp_path,
        env=os.environ | {"PYTHONPATH": str(ROOT)},
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )
    assert (done.stdout, done.stderr) == ("begun\na  b\n1 2\n", "")


def test_a_callers_own_workers_find_its_main_module(tmp_path: Path) -> None:
    """What is done for ours changes nothing for theirs."""
    script = tmp_path / "script.py"
    script.write_text(
        "import multiprocessing\nfrom concurrent.futures import ProcessPoolExecutor\n"
        "from gossi.crawler.workers import spawning\n"
        "def twice(number):\n    return 2 * number\n"
        "if __name__ == '__main__':\n"
        "    with ProcessPoolExecutor(1, spawning()) as ours:\n        print(*ours.map(abs, [-3]))\n"
        "    with ProcessPoolExecutor(1, multiprocessing.get_context('spawn')) as theirs:\n"
        "        print(*theirs.map(twice, [3]))\n"
    )
    done = subprocess.run([sys.executable, script], capture_output=True, text=True, timeout=60, check=False)
    assert (done.stdout, done.stderr) == ("3\n6\n", "")


def test_a_helper_thread_that_is_lost_fails_what_waits_for_it(monkeypatch: pytest.MonkeyPatch) -> None:
    """Pages at hand and later ones are an error in words, and leaving waits for none of them."""

    def lost(pool: ExtractionPool) -> None:
        raise ValueError("as asked")

    monkeypatch.setattr(ExtractionPool, "_launched", lost)
    with ExtractionPool(1, extract=misbehave) as pool:
        futures = [pool.submit(b"a", "https://courier.example/")]
        with pytest.raises(GossiError, match="given up: ValueError: as asked"):
            futures[0].result(timeout=30)
        with pytest.raises(GossiError, match="given up: ValueError: as asked"):
            pool.submit(b"b", "https://courier.example/")
