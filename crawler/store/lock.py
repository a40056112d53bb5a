"""One lock for all that writes a study's data: a run holds it from its beginning to its end."""

import fcntl
import json
import os
import shutil
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from gossi.crawler.errors import StoreError
from gossi.crawler.store.store import utc_now
from gossi.crawler.study.sources import StudyFolder

LEFTOVERS = ("*.building", "*.building.wal", "*.rebuilding", "*.rebuilding.wal", "*.tmp")
"""What a killed run leaves half made in data/: databases, and what DuckDB puts aside."""

_held: dict[Path, int] = {}
"""What this process holds, and how many of its calls need it."""


@dataclass(frozen=True)
class Holder:
    """Who holds the lock, or held it last and was killed. `since` is UTC without a zone."""

    process: int
    command: str
    since: datetime

    def __str__(self) -> str:
        return f"gossi {self.command}, process {self.process}, since {self.since:%Y-%m-%d %H:%M} UTC"


@contextmanager
def locked(folder: StudyFolder, command: str) -> Iterator[None]:
    """Hold the study for a command; within one that holds it already, go on holding it.

    What a killed run left half made is removed.

    Raises:
        StoreError: another process holds it, or the data folder cannot be written.
    """
    path = _file(folder)
    if path in _held:
        _held[path] += 1
        try:
            yield
        finally:
            _held[path] -= 1
        return
    number = _open(folder, path)
    try:
        _take(number, path)
        _held[path] = 1
        _write(number, Holder(os.getpid(), command, utc_now()))
        _clear(folder)
        try:
            yield
        finally:
            del _held[path]
            os.ftruncate(number, 0)
    finally:
        os.close(number)


def holder(folder: StudyFolder) -> tuple[Holder | None, bool]:
    """Who holds the study, or was killed while it did; and whether it still does."""
    path = _file(folder)
    try:
        with path.open("rb") as file:
            told = _read(file.read())
            try:
                fcntl.flock(file, fcntl.LOCK_SH | fcntl.LOCK_NB)
            except BlockingIOError:
                return told, True
    except OSError:
        return None, False
    return told, False


def _file(folder: StudyFolder) -> Path:
    return folder.data.resolve() / "run.lock"


def _open(folder: StudyFolder, path: Path) -> int:
    try:
        folder.data.mkdir(parents=True, exist_ok=True)
        return os.open(path, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o644)
    except OSError as error:
        raise StoreError(
            f"{folder.data}: the data folder cannot be written ({error.strerror}); make it writable or name "
            "another study with --study DIR"
        ) from None


def _take(number: int, path: Path) -> None:
    try:
        fcntl.flock(number, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        told = _read(os.pread(number, 4096, 0))
        who = f" ({told})" if told else ""
        raise StoreError(f"{path}: another run is working on this study{who}; wait until it ends") from None


def _write(number: int, who: Holder) -> None:
    told = {"process": who.process, "command": who.command, "since": who.since.isoformat()}
    os.ftruncate(number, 0)
    with suppress(OSError):  # a full disk; the lock holds all the same
        os.pwrite(number, json.dumps(told).encode(), 0)


def _read(content: bytes) -> Holder | None:
    try:
        told = json.loads(content)
        return Holder(int(told["process"]), str(told["command"]), datetime.fromisoformat(told["since"]))
    except (ValueError, KeyError, TypeError):
        return None


def _clear(folder: StudyFolder) -> None:
    for pattern in LEFTOVERS:
        for left in folder.data.glob(pattern):
            if left.is_dir():
                shutil.rmtree(left, ignore_errors=True)
            else:
                left.unlink(missing_ok=True)
