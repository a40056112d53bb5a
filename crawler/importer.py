"""Takes in captures and articles from files, without the network, and treats them as the crawl would have."""

from collections import Counter, deque
from collections.abc import Callable, Sequence
from concurrent.futures import Future
from contextlib import closing
from dataclasses import dataclass, field, replace
from hashlib import file_digest
from pathlib import Path
from urllib.parse import urlsplit

from crawler.articles import JsonArticle, read_articles
from crawler.capture.page import Page
from crawler.capture.read import ReadReport, read_pages
from crawler.discovery.archived import original, original_url, search_of, via
from crawler.discovery.candidate import Candidate, Hint, clean_url, host_of, merged
from crawler.discovery.feeds import read_feed
from crawler.discovery.sitemaps import read_sitemap
from crawler.errors import IN_A_QUERY, GossiError, InputError
from crawler.extraction.article import Extracted
from crawler.extraction.pool import ExtractionPool
from crawler.fetch.judge import Answer, Judge, is_html, is_probe, is_wall
from crawler.fetch.record import attributed
from crawler.outcomes import Outcome
from crawler.store.hearsay import Hearsay
from crawler.store.ledger import Ledger
from crawler.store.store import STOPPED, Store, told_of_the_machine
from crawler.study import Sources, StudyFolder
from crawler.study import file_digest as study_digest

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

    @property
    def exit_code(self) -> int:
        """0 all well, 2 no file could be read, 3 some could not or were damaged."""
        if self.files and self.files_failed == self.files:
            return 2
        return 3 if self.problems else 0


def import_paths(folder: StudyFolder, paths: Sequence[Path]) -> ImportResult:
    """Take in WARC files and JSON Lines; a file that was taken in before is left out.

    Raises:
        ConfigError, StoreError: nothing was begun.
    """
    sources = folder.sources()
    with told_of_the_machine(folder), Store(folder) as store:
        store.sync_outlets(sources.outlet)
        run_id = store.start_run("import", study_digest(folder.sources_file))
        ledger = Ledger(store, run_id)
        # Not in a crawl: what a sitemap may name of pages is entered and put off in one statement each.
        store.bound_memory()
        result = ImportResult()
        status, message = "failed", f"{STOPPED} by an error; import the same files again"
        try:
            with ExtractionPool() as pool, closing(Hearsay()) as hearsay:
                work = _Import(
                    sources=sources, store=store, ledger=ledger, pool=pool, hearsay=hearsay, result=result
                )
                work.take(paths)
            status = {0: "ok", 2: "failed"}.get(result.exit_code, "partial")
            message = "; ".join(result.problems)
        except (KeyboardInterrupt, RuntimeError) as error:
            # DuckDB makes a RuntimeError of a Ctrl-C that meets a query.
            if isinstance(error, KeyboardInterrupt) or str(error) == IN_A_QUERY:
                status, message = "interrupted", f"{STOPPED} by hand; import the same files again"
            raise
        finally:
            ledger.end(status, message)
    return result


@dataclass
class _Waiting:
    page: Page
    asked: str
    outlet_id: str
    text: Future[Extracted]


class _Import:
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

    def take(self, paths: Sequence[Path]) -> None:
        """Read what listings say of dates first, in all files, then the pages."""
        named = dict.fromkeys(paths)
        self._result.files = len(named)
        new = {path: digest for path in named if (digest := self._digest_of_new(path))}
        warcs = [path for path in new if not is_json_lines(path)]
        readable = {path for path in warcs if self._guarded(path, self._read_listings)}
        for path, digest in new.items():
            if path in readable or path not in warcs:
                take = self._take_pages if path in readable else self._take_articles
                if self._guarded(path, take):
                    self._store.append("imported_file", [(digest, str(path), self._ledger.run_id)])
                self._ledger.flush()

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
        """Learn what an import had noted of the file that was broken off in its midst."""
        rows = self._store.con.execute(
            "SELECT coalesce(warc_offset, -1), coalesce(final_url, url), digest FROM attempt "
            "WHERE warc_file = $path AND via = 'import' "
            "AND run_id NOT IN (SELECT run_id FROM imported_file WHERE path = $path)",
            {"path": str(path)},
        )
        blocks = iter(lambda: rows.fetchmany(_NOTED_BLOCK), [])
        self._hearsay.hear_noted(row for block in blocks for row in block)

    # WARC

    def _read_listings(self, path: Path) -> None:
        for page in read_pages(path, max_body=self._sources.study.crawl.max_bytes):
            if page.leads_on:
                # A file of our own says itself what was asked for.
                if not page.asked:
                    self._hearsay.hear_redirect(page.url, clean_url(page.headers["location"], page.url))
            elif page.status == 200 and is_probe(page.url):
                if not is_wall(self._pool.submit(page.body, page.url, page.charset).result()):
                    self._hearsay.hear_probe(host_of(page.url), page.body)
            elif page.status == 200 and not self._search(page) and not is_html(page.content_type, page.body):
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
            if not self._search(page) and not self._is_listing(page):
                self._judge_page(page)
            while len(self._waiting) > _IN_FLIGHT:
                self._write_next()
        while self._waiting:
            self._write_next()
        self._result.problems.extend(report.lines(path))
        for reason, count in report.skipped.items():
            self._result.outcomes[f"{reason} record skipped"] += count

    def _search(self, page: Page) -> bool:
        """Whether this is an answer of an archive's index or the like, and no page."""
        return search_of(self._sources.study, page.url) != ""

    def _is_listing(self, page: Page) -> bool:
        if is_probe(page.url) or urlsplit(page.url).path == "/robots.txt" or page.leads_on:
            return True
        return (
            page.status == 200
            and not is_html(page.content_type, page.body)
            and self._listed(page) is not None
        )

    def _judge_page(self, captured: Page) -> None:
        asked = captured.asked or original_url(self._sources.study, self._hearsay.asked(captured.url))
        try:
            page = original(self._sources.study, captured)
        except InputError as error:
            outlet_id = self._store.unlisted_outlet(host_of(captured.url))
            self._note(captured, outlet_id, asked, Outcome.EXTRACTION_FAILED, str(error))
            return
        if not captured.asked and via(self._sources.study, captured.url) == "commoncrawl":
            asked = page.url
        if self._hearsay.is_noted(captured.offset, page.url, page.digest):
            self._result.outcomes[_NOTED] += 1
            return
        host = host_of(page.url)
        outlet_id = self._owner(page.url, asked) or self._store.unlisted_outlet(host)
        answer = Answer.of(asked, page)
        decided = self._judge.before_extraction(answer, self._hearsay.probe(host))
        if decided:
            self._note(page, outlet_id, asked, *decided)
            return
        text = self._pool.submit(page.body, page.url, page.charset)
        self._waiting.append(_Waiting(replace(page, body=b""), asked, outlet_id, text))

    def _owner(self, final: str, asked: str) -> str:
        """Whose page this is: by its host, by sources.toml, by who listed it; "" for an unlisted outlet's."""
        listed_by = next(
            (name for url in (asked, final) if (name := self._named.get(url) or self._hearsay.owner(url))), ""
        )
        return attributed(self._sources, listed_by, final, asked)

    def _write_next(self) -> None:
        waiting = self._waiting.popleft()
        text = waiting.text.result()
        outcome, detail, article = self._judge.after_extraction(text, self._hint(waiting))
        if article is not None:
            outcome, detail = self._ledger.take_as(
                outcome, article, waiting.outlet_id, waiting.asked, waiting.page.fetched_at
            )
        self._note(waiting.page, waiting.outlet_id, waiting.asked, outcome, detail)

    def _hint(self, waiting: _Waiting) -> Hint:
        """What listings say of a page's date: those in the files, and those that the store has read."""
        final = clean_url(waiting.page.url)
        stated = [found for url in (final, waiting.asked) if (found := self._hearsay.dated(url))][:1]
        if known := self._ledger.frontier.stated(final) or self._ledger.frontier.stated(waiting.asked):
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

    # JSON Lines

    def _take_articles(self, path: Path) -> None:
        report, taken = ReadReport(), 0
        self._hear_noted(path)
        for article in read_articles(path, report.tell):
            taken += 1
            if self._hearsay.is_noted(article.offset, article.url, article.digest):
                self._result.outcomes[_NOTED] += 1
                continue
            outlet_id = self._outlet_of(article)
            outcome, detail, text = self._judge.after_extraction(article.as_extracted(), Hint())
            if text is not None:
                outcome, detail = self._ledger.take_as(outcome, text, outlet_id, article.url, article.seen_at)
            self._result.outcomes[outcome.value] += 1
            self._ledger.attempt(
                outlet_id=outlet_id,
                kind="page",
                url=article.url,
                fetched_at=article.seen_at,
                outcome=outcome,
                detail=detail,
                via="import",
                warc_file=str(path),
                warc_offset=article.offset,
                digest=article.digest,
            )
            self._ledger.flush_if_full()
        if report.problems and not taken:
            raise InputError("\n".join(report.lines(path)))
        self._result.problems.extend(report.lines(path))

    def _outlet_of(self, article: JsonArticle) -> str:
        for url in (article.url, f"https://{article.domain}/"):
            if outlet := self._sources.outlet_of(url):
                return outlet.id
        host = article.domain or host_of(article.url) or "unknown"
        return self._store.unlisted_outlet(host, article.outlet)


def is_json_lines(path: Path) -> bool:
    """Whether the name says that a file holds articles as JSON Lines."""
    return path.suffix.lower() in {".jsonl", ".ndjson", ".json"}
