"""Takes up what an unfinished run had captured but not entered: nothing is lost or asked for twice."""

from collections.abc import Iterator
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
    captures = store.folder.captures
    for run_id in store.died():
        for path in files_of_run(captures, run_id):
            cut_torn_tail(path)
            file = _File(
                captures=captures,
                path=path,
                store=store,
                ledger=ledger,
                sources=sources,
                judge=Judge(study),
                pool=pool,
            )
            taken += file.take()
        store.taken_up(run_id)
        ledger.flush()
    return taken


class _File:
    def __init__(  # noqa: PLR0913 - what a run has at hand
        self,
        *,
        captures: Path,
        path: Path,
        store: Store,
        ledger: Ledger,
        sources: Sources,
        judge: Judge,
        pool: ExtractionPool,
    ) -> None:
        self._path = path
        self._name = path.relative_to(captures).as_posix()
        self._store = store
        self._ledger = ledger
        self._sources = sources
        self._judge = judge
        self._pool = pool
        self._probes: dict[str, bytes] = {}

    def take(self) -> int:
        rows = self._store.con.execute(
            "SELECT warc_offset FROM attempt WHERE warc_file = ?", [self._name]
        ).fetchall()
        entered = {offset for (offset,) in rows}
        open_pages: dict[str, tuple[Due, Page]] = {}
        for page in read_pages(self._path, max_body=self._sources.study.crawl.max_bytes):
            # What was learnt from a search is lost with the run: it is made again.
            search = search_of(self._sources.study, page.url)
            asked = page.url if search else page.asked
            if is_probe(page.url) and not is_wall(
                self._pool.submit(page.body, page.url, page.charset).result()
            ):
                self._probes[urlsplit(page.url).netloc] = page.body
            on_the_way = 300 <= page.status < 400 and "location" in page.headers
            if page.offset not in entered and not on_the_way:
                due = self._waiting(asked)
                if due is not None:
                    # Of several answers for a page, retries of the same request, the last one counts.
                    open_pages.pop(asked, None)
                    open_pages[asked] = (due, page)
                elif kind := search or self._kind(asked):
                    self._ledger.attempt(
                        **self._row(page, asked, kind), outcome=Outcome.LISTING, detail="taken up"
                    )
        for result in self._results(open_pages):
            outlet_id = attributed(
                self._sources, result.due.outlet_id, result.attempt["final_url"], result.due.url
            )
            write_down(self._ledger, result, outlet_id)
        return len(open_pages)

    def _results(self, pages: dict[str, tuple[Due, Page]]) -> Iterator[Result]:
        for asked, (due, captured) in pages.items():
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

    def _waiting(self, url: str) -> Due | None:
        """The candidate, if nothing has come of it yet."""
        row = self._store.con.execute(
            f"SELECT {DUE_COLUMNS} FROM candidate WHERE url = ? AND outcome IN ('waiting', 'limit')",  # noqa: S608
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
            "warc_file": self._name,
            "warc_offset": page.offset,
            "digest": page.digest,
        }
