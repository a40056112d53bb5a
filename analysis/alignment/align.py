"""Aligns an article's sentences with the claims they convey, and makes the coding of it."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import cached_property

from analysis.alignment.frames import FrameMatcher, Match, Page, Part
from analysis.alignment.languages import detect_language
from analysis.alignment.model import HEADLINE, CodedClaim, Coding, Mention, Sentence, Stance
from analysis.alignment.sentences import headline_sentence, listed, split_text
from analysis.alignment.speakers import Grammar, SpeakerFinder
from analysis.alignment.terms import Lexicon
from analysis.alignment.words import fold
from analysis.codebook import Claim, Codebook, Frame


@dataclass(frozen=True)
class ClaimMatcher:
    """A claim with its frames, ready to be held against sentences."""

    claim: Claim
    frames: tuple[FrameMatcher, ...]
    disputed: tuple[FrameMatcher, ...]
    asserted: tuple[FrameMatcher, ...]


class Aligner:
    """Codes articles by a codebook. Costly to build, cheap to use; memory is bounded."""

    def __init__(self, codebook: Codebook) -> None:
        self.codebook = codebook
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
        self._essential = [self._numbers[name] for name in codebook.matching.essential]
        self._topic = [Part(written, self._numbers) for written in codebook.matching.topic]
        self._topic_headline = [Part(written, self._numbers) for written in codebook.matching.topic_headline]

    def _spoken(self, frames: Iterable[Frame]) -> list[Frame]:
        """The frames, none of which fits a sentence that tells of somebody's silence."""
        silence = self.codebook.matching.silence
        return [frame.model_copy(update={"not_here": [*frame.not_here, *silence]}) for frame in frames]

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

    def frames_found(self, headline: str, text: str | Sequence[str]) -> set[tuple[str, str]]:
        """The frames, as (claim, name), that fit any sentence of an article, whatever their agreement."""
        whole = text if isinstance(text, str) else " ".join(text)
        language = detect_language(headline, whole)
        if language not in self.codebook.languages:
            return set()
        body = split_text(text, language) if isinstance(text, str) else listed(text)
        page = self.read([headline_sentence(headline), *body], language)
        return {
            (matcher.claim.id, frame.frame.name)
            for matcher in self.claims
            for frame in matcher.frames
            if frame.matches(page)
        }

    def read(self, sentences: Sequence[Sentence], language: str) -> Page:
        """Find concepts and speakers in all sentences; the first one is the headline."""
        self._prepare(language)
        readings = [self._lexicons[language].read(sentence.text) for sentence in sentences]
        concepts = 0
        for reading in readings:
            concepts |= reading.concepts
        return Page(readings, self._finders[language].speakers(readings), concepts)

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
            unspaced=language in matching.unspaced,
        )
        sides = self.codebook.sides
        grammar = Grammar(
            voices={numbers[name]: "" for name in matching.others}
            | {numbers[name]: side.id for side in sides for name in side.voices},
            countries={numbers[name]: side.id for side in sides for name in side.country},
            anaphors=frozenset(numbers[name] for name in matching.anaphors),
            first_person=tuple(numbers[name] for name in matching.first_person),
            speech=tuple(numbers[name] for name in matching.speech),
            according=tuple(numbers[name] for name in matching.according),
            same=tuple(numbers[name] for name in matching.same),
            locative=tuple(numbers[name] for name in matching.locative),
            that=tuple(numbers[name] for name in matching.that),
            subject_first=language in matching.subject_first,
            subject_behind=language in matching.subject_behind,
            verb_last=language in matching.verb_last,
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
        mentions: list[Mention] = []
        for matcher in self.claims:
            best: dict[int, Match] = {}
            for frame in matcher.frames:
                for match in frame.matches(page):
                    if match.place not in best or _score(match) > _score(best[match.place]):
                        best[match.place] = match
            mentions += [
                self._mention(matcher, page, match, sentences[place]) for place, match in sorted(best.items())
            ]
        confirmed = [mention for mention in mentions if mention.confirmed]
        included = {mention.claim_id for mention in confirmed}
        claims = {
            matcher.claim.id: self._claim(matcher, page, confirmed, included)
            for matcher in self.claims
            if matcher.claim.id in included
        }
        return Coding(
            language,
            codable=True,
            on_topic=self._on_topic(page, confirmed),
            claims=claims,
            mentions=tuple(mentions),
        )

    def _mention(self, matcher: ClaimMatcher, page: Page, match: Match, sentence: Sentence) -> Mention:
        score = _score(match)
        asserted = any(frame.explain(page, match.place).fits for frame in matcher.asserted)
        return Mention(
            matcher.claim.id,
            sentence,
            "; ".join(f"{found.part}: {found.words}" for found in match.found),
            round(score, 1),
            "asserted" if asserted else "attributed",
            score >= self.codebook.matching.confirm,
        )

    def _claim(
        self, matcher: ClaimMatcher, page: Page, confirmed: Sequence[Mention], included: set[str]
    ) -> CodedClaim:
        mine = [mention for mention in confirmed if mention.claim_id == matcher.claim.id]
        stance: Stance = "attributed"
        if included & set(matcher.claim.disputed_with) or any(
            frame.matches(page) for frame in matcher.disputed
        ):
            stance = "disputed"
        elif any(mention.stance == "asserted" for mention in mine):
            stance = "asserted"
        return CodedClaim(
            stance, max(mention.score for mention in mine), tuple(mention.sentence.number for mention in mine)
        )

    def _on_topic(self, page: Page, confirmed: Sequence[Mention]) -> bool:
        """Whether the headline or enough sentences are about the topic."""
        by_claim = {matcher.claim.id: matcher.claim for matcher in self.claims}
        about = {mention.sentence.number for mention in confirmed if by_claim[mention.claim_id].about_topic}
        if HEADLINE in about or any(part.find(page, 0) for part in self._topic_headline):
            return True
        places = range(len(page.readings))
        about |= {place + HEADLINE for place in places if any(part.find(page, place) for part in self._topic)}
        return len(about) >= self.codebook.matching.topic_sentences


def _score(match: Match) -> float:
    """The chance in percent that a coder agrees: the frame's share, less where words matched loosely."""
    return match.frame.agreement * match.likeness


def _begins_word(anchor: str, text: str) -> bool:
    """Whether a word begins so; in Arabic, and in scripts without spaces, a name may stand within one."""
    at = text.find(anchor)
    while at > 0 and text[at - 1].isalpha() and anchor < "\u0590":
        at = text.find(anchor, at + 1)
    return at >= 0
