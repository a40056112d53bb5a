"""The sample study, crawled once over HTTP for all tests that read what a run leaves behind."""

import subprocess
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest

from crawler.sample.server import SampleWeb
from crawler.sample.study import write_study
from crawler.study import StudyFolder
from tests.loopback import free_ports

ROOT = Path(__file__).parents[1]
GOSSI = Path(sys.executable).with_name("gossi")
SAMPLE_PORT = free_ports()


def gossi(*words: str, study: Path | None = None, timeout: float = 300) -> subprocess.CompletedProcess[str]:
    """Call the installed command as a user does; never raises for an exit code."""
    study_words = [] if study is None else ["--study", str(study)]
    return subprocess.run(
        [GOSSI, *study_words, *words], capture_output=True, text=True, timeout=timeout, check=False
    )


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Begin with the tests that are marked as long."""
    items.sort(key=lambda item: item.get_closest_marker("long") is None)


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
    """`gossi run` on the sample web, whose server stays up."""
    root = tmp_path_factory.mktemp("sample") / "study"
    with SampleWeb(SAMPLE_PORT) as web:
        write_study(root, SAMPLE_PORT, ROOT / "claims.toml")
        yield SampleRun(StudyFolder(root), web, gossi("run", study=root))
