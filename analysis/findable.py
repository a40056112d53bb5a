"""Says which claims cannot be found in which languages, so that their absence there is never an omission."""

from collections.abc import Sequence
from typing import NamedTuple

from gossi.analysis.codebook import ALONE, NAMED, SPEAKS, Claim, Codebook, concepts_of
from gossi.analysis.fit import ENCODED

TAUGHT = 10
"""Coded articles with a claim in a language, from which the coder finds it there without its words."""


class Unfindable(NamedTuple):
    """A claim that cannot be found in a language.

    Attributes:
        parts: of the frame that lacks least, those for which the language has no words; none of a claim
            without frames.
        coded: articles that include the claim, of those from which the coder learnt to find it there.
    """

    claim: str
    language: str
    parts: Sequence[str]
    coded: int


def unfindable(codebook: Codebook) -> list[Unfindable]:
    """What cannot be found: no frame has words for all its parts, and few coded articles have the claim."""
    found = []
    for claim in codebook.claims:
        for language in sorted(codebook.languages):
            if by_words(codebook, claim, language):
                continue
            coded = taught(codebook, claim, language)
            if coded < TAUGHT:
                lacking = min(
                    (_without_words(frame.wanted, language, codebook) for frame in claim.frame),
                    key=len,
                    default=[],
                )
                found.append(Unfindable(claim.id, language, lacking, coded))
    return found


def by_words(codebook: Codebook, claim: Claim, language: str) -> bool:
    """Whether a frame of the claim has words for all its parts in a language."""
    return any(not _without_words(frame.wanted, language, codebook) for frame in claim.frame)


def taught(codebook: Codebook, claim: Claim, language: str) -> int:
    """Coded articles with the claim, from which the coder could learn to find it in a language.

    What a claim without words is found by is the meaning of sentences alone, which carries over between the
    languages of the encoder; otherwise those in the language itself count.
    """
    fit = codebook.fit
    weights = fit.weights.claims.get(claim.id) if fit else None
    if fit is None or weights is None:
        return 0
    languages = {language}
    if not claim.frame and fit.weights.encoder and language in ENCODED:
        languages |= ENCODED
    return sum(weights.articles.get(code, 0) for code in languages)


def _without_words(parts: Sequence[str], language: str, codebook: Codebook) -> list[str]:
    """The parts that nothing in this language can meet."""
    return [
        part
        for part in dict.fromkeys(parts)
        if not any(_has_words(alternative, language, codebook) for alternative in part.split("|"))
    ]


def _has_words(alternative: str, language: str, codebook: Codebook) -> bool:
    name = alternative.strip()
    for manner in (SPEAKS, NAMED, ALONE):
        if name.endswith(manner):
            side = next(side for side in codebook.sides if side.id == name.removesuffix(manner))
            return any(codebook.concepts[voice].get(language) for voice in (*side.voices, *side.country))
    return all(codebook.concepts[concept].get(language) for concept in concepts_of(name))
