"""What alignment gives for an article: its sentences, the mentions in them, and the coding."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Literal

Stance = Literal["asserted", "attributed", "disputed"]
"""How a claim is reported: in the outlet's own voice, as the side's word, or rejected in the article."""

HEADLINE = -1
"""The number of the headline among an article's sentences."""


@dataclass(frozen=True)
class Sentence:
    """A sentence as it stands in the headline or text: `text == whole[start:end]`, offsets in characters.

    `number` is -1 for the headline; else 0, 1, … or, where an article comes as a list of sentences, the
    index in that list.
    """

    number: int
    text: str
    start: int
    end: int


@dataclass(frozen=True)
class Mention:
    """A sentence that conveys a claim: the evidence.

    Attributes:
        matched: the words that matched, part by part: "speaker: army's general staff; deed: bury; …".
        score: the chance in percent (0 to 100) that a coder agrees.
        stance: how this sentence by itself reports the claim.
        confirmed: whether the score reaches the threshold; below it the mention is a suggestion that counts
            for nothing.
    """

    claim_id: str
    sentence: Sentence
    matched: str
    score: float
    stance: Stance
    confirmed: bool


@dataclass(frozen=True)
class CodedClaim:
    """An included claim of an article: the highest score of its confirmed mentions, and their sentences."""

    stance: Stance
    score: float
    sentences: tuple[int, ...]


@dataclass(frozen=True)
class Coding:
    """An article as coded. `codable` is False where the codebook has no wordings for the language."""

    language: str
    codable: bool
    on_topic: bool
    claims: Mapping[str, CodedClaim] = field(default_factory=dict)
    mentions: tuple[Mention, ...] = ()
