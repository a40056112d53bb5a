"""Writes a report's tables for those who use neither CSV nor DuckDB 2: a workbook, and Parquet files."""

from collections.abc import Iterator
from pathlib import Path

import duckdb

from gossi.analysis.measuring.query import Row
from gossi.analysis.measuring.query_files import VIEWS, replaced, workbook, write_parquet, write_sheet
from gossi.analysis.report.csv_files import VIEWS as ORDERS
from gossi.analysis.report.csv_files import batches, tell_orders, text_literal

_IN_THE_WORKBOOK = 100_000
"""Rows up to which a table is a sheet: one of so many takes a minute to write (measured)."""

_WITHOUT = {"versions": "text"}
"""What stays in the database: a report is published, articles are not."""

_COLUMNS = """\
SELECT table_name, column_name, data_type, comment FROM duckdb_columns()
WHERE schema_name = 'main' AND NOT internal AND database_name = current_database()
ORDER BY list_position($1, table_name), column_index
"""


def write_workbook(connection: duckdb.DuckDBPyConnection, file: Path) -> Path:
    """Write coverage.xlsx: the tables of the CSV files, a sheet each, and what their columns mean.

    A table that is too large to be opened in a spreadsheet is named with the files that have it.
    """
    tell_orders(connection)
    with replaced(file) as building, workbook(building) as book:
        for view, order in ORDERS.items():
            count = connection.execute(f"SELECT count(*) FROM {view}").fetchone()  # noqa: S608 - our own names
            if count and count[0] > _IN_THE_WORKBOOK:
                told = f"{count[0]:,} rows, too many for a sheet: {view}.csv and {view}.parquet have them"
                write_sheet(book, view, [view], [(told,)])
                continue
            rows = connection.execute(f"FROM {view} ORDER BY {order}")
            write_sheet(book, view, [column[0] for column in rows.description or ()], _rows(rows))
        meanings = connection.execute(
            f"FROM ({_COLUMNS}) WHERE list_contains($1, table_name)", [list(ORDERS)]
        )
        write_sheet(book, "columns", ["table", "column", "type", "meaning"], _rows(meanings))
    return file


def _rows(cursor: duckdb.DuckDBPyConnection) -> Iterator[Row]:
    while rows := cursor.fetchmany(1000):
        yield from rows


def write_parquet_files(connection: duckdb.DuckDBPyConnection, folder: Path) -> list[Path]:
    """Write a Parquet file a view for readers into `folder`; the text of versions stays in the database."""
    tell_orders(connection)
    views = [view for (view,) in connection.execute(VIEWS).fetchall()]
    return [_write_parquet_file(connection, view, folder / f"{view}.parquet") for view in views]


def _write_parquet_file(connection: duckdb.DuckDBPyConnection, view: str, file: Path) -> Path:
    taken = f"* EXCLUDE ({_WITHOUT[view]})" if view in _WITHOUT else "*"
    order = ORDERS.get(view, "ALL")
    parts = []
    with replaced(file) as building:
        try:
            for number, outlets in enumerate(batches(connection, view)):
                parts.append(file.with_name(f"{file.name}.{number}"))
                rows = f"SELECT {taken} FROM {view} WHERE {outlets} ORDER BY {order}"  # noqa: S608 - our own names
                write_parquet(connection.sql(rows), parts[-1])
            if len(parts) == 1:
                parts[0].replace(building)
            else:
                named = ", ".join(text_literal(str(part)) for part in parts)
                write_parquet(connection.sql(f"FROM read_parquet([{named}])"), building)
        finally:
            for part in parts:
                part.unlink(missing_ok=True)
    return file
