"""Writes the CSV files of a report: UTF-8, RFC 4180, each the rows of one view in a stable order."""

from pathlib import Path

import duckdb

VIEWS = {
    "coverage": "outlet_id, side_no(side)",
    "coverage_by_bloc": "bloc, side_no(side)",
    "coverage_by_claim": "outlet_id, claim_no(claim_id)",
    "codings": "outlet_id, published NULLS LAST, url, claim_no(claim_id)",
}
"""The views that become files, and the order of their rows."""

_MACROS = "\n".join(
    (Path(__file__).parent / name).read_text(encoding="utf-8") for name in ("csv_files.sql", "order.sql")
)


def write_csv_files(connection: duckdb.DuckDBPyConnection, folder: Path) -> list[Path]:
    """Write a file a view into `folder`; each replaces its predecessor when it is complete.

    Times are ISO 8601 in UTC with a Z, booleans true and false, nothing at all where nothing is known. A text
    that begins with =, +, -, @, a tab or a carriage return gets an apostrophe before it, lest a spreadsheet
    take it for a formula; a number never does.
    """
    connection.execute(_MACROS)
    return [_write(connection, view, order, folder / f"{view}.csv") for view, order in VIEWS.items()]


def _write(connection: duckdb.DuckDBPyConnection, view: str, order: str, file: Path) -> Path:
    columns = connection.execute(
        "SELECT column_name, data_type FROM duckdb_columns()"
        " WHERE table_name = $1 AND database_name = current_database() ORDER BY column_index",
        [view],
    ).fetchall()
    cells = ", ".join(_cell(name, kind) for name, kind in columns)
    building = file.with_name(f"{file.name}.building")
    target = str(building).replace("'", "''")
    connection.execute(
        f"COPY (SELECT {cells} FROM {view} ORDER BY {order})"  # noqa: S608 - names of our own views
        f" TO '{target}' (FORMAT csv, HEADER, NEW_LINE '\\r\\n')"
    )
    return building.replace(file)


def _cell(column: str, kind: str) -> str:
    macro = {"VARCHAR": "as_text", "TIMESTAMP": "as_time"}.get(kind)
    return f'{macro}("{column}") AS "{column}"' if macro else f'"{column}"'
