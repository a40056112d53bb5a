"""Coding and validating JSON Lines: in order, with the input's own numbers, plain words on bad lines."""

import contextlib
import json
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from gossi.analysis.coding.jsonl import align_file
from gossi.analysis.coding.validate import validate_file
from gossi.crawler.errors import InputError
from tests.small_codebook import small_codebook

GRAVE = "The capital speaks of a grave at Tinfiction, in which many people lie."
DRONE = "The staff shows what its drone saw on that day, from very high above."
REST = "The road to Tinfiction is closed, and so nobody else was able to go there."


def lines(folder: Path, *records: object) -> Path:
    """A JSON Lines file of these records; a string stands as it is."""
    file = folder / "articles.jsonl"
    texts = [record if isinstance(record, str) else json.dumps(record) for record in records]
    file.write_text("".join(f"{text}\n" for text in texts), encoding="utf-8")
    return file


def article(number: int, *sentences: str, **more: object) -> dict[str, Any]:
    """An article with its sentences as a list."""
    return {"id": f"a{number}", "headline": "From Tinfiction", "text": list(sentences), **more}


def coded(number: int, *sentences: str, labels: object = None) -> dict[str, Any]:
    """An article on the topic with a person's labels."""
    return article(number, *sentences, language="en", on_topic=True, labels=labels or {})


def test_sentences_have_the_numbers_of_the_list(tmp_path: Path) -> None:
    """Labels name the indexes of the list that came, -1 for the headline; suggestions count for nothing."""
    file = lines(
        tmp_path,
        article(1, REST, "", GRAVE, "It has pictures of Tinfiction as well, the staff said on Friday."),
        "",
        article(2, REST, REST, headline="A grave at Tinfiction"),
        article(3, "Nothing happened here, and nobody had expected anything else.", headline="A quiet day"),
    )
    assert list(align_file(file, small_codebook(tmp_path))) == [
        {
            "id": "a1",
            "on_topic": True,
            "labels": {"north.grave": {"stance": "attributed", "sentences": [2], "score": 100.0}},
        },
        {
            "id": "a2",
            "on_topic": True,
            "labels": {"north.grave": {"stance": "attributed", "sentences": [-1], "score": 100.0}},
        },
        {"id": "a3", "on_topic": False, "labels": {}},
    ]


def test_a_text_in_one_piece_is_split(tmp_path: Path) -> None:
    """The third sentence of a plain text has number 2."""
    file = lines(tmp_path, {"id": 5, "headline": "From Tinfiction", "text": f"{REST} {REST}\n{GRAVE}"})
    (coding,) = align_file(file, small_codebook(tmp_path))
    assert (coding["id"], coding["labels"]["north.grave"]["sentences"]) == (5, [2])


def test_many_articles_keep_their_order(tmp_path: Path) -> None:
    """Worker processes take turns, but the codings come as the articles did."""
    file = lines(tmp_path, *(article(number, GRAVE if number % 2 else REST) for number in range(1200)))
    codings = list(align_file(file, small_codebook(tmp_path)))
    assert [coding["id"] for coding in codings] == [f"a{number}" for number in range(1200)]
    assert [bool(coding["labels"]) for coding in codings] == [bool(number % 2) for number in range(1200)]


@pytest.mark.parametrize(
    ("before", "bad", "words"),
    [
        (1100, "{", "not JSON"),
        (1, "{", "not JSON"),
        (1, "[" * 100_000, "not JSON"),
        (1, "7", "an object is needed"),
        (1, '{"id": "x", "text": "y"}', "headline is missing"),
        (1, '{"id": "x", "headline": "y", "text": 5}', "text must be a string or a list of strings"),
        (
            1,
            '{"id": "x", "headline": "y", "text": ["a", null]}',
            "text must be a string or a list of strings",
        ),
        (1, '{"id": {}, "headline": "y", "text": "z"}', "id must be a string or whole number"),
    ],
)
def test_a_bad_line_is_named_after_those_before_it(tmp_path: Path, before: int, bad: str, words: str) -> None:
    """The codings of the lines before come first, also from workers; then file, line and what is wrong."""
    file = lines(tmp_path, *(article(number, GRAVE) for number in range(before)), bad, article(999, GRAVE))
    codings = align_file(file, small_codebook(tmp_path))
    assert [next(codings)["id"] for _ in range(before)] == [f"a{number}" for number in range(before)]
    with pytest.raises(InputError, match=rf"articles\.jsonl, line {before + 1}: .*{words}"):
        next(codings)


def test_half_a_surrogate_pair_can_be_written(tmp_path: Path) -> None:
    r"""JSON may spell "\ud83d", which UTF-8 cannot: the coding can be written all the same."""
    file = lines(tmp_path, '{"id": "x\\ud83d", "headline": "\\ud83d", "text": ["' + GRAVE + '\\udc00"]}')
    (coding,) = align_file(file, small_codebook(tmp_path))
    json.dumps(coding, ensure_ascii=False).encode("utf-8")
    assert "north.grave" in coding["labels"]


@settings(max_examples=50, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    st.recursive(
        st.none() | st.booleans() | st.floats() | st.text(),
        lambda inner: (
            st.lists(inner)
            | st.dictionaries(
                st.sampled_from(["id", "headline", "text", "language", "labels", "on_topic", "contested"])
                | st.text(),
                inner,
            )
        ),
    )
)
def test_any_json_is_coded_or_refused(tmp_path: Path, value: object) -> None:
    """Whatever a line holds, it is coded, or refused in words; validating likewise."""
    file = lines(tmp_path, json.dumps(value))
    codebook = small_codebook(tmp_path)
    for use in (lambda: list(align_file(file, codebook)), lambda: validate_file(file, codebook)):
        with contextlib.suppress(InputError):
            use()


def test_validation_names_fairness_first_and_every_unit(tmp_path: Path) -> None:
    """The page begins with the gap between sides and has a row for each side, claim and language."""
    grave = {"north.grave": {"stance": "attributed", "sentences": [0]}}
    file = lines(tmp_path, coded(1, GRAVE, labels=grave), coded(2, DRONE), coded(3, REST))
    page = validate_file(file, small_codebook(tmp_path))
    assert page.startswith("Fairness: between north, south recall differs")
    for name in ("north", "south", "north.grave", "north.inquiry", "south.drone", "en", "on topic", "95 %"):
        assert name in page
    figures = json.loads(validate_file(file, small_codebook(tmp_path), as_json=True))
    assert figures["by_claim"]["north.grave"]["f1"] == 1.0
    assert figures["by_claim"]["south.drone"]["precision"] == 0.0
    assert figures["by_side"]["north"]["recall_interval"] == pytest.approx([0.2065, 1.0], abs=5e-5)
    assert figures["articles"] == 3


@pytest.mark.parametrize(
    ("record", "words"),
    [
        (article(1, GRAVE), "no coded article"),
        (
            coded(1, GRAVE, labels={"north.nothing": {"stance": "attributed", "sentences": []}}),
            "not in claims.toml",
        ),
        (coded(1, GRAVE, labels={"north.grave": {"stance": "praised", "sentences": []}}), "needs a stance"),
        (coded(1, GRAVE, labels={"north.grave": {"stance": "disputed"}}), "needs a stance"),
        (coded(1, GRAVE) | {"contested": "north.grave"}, "contested must be a list"),
    ],
)
def test_what_is_no_coded_article_is_named(tmp_path: Path, record: dict[str, Any], words: str) -> None:
    """Validating says which line lacks what."""
    file = lines(tmp_path, coded(0, REST), record)
    with pytest.raises(InputError, match=rf"articles\.jsonl, line 2: .*{words}"):
        validate_file(file, small_codebook(tmp_path))


def test_nothing_to_validate(tmp_path: Path) -> None:
    """An empty file is no validation."""
    with pytest.raises(InputError, match="no coded article in it"):
        validate_file(lines(tmp_path), small_codebook(tmp_path))
