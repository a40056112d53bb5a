"""Writes down what a run learns: attempts, articles, versions, and what has come of each candidate."""

from collections.abc import Iterable
from datetime import datetime
from hashlib import sha256
from typing import NamedTuple

from crawler.discovery.candidate import Candidate
from crawler.extraction.extract import Extracted
from crawler.outcomes import Outcome
from crawler.store.store import Store, utc_now

# Rows held before they are written together; 200 make the cost of a statement vanish (80 µs a row).
BATCH = 200
# outcome, detail, etag, last_modified, attempts and next_attempt of a candidate nobody has asked for yet.
_UNTRIED = (Outcome.WAITING.value, "", None, None, 0, None)


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


class Ledger:
    """One run's view of the store. Everything since the last `flush` lands together or not at all."""

    def __init__(self, store: Store, run_id: int) -> None:
        self._store = store
        self._con = store.con
        self.run_id = run_id
        self._next_attempt = store.next_id("attempt", "attempt_id")
        self._attempts: list[Attempt] = []
        self._settled: list[tuple[str, str, str, str | None, str | None, datetime | None]] = []
        self._con.begin()

    def offer(self, candidates: Iterable[Candidate]) -> int:
        """Enter candidates that are not known yet; gives how many there were."""
        rows = [
            (c.url, c.outlet_id, c.found_by, c.found_in, self.run_id, c.published, c.precision, *_UNTRIED)
            for c in candidates
        ]
        before = self._store.count("candidate")
        self._store.append("candidate", rows, conflict="OR IGNORE")
        return self._store.count("candidate") - before

    def due(self, outlet_id: str, limit: int) -> list[Due]:
        """The candidates of an outlet to be asked now, in a stable order: at most `limit`."""
        rows = self._con.execute(
            """
            SELECT url, outlet_id, hint_published, coalesce(hint_precision, 'unknown'), found_by, etag,
                   last_modified, attempts
            FROM candidate
            WHERE outlet_id = $outlet AND (outcome = 'waiting' OR next_attempt <= $now)
            ORDER BY attempts, found_by = 'sitemap', url
            LIMIT $most
            """,
            {"outlet": outlet_id, "now": utc_now(), "most": limit},
        ).fetchall()
        return [Due(*row) for row in rows]

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
        if len(self._attempts) >= BATCH:
            self.flush()
        return number

    def reserve(self) -> int:
        """The number that the next attempt will have; a version names the attempt it came from."""
        return self._next_attempt

    def settle(  # noqa: PLR0913 - what is known of a candidate afterwards
        self,
        url: str,
        outcome: Outcome,
        detail: str = "",
        *,
        etag: str | None = None,
        last_modified: str | None = None,
        next_attempt: datetime | None = None,
    ) -> None:
        """Note what has come of a candidate, and when it is due again (None: never)."""
        self._settled.append((url, outcome.value, detail, etag, last_modified, next_attempt))

    def take_as(
        self, outcome: Outcome, page: Extracted, outlet_id: str, url: str, seen_at: datetime
    ) -> tuple[Outcome, str]:
        """Take in an article that was judged `outcome`; a duplicate stays one, whatever the page is."""
        taken, detail = self.take(page, outlet_id, url, seen_at)
        return (taken if taken is Outcome.DUPLICATE else outcome), detail

    def take(self, page: Extracted, outlet_id: str, url: str, seen_at: datetime) -> tuple[Outcome, str]:
        """Take in an article's text as seen at a time; gives the outcome and a word on it.

        The same text again makes no version. Another URL of a known article is a duplicate, also where
        its text differs: a mobile page is no new version of the desktop one.
        """
        self.flush()  # the attempts held so far name the URLs of the versions compared here
        article_id = sha256(page.canonical_url.encode()).hexdigest()[:16]
        whole = f"{page.headline}\n{page.text}"
        digest = f"sha256:{sha256(whole.encode('utf-8', 'replace')).hexdigest()}"
        known = self._con.execute(
            """
            SELECT version_no, version.digest, url FROM version JOIN attempt USING (attempt_id)
            WHERE article_id = ? ORDER BY version_no DESC LIMIT 1
            """,
            [article_id],
        ).fetchone()
        if known is None:
            self._con.execute(
                "INSERT INTO article VALUES (?, ?, ?, ?, ?, ?, ?)",
                [
                    article_id, outlet_id, page.canonical_url, page.published, page.published_precision,
                    page.published_source, self.run_id,
                ],
            )  # fmt: skip
        elif known[1] == digest:
            return (Outcome.ON_TOPIC, "unchanged") if known[2] == url else (Outcome.DUPLICATE, known[2])
        elif known[2] != url:
            return Outcome.DUPLICATE, f"{known[2]}, with another text"
        number = 1 if known is None else known[0] + 1
        self._con.execute(
            "INSERT INTO version VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)",
            [
                f"{article_id}-{number}", article_id, number, seen_at, page.modified, self.reserve(),
                page.language, page.headline, page.text, page.words, digest, page.observability, self.run_id,
            ],
        )  # fmt: skip
        return Outcome.ON_TOPIC, "" if number == 1 else f"version {number}"

    def flush(self) -> None:
        """Write what is held and commit."""
        self._store.append("attempt", self._attempts)
        self._attempts.clear()
        if self._settled:
            self._con.execute(
                """
                UPDATE candidate SET outcome = news.outcome, detail = news.detail, attempts = attempts + 1,
                    etag = news.etag, last_modified = news.last_modified, next_attempt = news.next_attempt
                FROM (SELECT unnest(?) AS url, unnest(?) AS outcome, unnest(?) AS detail,
                             unnest(?::VARCHAR[]) AS etag, unnest(?::VARCHAR[]) AS last_modified,
                             unnest(?::TIMESTAMP[]) AS next_attempt) AS news
                WHERE candidate.url = news.url
                """,
                [list(column) for column in zip(*self._settled, strict=True)],
            )
            self._settled.clear()
        self._con.commit()
        self._con.begin()

    def close(self) -> None:
        """Write what is held and end the last transaction."""
        self.flush()
        self._con.commit()
