"""Answers SQL over the published database, read-only, for `gossi sql` and for whoever imports it."""

import csv
import json
from collections.abc import Iterable, Sequence
from datetime import date, datetime
from pathlib import Path
from typing import Any, TextIO

import duckdb
from rich.cells import cell_len
from rich.console import Console
from rich.table import Table

from analysis.measuring.publish import Settings
from crawler.errors import StoreError, UsageError

Row = tuple[Any, ...]

_UNLIMITED = 1_000_000
"""A width in characters that no table reaches."""


def query(published_file: Path, sql: str) -> tuple[list[str], list[Row]]:
    """Names of the columns and the rows that `sql` gives. Times are UTC without a zone.

    Raises:
        StoreError: nothing is published yet, or the file is not a database.
        UsageError: the statement is wrong, is more than one, or would write.
    """
    with open_published(published_file) as connection:
        try:
            statements = connection.extract_statements(sql)
            if len(statements) != 1:
                raise UsageError('write one SQL statement, such as "SELECT * FROM coverage"')
            cursor = connection.execute(statements[0])
            return [column[0] for column in cursor.description or ()], cursor.fetchall()
        except duckdb.Error as error:
            raise UsageError(f"SQL: {_one_line(error)}") from None


def open_published(
    published_file: Path, settings: Settings | None = None, *, confined: bool = True
) -> duckdb.DuckDBPyConnection:
    """Open the published database for reading.

    Args:
        published_file: the database.
        settings: of DuckDB, such as memory_limit; by default it takes what the machine has.
        confined: statements can touch no other file, to read or to write.

    Raises:
        StoreError: nothing is published yet, or the file is not a database.
    """
    if not published_file.exists():
        raise StoreError(f"{published_file}: no such file; `gossi run` or `gossi analyse` makes it")
    try:
        connection = duckdb.connect(published_file, read_only=True, config=dict(settings or {}))
        if confined:
            connection.execute("SET enable_external_access = false")
            connection.execute("SET lock_configuration = true")
    except duckdb.Error as error:
        raise StoreError(
            f"{published_file}: cannot be opened: {_one_line(error)}; `gossi analyse` makes it anew"
        ) from None
    return connection


def write_csv(columns: Sequence[str], rows: Iterable[Row], out: TextIO) -> None:
    """Write RFC 4180 CSV: header first, times as ISO 8601 with Z, lists joined by semicolons."""
    writer = csv.writer(out)
    writer.writerow(columns)
    writer.writerows([_plain(value) for value in row] for row in rows)


def write_json(columns: Sequence[str], rows: Iterable[Row], out: TextIO) -> None:
    """Write a JSON array, an object a row."""
    objects = [dict(zip(columns, row, strict=True)) for row in rows]
    json.dump(objects, out, ensure_ascii=False, indent=1, default=_text)
    out.write("\n")


def write_table(columns: Sequence[str], rows: Iterable[Row], out: TextIO) -> None:
    """Write a table for a person to read; where a terminal is too narrow for it, a block a row."""
    cells = [[_plain(value) for value in row] for row in rows]
    console = Console(file=out, highlight=False, markup=False, emoji=False)
    if not console.is_terminal:
        console.width = _UNLIMITED  # no wrapping in a file or pipe
    widths = [max(map(cell_len, column)) for column in zip(columns, *cells, strict=True)]
    # A column takes three cells beside its text: two spaces and a line.
    if cells and sum(widths) + 3 * len(widths) + 1 > console.width:
        _write_blocks(columns, cells, console)
        return
    table = Table(*columns)
    for row in cells:
        table.add_row(*row)
    console.print(table)


def _write_blocks(columns: Sequence[str], rows: Sequence[Sequence[str]], console: Console) -> None:
    for number, row in enumerate(rows, 1):
        console.print(f"row {number}", style="bold")
        block = Table.grid(padding=(0, 2))
        for column, cell in zip(columns, row, strict=True):
            block.add_row(f"  {column}", cell)
        console.print(block)


def _plain(value: object) -> str:
    if value is None:
        return ""
    if isinstance(value, bool):
        return str(value).lower()
    if isinstance(value, list | tuple):
        return ";".join(_plain(item) for item in value)
    return _text(value)


def _text(value: object) -> str:
    if isinstance(value, datetime):
        return value.isoformat() + ("Z" if value.tzinfo is None else "")
    if isinstance(value, date):
        return value.isoformat()
    return str(value)


def _one_line(error: duckdb.Error) -> str:
    """DuckDB's message in one line: what is wrong and its hint, without the caret drawing."""
    lines = str(error).split("\n\nLINE ")[0].splitlines()
    return " ".join(line.strip() for line in lines if line.strip())
