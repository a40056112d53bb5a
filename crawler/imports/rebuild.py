"""Makes the store anew from what was captured: each run's pages are judged again, in the order they came in.

What answered nothing left no capture: of pages that were never reached, and of what a robots.txt forbade, the
new store knows nothing until the next crawl. What was captured gives the same articles, under the same ids.
"""

from collections import Counter, deque
from collections.abc import Callable, Iterator, Mapping, Sequence
from concurrent.futures import Future
from contextlib import closing, suppress
from dataclasses import dataclass, field, replace
from datetime import datetime
from pathlib import Path
from typing import Any

from gossi.crawler.capture.captured import Page
from gossi.crawler.capture.read import ReadReport, read_pages
from gossi.crawler.capture.warc import (
    ARTICLE_MEDIA,
    FILE,
    FILE_DIGEST,
    Tombstone,
    files_of_run,
    runs_captured,
)
from gossi.crawler.discovery.archived import via
from gossi.crawler.discovery.candidate import Candidate
from gossi.crawler.discovery.feeds import read_feed
from gossi.crawler.discovery.pages import known_pages
from gossi.crawler.discovery.sitemaps import MAX_UNPACKED, read_sitemap
from gossi.crawler.errors import InputError, StoreError
from gossi.crawler.extraction.article import Extracted
from gossi.crawler.extraction.pool import ExtractionPool
from gossi.crawler.imports.articles import captured_article
from gossi.crawler.imports.file_facts import Hearsay
from gossi.crawler.imports.importer import Importer, ImportResult
from gossi.crawler.outcomes import Outcome
from gossi.crawler.page.ledger_entry import Result, attributed, captured_row, write_down
from gossi.crawler.page.soft_404 import is_wall
from gossi.crawler.page.verdict import Case, Judge, by_status
from gossi.crawler.store.follow import follow
from gossi.crawler.store.frontier import DUE_COLUMNS, Due
from gossi.crawler.store.ledger import Ledger
from gossi.crawler.store.store import Store, told_of_the_machine, utc_now
from gossi.crawler.study.sources import Outlet, Sources, StudyFolder
from gossi.crawler.study.sources import file_digest as study_digest
from gossi.crawler.web.urls import clean_url, host_of

MADE_ANEW = "made anew from its captures"
"""What the message of such a run says."""

_IN_FLIGHT = 32
"""Pages handed to the workers ahead of the one that is written down."""


@dataclass
class RebuildResult:
    """What came of it: runs found, outcomes counted, a line for each thing that was wrong.

    `kept_as` is what the store that was there is called now; None where there was none.
    """

    runs: int = 0
    outcomes: Counter[str] = field(default_factory=Counter)
    problems: list[str] = field(default_factory=list)
    kept_as: Path | None = None

    @property
    def exit_code(self) -> int:
        """0 all well, 3 something could not be read."""
        return 3 if self.problems else 0


def rebuild(
    folder: StudyFolder, on_progress: Callable[[int, int], None] = lambda done, total: None
) -> RebuildResult:
    """Make data/store.duckdb anew; the one that is there stays, under another name.

    What scans found is in files of its own, which `take_in_again` of crawler/scan/scan.py takes in.

    Args:
        folder: of the study.
        on_progress: called after each run with how many are done, and how many there are.

    Raises:
        ConfigError: the study is faulty.
        StoreError: nothing was captured, or the disk cannot be written; what was there is as it was.
    """
    sources = folder.sources()
    runs = runs_captured(folder.captures)
    if not runs and not any(folder.captures.glob("*/*/*.warc.gz")):
        raise StoreError(
            f"{folder.captures}: no captures there, so there is nothing to make a store of; put the folder "
            "back from where it was copied or moved to"
        )
    building = StudyFolder(folder.root)
    building.store_file = folder.store_file.with_name("store.duckdb.rebuilding")
    _remove(building.store_file)
    result = RebuildResult(len(runs))
    try:
        with told_of_the_machine(folder), Store(building, anew=True) as store:
            follow(store, sources)
            if runs:
                _replay(store, sources, runs, result, on_progress)
        result.kept_as = _put_in_place(building.store_file, folder.store_file)
    finally:
        _remove(building.store_file)
    return result


def _remove(file: Path) -> None:
    for each in (file, _wal(file)):
        each.unlink(missing_ok=True)


def _wal(file: Path) -> Path:
    return file.with_name(f"{file.name}.wal")


def _put_in_place(new: Path, old: Path) -> Path | None:
    """Give the new store its name; gives what the old one is called now."""
    kept = None
    if old.exists() or old.is_symlink():
        kept = old.with_name(f"{old.name}.replaced-{utc_now():%Y%m%dT%H%M%SZ}")
        old.replace(kept)
    if _wal(old).exists():
        _wal(old).replace(_wal(kept or old.with_name(f"{old.name}.replaced")))
    new.replace(old)
    return kept


def _replay(
    store: Store,
    sources: Sources,
    runs: Sequence[int],
    result: RebuildResult,
    on_progress: Callable[[int, int], None],
) -> None:
    ledger = Ledger(store, runs[0])
    told = ImportResult()
    with ExtractionPool() as pool, closing(Hearsay()) as hearsay:
        importer = Importer(
            sources=sources, store=store, ledger=ledger, pool=pool, hearsay=hearsay, result=told
        )
        judge = Judge(sources.study)
        for number, run_id in enumerate(runs, 1):
            ledger.go_on_as(run_id)
            replay = _Run(store.folder, sources, ledger, pool, judge, importer, told)
            replay.take(files_of_run(store.folder.captures, run_id))
            ledger.flush()
            _enter_run(store, run_id, replay, study_digest(store.folder.sources_file))
            on_progress(number, len(runs))
    result.outcomes, result.problems = told.outcomes, told.problems
    ledger.end("ok", MADE_ANEW)
    store.con.execute("UPDATE run SET ended_at = last FROM began WHERE run.run_id = began.run_id")


def _enter_run(store: Store, run_id: int, replay: "_Run", digest: str) -> None:
    """Enter a run as its captures tell of it: its times are those of the first and the last of them."""
    first, last = replay.first or utc_now(), replay.last or utc_now()
    command = "import" if replay.imported else "crawl"
    store.append(
        "run",
        [(run_id, command, first, None, "running", "", 0, 0, 0, "unknown", digest, "", False, None)],
    )
    store.end_run(run_id, "ok", MADE_ANEW)
    store.con.execute("CREATE TEMP TABLE IF NOT EXISTS began (run_id INTEGER, last TIMESTAMP)")
    store.con.execute("INSERT INTO began VALUES (?, ?)", [run_id, last])


@dataclass
class _Waiting:
    case: Case
    due: Due
    captured: Page
    text: Future[Extracted] | None


class _Run:
    """The captures of a run. `first` and `last` are the times of the first and the last of them."""

    def __init__(  # noqa: PLR0913, PLR0917 - what a run works with
        self,
        folder: StudyFolder,
        sources: Sources,
        ledger: Ledger,
        pool: ExtractionPool,
        judge: Judge,
        importer: Importer,
        told: ImportResult,
    ) -> None:
        self.first: datetime | None = None
        self.last: datetime | None = None
        self.imported = False
        self._folder = folder
        self._sources = sources
        self._ledger = ledger
        self._pool = pool
        self._judge = judge
        self._importer = importer
        self._told = told
        self._probes: dict[str, bytes] = {}
        self._answers: dict[tuple[str, str], tuple[str, int | None]] = {}
        self._waiting: deque[_Waiting] = deque()
        self._outlets = {outlet.id: outlet for outlet in sources.outlet}

    def take(self, files: Sequence[Path]) -> None:
        """Enter what the run captured: what its listings name first, then its pages."""
        window = self._sources.study.window
        self._ledger.offer([page for outlet in self._sources.outlet for page in known_pages(outlet)], window)
        for path in files:
            report = ReadReport()
            for page in self._read(path, report):
                self._hear(page)
            self._told.problems += report.lines(path)
        for path in files:
            for page in self._read(path, ReadReport(), self._take_note):
                self._take(page)
        while self._waiting:
            self._write_next()

    def _read(
        self,
        path: Path,
        report: ReadReport,
        on_note: Callable[[Mapping[str, str]], None] = lambda fields: None,
    ) -> Iterator[Page]:
        name = path.relative_to(self._folder.captures).as_posix()
        most = max(self._sources.study.crawl.max_bytes, MAX_UNPACKED)
        try:
            for page in read_pages(path, report, most, on_note):
                yield replace(page, warc_file=name)
        except InputError as error:
            report.tell(str(error))

    def _hear(self, page: Page) -> None:
        """Learn from a capture what the run's pages are judged by."""
        if page.content_type == ARTICLE_MEDIA:
            return
        self._span(page.fetched_at)
        kind, asked = self._kind(page), page.asked or page.url
        if kind == "probe" and page.status == 200 and not is_wall(self._text(page)):
            self._probes[host_of(page.url)] = page.body
        elif kind in {"feed", "sitemap"}:
            self._offer(page, kind)
        elif kind == "page":
            # Of several answers for a page, retries of the same request, the last one counts.
            self._answers[asked, via(self._sources.study, page.url)] = page.warc_file, page.offset

    def _span(self, moment: datetime) -> None:
        self.first = min(moment, self.first or moment)
        self.last = max(moment, self.last or moment)

    def _kind(self, page: Page) -> str:
        """What was asked for: the capture says so, or its address does."""
        kind = self._judge.kind(page, page.asked)
        if kind != "page":
            return kind
        if page.kind:
            return page.kind
        outlet = self._sources.outlet_of(page.asked)
        if outlet is None:
            return kind
        return "feed" if page.asked in outlet.feeds else "sitemap" if page.asked in outlet.sitemaps else kind

    def _text(self, page: Page) -> Extracted:
        return self._pool.submit(page.body, page.url, page.charset).result()

    def _offer(self, page: Page, kind: str) -> None:
        """Enter what a listing names, as the crawl did."""
        outlet, window = self._outlet_of(page), self._sources.study.window
        if outlet is None or by_status(page.status):
            return
        if kind == "feed":
            found: list[Candidate] | None = read_feed(page.body, page.url, outlet.id)
        else:
            sitemap = read_sitemap(page.body, page.url, outlet.id, window)
            found = sitemap.candidates if sitemap else None
        if found:
            self._ledger.offer(found, window)

    def _outlet_of(self, page: Page) -> Outlet | None:
        """On whose behalf a page was asked for."""
        return self._outlets.get(page.outlet_id) or self._sources.outlet_of(page.asked or page.url)

    def _take_note(self, fields: Mapping[str, str]) -> None:
        """Take in the file that a note says was imported; what came as JSON Lines lies in the captures."""
        if stone := Tombstone.of(fields):
            self._take_stone(stone)
            return
        self.imported = True
        with suppress(ValueError):
            self._span(datetime.fromisoformat(fields["warc-date"]).replace(tzinfo=None))
        path, digest = Path(fields.get(FILE.lower(), "")), fields.get(FILE_DIGEST.lower(), "")
        if not path.name:
            return
        store = self._ledger.store
        if path.suffix.lower() in {".jsonl", ".ndjson", ".json"}:
            store.append("imported_file", [(digest, str(path), self._ledger.run_id)], conflict="OR IGNORE")
        elif not path.is_file():
            self._told.problems.append(
                f"{path}: was imported in run {self._ledger.run_id}, and is not there any more: put it back, "
                "then run gossi rebuild again; without it its pages are missing"
            )
        else:
            self._importer.take([path])

    def _take_stone(self, stone: Tombstone) -> None:
        """Enter what is known of a page that was left out of the captures."""
        self._span(stone.fetched_at)
        self._told.outcomes[stone.outcome] += 1
        outcome = Outcome(stone.outcome)  # type: ignore[call-arg]  # an enum is called with the value alone
        candidate = Candidate(clean_url(stone.asked), stone.outlet_id, "captures", "")
        self._ledger.offer([candidate], self._sources.study.window)
        self._ledger.attempt(
            outlet_id=stone.outlet_id,
            kind="page",
            url=stone.asked,
            final_url=stone.url,
            fetched_at=stone.fetched_at,
            http_status=stone.status,
            outcome=outcome,
            detail=stone.detail,
            digest=stone.digest,
        )
        self._ledger.frontier.settle(candidate.url, outcome, stone.detail)

    def _take(self, page: Page) -> None:
        if page.content_type == ARTICLE_MEDIA:
            self.imported = True
            article = captured_article(page.body, page.warc_file, page.fetched_at)
            self._importer.take_article(article, page.warc_file, page.offset)
            return
        kind, asked = self._kind(page), page.asked or page.url
        if kind == "step":
            return
        if kind in {"probe", "robots"}:
            refused = kind == "robots" and page.status >= 500
            outcome = Outcome.ROBOTS if refused else Outcome.LISTING
            self._ledger.attempt(**self._row(page, asked, kind), outcome=outcome)
        elif kind != "page":
            outcome, detail = by_status(page.status) or (Outcome.LISTING, "")
            gap = None if outcome in {Outcome.LISTING, Outcome.NOT_MODIFIED} else detail
            self._ledger.attempt(**self._row(page, asked, kind), outcome=outcome, detail=detail, gap=gap)
        elif self._answers[asked, via(self._sources.study, page.url)] == (page.warc_file, page.offset):
            self._judge_page(page, asked)

    def _judge_page(self, page: Page, asked: str) -> None:
        due = self._due(page, asked)
        if due is None:
            return
        case = self._judge.hear(
            page, asked, archived=due.archived, if_changed=due.asked_if_changed, error_page=self._probes.get
        )
        text = None if case.decided else case.handed_to(self._pool.submit)
        self._waiting.append(_Waiting(case, due, replace(page, body=b""), text))
        while len(self._waiting) > _IN_FLIGHT:
            self._write_next()

    def _due(self, page: Page, asked: str) -> Due | None:
        """The candidate of a page; one that only a search of an archive had named is entered."""
        found = self._candidate(asked)
        outlet = self._outlet_of(page)
        if found is None and outlet is not None:
            candidate = Candidate(clean_url(asked), outlet.id, "captures", page.warc_file)
            self._ledger.offer([candidate], self._sources.study.window)
            found = self._candidate(clean_url(asked))
        return found

    def _candidate(self, url: str) -> Due | None:
        row = self._ledger.store.con.execute(
            f"SELECT {DUE_COLUMNS} FROM candidate WHERE url = ?",  # noqa: S608 - column names of our own
            [url],
        ).fetchone()
        return Due(*row) if row else None

    def _write_next(self) -> None:
        waiting = self._waiting.popleft()
        case, due = waiting.case, waiting.due
        verdict = case.decided
        if verdict is None:
            assert waiting.text is not None  # noqa: S101 - what is not decided was handed over
            verdict = case.decide(waiting.text.result(), self._ledger.frontier.hint(due, case.page.url))
        row = self._row(waiting.captured, due.url, "page", due.outlet_id)
        result = Result.of(due, case, verdict, row)
        outlet_id = attributed(self._sources, due.outlet_id, row["final_url"], due.url)
        self._told.outcomes[write_down(self._ledger, result, outlet_id).value] += 1

    def _row(self, page: Page, asked: str, kind: str, outlet_id: str = "") -> dict[str, Any]:
        outlet = self._outlet_of(page)
        owner = outlet_id or page.outlet_id or (outlet.id if outlet else "")
        return captured_row(self._sources, page, asked, kind, owner)
