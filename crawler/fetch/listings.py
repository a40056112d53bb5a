"""Asks an outlet for its feeds and sitemaps, and reads what they name."""

from collections.abc import Callable, Iterator

from scrapy import Request
from scrapy.http import Response
from twisted.python.failure import Failure

from crawler.discovery.candidate import Candidate, is_web_address
from crawler.discovery.feeds import read_feed
from crawler.discovery.sitemaps import MAX_UNPACKED, read_sitemap
from crawler.fetch import judge
from crawler.fetch.failures import outcome_of
from crawler.fetch.run import Run, header, request_of, validators
from crawler.fetch.state import OutletState
from crawler.outcomes import Outcome
from crawler.store.ledger import Listing

# Indexes of indexes of sitemaps: the protocol forbids even two levels; deeper is a trap.
MAX_SITEMAP_DEPTH = 3
# Listings asked of one outlet in a run; a window of a year is some hundred monthly or weekly sitemaps.
MAX_LISTINGS = 500


class Listings:
    """The feeds and sitemaps of a run; `done` is called as each one ends."""

    def __init__(self, run: Run, done: Callable[[OutletState], None]) -> None:
        self._run = run
        self._done = done

    def ask(self, state: OutletState) -> Iterator[Request]:
        """Ask for all that sources.toml names."""
        for kind, urls in (("feed", state.outlet.feeds), ("sitemap", state.outlet.sitemaps)):
            for url in urls:
                yield from self._ask(state, url, kind)

    def _ask(self, state: OutletState, url: str, kind: str, depth: int = 0) -> Iterator[Request]:
        if url in state.listings:
            return
        if len(state.listings) == MAX_LISTINGS or depth > MAX_SITEMAP_DEPTH or not is_web_address(url):
            state.listings_left += 1
            return
        state.listings.add(url)
        state.open_listings += 1
        known = self._run.ledger.listing(url)
        window = self._run.study.window
        same_window = known is not None and (known.first, known.last) == (window.first, window.last)
        headers = validators(known.etag, known.last_modified) if known and same_window else {}
        yield self._run.request(
            url, state.outlet.id, kind, self.on_listing, self.on_failure,
            headers=headers, depth=depth, known=known,
        )  # fmt: skip

    def on_listing(self, response: Response) -> Iterator[Request]:
        """Read a feed or sitemap."""
        meta = response.meta
        state, kind, known = self._run.states[meta["outlet_id"]], meta["kind"], meta["known"]
        state.answered = True
        outcome, detail = judge.by_status(response.status) or (Outcome.LISTING, "")
        further: list[str] = []
        if outcome is Outcome.NOT_MODIFIED and known is not None:
            further = list(known.further)
            state.listings_read.append(known)
        elif outcome is Outcome.LISTING:
            found, further, detail = self._read(response, state, kind)
            if found is None:
                outcome = Outcome.EXTRACTION_FAILED
            else:
                detail += self._gap(found, kind, known)
                state.find(found)
                state.listings_read.append(self._as_read(response, further))
        if outcome not in {Outcome.LISTING, Outcome.NOT_MODIFIED}:
            state.failures.append(f"{meta['asked']}: {detail}")
        self._run.note(request_of(response), outcome, detail, response)
        for url in further:
            yield from self._ask(state, url, kind, meta["depth"] + 1)
        self._done(state)

    def _read(
        self, response: Response, state: OutletState, kind: str
    ) -> tuple[list[Candidate] | None, list[str], str]:
        if kind == "feed":
            found = read_feed(response.body, response.url, state.outlet.id)
            return found, [], "not a feed" if found is None else f"{len(found)} entries"
        read = read_sitemap(response.body, response.url, state.outlet.id, self._run.study.window)
        if read is None:
            return None, [], "not a sitemap"
        entries, further = len(read.candidates), len(read.sitemaps)
        detail = f"{entries} entries, {read.pruned} outside the window, {further} further sitemaps"
        if read.cut:
            detail += f"; only the first {MAX_UNPACKED} bytes were read"
        return read.candidates, read.sitemaps, detail

    def _gap(self, found: list[Candidate], kind: str, known: Listing | None) -> str:
        """A feed holds its last entries only: where none is known since the last poll, some were missed."""
        if (
            kind != "feed"
            or known is None
            or not found
            or self._run.ledger.frontier.known([c.url for c in found])
        ):
            return ""
        self._run.gap(f"{known.url}: none of its entries was known, so some may have been missed")
        return "; gap: none of them was known, so entries since the last run may have been missed"

    def _as_read(self, response: Response, further: list[str]) -> Listing:
        window = self._run.study.window
        etag, modified = header(response, "ETag"), header(response, "Last-Modified")
        return Listing(response.meta["asked"], etag, modified, window.first, window.last, further)

    def on_failure(self, failure: Failure) -> None:
        """Note a listing that could not be had; the outlet's other ways go on."""
        request: Request = failure.request  # type: ignore[attr-defined]
        state = self._run.states[request.meta["outlet_id"]]
        outcome, detail = outcome_of(failure)
        state.failures.append(f"{request.meta['asked']}: {detail}")
        self._run.note(request, outcome, detail)
        self._done(state)

    def note_left(self, state: OutletState) -> None:
        """One row for all that were left: a trap names more than anyone wants to have."""
        if not state.listings_left:
            return
        detail = (
            f"{state.listings_left} further ones left: more than {MAX_LISTINGS}, nested deeper than "
            f"{MAX_SITEMAP_DEPTH}, or not addresses of the web"
        )
        self._run.note_left(state.outlet.id, f"http://{state.outlet.domain}/", "sitemap", detail)
