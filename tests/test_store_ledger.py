"""What a ledger writes down is whole, whenever its run is stopped.

Also tests crawler/store/store.py.
"""

from datetime import datetime
from pathlib import Path

import duckdb
import pytest

from gossi.crawler.errors import GossiError, StoreError
from gossi.crawler.extraction.article import Extracted
from gossi.crawler.outcomes import Outcome
from gossi.crawler.store.ledger import Ledger
from gossi.crawler.store.store import SCHEMA_VERSION, STOPPED, Store
from gossi.crawler.store.temporary import Scratch
from gossi.crawler.study.sources import StudyFolder

SEEN = datetime(2022, 4, 25, 8)


def take(ledger: Ledger, name: str) -> None:
    """Take in an article and note the attempt, as a crawl and an import do."""
    url = f"https://gazette.example/{name}"
    page = Extracted(url, url, f"Report {name}", f"It rained on {name}.", "en", observability="full")
    outcome, detail = ledger.take(page, "gazette", url, SEEN)
    ledger.attempt(outlet_id="gazette", kind="page", url=url, outcome=outcome, detail=detail)


def test_an_article_whose_attempt_was_not_noted_is_given_up(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The temporary folder is full in the midst of an article; the next run takes it in as a new one."""

    def full(*_: object) -> None:
        raise GossiError("full")

    with Store(StudyFolder(tmp_path)) as store:
        ledger = Ledger(store, 1)
        take(ledger, "a")
        with monkeypatch.context() as patch:
            patch.setattr(Scratch, "put", full)
            with pytest.raises(GossiError, match="full"):
                take(ledger, "b")
        ledger.end("failed", STOPPED)
        again = Ledger(store, 2)
        take(again, "c")
        take(again, "b")
        again.end("ok", "")
        rows = store.con.execute(
            "SELECT canonical_url, attempt.url, outcome FROM version JOIN article USING (article_id) "
            "LEFT JOIN attempt USING (attempt_id) ORDER BY attempt_id"
        ).fetchall()
    addresses = [f"https://gazette.example/{name}" for name in "acb"]
    assert rows == [(address, address, Outcome.ON_TOPIC) for address in addresses]


def test_a_crawl_may_hold_of_the_database_what_it_needs(tmp_path: Path) -> None:
    """Not an import's bound: a listing of a million pages is entered and put off in one statement each."""
    with Store(StudyFolder(tmp_path)) as store:
        before = store.con.execute("SELECT current_setting('memory_limit')").fetchone()
        ledger = Ledger(store, 1)
        assert store.con.execute("SELECT current_setting('memory_limit')").fetchone() == before
        ledger.end("ok", "")


@pytest.mark.parametrize(
    ("change", "version"),
    [("DROP TABLE store_schema", "1"), ("UPDATE store_schema SET version = 99", "99")],
)
def test_a_store_of_another_version_is_refused_with_what_to_do(
    tmp_path: Path, change: str, version: str
) -> None:
    """Nothing in it is touched; made anew from what was captured, it is this program's."""
    folder = StudyFolder(tmp_path)
    with Store(folder):
        pass
    with duckdb.connect(folder.store_file) as con:
        con.execute(change)
    before = folder.store_file.read_bytes()
    with pytest.raises(StoreError) as told:
        Store(folder)
    assert (
        f"a store of version {version}, and this program's is {SCHEMA_VERSION}; gossi rebuild makes it anew"
        in str(told.value)
    )
    assert folder.store_file.read_bytes() == before
    folder.store_file.unlink()
    with Store(folder) as store:
        assert store.con.execute("FROM store_schema").fetchall() == [(SCHEMA_VERSION,)]


def test_a_run_that_ended_before_its_work_is_taken_up_once(tmp_path: Path) -> None:
    """One that was stopped or that a crash left open, and none that ended of itself, failed or not."""
    with Store(StudyFolder(tmp_path)) as store:
        for status, stopped in (("ok", False), ("failed", False), ("interrupted", True), ("failed", True)):
            store.end_run(store.start_run("crawl", ""), status, stopped=stopped)
        crashed = store.start_run("crawl", "")
        now = store.start_run("crawl", "")
        assert store.died() == [3, 4, crashed]
        store.taken_up(3, by=now)
        assert store.died() == [4, crashed]
        told = store.con.execute("SELECT status, stopped, taken_up_by FROM run ORDER BY run_id").fetchall()
    assert told == [
        ("ok", False, None), ("failed", False, None), ("interrupted", True, now), ("failed", True, None),
        ("interrupted", True, None), ("running", False, None),
    ]  # fmt: skip
