"""A store too large to show whole: the page shows a part and says so, the CSV files hold all of it."""

import csv
import re
from pathlib import Path

import pytest

from analysis.measuring.publish import publish
from analysis.measuring.query import query
from analysis.report import csv_files
from analysis.report.write import write_report
from benchmarks.measuring import generate

ARTICLES = 2_000


@pytest.fixture(scope="module")
def published(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A generated store, published."""
    folder = tmp_path_factory.mktemp("large")
    generate(folder / "store.duckdb", ARTICLES, 40)
    publish(folder / "store.duckdb", folder / "coverage.duckdb")
    return folder / "coverage.duckdb"


def test_the_page_shows_a_part_and_says_so(published: Path, tmp_path: Path) -> None:
    """Of 10,000 cells the page shows 4,000 at most, and names the file that has all of them."""
    write_report(published, tmp_path)
    page = (tmp_path / "index.html").read_text(encoding="utf-8")
    assert re.search(r"the first \d+ of each; all are in <code>codings.csv</code>", page)
    assert len(page) < 6_000_000


def test_batches_join_without_a_seam(
    published: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Written in many batches, codings.csv is the same as written in one."""
    write_report(published, tmp_path / "one")
    monkeypatch.setattr(csv_files, "_BATCH", 1_000)
    write_report(published, tmp_path / "many")
    whole = (tmp_path / "one" / "codings.csv").read_bytes()
    assert (tmp_path / "many" / "codings.csv").read_bytes() == whole
    with (tmp_path / "one" / "codings.csv").open(encoding="utf-8", newline="") as lines:
        assert sum(1 for _ in csv.DictReader(lines)) == ARTICLES * 15


def test_outlets_add_up_to_blocs(published: Path) -> None:
    """For every bloc and side the counts of its outlets add up, and the states add up to the articles."""
    sums = query(
        published,
        "SELECT CASE WHEN aggregator THEN 'aggregator' ELSE coverage.bloc END AS bloc, side,"
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
