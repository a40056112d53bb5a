"""What is read off an article for the stance of a claim, and what weights make of it."""

from pathlib import Path

import pytest

from gossi.analysis.alignment.align import Aligner
from gossi.analysis.alignment.sentences import headline_sentence, listed
from gossi.analysis.alignment.stance import by_rules, by_weights, odds
from gossi.analysis.fit import StanceWeights
from tests.small_codebook import small_codebook

MATCHING = (
    ("hedge = []", 'hedge = ["pictures"]'),
    ("manner = []", 'manner = ["say"]'),
    ("rejection = []", 'rejection = ["drone"]'),
)
TOLD = "A grave was found at Tinfiction."
SAID = "The capital said that a grave was found."
REJECTED = "No more than what its drone made up, the staff said."
REST = "The road is closed."


def evidence(folder: Path, *text: str, places: list[int]) -> dict[str, float]:
    """What an article under "News" has on the stance of the claim `north.grave`, in the order of names."""
    aligner = Aligner(small_codebook(folder, *MATCHING))
    matcher = next(matcher for matcher in aligner.claims if matcher.claim.id == "north.grave")
    page = aligner.read([headline_sentence("News"), *listed(text)], "en")
    return dict(aligner.stance_evidence(matcher, page, places, {"north.grave", "south.drone"}))


def test_who_tells_it(tmp_path: Path) -> None:
    """In the outlet's own voice, or by the side; what is met nowhere is left out."""
    told = evidence(tmp_path, TOLD, places=[1])
    assert told["without a source throughout"] == told["nobody speaks"] == 1
    assert told["north.grave: with south.drone"] == told["north.grave"] == 1
    assert not [name for name in told if name.startswith(("its side", "say", "drone"))]
    said = evidence(tmp_path, SAID, places=[1])
    assert said["its side named throughout"] == said["say in the words"] == 1
    assert not [name for name in said if name.startswith("without a source")]


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ((SAID, REJECTED), {"anywhere", "soon after", "soon after, another side speaks"}),
        ((REJECTED, SAID), {"anywhere", "soon before"}),
        ((SAID, REST, REST, REJECTED), {"anywhere"}),
        ((SAID,), set()),
    ],
)
def test_where_it_is_rejected(tmp_path: Path, text: tuple[str, ...], found: set[str]) -> None:
    """By whom, and within two sentences or not; never the side's own word against itself."""
    told = evidence(tmp_path, *text, places=[text.index(SAID) + 1])
    where = {name.removeprefix("drone ") for name in told if name.startswith("drone ")}
    assert where == found
    assert ("drone, another side speaks" in told) == bool(found)


def test_weights_decide_and_rules_do_without(tmp_path: Path) -> None:
    """The likeliest of three sums; evidence that is newer than the fit weighs nothing."""
    weights = StanceWeights(
        regularisation=1,
        start={"disputed": 0, "asserted": 0, "attributed": 0.5},
        evidence={"drone, another side speaks": (1.0, 0.0, -1.0), "sentences": (0.0, 0.0, 1.0)},
    )
    rejected = evidence(tmp_path, SAID, REJECTED, places=[1])
    assert odds(rejected, weights) == {"disputed": 1.0, "asserted": 0.0, "attributed": -0.25}
    assert by_weights(rejected, weights) == "disputed"
    assert by_weights(evidence(tmp_path, SAID, places=[1]), weights) == "attributed"
    assert by_rules(rejected) == "attributed"
