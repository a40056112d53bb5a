"""Larger stores: the page stays light, with its evidence beside it, and the CSV files hold all of it."""

import csv
import re
from pathlib import Path

import pytest

from benchmarks.measuring import generate
from gossi.analysis.measuring.publish import publish
from gossi.analysis.measuring.query import open_published, query
from gossi.analysis.report import csv_files, facts, write
from gossi.analysis.report.csv_files import write_csv_files
from gossi.analysis.report.write import write_report

ARTICLES = 2_000


@pytest.fixture(scope="module")
def published(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A generated store, published."""
    folder = tmp_path_factory.mktemp("large")
    generate(folder / "store.duckdb", ARTICLES, 40)
    publish(folder / "store.duckdb", folder / "coverage.duckdb")
    return folder / "coverage.duckdb"


@pytest.fixture(autouse=True)
def no_other_files(monkeypatch: pytest.MonkeyPatch) -> None:
    """What takes long and is looked at in test_report_write.py: pictures in dots, tables in other forms."""
    monkeypatch.setattr(write, "as_png", lambda svg: b"")
    monkeypatch.setattr(write, "write_workbook", lambda connection, file: file)
    monkeypatch.setattr(write, "write_parquet_files", lambda connection, folder: [])


def test_what_is_too_large_for_the_page_lies_beside_it(
    published: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """With room for 100,000 letters in the page and 1,000 articles in all, files have a part of 2,000."""
    monkeypatch.setattr(facts, "_IN_PAGE", 100_000)
    monkeypatch.setattr(facts, "_MOST_ARTICLES", 1_000)
    monkeypatch.setattr(facts, "_AT_ONCE", 500)
    (tmp_path / "evidence-099.js").write_text("of an earlier report")
    files = {file.name: file for file in write_report(published, tmp_path)}
    apart = [name for name in files if name.startswith("evidence-")]
    assert apart == ["evidence-001.js", "evidence-002.js", "evidence-003.js", "evidence-004.js"]
    assert not (tmp_path / "evidence-099.js").exists()
    told = "".join(files[name].read_text(encoding="utf-8") for name in apart)
    assert 800 <= told.count('"headline":"Headline of article') <= 1_000
    page = files["index.html"].read_text(encoding="utf-8")
    assert "Headline of article" not in page
    assert re.search(r'"limit":\d+', page)


@pytest.mark.long(20)
def test_five_thousand_articles_are_one_light_page(tmp_path: Path) -> None:
    """5,000 articles of 300 outlets, with three sentences of evidence each: one file of 8 MB at most."""
    generate(tmp_path / "store.duckdb", 5_000, 40)
    publish(tmp_path / "store.duckdb", tmp_path / "coverage.duckdb")
    files = write_report(tmp_path / "coverage.duckdb", tmp_path / "reports")
    assert not [file for file in files if file.suffix == ".js"]
    assert (tmp_path / "reports" / "index.html").stat().st_size <= 8_000_000


def test_batches_join_without_a_seam(
    published: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Written in many batches, codings.csv is the same as written in one."""
    for name, batch in (("one", 1_000_000), ("many", 1_000)):
        monkeypatch.setattr(csv_files, "_BATCH", batch)
        (tmp_path / name).mkdir()
        with open_published(published, confined=False) as connection:
            write_csv_files(connection, tmp_path / name)
    whole = (tmp_path / "one" / "codings.csv").read_bytes()
    assert (tmp_path / "many" / "codings.csv").read_bytes() == whole
    with (tmp_path / "one" / "codings.csv").open(encoding="utf-8", newline="") as lines:
        assert sum(1 for _ in csv.DictReader(lines)) == ARTICLES * 15


def test_outlets_add_up_to_blocs(published: Path) -> None:
    """For every bloc and side the counts of its outlets add up, and the states add up to the articles."""
    sums = query(
        published,
        "SELECT CASE WHEN coverage.aggregator THEN 'aggregator' ELSE coverage.bloc END AS bloc, side,"
        " sum(articles)::BIGINT, sum(included)::BIGINT, sum(omitted)::BIGINT,"
        " sum(not_yet_public)::BIGINT, sum(not_observable)::BIGINT,"
        " sum(asserted + attributed + disputed)::BIGINT, sum(reprints)::BIGINT"
        " FROM coverage JOIN outlets USING (outlet_id) GROUP BY ALL ORDER BY ALL",
    )[1]
    blocs = query(
        published,
        "SELECT bloc, side, articles, included, omitted, not_yet_public, not_observable,"
        " asserted + attributed + disputed, reprints FROM coverage_by_bloc ORDER BY ALL",
    )[1]
    assert sums == blocs
    for _, _, articles, included, omitted, early, unseen, stances, _ in blocs:
        assert included + omitted + early + unseen == articles
        assert stances == included


def test_codings_add_up_to_claims(published: Path) -> None:
    """Counted from codings, each outlet and claim has the figures of coverage_by_claim."""
    counted = query(
        published,
        "SELECT outlet_id, claim_id, count(*), count(*) FILTER (state = 'included'),"
        " count(*) FILTER (state = 'omitted'), count(*) FILTER (stance = 'disputed'),"
        " count(*) FILTER (place = 'headline'), count(*) FILTER (reprint)"
        " FROM codings GROUP BY ALL ORDER BY ALL",
    )[1]
    stated = query(
        published,
        "SELECT outlet_id, claim_id, articles, included, omitted, disputed, in_headline, reprints"
        " FROM coverage_by_claim WHERE articles > 0 ORDER BY ALL",
    )[1]
    assert counted == stated
