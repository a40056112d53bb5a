"""A page of which a part is missing is no article, whichever way it comes: crawled, taken up or imported.

Also tests crawler/capture/answer.py, crawler/capture/encodings.py and crawler/web/unpacking.py.
"""

import gzip
import time
import zlib
from pathlib import Path

import brotli  # type: ignore[import-untyped]
import pytest
from hypothesis import given
from hypothesis import strategies as st

from gossi.crawler.capture.answer import BROKEN_OFF, CUT, PART
from gossi.crawler.capture.encodings import Decoded, EncodingError, decode_body
from gossi.crawler.capture.read import read_pages
from gossi.crawler.capture.zstandard import zstd
from gossi.crawler.imports.importer import import_paths
from gossi.crawler.study.sources import StudyFolder
from tests.crawling import outcomes, rows
from tests.lexicons import write_sources
from tests.loopback import LoopbackSite, article, outlet, sources
from tests.warc_records import http, record

PAGE = article("The grave at Gossi").body
MARKED = b"\xef\xbb\xbf" + PAGE
HALF = PAGE[: len(PAGE) * 2 // 3]
URL = "https://gazette.example/1"
HTML = {"Content-Type": "text/html; charset=utf-8"}


def raw_deflate(data: bytes) -> bytes:
    """Deflate without zlib's frame, as some servers send it."""
    packer = zlib.compressobj(wbits=-15)
    return packer.compress(data) + packer.flush()


PACK = {
    "gzip": gzip.compress,
    "x-gzip": lambda data: gzip.compress(data[:300]) + gzip.compress(data[300:]),
    "deflate": zlib.compress,
    "Deflate": raw_deflate,
    "br": brotli.compress,
    "zstd": zstd.compress,
}
"""Content encodings; x-gzip here in two members, Deflate without a frame."""


def chunked(data: bytes, size: int = 100) -> bytes:
    """A body in chunks."""
    parts = [data[at : at + size] for at in range(0, len(data), size)]
    return b"".join(b"%x;note=1\r\n%s\r\n" % (len(part), part) for part in parts) + b"0\r\n\r\n"


def torn(file: Path, block: bytes, *fields: str) -> str:
    """What is said of the one page in such a record."""
    file.write_bytes(record("response", URL, block, *fields))
    (page,) = read_pages(file)
    return page.torn


@pytest.mark.parametrize("coding", PACK)
def test_a_compressed_body_that_breaks_off_is_torn(tmp_path: Path, coding: str) -> None:
    """In each encoding, alone or in chunks; a whole one is not, nor one that was decoded before."""
    packed, told = PACK[coding](PAGE), f"Content-Encoding: {coding}\r\n"
    for body, expected in ((packed, ""), (packed[:-20], BROKEN_OFF), (PAGE, ""), (MARKED, "")):
        assert torn(tmp_path / "one.warc", http(200, body, more=told)) == expected
        length = f"{told}Content-Length: {max(len(body), len(packed))}\r\n"
        assert torn(tmp_path / "one.warc", http(200, body, more=length)) == expected
        both = f"{told}Transfer-Encoding: chunked\r\n"
        assert torn(tmp_path / "one.warc", http(200, chunked(body), more=both)) == expected


def test_a_decoded_body_does_not_answer_for_the_length_it_was_sent_with(tmp_path: Path) -> None:
    """Archives that store pages decoded keep the headers as they came: that is no loss."""
    for headers in (
        f"Content-Encoding: gzip\r\nContent-Length: {len(PAGE) + 1}\r\n",
        f"Content-Encoding: br\r\nContent-Length: {len(PAGE) + 1}\r\n",
        "Transfer-Encoding: chunked\r\n",
        f"Transfer-Encoding: chunked\r\nContent-Length: {len(PAGE) + 1}\r\n",
        f"Content-Length: {len(PAGE) - 1}\r\n",
        "Content-Length: 12, 12\r\n",
    ):
        assert torn(tmp_path / "one.warc", http(200, PAGE, more=headers)) == "", headers


@pytest.mark.parametrize(
    ("block", "fields", "expected"),
    [
        (http(200, HALF, more=f"Content-Length: {len(PAGE)}\r\n"), (), BROKEN_OFF),
        (http(200, b"%x\r\n" % len(PAGE) + HALF, more="Transfer-Encoding: chunked\r\n"), (), BROKEN_OFF),
        (http(200, chunked(PAGE)[:-5], more="Transfer-Encoding: chunked\r\n"), (), BROKEN_OFF),
        (http(200, PAGE), ("WARC-Truncated: length",), CUT),
        (http(200, PAGE), ("warc-truncated: time",), BROKEN_OFF),
        (http(200, HALF), ("Gossi-Until-Closed: yes",), BROKEN_OFF),
        (http(200, PAGE), ("Gossi-Until-Closed: yes",), ""),
        (http(206, PAGE, more="Content-Range: bytes 0-499/10000\r\n"), (), PART),
        (http(206, PAGE, more="Content-Range: bytes 10-499/500\r\n"), (), PART),
        (http(206, PAGE, more="Content-Range: bytes 0-499/*\r\n"), (), PART),
        (http(206, PAGE), (), PART),
        (http(206, PAGE, more="Content-Range: bytes 0-499/500\r\n"), (), ""),
        (http(200, HALF), (), ""),
    ],
)
def test_what_says_that_a_page_is_not_whole(
    tmp_path: Path, block: bytes, fields: tuple[str, ...], expected: str
) -> None:
    """Its length, its chunks, its status, or who captured it; nothing is guessed."""
    assert torn(tmp_path / "one.warc", block, *fields) == expected


def test_what_servers_put_behind_a_stream_is_no_loss() -> None:
    """As Scrapy takes it, and browsers."""
    body = gzip.compress(PAGE) + b"\r\n<!-- served in 0.1 s -->"
    assert decode_body(body, {"content-encoding": "gzip"}, 100_000) == Decoded(PAGE, False, True)


def test_a_page_cut_off_by_its_archive_is_too_large(tmp_path: Path) -> None:
    """Its outcome is that of a page beyond our own limit; it is not asked for again and again."""
    write_sources(tmp_path, sources("", outlet("gazette", LoopbackSite())))
    file = tmp_path / "cut.warc"
    file.write_bytes(record("response", URL, http(200, PAGE), "WARC-Truncated: length"))
    result = import_paths(StudyFolder(tmp_path), [file])
    assert (result.exit_code, result.outcomes, result.problems) == (0, {"too_large": 1}, [])
    assert rows(tmp_path, "SELECT outcome, detail FROM attempt") == [("too_large", CUT)]
    assert outcomes(tmp_path) == {}


def test_a_million_streams_in_a_body_take_no_longer_than_their_bytes() -> None:
    """Not their square: 200,000 empty members of gzip, and room for a slow machine."""
    began = time.process_time()
    assert decode_body(gzip.compress(b"") * 200_000, {"content-encoding": "gzip"}, 10_000_000).body == b""
    assert time.process_time() - began < 20


STARTS = [b"", b"\x1f\x8b\x08", b"\x28\xb5\x2f\xfd", b"\x78\x9c", b"5\r\n", b"ffffffffffffffff\r\n"]


def decoded(body: bytes, coding: str, transfer: str, most: int) -> Decoded | str:
    """What becomes of a body: decoded, or the reason why it is not."""
    try:
        return decode_body(body, {"content-encoding": coding, "transfer-encoding": transfer}, most)
    except EncodingError as error:
        return error.reason


@given(
    st.binary(max_size=300),
    st.sampled_from(["", "gzip", "deflate", "br", "zstd", "gzip, br", "identity", "zip"]),
    st.sampled_from(["", "chunked", "gzip, chunked"]),
    st.sampled_from(STARTS),
)
def test_any_body_is_decoded_or_refused(body: bytes, coding: str, transfer: str, start: bytes) -> None:
    """Whatever a server sent, and however it called it; nothing larger than the bound comes out."""
    found = decoded(start + body, coding, transfer, 200)
    assert found in {"too_large", "undecodable"} if isinstance(found, str) else len(found.body) <= 200


@given(st.sampled_from(sorted(PACK)), st.integers(0))
def test_any_cut_through_a_compressed_body_shows(coding: str, cut: int) -> None:
    """Wherever it breaks off, it is torn or cannot be read; between two members of gzip nothing shows."""
    packed = PACK[coding](PAGE)
    # Less than a coding's first bytes and a first chunk's size, 12 bytes, is no page of any kind.
    cut = 12 + cut % (len(packed) - 12)
    if coding == "x-gzip" and cut == len(gzip.compress(PAGE[:300])):
        return
    for body, transfer in ((packed[:cut], ""), (chunked(packed)[:cut], "chunked")):
        found = decoded(body, coding, transfer, 100_000)
        assert found == "undecodable" if isinstance(found, str) else found.is_torn
