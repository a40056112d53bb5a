"""The frontier: every URL that any way of discovery named, and what has come of it so far."""

from collections.abc import Callable, Iterable, Sequence
from datetime import datetime, timedelta
from typing import NamedTuple

from crawler.characters import whole
from crawler.discovery.candidate import Candidate, Hint, clean_url, is_web_address
from crawler.outcomes import Outcome
from crawler.store.store import Store, utc_now
from crawler.study import Outlet, Window

# etag, last_modified, attempts and next_attempt of a candidate nobody has asked for yet.
_UNTRIED = (None, None, 0, None)
# The columns of a candidate that make a Due, in its order.
DUE_COLUMNS = (
    "url, outlet_id, hint_published, coalesce(hint_precision, 'unknown'), found_by, etag, last_modified, "
    "attempts, archived"
)
# A listing's date decides before its page is asked for, but not to the day: zones differ by up to 14 hours.
_SLACK = timedelta(days=1)


class Due(NamedTuple):
    """A candidate that is to be asked now."""

    url: str
    outlet_id: str
    hint_published: datetime | None
    hint_precision: str
    found_by: str
    etag: str | None
    last_modified: str | None
    attempts: int
    archived: str | None = None


class Frontier:
    """The candidates of a store. What `settle` is told is held until `write`."""

    def __init__(self, store: Store, run_id: int) -> None:
        self._store = store
        self._con = store.con
        self._run_id = run_id
        self._settled: list[tuple[str, str, str, str | None, str | None, datetime | None, bool]] = []

    def enter(self, candidates: Sequence[Candidate], window: Window) -> int:
        """Enter candidates that are not known yet; gives how many there were.

        One that its listing dates outside the window is entered as such, and never asked for.
        """
        rows = [
            (c.url, c.outlet_id, c.found_by, c.found_in, self._run_id, c.published, c.precision,
             *_first_outcome(c, window), *_UNTRIED, c.archived)
            for c in candidates
        ]  # fmt: skip
        before = self._store.count("candidate")
        self._store.append("candidate", rows, conflict="OR IGNORE")
        return self._store.count("candidate") - before

    def redate(self, candidates: Sequence[Candidate], window: Window) -> list[str]:
        """Note where a listing gives a known candidate a date, or an earlier one; gives their URLs.

        One that was out of the window by what was known before, and now may lie in it, waits to be asked.
        """
        dated = [
            (c.url, c.published, c.precision, c.found_by, c.found_in,
             _first_outcome(c, window)[0] == Outcome.WAITING)
            for c in candidates
            if c.published
        ]  # fmt: skip
        if not dated:
            return []
        rows = self._con.execute(_REDATE, [list(column) for column in zip(*dated, strict=True)]).fetchall()
        return [url for (url,) in rows]

    def known_since(self, url: str) -> datetime | None:
        """When the run began that found a candidate."""
        row = self._con.execute(
            "SELECT started_at FROM candidate JOIN run ON run_id = first_run WHERE url = ?", [url]
        ).fetchone()
        return row[0] if row else None

    def known(self, urls: Sequence[str]) -> int:
        """How many of the URLs are candidates already."""
        row = self._con.execute(
            "SELECT count(*) FROM candidate WHERE url IN (SELECT unnest(?::VARCHAR[]))", [list(urls)]
        ).fetchone()
        return row[0] if row else 0

    def adopt(self, outlet_of: Callable[[str], Outlet | None]) -> None:
        """Let candidates wait whose outlet was not in sources.toml when they were found, and is now."""
        rows = self._con.execute("SELECT url FROM candidate WHERE outcome = 'unlisted'").fetchall()
        for (url,) in rows:
            if outlet := outlet_of(url):
                self._con.execute(
                    "UPDATE candidate SET outlet_id = ?, outcome = 'waiting', detail = '' WHERE url = ?",
                    [outlet.id, url],
                )

    def reconsider(self, terms: Iterable[str]) -> int:
        """Let pages that were off topic be asked once more where the topic has new terms; gives how many."""
        now = set(terms)
        rows = self._con.execute("SELECT term FROM topic_term").fetchall()
        before = {term for (term,) in rows}
        self._con.execute("DELETE FROM topic_term WHERE term NOT IN (SELECT unnest(?))", [list(now)])
        self._store.append("topic_term", [(term,) for term in now - before])
        if not before or now <= before:
            return 0
        again = self._con.execute(
            "UPDATE candidate SET next_attempt = ? WHERE outcome = 'off_topic' RETURNING url", [utc_now()]
        ).fetchall()
        return len(again)

    def due(self, outlet_id: str, limit: int, window: Window, *, new_only: bool = False) -> list[Due]:
        """The candidates of an outlet to be asked now, in a stable order: at most `limit`.

        With `new_only` those that nobody asked for yet.

        Those beyond the limit are marked so, and come first in the next run. One that was out of the window
        comes again when the window was widened to its day.
        """
        values = {
            "outlet": outlet_id,
            "now": utc_now(),
            "first": window.first,
            "last": window.last,
            "new_only": new_only,
            "limit": limit,
        }
        rows = self._con.execute(f"SELECT {DUE_COLUMNS} {_WHAT_IS_DUE} LIMIT $limit", values).fetchall()
        if len(rows) == limit:
            # Where they are: an archive may have left millions of them.
            self._con.execute(_LEAVE, values)
        # The plainest URL of an article first: its twins with a session or a campaign are longer.
        return sorted((Due(*row) for row in rows), key=lambda due: (len(due.url), due.url))

    def settle(  # noqa: PLR0913 - what is known of a candidate afterwards
        self,
        url: str,
        outcome: Outcome,
        detail: str = "",
        *,
        etag: str | None = None,
        last_modified: str | None = None,
        next_attempt: datetime | None = None,
        asked: bool = True,
    ) -> None:
        """Note what has come of a candidate, and when it is due again (None: never)."""
        self._settled.append((url, outcome.value, detail, etag, last_modified, next_attempt, asked))

    def unchanged(self, due: Due, next_attempt: datetime | None) -> None:
        """Note that a page is still what it was; its outcome and validators stand."""
        self._con.execute(
            "UPDATE candidate SET attempts = attempts + 1, next_attempt = ? WHERE url = ?",
            [next_attempt, due.url],
        )

    def lost(self, outlet_id: str, limit: int, *, host_silent: bool, asked_before: datetime) -> list[Due]:
        """Pages of an outlet that are gone and that no archive was asked for lately: the known ones first.

        Those that were never asked for come before all others. Where the host does not answer at all, its
        unanswered pages count as gone too. So does a page that an archive named and did not have. A known
        article that is gone is looked for when it is visited no more: till then its page may come back.
        """
        gone = [Outcome.GONE, Outcome.SOFT_404, Outcome.REDIRECT_HOME]
        if host_silent:
            gone += [Outcome.UNREACHABLE, Outcome.TIMEOUT]
        rows = self._con.execute(
            f"""
            SELECT {DUE_COLUMNS}
            FROM candidate LEFT JOIN (
                SELECT url, max(fetched_at) AS asked_at FROM attempt
                WHERE kind = 'wayback' AND outcome = 'listing' GROUP BY url
            ) AS asked USING (url)
            WHERE outlet_id = $outlet AND (archived IS NULL OR outcome = 'gone')
              AND outcome IN (SELECT unnest($gone))
              AND (next_attempt IS NULL OR outcome IN ('unreachable', 'timeout'))
              AND (asked_at IS NULL OR asked_at < $asked_before)
            ORDER BY asked_at IS NOT NULL, found_by <> 'pages', asked_at, url LIMIT $limit
            """,  # noqa: S608 - column names of our own
            {
                "outlet": outlet_id,
                "gone": [str(each) for each in gone],
                "asked_before": asked_before,
                "limit": limit,
            },
        ).fetchall()
        return [Due(*row) for row in rows]

    def archived(self, url: str, address: str) -> None:
        """Note where an archive has a copy of a page; it waits to be fetched from there."""
        self._con.execute(
            "UPDATE candidate SET archived = ?, outcome = 'waiting', detail = '' WHERE url = ?",
            [whole(address), url],
        )

    def hint(self, due: Due, final_url: str) -> Hint:
        """What a listing says of a page's date.

        Where the URL asked led to another, what a listing says of that other one is the nearer word.
        """
        stated = self.stated(clean_url(final_url)) if final_url != due.url else None
        if stated is not None:
            return Hint.of(stated.published, stated.precision, stated.found_by)
        return Hint.of(due.hint_published, due.hint_precision, due.found_by)

    def stated(self, url: str) -> Candidate | None:
        """The candidate for a URL, if a listing has dated it."""
        row = self._con.execute(
            "SELECT url, outlet_id, found_by, found_in, hint_published, hint_precision FROM candidate "
            "WHERE url = ? AND hint_published IS NOT NULL",
            [url],
        ).fetchone()
        return Candidate(*row) if row else None

    def write(self) -> None:
        """Write what has come of candidates."""
        if self._settled:
            # The last word on a URL counts; an UPDATE would take any one of several.
            rows = list({row[0]: row for row in self._settled}.values())
            self._con.execute(_SETTLE, [list(column) for column in zip(*rows, strict=True)])
            self._settled.clear()


_SETTLE = """
    UPDATE candidate SET outcome = news.outcome, detail = news.detail,
        attempts = attempts + news.asked::INTEGER, etag = news.etag, last_modified = news.last_modified,
        next_attempt = news.next_attempt
    FROM (SELECT unnest(?) AS url, unnest(?) AS outcome, unnest(?) AS detail,
                 unnest(?::VARCHAR[]) AS etag, unnest(?::VARCHAR[]) AS last_modified,
                 unnest(?::TIMESTAMP[]) AS next_attempt, unnest(?::BOOLEAN[]) AS asked) AS news
    WHERE candidate.url = news.url
"""

_WHAT_IS_DUE = """
    FROM candidate
    WHERE outlet_id = $outlet
      AND (outcome = 'waiting' OR NOT $new_only AND (outcome = 'limit' OR next_attempt <= $now
           OR (outcome = 'out_of_window'
               AND try_cast(regexp_extract(detail, '\\d{4}-\\d\\d-\\d\\d') AS DATE)
                   BETWEEN $first AND $last)))
    ORDER BY outcome = 'limit' DESC, attempts, found_by = 'sitemap', url
"""

_LEAVE = f"""
    UPDATE candidate SET outcome = 'limit', detail = 'max_pages was reached; the next run goes on',
        etag = NULL, last_modified = NULL, next_attempt = NULL
    FROM (SELECT url {_WHAT_IS_DUE} OFFSET $limit) AS beyond
    WHERE candidate.url = beyond.url AND candidate.outcome <> 'limit'
"""  # noqa: S608 - a constant of our own

_REDATE = """
    UPDATE candidate SET hint_published = news.published, hint_precision = news.precision,
        found_by = news.found_by, found_in = news.found_in,
        outcome = CASE WHEN outcome = 'out_of_window' AND may_be_in THEN 'waiting' ELSE outcome END,
        detail = CASE WHEN outcome = 'out_of_window' AND may_be_in THEN '' ELSE detail END
    FROM (SELECT unnest(?) AS url, unnest(?::TIMESTAMP[]) AS published, unnest(?) AS precision,
                 unnest(?) AS found_by, unnest(?) AS found_in, unnest(?::BOOLEAN[]) AS may_be_in) AS news
    WHERE candidate.url = news.url
      AND (hint_published IS NULL OR news.published < hint_published)
    RETURNING candidate.url
"""


def _first_outcome(candidate: Candidate, window: Window) -> tuple[str, str]:
    """Outcome and detail of a new candidate."""
    if not candidate.listed:
        return Outcome.UNLISTED.value, "its outlet is not in sources.toml"
    if not is_web_address(candidate.url):
        return Outcome.FORBIDDEN_ADDRESS.value, "not an address of the web"
    published = candidate.published
    if published is None or window.first - _SLACK <= published.date() <= window.last + _SLACK:
        return Outcome.WAITING.value, ""
    return Outcome.OUT_OF_WINDOW.value, f"published {published:%Y-%m-%d}, says its {candidate.found_by}"
