"""crawler/lexicon/lexicon.py, crawler/values.py: the words of any affair, and those of a study."""

import re
import unicodedata
from pathlib import Path

import pytest

from gossi.crawler.config import parse_toml
from gossi.crawler.errors import ConfigError
from gossi.crawler.lexicon.lexicon import SHARED, Grammar, Lexicon, load_lexicon
from gossi.crawler.page.gate import TopicGate
from gossi.crawler.study.sources import StudyFolder
from tests.conftest import ROOT
from tests.news_pages import NewsPage

REAL = load_lexicon(ROOT / "lexicon")

NAMES = {key: names.split() for key, names in parse_toml(ROOT / "tests" / "affair_names.toml").items()}


def plain(word: str) -> str:
    """Without case and accents."""
    parted = unicodedata.normalize("NFD", word.casefold())
    return "".join(letter for letter in parted if not unicodedata.combining(letter))


BEGINNINGS = tuple(plain(name) for name in NAMES["beginnings"])


def names_of(term: str) -> list[str]:
    """The names of the affair that a term has."""
    found = [name for name in NAMES["inside"] if name in term]
    for word in re.findall(r"[^\W\d_]+", plain(term)):
        bare = re.sub("^[وف]?(?:[بكل]?ال|لل|[بكل])?", "", word)
        if word in NAMES["whole"] or word.startswith(BEGINNINGS) or bare.startswith(BEGINNINGS):
            found.append(word)
    return found


def shared_words() -> dict[str, dict[str, list[str]]]:
    """The package's words: language → concept → terms."""
    files = [file for file in SHARED.glob("*.toml") if file.name != "concepts.toml"]
    return {
        file.stem: {name: table["words"] for name, table in parse_toml(file).items() if name != "grammar"}
        for file in files
    }


def test_the_package_names_nothing_of_the_affair() -> None:
    """A study of any other affair is not to be told of Gossi, Mali, France, Russia or whoever spoke there."""
    named = [
        (language, concept, term)
        for language, concepts in shared_words().items()
        for concept, terms in concepts.items()
        for term in terms
        if names_of(term)
    ]
    assert named == []


def test_all_concepts_of_the_package_are_declared() -> None:
    """And each of them has words."""
    worded = {concept for concepts in shared_words().values() for concept in concepts}
    assert worded == set(parse_toml(SHARED / "concepts.toml"))


@pytest.mark.parametrize(
    "term",
    [
        "Wagner's men",
        "la junte malienne",
        "بباماكو",
        "بالماليين",
        "Вагнеровцы",
        "俄罗斯人",
        "ワグネルが",
        "Γαλλικό",
    ],
)
def test_a_name_in_any_script_would_be_seen(term: str) -> None:
    """The search for names finds what it is to find."""
    assert names_of(term)


@pytest.mark.parametrize("term", ["malicious", "franchement", "рост", "合法"])
def test_other_words_are_no_names(term: str) -> None:
    """And nothing else."""
    assert not names_of(term)


@pytest.mark.parametrize("language", sorted(REAL.words["gossi"]))
def test_every_spelling_of_the_town_passes_the_gate(language: str) -> None:
    """What the alignment takes for the town was never stopped before extraction: in bytes and in text."""
    gate = TopicGate(StudyFolder(ROOT).sources().study.topic)
    stopped = [
        term
        for term in REAL.words["gossi"][language]
        for sentence in [f"xx {term.strip('*')} xx"]
        if not gate.names_topic(NewsPage(headline="Report", paragraphs=(sentence,), language=language).html())
        or not gate.names_topic_text("Report", sentence)
    ]
    assert stopped == []


@pytest.mark.parametrize(
    "sentence",
    [
        "All the gossip of the town.",
        "Le gossip du jour, le grossiste et la grossièreté.",
        "Новая госсимволика и госсистема утверждены, госсектор растёт.",
        "如果西方继续提高西部投资，情况会改变。",
        "Dedikodu ve gossipgirl dizisi.",
        "قوس زیبا و میوه گس در بازار.",
        "ゴシップとゴシック建築の話。",
    ],
)
def test_words_like_the_town_stay_outside(sentence: str) -> None:
    """With the words of all languages, ordinary words of any do not pass."""
    gate = TopicGate(StudyFolder(ROOT).sources().study.topic)
    assert not gate.names_topic_text("Report", sentence)
    assert not gate.names_topic(NewsPage(headline="Report", paragraphs=(sentence,), language="en").html())


def lexicon(folder: Path, **files: str) -> Lexicon:
    """A study's lexicon of these files."""
    root = folder / "lexicon"
    root.mkdir(exist_ok=True)
    for name, text in files.items():
        (root / f"{name}.toml").write_text(text, encoding="utf-8")
    return load_lexicon(root)


DECLARED = '[town]\nmeaning = "the town"\n[place]\nmeaning = "a place"\nincludes = ["town", "grave"]\n'


def test_a_study_adds_to_the_package_or_replaces_its_words(tmp_path: Path) -> None:
    """`words` of its own, `adds` beside and `replaces` instead of the package's."""
    shared = shared_words()["en"]
    read = lexicon(
        tmp_path,
        concepts=DECLARED,
        en='[town]\nwords = ["Tinfiction"]\n[grave]\nadds = ["hole of sand"]\n[kill]\nreplaces = ["undo*"]\n',
    )
    assert set(read.grammar) == {"en"}
    assert read.words["town"] == {"en": ["Tinfiction"]}
    assert read.words["grave"] == {"en": [*shared["grave"], "hole of sand"]}
    assert read.words["kill"] == {"en": ["undo*"]}
    assert read.words["speech"] == {"en": shared["speech"]}


def test_a_concept_has_the_words_of_what_it_includes(tmp_path: Path) -> None:
    """Its own first, each term once, also of the package's concepts and through several steps."""
    declared = f'{DECLARED}[topic]\nmeaning = "the topic"\nincludes = ["place"]\n'
    read = lexicon(
        tmp_path,
        concepts=declared,
        en='[town]\nwords = ["Tinfiction"]\n[topic]\nwords = ["a + b", "Tinfiction"]\n',
        fr='[town]\nwords = ["Tinfiction"]\n[grave]\nreplaces = ["trou"]\n',
    )
    assert read.words["topic"]["en"][:3] == ["a + b", "Tinfiction", read.words["grave"]["en"][0]]
    assert read.words["topic"]["fr"] == ["Tinfiction", "trou"]


def test_grammar_is_the_packages_or_the_studys_own(tmp_path: Path) -> None:
    """A language that the package knows nothing of has none of it until the study says so."""
    own = '[grammar]\nverb_last = true\n[town]\nwords = ["Tinfiction"]\n'
    read = lexicon(tmp_path, concepts=DECLARED, ja="", ko=own, sw="", ar="")
    assert read.grammar == {
        "ar": Grammar(subject_behind=True),
        "ja": Grammar(verb_last=True, unspaced=True),
        "ko": Grammar(verb_last=True),
        "sw": Grammar(),
    }


@pytest.mark.parametrize(
    ("files", "told"),
    [
        ({"en": '[twon]\nwords = ["x"]\n'}, "en.toml: [twon]: is no concept; declare it in concepts.toml"),
        ({"en": '[grave]\nwords = ["x"]\n'}, "en.toml: [grave], key words: the package has words for it"),
        (
            {"en": '[town]\nadds = ["x"]\n'},
            "en.toml: [town]: the package has no words for it in this language",
        ),
        ({"en": '[town]\nwords = ["x", "*"]\n'}, "en.toml: [town]: '*' has no letter"),
        ({"en": '[town]\nwords = [""]\n'}, "en.toml: [town], key words[1]: is empty"),
        ({"en": "[town]\nwords = []\n"}, "en.toml: [town], key words: list should have at least 1 item"),
        ({"en": "[town]\n"}, "en.toml: [town]: needs one of the keys words, adds, replaces"),
        (
            {"en": '[town]\nterms = ["x"]\n'},
            "en.toml: [town], key terms: is not known here; known are words, adds",
        ),
        ({"en": "[grammar]\nverb_lost = true\n"}, "en.toml: [grammar], key verb_lost: is not known here"),
        ({"english": ""}, "english.toml: 'english' is not a language"),
        ({"concepts": "[town]\n"}, "concepts.toml: [town], key meaning: is missing"),
        (
            {"concepts": '[grave]\nmeaning = "x"\n'},
            "concepts.toml: [grave]: is a concept of the package",
        ),
        (
            {"concepts": '[town]\nmeaning = "x"\nincludes = ["twon"]\n'},
            "concepts.toml: [town], key includes: 'twon' is no concept",
        ),
        (
            {"concepts": '[a]\nmeaning = "x"\nincludes = ["b"]\n[b]\nmeaning = "x"\nincludes = ["a"]\n'},
            "concepts.toml: [a], key includes: 'b' includes 'a' itself",
        ),
    ],
)
def test_what_is_wrong_is_named_with_file_table_and_key(
    files: dict[str, str], told: str, tmp_path: Path
) -> None:
    """Whoever wrote the file finds the place, and what would be right."""
    with pytest.raises(ConfigError) as caught:
        lexicon(tmp_path, **({"concepts": DECLARED} | files))
    assert f"{tmp_path / 'lexicon'}/{told}" in str(caught.value)


def test_a_study_without_a_lexicon_or_a_topic_is_told_so(tmp_path: Path) -> None:
    """No folder, and a folder without the concept that makes a page one on the topic."""
    study = StudyFolder(tmp_path)
    study.sources_file.write_bytes((ROOT / "sources.toml").read_bytes())
    with pytest.raises(ConfigError, match=r"lexicon/concepts\.toml: no such file"):
        study.sources()
    lexicon(tmp_path, concepts=DECLARED, en='[town]\nwords = ["Tinfiction"]\n')
    with pytest.raises(ConfigError, match=r"no words for the concept 'topic'"):
        study.sources()
