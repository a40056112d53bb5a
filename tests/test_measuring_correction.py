"""Shares corrected for the coder's errors, and the test of the seed article's statement."""

from pathlib import Path
from typing import Any

import duckdb
import pytest

from analysis.measuring.publish import publish
from analysis.measuring.query import query
from analysis.report.seed import verdict
from tests import hand_store


def with_quality(folder: Path, *rows: tuple[object, ...]) -> Path:
    """The hand-made store with these figures of validation, published."""
    store = hand_store.build(folder / "store.duckdb")
    with duckdb.connect(store) as con:
        con.executemany("INSERT INTO coder_quality VALUES (?, ?, ?, ?, ?, ?, ?)", rows)
    publish(store, folder / "coverage.duckdb")
    return folder / "coverage.duckdb"


def one(published: Path, sql: str) -> tuple[Any, ...]:
    """The only row that `sql` gives."""
    (row,) = query(published, sql)[1]
    return row


def test_a_share_is_corrected_by_sensitivity_and_specificity(tmp_path: Path) -> None:
    """3 of 4 give France's; of the coded, 16 of 20 are found, 18 of 20 rejected: (0.75 - 0.1) / 0.7."""
    published = with_quality(tmp_path, ("france", "en", 40, 16, 2, 4, 18))
    share, corrected, low, high, why = one(
        published,
        "SELECT share_included, share_corrected, corrected_low, corrected_high, not_corrected"
        " FROM coverage_by_bloc WHERE bloc = 'western' AND side = 'france'",
    )
    assert (share, why) == (0.75, None)
    assert corrected == pytest.approx(0.65 / 0.7, abs=1e-6)
    assert low < corrected
    assert high == 1.0
    outlet = one(
        published, "SELECT share_corrected FROM coverage WHERE outlet_id = 'herald' AND side = 'france'"
    )
    assert outlet == (pytest.approx((2 / 3 - 0.1) / 0.7, abs=1e-6),)


def test_the_interval_of_a_corrected_share(tmp_path: Path) -> None:
    """Lang and Reiczigel's, step by step, for 0 of 5 western articles that give Human Rights Watch's."""
    published = with_quality(tmp_path, ("hrw", "en", 60, 27, 3, 3, 27))
    texts = 25 / 7  # five articles, two of them one text: 5² / (2² + 1 + 1 + 1)
    z = 1.959964
    seen = (z * z / 2) / (texts + z * z)
    found, rejected = 28 / 32, 28 / 32
    centre = (seen + rejected - 1) / (found + rejected - 1)
    noise = found * (1 - found) / 32
    shift = 2 * z * z * (centre * noise - (1 - centre) * noise)
    variance = (seen * (1 - seen) / (texts + z * z) + centre**2 * noise + (1 - centre) ** 2 * noise) / (
        found + rejected - 1
    ) ** 2
    row = one(
        published,
        "SELECT share_corrected, corrected_low, corrected_high FROM coverage_by_bloc"
        " WHERE bloc = 'western' AND side = 'hrw'",
    )
    assert row == pytest.approx((0.0, 0.0, centre + shift + z * variance**0.5), abs=1e-6)


@pytest.mark.parametrize(
    ("row", "reason"),
    [
        (("france", "fr", 40, 16, 2, 4, 18), "no coded articles: en (4)"),
        (("france", "en", 29, 7, 2, 2, 18), "too few coded articles: en (4)"),
        (("france", "en", 40, 10, 8, 10, 12), "the coder is too weak: en (4)"),
    ],
)
def test_why_a_share_is_not_corrected(tmp_path: Path, row: tuple[object, ...], reason: str) -> None:
    """Without enough coded articles of the language there is no corrected share but a reason."""
    published = with_quality(tmp_path, row)
    assert one(
        published,
        "SELECT share_corrected, corrected_low, corrected_high, not_corrected FROM coverage_by_bloc"
        " WHERE bloc = 'western' AND side = 'france'",
    ) == (None, None, None, reason)


# The statement under test: articles of one bloc that give both accounts, France's only, Mali's only, neither.
@pytest.mark.parametrize(
    ("counts", "expected"),
    [
        ((2, 28, 0, 0), "borne out"),
        ((20, 8, 2, 0), "contradicted"),
        ((2, 3, 1, 1), "undecided"),
        ((0, 2, 20, 8), "contradicted"),
        ((3, 1, 0, 26), "undecided"),
    ],
)
def test_verdict_on_the_statement(tmp_path: Path, counts: tuple[int, int, int, int], expected: str) -> None:
    """Borne out, contradicted and undecided, each from counts that leave no doubt about it."""
    published = seed_study(tmp_path, counts)
    row = one(
        published,
        "SELECT both_given, favoured_only, neglected_only, neither, verdict FROM seed_claim"
        " WHERE neglected = 'mali'",
    )
    assert row == (*counts, expected)


def test_interval_of_a_difference(tmp_path: Path) -> None:
    """Newcombe's paired interval (1998, method 10), worked out apart from the SQL."""
    both, first, second, neither = counts = (8, 14, 3, 5)
    row = one(
        seed_study(tmp_path, counts),
        "SELECT difference, difference_low, difference_high FROM seed_claim WHERE neglected = 'mali'",
    )
    n = sum(counts)
    p1, p2 = (both + first) / n, (both + second) / n
    (l1, u1), (l2, u2) = wilson(p1, n), wilson(p2, n)
    product = both * neither - first * second
    margins = ((both + first) * (second + neither) * (both + second) * (first + neither)) ** 0.5
    phi = (max(product - n / 2, 0) if product > 0 else product) / margins
    low = (p1 - l1) ** 2 - 2 * phi * (p1 - l1) * (u2 - p2) + (u2 - p2) ** 2
    high = (u1 - p1) ** 2 - 2 * phi * (u1 - p1) * (p2 - l2) + (p2 - l2) ** 2
    assert row == pytest.approx((p1 - p2, p1 - p2 - low**0.5, p1 - p2 + high**0.5), abs=1e-6)


def test_reprints_widen_the_interval(tmp_path: Path) -> None:
    """Thirty articles with one text are one independent text: nothing is borne out by them."""
    published = seed_study(tmp_path, (0, 30, 0, 0), one_text=True)
    assert one(published, "SELECT articles, texts, verdict FROM seed_claim WHERE neglected = 'mali'") == (
        30,
        1.0,
        "undecided",
    )


NAMES = {"f": "France", "m": "Mali", "r": "Russia"}


def test_words_of_a_verdict() -> None:
    """With nothing to compare, the words say so; with two outcomes, they name both."""
    assert verdict([], {}).outcome == "On what was collected, the statement remains undecided."
    row = {
        "meant": True,
        "reading": "charge",
        "bloc": "western",
        "favoured": "f",
        "articles": 1,
        "both_given": 1,
        "favoured_only": 0,
        "neglected_only": 0,
        "favoured_share": 1.0,
        "favoured_low": 0.2,
        "favoured_high": 1.0,
        "neglected_share": 1.0,
        "neglected_low": 0.2,
        "neglected_high": 1.0,
        "difference": -0.005,
        "difference_low": -0.8,
        "difference_high": 0.8,
    }
    rows = [
        row | {"neglected": "m", "verdict": "borne out"},
        row | {"neglected": "r", "verdict": "undecided"},
    ]
    found = verdict(rows, NAMES)
    assert found.outcome == (
        "On what was collected, the statement is borne out for Mali and remains undecided for Russia."
    )
    both = verdict([*rows, row | {"neglected": "m", "verdict": "contradicted", "reading": "account"}], NAMES)
    assert both.outcome == found.outcome
    assert both.sentences[-1].endswith("not only whom it blamed, the statement is contradicted.")
    assert found.sentences[0] == (
        "Of 1 Western article that could have given both accounts, 1 gave France's "
        "(100%, 95% interval 20 to 100%) and 1 gave Mali's (100%, 95% interval 20 to 100%): "
        "a difference of 0 percentage points (95% interval −80 to +80)."
    )


def wilson(share: float, texts: float) -> tuple[float, float]:
    """Wilson's interval, as the roots of (share - p)² = z² p (1 - p) / texts."""
    z2 = 1.959964**2
    a, b, c = 1 + z2 / texts, -(2 * share + z2 / texts), share**2
    root = (b * b - 4 * a * c) ** 0.5
    return (-b - root) / (2 * a), (-b + root) / (2 * a)


def seed_study(folder: Path, counts: tuple[int, int, int, int], one_text: bool = False) -> Path:
    """A study of one western outlet whose articles give both accounts, France's, Mali's or neither."""
    both, first, second, neither = counts
    given = [("france", "mali")] * both + [("france",)] * first + [("mali",)] * second + [()] * neither
    claims = {"france": "france.burial", "mali": "mali.blame"}
    store = hand_store.build(folder / "store.duckdb")
    with duckdb.connect(store) as con:
        for table in ("article", "version", "version_coding", "claim_coding", "mention"):
            con.execute(f"DELETE FROM {table}")  # noqa: S608 - our own names
        for number, sides in enumerate(given):
            text = hand_store.WIRE if one_text else " ".join(f"w{number}x{word}" for word in range(40))
            con.execute(
                "INSERT INTO article VALUES ($1, 'courier', $1, '2022-04-25 10:00', 'minute', 'meta', 1)",
                [f"s{number}"],
            )
            con.execute(
                "INSERT INTO version VALUES"
                " ($1 || '-1', $1, 1, '2022-05-01', NULL, 1, 'en', '', $2, 40, '', 'full', 1)",
                [f"s{number}", text],
            )
            con.execute(
                "INSERT INTO version_coding"
                " (version_id, codebook_digest, on_topic, language, codable, run_id)"
                " VALUES ($1, 'c', true, 'en', true, 1)",
                [f"s{number}-1"],
            )
            for side in sides:
                con.execute(
                    "INSERT INTO claim_coding (version_id, claim_id, stance, score)"
                    " VALUES ($1, $2, 'attributed', 90)",
                    [f"s{number}-1", claims[side]],
                )
    publish(store, folder / "coverage.duckdb")
    return folder / "coverage.duckdb"
