"""What a record of a web archive costs `gossi scan`, against FastWARC with a plain search for names.

Both read the same file in the same run, in turns; CPU time counts, extraction of what is on the topic and the
part that is written included. The file is one of CC-NEWS where one is at hand (`--real`), else one that is
made of news pages, with one on the topic in a thousand.
"""

import json
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterable
from pathlib import Path

from fastwarc.stream_io import GzipWriter
from fastwarc.warc import ArchiveIterator, WarcRecord, WarcRecordType

from benchmarks.figure import Figure, Inputs
from benchmarks.news_site import news_page
from gossi.crawler.capture.warc import GZIP_LEVEL

_ROOT = Path(__file__).parents[1]

_PAGES, _TEMPLATES = 4000, 400
"""Pages of the file that is made, and how many of them differ: to make one takes as long as to read ten."""

_ROUNDS = 2

_NAMES = [name.encode() for name in ("gossi", "gossy", "госси", "غوسي", "戈西")]
"""What a plain search looks for: the town's name in five spellings, of the hundred terms of the topic."""

_SCAN = """
import json, resource, sys, tempfile, time
from pathlib import Path
from gossi.crawler.extraction import preload
from gossi.crawler.scan.read_file import Reading, Told, read_file
from gossi.crawler.study.sources import StudyFolder
reading, last = Reading(StudyFolder(Path(sys.argv[1])).sources().study, "topic"), Told()
def tell(told):
    global last
    last = told
with tempfile.TemporaryDirectory() as folder:
    begin = time.process_time()
    read_file(Path(sys.argv[2]), "file", reading, Path(folder), tell=tell)
    seconds = time.process_time() - begin
kilobytes = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
print(json.dumps([seconds, last.pages, last.articles, kilobytes / 1000]))
"""


def run(inputs: Inputs) -> Iterable[Figure]:
    """Records a second of both, their ratio, two processes against one, and the memory of one."""
    with tempfile.TemporaryDirectory() as folder:
        file = inputs.archive or _made(Path(folder) / "archive.warc.gz")
        plain, ours = [], []
        for _ in range(_ROUNDS):
            plain.append(_plain(file))
            ours.append(_scan([file])[0])
        alone = max(pages / seconds for seconds, pages, _, _ in ours)
        yield Figure("FastWARC with a plain search, one core", max(plain), "records/s")
        yield Figure("gossi scan, one core", alone, "records/s")
        yield Figure("gossi scan : FastWARC", alone / max(plain), "", least=0.55)
        yield Figure("on the topic", 100 * ours[0][2] / ours[0][1], "% of records")
        yield Figure("memory of a reader", ours[0][3], "MB", most=600)
        begin = time.perf_counter()
        _scan([file])
        one = time.perf_counter() - begin
        begin = time.perf_counter()
        _scan([file, file])
        two = time.perf_counter() - begin
        yield Figure("two processes : one, by the clock", 2 * one / two, "times", least=1.9)


def _scan(files: list[Path]) -> list[tuple[float, int, int, float]]:
    """CPU seconds, pages, articles and megabytes of the reading of each file, side by side."""
    running = [
        subprocess.Popen([sys.executable, "-c", _SCAN, _ROOT, file], stdout=subprocess.PIPE) for file in files
    ]
    return [tuple(json.loads(process.communicate()[0])) for process in running]


def _plain(file: Path) -> float:
    """Records a second of FastWARC, where each is searched for the names in its bytes."""
    begin, records = time.process_time(), 0
    with file.open("rb") as stream:
        for record in ArchiveIterator(stream, record_types=WarcRecordType.response, parse_http=False):
            content = record.reader.read().lower()
            records += 1
            any(name in content for name in _NAMES)
    return records / (time.process_time() - begin)


def _made(file: Path) -> Path:
    """A file of news pages, a thousandth of them on the topic."""
    pages = [news_page(number, on_topic=number == 0) for number in range(_TEMPLATES)]
    with file.open("wb") as out:
        writer = GzipWriter(out, compression_level=GZIP_LEVEL)
        for number in range(_PAGES):
            record = WarcRecord()
            record.init_headers(record_type=WarcRecordType.response)
            record.headers["WARC-Target-URI"] = f"http://courier-{number % 50}.example/{number}"
            record.headers["WARC-Date"] = "2022-04-22T10:00:00Z"
            record.headers["Content-Type"] = "application/http; msgtype=response"
            page = pages[0 if number % 1000 == 0 else number % (_TEMPLATES - 1) + 1]
            record.set_bytes_content(
                b"HTTP/1.1 200 OK\r\nContent-Type: text/html; charset=utf-8\r\n\r\n" + page
            )
            record.write(writer, checksum_data=True)
            writer.finish()
    return file
