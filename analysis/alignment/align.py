"""Aligns an article's sentences with the claims they convey, and makes the coding of it."""

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import NamedTuple

import numpy as np

from gossi.analysis.alignment.actors import Grammar
from gossi.analysis.alignment.encoder import Encoder, UniversalEncoder
from gossi.analysis.alignment.evidence import ClaimEvidence, EvidenceReader, Numbers, framed
from gossi.analysis.alignment.frames import Found, FrameMatcher, Outcome, Page, Part, likeness
from gossi.analysis.alignment.languages import detect_language
from gossi.analysis.alignment.model import HEADLINE, CodedClaim, Coding, Mention, Sentence
from gossi.analysis.alignment.sentences import headline_sentence, listed, split_text
from gossi.analysis.alignment.speakers import SpeakerFinder
from gossi.analysis.alignment.stance import Reported, StanceEvidence, StanceReader, by_rules, by_weights
from gossi.analysis.alignment.terms import Lexicon, Reading
from gossi.analysis.alignment.weighing import ClaimScale, probability
from gossi.analysis.alignment.words import fold
from gossi.analysis.codebook import Claim, Codebook, Frame
from gossi.analysis.fit import StanceWeights


@dataclass(frozen=True)
class ClaimMatcher:
    """A claim with its frames, ready to be held against sentences."""

    claim: Claim
    frames: tuple[FrameMatcher, ...]
    disputed: tuple[FrameMatcher, ...]
    asserted: tuple[FrameMatcher, ...]


_SUGGESTED = 0.1
"""Probability from which a claim that is not included is suggested to people: one in ten is one."""


class Verdict(NamedTuple):
    """What is decided of a claim.

    Attributes:
        included: whether the article has it.
        probability: how likely a coder has it; None where the claim is not fitted and frames decide.
        sentences: of each that conveys it, or might, by place: how likely a coder marks it.
    """

    included: bool
    probability: float | None
    sentences: Mapping[int, float | None]


class Aligner:
    """Codes articles by a codebook. Costly to build, cheap to use; memory is bounded.

    Args:
        codebook: by which to code.
        encoder: for a fit that weighs meaning; by default the one that is installed.
    """

    def __init__(self, codebook: Codebook, encoder: Encoder | None = None) -> None:
        self.codebook = codebook
        self._encoder = encoder or UniversalEncoder()
        self._numbers = {name: number for number, name in enumerate(codebook.concepts)}
        self._lexicons: dict[str, Lexicon] = {}
        self._finders: dict[str, SpeakerFinder] = {}
        self.claims = tuple(
            ClaimMatcher(
                claim,
                *(
                    tuple(FrameMatcher(frame, self._numbers) for frame in frames)
                    for frames in (self._spoken(claim.frame), claim.disputed, claim.asserted)
                ),
            )
            for claim in codebook.claims
        )
        self._evidence = EvidenceReader(
            [(matcher.claim, matcher.frames) for matcher in self.claims],
            [side.id for side in codebook.sides],
            codebook.matching.silence,
            self._numbers,
        )
        self.evidence_names = self._evidence.names()
        weights = codebook.fit.weights if codebook.fit else None
        self.scales = {
            claim: ClaimScale(weights, weights.claims[claim], names)
            for claim, names in self.evidence_names.items()
            if weights and claim in weights.claims
        }
        self._stances = StanceReader(codebook)
        self._essential = [self._numbers[name] for name in codebook.matching.essential]
        self._topic = [Part(written, self._numbers) for written in codebook.matching.topic]
        self._topic_claimed = [Part(written, self._numbers) for written in codebook.matching.topic_claimed]
        self._topic_headline = [Part(written, self._numbers) for written in codebook.matching.topic_headline]

    def _spoken(self, frames: Iterable[Frame]) -> list[Frame]:
        """The frames; none fits a sentence about somebody's silence, few fit one about another affair."""
        matching = self.codebook.matching
        return [
            frame.model_copy(
                update={
                    "not_here": [
                        *frame.not_here,
                        *matching.silence,
                        *([] if frame.elsewhere else matching.elsewhere),
                    ]
                }
            )
            for frame in frames
        ]

    def code(self, headline: str, text: str | Sequence[str], language: str = "") -> Coding:
        """Code an article.

        Args:
            headline: as printed.
            text: the body, its paragraphs as lines; or its sentences as a list, whose indexes then stand in
                the coding.
            language: as declared, a hint.
        """
        whole = text if isinstance(text, str) else " ".join(text)
        if not self._names_anchor(headline, whole):
            return Coding(language or "und", codable=True, on_topic=False)
        language = detect_language(headline, whole, language)
        if language not in self.codebook.languages:
            return Coding(language, codable=False, on_topic=False)
        self._prepare(language)
        if not self._lexicons[language].touches(f"{headline} {whole}", self._essential):
            return Coding(language, codable=True, on_topic=False)
        body = split_text(text, language) if isinstance(text, str) else listed(text)
        sentences = [headline_sentence(headline), *body]
        page = self.read(sentences, language)
        return self._coding(page, sentences, language)

    def is_read(self, headline: str, text: str, language: str) -> bool:
        """Whether an article, in a language with wordings, has the words without which it has no claim."""
        self._prepare(language)
        return self._names_anchor(headline, text) and self._lexicons[language].touches(
            f"{headline} {text}", self._essential
        )

    def read(self, sentences: Sequence[Sentence], language: str) -> Page:
        """Find concepts and speakers in all sentences; the first one is the headline."""
        self._prepare(language)
        return self.page([self._lexicons[language].read(sentence.text) for sentence in sentences], language)

    def page(self, readings: Sequence[Reading], language: str) -> Page:
        """The article whose sentences were read so, the headline first."""
        self._prepare(language)
        finder = self._finders[language]
        speakers = finder.speakers(readings)
        readings = finder.heard(readings, speakers)
        concepts = 0
        for reading in readings:
            concepts |= reading.concepts
        return Page(readings, speakers, concepts)

    def evidence(self, page: Page) -> dict[str, ClaimEvidence]:
        """What each sentence has that speaks for or against each claim."""
        return self._evidence.read(page)

    def _prepare(self, language: str) -> None:
        """Build what a language needs, once."""
        if language in self._lexicons:
            return
        matching, numbers = self.codebook.matching, self._numbers
        self._lexicons[language] = Lexicon(
            {
                numbers[name]: terms[language]
                for name, terms in self.codebook.concepts.items()
                if language in terms
            },
            unspaced=self.codebook.grammar[language].unspaced,
        )
        sides, sentence = self.codebook.sides, self.codebook.grammar[language]
        roles = {
            role: tuple(numbers[name] for name in getattr(matching, role))
            for role in (
                "first_person", "sources", "speech", "denials", "silence", "according", "same", "agents",
                "joins", "both", "locative", "that",
            )
        }  # fmt: skip
        voices = {numbers[name]: "" for name in matching.others} | {
            numbers[name]: side.id for side in sides for name in side.voices
        }
        grammar = Grammar(
            voices=voices,
            mentions={numbers[name]: side.id for side in sides for name in side.mentions},
            countries={numbers[name]: side.id for side in sides for name in side.country},
            anaphors=frozenset(numbers[name] for name in matching.anaphors),
            # where posts are nobody's voice in this study, there is no voice to be taken for a place
            media=frozenset(numbers[name] for name in matching.media) & voices.keys(),
            subject_first=sentence.subject_first,
            subject_behind=sentence.subject_behind,
            verb_last=sentence.verb_last,
            **roles,
        )
        self._finders[language] = SpeakerFinder(grammar, matching.carried)

    @cached_property
    def _anchors(self) -> tuple[str, ...]:
        """The beginnings of the words one of which every article with a claim has, in all languages."""
        return tuple(
            {
                fold(term.strip("*"))
                for name in self.codebook.matching.anchors
                for written in self.codebook.concepts[name].values()
                for term in written
            }
        )

    def _names_anchor(self, headline: str, text: str) -> bool:
        """Whether the article can have any claim at all; cheap, so that most articles cost nothing more."""
        whole = f"{headline} {text}".casefold()
        if any(_begins_word(anchor, whole) for anchor in self._anchors):
            return True
        if whole.isascii():
            return False
        plain = fold(whole)  # accents and vowel signs hide a name
        return any(_begins_word(anchor, plain) for anchor in self._anchors)

    def _coding(self, page: Page, sentences: Sequence[Sentence], language: str) -> Coding:
        verdicts = self.verdicts(page, sentences)
        mentions = [
            self._mention(matcher, page, sentences[place], verdicts[matcher.claim.id], place)
            for matcher in self.claims
            for place in verdicts[matcher.claim.id].sentences
        ]
        confirmed = [mention for mention in mentions if mention.confirmed]
        included = {claim for claim, verdict in verdicts.items() if verdict.included}
        claims = {
            matcher.claim.id: self._claim(matcher, page, confirmed, included, verdicts)
            for matcher in self.claims
            if matcher.claim.id in included
        }
        return Coding(
            language,
            codable=True,
            on_topic=self._on_topic(page, confirmed),
            claims=claims,
            mentions=tuple(mentions),
            probabilities={
                claim: verdict.probability
                for claim, verdict in verdicts.items()
                if verdict.probability is not None
            },
        )

    def verdicts(self, page: Page, sentences: Sequence[Sentence]) -> dict[str, Verdict]:
        """What is decided of each claim: by its fitted weights, or by its frames where it has none."""
        evidence = self.evidence(page)
        meaning = self.meaning(evidence, sentences)
        found = {}
        for matcher in self.claims:
            claim = matcher.claim.id
            if claim in self.scales:
                found[claim] = self._weighed(self.scales[claim], evidence[claim], meaning)
            else:
                found[claim] = _by_frames(evidence[claim])
        return found

    def meaning(self, evidence: Mapping[str, ClaimEvidence], sentences: Sequence[Sentence]) -> Numbers:
        """Vectors of the sentences that can convey anything, zeros for others; none if none are weighed."""
        fit = self.codebook.fit
        dimensions = (
            max((len(claim.meaning) for claim in fit.weights.claims.values()), default=0) if fit else 0
        )
        meaning = np.zeros((len(sentences), dimensions))
        possible = np.any([claim.possible for claim in evidence.values()], axis=0)
        places = [place for place in range(len(sentences)) if possible[place]]
        if dimensions and places:
            meaning[places] = self._encoder.encode([sentences[place].text for place in places])
        return meaning

    def _weighed(self, scale: ClaimScale, evidence: ClaimEvidence, meaning: Numbers) -> Verdict:
        assert self.codebook.fit is not None  # noqa: S101 - scales come from it
        odds = scale.sentences(evidence, meaning)
        likely = scale.article(odds)
        included = likely >= self.codebook.fit.weights.confirm
        if not included and likely < _SUGGESTED:
            return Verdict(included, likely, {})
        places = [place for place, of in enumerate(odds) if of >= 0] if included else []
        return Verdict(
            included,
            likely,
            {place: probability(float(odds[place])) for place in places or [int(odds.argmax())]},
        )

    def _mention(
        self, matcher: ClaimMatcher, page: Page, sentence: Sentence, verdict: Verdict, place: int
    ) -> Mention:
        words, score = self._matched(matcher, page, place)
        asserted = any(frame.explain(page, place).fits for frame in matcher.asserted)
        return Mention(
            matcher.claim.id,
            sentence,
            words,
            round(score, 1),
            verdict.sentences[place],
            "asserted" if asserted else "attributed",
            verdict.included,
        )

    def _matched(self, matcher: ClaimMatcher, page: Page, place: int) -> tuple[str, float]:
        """The words that speak for the claim in a sentence, and how well they matched on average."""
        outcomes = [frame.explain(page, place) for frame in matcher.frames]
        fitting = [outcome.found for outcome in outcomes if outcome.fits]
        found = max(fitting, key=likeness) if fitting else _met_here(outcomes, place)
        return "; ".join(f"{part.part}: {part.words}" for part in found), likeness(found)

    def _claim(
        self,
        matcher: ClaimMatcher,
        page: Page,
        confirmed: Sequence[Mention],
        included: set[str],
        verdicts: Mapping[str, Verdict],
    ) -> CodedClaim:
        mine = [mention for mention in confirmed if mention.claim_id == matcher.claim.id]
        evidence = self.stance_evidence(matcher, page, list(verdicts[matcher.claim.id].sentences), included)
        weights = self.stance_weights(matcher.claim.id)
        return CodedClaim(
            by_weights(evidence, weights) if weights else by_rules(evidence),
            max(mention.score for mention in mine),
            verdicts[matcher.claim.id].probability,
            tuple(mention.sentence.number for mention in mine),
        )

    def stance_evidence(
        self, matcher: ClaimMatcher, page: Page, places: Sequence[int], included: Collection[str]
    ) -> StanceEvidence:
        """What an article with these claims has for each stance of one that these sentences convey."""
        claim = matcher.claim
        return self._stances.read(
            page,
            Reported(
                claim.id,
                claim.side,
                places,
                matcher.disputed,
                matcher.asserted,
                claim.disputed_with,
                included,
            ),
        )

    def voice(self, side: str) -> Part:
        """What a sentence that names a side as one who speaks has: any of the side's voices."""
        (voices,) = (of.voices for of in self.codebook.sides if of.id == side)
        return Part(" | ".join(voices), self._numbers)

    def stance_weights(self, claim: str) -> StanceWeights | None:
        """What decides the claim's stance; None where its rules do, as it is newer than the fit."""
        fit = self.codebook.fit
        return fit.weights.stance if fit and claim in fit.weights.claims else None

    def _on_topic(self, page: Page, confirmed: Sequence[Mention]) -> bool:
        """Whether the headline or enough sentences are about the topic."""
        by_claim = {matcher.claim.id: matcher.claim for matcher in self.claims}
        about = {mention.sentence.number for mention in confirmed if by_claim[mention.claim_id].about_topic}
        if HEADLINE in about or any(part.find(page, 0) for part in self._topic_headline):
            return True
        if about and any(part.find(page, 0) for part in self._topic_claimed):
            return True
        places = range(len(page.readings))
        about |= {place + HEADLINE for place in places if any(part.find(page, place) for part in self._topic)}
        return len(about) >= self.codebook.matching.topic_sentences


def _by_frames(evidence: ClaimEvidence) -> Verdict:
    """What frames decide alone: one that fits is enough; one that is ruled out suggests the claim."""
    fits, met = (np.flatnonzero(of) for of in framed(evidence))
    places = fits if len(fits) else met
    return Verdict(bool(len(fits)), None, {int(place): None for place in places})


def _met_here(outcomes: Iterable[Outcome], place: int) -> list[Found]:
    """The parts of any frame that the sentence itself meets, each once."""
    found = {met.part: met for outcome in outcomes for met in outcome.found if met.sentence == place}
    return list(found.values())


def _begins_word(anchor: str, text: str) -> bool:
    """Whether a word begins so; in Arabic, and in scripts without spaces, a name may stand within one."""
    at = text.find(anchor)
    while at > 0 and text[at - 1].isalpha() and anchor < "\u0590":
        at = text.find(anchor, at + 1)
    return at >= 0
