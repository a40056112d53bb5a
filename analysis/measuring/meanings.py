"""Writes into the database what each view and column means, from columns.toml."""

import tomllib
from pathlib import Path

import duckdb

_MEANINGS = tomllib.loads((Path(__file__).parent / "columns.toml").read_text(encoding="utf-8"))


def comment(connection: duckdb.DuckDBPyConnection) -> None:
    """Comment every view of schema `main` and each of its columns.

    Raises:
        KeyError: columns.toml does not know a view or a column.
    """
    columns = connection.execute(
        "SELECT table_name, column_name FROM duckdb_columns()"
        " WHERE database_name = current_database() AND schema_name = 'main' AND NOT internal"
    ).fetchall()
    # Each statement by itself would be parsed, and brought to the disk, by itself: five times as long.
    told = [
        f"COMMENT ON VIEW {view} IS {_quoted(_MEANINGS['views'][view]['meaning'])};"
        for view in dict.fromkeys(view for view, _ in columns)
    ]
    for view, column in columns:
        own = _MEANINGS["views"][view].get("columns", {})
        meaning = _quoted(own[column] if column in own else _MEANINGS["columns"][column])
        told.append(f'COMMENT ON COLUMN {view}."{column}" IS {meaning};')
    connection.execute("BEGIN; " + "\n".join(told) + " COMMIT")


def _quoted(text: str) -> str:
    return "'" + text.replace("'", "''") + "'"
