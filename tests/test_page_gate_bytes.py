"""The search in the bytes of a page is compared with one in its text: what the text names, it must not miss.

Tests crawler/page/gate_bytes.py.
"""

from html.entities import codepoint2name
from random import Random
from unicodedata import normalize

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from gossi.crawler.page.gate import TopicGate, _readings
from gossi.crawler.page.gate_bytes import LEGACY, Needles
from gossi.crawler.page.gate_words import ARABIC_ORNAMENTS, BREAKS, Word
from gossi.crawler.study.sources import StudyFolder
from tests.conftest import ROOT

TOPIC = StudyFolder(ROOT).sources().study.topic
GATE = TopicGate(TOPIC)
TERMS = [tuple(part for word in term.split(" + ") for part in Word(word).parts()) for term in TOPIC]
NEEDLES = Needles(TERMS)

CHARSETS = ("utf-8", "utf-8-sig", "utf-16", *LEGACY)
FURNITURE = (
    "",
    " ",
    "<p>",
    "</p>",
    "\n",
    "gossip ",
    "&amp;",
    "normalité ",
    "\\n",
    '"',
    "日本",
    "غ",
    "x",
    "&#39;",
    ";",
)


def odd_letter(letter: str, random: Random) -> str:
    """A letter in one of the ways in which a page may write it."""
    ways = [
        letter,
        letter.upper(),
        letter.lower(),
        normalize("NFD", letter),
        normalize("NFD", letter.upper()),
        f"&#{ord(letter)};",
        f"&#0{ord(letter)};",
        f"&#x{ord(letter):X};",
        f"&#x{ord(letter.upper()[0]):x};",
        f"\\u{ord(letter):04X}",
        f"\\u{ord(letter.upper()[0]):04x}",
    ]
    if name := codepoint2name.get(ord(letter)):
        ways.append(f"&{name};")
    written = random.choice([letter] * 8 + ways)
    between = random.choice([""] * 12 + [*BREAKS, "&shy;", "&#173;", "&#x200B;", "\\u00ad"])
    if "\u0600" <= letter <= "\u06ff":
        between += random.choice(["", *ARABIC_ORNAMENTS])
    return written + between


@settings(max_examples=600, deadline=None)
@given(
    term=st.sampled_from(TERMS),
    around=st.lists(st.sampled_from(FURNITURE) | st.text(max_size=8), max_size=6),
    charset=st.sampled_from(CHARSETS),
    told=st.booleans(),
    seed=st.integers(0, 2**32),
)
def test_what_the_text_names_is_found_in_the_bytes(
    term: tuple[Word, ...], around: list[str], charset: str, told: bool, seed: int
) -> None:
    """Every letter in another case, form, reference or escape, with marks in between, in every charset."""
    random = Random(seed)  # noqa: S311 - hypothesis gives the seed
    words = ["".join(odd_letter(letter, random) for letter in word.text) for word in term]
    pieces = [*around, *(f" {word} " for word in words)]
    random.shuffle(pieces)
    page = "".join(pieces).encode(charset, "xmlcharrefreplace" if "utf" not in charset else "replace")
    label = charset if told else None
    named = any(
        all(word.occurs(text) for word in words) for text in _readings(page, label) for words in TERMS
    )
    assert GATE.names_topic(page, label) == named
    assert NEEDLES.may_stand_in(page) >= named


@pytest.mark.parametrize("charset", ["utf-8", "cp1256", "iso8859-6", "gb18030"])
def test_marks_in_a_word_hide_it_in_no_charset(charset: str) -> None:
    """The vowel signs of Arabic, where nothing tells the charset."""
    assert GATE.names_topic(" جٍوْسَيِ ".encode(charset, "xmlcharrefreplace"))


@settings(max_examples=300, deadline=None)
@given(page=st.binary(max_size=300) | st.text(max_size=300).map(str.encode))
def test_any_bytes_are_judged_as_their_text_is(page: bytes) -> None:
    """Noise, torn UTF-8, half of an escape."""
    named = any(all(word.occurs(text) for word in words) for text in _readings(page, None) for words in TERMS)
    assert GATE.names_topic(page) == named
