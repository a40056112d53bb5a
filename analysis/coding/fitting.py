"""Fits the coder to coded articles, and codes each article with a fit that has not seen it.

Two regressions, both logistic with a ridge (scikit-learn): one a claim over sentences, whether people marked
them; one over articles and claims together, whether people have the claim, from what the sentences add up to.
The second learns from articles whose sentences were weighed by a fit that had not seen them, so that it gives
probabilities.
"""

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from gossi.analysis.alignment.evidence import Numbers
from gossi.analysis.alignment.weighing import pooled
from gossi.analysis.coding.fitting_stance import fit_stance
from gossi.analysis.coding.training import Examples, Places, Training, Truths
from gossi.analysis.fit import ClaimWeights, StanceWeights, Weights
from gossi.crawler.errors import InputError, UsageError

try:
    from sklearn.linear_model import LogisticRegression
    from threadpoolctl import ThreadpoolController
except ImportError:
    raise UsageError("gossi learn needs scikit-learn: pip install 'gossi-coverage[learn]'") from None

_THREADS = ThreadpoolController()

FOLDS = 5
"""Parts that the articles are split into: the usual number."""

RIDGES = (0.03, 0.1)
"""What C is chosen from: of 0.01 to 0.3, folds of the first coded articles did best with these."""

# A sentence's vector has length 1, its evidence some five ones: so much the vector is drawn out. Of 1, 3, 4,
# 5 and 6, folds did best with the last.
_MEANING = 6.0

# What an article read without its own words counts in the second regression, of one. Of a third, a fifth,
# an eighth and none, only an eighth gave probabilities that hold in every band, on articles not seen.
_WITHHELD = 1 / 8

# The second regression has three numbers a claim and hundreds of articles: its ridge hardly matters.
_ARTICLES_RIDGE = 1.0

# Steepness at which fitting ends: enough to choose by; and such that a refit elsewhere agrees to six places.
_ROUGHLY = 1e-4
_EXACTLY = 1e-9
_DIGITS = 7

# F1 of thresholds that differ by less is a matter of a few articles.
_AS_GOOD = 0.005


@dataclass(frozen=True)
class _Line:
    """A fitted sum: where it begins, and what each number weighs."""

    start: float
    weights: Numbers


@dataclass(frozen=True)
class Cells:
    """Cells article × claim, in rows: what is known of each.

    Attributes:
        article: its number.
        claim: the number of its claim.
        best: the log odds of its best sentence.
        together: those of all its sentences.
        included: whether people have the claim.
        withheld: whether it was read without its article's own words.
    """

    article: Places
    claim: Places
    best: Numbers
    together: Numbers
    included: Truths
    withheld: Truths

    @property
    def weight(self) -> Numbers:
        """What each counts."""
        return np.where(self.withheld, _WITHHELD, 1 - _WITHHELD)

    def of(self, chosen: Truths) -> "Cells":
        """Some of them."""
        return Cells(*(getattr(self, name)[chosen] for name in self.__dataclass_fields__))


def folds_of(groups: Sequence[int]) -> Places:
    """The part of each article: groups stay whole, the largest go first to the part that has least."""
    sizes: dict[int, int] = {}
    for group in groups:
        sizes[group] = sizes.get(group, 0) + 1
    load, part = [0] * FOLDS, {}
    for group in sorted(sizes, key=lambda group: (-sizes[group], group)):
        part[group] = load.index(min(load))
        load[part[group]] += sizes[group]
    return np.array([part[group] for group in groups], dtype=np.int64)


@dataclass(frozen=True)
class Fitted:
    """What fitting gives: the weights, and those of each fold for the articles that it left out."""

    weights: Weights
    by_fold: list[Weights]
    folds: Places


def parts_of(training: Training) -> Places:
    """The part of each article, of lessons and of the grid too."""
    return np.concatenate([folds_of(training.groups), folds_of(training.made_up)])


def fit_stances(training: Training) -> list[StanceWeights | None]:
    """What decides stances: a fit for each part, which has not seen it, and last one to all articles."""
    parts = parts_of(training)
    chosen = [*(parts != part for part in range(FOLDS)), np.ones(len(parts), dtype=np.bool_)]
    return [fit_stance(training, articles) for articles in chosen]


def fit(training: Training, encoder: str, stances: Sequence[StanceWeights | None]) -> Fitted:
    """Fit the coder; ridge and threshold are chosen by what fits did on articles that they had not seen.

    Args:
        training: with vectors, or without for a coder without an encoder.
        encoder: its package and version, "" without one.
        stances: what `fit_stances` gives, which no vector changes.

    Raises:
        InputError: too few articles have a claim.
    """
    folds = parts_of(training)
    lines = {
        ridge: [_lines(training, folds != fold, ridge, _ROUGHLY) for fold in range(FOLDS)] for ridge in RIDGES
    }
    cells = {ridge: _cells(training, folds, lines[ridge]) for ridge in RIDGES}
    if any(len(np.unique(folds[of.article[of.included]])) < 2 for of in cells.values()):
        raise InputError(
            "coded/training has too few articles with a claim to learn from; two outlets need one at least"
        )
    by_fold = []
    for fold in range(FOLDS):
        others = {ridge: of.of(folds[of.article] != fold) for ridge, of in cells.items()}
        ridge = _best_ridge(others, training, folds)
        by_fold.append(
            _weights(training, lines[ridge][fold], others[ridge], folds, (ridge, encoder, stances[fold]))
        )
    ridge = _best_ridge(cells, training, folds)
    unseen = [_lines(training, folds != fold, ridge, _EXACTLY) for fold in range(FOLDS)]
    whole = _lines(training, np.ones(len(folds), dtype=np.bool_), ridge, _EXACTLY)
    weights = _weights(training, whole, _cells(training, folds, unseen), folds, (ridge, encoder, stances[-1]))
    return Fitted(weights, by_fold, folds[: len(training.records)])


def _lines(training: Training, chosen: Truths, ridge: float, tolerance: float) -> dict[str, _Line]:
    """Of each claim the sum over sentences, fitted to the chosen articles."""
    lines = {}
    for claim, examples in training.examples.items():
        rows = np.flatnonzero((chosen & training.settled[claim])[examples.article])
        marked = examples.marked[rows]
        if marked.any() and not marked.all():
            values = _values(examples, training.meaning, rows)
            lines[claim] = _regression(values, marked, examples.weight[rows], ridge, tolerance)
    return lines


def _values(examples: Examples, meaning: Numbers, rows: Places) -> Numbers:
    return np.hstack([examples.evidence[rows], _MEANING * meaning[examples.meaning[rows]]])


def _regression(values: Numbers, truths: Truths, weight: Numbers, ridge: float, tolerance: float) -> _Line:
    model = LogisticRegression(C=ridge, tol=tolerance, max_iter=10_000)
    # Threads that wait for one another take several times as long over sums as small as these (measured).
    with _THREADS.limit(limits=1):
        model.fit(values, truths, sample_weight=weight)
    return _Line(float(model.intercept_[0]), model.coef_[0])


def _cells(training: Training, folds: Places, lines: Sequence[Mapping[str, _Line]]) -> Cells:
    """All cells of coded articles, each weighed by the fold that had not seen its article."""
    coded = len(training.records)
    rows: list[tuple[Any, ...]] = []
    for number, (claim, examples) in enumerate(training.examples.items()):
        odds = np.full(len(examples.article), np.nan)
        for fold in range(FOLDS):
            of_fold = np.flatnonzero(folds[examples.article] == fold)
            if claim in lines[fold] and len(of_fold):
                line = lines[fold][claim]
                odds[of_fold] = line.start + _values(examples, training.meaning, of_fold) @ line.weights
        for withheld, chosen in ((False, examples.full), (True, examples.withheld)):
            for article in np.unique(examples.article[chosen]):
                own = odds[(examples.article == article) & chosen]
                if article < coded and training.settled[claim][article] and not np.isnan(own).any():
                    included = training.included[claim][article]
                    rows.append((article, number, *pooled(own), included, withheld))
    columns = list(zip(*rows, strict=True)) if rows else [()] * 6
    return Cells(
        *(
            np.array(column, dtype=kind)
            for column, kind in zip(columns, (int, int, float, float, bool, bool), strict=True)
        )
    )


def _articles(cells: Cells, claims: int) -> _Line:
    """The sum over articles: what the best sentence weighs and all together, and where each claim begins."""
    return _regression(
        _article_values(cells, claims), cells.included, cells.weight, _ARTICLES_RIDGE, _EXACTLY
    )


def _article_values(cells: Cells, claims: int) -> Numbers:
    return np.column_stack([cells.best, cells.together, np.eye(claims)[cells.claim]])


def _crossed(cells: Cells, claims: int, folds: Places) -> Numbers:
    """The probability of each cell, by a sum over articles that was fitted to the other folds."""
    found = np.zeros(len(cells.article))
    of_fold = folds[cells.article]
    for fold in np.unique(of_fold):
        line = _articles(cells.of(of_fold != fold), claims)
        odds = line.start + _article_values(cells.of(of_fold == fold), claims) @ line.weights
        found[of_fold == fold] = 1 / (1 + np.exp(-odds))
    return found


def _best_ridge(cells: Mapping[float, Cells], training: Training, folds: Places) -> float:
    """The ridge with which articles not seen were coded best, by the likelihood of people's codings."""

    def loss(ridge: float) -> float:
        of = cells[ridge]
        likely = np.clip(_crossed(of, len(training.examples), folds), 1e-9, 1 - 1e-9)
        of_people = np.where(of.included, np.log(likely), np.log(1 - likely))
        return -float(np.average(of_people, weights=of.weight))

    return min(cells, key=loss)


def _threshold(cells: Cells, training: Training, folds: Places) -> float:
    """The probability from which including gives the best F1 on articles not seen, to a hundredth."""
    likely = _crossed(cells, len(training.examples), folds)

    def f1(threshold: float) -> float:
        found = likely >= threshold
        both = 2 * cells.weight[found & cells.included].sum()
        return float(both / max(cells.weight[found].sum() + cells.weight[cells.included].sum(), 1))

    # Of thresholds that do nearly as well the one nearest to a half: it hangs least on the articles coded.
    found = {hundredths / 100: f1(hundredths / 100) for hundredths in range(30, 71)}
    good = [threshold for threshold, value in found.items() if value >= max(found.values()) - _AS_GOOD]
    return min(good, key=lambda threshold: abs(threshold - 0.5))


def _weights(
    training: Training,
    lines: Mapping[str, _Line],
    cells: Cells,
    folds: Places,
    how: tuple[float, str, StanceWeights | None],
) -> Weights:
    ridge, encoder, stance = how
    claims = list(training.examples)
    over = _articles(cells, len(claims))
    return Weights(
        encoder=encoder,
        regularisation=ridge,
        stance=stance,
        confirm=_threshold(cells, training, folds),
        best=_rounded(over.weights[0]),
        together=_rounded(over.weights[1]),
        claims={
            claim: _claim_weights(
                line,
                training.names[claim],
                over.start + over.weights[2 + claims.index(claim)],
                _languages(training, claim),
            )
            for claim, line in lines.items()
        },
    )


def _languages(training: Training, claim: str) -> dict[str, int]:
    """How many coded articles include the claim, by language."""
    return dict(
        sorted(
            Counter(
                language
                for language, included in zip(training.languages, training.included[claim], strict=True)
                if included
            ).items()
        )
    )


def _claim_weights(
    line: _Line, names: Sequence[str], article: float, articles: dict[str, int]
) -> ClaimWeights:
    return ClaimWeights(
        articles=articles,
        article=_rounded(article),
        sentence=_rounded(line.start),
        evidence={name: _rounded(weight) for name, weight in zip(names, line.weights, strict=False)},
        meaning=[_rounded(weight * _MEANING) for weight in line.weights[len(names) :]],
    )


def _rounded(number: float) -> float:
    return round(float(number), _DIGITS)
