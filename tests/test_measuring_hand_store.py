"""The figures of a store made by hand (hand_store.py), against what a person counts on paper."""

from datetime import datetime
from pathlib import Path
from typing import Any

import duckdb
import pytest

from gossi.analysis.measuring.publish import publish
from gossi.analysis.measuring.query import query
from gossi.crawler.outcomes import Outcome
from tests import hand_store
from tests.design import COVERAGE_COLUMNS


@pytest.fixture(scope="module")
def published(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The hand-made store, published."""
    folder = tmp_path_factory.mktemp("study")
    publish(hand_store.build(folder / "store.duckdb"), folder / "coverage.duckdb")
    return folder / "coverage.duckdb"


def rows(published: Path, sql: str) -> list[tuple[Any, ...]]:
    """The rows that `sql` gives on the published database."""
    return query(published, sql)[1]


def at(text: str) -> datetime:
    """A time as the database gives it."""
    return datetime.fromisoformat(text)


# articles, eligible, included, omitted, not yet public, not observable; asserted, attributed, disputed;
# in headline, in lead; reprints
COUNTS = {
    ("courier", "mali"): (3, 0, 0, 0, 2, 1, 0, 0, 0, 0, 0, 0),
    ("courier", "russia"): (3, 0, 0, 0, 2, 1, 0, 0, 0, 0, 0, 0),
    ("courier", "france"): (3, 1, 1, 0, 1, 1, 0, 1, 0, 1, 1, 0),
    ("courier", "hrw"): (3, 2, 0, 2, 0, 1, 0, 0, 0, 0, 0, 0),
    ("herald", "mali"): (3, 2, 1, 1, 1, 0, 0, 0, 1, 0, 1, 1),
    ("herald", "russia"): (3, 2, 1, 1, 1, 0, 0, 1, 0, 0, 0, 1),
    ("herald", "france"): (3, 3, 2, 1, 0, 0, 1, 1, 0, 0, 1, 1),
    ("herald", "hrw"): (3, 3, 0, 3, 0, 0, 0, 0, 0, 0, 0, 1),
    ("scraper", "mali"): (1, 1, 0, 1, 0, 0, 0, 0, 0, 0, 0, 1),
    ("scraper", "russia"): (1, 1, 0, 1, 0, 0, 0, 0, 0, 0, 0, 1),
    ("scraper", "france"): (1, 1, 1, 0, 0, 0, 0, 1, 0, 0, 1, 1),
    ("scraper", "hrw"): (1, 1, 0, 1, 0, 0, 0, 0, 0, 0, 0, 1),
    ("silent", "mali"): (0,) * 12,
    ("silent", "russia"): (0,) * 12,
    ("silent", "france"): (0,) * 12,
    ("silent", "hrw"): (0,) * 12,
    ("voix", "mali"): (3, 1, 1, 0, 0, 2, 1, 0, 0, 0, 1, 0),
    ("voix", "russia"): (3, 1, 1, 0, 0, 2, 0, 1, 0, 0, 0, 0),
    ("voix", "france"): (3, 1, 0, 1, 0, 2, 0, 0, 0, 0, 0, 0),
    ("voix", "hrw"): (3, 1, 1, 0, 0, 2, 0, 1, 0, 0, 0, 0),
}


def test_coverage_has_the_documented_columns_in_order(published: Path) -> None:
    """The columns of coverage.csv are fixed; others rely on them."""
    assert query(published, "FROM coverage")[0] == COVERAGE_COLUMNS


def test_counts_of_every_outlet_and_side(published: Path) -> None:
    """Each cell's counts are those counted by hand, in the order of outlets and sides."""
    found = rows(
        published,
        "SELECT outlet_id, side, articles, eligible, included, omitted, not_yet_public, not_observable,"
        " asserted, attributed, disputed, in_headline, in_lead, reprints FROM coverage",
    )
    assert {row[:2]: row[2:] for row in found} == COUNTS
    assert [row[:2] for row in found] == list(COUNTS)


def test_a_whole_row_of_coverage(published: Path) -> None:
    """One cell with all that belongs to it: 1 of 2, whose Wilson interval is 9.45 to 90.55 %."""
    (row,) = rows(published, "FROM coverage WHERE outlet_id = 'herald' AND side = 'mali'")
    assert row == (
        "herald", "Invented Herald", "western", False, "US", "public", "en;fr", "mali", 3, 2, 1, 1, 1, 0, 0,
        0.5, pytest.approx(0.0945, abs=5e-5), pytest.approx(0.9055, abs=5e-5), None, None, None,
        "no articles coded by people", 0, 0, 1, 0, 1, 1,
        at("2022-04-23 08:00"), "https://herald.example/a4",
        "The capital says that the northern army killed the men.",
    )  # fmt: skip


def test_nothing_eligible_gives_no_share(published: Path) -> None:
    """Where nothing could be judged, shares are empty, never 0."""
    found = rows(
        published,
        "SELECT DISTINCT share_included, ci_low, ci_high, share_corrected, first_included_at, example_url"
        " FROM coverage WHERE eligible = 0",
    )
    assert found == [(None,) * 6]


def test_blocs(published: Path) -> None:
    """Outlets add up to their bloc; a scraper speaks for no bloc but its own."""
    found = rows(
        published,
        "SELECT bloc, side, outlets, outlets_with_articles, articles, eligible, included, omitted,"
        " not_yet_public, not_observable, reprints, original_articles, original_eligible, original_included"
        " FROM coverage_by_bloc WHERE side IN ('mali', 'france')",
    )
    assert found == [
        ("aggregator", "mali", 1, 1, 1, 1, 0, 1, 0, 0, 1, 0, 0, 0),
        ("aggregator", "france", 1, 1, 1, 1, 1, 0, 0, 0, 1, 0, 0, 0),
        ("malian", "mali", 1, 1, 3, 1, 1, 0, 0, 2, 0, 3, 1, 1),
        ("malian", "france", 1, 1, 3, 1, 0, 1, 0, 2, 0, 3, 1, 0),
        ("western", "mali", 3, 2, 6, 2, 1, 1, 3, 1, 1, 5, 2, 1),
        ("western", "france", 3, 2, 6, 4, 3, 1, 1, 1, 1, 5, 3, 2),
    ]


def test_reprints_of_one_text_count_once_in_the_interval(published: Path) -> None:
    """Of 4 eligible western articles 2 print one text: 4² / (2² + 1 + 1) = 2.67 independent texts."""
    (row,) = rows(
        published,
        "SELECT share_included, ci_low, ci_high, independent_texts FROM coverage_by_bloc"
        " WHERE bloc = 'western' AND side = 'france'",
    )
    share, low, high, texts = row
    assert (share, texts) == (0.75, 2.67)
    assert (low, high) == pytest.approx(wilson(0.75, 16 / 6), abs=1e-6)


def test_codings(published: Path) -> None:
    """Every on-topic article has a cell for every claim, with the state worked out by hand."""
    found = rows(
        published,
        "SELECT article_id, list(CASE state WHEN 'included' THEN stance WHEN 'omitted' THEN '-'"
        " WHEN 'not_yet_public' THEN 'n' ELSE reason END ORDER BY claims.position) FROM codings"
        " JOIN claims USING (claim_id) GROUP BY article_id ORDER BY length(article_id), article_id",
    )
    # mali.blame, mali.inquiry, russia.probe, france.burial, hrw.killings
    assert dict(found) == {
        "a1": ["n", "n", "n", "n", "-"],
        "a2": ["n", "n", "n", "attributed", "-"],
        "a3": ["n", "n", "n", "attributed", "-"],
        "a4": ["disputed", "-", "attributed", "asserted", "-"],
        "a5": ["asserted", "attributed", "attributed", "-", "attributed"],
        "a6": ["no_date"] * 5,
        "a7": ["paywall"] * 5,
        "a8": ["-", "-", "-", "attributed", "-"],
        "a9": ["language"] * 5,
        "a11": ["-"] * 5,
    }


def test_codings_by_side(published: Path) -> None:
    """What an article gives each side: stance, place and words; quoted only to be rebutted is visible."""
    found = rows(
        published,
        "SELECT article_id, side, state, stance, place, words FROM codings_by_side"
        " WHERE article_id IN ('a4', 'a5', 'a6') AND side IN ('mali', 'france')",
    )
    assert set(found) == {
        ("a4", "mali", "included", "disputed", "lead", 10),
        ("a4", "france", "included", "asserted", "body", 8),
        ("a5", "mali", "included", "asserted", "lead", 17),
        ("a5", "france", "omitted", None, None, None),
        ("a6", "mali", "not_observable", None, None, None),
        ("a6", "france", "not_observable", None, None, None),
    }


def test_a_coding_leads_to_its_sentence_and_capture(published: Path) -> None:
    """The evidence is the sentence with the highest score; the capture is the one of the coded version."""
    (row,) = rows(
        published,
        "SELECT place, sentence, evidence, score, words, version_id, warc_file, warc_offset, digest"
        " FROM codings WHERE article_id = 'a2' AND claim_id = 'france.burial'",
    )
    # 5 words of the headline and 15 of the sentence.
    assert row == ("headline", 1, hand_store.SEEN, 95.0, 20, "a2-1", "2022/05/run-1.warc.gz", 2000,
                   f"sha256:{2:064x}")  # fmt: skip


def test_claims_of_an_outlet(published: Path) -> None:
    """Counts, words and the delay: from 18:00, when the claim was public, to 08:00 is 14 hours."""
    (row,) = rows(
        published,
        "SELECT articles, eligible, included, omitted, not_yet_public, disputed, words_each, public_since,"
        " first_included_at, delay_hours FROM coverage_by_claim"
        " WHERE outlet_id = 'herald' AND claim_id = 'mali.blame'",
    )
    assert row == (3, 2, 1, 1, 1, 1, 10.0, at("2022-04-22 18:00"), at("2022-04-23 08:00"), 14.0)


def test_changes(published: Path) -> None:
    """The second version of a4 added two claims and dropped none."""
    found = rows(
        published,
        "SELECT article_id, claim_id, change, from_version, to_version, from_seen_at, to_seen_at,"
        " sentence_before, sentence_after FROM changes",
    )
    assert found == [
        ("a4", "mali.blame", "added", "a4-1", "a4-2", at("2022-05-01 06:04"), at("2022-05-01 06:05"), None,
         "The capital says that the northern army killed the men."),
        ("a4", "russia.probe", "added", "a4-1", "a4-2", at("2022-05-01 06:04"), at("2022-05-01 06:05"), None,
         "Moscow backs the inquiry that the capital has opened."),
    ]  # fmt: skip


def test_versions_stand_in_the_order_in_which_they_were_seen(tmp_path: Path) -> None:
    """What an archive saw a week before comes before, though it was taken in after."""
    store = hand_store.build(tmp_path / "store.duckdb")
    with duckdb.connect(store) as con:
        con.execute("UPDATE version SET seen_at = seen_at - INTERVAL 7 DAY WHERE version_id = 'a4-2'")
    publish(store, tmp_path / "coverage.duckdb")
    found = rows(
        tmp_path / "coverage.duckdb", "SELECT claim_id, change, from_version, to_version FROM changes"
    )
    assert found == [("mali.blame", "dropped", "a4-2", "a4-1"), ("russia.probe", "dropped", "a4-2", "a4-1")]
    standing = rows(tmp_path / "coverage.duckdb", "SELECT version_id FROM articles WHERE article_id = 'a4'")
    assert standing == [("a4-1",)]


def test_a_twin_that_tells_more_has_changed_nothing(tmp_path: Path) -> None:
    """What a mobile page leaves out was not added by the page that has it."""
    store = hand_store.build(tmp_path / "store.duckdb")
    with duckdb.connect(store) as con:
        con.execute(
            "UPDATE attempt SET url = 'https://m.herald.example/a4' FROM version "
            "WHERE version_id = 'a4-1' AND version.attempt_id = attempt.attempt_id"
        )
    publish(store, tmp_path / "coverage.duckdb")
    assert rows(tmp_path / "coverage.duckdb", "FROM changes") == []


def test_collection_adds_up(published: Path) -> None:
    """Each page that was named is fetched, refused, failed or not asked for."""
    found = rows(
        published, "SELECT outlet_id, expected, fetched, refused, failed, not_asked, on_topic FROM collection"
    )
    assert found == [
        ("courier", 3, 2, 1, 0, 0, 2),
        ("herald", 4, 4, 0, 0, 0, 4),
        ("scraper", 1, 1, 0, 0, 0, 1),
        ("silent", 2, 0, 1, 1, 0, 0),
        ("voix", 3, 3, 0, 0, 0, 3),
    ]


def test_a_page_counts_once_over_all_runs(tmp_path: Path) -> None:
    """As read where it was read once, whatever came later; else as what came of it last."""
    store = hand_store.build(tmp_path / "store.duckdb")
    courses = {
        "read, then gone": ("on_topic", "gone"),
        "refused, then read, then unchanged": ("refused", "on_topic", "not_modified"),
        "refused thrice": ("refused", "bot_wall", "refused"),
        "forbidden, then gone": ("robots", "gone"),
        "off topic, then behind a wall": ("off_topic", "paywall"),
    }
    with duckdb.connect(store) as con:
        con.execute("DELETE FROM attempt")
        con.execute("DELETE FROM candidate")
        con.execute("INSERT INTO run SELECT 7, * EXCLUDE run_id FROM run WHERE run_id = 1")
        number = 0
        for url, outcomes in courses.items():
            for run, outcome in zip((1, 1, 7), outcomes, strict=False):
                number += 1
                con.execute(
                    "INSERT INTO attempt VALUES ($1, $2, 'herald', 'page', $3, NULL, '2022-05-01', 200, $4,"
                    " '', 'live', NULL, NULL, NULL, NULL)",
                    [number, run, url, outcome],
                )
        con.execute(
            "INSERT INTO candidate (url, outlet_id, found_by, found_in, first_run, outcome, detail, attempts)"
            " VALUES ('never asked', 'herald', 'feed', '', 1, 'limit', '', 0)"
        )
    publish(store, tmp_path / "coverage.duckdb")
    found = rows(
        tmp_path / "coverage.duckdb",
        "SELECT expected, fetched, refused, failed, not_asked, on_topic, turned_away, gone, paywall"
        " FROM collection_by_outlet",
    )
    assert found == [(6, 3, 1, 1, 1, 2, 1, 1, 0)]
    found = rows(
        tmp_path / "coverage.duckdb",
        "SELECT run_id, sum(expected)::INT FROM collection GROUP BY run_id ORDER BY run_id",
    )
    assert found == [(1, 6), (7, 2)]


def test_every_outcome_has_its_class(tmp_path: Path) -> None:
    """Whatever comes of a page, it is either fetched, refused, failed or not asked for."""
    store = hand_store.build(tmp_path / "store.duckdb")
    with duckdb.connect(store) as con:
        con.execute("DELETE FROM attempt")
        con.execute("DELETE FROM candidate")
        for number, outcome in enumerate(Outcome):
            con.execute(
                "INSERT INTO attempt VALUES ($1, 1, 'asked ' || $2, 'page', $2, NULL, '2022-05-01', 200, $2,"
                " '', 'live', NULL, NULL, NULL, NULL)",
                [number, outcome.value],
            )
            con.execute(
                "INSERT INTO candidate (url, outlet_id, found_by, found_in, first_run, outcome, detail,"
                " attempts) VALUES ('unasked ' || $1, 'unasked ' || $1, 'feed', '', 1, $1, '', 0)",
                [outcome.value],
            )
    publish(store, tmp_path / "coverage.duckdb")
    found = rows(
        tmp_path / "coverage.duckdb",
        "SELECT outlet_id, expected, fetched + refused + failed + not_asked FROM collection",
    )
    assert len(found) == 2 * len(Outcome)
    assert [row for row in found if row[1:] != (1, 1)] == []
    assert found == rows(
        tmp_path / "coverage.duckdb",
        "SELECT outlet_id, expected, fetched + refused + failed + not_asked FROM collection_by_outlet",
    )


@pytest.mark.parametrize(
    ("included", "of", "low", "high"),
    [(81, 263, 0.2553, 0.3662), (15, 148, 0.0624, 0.1605), (0, 20, 0.0, 0.1611), (1, 29, 0.0061, 0.1718)],
)
def test_wilson_interval(published: Path, included: int, of: int, low: float, high: float) -> None:
    """The macros give the values of Newcombe (1998), Table I, method 3."""
    (row,) = rows(
        published, f"SELECT wilson_low({included} / {of}, {of}), wilson_high({included} / {of}, {of})"
    )
    assert row == pytest.approx((low, high), abs=5e-5)


def wilson(share: float, texts: float) -> tuple[float, float]:
    """The interval as the roots of (share - p)² = z² p (1 - p) / texts, found apart from the SQL."""
    z2 = 1.959964**2
    a, b, c = 1 + z2 / texts, -(2 * share + z2 / texts), share**2
    root = (b * b - 4 * a * c) ** 0.5
    return (-b - root) / (2 * a), (-b + root) / (2 * a)


MINUTE, DAY = "minute", "day"


@pytest.mark.parametrize(
    ("article", "claim", "state"),
    [
        (("2022-04-22 17:59:59", "second"), ("2022-04-22 18:00", MINUTE), "not_yet_public"),
        (("2022-04-22 18:00:59", "second"), ("2022-04-22 18:00", MINUTE), "omitted"),
        (("2022-04-22 18:00", "minute"), ("2022-04-22 18:00", MINUTE), "omitted"),
        (("2022-04-22 23:00", "minute"), ("2022-04-22", DAY), "not_yet_public"),
        (("2022-04-22", "day"), ("2022-04-22 18:00", MINUTE), "not_yet_public"),
        (("2022-04-23", "day"), ("2022-04-22 18:00", MINUTE), "omitted"),
        (("2022-04-21", "day"), ("2022-04-22", DAY), "not_yet_public"),
        (("2022-04-23 00:00", "minute"), ("2022-04-22", DAY), "omitted"),
    ],
)
def test_when_a_claim_counts_as_public(
    tmp_path: Path, article: tuple[str, str], claim: tuple[str, str], state: str
) -> None:
    """To the minute where both are known to it; else by the day, the same day in the outlet's favour."""
    store = hand_store.build(tmp_path / "store.duckdb")
    with duckdb.connect(store) as con:
        con.execute(
            "UPDATE article SET published = $1, published_precision = $2 WHERE article_id = 'a11'", article
        )
        con.execute(
            "UPDATE claim SET public_since = $1, public_precision = $2 WHERE claim_id = 'mali.blame'", claim
        )
    publish(store, tmp_path / "coverage.duckdb")
    found = rows(
        tmp_path / "coverage.duckdb",
        "SELECT state FROM codings WHERE article_id = 'a11' AND claim_id = 'mali.blame'",
    )
    assert found == [(state,)]
