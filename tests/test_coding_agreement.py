"""Agreement figures against published examples and against figures counted by hand."""

import math

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from gossi.analysis.coding.agreement import Bootstrap, Counts, interval, nominal_alpha, wilson

# Krippendorff, Computing Krippendorff's Alpha-Reliability (2011): section A, binary, and B, nominal.
MEG_A, OWEN_A = "0100000010", "1110010000"
MEG_B, OWEN_B = "aabbdcccedda", "babbbccceddd"


def test_alpha_of_the_published_binary_example() -> None:
    """Section A gives 0.095."""
    assert nominal_alpha(list(zip(MEG_A, OWEN_A, strict=True))) == pytest.approx(0.095, abs=5e-4)


def test_alpha_of_the_published_nominal_example() -> None:
    """Section B gives 0.692."""
    assert nominal_alpha(list(zip(MEG_B, OWEN_B, strict=True))) == pytest.approx(0.692, abs=5e-4)


def test_alpha_from_counts_is_that_of_the_decisions() -> None:
    """The published binary example, counted: both 1, the second only 3, the first only 1, neither 5."""
    assert float(Counts(1, 3, 1, 5).alpha) == pytest.approx(0.095, abs=5e-4)


@given(st.lists(st.tuples(st.booleans(), st.booleans()), min_size=2, max_size=40))
def test_both_ways_to_alpha_agree(pairs: list[tuple[bool, bool]]) -> None:
    """Counted or listed, the same decisions have the same alpha; where it is undefined, in both ways."""
    counts = Counts(
        *(pairs.count(kind) for kind in ((True, True), (False, True), (True, False), (False, False)))
    )
    listed, counted = nominal_alpha(pairs), float(counts.alpha)
    assert listed == pytest.approx(counted, nan_ok=True)
    assert math.isnan(counted) is (len({value for pair in pairs for value in pair}) == 1)


def test_precision_recall_and_f1() -> None:
    """6 of 8 found are right, 6 of 12 are found: 0.75, 0.5 and 2 · 6 / 20."""
    counts = Counts(6, 2, 6, 30)
    assert (counts.precision, counts.recall, counts.f1) == (0.75, 0.5, 0.6)
    nothing = Counts(0, 0, 0, 5)
    assert (nothing.precision, nothing.recall, nothing.f1) == (0, 0, 0)


@pytest.mark.parametrize(
    ("part", "whole", "low", "high"),
    # Newcombe (1998), Two-sided confidence intervals for the single proportion, table I, method 3.
    [(81, 263, 0.2553, 0.3662), (15, 148, 0.0624, 0.1605), (0, 20, 0.0000, 0.1611), (1, 29, 0.0061, 0.1718)],
)
def test_wilson_interval_of_published_examples(part: int, whole: int, low: float, high: float) -> None:
    """Newcombe's four examples."""
    assert wilson(part, whole) == pytest.approx((low, high), abs=5e-5)


def test_articles_that_print_one_text_are_drawn_together() -> None:
    """Ten copies of one text, found, and one other, missed: recall is 0, 10/11 or 1, nothing between."""
    counts = np.zeros((11, 1, 4))
    counts[:10, 0, 0] = 1
    counts[10, 0, 2] = 1
    recalls = Bootstrap(counts, ["text"] * 10 + ["other"]).counts(0).recall
    assert set(np.round(recalls, 6)) == {0.0, round(10 / 11, 6), 1.0}


def test_bootstrap_interval_of_a_share_is_near_the_binomial_one() -> None:
    """For 60 of 100 it is about 0.6 ± 1.96 · √(0.24 / 100), and the same each time."""
    counts = np.zeros((100, 1, 4))
    counts[:60, 0, 0] = 1
    counts[60:, 0, 2] = 1
    first, second = (interval(Bootstrap(counts, range(100)).counts(0).recall) for _ in range(2))
    assert first == second == pytest.approx((0.504, 0.696), abs=0.015)


def test_an_undefined_figure_has_no_interval() -> None:
    """Where alpha is undefined in most resamples there is nothing to say."""
    counts = np.zeros((3, 1, 4))
    counts[:, 0, 3] = 1
    assert interval(Bootstrap(counts, range(3)).counts(0).alpha) is None
