"""What alignment gives for an article: its sentences, the mentions in them, and the coding."""

from collections.abc import Mapping
from dataclasses import dataclass, field

from gossi.analysis.fit import Stance

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
        score: how well these words matched, 0 to 100.
        probability: how likely a coder marks the sentence, 0 to 1; None where the claim was not fitted.
        stance: how this sentence by itself reports the claim.
        confirmed: whether the claim is included; else the mention is a suggestion that counts for nothing.
    """

    claim_id: str
    sentence: Sentence
    matched: str
    score: float
    probability: float | None
    stance: Stance
    confirmed: bool


@dataclass(frozen=True)
class CodedClaim:
    """An included claim of an article.

    Attributes:
        score: the highest of its mentions'.
        probability: how likely a coder has the claim in the article, 0 to 1; None where it was not fitted.
        sentences: those of its mentions.
    """

    stance: Stance
    score: float
    probability: float | None
    sentences: tuple[int, ...]


@dataclass(frozen=True)
class Coding:
    """An article as coded.

    Attributes:
        codable: False where the codebook has no wordings for the language.
        probabilities: of each fitted claim, included or not, how likely a coder has it.
    """

    language: str
    codable: bool
    on_topic: bool
    claims: Mapping[str, CodedClaim] = field(default_factory=dict)
    mentions: tuple[Mention, ...] = ()
    probabilities: Mapping[str, float] = field(default_factory=dict)
