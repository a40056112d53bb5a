"""Writes what queries give to files that other programs open: for `gossi sql -o FILE` and the report.

A file comes row by row and takes its name when it is complete; of a failure nothing is left behind.
"""

import contextlib
import json
import re
import sqlite3
import tempfile
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from datetime import date, datetime
from decimal import Decimal
from itertools import islice
from pathlib import Path
from typing import Any

import duckdb
import xlsxwriter
from xlsxwriter.exceptions import XlsxWriterException
from xlsxwriter.format import Format
from xlsxwriter.worksheet import Worksheet

from gossi.analysis.measuring.query import (
    FORMULA,
    Row,
    answered,
    only_statement,
    open_published,
    plain,
    said,
    text_of,
    write_csv,
    write_json,
)
from gossi.crawler.errors import StoreError, UsageError

_Form = Callable[[duckdb.DuckDBPyConnection, Mapping[str, str], Path], None]
"""Writes queries, by the name of the table that each makes, to a file."""

VIEWS = (
    "SELECT view_name FROM duckdb_views() WHERE schema_name = 'main' AND NOT internal"
    " AND database_name = current_database() ORDER BY view_name"
)
"""The views for readers."""

ROWS_OF_A_SHEET = 1_048_575
"""Rows that a sheet of a spreadsheet has below its header (Microsoft, Excel specifications and limits)."""

_IN_A_CELL = 32_767
"""Letters of a cell (the same page)."""

_DIGITS = 10**15
"""A spreadsheet knows a number to 15 digits (the same page)."""

_FIRST_DAY = datetime(1900, 3, 1)  # noqa: DTZ001 - the database's times are UTC without a zone
"""Spreadsheets have no days before 1900, and count those of its first two months in two ways."""

_NO_XML = re.compile("[\ufffe\uffff]")
"""What no XML file can hold; xlsxwriter escapes what else is not allowed there."""

_AT_ONCE = 1000
"""Rows that one statement of SQLite takes."""

_ROW_GROUP = 20_000
"""Rows that a Parquet file has together: DuckDB holds so many texts in each thread until they are written."""

_KINDS = {
    **dict.fromkeys(("BOOLEAN", "TINYINT", "SMALLINT", "INTEGER", "BIGINT", "HUGEINT"), "INTEGER"),
    **dict.fromkeys(("FLOAT", "DOUBLE", "DECIMAL"), "REAL"),
}
"""What SQLite calls DuckDB's types that are not text to it."""

_MADE = datetime(1980, 1, 1)  # noqa: DTZ001 - a time that says nothing: the same rows give the same bytes


def write_query(published_file: Path, sql: str | None, file: Path) -> None:
    """Write what a query gives to `file`, in the form that the end of its name says: one of FORMS.

    Args:
        published_file: the published database.
        sql: one statement. None: every view for readers as a table of its own, which .xlsx and .sqlite hold.
        file: is replaced.

    Raises:
        StoreError: nothing is published yet, or `file` cannot be written.
        UsageError: the statement is wrong, the form not known, or it cannot hold what there is.
    """
    form = file.suffix.lower()
    if form not in FORMS:
        raise UsageError(f"-o {file}: the name ends in none of {', '.join(FORMS)}")
    if sql is None and form not in _OF_MANY_TABLES:
        raise UsageError(
            f"-o {file}: holds one table; give a statement, or write {' or '.join(_OF_MANY_TABLES)}"
        )
    building = _building(file)
    with open_published(published_file, writes=building) as connection, replaced(file):
        tables = _all_views(connection) if sql is None else {file.stem: sql}
        FORMS[form](connection, tables, building)


def _all_views(connection: duckdb.DuckDBPyConnection) -> dict[str, str]:
    return {view: f"FROM {view}" for (view,) in connection.execute(VIEWS).fetchall()}


@contextlib.contextmanager
def replaced(file: Path) -> Iterator[Path]:
    """Where to write a file that takes the place of `file` when it is complete, and goes if it fails."""
    building = _building(file)
    try:
        building.unlink(missing_ok=True)
        yield building
        building.replace(file)
    except (OSError, duckdb.IOException, sqlite3.OperationalError, XlsxWriterException) as error:
        raise StoreError(
            f"{file}: cannot be written: {said(error)}; make room or name another place"
        ) from error
    finally:
        with contextlib.suppress(OSError):
            building.unlink(missing_ok=True)


def _building(file: Path) -> Path:
    return file.with_name(f"{file.name}.building")


def _write_text(write: Callable[[Sequence[str], Iterable[Row], Any], None], newline: str) -> _Form:
    def to_file(connection: duckdb.DuckDBPyConnection, tables: Mapping[str, str], file: Path) -> None:
        for sql in tables.values():
            with (
                answered(connection, sql) as (columns, rows),
                file.open("w", encoding="utf-8", newline=newline) as out,
            ):
                write(_distinct(columns), rows, out)

    return to_file


def _write_parquet(connection: duckdb.DuckDBPyConnection, tables: Mapping[str, str], file: Path) -> None:
    for sql in tables.values():
        try:
            write_parquet(connection.sql(only_statement(connection, sql).query), file)
        except duckdb.IOException:
            raise
        except duckdb.Error as error:
            raise UsageError(f"SQL: {said(error)}") from None


def write_parquet(asked: duckdb.DuckDBPyRelation, file: Path) -> None:
    """Write what a relation gives as Parquet, whose readers are many: pandas, R's arrow, DuckDB 1."""
    asked.write_parquet(str(file), row_group_size=_ROW_GROUP)


def _write_sqlite(connection: duckdb.DuckDBPyConnection, tables: Mapping[str, str], file: Path) -> None:
    # The file is nobody's before it is complete: it needs no journal.
    with contextlib.closing(sqlite3.connect(file, isolation_level=None)) as out:
        out.execute("PRAGMA journal_mode = OFF")
        out.execute("PRAGMA synchronous = OFF")
        for name, sql in tables.items():
            kinds = _kinds(connection, sql)
            with answered(connection, sql) as (columns, rows):
                cells = zip(map(_quoted, _distinct(columns)), kinds, strict=True)
                out.execute(f"CREATE TABLE {_quoted(name)} ({', '.join(map(' '.join, cells))})")
                into = f"INSERT INTO {_quoted(name)} VALUES ({', '.join('?' * len(columns))})"  # noqa: S608
                while part := list(islice(rows, _AT_ONCE)):
                    out.execute("BEGIN")
                    out.executemany(into, ([_for_sqlite(value) for value in row] for row in part))
                    out.execute("COMMIT")


def _kinds(connection: duckdb.DuckDBPyConnection, sql: str) -> list[str]:
    """What SQLite calls the type of each column."""
    try:
        types = connection.sql(only_statement(connection, sql).query).types
    except duckdb.Error as error:
        raise UsageError(f"SQL: {said(error)}") from None
    return [_KINDS.get(re.sub(r"\(.*", "", str(kind)), "TEXT") for kind in types]


def _for_sqlite(value: object) -> object:
    """A value as SQLite has it: times as ISO 8601, lists and structures as JSON, which Datasette reads."""
    if value is None or isinstance(value, str | bool | float | bytes):
        return value
    if isinstance(value, int):
        return value if -(2**63) <= value < 2**63 else str(value)
    if isinstance(value, Decimal):
        return float(value)
    if isinstance(value, list | tuple | dict):
        return json.dumps(value, ensure_ascii=False, default=text_of)
    return text_of(value)


def _quoted(name: str) -> str:
    return '"' + name.replace('"', '""') + '"'


def _write_xlsx(connection: duckdb.DuckDBPyConnection, tables: Mapping[str, str], file: Path) -> None:
    with workbook(file) as book:
        for name, sql in tables.items():
            with answered(connection, sql) as (columns, rows):
                write_sheet(book, name, _distinct(columns), rows)


class Book:
    """A workbook that is being written, and the looks of its cells."""

    def __init__(self, file: Path, rows: str) -> None:
        # A row is on disk, in the folder `rows`, when the next one comes.
        self.book = xlsxwriter.Workbook(str(file), {"constant_memory": True, "tmpdir": rows})
        self.book.set_properties({"created": _MADE})
        self.header = self.book.add_format({"bold": True})
        self.time = self.book.add_format({"num_format": "yyyy-mm-dd hh:mm:ss"})
        self.day = self.book.add_format({"num_format": "yyyy-mm-dd"})
        # Also when somebody edits the cell, and with that enters it anew, it is text.
        self.text = self.book.add_format({"quote_prefix": True})


@contextlib.contextmanager
def workbook(file: Path) -> Iterator[Book]:
    """A workbook to write sheets into, which is complete at the end."""
    with tempfile.TemporaryDirectory(prefix=f"{file.name}.", dir=file.parent) as rows:
        made = Book(file, rows)
        try:
            yield made
        except BaseException:
            with contextlib.suppress(XlsxWriterException):
                made.book.close()  # or it complains when it is forgotten
            raise
        made.book.close()


def write_sheet(book: Book, name: str, columns: Sequence[str], rows: Iterable[Row]) -> None:
    """Write a table as a sheet: a header that stays in view, cells that are never formulas or links.

    A text that is longer than a cell ends in how long it is.

    Raises:
        UsageError: there are more rows than a sheet holds.
    """
    sheet = book.book.add_worksheet(_sheet_name(name, book))
    sheet.freeze_panes(1, 0)
    for column, text in enumerate(columns):
        sheet.write_string(0, column, text, book.header)
        sheet.set_column(column, column, max(12, len(text) + 2))
    number = 0
    for number, row in enumerate(rows, 1):
        if number > ROWS_OF_A_SHEET:
            raise UsageError(
                f"{name}: a sheet holds {ROWS_OF_A_SHEET:,} rows, and there are more; write .parquet or .csv"
            )
        for column, value in enumerate(row):
            _write_cell(book, sheet, (number, column), value)
    if columns:
        sheet.autofilter(0, 0, number, len(columns) - 1)


def _sheet_name(name: str, book: Book) -> str:
    """As a sheet may be called: 31 letters, none of those that mean something in a reference."""
    return re.sub(r"[\[\]:*?/\\']", "_", name)[:31] or f"Sheet{len(book.book.worksheets()) + 1}"


def _write_cell(book: Book, sheet: Worksheet, place: tuple[int, int], value: object) -> None:
    if value is None:
        return
    if isinstance(value, bool):
        sheet.write_boolean(*place, value)
    elif isinstance(value, int | float | Decimal) and -_DIGITS < value < _DIGITS:
        sheet.write_number(*place, float(value))
    elif isinstance(value, datetime) and value.tzinfo is None and value >= _FIRST_DAY:
        sheet.write_datetime(*place, value, book.time)
    elif isinstance(value, date) and not isinstance(value, datetime) and value >= _FIRST_DAY.date():
        sheet.write_datetime(*place, value, book.day)
    else:
        _write_string(book, sheet, place, plain(value))


def _write_string(book: Book, sheet: Worksheet, place: tuple[int, int], text: str) -> None:
    if len(text) > _IN_A_CELL:
        told = f"… [cut: {len(text):,} letters, of which a cell holds {_IN_A_CELL:,}]"
        text = text[: _IN_A_CELL - len(told)] + told
    form: Format | None = book.text if FORMULA.match(text) else None
    sheet.write_string(*place, _NO_XML.sub("\ufffd", text), form)


def _distinct(columns: Sequence[str]) -> list[str]:
    """The columns' names, each once: a file finds a column by its name, some in capitals or small letters."""
    taken: set[str] = set()
    names = []
    for column in columns:
        name, number = column, 1
        while name.casefold() in taken:
            name, number = f"{column}_{number}", number + 1
        taken.add(name.casefold())
        names.append(name)
    return names


FORMS: Mapping[str, _Form] = {
    ".csv": _write_text(write_csv, ""),
    ".json": _write_text(write_json, "\n"),
    ".parquet": _write_parquet,
    ".xlsx": _write_xlsx,
    ".sqlite": _write_sqlite,
}
"""What writes a file, by the end of its name."""

_OF_MANY_TABLES = (".xlsx", ".sqlite")
