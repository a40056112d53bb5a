"""The course of an outlet in a run: its listings, its pages, what archives have of it, what is gone."""

from asyncio import Event, Task, TaskGroup
from dataclasses import dataclass

from gossi.crawler.crawl.commoncrawl_search import CommonCrawlSearch
from gossi.crawler.crawl.gdelt_search import GdeltSearch
from gossi.crawler.crawl.listings import Listings
from gossi.crawler.crawl.outlet_state import OutletState
from gossi.crawler.crawl.pages import Pages
from gossi.crawler.crawl.run import Run
from gossi.crawler.crawl.wayback_search import Rescue, WaybackSearch
from gossi.crawler.discovery.pages import known_pages
from gossi.crawler.page.verdict import Judge

# Pages taken in before it is looked what is due next: some minutes of them at the usual delay.
_AT_ONCE = 100


async def crawl_outlets(run: Run) -> None:
    """Crawl all outlets of a run side by side, each in its own order.

    Raises:
        BaseExceptionGroup: our own code failed, or what it writes to; all that was under way was cancelled.
    """
    judge, gdelt = Judge(run.study), GdeltSearch(run)
    async with TaskGroup() as group:
        others = _Others(
            CommonCrawlSearch(run),
            group.create_task(gdelt.find()),
            WaybackSearch(run),
            Rescue(run),
        )
        courses = [OutletCourse(run, state, judge, others) for state in run.states.values()]
        for course in courses:
            group.create_task(course.run())
        for course in courses:
            await course.archives_read.wait()
        gdelt.land()


@dataclass(frozen=True)
class _Others:
    """Who else knows pages of an outlet. GDELT is asked for all outlets at once."""

    commoncrawl: CommonCrawlSearch
    gdelt: "Task[None]"
    wayback: WaybackSearch
    rescue: Rescue

    async def find(self, state: OutletState) -> None:
        """Find pages of an outlet in the archives, and wait for what GDELT knows of all."""
        async with TaskGroup() as group:
            group.create_task(self.commoncrawl.find(state))
            group.create_task(self.wayback.find(state))
            await self.gdelt


class OutletCourse:
    """What is asked for an outlet in a run, and in which order.

    What names the topic first; then what archives and GDELT found, as soon as that is known; then the rest.
    Archives are asked side by side with the outlet's own server. `archives_read` is set when what archives
    and GDELT named is in the ledger.
    """

    def __init__(self, run: Run, state: OutletState, judge: Judge, others: _Others) -> None:
        self._run = run
        self._state = state
        self._pages = Pages(run, state, judge)
        self._others = others
        self._left = run.study.crawl.max_pages
        self.archives_read = Event()

    async def run(self) -> None:
        """Go the whole way."""
        async with TaskGroup() as group:
            # Slower than the outlet by far, so they are searched from the beginning.
            searched = group.create_task(self._others.find(self._state))
            await self.listings()
            await self.first_pages()
            if searched.done():
                self._land()  # what archives found comes before the rest
            archives = group.create_task(self.archives(searched))
            await self.pages()
            await archives
            await self.pages()
            await self.rescue()
        self.leave()
        self._run.outlet_done()

    async def listings(self) -> None:
        """Learn of pages from sources.toml, feeds and sitemaps."""
        self._state.named.add(known_pages(self._state.outlet))
        await Listings(self._run, self._state).read()
        self._state.named.land(self._run.ledger, self._run.study.window)

    async def first_pages(self) -> None:
        """Take in what names the topic, but what only archives have of it."""
        await self._take(first_only=True)

    async def pages(self) -> None:
        """Take in what else is due of the outlet itself, and what GDELT names meanwhile."""
        await self._take()

    async def archives(self, searched: "Task[None]") -> None:
        """Take in what only archives have, and captures of pages that turned out to be gone already."""
        await searched
        self._land()
        await self._take(archived=True)
        await self.rescue(first_only=True)

    def _land(self) -> None:
        self._state.elsewhere.land(self._run.ledger, self._run.study.window)
        self.archives_read.set()

    async def rescue(self, *, first_only: bool = False) -> None:
        """Take in captures of pages that turned out to be gone: of all, or of those that are asked first."""
        rescued = await self._others.rescue.find(self._state, first_only=first_only)
        await self._pages.take([one.due for one in rescued], {one.due.url: one.others for one in rescued})

    def leave(self) -> None:
        """Tell what is left for the next run."""
        left = self._run.ledger.frontier.leave(self._state.outlet.id, self._run.study.window)
        if left:
            patience, outlet = self._run.patience, self._state.outlet
            silent = "its host answers nothing" if patience.is_left(outlet.domain) else ""
            self._run.leave_pages(outlet, left, patience.over(outlet.id) or silent)

    def _is_given_up(self, *, archived: bool) -> bool:
        """Whether nothing more is to be asked in this run."""
        patience, outlet = self._run.patience, self._state.outlet
        return bool(patience.over(outlet.id)) or (not archived and patience.is_left(outlet.domain))

    async def _take(self, *, first_only: bool = False, archived: bool = False) -> None:
        """Take in what is due, a part after another: what is found meanwhile may come before the rest."""
        frontier, window, name = self._run.ledger.frontier, self._run.study.window, self._state.outlet.id
        while self._left > 0 and not self._is_given_up(archived=archived):
            comes_before = 0 if first_only or archived else frontier.count_due(name, window, archived=True)
            limit = min(self._left - comes_before, _AT_ONCE)
            due = frontier.due(name, limit, window, archived=archived, first_only=first_only)
            if not due:
                return
            self._left -= len(due)
            waiting = min(frontier.count_due(name, window), self._left + len(due))
            self._run.progress.waiting[name] = waiting
            await self._pages.take(due)
