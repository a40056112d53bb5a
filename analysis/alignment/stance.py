"""Reads off an article how it reports a claim: what speaks for each stance, as numbers with names; weighs it.

A stance is the whole article's: who rejects the claim may stand far from it. What is read is told in
concepts, sides and places; most of it weighs alike for all claims, some of it for each claim by itself.
"""

from collections.abc import Collection, Iterable, Mapping, Sequence
from typing import NamedTuple

from gossi.analysis.alignment.frames import FrameMatcher, Page
from gossi.analysis.codebook import Codebook
from gossi.analysis.fit import STANCES, Stance, StanceWeights

_REJECTED = "a way of rejecting it fits"
_REJECTING = "a claim that rejects it is included"
_ASSERTED = "a way of asserting it fits"

_SOON = 2
"""Sentences: an answer or a doubt stands as close as that to what it is about."""

_MANY = 4
"""Sentences that convey a claim beyond which one more tells nothing."""

StanceEvidence = Mapping[str, float]


class Reported(NamedTuple):
    """A claim as an article has it.

    Attributes:
        claim: its id.
        side: whose it is.
        places: of the sentences that convey it; 0 is the headline.
        disputed: its ways of being rejected, `asserted`: of being asserted.
        rejected_by: the claims whose inclusion rejects it.
        included: all claims that the article includes.
    """

    claim: str
    side: str
    places: Sequence[int]
    disputed: Iterable[FrameMatcher]
    asserted: Iterable[FrameMatcher]
    rejected_by: Collection[str]
    included: Collection[str]


class StanceReader:
    """Reads the evidence on stances, by the concepts of [matching], keys hedge, manner and rejection."""

    def __init__(self, codebook: Codebook) -> None:
        matching = codebook.matching
        numbers = {name: number for number, name in enumerate(codebook.concepts)}
        self._sourced = [numbers[name] for name in (*matching.speech, *matching.according, *matching.hedge)]
        self._manner = [(name, numbers[name]) for name in matching.manner]
        self._rejection = [(name, numbers[name]) for name in matching.rejection]

    def read(self, page: Page, reported: Reported) -> StanceEvidence:
        """What speaks for a stance; what is not met is left out."""
        general = {**self._told(page, reported), **_rules(page, reported)}
        rejection = self._rejections(page, reported)
        # What is said in the same breath, and by whom, weighs otherwise for each claim.
        apart = {**general, **{name: told for name, told in rejection.items() if " soon " not in name}}
        claim = reported.claim
        own = {f"{claim}: {name}": told for name, told in apart.items() if " in the words" not in name}
        others = {f"{claim}: with {other}": 1.0 for other in reported.included if other != claim}
        told = {**general, **rejection, **own, **others, claim: 1.0}
        return {name: float(value) for name, value in told.items() if value}

    def _told(self, page: Page, reported: Reported) -> dict[str, float]:
        """How the sentences that convey it tell it."""
        side, places = reported.side, reported.places
        speakers = [page.speakers[place] for place in places]
        hits = [page.readings[place].hits for place in places]
        bare = [
            side not in speaker.named and not any(concept in found for concept in self._sourced)
            for speaker, found in zip(speakers, hits, strict=True)
        ]
        unspoken = [not speaker.spoken for speaker in speakers]
        told = {
            "sentences": min(len(places), _MANY) / _MANY,
            "in the headline": 0 in places,
            "in the headline alone": list(places) == [0],
            "without a source": any(bare),
            "without a source throughout": all(bare),
            "without a source in the headline": any(
                one and place == 0 for one, place in zip(bare, places, strict=True)
            ),
            "without a source, nobody speaks": any(
                one and nobody for one, nobody in zip(bare, unspoken, strict=True)
            ),
            "its side named": any(side in speaker.named for speaker in speakers),
            "its side named throughout": all(side in speaker.named for speaker in speakers),
            "its side speaks": any(side in speaker.spoken for speaker in speakers),
            "its side speaks throughout": all(side in speaker.spoken for speaker in speakers),
            "nobody named": any(not speaker.named for speaker in speakers),
            "nobody named throughout": all(not speaker.named for speaker in speakers),
            "nobody speaks": any(unspoken),
            "nobody speaks throughout": all(unspoken),
            "another side named": any(speaker.named - {side} for speaker in speakers),
        }
        for name, concept in self._manner:
            met = [concept in found for found in hits]
            told[f"{name} in the words"] = any(met)
            told[f"{name} in the words throughout"] = all(met)
        return told

    def _rejections(self, page: Page, reported: Reported) -> dict[str, float]:
        """Where words of rejection stand, and who says them."""
        side, places = reported.side, reported.places
        told: dict[str, float] = {}
        for name, concept in self._rejection:
            at = [place for place, reading in enumerate(page.readings) if concept in reading.hits]
            if not at:
                continue
            others = [place for place in at if page.speakers[place].spoken - {side}]
            told |= {
                f"{name} anywhere": True,
                f"{name} here": any(place in places for place in at),
                f"{name}, another side speaks": bool(others),
                f"{name}, another side named": any(page.speakers[place].named - {side} for place in at),
                f"{name}, nobody speaks": any(not page.speakers[place].spoken for place in at),
                f"{name} soon after": _follows(at, places),
                f"{name} soon before": _follows(places, at),
                f"{name} soon after, another side speaks": _follows(others, places)
                or any(place in places for place in others),
            }
        return told


def _follows(later: Iterable[int], earlier: Collection[int]) -> bool:
    return any(0 < after - before <= _SOON for after in later for before in earlier)


def _rules(page: Page, reported: Reported) -> dict[str, float]:
    """What the codebook's own rules say."""
    return {
        _REJECTED: any(frame.matches(page) for frame in reported.disputed),
        _REJECTING: any(claim in reported.included for claim in reported.rejected_by),
        _ASSERTED: any(
            frame.explain(page, place).fits for frame in reported.asserted for place in reported.places
        ),
    }


def by_rules(evidence: StanceEvidence) -> Stance:
    """The stance where nothing was fitted: the first that a rule gives."""
    if evidence.get(_REJECTED) or evidence.get(_REJECTING):
        return "disputed"
    return "asserted" if evidence.get(_ASSERTED) else "attributed"


def odds(evidence: StanceEvidence, weights: StanceWeights) -> dict[Stance, float]:
    """The log odds of each stance, up to what they have in common."""
    known = weights.evidence
    # Plain sums: an array for each piece of evidence would cost more than all the rest.
    weighed = [(told, known[name]) for name, told in evidence.items() if name in known]
    sums = [
        weights.start[stance] + sum(told * of[place] for told, of in weighed)
        for place, stance in enumerate(STANCES)
    ]
    return dict(zip(STANCES, sums, strict=True))


def by_weights(evidence: StanceEvidence, weights: StanceWeights) -> Stance:
    """The likeliest stance."""
    found = odds(evidence, weights)
    return max(STANCES, key=lambda stance: found[stance])
