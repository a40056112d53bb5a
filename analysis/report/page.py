"""Renders index.html, the page of a report, from the published database: one file that opens from disk."""

from collections import defaultdict
from pathlib import Path
from typing import Any

import duckdb
import jinja2

from analysis.report import seed

Rows = list[dict[str, Any]]

_HERE = Path(__file__).parent
_MACROS = (_HERE / "csv_files.sql").read_text(encoding="utf-8")

BLOCS = {
    "western": "Western",
    "malian": "Malian",
    "african": "African",
    "russian": "Russian",
    "arab": "Arab",
    "asian": "Asian",
    "latin_american": "Latin American",
    "international": "International bodies and NGOs",
    "unlisted": "Not in sources.toml",
    "aggregator": "Aggregators",
}
"""Blocs in the order of the page, with their names."""

STATES = {
    "included": "Included",
    "omitted": "Omitted",
    "not_yet_public": "Not yet public",
    "not_observable": "Not observable",
}

REASONS = {
    "paywall": "paywall",
    "consent_wall": "consent wall",
    "bot_wall": "bot wall",
    "extraction_failed": "no text could be extracted",
    "no_date": "no date",
    "language": "language without wordings",
}


def render_page(connection: duckdb.DuckDBPyConnection) -> str:
    """The HTML of the page. The same database gives the same text."""
    connection.execute(_MACROS)
    sides = _rows(connection, "FROM sides")
    side_names = {side["side"]: side["name"] for side in sides}
    cells = _query(connection, "cells")
    seed_rows = _rows(connection, "FROM seed_claim")
    limit = _scalar(connection, "evidence_limit")
    return (
        _environment()
        .get_template("index.html")
        .render(
            css=(_HERE / "templates" / "page.css").read_text(encoding="utf-8"),
            blocs=BLOCS | {cell["bloc"]: cell["bloc"] for cell in cells if cell["bloc"] not in BLOCS},
            states=STATES,
            reasons=REASONS,
            sides=sides,
            side_names=side_names,
            claims=_rows(connection, "FROM claims"),
            overview=_query(connection, "overview")[0],
            by_bloc=_grouped(_query(connection, "blocs"), "bloc"),
            outlets=_grouped(cells, "outlet_id"),
            outlets_of=_outlets_of(cells),
            with_articles={cell["outlet_id"] for cell in cells if cell["articles"]},
            claim_cells={(row["claim_id"], row["bloc"]): row for row in _query(connection, "claims")},
            evidence=_evidence(connection, limit),
            limit=limit,
            shown_all=all(cell[state] <= limit for cell in cells for state in STATES),
            changes=_query(connection, "changes"),
            changed=_scalar(connection, None, "SELECT count(*) FROM changes"),
            health=_query(connection, "health"),
            runs=_rows(connection, "FROM runs ORDER BY run_id DESC LIMIT 5"),
            provenance=_rows(connection, "FROM provenance")[0],
            statement=seed.STATEMENT,
            readings=seed.READINGS,
            seed_rows=seed_rows,
            verdict=seed.verdict(seed_rows, side_names),
        )
    )


def _environment() -> jinja2.Environment:
    environment = jinja2.Environment(
        loader=jinja2.FileSystemLoader(_HERE / "templates"),
        autoescape=True,
        undefined=jinja2.StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    environment.filters.update(
        percent=seed.percent, count=seed.count, points=seed.points, when=_when, web=_is_web_address
    )
    environment.globals["span"] = seed.span
    return environment


def _is_web_address(url: str) -> bool:
    """Whether a link may lead there: an imported article may name any URL, javascript: too."""
    return url.startswith(("http://", "https://"))


def _when(moment: Any, precision: str = "minute") -> str:
    """A time in UTC for a reader: "23 April 2022, 08:00 UTC"; the day alone where no more is known."""
    if moment is None:
        return "date not known"
    day = f"{moment.day} {moment:%B %Y}"
    return day if precision in {"day", "unknown"} else f"{day}, {moment:%H:%M} UTC"


def _query(connection: duckdb.DuckDBPyConnection, name: str, **parameters: object) -> Rows:
    return _rows(connection, (_HERE / "queries" / f"{name}.sql").read_text(encoding="utf-8"), parameters)


def _rows(
    connection: duckdb.DuckDBPyConnection, sql: str, parameters: dict[str, object] | None = None
) -> Rows:
    cursor = connection.execute(sql, parameters or None)
    columns = [column[0] for column in cursor.description or ()]
    return [dict(zip(columns, row, strict=True)) for row in cursor.fetchall()]


def _scalar(connection: duckdb.DuckDBPyConnection, name: str | None, sql: str = "") -> int:
    row = _query(connection, name)[0] if name else _rows(connection, sql)[0]
    return int(next(iter(row.values())))


def _grouped(rows: Rows, key: str) -> dict[str, Rows]:
    groups: dict[str, Rows] = defaultdict(list)
    for row in rows:
        groups[row[key]].append(row)
    return dict(groups)


def _outlets_of(cells: Rows) -> dict[str, list[str]]:
    """Ids of the outlets of each bloc, in the order of the cells."""
    outlets: dict[str, list[str]] = defaultdict(list)
    for cell in cells:
        if cell["outlet_id"] not in outlets[cell["bloc"]]:
            outlets[cell["bloc"]].append(cell["outlet_id"])
    return dict(outlets)


def _evidence(connection: duckdb.DuckDBPyConnection, limit: int) -> dict[tuple[str, str], dict[str, Rows]]:
    """For each outlet and side the articles by state."""
    cells: dict[tuple[str, str], dict[str, Rows]] = defaultdict(lambda: defaultdict(list))
    for row in _query(connection, "evidence", limit=limit):
        cells[row["outlet_id"], row["side"]][row["state"]].append(row)
    return cells
