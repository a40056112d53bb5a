"""The attribution grid: every content in every construction of attribution, in the mouth of every side.

A coder that finds one side's words better than another's makes up a difference between outlets. The grid
shows it: sentences made from grammars written by hand (`coded/grid/` in the study, a file a language), whose
right coding is known because the speaker is chosen and `contents.toml` says whose claim the content is then.
"""

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Annotated, Literal, TypeVar

from pydantic import ConfigDict, Field

from gossi.crawler.config import Table, load_toml
from gossi.crawler.errors import ConfigError

FOLDER = Path("coded") / "grid"
"""Where a study keeps its grid."""

_CONTENTS = "contents.toml"

Outcome = Literal["said", "rejected", "doubted", "denied", "nothing"]
"""`said` by the speaker; so, but `rejected` by an opponent or `doubted`; `denied` by the opponent, nobody
having said it; `nothing`: nobody said it."""

_BEGINS = re.compile(r"(^|[«“„]\s?)([^\W\d_])")
"""The first letter of a sentence or quotation."""


class _Content(Table):
    """Whose claims a content is, by side that says it, and what the denial of a side claims.

    A `demand`, or an act that is told, is neither doubted nor asked about.
    """

    model_config = ConfigDict(extra="allow")
    __pydantic_extra__: dict[str, list[str]] = Field(init=False)
    denied: dict[str, list[str]] = Field(default={})
    demand: bool = False


class _Contents(Table):
    model_config = ConfigDict(extra="allow")
    __pydantic_extra__: dict[str, _Content] = Field(init=False)


class _Speaker(Table):
    """Who speaks; every other key is a form of the name."""

    model_config = ConfigDict(extra="allow")
    __pydantic_extra__: dict[str, str] = Field(init=False)
    side: str
    nom: str


class _Construction(Table):
    """A way of attributing: `text` with the forms of content, speaker and opponent in braces."""

    name: str
    outcome: Outcome = "said"
    without: list[str] = Field(default=[])
    headline: str = ""
    text: list[str]


Thing = TypeVar("Thing")
Pair = Annotated[list[str], Field(min_length=2, max_length=2)]


class _Grammar(Table):
    """A language; each content has two wordings: the first to fit a coder, the second to measure it."""

    intros: list[str] = Field(min_length=1)
    contractions: list[Pair] = Field(default=[])
    forms: dict[str, str]
    rivals: dict[str, str] = Field(min_length=2)
    speaker: list[_Speaker] = Field(min_length=1)
    content: dict[str, Annotated[list[dict[str, str]], Field(min_length=2, max_length=2)]]
    construction: list[_Construction] = Field(min_length=1)


@dataclass(frozen=True)
class Item:
    """A short article of the grid. `want`: the claims that it includes, and their stance."""

    id: str
    language: str
    construction: str
    content: str
    side: str
    headline: str
    text: tuple[str, ...]
    want: Mapping[str, str]


def grid_items(study: Path, *, for_fitting: bool = False) -> Iterator[Item]:
    """The grid of a study, language by language.

    Each construction meets each content in the mouth of each side that may say it; the names of a side, the
    openings and the opponents are dealt out in turn, so that each meets each construction and each content.

    Args:
        study: its folder.
        for_fitting: the wordings on which a coder may be fitted, never those by which it is measured.

    Raises:
        ConfigError: there is no grid, or a file of it is wrong.
    """
    folder = study / FOLDER
    contents = load_toml(folder / _CONTENTS, _Contents).__pydantic_extra__
    files = sorted(path for path in folder.glob("*.toml") if path.name != _CONTENTS)
    if not files:
        raise ConfigError(f"{folder}: no language in it; write a grammar beside {_CONTENTS}, such as fr.toml")
    for path in files:
        try:
            yield from _Maker(path.stem, load_toml(path, _Grammar), contents, for_fitting).items()
        except KeyError as error:
            raise ConfigError(
                f"{path}: {error.args[0]!r} is used, but is no form, speaker or content"
            ) from None


class _Maker:
    def __init__(
        self, language: str, grammar: _Grammar, contents: Mapping[str, _Content], for_fitting: bool
    ) -> None:
        self._language = language
        self._grammar = grammar
        self._contents = contents
        self._wording = 0 if for_fitting else 1
        self._speakers: dict[str, list[_Speaker]] = {}
        for speaker in grammar.speaker:
            self._speakers.setdefault(speaker.side, []).append(speaker)

    def items(self) -> Iterator[Item]:
        for turn, construction in enumerate(self._grammar.construction):
            for number, (name, side) in enumerate(self._said(construction)):
                yield self._item(construction, name, side, turn + number)

    def _said(self, construction: _Construction) -> Iterator[tuple[str, str]]:
        """The contents that fit a construction, each with who says it, or denies it."""
        outcome = construction.outcome
        for name in self._grammar.content:
            content = self._contents[name]
            if content.demand and outcome in {"doubted", "nothing"}:
                continue
            for side in content.denied if outcome == "denied" else content.__pydantic_extra__:
                is_answered = outcome != "rejected" or content.denied.keys() - {side}
                if is_answered and side not in construction.without:
                    yield name, side

    def _item(self, construction: _Construction, name: str, side: str, turn: int) -> Item:
        grammar, content = self._grammar, self._contents[name]
        speaker = _dealt(self._speakers[side], turn)
        opponents = [other for other in content.denied if other != side]
        opponent = speaker  # who denies what nobody has said, or where nobody answers
        if construction.outcome == "rejected":
            opponent = _dealt(self._speakers[_dealt(opponents, turn)], turn)
        words = {
            **grammar.content[name][self._wording],
            **_forms(speaker),
            **{f"opponent_{key}": form for key, form in _forms(opponent).items()},
            "opponent": opponent.nom,
            "rival": _dealt([name for of, name in grammar.rivals.items() if of != side], turn),
            "intro": _dealt(grammar.intros, turn),
        }
        words |= {form: made.format_map(words) for form, made in grammar.forms.items()}
        return Item(
            f"{self._language}: {construction.name}: {name}: {side}",
            self._language,
            construction.name,
            name,
            side,
            self._written(construction.headline, words),
            tuple(self._written(sentence, words) for sentence in construction.text),
            _wanted(construction.outcome, content, side, opponent.side),
        )

    def _written(self, template: str, words: Mapping[str, str]) -> str:
        sentence = template.format_map(words)
        for parted, joined in self._grammar.contractions:
            sentence = re.sub(rf"\b{re.escape(parted)}", joined, sentence)
        return _BEGINS.sub(lambda found: found[1] + found[2].upper(), sentence)


def _wanted(outcome: Outcome, content: _Content, side: str, opponent: str) -> dict[str, str]:
    if outcome == "nothing":
        return {}
    if outcome == "denied":
        return dict.fromkeys(content.denied[side], "attributed")
    stance = "attributed" if outcome == "said" else "disputed"
    answer = content.denied[opponent] if outcome == "rejected" else []
    return dict.fromkeys(answer, "attributed") | dict.fromkeys(content.__pydantic_extra__[side], stance)


def _forms(speaker: _Speaker) -> dict[str, str]:
    return {"nom": speaker.nom, **speaker.__pydantic_extra__}


def _dealt(things: Sequence[Thing], turn: int) -> Thing:
    return things[turn % len(things)]
