"""Writes the CSV files of a report: UTF-8, RFC 4180, each the rows of one view in a stable order."""

import itertools
import shutil
from collections.abc import Iterator
from pathlib import Path

import duckdb

VIEWS = {
    "coverage": "outlet_id, side_no(side)",
    "coverage_by_bloc": "bloc, side_no(side)",
    "coverage_by_claim": "outlet_id, claim_no(claim_id)",
    "codings": "outlet_id, published NULLS LAST, url, claim_no(claim_id)",
}
"""The views that become files, and the order of their rows."""

_HERE = Path(__file__).parent
_TEXT_MACROS = (_HERE / "csv_files.sql").read_text(encoding="utf-8")
_ORDER_MACROS = (_HERE / "order.sql").read_text(encoding="utf-8")

_BATCH = 1_000_000
"""Rows sorted and written at once: 15 million in one go need more than 4 GiB."""


def write_csv_files(connection: duckdb.DuckDBPyConnection, folder: Path) -> list[Path]:
    """Write a file a view into `folder`; each replaces its predecessor when it is complete.

    Times are ISO 8601 in UTC with a Z, booleans true and false, nothing at all where nothing is known. A text
    that begins with =, +, -, @, a tab or a carriage return gets an apostrophe before it, lest a spreadsheet
    take it for a formula; a number never does.
    """
    return [write_csv_file(connection, view, order, folder / f"{view}.csv") for view, order in VIEWS.items()]


def write_csv_file(connection: duckdb.DuckDBPyConnection, view: str, order: str, file: Path) -> Path:
    """Write the rows of `view`, sorted by the SQL expressions `order`, to `file` in the form told above."""
    connection.execute(_TEXT_MACROS)
    if view in VIEWS:
        tell_orders(connection)
    columns = connection.execute(
        "SELECT column_name, data_type FROM duckdb_columns()"
        " WHERE table_name = $1 AND database_name = current_database() ORDER BY column_index",
        [view],
    ).fetchall()
    cells = ", ".join(_cell(name, kind) for name, kind in columns)
    building = file.with_name(f"{file.name}.building")
    part = file.with_name(f"{file.name}.part")
    header = "HEADER"
    with building.open("wb") as whole:
        for outlets in batches(connection, view):
            connection.execute(
                f"COPY (SELECT {cells} FROM {view} WHERE {outlets} ORDER BY {order})"  # noqa: S608 - our own names
                f" TO {text_literal(str(part))} (FORMAT csv, {header}, NEW_LINE '\\r\\n')"
            )
            header = "HEADER false"
            with part.open("rb") as rows:
                shutil.copyfileobj(rows, whole, length=1 << 20)
    part.unlink()
    return building.replace(file)


def tell_orders(connection: duckdb.DuckDBPyConnection) -> None:
    """Make the functions by which VIEWS orders rows."""
    connection.execute(_ORDER_MACROS)


def batches(connection: duckdb.DuckDBPyConnection, view: str) -> Iterator[str]:
    """Conditions that part the rows by outlet into batches that stand one after the other in the file."""
    if not _has_outlets(connection, view):
        yield "true"
        return
    starts, rows = [""], 0
    for outlet, count in connection.execute(
        f"SELECT outlet_id, count(*) FROM {view} GROUP BY outlet_id ORDER BY outlet_id"  # noqa: S608
    ).fetchall():
        if rows and rows + count > _BATCH:
            starts.append(outlet)
            rows = 0
        rows += count
    for start, end in itertools.pairwise([*starts, None]):
        below = "" if end is None else f" AND outlet_id < {text_literal(end)}"
        yield f"outlet_id >= {text_literal(str(start))}{below}"


def _has_outlets(connection: duckdb.DuckDBPyConnection, view: str) -> bool:
    columns = connection.execute(f"SELECT * FROM {view} LIMIT 0").description or ()  # noqa: S608 - our own names
    return any(name == "outlet_id" for name, *_ in columns)


def text_literal(text: str) -> str:
    """A text as SQL has it."""
    return "'" + text.replace("'", "''") + "'"


def _cell(column: str, kind: str) -> str:
    macro = {"VARCHAR": "as_text", "TIMESTAMP": "as_time"}.get(kind)
    return f'{macro}("{column}") AS "{column}"' if macro else f'"{column}"'
