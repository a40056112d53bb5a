"""[statement] of claims.toml: what it must say, and what is wrong with it where it does not."""

from typing import Any

import pytest
from pydantic import ValidationError

from gossi.analysis.codebook import load_codebook
from gossi.analysis.statement import Statement
from gossi.crawler.study.blocs import load_blocs
from tests.hand_store import ROOT

SIDES = {"a.one": "a", "a.two": "a", "b.one": "b"}


def statement(**changes: Any) -> Statement:
    """A small statement with changes."""
    return Statement.model_validate(
        {
            "text": "They leave B out.",
            "bloc": "north",
            "favoured": "a",
            "neglected": ["b"],
            "reading": {"charge": {"name": "Who did it", "claims": {"a": ["a.one"], "b": ["b.one"]}}},
        }
        | changes
    )


def test_rows_of_a_statement() -> None:
    """A row a claim, with the part that its side plays."""
    assert statement().problems(SIDES) == []
    assert statement().claim_rows() == [
        ("charge", "Who did it", 1, "favoured", "a", "a.one"),
        ("charge", "Who did it", 1, "neglected", "b", "b.one"),
    ]


@pytest.mark.parametrize(
    ("claims", "words"),
    [
        (
            {"a": ["a.one", "a.two"], "b": ["b.one"]},
            r"key claims: 2 of a, 1 of b; a side with more",
        ),
        ({"a": ["a.one"]}, r"charge\], key claims: none of b"),
    ],
)
def test_as_many_claims_of_each_side(claims: dict[str, list[str]], words: str) -> None:
    """A side with more claims would be given more easily."""
    with pytest.raises(ValidationError, match=words):
        statement(reading={"charge": {"name": "Who did it", "claims": claims}})


def test_what_the_codebook_does_not_have() -> None:
    """Sides and claims are those of the codebook, a claim its side's."""
    made = statement(
        neglected=["b", "c"],
        reading={"charge": {"name": "x", "claims": {"a": ["b.one"], "b": ["b.two"], "c": ["a.one"]}}},
    )
    assert made.problems(SIDES) == [
        "[statement]: 'c' is no [[side]] with claims",
        "[statement.reading.charge], key claims: 'b.one' is no [[claim]] of 'a'",
        "[statement.reading.charge], key claims: 'b.two' is no [[claim]] of 'b'",
        "[statement.reading.charge], key claims: 'a.one' is no [[claim]] of 'c'",
    ]


def test_the_statement_of_this_study() -> None:
    """The blocs name the parties whose own they are, so that nobody's own outlets count as others'."""
    found = load_codebook(ROOT / "claims.toml").statement
    assert found
    assert {bloc.side for bloc in load_blocs(ROOT / "sources.toml") if bloc.side} == set(found.neglected)
