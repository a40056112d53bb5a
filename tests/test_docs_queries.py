"""docs/queries.md and docs/data-dictionary.md say what the database does.

Also tests analysis/measuring/dictionary.py and analysis/measuring/meanings.py.
"""

import re
from pathlib import Path

import pytest

from gossi.analysis.measuring.dictionary import PAGE, dictionary
from gossi.analysis.measuring.publish import publish
from gossi.analysis.measuring.query import query
from tests import hand_store
from tests.conftest import SampleRun

QUERIES = re.findall(
    r"^## (\d+)\. .*?^```sql\n(.*?)^```",
    (hand_store.ROOT / "docs" / "queries.md").read_text(encoding="utf-8"),
    flags=re.MULTILINE | re.DOTALL,
)


@pytest.fixture(scope="module")
def published(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The hand-made store, published."""
    folder = tmp_path_factory.mktemp("study")
    publish(hand_store.build(folder / "store.duckdb"), folder / "coverage.duckdb")
    return folder / "coverage.duckdb"


def test_there_are_ten() -> None:
    """The page holds what it promises."""
    assert [number for number, _ in QUERIES] == [str(number) for number in range(1, 11)]


@pytest.mark.parametrize(("number", "sql"), QUERIES)
def test_a_query_answers(published: Path, number: str, sql: str) -> None:
    """It runs as it stands and finds something in a store that has something of everything."""
    columns, rows = query(published, sql)
    assert columns
    assert rows, f"query {number} gives nothing"


@pytest.mark.parametrize(("number", "sql"), QUERIES)
def test_a_query_answers_on_the_sample(sample_run: SampleRun, number: str, sql: str) -> None:
    """It finds something in the sample study too, where no article was changed within one run."""
    columns, rows = query(sample_run.folder.published_file, sql)
    assert columns
    assert rows or number == "10"


def test_who_left_whom_out(published: Path) -> None:
    """Query 3 on the hand-made store: the answer read off its table."""
    rows = query(published, QUERIES[2][1])[1]
    assert rows == [
        ("Invented Herald", "western", 3, 4, "france, mali, russia", "hrw"),
        ("Voix imaginaire", "malian", 3, 4, "hrw, mali, russia", "france"),
        ("Scraped Daily", "aggregator", 1, 4, "france", "hrw, mali, russia"),
        ("The Fictional Courier", "western", 1, 2, "france", "hrw"),
    ]


def test_reprints_named_with_their_agency(published: Path) -> None:
    """Query 7: three articles of three outlets print one text, which the first of them credits to AFP."""
    ((group, agency, articles, outlets, _, headline),) = query(published, QUERIES[6][1])[1]
    assert (group, agency, articles, outlets, headline) == ("a2", "AFP", 3, 3, "Drone pictures of the grave")


def test_the_dictionary_is_up_to_date() -> None:
    """The page is what `make dictionary` makes of the comments."""
    assert PAGE.read_text(encoding="utf-8") == dictionary()
