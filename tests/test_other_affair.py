"""A study on another affair: it shows no word of the one that the repository is."""

import json
import re
import tomllib
from datetime import date
from pathlib import Path

import duckdb
import openpyxl
import pytest

import gossi
from gossi.analysis.report.csv_files import VIEWS
from gossi.crawler.study.new import new_study
from tests.conftest import gossi as command

HERE = Path(__file__).parent
NAMES = tomllib.loads((HERE / "affair_names.toml").read_text(encoding="utf-8"))
WORDS = re.compile(
    r"\b(?:(?:" + "|".join(NAMES["beginnings"].split()) + r")|(?:" + "|".join(NAMES["whole"].split())
    + r"|western|african|arab|mass graves?|seed article|drone)\b)",
    re.IGNORECASE,
)  # fmt: skip
OURS = re.compile(
    r"Gossi[ -]Coverage|\bgossi(?=[ :.(`/\"'-]|_)|import gossi|gossi$", re.IGNORECASE | re.MULTILINE
)
"""The name of the program."""

TABLE = "name,domain,country,bloc\nPost,post.example,GB,Northern\nEcho,echo.example,UA,Ukrainian\n"
STATEMENT = """
[statement]
text = "Northern outlets left out what Northland said, and gave credence to Southland."
bloc = "northern"
favoured = "south"
neglected = ["north"]
[statement.reading.charge]
name = "Who did it"
claims.north = ["north.southland_killed"]
claims.south = ["south.opens_inquiry"]
"""
TEXTS = [
    "Northland's army said that Southland's soldiers killed people at Exampleford, whose bodies were found.",
    "Southland's government announced that it opened an inquiry into what happened at Exampleford.",
]


def study(root: Path, statement: str) -> gossi.Study:
    """A study of two outlets with an article each, imported, coded and reported."""
    root.mkdir()
    (root / "outlets.csv").write_text(TABLE, encoding="utf-8")
    new_study(root, ["en", "sw"], root / "outlets.csv", date(2026, 3, 31))
    claims = root / "claims.toml"
    claims.write_text(statement + claims.read_text(encoding="utf-8"), encoding="utf-8")
    articles = [
        {
            "id": name, "url": f"https://{name}.example/1", "domain": f"{name}.example", "language": "en",
            "published": "2026-03-20T10:00:00Z", "headline": "Exampleford", "text": TEXTS,
        }
        for name in ("post", "echo", "elsewhere")
    ]  # fmt: skip
    file = root / "articles.jsonl"
    file.write_text("".join(json.dumps(article) + "\n" for article in articles), encoding="utf-8")
    made = gossi.open(root)
    assert made.take_in([file]).problems == []
    made.analyse()
    made.report()
    return made


def foreign(text: str) -> list[str]:
    """Words of the other affair, with what stands around them."""
    text = OURS.sub("", text)
    return [text[max(0, found.start() - 40) : found.end() + 20] for found in WORDS.finditer(text)]


@pytest.mark.parametrize("statement", ["", STATEMENT], ids=["no statement", "statement"])
def test_no_word_of_another_affair(tmp_path: Path, statement: str) -> None:
    """Neither in the report, nor in comments of columns, nor in what commands say."""
    made = study(tmp_path / "mine", statement)
    files = [made.files.reports / name for name in ("index.html", *(f"{view}.csv" for view in VIEWS))]
    for file in (*files, made.files.sources_file, made.files.claims_file):
        assert foreign(file.read_text(encoding="utf-8")) == [], file.name
    with duckdb.connect(made.files.published_file, read_only=True) as con:
        told = con.execute(
            "SELECT comment FROM duckdb_views() WHERE comment IS NOT NULL"
            " UNION ALL SELECT comment FROM duckdb_columns() WHERE comment IS NOT NULL"
        ).fetchall()
    workbook = openpyxl.load_workbook(made.files.reports / "coverage.xlsx", read_only=True)
    told += [(sheet.title,) for sheet in workbook]
    told += [(str(cell),) for sheet in workbook for row in sheet.iter_rows(values_only=True) for cell in row]
    for view in VIEWS:
        rows = duckdb.read_parquet(str(made.files.reports / f"{view}.parquet"))
        told += [(" ".join(rows.columns),), *((str(row),) for row in rows.fetchall())]
    assert len(told) > 1000
    assert foreign("\n".join(text for (text,) in told)) == []
    page = files[0].read_text(encoding="utf-8")
    assert ("The statement under test" in page, "statement" in page) == (bool(statement), bool(statement))
    picture = page[page.index('id="blocs"') : page.index('id="outlets"')]
    assert re.findall(r'data-party="b:(\w+)"', picture) == ["northern", "ukrainian", "unlisted", "all"]
    if statement:
        assert "1 article of Northern outlets" in page


def test_no_command_tells_of_another_affair(tmp_path: Path) -> None:
    """Help of all commands, and what check and status say."""
    new_study(tmp_path / "mine", ["en", "sw"], None, date(2026, 3, 31))
    helped = command("--help").stdout
    commands = re.findall(r"^  ([a-z]+) ", helped.partition("Commands:")[2], re.MULTILINE)
    assert {"init", "check", "run"} <= set(commands)
    for words in ([], *([name] for name in commands)):
        assert foreign(command(*words, "--help").stdout) == [], words
    for words in (["check"], ["status"], ["sql", "FROM coverage"]):
        result = command(*words, study=tmp_path / "mine")
        assert foreign(result.stdout + result.stderr) == [], words
