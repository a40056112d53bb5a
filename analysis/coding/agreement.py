"""How far two codings agree: precision, recall, F1, Krippendorff's alpha, with 95 % intervals."""

from collections import Counter
from collections.abc import Hashable, Sequence
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

Numbers = NDArray[np.float64]
Interval = tuple[float, float]

_Z = 1.959964
"""The 97.5 % point of the normal distribution: every interval here is a 95 % one."""

RESAMPLES = 2000
"""Enough for ends of intervals that stand to a hundredth (Efron and Tibshirani 1993: 1,000 or more)."""

_SEED = 20220422
"""Any fixed number: the same codings give the same intervals."""


class Counts(NamedTuple):
    """Yes-or-no decisions of a person and of the program on the same things, counted.

    The fields may be numbers or arrays of numbers, one for each resample.
    """

    both: Any
    program_only: Any
    person_only: Any
    neither: Any

    @property
    def person(self) -> Any:
        """How many things the person has."""
        return self.both + self.person_only

    @property
    def program(self) -> Any:
        """How many things the program has."""
        return self.both + self.program_only

    @property
    def precision(self) -> Any:
        """The part of the program's that the person has too; 0 where the program has none."""
        return _ratio(self.both, self.program)

    @property
    def recall(self) -> Any:
        """The part of the person's that the program has too; 0 where the person has none."""
        return _ratio(self.both, self.person)

    @property
    def f1(self) -> Any:
        """The harmonic mean of both; 0 where there is nothing."""
        return _ratio(2 * self.both, self.person + self.program)

    @property
    def alpha(self) -> Any:
        """Krippendorff's alpha, nominal, two coders; NaN where both always decide the same one way."""
        ones = self.person + self.program
        values = 2 * (self.both + self.program_only + self.person_only + self.neither)
        # n² - Σ n_c² of the general form is twice the product of the two counts.
        return _alpha(values, self.program_only + self.person_only, 2 * ones * (values - ones))


def nominal_alpha(pairs: Sequence[tuple[Hashable, Hashable]]) -> float:
    """Krippendorff's alpha for two coders and any categories, no value missing.

    Krippendorff, Computing Krippendorff's Alpha-Reliability (2011), sections A and B. NaN where all values
    are the same.
    """
    counts = Counter(value for pair in pairs for value in pair)
    values = 2 * len(pairs)
    unlike = values**2 - sum(count**2 for count in counts.values())
    return float(_alpha(values, sum(first != second for first, second in pairs), unlike))


def _alpha(values: Any, disagreements: Any, unlike: Any) -> Any:
    """1 - (n - 1) · 2D / (n² - Σ n_c²): n values in all, D units on which the two differ."""
    with np.errstate(divide="ignore", invalid="ignore"):
        return 1 - np.where(
            unlike == 0, np.nan, (values - 1) * 2 * disagreements / np.asarray(unlike, dtype=float)
        )


def _ratio(part: Any, whole: Any) -> Any:
    return np.divide(part, np.maximum(whole, 1))  # where the whole is 0, so is the part


def wilson(part: int, whole: int) -> Interval:
    """Wilson's interval (1927) of a share: it holds up for small counts. 0 to 1 where nothing was counted."""
    if not whole:
        return 0.0, 1.0
    share = part / whole
    centre = (share + _Z**2 / (2 * whole)) / (1 + _Z**2 / whole)
    half = _Z * (share * (1 - share) / whole + _Z**2 / (4 * whole**2)) ** 0.5 / (1 + _Z**2 / whole)
    return max(0.0, centre - half), min(1.0, centre + half)


class Bootstrap:
    """Resamples articles to see how far a figure hangs on those that happened to be coded.

    Drawn are groups of articles: those that print one text come together, as they say little more than one.

    Args:
        counts: of shape (articles, units, 4): the `Counts` of each article for each unit.
        groups: the group of each article.
    """

    def __init__(self, counts: Numbers, groups: Sequence[Hashable]) -> None:
        numbers = {group: number for number, group in enumerate(dict.fromkeys(groups))}
        by_group = np.zeros((len(numbers), *counts.shape[1:]))
        np.add.at(by_group, [numbers[group] for group in groups], counts)
        draws = np.random.default_rng(_SEED).multinomial(
            len(numbers), np.full(len(numbers), 1 / len(numbers)), size=RESAMPLES
        )
        self._sums = np.tensordot(draws, by_group, axes=1)

    def counts(self, unit: int) -> Counts:
        """The counts of a unit in each resample."""
        return Counts(*np.moveaxis(self._sums[:, unit, :], -1, 0))


def interval(resampled: Numbers) -> Interval | None:
    """The middle 95 % of a figure over the resamples; None where it is undefined in most of them."""
    defined = resampled[~np.isnan(resampled)]
    if len(defined) < RESAMPLES / 2:
        return None
    low, high = np.quantile(defined, (0.025, 0.975))
    return float(low), float(high)


def resampled_alpha(table: Numbers) -> tuple[float | None, float | None, float | None]:
    """Krippendorff's alpha of two coders with its 95 % interval, from how often they chose what.

    Args:
        table: of shape (values, values): how often the first chose the row's value, the second the column's.

    Returns:
        Alpha and its interval, resampled over things; None where all values are the same.
    """
    things = int(table.sum())
    draws = np.random.default_rng(_SEED).multinomial(things, table.ravel() / things, size=RESAMPLES)
    tables = np.concatenate([table[None], draws.reshape(RESAMPLES, *table.shape)])
    of_value = tables.sum(axis=1) + tables.sum(axis=2)
    values = 2 * things
    unlike = values**2 - (of_value**2).sum(axis=1)
    alphas = _alpha(values, things - np.trace(tables, axis1=1, axis2=2), unlike)
    if np.isnan(alphas[0]):
        return None, None, None
    return (float(alphas[0]), *(interval(alphas[1:]) or (None, None)))
