"""Undoes the compression of WARC files: each record by itself, the file as a whole, or with a dictionary."""

from collections import deque
from collections.abc import Callable
from dataclasses import dataclass
from io import RawIOBase
from typing import Any, BinaryIO, Protocol

from zlib_ng import zlib_ng

from gossi.crawler.capture.zstandard import zstd

FIRST_WORD = b"WARC/"
"""What a record begins with."""

_STEP = 1 << 16
_GZIP = b"\x1f\x8b\x08"
_ZSTD = b"\x28\xb5\x2f\xfd"
# A skippable frame of zstd begins with 0x184D2A50 to 5F, little endian (RFC 8878, 3.1.2).
_SKIPPABLE = b"\x2a\x4d\x18"
# The one among them that holds the dictionary of a .warc.zst (IIPC, "Zstandard Compression for WARC", 1.0).
_DICTIONARY = 0x5D
# Bytes; zstd's own tool makes them of 110 KB.
_LARGEST_DICTIONARY = 1 << 24


class DamagedError(Exception):
    """Nothing can be read from byte `at` on; a record behind it may be."""

    def __init__(self, at: int, why: str) -> None:
        super().__init__(why)
        self.at = at


class _Decompressor(Protocol):
    @property
    def eof(self) -> bool: ...
    @property
    def unused_data(self) -> bytes: ...
    def decompress(self, data: bytes, max_length: int) -> bytes: ...


class _Gzip:
    """zlib's decompressor with the manners of zstd's: it keeps what it has not used yet."""

    def __init__(self) -> None:
        self._inner = zlib_ng.decompressobj(wbits=31)

    @property
    def eof(self) -> bool:
        return self._inner.eof

    @property
    def unused_data(self) -> bytes:
        return self._inner.unused_data

    def decompress(self, data: bytes, max_length: int) -> bytes:
        return self._inner.decompress(self._inner.unconsumed_tail + data, max_length)


@dataclass(frozen=True)
class Packing:
    """How a file is compressed: what a record begins with, and what undoes it (None: nothing is to be)."""

    start: bytes
    decompressor: Callable[[], _Decompressor] | None = None


def packing_of(file: BinaryIO) -> Packing | None:
    """How a WARC file is compressed, by its first bytes; None where it is none.

    Raises:
        ValueError: it needs a dictionary that cannot be read.
    """
    file.seek(0)
    head = file.read(8)
    if head.startswith(FIRST_WORD):
        return Packing(FIRST_WORD)
    if head.startswith(_GZIP):
        return Packing(_GZIP, _Gzip)
    if head.startswith(_ZSTD):
        return Packing(_ZSTD, zstd.ZstdDecompressor)
    if len(head) == 8 and head[1:4] == _SKIPPABLE and head[0] >> 4 == _DICTIONARY >> 4:
        dictionary = None
        if head[0] == _DICTIONARY:
            dictionary = _dictionary(file.read(min(int.from_bytes(head[4:], "little"), _LARGEST_DICTIONARY)))
        return Packing(_ZSTD, lambda: zstd.ZstdDecompressor(dictionary))
    return None


def _dictionary(content: bytes) -> zstd.ZstdDict:
    """The dictionary in a file's first frame, which may be compressed itself."""
    try:
        if content.startswith(_ZSTD):
            content = zstd.ZstdDecompressor().decompress(content, _LARGEST_DICTIONARY)
        return zstd.ZstdDict(content)
    except (zstd.ZstdError, EOFError, ValueError) as error:
        raise ValueError(f"its dictionary cannot be read ({error})") from None


class Unpacked(RawIOBase):
    """What is compressed in a file from byte `start` on, one member after another.

    `torn` says afterwards whether the last of them lacks its end.
    """

    def __init__(self, file: BinaryIO, start: int, decompressor: Callable[[], _Decompressor]) -> None:
        file.seek(start)
        self._file = file
        self._decompressor = decompressor
        self._member: _Decompressor | None = None
        self._begins = start
        self._given = 0
        self._starts: deque[tuple[int, int]] = deque()
        self.torn = False

    def readable(self) -> bool:
        """Yes: what BufferedReader asks of a stream."""
        return True

    def readinto(self, buffer: Any) -> int:
        """Fill the buffer as far as one step goes; 0 at the end. Raises DamagedError."""
        data, packed = b"", b""
        while not data:
            if self._member is None or self._member.eof:
                packed = self._next_member()
                if not packed:
                    return 0
            data = self._unpacked(packed, len(buffer))
            if not data and not self._member_ended():
                packed = self._file.read(_STEP)
                if not packed:
                    self.torn = True
                    return 0
        buffer[: len(data)] = data
        self._given += len(data)
        return len(data)

    def _member_ended(self) -> bool:
        return self._member is not None and self._member.eof

    def _unpacked(self, packed: bytes, size: int) -> bytes:
        assert self._member is not None  # noqa: S101 - begun by `readinto`
        try:
            return self._member.decompress(packed, size)
        except (zlib_ng.error, zstd.ZstdError) as error:  # type: ignore[misc]  # its stub has an instance
            raise DamagedError(self._begins, str(error)) from None

    def _next_member(self) -> bytes:
        """Begin the next member; gives the first bytes of it, none at the file's end."""
        packed = self._member.unused_data.lstrip(b"\0") if self._member else b""
        while not packed:
            block = self._file.read(_STEP)
            if not block:
                return b""
            packed = block.lstrip(b"\0")
        self._begins = self._file.tell() - len(packed)
        self._starts.append((self._given, self._begins))
        self._member = self._decompressor()
        return packed

    def lies_within(self, end: int) -> bool:
        """Whether no member begins before byte `end` of the content that `offset_of` has not passed."""
        return not self._starts or self._starts[0][0] >= end

    def offset_of(self, at: int) -> int | None:
        """The byte of the file at which a member begins that begins with byte `at` of the content."""
        while self._starts and self._starts[0][0] < at:
            self._starts.popleft()
        found = None
        # A member may be empty: the last one that begins there has the content.
        while self._starts and self._starts[0][0] == at:
            found = self._starts.popleft()[1]
        return found
