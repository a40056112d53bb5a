"""Writes down what a run learns: attempts, articles, versions, and what has come of each candidate."""

from collections.abc import Iterable, Sequence
from contextlib import suppress
from datetime import datetime
from hashlib import sha256
from typing import NamedTuple

import duckdb

from gossi.crawler.discovery.candidate import Candidate, Hint
from gossi.crawler.extraction.article import Extracted
from gossi.crawler.extraction.dates.published import Moment, choose_published
from gossi.crawler.outcomes import Outcome
from gossi.crawler.store.frontier import Frontier
from gossi.crawler.store.known_articles import Known, KnownTexts, article_id_of
from gossi.crawler.store.recognise import Adds, Look, recognise
from gossi.crawler.store.store import STOPPED, Store, utc_now
from gossi.crawler.study.sources import Window

# Rows held before they are written together; 200 make the cost of a statement vanish (80 µs a row).
BATCH = 200

# Where they stand in a row of the table `version`.
_ARTICLE_OF_VERSION, _ATTEMPT_OF_VERSION = 1, 5


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
    gap: str | None


def _status(told: int | None) -> int | None:
    """A status as HTTP has them; whatever else a server sends for one says nothing."""
    return told if told is not None and 100 <= told <= 999 else None


class Listing(NamedTuple):
    """How a feed or sitemap answered last: a row of the table `listing`."""

    url: str
    etag: str | None
    last_modified: str | None
    first: object  # the window that its entries were chosen by
    last: object
    further: Sequence[str]


class KnownArticle(NamedTuple):
    """An article of the store, and when it was published, if that is known."""

    article_id: str
    published: datetime | None


class _Dated(NamedTuple):
    """What another page or listing says of a known article's date."""

    article_id: str
    moment: Moment
    if_unknown: bool = False  # it counts only where nothing else is known


class Ledger:
    """One run's view of the store. Everything since the last `flush` lands together or not at all."""

    def __init__(self, store: Store, run_id: int) -> None:
        self.store = store
        self._con = store.con
        self.run_id = run_id
        self.frontier = Frontier(store, run_id)
        self._next_attempt = store.next_id("attempt", "attempt_id")
        self._attempts: list[Attempt] = []
        self._articles: list[tuple[object, ...]] = []
        self._versions: list[tuple[object, ...]] = []
        self._dates: list[_Dated] = []
        self._listings: list[Listing] = []
        self._texts = KnownTexts(self._con)
        self._con.begin()

    # The frontier

    def offer(self, candidates: Iterable[Candidate], window: Window) -> int:
        """Enter candidates that are not known yet, and commit; gives how many there were.

        Where a listing gives a known one a date, or an earlier one, its article learns it too.
        """
        found = list(candidates)
        redated = set(self.frontier.redate(found, window))
        hints = {
            c.url: Hint.of(c.published, c.precision, c.found_by)
            for c in found
            if c.url in redated and c.published and window.first <= c.published.date() <= window.last
        }
        if hints:
            self._redate_articles(hints)
        added = self.frontier.enter(found, window)
        self.flush()
        return added

    def _redate_articles(self, hints: dict[str, Hint]) -> None:
        rows = self._con.execute(
            "SELECT DISTINCT article_id, page.url FROM version JOIN attempt USING (attempt_id) "
            "JOIN (SELECT unnest(?) AS url) AS page ON page.url IN (attempt.url, attempt.final_url)",
            [list(hints)],
        ).fetchall()
        for article_id, url in rows:
            hint = hints[url]
            if moment := choose_published((), hint.published, hint.precision, hint.source):
                self._dates.append(_Dated(article_id, moment))

    def article_at(self, url: str) -> KnownArticle | None:
        """The article that a URL led to when it was asked last."""
        self.flush()
        row = self._con.execute(
            "SELECT article_id, published FROM address JOIN article USING (article_id) WHERE url = ?", [url]
        ).fetchone()
        return KnownArticle(*row) if row else None

    def published(self, url: str) -> datetime | None:
        """When the article was published that this URL led to."""
        known = self.article_at(url)
        return known.published if known else None

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

    def failed_by(self, url: str) -> Outcome | None:
        """Why a listing or search was asked for in vain the last time; None where it was not."""
        row = self._con.execute(
            "SELECT arg_max(outcome, attempt_id) FROM attempt WHERE url = ? AND kind <> 'page'", [url]
        ).fetchone()
        if row is None or row[0] in {None, Outcome.LISTING, Outcome.NOT_MODIFIED}:
            return None
        return Outcome(row[0])  # type: ignore[call-arg]  # an enum is called with the value alone

    def sitemaps_asked(self, outlet_id: str) -> dict[str, int]:
        """The run in which each sitemap of an outlet was asked last."""
        rows = self._con.execute(
            "SELECT url, max(run_id) FROM attempt "
            "WHERE outlet_id = ? AND kind = 'sitemap' AND outcome <> 'limit' GROUP BY url",
            [outlet_id],
        ).fetchall()
        return dict(rows)

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
        gap: str | None = None,
    ) -> int:
        """Note an attempt and give its number."""
        number = self._next_attempt
        self._next_attempt += 1
        self._attempts.append(
            Attempt(
                number, self.run_id, outlet_id, kind, url, final_url, fetched_at or utc_now(),
                _status(http_status), outcome.value, detail, via, warc_file, warc_offset, digest,
                gap,
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
        its text differs: a mobile page is no new version of the desktop one, unless it has more to tell.
        So is another article of the outlet with the same headline and text: one article under two sections.
        Whichever page says the earliest honest date of publication dates the article; a page with another
        text may be mistaken in what it says it is, so its date counts only where there is none.
        """
        look = Look.at(page, outlet_id, url, seen_at)
        name, known, adds = recognise(self._texts, look)
        if known is not None:
            self._redate(known, page, if_unknown=adds is Adds.TWIN)
        if known is not None and adds is not Adds.VERSION:
            self._texts.led(outlet_id, url, known, names=(look.own, page.canonical_url))
            if known.url == url:
                return Outcome.ON_TOPIC, "unchanged"
            return Outcome.DUPLICATE, known.url if adds is Adds.NOTHING else f"{known.url}, with another text"
        if known is None:
            self._articles.append(
                (
                    article_id_of(name), outlet_id, name, page.published, page.published_precision,
                    page.published_source, self.run_id,
                )
            )  # fmt: skip
        number = self._add_version(look, name, known)
        return Outcome.ON_TOPIC, "" if number == 1 else f"version {number}"

    def _add_version(self, look: Look, name: str, known: Known | None) -> int:
        page, article_id = look.page, article_id_of(name)
        number = known.version_no + 1 if known else 1
        whole = f"{page.headline}\n{page.text}".encode("utf-8", "replace")
        self._versions.append(
            (
                f"{article_id}-{number}", article_id, number, look.seen_at, page.modified, self.reserve(),
                page.language, page.headline, page.text, page.words, f"sha256:{sha256(whole).hexdigest()}",
                page.observability, self.run_id,
            )
        )  # fmt: skip
        earlier = (known.earlier if known else frozenset()) | {look.digest}
        version = Known(
            article_id, name, number, look.digest, look.url, page.url, look.seen_at, page.observability,
            page.words, earlier,
        )  # fmt: skip
        if known is not None and look.seen_at < known.seen_at:
            # An archive gives an earlier text later; the newest one stays what it was.
            version = known._replace(version_no=number, earlier=earlier)
        self._texts.add(look.outlet_id, version, page)
        self._texts.led(look.outlet_id, look.url, version, names=(look.own, page.canonical_url))
        return number

    def _redate(self, known: Known, page: Extracted, *, if_unknown: bool = False) -> None:
        self._dates += [_Dated(known.article_id, moment, if_unknown) for moment in page.page_dates]

    # Landing

    def flush_if_full(self) -> None:
        """Write what is held where it is much. Call it where an attempt and what came of it are noted."""
        if len(self._attempts) >= BATCH:
            self.flush()

    def flush(self) -> None:
        """Write what is held and commit."""
        self.store.append("attempt", self._attempts)
        self.store.append("article", self._articles)
        self.store.append("version", self._versions)
        self.store.append("address", self._texts.written(), conflict="OR REPLACE")
        self._attempts.clear()
        self._articles.clear()
        self._versions.clear()
        self.store.append("listing", self._listings, conflict="OR REPLACE")
        self._listings.clear()
        self._write_dates()
        self.frontier.write()
        self._con.commit()
        self._con.begin()

    def go_on_as(self, run_id: int) -> None:
        """Write what is held; what comes now is of another run."""
        self.flush()
        self.run_id = run_id
        self.frontier = Frontier(self.store, run_id)

    def end(self, status: str, message: str, *, stopped: bool = False) -> None:
        """Write what is held and end the run; `stopped` says that it ends before its work is done.

        An article is given up whose attempt was not noted any more, for a stop may come between them: it
        would name an attempt that is not there. What cannot be written is given up too, and the run ends as
        one that was stopped, whose captures the next one takes up. A run that was stopped already has its own
        error to tell.

        Raises:
            duckdb.Error: it could not be written, and nothing had stopped the run before.
        """
        try:
            self._versions = [row for row in self._versions if row[_ATTEMPT_OF_VERSION] != self.reserve()]
            whole = {row[_ARTICLE_OF_VERSION] for row in self._versions}
            self._articles = [row for row in self._articles if row[0] in whole]
            self.flush()
            self._con.commit()
            self.store.end_run(self.run_id, status, message, stopped=stopped)
        except duckdb.Error as error:
            told = message if stopped else f"{STOPPED}: {error}"
            with suppress(duckdb.Error):
                self.store.roll_back()
                self.store.end_run(self.run_id, "failed", told, stopped=True)
            if not stopped:
                raise
        finally:
            self._texts.close()

    def _write_dates(self) -> None:
        if not self._dates:
            return
        rows = self._con.execute(
            "SELECT article_id, published, published_precision, published_source FROM article "
            "WHERE article_id IN (SELECT unnest(?))",
            [list({dated.article_id for dated in self._dates})],
        ).fetchall()
        before = {name: Moment(*date) if date[0] else None for name, *date in rows}
        after = dict(before)
        for name, moment, if_unknown in self._dates:
            known = after[name]
            if known is None or not if_unknown:
                after[name] = choose_published([known, moment] if known else [moment])
        self._dates.clear()
        for name, chosen in after.items():
            if chosen is not None and chosen != before[name]:
                self._con.execute(
                    "UPDATE article SET published = ?, published_precision = ?, published_source = ? "
                    "WHERE article_id = ?",
                    [chosen.value, chosen.precision, chosen.source, name],
                )
