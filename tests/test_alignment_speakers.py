"""analysis/alignment/speakers.py and analysis/alignment/actors.py: whose words a sentence reports."""

from pathlib import Path

import pytest

from gossi.analysis.alignment.align import Aligner
from gossi.analysis.alignment.sentences import headline_sentence, listed
from gossi.analysis.codebook import load_codebook

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


@pytest.mark.parametrize(
    ("language", "sentence", "side"),
    [
        ("fr", "« Ce sont les soldats français », a affirmé Moscou.", "russia"),
        ("fr", "« La base a été quittée par Barkhane », avait déclaré vendredi l'armée malienne.", "mali"),
        ("en", "“The French army left nothing behind,” the Kremlin had said.", "russia"),
        ("es", "«El ejército francés no dejó nada», ha declarado Bamako.", "mali"),
        ("de", "„Die französische Armee hat nichts hinterlassen“, hatte Moskau gesagt.", "russia"),
        ("ru", "«Французская армия ничего не оставила», — заявила Москва.", "russia"),
        ("ar", "«إن الجيش الفرنسي لم يترك شيئا»، صرحت موسكو.", "russia"),
        ("en", "It was said by the Kremlin that the French army had left.", "russia"),
        ("fr", "Il a été déclaré par l'armée malienne que les Français étaient partis.", "mali"),
        ("fr", "Moscou a été catégorique : « L'armée française est partie hier soir »", "russia"),
        ("ru", "«Париж знает правду о случившемся», — написала Москва в Twitter.", "russia"),
        ("ar", "قالت المتحدثة باسم الخارجية الروسية إن الجيش الفرنسي رحل.", "russia"),
    ],
)
def test_who_is_quoted_is_not_who_is_named_in_the_quotation(language: str, sentence: str, side: str) -> None:
    """Behind a quotation an auxiliary may stand before the verb; what is quoted names no speaker."""
    assert named(language, sentence) == [{side}]


@pytest.mark.parametrize(
    ("language", "sentences"),
    [
        ("fr", ["Moscou a pris la parole vendredi.", "« L'armée française a quitté la base. »"]),
        ("en", ["Moscow spoke out on Friday.", "“The French army has left the base.”"]),
        ("en", ["Moscow reacted on Friday.", "The ministry said that the French army had left."]),
        ("es", ["Moscú reaccionó el viernes.", "El ministerio asegura que el ejército francés se fue."]),
        ("de", ["Moskau hat am Freitag reagiert.", "Das Ministerium sagt, die französische Armee sei fort."]),
        ("ru", ["Москва отреагировала.", "Ведомство уверяет, что французская армия ушла."]),
    ],
)
def test_a_quotation_and_an_office_name_who_spoke_before(language: str, sentences: list[str]) -> None:
    """A sentence that is quoted whole, and an office beside a verb of saying, name the last speaker."""
    assert named(language, *sentences)[1] == {"russia"}


@pytest.mark.parametrize(
    ("language", "sentence"),
    [
        ("fr", "Le Mali accueille des Russes de la Russie, ce que les deux pays nient."),
        ("en", "Mali has called in Russia, which both countries deny."),
        ("en", "Both Mali and Russia deny it."),
        ("de", "Mali und Russland bestreiten das."),
        ("ru", "Мали и Россия отрицают это."),
    ],
)
def test_two_may_speak_as_one(language: str, sentence: str) -> None:
    """The two countries are those that were named."""
    assert named(language, sentence) == [{"mali", "russia"}]


@pytest.mark.parametrize(
    ("headline", "sentences"),
    [
        ("Communiqué du Kremlin", ["Nous suivons.", "Les Français sont partis.", "Nous le dirons."]),
        ("", ["Nous suivons l'affaire.", "Les Français sont partis.", "Source : ambassade de Russie"]),
    ],
)  # fmt: skip
def test_a_statement_is_its_signatorys(headline: str, sentences: list[str]) -> None:
    """Who is in the headline of a text that says "we", or signs it, speaks throughout (rule 11)."""
    page = ALIGNER.read([headline_sentence(headline), *listed(sentences)], "fr")
    assert [set(page.speakers[place].named) for place in (1, 2)] == [{"russia"}, {"russia"}]


@pytest.mark.parametrize(
    ("language", "sentence", "can"),
    [
        ("en", "Paris denies that its soldiers left a grave behind.", {"france"}),
        ("fr", "Paris dément que ses soldats aient laissé un charnier.", {"france"}),
        ("es", "París niega que sus soldados dejaran una fosa.", {"france"}),
        ("ru", "Париж отрицает, что солдаты оставили могилу.", {"france"}),
        ("en", "Paris denies Bamako's charge that its soldiers left a grave behind.", {"france", "mali"}),
        ("en", "Asked about the grave, Paris declined to comment.", set()),
        ("en", "Bamako says that the French left a grave behind.", {"france", "mali", "russia"}),
    ],
)
def test_a_denial_and_a_silence_convey_nobody_elses_claim(
    language: str, sentence: str, can: set[str]
) -> None:
    """Rule 8: a denial is not the claim; who is named before what is denied may have made it."""
    page = ALIGNER.read([headline_sentence(""), *listed([sentence])], language)
    sides = {"france", "mali", "russia"}
    assert {side for side in sides if page.speakers[1].can_convey(side, is_denial=True)} == can


def test_a_denial_conveys_only_what_it_denies() -> None:
    """What somebody rejects is not what they hold."""
    page = ALIGNER.read([headline_sentence(""), *listed(["Moscow denies that the French staged it."])], "en")
    assert not page.speakers[1].can_convey("russia", is_denial=False)
    assert page.speakers[1].can_convey("russia", is_denial=True)
