"""Coded articles as the coder learns from them: of each sentence the evidence, and people's mark."""

import zlib
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from gossi.analysis.alignment.align import Aligner
from gossi.analysis.alignment.encoder import Encoder
from gossi.analysis.alignment.evidence import ClaimEvidence, Numbers, nearness
from gossi.analysis.alignment.frames import Page
from gossi.analysis.alignment.languages import detect_language
from gossi.analysis.alignment.model import HEADLINE, Sentence
from gossi.analysis.alignment.sentences import headline_sentence, listed, split_text
from gossi.analysis.alignment.stance import StanceEvidence
from gossi.analysis.codebook import Codebook
from gossi.analysis.coding.comparison import checked
from gossi.analysis.coding.grid import Item
from gossi.analysis.coding.groups import groups_of
from gossi.analysis.coding.withheld import TermReader, own_terms
from gossi.analysis.fit import Stance
from gossi.crawler.errors import InputError
from gossi.crawler.imports.articles import read_lines

Truths = NDArray[np.bool_]
Places = NDArray[np.int64]


WITHHELD = 1 / 3
"""What the reading without an article's own words counts, of one.

Of the terms met in 63 articles that were coded after the words were frozen, 7 in 100 were met in no other
group's; in those that the words were written with, 9 to 10: of an article's own words a third would not be
known.
"""


FROM_GRID = 0.5
"""What a sentence of the attribution grid counts, of one of a coded article: it has many like it."""

_OF_GRID = 6
"""One in so many articles of the grid is learnt from: some 1,000, twice as many as are coded."""


class Examples(NamedTuple):
    """The sentences that can convey a claim, those of all articles in a row; each reading has its own.

    Attributes:
        evidence: of shape (sentences, evidence of the claim).
        meaning: of each the row in `Training.meaning`.
        article: of each the number of its article.
        marked: of each whether people marked it for the claim.
        full: of each whether it is of the reading with all words.
        withheld: of each whether it is of that without its article's own words.
        weight: of its reading; where both readings are the same they stand as one.
    """

    evidence: Numbers
    meaning: Places
    article: Places
    marked: Truths
    full: Truths
    withheld: Truths
    weight: Numbers


class Taught(NamedTuple):
    """What the coder learns from but is not measured by.

    Attributes:
        lessons: short texts written to teach a kind of sentence; `wire_group` names the kind.
        grid: articles of the attribution grid, which gives all sides alike.
    """

    lessons: Sequence[Mapping[str, Any]] = ()
    grid: Sequence[Item] = ()


class StanceExample(NamedTuple):
    """A claim that people have in an article, read for its stance."""

    article: int
    stance: Stance
    evidence: StanceEvidence


@dataclass(frozen=True)
class Training:
    """Coded articles, read.

    Attributes:
        records: the lines of the coded articles by which the coder is measured.
        groups: of each the group; articles that belong together share it.
        languages: of each coded article the language.
        made_up: of each lesson and article of the grid, which come last, the kind; one kind stays together.
        included: claim → of each article whether people have the claim in it.
        settled: claim → of each article whether they agree on that.
        examples: claim → its sentences.
        names: claim → what its evidence says.
        stances: the claims that people have, as articles report them.
        texts: all sentences, article by article.
        meaning: their vectors, of shape (sentences, dimensions); no dimension without an encoder.
    """

    records: list[Mapping[str, Any]]
    groups: list[int]
    languages: list[str]
    made_up: list[int]
    included: Mapping[str, Truths]
    settled: Mapping[str, Truths]
    examples: Mapping[str, Examples]
    names: Mapping[str, list[str]]
    stances: Sequence[StanceExample]
    texts: list[str]
    meaning: Numbers


class _Read(NamedTuple):
    """An article, read with all words and without its own."""

    article: int
    first: int  # row of its headline in the vectors
    sentences: Sequence[Sentence]
    full: Mapping[str, ClaimEvidence]
    withheld: Mapping[str, ClaimEvidence]


def read_coded(files: Sequence[Path], codebook: Codebook) -> list[Mapping[str, Any]]:
    """The lines of files of coded articles.

    Raises:
        InputError: a file cannot be read, a line is no coded article, or two have one id.
    """
    known = {claim.id for claim in codebook.claims}
    records: dict[str, Mapping[str, Any]] = {}
    for file in files:
        for line in checked(read_lines(file), known):
            if str(line.record["id"]) in records:
                raise InputError(
                    f"{line.place}: the id {line.record['id']!r} stands twice; give each its own"
                )
            records[str(line.record["id"])] = line.record
    return list(records.values())


def read_training(
    records: Sequence[Mapping[str, Any]],
    codebook: Codebook,
    encoder: Encoder | None,
    taught: Taught | None = None,
) -> Training:
    """Read all that there is to learn: coded articles, and what teaches but is not measured.

    Args:
        records: the lines of coded articles.
        codebook: by which to read.
        encoder: gives the vectors; none for a coder without.
        taught: what else to learn from.
    """
    aligner = Aligner(codebook)
    taught = taught or Taught()
    made_up = [*taught.lessons, *(_as_record(item) for item in taught.grid if _is_taken(item))]
    kinds = sorted({_kind(record) for record in made_up})
    groups = groups_of(records)
    everything = [*records, *made_up]
    articles = [_sentences(record) for record in everything]
    readers = {
        language: TermReader(codebook, language)
        for language in sorted({language for language, _ in articles})
    }
    terms = [
        (language, [readers[language].read(sentence.text) for sentence in sentences])
        for language, sentences in articles
    ]
    readings: list[_Read] = []
    stances: list[StanceExample] = []
    first = 0
    own_of = own_terms(terms[: len(records)], groups)
    own_of += [frozenset[int]()] * len(made_up)
    for number, (own, (language, read)) in enumerate(zip(own_of, terms, strict=True)):
        sentences = articles[number][1]
        if language in codebook.languages:
            pages = [
                aligner.page([readers[language].without(sentence, terms_) for sentence in read], language)
                for terms_ in (frozenset[int](), own)
            ]
            full, withheld = (aligner.evidence(page) for page in pages)
            readings.append(_Read(number, first, sentences, full, withheld))
            stances += _stances(aligner, number, everything[number], pages[0])
        first += len(sentences)
    texts = [sentence.text for _, sentences in articles for sentence in sentences]
    claims = [claim.id for claim in codebook.claims]
    return Training(
        records=list(records),
        groups=groups,
        languages=[language for language, _ in articles[: len(records)]],
        made_up=[kinds.index(_kind(record)) for record in made_up],
        included={claim: np.array([claim in record["labels"] for record in records]) for claim in claims},
        settled={
            claim: np.array([claim not in record.get("contested", ()) for record in everything])
            for claim in claims
        },
        examples={claim: _examples(claim, readings, everything) for claim in claims},
        names=aligner.evidence_names,
        stances=stances,
        texts=texts,
        meaning=encoder.encode(texts) if encoder else np.zeros((len(texts), 0)),
    )


def _stances(aligner: Aligner, number: int, record: Mapping[str, Any], page: Page) -> Iterator[StanceExample]:
    """The claims of an article on which people agree, in the sentences that they marked."""
    labels = record["labels"]
    for matcher in aligner.claims:
        claim = matcher.claim.id
        if "sentences" in labels.get(claim, ()) and claim not in record.get("contested", ()):
            places = [sentence - HEADLINE for sentence in labels[claim]["sentences"]]
            there = [place for place in places if place < len(page.readings)]
            if there:
                evidence = aligner.stance_evidence(matcher, page, there, set(labels))
                yield StanceExample(number, labels[claim]["stance"], evidence)


def _kind(record: Mapping[str, Any]) -> str:
    """What a made-up article is an example of: a construction of the grid, or the kind of a lesson."""
    if "construction" in record:
        return f"grid {record['construction']}"
    return f"lesson {record.get('wire_group') or record['id']}"


def _is_taken(item: Item) -> bool:
    """Whether an article of the grid is learnt from: as good as drawn, and always the same ones."""
    return zlib.crc32(item.id.encode()) % _OF_GRID == 0


def _as_record(item: Item) -> Mapping[str, Any]:
    """An article of the grid as one that is coded; which of its sentences has the claim is not said."""
    return {
        "id": f"grid {item.id}",
        "construction": item.construction,
        "language": item.language,
        "headline": item.headline,
        "text": list(item.text),
        "labels": {claim: {"stance": stance} for claim, stance in item.want.items()},
    }


def _marked(label: Mapping[str, Any], read: _Read, claim: str) -> set[int]:
    """The sentences marked for a claim; in the grid the one to which its frames come nearest."""
    if "sentences" in label:
        return set(label["sentences"])
    nearest = nearness(read.full[claim])
    return {read.sentences[int(np.flatnonzero(nearest == nearest.max())[-1])].number}


def _sentences(record: Mapping[str, Any]) -> tuple[str, list[Sentence]]:
    """An article's language and sentences, the headline first."""
    headline, text = str(record["headline"]), record["text"]
    whole = text if isinstance(text, str) else " ".join(text)
    language = detect_language(headline, whole, str(record.get("language", "")))
    body = split_text(text, language) if isinstance(text, str) else listed(text)
    return language, [headline_sentence(headline), *body]


def _examples(claim: str, readings: Sequence[_Read], records: Sequence[Mapping[str, Any]]) -> Examples:
    rows: list[tuple[Any, ...]] = []
    evidence: list[Numbers] = []
    for read in readings:
        record = records[read.article]
        theirs = _marked(record["labels"][claim], read, claim) if claim in record["labels"] else set()
        share = FROM_GRID if "construction" in record else 1.0
        full, withheld = read.full[claim], read.withheld[claim]
        for place, sentence in enumerate(read.sentences):
            about = (read.first + place, read.article, sentence.number in theirs)
            if (
                full.possible[place]
                and withheld.possible[place]
                and np.array_equal(full.values[place], withheld.values[place])
            ):
                evidence.append(full.values[place])
                rows.append((*about, True, True, share))
                continue
            for of, is_full in ((full, True), (withheld, False)):
                if of.possible[place]:
                    evidence.append(of.values[place])
                    weight = 1 - WITHHELD if is_full else WITHHELD
                    rows.append((*about, is_full, not is_full, share * weight))
    columns = list(zip(*rows, strict=True)) if rows else [()] * 6
    width = readings[0].full[claim].values.shape[1] if readings else 0
    kinds = (np.int64, np.int64, np.bool_, np.bool_, np.bool_, np.float64)
    return Examples(
        np.array(evidence).reshape(len(evidence), width),
        *(np.array(column, dtype=kind) for column, kind in zip(columns, kinds, strict=True)),
    )
