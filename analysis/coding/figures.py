"""The figures of a validation: how well the coder does, per side, claim and language, and how fairly."""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from functools import cached_property, partial
from itertools import pairwise
from typing import Any

import numpy as np

from gossi.analysis.codebook import Codebook
from gossi.analysis.coding.agreement import Bootstrap, Counts, Interval, interval, nominal_alpha, wilson
from gossi.analysis.coding.comparison import Decision, Judged

FREQUENT = 3
"""A claim that a person found less often has no say in the macro F1, as score.py has it."""

ENOUGH = 10
"""Texts with a case that a bootstrap interval needs: drawn from fewer, the same few come again and again."""

BANDS = (0.01, 0.05, 0.15, 0.3, 0.5, 0.7, 0.85, 0.95, 1.0)
"""Ends of the bands of probability: narrow where most cells are. Less than the first is not recorded."""


@dataclass(frozen=True)
class Share:
    """A share with Wilson's interval."""

    part: int
    whole: int

    @property
    def share(self) -> float:
        """The share; 0 where nothing was counted."""
        return self.part / self.whole if self.whole else 0.0

    @property
    def interval(self) -> Interval:
        """Its 95 % interval."""
        return wilson(self.part, self.whole)


@dataclass(frozen=True)
class Unit:
    """The figures of a side, a claim, a language or all. F1 and alpha have bootstrap intervals."""

    counts: Counts
    f1_interval: Interval | None
    alpha_interval: Interval | None

    @property
    def precision_interval(self) -> Interval:
        """Wilson's interval."""
        return wilson(self.counts.both, self.counts.program)

    @property
    def recall_interval(self) -> Interval:
        """Wilson's interval."""
        return wilson(self.counts.both, self.counts.person)


@dataclass(frozen=True)
class Estimate:
    """A figure with its bootstrap interval."""

    value: float
    interval: Interval | None


@dataclass(frozen=True)
class Band:
    """Cells with a probability of `low` up to `high`: their mean, and in how many a person has the claim."""

    low: float
    high: float
    mean: float
    observed: Share

    @property
    def holds(self) -> bool:
        """Whether the mean lies within the interval of what was observed."""
        return self.observed.interval[0] <= self.mean <= self.observed.interval[1]


class Figures:
    """All figures of a validation.

    Args:
        judged: the articles.
        codebook: whose order the claims and sides have.
    """

    def __init__(self, judged: Sequence[Judged], codebook: Codebook) -> None:
        self._judged = judged
        self._sides = [side.id for side in codebook.sides]
        self.compared = self._sides
        claims = [claim.id for claim in codebook.claims]
        self._claims = [claim for claim in claims if any(claim in article.claims for article in judged)]
        # Most articles first; the name decides where two have as many.
        languages = sorted(
            {article.language for article in judged},
            key=lambda language: (-sum(article.language == language for article in judged), language),
        )
        pick: dict[tuple[str, str], Callable[[Judged], Iterable[Decision]]] = {
            ("all", "claims"): lambda article: article.claims.values(),
            ("all", "sides"): lambda article: article.sides.values(),
            ("all", "topic"): lambda article: [article.on_topic],
            **{("side", side): partial(_side, side) for side in self._sides},
            **{("claim", claim): partial(_claim, claim) for claim in self._claims},
            **{("language", language): partial(_language, language) for language in languages},
        }
        counts = np.array([[_count(choose(article)) for choose in pick.values()] for article in judged])
        self._texts = [
            # all but the cells that both leave empty
            len({article.group for article, cases in zip(judged, of_unit, strict=True) if cases[:3].any()})
            for of_unit in np.moveaxis(counts, 1, 0)
        ]
        self._resampled = Bootstrap(counts, [article.group for article in judged])
        self._number = {unit: number for number, unit in enumerate(pick)}
        self._units = {
            unit: self._unit(number, Counts(*(int(sum_) for sum_ in counts[:, number].sum(axis=0))))
            for unit, number in self._number.items()
        }

    def _unit(self, number: int, counts: Counts) -> Unit:
        if self._texts[number] < ENOUGH:
            return Unit(counts, None, None)
        resampled = self._resampled.counts(number)
        # Without a case, F1 is 0 by convention: no figure of a sample in which none happened to be drawn.
        f1 = np.where(resampled.person + resampled.program > 0, resampled.f1, np.nan)
        return Unit(counts, interval(f1), interval(resampled.alpha))

    @property
    def articles(self) -> int:
        """How many articles were coded twice."""
        return len(self._judged)

    @property
    def claims_pooled(self) -> Unit:
        """All cells article × claim: their F1 is the micro F1."""
        return self._units["all", "claims"]

    @property
    def sides_pooled(self) -> Unit:
        """All cells article × side."""
        return self._units["all", "sides"]

    @property
    def on_topic(self) -> Unit:
        """The decision on the topic."""
        return self._units["all", "topic"]

    def of(self, kind: str) -> dict[str, Unit]:
        """The figures of each "side", "claim" or "language"."""
        return {name: unit for (of_kind, name), unit in self._units.items() if of_kind == kind}

    @cached_property
    def macro_f1(self) -> Estimate:
        """The mean F1 of the claims that a person found at least `FREQUENT` times."""
        frequent = [claim for claim in self._claims if self._units["claim", claim].counts.person >= FREQUENT]
        if not frequent:
            return Estimate(0.0, None)
        value = np.mean([self._units["claim", claim].counts.f1 for claim in frequent])
        resampled = [self._resampled.counts(self._number["claim", claim]).f1 for claim in frequent]
        return Estimate(float(value), interval(np.mean(resampled, axis=0)))

    def gap(self, figure: str) -> Estimate:
        """How far the compared sides lie apart in "recall" or "precision": the best less the worst."""
        units = [("side", side) for side in self.compared]
        values = [getattr(self._units[unit].counts, figure) for unit in units]
        resampled: Any = [getattr(self._resampled.counts(self._number[unit]), figure) for unit in units]
        return Estimate(float(max(values) - min(values)), interval(np.ptp(resampled, axis=0)))

    @property
    def exact_sides(self) -> Share:
        """Articles of which the program has the person's very set of sides."""
        exact = [
            all(person == program for person, program in article.sides.values()) for article in self._judged
        ]
        return Share(sum(exact), len(exact))

    @property
    def stance(self) -> Share:
        """Claims that both include, with the same stance."""
        return Share(sum(person == program for person, program in self._stances), len(self._stances))

    @property
    def stance_alpha(self) -> float:
        """Krippendorff's alpha of their stances."""
        return nominal_alpha(self._stances)

    @property
    def _stances(self) -> list[tuple[str, str]]:
        return [pair for article in self._judged for pair in article.stances]

    @property
    def evidence(self) -> Share:
        """Claims that both include, with a sentence that both marked."""
        hits = [hit for article in self._judged for hit in article.evidence]
        return Share(sum(hits), len(hits))

    @property
    def bands(self) -> list[Band]:
        """The calibration: cells by probability, lowest first, bands without any left out."""
        cells = np.array([cell for article in self._judged for cell in article.likely]).reshape(-1, 2)
        bands = []
        for low, high in pairwise(BANDS):
            inside = cells[(cells[:, 0] >= low) & ((cells[:, 0] < high) | (high == 1))]
            if len(inside):
                observed = Share(int(inside[:, 1].sum()), len(inside))
                bands.append(Band(low, high, float(inside[:, 0].mean()), observed))
        return bands

    @property
    def calibration_error(self) -> float:
        """How far a band's mean is from what was observed, by cells (expected calibration error)."""
        bands = self.bands
        cells = sum(band.observed.whole for band in bands)
        return sum(band.observed.whole * abs(band.mean - band.observed.share) for band in bands) / max(
            cells, 1
        )


_PLACE = {(True, True): 0, (False, True): 1, (True, False): 2, (False, False): 3}
"""Where a decision (person, program) stands in `Counts`."""


def _count(decisions: Iterable[Decision]) -> list[int]:
    counts = [0, 0, 0, 0]
    for decision in decisions:
        counts[_PLACE[decision]] += 1
    return counts


def _side(side: str, article: Judged) -> Iterable[Decision]:
    return [article.sides[side]]


def _claim(claim: str, article: Judged) -> Iterable[Decision]:
    return [article.claims[claim]] if claim in article.claims else []


def _language(language: str, article: Judged) -> Iterable[Decision]:
    return article.claims.values() if article.language == language else []
