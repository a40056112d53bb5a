"""Any WARC file: whatever is whole in it is read, and whatever is not is told.

Also tests crawler/capture/captured.py, crawler/capture/digests.py, crawler/capture/fields.py,
crawler/capture/packing.py, crawler/capture/records.py and crawler/capture/zstandard.py.
"""

import base64
import gzip
import hashlib
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from gossi.crawler.capture.captured import Page
from gossi.crawler.capture.read import ReadReport, read_page_at, read_pages
from gossi.crawler.capture.zstandard import zstd
from gossi.crawler.errors import InputError
from tests.warc_records import PACKED, http, record

HTML = b"<!DOCTYPE html><html><body><p>A grave near Gossi, and the ways to it.</p></body></html>"
URLS = ("https://gazette.example/1", "https://gazette.example/2", "https://gazette.example/3")
RECORDS = [
    record("warcinfo", "", b"software: another crawler\r\n", media="application/warc-fields"),
    *(record("response", url, http(200, HTML)) for url in URLS),
]
BLOCK = http(200, HTML)
SKIPPABLE = b"\x50\x2a\x4d\x18\x04\0\0\0note"


def pages_of(file: Path, data: bytes) -> tuple[list[Page], ReadReport]:
    """What is read of these bytes."""
    file.write_bytes(data)
    report = ReadReport()
    return list(read_pages(file, report)), report


def with_dictionary(records: list[bytes], *, packed: bool) -> bytes:
    """A .warc.zst as IIPC describes it: the dictionary in the first frame, and each record made with it."""
    dictionary = zstd.train_dict([each + bytes([n]) for each in records for n in range(50)], 4096)
    content = dictionary.dict_content
    first = zstd.compress(content) if packed else content
    head = b"\x5d\x2a\x4d\x18" + len(first).to_bytes(4, "little") + first
    return head + b"".join(zstd.compress(each, zstd_dict=dictionary) for each in records)


@pytest.mark.parametrize("packing", PACKED)
def test_any_cut_is_told_and_costs_the_torn_record_only(tmp_path: Path, packing: str) -> None:
    """Wherever a file breaks off: the records before it are read, no part of one is, and the loss is told."""
    data = PACKED[packing](RECORDS)
    ends = [len(PACKED[packing](RECORDS[:n])) for n in range(1, len(RECORDS) + 1)]
    # A record's blank lines hold nothing.
    whole = {end - n for end in ends for n in (range(5) if packing == "plain" else range(1))}
    alone = not packing.endswith("whole")
    for cut in range(len(data)):
        try:
            pages, report = pages_of(tmp_path / "cut.warc", data[:cut])
        except InputError:
            assert cut < 8  # too little to be known for a WARC file
            continue
        assert [page.url for page in pages] == list(URLS[: len(pages)])
        assert {page.body for page in pages} <= {HTML}
        if alone:
            assert len(pages) >= sum(end <= cut for end in ends[1:])
        assert report.problems or (alone and cut in whole), cut


def test_a_whole_stream_that_breaks_off_gives_what_came_before(tmp_path: Path) -> None:
    """A file compressed as one stream is read up to the record that is torn."""
    data = gzip.compress(b"".join(RECORDS * 20), compresslevel=0)
    pages, report = pages_of(tmp_path / "cut.warc.gz", data[: len(data) * 6 // 10])
    assert len(pages) == 20 * len(URLS) * 6 // 10
    assert len(report.problems) == 1


@pytest.mark.parametrize(
    "data",
    [
        with_dictionary(RECORDS, packed=False),
        with_dictionary(RECORDS, packed=True),
        SKIPPABLE + PACKED["zstd-per-record"](RECORDS),
        SKIPPABLE.join(zstd.compress(each) for each in RECORDS),
    ],
    ids=["dictionary", "packed dictionary", "skippable first", "skippable between"],
)
def test_zstd_files_may_have_other_frames(tmp_path: Path, data: bytes) -> None:
    """A dictionary is used, and what a reader is to skip is skipped; each record can be read alone."""
    file = tmp_path / "some.warc.zst"
    pages, report = pages_of(file, data)
    assert ([page.url for page in pages], report.problems) == (list(URLS), [])
    for page in pages:
        assert page.offset is not None
        assert read_page_at(file, page.offset).url == page.url


def test_a_dictionary_that_is_none_is_told(tmp_path: Path) -> None:
    """The file cannot be read, and the message says why."""
    (tmp_path / "some.warc.zst").write_bytes(b"\x5d\x2a\x4d\x18\x04\0\0\0none" + zstd.compress(RECORDS[1]))
    with pytest.raises(InputError, match="its dictionary cannot be read"):
        list(read_pages(tmp_path / "some.warc.zst"))


def test_field_names_have_no_case_and_fields_may_go_on(tmp_path: Path) -> None:
    """As the standard says of both."""
    low = RECORDS[1].replace(b"WARC-Type: response", b"warc-TYPE:\r\n  Response")
    for name in (b"WARC-Date", b"WARC-Target-URI", b"Content-Length", b"Content-Type: application"):
        low = low.replace(name, name.lower())
    pages, report = pages_of(tmp_path / "low.warc", low)
    assert ([(page.url, page.body) for page in pages], report.problems) == ([(URLS[0], HTML)], [])


@pytest.mark.parametrize(
    "algorithm", ["md5", "sha1", "sha-1", "SHA-256", "sha384", "sha512", "blake2b", "sha3_256"]
)
def test_digests_are_checked_in_any_spelling(tmp_path: Path, algorithm: str) -> None:
    """Base 16, 32 or 64, either case where it says nothing, padded or not; a wrong one costs the page."""
    name = algorithm.lower().replace("sha-", "sha")
    found = hashlib.new(name, BLOCK).digest()
    other = hashlib.new(name, BLOCK + b" ").digest()
    for content, outcome in ((found, {}), (other, {"wrong_digest": 1})):
        written = base64.b32encode(content).decode()
        for value in (
            content.hex(), content.hex().upper(), written, written.lower(), written.rstrip("="),
            base64.b64encode(content).decode(),
        ):  # fmt: skip
            data = record("response", URLS[0], BLOCK, f"WARC-Block-Digest: {algorithm}:{value}")
            pages, report = pages_of(tmp_path / "one.warc", data)
            assert (len(pages), report.skipped) == (1 - len(outcome), outcome), value


@pytest.mark.parametrize("digest", ["crc32:0", "murmur:abc", "no algorithm", "shake_128:00", ":"])
def test_a_digest_of_another_kind_is_not_wrong(tmp_path: Path, digest: str) -> None:
    """What cannot be checked is not held against the page."""
    data = record("response", URLS[0], BLOCK, f"WARC-Block-Digest: {digest}")
    pages, report = pages_of(tmp_path / "one.warc", data)
    assert (len(pages), report.problems) == (1, [])


@pytest.mark.parametrize(
    "url", ["http://[bad/x", "http://\u2100.org/x", "http://a:99999/x", "http:///x", "http://"]
)
def test_an_address_that_is_none_costs_its_record_only(tmp_path: Path, url: str) -> None:
    """Told and counted; the next record is read."""
    pages, report = pages_of(tmp_path / "bad.warc", record("response", url, BLOCK) + RECORDS[2])
    assert ([page.url for page in pages], report.skipped) == ([URLS[1]], {"malformed": 1})
    assert report.problems == [
        f"{tmp_path}/bad.warc: record at byte 0: {url} is no address of the web; skipped"
    ]


def test_what_is_damaged_costs_itself_only(tmp_path: Path) -> None:
    """A flipped bit, garbage between records, a length that is none: told in a line, and read around."""
    members = [gzip.compress(each) for each in RECORDS]
    flipped = bytearray(members[1])
    flipped[100] ^= 0xFF
    pages, report = pages_of(tmp_path / "bit.warc.gz", members[0] + bytes(flipped) + members[2])
    assert [page.url for page in pages] == [URLS[1]]
    (problem,) = report.problems
    assert f"damaged at byte {len(members[0])} " in problem
    assert f"reading goes on at byte {len(members[0]) + len(flipped)}" in problem

    pages, report = pages_of(tmp_path / "between.warc", RECORDS[1] + bytes(3000) + b"noise" + RECORDS[2])
    assert [page.url for page in pages] == list(URLS[:2])
    assert report.problems == [f"{tmp_path}/between.warc: 5 bytes before a record are none"]

    pages, report = pages_of(
        tmp_path / "length.warc", RECORDS[1].replace(b"Content-Length: ", b"Content-Length: -") + RECORDS[2]
    )
    assert ([page.url for page in pages], report.skipped) == ([URLS[1]], {"malformed": 1})


def test_of_many_problems_the_first_are_told_and_the_rest_counted(tmp_path: Path) -> None:
    """A million broken records must not fill the memory, nor the screen."""
    bad = record("response", URLS[0], http(200, b"\x1f\x8bnoise", more="Content-Encoding: gzip\r\n"))
    pages, report = pages_of(tmp_path / "bad.warc", bad * 50)
    assert (pages, report.skipped) == ([], {"undecodable": 50})
    lines = report.lines(tmp_path / "bad.warc")
    assert len(lines) == 21
    assert lines[-1] == f"{tmp_path}/bad.warc: 30 more problems like these"


@settings(max_examples=200, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.sampled_from(sorted(PACKED)), st.integers(0), st.integers(0, 50), st.binary(max_size=50))
def test_no_damage_ends_the_reading(tmp_path: Path, packing: str, at: int, gone: int, noise: bytes) -> None:
    """Whatever is written over a file, what is read are its pages, or it is said to be no WARC file."""
    data = PACKED[packing](RECORDS)
    at %= len(data)
    try:
        pages, report = pages_of(tmp_path / "noise.warc", data[:at] + noise + data[at + gone :])
    except InputError:
        return
    assert len(pages) <= len(URLS)
    if packing == "gzip-per-record":  # whose checksums tell every change
        assert {page.url for page in pages} <= set(URLS)
        assert len(pages) == len(URLS) or report.problems or report.skipped != {"warcinfo": 1}


def test_a_head_without_end_takes_no_time(tmp_path: Path) -> None:
    """Of a record or of an answer: told, and the next record is read."""
    folds = b"X: y\r\n" + b" z\r\n" * 1_000_000
    endless = record("response", URLS[0], b"HTTP/1.1 200 OK\r\n" + folds)
    pages, report = pages_of(tmp_path / "answer.warc", endless + RECORDS[2])
    assert ([page.url for page in pages], report.skipped) == ([URLS[1]], {"malformed": 1})

    endless = RECORDS[1].replace(b"WARC-Date", folds + b"WARC-Date")
    pages, report = pages_of(tmp_path / "record.warc", endless + RECORDS[2])
    assert [page.url for page in pages] == [URLS[1]]
    (problem,) = report.problems
    assert "a record's head has no end" in problem
