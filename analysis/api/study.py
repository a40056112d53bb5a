"""A study, from Python: what `gossi run`, `crawl`, `import`, `scan`, `analyse`, `report` and `sql` do."""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import replace
from datetime import date
from os import PathLike
from pathlib import Path
from typing import TYPE_CHECKING

from gossi.analysis.codebook import load_codebook
from gossi.analysis.measuring.publish import publish
from gossi.analysis.measuring.query import relation
from gossi.crawler.errors import UsageError
from gossi.crawler.stopping import is_interruption
from gossi.crawler.store.follow import follow
from gossi.crawler.store.lock import locked
from gossi.crawler.store.store import STOPPED, Store, told_of_the_machine
from gossi.crawler.study.sources import StudyFolder, Window, file_digest
from gossi.crawler.web.urls import is_web_address

if TYPE_CHECKING:
    from duckdb import DuckDBPyRelation

    from gossi.analysis.coding.analyse import AnalyseResult
    from gossi.crawler.crawl.progress import Progress
    from gossi.crawler.crawl.result import CrawlResult
    from gossi.crawler.imports.importer import ImportResult
    from gossi.crawler.imports.rebuild import RebuildResult
    from gossi.crawler.scan.progress import ScanProgress
    from gossi.crawler.scan.scan import ScanResult
    from gossi.crawler.store.retention import Pruning


def open(folder: str | PathLike[str] = ".") -> "Study":  # noqa: A001 - gossi.open, as one says gzip.open
    """The study in `folder`. Nothing is read yet: each method reads what it needs, as it stands then."""
    return Study(folder)


class Study:
    """A study: a folder with sources.toml, claims.toml, lexicon/ and what runs left in data/ and reports/.

    Attributes:
        files: the paths of its files: `files.published_file` is the database for readers.
    """

    def __init__(self, folder: str | PathLike[str] = ".") -> None:
        self.files = StudyFolder(Path(folder))

    def __repr__(self) -> str:
        return f"gossi.open({str(self.files.root)!r})"

    def sql(self, statement: str) -> "DuckDBPyRelation":
        """What one SQL statement gives over the published database, for reading only.

        docs/data-dictionary.md has the views and their columns, docs/queries.md queries to begin with. Shares
        are fractions of 1, times UTC without a zone. The database is the one published now: ask again after a
        run.

        Returns:
            DuckDB's relation: `.fetchall()` gives tuples, `.df()` a pandas frame and `.pl()` a Polars frame
            where these are installed; `.show()` prints it.

        Raises:
            StoreError: nothing is published yet, or the file is no database.
            UsageError: the statement is wrong, is more than one, or would write.
        """
        return relation(self.files.published_file, statement)

    def run(self, on_progress: "Callable[[Progress], None] | None" = None) -> "CrawlResult":
        """Crawl, analyse and report: what a scheduler calls.

        Returns:
            What came of the crawl: `outcomes` counts the pages asked for, `failed` names outlets that could
            not be read. Its `exit_code` is 0, 2 (no outlet answered) or 3 (some did not).

        Raises:
            GossiError: as `crawl`, `analyse` and `report` do.
        """
        load_codebook(self.files.claims_file)  # a faulty one is better known before the crawl than after it
        with locked(self.files, "run"):
            result = self.crawl(on_progress=on_progress)
            self.scan_listed()
            self.analyse()
            self.report()
        return result

    def crawl(
        self,
        outlets: Sequence[str] = (),
        first: date | None = None,
        last: date | None = None,
        on_progress: "Callable[[Progress], None] | None" = None,
        *,
        own_process: bool = True,
    ) -> "CrawlResult":
        """Discover and fetch what is new, and publish it. This can take hours; what is learnt is kept.

        Args:
            outlets: ids of sources.toml; by default all.
            first: first day of publication, instead of the study's.
            last: last day of publication, instead of the study's.
            on_progress: called after each page.
            own_process: crawl in a process of its own. Scrapy can crawl once in a process, in its main
                thread, and not beside a notebook's event loop: only a program that does nothing else may say
                False.

        Raises:
            ConfigError, UsageError: nothing was begun.
            StoreError: nothing was begun, or the disk failed; what was learnt until then is kept.
            GossiError: the crawl's process was lost; the next crawl goes on where it stopped.
            KeyboardInterrupt: Ctrl-C ended the crawl; the next one goes on.
        """
        window = self.window(first, last)
        if own_process:
            from gossi.own_process import crawl  # noqa: PLC0415
        else:
            # Scrapy takes a third of a second to load, which nothing else is to wait for.
            from gossi.crawler.crawl.crawl import crawl  # noqa: PLC0415
        with locked(self.files, "crawl"):
            if not self.files.published_file.exists():
                self.publish()  # readers have a database, if an empty one, while the first crawl goes on
            result = crawl(
                self.files, outlets=outlets, window=window, on_progress=on_progress or (lambda progress: None)
            )
            self.publish()
        return result

    def window(self, first: date | None, last: date | None) -> Window | None:
        """The window that these days make of the study's; None where neither is given. Raises UsageError."""
        if first is None and last is None:
            return None
        study = self.files.sources().study.window
        first, last = first or study.first, last or study.last
        if first > last:
            raise UsageError(f"the first day (--from) {first} is after the last (--to) {last}")
        return Window(first=first, last=last)

    def take_in(self, paths: Iterable[str | PathLike[str]]) -> "ImportResult":
        """Take in WARC files, or articles as JSON Lines, without the network, and publish them.

        Returns:
            Outcomes counted, and in `problems` a line for each thing that was wrong.

        Raises:
            ConfigError, StoreError: nothing was begun.
        """
        from gossi.crawler.imports.importer import import_paths  # noqa: PLC0415

        with locked(self.files, "import"):
            result = import_paths(self.files, [Path(path) for path in paths])
            self.publish()
        return result

    def scan(  # noqa: PLR0913 - what a scan may be told
        self,
        files: Iterable[str | PathLike[str]] = (),
        *,
        months: Sequence[str] = (),
        first: date | None = None,
        last: date | None = None,
        all_outlets: bool = False,
        workers: int | None = None,
        scheduler: str = "",
        on_progress: "Callable[[ScanProgress], None] | None" = None,
    ) -> "ScanResult":
        """Read files of web archives for the study's topic, and publish what they have.

        What was read before is not read again. docs/scan.md has more.

        Args:
            files: WARC files and folders, URLs of WARC files, and lists of such files.
            months: of CC-NEWS, like "2022-04".
            first: first day of publication, instead of the study's.
            last: last day of publication, instead of the study's.
            all_outlets: take in outlets too that sources.toml does not have.
            workers: processes; by default one for each core.
            scheduler: the address of a Dask scheduler whose workers read instead ("tcp://host:8786").
            on_progress: called now and then.

        Raises:
            ConfigError, UsageError, StoreError: nothing was begun, or the disk failed.
            KeyboardInterrupt: Ctrl-C ended it; the next scan goes on.
        """
        from gossi.crawler.scan.scan import scan  # noqa: PLC0415

        with locked(self.files, "scan"):
            result = scan(
                self.files,
                [str(file) for file in files],
                months=months,
                window=self.window(first, last),
                all_outlets=all_outlets,
                workers=workers,
                scheduler=scheduler,
                on_progress=on_progress or (lambda progress: None),
            )
            self.publish()
        return result

    def scan_listed(self, on_progress: "Callable[[ScanProgress], None] | None" = None) -> "ScanResult | None":
        """Scan what [study.ccnews] of sources.toml names, as `run` does; None where it names nothing."""
        listed = self.files.sources().study.ccnews
        if not (listed.months or listed.files):
            return None
        named = [name if is_web_address(name) else self.files.root / name for name in listed.files]
        return self.scan(named, months=listed.months, all_outlets=listed.all_outlets, on_progress=on_progress)

    def analyse(self, on_progress: Callable[[int, int], None] = lambda done, total: None) -> "AnalyseResult":
        """Code every version of an article that is not coded under the current codebook, and publish.

        Args:
            on_progress: called now and then with the number of versions coded, and to code in all.

        Returns:
            How many were coded, and what a changed codebook changed. `str()` of it says so in words.

        Raises:
            ConfigError, StoreError: nothing was begun.
            GossiError: the workers were lost; what was coded until then is kept.
        """
        from gossi.analysis.coding.analyse import analyse  # noqa: PLC0415

        codebook = load_codebook(self.files.claims_file)
        sources, digest = self.files.sources(), file_digest(self.files.sources_file)
        with told_of_the_machine(self.files), locked(self.files, "analyse"), Store(self.files) as store:
            changes = follow(store, sources)
            run_id = store.start_run("analyse", digest, codebook.digest)
            try:
                result = analyse(store, codebook, run_id, on_progress=on_progress)
                result = replace(result, study_changes=changes)
                store.end_run(run_id, "ok")
                publish(store.con, self.files.published_file, draws=self.files.draws)
            except BaseException as error:
                store.roll_back()
                store.end_run(run_id, *_ended_by(error))
                raise
        return result

    def rebuild(self, on_progress: Callable[[int, int], None] = lambda done, total: None) -> "RebuildResult":
        """Make the store anew from what was captured, code it, and publish; the old one stays beside it.

        Where a store is lost, damaged or of another version. What people coded is in files of its own, and
        counts as before. Then `report` writes the same tables.

        Args:
            on_progress: called with the number of runs made anew, and of all.

        Raises:
            ConfigError, StoreError: nothing was changed.
        """
        from gossi.crawler.imports.rebuild import rebuild  # noqa: PLC0415
        from gossi.crawler.scan.scan import take_in_again  # noqa: PLC0415

        load_codebook(self.files.claims_file)
        with locked(self.files, "rebuild"):
            result = rebuild(self.files, on_progress)
            result.problems += take_in_again(self.files).problems
            self.analyse()
        return result

    def prune(self, older_than: int, *, dry: bool) -> "Pruning":
        """Leave pages out of captures older than so many days on which no figure rests, or only count them.

        Raises:
            StoreError: nothing was begun, or a file cannot be written; what was pruned till then is whole.
        """
        from gossi.crawler.store.retention import prune  # noqa: PLC0415

        with locked(self.files, "prune"), Store(self.files) as store:
            return prune(store, older_than, dry=dry)

    def move_captures(self, target: str | PathLike[str], older_than: int = 0) -> tuple[int, int]:
        """Move captures older than so many days elsewhere, and leave links; how many, and their bytes.

        Raises:
            StoreError: it cannot be written there; what was moved till then is whole.
        """
        from gossi.crawler.store.retention import move  # noqa: PLC0415

        with locked(self.files, "captures"):
            return move(self.files, Path(target), older_than)

    def report(self, out: str | PathLike[str] | None = None) -> list[Path]:
        """Write the CSV files and the page into `out`, by default reports/ in the study; the files written.

        Raises:
            StoreError: nothing is published yet, or the folder can't be written.
        """
        from gossi.analysis.report.html import ReportWords  # noqa: PLC0415
        from gossi.analysis.report.write import write_report  # noqa: PLC0415

        study = self.files.sources().study
        return write_report(
            self.files.published_file,
            self.files.reports if out is None else Path(out),
            words=ReportWords(study.name, study.headline, study.affair),
        )

    def publish(self) -> None:
        """Give readers what the store holds now. The other methods do so at their end.

        Raises:
            StoreError: the store can't be read, or the disk can't be written.
        """
        with locked(self.files, "publish"), Store(self.files) as store:
            try:
                publish(store.con, self.files.published_file, draws=self.files.draws)
            except BaseException as error:
                store.note_failed_publishing(_ended_by(error)[1])
                raise


def _ended_by(error: BaseException) -> tuple[str, str]:
    """The status of a run that an error ended, and its message."""
    if is_interruption(error):
        return "interrupted", f"{STOPPED} by hand; the next run goes on"
    return "failed", str(error) or type(error).__name__
