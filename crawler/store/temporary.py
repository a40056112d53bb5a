"""A database for what a process must remember only while it runs: in a temporary file, not in memory.

SQLite and not the store's DuckDB: a look-up by key takes it 5 µs where DuckDB takes 3 ms.
"""

import sqlite3
from collections.abc import Iterable, Iterator, Sequence
from pathlib import Path
from typing import Any

from gossi.crawler.errors import GossiError

_SCHEMA = Path(__file__).with_name("temporary.sql").read_text(encoding="utf-8")

_CACHE_KIB = 8192
"""What is held in memory of it, the rest is in the file: enough for a thousand articles of an outlet."""


class Scratch:
    """The tables of temporary.sql, empty. The file has no name and goes with the process, however it ends."""

    def __init__(self) -> None:
        try:
            self._con = sqlite3.connect("", isolation_level=None)
            self._con.executescript(
                f"PRAGMA temp_store = FILE; PRAGMA cache_size = -{_CACHE_KIB}; PRAGMA journal_mode = OFF; "
                "PRAGMA synchronous = OFF;"
            )
            self._con.executescript(_SCHEMA)
            # Never committed: nobody else reads it, and a commit a row would cost more than the row.
            self._con.execute("BEGIN")
        except sqlite3.Error as error:
            raise _no_room(error) from error

    def row(self, query: str, *values: object) -> tuple[Any, ...] | None:
        """The first row of a query's answer, None where there is none."""
        try:
            found: tuple[Any, ...] | None = self._con.execute(query, values).fetchone()
        except sqlite3.Error as error:
            raise _no_room(error) from error
        return found

    def rows(self, query: str, *values: object) -> Iterator[tuple[Any, ...]]:
        """The rows of a query's answer, one at a time."""
        try:
            yield from self._con.execute(query, values)
        except sqlite3.Error as error:
            raise _no_room(error) from error

    def put(self, statement: str, rows: Iterable[Sequence[object]]) -> None:
        """Carry out a statement for each row of values."""
        try:
            self._con.executemany(statement, rows)
        except sqlite3.Error as error:
            raise _no_room(error) from error

    def close(self) -> None:
        """Let go of it; the file is gone."""
        self._con.close()


def _no_room(error: sqlite3.Error) -> GossiError:
    return GossiError(
        f"what this run remembers cannot be kept in the temporary folder ({error}); make room there, or name "
        "another folder in TMPDIR, then run the same command again"
    )
