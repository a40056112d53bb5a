"""What people coded, as JSON Lines: `coded/draws/NAME/CODER.jsonl`, a file a coder. No texts.

A line is one coding of one version of an article by one coder in one mode; a later line for the same four
takes its place, so a coder's file is only ever added to. Several coders never write into one file.
"""

import os
from collections.abc import Iterable
from datetime import datetime
from pathlib import Path
from typing import Literal, Self

from pydantic import BaseModel, ConfigDict, Field, ValidationError, model_validator

from gossi.crawler.errors import InputError

Mode = Literal["sample", "second", "settle", "adjudicated"]
"""sample: the coding by which shares are estimated. second: the same article by another coder, for agreement.
adjudicated: what both settled on where they differed; it takes the place of the sample's. settle: of an
article that was chosen, not drawn: for learning, never for estimation."""

Cannot = Literal["incomplete", "no_article", "language", "other"]
"""Why an article cannot be judged. incomplete, no_article: it counts as not observable. language (nobody here
reads it), other: it counts as not coded."""

NAME = r"[\w.-]+"
"""What a coder's name is made of: it names a file."""

PROGRAM = "program"
"""The coder that codes everything; no person's name."""


class Label(BaseModel):
    """How an article reports a claim that it includes."""

    model_config = ConfigDict(extra="ignore", frozen=True)

    stance: Literal["asserted", "attributed", "disputed"]
    sentences: list[int] = Field(default_factory=list, description="that convey it; -1 is the headline")


class PersonsCoding(BaseModel):
    """A line: the `gold` form of `gossi validate`, and who coded what, when and why not.

    A claim that stands in `claims` and not in `labels` was looked for and is not there; one that stands in
    neither was not asked for.
    """

    model_config = ConfigDict(extra="forbid", frozen=True)

    id: str = Field(description="article_id in the store")
    version: str = Field(description="digest of the version that was read")
    coder: str = Field(pattern=f"^{NAME}$")
    time: datetime = Field(description="UTC")
    mode: Mode
    on_topic: bool = False
    labels: dict[str, Label] = Field(default_factory=dict, description="claims that it includes")
    claims: dict[str, str] = Field(
        default_factory=dict, description="claims that were asked for → digest of the entry in claims.toml"
    )
    cannot: Cannot | None = Field(default=None, description="why it cannot be judged")
    note: str = ""

    @model_validator(mode="after")
    def _consistent(self) -> Self:
        if self.coder == PROGRAM:
            raise ValueError(f'"{PROGRAM}" is the program\'s own name; choose another')
        if unasked := sorted(set(self.labels) - set(self.claims)):
            raise ValueError(f"{', '.join(unasked)}: in labels but not in claims")
        return self


def codings_file(folder: Path, coder: str) -> Path:
    """Where a coder's codings of the draw in `folder` stand."""
    return folder / f"{coder}.jsonl"


def append_coding(folder: Path, coding: PersonsCoding) -> None:
    """Add a coding to its coder's file; it is on the disk when this returns."""
    with codings_file(folder, coding.coder).open("a+b") as file:
        file.seek(0)
        # What a crash left of a line would spoil the one behind it.
        file.truncate(file.read().rfind(b"\n") + 1)
        file.write(coding.model_dump_json(exclude_none=True).encode() + b"\n")
        file.flush()
        os.fsync(file.fileno())


def read_codings(folder: Path) -> list[PersonsCoding]:
    """The codings in the *.jsonl files of `folder` that hold: of a version, coder and mode the last line.

    A last line without an end is what a crash left of a coding that was never confirmed; it is passed over.

    Raises:
        InputError: a line is no coding.
    """
    codings = [coding for file in sorted(folder.glob("*.jsonl")) for coding in _lines(file)]
    return list({(c.id, c.version, c.coder, c.mode): c for c in codings}.values())


def _lines(file: Path) -> Iterable[PersonsCoding]:
    try:
        *lines, torn = file.read_bytes().split(b"\n")
    except OSError as error:
        raise InputError(f"{file}: cannot be read: {error.strerror}") from None
    for number, line in enumerate([*lines, torn], 1):
        if not line.strip():
            continue
        try:
            yield PersonsCoding.model_validate_json(line)
        except ValidationError as error:
            if line is torn:
                return
            problem = error.errors()[0]
            key = ".".join(map(str, problem["loc"])) or "line"
            raise InputError(
                f"{file}: line {number}: key {key}: {problem['msg']}; mend the line or take it out"
            ) from None
