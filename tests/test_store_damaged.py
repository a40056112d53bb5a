"""Databases that are damaged or lost, in a dozen ways: one message, the right exit code, no traceback.

Also tests crawler/store/store.py and analysis/measuring/query.py.
"""

import os
import sqlite3
from collections.abc import Callable
from pathlib import Path

import duckdb
import pytest

from gossi.analysis.measuring.publish import publish
from gossi.crawler.errors import StoreError
from gossi.crawler.store.store import Store
from gossi.crawler.study.sources import StudyFolder
from tests import hand_store, small_codebook
from tests.conftest import gossi
from tests.loopback import LoopbackSite, outlet, sources

_BLOCK = 4096


def _over(first: int, size: int, new: bytes = b"\0") -> Callable[[Path], None]:
    """Write over a part of a file; of its end where `first` is negative."""

    def damage(file: Path) -> None:
        content = bytearray(file.read_bytes())
        content[first : first + size or None] = (new * size)[:size]
        file.write_bytes(content)

    return damage


def _cut(part: float) -> Callable[[Path], None]:
    return lambda file: os.truncate(file, int(file.stat().st_size * part))


def _sqlite(file: Path) -> None:
    file.unlink()
    with sqlite3.connect(file) as con:
        con.execute("CREATE TABLE a (b)")
    con.close()


def _folder(file: Path) -> None:
    file.unlink()
    file.mkdir()


def _nowhere(file: Path) -> None:
    file.unlink()
    file.symlink_to("/nowhere/at/all")


def _scattered(file: Path) -> None:
    content = bytearray(file.read_bytes())
    for at in range(3 * _BLOCK, len(content), 5_003):
        content[at] ^= 0xFF
    file.write_bytes(content)


DAMAGES: dict[str, Callable[[Path], None]] = {
    "empty": _cut(0),
    "text": lambda file: file.write_text("no database\n") and None,
    "half": _cut(0.5),
    "a tenth": _cut(0.1),
    "a header": lambda file: os.truncate(file, 3 * _BLOCK),
    "first block": _over(0, _BLOCK),
    "both headers": _over(_BLOCK, 2 * _BLOCK),
    "magic": _over(8, 4, b"X"),
    "zeros": lambda file: file.write_bytes(bytes(file.stat().st_size)) and None,
    "noise": lambda file: file.write_bytes(os.urandom(file.stat().st_size)) and None,
    "scattered": _scattered,
    "another program's": _sqlite,
    "a folder": _folder,
    "a link to nowhere": _nowhere,
}


@pytest.fixture(scope="module")
def whole(tmp_path_factory: pytest.TempPathFactory) -> StudyFolder:
    """A study with a store and what was published of it."""
    root = tmp_path_factory.mktemp("whole")
    small_codebook.write(root)
    (root / "sources.toml").write_text(sources("delay = 0.0", outlet("gazette", LoopbackSite())))
    folder = StudyFolder(root)
    folder.data.mkdir()
    hand_store.build(folder.store_file)
    publish(folder.store_file, folder.published_file)
    return folder


def _told(folder: StudyFolder, *command: str) -> tuple[int, list[str]]:
    result = gossi(*command, study=folder.root)
    return result.returncode, result.stderr.splitlines()


@pytest.mark.long(30)
@pytest.mark.parametrize("damage", DAMAGES)
@pytest.mark.parametrize("name", ["store.duckdb", "coverage.duckdb"])
def test_a_damaged_database_is_one_message(whole: StudyFolder, damage: str, name: str) -> None:
    """It says which file it is and what to do; the other file stays as it is."""
    file = whole.data / name
    other = whole.store_file if name == "coverage.duckdb" else whole.published_file
    kept, untouched = file.read_bytes(), other.read_bytes()
    file.chmod(0o644)
    captures = whole.captures / "2022" / "04"
    captures.mkdir(parents=True, exist_ok=True)
    (captures / "gossi-20220421T000000Z-run000001-001.warc.gz").touch()
    DAMAGES[damage](file)
    try:
        code, lines = _told(whole, *(["analyse"] if name == "store.duckdb" else ["sql", "FROM coverage"]))
    finally:
        if file.is_dir():
            file.rmdir()
        file.unlink(missing_ok=True)
        file.with_name(f"{name}.wal").unlink(missing_ok=True)
        file.write_bytes(kept)
    assert (code, len(lines)) == (2, 1), lines
    assert name in lines[0]
    assert "another run" not in lines[0]
    assert ("gossi rebuild" if name == "store.duckdb" else "`gossi ") in lines[0] or damage == "a folder"
    assert other.read_bytes() == untouched


def test_a_database_that_is_another_programs_is_told(tmp_path: Path) -> None:
    """One of DuckDB's own without our tables counts as one of another version."""
    folder = StudyFolder(tmp_path)
    folder.data.mkdir()
    with duckdb.connect(folder.store_file) as con:
        con.execute("CREATE TABLE mine (b INTEGER)")
    with pytest.raises(StoreError, match="gossi rebuild makes it anew"):
        Store(folder)
