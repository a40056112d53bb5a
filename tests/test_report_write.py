"""The report's files: CSV that any reader takes, a page that opens from disk, both the same each time.

Also tests analysis/report/csv_files.py, analysis/report/data.py, analysis/report/drawn.py,
analysis/report/facts.py, analysis/report/html.py, analysis/report/pictures.py,
analysis/report/statement.py, analysis/report/summary.py, analysis/report/tables.py,
analysis/report/visible.py and analysis/report/words.py.
"""

import csv
import html.parser
import io
import json
import re
from pathlib import Path

import duckdb
import openpyxl
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from rich.console import Console

from gossi.analysis.measuring.publish import publish
from gossi.analysis.measuring.query import open_published, query
from gossi.analysis.report import tables
from gossi.analysis.report.csv_files import write_csv_file
from gossi.analysis.report.html import ReportWords
from gossi.analysis.report.summary import show_summary
from gossi.analysis.report.write import write_report
from gossi.crawler.errors import StoreError
from tests import hand_store
from tests.conftest import ROOT
from tests.test_measuring_query_files import unescape

CSV = ["coverage.csv", "coverage_by_bloc.csv", "coverage_by_claim.csv", "codings.csv"]
PICTURES = ["coverage", "timeline", "over_time", "stance", "prominence", "reprints", "changes", "seen"]
NAMES = [*CSV, *(f"{picture}.{kind}" for picture in PICTURES for kind in ("png", "svg")), "index.html"]
VIEWS = (ROOT / "docs" / "data-dictionary.md").read_text(encoding="utf-8").split("\n## ")[1:]
TABLES = ["coverage.xlsx", *sorted(f"{view.splitlines()[0]}.parquet" for view in VIEWS)]

CAVEATS = (
    "This speaks of 10 articles of 4 outlets, published from 21 April 2022 to 26 April 2022, in English, "
    "French and Swahili; 2 outlets refused 2 pages, and 3 articles could not be judged. What is raw is "
    "a program's coding, which errs."
)

NASTY = '=HYPERLINK("https://evil.example","x")'
MARKUP = "</title><script>alert('1')</script><img src=x onerror=alert(2)> & “quotes”\r\nnew line, comma"


@pytest.fixture(scope="module")
def published(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The hand-made store with some hostile text in it, published."""
    folder = tmp_path_factory.mktemp("study")
    store = hand_store.build(folder / "store.duckdb")
    with duckdb.connect(store) as con:
        con.execute("UPDATE version SET headline = $1 WHERE article_id = 'a5'", [NASTY])
        con.execute("UPDATE version SET headline = $1 WHERE article_id = 'a8'", [MARKUP])
        con.execute(
            "UPDATE mention SET text = $1 WHERE version_id = 'a5-1' AND claim_id = 'mali.blame'",
            ["@" + MARKUP],
        )
        con.execute("UPDATE outlet SET name = $1 WHERE outlet_id = 'voix'", ["-صوت"])
        con.execute("UPDATE article SET canonical_url = 'javascript:alert(3)' WHERE article_id = 'a3'")
    publish(store, folder / "coverage.duckdb")
    return folder / "coverage.duckdb"


@pytest.fixture(scope="module")
def reports(published: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The folder of a report on it."""
    folder = tmp_path_factory.mktemp("reports")
    files = write_report(published, folder, words=ReportWords("A study made by hand"))
    assert [file.name for file in files] == [*CSV, *TABLES, *NAMES[len(CSV) :]]
    assert sorted(file.name for file in folder.iterdir()) == sorted(NAMES + TABLES)
    return folder


def read_csv(file: Path) -> list[dict[str, str]]:
    """The file as Python's own reader has it; DuckDB wrote it."""
    with file.open(encoding="utf-8", newline="") as lines:
        return list(csv.DictReader(lines, strict=True))


@pytest.mark.parametrize("name", CSV)
def test_csv_files_hold_what_the_views_hold(published: Path, reports: Path, name: str) -> None:
    """Another reader than the writer gets every row of the view, cell by cell."""
    columns, rows = query(published, f"FROM {name.removesuffix('.csv')}")
    found = read_csv(reports / name)
    assert list(found[0]) == columns
    expected = [dict(zip(columns, map(as_cell, row), strict=True)) for row in rows]
    key = [column for column in columns if column.endswith(("_id", "url", "bloc", "side"))]
    assert sorted(found, key=lambda row: [row[column] for column in key]) == sorted(
        expected, key=lambda row: [row[column] for column in key]
    )


def as_cell(value: object) -> str:
    """How a value is to stand in a CSV file, written down apart from the program."""
    if value is None:
        return ""
    if isinstance(value, bool):
        return "true" if value else "false"
    if hasattr(value, "strftime"):
        return value.strftime("%Y-%m-%dT%H:%M:%SZ")
    if isinstance(value, str) and value[:1] in {"=", "+", "-", "@", "\t", "\r"}:
        return "'" + value
    return str(value)


@pytest.mark.parametrize("name", CSV)
def test_csv_form(reports: Path, name: str) -> None:
    """RFC 4180: lines end in CR LF, UTF-8 without a mark, a header."""
    raw = (reports / name).read_bytes()
    assert raw.endswith(b"\r\n")
    assert not raw.startswith(b"\xef\xbb\xbf")
    raw.decode("utf-8")


@pytest.mark.parametrize("name", CSV)
def test_no_cell_is_a_formula(reports: Path, name: str) -> None:
    """No text cell begins as a formula does; numbers below zero stay numbers."""
    for row in read_csv(reports / name):
        for column, cell in row.items():
            assert not cell.startswith(("=", "+", "-", "@", "\t", "\r")) or is_number(cell), (column, cell)
    # The index of a headline is -1: a number, which no apostrophe may spoil.
    if name == "codings.csv":
        assert "'=HYPERLINK" in (reports / name).read_text(encoding="utf-8")


HOSTILE = st.text(
    st.characters(exclude_categories=["Cs"]) | st.sampled_from("=+-@\t\r\n\",;'<>&"), max_size=30
)


@settings(max_examples=5, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(texts=st.lists(HOSTILE, min_size=40, max_size=40))
def test_any_text_survives_the_way_into_a_file(tmp_path: Path, texts: list[str]) -> None:
    """A headline comes back from the file as it was, but for the guard before formulas."""
    with duckdb.connect() as con:
        con.execute("CREATE TABLE headline (number INTEGER, text VARCHAR)")
        con.executemany("INSERT INTO headline VALUES (?, ?)", list(enumerate(texts)))
        write_csv_file(con, "headline", "number", tmp_path / "headline.csv")
    found = [row["text"] for row in read_csv(tmp_path / "headline.csv")]
    assert found == [as_cell(text) for text in texts]


def is_number(cell: str) -> bool:
    """Whether a cell is a plain number."""
    return re.fullmatch(r"-?\d+(\.\d+)?", cell) is not None


def test_rows_stand_in_a_stable_order(reports: Path) -> None:
    """Outlets by id, sides and claims as in claims.toml, articles by time of publication."""
    found = [(row["outlet_id"], row["side"]) for row in read_csv(reports / "coverage.csv")]
    sides = [side for side, *_ in hand_store.SIDES]
    assert found == sorted(found, key=lambda pair: (pair[0], sides.index(pair[1])))
    articles = [row["article_id"] for row in read_csv(reports / "codings.csv")]
    assert list(dict.fromkeys(articles)) == ["a1", "a2", "a7", "a3", "a4", "a11", "a8", "a5", "a9", "a6"]


def test_the_same_store_gives_the_same_bytes(tmp_path: Path) -> None:
    """Published and reported twice, every file is the same byte for byte."""
    store = hand_store.build(tmp_path / "store.duckdb")
    for name in ("one", "two"):
        publish(store, tmp_path / f"{name}.duckdb")
        write_report(tmp_path / f"{name}.duckdb", tmp_path / name)
    for name in (*NAMES, *TABLES):
        assert (tmp_path / "one" / name).read_bytes() == (tmp_path / "two" / name).read_bytes()


@pytest.mark.parametrize("name", TABLES[1:])
def test_parquet_files_hold_what_the_views_hold(published: Path, reports: Path, name: str) -> None:
    """Every row of every view, but no article's text: a report is published."""
    view = name.removesuffix(".parquet")
    columns, rows = query(published, f"FROM {view}")
    with duckdb.connect() as con:
        found = con.execute(f"FROM '{reports / name}'")
        names = [column[0] for column in found.description or ()]
        assert names == [column for column in columns if (view, column) != ("versions", "text")]
        expected = [
            [value for column, value in zip(columns, row, strict=True) if column in names] for row in rows
        ]
        assert sorted(map(repr, map(list, found.fetchall()))) == sorted(map(repr, expected))


def test_the_workbook_holds_what_the_csv_files_hold(published: Path, reports: Path) -> None:
    """A sheet a table in the same order, a header that stays, no formula; and what each column means."""
    book = openpyxl.load_workbook(reports / "coverage.xlsx")
    assert book.sheetnames == [*(name.removesuffix(".csv") for name in CSV), "columns"]
    for sheet in book.worksheets[:-1]:
        assert sheet.freeze_panes == "A2"
        header, *cells = sheet.iter_rows()
        assert {cell.data_type for row in cells for cell in row} <= set("snbd")
        columns, rows = query(published, f"FROM {sheet.title}")
        assert [cell.value for cell in header] == columns
        found = [[unescape(cell.value) for cell in row] for row in cells]
        assert sorted(found, key=str) == sorted(map(as_number, rows), key=str)
    meanings = {tuple(row[:2]): row[3] for row in book["columns"].iter_rows(min_row=2, values_only=True)}
    assert len(meanings) == sum(len(sheet[1]) for sheet in book.worksheets[:-1])
    assert meanings["coverage", "eligible"] == scalar_of(
        published,
        "SELECT comment FROM duckdb_columns() WHERE (table_name, column_name) = ('coverage', 'eligible')",
    )


def as_number(row: tuple[object, ...]) -> list[object]:
    """A row as a spreadsheet has it, which knows one kind of numbers."""
    return [int(value) if isinstance(value, float) and value.is_integer() else value for value in row]


def scalar_of(published: Path, sql: str) -> object:
    """The one value that a query gives."""
    return query(published, sql)[1][0][0]


def test_a_table_too_large_for_a_sheet_is_named(
    published: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The workbook says how many rows it leaves out and which files have them."""
    monkeypatch.setattr(tables, "_IN_THE_WORKBOOK", 20)
    with open_published(published, confined=False) as con:
        tables.write_workbook(con, tmp_path / "coverage.xlsx")
    sheet = openpyxl.load_workbook(tmp_path / "coverage.xlsx")["codings"]
    count = scalar_of(published, "SELECT count(*) FROM codings")
    assert [row[0] for row in sheet.iter_rows(values_only=True)] == [
        "codings",
        f"{count} rows, too many for a sheet: codings.csv and codings.parquet have them",
    ]


class Page(html.parser.HTMLParser):
    """What a page links to, loads and runs."""

    def __init__(self, text: str) -> None:
        super().__init__()
        self.ids: set[str] = set()
        self.links: list[str] = []
        self.tags: set[str] = set()
        self.attributes: set[str] = set()
        self.cells: set[tuple[str, str]] = set()
        self.policy = ""
        self.scripts: dict[str, str] = {}
        self.text = ""
        self._party = self._script = ""
        self.feed(text)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        """Note a tag."""
        self.tags.add(tag)
        self.attributes |= {name for name, _ in attrs}
        values = {name: str(value) for name, value in attrs}
        if values.get("id"):
            self.ids.add(values["id"])
        if tag == "a":
            self.links.append(values["href"])
        if tag == "meta" and values.get("http-equiv") == "Content-Security-Policy":
            self.policy = values["content"]
        self._party = values.get("data-party", self._party)
        if "data-unit" in values:
            self.cells.add((self._party, values["data-unit"]))
        self._script = values.get("data-outlet", values.get("id", "code")) if tag == "script" else ""

    def handle_data(self, data: str) -> None:
        """Note text, and scripts apart from it."""
        if self._script:
            self.scripts[self._script] = self.scripts.get(self._script, "") + data
        else:
            self.text += data


@pytest.fixture(scope="module")
def page(reports: Path) -> Page:
    """The page, parsed."""
    return Page((reports / "index.html").read_text(encoding="utf-8"))


def test_the_page_asks_for_nothing_and_runs_nothing_but_its_own(page: Page) -> None:
    """It opens from disk without the network; what stands in an article can't run in it."""
    assert not page.tags & {"img", "link", "iframe", "object", "embed", "video", "audio", "base"}
    assert not page.attributes & {"src", "srcset", "onerror", "onclick", "onload", "style"}
    files = {f"{picture}.{kind}" for picture in PICTURES for kind in ("svg", "png")}
    assert all(link.startswith(("#", "https://")) or link in files for link in page.links)
    assert page.policy.startswith("default-src 'none'; ")
    assert not re.search("unsafe|http|data:|\\*", page.policy)
    assert json.loads(page.scripts["scraper"])[0]["headline"] == MARKUP


def test_every_link_inside_the_page_leads_somewhere(page: Page) -> None:
    """And each cell of the matrices names what it is of."""
    assert {link[1:] for link in page.links if link.startswith("#")} <= page.ids
    outlets = {f"o:{outlet}" for outlet in ("courier", "herald", "scraper", "voix")}
    blocs = {"b:western", "b:malian", "b:aggregator", "b:all"}
    sides = {side for side, *_ in hand_store.SIDES}
    claims = {claim for claim, *_ in hand_store.CLAIMS}
    assert page.cells == {(party, side) for party in outlets | blocs for side in sides} | {
        (party, claim) for party in blocs - {"b:all"} for claim in claims
    }


def test_a_figure_leads_to_sentence_and_capture(page: Page) -> None:
    """The evidence of an article: sentences with their claims and neighbours' words, and the WARC record."""
    (article,) = [told for told in json.loads(page.scripts["herald"]) if told["url"].endswith("/a4")]
    assert article == {
        "row": 4,
        "url": "https://herald.example/a4",
        "headline": "=Who buried them?",
        "published": "2022-04-23T08:00Z",
        "precision": "second",
        "reason": None,
        "copy": None,
        "agency": None,
        "captured": "2022-05-01T06:05:00Z",
        "file": "2022/05/run-1.warc.gz",
        "offset": 5000,
        "digest": f"sha256:{5:064x}",
        "sentences": [
            [0, "The capital says that the northern army killed the men.", "",
             " The staff calls that a lie. Moscow backs the inquiry that",
             [[0, "d", 97, None, "The"]]],
            [2, "Moscow backs the inquiry that the capital has opened.",
             "northern army killed the men. The staff calls that a lie. ",
             " Pictures show who really buried the bodies there.",
             [[2, "a", 90, None, "Moscow"]]],
            [3, "Pictures show who really buried the bodies there.",
             "lie. Moscow backs the inquiry that the capital has opened. ", "",
             [[3, "a", 88, None, "Pictures"]]],
        ],
        "coder": None,
        "read": None,
    }  # fmt: skip


def test_what_could_not_be_seen_stands_in_the_page(page: Page) -> None:
    """An outlet without an article is named, with what became of its pages."""
    assert "No article on the topic was collected from Silent Post" in " ".join(page.text.split())
    assert "1 robots.txt" in page.text


def test_the_verdict_has_its_caveats(page: Page) -> None:
    """Beside the verdict: how many articles and outlets, when, in which languages, and what was not seen."""
    assert CAVEATS in " ".join(page.text.split())


def test_provenance(page: Page) -> None:
    """The page names the run, the code and the digests it rests on."""
    for part in ("A study made by hand", "Gossi Coverage 0.1.0", "5" * 64, "c" * 64):
        assert part in page.text


def test_a_page_about_nothing(tmp_path: Path) -> None:
    """An empty study gives an empty report, not an error, and says so."""
    with duckdb.connect(tmp_path / "store.duckdb") as con:
        con.execute(hand_store.STORE_SCHEMA.read_text(encoding="utf-8"))
        publish(con, tmp_path / "coverage.duckdb")
    write_report(tmp_path / "coverage.duckdb", tmp_path / "reports")
    page = (tmp_path / "reports" / "index.html").read_text(encoding="utf-8")
    assert "No article on the topic has been collected" in page
    assert (tmp_path / "reports" / "coverage.csv").read_bytes().count(b"\r\n") == 1


def test_nothing_published_yet(tmp_path: Path) -> None:
    """The message says what makes a published database."""
    with pytest.raises(StoreError, match="gossi run"):
        write_report(tmp_path / "coverage.duckdb", tmp_path)


def test_a_file_that_is_no_database(tmp_path: Path) -> None:
    """The message says how to make it anew."""
    (tmp_path / "coverage.duckdb").write_bytes(b"<html>" * 1000)
    with pytest.raises(StoreError, match="gossi analyse"):
        write_report(tmp_path / "coverage.duckdb", tmp_path / "reports")


def test_a_folder_that_cannot_be_written(published: Path, tmp_path: Path) -> None:
    """The message names the folder and the next step."""
    (tmp_path / "reports").write_text("a file where the folder should be")
    with pytest.raises(StoreError, match="--out DIR"):
        write_report(published, tmp_path / "reports")


def test_summary_on_the_terminal(published: Path) -> None:
    """Each bloc with what it gave and left out, what could not be judged, and the verdict."""
    console = Console(width=120, record=True, file=io.StringIO())
    show_summary(published, console)
    text = console.export_text()
    assert re.search(r"Western +│ +1 / 1  50% │ +1 / 1  50% │ +3 / 1  75% │ +0 / 5  0% │ +1 │", text)
    assert "10 articles on the topic (of 11 collected) from 4 of 5 listed outlets" in text
    assert "On what was collected, the statement remains undecided." in text
    assert CAVEATS in " ".join(text.split())
