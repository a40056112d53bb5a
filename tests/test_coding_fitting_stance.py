"""The stance is fitted to coded articles: who tells a claim, and who rejects it, is learnt."""

from pathlib import Path
from typing import Any

import numpy as np

from gossi.analysis.alignment.stance import by_weights
from gossi.analysis.coding.fitting_stance import fit_stance
from gossi.analysis.coding.training import read_training
from tests.small_codebook import small_codebook

HOW = {
    "asserted": ["There is a grave at Tinfiction with {} men in it."],
    "attributed": ["The capital said that a grave at Tinfiction has {} men in it."],
    "disputed": [
        "The capital said that a grave at Tinfiction has {} men in it.",
        "The pictures of {} men are made up, said the staff.",
    ],
}


def coded(number: int) -> dict[str, Any]:
    """An article of an outlet of its own with the claim `north.grave`, each stance in turn."""
    stance = list(HOW)[number % 3]
    return {
        "id": f"a{number}",
        "outlet": f"Outlet {number}",
        "language": "en",
        "on_topic": True,
        "headline": f"Day {number}",
        "text": [sentence.format(number) for sentence in HOW[stance]],
        "labels": {"north.grave": {"stance": stance, "sentences": [0]}},
    }


def test_stances_are_learnt(tmp_path: Path) -> None:
    """From 45 articles; the other 15 come out right, as by no rule. A refit is the same."""
    codebook = small_codebook(tmp_path, ("rejection = []", 'rejection = ["pictures"]'))
    training = read_training([coded(number) for number in range(60)], codebook, None)
    chosen = np.arange(60) < 45
    weights = fit_stance(training, chosen)
    assert weights is not None
    assert weights == fit_stance(training, chosen)
    unseen = [example for example in training.stances if not chosen[example.article]]
    assert len(unseen) == 15
    assert [by_weights(example.evidence, weights) for example in unseen] == [one.stance for one in unseen]


def test_too_little_to_learn_from(tmp_path: Path) -> None:
    """Without one of the stances nothing is fitted, and rules go on to decide; contested claims are none."""
    codebook = small_codebook(tmp_path)
    records = [coded(number) for number in range(30)]
    contested = [record | {"contested": ["north.grave"]} for record in records]
    assert fit_stance(read_training(contested, codebook, None), np.ones(30, dtype=np.bool_)) is None
    training = read_training(records, codebook, None)
    assert fit_stance(training, np.arange(30) % 3 == 0) is None
