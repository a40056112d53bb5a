"""Renders index.html, the page of a report, from the published database: one file that opens from disk."""

from collections import defaultdict
from datetime import datetime
from pathlib import Path

import duckdb
import jinja2

from analysis.report import seed
from analysis.report.data import BLOCS, Rows, grouped, read, rows_of, scalar

_TEMPLATES = Path(__file__).parent / "templates"

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
    "extraction_failed": "no text could be extracted, or only a part",
    "no_date": "no date",
    "language": "language without wordings",
}


def render_page(connection: duckdb.DuckDBPyConnection, study: str = "") -> str:
    """The HTML of the page, with the name of the study. The same database gives the same text."""
    sides = rows_of(connection, "FROM sides")
    side_names = {side["side"]: side["name"] for side in sides}
    cells = read(connection, "cells")
    seed_rows = rows_of(connection, "FROM seed_claim")
    by_bloc = grouped(read(connection, "blocs"), "bloc")
    overview = read(connection, "overview")[0]
    limit = scalar(read(connection, "evidence_limit"))
    return (
        _environment()
        .get_template("index.html")
        .render(
            css=(_TEMPLATES / "page.css").read_text(encoding="utf-8"),
            study=study,
            blocs=BLOCS | {cell["bloc"]: cell["bloc"] for cell in cells if cell["bloc"] not in BLOCS},
            states=STATES,
            reasons=REASONS,
            sides=sides,
            side_names=side_names,
            claims=rows_of(connection, "FROM claims"),
            overview=overview,
            by_bloc=by_bloc,
            blocs_with_articles=[bloc for bloc, rows in by_bloc.items() if rows[0]["articles"]],
            outlets=grouped(cells, "outlet_id"),
            outlets_of=_outlets_of(cells),
            with_articles={cell["outlet_id"] for cell in cells if cell["articles"]},
            claim_cells={(row["claim_id"], row["bloc"]): row for row in read(connection, "claims")},
            evidence=_evidence(connection, limit),
            limit=limit,
            shown_all=all(cell[state] <= limit for cell in cells for state in STATES),
            quality=rows_of(connection, "FROM quality WHERE claim_id IN (SELECT side FROM sides)"),
            changes=read(connection, "changes"),
            changed=scalar(rows_of(connection, "SELECT count(*) FROM changes")),
            first_reports={row["claim_id"]: row for row in read(connection, "first_reports")},
            unjudged=read(connection, "reasons"),
            health=read(connection, "health"),
            runs=rows_of(connection, "FROM runs ORDER BY run_id DESC LIMIT 5"),
            provenance=rows_of(connection, "FROM provenance")[0],
            statement=seed.STATEMENT,
            readings=seed.READINGS,
            seed_rows=seed_rows,
            readings_used=[
                name for name in seed.READINGS if any(row["reading"] == name for row in seed_rows)
            ],
            verdict=seed.verdict(seed_rows, side_names),
            caveats=seed.caveats(overview),
        )
    )


def _environment() -> jinja2.Environment:
    environment = jinja2.Environment(
        loader=jinja2.FileSystemLoader(_TEMPLATES),
        autoescape=True,
        undefined=jinja2.StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    environment.filters.update(
        percent=seed.percent,
        count=seed.count,
        points=seed.points,
        when=_when,
        web=_is_web_address,
        hours=_hours,
    )
    environment.globals["span"] = seed.span
    return environment


def _is_web_address(url: str) -> bool:
    """Whether a link may lead there: an imported article may name any URL, javascript: too."""
    return url.startswith(("http://", "https://"))


def _hours(hours: float, precision: str) -> str:
    """A delay for a reader: "14 hours", "3 days"; in days where the hour of its beginning is not known."""
    if precision == "minute" and hours < 48:
        return seed.count(max(0, round(hours)), "hour")
    return seed.count(round(hours / 24), "day")


def _when(moment: datetime | None, precision: str = "minute") -> str:
    """A time in UTC for a reader: "23 April 2022, 08:00 UTC"; the day alone where no more is known."""
    if moment is None:
        return "date not known"
    day = seed.day(moment)
    return day if precision in {"day", "unknown"} else f"{day}, {moment:%H:%M} UTC"


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
    for row in read(connection, "evidence", limit=limit):
        cells[row["outlet_id"], row["side"]][row["state"]].append(row)
    return cells
