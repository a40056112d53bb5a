"""Weighs the evidence on a claim: how likely a sentence conveys it, and a coder has it in the article.

A sentence's log odds are a sum: where it begins, what each piece of its evidence weighs and, with an encoder,
what its meaning weighs. The article's are made of its sentences': of the best one's, and of all together.
"""

from collections.abc import Sequence

import numpy as np

from gossi.analysis.alignment.evidence import ClaimEvidence, Numbers
from gossi.analysis.fit import ClaimWeights, Weights

NOTHING = -30.0
"""Log odds of what cannot be: that a sentence conveys a claim of which nothing was met in it."""


class ClaimScale:
    """A claim's weights in the order of the evidence on it."""

    def __init__(self, fit: Weights, weights: ClaimWeights, names: Sequence[str]) -> None:
        self._fit, self._weights = fit, weights
        # A frame or concept that is newer than the fit weighs nothing yet.
        self.evidence = np.array([weights.evidence.get(name, 0.0) for name in names])
        self._meaning = np.array(weights.meaning)

    def sentences(self, evidence: ClaimEvidence, meaning: Numbers) -> Numbers:
        """The log odds that each sentence conveys the claim.

        Args:
            evidence: on the claim.
            meaning: the sentences' vectors, of shape (sentences, dimensions); no dimension without an
                encoder.
        """
        odds = self._weights.sentence + evidence.values @ self.evidence + meaning @ self._meaning
        return np.where(evidence.possible, odds, NOTHING)

    def meaning(self, vector: Numbers) -> float:
        """What a sentence's meaning weighs."""
        return float(vector @ self._meaning)

    def article(self, odds: Numbers) -> float:
        """The probability that a coder has the claim in an article whose sentences have these log odds."""
        if odds.max() <= NOTHING:
            return 0.0
        best, together = pooled(odds)
        fit = self._fit
        return probability(self._weights.article + fit.best * best + fit.together * together)


def pooled(odds: Numbers) -> tuple[float, float]:
    """What the sentences of an article say together: the highest log odds, and log Σ exp of all."""
    best = float(odds.max())
    return best, best + float(np.log(np.exp(odds - best).sum()))


def probability(odds: float) -> float:
    """The probability that has these log odds."""
    return float(1 / (1 + np.exp(-odds)))
