"""Reads the codebook: the sides, their claims and frames in claims.toml, and from the lexicon their words."""

import hashlib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import UTC, date, datetime, time
from functools import cached_property
from pathlib import Path
from typing import Literal

from pydantic import ConfigDict, Field, StrictBool, field_validator, model_validator

from gossi.analysis.fit import Fit, load_fit
from gossi.analysis.statement import Statement
from gossi.crawler.config import Table, load_toml
from gossi.crawler.errors import ConfigError
from gossi.crawler.lexicon.lexicon import Grammar, load_lexicon
from gossi.crawler.study.blocs import load_blocs
from gossi.crawler.values import Slug, Words

Precision = Literal["minute", "day"]
"""How exactly it is known when a claim became public."""

PART_KEYS = ("here", "near", "article", "not_here", "not_near", "not_article")
"""The keys of a frame that hold parts."""

CONCEPT_KEYS = (
    "speech", "according", "others", "anaphors", "first_person", "same", "that", "locative", "denials",
    "agents", "joins", "both", "media", "sources", "silence", "hedge", "manner", "rejection", "elsewhere",
    "anchors", "essential", "topic", "topic_headline", "topic_claimed",
)  # fmt: skip
"""The keys of [matching] that hold concepts or parts."""

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
    voices: list[Words] = Field(
        default_factory=list,
        description="concepts: who speaks for the side; none where nothing hangs on it",
    )
    country: list[Words] = Field(
        default_factory=list,
        description="concepts: a country that speaks, but behind a word like 'in' is a place",
    )
    mentions: list[Words] = Field(
        default_factory=list, description="concepts: what names the side, its people too: 'both countries'"
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
    elsewhere: StrictBool = Field(
        default=False, description="fits a sentence about another affair too ([matching], key elsewhere)"
    )

    @property
    def wanted(self) -> list[str]:
        """The parts that must be met."""
        return [*self.here, *self.near, *self.article]


class Claim(Table):
    """A [[claim]] entry."""

    id: Slug
    side: Slug
    paragraph: int | None = Field(
        default=None, gt=0, description="of the text that the study examines, from 1"
    )
    public_since: datetime | date
    source: Words = Field(description="how it is known when the claim became public")
    statement: Words
    about_topic: StrictBool = Field(
        default=True, description="a sentence that conveys it is about the study's topic"
    )
    denial: StrictBool = Field(default=False, description="whether rejecting something conveys the claim")
    frame: list[Frame] = Field(
        default_factory=list,
        description="none: it is found as coded articles taught, by nothing else",
    )
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
        day = value.astimezone(UTC).date() if isinstance(value, datetime) else value
        if day > datetime.now(UTC).date():
            raise ValueError(
                f"is in the future ({day}); no article could have given a claim that is not public"
            )
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

    speech: list[Words] = Field(default=["speech"], min_length=1, description="concepts: verbs of saying")
    according: list[Words] = Field(
        default=["according"], min_length=1, description="concepts: 'according to'"
    )
    others: list[Words] = Field(default=["other_voice"], description="concepts: who speaks for no side")
    anaphors: list[Words] = Field(
        default=["anaphor"], description="concepts: who spoke before: 'he', 'the ministry'"
    )
    first_person: list[Words] = Field(default=["we"], description="concepts: the author's own 'we'")
    same: list[Words] = Field(
        default=["by_own_account"], description="concepts: 'by his account': who spoke before speaks on"
    )
    that: list[Words] = Field(
        default=["that"], description="concepts: words behind which what is said begins"
    )
    locative: list[Words] = Field(
        default=["locative"], description="concepts: words before a country's name that make it a place"
    )
    denials: list[Words] = Field(
        default=["deny"], description="concepts: verbs of saying that reject what is said"
    )
    agents: list[Words] = Field(
        default=["agent"], description="concepts: 'by', before who said what is told in the passive"
    )
    joins: list[Words] = Field(
        default=["joined"], description="concepts: 'and', between two who speak as one"
    )
    both: list[Words] = Field(
        default=["both"], description="concepts: 'both countries', the two that were named"
    )
    media: list[Words] = Field(
        default=["online"], description="concepts: voices that are also a place where others speak"
    )
    sources: list[Words] = Field(
        default=["source_line"], description="concepts: words that begin a line which names the author"
    )
    silence: list[Words] = Field(
        default=["no_comment"],
        description="parts: a sentence that has one tells that somebody did not speak",
    )
    hedge: list[Words] = Field(
        default_factory=list, description="concepts: words that keep a distance to what is told"
    )
    manner: list[Words] = Field(
        default_factory=list, description="concepts that tell how a sentence reports what it conveys"
    )
    rejection: list[Words] = Field(
        default_factory=list, description="concepts: words by which somebody rejects what was said"
    )
    elsewhere: list[Words] = Field(
        default_factory=list, description="parts: a sentence that has one is about another affair"
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
    topic_claimed: list[Words] = Field(
        default_factory=list,
        description="parts: a headline that has one makes an article with a claim about the topic on topic",
    )
    topic_sentences: int = Field(ge=1, description="sentences about the topic that make an article on topic")


class _File(Table):
    """The whole of claims.toml."""

    matching: Matching
    side: list[Side] = Field(min_length=1)
    claim: list[Claim] = Field(min_length=1)
    statement: Statement | None = None

    @model_validator(mode="after")
    def _consistent(self) -> "_File":
        problems = [*self._twice(), *self._unknown_sides()]
        if self.statement:
            problems += self.statement.problems({claim.id: claim.side for claim in self.claim})
        if problems:
            raise ValueError("; ".join(problems))
        return self

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

    def parts(self) -> Iterator[tuple[str, list[str]]]:
        """All that names concepts: table and key, and the parts that stand there."""
        for key in CONCEPT_KEYS:
            yield f"[matching], key {key}", getattr(self.matching, key)
        for side in self.side:
            for key in ("voices", "country", "mentions"):
                yield f"[[side]] (id {side.id!r}), key {key}", getattr(side, key)
        for claim in self.claim:
            for kind in ("frame", "disputed", "asserted"):
                for frame in getattr(claim, kind):
                    for key in PART_KEYS:
                        place = (
                            f"[[claim]] (id {claim.id!r}), [[claim.{kind}]] (name {frame.name!r}), key {key}"
                        )
                        yield place, getattr(frame, key)


def concepts_of(part: str) -> list[str]:
    """The concepts that a part of a frame names."""
    return [
        name.strip() for alternative in part.split("|") for name in alternative.replace("~", ">").split(">")
    ]


@dataclass(frozen=True)
class Codebook:
    """The codebook of a study.

    Attributes:
        digest: SHA-256 of claims.toml and of the lexicon: the codebook's version.
        concepts: the concepts that claims.toml names: concept → language → terms.
        grammar: language → what is known of its sentences.
        fit: what the evidence weighs, if coder.json stands beside claims.toml.
    """

    digest: str
    matching: Matching
    sides: tuple[Side, ...]
    claims: tuple[Claim, ...]
    concepts: Mapping[str, Mapping[str, list[str]]]
    grammar: Mapping[str, Grammar]
    statement: Statement | None = None
    fit: Fit | None = None

    @property
    def version(self) -> str:
        """SHA-256 of all that a coding hangs on: the codebook and what was fitted to coded articles."""
        if self.fit is None:
            return self.digest
        return hashlib.sha256(f"{self.digest}\n{self.fit.name}\n".encode()).hexdigest()

    @cached_property
    def languages(self) -> frozenset[str]:
        """The languages with wordings: those in which verbs of saying are known."""
        return frozenset.intersection(
            *(frozenset(self.concepts[name]) for name in (*self.matching.speech, *self.matching.anchors))
        )


def load_codebook(path: Path, *, fitted: bool = True) -> Codebook:
    """Read and check claims.toml, and with it the lexicon, coder.json and sources.toml's blocs beside it.

    Args:
        path: of claims.toml.
        fitted: whether the coder is wanted; who makes it anew does not want the old one.

    Raises:
        ConfigError: a file is missing, is not TOML, or tables or keys are wrong: a line for each.
    """
    file = load_toml(path, _File)
    folder = path.parent / "lexicon"
    lexicon = load_lexicon(folder)
    named = [(place, name) for place, parts in file.parts() for part in parts for name in concepts_of(part)]
    speaking = {f"{side.id}{what}" for side in file.side for what in (SPEAKS, NAMED, ALONE)}
    unknown = [f"{path.with_name('sources.toml')}: {problem}" for problem in _strangers(file, path)]
    unknown += [
        f"{path}: {place}: {name!r} is no concept; declare it in {folder / 'concepts.toml'}"
        for place, name in named
        if name not in speaking and name not in lexicon.words
    ]
    if unknown:
        raise ConfigError("\n".join(unknown))
    used = {name for _, name in named}
    return Codebook(
        _digest(path, lexicon.digest),
        file.matching,
        tuple(file.side),
        tuple(file.claim),
        {name: words for name, words in lexicon.words.items() if name in used},
        lexicon.grammar,
        file.statement,
        load_fit(path.with_name("coder.json")) if fitted else None,
    )


def _strangers(file: _File, path: Path) -> list[str]:
    """What claims.toml and the blocs of the sources.toml beside it do not know of each other."""
    sources = path.with_name("sources.toml")
    if not sources.exists():
        return []
    blocs, sides = load_blocs(sources), {side.id for side in file.side}
    problems = [
        f"[[bloc]] (id {bloc.id!r}), key side: {bloc.side!r} is no [[side]] of {path}; "
        f"there are {', '.join(sorted(sides))}"
        for bloc in blocs
        if bloc.side is not None and bloc.side not in sides
    ]
    if file.statement and file.statement.bloc not in {bloc.id for bloc in blocs}:
        problems.append(
            f"[[bloc]]: none has the id {file.statement.bloc!r}, of which [statement] of {path} speaks; "
            "add it, or name another there (key bloc)"
        )
    return problems


def _digest(claims: Path, lexicon: str) -> str:
    both = f"{hashlib.sha256(claims.read_bytes()).hexdigest()}\n{lexicon}\n"
    return hashlib.sha256(both.encode()).hexdigest()
