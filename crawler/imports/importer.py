"""Takes in captures and articles from files, without the network, and treats them as the crawl would have."""

from collections import Counter, deque
from collections.abc import Callable, Sequence
from concurrent.futures import Future
from contextlib import closing
from dataclasses import dataclass, field
from hashlib import file_digest, sha256
from pathlib import Path

from gossi.crawler.capture.captured import Page
from gossi.crawler.capture.read import ReadReport, read_pages
from gossi.crawler.capture.warc import ARTICLE_MEDIA, FILE, FILE_DIGEST, WarcWriter
from gossi.crawler.discovery.candidate import Candidate, Hint, merged
from gossi.crawler.discovery.feeds import read_feed
from gossi.crawler.discovery.sitemaps import read_sitemap
from gossi.crawler.errors import GossiError, InputError
from gossi.crawler.extraction.article import Extracted
from gossi.crawler.extraction.pool import ExtractionPool
from gossi.crawler.imports.articles import JsonArticle, captured_article, read_articles
from gossi.crawler.imports.file_facts import Hearsay
from gossi.crawler.imports.saved import is_saved_page, read_saved
from gossi.crawler.outcomes import Outcome
from gossi.crawler.page.ledger_entry import attributed
from gossi.crawler.page.verdict import Case, Judge
from gossi.crawler.stopping import is_interruption
from gossi.crawler.store.follow import follow
from gossi.crawler.store.ledger import Ledger
from gossi.crawler.store.store import STOPPED, Store, told_of_the_machine
from gossi.crawler.study.sources import Sources, StudyFolder
from gossi.crawler.study.sources import file_digest as study_digest
from gossi.crawler.web.urls import clean_url, host_of

# Pages handed to the workers ahead of the one that is written down: enough to keep every core busy.
_IN_FLIGHT = 32

_NOTED_BLOCK = 1000

_NOTED = "taken in before"
"""What is counted of a file whose import was broken off in its midst."""


@dataclass
class ImportResult:
    """What came of an import: outcomes counted, and a line for each thing that was wrong."""

    files: int = 0
    files_failed: int = 0
    outcomes: Counter[str] = field(default_factory=Counter)
    problems: list[str] = field(default_factory=list)
    study_changes: list[str] = field(default_factory=list)

    @property
    def exit_code(self) -> int:
        """0 all well, 2 no file could be read, 3 some could not or were damaged."""
        if self.files and self.files_failed == self.files:
            return 2
        return 3 if self.problems else 0


def import_paths(folder: StudyFolder, paths: Sequence[Path]) -> ImportResult:
    """Take in WARC files, saved pages and JSON Lines; a file that was taken in before is left out.

    Raises:
        ConfigError, StoreError: nothing was begun.
    """
    sources = folder.sources()
    with told_of_the_machine(folder), Store(folder) as store:
        changes = follow(store, sources)
        run_id = store.start_run("import", study_digest(folder.sources_file))
        ledger = Ledger(store, run_id)
        # Not in a crawl: what a sitemap may name of pages is entered and put off in one statement each.
        store.bound_memory()
        result = ImportResult(study_changes=changes)
        status, message = "failed", f"{STOPPED} by an error; import the same files again"
        stopped = True
        try:
            with (
                WarcWriter(folder.captures, run_id) as writer,
                ExtractionPool() as pool,
                closing(Hearsay()) as hearsay,
            ):
                Importer(
                    sources=sources, store=store, ledger=ledger, pool=pool, hearsay=hearsay, result=result
                ).take(paths, writer)
            status = {0: "ok", 2: "failed"}.get(result.exit_code, "partial")
            message, stopped = "; ".join(result.problems), False
        except (KeyboardInterrupt, RuntimeError) as error:
            if is_interruption(error):
                status, message = "interrupted", f"{STOPPED} by hand; import the same files again"
            raise
        finally:
            ledger.end(status, message, stopped=stopped)
    return result


@dataclass
class _Waiting:
    case: Case
    outlet_id: str
    text: Future[Extracted]


class Importer:
    """Takes in files, and what they say of each other, in one run."""

    def __init__(  # noqa: PLR0913 - what an import is made of
        self,
        *,
        sources: Sources,
        store: Store,
        ledger: Ledger,
        pool: ExtractionPool,
        hearsay: Hearsay,
        result: ImportResult,
    ) -> None:
        self._sources = sources
        self._store = store
        self._ledger = ledger
        self._pool = pool
        self._result = result
        self._judge = Judge(sources.study)
        self._named = {page: outlet.id for outlet in sources.outlet for page in outlet.pages}
        self._hearsay = hearsay
        self._digests: set[str] = set()
        self._waiting: deque[_Waiting] = deque()

    def take(self, paths: Sequence[Path], writer: WarcWriter | None = None) -> None:
        """Read what listings say of dates first, in all files, then the pages.

        `writer` keeps articles that came as JSON Lines, and which files were taken in.
        """
        self._writer = writer
        named = dict.fromkeys(paths)
        self._result.files = len(named)
        new = {path: digest for path in named if (digest := self._digest_of_new(path))}
        warcs = [path for path in new if not is_json_lines(path) and not is_saved_page(path)]
        readable = {path for path in warcs if self._guarded(path, self._read_listings)}
        for path, digest in new.items():
            if path in readable or path not in warcs:
                if path in readable:
                    self._note_file(path, digest)  # before its pages: an import may be broken off among them
                take = self._take_pages if path in readable else self._take_articles
                take = self._take_saved if is_saved_page(path) else take
                if self._guarded(path, take):
                    if path not in readable:
                        self._note_file(path, digest)
                    self._store.append("imported_file", [(digest, str(path), self._ledger.run_id)])
                self._ledger.flush()

    def _note_file(self, path: Path, digest: str) -> None:
        if self._writer is not None:
            self._writer.note({FILE: str(path.resolve()), FILE_DIGEST: digest})

    def _digest_of_new(self, path: Path) -> str:
        """The file's digest; "" where it cannot be read, or its content was taken in already."""
        try:
            with path.open("rb") as file:
                digest = file_digest(file, "sha256").hexdigest()
        except OSError as error:
            self._failed(f"{path}: cannot be read: {error.strerror}")
            return ""
        known = self._store.con.execute("SELECT 1 FROM imported_file WHERE digest = ?", [digest]).fetchone()
        if known or digest in self._digests:
            self._result.outcomes["file taken in before"] += 1
            return ""
        self._digests.add(digest)
        return digest

    def _guarded(self, path: Path, read: Callable[[Path], None]) -> bool:
        try:
            read(path)
        except GossiError as error:
            self._failed(*str(error).split("\n"))
            return False
        return True

    def _failed(self, *problems: str) -> None:
        self._result.files_failed += 1
        self._result.problems.extend(problems)

    def _hear_noted(self, path: Path) -> None:
        """Learn what an import had noted of the file that was broken off in its midst.

        An article that came as a line of JSON lies in the captures; the line tells it.
        """
        rows = self._store.con.execute(
            "SELECT coalesce(warc_offset, -1), coalesce(final_url, url), digest FROM attempt "
            "WHERE warc_file = $path AND via = 'import' "
            "AND run_id NOT IN (SELECT run_id FROM imported_file WHERE path = $path) "
            "UNION ALL SELECT -1, url, digest FROM attempt JOIN run USING (run_id) "
            "WHERE stopped AND command = 'import' AND final_url IS NULL "
            "AND run_id NOT IN (SELECT run_id FROM imported_file WHERE path = $path)",
            {"path": str(path)},
        )
        blocks = iter(lambda: rows.fetchmany(_NOTED_BLOCK), [])
        self._hearsay.hear_noted(row for block in blocks for row in block)

    # WARC

    def _read_listings(self, path: Path) -> None:
        for page in read_pages(path, max_body=self._sources.study.crawl.max_bytes):
            kind = self._judge.kind(page, self._hearsay.asked_of(page))
            # A file of our own says itself what was asked for.
            if kind == "step" and not page.asked:
                self._hearsay.hear_redirect(page.url, page.leads_to)
            elif kind == "probe":
                self._hearsay.hear_probe(page, self._pool)
            elif kind == "page" and page.status == 200 and not page.is_html:
                for found in self._listed(page) or ():
                    elsewhere = found.outlet_id != "" and not self._sources.outlet_of(found.url)
                    self._hearsay.hear_of(found, named=elsewhere)

    def _listed(self, page: Page) -> list[Candidate] | None:
        """What a feed or sitemap names; None for what is neither."""
        outlet = self._sources.outlet_of(page.url)
        name = outlet.id if outlet else ""
        found: list[Candidate] | None = read_feed(page.body, page.url, name)
        if found is None:
            sitemap = read_sitemap(page.body, page.url, name, self._sources.study.window)
            found = sitemap.candidates if sitemap else None
        return found

    def _take_pages(self, path: Path) -> None:
        report = ReadReport()
        self._hear_noted(path)
        for page in read_pages(path, report, self._sources.study.crawl.max_bytes):
            asked = self._hearsay.asked_of(page)
            if page.content_type == ARTICLE_MEDIA:
                self._take_captured(page)
            elif self._judge.kind(page, asked) == "page" and not self._is_listing(page):
                self._judge_page(page, asked)
            while len(self._waiting) > _IN_FLIGHT:
                self._write_next()
        while self._waiting:
            self._write_next()
        self._result.problems.extend(report.lines(path))
        for reason, count in report.skipped.items():
            self._result.outcomes[f"{reason} record skipped"] += count

    def _is_listing(self, page: Page) -> bool:
        return page.status == 200 and not page.is_html and self._listed(page) is not None

    def _judge_page(self, captured: Page, asked: str) -> None:
        case = self._judge.hear(captured, asked, error_page=self._hearsay.probe)
        page = case.page
        if self._hearsay.is_noted(captured.offset, page.url, page.digest):
            self._result.outcomes[_NOTED] += 1
            return
        outlet_id = self._owner(page.url, case.asked) or self._store.unlisted_outlet(host_of(page.url))
        if case.decided:
            self._note(page, outlet_id, case.asked, case.decided.outcome, case.decided.detail)
            return
        self._waiting.append(_Waiting(case, outlet_id, case.handed_to(self._pool.submit)))

    def _owner(self, final: str, asked: str) -> str:
        """Whose page this is: by its host, by sources.toml, by who listed it; "" for an unlisted outlet's."""
        listed_by = next(
            (name for url in (asked, final) if (name := self._named.get(url) or self._hearsay.owner(url))), ""
        )
        return attributed(self._sources, listed_by, final, asked)

    def _write_next(self) -> None:
        waiting = self._waiting.popleft()
        case, page = waiting.case, waiting.case.page
        verdict = case.decide(waiting.text.result(), self._hint(page.url, case.asked))
        outcome, detail = verdict.outcome, verdict.detail
        if verdict.article is not None:
            outcome, detail = self._ledger.take_as(
                outcome, verdict.article, waiting.outlet_id, case.asked, page.fetched_at
            )
        self._note(page, waiting.outlet_id, case.asked, outcome, detail)

    def _hint(self, url: str, asked: str) -> Hint:
        """What listings say of a page's date: those in the files, and those that the store has read."""
        final = clean_url(url)
        stated = [found for each in (final, asked) if (found := self._hearsay.dated(each))][:1]
        if known := self._ledger.frontier.stated(final) or self._ledger.frontier.stated(asked):
            stated.append(known)
        if not stated:
            return Hint()
        earliest = merged(stated[0], stated[-1])
        return Hint.of(earliest.published, earliest.precision, earliest.found_by)

    def _note(self, page: Page, outlet_id: str, asked: str, outcome: Outcome, detail: str) -> None:
        self._result.outcomes[outcome.value] += 1
        self._ledger.attempt(
            outlet_id=outlet_id,
            kind="page",
            url=asked,
            final_url=page.url,
            fetched_at=page.fetched_at,
            http_status=page.status,
            outcome=outcome,
            detail=detail,
            via="import",
            warc_file=page.warc_file,
            warc_offset=page.offset,
            digest=page.digest,
        )
        self._ledger.flush_if_full()

    # Saved pages

    def _take_saved(self, path: Path) -> None:
        saved = read_saved(path)
        assert self._writer is not None  # noqa: S101 - only what was captured is taken in without one
        kept = self._writer.keep(
            saved.url, 200, "OK", [("Content-Type", saved.content_type)], saved.body, seen_at=saved.saved_at
        )
        digest = f"sha256:{sha256(saved.body).hexdigest()}"
        headers = {"content-type": saved.content_type}
        page = Page(
            saved.url, saved.saved_at, 200, headers, saved.body, kept.warc_file, kept.warc_offset, digest
        )
        self._judge_page(page, saved.url)
        while self._waiting:
            self._write_next()

    # JSON Lines

    def _take_articles(self, path: Path) -> None:
        report, taken = ReadReport(), 0
        self._hear_noted(path)
        for article in read_articles(path, report.tell):
            taken += 1
            if self._hearsay.is_noted(None, article.url, article.digest):
                self._result.outcomes[_NOTED] += 1
                continue
            assert self._writer is not None  # noqa: S101 - only what was captured is taken in without one
            kept = self._writer.keep_article(article.line, article.url, article.seen_at, str(path))
            self.take_article(article, kept.warc_file, kept.warc_offset)
        if report.problems and not taken:
            raise InputError("\n".join(report.lines(path)))
        self._result.problems.extend(report.lines(path))

    def _take_captured(self, page: Page) -> None:
        """Take in an article that another study had captured."""
        if self._hearsay.is_noted(page.offset, page.url, page.digest):
            self._result.outcomes[_NOTED] += 1
            return
        try:
            article = captured_article(page.body, page.warc_file, page.fetched_at)
        except InputError as error:  # a file of somebody else's that only says it is one
            self._result.problems.append(str(error))
            return
        self.take_article(article, page.warc_file, page.offset)

    def take_article(self, article: JsonArticle, warc_file: str, offset: int | None) -> None:
        """Take in an article that came as a line of JSON, and lies in a file."""
        outlet_id = self._outlet_of(article)
        verdict = self._judge.by_text(article.as_extracted())
        outcome, detail = verdict.outcome, verdict.detail
        if verdict.article is not None:
            outcome, detail = self._ledger.take_as(
                outcome, verdict.article, outlet_id, article.url, article.seen_at
            )
        self._result.outcomes[outcome.value] += 1
        self._ledger.attempt(
            outlet_id=outlet_id,
            kind="page",
            url=article.url,
            fetched_at=article.seen_at,
            outcome=outcome,
            detail=detail,
            via="import",
            warc_file=warc_file,
            warc_offset=offset,
            digest=article.digest,
        )
        self._ledger.flush_if_full()

    def _outlet_of(self, article: JsonArticle) -> str:
        for url in (article.url, f"https://{article.domain}/"):
            if outlet := self._sources.outlet_of(url):
                return outlet.id
        host = article.domain or host_of(article.url) or "unknown"
        return self._store.unlisted_outlet(host, article.outlet)


def is_json_lines(path: Path) -> bool:
    """Whether the name says that a file holds articles as JSON Lines."""
    return path.suffix.lower() in {".jsonl", ".ndjson", ".json"}
