"""Leaves what takes too long: hosts that answer nothing, outlets and runs whose time is over.

What is left is told as a gap, and the next run takes it up: nothing is called gone for it.
"""

from collections import Counter
from collections.abc import Callable, Mapping
from time import monotonic

from gossi.crawler.capture.captured import Page
from gossi.crawler.crawl.asking import Ask, Question, Unanswered
from gossi.crawler.outcomes import Outcome
from gossi.crawler.study.sources import Outlet, Study
from gossi.crawler.web.urls import server_of

MOST_TIMEOUTS = 3
"""Questions in a row without an answer after which a host is left: with their repetitions nine requests, or
four minutes and a half."""

_HOUR = 3600.0


class Patience:
    """Asks as `ask` does, as long as there is time and the host answers."""

    def __init__(
        self,
        ask: Ask,
        study: Study,
        outlets: Mapping[str, Outlet],
        tell: Callable[[str], None],
        clock: Callable[[], float] = monotonic,
    ) -> None:
        self._ask = ask
        self._outlets = outlets
        self._tell = tell
        self._clock = clock
        self._hours = study.crawl.max_hours
        self._end = clock() + self._hours * _HOUR
        self._outlet_ends: dict[str, float] = {}
        self._timeouts: Counter[str] = Counter()
        self._left: dict[str, str] = {}

    async def ask(self, question: Question) -> Page:
        """Ask the web. Raises Unanswered, with the outcome `limit` where it is not to be asked any more."""
        server = server_of(question.url)
        if why := self.over(question.outlet_id) or self._left.get(server, ""):
            raise Unanswered(Outcome.LIMIT, why)
        try:
            page = await self._ask(question)
        except Unanswered as failure:
            if failure.outcome is Outcome.TIMEOUT:
                self._note_timeout(server)
            elif failure.outcome is not Outcome.UNREACHABLE:
                self._timeouts.pop(server, None)
            raise
        self._timeouts.pop(server, None)
        return page

    def over(self, outlet_id: str) -> str:
        """Why nothing more is asked for an outlet, "" where there is time."""
        now = self._clock()
        outlet = self._outlets.get(outlet_id)
        hours = outlet.max_hours if outlet else None
        if hours is not None and now >= self._outlet_ends.setdefault(outlet_id, now + hours * _HOUR):
            return self._once(outlet_id, f"its max_hours, {hours:g}, are over; the next run goes on")
        if now >= self._end:
            return self._once(
                "*", f"max_hours of [study.crawl], {self._hours:g}, are over; the next run goes on"
            )
        return ""

    def is_left(self, server: str) -> bool:
        """Whether a host was left, for it answers nothing."""
        return server in self._left

    def _note_timeout(self, server: str) -> None:
        self._timeouts[server] += 1
        if self._timeouts[server] >= MOST_TIMEOUTS:
            self._once(
                server,
                f"answered nothing in time, {MOST_TIMEOUTS} times in a row, and is left for the next run",
            )

    def _once(self, name: str, why: str) -> str:
        if name not in self._left:
            self._left[name] = why
            self._tell(why if name == "*" else f"{name}: {why}")
        return why
