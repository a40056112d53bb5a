"""A drawn sample on disk, without texts: `coded/draws/NAME/` with draw.json, frame.csv, codings (codings.py).

`draw.json` says how the sample was drawn and which articles are in it; `frame.csv` names every article that
could have been drawn, so that shares are estimated for exactly those, whatever the store has taken in since.
"""

import csv
import hashlib
from collections.abc import Iterable, Iterator, Sequence
from datetime import datetime
from pathlib import Path
from typing import NamedTuple, Self

from pydantic import BaseModel, ConfigDict, Field, ValidationError, model_validator

from gossi.crawler.errors import InputError

DRAW_FILE = "draw.json"
FRAME_FILE = "frame.csv"


class _Part(BaseModel):
    """A part of draw.json: a key it does not know is an error, never ignored."""

    model_config = ConfigDict(extra="forbid", frozen=True)


class Frame(_Part):
    """What the sample was drawn from: the rows of frame.csv."""

    digest: str = Field(description="SHA-256 of frame.csv, hexadecimal")
    articles: int = Field(ge=1)
    texts: int = Field(ge=1, description="articles, those of a stratum that print one text counted once")


class Stratum(_Part):
    """A part of the frame from which texts were drawn by themselves, each with the same chance."""

    stratum: str
    articles: int = Field(ge=1)
    texts: int = Field(ge=1)
    drawn: int = Field(ge=0, description="texts")

    @property
    def chance(self) -> float:
        """Each text's chance of having been drawn."""
        return self.drawn / self.texts


class Drawn(_Part):
    """An article of the sample."""

    position: int = Field(ge=1, description="in the order in which people code: any beginning is a sample")
    article: str = Field(description="article_id in the store")
    version: str = Field(description="digest of the version that is to be coded")
    stratum: str
    text: str = Field(description="the first article of those that print its text")
    chance: float = Field(gt=0, le=1)


class Draw(_Part):
    """draw.json."""

    draw: str = Field(description="its name, that of its folder")
    time: datetime = Field(description="UTC")
    seed: int
    by: list[str] = Field(description="what the strata were made by: bloc, language")
    frame: Frame
    strata: list[Stratum] = Field(min_length=1)
    articles: list[Drawn] = Field(min_length=1)

    @model_validator(mode="after")
    def _consistent(self) -> Self:
        chances = {stratum.stratum: stratum.chance for stratum in self.strata}
        for article in self.articles:
            if article.stratum not in chances:
                raise ValueError(f"article {article.article}: {article.stratum!r} is none of the strata")
        ids = [article.article for article in self.articles]
        if len(set(ids)) < len(ids):
            raise ValueError("an article stands twice among the drawn")
        return self


class InFrame(NamedTuple):
    """An article that could have been drawn: a row of frame.csv."""

    article: str
    version: str
    stratum: str
    text: str


def draw_folders(draws: Path) -> list[Path]:
    """The folders of the draws in `coded/draws`, in the order of their names."""
    return sorted(file.parent for file in draws.glob(f"*/{DRAW_FILE}"))


def read_draw(folder: Path) -> Draw:
    """Read the draw in `folder` and see that its frame is the one that it was drawn from.

    Raises:
        InputError: a file is missing, is not of its form, or frame.csv has been changed.
    """
    file = folder / DRAW_FILE
    try:
        draw = Draw.model_validate_json(file.read_bytes())
    except OSError as error:
        raise InputError(f"{file}: cannot be read: {error.strerror}; `gossi draw` makes it") from None
    except ValidationError as error:
        place = "; ".join(
            f"key {'.'.join(map(str, item['loc']))}: {item['msg']}" for item in error.errors()[:3]
        )
        raise InputError(f"{file}: {place}; restore the file as `gossi draw` wrote it") from None
    if frame_digest(folder) != draw.frame.digest:
        raise InputError(
            f"{folder / FRAME_FILE}: is not the frame that this sample was drawn from, so no chance is "
            "known; restore the file as `gossi draw` wrote it"
        )
    return draw


def frame_digest(folder: Path) -> str:
    """SHA-256 of frame.csv, hexadecimal."""
    file = folder / FRAME_FILE
    try:
        # A version-control system may have changed the line ends.
        return hashlib.sha256(file.read_bytes().replace(b"\r\n", b"\n")).hexdigest()
    except OSError as error:
        raise InputError(f"{file}: cannot be read: {error.strerror}; `gossi draw` makes it") from None


def read_frame(folder: Path) -> Iterator[InFrame]:
    """The rows of frame.csv."""
    with (folder / FRAME_FILE).open(encoding="utf-8", newline="") as file:
        for row in csv.DictReader(file):
            yield InFrame(*(row[column] for column in InFrame._fields))


def write_frame(folder: Path, frame: Iterable[Sequence[str]]) -> None:
    """Write frame.csv: rows of the columns of `InFrame`, in their order."""
    with (folder / FRAME_FILE).open("w", encoding="utf-8", newline="") as file:
        writer = csv.writer(file, lineterminator="\n")
        writer.writerow(InFrame._fields)
        writer.writerows(frame)


def write_draw(folder: Path, draw: Draw) -> None:
    """Write draw.json; the one that was there is replaced in one step."""
    building = folder / f"{DRAW_FILE}.building"
    building.write_text(draw.model_dump_json(indent=1) + "\n", encoding="utf-8", newline="\n")
    building.replace(folder / DRAW_FILE)
