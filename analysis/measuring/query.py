"""Answers SQL over the published database, read-only, for `gossi sql` and for whoever imports it."""

import csv
import itertools
import json
import re
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from datetime import date, datetime
from pathlib import Path
from typing import Any, TextIO

import duckdb
from rich.cells import cell_len
from rich.console import Console
from rich.table import Table

from gossi.analysis.measuring.publish import Settings
from gossi.crawler.characters import COMMANDS, shown
from gossi.crawler.errors import StoreError, UsageError

Row = tuple[Any, ...]

_AT_ONCE = 1000
"""Rows that are held while they are written."""

_IN_A_TABLE = 10_000
"""Rows of a table that are held to know its widths."""

FORMULA = re.compile(r"[\t\r\n]|[\s\u200b\u2060\ufeff]*[=+\-@＝＋－＠]")
"""How a text begins that a spreadsheet takes for a formula (OWASP, CSV injection), also behind white space
and marks of no width, and in the full width that some programs take for the narrow one."""

_UNLIMITED = 1_000_000
"""A width in characters that no table reaches."""


def query(published_file: Path, sql: str) -> tuple[list[str], list[Row]]:
    """Names of the columns and the rows that `sql` gives. Times are UTC without a zone.

    Raises:
        StoreError, UsageError: as `streamed` does.
    """
    with streamed(published_file, sql) as (columns, rows):
        return columns, list(rows)


@contextmanager
def streamed(published_file: Path, sql: str) -> Iterator[tuple[list[str], Iterator[Row]]]:
    """As `query`, but the rows come as they are asked for: 15 million take no more memory than a thousand.

    Raises:
        StoreError: nothing is published yet, or the file is not a database.
        UsageError: the statement is wrong, is more than one, or would write; some is told by the rows only.
    """
    with open_published(published_file) as connection, answered(connection, sql) as answer:
        yield answer


@contextmanager
def answered(connection: duckdb.DuckDBPyConnection, sql: str) -> Iterator[tuple[list[str], Iterator[Row]]]:
    """As `streamed`, of a database that is open."""
    try:
        cursor = connection.execute(only_statement(connection, sql))
        yield [column[0] for column in cursor.description or ()], _rows(cursor)
    except duckdb.Error as error:
        raise UsageError(f"SQL: {said(error)}") from None


def _rows(cursor: duckdb.DuckDBPyConnection) -> Iterator[Row]:
    while rows := cursor.fetchmany(_AT_ONCE):
        yield from rows


def relation(published_file: Path, sql: str) -> duckdb.DuckDBPyRelation:
    """What one statement gives, as DuckDB's relation, which has the database open as long as it lives.

    Raises:
        StoreError, UsageError: as `query` does.
    """
    if not published_file.exists():
        raise _unpublished(published_file)
    # Opened by its path, a database that was replaced meanwhile would be the old one as long as somebody in
    # this process reads in that.
    connection = duckdb.connect()
    path = str(published_file).replace("'", "''")
    try:
        connection.execute(f"ATTACH '{path}' AS coverage (READ_ONLY)")
        connection.execute("USE coverage")
    except duckdb.Error as error:
        raise _unreadable(published_file, error) from None
    try:
        return connection.sql(only_statement(connection, sql).query)
    except duckdb.Error as error:
        raise UsageError(f"SQL: {said(error)}") from None


def only_statement(connection: duckdb.DuckDBPyConnection, sql: str) -> duckdb.Statement:
    """The statement that `sql` is; UsageError where it is none or more."""
    statements = connection.extract_statements(sql)
    if len(statements) != 1:
        raise UsageError('write one SQL statement, such as "SELECT * FROM coverage"')
    return statements[0]


def open_published(
    published_file: Path,
    settings: Settings | None = None,
    *,
    confined: bool = True,
    writes: Path | None = None,
) -> duckdb.DuckDBPyConnection:
    """Open the published database for reading.

    Args:
        published_file: the database.
        settings: of DuckDB, such as memory_limit; by default it takes what the machine has.
        confined: statements can touch no other file, to read or to write.
        writes: but this one.

    Raises:
        StoreError: nothing is published yet, or the file is not a database.
    """
    if not published_file.exists():
        raise _unpublished(published_file)
    try:
        connection = duckdb.connect(published_file, read_only=True, config=dict(settings or {}))
        if writes:
            connection.execute("SET allowed_paths = $1", [[str(writes)]])
        if confined:
            connection.execute("SET enable_external_access = false")
            connection.execute("SET lock_configuration = true")
    except duckdb.Error as error:
        raise _unreadable(published_file, error) from None
    return connection


def _unpublished(published_file: Path) -> StoreError:
    return StoreError(
        f"{published_file}: no such file: this study has not run yet; `gossi check` says if it is ready, "
        "`gossi run` or `gossi import` begins it"
    )


def _unreadable(published_file: Path, error: duckdb.Error) -> StoreError:
    wal = published_file.with_name(f"{published_file.name}.wal")
    if "WAL" in str(error) and wal.exists():
        return StoreError(
            f"{published_file}: cannot be opened: another program wrote in it, and left {wal.name}, which "
            f"fits it no more; remove {wal.name}, or publish anew with `gossi analyse`"
        )
    return StoreError(f"{published_file}: cannot be opened: {said(error)}; `gossi analyse` makes it anew")


def write_csv(columns: Sequence[str], rows: Iterable[Row], out: TextIO) -> None:
    """Write RFC 4180 CSV: header first, times as ISO 8601 with Z, lists joined by semicolons.

    A text that a spreadsheet might take for a formula gets an apostrophe before it; a number never does.
    """
    writer = csv.writer(_Harmless(out) if out.isatty() else out)
    writer.writerow(map(_no_formula, columns))
    writer.writerows([_cell(value) for value in row] for row in rows)


def _cell(value: object) -> str:
    text = plain(value)
    return _no_formula(text) if isinstance(value, str | list | tuple | dict) else text


def _no_formula(text: str) -> str:
    return f"'{text}" if FORMULA.match(text) else text


class _Harmless:
    """Writes to a terminal what cannot command it."""

    def __init__(self, out: TextIO) -> None:
        self._out = out

    def write(self, text: str) -> int:
        return self._out.write(shown(text))


def write_json(columns: Sequence[str], rows: Iterable[Row], out: TextIO) -> None:
    """Write a JSON array, an object a row. Control characters are escaped, which are text only in strings."""
    before = "[\n "
    for row in rows:
        told = json.dumps(dict(zip(columns, row, strict=True)), ensure_ascii=False, default=text_of)
        out.write(before + COMMANDS.sub(lambda found: f"\\u{ord(found[0]):04x}", told))
        before = ",\n "
    out.write("\n]\n" if before.startswith(",") else "[]\n")


def write_table(columns: Sequence[str], rows: Iterable[Row], out: TextIO) -> None:
    """Write a table for a person to read; where a terminal is too narrow for it, a block a row.

    A long one comes in parts, each with its header: its widths are known only when all of it is.
    """
    console = Console(file=out, highlight=False, markup=False, emoji=False)
    if not console.is_terminal:
        console.width = _UNLIMITED  # no wrapping in a file or pipe
    names = [shown(column) for column in columns]
    cells = ([shown(plain(value)) for value in row] for row in rows)
    first = 1
    while (part := list(itertools.islice(cells, _IN_A_TABLE))) or first == 1:
        _write_part(names, part, first, console)
        first += _IN_A_TABLE


def _write_part(columns: Sequence[str], cells: Sequence[Sequence[str]], first: int, console: Console) -> None:
    widths = [max(map(cell_len, column)) for column in zip(columns, *cells, strict=True)]
    # A column takes three cells beside its text: two spaces and a line.
    if cells and sum(widths) + 3 * len(widths) + 1 > console.width:
        _write_blocks(columns, cells, first, console)
        return
    table = Table(*columns)
    for row in cells:
        table.add_row(*row)
    console.print(table)


def _write_blocks(
    columns: Sequence[str], rows: Sequence[Sequence[str]], first: int, console: Console
) -> None:
    for number, row in enumerate(rows, first):
        console.print(f"row {number}", style="bold")
        block = Table.grid(padding=(0, 2))
        for column, cell in zip(columns, row, strict=True):
            block.add_row(f"  {column}", cell)
        console.print(block)


def plain(value: object) -> str:
    """A value as a person reads it: nothing where there is none, lists joined by semicolons."""
    if value is None:
        return ""
    if isinstance(value, bool):
        return str(value).lower()
    if isinstance(value, list | tuple):
        return ";".join(plain(item) for item in value)
    return text_of(value)


def text_of(value: object) -> str:
    """A value as text: times as ISO 8601, UTC with a Z."""
    if isinstance(value, datetime):
        return value.isoformat() + ("Z" if value.tzinfo is None else "")
    if isinstance(value, date):
        return value.isoformat()
    return str(value)


def said(error: Exception) -> str:
    """A message, most often DuckDB's, in one line: what is wrong and its hint, without the caret drawing."""
    lines = str(error).split("\n\nLINE ")[0].splitlines()
    return " ".join(line.strip() for line in lines if line.strip())
