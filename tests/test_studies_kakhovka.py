"""The study in docs/studies/kakhovka is whole, and finds its claims where its words have not been."""

import re
from datetime import date

from gossi.analysis.checking import check_study
from gossi.analysis.codebook import load_codebook
from gossi.analysis.coding.comparison import compare_file
from gossi.analysis.coding.figures import Figures
from gossi.crawler.study.sources import StudyFolder
from tests.conftest import ROOT

FOLDER = StudyFolder(ROOT / "docs" / "studies" / "kakhovka")
HELD_OUT = FOLDER.root / "coded" / "held-out.jsonl"


def test_nothing_is_wrong_or_cannot_be_observed() -> None:
    """What `gossi check` would say, but for words that another makes needless."""
    assert [found.heading for found in check_study(FOLDER, date(2026, 12, 1)) if found.cases] in (
        [], ["words that another word of their concept makes needless"],
    )  # fmt: skip


def test_every_claim_says_since_when_and_from_where_that_is_known() -> None:
    """Sources can be looked up: a host, or a broadcaster with a day; blocs and languages are complete."""
    codebook = load_codebook(FOLDER.claims_file)
    for claim in codebook.claims:
        assert re.search(r"\.(com|ru|org|ua)\b|CNN live, \d+ June 2023", claim.source), claim.id
        assert claim.public_since_utc.date() in {date(2022, 10, 20), date(2022, 10, 21), date(2023, 6, 6)}
    assert codebook.languages == {"de", "en", "fr", "ru", "uk"}
    assert codebook.statement is not None
    outlets = FOLDER.sources().outlet
    assert {outlet.bloc for outlet in outlets} == {bloc.id for bloc in FOLDER.sources().bloc}
    assert {code for outlet in outlets for code in outlet.languages} <= codebook.languages


def test_claims_are_found_in_the_half_that_the_words_have_not_seen() -> None:
    """Micro F1 of .80 at least, by words alone; both sides that accuse each other alike."""
    codebook = load_codebook(FOLDER.claims_file)
    assert codebook.fit is None
    figures = Figures(list(compare_file(HELD_OUT, codebook)), codebook)
    assert figures.articles == 15
    assert figures.claims_pooled.counts.f1 >= 0.80
    recall = {side: float(figures.of("side")[side].counts.recall) for side in ("ukraine", "russia")}
    assert min(recall.values()) >= 0.80
    assert abs(recall["ukraine"] - recall["russia"]) <= 0.10
