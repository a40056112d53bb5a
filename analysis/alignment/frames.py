"""Holds a claim's frames against an article's sentences."""

from collections.abc import Mapping, Sequence
from typing import NamedTuple

from gossi.analysis.alignment.speakers import Speakers
from gossi.analysis.alignment.terms import Hit, Reading
from gossi.analysis.codebook import ALONE, NAMED, SPEAKS, Frame

# `a > b`: an object follows its verb within a clause; `a ~ b`: what belongs together stands together.
_BEHIND = 10
_TOGETHER = 9


class Found(NamedTuple):
    """What met a part: the words, how well they matched (100: to the letter), and in which sentence."""

    part: str
    words: str
    score: float
    sentence: int


class Page(NamedTuple):
    """An article as read: sentence 0 is the headline."""

    readings: Sequence[Reading]
    speakers: Sequence[Speakers]
    concepts: int


class _Alternative:
    """One concept, a side's voice, or two concepts that belong together."""

    def __init__(self, written: str, numbers: Mapping[str, int]) -> None:
        self.written = written.strip()
        self.side, self.manner = "", ""
        self.first = self.second = -1
        self.behind = ">" in written
        self.mask = 0
        manner = next((m for m in (SPEAKS, NAMED, ALONE) if self.written.endswith(m)), "")
        if manner:
            self.side, self.manner = self.written.removesuffix(manner), manner
        else:
            names = [name.strip() for name in self.written.replace("~", ">").split(">")]
            self.first = numbers[names[0]]
            self.second = numbers[names[1]] if len(names) > 1 else -1
            for number in (self.first, self.second):
                self.mask |= 1 << number if number >= 0 else 0

    def find(self, page: Page, place: int) -> tuple[str, float] | None:
        """The words that meet it in a sentence and their score, or None."""
        reading = page.readings[place]
        if self.manner:
            return (f"{self.side} speaks", 100.0) if self._speaks(page.speakers[place]) else None
        if reading.concepts & self.mask != self.mask:
            return None
        if self.second < 0:
            best = max(reading.hits[self.first], key=lambda hit: hit.score)
            return _words(reading, best), best.score
        for one in reading.hits[self.first]:
            for other in reading.hits[self.second]:
                if self._together(one, other):
                    return f"{_words(reading, one)} … {_words(reading, other)}", (one.score + other.score) / 2
        return None

    def is_met(self, page: Page, place: int) -> bool:
        """Whether it is met in a sentence; what words meet it is not asked."""
        if self.manner:
            return self._speaks(page.speakers[place])
        reading = page.readings[place]
        if reading.concepts & self.mask != self.mask:
            return False
        return self.second < 0 or any(
            self._together(one, other)
            for one in reading.hits[self.first]
            for other in reading.hits[self.second]
        )

    def _speaks(self, speakers: Speakers) -> bool:
        if self.manner == SPEAKS:
            return self.side in speakers.spoken
        return self.side in speakers.named if self.manner == NAMED else speakers.named == {self.side}

    def _together(self, one: Hit, other: Hit) -> bool:
        if self.behind:
            return other.first > one.first and other.first - one.last <= _BEHIND
        apart = max(one.first, other.first) - min(one.last, other.last)
        return apart <= _TOGETHER and (one.first, one.last) != (other.first, other.last)


class Part:
    """A part of a frame: it is met where one of its alternatives is."""

    def __init__(self, written: str, numbers: Mapping[str, int]) -> None:
        self.written = written
        self.alternatives = [_Alternative(piece, numbers) for piece in written.split("|")]
        # A sentence without any of these concepts can't meet it; a speaker must be looked up.
        self.mask = -1 if any(a.manner for a in self.alternatives) else 0
        if not self.mask:
            for alternative in self.alternatives:
                self.mask |= alternative.mask

    @property
    def is_met_by_any(self) -> bool:
        """Whether any concept of its mask is enough: no order, no nearness, no speaker is asked for."""
        return self.mask != -1 and all(alternative.second < 0 for alternative in self.alternatives)

    def is_met(self, page: Page, place: int) -> bool:
        """Whether something meets the part in a sentence."""
        return any(alternative.is_met(page, place) for alternative in self.alternatives)

    def find(self, page: Page, place: int) -> Found | None:
        """What meets the part in a sentence."""
        if self.mask != -1 and not page.readings[place].concepts & self.mask:
            return None
        for alternative in self.alternatives:
            if met := alternative.find(page, place):
                return Found(self.written, met[0], met[1], place)
        return None

    def find_any(self, page: Page, places: Sequence[int]) -> Found | None:
        """What meets the part in the first of these sentences that does."""
        return next((met for place in places if (met := self.find(page, place))), None)


class Match(NamedTuple):
    """A sentence that a frame fits, and what met its parts."""

    frame: Frame
    place: int
    found: tuple[Found, ...]


def likeness(found: Sequence[Found]) -> float:
    """How well the words of parts matched on average, 0 to 100; 100 where only a speaker was met."""
    return sum(met.score for met in found) / len(found) if found else 100.0


class Outcome(NamedTuple):
    """What became of a frame in a sentence: what was found, what was missing, what ruled it out."""

    found: tuple[Found, ...]
    missing: tuple[str, ...]
    excluded: tuple[Found, ...]

    @property
    def fits(self) -> bool:
        """Whether the frame fits the sentence."""
        return not self.missing and not self.excluded


class FrameMatcher:
    """One frame, ready to be held against sentences."""

    def __init__(self, frame: Frame, numbers: Mapping[str, int]) -> None:
        self.frame = frame
        parts = {
            key: [Part(written, numbers) for written in getattr(frame, key)]
            for key in ("here", "near", "article", "not_here", "not_near", "not_article")
        }
        self._here, self._near, self._article = parts["here"], parts["near"], parts["article"]
        self._not_here, self._not_near = parts["not_here"], parts["not_near"]
        self._not_article = parts["not_article"]

    @property
    def parts(self) -> list[Part]:
        """All its parts, those that rule it out included."""
        return [
            *(*self._here, *self._near, *self._article),
            *(*self._not_here, *self._not_near, *self._not_article),
        ]

    @property
    def wanted(self) -> list[str]:
        """The parts that must be met, as written."""
        return self.frame.wanted

    @property
    def unwanted(self) -> list[str]:
        """The parts that rule it out, as written."""
        return [*self.frame.not_here, *self.frame.not_near, *self.frame.not_article]

    def matches(self, page: Page) -> list[Match]:
        """The sentences that the frame fits."""
        for part in (*self._here, *self._near, *self._article):
            if part.mask != -1 and not page.concepts & part.mask:
                return []
        everywhere = range(len(page.readings))
        of_article = []
        for part in self._article:
            met = part.find_any(page, everywhere)
            if met is None:
                return []
            of_article.append(met)
        if any(part.find_any(page, everywhere) for part in self._not_article):
            return []
        found = []
        for place in everywhere:
            here = self._fits(page, place)
            if here is not None:
                found.append(Match(self.frame, place, (*here, *of_article)))
        return found

    def _fits(self, page: Page, place: int) -> list[Found] | None:
        found = []
        for part in self._here:
            met = part.find(page, place)
            if met is None:
                return None
            found.append(met)
        around = self._around(page, place)
        for part in self._near:
            met = part.find_any(page, around)
            if met is None:
                return None
            found.append(met)
        if any(part.find(page, place) for part in self._not_here):
            return None
        if any(part.find_any(page, around) for part in self._not_near):
            return None
        return found

    def _around(self, page: Page, place: int) -> list[int]:
        """The sentence and those before it, the nearest first; the headline goes with the lead."""
        if place == 0:
            return list(range(min(2, len(page.readings))))
        return list(range(place, max(-1, place - self.frame.reach - 1), -1))

    def explain(self, page: Page, place: int) -> Outcome:
        """What was found, missing and in the way in a sentence, whether the frame fits or not."""
        around = self._around(page, place)
        everywhere = range(len(page.readings))
        wanted = [
            *((part, part.find(page, place)) for part in self._here),
            *((part, part.find_any(page, around)) for part in self._near),
            *((part, part.find_any(page, everywhere)) for part in self._article),
        ]
        unwanted = [
            *(part.find(page, place) for part in self._not_here),
            *(part.find_any(page, around) for part in self._not_near),
            *(part.find_any(page, everywhere) for part in self._not_article),
        ]
        return Outcome(
            tuple(met for _, met in wanted if met),
            tuple(part.written for part, met in wanted if met is None),
            tuple(met for met in unwanted if met),
        )


def _words(reading: Reading, hit: Hit) -> str:
    return " ".join(reading.words[hit.first : hit.last + 1])
