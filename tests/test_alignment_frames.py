"""analysis/alignment/frames.py: each kind of part, and each place where a frame looks for it."""

from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from gossi.analysis.alignment.align import Aligner
from gossi.analysis.alignment.frames import FrameMatcher, Match, Page, likeness
from gossi.analysis.alignment.sentences import headline_sentence, listed
from gossi.analysis.codebook import Frame, load_codebook
from tests.small_codebook import small_codebook

SAID_NORTH = "the capital said so"
SAID_SOUTH = "the staff said so"


@pytest.fixture(scope="module")
def aligner(tmp_path_factory: pytest.TempPathFactory) -> Aligner:
    """A coder with the small codebook, in English."""
    return Aligner(small_codebook(tmp_path_factory.mktemp("codebook")))


def page_of(aligner: Aligner, headline: str, *sentences: str) -> Page:
    """An article as read."""
    return aligner.read([headline_sentence(headline), *listed(sentences)], "en")


def places(aligner: Aligner, frame: dict[str, object], headline: str, *sentences: str) -> list[int]:
    """The numbers of the sentences that a frame fits; -1 is the headline."""
    return [match.place - 1 for match in matches(aligner, frame, headline, *sentences)]


def matches(aligner: Aligner, frame: dict[str, object], headline: str, *sentences: str) -> list[Match]:
    """How a frame fits."""
    return matcher(aligner, frame).matches(page_of(aligner, headline, *sentences))


def matcher(aligner: Aligner, frame: dict[str, object]) -> FrameMatcher:
    """A frame, ready."""
    numbers = {name: number for number, name in enumerate(aligner.codebook.concepts)}
    return FrameMatcher(Frame.model_validate({"name": "tried", **frame}), numbers)


def fits(aligner: Aligner, part: str, sentence: str) -> bool:
    """Whether a part is met by a sentence alone."""
    return places(aligner, {"here": [part]}, "", sentence) == [0]


@pytest.mark.parametrize(
    ("part", "sentence", "met"),
    [
        ("grave", "a grave lay there", True),
        ("grave", "a drone flew there", False),
        ("grave | drone", "a drone flew there", True),
        ("grave | drone", "pictures lay there", False),
        ("grave > drone", "a grave and a drone", True),
        ("grave > drone", "a drone and a grave", False),
        ("grave ~ drone", "a drone and a grave", True),
        ("grave > drone | pictures", "pictures lay there", True),
        ("grave > drone | pictures", "a grave lay there", False),
    ],
)
def test_kinds_of_parts(aligner: Aligner, part: str, sentence: str, met: bool) -> None:
    """A concept, one of several, one behind another, two together; `|` parts first."""
    assert fits(aligner, part, sentence) is met


@pytest.mark.parametrize(
    ("between", "behind", "together"),
    [(8, True, True), (9, True, False), (10, False, False)],
)
def test_how_far_apart(aligner: Aligner, between: int, behind: bool, together: bool) -> None:
    """As docs/coding.md says: at most ten words behind, at most eight apart."""
    sentence = " ".join(["grave", *["word"] * between, "drone"])
    assert fits(aligner, "grave > drone", sentence) is behind
    assert fits(aligner, "grave ~ drone", sentence) is together


def test_two_concepts_need_two_places(aligner: Aligner) -> None:
    """A word that belongs to both concepts is not together with itself."""
    assert not fits(aligner, "grave ~ grave", "a grave lay there")
    assert fits(aligner, "grave ~ grave", "a grave beside a grave")


@pytest.mark.parametrize(
    ("part", "sentences", "found"),
    [
        ("north.speaks", [SAID_NORTH, "a grave lay there"], [0, 1]),
        ("north.named", [SAID_NORTH, "a grave lay there"], [0]),
        ("north.alone", [SAID_NORTH, "a grave lay there"], [0]),
        ("south.speaks", [SAID_NORTH, "a grave lay there"], []),
        ("north.named", [f"{SAID_NORTH} and {SAID_SOUTH}"], [0]),
        ("north.alone", [f"{SAID_NORTH} and {SAID_SOUTH}"], []),
        ("north.speaks | south.speaks", [SAID_SOUTH], [0]),
        ("north.speaks | grave", ["a grave lay there"], [0]),
    ],
)
def test_voices(aligner: Aligner, part: str, sentences: list[str], found: list[int]) -> None:
    """Speaking may be carried over, being named may not, and alone is who is named with no other side."""
    assert places(aligner, {"here": [part]}, "", *sentences) == found


GRAVE, DRONE, QUIET = "a grave lay there", "a drone flew by", "it was hot"


@pytest.mark.parametrize(
    ("frame", "sentences", "found"),
    [
        ({"here": ["grave", "drone"]}, [GRAVE, DRONE], []),
        ({"here": ["grave", "drone"]}, [f"{GRAVE} and {DRONE}"], [0]),
        # near: the sentence itself or one before, two back unless reach says otherwise
        ({"here": ["grave"], "near": ["drone"]}, [f"{GRAVE} and {DRONE}"], [0]),
        ({"here": ["grave"], "near": ["drone"]}, [DRONE, QUIET, GRAVE], [2]),
        ({"here": ["grave"], "near": ["drone"]}, [DRONE, QUIET, QUIET, GRAVE], []),
        ({"here": ["grave"], "near": ["drone"]}, [QUIET, QUIET, GRAVE, DRONE], []),
        ({"here": ["grave"], "near": ["drone"], "reach": 3}, [DRONE, QUIET, QUIET, GRAVE], [3]),
        ({"here": ["grave"], "near": ["drone"], "reach": 0}, [DRONE, GRAVE], []),
        # article: anywhere, also behind
        ({"here": ["grave"], "article": ["drone"]}, [QUIET, GRAVE, QUIET, QUIET, QUIET, DRONE], [1]),
        ({"here": ["grave"], "article": ["drone"]}, [GRAVE], []),
        # what rules out
        ({"here": ["grave"], "not_here": ["drone"]}, [f"{GRAVE} and {DRONE}", GRAVE], [1]),
        ({"here": ["grave"], "not_near": ["drone"]}, [DRONE, GRAVE, QUIET, GRAVE], [3]),
        ({"here": ["grave"], "not_near": ["drone"], "reach": 0}, [DRONE, GRAVE], [1]),
        ({"here": ["grave"], "not_near": ["drone"]}, [GRAVE, DRONE], [0]),
        ({"here": ["grave"], "not_article": ["drone"]}, [GRAVE, QUIET, QUIET, QUIET, DRONE], []),
        ({"here": ["grave"], "not_article": ["drone"]}, [GRAVE, QUIET], [0]),
    ],
)  # fmt: skip
def test_places(aligner: Aligner, frame: dict[str, object], sentences: list[str], found: list[int]) -> None:
    """Where each key of a frame looks, and how far."""
    assert places(aligner, frame, "", *sentences) == found


def test_the_headline_goes_with_the_lead(aligner: Aligner) -> None:
    """A headline looks at the first sentence, and no further; to sentences it is the one before the first."""
    frame: dict[str, object] = {"here": ["grave"], "near": ["drone"]}
    assert places(aligner, frame, GRAVE, DRONE) == [-1]
    assert places(aligner, frame, GRAVE, QUIET, DRONE) == []
    assert places(aligner, frame, DRONE, GRAVE) == [0]
    assert places(aligner, frame, DRONE, QUIET, GRAVE) == [1]
    assert places(aligner, frame, DRONE, QUIET, QUIET, GRAVE) == []
    assert places(aligner, {**frame, "reach": 0}, GRAVE, DRONE) == [-1]


def test_the_nearest_sentence_is_the_evidence(aligner: Aligner) -> None:
    """Of two sentences before that have a part, the nearer one is taken."""
    (match,) = matches(aligner, {"here": ["grave"], "near": ["drone"]}, "", DRONE, f"{DRONE} again", GRAVE)
    assert [(found.part, found.words, found.sentence - 1) for found in match.found] == [
        ("grave", "grave", 2),
        ("drone", "drone", 1),
    ]


def test_likeness_is_the_mean_of_the_parts(tmp_path: Path) -> None:
    """A word to the letter counts 100, a misspelt one less, and the frame takes the mean."""
    coder = Aligner(small_codebook(tmp_path, ('en = ["grave"]', 'en = ["cemetery"]')))
    frame: dict[str, object] = {"here": ["grave", "drone"]}
    (exact,) = matches(coder, frame, "", "a cemetery under a drone")
    (misspelt,) = matches(coder, frame, "", "a cemetary under a drone") or matches(
        coder, frame, "", "a cemeterry under a drone"
    )
    assert likeness(exact.found) == 100
    grave, drone = (found.score for found in misspelt.found)
    assert grave < 100
    assert drone == 100
    assert likeness(misspelt.found) == pytest.approx((grave + drone) / 2)


CONCEPTS = ["grave", "drone", "pictures", "inquiry", "town"]
PARTS = st.one_of(
    st.sampled_from([*CONCEPTS, "north.speaks", "south.named", "north.alone"]),
    st.tuples(st.sampled_from(CONCEPTS), st.sampled_from(["|", ">", "~"]), st.sampled_from(CONCEPTS)).map(
        " ".join
    ),
)
LISTS = st.lists(PARTS, max_size=2)
FRAMES = st.fixed_dictionaries(
    {"here": st.lists(PARTS, min_size=1, max_size=2), "reach": st.integers(0, 3)},
    optional={"near": LISTS, "article": LISTS, "not_here": LISTS, "not_near": LISTS, "not_article": LISTS},
)
WORDS = [
    "grave",
    "drone",
    "pictures",
    "inquiry",
    "Tinfiction",
    "capital",
    "staff",
    "said",
    "according to",
    ",",
]
SENTENCES = st.lists(st.sampled_from(WORDS), max_size=8).map(" ".join)


@settings(max_examples=300, deadline=None)
@given(FRAMES, SENTENCES, st.lists(SENTENCES, max_size=5))
def test_a_frame_fits_where_its_explanation_has_nothing_against_it(
    aligner: Aligner, frame: dict[str, object], headline: str, sentences: list[str]
) -> None:
    """What `gossi explain` shows is what decides: nothing missing and nothing in the way, or no match."""
    page = page_of(aligner, headline, *sentences)
    tried = matcher(aligner, frame)
    found = {match.place: match for match in tried.matches(page)}
    for place in range(len(page.readings)):
        outcome = tried.explain(page, place)
        assert (place in found) == outcome.fits
        assert outcome.fits == (not outcome.missing and not outcome.excluded)
        if place in found:
            assert sorted(found[place].found) == sorted(outcome.found)


def test_the_explanation_names_every_part(aligner: Aligner) -> None:
    """Each part is found or missing, and what is in the way is named with its words."""
    frame: dict[str, object] = {
        "here": ["grave"],
        "near": ["drone"],
        "article": ["inquiry"],
        "not_here": ["pictures"],
        "not_near": ["town"],
        "not_article": ["south.speaks"],
    }
    page = page_of(aligner, "", "Tinfiction was quiet", "a grave in pictures")
    outcome = matcher(aligner, frame).explain(page, 2)
    assert [found.part for found in outcome.found] == ["grave"]
    assert outcome.missing == ("drone", "inquiry")
    assert [(found.part, found.words, found.sentence - 1) for found in outcome.excluded] == [
        ("pictures", "pictures", 1),
        ("town", "Tinfiction", 0),
    ]


@pytest.fixture(scope="module")
def own() -> Aligner:
    """The coder with the project's own codebook."""
    return Aligner(load_codebook(Path(__file__).parents[1] / "claims.toml"))


@settings(max_examples=30, deadline=None)
@given(
    st.lists(
        st.sampled_from(
            [
                "Bamako accuses the French army of having left the bodies at Gossi.",
                "The French general staff said that its drone filmed Russian mercenaries burying bodies.",
                "Moscow denies that Russian mercenaries are in Mali.",
                "These images are fabricated, said the Malian government.",
                "An inquiry was opened into the grave near Gossi.",
                "Posts on Twitter accuse the French.",
            ]
        ),
        min_size=1,
        max_size=4,
    )
)
def test_explanations_of_the_real_frames_agree_too(own: Aligner, sentences: list[str]) -> None:
    """The same for all frames of claims.toml."""
    page = page_of(own, "Gossi", *sentences)
    for claim in own.claims:
        for frame in (*claim.frames, *claim.disputed, *claim.asserted):
            fitting = {match.place for match in frame.matches(page)}
            explained = {place for place in range(len(page.readings)) if frame.explain(page, place).fits}
            assert fitting == explained, frame.frame.name
