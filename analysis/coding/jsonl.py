"""Codes the articles of a JSON Lines file, one coding a line; no database."""

import logging
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Any

from gossi.analysis.alignment.model import Coding
from gossi.analysis.codebook import Codebook
from gossi.analysis.coding.coder import Article, code_articles
from gossi.crawler.imports.articles import Line, read_lines

Record = dict[str, Any]

_LOG = logging.getLogger(__name__)


def align_file(path: Path, codebook: Codebook) -> Iterator[Record]:
    """The codings of a file's articles, as `align_records` gives them.

    Raises:
        InputError: at the first line that is no article, after those before it were given.
    """
    return align_records((line.record for line in read_lines(path)), codebook)


def align_records(records: Iterable[Record], codebook: Codebook) -> Iterator[Record]:
    """The codings of articles, in their order, one at a time, in the form of JSON Lines.

    `{"id": …, "on_topic": bool, "labels": {claim: {"stance", "sentences", "score", "probability"}}}`;
    sentence -1 is the headline, and where `text` is a list its indexes are used. A claim that is not fitted
    has no probability.

    Args:
        records: as `gossi.crawler.imports.articles.checked_record` gives them.
        codebook: by which to code.

    Raises:
        GossiError: the workers were lost; what the records raise comes after the codings of those before.
    """
    for record, coding in code_articles(map(article_of, records), codebook):
        if not coding.codable:
            _LOG.warning(
                "article %s: no words for its language (%s): nothing can be found in it; add lexicon/%s.toml",
                record["id"],
                coding.language,
                coding.language,
            )
        yield as_line(record, coding)


def as_line(record: Record, coding: Coding) -> Record:
    """A coding in the form of JSON Lines."""
    return {
        "id": record["id"],
        "on_topic": coding.on_topic,
        "labels": {
            claim: {
                "stance": coded.stance,
                "sentences": list(coded.sentences),
                "score": round(coded.score, 1),
                **({} if coded.probability is None else {"probability": round(coded.probability, 4)}),
            }
            for claim, coded in coding.claims.items()
        },
    }


def code_lines(lines: Iterable[Line], codebook: Codebook) -> Iterator[tuple[Record, Coding]]:
    """Each line's record with its coding, in order.

    Raises:
        InputError: as reading the lines does.
    """
    return code_articles((article_of(line.record) for line in lines), codebook)


def article_of(record: Record) -> Article[Record]:
    """The article of a record, to be coded. A language that is no string is no hint."""
    language = record.get("language")
    return Article(
        item=record,
        headline=record["headline"],
        text=record["text"],
        language=language if isinstance(language, str) else "",
    )
