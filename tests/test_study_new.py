"""Tests the making of a study of one's own: `gossi init`.

Also tests crawler/study/outlet_list.py and analysis/cli/begin.py.
"""

import tomllib
from datetime import date
from pathlib import Path

import pytest

from gossi.analysis.codebook import load_codebook
from gossi.crawler.errors import InputError, UsageError
from gossi.crawler.lexicon.lexicon import shared_concepts
from gossi.crawler.study.new import new_study
from gossi.crawler.study.sources import StudyFolder
from gossi.texts import align

TODAY = date(2026, 3, 31)
TABLE = (
    "Name;Domain;Country;Bloc;Feed;Sitemap;Language\n"
    "The Post;https://www.post.example/;gb;Western;https://post.example/feed;;\n"
    "Край;krai.example;UA;Ukrainian;;https://krai.example/a.xml https://krai.example/b.xml;uk\n"
    "Nowhere;nowhere.example;;;;;\n"
)


def table(folder: Path, text: str) -> Path:
    """A CSV file as a spreadsheet writes it."""
    file = folder / "outlets.csv"
    file.write_text(text, encoding="utf-8-sig")
    return file


def test_a_new_study_reads_as_a_run_would(tmp_path: Path) -> None:
    """Outlets are those of the table, blocs those that it names."""
    root = tmp_path / "mine"
    files = new_study(root, ["en", "uk", "sw"], table(tmp_path, TABLE), TODAY)
    assert all(file.is_file() for file in files)
    sources = StudyFolder(root).sources()
    assert [(bloc.id, bloc.name, bloc.adjective) for bloc in sources.bloc] == [
        ("western", "Western", "Western"),
        ("ukrainian", "Ukrainian", "Ukrainian"),
    ]
    assert [
        (o.id, o.name, o.domain, o.country, o.bloc, o.languages, o.feeds, o.sitemaps) for o in sources.outlet
    ] == [
        ("post-example", "The Post", "post.example", "GB", "western", ["en", "uk", "sw"],
         ["https://post.example/feed"], []),
        ("krai-example", "Край", "krai.example", "UA", "ukrainian", ["uk"], [],
         ["https://krai.example/a.xml", "https://krai.example/b.xml"]),
        ("nowhere-example", "Nowhere", "nowhere.example", "XX", "unlisted", ["en", "uk", "sw"], [], []),
    ]  # fmt: skip
    assert load_codebook(root / "claims.toml").languages == {"en", "uk"}  # Swahili needs words first


def test_the_worked_example_works(tmp_path: Path) -> None:
    """A sentence that conveys each claim is found, in the mouth of its side alone."""
    new_study(tmp_path / "mine", ["en"], None, TODAY)
    told = {
        "north": "Northland's army said that Southland's soldiers killed the people whose bodies were found.",
        "south": "Southland's government announced that it opened an inquiry into events at Exampleford.",
        "nobody": "Many roads lead to Exampleford, where the harvest was good this year.",
    }
    articles = [
        {"id": name, "language": "en", "headline": "Exampleford", "text": [text]}
        for name, text in told.items()
    ]
    codings = align(articles, tmp_path / "mine")
    assert {coding["id"]: list(coding["labels"]) for coding in codings} == {
        "north": ["north.southland_killed"],
        "south": ["south.opens_inquiry"],
        "nobody": [],
    }


def test_the_lexicon_lists_what_one_can_build_on(tmp_path: Path) -> None:
    """Each concept of the package, in each language with some words; nothing of them is in force."""
    new_study(tmp_path / "mine", ["fr"], None, TODAY)
    lexicon = tmp_path / "mine" / "lexicon"
    for file in ("concepts.toml", "fr.toml"):
        text = (lexicon / file).read_text(encoding="utf-8")
        assert all(f"#   {name}: " in text for name, _ in shared_concepts())
        assert len(tomllib.loads(text)) == 5


def test_nothing_is_overwritten(tmp_path: Path) -> None:
    """Whatever of a study stands in the folder is named, and stays."""
    (tmp_path / "claims.toml").write_text("mine")
    with pytest.raises(UsageError, match=r"has claims\.toml already"):
        new_study(tmp_path, ["en"], None, TODAY)
    assert [file.name for file in tmp_path.iterdir()] == ["claims.toml"]
    assert (tmp_path / "claims.toml").read_text() == "mine"


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("name,site\nA,a.example\n", "line 1: site, domain: the columns are name, domain, "),
        ("name,domain\nA,\n", "line 2: name and domain are needed"),
        ("name,domain\n", "has no outlet below its header"),
        ("name,domain,country\nA,a.example,France\n", r'\[\[outlet\]\] 1 \(id "a-example"\), key country'),
        ("name,domain\nA,a.example\nB,www.a.example\n", "domain 'a.example' stands 2 times"),
    ],
)
def test_a_faulty_table_makes_no_study(tmp_path: Path, text: str, expected: str) -> None:
    """What is wrong is told of the table, and no half of a study is left behind."""
    file = table(tmp_path, text)
    with pytest.raises(InputError, match=expected) as caught:
        new_study(tmp_path / "mine", ["en"], file, TODAY)
    assert str(file) in str(caught.value)
    assert ".new-study" not in str(caught.value)
    assert not list((tmp_path / "mine").glob("*"))


def test_a_language_is_a_code(tmp_path: Path) -> None:
    """English is en."""
    with pytest.raises(UsageError, match="'English' is not a language"):
        new_study(tmp_path / "mine", ["English"], None, TODAY)
