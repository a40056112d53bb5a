"""Scores extracted texts against true ones as the article-extraction-benchmark of Scrapinghub does.

Texts are compared by their shingles of four words, counted as often as they occur. Precision and recall are
averaged over the pages (precision over those with a text), and F1 is the harmonic mean of the two averages.
"""

import re
from collections import Counter
from collections.abc import Iterable
from statistics import mean
from typing import NamedTuple

_WORDS = 4


class Score(NamedTuple):
    """Fractions of 1."""

    f1: float
    precision: float
    recall: float


def score(pairs: Iterable[tuple[str, str]]) -> Score:
    """The score of (true text, extracted text) for each page; at least one of each must have words."""
    precisions, recalls = [], []
    for true, extracted in pairs:
        wanted, found = _shingles(true), _shingles(extracted)
        shared = (wanted & found).total()
        if found:
            precisions.append(shared / found.total())
        if wanted:
            recalls.append(shared / wanted.total())
    precision, recall = mean(precisions), mean(recalls)
    both = precision + recall
    return Score(2 * precision * recall / both if both else 0.0, precision, recall)


def _shingles(text: str) -> Counter[tuple[str, ...]]:
    words = re.findall(r"\w+", text)
    # A text of fewer words is one shingle, one without words none.
    starts = range(max(1, len(words) - _WORDS + 1))
    return Counter(tuple(words[at : at + _WORDS]) for at in starts if words)
