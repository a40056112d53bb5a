"""Says whose words a sentence reports: by the verb of saying and who stands beside it, or carried over."""

from collections.abc import Iterable, Mapping, Sequence
from typing import NamedTuple

from analysis.alignment.terms import Hit, Reading

# Words between a verb of saying and its subject: appositions are long ("Colonel X, head of the army's press service, said").
_BEFORE = 12
# Behind the verb the subject follows closely: "says a spokesman of the army".
_BEHIND = 5
# "according to a statement that the general staff issued": the speaker is soon named.
_ACCORDING = 7


class Speakers(NamedTuple):
    """The sides that a sentence reports: `named` in it; `spoken` holds those carried over as well."""

    named: frozenset[str]
    spoken: frozenset[str]


class _Actor(NamedTuple):
    side: str  # "" for somebody who speaks for no side
    first: int
    last: int


class SpeakerFinder:
    """Finds the speakers of an article's sentences.

    Args:
        voices: concept → side, "" for a voice of no side.
        speech: concepts that are verbs of saying.
        according: concepts like "according to".
        locative: concepts before a country's name that make it a place: "in Mali".
        behind: the language's subject follows its verb.
        carried: over how many sentences a speaker is carried.
    """

    def __init__(
        self,
        voices: Mapping[int, str],
        speech: Iterable[int],
        according: Iterable[int],
        locative: Iterable[int],
        *,
        behind: bool,
        carried: int,
    ) -> None:
        self._voices = voices
        self._speech = tuple(speech)
        self._according = tuple(according)
        self._locative = tuple(locative)
        self._behind = behind
        self._carried = carried

    def speakers(self, readings: Sequence[Reading]) -> list[Speakers]:
        """The speakers of each sentence; the sentences in the order in which they are read."""
        found = []
        last: frozenset[str] = frozenset()
        age = 0
        for reading in readings:
            sides = self._named(reading)
            named = frozenset(side for side in sides if side)
            if sides:
                last, age = named, 0
            else:
                age += 1
            found.append(Speakers(named, named if sides or age > self._carried else last))
        return found

    def _named(self, reading: Reading) -> set[str]:
        """The sides that the sentence itself names as speakers; {""} for somebody of no side."""
        places = {hit.last + 1 for concept in self._locative for hit in reading.hits.get(concept, ())}
        actors = sorted(
            {
                _Actor(self._voices[concept], hit.first, hit.last)
                for concept, hits in reading.hits.items()
                if concept in self._voices
                for hit in hits
                if hit.first != hit.last or hit.first not in places
            },
            key=lambda actor: (actor.first, -actor.last),
        )
        if not actors:
            return set()
        sides: set[str] = set()
        for concept in self._speech:
            for cue in reading.hits.get(concept, ()):
                sides |= self._beside(cue, actors)
        for concept in self._according:
            for cue in reading.hits.get(concept, ()):
                behind = [a for a in actors if 0 < a.first - cue.last <= _ACCORDING]
                sides |= _all_at(behind, min((a.first for a in behind), default=-1))
        return sides

    def _beside(self, cue: Hit, actors: Sequence[_Actor]) -> set[str]:
        """The side of the actor nearest to a verb of saying, on the side where subjects stand."""
        before = [a for a in actors if 0 < cue.first - a.last <= _BEFORE]
        behind = [a for a in actors if 0 < a.first - cue.last <= _BEHIND]
        places = [(cue.first - a.last + (_BEHIND if self._behind else 0), a.first) for a in before]
        places += [(a.first - cue.last + (0 if self._behind else _BEHIND), a.first) for a in behind]
        if not places:
            return set()
        _, first = min(places)
        return _all_at([*before, *behind], first)


def _all_at(actors: Iterable[_Actor], first: int) -> set[str]:
    """The sides of the actors that begin at this word; the longest name decides."""
    there = [actor for actor in actors if actor.first == first]
    longest = max((actor.last for actor in there), default=-1)
    return {actor.side for actor in there if actor.last == longest}
