"""Remembers which files were read, so that a scan run again reads, and fetches, nothing twice."""

import json
import os
import shutil
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from tempfile import mkdtemp

from gossi.crawler.scan.process import Done
from gossi.crawler.web.urls import is_web_address


class Seen:
    """data/scans/files.jsonl: the digest of each file by its address; of one on disk, as it was then."""

    def __init__(self, scans: Path) -> None:
        self._file = scans / "files.jsonl"
        self._digests: dict[str, str] = {}
        with suppress(FileNotFoundError):
            for line in self._file.read_text(encoding="utf-8", errors="replace").splitlines():
                with suppress(ValueError, KeyError, TypeError):  # a line that a kill left half written
                    row = json.loads(line)
                    self._digests[str(row["file"])] = str(row["digest"])

    def digest(self, address: str) -> str:
        """The digest of a file that was read before and is the same still; "" for another."""
        return self._digests.get(_key(address), "")

    def note(self, done: Done) -> None:
        """Note that a file was read."""
        key = _key(done.address)
        if self._digests.get(key) != done.digest:
            self._digests[key] = done.digest
            self._file.parent.mkdir(parents=True, exist_ok=True)
            with self._file.open("a", encoding="utf-8") as lines:
                lines.write(json.dumps({"file": key, "digest": done.digest}) + "\n")


def _key(address: str) -> str:
    """What tells a file from others without reading it. What an archive has at an address never changes."""
    if is_web_address(address):
        return address
    try:
        told = Path(address).stat()
    except OSError:
        return address
    return f"{address} {told.st_size} {told.st_mtime_ns}"


@contextmanager
def working_folder(scans: Path) -> Iterator[Path]:
    """A folder for what is being written; those of scans that were killed are removed."""
    scans.mkdir(parents=True, exist_ok=True)
    for left in scans.glob("reading-*"):
        if not _lives(left.name.split("-")[1]):
            shutil.rmtree(left, ignore_errors=True)
    folder = Path(mkdtemp(prefix=f"reading-{os.getpid()}-", dir=scans))
    try:
        yield folder
    finally:
        shutil.rmtree(folder, ignore_errors=True)


def _lives(process: str) -> bool:
    try:
        os.kill(int(process), 0)
    except ProcessLookupError:
        return False
    except (PermissionError, ValueError, OverflowError):
        return True
    return True
