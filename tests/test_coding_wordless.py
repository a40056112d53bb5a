"""A study that begins without words: not observable, then coded by people, learnt from, observable.

Also tests analysis/review/learning_from.py.
"""

import json
import shutil
from datetime import UTC, date, datetime
from pathlib import Path

import pytest

import gossi
from gossi.analysis.checking import found_by
from gossi.analysis.codebook import load_codebook
from gossi.analysis.coding.learning import learn, out_of_fold_page, write
from gossi.analysis.measuring.query import query
from gossi.analysis.review.codings import Label, PersonsCoding, append_coding
from gossi.analysis.review.learning_from import next_to_code, settled_articles, settled_folder
from gossi.analysis.review.questions import questions_of
from gossi.analysis.review.queue import Queue
from gossi.crawler.study.new import new_study

CLAIMS = """
[matching]
carried = 3
anchors = ["topic"]
essential = ["topic"]
topic = ["topic"]
topic_headline = ["topic"]
topic_sentences = 2
[[side]]
id = "north"
name = "Northland"
[[side]]
id = "south"
name = "Southland"
[[claim]]
id = "north.burnt"
side = "north"
public_since = 2026-01-01
source = "invented"
statement = "Southland's men set the mill on fire."
[[claim]]
id = "south.accident"
side = "south"
public_since = 2026-01-01
source = "invented"
statement = "The fire was an accident."
"""
BURNT = [
    "The minister in {} accused the neighbours of setting the mill ablaze.",
    "Soldiers from across the border torched the building, said a spokesman in {}.",
    "According to the army in {}, enemy raiders lit the fire on purpose.",
    "The enemy's men burnt our mill, the ministry in {} declared.",
]
ACCIDENT = [
    "A faulty cable caused the blaze, the other government told reporters in {}.",
    "It was nothing but an accident, the officials in {} insisted.",
    "Investigators of the neighbouring state in {} spoke of a short circuit.",
    "An overheated machine was to blame, the authorities over there in {} said.",
]
NEITHER = [
    "Bread has become dear in {} since the harvest.",
    "The bridge in {} will be repaired in spring, the council decided.",
    "People in {} have been given flour by the town.",
    "Nobody knows when the market in {} will open again.",
]
PLACES = ["Aton", "Belun", "Cirra", "Dovat", "Elmir", "Farun"]
ARTICLES = 72


def told(number: int) -> tuple[str, str]:
    """What an article tells, and in which sentence: each thing a third, in all wordings and places."""
    kind = ("north.burnt", "south.accident", "")[number % 3]
    wordings = {"north.burnt": BURNT, "south.accident": ACCIDENT, "": NEITHER}[kind]
    return kind, wordings[number // 3 % 4].format(PLACES[number % 6])


@pytest.fixture(scope="module")
def collected(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """72 articles of twelve outlets on the fire at Exampleford, collected and analysed."""
    root = tmp_path_factory.mktemp("wordless") / "study"
    new_study(root, ["en", "fr"], None, date(2026, 3, 31))
    (root / "claims.toml").write_text(CLAIMS, encoding="utf-8")
    for code in ("en", "fr"):
        (root / "lexicon" / f"{code}.toml").write_text('[topic]\nwords = ["Exampleford"]\n', encoding="utf-8")
    (root / "lexicon" / "concepts.toml").write_text('[topic]\nmeaning = "The town."\n', encoding="utf-8")
    lines = [
        {
            "id": f"a{number}", "url": f"https://o{number % 12}.example/{number}",
            "domain": f"o{number % 12}.example",
            "language": "en", "published": "2026-03-20T10:00:00Z",
            "headline": f"Exampleford, day {number}",
            "text": f"The mill of Exampleford burnt down before day {number}.\n{told(number)[1]}",
        }
        for number in range(ARTICLES)
    ]  # fmt: skip
    file = root / "articles.jsonl"
    file.write_text("".join(json.dumps(line) + "\n" for line in lines), encoding="utf-8")
    made = gossi.open(root)
    made.take_in([file])
    made.analyse()
    return root


def states(study: gossi.Study) -> dict[tuple[str, str], str]:
    """Of each article, by its headline, and claim the state of the cell."""
    sql = "SELECT headline, claim_id, state, reason FROM codings"
    return {(row[0], row[1]): (row[2], row[3]) for row in query(study.files.published_file, sql)[1]}


def code(study: gossi.Study, most: int) -> None:
    """Code so many of the articles that are offered, as a person does who reads them."""
    folder = study.files
    questions = questions_of(load_codebook(folder.claims_file))
    headlines = dict(query(folder.published_file, "SELECT article_id, headline FROM articles")[1])
    settled_folder(folder).mkdir(parents=True, exist_ok=True)
    for task in list(Queue(folder, "ada", "settle", questions).tasks())[:most]:
        claim, _ = told(int(headlines[task.article].rpartition(" ")[2]))
        label = {claim: Label(stance="attributed", sentences=[1])} if claim else {}
        coding = PersonsCoding(
            id=task.article, version=task.version, coder="ada", time=datetime.now(UTC), mode="settle",
            on_topic=True, labels=label, claims={question.claim: question.digest for question in questions},
        )  # fmt: skip
        append_coding(settled_folder(folder), coding)


@pytest.fixture
def study(collected: Path, tmp_path: Path) -> gossi.Study:
    """A copy of it, which nobody has coded."""
    shutil.copytree(collected, tmp_path, dirs_exist_ok=True)
    return gossi.open(tmp_path)


WORDS = """
[cause]
words = ["accident", "cable", "circuit", "overheated"]
[arson]
words = ["ablaze", "torched", "lit + fire", "burnt + mill"]
"""
MEANT = """
[cause]
meaning = "What makes a fire without anybody's wish."
[arson]
meaning = "Setting on fire."
"""


def right_of(study: gossi.Study, coded: int) -> float:
    """With so many articles coded and learnt from, the share of the other cells that come out right."""
    folder = study.files
    codebook = load_codebook(folder.claims_file, fitted=False)
    settled = settled_articles(folder, codebook)
    assert len(settled) == coded
    write(folder, learn(folder, codebook, datetime(2026, 12, 1), settled=settled))
    study.analyse()
    known = {record["headline"] for record in settled}
    right = [
        (state[0] == "included") == (told(int(headline.rpartition(" ")[2]))[0] == claim)
        for (headline, claim), state in states(study).items()
        if headline not in known
    ]
    return sum(right) / len(right)


@pytest.mark.long(30)
def test_words_that_are_added_later_improve_it(study: gossi.Study) -> None:
    """From the same few codings, with words and a frame for each claim, more comes out right."""
    code(study, 24)
    before = right_of(study, 24)
    claims, lexicon = study.files.claims_file, study.files.root / "lexicon"
    text = claims.read_text(encoding="utf-8")
    for claim, concept in (("south.accident", "cause"), ("north.burnt", "arson")):
        head, own, rest = text.partition(f'id = "{claim}"')
        statement, end, rest = rest.partition('."\n')
        text = f'{head}{own}{statement}{end}[[claim.frame]]\nname = "told"\nhere = ["{concept}"]\n{rest}'
    claims.write_text(text, encoding="utf-8")
    for file, added in (("en.toml", WORDS), ("fr.toml", WORDS), ("concepts.toml", MEANT)):
        with (lexicon / file).open("a", encoding="utf-8") as words:
            words.write(added)
    after = right_of(study, 24)
    print(f"right before {before:.3f}, with words {after:.3f}")  # noqa: T201 - shown with a failure
    assert after > before


@pytest.mark.long(25)
def test_fifty_coded_articles_make_a_coder(study: gossi.Study) -> None:
    """Without words and codings no cell is an omission; with fifty codings most of the rest are found."""
    folder = study.files
    before = states(study)
    assert set(before.values()) == {("not_observable", "no_words")}
    assert len(before) == 2 * ARTICLES
    assert found_by(load_codebook(folder.claims_file)) == "of 2 claims 2 not observable: en, fr"
    code(study, 50)
    codebook = load_codebook(folder.claims_file, fitted=False)
    settled = settled_articles(folder, codebook)
    assert len(settled) == 50
    write(folder, learn(folder, codebook, datetime(2026, 12, 1), settled=settled))
    fitted = load_codebook(folder.claims_file)
    assert "All 50 articles" in out_of_fold_page(folder, fitted, settled)
    assert found_by(fitted) == "of 2 claims 2 found by coded articles alone: en, fr"
    after_coding = {record["headline"] for record in settled}
    doubts = next_to_code(folder, fitted)
    assert len(doubts) == 20
    assert after_coding.isdisjoint(doubt.headline for doubt in doubts)
    assert doubts == sorted(doubts, key=lambda doubt: abs(doubt.probability - 0.5))
    study.analyse()
    unseen = {
        (headline, claim): state[0]
        for (headline, claim), state in states(study).items()
        if headline not in after_coding
    }
    assert set(unseen.values()) == {"included", "omitted"}
    right = [
        (state == "included") == (told(int(headline.rpartition(" ")[2]))[0] == claim)
        for (headline, claim), state in unseen.items()
    ]
    assert len(right) == 2 * (ARTICLES - 50)
    assert sum(right) / len(right) >= 0.9
