"""Enters what came of a page into the ledger: the same for a page just fetched and for one taken up again."""

from datetime import datetime

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
    if outcome is Outcome.NOT_MODIFIED:
        ledger.frontier.unchanged(due, _next_attempt(ledger, result, outcome, now))
        ledger.attempt(outcome=outcome, detail=detail, **result.attempt)
        return outcome
    if result.page is not None:
        seen_at = result.seen_at or result.attempt["fetched_at"] or now
        outcome, detail = ledger.take_as(outcome, result.page, outlet_id, due.url, seen_at)
    next_attempt = _next_attempt(ledger, result, outcome, now)
    # Where no text was had, there is nothing that could be unchanged: the page is asked for whole again.
    is_held = result.page is not None and outcome not in judge.RETRIED
    ledger.attempt(outcome=outcome, detail=detail, **result.attempt)
    ledger.frontier.settle(
        due.url,
        outcome,
        detail,
        etag=result.etag if is_held else None,
        last_modified=result.last_modified if is_held else None,
        next_attempt=next_attempt,
    )
    ledger.flush_if_full()
    return outcome


def _next_attempt(ledger: Ledger, result: Result, outcome: Outcome, now: datetime) -> datetime | None:
    """When to ask again: soon after what may pass, and else by the age of the article, if one is known there.

    What one visit gives does not end an article's visits; the next one may give it again.
    """
    due, page = result.due, result.page
    retry = judge.retry_at(now, due.attempts + 1, outcome) if outcome in judge.RETRIED else None
    if result.seen_at:
        # What an archive has does not change; it may fail to answer, though, as any server.
        return None if page or outcome in {Outcome.BOT_WALL, Outcome.CONSENT_WALL} else retry
    known = ledger.article_at(due.url) if page is None and due.attempts and not due.archived else None
    if page is None and known is None and outcome is not Outcome.NOT_MODIFIED:
        return retry
    # The age of an article whose date is not known counts from when it was found.
    published = page.published if page else known.published if known else None
    visit = judge.next_visit(published or ledger.frontier.known_since(due.url), now)
    return min((moment for moment in (retry, visit) if moment), default=None)
