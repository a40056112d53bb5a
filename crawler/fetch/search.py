"""Asking a service (archive, GDELT) for pages: what the searches have in common."""

from abc import ABC, abstractmethod
from collections.abc import Callable, Sequence
from datetime import timedelta
from urllib.parse import urlsplit

from scrapy import Request
from scrapy.http import Response
from twisted.python.failure import Failure

from crawler.fetch import judge
from crawler.fetch.failures import outcome_of
from crawler.fetch.run import EVERY_OUTLET, Run, request_of
from crawler.fetch.state import OutletState
from crawler.outcomes import Outcome
from crawler.store.ledger import Listing
from crawler.store.store import utc_now
from crawler.study import Outlet, Searched

Done = Callable[[OutletState], None]

# Bytes of an answer: some ten thousand rows.
_MAX_ANSWER = 20_000_000
# Answers to one question, each leading to the next: a server that never comes to an end is left.
MAX_ANSWERS = 200


class Search(ABC):
    """A way of finding pages that asks another server than the outlet's.

    `done` is called for an outlet as each of its questions ends. A question that is not answered is a gap of
    the run, never a failure of the outlet.
    """

    kind: str

    def __init__(self, run: Run, settings: Searched, done: Done) -> None:
        self.run = run
        self.settings = settings
        self.done = done

    def ask(self, state: OutletState | None, address: str, **meta: object) -> None:
        """Ask on behalf of an outlet, or (None) of all."""
        for waiting in self._on_behalf(state):
            waiting.open_searches += 1
        request = self.run.request(
            address,
            state.outlet.id if state else EVERY_OUTLET,
            self.kind,
            self.on_answer,
            self.on_failure,
            download_timeout=self.settings.timeout,
            download_maxsize=_MAX_ANSWER,
            **meta,  # type: ignore[arg-type]
        )
        self.run.services.ask(request)

    def _on_behalf(self, state: OutletState | None) -> Sequence[OutletState]:
        return [state] if state else list(self.run.states.values())

    def _state(self, request: Request) -> OutletState | None:
        return self.run.states.get(request.meta["outlet_id"])

    def on_answer(self, response: Response) -> None:
        """Read an answer; asking further is up to `read`."""
        request = request_of(response)
        outcome, detail = self.judge(response) or self.read(response, self._state(request))
        self.run.note(request, outcome, detail, response)
        if outcome is not Outcome.LISTING:
            self.run.unanswered(urlsplit(request.url).netloc, outcome, detail)
        self._ended(request)

    def on_failure(self, failure: Failure) -> None:
        """Note a question that was not answered."""
        request: Request = failure.request  # type: ignore[attr-defined]
        outcome, detail = outcome_of(failure)
        self.run.note(request, outcome, detail)
        self.run.unanswered(urlsplit(request.url).netloc, outcome, detail)
        self._ended(request)

    def _ended(self, request: Request) -> None:
        for waiting in self._on_behalf(self._state(request)):
            waiting.open_searches -= 1
            self.done(waiting)

    def judge(self, response: Response) -> tuple[Outcome, str] | None:
        """The outcome of an answer that is not to be read."""
        return judge.by_status(response.status)

    @abstractmethod
    def read(self, response: Response, state: OutletState | None) -> tuple[Outcome, str]:
        """Take in what an answer names and ask on; gives the outcome and a word on it."""

    # A finished search is noted as a listing, so that it is made again only after a while

    def finished_lately(self, address: str) -> bool:
        """Whether this question was answered to its end not long ago, for the same window."""
        known, window = self.run.ledger.listing(address), self.run.study.window
        if known is None or (known.first, known.last) != (window.first, window.last):
            return False
        read = self.run.ledger.last_read(address)
        return read is not None and utc_now() - read < timedelta(days=self.settings.again_after)

    def finished(self, address: str, state: OutletState) -> None:
        """Note that a question was answered to its end; it lands together with the candidates."""
        window = self.run.study.window
        state.searches_read.append(Listing(address, None, None, window.first, window.last, []))


def places(own: list[str] | None, outlet: Outlet, *, everywhere: bool) -> list[str]:
    """Where an archive is searched for an outlet: what it names itself, else all its domains."""
    if own is not None:
        return own
    return outlet.domains if everywhere else []
