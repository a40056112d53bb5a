"""Finds the records of a WARC file, also of one that is torn or damaged.

FastWARC reads a quarter faster, but takes a compressed stream that breaks off for one that ends, and knows
neither the dictionaries of .warc.zst nor field names in another case. Memory is constant: a record at a time.
"""

import re
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from io import BufferedReader
from typing import BinaryIO

from gossi.crawler.capture.fields import read_fields
from gossi.crawler.capture.packing import FIRST_WORD, DamagedError, Packing, Unpacked

_STEP = 1 << 16
# A record's first line. Of a line of garbage only its end may be one.
_FIRST_LINE = re.compile(FIRST_WORD + rb"\d\.\d+[ \t]*\r?\n?\Z")
# Bytes of a record's head at most: real ones have under 2,000, however long the URL.
_HEAD = 1 << 20
# What fills tapes and preallocated files, and what parts records.
_FILLING = b"\r\n\t \0"


@dataclass(frozen=True)
class Record:
    """A record. Field names are in lower case; of a field that is there twice the first one counts.

    `content` lacks its end where the file does, and is None where `length`, as the record says it, is beyond
    the bound or no number (-1). `offset` is the byte of the file from which the record can be read alone.
    `head` are the lines of its fields as they stand there, without the empty one behind them. A record that
    is `sealed` was compressed by itself, and so has a checksum, which was right.
    """

    fields: Mapping[str, str]
    content: bytes | None
    length: int
    offset: int | None
    head: bytes
    sealed: bool = False

    @property
    def is_torn(self) -> bool:
        """Whether the file ends before the record does."""
        return self.content is not None and len(self.content) < self.length


class Records:
    """The records of a file from byte `start` on, in their order.

    Args:
        file: the file, open.
        packing: how it is compressed.
        start: where a record begins.
        limit: bytes of content; that of a larger record is passed over.
        tell: takes a line about each thing that is no record, or is broken off.
    """

    def __init__(
        self, file: BinaryIO, packing: Packing, start: int, limit: int, tell: Callable[[str], None]
    ) -> None:
        self._start, self._limit, self._tell = start, limit, tell
        self._stream = Unpacked(file, start, packing.decompressor) if packing.decompressor else None
        file.seek(start)
        self._source: BinaryIO = BufferedReader(self._stream, _STEP) if self._stream else file
        self._at = 0
        self._near = start

    def __iter__(self) -> Iterator[Record]:
        """The records; raises DamagedError where no more of them can be had."""
        told = False
        while self._found_one():
            record = self._record()
            if record is None:
                told = True
            else:
                yield record
                told = record.is_torn
        if self._stream is not None and self._stream.torn and not told:
            self._tell("the file breaks off; what its compressed end held is not there")

    def _line(self) -> bytes:
        line = self._source.readline(_STEP)
        self._at += len(line)
        return line

    def _found_one(self) -> bool:
        """Whether there is another record; its first line has been read, and what lay before it."""
        garbage = 0
        while line := self._line():
            if found := _FIRST_LINE.search(line):
                self._mark(self._at - len(found[0]))
                garbage += len(line[: found.start()].strip(_FILLING))
                break
            garbage += len(line.strip(_FILLING))
            if self._at == len(line) and garbage and not line.startswith(FIRST_WORD[: len(line)]):
                raise DamagedError(self._start, "no WARC record begins there")
        if garbage:
            self._tell(f"{garbage} bytes {'before' if line else 'behind'} a record are none")
        return bool(line)

    def _mark(self, begins: int) -> None:
        """Note where in the file the record is that begins with byte `begins` of the content."""
        if self._stream is None:
            self._offset: int | None = self._start + begins
            self._near = self._start + begins
        else:
            self._offset = self._stream.offset_of(begins)
            self._near = self._near if self._offset is None else self._offset

    def _record(self) -> Record | None:
        """The record whose first line was read; None, and told, where the file ends in its head."""
        offset, lines = self._offset, self._head()
        if lines is None:
            where = "" if offset is None else f" at byte {offset}"
            self._tell(f"the last record{where} is torn: its head breaks off")
            return None
        fields: dict[str, str] = {}
        for name, value in read_fields(map(_decoded, lines)):
            fields.setdefault(name, value)
        head, said = b"".join(lines), fields.get("content-length", "")
        if not (said.isascii() and said.isdigit() and len(said) < 19):
            return Record(fields, None, -1, offset, head)
        length = int(said)
        content = self._content(length) if length <= self._limit else self._passed_over(length)
        return Record(fields, content, length, offset, head, self._is_sealed(offset))

    def _is_sealed(self, offset: int | None) -> bool:
        """Whether a record that was just read begins with a member of the file, and ends in it."""
        return offset is not None and self._stream is not None and self._stream.lies_within(self._at)

    def _head(self) -> list[bytes] | None:
        """The lines of a head, as far as the empty one behind them; None where there is none."""
        began, lines = self._at, []
        while (line := self._line()).strip():
            if self._at - began > _HEAD:
                raise DamagedError(self._near, "a record's head has no end")
            lines.append(line)
        return lines if line else None

    def _content(self, length: int) -> bytes:
        content = self._source.read(length)
        self._at += len(content)
        return content

    def _passed_over(self, length: int) -> bytes | None:
        """Go on behind a content that is too large; b"" where the file ends within it."""
        left = length
        while left:
            block = self._source.read(min(left, _STEP))
            if not block:
                return b""
            self._at += len(block)
            left -= len(block)
        return None


def _decoded(line: bytes) -> str:
    """A field, which is UTF-8 (ISO 28500, 4); older programs wrote Latin-1."""
    try:
        return line.decode("utf-8")
    except UnicodeDecodeError:
        return line.decode("latin-1")
