"""What a coder is asked of each article: the claims, and by which rules. Both are the study's."""

from collections.abc import Iterable
from dataclasses import dataclass
from hashlib import sha256
from pathlib import Path

from gossi.analysis.codebook import Codebook
from gossi.crawler.errors import InputError


@dataclass(frozen=True)
class Question:
    """A claim, as it is put to a coder.

    `digest` tells its wording from an earlier or later one. Where `about_topic`, an article that includes it
    is taken for one on the topic until the coder says otherwise.
    """

    claim: str
    side: str
    statement: str
    digest: str
    about_topic: bool = False


def questions_of(codebook: Codebook) -> list[Question]:
    """The claims of the codebook side by side, in its order."""
    return [
        Question(claim.id, side.name, claim.statement, claim_digest(claim.statement), claim.about_topic)
        for side in codebook.sides
        for claim in codebook.claims
        if claim.side == side.id
    ]


def claim_digest(statement: str) -> str:
    """What tells a claim's wording from another: the first half of a SHA-256 is plenty."""
    return sha256(statement.encode()).hexdigest()[:32]


def read_rules(file: Path) -> str:
    """The rules by which people code, as the study has them (coded/rules.md); empty where it has none.

    Raises:
        InputError: the file cannot be read.
    """
    try:
        return file.read_text(encoding="utf-8")
    except FileNotFoundError:
        return ""
    except (OSError, UnicodeDecodeError) as error:
        raise InputError(f"{file}: cannot be read: {error}; write it as UTF-8 text") from None


def changed(asked: dict[str, str], questions: Iterable[Question]) -> tuple[set[str], set[str]]:
    """The claims that a coding was not asked for, and those that it was asked for in other words."""
    now = {question.claim: question.digest for question in questions}
    return set(now) - set(asked), {claim for claim in now if claim in asked and asked[claim] != now[claim]}
