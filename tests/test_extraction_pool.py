"""The worker pool: pages that hang, kill or crash their worker cost themselves and nothing else."""

import asyncio
import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest

from crawler.errors import GossiError
from crawler.extraction.pool import ExtractionPool
from tests.news_pages import PARAGRAPHS, NewsPage
from tests.pool_functions import misbehave

URL = "https://courier.example/"


def test_pages_are_extracted_as_without_the_pool() -> None:
    """The pool's workers do what `extract` does, and each future gets its own page."""
    with ExtractionPool(2) as pool:
        futures = [
            pool.submit(NewsPage(headline=f"Report number {number} on the graves").html(), f"{URL}{number}")
            for number in range(20)
        ]
        found = [future.result(timeout=60) for future in futures]
    assert [page.url for page in found] == [f"{URL}{number}" for number in range(20)]
    assert [page.headline for page in found] == [
        f"Report number {number} on the graves" for number in range(20)
    ]
    assert all(page.text.split("\n") == list(PARAGRAPHS) for page in found)


def test_a_bad_page_costs_itself_only() -> None:
    """Busy loops, sleeps, exits, segmentation faults and errors between good pages."""
    bodies = [b"a", b"hang", b"b", b"die", b"c", b"crash", b"d", b"raise", b"e", b"sleep", b"f"]
    begin = time.monotonic()
    with ExtractionPool(2, timeout=1, extract=misbehave) as pool:
        found = [
            future.result(timeout=60) for future in [pool.submit(body, f"{URL}{body!r}") for body in bodies]
        ]
    assert "".join(page.text for page in found) == "abcdef"
    bad = {body: page.detail for body, page in zip(bodies, found, strict=True) if not page.text}
    assert "more than 1 s" in bad[b"hang"]
    assert "more than 1 s" in bad[b"sleep"]
    assert "exit code 3" in bad[b"die"]
    assert "exit code -11" in bad[b"crash"]
    assert "as asked" in bad[b"raise"]
    assert all(page.observability == "extraction_failed" for page in found if not page.text)
    assert time.monotonic() - begin < 20


def test_workers_killed_while_idle_are_replaced() -> None:
    """The system may end idle workers for their memory: the next page finds new ones."""
    with ExtractionPool(2, extract=misbehave) as pool:
        assert pool.submit(b"before", URL).result(timeout=60).text == "before"
        for pid in _children():
            os.kill(pid, signal.SIGKILL)
        time.sleep(0.5)
        after = [pool.submit(b"after", URL) for _ in range(4)]
        assert [future.result(timeout=60).text for future in after] == ["after"] * 4


def test_where_no_worker_can_live_it_says_so(monkeypatch: pytest.MonkeyPatch) -> None:
    """A pool whose workers die at birth gives results and an error, and does not try for ever."""
    monkeypatch.setenv("GOSSI_TEST_NO_WORKER_LIVES", "1")

    def submit_many() -> None:
        for _ in range(20):
            assert pool.submit(b"x", URL).result(timeout=60).observability == "extraction_failed"

    with ExtractionPool(1, extract=misbehave) as pool, pytest.raises(GossiError, match="memory"):
        submit_many()


def test_futures_can_be_awaited() -> None:
    """The crawl awaits its pages in an event loop."""

    async def two() -> list[str]:
        pages = [asyncio.wrap_future(pool.submit(body, URL)) for body in (b"a", b"die")]
        return [page.text for page in await asyncio.gather(*pages)]

    with ExtractionPool(1, extract=misbehave) as pool:
        assert asyncio.run(two()) == ["a", ""]


def test_leaving_with_an_error_waits_for_no_page() -> None:
    """An interrupted crawl does not sit out what its workers are doing."""
    begin = time.monotonic()
    pool = ExtractionPool(1, timeout=60, extract=misbehave)
    future = pool.submit(b"sleep", URL)

    def interrupted() -> None:
        with pool:
            time.sleep(0.5)
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        interrupted()
    assert future.result(timeout=1).observability == "extraction_failed"
    assert time.monotonic() - begin < 15


def test_workers_do_not_outlive_a_killed_crawl() -> None:
    """After `kill -9` of the process that started them, no worker stays behind."""
    code = (
        "import time\nfrom crawler.extraction.pool import ExtractionPool\n"
        "from tests.pool_functions import misbehave\npool = ExtractionPool(2, extract=misbehave)\n"
        "print(pool.submit(b'up', '').result().text, flush=True)\n"
        "time.sleep(60)\n"
    )
    root = Path(__file__).parents[1]
    with subprocess.Popen([sys.executable, "-c", code], stdout=subprocess.PIPE, cwd=root) as crawl:
        assert crawl.stdout is not None
        assert crawl.stdout.readline() == b"up\n"
        workers = _children(crawl.pid)
        assert len(workers) >= 2
        crawl.kill()
    deadline = time.monotonic() + 10
    while any(_alive(pid) for pid in workers) and time.monotonic() < deadline:
        time.sleep(0.1)
    assert not any(_alive(pid) for pid in workers)


def _children(pid: int | None = None) -> list[int]:
    """Processes that a process started, its resource tracker left out."""
    task = Path(f"/proc/{pid or os.getpid()}/task")
    found = [int(child) for thread in task.iterdir() for child in (thread / "children").read_text().split()]
    return [child for child in found if b"spawn_main" in Path(f"/proc/{child}/cmdline").read_bytes()]


def _alive(pid: int) -> bool:
    try:
        state = Path(f"/proc/{pid}/stat").read_text(encoding="ascii").rpartition(")")[2].split()[0]
    except OSError:
        return False
    return state != "Z"
