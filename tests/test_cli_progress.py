"""What a crawl shows while it goes on: on a terminal, in a log, and how long it says that the rest takes.

Also tests crawler/crawl/progress.py.
"""

import fcntl
import os
import pty
import re
import struct
import subprocess
import sys
import termios
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from threading import Thread
from typing import TextIO

import pytest

from gossi.analysis.cli.progress import crawl_progress
from gossi.crawler.crawl.progress import Progress
from gossi.crawler.outcomes import Outcome
from tests.lexicons import write_sources
from tests.loopback import LoopbackSite, article, outlet, sources
from tests.warm import ROOT

LINE = re.compile(
    r"crawl: [01] of 1 outlets, (\d) pages \(\d+\.\d/s\), (\d) waiting(, about \d+ s left)?; .*\d"
)
WATCHED = """
import sys
from pathlib import Path
from gossi.analysis.cli.progress import crawl_progress
from gossi.crawler.crawl.crawl import crawl
from gossi.crawler.study.sources import StudyFolder
if __name__ == "__main__":
    with crawl_progress(line_every=0) as on_progress:
        crawl(StudyFolder(Path(sys.argv[1])), on_progress=on_progress)
"""


def watched(study: Path, site: LoopbackSite, stderr: int) -> None:
    """Crawl eight pages, with progress on `stderr` after each of them."""
    pages = [f"/{n}" for n in range(8)]
    site.routes |= {path: article(f"Gossi {path}") for path in pages}
    write_sources(study, sources("delay = 0.3", outlet("gazette", site, *pages)))
    (study / "watched.py").write_text(WATCHED)
    environment = os.environ | {"TERM": "xterm", "COLUMNS": "150", "PYTHONPATH": str(ROOT)}
    subprocess.run(
        [sys.executable, study / "watched.py", study],
        cwd=ROOT, stderr=stderr, check=True, timeout=60, env=environment,
    )  # fmt: skip


def test_a_log_gets_plain_lines(tmp_path: Path) -> None:
    """Outlets done, pages and their pace, what waits, the time left, outcomes; no control characters."""
    log = tmp_path / "log"
    with LoopbackSite() as site, log.open("wb") as file:
        watched(tmp_path, site, file.fileno())
    lines = log.read_text(encoding="utf-8").splitlines()
    told = [LINE.match(line) for line in lines if line.isprintable()]
    figures = [(int(found[1]), int(found[2])) for found in told if found]
    assert len(figures) == len(lines)
    # Pages that come from the workers in one go share a line.
    assert figures == sorted(figures)
    assert {pages + waiting for pages, waiting in figures} == {8}
    assert "1 of 1 outlets, 8 pages" in lines[-1]
    assert "; 8 on_topic" in lines[-1]


def test_a_line_tells_pace_and_time_left(capsys: pytest.CaptureFixture[str]) -> None:
    """As long as pages wait, and some are done."""
    with crawl_progress(line_every=0) as on_progress:
        time.sleep(0.1)
        on_progress(progressed(one=(3, 300)))
    assert re.fullmatch(
        r"crawl: 0 of 1 outlets, 3 pages \(\d+\.\d/s\), 300 waiting, about \d+ s left; 3 off_topic\n",
        capsys.readouterr().err,
    )


def test_a_terminal_gets_a_bar(tmp_path: Path) -> None:
    """The same words stand beside a bar of the outlets."""
    with terminal() as (file, shown), LoopbackSite() as site:
        watched(tmp_path, site, file.fileno())
    assert "━" in shown[0]
    assert re.search(r"1/1 .*8 pages .* 0 waiting; .*8 on_topic", shown[0])


def test_the_bar_tells_the_time_left(monkeypatch: pytest.MonkeyPatch) -> None:
    """As long as pages wait, and some are done."""
    with terminal() as (file, shown):
        monkeypatch.setattr(sys, "stderr", file)
        with crawl_progress() as on_progress:
            time.sleep(0.1)
            on_progress(progressed(one=(3, 300)))
    assert re.search(
        r"0/1 .*3 pages \(\d+\.\d/s\), 300 waiting, about \d+ (s|min) left; 3 off_topic", shown[0]
    )


@contextmanager
def terminal() -> Iterator[tuple[TextIO, list[str]]]:
    """A terminal's file, and after the end what it showed, without control sequences."""
    ours, theirs = pty.openpty()
    written: list[bytes] = []
    shown: list[str] = []

    def read() -> None:
        try:
            while block := os.read(ours, 65536):
                written.append(block)
        except OSError:
            pass  # how a terminal ends on Linux

    reader = Thread(target=read)
    reader.start()
    with os.fdopen(theirs, "w", encoding="utf-8") as file:
        fcntl.ioctl(theirs, termios.TIOCSWINSZ, struct.pack("HHHH", 40, 150, 0, 0))
        yield file, shown
    reader.join()
    os.close(ours)
    shown.append(re.sub(r"\x1b\[[0-9;?]*[A-Za-z]", "", b"".join(written).decode("utf-8")))


def progressed(**pages: tuple[int, int]) -> Progress:
    """Outlet → pages done and waiting."""
    now = Progress(len(pages))
    for name, (done, waiting) in pages.items():
        now.waiting[name] = done + waiting
        for _ in range(done):
            now.settle(name, Outcome.OFF_TOPIC)
    return now


def test_the_slowest_outlet_decides_how_long_it_takes() -> None:
    """Worked out by hand, after 100 seconds."""
    # One took 10 s a page and has 5 left, the other 1 s a page and has 30 left.
    assert progressed(slow=(10, 5), quick=(100, 30)).seconds_left(100) == pytest.approx(50)
    # A third has given none: its 7 pages may take 10 s each.
    assert progressed(slow=(10, 5), quick=(100, 30), new=(0, 7)).seconds_left(100) == pytest.approx(70)
    assert progressed(slow=(10, 0)).seconds_left(100) == 0
    assert progressed(new=(0, 7)).seconds_left(100) is None


def test_pages_and_outcomes_are_counted() -> None:
    """What waits becomes what is done."""
    now = progressed(one=(3, 2), two=(1, 0))
    assert (now.pages, now.waiting.total(), now.outcomes) == (4, 2, {"off_topic": 4})


def test_a_short_crawl_writes_no_line(capsys: pytest.CaptureFixture[str]) -> None:
    """A log has a line every so many seconds, not one a page."""
    with crawl_progress() as on_progress:
        for _ in range(100):
            on_progress(progressed(one=(3, 2)))
    assert capsys.readouterr().err == ""
