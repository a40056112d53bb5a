"""Enters what came of a page into the ledger: the same for a page just fetched and for one taken up again."""

from crawler.fetch import judge
from crawler.fetch.state import Result
from crawler.outcomes import Outcome
from crawler.store.ledger import Ledger
from crawler.store.store import utc_now
from crawler.study import Sources


def attributed(sources: Sources, asked_of: str, *urls: str | None) -> str:
    """The outlet that published what stands at the first of the URLs that has a listed outlet's host.

    A feed may name another outlet's page, and a page may redirect to one; else it is who was asked.
    """
    outlets = (sources.outlet_of(url) for url in urls if url)
    return next((outlet.id for outlet in outlets if outlet), asked_of)


def write_down(ledger: Ledger, result: Result, outlet_id: str) -> Outcome:
    """Enter what came of a page, its article of the outlet named; gives the outcome as entered."""
    outcome, detail, due, now = result.outcome, result.detail, result.due, utc_now()
    next_attempt = judge.retry_at(now, due.attempts + 1) if outcome in judge.RETRIED else None
    if outcome is Outcome.NOT_MODIFIED:
        known = ledger.article_at(due.url)
        since = (known.published if known else None) or ledger.frontier.known_since(due.url)
        ledger.frontier.unchanged(due, judge.next_visit(since, now))
        ledger.attempt(outcome=outcome, detail=detail, **result.attempt)
        return outcome
    etag, last_modified = result.etag, result.last_modified
    if outcome is Outcome.EXTRACTION_FAILED and result.page is None:
        # The machine may have been at fault, not the page: asked again, whole.
        etag, last_modified, next_attempt = None, None, judge.retry_at(now, due.attempts + 1)
    if result.page is not None:
        seen_at = result.seen_at or result.attempt["fetched_at"] or now
        outcome, detail = ledger.take_as(outcome, result.page, outlet_id, due.url, seen_at)
        # What an archive has does not change.
        if not result.seen_at:
            # The age of an article whose date is not known counts from when it was found.
            since = result.page.published or ledger.frontier.known_since(due.url)
            next_attempt = judge.next_visit(since, now)
    ledger.attempt(outcome=outcome, detail=detail, **result.attempt)
    ledger.frontier.settle(
        due.url,
        outcome,
        detail,
        etag=etag,
        last_modified=last_modified,
        next_attempt=next_attempt,
    )
    ledger.flush_if_full()
    return outcome
