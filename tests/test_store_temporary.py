"""What a run remembers lies in a temporary file, not in memory.

Also tests crawler/store/known_articles.py.
"""

import os
import resource
import subprocess
import sys
import tracemalloc
from datetime import datetime
from pathlib import Path

import pytest

from gossi.crawler.extraction.article import Extracted
from gossi.crawler.store.known_articles import Known, KnownTexts, article_id_of
from gossi.crawler.store.store import Store
from gossi.crawler.store.temporary import Scratch
from gossi.crawler.study.sources import StudyFolder
from tests.lexicons import write_sources
from tests.loopback import sources
from tests.warm import ROOT

SEEN = datetime(2022, 4, 25, 8)


@pytest.fixture
def store(tmp_path: Path) -> Store:
    """An empty store."""
    write_sources(tmp_path, sources(""))
    return Store(StudyFolder(tmp_path))


def remember(texts: KnownTexts, number: int) -> None:
    """Remember an article as the ledger does."""
    url = f"https://gazette.example/{number}"
    page = Extracted(url, url, f"Report {number}", "It rained.", "en", observability="full")
    known = Known(
        article_id_of(url), url, 1, f"{number:064x}", url, url, SEEN, "full", 2, frozenset({f"{number:064x}"})
    )
    texts.add("gazette", known, page)
    texts.led("gazette", url, known, names=(url,))


def test_what_was_put_is_found() -> None:
    """Rows come back as they went in, and one that is not there is None."""
    scratch = Scratch()
    scratch.put("INSERT INTO owner VALUES (?, ?)", [("a", "gazette"), ("b", "courier")])
    assert scratch.row("SELECT * FROM owner WHERE article_id = ?", "b") == ("b", "courier")
    assert scratch.row("SELECT * FROM owner WHERE article_id = ?", "c") is None
    assert list(scratch.rows("SELECT * FROM owner ORDER BY 1")) == [("a", "gazette"), ("b", "courier")]


FULL = """
from gossi.crawler.errors import GossiError
from gossi.crawler.store.temporary import Scratch
scratch = Scratch()
try:
    for n in range(100_000):
        scratch.put("INSERT INTO owner VALUES (?, ?)", [(f"{n:01000d}", "gazette")])
except GossiError as error:
    print(error.exit_code, n, error)
"""


def test_a_full_temporary_folder_is_told(tmp_path: Path) -> None:
    """No file may grow beyond 20 MB here: some was put by then, and the message says what to do."""
    done = subprocess.run(
        [sys.executable, "-c", FULL], cwd=ROOT, check=True, capture_output=True, text=True,
        env=os.environ | {"TMPDIR": str(tmp_path)},
        preexec_fn=lambda: resource.setrlimit(resource.RLIMIT_FSIZE, (20_000_000, 20_000_000)),
    )  # fmt: skip
    code, number, message = done.stdout.split(" ", 2)
    assert (code, 5000 < int(number) < 20_000) == ("2", True)
    assert "TMPDIR" in message
    assert list(tmp_path.iterdir()) == []


def test_articles_remembered_fill_no_memory(store: Store) -> None:
    """Ten thousand more of them leave nothing behind in Python's memory."""
    texts = KnownTexts(store.con)
    remember(texts, 0)
    texts.written()
    tracemalloc.start()
    before, _ = tracemalloc.get_traced_memory()
    for number in range(1, 10_000):
        remember(texts, number)
        if number % 100 == 0:
            texts.written()
    texts.written()
    after, _ = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    assert after - before < 200_000
    known = texts.at("gazette", "https://gazette.example/9999")
    assert known is not None
    assert (known.digest, known.seen_at, known.earlier) == (f"{9999:064x}", SEEN, {f"{9999:064x}"})


def test_an_import_bounds_what_the_database_holds(store: Store) -> None:
    """256 MB beside what the store has on disk, which is next to nothing here."""
    store.bound_memory()
    row = store.con.execute("SELECT current_setting('memory_limit')").fetchone()
    assert row is not None
    number, unit = row[0].split()
    assert unit == "MiB"
    assert 240 < float(number) < 260
