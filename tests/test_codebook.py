"""analysis/codebook.py: what claims.toml may hold, and how it is said what is wrong with it."""

from datetime import datetime
from pathlib import Path

import pytest

from gossi.analysis.alignment.align import Aligner
from gossi.analysis.codebook import CONCEPT_KEYS, Codebook, Matching, concepts_of, load_codebook
from gossi.crawler.errors import ConfigError
from tests.small_codebook import small_codebook, write

ROOT = Path(__file__).parents[1]
GRAVE = 'here = ["grave"]'
FRAME_KEYS = ["here", "near", "article", "not_here", "not_near", "not_article"]


def complaint(folder: Path, *changes: tuple[str, str]) -> str:
    """What is said about the small codebook with texts replaced."""
    with pytest.raises(ConfigError) as caught:
        small_codebook(folder, *changes)
    return str(caught.value)


@pytest.mark.parametrize(
    ("change", "told"),
    [
        # sides and claims that are not there, or twice
        (
            ('side = "south"', 'side = "east"'),
            "[[claim]] (id 'south.drone'), key side: 'east' is no [[side]]; there are north, south",
        ),
        (('id = "south"', 'id = "north"'), "[[side]] (id 'north'), key id: stands 2 times"),
        (
            ('id = "north.inquiry"', 'id = "north.grave"'),
            "[[claim]] (id 'north.grave'), key id: stands 2 times",
        ),
        (
            ('side = "south"', 'side = "south"\ndisputed_with = ["north.lie"]'),
            "[[claim]] (id 'south.drone'), key disputed_with: 'north.lie' is no [[claim]]",
        ),
        # what a claim needs
        (
            ('statement = "The South left the grave."\n', ""),
            '[[claim]] 1 (id "north.grave"), key statement: is missing',
        ),
        ((GRAVE, "here = []"), "key here: list should have at least 1 item"),
        (("paragraph = 2", "paragraph = 0"), "key paragraph: input should be greater than 0, not 0"),
        # when it became public
        (
            ("public_since = 2022-04-21", 'public_since = "2022-04-21"'),
            '[[claim]] 3 (id "south.drone"), key public_since: is no date; write a day, 2022-04-20',
        ),
        (
            ("public_since = 2022-04-21", 'public_since = "21 April"'),
            '[[claim]] 3 (id "south.drone"), key public_since: is no date; write a day, 2022-04-20',
        ),
        (
            ("public_since = 2022-04-21", "public_since = 2022"),
            '[[claim]] 3 (id "south.drone"), key public_since: is no date',
        ),
        (
            ("2022-04-22T18:30:00+02:00", "2022-04-22T18:30:00"),
            '[[claim]] 2 (id "north.inquiry"), key public_since: has a time but no zone; write 2022-04-20T20',
        ),
        (
            ("public_since = 2022-04-21", "public_since = 2999-04-21"),
            '[[claim]] 3 (id "south.drone"), key public_since: is in the future (2999-04-21)',
        ),
        # keys and numbers
        (
            (GRAVE, f'{GRAVE}\nheer = ["town"]'),
            "key heer: is not known here; known are name, here, near, article, not_here",
        ),
        (("paragraph = 2", "paragraf = 2"), "key paragraf: is not known here; known are id, side, paragraph"),
        (("carried = 1", "carryed = 1"), "[matching], key carried: is missing"),
        (
            ("carried = 1", "carried = 7"),
            "[matching], key carried: input should be less than or equal to 6, not 7",
        ),
        ((GRAVE, f"{GRAVE}\nreach = 6"), "key reach: input should be less than or equal to 5, not 6"),
    ],
)
def test_what_is_wrong_is_named_with_file_table_and_key(
    change: tuple[str, str], told: str, tmp_path: Path
) -> None:
    """Whoever wrote the file finds the place: file, table, key, and what would be right."""
    message = complaint(tmp_path, change)
    assert str(tmp_path / "claims.toml") in message
    assert told in message


@pytest.mark.parametrize("key", CONCEPT_KEYS)
def test_an_unknown_concept_of_the_matching_table(key: str, tmp_path: Path) -> None:
    """Each list that names concepts is checked."""
    line = next(
        line
        for line in write(tmp_path).read_text(encoding="utf-8").splitlines()
        if line.startswith(f"{key} ")
    )
    message = complaint(tmp_path, (line, f'{key} = ["nowhere"]'))
    assert f"{tmp_path / 'claims.toml'}: " in message
    assert f"[matching], key {key}: 'nowhere' is no concept; declare it in " in message


def test_all_lists_of_the_matching_table_are_tried() -> None:
    """A list of concepts that is added to [matching] must be checked too, and tried above."""
    lists = {name for name, field in Matching.model_fields.items() if "list" in str(field.annotation)}
    assert lists == set(CONCEPT_KEYS)


@pytest.mark.parametrize("key", FRAME_KEYS)
@pytest.mark.parametrize("kind", ["frame", "disputed", "asserted"])
def test_an_unknown_concept_of_a_frame(key: str, kind: str, tmp_path: Path) -> None:
    """Every key of every kind of frame is checked, behind each sign by which concepts are joined."""
    frame = f'name = "odd"\nhere = ["grave"]\n{key} = ["grave | town > nowhere | nobody ~ town"]'
    if key == "here":
        frame = frame.replace('here = ["grave"]\n', "")
    message = complaint(tmp_path, (GRAVE, f"{GRAVE}\n[[claim.{kind}]]\n{frame}"))
    for name in ("nowhere", "nobody"):
        assert (
            f"[[claim]] (id 'north.grave'), [[claim.{kind}]] (name 'odd'), key {key}: {name!r} is no "
            "concept; declare it in "
        ) in message


@pytest.mark.parametrize("key", ["voices", "country"])
def test_an_unknown_concept_of_a_side(key: str, tmp_path: Path) -> None:
    """A side's voices and country are concepts too."""
    old = 'voices = ["north_voice"]'
    new = 'voices = ["nowhere"]' if key == "voices" else f'{old}\ncountry = ["nowhere"]'
    assert f"[[side]] (id 'north'), key {key}: 'nowhere' is no concept; declare it in " in complaint(
        tmp_path, (old, new)
    )


def test_a_part_that_names_no_side_is_unknown(tmp_path: Path) -> None:
    """`.speaks`, `.named` and `.alone` belong to sides that there are."""
    assert "'east.speaks' is no" in complaint(tmp_path, (GRAVE, 'here = ["east.speaks"]'))
    assert "'north.shouts' is no" in complaint(tmp_path, (GRAVE, 'here = ["north.shouts"]'))
    for known in ("north.speaks", "south.named", "south.alone"):
        assert small_codebook(tmp_path, (GRAVE, f'here = ["{known}"]'))


def test_all_that_is_wrong_is_said_at_once(tmp_path: Path) -> None:
    """Nobody has to start the program once for each mistake."""
    message = complaint(tmp_path, ('side = "south"', 'side = "east"'), ('id = "south"', 'id = "north"'))
    assert "'east' is no [[side]]" in message
    assert "[[side]] (id 'north'), key id: stands 2 times" in message
    message = complaint(tmp_path, (GRAVE, 'here = ["nowhere | nobody"]'))
    assert "'nowhere' is no concept" in message
    assert "'nobody' is no concept" in message


def test_a_missing_or_broken_file_is_named(tmp_path: Path) -> None:
    """Not TOML, not UTF-8, not there: one message with the file's name."""
    file = tmp_path / "claims.toml"
    for content, told in (
        (b"[matching\n", "not valid TOML"),
        (b"# \xe9\n", "line 1 is not UTF-8"),
        (None, "no such file"),
    ):
        file.unlink(missing_ok=True)
        if content is not None:
            file.write_bytes(content)
        with pytest.raises(ConfigError, match=told) as caught:
            load_codebook(file)
        assert str(file) in str(caught.value)


def test_the_digest_is_of_claims_and_lexicon(tmp_path: Path) -> None:
    """A comment more in either is another version; what lies beside them is none."""
    file = write(tmp_path)
    digests = [load_codebook(file).digest]
    (tmp_path / "notes.txt").write_text("nothing of the codebook", encoding="utf-8")
    assert load_codebook(file).digest == digests[0]
    for changed in (file, tmp_path / "lexicon" / "fr.toml", tmp_path / "lexicon" / "concepts.toml"):
        with changed.open("a", encoding="utf-8") as more:
            more.write("# a remark\n")
        digests.append(load_codebook(file).digest)
    assert len(set(digests)) == len(digests)


def test_languages_are_those_with_verbs_of_saying_and_anchors(tmp_path: Path) -> None:
    """A language in which only some other concept has words is none with wordings."""
    assert small_codebook(tmp_path).languages == {"en", "fr"}
    assert small_codebook(tmp_path, ('en = ["grave"]', 'en = ["grave"]\nde = ["Grab"]')).languages == {
        "en",
        "fr",
    }
    assert small_codebook(tmp_path, ('fr = ["dit"]\n', "")).languages == {"en"}
    speech = ('fr = ["dit"]', 'fr = ["dit"]\nde = ["sagte"]')
    anchor = ('fr = ["Tinfiction"]', 'fr = ["Tinfiction"]\nde = ["Tinfiction"]')
    assert small_codebook(tmp_path, speech, anchor).languages == {"en", "fr", "de"}


def test_when_a_claim_became_public(tmp_path: Path) -> None:
    """A day is midnight, a time is brought to UTC; how exactly it is known is kept."""
    grave, inquiry, _ = small_codebook(tmp_path).claims
    assert (grave.public_precision, grave.public_since_utc) == ("day", datetime(2022, 4, 22))
    assert (inquiry.public_precision, inquiry.public_since_utc) == ("minute", datetime(2022, 4, 22, 16, 30))


def test_a_codebook_of_another_study(tmp_path: Path) -> None:
    """Other sides, claims and words: the matcher knows none of the Gossi study's names."""
    speaks = (GRAVE, 'here = ["north.speaks", "grave"]\nnot_here = ["south.alone"]')
    aligner = Aligner(small_codebook(tmp_path, speaks))
    town = "People of Tinfiction were told about it all on the evening of the very same day."
    ours = "The capital said that a grave had been found beside the old road to the harbour."
    theirs = "The staff said that a grave had been found beside the old road to the harbour."
    assert set(aligner.code("News of the day", [town, ours]).claims) == {"north.grave"}
    assert set(aligner.code("News of the day", [town, theirs]).claims) == set()


@pytest.fixture(scope="module")
def own() -> Codebook:
    """The repository's codebook."""
    return load_codebook(ROOT / "claims.toml")


def test_every_side_has_claims_and_a_voice_in_every_language(own: Codebook) -> None:
    """A side that cannot be named in a language would seem to be left out there."""
    assert {claim.side for claim in own.claims} == {side.id for side in own.sides}
    for side in own.sides:
        worded = {language for voice in side.voices for language in own.concepts[voice]}
        assert own.languages - worded == set(), side.id


def test_every_concept_serves_something(own: Codebook) -> None:
    """A concept that nothing names would be changed in vain."""
    parts = [part for key in CONCEPT_KEYS for part in getattr(own.matching, key)]
    parts += [concept for side in own.sides for concept in (*side.voices, *side.country)]
    for claim in own.claims:
        for frame in (*claim.frame, *claim.disputed, *claim.asserted):
            for key in FRAME_KEYS:
                parts += getattr(frame, key)
    assert set(own.concepts) - {name for part in parts for name in concepts_of(part)} == set()
