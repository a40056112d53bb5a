"""`gossi explain`: why a claim was found, or what was missing."""

import json
from pathlib import Path

import pytest

from gossi.analysis.coding.explain import explain_file
from gossi.crawler.errors import InputError, UsageError
from tests.small_codebook import small_codebook

FRAME = ('here = ["grave"]', 'here = ["north.speaks", "grave"]\nnear = ["town"]\nnot_here = ["inquiry"]')
SPOKE = "The capital said on Friday that it was looking into what had happened at Tinfiction."
GRAVE = "The men lie in a grave beside the old road, which is closed to all traffic since then."
BOTH = "The inquiry into the grave beside the old road is to begin within a week or two, all say."


def explained(folder: Path, *sentences: str, claim: str = "north.grave", identity: str = "a1") -> str:
    """The explanation for an article of these sentences."""
    file = folder / "articles.jsonl"
    record = {"id": "a1", "headline": "A day's news from all over", "text": list(sentences)}
    file.write_text(json.dumps(record) + "\n", encoding="utf-8")
    return explain_file(file, identity, claim, small_codebook(folder, FRAME))


def test_each_part_with_its_words_and_where_they_came_from(tmp_path: Path) -> None:
    """The speaker was carried over and the town stands in the sentence before: both are said."""
    lines = explained(tmp_path, SPOKE, GRAVE).splitlines()
    assert lines[1] == "Included, attributed, score 100. The article is on topic, its language en."
    assert "Sentence 1: score 100, confirmed; attributed" in lines
    assert f"  {GRAVE}" in lines
    assert "  speaks: north (capital, from sentence 0), as subject or carried over" in lines
    assert "    grave: grave (100)" in lines
    assert "    north.speaks: north speaks (100), from sentence 0" in lines
    assert "    town: Tinfiction (100), from sentence 0" in lines


def test_what_was_missing(tmp_path: Path) -> None:
    """Nobody speaks for the North: the frame that came nearest says so."""
    text = explained(tmp_path, "The road to Tinfiction is closed to all traffic since the day before.", GRAVE)
    assert "Not included." in text
    assert "No frame fits a sentence." in text
    assert "north.speaks: missing" in text


def test_what_was_in_the_way(tmp_path: Path) -> None:
    """A concept that rules the frame out is marked by an exclamation mark."""
    text = explained(tmp_path, SPOKE, BOTH)
    assert "Not included." in text
    assert "!inquiry: inquiry (100)" in text


def test_a_suggestion_says_why_it_counts_for_nothing(tmp_path: Path) -> None:
    """A mention of a frame that is ruled out is shown as such, and the claim is not included."""
    text = explained(
        tmp_path, SPOKE, "It has pictures of the place as well, all of them from above.", claim="south.drone"
    )
    assert "Not included." in text
    assert "Sentence 1: score 100, only suggested; attributed" in text


def test_a_language_without_wordings(tmp_path: Path) -> None:
    """Nothing can be found in it, and that is said instead of what was missing."""
    text = explained(
        tmp_path, "Watu wengi wanasema kwamba mji wa Tinfiction ni mzuri sana, na habari nyingine nyingi."
    )
    assert "no wordings for the language 'sw'" in text


def test_an_article_that_is_not_read(tmp_path: Path) -> None:
    """It names nothing that every article with a claim names: that is said, though a frame would fit."""
    lines = explained(
        tmp_path, "The capital said that the men lie in a grave beside the old road."
    ).splitlines()
    assert lines[1].startswith("Not included.")
    assert "none of the words of `anchors` or of `essential`" in lines[2]
    assert len(lines) == 3


def test_wrong_names(tmp_path: Path) -> None:
    """A claim or an article that is not there is named, with what there is."""
    with pytest.raises(UsageError, match=r"'north\.nothing' is not in claims\.toml; it has north\.grave"):
        explained(tmp_path, GRAVE, claim="north.nothing")
    with pytest.raises(InputError, match="no article has the id 'a2'"):
        explained(tmp_path, GRAVE, identity="a2")
