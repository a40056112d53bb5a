"""What of each sentence speaks for or against each claim, as numbers with names: what a fitted coder weighs.

All is told in concepts, sides and frames, never in words, so that what was learnt in one language holds in
another. A frame's exclusions are concepts like others: evidence against, no wall.
"""

from collections.abc import Iterable, Mapping, Sequence
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from gossi.analysis.alignment.frames import FrameMatcher, Page, Part
from gossi.analysis.codebook import Claim, concepts_of

Numbers = NDArray[np.float64]

_BEFORE = 2
"""Sentences before this one that are near: as far as frames look unless they say otherwise."""

_MANY = 3
"""Frames that fit one sentence beyond which one more tells nothing."""

_FRAMES = (
    "a frame fits",
    "a frame's parts are met",
    "a frame lacks one part",
    "frames that fit",
    "nearest frame",
)
_PLACES = ("in the headline", "in the lead")
_SPOKEN_SO = "its speakers can convey it"
_NOBODY = ("nobody named as speaker", "nobody speaks")


class ClaimEvidence(NamedTuple):
    """The evidence on one claim in an article.

    Attributes:
        values: of shape (sentences, evidence of the claim); the first sentence is the headline.
        possible: of shape (sentences,): whether a term of the claim or its side as speaker was met there,
            without which a sentence conveys nothing, where the claim has words at all; nor does one about
            somebody's silence.
    """

    values: Numbers
    possible: NDArray[np.bool_]


class EvidenceReader:
    """Reads the evidence on all claims off an article.

    Args:
        claims: each with its frames.
        sides: the ids of all sides.
        silence: parts; a sentence that has one tells that somebody did not speak, and conveys nothing.
        numbers: of the concepts.
    """

    def __init__(
        self,
        claims: Iterable[tuple[Claim, Sequence[FrameMatcher]]],
        sides: Sequence[str],
        silence: Iterable[str],
        numbers: Mapping[str, int],
    ) -> None:
        self._silence = [Part(written, numbers) for written in silence]
        self._sides = list(sides)
        self._claims = [_Claim(claim, frames, numbers) for claim, frames in claims]
        self._frames = _Frames([frame for claim in self._claims for frame in claim.frames])
        concepts = sorted({concept for claim in self._claims for concept in claim.concepts})
        self._column = {numbers[concept]: column for column, concept in enumerate(concepts)}
        self._common = [
            *(f"{side} {how}" for side in self._sides for how in ("named", "speaks", "alone")),
            *_NOBODY,
            *_PLACES,
        ]
        first = 0
        for claim in self._claims:
            claim.find_columns(concepts, first)
            first += len(claim.frames)

    def names(self) -> dict[str, list[str]]:
        """Of each claim, what each number of its evidence says."""
        return {claim.id: [*claim.names(), *self._common, _SPOKEN_SO, *_FRAMES] for claim in self._claims}

    def read(self, page: Page) -> dict[str, ClaimEvidence]:
        """The evidence on each claim in an article."""
        here = self._concepts_here(page)
        near = _near(here, _BEFORE, without_here=True)
        anywhere = np.broadcast_to(here.max(axis=0), here.shape)
        common = np.hstack([self._speakers(page), _places(len(here))])
        frames = self._frames.read(page)
        heard = np.array(
            [
                not any(part.is_met(page, place) for part in self._silence)
                for place in range(len(page.readings))
            ]
        )
        evidence = {}
        for claim in self._claims:
            columns, own = claim.columns, frames[:, :, claim.first : claim.first + len(claim.frames)]
            values = [here[:, columns], near[:, columns], anywhere[:, columns]]
            spoken = [self._sides.index(claim.side) * 3 + 1] if claim.side in self._sides else []
            possible = np.any(here[:, claim.telling] > 0, axis=1) | np.any(common[:, spoken] > 0, axis=1)
            spoken_so = np.array(
                [of.can_convey(claim.side, is_denial=claim.denial) for of in page.speakers], dtype=np.float64
            )
            values += [common, spoken_so[:, None], _frame_values(own, spoken_so)]
            if not claim.frames:
                possible = np.ones_like(heard)
            evidence[claim.id] = ClaimEvidence(np.hstack(values), possible & heard)
        return evidence

    def _concepts_here(self, page: Page) -> Numbers:
        """How well the words of each concept matched in each sentence, 0 to 1."""
        here = np.zeros((len(page.readings), len(self._column)))
        for place, reading in enumerate(page.readings):
            for concept, hits in reading.hits.items():
                if concept in self._column:
                    here[place, self._column[concept]] = max([hit.score for hit in hits]) / 100
        return here

    def _speakers(self, page: Page) -> Numbers:
        rows = []
        for speakers in page.speakers:
            row = [
                float(told)
                for side in self._sides
                for told in (side in speakers.named, side in speakers.spoken, speakers.named == {side})
            ]
            rows.append([*row, float(not speakers.named), float(not speakers.spoken)])
        return np.array(rows)


def framed(evidence: ClaimEvidence) -> tuple[Numbers, Numbers]:
    """Of each sentence whether a frame fits it, and whether one would but for what rules it out."""
    frames = evidence.values[:, -len(_FRAMES) :]
    return frames[:, 0], frames[:, 1]


def nearness(evidence: ClaimEvidence) -> Numbers:
    """Of each sentence the share of parts that the frame coming nearest to it has met."""
    return evidence.values[:, -1]


class _Claim:
    """A claim, and which of all that is read off an article is evidence on it: what its frames name."""

    def __init__(self, claim: Claim, frames: Sequence[FrameMatcher], numbers: Mapping[str, int]) -> None:
        self.id, self.side, self.denial, self.frames = claim.id, claim.side, claim.denial, list(frames)
        wanted = [part for frame in frames for part in frame.wanted]
        written = [part for frame in frames for part in (*frame.wanted, *frame.unwanted)]
        self.concepts = sorted({name for part in written for name in concepts_of(part) if name in numbers})
        self._telling = {name for part in wanted for name in concepts_of(part) if name in numbers}

    def names(self) -> list[str]:
        """What its own numbers say, in their order."""
        return [f"{concept} {where}" for where in ("here", "near", "anywhere") for concept in self.concepts]

    def find_columns(self, concepts: Sequence[str], first: int) -> None:
        """Note where its evidence stands among all that is read; `first`: its first frame."""
        self.columns = [concepts.index(concept) for concept in self.concepts]
        self.telling = [concepts.index(concept) for concept in self.concepts if concept in self._telling]
        self.first = first


class _Frames:
    """All frames at once: each part is looked for once a sentence, however many frames have it."""

    def __init__(self, frames: Sequence[FrameMatcher]) -> None:
        parts = {part.written: part for frame in frames for part in frame.parts}
        number = {written: place for place, written in enumerate(parts)}
        self._parts = list(parts.values())
        self._looked_for = [
            (column, part.mask, part.is_met_by_any, part) for column, part in enumerate(parts.values())
        ]
        shape = (len(parts), len(frames))
        self._wanted = np.array([len(frame.wanted) for frame in frames], dtype=np.float64)
        self._here, self._anywhere = np.zeros(shape), np.zeros(shape)
        self._not_here, self._not_anywhere = np.zeros(shape), np.zeros(shape)
        self._near: dict[int, tuple[Numbers, Numbers]] = {}
        for column, frame in enumerate(frames):
            near, not_near = self._near.setdefault(frame.frame.reach, (np.zeros(shape), np.zeros(shape)))
            for matrix, written in (
                (self._here, frame.frame.here),
                (near, frame.frame.near),
                (self._anywhere, frame.frame.article),
                (self._not_here, frame.frame.not_here),
                (not_near, frame.frame.not_near),
                (self._not_anywhere, frame.frame.not_article),
            ):
                for part in written:
                    matrix[number[part], column] += 1

    def read(self, page: Page) -> Numbers:
        """Of each frame in each sentence the parts met, missing and in the way: (3, sentences, frames)."""
        met = np.zeros((len(page.readings), len(self._parts)))
        for place, reading in enumerate(page.readings):
            met[
                place,
                [
                    column
                    for column, mask, is_enough, part in self._looked_for
                    if (mask == -1 or reading.concepts & mask) and (is_enough or part.is_met(page, place))
                ],
            ] = 1
        anywhere = met.max(axis=0, keepdims=True)
        found = met @ self._here + anywhere @ self._anywhere
        against = met @ self._not_here + anywhere @ self._not_anywhere
        for reach, (near, not_near) in self._near.items():
            around = _near(met, reach, without_here=False)
            found += around @ near
            against += around @ not_near
        return np.stack([found, self._wanted - found, against])


def _near(values: Numbers, reach: int, *, without_here: bool) -> Numbers:
    """The highest value in a sentence and up to `reach` before it; the headline goes with the lead."""
    around = np.zeros_like(values) if without_here else values.copy()
    for back in range(1, reach + 1):
        around[back:] = np.maximum(around[back:], values[: max(len(values) - back, 0)])
    if len(values) > 1:
        around[0] = np.maximum(around[0], values[1])
    return around


def _places(count: int) -> Numbers:
    """Whether a sentence is the headline, and whether it is one of the first two of the text."""
    places = np.arange(count)
    return np.stack([places == 0, (places > 0) & (places <= 2)], axis=1).astype(np.float64)


def _frame_values(frames: Numbers, spoken_so: Numbers) -> Numbers:
    """What the frames of a claim say together, in the order of `_FRAMES`.

    Args:
        frames: of each in each sentence the parts met, missing and in the way.
        spoken_so: whether a sentence's speakers can convey the claim, without which no frame fits.
    """
    met, missing, against = frames
    if not met.shape[1]:
        return np.zeros((len(met), len(_FRAMES)))
    fits = (missing == 0) & (against == 0) & (spoken_so > 0)[:, None]
    return np.stack(
        [
            fits.any(axis=1),
            (missing == 0).any(axis=1),
            (missing == 1).any(axis=1),
            np.minimum(fits.sum(axis=1), _MANY) / _MANY,
            (met / (met + missing)).max(axis=1),
        ],
        axis=1,
    ).astype(np.float64)
