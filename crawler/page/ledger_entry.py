"""Enters what came of a page into the ledger: the same for a page just fetched and for one taken up again."""

from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from gossi.crawler.capture.captured import Page
from gossi.crawler.discovery.archived import via
from gossi.crawler.extraction.article import Extracted
from gossi.crawler.outcomes import Outcome
from gossi.crawler.page.revisit import next_visit, retry_at
from gossi.crawler.page.verdict import Case, Verdict
from gossi.crawler.store.frontier import Due
from gossi.crawler.store.ledger import Ledger
from gossi.crawler.store.store import utc_now
from gossi.crawler.study.sources import Sources


@dataclass(frozen=True)
class Result:
    """What came of a page: the row of its attempt, and the article if it is one.

    `seen_at` is when an archive saw the page, UTC without a zone; None for one that came from its own server.
    """

    due: Due
    outcome: Outcome
    detail: str
    attempt: dict[str, Any]
    etag: str | None = None
    last_modified: str | None = None
    page: Extracted | None = None
    seen_at: datetime | None = None
    out_of_window_on: date | None = None

    @classmethod
    def of(cls, due: Due, case: Case, verdict: Verdict, attempt: dict[str, Any]) -> "Result":
        """What a verdict says of a page that was due."""
        page = case.page
        return cls(
            due, verdict.outcome, verdict.detail, attempt, page.etag, page.last_modified, verdict.article,
            case.seen_at, verdict.out_of_window_on,
        )  # fmt: skip


def captured_row(sources: Sources, page: Page, asked: str, kind: str, outlet_id: str) -> dict[str, Any]:
    """The row of an attempt, but for what came of it, as a capture tells of it."""
    return {
        "outlet_id": outlet_id,
        "kind": kind,
        "url": asked,
        "final_url": page.url,
        "http_status": page.status,
        "fetched_at": page.fetched_at,
        "via": via(sources.study, page.url),
        "warc_file": page.warc_file,
        "warc_offset": page.offset,
        "digest": page.digest,
    }


def attributed(sources: Sources, asked_of: str, *urls: str | None) -> str:
    """The outlet that published what stands at the first of the URLs that has a listed outlet's host.

    A feed may name another outlet's page, and a page may redirect to one; else it is who was asked.
    """
    outlets = (sources.outlet_of(url) for url in urls if url)
    return next((outlet.id for outlet in outlets if outlet), asked_of)


def write_down(ledger: Ledger, result: Result, outlet_id: str) -> Outcome:
    """Enter what came of a page, its article of the outlet named; gives the outcome as entered."""
    outcome, detail, due, now = result.outcome, result.detail, result.due, utc_now()
    if outcome is Outcome.NOT_MODIFIED:
        ledger.frontier.unchanged(due, _next_attempt(ledger, result, outcome, now))
        ledger.attempt(outcome=outcome, detail=detail, **result.attempt)
        return outcome
    if result.page is not None:
        seen_at = result.seen_at or result.attempt["fetched_at"] or now
        outcome, detail = ledger.take_as(outcome, result.page, outlet_id, due.url, seen_at)
    next_attempt = _next_attempt(ledger, result, outcome, now)
    # Where no text was had, there is nothing that could be unchanged: the page is asked for whole again.
    is_held = result.page is not None and not outcome.may_pass
    ledger.attempt(outcome=outcome, detail=detail, **result.attempt)
    ledger.frontier.settle(
        due.url,
        outcome,
        detail,
        etag=result.etag if is_held else None,
        last_modified=result.last_modified if is_held else None,
        next_attempt=next_attempt,
        out_of_window_on=result.out_of_window_on,
    )
    ledger.flush_if_full()
    return outcome


def _next_attempt(ledger: Ledger, result: Result, outcome: Outcome, now: datetime) -> datetime | None:
    """When to ask again: soon after what may pass, and else by the age of the article, if one is known there.

    What one visit gives does not end an article's visits; the next one may give it again.
    """
    due, page = result.due, result.page
    retry = retry_at(now, due.attempts + 1, outcome) if outcome.may_pass else None
    if result.seen_at:
        # What an archive has does not change; it may fail to answer, though, as any server.
        return None if page or outcome.is_wall else retry
    known = ledger.article_at(due.url) if page is None and due.attempts and not due.archived else None
    if page is None and known is None and outcome is not Outcome.NOT_MODIFIED:
        return retry
    # The age of an article whose date is not known counts from when it was found.
    published = page.published if page else known.published if known else None
    visit = next_visit(published or ledger.frontier.known_since(due.url), now)
    return min((moment for moment in (retry, visit) if moment), default=None)
