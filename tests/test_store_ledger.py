"""What a ledger writes down is whole, whenever its run is stopped."""

from datetime import date, datetime
from pathlib import Path

import pytest

from crawler.discovery.candidate import Candidate
from crawler.errors import GossiError
from crawler.extraction.article import Extracted
from crawler.outcomes import Outcome
from crawler.store.ledger import Ledger
from crawler.store.scratch import Scratch
from crawler.store.store import STOPPED, Store
from crawler.study import StudyFolder, Window

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


def test_a_listing_may_name_more_than_an_import_may_hold(tmp_path: Path) -> None:
    """200 MB of addresses are entered, and all but one put off till the next run."""
    window = Window(first=date(2022, 1, 1), last=date(2022, 12, 31))
    home = "https://gazette.example/" + "a-long-way-round/" * 600
    with Store(StudyFolder(tmp_path)) as store:
        ledger = Ledger(store, 1)
        found = [Candidate(f"{home}{n}", "gazette", "sitemap", "sitemap.xml") for n in range(20_000)]
        assert ledger.offer(found, window) == 20_000
        assert len(ledger.frontier.due("gazette", 1, window)) == 1
        ledger.end("ok", "")
        rows = store.con.execute("SELECT outcome, count(*) FROM candidate GROUP BY ALL ORDER BY 1").fetchall()
    assert rows == [("limit", 19_999), ("waiting", 1)]
