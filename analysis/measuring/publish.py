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

from crawler.errors import StoreError

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
    "correction",
    "changes",
    "seed_claim",
    "provenance",
    "views_collected",
    "views_coded",
    "views_coverage",
)
"""The .sql files of this folder, in the order of running."""

_MAX_SHINGLES = 20_000_000
"""Up to so many 3-grams are compared one by one when looking for reprints; of more, a fixed part (2 GB)."""


def publish(
    store: Path | duckdb.DuckDBPyConnection,
    published_file: Path,
    settings: Settings | None = None,
) -> None:
    """Publish what the store holds: tables, figures and views with their comments.

    Args:
        store: the store's file, or a connection that has it open. With a connection, what is committed is
            published; a transaction that is open on it goes on unharmed.
        published_file: replaced when the new one is complete, never before.
        settings: of DuckDB, such as memory_limit; by default it takes what the machine has.

    Raises:
        StoreError: the store can't be read, or the folder or disk can't be written.
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
            measure(connection)
            connection.execute("CHECKPOINT")
        building.replace(published_file)
    except (duckdb.IOException, duckdb.OutOfMemoryException, OSError) as error:
        with contextlib.suppress(OSError):
            _remove(building)
        reason = str(error).splitlines()[0]
        raise StoreError(
            f"cannot publish {published_file}: {reason}; check the folder's rights, free space and memory"
        ) from error


def ensure_published(store: Path | duckdb.DuckDBPyConnection, published_file: Path) -> None:
    """Publish if nothing is published yet, so that readers find a database during a first run too."""
    if not published_file.exists():
        publish(store, published_file)


def measure(connection: duckdb.DuckDBPyConnection) -> None:
    """Make figures and views in a database that has the store's tables in a schema `store`.

    Shares have Wilson's interval (1927), with Kish's effective number of independent texts (1965). They are
    corrected for the coder's errors as Rogan and Gladen (1978) have it, with the interval of Lang and
    Reiczigel (2014); why that matters: TeBlunthuis, Hase and Chan, arXiv 2307.06483. Differences have
    Newcombe's interval for paired shares (1998).
    """
    connection.execute("CREATE SCHEMA IF NOT EXISTS measured")
    connection.execute("USE store")
    for schema in SCHEMAS:
        connection.execute(schema.read_text(encoding="utf-8"))
    connection.execute("USE main")
    _set_variables(connection)
    _prepare_seed(connection)
    for step in STEPS:
        connection.execute((_HERE / f"{step}.sql").read_text(encoding="utf-8"))


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


def _prepare_seed(connection: duckdb.DuckDBPyConnection) -> None:
    """Make measured.seed, the claims that stand for the statement under test, and its variables."""
    seed = tomllib.loads((_HERE / "seed.toml").read_text(encoding="utf-8"))
    sides = [seed["favoured"], *seed["neglected"]]
    known = connection.execute("SELECT claim_id, side FROM store.claim ORDER BY position").fetchall()
    rows = [
        (reading, side, claim)
        for reading, claims in seed["reading"].items()
        for side in sides
        for claim in claims[side]
        if (claim, side) in known
    ] or [("account", side, claim) for claim, side in known if side in sides]
    connection.execute(
        "CREATE OR REPLACE TABLE measured.seed (reading VARCHAR, side VARCHAR, claim_id VARCHAR)"
    )
    if rows:
        connection.executemany("INSERT INTO measured.seed VALUES (?, ?, ?)", rows)
    for name in ("bloc", "favoured", "neglected"):
        connection.execute(f"SET VARIABLE seed_{name} = $1", [seed[name]])


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
    file.with_name(f"{file.name}.wal").unlink(missing_ok=True)


def _quoted(path: Path) -> str:
    return str(path).replace("'", "''")
