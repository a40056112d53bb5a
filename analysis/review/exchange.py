"""Codings to and from elsewhere, as JSON Lines: the `gold` form, one article a line."""

import json
from collections.abc import Iterator, Sequence
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, Literal

from pydantic import BaseModel, ConfigDict, Field, ValidationError

from gossi.analysis.measuring.query import query
from gossi.analysis.review.codings import Cannot, Label, PersonsCoding, append_coding, read_codings
from gossi.analysis.review.draws import draw_folders, read_draw
from gossi.analysis.review.learning_from import settled_folder
from gossi.analysis.review.questions import Question
from gossi.analysis.review.texts import read_text
from gossi.crawler.errors import InputError
from gossi.crawler.study.sources import StudyFolder

ImportMode = Literal["sample", "second"]
"""As what codings from elsewhere count. second: they are compared, and enter no figure."""


class _Line(BaseModel):
    """A coded article. What else stands on its line (text, outlet, …) is of no concern here."""

    model_config = ConfigDict(extra="ignore", strict=True)

    id: str = Field(description="article_id in the store; where it is another, `url` tells the article")
    url: str = ""
    on_topic: bool
    labels: dict[str, Label] = Field(default_factory=dict)
    claims: dict[str, str] | None = None
    cannot: Cannot | None = None
    note: str = ""


def export_codings(study: StudyFolder, coder: str) -> Iterator[dict[str, Any]]:
    """What a coder has coded, joined with the texts from the database; of an article the last coding.

    Articles whose text is no longer in the database come without `headline` and `text`.
    """
    folders = [*draw_folders(study.draws), settled_folder(study)]
    for folder in folders:
        last: dict[tuple[str, str], PersonsCoding] = {}
        for coding in sorted(read_codings(folder), key=lambda coding: coding.time):
            if coding.coder == coder:
                last[coding.id, coding.version] = coding
        for coding in last.values():
            text = read_text(study.published_file, coding.id, coding.version)
            line = json.loads(coding.model_dump_json(exclude_none=True))
            if text:
                line |= {
                    "url": text.url,
                    "outlet": text.outlet,
                    "language": text.language,
                    "published": text.published and text.published.isoformat() + "Z",
                    "headline": text.headline,
                    "text": list(text.sentences),
                }
            yield line


def import_codings(
    study: StudyFolder, questions: Sequence[Question], file: Path, coder: str, mode: ImportMode
) -> int:
    """Take in codings of drawn articles that were made elsewhere; how many.

    A line without `claims` was asked for all of the codebook. All lines are read before any is taken in.

    Raises:
        InputError: a line is no coding, or of no drawn article; nothing was taken in.
    """
    drawn = {
        article.article: (folder, article.version)
        for folder in draw_folders(study.draws)
        for article in read_draw(folder).articles
    }
    by_url: dict[str, str] = dict(
        query(study.published_file, "SELECT url, article_id FROM draws WHERE url IS NOT NULL")[1]
    )
    known = {question.claim: question.digest for question in questions}
    now = datetime.now(UTC)
    found = []
    for place, line in _lines(file):
        article = line.id if line.id in drawn else by_url.get(line.url, "")
        if article not in drawn:
            raise InputError(
                f"{place}: {line.id!r} is no drawn article; give its id as `gossi sql 'FROM draws'` has it"
            )
        if unknown := sorted(set(line.labels) - set(known)):
            raise InputError(f"{place}: labels: {unknown[0]!r} is no claim of claims.toml")
        folder, version = drawn[article]
        coding = PersonsCoding(
            id=article,
            version=version,
            coder=coder,
            time=now,
            mode=mode,
            on_topic=line.on_topic,
            labels=line.labels,
            claims={} if line.cannot else known if line.claims is None else line.claims,
            cannot=line.cannot,
            note=line.note,
        )
        found.append((folder, coding))
    for folder, coding in found:
        append_coding(folder, coding)
    return len(found)


def _lines(file: Path) -> Iterator[tuple[str, _Line]]:
    try:
        lines = file.read_bytes().splitlines()
    except OSError as error:
        raise InputError(f"{file}: cannot be read: {error.strerror}") from None
    for number, content in enumerate(lines, 1):
        if not content.strip():
            continue
        place = f"{file}: line {number}"
        try:
            yield place, _Line.model_validate_json(content)
        except ValidationError as error:
            problem = error.errors()[0]
            key = ".".join(map(str, problem["loc"])) or "line"
            raise InputError(f"{place}: key {key}: {problem['msg']}") from None
