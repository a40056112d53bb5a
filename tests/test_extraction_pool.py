"""The worker pool: pages that hang, kill or crash their worker cost themselves and nothing else.

Also tests crawler/extraction/preload.py.
"""

import asyncio
import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest
from pebble import ProcessPool

from gossi.crawler.errors import GossiError
from gossi.crawler.extraction.pool import ExtractionPool
from tests.news_pages import PARAGRAPHS, NewsPage
from tests.pool_deadly import never
from tests.pool_functions import misbehave
from tests.warm import ROOT

URL = "https://courier.example/"
IMPORTING = os.environ | {"PYTHONPATH": str(ROOT)}
"""For processes whose workers are to find the functions of the tests."""


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
        for pid in _workers(os.getpid()):
            os.kill(pid, signal.SIGKILL)
        time.sleep(0.5)
        after = [pool.submit(b"after", URL) for _ in range(4)]
        assert [future.result(timeout=60).text for future in after] == ["after"] * 4


def test_a_fork_server_that_is_killed_is_replaced() -> None:
    """The system may end it as well as them."""
    with ExtractionPool(2, extract=misbehave) as pool:
        assert pool.submit(b"before", URL).result(timeout=60).text == "before"
        (server,) = _fork_server(os.getpid())
        workers = _workers(os.getpid())
        os.kill(server, signal.SIGKILL)
        time.sleep(0.5)
        after = [pool.submit(b"after", URL) for _ in range(4)]
        assert [future.result(timeout=60).text for future in after] == ["after"] * 4
    deadline = time.monotonic() + 10
    while any(_alive(pid) for pid in workers) and time.monotonic() < deadline:
        time.sleep(0.1)
    assert not any(_alive(pid) for pid in workers)


def test_pages_that_are_lost_with_the_workers_are_sent_again(monkeypatch: pytest.MonkeyPatch) -> None:
    """Workers may be lost in the instant in which they are handed the only pages."""
    check = ProcessPool._check_pool_status
    lost: list[int] = []

    def check_and_lose(pool: ProcessPool) -> None:
        check(pool)  # type: ignore[no-untyped-call]
        if not lost:
            lost.extend(_workers(os.getpid()))
            for pid in lost:
                os.kill(pid, signal.SIGKILL)
            deadline = time.monotonic() + 30
            while pool.active and time.monotonic() < deadline:
                time.sleep(0.01)

    monkeypatch.setattr(ProcessPool, "_check_pool_status", check_and_lose)
    with ExtractionPool(2, extract=misbehave) as pool:
        futures = [pool.submit(body, URL) for body in (b"a", b"b")]
        assert [future.result(timeout=60).text for future in futures] == ["a", "b"]
    assert lost


def test_where_no_worker_can_live_it_says_so() -> None:
    """A pool whose workers die at their first page gives results and an error, and does not try for ever."""

    def submit_many() -> None:
        for _ in range(20):
            assert pool.submit(b"x", URL).result(timeout=60).observability == "extraction_failed"

    with ExtractionPool(1, extract=never) as pool, pytest.raises(GossiError, match="memory"):
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
        "import time\nfrom gossi.crawler.extraction.pool import ExtractionPool\n"
        "from tests.pool_functions import misbehave\npool = ExtractionPool(2, extract=misbehave)\n"
        "print(pool.submit(b'up', '').result().text, flush=True)\n"
        "time.sleep(60)\n"
    )
    with subprocess.Popen([sys.executable, "-c", code], stdout=subprocess.PIPE, env=IMPORTING) as crawl:
        assert crawl.stdout is not None
        assert crawl.stdout.readline() == b"up\n"
        behind = [*_workers(crawl.pid), *_fork_server(crawl.pid)]
        assert len(behind) == 3
        crawl.kill()
    deadline = time.monotonic() + 10
    while any(_alive(pid) for pid in behind) and time.monotonic() < deadline:
        time.sleep(0.1)
    assert not any(_alive(pid) for pid in behind)


def test_ctrl_c_leaves_the_fork_server_alone_from_its_first_instant() -> None:
    """A terminal sends it to all processes: one that only begins writes no traceback and is not lost."""
    code = (
        "from gossi.crawler.extraction.pool import ExtractionPool\n"
        "from tests.pool_functions import misbehave\n"
        "with ExtractionPool(1, extract=misbehave) as pool:\n"
        "    print(pool.submit(b'up', '').result().text, flush=True)\n    input()\n"
    )
    with subprocess.Popen(
        [sys.executable, "-c", code],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
        env=IMPORTING,
    ) as crawl:
        deadline = time.monotonic() + 30
        while not (begun := _fork_server(crawl.pid)) and time.monotonic() < deadline:
            time.sleep(0.001)
        os.kill(begun[0], signal.SIGINT)
        assert crawl.stdout is not None
        assert crawl.stdout.readline() == "up\n"
        assert _fork_server(crawl.pid) == begun
        assert crawl.communicate("\n", timeout=60) == ("", "")


def test_what_the_machine_has_no_room_for_is_told() -> None:
    """Where no process can be started, pages at hand and later ones are an error, and none is blamed."""
    code = (
        "import resource\nfrom gossi.crawler.errors import GossiError\n"
        "from gossi.crawler.extraction.pool import ExtractionPool\n"
        "with ExtractionPool(1) as pool:\n"
        # Files, not processes: root may start as many as it likes.
        "    resource.setrlimit(resource.RLIMIT_NOFILE, (8, 8))\n"
        "    for _ in range(2):\n"
        "        try:\n            pool.submit(b'<p>x</p>', '').result(30)\n"
        "        except GossiError as error:\n            print(error)\n"
    )
    done = subprocess.run(
        [sys.executable, "-c", code], env=IMPORTING, capture_output=True, text=True, timeout=60, check=False
    )
    told = "no extraction worker can be started; is there memory and room for processes?"
    assert done.stdout.splitlines() == [told, told]
    assert done.stderr == ""


def test_the_current_folder_lends_the_parsers_no_modules(tmp_path: Path) -> None:
    """Somebody's own calendar.py in a study is not taken for Python's."""
    code = (
        "from gossi.crawler.extraction.pool import ExtractionPool\nfrom tests.news_pages import NewsPage\n"
        "if __name__ == '__main__':\n"
        "    with ExtractionPool(1) as pool:\n"
        "        print(pool.submit(NewsPage(headline='Graves found').html(), '').result().headline)\n"
    )
    script, study = tmp_path / "script.py", tmp_path / "study"
    script.write_text(code)
    study.mkdir()
    for name in ("calendar", "random", "lxml"):
        (study / f"{name}.py").write_text("print('imported', __name__)\n")
    done = subprocess.run(
        [sys.executable, script],
        cwd=study,
        env=IMPORTING,
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )
    assert (done.stdout, done.stderr) == ("Graves found\n", "")


def test_a_temporary_folder_with_a_long_name_will_do(tmp_path: Path) -> None:
    """Where a socket cannot be made in it, workers are started without one."""
    folder = tmp_path / ("long" * 30)
    folder.mkdir()
    code = (
        "from gossi.crawler.extraction.pool import ExtractionPool\n"
        "from tests.pool_functions import misbehave\n"
        "with ExtractionPool(2, extract=misbehave) as pool:\n"
        "    print(*[pool.submit(body, '').result().text for body in (b'a', b'die', b'b')])\n"
    )
    done = subprocess.run(
        [sys.executable, "-c", code],
        env=IMPORTING | {"TMPDIR": str(folder)},
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )
    assert (done.stdout, done.stderr) == ("a  b\n", "")
    assert not list(folder.iterdir())


def test_pages_that_need_no_worker_start_none() -> None:
    """A crawl that meets nothing on topic does not wait for parsers to load."""
    with ExtractionPool(2):
        assert not _workers(os.getpid())


def _workers(pid: int) -> list[int]:
    return [worker for server in _fork_server(pid) for worker in _children(server)]


def _fork_server(pid: int) -> list[int]:
    """The process that a process has its workers forked from, if it has begun one."""
    return [child for child in _children(pid) if b"forkserver" in Path(f"/proc/{child}/cmdline").read_bytes()]


def _children(pid: int) -> list[int]:
    threads = Path(f"/proc/{pid}/task").iterdir()
    return [int(child) for thread in threads for child in (thread / "children").read_text().split()]


def _alive(pid: int) -> bool:
    try:
        state = Path(f"/proc/{pid}/stat").read_text(encoding="ascii").rpartition(")")[2].split()[0]
    except OSError:
        return False
    return state != "Z"
