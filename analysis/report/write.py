"""Writes a report: the CSV files and the page, from the published database."""

from pathlib import Path

import duckdb

from analysis.measuring.publish import Settings
from analysis.measuring.query import open_published
from analysis.report.csv_files import write_csv_files
from analysis.report.page import render_page
from crawler.errors import StoreError


def write_report(
    published_file: Path, out_dir: Path, *, study: str = "", settings: Settings | None = None
) -> list[Path]:
    """Write coverage.csv, coverage_by_bloc.csv, coverage_by_claim.csv, codings.csv and index.html.

    The same database gives the same files, byte for byte.

    Args:
        published_file: the published database.
        out_dir: made if it is missing.
        study: name of the study, for the head of the page.
        settings: of DuckDB, such as memory_limit; by default it takes what the machine has.

    Returns:
        The files written.

    Raises:
        StoreError: nothing is published yet, or the folder can't be written.
    """
    with open_published(published_file, settings, confined=False) as connection:
        return _write(connection, out_dir, study)


def _write(connection: duckdb.DuckDBPyConnection, out_dir: Path, study: str) -> list[Path]:
    try:
        out_dir.mkdir(parents=True, exist_ok=True)
        files = write_csv_files(connection, out_dir)
        building = out_dir / "index.html.building"
        building.write_text(render_page(connection, study), encoding="utf-8", newline="\n")
        return [*files, building.replace(out_dir / "index.html")]
    except (duckdb.IOException, OSError) as error:
        reason = str(error).splitlines()[0]
        raise StoreError(
            f"cannot write the report to {out_dir}: {reason}; name another folder with --out DIR"
        ) from error
