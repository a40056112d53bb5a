"""Writes a report from the published database: tables in the forms that people open, pictures, the page."""

from pathlib import Path

import duckdb

from gossi.analysis.measuring.publish import Settings
from gossi.analysis.measuring.query import open_published
from gossi.analysis.report.csv_files import write_csv_files
from gossi.analysis.report.drawn import drawn
from gossi.analysis.report.facts import evidence
from gossi.analysis.report.html import ReportWords, render_page, source_of
from gossi.analysis.report.pictures import Picture, as_png, framed
from gossi.analysis.report.tables import write_parquet_files, write_workbook
from gossi.analysis.report.words import words as words_of
from gossi.crawler.errors import StoreError


def write_report(
    published_file: Path,
    out_dir: Path,
    *,
    words: ReportWords | None = None,
    settings: Settings | None = None,
) -> list[Path]:
    """Write coverage.csv, coverage_by_bloc.csv, coverage_by_claim.csv, codings.csv, pictures and index.html.

    The tables stand in coverage.xlsx too, and each view for readers in a .parquet file.

    The same database gives the same files, byte for byte.

    Args:
        published_file: the published database.
        out_dir: made if it is missing.
        words: of the study, for the head of the page.
        settings: of DuckDB, such as memory_limit; by default it takes what the machine has.

    Returns:
        The files written.

    Raises:
        StoreError: nothing is published yet, or the folder can't be written.
    """
    with open_published(published_file, settings, confined=False) as connection:
        return _write(connection, out_dir, words or ReportWords())


def _write(connection: duckdb.DuckDBPyConnection, out_dir: Path, study: ReportWords) -> list[Path]:
    try:
        out_dir.mkdir(parents=True, exist_ok=True)
        files = write_csv_files(connection, out_dir)
        files += [
            write_workbook(connection, out_dir / "coverage.xlsx"),
            *write_parquet_files(connection, out_dir),
        ]
        return files + _write_page(connection, out_dir, study)
    except duckdb.CatalogException as error:
        raise StoreError(
            f"the published database is of another version of the program ({str(error).splitlines()[0]});"
            " `gossi analyse` makes it anew"
        ) from error
    except (duckdb.IOException, OSError) as error:
        reason = str(error).splitlines()[0]
        raise StoreError(
            f"cannot write the report to {out_dir}: {reason}; name another folder with --out DIR"
        ) from error


def _write_page(connection: duckdb.DuckDBPyConnection, out_dir: Path, study: ReportWords) -> list[Path]:
    """Write the pictures, the evidence where it lies apart, and then the page that names them."""
    words = words_of()
    pictures, behind = drawn(connection, words), evidence(connection)
    page = render_page(connection, study, words, pictures, behind)
    contents: dict[str, bytes] = {}
    source = source_of(connection, study, words)
    for picture in pictures:
        if picture.svg:
            contents |= _picture_files(picture, out_dir, words.say(f"pictures.{picture.name}.title"), source)
    contents |= {name: script.encode() for name, script in behind.files.items()}
    contents["index.html"] = page.encode()
    # What an earlier report had beside its page, and this one has not.
    ours = {f"{picture.name}.{kind}" for picture in pictures for kind in ("svg", "png")}
    for file in (*out_dir.glob("evidence-*.js"), *(out_dir / name for name in ours)):
        if file.name not in contents:
            file.unlink(missing_ok=True)
    return [_put(out_dir / name, content) for name, content in contents.items()]


def _picture_files(picture: Picture, out_dir: Path, title: str, source: str) -> dict[str, bytes]:
    """The picture for print; where nothing changed, its dots (half a second's work) are the last report's.

    They are written first, so that they are never older than the lines beside them.
    """
    lines, dots = out_dir / f"{picture.name}.svg", out_dir / f"{picture.name}.png"
    svg = framed(picture, title, source).encode()
    same = lines.is_file() and dots.is_file() and lines.read_bytes() == svg
    return {dots.name: dots.read_bytes() if same else as_png(svg.decode()), lines.name: svg}


def _put(file: Path, content: bytes) -> Path:
    building = file.with_name(f"{file.name}.building")
    building.write_bytes(content)
    return building.replace(file)
