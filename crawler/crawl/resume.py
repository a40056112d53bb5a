"""Takes up what an unfinished run had captured but not entered: nothing is lost or asked for twice."""

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

from gossi.crawler.capture.captured import Page
from gossi.crawler.capture.read import read_pages
from gossi.crawler.capture.warc import cut_torn_tail, files_of_run
from gossi.crawler.discovery.archived import via
from gossi.crawler.extraction.article import Extracted
from gossi.crawler.extraction.pool import ExtractionPool
from gossi.crawler.outcomes import Outcome
from gossi.crawler.page.ledger_entry import Result, attributed, captured_row, write_down
from gossi.crawler.page.soft_404 import is_wall
from gossi.crawler.page.verdict import Judge
from gossi.crawler.store.frontier import DUE_COLUMNS, Due
from gossi.crawler.store.ledger import Ledger
from gossi.crawler.store.store import Store
from gossi.crawler.study.sources import Sources, Study
from gossi.crawler.web.urls import host_of


def take_up(store: Store, ledger: Ledger, sources: Sources, study: Study, pool: ExtractionPool) -> int:
    """Enter the captures of runs that did not come to their end; gives how many pages there were.

    Listings, probes and robots.txt files are entered as captures only: each run asks for them anyway.
    """
    taken = 0
    for run_id in store.died():
        died = _Died(store=store, ledger=ledger, sources=sources, judge=Judge(study), pool=pool)
        taken += died.take(files_of_run(store.folder.captures, run_id))
        store.taken_up(run_id, by=ledger.run_id)
        ledger.flush()
    return taken


class _Died:
    """A run that did not come to its end."""

    def __init__(
        self, *, store: Store, ledger: Ledger, sources: Sources, judge: Judge, pool: ExtractionPool
    ) -> None:
        self._captures = store.folder.captures
        self._store = store
        self._ledger = ledger
        self._sources = sources
        self._judge = judge
        self._pool = pool
        self._probes: dict[str, bytes] = {}
        self._open: dict[tuple[str, str], tuple[Due, Page]] = {}

    def take(self, files: list[Path]) -> int:
        for path in files:
            if cut_torn_tail(path):
                self._read(path)
        for result in self._results():
            outlet_id = attributed(
                self._sources, result.due.outlet_id, result.attempt["final_url"], result.due.url
            )
            write_down(self._ledger, result, outlet_id)
        return len(self._open)

    def _read(self, path: Path) -> None:
        """Enter a file's listings, and keep its pages that were not entered."""
        name = path.relative_to(self._captures).as_posix()
        rows = self._store.con.execute(
            "SELECT warc_offset FROM attempt WHERE warc_file = ?", [name]
        ).fetchall()
        entered = {offset for (offset,) in rows}
        for captured in read_pages(path, max_body=self._sources.study.crawl.max_bytes):
            page = replace(captured, warc_file=name)
            kind = self._judge.kind(page, page.asked)
            # What an archive is asked about a page, it is asked under the page's own URL.
            asked = page.asked if kind in {"page", "probe", "robots"} else page.url
            if kind == "step":
                continue
            if kind == "probe" and page.status == 200 and not is_wall(self._text(page)):
                self._probes[host_of(page.url)] = page.body
            # Of several answers for a page, retries of the same request, the last one counts.
            answered = asked, via(self._sources.study, page.url)
            self._open.pop(answered, None)
            if page.offset in entered:
                continue
            if kind != "page" or (kind := self._listing(asked)):
                # What was learnt from a search is lost with the run: it is made again.
                self._ledger.attempt(
                    **self._row(page, asked, kind), outcome=Outcome.LISTING, detail="taken up"
                )
            elif due := self._candidate(asked):
                self._open[answered] = due, page

    def _text(self, page: Page) -> Extracted:
        return self._pool.submit(page.body, page.url, page.charset).result()

    def _results(self) -> Iterator[Result]:
        for (asked, _), (due, captured) in self._open.items():
            case = self._judge.hear(
                captured,
                asked,
                archived=due.archived,
                if_changed=due.asked_if_changed,
                error_page=self._probes.get,
            )
            verdict = case.decided
            if verdict is None:
                text = case.handed_to(self._pool.submit).result()
                verdict = case.decide(text, self._ledger.frontier.hint(due, case.page.url))
            yield Result.of(due, case, verdict, self._row(captured, asked, "page", due.outlet_id))

    def _candidate(self, url: str) -> Due | None:
        """The candidate of this URL, whatever came of it before: a page may have been asked for again."""
        row = self._store.con.execute(
            f"SELECT {DUE_COLUMNS} FROM candidate WHERE url = ?",  # noqa: S608 - column names of our own
            [url],
        ).fetchone()
        return Due(*row) if row else None

    def _listing(self, url: str) -> str:
        """Which of an outlet's listings this is; "" for none."""
        outlet = self._sources.outlet_of(url)
        if outlet is None:
            return ""
        return "feed" if url in outlet.feeds else "sitemap" if url in outlet.sitemaps else ""

    def _row(self, page: Page, asked: str, kind: str, outlet_id: str = "") -> dict[str, Any]:
        outlet = self._sources.outlet_of(asked)
        owner = outlet_id or (outlet.id if outlet else "")
        return captured_row(self._sources, page, asked, kind, owner)
