"""Asking a server that all outlets share (archive, GDELT) for pages: what the searches have in common."""

from asyncio import Event
from collections.abc import Awaitable, Callable, Mapping
from datetime import timedelta

from gossi.crawler.capture.captured import Page
from gossi.crawler.crawl.asking import Question, Unanswered
from gossi.crawler.crawl.run import Run
from gossi.crawler.outcomes import Outcome
from gossi.crawler.page.verdict import by_status
from gossi.crawler.store.ledger import Listing
from gossi.crawler.store.store import utc_now
from gossi.crawler.study.sources import Outlet, Searched

# Bytes of an answer: some ten thousand rows.
_MAX_ANSWER = 20_000_000
# Answers to one question, each leading to the next: a server that never comes to an end is left.
MAX_ANSWERS = 200


class Search:
    """A way of finding pages that asks another server than the outlet's.

    A question that is not answered is a gap of the run, never a failure of the outlet.
    """

    kind: str

    def __init__(self, run: Run, settings: Searched) -> None:
        self.run = run
        self.settings = settings
        self._asking_first = len(run.states)
        self._all_have_asked = Event()

    def question(self, outlet_id: str, address: str, asked: str = "", about: str = "") -> Question:
        """A question on behalf of an outlet, `about` a place that is searched.

        `asked` is what it is noted under where that is another URL.
        """
        timeout, most = self.settings.timeout, _MAX_ANSWER
        return Question(address, outlet_id, self.kind, asked, timeout=timeout, max_bytes=most, about=about)

    async def in_turn(self, questions: Mapping[str, Callable[[], Awaitable[None]]]) -> None:
        """Ask an outlet's questions, by address: last of all those that had no answer the last time.

        To be called once for each outlet: what failed waits until every outlet has asked its others.
        """
        failed = {address for address in questions if self.run.ledger.failed_by(address)}
        for address, ask in questions.items():
            if address not in failed:
                await ask()
        self._asking_first -= 1
        if not self._asking_first:
            self._all_have_asked.set()
        if failed:
            await self._all_have_asked.wait()
        for address in questions:
            if address in failed:
                await questions[address]()

    async def answer(self, question: Question) -> Page | Outcome:
        """Ask, and give an answer that is to be read; where it is none, which is noted, its outcome."""
        try:
            page = await self.run.ask_shared(question)
        except Unanswered as failure:
            self.run.note_unanswered(question, failure)
            self.run.unanswered(question, failure.outcome, failure.detail)
            return failure.outcome
        if refused := self.judge(page):
            self.note(question, page, *refused)
            return refused[0]
        return page

    def note(self, question: Question, page: Page, outcome: Outcome, detail: str) -> None:
        """Note what an answer was; what could not be read, or not to its end, is a gap."""
        self.run.note(question, outcome, detail, page)
        if outcome is not Outcome.LISTING:
            self.run.unanswered(question, outcome, detail)

    def judge(self, page: Page) -> tuple[Outcome, str] | None:
        """The outcome of an answer that is not to be read."""
        return by_status(page.status)

    # A finished search is noted as a listing, so that it is made again only after a while

    def finished_lately(self, address: str) -> bool:
        """Whether this question was answered to its end not long ago, for the same window."""
        known, window = self.run.ledger.listing(address), self.run.study.window
        if known is None or (known.first, known.last) != (window.first, window.last):
            return False
        read = self.run.ledger.last_read(address)
        return read is not None and utc_now() - read < timedelta(days=self.settings.again_after)

    def finished(self, address: str) -> Listing:
        """What notes that a question was answered to its end; to be landed together with the candidates."""
        window = self.run.study.window
        return Listing(address, None, None, window.first, window.last, [])


def places(own: list[str] | None, outlet: Outlet, *, everywhere: bool) -> list[str]:
    """Where an archive is searched for an outlet: what it names itself, else all its domains."""
    if own is not None:
        return own
    return outlet.domains if everywhere else []
