"""The blocs of a study, in which its outlets are compared: the [[bloc]] entries of sources.toml."""

from collections import Counter
from pathlib import Path

from pydantic import ConfigDict, Field, field_validator

from gossi.crawler.config import Table, load_toml
from gossi.crawler.values import Slug, Words

UNLISTED = "unlisted"
"""The bloc of outlets of which none is known: the program's own, in every study."""

AGGREGATOR = "aggregator"
"""What outlets that republish others are counted under; no bloc that an outlet can be of."""


class Bloc(Table):
    """A [[bloc]] entry: outlets that are compared with others as a whole."""

    id: Slug
    name: Words = Field(description="as a heading: 'Western'")
    adjective: Words = Field(description="as it stands before 'outlets' within a sentence: 'Western'")
    side: Slug | None = Field(default=None, description="the side of claims.toml whose own outlets these are")
    colour: str | None = Field(
        default=None, pattern="^#[0-9a-fA-F]{6}$", description="in charts, like '#1f77b4'"
    )

    @field_validator("id")
    @classmethod
    def _free(cls, value: str) -> str:
        if value in {UNLISTED, AGGREGATOR}:
            raise ValueError(f"{value!r} is the program's own; outlets can be counted under it without entry")
        return value


class _BlocsFile(Table):
    """Of sources.toml the blocs alone."""

    bloc: list[Bloc] = Field(default_factory=list)

    model_config = ConfigDict(extra="ignore")


def load_blocs(path: Path) -> list[Bloc]:
    """The [[bloc]] entries of a sources.toml, whatever else stands there. Raises ConfigError."""
    return load_toml(path, _BlocsFile).bloc


def twice(blocs: list[Bloc]) -> list[str]:
    """Ids that stand in more than one entry, and sides of which two blocs are said to be the own."""
    named = {"id": [bloc.id for bloc in blocs], "side": [bloc.side for bloc in blocs if bloc.side]}
    return [
        f"{key} {value!r} stands {count} times in the [[bloc]] entries"
        for key, values in named.items()
        for value, count in Counter(values).items()
        if count > 1
    ]
