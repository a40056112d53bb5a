"""Says why a claim was found in an article, or what was missing: `gossi explain`."""

from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import NamedTuple

from analysis.alignment.align import Aligner, ClaimMatcher
from analysis.alignment.frames import Found, FrameMatcher, Outcome, Page
from analysis.alignment.languages import detect_language
from analysis.alignment.model import HEADLINE, Coding, Sentence
from analysis.alignment.sentences import headline_sentence, listed, split_text
from analysis.codebook import SPEAKS, Codebook
from analysis.coding.coder import Article
from analysis.coding.jsonl import Record, article_of
from crawler.articles import read_lines
from crawler.errors import InputError, UsageError

_NEARLY = 3
"""Frames shown that nearly fitted: more would bury the telling ones."""


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
        yield f"claims.toml has no wordings for the language {language!r}: nothing can be found in it."
        return
    coding = aligner.code(article.headline, article.text, article.language)
    yield _verdict(coding, claim.id, language)
    if not aligner.is_read(article.headline, whole, language):
        yield "It was not read: it has none of the words of `anchors` or of `essential` in claims.toml."
        return
    body = split_text(article.text, language) if isinstance(article.text, str) else listed(article.text)
    sentences = [headline_sentence(article.headline), *body]
    read = _Read(sentences, aligner.read(sentences, language))
    cases = _cases(read, matcher.frames)
    fitting = [case for case in cases if case.outcome.fits]
    confirm = aligner.codebook.matching.confirm
    for mention in coding.mentions:
        if mention.claim_id == claim.id:
            kind = "confirmed" if mention.confirmed else f"only suggested, being under {confirm:g}"
            yield f"\n{_name(mention.sentence)}: score {mention.score:g}, {kind}; {mention.stance}"
            yield f"  {mention.sentence.text}"
            for case in fitting:
                if sentences[case.place].number == mention.sentence.number:
                    yield from _parts(case, read)
    yield from _disputes(read, matcher, coding)
    if not fitting:
        yield "\nNo frame fits a sentence. Nearest came:"
        for case in sorted(cases, key=_distance)[:_NEARLY]:
            yield f"\n{_name(sentences[case.place])}"
            yield f"  {sentences[case.place].text}"
            yield from _parts(case, read)


def _verdict(coding: Coding, claim_id: str, language: str) -> str:
    topic = "on topic" if coding.on_topic else "not on topic"
    coded = coding.claims.get(claim_id)
    if coded is None:
        return f"Not included. The article is {topic}, its language {language}."
    return (
        f"Included, {coded.stance}, score {coded.score:g}. The article is {topic}, its language {language}."
    )


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
