"""Asks an outlet for its feeds and sitemaps, and reads what they name."""

from collections import deque
from collections.abc import Callable, Container, Iterator, Sequence
from datetime import timedelta

from scrapy import Request
from scrapy.http import Response
from twisted.python.failure import Failure

from crawler.discovery.candidate import Candidate, is_web_address
from crawler.discovery.feeds import next_page, oldest_entries, read_feed
from crawler.discovery.sitemaps import MAX_UNPACKED, SitemapRead, of_window, read_sitemap
from crawler.discovery.xml import as_utf8, breaks_off
from crawler.fetch import judge
from crawler.fetch.failures import outcome_of
from crawler.fetch.run import Run, header, request_of, validators
from crawler.fetch.sitemap_queue import MAX_SITEMAP_DEPTH, SitemapQueue
from crawler.fetch.state import OutletState
from crawler.outcomes import Outcome
from crawler.store.ledger import Listing

# Listings asked of one outlet in a run; a window of a year is some hundred monthly or weekly sitemaps.
# What is left is for the runs that follow.
MAX_LISTINGS = 500
# Candidates held in memory: undated archives name millions, at some 300 bytes each and ten times that on the
# way into the store.
_HELD = 20_000
# Zones differ by up to 14 hours.
_SLACK = timedelta(days=1)


class Listings:
    """The feeds and sitemaps of a run; `done` is called as each one ends."""

    def __init__(self, run: Run, done: Callable[[OutletState], None]) -> None:
        self._run = run
        self._done = done
        self._named: dict[str, deque[tuple[str, str]]] = {}
        self._queues: dict[str, SitemapQueue] = {}

    def ask(self, state: OutletState) -> Iterator[Request]:
        """Ask for all that sources.toml names, one after another.

        What waits for its turn in Scrapy's queue would still be asked of a host that tells us to stop.
        """
        listed = (("feed", state.outlet.feeds), ("sitemap", state.outlet.sitemaps))
        self._named[state.outlet.id] = deque((url, kind) for kind, urls in listed for url in urls)
        yield from self._ask_next(state)

    def _ask(self, state: OutletState, url: str, kind: str, depth: int = 0) -> Iterator[Request]:
        if url in state.listings:
            return
        if len(state.listings) == MAX_LISTINGS or not is_web_address(url):
            state.listings_left += 1
            return
        state.listings.add(url)
        state.open_listings += 1
        known = self._run.ledger.listing(url)
        window = self._run.study.window
        same_window = known is not None and (known.first, known.last) == (window.first, window.last)
        headers = validators(known.etag, known.last_modified) if known and same_window else {}
        # The protocol lets a sitemap be larger than a study lets a page be.
        most = max(self._run.study.crawl.max_bytes, MAX_UNPACKED if kind == "sitemap" else 0)
        yield self._run.request(
            url, state.outlet.id, kind, self.on_listing, self.on_failure,
            headers=headers, conditional=bool(headers), depth=depth, known=known, download_maxsize=most,
        )  # fmt: skip

    def _ask_next(self, state: OutletState) -> Iterator[Request]:
        """Ask for the listing that is next: those that sources.toml names, then those that indexes name."""
        named, queue = self._named[state.outlet.id], self._queues.get(state.outlet.id)
        before = len(state.listings)
        while named and before == len(state.listings):
            url, kind = named.popleft()
            yield from self._ask(state, url, kind)
        while queue and before == len(state.listings) < MAX_LISTINGS and (waiting := queue.pop()):
            url, depth = waiting
            yield from self._ask(state, url, "sitemap", depth)

    def _queue(self, state: OutletState, sitemaps: Sequence[str], first: Container[str], depth: int) -> None:
        if not sitemaps:
            return
        if state.outlet.id not in self._queues:
            self._queues[state.outlet.id] = SitemapQueue(self._run.ledger.sitemaps_asked(state.outlet.id))
        self._queues[state.outlet.id].add(sitemaps, first, depth)

    def on_listing(self, response: Response) -> Iterator[Request]:
        """Read a feed or sitemap."""
        meta = response.meta
        state, kind, known = self._run.states[meta["outlet_id"]], meta["kind"], meta["known"]
        state.answered = True
        outcome, detail = judge.by_status(response.status) or (Outcome.LISTING, "")
        if outcome is Outcome.NOT_MODIFIED and not meta["conditional"]:
            outcome, detail = Outcome.SERVER_ERROR, judge.NOBODY_ASKED
        if outcome is Outcome.NOT_MODIFIED:
            first = of_window(known.further, self._run.study.window)
            self._queue(state, known.further, first, meta["depth"] + 1)
            state.listings_read.append(known)
        elif outcome is Outcome.LISTING:
            read, detail = self._read(response, state, kind)
            if read is None:
                outcome = Outcome.EXTRACTION_FAILED
            else:
                if further := self._older(response, state, read.candidates):
                    self._named[state.outlet.id].appendleft((further, kind))
                    detail += f"; goes on at {further}"
                else:
                    detail += self._gap(read.candidates, kind, known)
                detail += self._unread(read, meta["asked"])
                state.find(read.candidates)
                if len(state.found) > _HELD:
                    # Before the listings that named them, which are read again if the run ends here.
                    self._run.ledger.offer(state.found.values(), self._run.study.window)
                    state.found.clear()
                state.listings_read.append(self._as_read(response, read))
                self._queue(state, read.sitemaps, read.of_window, meta["depth"] + 1)
        if outcome not in {Outcome.LISTING, Outcome.NOT_MODIFIED}:
            state.failures.append(f"{meta['asked']}: {detail}")
        self._run.note(request_of(response), outcome, detail, response)
        yield from self._ask_next(state)
        self._done(state)

    def _read(self, response: Response, state: OutletState, kind: str) -> tuple[SitemapRead | None, str]:
        if kind == "feed":
            found = read_feed(response.body, response.url, state.outlet.id)
            if found is None:
                return None, "not a feed"
            read = SitemapRead(found, nameless=found.nameless, torn=breaks_off(as_utf8(response.body)))
            return read, f"{len(found)} entries{_without_address(read)}"
        sitemap = read_sitemap(response.body, response.url, state.outlet.id, self._run.study.window)
        if sitemap is None:
            return None, "not a sitemap"
        entries, further = len(sitemap.candidates), len(sitemap.sitemaps)
        told = f"{entries} entries, {sitemap.pruned} outside the window, {further} further sitemaps"
        return sitemap, told + _without_address(sitemap)

    def _older(self, response: Response, state: OutletState, found: list[Candidate]) -> str:
        """Where a feed goes on, if what is there may be of the window and new to us; else ""."""
        window, known = self._run.study.window, response.meta["known"]
        if known is not None and (known.first, known.last) != (window.first, window.last):
            known = None  # how far back it was followed then says nothing
        if response.meta["kind"] != "feed" or not self._are_new(found, known):
            return ""
        young = any(c.published is None or c.published.date() >= window.first - _SLACK for c in found)
        # One that comes back to what it has named already would not end by itself.
        repeats = all(c.url in state.found for c in found)
        return next_page(response.body, response.url) if young and not repeats else ""

    def _gap(self, found: list[Candidate], kind: str, known: Listing | None) -> str:
        """A feed holds its last entries only: where the oldest are new to us, some were missed."""
        if kind != "feed" or known is None or not found or not self._are_new(found, known):
            return ""
        self._run.gap(
            f"{known.url}: the entries that were oldest in it were new, so some may have been missed"
        )
        return "; gap: its oldest entries were new, so entries since the last run may have been missed"

    def _are_new(self, found: list[Candidate], known: Listing | None) -> bool:
        """Whether a feed was never read before, or its oldest entries were not in it then."""
        return known is None or not self._run.ledger.frontier.known([c.url for c in oldest_entries(found)])

    def _unread(self, read: SitemapRead, asked: str) -> str:
        """Of a listing that was not had to its end, what lies behind is not known."""
        if not read.torn and not read.cut:
            return ""
        why = f"only the first {MAX_UNPACKED} bytes were read" if read.cut else "it breaks off before its end"
        self._run.gap(f"{asked}: {why}, so entries may have been missed")
        return f"; gap: {why}, so entries may have been missed"

    def _as_read(self, response: Response, read: SitemapRead) -> Listing:
        window = self._run.study.window
        etag, modified = header(response, "ETag"), header(response, "Last-Modified")
        if read.torn:
            etag = modified = None  # the next run asks for it whole
        return Listing(response.meta["asked"], etag, modified, window.first, window.last, read.sitemaps)

    def on_failure(self, failure: Failure) -> Iterator[Request]:
        """Note a listing that could not be had; the outlet's other ways go on."""
        request: Request = failure.request  # type: ignore[attr-defined]
        state = self._run.states[request.meta["outlet_id"]]
        outcome, detail = outcome_of(failure)
        state.failures.append(f"{request.meta['asked']}: {detail}")
        self._run.note(request, outcome, detail)
        yield from self._ask_next(state)
        self._done(state)

    def note_left(self, state: OutletState) -> None:
        """One row for all that were left: a trap names more than anyone wants to have."""
        home, queue = f"http://{state.outlet.domain}/", self._queues.pop(state.outlet.id, SitemapQueue({}))
        told = []
        if left := len(queue):
            told.append(
                f"{left} sitemaps left for the next run, {queue.never_asked} of them never asked yet: "
                f"no run asks an outlet for more than {MAX_LISTINGS} feeds and sitemaps"
            )
            self._run.gap(f"{home}: {told[0]}")
        if refused := state.listings_left + queue.refused:
            told.append(
                f"{refused} further ones left: nested deeper than {MAX_SITEMAP_DEPTH}, more than "
                f"{MAX_LISTINGS} in sources.toml, or not addresses of the web"
            )
        if told:
            self._run.note_left(state.outlet.id, home, "sitemap", "; ".join(told))


def _without_address(read: SitemapRead) -> str:
    return f", {read.nameless} more without an address" if read.nameless else ""
