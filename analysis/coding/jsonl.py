"""Codes the articles of a JSON Lines file, one coding a line; no database."""

from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Any

from analysis.alignment.model import Coding
from analysis.codebook import Codebook
from analysis.coding.coder import Article, code_articles
from crawler.articles import Line, read_lines

Record = dict[str, Any]


def align_file(path: Path, codebook: Codebook) -> Iterator[Record]:
    """The codings of a file's articles, in their order, one at a time, in the form of JSON Lines.

    `{"id": …, "on_topic": bool, "labels": {claim: {"stance", "sentences", "score"}}}`; sentence -1 is the
    headline, and where `text` is a list its indexes are used.

    Raises:
        InputError: at the first line that is no article, after those before it were given.
    """
    for record, coding in code_lines(read_lines(path), codebook):
        yield {
            "id": record["id"],
            "on_topic": coding.on_topic,
            "labels": {
                claim: {
                    "stance": coded.stance,
                    "sentences": list(coded.sentences),
                    "score": round(coded.score, 1),
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
