"""Opens the store for writing: outlets, runs, and batches of rows that land together or not at all."""

import re
from collections.abc import Iterator, Sequence
from contextlib import contextmanager, suppress
from datetime import UTC, datetime
from pathlib import Path
from types import TracebackType
from typing import Self

import duckdb

from gossi.crawler.characters import whole
from gossi.crawler.errors import StoreError
from gossi.crawler.study.sources import StudyFolder
from gossi.crawler.version import code_version

_SCHEMA = (Path(__file__).parent / "schema.sql").read_text(encoding="utf-8")

SCHEMA_VERSION = 3
"""Raised with each change of a table here or in analysis/coding/schema.sql that a store may have already."""

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

_DAMAGE = re.compile(r"not a valid DuckDB|[Cc]orrupt|WAL|version number|read enough|[Ee]xtension")
"""What DuckDB says of a file that is none of its own, or no more."""

_MOST_UNLISTED = 10_000
"""Outlets that are remembered as entered, a megabyte of them; a file from the whole web may have millions."""


def utc_now() -> datetime:
    """The time now in UTC, without a zone, to the second: as the store holds times."""
    return datetime.now(UTC).replace(tzinfo=None, microsecond=0)


class Store:
    """data/store.duckdb, open for writing. One process at a time; readers use data/coverage.duckdb.

    Args:
        folder: of the study.
        anew: make a store where there is none, though the study has been collected into one before.

    Raises:
        StoreError: the data folder can't be written, another run holds the store, it is damaged or of another
            version, or it is gone while what was collected into it is there.
    """

    def __init__(self, folder: StudyFolder, *, anew: bool = False) -> None:
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
        if not anew:
            _refuse_a_lost_one(folder)
        try:
            self.con = duckdb.connect(str(path))
        except duckdb.Error as error:
            raise _unopened(path, error) from None
        # A checkpoint costs more than the rows it writes; one at the end of a run is enough (measured:
        # 80 µs a row against 440).
        self.con.execute("SET checkpoint_threshold = '1GB'")
        try:
            self._make_tables(path)
        except duckdb.Error as error:
            with suppress(duckdb.Error):
                self.con.close()
            raise damaged(path, error) from None

    def _make_tables(self, path: Path) -> None:
        tables = {name for (name,) in self.con.execute("SELECT table_name FROM duckdb_tables()").fetchall()}
        if not tables:
            self.con.begin()
            self.con.execute(_SCHEMA)
            self.con.execute("INSERT INTO store_schema VALUES (?)", [SCHEMA_VERSION])
            self.con.commit()
            return
        # The first version did not tell itself.
        row = self.con.execute("FROM store_schema").fetchone() if "store_schema" in tables else (1,)
        if row == (SCHEMA_VERSION,):
            # A table that is new changes none that is there.
            self.con.execute(_SCHEMA)
            return
        self.con.close()
        raise StoreError(
            f"{path}: a store of version {row[0] if row else 'unknown'}, and this program's is "
            f"{SCHEMA_VERSION}; gossi rebuild makes it anew from what was captured, and keeps the old one"
        )

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
            "UPDATE run SET status = 'interrupted', stopped = true, "
            "message = 'the process ended before the run did' WHERE status = 'running'"
        )
        number = self.next_id("run", "run_id")
        self.con.execute(
            "INSERT INTO run VALUES (?, ?, ?, NULL, 'running', '', 0, 0, 0, ?, ?, ?, false, NULL)",
            [number, command, utc_now(), code_version(), sources_digest, claims_digest],
        )
        return number

    def died(self) -> list[int]:
        """The runs that did not come to their end and whose captures nobody has taken up yet."""
        rows = self.con.execute(
            "SELECT run_id FROM run WHERE stopped AND taken_up_by IS NULL ORDER BY run_id"
        ).fetchall()
        return [run_id for (run_id,) in rows]

    def taken_up(self, run_id: int, by: int) -> None:
        """Note that another run has entered what such a run captured."""
        self.con.execute("UPDATE run SET taken_up_by = ? WHERE run_id = ?", [by, run_id])

    def end_run(self, run_id: int, status: str, message: str = "", *, stopped: bool = False) -> None:
        """End a run; its counts are taken from what it wrote. `stopped`: before its work was done."""
        self.con.execute(
            """
            UPDATE run SET ended_at = $now, status = $status, message = $message, stopped = $stopped,
                fetched = (SELECT count(*) FROM attempt WHERE run_id = $run AND kind = 'page'
                           AND http_status IS NOT NULL)
                        + (SELECT coalesce(sum(scanned_page.pages), 0)
                           FROM scanned_page JOIN scanned_file USING (digest) WHERE run_id = $run),
                articles = (SELECT count(*) FROM article WHERE first_run = $run),
                versions = (SELECT count(*) FROM version WHERE run_id = $run)
            WHERE run_id = $run
            """,
            {
                "now": utc_now(),
                "status": status,
                "message": whole(message),
                "stopped": stopped,
                "run": run_id,
            },
        )

    def note_failed_publishing(self, why: str) -> None:
        """Note of the last run that what it learnt could not be published: it is no success."""
        self.roll_back()
        self.con.execute(
            "UPDATE run SET status = 'failed', message = ? WHERE run_id = (SELECT max(run_id) FROM run) "
            "AND status IN ('ok', 'partial')",
            [whole(f"not published: {why}")],
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
        if table not in self._column_types:
            self._column_types[table] = column_types(self.con, "main", table)
        insert(self.con, table, self._column_types[table], rows, conflict)


def column_types(connection: duckdb.DuckDBPyConnection, schema: str, table: str) -> list[str]:
    """The types of a table's columns, in their order."""
    rows = connection.execute(
        "SELECT data_type FROM duckdb_columns() WHERE schema_name = ? AND table_name = ?"
        " ORDER BY column_index",
        [schema, table],
    ).fetchall()
    return [kind for (kind,) in rows]


def insert(
    connection: duckdb.DuckDBPyConnection,
    table: str,
    types: Sequence[str],
    rows: Sequence[Sequence[object]],
    conflict: str = "",
) -> None:
    """Add rows to a table with columns of these types; `conflict` as in `Store.append`."""
    if rows:
        # A list a column costs a tenth of a statement a row (measured: 0.1 ms against 1.3).
        columns = ", ".join(f"unnest(?::{kind}[])" for kind in types)
        connection.execute(
            f"INSERT {conflict} INTO {table} SELECT {columns}",
            [[_writable(value) for value in column] for column in zip(*rows, strict=True)],
        )


def _refuse_a_lost_one(folder: StudyFolder) -> None:
    """Raise StoreError where there are captures and no store: it was lost, and an empty one would hide it."""
    path = folder.store_file
    if path.exists() or not (path.is_symlink() or any(folder.captures.glob("*/*/*.warc.gz"))):
        return
    raise StoreError(
        f"{path}: is not there, though this study has captures: put it back from a copy, or make it anew "
        f"from them with gossi rebuild; to begin from nothing, move {folder.data} away"
    )


def _unopened(path: Path, error: duckdb.Error) -> StoreError:
    if "set lock on file" in str(error):
        return StoreError(f"{path}: another run is working on this study; wait until it ends")
    if isinstance(error, duckdb.IOException) and not _DAMAGE.search(str(error)):
        return StoreError(
            f"{path}: cannot be opened for writing; is the folder writable, the disk not full? "
            f"({str(error).splitlines()[0]})"
        )
    return damaged(path, error)


def damaged(path: Path, error: duckdb.Error) -> StoreError:
    """What to tell where a store is there, and cannot be read."""
    reason = str(error).splitlines()[0]
    return StoreError(
        f"{path}: is damaged ({reason}); put back a copy, or make it anew from what was captured with gossi "
        "rebuild, which keeps the damaged one"
    )


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
        if isinstance(error, duckdb.Error) and _DAMAGE.search(str(error)):
            raise damaged(folder.store_file, error) from error
        reason = str(error).splitlines()[0]
        raise StoreError(
            f"{folder.data}: cannot be written ({reason}); make room or mend the disk, then run the same "
            "command again: it goes on where this run stopped"
        ) from error
