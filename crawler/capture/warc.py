"""Writes what the network answered into WARC files; each record is a member that can be read alone."""

import re
import zlib
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from io import BytesIO
from pathlib import Path
from types import TracebackType
from typing import BinaryIO, Self
from urllib.parse import quote

from fastwarc.stream_io import GzipWriter
from fastwarc.warc import WarcRecord, WarcRecordType

from gossi.crawler.version import code_version

# Level 4 costs 1.4 ms a record where 6 costs 1.7, for some 3 % more bytes (measured on 160 KB news pages).
GZIP_LEVEL = 4
ASKED = "Gossi-Asked-URI"
"""The field of a record that says for which URL it was asked: redirects and archives lead to another."""

UNTIL_CLOSED = "Gossi-Until-Closed"
"""The field of a record whose answer had no length: it ended where the server closed the connection."""

KIND, OUTLET = "Gossi-Kind", "Gossi-Outlet"
"""The fields of a record that say what was asked for (page, feed, sitemap, …) and on whose behalf."""

ARTICLE_MEDIA = "application/vnd.gossi.article+json"
"""The media type of an article that came as a line of JSON."""

FILE, FILE_DIGEST = "Gossi-Imported-File", "Gossi-Imported-Digest"
"""The fields that name a file that an import took in: its path, and of a whole one the SHA-256."""

# The size at which web archives usually begin a new file (IIPC's guidelines: about 1 GB).
ROTATE_BYTES = 1_000_000_000

_OF_RUN = re.compile(r"-run(\d{6,})-\d{3,}")


PRUNED = "Gossi-Pruned"
"""The field of a record that stands for a page that was left out: its outcome."""


@dataclass(frozen=True)
class Tombstone:
    """What is said of a page that was left out: what was asked, how it answered, what came of it."""

    outlet_id: str
    asked: str
    url: str
    fetched_at: datetime
    status: int | None
    outcome: str
    detail: str
    digest: str | None

    @classmethod
    def of(cls, fields: Mapping[str, str]) -> "Tombstone | None":
        """What the fields of a record say, their names in lower case; None where it is no tombstone."""
        if PRUNED.lower() not in fields:
            return None
        status = fields.get("gossi-status", "")
        return cls(
            fields.get(OUTLET.lower(), ""), fields.get(ASKED.lower(), ""), fields.get("warc-target-uri", ""),
            datetime.fromisoformat(fields["warc-date"]).replace(tzinfo=None),
            int(status) if status.isdigit() else None, fields[PRUNED.lower()],
            fields.get("gossi-detail", ""), fields.get("gossi-digest") or None,
        )  # fmt: skip


def tombstone_bytes(stone: Tombstone) -> bytes:
    """The record of a tombstone, compressed as a member of its own."""
    record = _record(WarcRecordType.metadata, stone.url, stone.fetched_at)
    fields = {
        ASKED: stone.asked, KIND: "page", OUTLET: stone.outlet_id, PRUNED: stone.outcome,
        "Gossi-Status": str(stone.status or ""), "Gossi-Detail": stone.detail,
        "Gossi-Digest": stone.digest or "", "Content-Type": "application/warc-fields",
    }  # fmt: skip
    for name, value in fields.items():
        record.headers[name] = _in_a_field(value)
    record.set_bytes_content(b"")
    out = BytesIO()
    writer = GzipWriter(out, compression_level=GZIP_LEVEL)
    record.write(writer, checksum_data=True)
    writer.finish()
    return out.getvalue()


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
        kind: str = "",
        outlet_id: str = "",
        until_closed: bool = False,
        seen_at: datetime | None = None,
    ) -> Kept:
        """Write a response record and give its place; the system has it when this returns.

        `asked` is the URL that led to this one, itself where it is None; `kind` is what was asked for, on
        behalf of the outlet. `until_closed` says that only the connection's end told where the body ends.
        `seen_at` is when it was answered (UTC), now where it is None.

        Raises:
            OSError: it could not be written.
        """
        now = seen_at or datetime.now(UTC).replace(microsecond=0, tzinfo=None)
        record = _record(WarcRecordType.response, url, now)
        record.headers[ASKED] = asked or url
        record.headers[KIND] = kind or "page"
        record.headers[OUTLET] = outlet_id
        if until_closed:
            record.headers[UNTIL_CLOSED] = "yes"
        record.headers["Content-Type"] = "application/http; msgtype=response"
        # Bytes arrive without their chunks, so the header that announces chunks would be untrue.
        lines = [f"{name}: {value}" for name, value in headers if name.lower() != "transfer-encoding"]
        head = "\r\n".join([f"HTTP/1.1 {status} {reason}", *lines, "", ""])
        record.set_bytes_content(head.encode("latin-1", "replace") + body)
        return self._kept(record, now)

    def keep_article(self, line: bytes, url: str, seen_at: datetime, source: str) -> Kept:
        """Write an article that came as a line of JSON, as the file `source` had it at a time (UTC).

        Raises:
            OSError: it could not be written.
        """
        record = _record(WarcRecordType.resource, url, seen_at)
        record.headers["Content-Type"] = ARTICLE_MEDIA
        record.headers[FILE] = source
        record.set_bytes_content(line)
        return self._kept(record, seen_at)

    def note(self, fields: Mapping[str, str]) -> None:
        """Write a record that holds nothing but fields.

        Raises:
            OSError: it could not be written.
        """
        record = _record(WarcRecordType.metadata, "", datetime.now(UTC))
        for name, value in fields.items():
            record.headers[name] = _in_a_field(value)
        record.headers["Content-Type"] = "application/warc-fields"
        record.set_bytes_content(b"")
        self._kept(record, datetime.now(UTC))

    def _kept(self, record: WarcRecord, when: datetime) -> Kept:
        file = self._file or self._open()
        if file.tell() > ROTATE_BYTES:
            self.close()
            file = self._open()
        return Kept(self.name, self._put(file, record), when)

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


def _record(kind: WarcRecordType, url: str, when: datetime) -> WarcRecord:
    record = WarcRecord()
    record.init_headers(record_type=kind)
    record.headers["WARC-Date"] = f"{when:%Y-%m-%dT%H:%M:%SZ}"
    if url:
        record.headers["WARC-Target-URI"] = _in_a_field(url)
    return record


def _in_a_field(text: str) -> str:
    """A text that ends no field: a path or an id may have any letter in it."""
    return "".join(letter if letter.isprintable() else quote(letter, errors="replace") for letter in text)


def runs_captured(captures: Path) -> list[int]:
    """The numbers of the runs of which there are files, in their order."""
    names = (_OF_RUN.search(path.name) for path in captures.glob("*/*/*.warc.gz"))
    return sorted({int(found[1]) for found in names if found})


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
