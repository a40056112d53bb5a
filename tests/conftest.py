"""The sample study, crawled once over HTTP for all tests that read what a run leaves behind."""

import subprocess
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from time import monotonic

import pytest

from gossi.crawler.sample.server import SampleWeb
from gossi.crawler.sample.study import write_study
from gossi.crawler.study.sources import StudyFolder
from tests.loopback import free_ports
from tests.warm import Warm

ROOT = Path(__file__).parents[1]
_BEGAN = monotonic()
GOSSI = Path(sys.executable).with_name("gossi")
SAMPLE_PORT = free_ports()


def gossi(*words: str, study: Path | None = None, timeout: float = 300) -> subprocess.CompletedProcess[str]:
    """What the command `gossi` does, in a process that begins warm; never raises for an exit code."""
    study_words = [] if study is None else ["--study", str(study)]
    with Warm("gossi.analysis.cli.main:main", *study_words, *words) as process:
        out, err = process.communicate(timeout)
        return subprocess.CompletedProcess(list(words), process.wait(), out, err)


def pytest_addoption(parser: pytest.Parser) -> None:
    """Of the long tests, run as many as there is time for."""
    parser.addoption(
        "--within", type=float, default=0, metavar="SECONDS", help="leave out long tests that would end later"
    )


@pytest.hookimpl(tryfirst=True)
def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Begin with the long tests, so that no process waits for one at the end; make what tests share once.

    What a fixture of a module, or of all modules, gives is made in each process that needs it: so the tests
    that share it go to one process (pytest-xdist, --dist loadgroup).
    """
    items.sort(key=_seconds, reverse=True)
    for item in items:
        if isinstance(item, pytest.Function) and (shared := _shared(item)):
            item.add_marker(pytest.mark.xdist_group(shared))


def _shared(test: pytest.Function) -> str:
    """The name of what is made once for this test and others; "" where all is its own."""
    if "sample_run" in test.fixturenames:
        return "sample_run"
    scopes = {
        definition.scope
        for name in test.fixturenames
        for definition in test._fixtureinfo.name2fixturedefs.get(name, ())
    }
    return test.module.__name__ if "module" in scopes else ""


def pytest_runtest_setup(item: pytest.Item) -> None:
    """Leave out a long test that would end too late; pytest's summary names it with the reason."""
    within = item.config.getoption("--within")
    if within and monotonic() - _BEGAN + _seconds(item) > within:
        pytest.skip(f"left out: takes about {_seconds(item):.0f} s, and {within:.0f} s are for all")


def _seconds(item: pytest.Item) -> float:
    """About how long a test takes, as its marker `long` says; 0 without one."""
    mark = item.get_closest_marker("long")
    return float(mark.args[0]) if mark else 0.0


def pytest_make_parametrize_id(val: object, argname: str) -> str | None:
    """Name a test by no bytes: compressed ones have the time in them, and two processes give it two names."""
    return argname if isinstance(val, bytes) else None


@dataclass(frozen=True)
class SampleRun:
    """A study on the sample web after `gossi run`."""

    folder: StudyFolder
    web: SampleWeb
    result: subprocess.CompletedProcess[str]


@pytest.fixture(scope="session")
def sample_run(tmp_path_factory: pytest.TempPathFactory) -> Iterator[SampleRun]:
    """`gossi run` on the sample web, whose server stays up: the installed command, as a user calls it."""
    root = tmp_path_factory.mktemp("sample") / "study"
    with SampleWeb(SAMPLE_PORT) as web:
        write_study(root, SAMPLE_PORT, ROOT / "claims.toml")
        run = subprocess.run(
            [GOSSI, "--study", root, "run"], capture_output=True, text=True, timeout=600, check=False
        )
        yield SampleRun(StudyFolder(root), web, run)
