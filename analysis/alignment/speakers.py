"""Says whose words a sentence reports: by the verb of saying and who stands beside it, or carried over."""

from collections.abc import Sequence
from typing import NamedTuple

from gossi.analysis.alignment.actors import (
    BOTH,
    NOBODY,
    SAME,
    Actor,
    Grammar,
    actors_of,
    hits_of,
    is_quoted,
    media_of,
    named_sides,
    partners,
    sole_side,
    subject,
)
from gossi.analysis.alignment.terms import Hit, Reading

# Words between a verb of saying and its subject, which may be long: "Colonel X, head of the press service".
_BEFORE = 12
# Behind the verb the subject follows closely: "says a spokesman of the army".
_BEHIND = 5
# "according to a statement that the general staff issued": the speaker is soon named.
_ACCORDING = 7
# So close before the verb its subject can stand although the language puts it behind.
_NAMED_BEFORE = 4
# Sentences with "we" that make a text the statement of whoever its headline names; for who signs it, one.
_OWN_WORDS = 2
# A long text that says "we" in fewer than one sentence in so many is a journalist's.
_OWN_SHARE = 6
# Words of an insertion between commas: "too", "on Friday".
_INSERTION = 3
# Words of the verb between a quotation and its participle: "…", a-t-on affirmé; "…", had he said.
_AUXILIARIES = 3
# "… said on Friday before the press that": words between a verb of saying and what is said.
_CONTENT = 8
# A denial that is only like one in its letters bars nothing: Italian "sentire", "smentire".
_TO_THE_LETTER = 100.0
# Of a sentence that is quoted whole a word or two may stand outside.
_UNQUOTED = 2
# "Source: embassy of …" is a line of so many words.
_SOURCE_LINE = 14


class Speakers(NamedTuple):
    """The sides that a sentence reports.

    Attributes:
        named: a verb of saying stands beside one of their voices, or beside a pronoun or an office that takes
            it up; or the sentence is quoted whole from who spoke before, or the text is their own statement.
        spoken: these or, where there are none, the subject of the sentence or the speakers carried over.
        only: where the sentence tells that somebody denies or is silent, the sides whose claims it can convey
            all the same; None where it can convey any.
        denying: those of them who in this sentence only reject what follows: "Paris denies that …".
    """

    named: frozenset[str]
    spoken: frozenset[str]
    only: frozenset[str] | None = None
    denying: frozenset[str] = frozenset()

    def can_convey(self, side: str, *, is_denial: bool) -> bool:
        """Whether the sentence can convey a claim of a side, one that is itself a denial or not."""
        return (self.only is None or side in self.only) and (is_denial or side not in self.denying)


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
        around: set[str] = set()
        mentioned: frozenset[str] = frozenset()
        for reading in readings:
            actors = actors_of(reading, self._grammar)
            here = named_sides(reading, self._grammar)
            sides = self._told(reading, actors)
            begins = subject(actors)
            carried = last if age < self._carried else author
            if BOTH in sides:
                sides = (sides - {BOTH}) | _two(here, around | here)
            around = here
            own = frozenset(sides - {SAME, NOBODY})
            meant = carried or mentioned
            if SAME in sides:
                # "Moscow reacted; its ministry said": who begins the sentence is meant rather than who spoke.
                own |= begins or meant
            elif not sides:
                own = author or (meant if _is_quoted_whole(reading) else frozenset())
            own |= author  # whom a statement quotes it speaks for as well
            # "Then it was the army's turn": who alone is named is taken up, though no verb of saying tells.
            mentioned = frozenset() if sides or begins or author else sole_side(actors)
            barred = self._barred(reading, actors)
            if sides - {SAME} or (own and own != carried):
                # Where somebody of no side stands beside the verb, the sentence's subject may speak on.
                last, age = own or begins, 0
                found.append(Speakers(own, last, *barred))
                continue
            age = 0 if SAME in sides and age < self._carried else age + 1
            if begins and not own:
                last, age, carried = begins, 0, begins
            found.append(Speakers(own, carried, *barred))
        return found

    def heard(self, readings: Sequence[Reading], speakers: Sequence[Speakers]) -> list[Reading]:
        """The sentences without the medium in which somebody else speaks: "Moscow wrote on Twitter"."""
        media = self._grammar.media
        own = {self._grammar.voices[concept] for concept in media}
        heard = []
        for reading, who in zip(readings, speakers, strict=True):
            present = reading.hits.keys() & media
            if present and who.named and not own & who.named:
                actors = actors_of(reading, self._grammar)
                places = media_of(reading, self._grammar, actors)
                if all(_overlaps(hit, places) for hit in hits_of(reading, present)):
                    hits = {concept: hits for concept, hits in reading.hits.items() if concept not in media}
                    gone = sum(1 << concept for concept in present)
                    heard.append(reading._replace(hits=hits, concepts=reading.concepts & ~gone))
                    continue
            heard.append(reading)
        return heard

    def _author(self, readings: Sequence[Reading]) -> frozenset[str]:
        """The side that speaks throughout: who signs a text that says "we", or is alone in its headline."""
        own = sum(
            any(not is_quoted(reading, hit) for hit in hits_of(reading, self._grammar.first_person))
            for reading in readings
        )
        signed = [reading for reading in (readings[-1], *readings[:2]) if self._is_source_line(reading)]
        titled = [readings[0]] if own >= max(_OWN_WORDS, len(readings) / _OWN_SHARE) else []
        for reading in (*signed, *titled) if own else ():
            sides = {actor.side for actor in actors_of(reading, self._grammar)} - {SAME, BOTH}
            if len(sides) == 1 and NOBODY not in sides:
                return frozenset(sides)
        return frozenset()

    def _is_source_line(self, reading: Reading) -> bool:
        begins = any(hit.first == 0 for hit in hits_of(reading, self._grammar.sources))
        return begins and len(reading.words) <= _SOURCE_LINE

    def _told(self, reading: Reading, actors: Sequence[Actor]) -> set[str]:
        """The sides that the sentence itself names as speakers."""
        grammar = self._grammar
        sides = {SAME for _ in hits_of(reading, grammar.same)}
        reported = len(reading.words)
        for cue in sorted(hits_of(reading, grammar.speech), key=lambda cue: cue.first):
            if is_quoted(reading, cue):
                continue
            if cue.first >= reported and _clause_behind_what_is_said(cue, reading) is None:
                continue  # within what a side says, "France wants", nobody speaks to the reader
            told = self._beside(cue, actors, reading)
            if told - {NOBODY} and reported == len(reading.words):
                reported = self._content(cue, told, actors, reading)
            sides |= told
        for cue in hits_of(reading, grammar.according):
            near = [a for a in actors if 0 < _words_to(a, cue, before=grammar.verb_last) <= _ACCORDING]
            nearest = min(near, key=lambda a: _words_to(a, cue, before=grammar.verb_last), default=None)
            sides |= (
                self._all_at(near, nearest.first, reading)
                if nearest and not is_quoted(reading, cue)
                else set()
            )
        if not sides and reading.quotations:
            # "Moscow was categorical: …": who is the sentence's subject is quoted in it.
            before = [actor for actor in actors if actor.last < reading.quotations[0][0]]
            sides |= subject(before)
        return sides

    def _content(self, cue: Hit, told: set[str], actors: Sequence[Actor], reading: Reading) -> int:
        """The word with which what is said begins behind a verb of saying; beyond all where none does.

        It is the word that introduces it or, as in "Paris says Moscow did it", the name of somebody else.
        """
        begins = [hit.first for hit in hits_of(reading, self._grammar.that)]
        if self._grammar.subject_first:
            begins += [a.first for a in actors if a.first == cue.last + 1 and a.side not in told]
        near = [place for place in begins if 0 < place - cue.last <= _CONTENT]
        return min(near, default=len(reading.words))

    def _barred(
        self, reading: Reading, actors: Sequence[Actor]
    ) -> tuple[frozenset[str] | None, frozenset[str]]:
        """`only` and `denying` of the sentence, which may tell that somebody denies or is silent."""
        grammar = self._grammar
        if any(True for _ in hits_of(reading, grammar.silence)):
            return frozenset(), frozenset()
        denials = [
            hit
            for hit in hits_of(reading, grammar.denials)
            if hit.score == _TO_THE_LETTER and not is_quoted(reading, hit)
        ]
        if not denials:
            return None, frozenset()
        that = [hit.first for hit in hits_of(reading, grammar.that) if hit.first > denials[-1].last]
        content = min(that, default=len(reading.words))
        sides = {actor.side for actor in actors if actor.first < content}
        if not sides - {NOBODY, SAME, BOTH} or sides & {SAME, BOTH}:
            return None, frozenset()
        begun = [hit for hit in hits_of(reading, grammar.speech) if hit.first < content]
        only_denied = that and all(_overlaps(hit, denials) for hit in begun)
        return frozenset(sides), frozenset(sides) if only_denied else frozenset()

    def _beside(self, cue: Hit, actors: Sequence[Actor], reading: Reading) -> set[str]:
        """The side of the actor nearest to a verb of saying, where its subject can stand."""
        grammar = self._grammar
        before = [a for a in actors if 0 < cue.first - a.last <= _BEFORE]
        joined = any(hit.last + 1 == cue.first for hit in hits_of(reading, grammar.joins))
        in_order = not grammar.subject_behind and not grammar.verb_last
        if joined and in_order and subject(actors) and actors[0].last < cue.first:
            return self._all_at(actors, actors[0].first, reading)  # "Moscow congratulated Mali and called"
        if grammar.verb_last:
            return self._all_at(before, before[0].first, reading) if before else set()
        said = min(
            (hit.first for hit in hits_of(reading, grammar.that) if hit.first > cue.last), default=None
        )
        behind = [a for a in actors if 0 < a.first - cue.last <= _BEHIND and (said is None or a.first < said)]
        begun = _clause_behind_what_is_said(cue, reading)
        within = [a for a in before if begun is not None and a.first >= begun]
        if within and not grammar.subject_behind:
            return self._all_at(within, within[-1].first, reading)  # "…", Moscow had said
        is_passive = any(hit.first == cue.last + 1 for hit in hits_of(reading, grammar.agents))
        prefer_behind = grammar.subject_behind or ((begun is not None or is_passive) and bool(behind))
        if begun is not None:
            before = [] if behind else before
        elif is_passive:
            before = []
        elif grammar.subject_first:
            behind = []
        places = [(cue.first - a.last + (_BEHIND if prefer_behind else 0), a.first) for a in before]
        places += [(a.first - cue.last + (0 if prefer_behind else _BEHIND), a.first) for a in behind]
        if not places:
            return set()
        _, first = min(places)
        found = self._all_at([*before, *behind], first, reading)
        if grammar.subject_behind and before and cue.first - before[-1].last <= _NAMED_BEFORE:
            # Who was just named may be the subject, who follows the object: "Bamako that accuses Paris".
            found |= self._all_at(before, before[-1].first, reading)
        return found

    def _all_at(self, actors: Sequence[Actor], first: int, reading: Reading) -> set[str]:
        """The sides of the actors that begin at this word, and of those who speak as one with them."""
        beginning = [actor for actor in actors if actor.first == first]
        return {side for actor in beginning for side in partners(actor, actors, reading, self._grammar)}


def _clause_behind_what_is_said(cue: Hit, reading: Reading) -> int | None:
    """The word with which "…, said Paris" or "…, Paris had said" begins behind what is said, if there is one.

    "Paris, too, says" is an insertion and none.
    """
    ends = [last + 1 for _, last in reading.quotations if last < cue.first]
    begun = max((place for place in reading.breaks if place <= cue.first), default=0)
    if ends and cue.first - ends[-1] <= _BEFORE and begun <= ends[-1]:
        return ends[-1]
    if not begun or cue.first - begun > _AUXILIARIES:
        return None
    insertion = range(begun - _INSERTION, begun)
    return None if any(place in reading.breaks for place in insertion) else begun


def _overlaps(hit: Hit, others: Sequence[Hit]) -> bool:
    return any(hit.first <= other.last and other.first <= hit.last for other in others)


def _is_quoted_whole(reading: Reading) -> bool:
    quoted = sum(last - first + 1 for first, last in reading.quotations)
    return bool(quoted) and len(reading.words) - quoted <= _UNQUOTED


def _two(*choices: set[str]) -> set[str]:
    """The first of these sets that has two sides, as "both countries" has."""
    return next((sides for sides in choices if len(sides) == 2), set())


def _words_to(actor: Actor, cue: Hit, *, before: bool) -> int:
    return cue.first - actor.last if before else actor.first - cue.last
