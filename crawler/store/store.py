"""Opens the store for writing: outlets, runs, and batches of rows that land together or not at all."""

from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager, suppress
from datetime import UTC, datetime
from pathlib import Path
from types import TracebackType
from typing import Self

import duckdb

from crawler.characters import whole
from crawler.errors import StoreError
from crawler.study import Outlet, StudyFolder
from crawler.version import code_version

_SCHEMA = (Path(__file__).parent / "schema.sql").read_text(encoding="utf-8")

DIED = "the process ended before the run did"
"""The message of a run that a crash ended."""

STOPPED = "stopped"
"""How the message of a run begins that was stopped before its end: by hand, or for want of room."""

_HELD_BYTES = 256_000_000
"""Of the database, beside what it had at the beginning. Indexes cannot be left on disk: they take 90 MB for a
million articles. An import of 200,000 articles ran with 40 MB too, as fast as without a limit."""

_OF_THE_MACHINE = (
    OSError,
    duckdb.IOException,
    duckdb.TransactionException,  # a commit that could not be written
    duckdb.OutOfMemoryException,
)

_MOST_UNLISTED = 10_000
"""Outlets that are remembered as entered, a megabyte of them; a file from the whole web may have millions."""

_TAKEN_UP = "; its captures were taken up"


def utc_now() -> datetime:
    """The time now in UTC, without a zone, to the second: as the store holds times."""
    return datetime.now(UTC).replace(tzinfo=None, microsecond=0)


class Store:
    """data/store.duckdb, open for writing. One process at a time; readers use data/coverage.duckdb.

    Raises:
        StoreError: the data folder can't be written, or another run holds the store.
    """

    def __init__(self, folder: StudyFolder) -> None:
        self.folder = folder
        self._column_types: dict[str, list[str]] = {}
        self._unlisted: set[str] = set()
        path = folder.store_file
        try:
            folder.data.mkdir(parents=True, exist_ok=True)
        except OSError as error:
            raise StoreError(
                f"{folder.data}: the data folder cannot be made ({error.strerror}); "
                "make it writable or name another study with --study DIR"
            ) from None
        try:
            self.con = duckdb.connect(str(path))
        except duckdb.IOException as error:
            if "lock" in str(error):
                raise StoreError(
                    f"{path}: another run is working on this study; wait until it ends"
                ) from None
            raise StoreError(
                f"{path}: cannot be opened for writing; is the folder writable, the disk not full? ({error})"
            ) from None
        # A checkpoint costs more than the rows it writes; one at the end of a run is enough (measured:
        # 80 µs a row against 440).
        self.con.execute("SET checkpoint_threshold = '1GB'")
        self.con.execute(_SCHEMA)

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        if error is None:
            self.close()
            return
        # What went wrong is what is to be told, not what cannot be done after it.
        with suppress(duckdb.Error):
            self.roll_back()
            self.con.execute("CHECKPOINT")
        self.con.close()

    def close(self) -> None:
        """Write everything to the file and let go of it."""
        self.con.execute("CHECKPOINT")
        self.con.close()

    def bound_memory(self) -> None:
        """Hold little of the database in memory, whatever its size: by default it may be 80 % of it."""
        size = self.folder.store_file.stat().st_size
        self.con.execute(f"SET memory_limit = '{(size + _HELD_BYTES) // 1_000_000}MB'")
        # What was written since the last checkpoint is held too.
        self.con.execute("SET checkpoint_threshold = '16MB'")

    def roll_back(self) -> None:
        """Give up what was not committed, if there is anything."""
        with suppress(duckdb.TransactionException):  # no transaction is open
            self.con.rollback()

    def sync_outlets(self, outlets: Iterable[Outlet]) -> None:
        """Make the outlets those of sources.toml; one that has gone from there stays, as not listed."""
        self.con.execute("UPDATE outlet SET listed = false WHERE listed")
        for outlet in outlets:
            self.con.execute(
                "INSERT OR REPLACE INTO outlet VALUES (?, ?, ?, ?, ?, ?, ?, ?, true)",
                [
                    outlet.id,
                    outlet.name,
                    outlet.domain,
                    outlet.country,
                    outlet.bloc,
                    outlet.ownership,
                    list(outlet.languages),
                    outlet.aggregator,
                ],
            )

    def unlisted_outlet(self, host: str, name: str = "") -> str:
        """The id of an outlet that sources.toml does not name: its host. Entered where it is new."""
        outlet_id = whole(host)
        if outlet_id not in self._unlisted:
            if len(self._unlisted) >= _MOST_UNLISTED:
                self._unlisted.clear()
            self._unlisted.add(outlet_id)
            # Each time it would cost 2 ms, whether or not it is there.
            self.con.execute(
                "INSERT OR IGNORE INTO outlet "
                "VALUES (?, ?, ?, 'XX', 'unlisted', 'unknown', [], false, false)",
                [outlet_id, whole(name or host), outlet_id],
            )
        return outlet_id

    def start_run(self, command: str, sources_digest: str, claims_digest: str = "") -> int:
        """Begin a run and give its number. Runs that a crash left open are marked interrupted."""
        self.con.execute(
            "UPDATE run SET status = 'interrupted', message = ? WHERE status = 'running'", [DIED]
        )
        number = self.next_id("run", "run_id")
        self.con.execute(
            "INSERT INTO run VALUES (?, ?, ?, NULL, 'running', '', 0, 0, 0, ?, ?, ?)",
            [number, command, utc_now(), code_version(), sources_digest, claims_digest],
        )
        return number

    def died(self) -> list[int]:
        """The runs that did not come to their end and whose captures nobody has taken up yet."""
        rows = self.con.execute(
            "SELECT run_id FROM run WHERE (starts_with(message, ?) OR starts_with(message, ?)) "
            "AND NOT ends_with(message, ?) ORDER BY run_id",
            [DIED, STOPPED, _TAKEN_UP],
        ).fetchall()
        return [run_id for (run_id,) in rows]

    def taken_up(self, run_id: int) -> None:
        """Note that what such a run captured is in the store."""
        self.con.execute("UPDATE run SET message = message || ? WHERE run_id = ?", [_TAKEN_UP, run_id])

    def end_run(self, run_id: int, status: str, message: str = "") -> None:
        """End a run; its counts are taken from what it wrote."""
        self.con.execute(
            """
            UPDATE run SET ended_at = $now, status = $status, message = $message,
                fetched = (SELECT count(*) FROM attempt WHERE run_id = $run AND kind = 'page'
                           AND http_status IS NOT NULL),
                articles = (SELECT count(*) FROM article WHERE first_run = $run),
                versions = (SELECT count(*) FROM version WHERE run_id = $run)
            WHERE run_id = $run
            """,
            {"now": utc_now(), "status": status, "message": whole(message), "run": run_id},
        )

    def next_id(self, table: str, column: str) -> int:
        """The number after the highest one in use."""
        row = self.con.execute(f"SELECT coalesce(max({column}), 0) + 1 FROM {table}").fetchone()  # noqa: S608
        assert row is not None  # noqa: S101 - an aggregate always has a row
        return int(row[0])

    def count(self, table: str) -> int:
        """How many rows a table has."""
        row = self.con.execute(f"SELECT count(*) FROM {table}").fetchone()  # noqa: S608
        assert row is not None  # noqa: S101 - an aggregate always has a row
        return int(row[0])

    def append(self, table: str, rows: Sequence[Sequence[object]], conflict: str = "") -> None:
        """Add rows that have a value for every column, in the table's order.

        Text that cannot be written down is made so: a batch must not fail for one row of it.
        `conflict` is what INSERT does with a key that is there already: "OR IGNORE" or "OR REPLACE".
        """
        if not rows:
            return
        # A list a column costs a tenth of a statement a row (measured: 0.1 ms against 1.3).
        columns = ", ".join(f"unnest(?::{kind}[])" for kind in self._types(table))
        self.con.execute(
            f"INSERT {conflict} INTO {table} SELECT {columns}",
            [[_writable(value) for value in column] for column in zip(*rows, strict=True)],
        )

    def _types(self, table: str) -> list[str]:
        if table not in self._column_types:
            rows = self.con.execute(
                "SELECT data_type FROM duckdb_columns() WHERE table_name = ? ORDER BY column_index", [table]
            ).fetchall()
            self._column_types[table] = [kind for (kind,) in rows]
        return self._column_types[table]


def _writable(value: object) -> object:
    if isinstance(value, str):
        return whole(value)
    return [_writable(part) for part in value] if isinstance(value, list | tuple) else value


@contextmanager
def told_of_the_machine(folder: StudyFolder) -> Iterator[None]:
    """Tell what the disk or the memory is to blame for as a StoreError that says what to do."""
    try:
        yield
    except _OF_THE_MACHINE as error:
        reason = str(error).splitlines()[0]
        raise StoreError(
            f"{folder.data}: cannot be written ({reason}); make room or mend the disk, then run the same "
            "command again: it goes on where this run stopped"
        ) from error
