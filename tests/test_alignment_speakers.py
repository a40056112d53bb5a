"""analysis/alignment/speakers.py: whose words a sentence reports."""

from pathlib import Path

import pytest

from analysis.alignment.align import Aligner
from analysis.alignment.sentences import headline_sentence, listed
from analysis.codebook import load_codebook

ALIGNER = Aligner(load_codebook(Path(__file__).parents[1] / "claims.toml"))


def named(language: str, *sentences: str) -> list[set[str]]:
    """The sides named as speakers, sentence by sentence."""
    page = ALIGNER.read([headline_sentence(""), *listed(sentences)], language)
    return [set(speakers.named) for speakers in page.speakers[1:]]


def spoken(language: str, *sentences: str) -> list[set[str]]:
    """The sides whose words are reported, sentence by sentence."""
    page = ALIGNER.read([headline_sentence(""), *listed(sentences)], language)
    return [set(speakers.spoken) for speakers in page.speakers[1:]]


@pytest.mark.parametrize(
    ("language", "sentence", "side"),
    [
        ("en", "Bamako accuses the French of a massacre.", "mali"),
        ("en", "The French army said that Mali was wrong.", "france"),
        ("en", '"It was the Malians", said the French general staff.', "france"),
        ("en", "Paris, too, accuses the Malian army.", "france"),
        ("en", "According to Moscow, France fears the truth.", "russia"),
        ("fr", "Bamako accuse les Français d'un massacre.", "mali"),
        ("fr", "« Ce sont les Maliens », affirme l'état-major français.", "france"),
        ("fr", "Selon Moscou, la France fuit.", "russia"),
        ("es", "Bamako acusa a los franceses de una matanza.", "mali"),
        ("es", "Sostiene París que fueron mercenarios.", "france"),
        ("de", "Bamako wirft den Franzosen ein Massaker vor.", "mali"),
        ("de", "Am Freitag erklärte Paris, es seien Söldner gewesen.", "france"),
        ("ru", "Бамако обвиняет французов в убийстве.", "mali"),
        ("ru", "Это клевета, заявил Лавров.", "russia"),
        ("ar", "اتهمت باماكو الجيش الفرنسي بارتكاب مجزرة.", "mali"),
        ("ar", "قالت موسكو إن فرنسا تلقي باللوم على الآخرين.", "russia"),
    ],
)
def test_the_speaker_is_who_stands_beside_the_verb(language: str, sentence: str, side: str) -> None:
    """Accuser and accused are told apart by where a language puts its subject."""
    assert named(language, sentence) == [{side}]


def test_a_country_behind_a_preposition_is_a_place() -> None:
    """'In Mali' speaks for nobody."""
    assert named("en", "Residents in Mali said nothing.") == [set()]


def test_he_and_the_ministry_speak_on() -> None:
    """A pronoun or an office takes over the last speaker."""
    assert spoken(
        "en", "The Russian Foreign Ministry issued a comment.", "It said that it hoped for justice."
    ) == [{"russia"}, {"russia"}]
    assert spoken("fr", "Le Kremlin a réagi.", "Le ministère ajoute qu'il espère la justice.")[1] == {
        "russia"
    }


def test_a_speaker_is_not_carried_for_ever() -> None:
    """After three sentences that name nobody the words are nobody's."""
    quiet = ["It was hot.", "Sand lay there.", "Night fell.", "Dogs barked."]
    assert spoken("en", "Bamako accused its rivals.", *quiet)[-2:] == [{"mali"}, set()]


def test_somebody_of_no_side_ends_a_speech() -> None:
    """What experts say is not the army's word."""
    assert spoken("en", "Bamako accused its rivals.", "Experts said that this was wrong.")[1] == set()


def test_an_embassy_speaks_for_its_country() -> None:
    """The capital where it sits is only its place."""
    assert named("en", "Russia's embassy in Bamako said that this was a lie.") == [{"russia"}]
    assert named("fr", "L'ambassade de Russie à Bamako a déclaré que c'était un mensonge.") == [{"russia"}]


def test_who_is_named_within_what_is_said_does_not_say_it() -> None:
    """Behind "that", and in the quotation before the verb, stands what is said."""
    assert named("en", "Moscow said that Paris lied.") == [{"russia"}]
    assert named("en", '"Paris lied to Mali", said the Russian Foreign Ministry.') == [{"russia"}]


def test_the_verb_may_end_the_sentence() -> None:
    """In Turkish and Japanese the first voice before the verb speaks."""
    assert named("tr", "Moskova, Fransa'nın suçu başkasına attığını söyledi.") == [{"russia"}]


def test_a_statement_is_its_authors_own_words() -> None:
    """A text that says "we" again and again is whose the headline is; else its sentences are nobody's."""

    def speakers(headline: str) -> list[set[str]]:
        sentences = listed(["We have seen the reports.", "It was hot.", "We reject them."])
        page = ALIGNER.read([headline_sentence(headline), *sentences], "en")
        return [set(speakers.spoken) for speakers in page.speakers[1:]]

    assert speakers("Comment of the Russian Foreign Ministry") == [{"russia"}] * 3
    assert speakers("Reports from the desert") == [set()] * 3


def test_the_subject_speaks_without_a_verb_of_saying() -> None:
    """It meets `.speaks`, not `.named`; far behind in the sentence it does not."""
    sentence = "The Russian embassy had no doubt about it."
    assert (named("en", sentence), spoken("en", sentence)) == ([set()], [{"russia"}])
    late = "On that long and dusty morning there was no doubt at the Russian embassy."
    assert spoken("en", late) == [set()]
