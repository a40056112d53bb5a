"""Takes up what an unfinished run had captured but not entered: nothing is lost or asked for twice."""

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from crawler.capture.page import Page
from crawler.capture.read import read_pages
from crawler.capture.warc import cut_torn_tail, files_of_run
from crawler.discovery.archived import original, search_of, via
from crawler.errors import InputError
from crawler.extraction.pool import ExtractionPool
from crawler.fetch.judge import Answer, Judge, is_probe, is_wall
from crawler.fetch.middlewares import leads_on
from crawler.fetch.record import attributed, write_down
from crawler.fetch.state import Result
from crawler.outcomes import Outcome
from crawler.store.frontier import DUE_COLUMNS, Due
from crawler.store.ledger import Ledger
from crawler.store.store import Store
from crawler.study import Sources, Study


def take_up(store: Store, ledger: Ledger, sources: Sources, study: Study, pool: ExtractionPool) -> int:
    """Enter the captures of runs that did not come to their end; gives how many pages there were.

    Listings, probes and robots.txt files are entered as captures only: each run asks for them anyway.
    """
    taken = 0
    for run_id in store.died():
        died = _Died(store=store, ledger=ledger, sources=sources, judge=Judge(study), pool=pool)
        taken += died.take(files_of_run(store.folder.captures, run_id))
        store.taken_up(run_id)
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
            # What was learnt from a search is lost with the run: it is made again.
            search = search_of(self._sources.study, page.url)
            asked = page.url if search else page.asked
            if is_probe(page.url) and not is_wall(
                self._pool.submit(page.body, page.url, page.charset).result()
            ):
                self._probes[urlsplit(page.url).netloc] = page.body
            redirected = 300 <= page.status < 400 and "location" in page.headers
            if redirected or (page.is_html and leads_on(page.url, page.body)):
                continue  # a step on the way to another answer
            # Of several answers for a page, retries of the same request, the last one counts.
            answered = asked, via(self._sources.study, page.url)
            self._open.pop(answered, None)
            if page.offset in entered:
                continue
            if kind := search or self._kind(asked):
                self._ledger.attempt(
                    **self._row(page, asked, kind), outcome=Outcome.LISTING, detail="taken up"
                )
            elif due := self._candidate(asked):
                self._open[answered] = due, page

    def _results(self) -> Iterator[Result]:
        for (asked, _), (due, captured) in self._open.items():
            row = self._row(captured, asked, "page", due.outlet_id)
            try:
                page = original(self._sources.study, captured, due.archived)
            except InputError as error:
                yield Result(due, Outcome.EXTRACTION_FAILED, str(error), row)
                continue
            seen_at = None if row["via"] == "live" else page.fetched_at
            answer = Answer.of(asked, page)
            decided = self._judge.before_extraction(answer, self._probes.get(urlsplit(page.url).netloc))
            if decided:
                yield Result(due, *decided, row, page.etag, page.last_modified)
                continue
            text = self._pool.submit(page.body, page.url, page.charset).result()
            outcome, detail, article = self._judge.after_extraction(
                text, self._ledger.frontier.hint(due, page.url)
            )
            yield Result(due, outcome, detail, row, page.etag, page.last_modified, article, seen_at)

    def _candidate(self, url: str) -> Due | None:
        """The candidate of this URL, whatever came of it before: a page may have been asked for again."""
        row = self._store.con.execute(
            f"SELECT {DUE_COLUMNS} FROM candidate WHERE url = ?",  # noqa: S608 - column names of our own
            [url],
        ).fetchone()
        return Due(*row) if row else None

    def _kind(self, url: str) -> str:
        if is_probe(url):
            return "probe"
        if urlsplit(url).path == "/robots.txt":
            return "robots"
        outlet = self._sources.outlet_of(url)
        if outlet is None:
            return ""
        return "feed" if url in outlet.feeds else "sitemap" if url in outlet.sitemaps else ""

    def _row(self, page: Page, asked: str, kind: str, outlet_id: str = "") -> dict[str, Any]:
        outlet = self._sources.outlet_of(asked)
        return {
            "outlet_id": outlet_id or (outlet.id if outlet else ""),
            "kind": kind,
            "url": asked,
            "final_url": page.url,
            "http_status": page.status,
            "fetched_at": page.fetched_at,
            "via": via(self._sources.study, page.url),
            "warc_file": page.warc_file,
            "warc_offset": page.offset,
            "digest": page.digest,
        }
