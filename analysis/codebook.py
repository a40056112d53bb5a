"""Reads claims.toml: the sides, their claims, and the concepts and frames by which a claim is found."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, date, datetime, time
from functools import cached_property
from pathlib import Path
from typing import Literal

from pydantic import ConfigDict, Field, StrictBool, field_validator, model_validator

from crawler.config import Table, load_toml
from crawler.study import Language, Slug, Terms, Words, file_digest

Precision = Literal["minute", "day"]
"""How exactly it is known when a claim became public."""

SPEAKS = ".speaks"
"""`mali.speaks` in a frame: a voice of the side is this sentence's speaker, named in it or carried over."""

NAMED = ".named"
"""`mali.named`: a voice of the side is this sentence's speaker and named in it."""

ALONE = ".alone"
"""`mali.alone`: the side is the only one whose voice is this sentence's speaker and named in it."""


class Side(Table):
    """A [[side]] entry."""

    id: Slug
    name: Words
    voices: list[Words] = Field(min_length=1, description="concepts: who speaks for the side")
    country: list[Words] = Field(
        default_factory=list,
        description="concepts: a country that speaks, but behind a word like 'in' is a place",
    )


class Frame(Table):
    """A [[claim.frame]]: one way in which a sentence can convey the claim. All its parts must be met.

    A part names a concept, or several with `|` between of which one is enough. `a > b` wants b within ten
    words behind a; `a ~ b` within eight words, in any order.
    """

    name: Words
    here: list[Words] = Field(min_length=1, description="parts that the sentence itself has")
    near: list[Words] = Field(
        default_factory=list, description="parts it has, or a sentence up to `reach` before"
    )
    article: list[Words] = Field(
        default_factory=list, description="parts that some sentence of the article has"
    )
    not_here: list[Words] = Field(
        default_factory=list, description="what rules the frame out in the sentence"
    )
    not_near: list[Words] = Field(default_factory=list, description="and up to `reach` sentences before")
    not_article: list[Words] = Field(default_factory=list, description="and anywhere in the article")
    reach: int = Field(default=2, ge=0, le=5)
    agreement: float = Field(
        default=0.9,
        gt=0,
        lt=1,
        description="share of the articles where it found the claim that coders agree on",
    )


class Claim(Table):
    """A [[claim]] entry."""

    id: Slug
    side: Slug
    paragraph: int | None = Field(default=None, gt=0, description="of the seed article, from 1")
    public_since: datetime | date
    source: Words = Field(description="how it is known when the claim became public")
    statement: Words
    about_topic: StrictBool = Field(
        default=True, description="a sentence that conveys it is about the study's topic"
    )
    frame: list[Frame] = Field(min_length=1)
    disputed: list[Frame] = Field(default_factory=list, description="ways in which an article rejects it")
    disputed_with: list[Slug] = Field(default_factory=list, description="claims whose inclusion rejects it")
    asserted: list[Frame] = Field(
        default_factory=list, description="ways in which a sentence states it in the outlet's own voice"
    )

    # A bare string or number would be taken for a time as well.
    model_config = ConfigDict(strict=True)

    @field_validator("public_since", mode="before")
    @classmethod
    def _dated(cls, value: object) -> object:
        if not isinstance(value, date):
            raise ValueError(  # noqa: TRY004 - pydantic words a ValueError, and passes a TypeError on
                "is no date; write a day, 2022-04-20, or a time, 2022-04-20T20:06:00Z, without quotes"
            )
        if isinstance(value, datetime) and value.tzinfo is None:
            raise ValueError("has a time but no zone; write 2022-04-20T20:06:00Z, or the day alone")
        return value

    @property
    def public_precision(self) -> Precision:
        """Whether the minute is known or only the day."""
        return "minute" if isinstance(self.public_since, datetime) else "day"

    @property
    def public_since_utc(self) -> datetime:
        """When the claim became public: UTC without zone; midnight where only the day is known."""
        if isinstance(self.public_since, datetime):
            return self.public_since.astimezone(UTC).replace(tzinfo=None)
        return datetime.combine(self.public_since, time())


class Matching(Table):
    """The [matching] table: what holds for all claims."""

    confirm: float = Field(gt=0, lt=100, description="a mention with a lower score is a suggestion")
    speech: list[Words] = Field(min_length=1, description="concepts: verbs of saying")
    according: list[Words] = Field(min_length=1, description="concepts: 'according to'")
    others: list[Words] = Field(description="concepts: who speaks for no side")
    anaphors: list[Words] = Field(description="concepts: who spoke before: 'he', 'the ministry'")
    first_person: list[Words] = Field(default_factory=list, description="concepts: the author's own 'we'")
    same: list[Words] = Field(
        default_factory=list, description="concepts: 'by his account': who spoke before speaks on"
    )
    that: list[Words] = Field(
        default_factory=list, description="concepts: words behind which what is said begins"
    )
    locative: list[Words] = Field(
        default_factory=list, description="concepts: words before a country's name that make it a place"
    )
    subject_first: list[Language] = Field(
        description="languages whose subject stands behind its verb only after a quotation"
    )
    subject_behind: list[Language] = Field(description="languages whose verb stands before its subject")
    verb_last: list[Language] = Field(
        default_factory=list, description="languages whose verb ends the sentence"
    )
    unspaced: list[Language] = Field(default_factory=list, description="languages written without spaces")
    silence: list[Words] = Field(
        default_factory=list, description="parts: a sentence that has one tells that somebody did not speak"
    )
    carried: int = Field(ge=0, le=6, description="sentences over which a speaker is carried")
    anchors: list[Words] = Field(description="concepts, one of which every article with a claim has")
    essential: list[Words] = Field(
        min_length=1, description="concepts, one of which every article with a claim touches"
    )
    topic: list[Words] = Field(min_length=1, description="parts: a sentence that has one is about the topic")
    topic_headline: list[Words] = Field(
        default_factory=list, description="parts: a headline that has one makes the article on topic"
    )
    topic_sentences: int = Field(ge=1, description="sentences about the topic that make an article on topic")


class _File(Table):
    """The whole of claims.toml."""

    matching: Matching
    side: list[Side] = Field(min_length=1)
    claim: list[Claim] = Field(min_length=1)
    concept: dict[Slug, dict[Language, Terms]] = Field(min_length=1)

    @model_validator(mode="after")
    def _consistent(self) -> "_File":
        problems = [*self._twice(), *self._unknown_sides(), *self._unknown_concepts(), *self._wordless()]
        if problems:
            raise ValueError("; ".join(problems))
        return self

    def _wordless(self) -> list[str]:
        return [
            f"[concept.{name}], key {language}: {term!r} has no letter"
            for name, languages in self.concept.items()
            for language, terms in languages.items()
            for term in terms
            if not any(letter.isalnum() for letter in term)
        ]

    def _twice(self) -> list[str]:
        names = [("side", [side.id for side in self.side]), ("claim", [claim.id for claim in self.claim])]
        return [
            f"[[{table}]] (id {name!r}), key id: stands {ids.count(name)} times"
            for table, ids in names
            for name in dict.fromkeys(ids)
            if ids.count(name) > 1
        ]

    def _unknown_sides(self) -> list[str]:
        sides = {side.id for side in self.side}
        claims = {claim.id for claim in self.claim}
        unknown = [
            f"[[claim]] (id {claim.id!r}), key side: {claim.side!r} is no [[side]]; "
            f"there are {', '.join(sorted(sides))}"
            for claim in self.claim
            if claim.side not in sides
        ]
        return unknown + [
            f"[[claim]] (id {claim.id!r}), key disputed_with: {other!r} is no [[claim]]"
            for claim in self.claim
            for other in claim.disputed_with
            if other not in claims
        ]

    def _unknown_concepts(self) -> list[str]:
        known = set(self.concept)
        known |= {f"{side.id}{what}" for side in self.side for what in (SPEAKS, NAMED, ALONE)}
        matching = self.matching
        places = [
            *(
                (f"[[side]] (id {side.id!r}), key {key}", getattr(side, key))
                for side in self.side
                for key in ("voices", "country")
            ),
            *(
                (f"[matching], key {key}", getattr(matching, key))
                for key in (
                    "speech",
                    "according",
                    "others",
                    "anaphors",
                    "first_person",
                    "same",
                    "that",
                    "locative",
                    "silence",
                    "anchors",
                    "essential",
                    "topic",
                    "topic_headline",
                )
            ),
            *(
                (
                    f"[[claim]] (id {claim.id!r}), [[claim.{kind}]] (name {frame.name!r}), key {key}",
                    getattr(frame, key),
                )
                for claim in self.claim
                for kind, frames in (
                    ("frame", claim.frame),
                    ("disputed", claim.disputed),
                    ("asserted", claim.asserted),
                )
                for frame in frames
                for key in ("here", "near", "article", "not_here", "not_near", "not_article")
            ),
        ]
        return [
            f"{place}: {name!r} is no [concept.…] table"
            for place, parts in places
            for part in parts
            for name in concepts_of(part)
            if name not in known
        ]


def concepts_of(part: str) -> list[str]:
    """The concepts that a part of a frame names."""
    return [
        name.strip() for alternative in part.split("|") for name in alternative.replace("~", ">").split(">")
    ]


@dataclass(frozen=True)
class Codebook:
    """The codebook of a study. `digest` is the SHA-256 of the file: the codebook's version."""

    digest: str
    matching: Matching
    sides: tuple[Side, ...]
    claims: tuple[Claim, ...]
    concepts: Mapping[str, Mapping[str, list[str]]]

    @cached_property
    def languages(self) -> frozenset[str]:
        """The languages with wordings: those in which verbs of saying are known."""
        return frozenset.intersection(
            *(frozenset(self.concepts[name]) for name in (*self.matching.speech, *self.matching.anchors))
        )


def load_codebook(path: Path) -> Codebook:
    """Read and check claims.toml.

    Raises:
        ConfigError: the file is missing, is not TOML, or tables or keys are wrong: a line for each.
    """
    file = load_toml(path, _File)
    return Codebook(file_digest(path), file.matching, tuple(file.side), tuple(file.claim), file.concept)
