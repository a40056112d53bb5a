"""Which files a scan reads: those that are named, in folders, or in the lists of an archive."""

import gzip
import re
import zlib
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from pathlib import Path
from urllib.parse import urlsplit

from gossi.crawler.errors import GossiError, InputError, UsageError
from gossi.crawler.scan.fetch import Fetching
from gossi.crawler.study.sources import Window, as_month
from gossi.crawler.web.urls import is_web_address

_WARC = (".warc", ".warc.gz", ".warc.zst")
_LIST = (".paths", ".paths.gz", ".txt", ".txt.gz")
_BUCKET = "s3://commoncrawl/"
"""The same files as at `data` of [study.commoncrawl], for those who read them within Amazon's network."""

_BEGUN = re.compile(r"CC-NEWS-(\d{14})-\d+\.warc")
"""The name of a file of CC-NEWS: when it was begun, UTC, and its number."""

_BEFORE, _AFTER = timedelta(days=2), timedelta(days=7)
"""A file is filled in some hours, and a day ends up to 14 hours later elsewhere: what was begun two days
before a day holds none of its articles. Behind it, late finds go on for a while."""


@dataclass(frozen=True)
class Lists:
    """Where an archive's lists lead to.

    `base` is what their lines are relative to. `days` are those whose articles are wanted: files that cannot
    have them are left out of lists. `fetching` brings lists of the web.
    """

    base: str
    days: Window | None
    fetching: Fetching

    def month(self, month: str) -> str:
        """The address of the list of a month of CC-NEWS ("2022-04"). Raises UsageError where it is none."""
        try:
            year, _, number = as_month(month).partition("-")
        except ValueError as error:
            raise UsageError(str(error)) from None
        return f"{self.base.rstrip('/')}/crawl-data/CC-NEWS/{year}/{number}/warc.paths.gz"

    def files(self, named: Iterable[str]) -> Iterator[str | InputError]:
        """The address of each file, each once; an error in the place of what cannot be read."""
        seen = set()
        for name in named:
            for found in self._files(name):
                if isinstance(found, InputError) or found not in seen:
                    seen.add(str(found))
                    yield found

    def _files(self, name: str) -> Iterator[str | InputError]:
        try:
            if urlsplit(name).path.lower().endswith(_LIST):
                yield from self._listed(name)
            elif is_web_address(name):
                yield name
            elif name.startswith(_BUCKET):
                yield self._absolute(name, "")
            else:
                yield from _on_disk(Path(name))
        except GossiError as error:
            yield InputError(str(error))
        except OSError as error:
            yield InputError(f"{name}: cannot be read: {error.strerror}")

    def _listed(self, name: str) -> Iterator[str]:
        # As it is now: the list of a month grows until the month is over.
        self.fetching.forget(name)
        path = self.fetching.fetched(name)
        content = path.read_bytes()
        self.fetching.forget(name)
        try:
            text = (gzip.decompress(content) if content.startswith(b"\x1f\x8b") else content).decode()
        except (EOFError, gzip.BadGzipFile, zlib.error, UnicodeDecodeError) as error:
            raise InputError(f"{name}: no list of files can be read in it ({error})") from None
        # Whoever writes a list on the web names no files of this machine.
        beside = None if is_web_address(name) else path.parent
        lines = [line.strip() for line in text.splitlines()]
        if not any(lines):
            raise InputError(f"{name}: the list is empty")
        for line in filter(None, lines):
            if self._may_have(line):
                on_disk = beside / line if beside and "://" not in line else None
                yield str(on_disk.resolve()) if on_disk and on_disk.is_file() else self._absolute(line, name)

    def _absolute(self, line: str, name: str) -> str:
        if is_web_address(line):
            return line
        path = line.removeprefix(_BUCKET)
        if "://" in path or not path.endswith(_WARC):
            raise InputError(f"{name}: {line[:200]!r} is no WARC file of an archive")
        return f"{self.base.rstrip('/')}/{path.lstrip('/')}"

    def _may_have(self, line: str) -> bool:
        """Whether a file can have articles of the days wanted, by when it was begun."""
        begun = _BEGUN.search(line)
        if begun is None or self.days is None:
            return True
        try:
            day = date.fromisoformat(begun[1][:8])
        except ValueError:
            return True
        return self.days.first - _BEFORE <= day <= self.days.last + _AFTER


def _on_disk(path: Path) -> Iterator[str]:
    if path.is_dir():
        found = sorted(
            file for file in path.rglob("*") if file.name.lower().endswith(_WARC) and file.is_file()
        )
        if not found:
            raise InputError(f"{path}: has no WARC files; they end in {', '.join(_WARC)}")
        yield from (str(file.resolve()) for file in found)
    else:
        yield str(path.resolve())
