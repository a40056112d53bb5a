"""Writes down what a run learns: attempts, articles, versions, and what has come of each candidate."""

from collections.abc import Callable, Iterable, Sequence
from datetime import datetime, timedelta
from hashlib import sha256
from typing import NamedTuple

from crawler.discovery.candidate import Candidate, Hint, clean_url, is_web_address
from crawler.extraction.article import Extracted
from crawler.outcomes import Outcome
from crawler.store.known import Known, KnownTexts
from crawler.store.store import Store, utc_now
from crawler.study import Outlet, Window

# Rows held before they are written together; 200 make the cost of a statement vanish (80 µs a row).
BATCH = 200
# etag, last_modified, attempts and next_attempt of a candidate nobody has asked for yet.
_UNTRIED = (None, None, 0, None)
# The columns of a candidate that make a Due, in its order.
DUE_COLUMNS = (
    "url, outlet_id, hint_published, coalesce(hint_precision, 'unknown'), found_by, etag, last_modified, "
    "attempts, archived"
)
# A listing's date decides before its page is asked for, but not to the day: zones differ by up to 14 hours.
_SLACK = timedelta(days=1)


class Attempt(NamedTuple):
    """A row of the table `attempt`, in its order."""

    attempt_id: int
    run_id: int
    outlet_id: str
    kind: str
    url: str
    final_url: str | None
    fetched_at: datetime
    http_status: int | None
    outcome: str
    detail: str
    via: str
    warc_file: str | None
    warc_offset: int | None
    digest: str | None


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


class Listing(NamedTuple):
    """How a feed or sitemap answered last: a row of the table `listing`."""

    url: str
    etag: str | None
    last_modified: str | None
    first: object  # the window that its entries were chosen by
    last: object
    further: Sequence[str]


class Ledger:
    """One run's view of the store. Everything since the last `flush` lands together or not at all."""

    def __init__(self, store: Store, run_id: int) -> None:
        self._store = store
        self._con = store.con
        self.run_id = run_id
        self._next_attempt = store.next_id("attempt", "attempt_id")
        self._attempts: list[Attempt] = []
        self._articles: list[tuple[object, ...]] = []
        self._versions: list[tuple[object, ...]] = []
        self._settled: list[tuple[str, str, str, str | None, str | None, datetime | None, bool]] = []
        self._listings: list[Listing] = []
        self._texts = KnownTexts(self._con)
        self._con.begin()

    # The frontier

    def offer(self, candidates: Iterable[Candidate], window: Window) -> int:
        """Enter candidates that are not known yet, and commit; gives how many there were.

        One that its listing dates outside the window is entered as such, and never asked for.
        """
        rows = [
            (c.url, c.outlet_id, c.found_by, c.found_in, self.run_id, c.published, c.precision,
             *_first_outcome(c, window), *_UNTRIED, c.archived)
            for c in candidates
        ]  # fmt: skip
        before = self._store.count("candidate")
        self._store.append("candidate", rows, conflict="OR IGNORE")
        self.flush()
        return self._store.count("candidate") - before

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

    def due(self, outlet_id: str, limit: int, window: Window, *, new_only: bool = False) -> list[Due]:
        """The candidates of an outlet to be asked now, in a stable order: at most `limit`.

        With `new_only` those that nobody asked for yet.

        Those beyond the limit are marked so, and come first in the next run. One that was out of the window
        comes again when the window was widened to its day.
        """
        rows = self._con.execute(
            f"""
            SELECT {DUE_COLUMNS}
            FROM candidate
            WHERE outlet_id = $outlet
              AND (outcome = 'waiting' OR NOT $new_only AND (outcome = 'limit' OR next_attempt <= $now
                   OR (outcome = 'out_of_window'
                       AND try_cast(regexp_extract(detail, '\\d{{4}}-\\d\\d-\\d\\d') AS DATE)
                           BETWEEN $first AND $last)))
            ORDER BY outcome = 'limit' DESC, attempts, found_by = 'sitemap', url
            """,  # noqa: S608 - column names of our own
            {
                "outlet": outlet_id,
                "now": utc_now(),
                "first": window.first,
                "last": window.last,
                "new_only": new_only,
            },
        ).fetchall()
        for row in rows[limit:]:
            self.settle(row[0], Outcome.LIMIT, "max_pages was reached; the next run goes on", asked=False)
        # The plainest URL of an article first: its twins with a session or a campaign are longer.
        return sorted((Due(*row) for row in rows[:limit]), key=lambda due: (len(due.url), due.url))

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

    def lost(self, outlet_id: str, limit: int, *, host_silent: bool) -> list[Due]:
        """Pages of an outlet that are gone and that no archive was asked for yet: the known ones first.

        Where the host does not answer at all, its unanswered pages count as gone too.
        """
        gone = [Outcome.GONE, Outcome.SOFT_404, Outcome.REDIRECT_HOME]
        if host_silent:
            gone += [Outcome.UNREACHABLE, Outcome.TIMEOUT]
        rows = self._con.execute(
            f"""
            SELECT {DUE_COLUMNS}
            FROM candidate
            WHERE outlet_id = $outlet AND archived IS NULL
              AND outcome IN (SELECT unnest($gone))
              AND NOT EXISTS (FROM attempt WHERE kind = 'wayback' AND attempt.url = candidate.url
                              AND attempt.outcome = 'listing')
            ORDER BY found_by <> 'pages', url LIMIT $limit
            """,  # noqa: S608 - column names of our own
            {"outlet": outlet_id, "gone": [str(each) for each in gone], "limit": limit},
        ).fetchall()
        return [Due(*row) for row in rows]

    def archived(self, url: str, address: str) -> None:
        """Note where an archive has a copy of a page; it waits to be fetched from there."""
        self._con.execute(
            "UPDATE candidate SET archived = ?, outcome = 'waiting', detail = '' WHERE url = ?",
            [address, url],
        )

    def published(self, url: str) -> datetime | None:
        """When the article was published that this URL led to."""
        self.flush()
        row = self._con.execute(
            "SELECT published FROM article JOIN version USING (article_id) JOIN attempt USING (attempt_id) "
            "WHERE url = ? LIMIT 1",
            [url],
        ).fetchone()
        return row[0] if row else None

    def hint(self, due: Due, final_url: str) -> Hint:
        """What a listing says of a page's date.

        Where the URL asked led to another, what a listing says of that other one is the nearer word.
        """
        if final_url != due.url:
            row = self._con.execute(
                "SELECT hint_published, hint_precision, found_by FROM candidate "
                "WHERE url = ? AND hint_published IS NOT NULL",
                [clean_url(final_url)],
            ).fetchone()
            if row:
                return Hint.of(*row)
        return Hint.of(due.hint_published, due.hint_precision, due.found_by)

    # Listings

    def listing(self, url: str) -> Listing | None:
        """How a feed or sitemap answered last."""
        row = self._con.execute("SELECT * FROM listing WHERE url = ?", [url]).fetchone()
        return Listing(*row) if row else None

    def last_read(self, url: str) -> datetime | None:
        """When a listing was last answered."""
        row = self._con.execute(
            "SELECT max(fetched_at) FROM attempt WHERE url = ? AND outcome = 'listing'", [url]
        ).fetchone()
        return row[0] if row else None

    def read_listing(self, listing: Listing) -> None:
        """Note what a listing was read with; it lands together with the candidates it gave."""
        self._listings.append(listing)

    # What was learnt

    def attempt(  # noqa: PLR0913 - a row of the table
        self,
        *,
        outlet_id: str,
        kind: str,
        url: str,
        outcome: Outcome,
        detail: str = "",
        final_url: str | None = None,
        fetched_at: datetime | None = None,
        http_status: int | None = None,
        via: str = "live",
        warc_file: str | None = None,
        warc_offset: int | None = None,
        digest: str | None = None,
    ) -> int:
        """Note an attempt and give its number."""
        number = self._next_attempt
        self._next_attempt += 1
        self._attempts.append(
            Attempt(
                number, self.run_id, outlet_id, kind, url, final_url, fetched_at or utc_now(), http_status,
                outcome.value, detail, via, warc_file, warc_offset, digest,
            )
        )  # fmt: skip
        return number

    def reserve(self) -> int:
        """The number that the next attempt will have; a version names the attempt it came from."""
        return self._next_attempt

    def take_as(
        self, outcome: Outcome, page: Extracted, outlet_id: str, url: str, seen_at: datetime
    ) -> tuple[Outcome, str]:
        """Take in an article that was judged `outcome`; a duplicate stays one, whatever the page is."""
        taken, detail = self.take(page, outlet_id, url, seen_at)
        return (taken if taken is Outcome.DUPLICATE else outcome), detail

    def take(self, page: Extracted, outlet_id: str, url: str, seen_at: datetime) -> tuple[Outcome, str]:
        """Take in an article's text as seen at a time; gives the outcome and a word on it.

        The same text again makes no version. Another URL of a known article is a duplicate, also where
        its text differs: a mobile page is no new version of the desktop one. So is another article of the
        outlet with the same headline and text: one article under two sections.
        """
        article_id = sha256(page.canonical_url.encode("utf-8", "replace")).hexdigest()[:16]
        whole = f"{page.headline}\n{page.text}"
        digest = f"sha256:{sha256(whole.encode('utf-8', 'replace')).hexdigest()}"
        known = self._texts.of_article(article_id)
        if known is None:
            same = self._texts.with_text(outlet_id, digest) if page.observability == "full" else None
            if same is not None:
                return Outcome.DUPLICATE, same.url
            self._articles.append(
                (
                    article_id, outlet_id, page.canonical_url, page.published, page.published_precision,
                    page.published_source, self.run_id,
                )
            )  # fmt: skip
        elif digest == known.digest or (seen_at <= known.seen_at and digest in known.earlier):
            return (Outcome.ON_TOPIC, "unchanged") if known.url == url else (Outcome.DUPLICATE, known.url)
        elif known.url != url:
            return Outcome.DUPLICATE, f"{known.url}, with another text"
        number = 1 if known is None else known.version_no + 1
        self._versions.append(
            (
                f"{article_id}-{number}", article_id, number, seen_at, page.modified, self.reserve(),
                page.language, page.headline, page.text, page.words, digest, page.observability, self.run_id,
            )
        )  # fmt: skip
        earlier = (known.earlier if known else frozenset()) | {digest}
        self._texts.add(outlet_id, article_id, Known(number, digest, url, seen_at, earlier))
        return Outcome.ON_TOPIC, "" if number == 1 else f"version {number}"

    # Landing

    def flush_if_full(self) -> None:
        """Write what is held where it is much. Call it where an attempt and what came of it are noted."""
        if len(self._attempts) >= BATCH:
            self.flush()

    def flush(self) -> None:
        """Write what is held and commit."""
        self._store.append("attempt", self._attempts)
        self._store.append("article", self._articles)
        self._store.append("version", self._versions)
        self._attempts.clear()
        self._articles.clear()
        self._versions.clear()
        self._store.append("listing", self._listings, conflict="OR REPLACE")
        self._listings.clear()
        if self._settled:
            # The last word on a URL counts; an UPDATE would take any one of several.
            rows = list({row[0]: row for row in self._settled}.values())
            self._con.execute(_SETTLE, [list(column) for column in zip(*rows, strict=True)])
            self._settled.clear()
        self._con.commit()
        self._con.begin()

    def close(self) -> None:
        """Write what is held and end the last transaction."""
        self.flush()
        self._con.commit()


_SETTLE = """
    UPDATE candidate SET outcome = news.outcome, detail = news.detail,
        attempts = attempts + news.asked::INTEGER, etag = news.etag, last_modified = news.last_modified,
        next_attempt = news.next_attempt
    FROM (SELECT unnest(?) AS url, unnest(?) AS outcome, unnest(?) AS detail,
                 unnest(?::VARCHAR[]) AS etag, unnest(?::VARCHAR[]) AS last_modified,
                 unnest(?::TIMESTAMP[]) AS next_attempt, unnest(?::BOOLEAN[]) AS asked) AS news
    WHERE candidate.url = news.url
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
