"""The published database: complete, replaced in one step, open to readers at any time."""

import subprocess
import sys
from pathlib import Path

import duckdb
import pytest

from gossi.analysis.measuring.publish import SCHEMAS, ensure_published, publish
from gossi.analysis.measuring.query import query
from gossi.crawler.errors import StoreError
from gossi.crawler.outcomes import Outcome, Standing
from tests import hand_store

DESIGNED = [
    *("outlets", "runs", "collection", "captures", "articles", "versions", "sides", "claims", "mentions"),
    *("codings", "changes", "coverage", "coverage_by_bloc", "coverage_by_claim"),
]


@pytest.fixture
def store(tmp_path: Path) -> Path:
    """The hand-made store."""
    return hand_store.build(tmp_path / "store.duckdb")


def test_every_view_and_column_is_explained(store: Path, tmp_path: Path) -> None:
    """The views of the design are there, and no view or column is without a comment."""
    target = tmp_path / "coverage.duckdb"
    publish(store, target)
    columns, rows = query(
        target,
        "SELECT view_name, v.comment, column_name, c.comment FROM duckdb_views() v"
        " JOIN duckdb_columns() c ON table_oid = view_oid AND c.database_name = v.database_name"
        " WHERE v.schema_name = 'main' AND v.database_name = current_database() AND NOT v.internal",
    )
    assert len(columns) == 4
    assert set(DESIGNED) <= {row[0] for row in rows}
    assert [row for row in rows if not row[1] or not row[3]] == []


def test_readers_see_views_only(store: Path, tmp_path: Path) -> None:
    """SHOW TABLES lists what readers are to use; the tables behind it stand in other schemas."""
    target = tmp_path / "coverage.duckdb"
    publish(store, target)
    assert query(target, "SELECT * FROM duckdb_tables() WHERE schema_name = 'main'")[1] == []


def test_publishes_while_the_store_is_being_written(store: Path, tmp_path: Path) -> None:
    """With an open connection, what is committed is published, and its open transaction goes on."""
    target = tmp_path / "coverage.duckdb"
    with duckdb.connect(store) as con:
        con.execute("BEGIN")
        con.execute("UPDATE outlet SET name = 'Renamed Courier' WHERE outlet_id = 'courier'")
        publish(con, target)
        con.execute("COMMIT")
        name = "SELECT name FROM outlets WHERE outlet_id = 'courier'"
        assert query(target, name)[1] == [("The Fictional Courier",)]
        publish(con, target)
        assert query(target, name)[1] == [("Renamed Courier",)]


def test_another_process_can_read_while_the_store_is_held(store: Path, tmp_path: Path) -> None:
    """What `gossi sql` does during a run: the store is locked, the published file is not."""
    target = tmp_path / "coverage.duckdb"
    count = (
        "import duckdb, sys\n"
        "con = duckdb.connect(sys.argv[1], read_only=True)\n"
        "print(con.execute('SELECT count(*) FROM coverage').fetchone()[0])\n"
    )
    with duckdb.connect(store) as con:
        publish(con, target)
        done = subprocess.run(
            [sys.executable, "-c", count, str(target)], capture_output=True, text=True, check=True
        )
        assert con.execute("SELECT count(*) FROM outlet").fetchone() == (6,)
    assert done.stdout == "20\n"  # 5 outlets and 4 sides


def test_a_reader_keeps_what_it_opened(store: Path, tmp_path: Path) -> None:
    """A process that has the published file open reads on in it while another one publishes anew."""
    target = tmp_path / "coverage.duckdb"
    publish(store, target)
    reader = subprocess.Popen(
        [
            sys.executable,
            "-c",
            "import duckdb, sys\n"
            "con = duckdb.connect(sys.argv[1], read_only=True)\n"
            "for line in sys.stdin:\n"
            "    print(con.execute('SELECT count(*) FROM mentions').fetchone()[0], flush=True)\n",
            str(target),
        ],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
    )
    assert reader.stdin is not None
    assert reader.stdout is not None
    with reader.stdin, reader.stdout:
        reader.stdin.write("\n")
        reader.stdin.flush()
        before = reader.stdout.readline()
        with duckdb.connect(store) as con:
            con.execute("DELETE FROM mention")
        publish(store, target)
        reader.stdin.write("\n")
        reader.stdin.flush()
        assert reader.stdout.readline() == before == f"{len(hand_store.MENTIONS)}\n"
    reader.wait(timeout=10)
    assert query(target, "SELECT count(*) FROM mentions")[1] == [(0,)]


def test_nothing_is_left_beside_it(store: Path, tmp_path: Path) -> None:
    """The published file stands alone: no log of it, no half-built copy."""
    publish(store, tmp_path / "coverage.duckdb")
    assert sorted(file.name for file in tmp_path.iterdir()) == ["coverage.duckdb", "store.duckdb"]


def test_leftovers_of_a_killed_run_do_no_harm(store: Path, tmp_path: Path) -> None:
    """A half-built copy of a run that was killed is overwritten."""
    (tmp_path / "coverage.duckdb.building").write_bytes(b"half")
    (tmp_path / "coverage.duckdb.building.wal").write_bytes(b"torn")
    publish(store, tmp_path / "coverage.duckdb")
    assert query(tmp_path / "coverage.duckdb", "SELECT count(*) FROM coverage")[1] == [(20,)]


def test_a_store_without_analysis_is_published_with_empty_views(tmp_path: Path) -> None:
    """At the start of a first run there are outlets at most; every view answers all the same."""
    target = tmp_path / "coverage.duckdb"
    with duckdb.connect(tmp_path / "store.duckdb") as con:
        con.execute(hand_store.STORE_SCHEMA.read_text(encoding="utf-8"))
        ensure_published(con, target)
    for view in DESIGNED:
        assert query(target, f"FROM {view}")[1] == []


def test_ensure_published_keeps_what_is_there(store: Path, tmp_path: Path) -> None:
    """A published database is not replaced by an emptier one at the start of a run."""
    target = tmp_path / "coverage.duckdb"
    publish(store, target)
    before = target.stat().st_mtime_ns
    ensure_published(store, target)
    assert target.stat().st_mtime_ns == before


def test_a_folder_that_cannot_be_written(store: Path, tmp_path: Path) -> None:
    """The message names the file and the next step; nothing half-written stays."""
    (tmp_path / "blocked").write_text("a file where a folder should be")
    with pytest.raises(StoreError, match=r"cannot publish .*coverage\.duckdb: .*; check the folder"):
        publish(store, tmp_path / "blocked" / "coverage.duckdb")


def test_no_store_yet(tmp_path: Path) -> None:
    """The message says what makes a store; none is made by asking."""
    with pytest.raises(StoreError, match="gossi crawl"):
        publish(tmp_path / "store.duckdb", tmp_path / "coverage.duckdb")
    assert list(tmp_path.iterdir()) == []


def test_publishing_twice_gives_the_same_answers(store: Path, tmp_path: Path) -> None:
    """Every view of two copies of one store has the same rows in the same order."""
    publish(store, tmp_path / "one.duckdb")
    publish(store, tmp_path / "two.duckdb")
    for view in DESIGNED:
        assert query(tmp_path / "one.duckdb", f"FROM {view}") == query(
            tmp_path / "two.duckdb", f"FROM {view}"
        )


_WRITE_AND_DIE = (
    "import duckdb, os, sys\n"
    "con = duckdb.connect(sys.argv[1])\n"
    "con.execute('CREATE TABLE mine AS FROM range(9)')\n"
    "os._exit(9)\n"
)


def test_what_a_reader_left_beside_it_locks_nobody_out(store: Path, tmp_path: Path) -> None:
    """A reader that had the file open to write in it and died leaves a .wal, which fits no other file."""
    target = tmp_path / "coverage.duckdb"
    publish(store, target)
    target.chmod(0o644)
    subprocess.run([sys.executable, "-c", _WRITE_AND_DIE, str(target)], check=False)
    wal = target.with_name("coverage.duckdb.wal")
    left = wal.read_bytes()
    publish(store, target)
    assert query(target, "SELECT count(*) FROM coverage")[1] == [(20,)]
    assert target.stat().st_mode & 0o777 == 0o444
    wal.write_bytes(left)
    with pytest.raises(StoreError, match=r"remove coverage\.duckdb\.wal, or publish anew"):
        query(target, "SELECT count(*) FROM coverage")


def test_an_empty_store_replaces_no_articles(store: Path, tmp_path: Path) -> None:
    """Where the store was lost, what is published stays as it is, and the message says what to do."""
    target = tmp_path / "coverage.duckdb"
    publish(store, target)
    before = target.read_bytes()
    with duckdb.connect() as lost:
        lost.execute(SCHEMAS[0].read_text(encoding="utf-8"))
        with pytest.raises(StoreError, match="the store none: it stays"):
            publish(lost, target)
    assert target.read_bytes() == before
    assert not target.with_name("coverage.duckdb.building").exists()


def test_a_page_of_each_outcome_stands_in_one_column(tmp_path: Path) -> None:
    """The columns of `collection` add up to what was expected, and say what crawler/outcomes.py says."""
    path, target = tmp_path / "store.duckdb", tmp_path / "coverage.duckdb"
    with duckdb.connect(path) as con:
        for schema in SCHEMAS:
            con.execute(schema.read_text(encoding="utf-8"))
        con.execute(
            "INSERT INTO run VALUES"
            " (1, 'crawl', '2022-05-01', NULL, 'ok', '', 0, 0, 0, '', '', '', false, NULL)"
        )
        # An outlet of each outcome, named after it, with one page that was asked for.
        con.executemany(
            "INSERT INTO attempt (attempt_id, run_id, outlet_id, kind, url, fetched_at, outcome, detail, via)"
            " VALUES (?, 1, ?, 'page', ?, '2022-05-01', ?, '', 'live')",
            [(number, each, f"http://{each}/", each) for number, each in enumerate(Outcome)],
        )
    publish(path, target)
    found = query(target, "FROM collection SELECT outlet_id, expected, fetched, refused, failed, not_asked")[
        1
    ]
    standings = (Standing.FETCHED, Standing.REFUSED, Standing.FAILED, Standing.NOT_ASKED)
    assert found == [
        (each.value, 1, *(int(each.standing is standing) for standing in standings))
        for each in sorted(Outcome)
    ]
