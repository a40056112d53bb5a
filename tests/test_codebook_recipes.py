"""The recipes of docs/coding.md: each is applied to a copy of the codebook, and a sentence is coded by it."""

import re
import shutil
from pathlib import Path

import pytest

from gossi.analysis.alignment.align import Aligner
from gossi.analysis.codebook import load_codebook

ROOT = Path(__file__).parents[1]
PAGE = (ROOT / "docs" / "coding.md").read_text(encoding="utf-8")

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


def recipe(heading: str) -> list[tuple[str, str]]:
    """The fences under a heading of the page: the file that each names in its first line, and the tables."""
    section = PAGE.partition(f"\n### {heading}\n")[2].partition("\n### ")[0].partition("\n## ")[0]
    found = re.findall(r"^```toml\n# (\S+)\n(.*?)^```$", section, flags=re.MULTILINE | re.DOTALL)
    assert len(found) == section.count("```") / 2 > 0
    return found


def aligner(folder: Path, heading: str = "") -> Aligner:
    """A coder with a copy of the codebook, to whose files a recipe's tables are added at the end."""
    shutil.copytree(ROOT / "lexicon", folder / "lexicon", dirs_exist_ok=True)
    shutil.copyfile(ROOT / "claims.toml", folder / "claims.toml")
    for name, tables in recipe(heading) if heading else []:
        with (folder / name).open("a", encoding="utf-8") as file:
            file.write(f"\n{tables}")
    return Aligner(load_codebook(folder / "claims.toml"))


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
    assert claim not in aligner(tmp_path).code("Gossi", sentences).claims
    coding = aligner(tmp_path, heading).code("Gossi", sentences)
    assert claim in coding.claims
    assert coding.claims[claim].sentences == (len(sentences) - 1,)


def test_a_new_side_has_its_own_account_only(tmp_path: Path) -> None:
    """What the new side says is nobody else's claim, and its claim in another's mouth is not its own."""
    coder = aligner(tmp_path, "Add a side")
    assert set(coder.code("Gossi", ACCESS).claims) == {"un.asks_for_access"}
    other = [ACCESS[0], "The Malian government said that it had asked for access to the site."]
    assert "un.asks_for_access" not in coder.code("Gossi", other).claims


def test_a_new_language_leaves_the_others_alone(tmp_path: Path) -> None:
    """With the recipe one more language has wordings, and other languages are coded as before."""
    before = load_codebook(ROOT / "claims.toml", fitted=False)
    coder = aligner(tmp_path, "Add a language")
    assert coder.codebook.languages - before.languages == {"sw"}
    sentence = "The French army filmed Russian mercenaries burying bodies near Gossi in Mali."
    assert coder.code("Gossi", [sentence]) == Aligner(before).code("Gossi", [sentence])
