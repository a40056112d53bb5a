"""The record of how the coded articles are coded by fits that have not seen them: coded/out-of-fold.jsonl.

Every figure that the program gives of itself on the articles it learnt from comes from this record.
"""

import json
from collections.abc import Iterable, Iterator, Mapping
from pathlib import Path
from typing import Any

from gossi.analysis.alignment.model import Coding
from gossi.analysis.coding.jsonl import Record, as_line
from gossi.crawler.errors import InputError

# A claim that is less likely than this in an article is left out of the record: one in a hundred.
_UNLIKELY = 0.01


def record_line(record: Mapping[str, Any], coding: Coding) -> Record:
    """An article's line: as `gossi align` writes it, with the probability of every claim that has one."""
    likely = {
        claim: round(probability, 4)
        for claim, probability in coding.probabilities.items()
        if probability >= _UNLIKELY
    }
    return {**as_line(dict(record), coding), "probabilities": likely}


def write_record(file: Path, lines: Iterable[Record]) -> None:
    """Write the record."""
    file.write_text("".join(json.dumps(line, ensure_ascii=False) + "\n" for line in lines), encoding="utf-8")


def read_record(file: Path) -> dict[str, Record]:
    """The record's lines by the article's id.

    Raises:
        InputError: there is none.
    """
    if not file.exists():
        raise InputError(f"{file}: no record of codings out of fold; gossi learn makes it")
    return {line["id"]: line for line in _lines(file)}


def _lines(file: Path) -> Iterator[Record]:
    for line in file.read_text(encoding="utf-8").splitlines():
        yield json.loads(line)
