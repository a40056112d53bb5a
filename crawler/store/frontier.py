"""The frontier: every URL that any way of discovery named, and what has come of it so far."""

from collections.abc import Callable, Iterable, Sequence
from datetime import date, datetime, timedelta
from typing import NamedTuple

from gossi.crawler.characters import whole
from gossi.crawler.discovery.candidate import Candidate, Hint
from gossi.crawler.outcomes import Outcome
from gossi.crawler.store.store import Store, utc_now
from gossi.crawler.study.sources import Outlet, Window
from gossi.crawler.web.urls import clean_url, is_web_address

# etag, last_modified, attempts and next_attempt of a candidate nobody has asked for yet.
_UNTRIED = (None, None, 0, None)
# The columns of a candidate that make a Due, in its order.
DUE_COLUMNS = (
    "url, outlet_id, hint_published, coalesce(hint_precision, 'unknown'), found_by, etag, last_modified, "
    "attempts, archived"
)
USELESS = frozenset(
    outcome
    for outcome in Outcome
    if outcome.is_wall
    or outcome
    in {
        Outcome.GONE, Outcome.SOFT_404, Outcome.REDIRECT_HOME, Outcome.SERVER_ERROR,
        Outcome.EXTRACTION_FAILED, Outcome.TOO_LARGE,
    }
)  # fmt: skip
"""What makes a capture of a page no use, so that another one is looked for: what the archive cannot show, and
walls and error pages that it kept."""
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

    @property
    def asked_if_changed(self) -> bool:
        """Whether it is asked for only if it has changed: not of an archive, nor where nothing is held."""
        return not self.archived and bool(self.etag or self.last_modified)


class Frontier:
    """The candidates of a store. What `settle` is told is held until `write`."""

    def __init__(self, store: Store, run_id: int) -> None:
        self._store = store
        self._con = store.con
        self._run_id = run_id
        self._settled: list[
            tuple[str, str, str, str | None, str | None, datetime | None, bool, date | None]
        ] = []

    def enter(self, candidates: Sequence[Candidate], window: Window) -> int:
        """Enter candidates that are not known yet; gives how many there were.

        One that its listing dates outside the window is entered as such, and never asked for.
        """
        rows = []
        for c in candidates:
            outcome, detail = _first_outcome(c, window)
            out_on = c.published.date() if c.published and outcome is Outcome.OUT_OF_WINDOW else None
            rows.append(
                (
                    c.url, c.outlet_id, c.found_by, c.found_in, self._run_id, c.published, c.precision,
                    outcome.value, detail, *_UNTRIED, c.archived, out_on, None, c.names_topic,
                    c.published.date() if c.published else c.day,
                )
            )  # fmt: skip
        before = self._store.count("candidate")
        self._store.append("candidate", rows, conflict="OR IGNORE")
        if named := [c.url for c in candidates if c.names_topic]:
            self._con.execute(
                "UPDATE candidate SET names_topic = true WHERE url IN (SELECT unnest(?)) AND NOT names_topic",
                [named],
            )
        return self._store.count("candidate") - before

    def redate(self, candidates: Sequence[Candidate], window: Window) -> list[str]:
        """Note where a listing gives a known candidate a date, or an earlier one; gives their URLs.

        One that was out of the window by what was known before, and now may lie in it, waits to be asked.
        """
        dated = [
            (c.url, c.published, c.precision, c.found_by, c.found_in,
             _first_outcome(c, window)[0] is Outcome.WAITING)
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

    def mend_clock(self) -> None:
        """Let pages be asked now that a clock that was ahead had put off: no pause is as long."""
        self._con.execute(
            "UPDATE candidate SET next_attempt = $now WHERE next_attempt > $now + INTERVAL 8 DAY",
            {"now": utc_now()},
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

    def due(
        self, outlet_id: str, limit: int, window: Window, *, archived: bool = False, first_only: bool = False
    ) -> list[Due]:
        """The candidates of an outlet to be asked, at most `limit`: its own, or those only archives have.

        What names the topic comes first, with the known pages and the articles; then what archives and GDELT
        found, then the rest by nearness to the affair's days, and within a day the plainest URL, for the
        twins with a session or a campaign are longer. What an earlier run had to leave goes before its like.
        One that was out of the window comes again when the window was widened to its day. What this run has
        asked for already does not come again. With `first_only`, of those that come first only.
        """
        self.write()
        values = self._values(outlet_id, window) | {
            "archived": archived, "first_only": first_only, "limit": max(0, limit),
        }  # fmt: skip
        rows = self._con.execute(
            f"SELECT {DUE_COLUMNS} {_DUE} AND (archived IS NOT NULL) = $archived "
            f"AND ({_RANK} = 0 OR NOT $first_only) "
            f"ORDER BY {_RANK}, attempts > 0, outcome = 'limit' DESC, {_NEARNESS} LIMIT $limit",
            values | self._affair(window),
        ).fetchall()
        return [Due(*row) for row in rows]

    def count_due(self, outlet_id: str, window: Window, *, archived: bool = False) -> int:
        """How many candidates of an outlet are to be asked; with `archived`, of those only archives have."""
        row = self._con.execute(
            f"SELECT count(*) {_DUE} AND (archived IS NOT NULL OR NOT $archived)",
            self._values(outlet_id, window) | {"archived": archived},
        ).fetchone()
        return row[0] if row else 0

    def leave(self, outlet_id: str, window: Window) -> int:
        """Mark what is still to be asked of an outlet as left for the next run; gives how many there are."""
        self.write()
        self._con.execute(_LEAVE, self._values(outlet_id, window))
        return self.count_due(outlet_id, window)

    def _values(self, outlet_id: str, window: Window) -> dict[str, object]:
        return {
            "outlet": outlet_id,
            "now": utc_now(),
            "first": window.first,
            "last": window.last,
            "run": self._run_id,
        }

    def _affair(self, window: Window) -> dict[str, date]:
        """The days on which half of the pages lie that name the topic, whatever outlet they are of."""
        row = self._con.execute(_AFFAIR, {"first": window.first, "last": window.last}).fetchone()
        begin, end = row or (None, None)
        return {"begin": begin or window.first, "end": end or window.last}

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
        out_of_window_on: date | None = None,
    ) -> None:
        """Note what has come of a candidate, and when it is due again (None: never).

        One that is out of the window by the day given comes again when the window was widened to that day.
        """
        self._settled.append(
            (
                whole(url),
                outcome.value,
                whole(detail),
                _whole(etag),
                _whole(last_modified),
                next_attempt,
                asked,
                out_of_window_on,
            )
        )

    def unchanged(self, due: Due, next_attempt: datetime | None) -> None:
        """Note that a page is still what it was; its outcome and validators stand."""
        self._con.execute(
            "UPDATE candidate SET attempts = attempts + 1, next_attempt = ?, asked_in = ? WHERE url = ?",
            [next_attempt, self._run_id, due.url],
        )

    def lost(  # noqa: PLR0913 - what decides it
        self,
        outlet_id: str,
        limit: int,
        window: Window,
        *,
        host_silent: bool,
        asked_before: datetime,
        first_only: bool,
    ) -> list[Due]:
        """Pages of an outlet that are gone and that no archive was asked for lately, in the order of `due`.

        Those that were never asked for come before all others. Where the host does not answer at all, its
        unanswered pages count as gone too. So does a page that an archive named and did not have, or of which
        it kept a wall or an error page. A known article that is gone is looked for when it is visited no
        more: till then its page may come back. With `first_only`, of those only that are asked first.
        """
        gone = [Outcome.GONE, Outcome.SOFT_404, Outcome.REDIRECT_HOME]
        if host_silent:
            gone += [Outcome.UNREACHABLE, Outcome.TIMEOUT]
        rows = self._con.execute(
            _LOST,
            self._affair(window)
            | {
                "outlet": outlet_id,
                "gone": [str(each) for each in gone],
                "useless": [str(each) for each in USELESS],
                "asked_before": asked_before,
                "first_only": first_only,
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
            self._con.execute(_SETTLE, [*(list(column) for column in zip(*rows, strict=True)), self._run_id])
            self._settled.clear()


_SETTLE = """
    UPDATE candidate SET outcome = news.outcome, detail = news.detail,
        attempts = attempts + news.asked::INTEGER, etag = news.etag, last_modified = news.last_modified,
        next_attempt = news.next_attempt, out_of_window_on = news.out_on, asked_in = news.run
    FROM (SELECT unnest(?) AS url, unnest(?) AS outcome, unnest(?) AS detail,
                 unnest(?::VARCHAR[]) AS etag, unnest(?::VARCHAR[]) AS last_modified,
                 unnest(?::TIMESTAMP[]) AS next_attempt, unnest(?::BOOLEAN[]) AS asked,
                 unnest(?::DATE[]) AS out_on, ?::INTEGER AS run) AS news
    WHERE candidate.url = news.url
"""

_DUE = """
    FROM candidate
    WHERE outlet_id = $outlet AND asked_in IS DISTINCT FROM $run
      AND (outcome IN ('waiting', 'limit') OR next_attempt <= $now
           OR outcome = 'out_of_window' AND out_of_window_on BETWEEN $first AND $last)
"""

_RANK = """
    CASE WHEN names_topic OR found_by = 'pages' OR outcome IN ('on_topic', 'duplicate') THEN 0
         WHEN found_by IN ('wayback', 'commoncrawl', 'gdelt') THEN 1
         ELSE 2 END
"""

_NEARNESS = "day IS NULL, greatest($begin - day, day - $end, 0), length(url), url"

_LOST = f"""
    SELECT {DUE_COLUMNS}
    FROM candidate LEFT JOIN (
        SELECT url, max(fetched_at) AS asked_at FROM attempt
        WHERE kind = 'wayback' AND outcome = 'listing' GROUP BY url
    ) AS asked USING (url)
    WHERE outlet_id = $outlet
      AND (archived IS NULL AND outcome IN (SELECT unnest($gone))
              AND (next_attempt IS NULL OR outcome IN ('unreachable', 'timeout'))
           OR archived IS NOT NULL AND outcome IN (SELECT unnest($useless)))
      AND (asked_at IS NULL OR asked_at < $asked_before)
      AND ({_RANK} = 0 OR NOT $first_only)
    ORDER BY asked_at IS NOT NULL, {_RANK}, asked_at, {_NEARNESS}
    LIMIT $limit
"""  # noqa: S608 - constants of our own

_AFFAIR = """
    SELECT quantile_disc(day, 0.25), quantile_disc(day, 0.75)
    FROM candidate
    WHERE (names_topic OR outcome = 'on_topic') AND day BETWEEN $first AND $last
"""

_LEAVE = f"""
    UPDATE candidate SET outcome = 'limit', detail = 'left for the next run'
    FROM (SELECT url AS left_url {_DUE}) AS beyond
    WHERE candidate.url = left_url AND candidate.outcome = 'waiting'
"""  # noqa: S608 - a constant of our own

_REDATE = """
    UPDATE candidate SET hint_published = news.published, hint_precision = news.precision,
        found_by = news.found_by, found_in = news.found_in, day = news.published::DATE,
        outcome = CASE WHEN outcome = 'out_of_window' AND may_be_in THEN 'waiting' ELSE outcome END,
        detail = CASE WHEN outcome = 'out_of_window' AND may_be_in THEN '' ELSE detail END
    FROM (SELECT unnest(?) AS url, unnest(?::TIMESTAMP[]) AS published, unnest(?) AS precision,
                 unnest(?) AS found_by, unnest(?) AS found_in, unnest(?::BOOLEAN[]) AS may_be_in) AS news
    WHERE candidate.url = news.url
      AND (hint_published IS NULL OR news.published < hint_published)
    RETURNING candidate.url
"""


def _whole(text: str | None) -> str | None:
    return None if text is None else whole(text)


def _first_outcome(candidate: Candidate, window: Window) -> tuple[Outcome, str]:
    """Outcome and detail of a new candidate."""
    if not candidate.listed:
        return Outcome.UNLISTED, "its outlet is not in sources.toml"
    if not is_web_address(candidate.url):
        return Outcome.FORBIDDEN_ADDRESS, "not an address of the web"
    published = candidate.published
    if published is None or window.first - _SLACK <= published.date() <= window.last + _SLACK:
        return Outcome.WAITING, ""
    return Outcome.OUT_OF_WINDOW, f"published {published:%Y-%m-%d}, says its {candidate.found_by}"
