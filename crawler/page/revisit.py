"""Says when a page is asked for again: soon after what may pass, by its age where it is an article."""

from datetime import datetime, timedelta

from gossi.crawler.outcomes import Outcome

_PATIENCE = 3
"""Failures after which a page is asked for once a week only: who refuses thrice means it."""

_WALL_PAUSE = timedelta(hours=1)
"""How long a page behind a wall is left alone: who asks again at once, as after a kill, meets it again."""


def retry_at(now: datetime, attempts: int, outcome: Outcome) -> datetime:
    """When to ask again after what may pass: the next run; after three attempts, a week later."""
    if attempts >= _PATIENCE:
        return now + timedelta(days=7)
    return now + _WALL_PAUSE if outcome.is_wall else now


def next_visit(published: datetime | None, now: datetime) -> datetime | None:
    """When to look whether an article was changed: soon while it is young, never after a month.

    Edits come early: most versions of a news article appear on its first day (NewsEdits, arXiv 2104.09647).
    """
    if published is None:
        return None
    age = now - published
    if age < timedelta(days=1):
        return now + timedelta(hours=3)
    if age < timedelta(days=7):
        return now + timedelta(days=1)
    if age < timedelta(days=31):
        return now + timedelta(days=7)
    return None
