"""One run of the spider: where each outlet stands, how requests are made, how what came of them is noted."""

from collections import Counter
from collections.abc import Callable
from hashlib import sha256
from typing import Any

from scrapy import Request
from scrapy.http import Response

from crawler.capture.warc import Kept
from crawler.fetch.progress import Progress
from crawler.fetch.services import Services
from crawler.fetch.state import OutletState
from crawler.outcomes import Outcome
from crawler.store.ledger import Ledger
from crawler.study import Outlet, Sources, Study

EVERY_OUTLET = "*"
"""Stands for the outlet where a request is made for all of them at once; no id can be so written."""

Callback = Callable[..., Any]


class Run:
    """What every part of the spider works on.

    `unlisted` are the hosts of pages that were found, but whose outlet is not in sources.toml.
    """

    def __init__(  # noqa: PLR0913 - what a run has at hand
        self,
        *,
        study: Study,
        sources: Sources,
        outlets: list[Outlet],
        ledger: Ledger,
        on_progress: Callable[[Progress], None],
        send: Callable[[Request], None],
    ) -> None:
        self.study = study
        self.sources = sources
        self.ledger = ledger
        self.states = {outlet.id: OutletState(outlet) for outlet in outlets}
        self.progress = Progress(len(outlets))
        self.services = Services(send)
        self.unlisted: list[str] = []
        self._on_progress = on_progress
        self._gaps: list[str] = []
        self._unanswered: Counter[tuple[str, str]] = Counter()

    @property
    def gaps(self) -> list[str]:
        """What this run cannot have seen, a line each."""
        return [
            *self._gaps,
            *(
                f"{server}: {why} ({count} request{'s' if count > 1 else ''})"
                for (server, why), count in sorted(self._unanswered.items())
            ),
        ]

    def gap(self, line: str) -> None:
        """Note something that may have been missed."""
        self._gaps.append(line)

    def unanswered(self, server: str, outcome: Outcome, why: str) -> None:
        """Note that a service did not answer a question, or not to its end; the run goes on without."""
        if outcome is Outcome.ROBOTS:
            why = f"{why}; services are not asked against their robots.txt either, see docs/sources.md"
        self._unanswered[server, why] += 1

    def request(  # noqa: PLR0913 - what a request is made of
        self,
        url: str,
        outlet_id: str,
        kind: str,
        callback: Callback,
        errback: Callback,
        *,
        asked: str = "",
        headers: dict[str, str] | None = None,
        **meta: Any,
    ) -> Request:
        """A request of a kind; `asked` is what it is noted under where that is not the URL itself."""
        meta |= {"outlet_id": outlet_id, "kind": kind, "asked": asked or url}
        return Request(url, callback, headers=headers, meta=meta, errback=errback, dont_filter=True)

    def note(self, request: Request, outcome: Outcome, detail: str, response: Response | None = None) -> None:
        """Note what came of a request that is no page."""
        self.progress.outcomes[outcome.value] += 1
        self.ledger.attempt(outcome=outcome, detail=detail, **self.row(request, response))

    def note_left(self, outlet_id: str, url: str, kind: str, detail: str) -> None:
        """Note what was not asked for, and why."""
        self.progress.outcomes[Outcome.LIMIT.value] += 1
        self.ledger.attempt(outlet_id=outlet_id, kind=kind, url=url, outcome=Outcome.LIMIT, detail=detail)

    def note_robots(self, request: Request, response: Response | None, refusal: str) -> None:
        """Note how a robots.txt answered."""
        outcome = Outcome.ROBOTS if refusal else Outcome.LISTING
        asked = request_of(response) if response else request
        self.ledger.attempt(outcome=outcome, detail=refusal, **self.row(asked, response))

    def row(self, request: Request, response: Response | None = None) -> dict[str, Any]:
        """The columns of an attempt that the request and its response, if there was one, tell."""
        kept: Kept | None = request.meta.get("kept")
        return {
            "outlet_id": request.meta["outlet_id"],
            "kind": request.meta["kind"],
            "url": request.meta["asked"],
            "final_url": None if response is None else response.url,
            "http_status": None if response is None else response.status,
            "fetched_at": None if kept is None else kept.fetched_at,
            "via": request.meta.get("via", "live"),
            "warc_file": None if kept is None else kept.warc_file,
            "warc_offset": None if kept is None else kept.warc_offset,
            "digest": None if response is None else f"sha256:{sha256(response.body).hexdigest()}",
        }

    def outlet_done(self) -> None:
        """Count an outlet of which everything was asked."""
        self.progress.outlets_done += 1
        self.show_progress()

    def show_progress(self) -> None:
        """Tell the caller's hook how far the run is."""
        self._on_progress(self.progress)

    def failed_outlets(self) -> dict[str, str]:
        """The outlets of which nothing could be learnt, each with why."""
        return {name: state.failure for name, state in self.states.items() if state.failure}


def validators(etag: str | None, last_modified: str | None) -> dict[str, str]:
    """The headers that ask whether something has changed since."""
    headers = {"If-None-Match": etag, "If-Modified-Since": last_modified}
    return {name: value for name, value in headers.items() if value}


def request_of(response: Response) -> Request:
    """The request that a response came of, after redirects."""
    assert response.request is not None  # noqa: S101 - Scrapy sets it on every response it hands over
    return response.request


def header(response: Response, name: str) -> str | None:
    """A header's value; None where it is not there."""
    value = response.headers.get(name)
    return None if value is None else value.decode("latin-1")
