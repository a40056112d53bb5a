"""Measures publishing, every view and the report on a store of a million articles and three million mentions.

`python -m benchmarks.measuring [articles] [words]`; 1,000,000 articles of 150 words by default, on 2 threads
and 3 GiB for DuckDB, which leaves a machine of 4 GiB the rest.
"""

import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import duckdb

from analysis.measuring.publish import SCHEMAS, publish
from analysis.report.write import write_report

_LIMITS: dict[str, str | bool | int | float | list[str]] = {"memory_limit": "3GiB", "threads": 2}


@contextmanager
def timed(what: str) -> Iterator[None]:
    """Print how long the block took."""
    begin = time.perf_counter()
    yield
    print(f"{what:<28}{time.perf_counter() - begin:8.2f} s", flush=True)  # noqa: T201 - what a benchmark is for


def generate(store: Path, articles: int, words: int) -> None:
    """Make the store."""
    with duckdb.connect(store, config=_LIMITS) as con:
        for schema in SCHEMAS:
            con.execute(schema.read_text(encoding="utf-8"))
        con.execute("SET preserve_insertion_order = false")
        con.execute("SET VARIABLE articles = $1", [articles])
        con.execute("SET VARIABLE words = $1", [words])
        con.execute(Path(__file__).with_suffix(".sql").read_text(encoding="utf-8"))


def main(articles: int = 1_000_000, words: int = 150) -> None:
    """Run the benchmark on a store of so many articles of so many words."""
    with tempfile.TemporaryDirectory() as folder:
        store, published = Path(folder, "store.duckdb"), Path(folder, "coverage.duckdb")
        with timed(f"generate {articles:,} articles"):
            generate(store, articles, words)
        with timed("publish"):
            publish(store, published, settings=_LIMITS)
        with duckdb.connect(published, read_only=True, config=_LIMITS) as con:
            views = con.execute(
                "SELECT view_name FROM duckdb_views() WHERE NOT internal AND schema_name = 'main'"
                " AND database_name = current_database() ORDER BY 1"
            ).fetchall()
            for (view,) in views:
                # Every column of every row is read; a hash of each keeps the optimiser from leaving one out.
                with timed(f"view {view}"):
                    con.execute(f"SELECT count(*), bit_xor(hash(v)) FROM {view} v").fetchall()  # noqa: S608
        with timed("report"):
            write_report(published, Path(folder, "reports"), settings=_LIMITS)


if __name__ == "__main__":
    main(*(int(argument) for argument in sys.argv[1:3]))
