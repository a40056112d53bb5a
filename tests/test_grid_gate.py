"""The coder takes all sides' words alike: the gate on the attribution grid (`gossi validate --grid`).

Two coders are held to it: the one that is shipped, and words, speakers and frames by themselves, since what
is weighed afterwards must be found first.
"""

from pathlib import Path

import pytest

from gossi.analysis.codebook import load_codebook
from gossi.analysis.coding.grid import grid_items
from gossi.analysis.coding.grid_figures import GridFigures, score_grid

pytestmark = pytest.mark.long(120)

STUDY = Path(__file__).parents[1]
COMPARED = ("mali", "russia", "france")

# What is aimed at: of each side, found and right; of each construction in each language, articles all right;
# and how far the sides may be apart.
SIDE = 0.95
CONSTRUCTION = 0.80
APART = 0.03

# What is under the aim, each with the share that it must keep: to be mended, never to be lowered. The shipped
# coder finds less of each side: it asks more of one sentence than frames do, as articles say a claim twice.
SHORT_SIDES: dict[str, dict[tuple[str, str], float]] = {
    "as shipped": {("mali", "recall"): 0.93, ("russia", "recall"): 0.88, ("france", "recall"): 0.91},
    "frames alone": {},
}
SHORT_APART = {"as shipped": 0.05, "frames alone": APART}
SHORT = {
    "as shipped": {
        ("ar", "first person, source line"): 0.77,
        ("ar", "office chain of two"): 0.70,
        ("ar", "pronoun chain of two"): 0.73,
        ("ar", "rejected in one sentence"): 0.64,
        ("de", "Konjunktiv carried over"): 0.67,
        ("de", "first person, headline"): 0.74,
        ("de", "quotation that names another side"): 0.76,
        ("de", "rejected in one sentence"): 0.70,
        ("en", "denied"): 0.66,
        ("en", "rejected in one sentence"): 0.76,
        ("en", "relative clause"): 0.79,
        ("ru", "denied"): 0.66,
        ("ru", "rejected in one sentence"): 0.70,
        ("ru", "rejected"): 0.76,
    },
    "frames alone": {
        ("ar", "office chain of two"): 0.75,
        ("ar", "pronoun chain of two"): 0.68,
        ("ar", "rejected in one sentence"): 0.50,
        ("de", "Konjunktiv carried over"): 0.72,
        ("de", "first person, headline"): 0.70,
        ("de", "rejected in one sentence"): 0.74,
        ("en", "rejected in one sentence"): 0.74,
        ("es", "nominal"): 0.70,
        ("es", "rejected in one sentence"): 0.76,
        ("fr", "quotation that names another side"): 0.70,
        ("fr", "rejected in one sentence"): 0.74,
        ("ru", "first person, headline"): 0.73,
    },
}


@pytest.fixture(scope="module", params=["as shipped", "frames alone"])
def measured(request: pytest.FixtureRequest) -> tuple[str, GridFigures]:
    """The coder, and its figures on all of the grid: minutes of work, which say what no part of it does."""
    codebook = load_codebook(STUDY / "claims.toml", fitted=request.param == "as shipped")
    return request.param, score_grid(grid_items(STUDY), codebook)


@pytest.mark.parametrize("side", COMPARED)
def test_each_side_is_found_and_found_right(measured: tuple[str, GridFigures], side: str) -> None:
    """Precision and recall of a side's claims over the whole grid."""
    coder, figures = measured
    tally = figures.sides[side]
    short = SHORT_SIDES[coder]
    assert tally.precision >= short.get((side, "precision"), SIDE)
    assert tally.recall >= short.get((side, "recall"), SIDE)


def test_no_side_is_found_better_than_another(measured: tuple[str, GridFigures]) -> None:
    """Or the difference would be measured as one between outlets."""
    coder, figures = measured
    tallies = [figures.sides[side] for side in COMPARED]
    for shares in ([tally.precision for tally in tallies], [tally.recall for tally in tallies]):
        assert max(shares) - min(shares) <= SHORT_APART[coder]


def test_no_construction_hides_what_is_said(measured: tuple[str, GridFigures]) -> None:
    """Articles with exactly the claims that they have, by language and construction."""
    coder, figures = measured
    failed = {
        place: round(tally.exact, 3)
        for place, tally in figures.constructions.items()
        if tally.exact < SHORT[coder].get(place, CONSTRUCTION)
    }
    assert failed == {}
