"""Asks for the pages of an outlet, judges them, and writes down in their order what came of them."""

from asyncio import Future, TaskGroup, get_running_loop
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from typing import NamedTuple
from urllib.parse import urljoin

from gossi.crawler.capture.captured import Page
from gossi.crawler.capture.warc import Kept
from gossi.crawler.crawl.asking import Question, Unanswered, validators
from gossi.crawler.crawl.outlet_state import OutletState
from gossi.crawler.crawl.run import Run, row
from gossi.crawler.discovery import archived, commoncrawl
from gossi.crawler.outcomes import Outcome
from gossi.crawler.page.ledger_entry import Result, attributed, write_down
from gossi.crawler.page.soft_404 import is_wall, probe_path
from gossi.crawler.page.verdict import Judge
from gossi.crawler.store.frontier import USELESS, Due
from gossi.crawler.web.urls import host_of, server_of

# With this header an archive answers as the page's own server once did, refusals included (RFC 7089).
_CAPTURED = "memento-datetime"


class Pages:
    """The pages of an outlet in a run."""

    def __init__(self, run: Run, state: OutletState, judge: Judge) -> None:
        self._run = run
        self._state = state
        self._judge = judge
        self._probed: set[str] = set()
        self._probes: dict[str, bytes] = {}

    async def take(self, due: Sequence[Due], others: Mapping[str, Sequence[str]] | None = None) -> None:
        """Take in pages, after a probe where they come from the outlet itself.

        `others` is URL → where an archive has further captures of it, to be tried where it cannot replay one
        or kept a wall.
        """
        if live := next((page for page in due if not page.archived), None):
            # An archive may have kept the outlet's error page, so its pages wait too.
            await self._probe(live.url)
        loop = get_running_loop()
        places = [_Place(page, (others or {}).get(page.url, ()), loop.create_future()) for page in due]
        async with TaskGroup() as group:
            for lane in _lanes(places):
                group.create_task(self._ask_each(lane, group))
            # Extraction ends in another order than it began; which of two URLs of an article counts must not
            # depend on that.
            for place in places:
                self._write(await place.result)

    async def _ask_each(self, lane: Sequence["_Place"], group: TaskGroup) -> None:
        """Ask for each page when the one before has come, redirects and retries included.

        One after another, captures stand in the order in which pages are due, so that a crawl that was killed
        goes on where it was. The next is asked for while one is judged.
        """
        for place in lane:
            await self._run.room.is_there()
            if not place.due.archived:
                await self._probe(place.due.url)
            asked = await self._ask(place.due)
            group.create_task(self._settle(place, asked))

    async def _ask(self, due: Due) -> "_Asked":
        question = self._question(due)
        try:
            page = await (self._run.ask_shared if due.archived else self._run.ask)(question)
        except Unanswered as failure:
            return _Asked(due, question, failure)
        return _Asked(due, question, page)

    def _question(self, due: Due) -> Question:
        if not due.archived:
            headers = validators(due.etag, due.last_modified)
            return Question(due.url, self._state.outlet.id, "page", headers=headers)
        if record := commoncrawl.byte_range(due.archived):
            # Compressed as it is: a second encoding around it would change the bytes.
            headers = {"Range": record[1], "Accept-Encoding": "identity"}
            return Question(record[0], self._state.outlet.id, "page", due.url, headers)
        return Question(due.archived, self._state.outlet.id, "page", due.url)

    async def _settle(self, place: "_Place", asked: "_Asked") -> None:
        """Judge a page; where an archive's capture is of no use, the others in turn."""
        result = await self._judged(asked)
        for address in place.others:
            if result.outcome not in USELESS:
                break
            self._run.ledger.attempt(outcome=result.outcome, detail=result.detail, **result.attempt)
            self._run.ledger.frontier.archived(place.due.url, address)
            result = await self._judged(await self._ask(result.due._replace(archived=address)))
        place.result.set_result(result)

    async def _judged(self, asked: "_Asked") -> Result:
        due, question, answer = asked
        if isinstance(answer, Unanswered):
            return self._unanswered(due, question, answer)
        with self._run.room.taken(len(answer.body)):
            return await self._answered(due, question, answer)

    def _unanswered(self, due: Due, question: Question, failure: Unanswered) -> Result:
        outcome, detail = failure.outcome, failure.detail
        if due.archived and outcome in {Outcome.REFUSED, Outcome.ROBOTS}:
            return self._refused(due, question, detail, kept=failure.kept)
        via = "live"
        if due.archived:
            via = archived.via(self._run.study, question.url)
            self._run.unanswered(question, outcome, detail)
        else:
            # Forbidden after an answer: that one led there.
            led_there = outcome is Outcome.FORBIDDEN_ADDRESS and failure.kept is not None
            if led_there or outcome in {Outcome.TOO_LARGE, Outcome.NOT_HTML}:
                self._state.answered = True
            self._state.failures.append(f"{due.url}: {detail}")
        return Result(due, outcome, detail, row(question, kept=failure.kept, via=via))

    async def _answered(self, due: Due, question: Question, captured: Page) -> Result:
        """What a page is, extracted where its answer does not decide."""
        case = self._judge.hear(
            captured,
            due.url,
            archived=due.archived,
            if_changed=due.asked_if_changed,
            error_page=self._probes.get,
        )
        if case.archive == "live":
            self._state.answered = True
        else:
            self._state.in_archive |= captured.status < 400
        verdict = case.decided
        refused = verdict is not None and verdict.outcome is Outcome.REFUSED and case.archive != "live"
        if verdict and refused and _CAPTURED not in captured.headers and captured.status != 206:
            return self._refused(due, question, verdict.detail, captured)
        if verdict is None:
            text = await case.handed_to(self._run.extract)
            verdict = case.decide(text, self._run.ledger.frontier.hint(due, case.page.url))
        return Result.of(due, case, verdict, row(question, captured, via=case.archive))

    def _refused(
        self, due: Due, question: Question, detail: str, page: Page | None = None, kept: Kept | None = None
    ) -> Result:
        """What an archive refuses, its outlet has not refused: the page could not be had of the archive."""
        self._run.unanswered(question, Outcome.REFUSED, detail)
        told = f"refused by {host_of(question.url)}, not by the outlet: {detail}"
        columns = row(question, page, kept=kept, via=archived.via(self._run.study, question.url))
        return Result(due, Outcome.UNREACHABLE, told, columns)

    def _write(self, result: Result) -> None:
        outlet_id = attributed(
            self._run.sources, self._state.outlet.id, result.attempt["final_url"], result.due.url
        )
        outcome = write_down(self._run.ledger, result, outlet_id)
        self._run.progress.settle(self._state.outlet.id, outcome)
        self._run.show_progress()

    async def _probe(self, url: str) -> None:
        """Learn what a host shows for what does not exist, once: each shows a page of its own."""
        host = host_of(url)
        if host in self._probed:
            return
        self._probed.add(host)
        outlet_id = self._state.outlet.id
        question = Question(urljoin(url, probe_path(outlet_id)), outlet_id, "probe", retried=False)
        try:
            page = await self._run.ask(question)
        except Unanswered as failure:
            # Without a probe, pages are judged by what they are.
            self._run.note_unanswered(question, failure)
            return
        self._state.answered = True
        if page.status == 200 and not is_wall(await self._run.extract(page.body, page.url, page.charset)):
            self._probes[host_of(page.url)] = page.body
        detail = f"HTTP {page.status} for a URL that cannot exist"
        self._run.note(question, Outcome.LISTING, detail, page)


class _Place(NamedTuple):
    """A page in the order of those that are due, where further captures of it are, and what came of it."""

    due: Due
    others: Sequence[str]
    result: "Future[Result]"


class _Asked(NamedTuple):
    """What was asked for a page, and the page or why there is none."""

    due: Due
    question: Question
    answer: Page | Unanswered


def _lanes(places: Iterable[_Place]) -> Iterable[Sequence[_Place]]:
    """The pages that are asked for one after another: those of the outlet itself, those of each archive."""
    lanes = defaultdict[str, list[_Place]](list)
    for place in places:
        lanes[server_of(place.due.archived) if place.due.archived else ""].append(place)
    return lanes.values()
