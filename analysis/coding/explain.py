"""Says why a claim was found in an article, or what was missing: `gossi explain`."""

from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import NamedTuple

import numpy as np

from gossi.analysis.alignment.align import Aligner, ClaimMatcher
from gossi.analysis.alignment.evidence import Numbers
from gossi.analysis.alignment.frames import Found, FrameMatcher, Outcome, Page
from gossi.analysis.alignment.languages import detect_language
from gossi.analysis.alignment.model import HEADLINE, Coding, Sentence
from gossi.analysis.alignment.sentences import headline_sentence, listed, split_text
from gossi.analysis.alignment.stance import odds
from gossi.analysis.alignment.weighing import NOTHING
from gossi.analysis.codebook import SPEAKS, Codebook
from gossi.analysis.coding.coder import Article
from gossi.analysis.coding.jsonl import Record, article_of
from gossi.analysis.fit import STANCES
from gossi.crawler.errors import InputError, UsageError
from gossi.crawler.imports.articles import read_lines

_NEARLY = 3
"""Frames shown that nearly fitted: more would bury the telling ones."""

_TELLING = 0.05
"""Log odds that a piece of evidence must weigh to be shown: of a few hundredths there are dozens."""


def explain_file(file: Path, article: str, claim: str, codebook: Codebook) -> str:
    """The evidence for a claim in an article of a JSON Lines file, part by part, or what came nearest to it.

    Raises:
        InputError: the file cannot be read, a line before the article's is wrong, or it has no such article.
        UsageError: the codebook has no such claim.
    """
    aligner = Aligner(codebook)
    matcher = next((matcher for matcher in aligner.claims if matcher.claim.id == claim), None)
    if matcher is None:
        known = ", ".join(claim.id for claim in codebook.claims)
        raise UsageError(f"claim {claim!r} is not in claims.toml; it has {known}")
    for line in read_lines(file):
        if str(line.record["id"]) == article:
            return "\n".join(_explanation(aligner, matcher, article_of(line.record)))
    raise InputError(f"{file}: no article has the id {article!r}; give one that a line has as its id")


_TOLD = 8
"""Pieces of evidence shown for a stance: hundreds weigh a little."""


class _Read(NamedTuple):
    """An article as the matcher read it."""

    sentences: Sequence[Sentence]
    page: Page


class _Case(NamedTuple):
    """A frame held against a sentence."""

    place: int
    frame: FrameMatcher
    outcome: Outcome


def _explanation(aligner: Aligner, matcher: ClaimMatcher, article: Article[Record]) -> Iterator[str]:
    claim = matcher.claim
    yield f"{claim.id}: {claim.statement}"
    whole = article.text if isinstance(article.text, str) else " ".join(article.text)
    language = detect_language(article.headline, whole, article.language)
    if language not in aligner.codebook.languages:
        yield f"The lexicon has no wordings for the language {language!r}: nothing can be found in it."
        return
    coding = aligner.code(article.headline, article.text, article.language)
    yield from _verdict(aligner, coding, claim.id, language)
    if not aligner.is_read(article.headline, whole, language):
        yield "It was not read: it has none of the words of `anchors` or of `essential` in claims.toml."
        return
    body = split_text(article.text, language) if isinstance(article.text, str) else listed(article.text)
    sentences = [headline_sentence(article.headline), *body]
    read = _Read(sentences, aligner.read(sentences, language))
    cases = _cases(read, matcher.frames)
    weighed = _weighed(aligner, claim.id, read)
    for place in _places(coding, claim.id, read, weighed):
        yield from _of_sentence(place, coding, claim.id, read)
        yield f"  speaks: {_speakers(aligner, place, read) or 'nobody found'}"
        yield from weighed.lines(place) if weighed else ()
        for case in cases:
            if case.place == place and case.outcome.fits:
                yield from _parts(case, read)
    yield from _stance(aligner, matcher, coding, read)
    yield from _disputes(read, matcher, coding)
    if not any(case.outcome.fits for case in cases):
        yield "\nNo frame fits a sentence. Nearest came:"
        for case in sorted(cases, key=_distance)[:_NEARLY]:
            yield f"\n{_name(sentences[case.place])}"
            yield f"  {sentences[case.place].text}"
            yield from _parts(case, read)


class _Weighed(NamedTuple):
    """What the fit makes of an article for one claim."""

    odds: Numbers
    names: Sequence[str]
    evidence: Numbers  # what each piece weighs, of shape (sentences, evidence)
    meaning: Numbers  # of shape (sentences,)

    def lines(self, place: int) -> Iterator[str]:
        """What spoke for the claim in a sentence, and what against, heaviest first."""
        pieces = [
            *zip(self.evidence[place], self.names, strict=True),
            (self.meaning[place], "meaning of the sentence"),
        ]
        for word, sign in (("for", 1), ("against", -1)):
            told = sorted(
                (piece for piece in pieces if sign * piece[0] >= _TELLING), key=lambda p: -sign * p[0]
            )
            if told:
                yield f"  {word}: " + "; ".join(f"{name} {weight:+.2f}" for weight, name in told)
        rest = self.odds[place] - sum(weight for weight, _ in pieces)
        yield f"  log odds: {self.odds[place]:+.2f}, of which {rest:+.2f} before any evidence"


def _weighed(aligner: Aligner, claim: str, read: _Read) -> _Weighed | None:
    if claim not in aligner.scales:
        return None
    scale = aligner.scales[claim]
    evidence = aligner.evidence(read.page)
    meaning = aligner.meaning(evidence, read.sentences)
    return _Weighed(
        scale.sentences(evidence[claim], meaning),
        aligner.evidence_names[claim],
        evidence[claim].values * scale.evidence,
        np.array([scale.meaning(vector) for vector in meaning]),
    )


def _places(coding: Coding, claim: str, read: _Read, weighed: _Weighed | None) -> list[int]:
    """The sentences to tell of: those with the claim, else the likeliest one."""
    mentioned = {mention.sentence.number for mention in coding.mentions if mention.claim_id == claim}
    if mentioned or weighed is None or weighed.odds.max() <= NOTHING:
        return [place for place, sentence in enumerate(read.sentences) if sentence.number in mentioned]
    return [int(weighed.odds.argmax())]


def _of_sentence(place: int, coding: Coding, claim: str, read: _Read) -> Iterator[str]:
    sentence = read.sentences[place]
    mentions = [m for m in coding.mentions if m.claim_id == claim and m.sentence.number == sentence.number]
    for mention in mentions:
        likely = "" if mention.probability is None else f"probability {mention.probability:.2f}, "
        kind = "confirmed" if mention.confirmed else "only suggested"
        yield f"\n{_name(sentence)}: {likely}score {mention.score:g}, {kind}; {mention.stance}"
    if not mentions:
        yield f"\nLikeliest: {_name(sentence).lower()}"
    yield f"  {sentence.text}"


def _speakers(aligner: Aligner, place: int, read: _Read) -> str:
    """The sides whose words a sentence is taken to report, each with the nearest words that name it."""
    told = []
    speakers = read.page.speakers[place]
    for side in sorted(speakers.spoken | speakers.named):
        voice = aligner.voice(side).find_any(read.page, range(place, -1, -1))
        words = f" ({voice.words}{_origin(voice, place, read)})" if voice else ""
        carried = "" if side in speakers.named else ", as subject or carried over"
        told.append(f"{side}{words}{carried}")
    return "; ".join(told)


def _verdict(aligner: Aligner, coding: Coding, claim: str, language: str) -> Iterator[str]:
    about = f"The article is {'on topic' if coding.on_topic else 'not on topic'}, its language {language}."
    coded, likely, fit = coding.claims.get(claim), coding.probabilities.get(claim), aligner.codebook.fit
    chance = "" if likely is None else f", probability {likely:.2f}"
    included = (
        f"Included, {coded.stance}{chance}, score {coded.score:g}." if coded else f"Not included{chance}."
    )
    yield f"{included} {about}"
    if likely is not None and fit:
        yield f"A claim is included from {fit.weights.confirm:.2f} on."


def _cases(read: _Read, frames: Sequence[FrameMatcher]) -> list[_Case]:
    return [
        _Case(place, frame, frame.explain(read.page, place))
        for place in range(len(read.sentences))
        for frame in frames
    ]


def _distance(case: _Case) -> tuple[int, int]:
    """How far a frame is from fitting; of two as far, the one of which more was found is nearer."""
    outcome = case.outcome
    return len(outcome.missing) + len(outcome.excluded), -len(outcome.found)


def _stance(aligner: Aligner, matcher: ClaimMatcher, coding: Coding, read: _Read) -> Iterator[str]:
    """What spoke for each stance, heaviest first; nothing where the codebook's rules decided."""
    claim = matcher.claim.id
    weights = aligner.stance_weights(claim)
    if claim not in coding.claims or weights is None:
        return
    numbers = coding.claims[claim].sentences
    places = [place for place, sentence in enumerate(read.sentences) if sentence.number in numbers]
    evidence = aligner.stance_evidence(matcher, read.page, places, set(coding.claims))
    sums = odds(evidence, weights)
    yield "\nStance: " + ", ".join(
        f"{stance} {sums[stance]:+.2f}" for stance in sorted(sums, key=lambda stance: -sums[stance])
    )
    for number, stance in enumerate(STANCES):
        told = [
            (told * weights.evidence[name][number], name)
            for name, told in evidence.items()
            if name in weights.evidence
        ]
        told = sorted((piece for piece in told if piece[0] >= _TELLING), reverse=True)[:_TOLD]
        if told:
            yield f"  for {stance}: " + "; ".join(f"{name} {weight:+.2f}" for weight, name in told)


def _disputes(read: _Read, matcher: ClaimMatcher, coding: Coding) -> Iterator[str]:
    if matcher.claim.id not in coding.claims:
        return
    for other in matcher.claim.disputed_with:
        if other in coding.claims:
            yield f"\nDisputed: the article includes {other}, which rejects it."
    for case in _cases(read, matcher.disputed):
        if case.outcome.fits:
            yield f"\nDisputed in {_name(read.sentences[case.place]).lower()}"
            yield f"  {read.sentences[case.place].text}"
            yield from _parts(case, read)


def _parts(case: _Case, read: _Read) -> Iterator[str]:
    yield f"  frame: {case.frame.frame.name}"
    for found in case.outcome.found:
        yield f"    {found.part}: {found.words} ({found.score:.0f}){_origin(found, case.place, read)}"
    for part in case.outcome.missing:
        yield f"    {part}: missing"
    for found in case.outcome.excluded:
        yield f"    !{found.part}: {found.words} ({found.score:.0f}){_origin(found, case.place, read)}"


def _origin(found: Found, place: int, read: _Read) -> str:
    """Which sentence a part was taken from, where it is another one."""
    source = found.sentence
    side = found.part.removesuffix(SPEAKS)
    if side != found.part:
        named = (at for at in range(source, -1, -1) if side in read.page.speakers[at].named)
        source = next(named, source)
    return "" if source == place else f", from {_name(read.sentences[source]).lower()}"


def _name(sentence: Sentence) -> str:
    return "Headline" if sentence.number == HEADLINE else f"Sentence {sentence.number}"
