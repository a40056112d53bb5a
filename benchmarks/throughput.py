"""What a page costs our crawl, against Scrapy alone on the same loopback site in the same run.

All CPU time counts: that of the crawling process and of the extraction workers it started. A crawl of few
pages and one of many are run, and the difference is divided by the difference in pages: what starting and
ending cost is no part of a page. trafilatura by itself is measured in the same way and in the same turns.
"""

import io
import json
import os
import shutil
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterable
from functools import partial
from pathlib import Path
from typing import NamedTuple

from fastwarc.stream_io import GzipWriter
from fastwarc.warc import WarcRecord, WarcRecordType

from benchmarks.figure import Figure, Inputs, cpu_ms
from benchmarks.news_site import NewsSite, news_site, packed
from gossi.crawler.capture.warc import GZIP_LEVEL

_ROOT = Path(__file__).parents[1]

_FEW, _MANY_OFF, _MANY_ON = 100, 2100, 2100
"""Pages of the crawls whose difference is taken: some four seconds' work for Scrapy alone. Starting the
extraction workers takes seconds too, give or take half of one: over few pages that would decide."""

_MANY_WHOLE = 700
"""Pages of which trafilatura gives headline and date too, which takes it twice as long."""

_ROUNDS = 3
"""Of so many runs the cheapest counts: other programs on the machine can only slow one down."""

_ALONE = 40
"""Pages that the WARC writer is measured on by itself."""

_OFF_TOPIC, _ON_TOPIC = 1.6, 1.15
"""The targets: times the CPU of Scrapy alone, times that of Scrapy, a WARC writer and trafilatura."""


def run(inputs: Inputs) -> Iterable[Figure]:
    """Compare the crawls; see the module."""
    with news_site() as site:
        bare, off, on, text, whole = _page_costs(
            (partial(_run_bare, site), _MANY_OFF),
            (partial(run_study, site, on_topic=False), _MANY_OFF),
            (partial(run_study, site, on_topic=True), _MANY_ON),
            (partial(_run_trafilatura, "text"), _MANY_ON),
            (partial(_run_trafilatura, "whole"), _MANY_WHOLE),
        )
    warc = _warc_alone()
    yield Figure("Scrapy alone", bare.cpu, "ms CPU a page")
    yield Figure("our crawl, off topic", off.cpu, "ms CPU a page")
    yield Figure("our crawl, on topic", on.cpu, "ms CPU a page")
    yield Figure("FastWARC alone", warc, "ms CPU a page")
    yield Figure("trafilatura alone, text", text.cpu, "ms CPU a page")
    yield Figure("trafilatura alone, text, headline, date", whole.cpu, "ms CPU a page")
    yield Figure("off topic ÷ Scrapy", off.cpu / bare.cpu, "times", most=_OFF_TOPIC)
    for what, alone in (("text", text), ("text, headline, date", whole)):
        yield Figure(
            f"on topic ÷ (Scrapy + WARC + {what})",
            on.cpu / (bare.cpu + warc + alone.cpu),
            "times",
            most=_ON_TOPIC,
        )
    yield Figure("cores at work on topic", on.cpu / on.wall, "cores")


class _Cost(NamedTuple):
    """Milliseconds a page."""

    cpu: float
    wall: float


def _page_costs(*crawls: tuple[Callable[[int], _Cost], int]) -> list[_Cost]:
    """What a page costs each crawl; in turns, so that other work on the machine meets all alike."""
    rounds = [[(crawl(_FEW), crawl(many)) for crawl, many in crawls] for _ in range(_ROUNDS)]
    costs = []
    for (_, many), measured in zip(crawls, zip(*rounds, strict=True), strict=True):
        few, lots = (
            _Cost(min(run.cpu for run in runs), min(run.wall for run in runs))
            for runs in zip(*measured, strict=True)
        )
        pages = many - _FEW
        costs.append(_Cost((lots.cpu - few.cpu) / pages, (lots.wall - few.wall) / pages))
    return costs


def _run_bare(site: NewsSite, pages: int) -> _Cost:
    return _measured(["crawls", "bare"], pages, "\n".join(site.urls(pages, on_topic=False)))


def run_study(site: NewsSite, pages: int, *, on_topic: bool) -> _Cost:
    """Crawl pages of the site with a study's pipeline: what all of it cost, the start included, in ms."""
    with tempfile.TemporaryDirectory() as folder:
        study = Path(folder, "sources.toml")
        study.write_text(_sources(site, pages, on_topic=on_topic), encoding="utf-8")
        shutil.copytree(_ROOT / "lexicon", Path(folder, "lexicon"))
        return _measured(["crawls", "study", folder], pages)


def _run_trafilatura(what: str, pages: int) -> _Cost:
    return _measured(["trafilatura_alone", what, str(pages)], pages)


def _measured(words: list[str], pages: int, given: str = "") -> _Cost:
    """Run a program of ours and wait for it; what its children took is in what the system tells of it."""
    module, *arguments = words
    command = [sys.executable, "-m", f"benchmarks.{module}", *arguments]
    begin = time.perf_counter()
    with tempfile.TemporaryFile("w+") as urls, tempfile.TemporaryFile("w+") as out:
        urls.write(given)
        urls.seek(0)
        process = subprocess.Popen(command, cwd=_ROOT, stdin=urls, stdout=out)
        _, status, usage = os.wait4(process.pid, 0)
        process.returncode = os.waitstatus_to_exitcode(status)
        out.seek(0)
        told = out.read()
    if told != str(pages):
        raise RuntimeError(f"{' '.join(command)}: got {told or 'no'} pages of {pages}")
    return _Cost((usage.ru_utime + usage.ru_stime) * 1000, (time.perf_counter() - begin) * 1000)


def _sources(site: NewsSite, pages: int, *, on_topic: bool) -> str:
    """The sources.toml of a study of the site; its lexicon is the real study's."""
    lines = [
        '[study]\nname = "A benchmark"\ncontact = "https://gossi.example/contact"',
        "[study.window]\nfirst = 2022-04-01\nlast = 2022-12-31",
        "[study.crawl]\ndelay = 0.0\nallow_loopback = true",
    ]
    urls = site.urls(pages, on_topic=on_topic)
    for number, host in enumerate(site.hosts):
        listed = json.dumps([url for url in urls if f"//{host}/" in url])
        lines.append(
            f'[[outlet]]\nid = "fictional-{number}"\nname = "Fictional {number}"\ndomain = "{host}"\n'
            'country = "XX"\nbloc = "unlisted"\nownership = "unknown"\nlanguages = ["en"]\n'
            f"pages = {listed}"
        )
    return "\n".join(lines)


def _warc_alone() -> float:
    """A record of the page as it came over the network, written as our captures are."""
    file = io.BytesIO()
    writer = GzipWriter(file, compression_level=GZIP_LEVEL)
    pages = [packed(n, on_topic=True) for n in range(_ALONE)]

    def write(page: int) -> None:
        record = WarcRecord()
        record.init_headers(record_type=WarcRecordType.response)
        record.headers["WARC-Target-URI"] = f"http://courier.example/{page}"
        record.set_bytes_content(b"HTTP/1.1 200 OK\r\nContent-Encoding: gzip\r\n\r\n" + pages[page])
        record.write(writer, checksum_data=True)
        writer.finish()

    return cpu_ms(write, _ALONE)
