"""The recipes of docs/coding.md: each is applied to a copy of claims.toml, and a sentence is coded by it."""

import re
from pathlib import Path

import pytest

from analysis.alignment.align import Aligner
from analysis.codebook import load_codebook

ROOT = Path(__file__).parents[1]
PAGE = (ROOT / "docs" / "coding.md").read_text(encoding="utf-8")
CLAIMS = (ROOT / "claims.toml").read_text(encoding="utf-8")

BURIED = "france.russians_buried_bodies"
COUNCIL = "mali.turns_to_security_council"
DUNES = (
    "The French army said that Russian mercenaries had tucked the bodies under the dunes near Gossi in Mali."
)
COUNCIL_EN = (
    "After the quarrel over Gossi, the Malian government asked for a meeting of the Security Council on "
    "French aircraft."
)
COUNCIL_FR = (
    "Après la querelle de Gossi, le gouvernement malien réclame une réunion du Conseil de sécurité sur les "
    "avions français."
)
ACCESS = [
    "The grave lies near Gossi in Mali.",
    "The UN mission said that it had asked for access to the site.",
]
SWAHILI = (
    "Jeshi la Ufaransa lilisema kwamba picha zinaonyesha mamluki wakizika miili karibu na Gossi, kaskazini "
    "mwa Mali."
)


def recipe(heading: str) -> tuple[str, str]:
    """The kind and the text of the first fence under a heading of the page."""
    section = PAGE.partition(f"\n### {heading}\n")[2].partition("\n### ")[0]
    found = re.search(r"^```(diff|toml)\n(.*?)^```$", section, flags=re.MULTILINE | re.DOTALL)
    assert found is not None
    return found[1], found[2]


def applied(heading: str) -> str:
    """claims.toml with a recipe: new tables at its end, or the new lines of a diff in their places."""
    kind, block = recipe(heading)
    if kind == "toml":
        return f"{CLAIMS}\n{block}"
    text = CLAIMS
    for hunk in block.split("\n\n"):
        lines = hunk.splitlines()
        old = "".join(f"{line[1:]}\n" for line in lines if line.startswith(" "))
        new = "".join(f"{line[1:]}\n" for line in lines)
        assert text.count(old) == 1, old
        text = text.replace(old, new)
    return text


def aligner(folder: Path, text: str) -> Aligner:
    """A coder with such a claims.toml."""
    file = folder / "claims.toml"
    file.write_text(text, encoding="utf-8")
    return Aligner(load_codebook(file))


@pytest.mark.parametrize(
    ("heading", "sentences", "claim"),
    [
        ("Add a word", [DUNES], BURIED),
        ("Add a claim", [COUNCIL_EN], COUNCIL),
        ("Add a claim", [COUNCIL_FR], COUNCIL),
        ("Add a side", ACCESS, "un.asks_for_access"),
        ("Add a language", [SWAHILI], BURIED),
    ],
)
def test_a_recipe_does_what_it_says(heading: str, sentences: list[str], claim: str, tmp_path: Path) -> None:
    """The page's sentence conveys the claim with the recipe, and did not without it: no code was changed."""
    on_one_line = PAGE.replace("\n", " ")
    assert all(sentence in on_one_line for sentence in sentences), "the page has another sentence"
    assert claim not in aligner(tmp_path, CLAIMS).code("Gossi", sentences).claims
    coding = aligner(tmp_path, applied(heading)).code("Gossi", sentences)
    assert claim in coding.claims
    assert coding.claims[claim].sentences == (len(sentences) - 1,)


def test_a_new_side_has_its_own_account_only(tmp_path: Path) -> None:
    """What the new side says is nobody else's claim, and its claim in another's mouth is not its own."""
    coder = aligner(tmp_path, applied("Add a side"))
    assert set(coder.code("Gossi", ACCESS).claims) == {"un.asks_for_access"}
    other = [ACCESS[0], "The Malian government said that it had asked for access to the site."]
    assert "un.asks_for_access" not in coder.code("Gossi", other).claims


def test_a_new_language_leaves_the_others_alone(tmp_path: Path) -> None:
    """With the recipe one more language has wordings, and other languages are coded as before."""
    before = load_codebook(ROOT / "claims.toml")
    coder = aligner(tmp_path, applied("Add a language"))
    assert coder.codebook.languages - before.languages == {"sw"}
    sentence = "The French army filmed Russian mercenaries burying bodies near Gossi in Mali."
    assert coder.code("Gossi", [sentence]) == Aligner(before).code("Gossi", [sentence])
