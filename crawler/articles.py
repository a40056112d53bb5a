"""Reads articles as JSON Lines: one object a line, of which `id`, `headline` and `text` are required."""

import json
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from hashlib import sha256
from pathlib import Path
from typing import Any

from crawler.discovery.candidate import stated_time
from crawler.errors import InputError
from crawler.extraction.article import Extracted
from crawler.identity import canonical_url


@dataclass(frozen=True)
class JsonArticle:
    """An article of a JSON Lines file. `text` is one string, a paragraph or sentence a line.

    `offset` is the byte at which its line begins, `digest` "sha256:" and the digest of the line.
    """

    id: str
    url: str
    outlet: str
    domain: str
    language: str
    published: str
    headline: str
    text: str
    offset: int
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


def read_articles(path: Path) -> Iterator[JsonArticle]:
    """The articles of a JSON Lines file, one at a time.

    Raises:
        InputError: at the first line that is no article, after those before it were given.
    """
    offset = 0
    try:
        changed = datetime.fromtimestamp(int(path.stat().st_mtime), UTC).replace(tzinfo=None)
        with path.open("rb") as lines:
            for number, line in enumerate(lines, 1):
                if line.strip():
                    yield _article(line, offset, changed, f"{path}, line {number}")
                offset += len(line)
    except OSError as error:
        raise InputError(f"{path}: cannot be read: {error.strerror}") from None


def _article(line: bytes, offset: int, seen_at: datetime, place: str) -> JsonArticle:
    try:
        record = json.loads(line)
    except (ValueError, RecursionError) as error:
        raise InputError(f"{place}: not JSON: {error}") from None
    if not isinstance(record, dict):
        raise InputError(f"{place}: an object is needed, one a line")
    missing = [key for key in ("id", "headline", "text") if not isinstance(record.get(key), str | list)]
    if missing:
        raise InputError(f"{place}: {', '.join(missing)} missing; id, headline and text are required")
    return JsonArticle(
        id=str(record["id"]),
        url=_word(record, "url") or _made_up_url(record),
        outlet=_word(record, "outlet"),
        domain=_word(record, "domain").lower(),
        language=_word(record, "language"),
        published=_word(record, "published"),
        headline=str(record["headline"]),
        text=_text(record["text"]),
        offset=offset,
        digest=f"sha256:{sha256(line).hexdigest()}",
        seen_at=seen_at,
    )


def _made_up_url(record: dict[str, Any]) -> str:
    """A name for an article without an address; two outlets may give the same id."""
    outlet = _word(record, "outlet") or _word(record, "domain")
    return f"import:{outlet}/{record['id']}" if outlet else f"import:{record['id']}"


def _text(text: str | list[Any]) -> str:
    return text if isinstance(text, str) else "\n".join(str(sentence).replace("\n", " ") for sentence in text)


def _word(record: dict[str, Any], key: str) -> str:
    value = record.get(key)
    return value if isinstance(value, str) else ""
