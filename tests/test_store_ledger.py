"""What a ledger writes down is whole, whenever its run is stopped."""

from datetime import datetime
from pathlib import Path

import pytest

from crawler.errors import GossiError
from crawler.extraction.article import Extracted
from crawler.outcomes import Outcome
from crawler.store.ledger import Ledger
from crawler.store.scratch import Scratch
from crawler.store.store import STOPPED, Store
from crawler.study import StudyFolder

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
