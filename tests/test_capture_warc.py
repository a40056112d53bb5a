"""WARC files as other programs read them."""

import gzip
from pathlib import Path

from fastwarc.warc import ArchiveIterator, WarcRecordType

from gossi.crawler.capture.read import ReadReport, read_page_at, read_pages
from gossi.crawler.capture.warc import WarcWriter, cut_torn_tail

BODY = b"<html><body>" + b"a mass grave near Gossi " * 50 + b"</body></html>"


def test_records_are_read_back_from_their_offsets(tmp_path: Path) -> None:
    """Each record can be read alone, from the place that the writer gave."""
    with WarcWriter(tmp_path, 7) as writer:
        kept = [
            writer.keep(
                f"https://gazette.example/{n}", 200, "OK", [("Content-Type", "text/html")], BODY + b"%d" % n
            )
            for n in range(3)
        ]
    for n, place in enumerate(kept):
        page = read_page_at(tmp_path / place.warc_file, place.warc_offset)
        assert (page.url, page.status, page.body) == (f"https://gazette.example/{n}", 200, BODY + b"%d" % n)
        assert page.fetched_at == place.fetched_at


def test_the_file_is_warc_with_a_head_and_digests(tmp_path: Path) -> None:
    """A warcinfo record comes first, and every block digest holds."""
    with WarcWriter(tmp_path, 1) as writer:
        kept = writer.keep("https://gazette.example/", 404, "Not Found", [], b"gone")
    records = [
        (record.record_type, record.verify_block_digest())
        for record in ArchiveIterator(str(tmp_path / kept.warc_file), parse_http=False)
    ]
    assert records == [(WarcRecordType.warcinfo, True), (WarcRecordType.response, True)]


def test_bodies_stay_as_they_came(tmp_path: Path) -> None:
    """A gzip body is kept packed; chunks are gone, and so is the header that announces them."""
    headers = [("Content-Encoding", "gzip"), ("Transfer-Encoding", "chunked"), ("Content-Type", "text/html")]
    with WarcWriter(tmp_path, 1) as writer:
        kept = writer.keep("https://gazette.example/", 200, "OK", headers, gzip.compress(BODY))
    page = read_page_at(tmp_path / kept.warc_file, kept.warc_offset)
    assert page.body == BODY
    assert dict(page.headers) == {"content-encoding": "gzip", "content-type": "text/html"}


def test_of_a_torn_file_the_whole_records_stay(tmp_path: Path) -> None:
    """A file without any, as a crash leaves it that meets it just begun, is removed."""
    with WarcWriter(tmp_path, 1) as writer:
        kept = [writer.keep(f"https://gazette.example/{n}", 200, "OK", [], BODY) for n in range(2)]
    whole = (tmp_path / kept[0].warc_file).read_bytes()
    left = {}
    for size in (0, 1, kept[0].warc_offset - 1, kept[0].warc_offset, kept[1].warc_offset + 9, len(whole)):
        path = tmp_path / f"{size}.warc.gz"
        path.write_bytes(whole[:size])
        left[size] = cut_torn_tail(path) and path.read_bytes()
        assert path.exists() is bool(left[size])
    first, second = kept[0].warc_offset, kept[1].warc_offset
    assert left == {
        0: False,
        1: False,
        first - 1: False,
        first: whole[:first],
        second + 9: whole[:second],
        len(whole): whole,
    }


def test_a_file_torn_while_writing_keeps_what_came_before(tmp_path: Path) -> None:
    """Every record is on disk when `keep` returns: without closing, all whole ones are read."""
    writer = WarcWriter(tmp_path, 1)
    first = writer.keep("https://gazette.example/1", 200, "OK", [], BODY)
    writer.keep("https://gazette.example/2", 200, "OK", [], BODY)
    torn = (tmp_path / first.warc_file).read_bytes()[:-20]
    copy = tmp_path / "torn.warc.gz"
    copy.write_bytes(torn)
    report = ReadReport()
    assert [page.url for page in read_pages(copy, report)] == ["https://gazette.example/1"]
    assert report.problems


def test_two_runs_write_two_files(tmp_path: Path) -> None:
    """No run appends to another's file."""
    with WarcWriter(tmp_path, 1) as one, WarcWriter(tmp_path, 2) as two:
        kept = [writer.keep("https://gazette.example/", 200, "OK", [], BODY) for writer in (one, two)]
    assert len({place.warc_file for place in kept}) == 2
