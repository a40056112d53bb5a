"""Writes what the network answered into WARC files; each record is a member that can be read alone."""

import zlib
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from types import TracebackType
from typing import BinaryIO, Self

from fastwarc.stream_io import GzipWriter
from fastwarc.warc import WarcRecord, WarcRecordType

from crawler.version import code_version

# Level 4 costs 1.4 ms a record where 6 costs 1.7, for some 3 % more bytes (measured on 160 KB news pages).
GZIP_LEVEL = 4
ASKED = "Gossi-Asked-URI"
"""The field of a record that says for which URL it was asked: redirects and archives lead to another."""

UNTIL_CLOSED = "Gossi-Until-Closed"
"""The field of a record whose answer had no length: it ended where the server closed the connection."""

# The size at which web archives usually begin a new file (IIPC's guidelines: about 1 GB).
ROTATE_BYTES = 1_000_000_000


@dataclass(frozen=True)
class Kept:
    """Where a response lies: `warc_file` is relative to data/captures."""

    warc_file: str
    warc_offset: int
    fetched_at: datetime


class WarcWriter:
    """Writes one run's captures. A new file each run: a torn tail can then spoil nothing behind it."""

    def __init__(self, captures: Path, run_id: int) -> None:
        self._captures = captures
        self._run_id = run_id
        self._serial = 0
        self._file: BinaryIO | None = None

    def _open(self) -> BinaryIO:
        now = datetime.now(UTC)
        self._serial += 1
        self.name = f"{now:%Y/%m}/gossi-{now:%Y%m%dT%H%M%SZ}-run{self._run_id:06d}-{self._serial:03d}.warc.gz"
        path = self._captures / self.name
        path.parent.mkdir(parents=True, exist_ok=True)
        file = self._file = path.open("xb")
        self._writer = GzipWriter(file, compression_level=GZIP_LEVEL)
        info = WarcRecord()
        info.init_headers(record_type=WarcRecordType.warcinfo)
        info.headers["Content-Type"] = "application/warc-fields"
        info.headers["WARC-Filename"] = path.name
        info.set_bytes_content(
            f"software: gossi-coverage/{code_version()}\r\nformat: WARC File Format 1.1\r\n".encode()
        )
        self._put(file, info)
        return file

    def keep(  # noqa: PLR0913 - what a response is made of
        self,
        url: str,
        status: int,
        reason: str,
        headers: list[tuple[str, str]],
        body: bytes,
        *,
        asked: str | None = None,
        until_closed: bool = False,
    ) -> Kept:
        """Write a response record and give its place; the system has it when this returns.

        `asked` is the URL that led to this one, itself where it is None. `until_closed` says that only the
        end of the connection told where the body ends.

        Raises:
            OSError: it could not be written.
        """
        file = self._file or self._open()
        if file.tell() > ROTATE_BYTES:
            self.close()
            file = self._open()
        now = datetime.now(UTC).replace(microsecond=0)
        record = WarcRecord()
        record.init_headers(record_type=WarcRecordType.response)
        record.headers["WARC-Date"] = f"{now:%Y-%m-%dT%H:%M:%SZ}"
        record.headers["WARC-Target-URI"] = url
        record.headers[ASKED] = asked or url
        if until_closed:
            record.headers[UNTIL_CLOSED] = "yes"
        record.headers["Content-Type"] = "application/http; msgtype=response"
        # Bytes arrive without their chunks, so the header that announces chunks would be untrue.
        lines = [f"{name}: {value}" for name, value in headers if name.lower() != "transfer-encoding"]
        head = "\r\n".join([f"HTTP/1.1 {status} {reason}", *lines, "", ""])
        record.set_bytes_content(head.encode("latin-1", "replace") + body)
        offset = self._put(file, record)
        return Kept(self.name, offset, now.replace(tzinfo=None))

    def _put(self, file: BinaryIO, record: WarcRecord) -> int:
        offset = file.tell()
        record.write(self._writer, checksum_data=True)
        self._writer.finish()
        file.flush()
        return offset

    def close(self) -> None:
        """End the file, if there was anything to keep."""
        if self._file is not None:
            self._file.close()
        self._file = None

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()


def files_of_run(captures: Path, run_id: int) -> list[Path]:
    """The files that a run wrote, in their order."""
    return sorted(captures.glob(f"*/*/*-run{run_id:06d}-*.warc.gz"))


def cut_torn_tail(path: Path) -> bool:
    """Cut a record that a crash left half written, so that the file reads cleanly to its end.

    Gives whether anything is left. A file that a crash met before its first record was whole is removed.
    """
    end = _end_of_whole_members(path)
    if not end:
        path.unlink()
    elif end < path.stat().st_size:
        with path.open("r+b") as file:
            file.truncate(end)
    return end > 0


def _end_of_whole_members(path: Path) -> int:
    """The byte behind the last gzip member that is complete."""
    end = at = 0
    unpacker = zlib.decompressobj(wbits=31)
    with path.open("rb") as file:
        while block := file.read(1 << 20):
            while block:
                try:
                    unpacker.decompress(block)
                except zlib.error:
                    return end
                if not unpacker.eof:
                    at += len(block)
                    break
                at += len(block) - len(unpacker.unused_data)
                end, block = at, unpacker.unused_data
                unpacker = zlib.decompressobj(wbits=31)
    return end
