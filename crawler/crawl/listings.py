"""Asks an outlet for its feeds and sitemaps, and reads what they name."""

from collections import deque
from collections.abc import Container, Sequence
from datetime import timedelta
from email.utils import parsedate_to_datetime

from gossi.crawler.capture.captured import Page
from gossi.crawler.crawl.asking import Question, Unanswered, validators
from gossi.crawler.crawl.outlet_state import OutletState
from gossi.crawler.crawl.run import Run
from gossi.crawler.crawl.sitemap_queue import MAX_SITEMAP_DEPTH, SitemapQueue
from gossi.crawler.discovery.candidate import Candidate
from gossi.crawler.discovery.feeds import next_page, oldest_entries, read_feed
from gossi.crawler.discovery.sitemaps import MAX_UNPACKED, SitemapRead, of_window
from gossi.crawler.discovery.templates import expanded
from gossi.crawler.discovery.xml import as_utf8, breaks_off
from gossi.crawler.outcomes import Outcome
from gossi.crawler.page.verdict import NOBODY_ASKED, by_status
from gossi.crawler.store.ledger import Listing
from gossi.crawler.store.store import utc_now
from gossi.crawler.web.urls import is_web_address

# Listings asked of one outlet in a run; a window of a year is some hundred monthly or weekly sitemaps.
# What is left is for the runs that follow.
MAX_LISTINGS = 500
# Candidates held in memory: undated archives name millions, at some 300 bytes each and ten times that on the
# way into the store.
_HELD = 20_000
# Zones differ by up to 14 hours.
_SLACK = timedelta(days=1)


class Listings:
    """The feeds and sitemaps of an outlet in a run."""

    def __init__(self, run: Run, state: OutletState) -> None:
        self._run = run
        self._state = state
        window, today = run.study.window, utc_now().date()
        sitemaps = [url for each in state.outlet.sitemaps for url in expanded(each, window, today)]
        listed = (("feed", state.outlet.feeds), ("sitemap", sitemaps))
        self._named = deque((url, kind) for kind, urls in listed for url in urls)
        asked_in = run.ledger.sitemaps_asked(state.outlet.id) if state.outlet.sitemaps else {}
        self._queue = SitemapQueue(asked_in)
        self._listed = {url for url, _ in self._named}
        self._asked: set[str] = set()
        self._refused = 0

    async def read(self) -> None:
        """Read all that sources.toml names, then what its indexes name, one after another.

        What waits for its turn in a queue would still be asked of a host that tells us to stop.
        """
        while self._named:
            url, kind = self._named.popleft()
            await self._ask(url, kind)
        while len(self._asked) < MAX_LISTINGS and (waiting := self._queue.pop()):
            url, depth = waiting
            await self._ask(url, "sitemap", depth)
        self._note_left()

    async def _ask(self, url: str, kind: str, depth: int = 0) -> None:
        if url in self._asked:
            return
        if len(self._asked) == MAX_LISTINGS or not is_web_address(url):
            self._refused += 1
            return
        self._asked.add(url)
        self._state.listings_asked += 1
        known = self._run.ledger.listing(url)
        if known is not None and self._is_of_another_clock(url):
            known = None
        question = self._question(url, kind, known)
        try:
            page = await self._run.ask(question)
        except Unanswered as failure:
            self._failed(url, failure.detail)
            self._run.note_unanswered(question, failure)
        else:
            self._state.answered = True
            outcome, detail, gap = await self._take(question, page, known, depth)
            if outcome not in {Outcome.LISTING, Outcome.NOT_MODIFIED}:
                self._failed(url, detail)
            self._run.note(question, outcome, detail, page, gap)

    def _failed(self, url: str, detail: str) -> None:
        """What sources.toml names and does not answer as what it was: pages may be missed by it."""
        self._state.failures.append(f"{url}: {detail}")
        if url in self._listed:
            self._run.gap(f"{url}: {detail}, in place of the feed or sitemap that sources.toml names")

    def _question(self, url: str, kind: str, known: Listing | None) -> Question:
        same_window = known is not None and self._is_of_window(known)
        headers = validators(known.etag, known.last_modified) if known and same_window else {}
        # The protocol lets a sitemap be larger than a study lets a page be.
        most = max(self._run.study.crawl.max_bytes, MAX_UNPACKED if kind == "sitemap" else 0)
        return Question(url, self._state.outlet.id, kind, headers=headers, max_bytes=most)

    def _is_of_another_clock(self, url: str) -> bool:
        """Whether it was read in what is the future now: the clock was wrong that judged its dates."""
        read_at = self._run.ledger.last_read(url)
        return read_at is not None and read_at > utc_now() + _SLACK

    def _is_of_window(self, known: Listing) -> bool:
        """Whether its entries were chosen by the window that the study has now."""
        window = self._run.study.window
        return (known.first, known.last) == (window.first, window.last)

    async def _take(
        self, question: Question, page: Page, known: Listing | None, depth: int
    ) -> tuple[Outcome, str, str]:
        """Take in what a listing names; gives the outcome, a word on it, and why some may be missed."""
        gap = ""
        outcome, detail = by_status(page.status) or (Outcome.LISTING, "")
        if outcome is Outcome.NOT_MODIFIED:
            if known is None or not question.headers:
                return Outcome.SERVER_ERROR, NOBODY_ASKED, ""
            self._add(known.further, of_window(known.further, self._run.study.window), depth + 1)
            self._read_through(known)
        elif outcome is Outcome.LISTING:
            try:
                read, detail = await self._read(page, question.kind)
            except Exception as error:  # noqa: BLE001 - a fault of ours costs the listing, not all runs
                read, detail = None, f"a fault of this program: {type(error).__name__}: {error}"[:200]
            if read is None:
                return Outcome.EXTRACTION_FAILED, detail, ""
            if further := self._older(page, question.kind, read.candidates, known):
                self._named.appendleft((further, question.kind))
                detail += f"; goes on at {further}"
            else:
                gap = self._missed(read.candidates, question.kind, known)
            gap = "; ".join(filter(None, [gap, self._unread(read, question.asked)]))
            self._state.named.add(read.candidates)
            if len(self._state.named) > _HELD:
                self._state.named.land_candidates(self._run.ledger, self._run.study.window)
            self._read_through(self._as_read(page, question.asked, read))
            self._add(read.sitemaps, read.of_window, depth + 1)
        return outcome, detail, gap

    def _read_through(self, listing: Listing) -> None:
        self._state.named.read(listing)
        self._state.listings_read += 1

    def _add(self, sitemaps: Sequence[str], first: Container[str], depth: int) -> None:
        if sitemaps:
            self._queue.add(sitemaps, first, depth)

    async def _read(self, page: Page, kind: str) -> tuple[SitemapRead | None, str]:
        if kind == "feed":
            found = read_feed(page.body, page.url, self._state.outlet.id, self._run.words)
            if found is None:
                return None, "not a feed"
            read = SitemapRead(found, nameless=found.nameless, torn=breaks_off(as_utf8(page.body)))
            return read, f"{len(found)} entries{_without_address(read)}"
        window, words = self._run.study.window, self._run.words
        sitemap = await self._run.read_sitemap(page.body, page.url, self._state.outlet.id, window, words)
        if sitemap is None:
            return None, "not a sitemap"
        entries, further = len(sitemap.candidates), len(sitemap.sitemaps)
        told = f"{entries} entries, {sitemap.pruned} outside the window, {further} further sitemaps"
        return sitemap, told + _without_address(sitemap)

    def _older(self, page: Page, kind: str, found: list[Candidate], known: Listing | None) -> str:
        """Where a feed goes on, if what is there may be of the window and new to us; else ""."""
        if known is not None and not self._is_of_window(known):
            known = None  # how far back it was followed then says nothing
        if kind != "feed" or not self._are_new(found, known):
            return ""
        first = self._run.study.window.first
        young = any(c.published is None or c.published.date() >= first - _SLACK for c in found)
        # One that comes back to what it has named already would not end by itself.
        repeats = all(c.url in self._state.named for c in found)
        return next_page(page.body, page.url) if young and not repeats else ""

    def _missed(self, found: list[Candidate], kind: str, known: Listing | None) -> str:
        """A feed holds its last entries only: where the oldest are new to us, some were missed."""
        if kind != "feed" or known is None or not found or not self._are_new(found, known):
            return ""
        self._run.gap(
            f"{known.url}: the entries that were oldest in it were new, so some may have been missed"
        )
        return "its oldest entries were new, so entries since the last run may have been missed"

    def _are_new(self, found: list[Candidate], known: Listing | None) -> bool:
        """Whether a feed was never read before, or its oldest entries were not in it then."""
        return known is None or not self._run.ledger.frontier.known([c.url for c in oldest_entries(found)])

    def _unread(self, read: SitemapRead, asked: str) -> str:
        """Of a listing that was not had to its end, what lies behind is not known."""
        if not read.torn and not read.cut:
            return ""
        why = f"only the first {MAX_UNPACKED} bytes were read" if read.cut else "it breaks off before its end"
        self._run.gap(f"{asked}: {why}, so entries may have been missed")
        return f"{why}, so entries may have been missed"

    def _as_read(self, page: Page, asked: str, read: SitemapRead) -> Listing:
        window, etag, modified = self._run.study.window, page.etag, page.last_modified
        if read.torn or _is_another_day(page):
            # The next run asks for it whole: for its end, or for dates that were to come by a wrong clock.
            etag = modified = None
        return Listing(asked, etag, modified, window.first, window.last, read.sitemaps)

    def _note_left(self) -> None:
        """One row for all that were left: a trap names more than anyone wants to have."""
        outlet, queue, told = self._state.outlet, self._queue, []
        home = f"http://{outlet.domain}/"
        if left := len(queue):
            told.append(
                f"{left} sitemaps left for the next run, {queue.never_asked} of them never asked yet: "
                f"no run asks an outlet for more than {MAX_LISTINGS} feeds and sitemaps"
            )
            self._run.gap(f"{home}: {told[0]}")
        if refused := self._refused + queue.refused:
            told.append(
                f"{refused} further ones left: nested deeper than {MAX_SITEMAP_DEPTH}, more than "
                f"{MAX_LISTINGS} in sources.toml, or not addresses of the web"
            )
        if told:
            self._run.note_left(outlet.id, home, "sitemap", "; ".join(told))


def _is_another_day(page: Page) -> bool:
    """Whether a server's clock and ours are days apart: one of them is wrong, and ours judges all dates."""
    try:
        theirs = parsedate_to_datetime(page.headers.get("date", ""))
    except ValueError:
        return False
    return abs(theirs.replace(tzinfo=None) - page.fetched_at) > 2 * _SLACK


def _without_address(read: SitemapRead) -> str:
    return f", {read.nameless} more without an address" if read.nameless else ""
