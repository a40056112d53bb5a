"""analysis/coding/grid.py and grid_figures.py: the attribution grid.

Also tests analysis/coding/grid_figures.py.
"""

from pathlib import Path

import pytest

from gossi.analysis.codebook import load_codebook
from gossi.analysis.coding.grid import grid_items
from gossi.analysis.coding.grid_figures import Tally
from gossi.crawler.errors import ConfigError

STUDY = Path(__file__).parents[1]

CONTENTS = """
[fire]
north = ["north.fire"]
south = []
denied.south = ["south.innocent"]

[trial]
demand = true
south = ["south.trial"]
"""

GRAMMAR = """
intros = ["It burned."]
contractions = [["of the lord", "of the Lord"]]

[forms]
main = "{s} {v}"

[rivals]
north = "the North"
south = "the South"

[[speaker]]
side = "north"
nom = "the lord of the north"

[[speaker]]
side = "south"
nom = "the lady"

[[content.fire]]
s = "the mill"
v = "was lit"

[[content.fire]]
s = "the barn"
v = "was set alight"

[[content.trial]]
s = "a judge"
v = "must come"

[[content.trial]]
s = "a court"
v = "must sit"

[[construction]]
name = "quoted"
text = ["{intro}", "“{main},” said {nom}."]

[[construction]]
name = "rejected"
outcome = "rejected"
text = ["{nom} says {main}.", "{opponent} denies it."]

[[construction]]
name = "denied"
outcome = "denied"
headline = "A denial of {opponent}"
text = ["{opponent} denies that {main}."]

[[construction]]
name = "silent"
outcome = "nothing"
without = ["south"]
text = ["{nom} did not say whether {main}."]
"""


def a_study(folder: Path, grammar: str = GRAMMAR) -> Path:
    """A study with a grid of two contents and two sides."""
    grid = folder / "coded" / "grid"
    grid.mkdir(parents=True)
    (grid / "contents.toml").write_text(CONTENTS, encoding="utf-8")
    (grid / "en.toml").write_text(grammar, encoding="utf-8")
    return folder


def test_each_content_meets_each_construction_and_each_side(tmp_path: Path) -> None:
    """Who speaks makes it a claim; a demand is not asked about, a denial is the denier's."""
    items = [(item.id, item.headline, item.text, dict(item.want)) for item in grid_items(a_study(tmp_path))]
    assert items == [
        (
            "en: quoted: fire: north",
            "",
            ("It burned.", "“The barn was set alight,” said the lord of the north."),
            {"north.fire": "attributed"},
        ),
        ("en: quoted: fire: south", "", ("It burned.", "“The barn was set alight,” said the lady."), {}),
        (
            "en: quoted: trial: south",
            "",
            ("It burned.", "“A court must sit,” said the lady."),
            {"south.trial": "attributed"},
        ),
        (
            "en: rejected: fire: north",
            "",
            ("The lord of the north says the barn was set alight.", "The lady denies it."),
            {"south.innocent": "attributed", "north.fire": "disputed"},
        ),
        (
            "en: denied: fire: south",
            "A denial of the lady",
            ("The lady denies that the barn was set alight.",),
            {"south.innocent": "attributed"},
        ),
        (
            "en: silent: fire: north",
            "",
            ("The lord of the north did not say whether the barn was set alight.",),
            {},
        ),
    ]


def test_a_coder_is_fitted_on_other_wordings(tmp_path: Path) -> None:
    """The wordings by which it is measured are not among them."""
    study = a_study(tmp_path)
    measured, fitted = (
        {sentence for item in grid_items(study, for_fitting=fitting) for sentence in item.text[-1:]}
        for fitting in (False, True)
    )
    assert "The lady denies that the mill was lit." in fitted
    assert "The lady denies that the mill was lit." not in measured


def test_a_form_that_is_missing_is_named(tmp_path: Path) -> None:
    """The message says which file and which form."""
    study = a_study(tmp_path, GRAMMAR.replace("said {nom}", "said {genitive}"))
    with pytest.raises(ConfigError, match=r"en\.toml: .*'genitive'"):
        list(grid_items(study))


def test_a_study_without_a_grid_is_told_so(tmp_path: Path) -> None:
    """The message names the folder."""
    with pytest.raises(ConfigError, match=r"contents\.toml"):
        list(grid_items(tmp_path))


def test_counts_become_shares() -> None:
    """Two of three claims found are right, one of two wanted is found; one article of two is all right."""
    tally = Tally()
    tally.add({"a": "attributed", "b": "disputed"}, {"a": "disputed", "c": "attributed"})
    tally.add({"b": "disputed"}, {"b": "disputed"})
    assert (tally.precision, tally.recall, tally.exact, tally.stance) == (2 / 3, 2 / 3, 1 / 2, 1 / 2)


def test_the_study_has_every_construction_of_the_languages() -> None:
    """At least 25 constructions in English and French, 15 in the others, in one grammar a language."""
    constructions: dict[str, set[str]] = {}
    for item in grid_items(STUDY):
        constructions.setdefault(item.language, set()).add(item.construction)
    assert {language: len(names) >= 15 for language, names in constructions.items()} == dict.fromkeys(
        ("ar", "de", "en", "es", "fr", "ru"), True
    )
    assert min(len(constructions["en"]), len(constructions["fr"])) >= 25


def test_every_claim_of_the_grid_is_in_the_codebook() -> None:
    """A claim that nobody knows would be missed for ever."""
    known = {claim.id for claim in load_codebook(STUDY / "claims.toml").claims}
    assert {claim for item in grid_items(STUDY) for claim in item.want} == known
