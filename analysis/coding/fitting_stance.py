"""Fits what decides the stance of an included claim: one logistic regression over the claims of all articles.

Claims share most of what is weighed, as few of them have enough articles of each stance to learn from.
"""

from collections import Counter

import numpy as np

from gossi.analysis.coding.training import Training, Truths
from gossi.analysis.fit import STANCES, StanceWeights
from gossi.crawler.errors import UsageError

try:
    from scipy.sparse import lil_array
    from sklearn.linear_model import LogisticRegression
except ImportError:
    raise UsageError("gossi learn needs scikit-learn: pip install 'gossi-coverage[learn]'") from None

# Of 0.01 to 0.3, folds of coded articles and lessons did best with this; vectors of an encoder did not help.
_RIDGE = 0.08

# Evidence that fewer articles have teaches nothing but those articles.
_SEEN = 8

# Steepness at which fitting ends: a refit elsewhere agrees to six places.
_EXACTLY = 1e-8
_DIGITS = 7


def fit_stance(training: Training, chosen: Truths) -> StanceWeights | None:
    """Fit the stance to the chosen articles; None where these have only one, or none.

    Args:
        training: all coded articles.
        chosen: of each article whether to learn from it.
    """
    examples = [example for example in training.stances if chosen[example.article]]
    seen = Counter(name for example in examples for name in example.evidence)
    names = sorted(name for name, count in seen.items() if count >= _SEEN)
    stances = np.array([STANCES.index(example.stance) for example in examples])
    if not names or len(np.unique(stances)) < len(STANCES):
        return None
    column = {name: number for number, name in enumerate(names)}
    values = lil_array((len(examples), len(names)))  # nearly all of them are zeros
    for row, example in enumerate(examples):
        for name, told in example.evidence.items():
            if name in column:
                values[row, column[name]] = told
    model = LogisticRegression(C=_RIDGE, tol=_EXACTLY, max_iter=10_000).fit(values.tocsr(), stances)
    return StanceWeights(
        regularisation=_RIDGE,
        start={stance: _rounded(at) for stance, at in zip(STANCES, model.intercept_, strict=True)},
        evidence={
            name: (_rounded(weights[0]), _rounded(weights[1]), _rounded(weights[2]))
            for name, weights in zip(names, model.coef_.T, strict=True)
        },
    )


def _rounded(number: float) -> float:
    return round(float(number), _DIGITS)
