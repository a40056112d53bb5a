"""Makes docs/data-dictionary.md from the comments: `make dictionary`."""

from pathlib import Path

import duckdb

from gossi.analysis.measuring.publish import measure

PAGE = Path(__file__).resolve().parents[2] / "docs" / "data-dictionary.md"

_ORDER = (
    *(
        "coverage",
        "coverage_by_bloc",
        "coverage_by_claim",
        "coverage_original",
        "claims_by_bloc",
        "prominence",
    ),
    *(
        "codings",
        "codings_by_side",
        "mentions",
        "changes",
        "articles",
        "versions",
        "captures",
        "collection",
        "collection_by_outlet",
    ),
    *("draws", "coder_codings", "agreement"),
    *("outlets", "sides", "claims", "quality", "runs", "provenance"),
)
"""From the answer to what it rests on."""

_HEAD = """# Data dictionary

`data/coverage.duckdb` holds these views; `gossi sql "SELECT …"` queries them, and any program that reads
DuckDB 2 files. Times are UTC. What stands here is the database's own: `SELECT view_name, comment FROM
duckdb_views()` and `SELECT column_name, comment FROM duckdb_columns()` say the same. The CSV files
`coverage.csv`, `coverage_by_bloc.csv`, `coverage_by_claim.csv`, `codings.csv` hold the rows of the views of
their names: a TIMESTAMP as ISO 8601 with a Z, nothing where a value is NULL, and an apostrophe before a text
that a spreadsheet would take for a formula.

<!-- Made by `make dictionary` from the comments in analysis/measuring/*.sql. -->
"""


def dictionary() -> str:
    """The page as Markdown."""
    with duckdb.connect() as connection:
        connection.execute("CREATE SCHEMA store")
        measure(connection)
        views = dict(
            connection.execute(
                "SELECT view_name, comment FROM duckdb_views() WHERE schema_name = 'main' AND NOT internal"
            ).fetchall()
        )
        columns = connection.execute(
            "SELECT table_name, column_name, data_type, comment FROM duckdb_columns()"
            " WHERE schema_name = 'main' AND NOT internal ORDER BY table_name, column_index"
        ).fetchall()
    parts = [_HEAD]
    for view in sorted(views, key=lambda name: (_ORDER.index(name) if name in _ORDER else len(_ORDER), name)):
        parts.append(f"\n## {view}\n\n{views[view]}\n\n| column | type | meaning |\n|---|---|---|\n")
        parts += [
            f"| `{column}` | {kind} | {comment} |\n"
            for table, column, kind, comment in columns
            if table == view
        ]
    return "".join(parts)


if __name__ == "__main__":
    PAGE.write_text(dictionary(), encoding="utf-8")
