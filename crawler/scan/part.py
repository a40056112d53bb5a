"""A part: what a scan found in one WARC file, written once, read by the store as often as it likes.

A part is a file of JSON Lines, named by the digest of the WARC file: first what was found in numbers, then an
article a line. Its evidence lies beside the crawl's: a WARC file of the records that the articles came from,
as they stood in the archive, each with the file and byte where it stood there.

A part knows the topic (another topic's words have parts of their own) and nothing of outlets or the window:
whom an article belongs to, and whether it is taken, is decided when the store takes it in.
"""

import gzip
import json
import os
import shutil
import zlib
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import asdict, dataclass, field
from datetime import datetime
from hashlib import sha256
from pathlib import Path
from types import TracebackType
from typing import Any, BinaryIO, Self

from gossi.crawler.capture.captured import Page
from gossi.crawler.capture.records import Record
from gossi.crawler.capture.warc import GZIP_LEVEL
from gossi.crawler.errors import InputError
from gossi.crawler.extraction.article import Extracted

SUFFIX = ".jsonl.gz"

SOURCE, SOURCE_OFFSET, SOURCE_DIGEST = "Gossi-Source-File", "Gossi-Source-Offset", "Gossi-Source-Digest"
"""The fields of a kept record that tell where it stood: the file, the byte in it, the digest of the file."""

_GZIP = 31
"""zlib's number for a gzip member: with it no time is written, so that the same part has the same bytes."""


@dataclass(frozen=True)
class Found:
    """An article of a part.

    `asked` is the URL it was asked for under, `source_offset` the byte of its record in the archive's file
    (None where that is compressed as a whole), `offset` that of the kept record in the evidence. `country` is
    a guess, XX where there is none.
    """

    asked: str
    url: str
    fetched_at: datetime
    status: int
    digest: str
    source_offset: int | None
    offset: int
    country: str
    text: Extracted


@dataclass
class Head:
    """What was found in a file, in numbers.

    `source` is where it was read, `digest` the SHA-256 of the whole file, `evidence` the WARC file of the
    kept records, relative to data/captures, "" for none. `counts` are pages that gave no article, by host,
    day and outcome; `skipped` counts records that were no pages. `problems` has a line for each thing that is
    broken.
    """

    source: str
    digest: str
    size: int
    first_at: datetime | None = None
    evidence: str = ""
    pages: int = 0
    articles: int = 0
    counts: Counter[tuple[str, str, str]] = field(default_factory=Counter)
    skipped: Counter[str] = field(default_factory=Counter)
    problems: list[str] = field(default_factory=list)

    def line(self) -> bytes:
        """The head as a line of JSON."""
        counts = [[*key, pages] for key, pages in sorted(self.counts.items())]
        return _line(vars(self) | {"counts": counts})

    @classmethod
    def read(cls, line: str) -> "Head":
        """What `line` gave."""
        values = json.loads(line)
        first_at = values["first_at"]
        counts = Counter({(host, day, outcome): pages for host, day, outcome, pages in values["counts"]})
        return cls(
            **values
            | {
                "counts": counts,
                "skipped": Counter(values["skipped"]),
                "first_at": first_at and datetime.fromisoformat(first_at),
            }
        )


def topic_key(terms: Sequence[str], max_bytes: int) -> str:
    """A short name for what a part depends on beside its file: the topic's terms, how large a page may be."""
    told = "\n".join([*sorted(terms), str(max_bytes)])
    return sha256(told.encode()).hexdigest()[:12]


class Parts:
    """The parts of a study for one topic: data/scans/<topic>/<digest of the WARC file>.jsonl.gz."""

    def __init__(self, scans: Path, captures: Path, topic: str) -> None:
        self.folder = scans / topic
        self.topic = topic
        self._captures = captures

    def path(self, digest: str) -> Path:
        """Where the part of a file is, or will be."""
        return self.folder / f"{digest}{SUFFIX}"

    def digests(self) -> list[str]:
        """The files that have a part."""
        return [path.name.removesuffix(SUFFIX) for path in self.folder.glob(f"[!.]*{SUFFIX}")]

    def settle(self, written: Path, digest: str) -> None:
        """Move what a `PartWriter` wrote into a folder to its place: the evidence first, the part last."""
        head = read_head(written / PART)
        if head.evidence:
            _put(written / EVIDENCE, self._captures / head.evidence)
        _put(written / PART, self.path(digest))


def _put(file: Path, place: Path) -> None:
    """Move a file, in one step for whoever looks: the place may be on another disk."""
    place.parent.mkdir(parents=True, exist_ok=True)
    beside = place.with_name(f".{place.name}.{os.getpid()}")
    try:
        shutil.move(file, beside)
        beside.replace(place)
    finally:
        beside.unlink(missing_ok=True)


def read_head(path: Path) -> Head:
    """What was found in a file, in numbers. Raises InputError where the part cannot be read."""
    try:
        with gzip.open(path, "rt", encoding="utf-8") as lines:
            return Head.read(lines.readline())
    except (OSError, EOFError, ValueError, KeyError, TypeError, zlib.error) as error:
        raise _unreadable(path, error) from None


def read_articles(path: Path) -> Iterator[Found]:
    """The articles of a part, in the order of the archive. Raises InputError where it cannot be read."""
    try:
        with gzip.open(path, "rt", encoding="utf-8") as lines:
            lines.readline()
            for line in lines:
                yield _found(json.loads(line))
    except (OSError, EOFError, ValueError, KeyError, TypeError, zlib.error) as error:
        raise _unreadable(path, error) from None


def _unreadable(path: Path, error: Exception) -> InputError:
    return InputError(f"{path}: cannot be read ({error}); remove it and scan its file again")


PART, EVIDENCE = "part", "evidence"
"""The names of the two files in the folder that a `PartWriter` is given."""


class PartWriter:
    """Writes the part of one WARC file into a folder of its own. Nothing of it counts before `end`."""

    def __init__(self, folder: Path, head: Head, topic: str) -> None:
        self.head = head
        self._folder = folder
        self._topic = topic
        self._evidence: BinaryIO | None = None
        self._articles: BinaryIO = (folder / "articles").open("wb")
        self._packer = zlib.compressobj(GZIP_LEVEL, zlib.DEFLATED, _GZIP)

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._articles.close()
        if self._evidence is not None:
            self._evidence.close()

    def add(self, record: Record, page: Page, asked: str, country: str, text: Extracted) -> None:
        """Take up an article, and keep the record that it came from."""
        offset = self._keep(record, page)
        found = Found(
            asked, page.url, page.fetched_at, page.status, page.digest, record.offset, offset, country, text
        )
        self._articles.write(self._packer.compress(_line(asdict(found))))
        self.head.articles += 1

    def _keep(self, record: Record, page: Page) -> int:
        if self._evidence is None:
            self._evidence = (self._folder / EVIDENCE).open("wb")
            name = f"scan-{self._topic}-{self.head.digest[:32]}.warc.gz"
            self.head.evidence = f"{page.fetched_at:%Y/%m}/{name}"
        source = [f"{SOURCE}: {self.head.source}", f"{SOURCE_DIGEST}: sha256:{self.head.digest}"]
        source += [] if record.offset is None else [f"{SOURCE_OFFSET}: {record.offset}"]
        ours = "".join(f"{line}\r\n" for line in source).encode()
        whole = b"WARC/1.0\r\n" + record.head + ours + b"\r\n" + (record.content or b"") + b"\r\n\r\n"
        offset = self._evidence.tell()
        packer = zlib.compressobj(GZIP_LEVEL, zlib.DEFLATED, _GZIP)
        self._evidence.write(packer.compress(whole) + packer.flush())
        return offset

    def end(self) -> None:
        """Write the head before the articles: the part is whole."""
        self._articles.write(self._packer.flush())
        self._articles.close()
        with (self._folder / PART).open("wb") as part, (self._folder / "articles").open("rb") as articles:
            packer = zlib.compressobj(GZIP_LEVEL, zlib.DEFLATED, _GZIP)
            part.write(packer.compress(self.head.line()) + packer.flush())
            shutil.copyfileobj(articles, part)


def _line(values: dict[str, Any]) -> bytes:
    return json.dumps(values, ensure_ascii=False, default=_written).encode() + b"\n"


def _written(value: object) -> str:
    if isinstance(value, datetime):
        return value.isoformat()
    raise TypeError(f"{type(value).__name__} in a part")


def _found(values: dict[str, Any]) -> Found:
    text = values.pop("text")
    for name in ("published", "modified"):
        text[name] = text[name] and datetime.fromisoformat(text[name])
    values["fetched_at"] = datetime.fromisoformat(values["fetched_at"])
    return Found(**values, text=Extracted(**text))
