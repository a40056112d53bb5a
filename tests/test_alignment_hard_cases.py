"""analysis/alignment on what coders find hard, in several languages. All sentences are written for these tests."""

from pathlib import Path

import pytest

from gossi.analysis.alignment.align import Aligner
from gossi.analysis.codebook import load_codebook

ROOT = Path(__file__).parents[1]
RESPONSIBLE = "mali.french_responsible"
DECAY = "mali.grave_predates_handover"
SPYING = "mali.spying_and_fabrication"
INQUIRY = "mali.opens_inquiry"
MERCENARIES = "mali.denies_mercenaries"
PROBE = "russia.supports_probe"
DENIES = "russia.denies_role"
BURIED = "france.russians_buried_bodies"
STAGED = "france.staged_to_blame_france"
KILLED = "france.malian_army_killed"
HRW_INQUIRY = "hrw.independent_inquiry"
MARCH = "hrw.march_killings"
ONLINE = "online.french_left_grave"


@pytest.fixture(scope="module", params=[True, False], ids=["as shipped", "frames alone"])
def aligner(request: pytest.FixtureRequest) -> Aligner:
    """The coder as it is shipped; and words and frames by themselves: what is weighed must be found first."""
    return Aligner(load_codebook(ROOT / "claims.toml", fitted=request.param))


def included(aligner: Aligner, headline: str, *sentences: str) -> set[str]:
    """The claims that an article includes."""
    return set(aligner.code(headline, sentences).claims)


@pytest.mark.parametrize(
    ("headline", "sentences"),
    [
        ("Gossi: Paris denies", ["The French army denied having left a mass grave behind at Gossi in Mali."]),
        ("Gossi : Paris dément", ["L'armée française dément avoir laissé un charnier à Gossi, au Mali."]),
        ("París desmiente", ["El ejército francés niega haber dejado una fosa común en Gossi, en Malí."]),
        ("Paris dementiert", ["Die französische Armee bestreitet, in Gossi in Mali ein Massengrab hinterlassen zu haben."]),
        ("Париж отрицает", ["Французская армия отрицает, что оставила в малийском Госси массовое захоронение."]),
        ("باريس تنفي", ["نفى الجيش الفرنسي أن يكون قد ترك مقبرة جماعية في غوسي بمالي."]),
    ],
)  # fmt: skip
def test_a_denial_alone_includes_nothing(aligner: Aligner, headline: str, sentences: list[str]) -> None:
    """Rule 8: that the French deny it does not convey that the Malians claim it."""
    assert included(aligner, headline, *sentences) & {RESPONSIBLE, ONLINE, STAGED, BURIED} == set()


@pytest.mark.parametrize(
    ("headline", "sentences"),
    [
        ("A grave near Gossi", ["A mass grave was found near Gossi in northern Mali on Friday, officials said."]),
        ("Une fosse à Gossi", ["Un charnier attribué à des militaires a été découvert près de Gossi, au Mali."]),
        ("Gossi", ["Los dos ejércitos se acusan mutuamente por la fosa común hallada en Gossi, en Malí."]),
        ("Госси", ["Под малийским поселком Госси нашли массовое захоронение, стороны обвиняют друг друга."]),
    ],
)  # fmt: skip
def test_the_topic_alone_includes_no_account(aligner: Aligner, headline: str, sentences: list[str]) -> None:
    """Rules 1 and 7: a find without a speaker, or "both blame each other", conveys nobody's account."""
    assert included(aligner, headline, *sentences) == set()


@pytest.mark.parametrize(
    ("sentences", "claim"),
    [
        (["Drone pictures of the French army show Russian mercenaries burying bodies near Gossi in Mali."], BURIED),
        (["Des images de drone de l'armée française montrent des mercenaires de Wagner enterrant des corps près de Gossi, au Mali."], BURIED),
        (["Las imágenes de un dron francés muestran a mercenarios rusos enterrando cadáveres cerca de Gossi, en Malí."], BURIED),
        (["Drohnenaufnahmen der französischen Armee zeigen, wie russische Söldner bei Gossi in Mali Leichen vergraben."], BURIED),
        (["На кадрах французского дрона российские наемники закапывают тела под Госси в Мали."], BURIED),
        (["تظهر صور التقطتها مسيرة فرنسية مرتزقة روسا يدفنون جثثا قرب غوسي في مالي."], BURIED),
        (["The junta in Bamako accused the French army of having killed the people whose bodies lay in the grave at Gossi."], RESPONSIBLE),
        (["Bamako accuse l'armée française d'avoir tué les personnes dont les corps gisaient dans le charnier de Gossi."], RESPONSIBLE),
        (["La junta de Malí acusó al ejército francés de haber matado a las personas halladas en la fosa de Gossi."], RESPONSIBLE),
        (["Власти Мали обвинили французских военных в убийстве людей, чьи тела нашли в могиле под Госси."], RESPONSIBLE),
        (["اتهمت الحكومة المالية الجيش الفرنسي بقتل الأشخاص الذين عثر على جثثهم في مقبرة غوسي."], RESPONSIBLE),
        (["Bamako denies that Wagner mercenaries are in Mali and speaks of Russian instructors."], MERCENARIES),
        (["Bamako dément la présence de mercenaires de Wagner et parle d'instructeurs russes."], MERCENARIES),
        (["Бамако отрицает присутствие наемников «Вагнера» и говорит о российских инструкторах."], MERCENARIES),
        (["تنفي باماكو وجود مرتزقة فاغنر وتتحدث عن مدربين روس في مالي."], MERCENARIES),
        (["Moscow rejects the accusations that Wagner mercenaries took part in killings in Mali."], DENIES),
        (["Moscou rejette les accusations selon lesquelles des mercenaires de Wagner ont tué des civils au Mali."], DENIES),
        (["Москва отвергает обвинения в причастности наемников «Вагнера» к убийствам в Мали."], DENIES),
    ],
)  # fmt: skip
def test_who_says_it_decides(aligner: Aligner, sentences: list[str], claim: str) -> None:
    """A claim counts for the side that makes it, and not for a rival side with the same words."""
    claims = included(aligner, "Mali", *sentences)
    assert claim in claims
    rivals = {MERCENARIES: DENIES, DENIES: MERCENARIES, RESPONSIBLE: BURIED, BURIED: RESPONSIBLE}
    assert rivals[claim] not in claims


@pytest.mark.parametrize(
    "sentences",
    [
        ["The Malian general staff published a statement on the grave at Gossi.", "The bodies were found on Thursday.",
         "Their advanced decay, it adds, proves that the grave existed well before the handover of the base."],
        ["L'état-major général des armées du Mali a publié un communiqué sur le charnier de Gossi.", "Les corps ont été découverts jeudi.",
         "Leur état de décomposition prouve, ajoute-t-il, que la fosse existait bien avant la rétrocession du camp."],
        ["Генеральный штаб в Бамако опубликовал заявление о захоронении в Госси.", "Тела нашли в четверг.",
         "Их разложение доказывает, говорится в нем, что могила появилась задолго до передачи базы."],
        ["أصدرت هيئة الأركان المالية بيانا عن مقبرة غوسي.", "وعثر على الجثث يوم الخميس.",
         "ويثبت تحللها، كما يضيف، أن المقبرة كانت قائمة قبل تسليم القاعدة بوقت طويل."],
    ],
)  # fmt: skip
def test_a_speaker_is_carried_over(aligner: Aligner, sentences: list[str]) -> None:
    """The decay argument is told over three sentences, its speaker only in the first; the third is the evidence."""
    coding = aligner.code("Gossi", sentences)
    assert DECAY in coding.claims
    assert 2 in coding.claims[DECAY].sentences


@pytest.mark.parametrize(
    "sentence",
    [
        "Moscow backs Mali's decision to open an inquiry into the grave of Gossi.",
        "Moscou soutient la décision du Mali d'ouvrir une enquête sur le charnier de Gossi.",
        "Moscú respalda la decisión de Malí de abrir una investigación sobre la fosa de Gossi.",
        "Moskau unterstützt die Entscheidung Malis, eine Untersuchung des Grabes von Gossi zu eröffnen.",
        "Москва поддерживает решение Мали начать расследование по поводу захоронения в Госси.",
        "تدعم موسكو قرار مالي فتح تحقيق في مقبرة غوسي.",
    ],
)
def test_a_sentence_can_carry_two_claims(aligner: Aligner, sentence: str) -> None:
    """Rule 6: Moscow's support for Mali's inquiry conveys both."""
    assert included(aligner, "Gossi", sentence, "Bodies were found there.") >= {PROBE, INQUIRY}


@pytest.mark.parametrize(
    ("posts", "authorities"),
    [
        ("Posts on Twitter accuse the French of having left the bodies of Gossi in Mali behind.",
         "Malian soldiers, too, accuse the French of having killed the people of the grave at Gossi."),
        ("Des messages sur Twitter accusent les Français d'avoir laissé les corps de Gossi, au Mali, derrière eux.",
         "Des soldats maliens accusent eux aussi les Français d'avoir tué les gens du charnier de Gossi."),
        ("Публикации в соцсетях обвиняют французов в том, что они оставили тела в Госси, в Мали.",
         "Малийские военные тоже обвиняют французов в убийстве людей из могилы под Госси."),
    ],
)  # fmt: skip
def test_an_anonymous_post_is_nobodys_account(aligner: Aligner, posts: str, authorities: str) -> None:
    """Rule 5: posts count for the posts alone, Malian soldiers for Mali."""
    assert included(aligner, "Gossi", posts) == {ONLINE}
    assert included(aligner, "Gossi", posts, authorities) >= {ONLINE, RESPONSIBLE}


@pytest.mark.parametrize(
    "sentences",
    [
        ["Moscow called the pictures of bodies in Bucha staged, and Ukraine spoke of a massacre.", "Mali abstained from the vote on it."],
        ["Paris refuse d'ouvrir une enquête sur la frappe de Bounti, au Mali, filmée par un drone.", "Des victimes y auraient été enterrées."],
        ["Los mercenarios rusos enterraron cuerpos en una fosa en la República Centroafricana, según la ONU.", "En Malí también operan."],
        ["Полк наемников «Вагнера» закапывал тела в ЦАР, говорится в докладе ООН.", "Работают они и в Мали."],
        ["The Malian army said that it killed twelve terrorists in an ambush near Gossi and buried none of its own."],
    ],
)  # fmt: skip
def test_other_affairs_carry_no_claim(aligner: Aligner, sentences: list[str]) -> None:
    """Rule 7: the same words about another place are another affair."""
    assert included(aligner, "Sahel", *sentences) == set()


@pytest.mark.parametrize(
    "sentence",
    [
        "On Tuesday the French staff warned that it expected information attacks when it left the base of Gossi in Mali.",
        "Mardi, l'état-major français s'attendait à des attaques informationnelles lors de son départ de Gossi, au Mali.",
    ],
)
def test_the_warning_of_19_april_is_no_charge(aligner: Aligner, sentence: str) -> None:
    """Rule 7: what France expected before the posts is no account of the grave."""
    assert included(aligner, "Gossi", sentence) == set()


@pytest.mark.parametrize(
    ("sentence", "claim"),
    [
        ("Human Rights Watch says that the army and foreign soldiers executed some 300 men in Moura, in central Mali, in late March.", MARCH),
        ("Human Rights Watch affirme que l'armée et des soldats étrangers ont exécuté quelque 300 hommes à Moura, au Mali, fin mars.", MARCH),
        ("Human Rights Watch called for an independent investigation into the killings in Mali.", HRW_INQUIRY),
        ("Human Rights Watch réclame une enquête indépendante sur les tueries au Mali.", HRW_INQUIRY),
        ("طالبت هيومن رايتس ووتش بفتح تحقيق مستقل في عمليات القتل في مالي.", HRW_INQUIRY),
    ],
)  # fmt: skip
def test_human_rights_watch_speaks_for_itself(aligner: Aligner, sentence: str, claim: str) -> None:
    """Its account and its call are claims of their own; a name without content is none."""
    assert included(aligner, "Mali", sentence) == ({claim} if claim else set())


@pytest.mark.parametrize(
    "variant",
    ["Gossi", "Gossy", "Kossi", "Jossi"],
)
def test_spellings_of_the_town(aligner: Aligner, variant: str) -> None:
    """A town's name is written in many ways."""
    sentence = f"Pictures of the French army show Wagner mercenaries who bury bodies near {variant} in Mali."
    assert BURIED in included(aligner, "Mali", sentence)


@pytest.mark.parametrize(
    "sentence",
    [
        "تُظهِر صُورٌ التقطتها مُسيَّرة فرنسية مُرتزقةً روسا يدفنون جُثثا قرب غـــوسي في مالي.",
        "تظهر صور التقطتها مسيره فرنسيه مرتزقه روسا يدفنون جثثا قرب جوسى في مالى.",
    ],
)
def test_arabic_orthography(aligner: Aligner, sentence: str) -> None:
    """Vowel signs, stretching, and alif, ya and ta marbuta written one for the other change nothing."""
    assert BURIED in included(aligner, "مالي", sentence)


def test_machine_translated_prose(aligner: Aligner) -> None:
    """Word-spun English is understood as far as its words go."""
    sentence = "The French navy army filmed of Wagner the mercenaries in train to bury bodies, for to accuse the French of mass grave in Gossi, Mali."
    assert included(aligner, "Mali", sentence) >= {BURIED, STAGED}


GRAVE_EN = "A mass grave was found near the base at Gossi that French troops had left in Mali."
GRAVE_FR = "Un charnier a été découvert près de la base de Gossi, que l'armée française a quittée au Mali."


@pytest.mark.parametrize(
    "who", ["The Malian army", "The Kremlin", "The French general staff", "Human Rights Watch"]
)
@pytest.mark.parametrize(
    "silence",
    [
        "did not respond to a request for comment on the inquiry.",
        "declined to comment on the accusations against the mercenaries.",
        "did not immediately comment on the allegation that the images were staged.",
        "could not be reached for questions about the bodies in the grave.",
    ],
)
def test_silence_is_no_account(aligner: Aligner, who: str, silence: str) -> None:
    """What a newspaper asked for is nothing that a side has said, whichever side it is."""
    assert included(aligner, "A grave near Gossi", GRAVE_EN, f"{who} {silence}") == set()


@pytest.mark.parametrize(
    "who", ["L'armée malienne", "Le Kremlin", "L'état-major français", "Human Rights Watch"]
)
@pytest.mark.parametrize(
    "silence",
    [
        "n'a pas donné suite à nos demandes de commentaires sur l'enquête.",
        "n'a pas souhaité commenter les accusations de manipulation.",
        "n'a pas répondu à nos questions sur la présence de mercenaires.",
    ],
)
def test_silence_is_no_account_in_french(aligner: Aligner, who: str, silence: str) -> None:
    """The same in French."""
    assert included(aligner, "Le charnier de Gossi", GRAVE_FR, f"{who} {silence}") == set()


def test_an_answer_to_a_request_is_an_account(aligner: Aligner) -> None:
    """Who responds to a request for comment does speak."""
    answer = (
        "In response to a request for comment, the Kremlin denied that Russian mercenaries had buried bodies."
    )
    assert "russia.denies_role" in included(aligner, "A grave near Gossi", GRAVE_EN, answer)


@pytest.mark.parametrize("case", range(3))
def test_headlines_count(aligner: Aligner, case: int) -> None:
    """A claim in the headline is evidence with the number -1."""
    headline = [
        "Gossi: Mali accuses French army of spying with drone",
        "Gossi : le Mali accuse l'armée française d'espionnage par drone",
        "Госси: Мали обвиняет французскую армию в шпионаже с дрона",
    ][case]
    body = ["The base was handed over.", "La base a été rendue mardi.", "Базу передали во вторник."][case]
    coding = aligner.code(headline, [body])
    assert coding.claims[SPYING].sentences == (-1,)


@pytest.mark.parametrize(
    ("sentences", "claim", "stance"),
    [
        (["The military prosecutor has opened an inquiry into the grave found at Gossi in Mali."], INQUIRY, "asserted"),
        (["Mali's army said that it would open an inquiry into the grave found at Gossi."], INQUIRY, "attributed"),
        (["The French army said that its drone filmed Russian mercenaries burying bodies near Gossi in Mali.",
          "The Malian government said that these images are fabricated."], BURIED, "disputed"),
        (["L'armée française dit avoir filmé des mercenaires russes enterrant des corps près de Gossi, au Mali.",
          "Le gouvernement malien affirme que ces images sont montées de toutes pièces."], BURIED, "disputed"),
        (["The French army said that its drone filmed Russian mercenaries burying bodies near Gossi in Mali."], BURIED, "attributed"),
    ],
)  # fmt: skip
def test_stances(aligner: Aligner, sentences: list[str], claim: str, stance: str) -> None:
    """Rule 2: disputed before asserted before attributed."""
    assert aligner.code("Mali", sentences).claims[claim].stance == stance


@pytest.mark.parametrize(
    ("headline", "sentences", "on_topic"),
    [
        ("Mass grave found at Gossi in Mali", ["The base was handed over on Tuesday."], True),
        ("France leaves Menaka, Mali", ["In April bodies were found near the base of Gossi.", "Menaka is next."], False),
        ("Mali scraps accords", ["A grave was found near the base of Gossi.", "French pictures of the grave at Gossi followed."], True),
    ],
)  # fmt: skip
def test_on_topic(aligner: Aligner, headline: str, sentences: list[str], on_topic: bool) -> None:
    """Rule 4: the headline or at least two sentences."""
    assert aligner.code(headline, sentences).on_topic is on_topic


def test_a_language_without_wordings_is_not_coded(aligner: Aligner) -> None:
    """It is said that it can't be, which is not the same as that nothing is in it."""
    text = "ფრანგულმა არმიამ განაცხადა, რომ რუსმა დაქირავებულმა მებრძოლებმა გვამები დამარხეს Gossi Mali ბაზასთან."
    coding = aligner.code("მალი", [text])
    assert (coding.codable, coding.language, dict(coding.claims)) == (False, "ka", {})


def test_what_names_neither_country_nor_town_has_no_claim(aligner: Aligner) -> None:
    """Most pages are done with before anything is read."""
    coding = aligner.code("Weather", ["It will rain in the north, forecasters said."], "en")
    assert (coding.codable, coding.on_topic, dict(coding.claims)) == (True, False, {})
