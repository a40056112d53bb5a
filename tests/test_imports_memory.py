"""`import` takes hardly more memory for a large file than for a small one, whatever the file is full of."""

import json
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

from gossi.crawler.capture.warc import WarcWriter
from gossi.crawler.study.sources import StudyFolder
from tests.lexicons import write_sources
from tests.loopback import LoopbackSite, article, outlet, sources
from tests.warc_records import http, record
from tests.warm import ROOT

SITE = LoopbackSite()
"""Not served: its address stands in the records of these tests."""

LONG = "a-long-way-round/" * 100
"""1,700 characters of an address, so that some thousands of addresses would be seen in the memory."""

PUBLISHED = "<pubDate>Sat, 23 Apr 2022 10:00:00 GMT</pubDate>"

MEASURED = """
import json, resource, sys
from pathlib import Path
from gossi.crawler.imports.importer import import_paths
from gossi.crawler.study.sources import StudyFolder
result = import_paths(StudyFolder(Path(sys.argv[1])), [Path(sys.argv[2])])
kilobytes = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
print(json.dumps([result.problems, result.outcomes, kilobytes]))
"""


def pages(folder: Path, number: int) -> Path:
    """A file of so many pages of 60 KB, a fiftieth of them on topic."""
    filling = b"<p>" + b"rain and wind " * 4500 + b"</p></body>"
    with WarcWriter(folder, number) as writer:
        for n in range(number):
            html = (
                article(f"Gossi, report {n}").body if n % 50 == 0 else b"<html><body><h1>%d</h1></body>" % n
            )
            whole = html.replace(b"</body>", filling)
            kept = writer.keep(f"{SITE.home}/{n}", 200, "OK", [("Content-Type", "text/html")], whole)
    return folder / kept.warc_file


def redirects(folder: Path, number: int) -> Path:
    """A file of another program's redirects, and a page that the last of them leads to."""
    file = folder / "redirects.warc"
    with file.open("wb") as out:
        for n in range(number):
            more = f"Location: {SITE.home}/{LONG}to/{n}\r\n"
            out.write(record("response", f"{SITE.home}/{LONG}from/{n}", http(302, b"", more=more)))
        out.write(record("response", f"{SITE.home}/{LONG}to/{number - 1}", http(200, article("Gossi").body)))
    return file


def dated_feeds(folder: Path, number: int) -> Path:
    """A file of feeds of a thousand dated entries each, and a page that is among the last."""
    file = folder / "feeds.warc"
    with file.open("wb") as out:
        for first in range(0, number, 1000):
            links = [f"{SITE.home}/{LONG}{n}" for n in range(first, min(first + 1000, number))]
            items = "".join(f"<item><link>{link}</link>{PUBLISHED}</item>" for link in links)
            feed = f"<rss version='2.0'><channel><title>All</title>{items}</channel></rss>".encode()
            out.write(record("response", f"{SITE.home}/feed/{first}", http(200, feed, "application/rss+xml")))
        out.write(record("response", f"{SITE.home}/{LONG}{number - 1}", http(200, article("Gossi").body)))
    return file


def peak(folder: Path, make: Callable[[Path, int], Path], number: int) -> tuple[dict[str, int], int]:
    """The outcomes, and bytes of memory at most, of an import of such a file."""
    folder.mkdir()
    write_sources(folder, sources("", outlet("gazette", SITE)))
    command = [sys.executable, "-c", MEASURED, StudyFolder(folder).root, make(folder, number)]
    done = subprocess.run(command, cwd=ROOT, check=True, capture_output=True, text=True)
    problems, outcomes, kilobytes = json.loads(done.stdout)
    assert problems == []
    return outcomes, kilobytes * 1024


@pytest.mark.long(15)
@pytest.mark.parametrize(
    ("make", "few", "many", "on_topic"),
    [
        (pages, 250, 3000, 60),
        (redirects, 100, 12_000, 1),
        (dated_feeds, 100, 12_000, 1),
    ],
)
def test_memory_does_not_grow_with_the_file(
    tmp_path: Path, make: Callable[[Path, int], Path], few: int, many: int, on_topic: int
) -> None:
    """What must be remembered of it is in a temporary file, 8 MB of it aside."""
    _, small = peak(tmp_path / "few", make, few)
    outcomes, large = peak(tmp_path / "many", make, many)
    assert outcomes["on_topic"] == on_topic
    assert large - small < 30_000_000
