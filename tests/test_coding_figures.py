"""The figures of a validation, against figures counted by hand and against the project's scoring script.

Also tests analysis/coding/comparison.py and analysis/coding/validate.py.
"""

import importlib.util
import json
import random
from collections.abc import Mapping
from pathlib import Path
from types import ModuleType
from typing import Any

import pytest

from gossi.analysis.alignment.model import Coding, Stance
from gossi.analysis.codebook import Codebook
from gossi.analysis.coding.comparison import judge
from gossi.analysis.coding.figures import Figures
from gossi.analysis.coding.validate import as_object
from tests.small_codebook import small_codebook

SCORE = Path(__file__).parents[2] / "shared" / "score.py"
GRAVE, INQUIRY, DRONE = "north.grave", "north.inquiry", "south.drone"
Labels = Mapping[str, tuple[Stance, tuple[int, ...]]]


@pytest.fixture(scope="module")
def codebook(tmp_path_factory: pytest.TempPathFactory) -> Codebook:
    """Two sides, three claims."""
    return small_codebook(tmp_path_factory.mktemp("codebook"))


def coded(number: int, labels: Labels, **more: object) -> dict[str, Any]:
    """An article as a person coded it."""
    return {
        "id": f"a{number}",
        "language": "en",
        "on_topic": True,
        "labels": {
            claim: {"stance": stance, "sentences": list(sentences)}
            for claim, (stance, sentences) in labels.items()
        },
        **more,
    }


def coding(labels: Labels, on_topic: bool = True, **unlikely: float) -> dict[str, Any]:
    """An article as the program codes it: each claim with a probability of 0.97, and less likely ones."""
    return {
        "on_topic": on_topic,
        "labels": {
            claim: {"stance": stance, "sentences": list(sentences), "score": 100.0, "probability": 0.97}
            for claim, (stance, sentences) in labels.items()
        },
        "probabilities": {**dict.fromkeys(labels, 0.97), **unlikely},
    }


PAIRS = [
    # what the person and what the program has
    (
        coded(1, {GRAVE: ("attributed", (0, 1)), DRONE: ("asserted", (2,))}),
        coding({GRAVE: ("attributed", (1,)), DRONE: ("attributed", (2,))}),
    ),
    (
        coded(2, {GRAVE: ("disputed", (0,))}, language="fr", wire_group="w"),
        coding({GRAVE: ("disputed", (3,)), INQUIRY: ("attributed", (4,))}),
    ),
    (coded(3, {DRONE: ("attributed", (0,))}, wire_group="w"), coding({}, **{DRONE: 0.35, GRAVE: 0.3})),
    (coded(4, {}, on_topic=False), coding({}, on_topic=True)),
    (
        coded(5, {INQUIRY: ("asserted", (-1,)), GRAVE: ("asserted", (0,))}, contested=[GRAVE]),
        coding({INQUIRY: ("asserted", (-1,)), DRONE: ("asserted", (1,))}),
    ),
]


@pytest.fixture(scope="module")
def figures(codebook: Codebook) -> Figures:
    """The figures of PAIRS."""
    return Figures([judge(record, found, codebook) for record, found in PAIRS], codebook)


def test_claims_counted_by_hand(figures: Figures) -> None:
    """Of 5 × 3 cells less a contested one, 4 are agreed on, 2 the program's only, 1 the person's, 7 empty."""
    assert tuple(figures.claims_pooled.counts) == (4, 2, 1, 7)
    claims = {claim: tuple(unit.counts) for claim, unit in figures.of("claim").items()}
    assert claims == {GRAVE: (2, 0, 0, 2), INQUIRY: (1, 1, 0, 3), DRONE: (1, 1, 1, 2)}
    assert figures.claims_pooled.counts.f1 == pytest.approx(8 / 11)


def test_sides_counted_by_hand(figures: Figures) -> None:
    """A side is included where any of its claims is."""
    sides = {side: tuple(unit.counts) for side, unit in figures.of("side").items()}
    assert sides == {"north": (3, 0, 0, 2), "south": (1, 1, 1, 2)}
    assert figures.exact_sides.share == 0.6  # articles 1, 2 and 4


def test_stance_evidence_and_topic_counted_by_hand(figures: Figures) -> None:
    """Of 4 claims that both have, 3 have one stance and 3 share a sentence; 4 of 5 articles are on topic."""
    assert (figures.stance.part, figures.stance.whole) == (3, 4)
    assert (figures.evidence.part, figures.evidence.whole) == (3, 4)
    assert tuple(figures.on_topic.counts) == (4, 1, 0, 0)


def test_languages_counted_by_hand(figures: Figures) -> None:
    """Cells go by the language that the person gives; the most frequent language comes first."""
    languages = {language: tuple(unit.counts) for language, unit in figures.of("language").items()}
    assert languages == {"en": (3, 1, 1, 6), "fr": (1, 1, 0, 1)}
    assert list(languages) == ["en", "fr"]


def test_macro_f1_leaves_rare_claims_out(codebook: Codebook) -> None:
    """Only a claim that the person has three times or more counts: the grave's, 2 of 3 found, none wrong."""
    pairs = [(coded(n, {GRAVE: ("attributed", (0,))}), coding({GRAVE: ("attributed", (0,))})) for n in (1, 2)]
    pairs.append((coded(3, {GRAVE: ("attributed", (0,)), DRONE: ("attributed", (0,))}), coding({})))
    figures = Figures([judge(record, found, codebook) for record, found in pairs], codebook)
    assert figures.macro_f1.value == pytest.approx(4 / 5)


def test_reliability_by_probability(figures: Figures) -> None:
    """Two cells of 0.3 to 0.5, one of which the person has; six of 0.97, of which the person has four."""
    assert [(band.low, band.high, band.observed.part, band.observed.whole) for band in figures.bands] == [
        (0.3, 0.5, 1, 2),
        (0.95, 1.0, 4, 6),
    ]
    assert [band.mean for band in figures.bands] == pytest.approx([0.325, 0.97])
    assert [band.holds for band in figures.bands] == [True, False]
    assert figures.calibration_error == pytest.approx((2 * (0.5 - 0.325) + 6 * (0.97 - 4 / 6)) / 8)


def test_certainty_belongs_to_the_last_band(codebook: Codebook) -> None:
    """1 is in 0.95 to 1."""
    figures = Figures([judge(coded(1, {}), coding({}, **{GRAVE: 1.0}), codebook)], codebook)
    assert [band.high for band in figures.bands] == [1.0]


def test_the_gap_between_compared_sides(codebook: Codebook) -> None:
    """Recall 1.0 for the North and 0.5 for the South lie 0.5 apart; precision 0.5 and 1.0 as far."""
    both: Labels = {GRAVE: ("attributed", (0,)), DRONE: ("attributed", (0,))}
    pairs = [
        (coded(1, both), coding({GRAVE: ("attributed", (0,))})),
        (coded(2, {DRONE: ("attributed", (0,))}), coding(both)),
    ]
    figures = Figures([judge(record, found, codebook) for record, found in pairs], codebook)
    assert figures.compared == ["north", "south"]
    assert figures.gap("recall").value == 0.5
    assert figures.gap("precision").value == 0.5


@pytest.fixture(scope="module")
def score() -> ModuleType:
    """The scoring script that stands beside the project, where it does."""
    if not SCORE.exists():
        pytest.skip("no scoring script beside the project")
    spec = importlib.util.spec_from_file_location("score", SCORE)
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def random_pairs(seed: int) -> list[tuple[dict[str, Any], Coding]]:
    """Articles coded by chance, some contested, in three languages."""
    chance = random.Random(seed)  # noqa: S311 - no secret

    def labels() -> Labels:
        return {
            claim: (
                chance.choice(("asserted", "attributed", "disputed")),
                tuple(chance.sample(range(-1, 6), 2)),
            )
            for claim in (GRAVE, INQUIRY, DRONE)
            if chance.random() < 0.4
        }

    return [
        (
            coded(
                number,
                labels(),
                language=chance.choice(("en", "fr", "ru")),
                on_topic=chance.random() < 0.7,
                contested=[GRAVE] if chance.random() < 0.2 else [],
            ),
            coding(labels(), on_topic=chance.random() < 0.7),
        )
        for number in range(60)
    ]


@pytest.mark.parametrize("seed", range(5))
def test_figures_are_those_of_the_scoring_script(score: ModuleType, codebook: Codebook, seed: int) -> None:
    """Every figure that the script gives is the same here, on the same codings."""
    pairs = random_pairs(seed)
    gold = {record["id"]: record for record, _ in pairs}
    predicted = {record["id"]: found for record, found in pairs}
    theirs = score.score(gold, predicted)
    ours = as_object(Figures([judge(record, found, codebook) for record, found in pairs], codebook))
    assert _subset(_flat(ours), _flat(theirs)) == pytest.approx(_flat(theirs))
    assert json.loads(json.dumps(ours))["articles"] == 60


def _flat(figures: Any, path: str = "") -> dict[str, float]:
    """Nested figures as one dictionary: "by_claim/north.grave/f1" → figure."""
    if not isinstance(figures, dict):
        return {path: figures}
    return {
        name: value for key, inner in figures.items() for name, value in _flat(inner, f"{path}/{key}").items()
    }


def _subset(ours: Mapping[str, float], theirs: Mapping[str, float]) -> dict[str, float]:
    """What of our figures the script has too."""
    return {name: ours[name] for name in theirs}
