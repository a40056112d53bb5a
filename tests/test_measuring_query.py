"""`gossi sql`: one statement over the published database, for reading only."""

import csv
import io
import json
from pathlib import Path

import pytest

from gossi.analysis.measuring.publish import publish
from gossi.analysis.measuring.query import query, streamed, write_csv, write_json, write_table
from gossi.crawler.errors import StoreError, UsageError
from tests import hand_store


@pytest.fixture(scope="module")
def published(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The hand-made store, published."""
    folder = tmp_path_factory.mktemp("study")
    publish(hand_store.build(folder / "store.duckdb"), folder / "coverage.duckdb")
    return folder / "coverage.duckdb"


def test_columns_and_rows(published: Path) -> None:
    """A query gives the names of its columns and its rows."""
    assert query(published, "SELECT side, position FROM sides LIMIT 2;") == (
        ["side", "position"],
        [("mali", 1), ("russia", 2)],
    )


@pytest.mark.parametrize(
    "statement",
    [
        "CREATE TABLE t (x INTEGER)",
        "DROP VIEW coverage",
        "DELETE FROM store.article",
        "COPY coverage TO 'out.csv'",
        "ATTACH 'other.duckdb' AS other",
        "FROM read_csv('/etc/hosts')",
        "SELECT 1; SELECT 2",
        "",
        "SELECT nothing FROM coverage",
        "SELEC 1",
    ],
)
def test_what_is_refused(
    published: Path, statement: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Writing, other files, several statements and wrong SQL: one line that says what is wrong."""
    monkeypatch.chdir(tmp_path)
    with pytest.raises(UsageError) as caught:
        query(published, statement)
    assert "\n" not in str(caught.value)
    assert list(tmp_path.iterdir()) == []


def test_nothing_published_yet(tmp_path: Path) -> None:
    """The message says what makes a published database."""
    with pytest.raises(StoreError, match="gossi run"):
        query(tmp_path / "coverage.duckdb", "SELECT 1")


def test_a_file_that_is_no_database(tmp_path: Path) -> None:
    """The message says how to make it anew."""
    (tmp_path / "coverage.duckdb").write_bytes(b"<html>" * 1000)
    with pytest.raises(StoreError, match="gossi analyse"):
        query(tmp_path / "coverage.duckdb", "SELECT 1")


SQL = """SELECT 'a, "b"' AS text, NULL AS nothing, true AS yes, TIMESTAMP '2022-04-22 18:00:00' AS at,
                DATE '2022-04-22' AS day, ['fr', 'en'] AS list, 0.5::DOUBLE AS share"""


def test_csv(published: Path) -> None:
    """Another reader gets back what was written."""
    out = io.StringIO(newline="")
    write_csv(*query(published, SQL), out)
    assert out.getvalue().endswith("\r\n")
    assert list(csv.reader(io.StringIO(out.getvalue(), newline=""))) == [
        ["text", "nothing", "yes", "at", "day", "list", "share"],
        ['a, "b"', "", "true", "2022-04-22T18:00:00Z", "2022-04-22", "fr;en", "0.5"],
    ]


def test_json(published: Path) -> None:
    """Values keep their kind; times are text."""
    out = io.StringIO()
    write_json(*query(published, SQL), out)
    assert json.loads(out.getvalue()) == [
        {"text": 'a, "b"', "nothing": None, "yes": True, "at": "2022-04-22T18:00:00Z", "day": "2022-04-22",
         "list": ["fr", "en"], "share": 0.5}
    ]  # fmt: skip


def test_table_takes_text_as_it_is(published: Path) -> None:
    """Square brackets in a headline are no markup, and in a pipe nothing is cut."""
    out = io.StringIO()
    write_table(*query(published, "SELECT '[red]x[/red]' AS headline, repeat('y', 300) AS long"), out)
    assert "[red]x[/red]" in out.getvalue()
    assert "y" * 300 in out.getvalue()


class Terminal(io.StringIO):
    """Takes text as a terminal does."""

    def isatty(self) -> bool:
        """Say that it is one."""
        return True


@pytest.mark.parametrize(("width", "blocks"), [("80", True), ("120", False)])
def test_what_is_too_wide_for_a_terminal_comes_in_blocks(
    monkeypatch: pytest.MonkeyPatch, width: str, blocks: bool
) -> None:
    """A row that doesn't fit is not squeezed into columns of a few letters."""
    monkeypatch.setenv("COLUMNS", width)
    monkeypatch.setenv("TERM", "xterm")
    out = Terminal()
    write_table(["one", "two"], [("a" * 50, "b" * 50)], out)
    assert ("row 1" in out.getvalue()) is blocks
    assert "a" * 50 in out.getvalue()
    assert "b" * 50 in out.getvalue()


def test_a_query_without_rows() -> None:
    """The columns are shown all the same."""
    out = io.StringIO()
    write_table(["one", "two"], [], out)
    assert "one" in out.getvalue()


@pytest.mark.parametrize("before", ["", " ", "\n", "\r\n", "\t", "\xa0", "\ufeff", "\u200b", "\u3000"])
@pytest.mark.parametrize("sign", "=+-@＝＋－＠")
def test_no_text_in_csv_is_a_formula(before: str, sign: str) -> None:
    """An apostrophe stands before whatever a spreadsheet might work out; numbers stay numbers."""
    out = io.StringIO(newline="")
    formula = f"{before}{sign}1+1"
    write_csv([formula, "number"], [(formula, -1), ([formula], -0.5), ("a=b", None)], out)
    assert list(csv.reader(io.StringIO(out.getvalue(), newline=""))) == [
        [f"'{formula}", "number"],
        [f"'{formula}", "-1"],
        [f"'{formula}", "-0.5"],
        ["a=b", ""],
    ]


CONTROLS = "".join(map(chr, [*range(9), *range(11, 32), *range(0x7F, 0xA0), 0x202E, 0x2066]))


def test_nothing_commands_a_terminal(monkeypatch: pytest.MonkeyPatch) -> None:
    """No control character reaches a terminal in any form; JSON gives them back as they were."""
    monkeypatch.setenv("TERM", "dumb")
    monkeypatch.setenv("NO_COLOR", "1")
    for write in (write_table, write_csv, write_json):
        out = Terminal(newline="")
        write([f"a{CONTROLS}"], [(f"b{CONTROLS}c",)], out)
        text = out.getvalue().replace("\r\n", "\n")
        assert set(CONTROLS).isdisjoint(text), write
    assert json.loads(text) == [{f"a{CONTROLS}": f"b{CONTROLS}c"}]


def test_rows_are_not_held(published: Path) -> None:
    """The first of a million million rows comes at once, and a fault in a later one is told."""
    with streamed(published, "SELECT range FROM range(1_000_000_000_000)") as (_, rows):
        assert next(rows) == (0,)
    broken = "SELECT CASE WHEN range = 500_000 THEN error('no such') ELSE 1 END AS x FROM range(1_000_000)"
    with pytest.raises(UsageError, match="no such"), streamed(published, broken) as (columns, rows):
        write_csv(columns, rows, io.StringIO())
