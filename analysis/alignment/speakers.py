"""Says whose words a sentence reports: by the verb of saying and who stands beside it, or carried over."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import NamedTuple

from analysis.alignment.terms import Hit, Reading

# Words between a verb of saying and its subject, which may be long: "Colonel X, head of the press service".
_BEFORE = 12
# Behind the verb the subject follows closely: "says a spokesman of the army".
_BEHIND = 5
# "according to a statement that the general staff issued": the speaker is soon named.
_ACCORDING = 7
# So close before the verb its subject can stand although the language puts it behind.
_NAMED_BEFORE = 4
# "Russia's embassy in Bamako": words from the voice to its seat.
_SEAT = 3
# Sentences with "we" that make a text the statement of whoever its headline names.
_OWN_WORDS = 2
# "at the UN": an article may stand between the preposition and the place.
_ARTICLE_LETTERS = 3
# Words of an insertion between commas: "too", "on Friday".
_INSERTION = 3
# Whoever is named so soon behind an office holds it: "the minister of foreign affairs, Abdoulaye Diop".
_APPOSITION = 5
# Who stands among the first words is what the sentence is about: its subject, where no verb of saying tells.
_SUBJECT = 5

_NOBODY = ""
_SAME = "="


class Speakers(NamedTuple):
    """The sides that a sentence reports.

    `named`: a verb of saying stands beside one of their voices; `spoken`: these or, where there are none, the
    subject of the sentence or the speakers carried over from the sentence before.
    """

    named: frozenset[str]
    spoken: frozenset[str]


class _Actor(NamedTuple):
    side: str  # _NOBODY for somebody who speaks for no side, _SAME for who spoke before
    first: int
    last: int


@dataclass(frozen=True)
class Grammar:
    """What of a language's grammar matters: concept numbers, and where subjects stand.

    Attributes:
        voices: concept → side, "" for a voice of no side.
        countries: concept → side; a country speaks, but in "in Mali" it is a place.
        anaphors: concepts for who spoke before: "he", "the ministry".
        first_person: concepts for the author's own "we".
        speech: concepts that are verbs of saying.
        according: concepts like "according to".
        same: concepts like "by his account": who spoke before speaks on.
        locative: concepts before a country's name that make it a place.
        that: concepts behind which what is said begins.
        subject_first: behind its verb the subject stands only after a quotation.
        subject_behind: the subject stands behind its verb.
        verb_last: the verb ends the sentence and the subject begins it; "according to" stands behind too.
    """

    voices: dict[int, str]
    countries: dict[int, str]
    anaphors: frozenset[int]
    first_person: tuple[int, ...]
    speech: tuple[int, ...]
    according: tuple[int, ...]
    same: tuple[int, ...]
    locative: tuple[int, ...]
    that: tuple[int, ...]
    subject_first: bool
    subject_behind: bool
    verb_last: bool


class SpeakerFinder:
    """Finds the speakers of an article's sentences; carries one over at most `carried` sentences."""

    def __init__(self, grammar: Grammar, carried: int) -> None:
        self._grammar = grammar
        self._carried = carried

    def speakers(self, readings: Sequence[Reading]) -> list[Speakers]:
        """The speakers of each sentence; the sentences in the order in which they are read."""
        found = []
        author = self._author(readings)
        last: frozenset[str] = author
        age = 0
        for reading in readings:
            actors = self._actors(reading)
            sides = self._named(reading, actors)
            subject = self._subject(actors)
            if sides - {_SAME}:
                named = frozenset(sides - {_SAME, _NOBODY})
                if _SAME in sides:
                    named |= last
                # Where somebody of no side stands beside the verb, the sentence's subject may speak on.
                last, age = named or subject, 0
                found.append(Speakers(named, named | subject))
                continue
            age = 0 if _SAME in sides and age < self._carried else age + 1
            carried = last if age <= self._carried else author
            if subject and _SAME not in sides:
                last, age, carried = subject, 0, subject
            found.append(Speakers(frozenset(), carried | subject))
        return found

    def _author(self, readings: Sequence[Reading]) -> frozenset[str]:
        """The side that speaks throughout: who is alone in the headline of a text that says "we"."""
        own = sum(any(_hits(reading, self._grammar.first_person)) for reading in readings)
        if own < _OWN_WORDS:
            return frozenset()
        sides = {actor.side for actor in self._actors(readings[0])} - {_SAME}
        return frozenset(sides) if len(sides) == 1 and _NOBODY not in sides else frozenset()

    def _actors(self, reading: Reading) -> list[_Actor]:
        """Everybody in the sentence who may speak, in order."""
        grammar = self._grammar
        places = set()
        for hit in _hits(reading, grammar.locative):
            behind = hit.last + 1
            has_article = behind < len(reading.words) and len(reading.words[behind]) <= _ARTICLE_LETTERS
            places |= {behind, behind + 1} if has_article else {behind}
        actors = set()
        for concept, hits in reading.hits.items():
            if concept in grammar.voices:
                actors |= {_Actor(grammar.voices[concept], hit.first, hit.last) for hit in hits}
            elif concept in grammar.countries:
                actors |= {
                    _Actor(grammar.countries[concept], hit.first, hit.last)
                    for hit in hits
                    if hit.first not in places and not _has_preposition(reading.words[hit.first])
                }
            elif concept in grammar.anaphors:
                actors |= {_Actor(_SAME, hit.first, hit.last) for hit in hits}
        return [
            actor
            for actor in sorted(actors, key=lambda actor: (actor.first, actor.last, actor.side))
            if not any(_is_meant_instead(other, actor) for other in actors)
            and not (actor.first in places and any(_sits_there(other, actor) for other in actors))
        ]

    def _subject(self, actors: Sequence[_Actor]) -> frozenset[str]:
        """The side of whoever stands first in the sentence."""
        if not actors or actors[0].first >= _SUBJECT or actors[0].side in {_NOBODY, _SAME}:
            return frozenset()
        return frozenset({actors[0].side})

    def _named(self, reading: Reading, actors: Sequence[_Actor]) -> set[str]:
        """The sides that the sentence itself names as speakers."""
        grammar = self._grammar
        sides = {_SAME for concept in grammar.same if concept in reading.hits}
        if not actors:
            return sides
        for cue in _hits(reading, grammar.speech):
            sides |= self._beside(cue, actors, reading)
        for cue in _hits(reading, grammar.according):
            near = [a for a in actors if 0 < _words_to(a, cue, before=grammar.verb_last) <= _ACCORDING]
            nearest = min(near, key=lambda a: _words_to(a, cue, before=grammar.verb_last), default=None)
            sides |= _all_at(near, nearest.first) if nearest else set()
        return sides

    def _beside(self, cue: Hit, actors: Sequence[_Actor], reading: Reading) -> set[str]:
        """The side of the actor nearest to a verb of saying, where its subject can stand."""
        grammar = self._grammar
        before = [a for a in actors if 0 < cue.first - a.last <= _BEFORE]
        if grammar.verb_last:
            return _all_at(before, before[0].first) if before else set()
        after_break = _after_quotation(cue, reading)
        said = min((hit.first for hit in _hits(reading, grammar.that) if hit.first > cue.last), default=None)
        behind = [a for a in actors if 0 < a.first - cue.last <= _BEHIND and (said is None or a.first < said)]
        prefer_behind = grammar.subject_behind or (after_break and bool(behind))
        if after_break:
            # Who is named within what was just quoted does not say it.
            quoted = max((place for place in reading.breaks if place < cue.first), default=0)
            before = [a for a in before if a.last < quoted]
        elif grammar.subject_first:
            behind = []
        places = [(cue.first - a.last + (_BEHIND if prefer_behind else 0), a.first) for a in before]
        places += [(a.first - cue.last + (0 if prefer_behind else _BEHIND), a.first) for a in behind]
        if not places:
            return set()
        _, first = min(places)
        found = _all_at([*before, *behind], first)
        if grammar.subject_behind and before and cue.first - before[-1].last <= _NAMED_BEFORE:
            # Who was just named may be the subject, who follows the object: "Bamako that accuses Paris".
            found |= _all_at(before, before[-1].first)
        return found


def _hits(reading: Reading, concepts: Iterable[int]) -> Iterator[Hit]:
    for concept in concepts:
        yield from reading.hits.get(concept, ())


def _words_to(actor: _Actor, cue: Hit, *, before: bool) -> int:
    return cue.first - actor.last if before else actor.first - cue.last


def _has_preposition(word: str) -> bool:
    """Whether an Arabic preposition is attached to a country's name: in Mali, to France."""
    return word.removeprefix("و").startswith(("ب", "ل"))


def _after_quotation(cue: Hit, reading: Reading) -> bool:
    """Whether a quotation ends right before the verb; "Paris, too, says" is an insertion and none."""
    insertion = range(cue.first - _INSERTION, cue.first)
    return cue.first in reading.breaks and not any(place in reading.breaks for place in insertion)


def _is_meant_instead(other: _Actor, actor: _Actor) -> bool:
    """Whether `other` says more exactly who `actor` is.

    Of names that overlap the longest is meant; "the minister" is whoever is named right behind: "the minister
    of foreign affairs of Mali".
    """
    is_vaguer = other.side == _SAME and actor.side != _SAME
    if actor.first < other.first <= actor.last < other.last and not is_vaguer:
        return True  # "the government" in "the government of Russia"
    if other.first <= actor.first and actor.last <= other.last and other[1:] != actor[1:]:
        return not is_vaguer
    is_office = actor.side == _SAME and actor.last > actor.first
    return is_office and other.side not in {_SAME, _NOBODY} and 0 < other.first - actor.last <= _APPOSITION


def _sits_there(other: _Actor, actor: _Actor) -> bool:
    """Whether `actor` is only the place where another side's voice is: "Russia's embassy in Bamako"."""
    return other.side not in {_SAME, _NOBODY, actor.side} and 0 < actor.first - other.last <= _SEAT


def _all_at(actors: Iterable[_Actor], first: int) -> set[str]:
    """The sides of the actors that begin at this word."""
    return {actor.side for actor in actors if actor.first == first}
