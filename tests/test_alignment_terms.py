"""analysis/alignment/terms.py: a term is found in its spellings and forms, and not in other words."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from gossi.analysis.alignment.terms import Lexicon


def found(term: str, sentence: str, *, unspaced: bool = False) -> list[tuple[int, int]]:
    """First and last word of each place where the term stands."""
    reading = Lexicon({0: [term]}, unspaced=unspaced).read(sentence)
    return [(hit.first, hit.last) for hit in reading.hits.get(0, [])]


@pytest.mark.parametrize(
    ("term", "sentence", "places"),
    [
        ("mass grave", "A mass grave lay there", [(1, 2)]),
        ("mass grave", "a mass of grave errors", [(1, 3)]),
        ("mass grave", "a mass here and there a grave", []),
        ("grave mass", "A mass grave lay there", []),
        ("enterr*", "Ils enterraient des corps", [(1, 1)]),
        ("enterr", "Ils enterraient des corps", []),
        ("*video*", "ein Drohnenvideo", [(1, 1)]),
        ("*grab", "im Massengrab", [(1, 1)]),
        ("*grab", "das Grabmal", []),
        ("cover* + sand", "sand that they use to cover them", [(0, 5)]),
        ("cover* + sand", "they cover this and that and many other things here with sand", []),
        ("d'une fosse", "près d'une fosse", [(1, 3)]),
        ("дрон*", "съемка дрона", [(1, 1)]),
        ("دفن*", "وهم يدفنون موتى", [(1, 1)]),
    ],
)
def test_where_a_term_stands(term: str, sentence: str, places: list[tuple[int, int]]) -> None:
    """Stars, order, gaps, clauses."""
    assert found(term, sentence) == places


@pytest.mark.parametrize(
    ("term", "word", "alike"),
    [
        ("Barkhane", "Barkane", True),
        ("Barkhane", "Barkhana", False),  # another letter in eight: Barkhan* is needed
        ("mercenar*", "mercenery", False),
        ("mercenaries", "mercenairies", True),
        ("verwes*", "verwies", False),
        ("bury", "busy", False),
        ("2022", "2023", False),
    ],
)
def test_misspellings(term: str, word: str, alike: bool) -> None:
    """A letter more or less in a long word is forgiven, a short word or a number never."""
    assert bool(found(term, word)) is alike


def test_scores_say_how_well_it_matched() -> None:
    """100 to the letter, less for a misspelling, the mean of the words of a phrase."""
    reading = Lexicon({0: ["Barkhane"], 1: ["force Barkhane"]}).read("force Barkane")
    assert 88 <= reading.hits[0][0].score < 100
    assert reading.hits[1][0].score == pytest.approx((100 + reading.hits[0][0].score) / 2)


def test_scripts_without_spaces() -> None:
    """A term stands anywhere in a run of letters."""
    assert found("遺体", "兵士らが遺体を埋めた", unspaced=True) == [(0, 0)]


def test_concepts_are_told_by_bits() -> None:
    """A frame looks at the bits before it looks at the hits."""
    reading = Lexicon({0: ["sand"], 3: ["drone"], 5: ["nothing"]}).read("a drone over sand")
    assert reading.concepts == 0b1001


@given(st.lists(st.text(alphabet="abcdefgh *+", min_size=1, max_size=12), max_size=6), st.text(max_size=120))
def test_hits_lie_in_the_sentence(terms: list[str], sentence: str) -> None:
    """Whatever the terms and the text, a hit names words of the sentence."""
    usable = [term for term in terms if term.replace("*", " ").replace("+", " ").split()]
    reading = Lexicon({0: usable}).read(sentence)
    for hit in reading.hits.get(0, []):
        assert 0 <= hit.first <= hit.last < len(reading.words)
        assert 0 < hit.score <= 100
