"""Who may speak in a sentence: the voices of the sides, their countries, and those who take up a speaker."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import NamedTuple

from gossi.analysis.alignment.terms import Hit, Reading

NOBODY = ""
"""The side of somebody who speaks for none."""

SAME = "="
"""The side of whoever spoke before: "he", "the ministry"."""

BOTH = "&"
"""The sides of all who were just named: "the two countries"."""

# "Russia's embassy in Bamako": words from the voice to its seat.
_SEAT = 3
# "at the UN": an article may stand between the preposition and the place.
_ARTICLE_LETTERS = 3
# "the Kremlin and the junta": an article may stand behind "and".
_ARTICLE = 1
# "wrote the ministry of foreign affairs on Twitter": words from the verb to the medium.
_MEDIUM = 14
# Whoever is named so soon behind an office holds it: "the minister of foreign affairs, Abdoulaye Diop".
_APPOSITION = 5
# Who stands among the first words is what the sentence is about: its subject, where no verb of saying tells.
_SUBJECT = 5


class Actor(NamedTuple):
    """Somebody named by words `first` to `last`, with the side for which they speak."""

    side: str
    first: int
    last: int


@dataclass(frozen=True)
class Grammar:
    """What of a language's grammar matters: concept numbers, and where subjects stand.

    Attributes:
        voices: concept → side, "" for a voice of no side.
        mentions: concept → side: whatever names a side, its people too.
        countries: concept → side; a country speaks, but in "in Mali" it is a place.
        anaphors: concepts for who spoke before: "he", "the ministry".
        both: concepts for two who were named: "both countries".
        media: concepts of voices that are also the place where others speak: "on Twitter".
        first_person: concepts for the author's own "we".
        sources: concepts that begin a line which names the author: "Source:".
        speech: concepts that are verbs of saying.
        denials: those of them that reject what is said.
        silence: concepts that tell of somebody's silence.
        according: concepts like "according to".
        same: concepts like "by his account": who spoke before speaks on.
        agents: concepts before who did what is told in the passive: "it was said by".
        joins: concepts between two who speak as one: "and".
        locative: concepts before a country's name that make it a place.
        that: concepts behind which what is said begins.
        subject_first: behind its verb the subject stands only after what is said.
        subject_behind: the subject stands behind its verb.
        verb_last: the verb ends the sentence and the subject begins it; "according to" stands behind too.
    """

    voices: dict[int, str]
    countries: dict[int, str]
    mentions: dict[int, str]
    anaphors: frozenset[int]
    both: tuple[int, ...]
    media: frozenset[int]
    first_person: tuple[int, ...]
    sources: tuple[int, ...]
    speech: tuple[int, ...]
    denials: tuple[int, ...]
    silence: tuple[int, ...]
    according: tuple[int, ...]
    same: tuple[int, ...]
    agents: tuple[int, ...]
    joins: tuple[int, ...]
    locative: tuple[int, ...]
    that: tuple[int, ...]
    subject_first: bool
    subject_behind: bool
    verb_last: bool


def hits_of(reading: Reading, concepts: Iterable[int]) -> Iterator[Hit]:
    """The hits of any of these concepts."""
    for concept in concepts:
        yield from reading.hits.get(concept, ())


def is_quoted(reading: Reading, hit: Hit | Actor) -> bool:
    """Whether words stand between quotation marks."""
    return any(first <= hit.first and hit.last <= last for first, last in reading.quotations)


def actors_of(reading: Reading, grammar: Grammar) -> list[Actor]:
    """Everybody in the sentence who may speak, in order; who is named in a quotation does not speak it."""
    places = _places(reading, grammar)
    verbs = [hit.first for hit in hits_of(reading, grammar.speech)]
    actors = set()
    for concept, hits in reading.hits.items():
        if concept in grammar.voices:
            actors |= {Actor(grammar.voices[concept], hit.first, hit.last) for hit in hits}
        elif concept in grammar.countries:
            actors |= {
                Actor(grammar.countries[concept], hit.first, hit.last)
                for hit in hits
                if hit.first not in places and not _has_preposition(reading.words[hit.first])
            }
        elif concept in grammar.anaphors:
            actors |= {Actor(SAME, hit.first, hit.last) for hit in hits}
        elif concept in grammar.both:
            actors |= {Actor(BOTH, hit.first, hit.last) for hit in hits}
    media = {hit[1:3] for hit in media_of(reading, grammar, actors)}
    return [
        actor
        for actor in sorted(actors, key=lambda actor: (actor.first, actor.last, actor.side))
        if not is_quoted(reading, actor)
        and actor[1:] not in media
        and not any(_is_meant_instead(other, actor, reading, verbs) for other in actors)
        and not (actor.first in places and any(_sits_there(other, actor) for other in actors))
    ]


def partners(actor: Actor, actors: Sequence[Actor], reading: Reading, grammar: Grammar) -> set[str]:
    """The sides of an actor and of those who speak as one with it: "Bamako and Moscow deny"."""
    joined = {hit.first for hit in hits_of(reading, grammar.joins)}
    sides = set()
    for one in actors:
        left, right = sorted((one, actor), key=lambda each: each.first)
        between = range(left.last + 1, right.first)
        is_joined = len(between) in {1, _ARTICLE + 1} and between[0] in joined
        attached = len(between) == 0 and reading.words[right.first].startswith("و")
        if one.first == actor.first or is_joined or (attached and left != right):
            sides.add(one.side)
    return sides


def media_of(reading: Reading, grammar: Grammar, actors: Iterable[Actor]) -> list[Hit]:
    """Where a medium is only the place in which somebody else speaks: "Moscow wrote on Twitter"."""
    places = _places(reading, grammar)
    own = {grammar.voices[concept] for concept in grammar.media}
    others = [actor for actor in actors if actor.side not in {NOBODY, BOTH, *own}]
    cues = [hit.last for hit in hits_of(reading, grammar.speech)]
    return [
        hit
        for hit in hits_of(reading, grammar.media)
        if hit.first in places
        and any(0 < hit.first - cue <= _MEDIUM for cue in cues)
        and any(actor.first < hit.first for actor in others)
    ]


def named_sides(reading: Reading, grammar: Grammar) -> set[str]:
    """Every side that is named at all, by a voice, its people, or its country as a place."""
    concepts = {**grammar.countries, **grammar.voices, **grammar.mentions}
    return {side for concept, side in concepts.items() if side and concept in reading.hits}


def sole_side(actors: Sequence[Actor]) -> frozenset[str]:
    """The one side of which anybody is named, if there is only one."""
    sides = {actor.side for actor in actors} - {NOBODY, SAME, BOTH}
    return frozenset(sides) if len(sides) == 1 else frozenset()


def subject(actors: Sequence[Actor]) -> frozenset[str]:
    """The side of whoever stands first in the sentence."""
    if not actors or actors[0].first >= _SUBJECT or actors[0].side in {NOBODY, SAME, BOTH}:
        return frozenset()
    return frozenset({actors[0].side})


def _places(reading: Reading, grammar: Grammar) -> set[int]:
    """The words that a preposition of place stands before."""
    places = set()
    for hit in hits_of(reading, grammar.locative):
        behind = hit.last + 1
        if behind in reading.breaks:
            continue  # "… before they left", Bamako said
        has_article = behind < len(reading.words) and len(reading.words[behind]) <= _ARTICLE_LETTERS
        places |= {behind, behind + 1} if has_article else {behind}
    return places


def _has_preposition(word: str) -> bool:
    """Whether an Arabic preposition is attached to a country's name: in Mali, to France."""
    return word.removeprefix("و").startswith(("ب", "ل"))


def _is_meant_instead(other: Actor, actor: Actor, reading: Reading, verbs: Sequence[int]) -> bool:
    """Whether `other` says more exactly who `actor` is.

    Of names that overlap the longest is meant; "the minister" is whoever is named right behind: "the minister
    of foreign affairs of Mali".
    """
    is_vaguer = other.side == SAME and actor.side != SAME
    if (
        actor.side == SAME
        and other.side not in {SAME, NOBODY}
        and other.last + 1 == actor.first == actor.last
    ):
        return True  # "the army, for its part": French « l'armée, elle, »
    if actor.first < other.first <= actor.last < other.last and not is_vaguer:
        return True  # "the government" in "the government of Russia"
    if other.first <= actor.first and actor.last <= other.last and other[1:] != actor[1:]:
        return not is_vaguer
    is_office = actor.last > actor.first or reading.words[actor.first].startswith("ال")
    if actor.side != SAME or not is_office or other.side in {SAME, NOBODY}:
        return False
    is_between = any(actor.last < verb < other.first for verb in verbs)  # "the ministry said that the French"
    return 0 < other.first - actor.last <= _APPOSITION and not is_between


def _sits_there(other: Actor, actor: Actor) -> bool:
    """Whether `actor` is only the place where another side's voice is: "Russia's embassy in Bamako"."""
    return other.side not in {SAME, NOBODY, actor.side} and 0 < actor.first - other.last <= _SEAT
