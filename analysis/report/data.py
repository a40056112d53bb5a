"""Reads what the page and the summary show from the published database."""

from collections import defaultdict
from pathlib import Path
from typing import Any

import duckdb

Rows = list[dict[str, Any]]

_HERE = Path(__file__).parent


def read(connection: duckdb.DuckDBPyConnection, name: str, **parameters: object) -> Rows:
    """The rows of queries/NAME.sql, as dictionaries."""
    connection.execute((_HERE / "order.sql").read_text(encoding="utf-8"))
    return rows_of(connection, (_HERE / "queries" / f"{name}.sql").read_text(encoding="utf-8"), parameters)


def rows_of(
    connection: duckdb.DuckDBPyConnection, sql: str, parameters: dict[str, object] | None = None
) -> Rows:
    """The rows of a query, as dictionaries."""
    cursor = connection.execute(sql, parameters or None)
    columns = [column[0] for column in cursor.description or ()]
    return [dict(zip(columns, row, strict=True)) for row in cursor.fetchall()]


def tested(connection: duckdb.DuckDBPyConnection) -> Rows:
    """The rows of the view `statement`; `bloc_outlets` is what a sentence calls the outlets of the bloc."""
    outlets = {bloc["bloc"]: bloc["outlets"] for bloc in read(connection, "bloc_names")}
    return [row | {"bloc_outlets": outlets[row["bloc"]]} for row in rows_of(connection, "FROM statement")]


def scalar(rows: Rows) -> int:
    """The only value of the only row."""
    return int(next(iter(rows[0].values())))


def grouped(rows: Rows, key: str) -> dict[str, Rows]:
    """Rows by their value of `key`, both in the order of coming."""
    groups: dict[str, Rows] = defaultdict(list)
    for row in rows:
        groups[row[key]].append(row)
    return dict(groups)
