"""What is wrong with a study now, since when, and what to do: for a person, and for a program."""

import shutil
from collections.abc import Iterator
from dataclasses import asdict, dataclass, field
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import duckdb

from gossi.crawler.store.lock import Holder, holder
from gossi.crawler.store.store import utc_now
from gossi.crawler.study.sources import StudyFolder

_HERE = Path(__file__).parent
_LAST_RUNS, _QUIET, _UNREAD, _DUE = (
    (_HERE / f"health_{name}.sql").read_text(encoding="utf-8") for name in ("runs", "quiet", "unread", "due")
)

_TIMES_LATE = 3
"""A study is late when the next run is away so many times as long as runs usually are apart."""

_ROOM_FOR_RUNS = 5
"""A person is told while the disk has room for so many runs more: enough days to do something."""


@dataclass(frozen=True)
class Problem:
    """Something that is wrong now. `since` is UTC without a zone; None: not known."""

    what: str
    since: datetime | None
    do: str


@dataclass
class Health:
    """How a study is. `working` is who works on it now; times are UTC without a zone, sizes bytes."""

    problems: list[Problem] = field(default_factory=list)
    working: Holder | None = None
    last_success: datetime | None = None
    disk_free: int = 0
    data_size: int = 0
    due_now: int = 0
    due_in_a_day: int = 0
    due_in_a_week: int = 0

    @property
    def exit_code(self) -> int:
        """0 all well, 3 a person is needed."""
        return 3 if self.problems else 0

    def as_json(self) -> dict[str, Any]:
        """All of it, as what JSON has."""
        return asdict(self) | {"well": not self.problems}


def health(folder: StudyFolder) -> Health:
    """How a study is, as its files tell; nothing is changed."""
    found = Health()
    last, is_held = holder(folder)
    found.working = last if is_held else None
    found.disk_free = _free(folder.root)
    found.data_size = _size(folder)
    try:
        with _opened(folder, is_held=is_held) as con:
            found.problems += _of_runs(con, last if not is_held else None)
            found.problems += _of_outlets(con)
            _count_due(con, found)
            found.last_success = _one(con, "SELECT max(ended_at) FROM run WHERE status IN ('ok', 'partial')")
            found.problems += _of_publishing(folder, con)
            found.problems += _of_disk(con, found)
    except FileNotFoundError:
        if any(folder.captures.glob("*/*/*.warc.gz")) or folder.published_file.exists():
            found.problems.append(
                Problem("data/store.duckdb is lost", None, "put back a copy, or run: gossi rebuild")
            )
    except duckdb.Error as error:
        reason = str(error).splitlines()[0]
        found.problems.append(
            Problem(
                f"a database cannot be read: {reason}", None,
                "put back a copy of data/store.duckdb, or run: gossi rebuild",
            )
        )  # fmt: skip
    return found


def last_runs(folder: StudyFolder, sql: str) -> tuple[list[str], list[tuple[Any, ...]]]:
    """Columns and rows of a query over the runs; nothing where none can be read, which `health` tells."""
    try:
        with _opened(folder, is_held=holder(folder)[1]) as con:
            cursor = con.execute(sql)
            return [column[0] for column in cursor.description or ()], cursor.fetchall()
    except (FileNotFoundError, duckdb.Error):
        return [
            "run",
            "command",
            "began (UTC)",
            "seconds",
            "status",
            "fetched",
            "articles",
            "versions",
            "",
        ], []


def _free(place: Path) -> int:
    try:
        return shutil.disk_usage(place).free
    except OSError:
        return 0


def _size(folder: StudyFolder) -> int:
    files = (path for path in folder.data.rglob("*") if path.is_file() and not path.is_symlink())
    return sum(path.stat().st_size for path in files)


def _opened(folder: StudyFolder, *, is_held: bool) -> duckdb.DuckDBPyConnection:
    """The store for reading; while a run writes in it, what was published of it. Raises FileNotFoundError."""
    file = folder.published_file if is_held and folder.published_file.exists() else folder.store_file
    if not file.exists():
        raise FileNotFoundError(file)
    con = duckdb.connect(file, read_only=True)
    if file == folder.published_file:
        con.execute("USE store")
    return con


def _one(con: duckdb.DuckDBPyConnection, query: str) -> Any:
    row = con.execute(query).fetchone()
    return row[0] if row else None


def _of_runs(con: duckdb.DuckDBPyConnection, killed: Holder | None) -> Iterator[Problem]:
    """Commands whose last runs were no success, and a schedule that does not run."""
    if killed is not None:
        yield Problem(
            f"gossi {killed.command} was killed (process {killed.process})", killed.since,
            f"run it again: gossi {killed.command}; it goes on where it was",
        )  # fmt: skip
    for command, status, message, since, runs in con.execute(_LAST_RUNS).fetchall():
        if status == "running" and killed is not None:
            continue
        told = {"running": "was killed", "failed": "failed", "interrupted": "was stopped"}[status]
        times = f", {runs} times in a row" if runs > 1 else ""
        why = f": {message}" if message else ""
        yield Problem(
            f"gossi {command} {told}{times}{why}"[:2000], since, f"mend what it names, then: gossi {command}"
        )
    late = con.execute(
        "SELECT max(started_at), median(gap) FROM (SELECT started_at, started_at - lag(started_at) OVER "
        "(ORDER BY started_at) AS gap FROM run WHERE command = 'crawl') HAVING count(gap) >= 3"
    ).fetchone()
    if late and late[1] and utc_now() - late[0] > max(_TIMES_LATE * late[1], timedelta(hours=6)):
        yield Problem(
            f"nothing was crawled since {late[0]:%Y-%m-%d %H:%M} UTC; usually once in {_span(late[1])}",
            late[0],
            "see whether the timer runs: systemctl --user list-timers, or crontab -l",
        )


def _span(gap: timedelta) -> str:
    hours = round(gap.total_seconds() / 3600)
    return f"{hours} hours" if hours < 48 else f"{round(hours / 24)} days"


def _of_outlets(con: duckdb.DuckDBPyConnection) -> Iterator[Problem]:
    for outlet, since, runs, why in con.execute(_UNREAD).fetchall():
        yield Problem(
            f"{outlet}: none of its feeds, sitemaps and pages could be read in {runs} runs: {why}", since,
            f"see what it answers: gossi sources check, then mend its entry (id {outlet}) in sources.toml",
        )  # fmt: skip
    for outlet, since, usual in con.execute(_QUIET).fetchall():
        yield Problem(
            f"{outlet}: its listings name nothing new, and named {usual:.1f} pages a run before", since,
            f"see whether its feeds and sitemaps (id {outlet}) are those that it fills now",
        )  # fmt: skip


def _of_publishing(folder: StudyFolder, con: duckdb.DuckDBPyConnection) -> Iterator[Problem]:
    last = con.execute(
        "SELECT run_id, ended_at FROM run WHERE ended_at IS NOT NULL ORDER BY run_id DESC LIMIT 1"
    ).fetchone()
    if last is None:
        return
    if not folder.published_file.exists():
        yield Problem("data/coverage.duckdb is lost", last[1], "publish anew: gossi analyse")
        return
    with duckdb.connect(folder.published_file, read_only=True) as published:
        seen = _one(published, "SELECT coalesce(max(run_id), 0) FROM store.run")
    if seen < last[0]:
        yield Problem(
            f"what runs {seen + 1} to {last[0]} learnt is not published", last[1], "publish: gossi analyse"
        )


def _of_disk(con: duckdb.DuckDBPyConnection, found: Health) -> Iterator[Problem]:
    need = room_for_a_run(con, found.data_size)
    if need and found.disk_free < _ROOM_FOR_RUNS * need:
        yield Problem(
            f"the disk has {found.disk_free / 1e9:.1f} GB left; a run takes some {need / 1e9:.2f} GB", None,
            "make room: gossi captures move DIR, or gossi prune",
        )  # fmt: skip


def little_room(folder: StudyFolder) -> str:
    """What to warn of before a run, where the disk may be full before its end; "" where there is room."""
    try:
        with _opened(folder, is_held=False) as con:
            need = room_for_a_run(con, _size(folder))
    except (FileNotFoundError, duckdb.Error):
        return ""
    free = _free(folder.root)
    if not need or free > need:
        return ""
    return (
        f"the disk has {free / 1e6:.0f} MB left, and a run takes some {need / 1e6:.0f} MB; make room: gossi "
        "captures move DIR, or gossi prune"
    )


def room_for_a_run(con: duckdb.DuckDBPyConnection, data_size: int) -> int:
    """About how many bytes a run takes: captures as the largest before, and a second published database."""
    runs = _one(con, "SELECT count(DISTINCT run_id) FROM attempt WHERE via = 'live'") or 0
    return int(data_size / runs) if runs else 0


def _count_due(con: duckdb.DuckDBPyConnection, found: Health) -> None:
    row = con.execute(_DUE, {"now": utc_now()}).fetchone()
    if row:
        found.due_now, found.due_in_a_day, found.due_in_a_week = row
