"""What `gossi sql -o FILE` writes, read by other programs than those that wrote it."""

import csv
import json
import sqlite3
import subprocess
import sys
from datetime import datetime
from pathlib import Path

import duckdb
import openpyxl
import pytest
from openpyxl.utils import escape

from gossi.analysis.measuring import query_files
from gossi.analysis.measuring.publish import publish
from gossi.analysis.measuring.query import query
from gossi.analysis.measuring.query_files import FORMS, VIEWS, write_query
from gossi.crawler.errors import StoreError, UsageError
from tests import hand_store
from tests.conftest import gossi

EVERYTHING = """
SELECT * FROM (VALUES
    (1, '=1+1', true, 0.25, TIMESTAMP '2022-04-20 10:30:00', DATE '2022-04-20', ['fr', 'ar'], NULL),
    (9007199254740993, E'_x0041_ "é"\\r\\n\\t\\x07 ,;', false, -1e300, TIMESTAMP '1899-01-01', NULL, [], 'x'),
    (-5, 'https://example.org', NULL, 'nan'::DOUBLE, NULL, DATE '1890-01-01', NULL, '@x')
) AS made(number, text, flag, share, time, day, list, none)
"""
"""A value of each type, with what some form has no place for."""

COUNT = 'SELECT count(*) FROM "{}"'


def unescape(value: object) -> object:
    """A text as a spreadsheet reads it: openpyxl leaves _x000D_ as it stands in the file."""
    return escape.unescape(value) if isinstance(value, str) else value


@pytest.fixture(scope="module")
def published(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The hand-made store, published."""
    folder = tmp_path_factory.mktemp("study")
    publish(hand_store.build(folder / "store.duckdb"), folder / "coverage.duckdb")
    return folder / "coverage.duckdb"


def test_csv(published: Path, tmp_path: Path) -> None:
    """As `gossi sql --csv`: no text is a formula."""
    write_query(published, EVERYTHING, tmp_path / "out.csv")
    with (tmp_path / "out.csv").open(encoding="utf-8", newline="") as lines:
        assert list(csv.reader(lines))[1] == [
            "1", "'=1+1", "true", "0.25", "2022-04-20T10:30:00Z", "2022-04-20", "fr;ar", ""
        ]  # fmt: skip


def test_json(published: Path, tmp_path: Path) -> None:
    """An array of objects; a column whose name comes twice stays."""
    write_query(published, "SELECT 1 AS a, 2 AS a, 'é' AS A, ['x'] AS b", tmp_path / "out.json")
    assert json.loads((tmp_path / "out.json").read_text(encoding="utf-8")) == [
        {"a": 1, "a_1": 2, "A_2": "é", "b": ["x"]}
    ]


def test_parquet(published: Path, tmp_path: Path) -> None:
    """Types and all: what comes back is what the query gives."""
    write_query(published, EVERYTHING, tmp_path / "out.parquet")
    with duckdb.connect() as con:
        found = con.execute(f"FROM '{tmp_path / 'out.parquet'}'").fetchall()
    assert list(map(repr, found)) == list(map(repr, query(published, EVERYTHING)[1]))


def test_sqlite(published: Path, tmp_path: Path) -> None:
    """One table, named like the file, with types; lists are JSON, which SQLite's functions take."""
    write_query(published, EVERYTHING, tmp_path / "made here.sqlite")
    with sqlite3.connect(tmp_path / "made here.sqlite") as con:
        columns = con.execute("SELECT name, type FROM pragma_table_info('made here')").fetchall()
        rows = con.execute('SELECT * FROM "made here"').fetchall()
        assert con.execute("PRAGMA integrity_check").fetchall() == [("ok",)]
    assert columns == [
        ("number", "INTEGER"), ("text", "TEXT"), ("flag", "INTEGER"), ("share", "REAL"), ("time", "TEXT"),
        ("day", "TEXT"), ("list", "TEXT"), ("none", "TEXT"),
    ]  # fmt: skip
    assert rows == [
        (1, "=1+1", 1, 0.25, "2022-04-20T10:30:00Z", "2022-04-20", '["fr", "ar"]', None),
        (9007199254740993, '_x0041_ "é"\r\n\t\x07 ,;', 0, -1e300, "1899-01-01T00:00:00Z", None, "[]", "x"),
        (-5, "https://example.org", None, None, None, "1890-01-01", None, "@x"),
    ]


def test_xlsx(published: Path, tmp_path: Path) -> None:
    """Numbers, times, texts; what a spreadsheet would change is text: long numbers, early days, formulas."""
    write_query(published, EVERYTHING, tmp_path / "out.xlsx")
    book = openpyxl.load_workbook(tmp_path / "out.xlsx")
    sheet = book["out"]
    assert sheet.freeze_panes == "A2"
    rows = [[unescape(cell.value) for cell in row] for row in sheet.iter_rows(min_row=2)]
    assert rows == [
        [1, "=1+1", True, 0.25, datetime(2022, 4, 20, 10, 30), datetime(2022, 4, 20), "fr;ar", None],
        [
            "9007199254740993",
            '_x0041_ "é"\r\n\t\x07 ,;',
            False,
            "-1e+300",
            "1899-01-01T00:00:00Z",
            None,
            "",
            "x",
        ],
        [-5, "https://example.org", None, "nan", None, "1890-01-01", None, "@x"],
    ]
    assert sheet["B2"].data_type == "s"
    assert sheet["B2"].quotePrefix
    assert sheet["B4"].hyperlink is None
    assert sheet["F2"].number_format == "yyyy-mm-dd"


def test_a_text_longer_than_a_cell_says_so(published: Path, tmp_path: Path) -> None:
    """Nothing is cut in silence."""
    write_query(published, "SELECT repeat('é', 40000) AS text", tmp_path / "out.xlsx")
    text = openpyxl.load_workbook(tmp_path / "out.xlsx")["out"]["A2"].value
    assert len(text) == 32_767
    assert text.endswith("é… [cut: 40,000 letters, of which a cell holds 32,767]")


@pytest.mark.parametrize("form", [".xlsx", ".sqlite"])
def test_all_views_without_a_statement(published: Path, tmp_path: Path, form: str) -> None:
    """A table a view for readers, each with all rows."""
    file = tmp_path / f"all{form}"
    write_query(published, None, file)
    if form == ".xlsx":
        counts = {sheet.title: sheet.max_row - 1 for sheet in openpyxl.load_workbook(file)}
    else:
        with sqlite3.connect(file) as con:
            names = [name for (name,) in con.execute("SELECT name FROM sqlite_master")]
            counts = {name: con.execute(COUNT.format(name)).fetchone()[0] for name in names}
    views = [view for (view,) in query(published, VIEWS)[1]]
    assert "codings" in views
    assert counts == {view: query(published, COUNT.format(view))[1][0][0] for view in views}


@pytest.mark.parametrize("form", FORMS)
@pytest.mark.parametrize(
    ("sql", "expected"),
    [
        ("FROM nothing", "SQL: Catalog Error: Table with name nothing does not exist"),
        ("SELECT error('late') FROM range(5000)", "late"),
        ("DROP VIEW codings", "read-only"),
        ("COPY (FROM codings) TO '/dev/null' (FORMAT csv)", "Permission Error"),
        ("SELECT 1; SELECT 2", "write one SQL statement"),
    ],
)
def test_a_wrong_statement_leaves_what_was_there(
    published: Path, tmp_path: Path, form: str, sql: str, expected: str
) -> None:
    """The file that stood there stays, and nothing else is left."""
    file = tmp_path / f"out{form}"
    file.write_bytes(b"before")
    with pytest.raises(UsageError, match=expected):
        write_query(published, sql, file)
    assert [(each.name, each.read_bytes()) for each in tmp_path.iterdir()] == [(file.name, b"before")]


@pytest.mark.parametrize("form", FORMS)
def test_a_place_that_cannot_be_written(published: Path, tmp_path: Path, form: str) -> None:
    """The file is named with the reason; a study that never ran is told as such."""
    file = tmp_path / "missing" / f"out{form}"
    with pytest.raises(StoreError, match=rf"out\{form}: cannot be written: .*name another place"):
        write_query(published, "FROM sides", file)
    with pytest.raises(StoreError, match="has not run yet"):
        write_query(tmp_path / "none.duckdb", "FROM sides", file)


def test_more_rows_than_a_sheet_holds(
    published: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Another form is named, and no half of a table is left."""
    monkeypatch.setattr(query_files, "ROWS_OF_A_SHEET", 10)
    with pytest.raises(UsageError, match=r"a sheet holds 10 rows, and there are more; write \.parquet"):
        write_query(published, "FROM range(11)", tmp_path / "out.xlsx")
    assert list(tmp_path.iterdir()) == []


def test_the_command(published: Path, tmp_path: Path) -> None:
    """The file's name says the form; what does not fit together is said."""
    study = tmp_path / "study"
    (study / "data").mkdir(parents=True)
    (study / "data" / "coverage.duckdb").write_bytes(published.read_bytes())
    file = tmp_path / "sides.csv"
    assert gossi("sql", "-o", str(file), "SELECT side FROM sides", study=study).stdout == f"{file}\n"
    assert file.read_text(encoding="utf-8").split() == ["side", *(side for side, *_ in hand_store.SIDES)]
    for words, told in (
        (["-o", "sides.txt", "FROM sides"], "ends in none of .csv, .json, .parquet, .xlsx, .sqlite"),
        (["-o", "sides.csv"], "holds one table; give a statement, or write .xlsx or .sqlite"),
        (["--csv", "-o", "sides.csv", "FROM sides"], "either -o or --csv"),
        ([], 'give a statement, such as "FROM coverage"'),
    ):
        result = gossi("sql", *words, study=study)
        assert result.returncode == 1
        assert told in result.stderr


@pytest.mark.long(5)
def test_datasette_shows_the_study(published: Path, tmp_path: Path) -> None:
    """The README's two commands: each view is a page that can be filtered, and counted by its values."""
    file = tmp_path / "study.sqlite"
    write_query(published, None, file)
    shown = [
        subprocess.run(
            [sys.executable, "-m", "datasette", file, "--get", path],
            capture_output=True, text=True, timeout=60, check=True,
        ).stdout
        for path in ("/study", "/study/codings.json?state=included&_facet=side&_shape=objects")
    ]  # fmt: skip
    assert all(f'"/study/{view}"' in shown[0] for (view,) in query(published, VIEWS)[1])
    counted = {row["value"]: row["count"] for row in json.loads(shown[1])["facet_results"]["side"]["results"]}
    assert counted == dict(
        query(published, "SELECT side, count(*) FROM codings WHERE state = 'included' GROUP BY side")[1]
    )
