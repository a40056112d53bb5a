"""The report's files: CSV that any reader takes, a page that opens from disk, both the same each time."""

import csv
import html.parser
import io
import re
from pathlib import Path

import duckdb
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from rich.console import Console

from analysis.measuring.publish import publish
from analysis.measuring.query import query
from analysis.report.csv_files import write_csv_file
from analysis.report.summary import show_summary
from analysis.report.write import write_report
from crawler.errors import StoreError
from tests import hand_store

NAMES = ["coverage.csv", "coverage_by_bloc.csv", "coverage_by_claim.csv", "codings.csv", "index.html"]

CAVEATS = (
    "This speaks of 10 articles of 4 outlets, published from 21 April 2022 to 26 April 2022, in English, "
    "French and Swahili; 2 outlets refused 2 pages, and 3 articles could not be judged. An account quoted "
    "only to be rebutted counts as given. The coding is a program's, which errs."
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
    files = write_report(published, folder, study="A study made by hand")
    assert [file.name for file in files] == NAMES
    return folder


def read_csv(file: Path) -> list[dict[str, str]]:
    """The file as Python's own reader has it; DuckDB wrote it."""
    with file.open(encoding="utf-8", newline="") as lines:
        return list(csv.DictReader(lines, strict=True))


@pytest.mark.parametrize("name", NAMES[:-1])
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


@pytest.mark.parametrize("name", NAMES[:-1])
def test_csv_form(reports: Path, name: str) -> None:
    """RFC 4180: lines end in CR LF, UTF-8 without a mark, a header."""
    raw = (reports / name).read_bytes()
    assert raw.endswith(b"\r\n")
    assert not raw.startswith(b"\xef\xbb\xbf")
    raw.decode("utf-8")


@pytest.mark.parametrize("name", NAMES[:-1])
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
    for name in NAMES:
        assert (tmp_path / "one" / name).read_bytes() == (tmp_path / "two" / name).read_bytes()


class Page(html.parser.HTMLParser):
    """What a page links to, loads and runs."""

    def __init__(self, text: str) -> None:
        super().__init__()
        self.ids: set[str] = set()
        self.links: list[str] = []
        self.tags: set[str] = set()
        self.attributes: set[str] = set()
        self.text = ""
        self.feed(text)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        """Note a tag."""
        self.tags.add(tag)
        self.attributes |= {name for name, _ in attrs}
        values = dict(attrs)
        if values.get("id"):
            self.ids.add(str(values["id"]))
        if tag == "a":
            self.links.append(str(values["href"]))

    def handle_data(self, data: str) -> None:
        """Note text."""
        self.text += data


@pytest.fixture(scope="module")
def page(reports: Path) -> Page:
    """The page, parsed."""
    return Page((reports / "index.html").read_text(encoding="utf-8"))


def test_the_page_asks_for_nothing_and_runs_nothing(page: Page) -> None:
    """It opens from disk without the network; what stands in an article can't run in it."""
    assert not page.tags & {"script", "img", "link", "iframe", "object", "embed", "video", "audio", "form"}
    assert not page.attributes & {"src", "srcset", "onerror", "onclick", "onload"}
    assert all(link.startswith(("#", "https://")) for link in page.links)
    assert "<img src=x onerror=alert(2)>" in page.text


def test_every_link_inside_the_page_leads_somewhere(page: Page) -> None:
    """Each cell of the grid has its evidence."""
    inside = [link[1:] for link in page.links if link.startswith("#")]
    assert set(inside) <= page.ids
    assert {f"e-{outlet}-{side}" for outlet in ("courier", "herald", "scraper", "voix")
            for side, *_ in hand_store.SIDES} <= set(inside)  # fmt: skip


def test_a_figure_leads_to_sentence_and_capture(page: Page) -> None:
    """The evidence of a cell names the sentence, the WARC record and its digest."""
    evidence = page.text[page.text.index("Evidence\n") :]
    assert "The capital says that the northern army killed the men." in evidence
    assert "2022/05/run-1.warc.gz" in evidence
    assert f"sha256:{5:064x}" in evidence


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
