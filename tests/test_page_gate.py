"""The topic gate: which pages and texts name the study's topic, and which only seem to.

Also tests crawler/page/gate_bytes.py and crawler/page/gate_words.py.
"""

import time
from collections.abc import Sequence

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from gossi.crawler.page.gate import TopicGate
from gossi.crawler.study.sources import StudyFolder
from tests.conftest import ROOT
from tests.news_pages import NewsPage

REAL = TopicGate(StudyFolder(ROOT).sources().study.topic)
"""With the terms of the study itself."""


def gate(*terms: str) -> TopicGate:
    """A gate with these terms."""
    return TopicGate(terms)


def page(*sentences: str, language: str = "en") -> bytes:
    """A news page with these paragraphs, in UTF-8."""
    return NewsPage(headline="Report", paragraphs=sentences, language=language).html()


def both(found: TopicGate, sentence: str) -> Sequence[bool]:
    """What the gate says of a sentence in a page and in a text: it must be the same."""
    return [found.names_topic(page(sentence)), found.names_topic_text("Report", sentence)]


@pytest.mark.parametrize(
    "sentence",
    [
        "The base at Gossi was handed over.",
        "The base at GOSSI was handed over.",
        "Gossi: the base",
        "the Gossi-based unit",
        "the road (Gossi) was closed",
        "in Gossi's centre",
    ],
)
def test_a_name_is_found_however_it_stands(sentence: str) -> None:
    """Case, punctuation, hyphens and brackets do not hide a word."""
    assert all(both(gate("Gossi"), sentence))


@pytest.mark.parametrize(
    "sentence", ["All the gossip of the town.", "It was Bongossi wood.", "a gossiping crowd"]
)
def test_a_part_of_another_word_is_no_name(sentence: str) -> None:
    """A word must stand alone: gossip is not Gossi."""
    assert not any(both(gate("Gossi"), sentence))


def test_a_star_allows_any_ending() -> None:
    """And no other beginning."""
    assert all(both(gate("mercenar*"), "They were mercenaries."))
    assert all(both(gate("mercenar*"), "A mercenary was seen."))
    assert not any(both(gate("mercenar*"), "The antimercenary law."))


def test_joined_words_must_all_occur_in_any_order_and_place() -> None:
    """One of them alone is another subject."""
    graves = gate("mass grave + Mali")
    assert all(both(graves, "In Mali a mass grave was found."))
    assert all(both(graves, "A mass grave was found in the north of Mali."))
    assert not any(both(graves, "In Mali the rains came late."))
    assert not any(both(graves, "A mass grave was found in another country."))
    assert not any(both(graves, "A mass grave was found in Malibu."))


@pytest.mark.parametrize(
    ("term", "sentence"),
    [
        ("غوسي", "عثر على مقبرة قرب غوسي في الشمال"),
        ("غوسي", "مقبرة بغوسي"),
        ("غوسي", "وغوسي بلدة"),
        ("غوسي", "غـوسـي بلدة في الشمال"),
        ("غوسي", "غُوسي بلدة في الشمال"),
        ("Госси", "База в Госси передана"),
        ("Госси", "БАЗА В ГОССИ ПЕРЕДАНА"),
        ("ゴッシ", "マリのゴッシ基地で"),
        ("戈西", "马里戈西基地附近"),
        ("गोस्सी", "गोस्सी के पास"),
        ("fosa común", "una FOSA COMÚN en el norte"),
        ("Söldner", "die Söldner im Norden"),
    ],
)
def test_scripts_and_cases_of_the_study_are_found(term: str, sentence: str) -> None:
    """Arabic particles, vowel signs and stretching, Cyrillic capitals, scripts without spaces, accents."""
    assert all(both(gate(term), sentence))


@pytest.mark.parametrize(
    ("term", "sentence"),
    [("Госи", "госиздат напечатал книгу"), ("قوسي", "التقوسيات في الفن"), ("Госси", "Россия и Госсийский")],
)
def test_words_that_contain_a_term_are_not_it(term: str, sentence: str) -> None:
    """Cyrillic and Arabic words end where their letters end."""
    assert not any(both(gate(term), sentence))


@pytest.mark.parametrize(
    ("charset", "term", "sentence"),
    [
        ("windows-1251", "Госси", "База в Госси передана малийской армии вчера утром."),
        ("koi8-r", "Госси", "База в ГОССИ передана малийской армии вчера утром."),
        ("iso8859-5", "Госси", "База в Госси передана малийской армии вчера утром."),
        ("windows-1256", "غوسي", "عثر الجيش على مقبرة جماعية قرب قاعدة غوسي في شمال مالي"),
        ("iso8859-6", "غوسي", "عثر الجيش على مقبرة جماعية قرب قاعدة غوسي في شمال مالي"),
        ("iso8859-1", "fosa común", "Hallan una fosa común en el norte del país."),
        ("windows-1250", "tömegsír", "Egy tömegsír maradt az északi bázis mellett."),
        ("utf-16", "Госси", "База в Госси передана."),
        ("gb18030", "戈西", "马里戈西基地附近"),
        ("shift_jis", "ゴッシ", "マリのゴッシ基地で"),
    ],
)
@pytest.mark.parametrize("told", [True, False])
def test_names_are_found_in_old_charsets(charset: str, term: str, sentence: str, told: bool) -> None:
    """Whether the server names the charset or only the page does."""
    html = f'<html><head><meta charset="{charset}"></head><body><p>{sentence}</p></body></html>'
    assert gate(term).names_topic(html.encode(charset), charset if told else None)


@pytest.mark.parametrize("charset", ["windows-1251", "windows-1256"])
def test_a_mislabelled_page_is_searched_all_the_same(charset: str) -> None:
    """Servers that say ISO-8859-1 of everything hide nothing."""
    term, sentence = {
        "windows-1251": ("Госси", "База в Госси передана малийской армии."),
        "windows-1256": ("غوسي", "مقبرة جماعية قرب قاعدة غوسي في شمال مالي"),
    }[charset]
    html = f"<html><body><p>{sentence}</p></body></html>".encode(charset)
    for label in ("iso-8859-1", "utf-8", None):
        assert gate(term).names_topic(html, label)


@pytest.mark.parametrize(
    ("term", "written"),
    [
        ("Госси", "&#1043;&#1086;&#1089;&#1089;&#1080;"),
        ("Госси", "&#x413;&#x43E;&#x441;&#x441;&#x438;"),
        ("Госси", '{"headline":"\\u0413\\u043e\\u0441\\u0441\\u0438"}'),
        ("غوسي", "\\u063a\\u0648\\u0633\\u064a"),
        ("fosa común", "fosa com&uacute;n"),
        ("fosa común", "FOSA COM&Uacute;N"),
        ("fosa común", "fosa com\\u00fan"),
        ("Söldner", "S&ouml;ldner"),
    ],
)
def test_escaped_letters_are_read(term: str, written: str) -> None:
    """Character references and JSON escapes stand for letters, in small or capital hexadecimal digits."""
    assert gate(term).names_topic(f"<html><body><script>x</script>{written} </body></html>".encode())


def test_escapes_of_ascii_stay_apart() -> None:
    """Escaped markup and unknown names change nothing around them."""
    assert gate("Gossi").names_topic(rb'{"text":"\u003cp\u003eGossi\u003c/p\u003e &nbsp;&amp;&xcaron;"}')


@pytest.mark.parametrize(
    ("term", "written"),
    [
        ("Gossi", "Gos&shy;si"),
        ("Gossi", "Gos\u00adsi"),
        ("Gossi", "Gos&#173;si"),
        ("Gossi", "Gos\u200bsi"),
        ("गोस्सी", "गोस्\u200dसी"),
        ("Gossi", "Gos\0si"),
        ("Malí", "Mali\u0301"),
        ("mass grave", "a mass\n      grave"),
        ("fosse commune", "une fosse&nbsp;commune"),
        ("fosse commune", "une fosse\u00a0commune"),
        ("fosse commune", "une <a href='/x'>fosse</a>  commune"),
        ("Gossi", "près de\u00a0Gossi\u00a0et de sa"),
    ],
)
def test_what_nobody_sees_hides_no_name(term: str, written: str) -> None:
    """Marks of where a line may break, decomposed accents, and all that may stand between two words."""
    assert gate(term).names_topic(f"<html><body><p>Near {written} base</p></body></html>".encode())
    seen = written.replace("&nbsp;", "\u00a0").replace("&shy;", "\u00ad").replace("&#173;", "\u00ad")
    assert gate(term).names_topic_text("", f"Near {seen.replace(chr(0), '')} base") or "<a" in written


@pytest.mark.parametrize("word", [b"gossip ", "gossi\u00ef ".encode()])
def test_a_page_of_near_hits_is_given_up_soon(word: bytes) -> None:
    """Ten megabytes of words that are nearly the name cost no seconds: such a page passes the gate."""
    began = time.process_time()
    assert gate("Gossi", "mass grave + Gossi").names_topic(b"\xff" + word * (10_000_000 // len(word)))
    # Lower case, translation and scans of 10 MB take some tenths of a second; each hit judged took 6 s.
    assert time.process_time() - began < 2


def test_a_term_of_blanks_and_stars_names_nothing() -> None:
    """A term that says nothing lets nothing through, instead of everything."""
    assert not any(both(gate(" * ", "+"), "Any sentence."))


@settings(max_examples=300, deadline=None)
@given(html=st.binary(max_size=400), charset=st.none() | st.text(max_size=12))
@example(html=b"\xff\xfe<\x00", charset="utf-16")
@example(html=b"&#x110000;&#99999999;\\ud800", charset="idna")
@example(html=b"\x00" * 50, charset="\x00")
def test_no_bytes_break_the_gate(html: bytes, charset: str | None) -> None:
    """Whatever the network answers, the gate says yes or no."""
    assert REAL.names_topic(html, charset) in {True, False}


@settings(max_examples=200, deadline=None)
@given(
    before=st.text(max_size=60),
    after=st.text(max_size=60),
    charset=st.sampled_from(["utf-8", "windows-1251", "windows-1256", "iso8859-1"]),
)
def test_a_name_between_blanks_is_found_in_any_surroundings(before: str, after: str, charset: str) -> None:
    """No text before or after hides the name: losing an article would manufacture an omission."""
    html = f"<p>{before} Gossi {after}</p>".encode(charset, "xmlcharrefreplace")
    assert REAL.names_topic(html, charset)


@settings(max_examples=200, deadline=None)
@given(text=st.text(alphabet=st.characters(exclude_categories=["Cs"]), max_size=120))
def test_what_a_text_names_its_page_names_too(text: str) -> None:
    """The first gate must pass whatever the second one would."""
    sentence = f"{text} Госси"
    if REAL.names_topic_text("", sentence):
        assert REAL.names_topic(f"<p>{sentence}</p>".encode())
