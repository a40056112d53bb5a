"""analysis/alignment/align.py: from an article to its coding.

Also tests analysis/alignment/model.py.
"""

import gc
import tracemalloc
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from gossi.analysis.alignment.align import Aligner
from gossi.analysis.alignment.model import Coding
from gossi.analysis.alignment.sentences import split_text
from gossi.analysis.codebook import load_codebook
from tests.small_codebook import small_codebook

TOWN = "People of Tinfiction were told about it on the evening of the very same day."
GRAVE = "The men lie in a grave beside the old road, which is closed to all traffic now."
DRONE = "A drone had been seen above the market in the morning, as everybody there knows."
PICTURES = "It has pictures of the place as well, all of them taken from far above."


@pytest.fixture(scope="module")
def own() -> Aligner:
    """The coder with the project's own codebook."""
    return Aligner(load_codebook(Path(__file__).parents[1] / "claims.toml"))


@pytest.fixture
def aligner(tmp_path: Path) -> Aligner:
    """A coder with the small codebook."""
    return Aligner(small_codebook(tmp_path))


def evidence(coding: Coding) -> dict[str, tuple[int, ...]]:
    """The sentences of each included claim."""
    return {claim: coded.sentences for claim, coded in coding.claims.items()}


def test_a_text_and_its_sentences_are_coded_alike(aligner: Aligner) -> None:
    """Whether a text comes whole, in paragraphs or as a list: the same claims in the same sentences."""
    sentences = [TOWN, GRAVE, DRONE]
    codings = [
        aligner.code("News of the day", text)
        for text in (sentences, " ".join(sentences), "\n".join(sentences))
    ]
    for coding in codings:
        assert evidence(coding) == {"north.grave": (1,), "south.drone": (2,)}
        assert [mention.sentence.text for mention in coding.mentions] == [GRAVE, DRONE]


def test_a_list_keeps_its_sentences(aligner: Aligner) -> None:
    """What comes as one item of a list is not split again, and an empty one keeps its number."""
    coding = aligner.code("News of the day", [f"{TOWN} {TOWN}", "", f"{DRONE} {GRAVE}"])
    assert evidence(coding) == {"north.grave": (2,), "south.drone": (2,)}


def test_offsets_lead_to_the_evidence(aligner: Aligner) -> None:
    """`text[start:end]` of the article, and of the headline for what stands there, is the sentence."""
    text = f"  {TOWN}\n\n{GRAVE} {DRONE}\n"
    headline = "A grave at Tinfiction"
    coding = aligner.code(headline, text)
    assert [mention.sentence.number for mention in coding.mentions] == [-1, 1, 2]
    for mention in coding.mentions:
        sentence = mention.sentence
        whole = headline if sentence.number == -1 else text
        assert whole[sentence.start : sentence.end] == sentence.text


def test_mentions_come_by_claim_and_then_by_sentence(aligner: Aligner) -> None:
    """In the order of the codebook, and within a claim as the article is read, the headline first."""
    coding = aligner.code("A grave at Tinfiction", [DRONE, GRAVE, "The inquiry into it goes on.", GRAVE])
    assert [(mention.claim_id, mention.sentence.number) for mention in coding.mentions] == [
        ("north.grave", -1),
        ("north.grave", 1),
        ("north.grave", 3),
        ("north.inquiry", 2),
        ("south.drone", 0),
    ]
    assert list(coding.claims) == ["north.grave", "north.inquiry", "south.drone"]


def test_a_frame_that_fits_speaks_for_a_sentence(aligner: Aligner) -> None:
    """Two frames that find one sentence make one mention, in the words of the one that fits."""
    coding = aligner.code("News of the day", [TOWN, f"{PICTURES} {DRONE}", GRAVE])
    drone = [mention for mention in coding.mentions if mention.claim_id == "south.drone"]
    assert [(mention.sentence.number, mention.matched, mention.score) for mention in drone] == [
        (1, "drone: drone", 100.0)
    ]
    assert (coding.claims["south.drone"].score, coding.claims["south.drone"].sentences) == (100.0, (1,))


def test_a_suggestion_counts_for_nothing(tmp_path: Path) -> None:
    """A frame that is ruled out suggests its claim, but includes, rejects and makes the topic of nothing."""
    disputes = ("public_since = 2022-04-22\n", 'public_since = 2022-04-22\ndisputed_with = ["south.drone"]\n')
    aligner = Aligner(small_codebook(tmp_path, disputes))
    coding = aligner.code("News of the day", [TOWN, GRAVE, PICTURES])
    (suggestion,) = (mention for mention in coding.mentions if mention.claim_id == "south.drone")
    assert (suggestion.score, suggestion.probability, suggestion.confirmed) == (100.0, None, False)
    assert set(coding.claims) == {"north.grave"}
    assert coding.claims["north.grave"].stance == "attributed"
    assert not aligner.code("News of the day", [TOWN, PICTURES]).on_topic
    assert aligner.code("News of the day", [TOWN, DRONE]).on_topic


def test_a_claim_that_rejects_another(tmp_path: Path) -> None:
    """`disputed_with` goes one way: the claim that lists another is disputed where both are included."""
    disputes = ("public_since = 2022-04-22\n", 'public_since = 2022-04-22\ndisputed_with = ["south.drone"]\n')
    aligner = Aligner(small_codebook(tmp_path, disputes))
    both = aligner.code("News of the day", [TOWN, GRAVE, DRONE]).claims
    assert (both["north.grave"].stance, both["south.drone"].stance) == ("disputed", "attributed")
    assert aligner.code("News of the day", [TOWN, GRAVE]).claims["north.grave"].stance == "attributed"


def test_disputed_before_asserted_before_attributed(tmp_path: Path) -> None:
    """What an article states itself and rejects elsewhere is disputed; the mention keeps its own."""
    more = (
        'name = "grave"\n',
        'name = "grave"\nhere = ["grave"]\n[[claim.disputed]]\nname = "no"\nhere = ["pictures"]\n'
        '[[claim.asserted]]\nname = "so"\nhere = ["grave"]\nnot_here = ["say"]\n'
        '[[claim.frame]]\nname = "again"\n',
    )
    aligner = Aligner(small_codebook(tmp_path, more))
    said = "They said that the men lie in a grave beside the old road, closed to all traffic."
    for sentences, stance, of_mention in (
        ([TOWN, said], "attributed", "attributed"),
        ([TOWN, GRAVE], "asserted", "asserted"),
        ([TOWN, GRAVE, PICTURES], "disputed", "asserted"),
    ):
        coding = aligner.code("News of the day", sentences)
        assert coding.claims["north.grave"].stance == stance
        assert coding.mentions[0].stance == of_mention


def test_on_topic_by_headline_or_enough_sentences(tmp_path: Path) -> None:
    """Two sentences with the topic's parts or a claim; of claims about other affairs too, none."""
    aligner = Aligner(small_codebook(tmp_path))
    assert not aligner.code("News of the day", [TOWN, "Nothing else was said on that evening."]).on_topic
    assert aligner.code("News of the day", [TOWN, TOWN]).on_topic
    assert aligner.code("News of the day", [TOWN, GRAVE]).on_topic
    assert aligner.code("A grave beside the road", ["It was found by people of Tinfiction."]).on_topic
    claimed = Aligner(small_codebook(tmp_path / "claimed", ("topic_claimed = []", 'topic_claimed = ["say"]')))
    assert claimed.code("What was said in the desert", [GRAVE, "Tinfiction's road is closed."]).on_topic
    assert not claimed.code("What was said in the desert", ["Tinfiction's road is closed."]).on_topic
    assert not aligner.code("What was said in the desert", [GRAVE, "Nothing was heard since."]).on_topic
    elsewhere = ("public_since = 2022-04-22\n", "public_since = 2022-04-22\nabout_topic = false\n")
    aligner = Aligner(small_codebook(tmp_path, elsewhere))
    coding = aligner.code("News of the day", [TOWN, GRAVE])
    assert (set(coding.claims), coding.on_topic) == ({"north.grave"}, False)


def test_a_declared_language_is_a_hint(aligner: Aligner) -> None:
    """English declared as French or as a language without wordings is read as English."""
    for declared in ("en", "fr", "ka", "", "no language at all"):
        coding = aligner.code("News of the day", [TOWN, GRAVE, DRONE], declared)
        assert (coding.language, coding.codable) == ("en", True)
        assert set(coding.claims) == {"north.grave", "south.drone"}


def test_too_short_a_text_is_taken_as_declared(aligner: Aligner) -> None:
    """And where nothing is declared, it is in no language that has wordings."""
    assert set(aligner.code("Grave", ["Tinfiction"], "en").claims) == {"north.grave"}
    coding = aligner.code("Grave", ["Tinfiction"])
    assert (coding.language, coding.codable, dict(coding.claims)) == ("und", False, {})


def test_coding_leaves_no_trace(aligner: Aligner) -> None:
    """An article is coded the same before and after others."""
    article = ("News of the day", [TOWN, GRAVE, DRONE])
    first = aligner.code(*article)
    aligner.code("Nouvelles du jour", ["La capitale a dit que le charnier de Tinfiction était ancien."])
    aligner.code("News of the day", [TOWN, "The capital said that an inquiry was to begin."])
    assert aligner.code(*article) == first


def test_memory_is_bounded(monkeypatch: pytest.MonkeyPatch, aligner: Aligner) -> None:
    """Words met once are forgotten: after many articles of new words no more is held than after few."""
    monkeypatch.setattr("gossi.analysis.alignment.terms._MEMORY", 500)

    def held(articles: range) -> int:
        for number in articles:
            words = " ".join(f"word{number}x{place}" for place in range(100))
            aligner.code("News of the day", [TOWN, f"{GRAVE} {words}"], "en")
        gc.collect()
        return tracemalloc.get_traced_memory()[0]

    tracemalloc.start()
    try:
        few = held(range(20))
        many = held(range(20, 220))
    finally:
        tracemalloc.stop()
    # 20,000 new words would take some 4 MB.
    assert many - few < 500_000


HOSTILE = st.text(
    alphabet=st.one_of(
        st.characters(),
        st.sampled_from([*"\x00\u200f\u0640\ufeff\u2028\r\n«»“”\"'-–.,;:!?*+|>~%[]{}", "\U0001f600"]),
    ),
    max_size=80,
)
WORDS = st.sampled_from(
    [
        *("Gossi", "Mali", "said", "the French army", "accuses", "grave", "a dit", "selon", "Moscou", "مالي"),
        *("غوسي", "اتهمت", "Госси", "заявил", "マリ軍", "马里军"),
    ]
)


@settings(max_examples=200, deadline=None)
@given(
    headline=HOSTILE,
    pieces=st.lists(st.one_of(HOSTILE, WORDS), max_size=10),
    as_list=st.booleans(),
    language=st.one_of(st.sampled_from(["", "en", "fr", "ar", "ja", "zh", "tr", "xx", "und"]), HOSTILE),
)
def test_no_text_is_too_strange(
    own: Aligner, headline: str, pieces: list[str], as_list: bool, language: str
) -> None:
    """Whatever a page holds, it is coded, with sentences that can be found again in it."""
    text = " ".join(pieces)
    coding = own.code(headline, pieces if as_list else text, language)
    for mention in coding.mentions:
        sentence = mention.sentence
        assert 0 <= mention.score <= 100
        assert (headline if sentence.number == -1 else text)[sentence.start : sentence.end] == sentence.text
    assert set(coding.claims) == {mention.claim_id for mention in coding.mentions if mention.confirmed}


def test_an_empty_article(aligner: Aligner) -> None:
    """Without headline and text nothing is found, and nothing fails."""
    for text in ("", [], [""], "\n\n"):
        coding = aligner.code("", text)
        assert (coding.on_topic, dict(coding.claims), coding.mentions) == (False, {}, ())
    assert split_text("", "en") == []
