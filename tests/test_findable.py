"""Claims that cannot be found in a language: not observable in the figures."""

from dataclasses import replace
from pathlib import Path

import duckdb
import pytest

from gossi.analysis.codebook import Codebook
from gossi.analysis.findable import Unfindable, unfindable
from gossi.analysis.fit import ClaimWeights, Fit, Weights
from gossi.analysis.measuring.publish import publish
from gossi.analysis.measuring.query import query
from tests import hand_store
from tests.small_codebook import small_codebook

SPEAKS = ('here = ["drone"]', 'here = ["drone", "south.speaks"]')
NO_VOICE = ('fr = ["état-major"]', "")
NO_PICTURES = ('fr = ["images"]', "")
GAP = (SPEAKS, NO_VOICE, NO_PICTURES)


def taught(codebook: Codebook, articles: int) -> Codebook:
    """The codebook with a fit that learnt one claim from so many French articles."""
    claim = ClaimWeights(article=0, sentence=0, evidence={}, articles={"fr": articles})
    weights = Weights(
        encoder="", regularisation=1, confirm=0.5, best=1, together=0, claims={"south.drone": claim}
    )
    return replace(codebook, fit=Fit(weights, "2026-12-01", codebook.digest, {}, {}))


def test_one_frame_with_words_is_enough(tmp_path: Path) -> None:
    """The claim has two frames: without the words of one it is found by the other; so with parts and `|`."""
    either = ('here = ["pictures"]', 'here = ["pictures | drone"]')
    for number, changes in enumerate(((), (SPEAKS, NO_VOICE), (SPEAKS, NO_PICTURES), (*GAP, either))):
        assert unfindable(small_codebook(tmp_path / str(number), *changes)) == []
    assert unfindable(small_codebook(tmp_path / "none", *GAP)) == [
        Unfindable("south.drone", "fr", ["south.speaks"], 0)
    ]


@pytest.mark.parametrize(("articles", "gaps"), [(9, 1), (10, 0)])
def test_coded_articles_stand_in_for_words(tmp_path: Path, articles: int, gaps: int) -> None:
    """From ten on the coder has learnt the claim in the language."""
    codebook = small_codebook(tmp_path, *GAP)
    assert len(unfindable(taught(codebook, articles))) == gaps


def test_the_cell_is_not_observable(tmp_path: Path) -> None:
    """Neither omitted nor included, whatever was found; other languages and claims stay as they are."""
    file = hand_store.build(tmp_path / "store.duckdb")
    with duckdb.connect(str(file)) as store:
        store.execute("INSERT INTO unfindable VALUES ('mali.inquiry', 'fr')")
    publish(file, tmp_path / "coverage.duckdb")
    found = query(
        tmp_path / "coverage.duckdb",
        "SELECT article_id, claim_id, state, reason, stance FROM codings"
        " WHERE article_id IN ('a4', 'a5') AND claim_id IN ('mali.blame', 'mali.inquiry') ORDER BY ALL",
    )[1]
    assert found == [
        ("a4", "mali.blame", "included", None, "disputed"),
        ("a4", "mali.inquiry", "omitted", None, None),
        ("a5", "mali.blame", "included", None, "asserted"),
        ("a5", "mali.inquiry", "not_observable", "no_words", None),
    ]
