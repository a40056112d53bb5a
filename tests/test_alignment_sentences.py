"""analysis/alignment/sentences.py and languages.py: sentences that can be found again, and their language.

Also tests analysis/alignment/languages.py.
"""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from gossi.analysis.alignment.languages import detect_language
from gossi.analysis.alignment.sentences import listed, split_text

TEXTS = {
    "en": "The U.S. army left on Tuesday. Bodies were found, Col. Ianni said.",
    "fr": "L'armée a quitté la base mardi. « On n'a rien laissé », a dit M. Ianni.",
    "es": "El ejército dejó la base el martes. «No dejamos nada», dijo el coronel.",
    "de": "Am 19. April wurde die Basis übergeben. Zwei Tage später fand man Leichen.",
    "ru": "Во вторник базу передали малийцам. Через два дня нашли тела, сообщил генштаб.",
    "ar": "سلم الجيش القاعدة يوم الثلاثاء. وبعد يومين عثر على جثث قرب غوسي.",
}


@pytest.mark.parametrize("language", TEXTS)
def test_two_sentences_are_two(language: str) -> None:
    """Abbreviations, ordinals and quotation marks end no sentence."""
    assert len(split_text(TEXTS[language], language)) == 2


@pytest.mark.parametrize(
    ("language", "sentences"),
    [
        ("de", ["Am 19. April ging die Armee.", "Das war der 2. Abzug.", "Am 21. April kamen Bilder."]),
        ("nl", ["Op 19. april vertrok het leger.", "Twee dagen later kwamen er beelden."]),
        ("no", ["Den 19. april dro hæren.", "Den 3. Mai var alt over."]),
        ("tr", ["21. yüzyılda oldu.", "Sonra sustular."]),
        ("hu", ["2022. április 21-én képeket mutattak.", "Aztán hallgattak."]),
        ("en", ["The clip went up at 8:06 p.m. | UT on Friday.", "It spread."]),
        (
            "en",
            ["It was posted at 8:06 p.m. GMT.", "At 5 p.m. Friday the army replied.", "It spread by 9 p.m."],
        ),
        ("es", ["Se publicó a las 8:06 p. m. UT.", "Se difundió."]),
        ("it", ["Lo dice l’Onu.", "Il testo è falso.", "Lo riporta la Bbc.", "Nessuno lo nega."]),
        ("fr", ["Elle parle sur Rfi.", "Personne ne nie."]),
        ("fr", ["Le texte « est faux.", "Bamako a répondu.", "Moscou se tait.", "Paris dit « non »."]),
        ("en", ["He said: “We left.", "The base is empty.", "Then he added: “It is over.”", "They left."]),
        ("de", ["Er sagte: „Wir gehen.", "Die Basis ist leer.", "Dann sagte er: „Es ist aus.“", "Stille."]),
        ("es", ["El coronel habló.", "«Nos vamos.", "La base quedó vacía."]),
        ("ar", ["القاعدة خالية.", "«نحن نغادر.", "انتهى الأمر."]),
        ("fr", ["Il dit : « Nous partons. C’est dit. »", "La base est vide."]),
    ],
)
def test_sentences_end_where_they_end(language: str, sentences: list[str]) -> None:
    """Ordinals, times and abbreviations end none; acronyms and quotations that nothing closes hide no end."""
    assert [sentence.text for sentence in split_text(" ".join(sentences), language)] == sentences


@pytest.mark.parametrize("language", TEXTS)
def test_the_language_is_detected_whatever_is_declared(language: str) -> None:
    """A declared language is a hint, not a truth."""
    assert detect_language("", TEXTS[language], "sw") == language


def test_too_short_to_tell() -> None:
    """Then the declared one counts, and none is unknown."""
    assert detect_language("Gossi", "", "fr") == "fr"
    assert detect_language("Gossi", "", "") == "und"


@pytest.mark.parametrize(("text", "language"), [("Київ: їхні літаки облетіли Малі та Ґоссі вчора", "uk")])
def test_neighbours_in_a_script_are_told_apart(text: str, language: str) -> None:
    """Not all that is Cyrillic is Russian."""
    assert detect_language("", text, "") == language


@given(st.text(max_size=300))
def test_offsets_lead_back_to_the_text(text: str) -> None:
    """Every sentence is what stands at its offsets, in order and without overlap."""
    end = 0
    for number, sentence in enumerate(split_text(text, "en")):
        assert sentence.number == number
        assert text[sentence.start : sentence.end] == sentence.text
        assert sentence.start >= end
        end = sentence.end


@given(st.lists(st.text(max_size=40), max_size=8))
def test_a_list_keeps_its_indexes(sentences: list[str]) -> None:
    """Sentences that come split are not split again; offsets are as if a space joined them."""
    whole = " ".join(sentences)
    for number, sentence in enumerate(listed(sentences)):
        assert (sentence.number, sentence.text) == (number, sentences[number])
        assert whole[sentence.start : sentence.end] == sentence.text
