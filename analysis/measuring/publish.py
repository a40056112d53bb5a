"""Builds data/coverage.duckdb, the database for readers: complete, replaced in one step, never locked.

The store that a run writes can't be read by another process meanwhile, so readers get a copy. It is built
beside the published file and renamed over it: who has the old one open reads on in the old one.
"""

import contextlib
import re
import tomllib
from collections.abc import Mapping
from pathlib import Path

import duckdb

from gossi.analysis.measuring.meanings import comment
from gossi.analysis.measuring.people import take_in_people
from gossi.crawler.errors import StoreError
from gossi.crawler.outcomes import Outcome

_HERE = Path(__file__).parent
Settings = Mapping[str, str | bool | int | float | list[str]]
"""Settings of DuckDB, by name."""

SCHEMAS = (
    _HERE.parents[1] / "crawler" / "store" / "schema.sql",
    _HERE.parent / "coding" / "schema.sql",
)
"""Whose tables the store holds. A part that has not run yet left none: they are made, empty."""

STEPS = (
    "macros",
    "articles",
    "reprints",
    "credit",
    "codings",
    "outlets",
    "sheet",
    "figures",
    "judged",
    "amounts",
    "estimates",
    "figure",
    "statement",
    "changes",
    "provenance",
    "views_collected",
    "views_coded",
    "views_people",
    "views_coverage",
    "prominence",
    "views_estimates",
)
"""The .sql files of this folder, in the order of running."""

_FOR_READERS = 0o444
"""The published file's rights: who opens it to write in it is told at once."""

_MAX_SHINGLES = 20_000_000
"""Up to so many 3-grams are compared one by one when looking for reprints; of more, a fixed part (2 GB)."""


def publish(
    store: Path | duckdb.DuckDBPyConnection,
    published_file: Path,
    settings: Settings | None = None,
    draws: Path | None = None,
) -> None:
    """Publish what the store holds: tables, figures and views with their comments.

    Args:
        store: the store's file, or a connection that has it open. With a connection, what is committed is
            published; a transaction that is open on it goes on unharmed.
        published_file: replaced when the new one is complete, never before.
        settings: of DuckDB, such as memory_limit; by default it takes what the machine has.
        draws: coded/draws of the study: what people drew and coded.

    Raises:
        StoreError: the store can't be read, or the folder or disk can't be written.
        InputError: a file in `draws` is missing, changed or not of its form.
    """
    if isinstance(store, Path) and not store.exists():
        raise StoreError(f"{store}: no such file; `gossi crawl` or `gossi import` makes it")
    building = published_file.with_name(f"{published_file.name}.building")
    try:
        published_file.parent.mkdir(parents=True, exist_ok=True)
        _remove(building)
        if isinstance(store, Path):
            with duckdb.connect(store, config=dict(settings or {})) as connection:
                _copy(connection, building)
        else:
            with store.cursor() as cursor:
                _copy(cursor, building)
        with duckdb.connect(building, config=dict(settings or {})) as connection:
            measure(connection, draws)
            connection.execute("CHECKPOINT")
            _refuse_an_empty_one(connection, published_file)
        # A reader's own changes beside the old file (DuckDB's .wal) fit no other: nobody could open it again.
        _wal(published_file).unlink(missing_ok=True)
        building.chmod(_FOR_READERS)
        building.replace(published_file)
    except StoreError:
        _remove(building)
        raise
    except (duckdb.IOException, duckdb.OutOfMemoryException, OSError) as error:
        with contextlib.suppress(OSError):
            _remove(building)
        reason = str(error).splitlines()[0]
        raise StoreError(
            f"cannot publish {published_file}: {reason}; check the folder's rights, free space and memory"
        ) from error


def _refuse_an_empty_one(new: duckdb.DuckDBPyConnection, published_file: Path) -> None:
    """Raise StoreError where nothing would take the place of articles: the store was lost, not they."""
    count = "SELECT count(*) FROM store.version"
    if not published_file.exists() or new.execute(count).fetchone() != (0,):
        return
    try:
        with duckdb.connect(published_file, read_only=True) as old:
            held = (old.execute(count).fetchone() or (0,))[0]
    except duckdb.Error:
        return  # nobody can read it
    if held:
        raise StoreError(
            f"{published_file}: holds {held} texts, and the store none: it stays. Where store.duckdb "
            "was lost, put it back or make it anew from what was captured: gossi rebuild; to begin from "
            "nothing, remove "
            f"{published_file.name}"
        )


def ensure_published(store: Path | duckdb.DuckDBPyConnection, published_file: Path) -> None:
    """Publish if nothing is published yet, so that readers find a database during a first run too."""
    if not published_file.exists():
        publish(store, published_file)


def measure(connection: duckdb.DuckDBPyConnection, draws: Path | None = None) -> None:
    """Make figures and views in a database that has the store's tables in a schema `store`.

    docs/measuring.md has the formulas and their sources.
    """
    connection.execute("CREATE SCHEMA IF NOT EXISTS measured")
    connection.execute("USE store")
    for schema in SCHEMAS:
        connection.execute(schema.read_text(encoding="utf-8"))
    connection.execute("USE main")
    take_in_people(connection, draws)
    _set_variables(connection)
    _tell_outcomes(connection)
    for step in STEPS:
        connection.execute((_HERE / f"{step}.sql").read_text(encoding="utf-8"))
    comment(connection)


def _copy(connection: duckdb.DuckDBPyConnection, building: Path) -> None:
    """Copy all tables of the database of `connection` into a schema `store` of the new file."""
    tables = connection.execute(
        "SELECT table_name FROM duckdb_tables()"
        " WHERE database_name = current_database() AND schema_name = 'main' ORDER BY table_name"
    ).fetchall()
    connection.execute(f"ATTACH '{_quoted(building)}' AS building")
    try:
        connection.execute("CREATE SCHEMA building.store")
        for (table,) in tables:
            connection.execute(f'CREATE TABLE building.store."{table}" AS FROM "{table}"')
        connection.execute("CHECKPOINT building")
    finally:
        connection.execute("DETACH building")


def _set_variables(connection: duckdb.DuckDBPyConnection) -> None:
    words = connection.execute("SELECT coalesce(sum(words), 0) FROM store.version").fetchone()
    assert words is not None  # noqa: S101 - an aggregate has a row
    credit, agency, names = credit_patterns()
    connection.execute("SET VARIABLE sampling = $1", [max(1, round(words[0] / _MAX_SHINGLES))])
    connection.execute("SET VARIABLE credit_pattern = $1", [credit])
    connection.execute("SET VARIABLE agency_pattern = $1", [agency])
    connection.execute("SET VARIABLE agency_names = map($1, $2)", [list(names), list(names.values())])


def _tell_outcomes(connection: duckdb.DuckDBPyConnection) -> None:
    """Make measured.outcome, what each outcome of crawler/outcomes.py means."""
    connection.execute(
        "CREATE OR REPLACE TABLE measured.outcome"
        " (outcome VARCHAR, standing VARCHAR, may_pass BOOLEAN, is_incomplete BOOLEAN)"
    )
    connection.executemany(
        "INSERT INTO measured.outcome VALUES (?, ?, ?, ?)",
        [(each.value, each.standing.value, each.may_pass, each.is_incomplete) for each in Outcome],
    )


def credit_patterns() -> tuple[str, str, dict[str, str]]:
    """Patterns of a credit and of an agency as written, and a map from that writing to the agency's name."""
    words = tomllib.loads((_HERE / "agencies.toml").read_text(encoding="utf-8"))
    names = {writing: name for name, writings in words["names"].items() for writing in writings}
    # Longest first: "The Associated Press" before "AP".
    agency = "|".join(re.escape(writing) for writing in sorted(names, key=len, reverse=True))
    credit = "|".join(form.replace("{agency}", f"(?:{agency})") for form in words["forms"])
    return credit, agency, names


def _remove(file: Path) -> None:
    file.unlink(missing_ok=True)
    _wal(file).unlink(missing_ok=True)


def _wal(file: Path) -> Path:
    """Where DuckDB keeps what was written to a database and is not yet in its file."""
    return file.with_name(f"{file.name}.wal")


def _quoted(path: Path) -> str:
    return str(path).replace("'", "''")
