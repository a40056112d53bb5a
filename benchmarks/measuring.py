"""How long publishing, every view and the report take on a store of a million articles, three mentions each.

All articles are on the topic, the worst case for measuring: see measuring.sql, which makes them.
"""

import tempfile
import time
from collections.abc import Callable, Iterable
from functools import partial
from pathlib import Path

import duckdb

from benchmarks.figure import Figure, Inputs
from gossi.analysis.measuring.publish import SCHEMAS, publish
from gossi.analysis.report.write import write_report

# 3 GiB for DuckDB leaves a machine of 4 GiB the rest.
_LIMITS: dict[str, str | bool | int | float | list[str]] = {"memory_limit": "3GiB", "threads": 2}

_WORDS = 150
"""Words of an article; with more the generator takes most of the time."""


_SCAN = "SELECT count(*), bit_xor(hash(c)) FROM measured.coding c"
"""Every column of every cell, of which all figures are made."""


def run(inputs: Inputs) -> Iterable[Figure]:
    """Generate, publish, read every view, report."""
    with tempfile.TemporaryDirectory() as folder:
        store, published = Path(folder, "store.duckdb"), Path(folder, "coverage.duckdb")
        yield Figure(
            f"generate {inputs.articles:,} articles", _seconds(lambda: generate(store, inputs.articles)), "s"
        )
        publishing = _seconds(lambda: publish(store, published, settings=_LIMITS))
        yield Figure("publish", publishing, "s", most=120)
        with duckdb.connect(published, read_only=True, config=_LIMITS) as con:
            # On a busy machine all is slow, this too: a ratio that stays tells it from a slow query.
            scan = _seconds(partial(_read, con, _SCAN))
            yield Figure("a plain scan of the cells", scan, "s")
            yield Figure("publish, in plain scans", publishing / scan, "×")
            views = con.execute(
                "SELECT view_name FROM duckdb_views() WHERE NOT internal AND schema_name = 'main'"
                " AND database_name = current_database() ORDER BY 1"
            ).fetchall()
            for (view,) in views:
                # Every column of every row is read; a hash of each keeps the optimiser from leaving one out.
                query = f"SELECT count(*), bit_xor(hash(v)) FROM {view} v"  # noqa: S608
                seconds = _seconds(partial(_read, con, query))
                yield Figure(f"view {view}", seconds, "s", most=2)
                yield Figure(f"view {view}, in plain scans", seconds / scan, "×")
        report = Path(folder, "reports")
        seconds = _seconds(lambda: write_report(published, report, settings=_LIMITS))
        yield Figure("report", seconds, "s", most=60)
        yield Figure("report, in plain scans", seconds / scan, "×")


def generate(store: Path, articles: int, words: int = _WORDS) -> None:
    """Make a store of so many articles of so many words each."""
    with duckdb.connect(store, config=_LIMITS) as con:
        for schema in SCHEMAS:
            con.execute(schema.read_text(encoding="utf-8"))
        con.execute("SET preserve_insertion_order = false")
        con.execute("SET VARIABLE articles = $1", [articles])
        con.execute("SET VARIABLE words = $1", [words])
        con.execute(Path(__file__).with_suffix(".sql").read_text(encoding="utf-8"))


def _read(con: duckdb.DuckDBPyConnection, query: str) -> None:
    con.execute(query).fetchall()


def _seconds(work: Callable[[], object]) -> float:
    begin = time.perf_counter()
    work()
    return time.perf_counter() - begin
