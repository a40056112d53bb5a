"""The statement under test: [statement] of claims.toml."""

from typing import Self

from pydantic import Field, model_validator

from gossi.crawler.config import Table
from gossi.crawler.values import Slug, Words


class Reading(Table):
    """A [statement.reading.…] table: which claims stand for each side's account."""

    name: Words = Field(description="what the reading takes for an account, for people to read")
    claims: dict[Slug, list[Slug]] = Field(description="side → its claims, the same number of each side")


class Statement(Table):
    """[statement]: outlets of a bloc are said to leave one side's account out and give another's credence."""

    text: Words = Field(description="the statement, in a sentence")
    bloc: Slug = Field(description="the bloc of outlets of which it speaks")
    favoured: Slug = Field(description="the side said to be given credence")
    neglected: list[Slug] = Field(min_length=1, description="the sides said to be left out")
    reading: dict[Slug, Reading] = Field(min_length=1, description="in the order of the page")

    @property
    def sides(self) -> list[str]:
        """The sides that are compared."""
        return [self.favoured, *self.neglected]

    @model_validator(mode="after")
    def _even(self) -> Self:
        for name, reading in self.reading.items():
            missing = [side for side in self.sides if not reading.claims.get(side)]
            if missing:
                raise ValueError(f"[statement.reading.{name}], key claims: none of {', '.join(missing)}")
            counts = {side: len(set(claims)) for side, claims in reading.claims.items()}
            if len(set(counts.values())) > 1:
                told = ", ".join(f"{count} of {side}" for side, count in counts.items())
                raise ValueError(
                    f"[statement.reading.{name}], key claims: {told}; a side with more claims is given more "
                    "easily: name the same number of each"
                )
        return self

    def problems(self, sides_of_claims: dict[str, str]) -> list[str]:
        """What it names that the codebook does not have.

        Args:
            sides_of_claims: claim → its side.
        """
        known = set(sides_of_claims.values())
        unknown = [
            f"[statement]: {side!r} is no [[side]] with claims" for side in self.sides if side not in known
        ]
        return unknown + [
            f"[statement.reading.{name}], key claims: {claim!r} is no [[claim]] of {side!r}"
            for name, reading in self.reading.items()
            for side, claims in reading.claims.items()
            for claim in claims
            if sides_of_claims.get(claim) != side
        ]

    def claim_rows(self) -> list[tuple[object, ...]]:
        """Rows of the table statement_claim."""
        return [
            (name, reading.name, number, "favoured" if side == self.favoured else "neglected", side, claim)
            for number, (name, reading) in enumerate(self.reading.items(), 1)
            for side in self.sides
            for claim in reading.claims[side]
        ]
