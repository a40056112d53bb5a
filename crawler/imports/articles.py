"""Reads articles as JSON Lines: one object a line, of which `id`, `headline` and `text` are required."""

import json
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from hashlib import sha256
from pathlib import Path
from typing import Any

from gossi.crawler.characters import whole
from gossi.crawler.discovery.candidate import stated_time
from gossi.crawler.errors import InputError
from gossi.crawler.extraction.article import Extracted
from gossi.crawler.web.canonical import canonical_url


@dataclass(frozen=True)
class JsonArticle:
    """An article of a JSON Lines file. `text` is one string, a paragraph or sentence a line.

    `line` is what stands there, `digest` "sha256:" and the digest of it.
    """

    id: str
    url: str
    outlet: str
    domain: str
    language: str
    published: str
    headline: str
    text: str
    line: bytes
    digest: str
    seen_at: datetime

    def as_extracted(self) -> Extracted:
        """The article in the form of an extracted page, in which all else is done with it."""
        published, precision = stated_time(self.published, "import")
        return Extracted(
            url=self.url,
            canonical_url=canonical_url(self.url),
            headline=self.headline,
            text=self.text,
            language=self.language or "und",
            published=published,
            published_precision=precision,
            published_source="import" if published else "none",
            observability="full",
            words=len(self.text.split()),
        )


@dataclass(frozen=True)
class Line:
    """A line of a JSON Lines file of articles. `place` names file and line, for a message.

    `record` has a string or whole number as `id`, a string as `headline`, and as `text` a string or a list of
    strings; whatever else it has is as it came.
    """

    record: dict[str, Any]
    content: bytes
    offset: int
    place: str


def read_lines(path: Path, tell: Callable[[str], None] | None = None) -> Iterator[Line]:
    """The articles of a JSON Lines file as they stand there, one at a time. Blank lines are left out.

    Args:
        path: the file.
        tell: takes a message about each line that is no article, and the lines after it are read.

    Raises:
        InputError: the file cannot be read; or, without `tell`, at the first line that is no article, after
            those before it were given.
    """
    offset = 0
    try:
        with path.open("rb") as lines:
            for number, line in enumerate(lines, 1):
                if line.strip():
                    place = f"{path}, line {number}"
                    try:
                        record = _record(line, place)
                    except InputError as error:
                        if tell is None:
                            raise
                        tell(str(error))
                    else:
                        yield Line(record, line, offset, place)
                offset += len(line)
    except OSError as error:
        raise InputError(f"{path}: cannot be read: {error.strerror}; check its name and rights") from None


def _record(line: bytes, place: str) -> dict[str, Any]:
    try:
        record = json.loads(line)
    except (ValueError, RecursionError) as error:
        raise InputError(f"{place}: not JSON: {error}; mend or remove the line") from None
    return checked_record(record, place)


def checked_record(record: object, place: str) -> dict[str, Any]:
    """An article as it is parsed from JSON, without halves of characters; `place` names it in a message.

    Raises:
        InputError: it is no article.
    """
    if not isinstance(record, dict):
        raise InputError(f"{place}: an object is needed, one a line; mend or remove the line")
    text = record.get("text")
    sentences = text if isinstance(text, list) else [text]
    wrong = [
        f"{key} {'is missing' if record.get(key) is None else f'must be {kind}'}"
        for key, kind, right in (
            ("id", "a string or whole number", isinstance(record.get("id"), str | int)),
            ("headline", "a string", isinstance(record.get("headline"), str)),
            ("text", "a string or a list of strings", all(isinstance(part, str) for part in sentences)),
        )
        if not right
    ]
    if wrong:
        raise InputError(f"{place}: {', '.join(wrong)}; id, headline and text are required")
    return {key: _whole(value) for key, value in record.items()}


def _whole(value: object) -> object:
    if isinstance(value, list):
        return [whole(part) if isinstance(part, str) else part for part in value]
    return whole(value) if isinstance(value, str) else value


def read_articles(path: Path, tell: Callable[[str], None]) -> Iterator[JsonArticle]:
    """The articles of a JSON Lines file, one at a time; `tell` takes a message about each line that is none.

    Raises:
        InputError: the file cannot be read.
    """
    seen_at: datetime | None = None
    for line in read_lines(path, tell):
        if seen_at is None:
            seen_at = datetime.fromtimestamp(int(path.stat().st_mtime), UTC).replace(tzinfo=None)
        yield _article(line.record, line.content, seen_at)


def captured_article(line: bytes, place: str, seen_at: datetime) -> JsonArticle:
    """The article of a line that was captured, as it was seen at a time; `place` names it in a message.

    Raises:
        InputError: it is no article.
    """
    return _article(_record(line, place), line, seen_at)


def _article(record: dict[str, Any], line: bytes, seen_at: datetime) -> JsonArticle:
    return JsonArticle(
        id=str(record["id"]),
        url=_word(record, "url") or _made_up_url(record),
        outlet=_word(record, "outlet"),
        domain=_word(record, "domain").lower(),
        language=_word(record, "language"),
        published=_date(record.get("published")),
        headline=record["headline"],
        text=_text(record["text"]),
        line=line,
        digest=f"sha256:{sha256(line).hexdigest()}",
        seen_at=seen_at,
    )


def _made_up_url(record: dict[str, Any]) -> str:
    """A name for an article without an address; two outlets may give the same id."""
    outlet = _word(record, "outlet") or _word(record, "domain")
    return f"import:{outlet}/{record['id']}" if outlet else f"import:{record['id']}"


def _text(text: str | list[str]) -> str:
    return text if isinstance(text, str) else "\n".join(sentence.replace("\n", " ") for sentence in text)


def _date(value: object) -> str:
    """A date as `parse_date` takes it: pandas writes them as numbers, milliseconds since 1970."""
    is_number = isinstance(value, int | float) and not isinstance(value, bool)
    return str(value) if is_number else value if isinstance(value, str) else ""


def _word(record: dict[str, Any], key: str) -> str:
    value = record.get(key)
    return value if isinstance(value, str) else ""
