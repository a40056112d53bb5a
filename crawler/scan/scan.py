"""One scan: from the names of files in web archives to their articles in the store."""

from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path

from gossi.crawler.errors import IN_A_QUERY, InputError
from gossi.crawler.scan.archive import Lists
from gossi.crawler.scan.fetch import Fetching
from gossi.crawler.scan.part import PART, Parts, read_head, topic_key
from gossi.crawler.scan.pool import read_here
from gossi.crawler.scan.process import Done, Task
from gossi.crawler.scan.progress import ScanProgress
from gossi.crawler.scan.read_file import Reading
from gossi.crawler.scan.seen import Seen, working_folder
from gossi.crawler.scan.take_in import TakeIn
from gossi.crawler.store.follow import follow
from gossi.crawler.store.ledger import Ledger
from gossi.crawler.store.store import STOPPED, Store, told_of_the_machine
from gossi.crawler.study.sources import Study, StudyFolder, Window, file_digest
from gossi.crawler.web.urls import is_web_address
from gossi.crawler.web.user_agent import agent_for
from gossi.crawler.workers import cores


@dataclass
class ScanResult:
    """What came of a scan.

    `outcomes` counts pages, `unlisted` articles by host of outlets that are not in sources.toml. `problems`
    has a line for each thing that was wrong, `unread` counts the files that are not read at all.
    """

    files: int = 0
    unread: int = 0
    outcomes: Counter[str] = field(default_factory=Counter)
    unlisted: Counter[str] = field(default_factory=Counter)
    problems: list[str] = field(default_factory=list)

    @property
    def exit_code(self) -> int:
        """0 all well, 2 no file could be read, 3 some could not or were damaged."""
        if self.unread and self.unread >= self.files:
            return 2
        return 3 if self.problems else 0


def scan(  # noqa: PLR0913 - what a scan may be told
    folder: StudyFolder,
    named: Sequence[str] = (),
    *,
    months: Sequence[str] = (),
    window: Window | None = None,
    all_outlets: bool = False,
    workers: int | None = None,
    scheduler: str = "",
    on_progress: Callable[[ScanProgress], None] = lambda progress: None,
) -> ScanResult:
    """Read files of web archives for the study's topic, and take in what they have; no file is read twice.

    Args:
        folder: the study.
        named: paths of WARC files or folders, URLs of WARC files, paths or URLs of lists of such files.
        months: of CC-NEWS, like "2022-04".
        window: days of publication, instead of the study's.
        all_outlets: take in articles of outlets that sources.toml does not have.
        workers: processes on this machine; by default one for each core.
        scheduler: the address of a Dask scheduler, whose workers read instead.
        on_progress: called now and then.

    Raises:
        ConfigError, UsageError, StoreError: nothing was begun, or the disk failed.
        KeyboardInterrupt: Ctrl-C ended it; what was read until then is kept, and the next scan goes on.
    """
    sources = folder.sources()
    study = sources.study if window is None else sources.study.model_copy(update={"window": window})
    result = ScanResult()
    with told_of_the_machine(folder):
        if not folder.store_file.exists():
            # Before there is evidence: captures without a store are those of one that was lost.
            with Store(folder):
                pass
        reading = _Reading(folder, study, result)
        addresses = reading.addresses(named, months, window)
        digests = reading.read(addresses, workers or cores(), scheduler, on_progress)
        for digest in digests:
            result.problems += read_head(reading.parts.path(digest)).problems
        _take_in(folder, study, reading.parts, digests, result, all_outlets=all_outlets)
    return result


def take_in_again(folder: StudyFolder) -> ScanResult:
    """Take in what earlier scans found: no file is read, as after the store was made anew.

    Outlets that are not listed are candidates, but where [study.ccnews] wants them all.

    Raises:
        ConfigError, StoreError: nothing was begun, or the disk failed.
    """
    study = folder.sources().study
    parts = Parts(folder.scans, folder.captures, topic_key(study.topic, study.crawl.max_bytes))
    digests = parts.digests()
    result = ScanResult(files=len(digests))
    if digests:
        with told_of_the_machine(folder):
            _take_in(folder, study, parts, digests, result, all_outlets=study.ccnews.all_outlets)
    return result


def _take_in(  # noqa: PLR0913 - what is taken in, and how
    folder: StudyFolder,
    study: Study,
    parts: Parts,
    digests: Sequence[str],
    result: ScanResult,
    *,
    all_outlets: bool,
) -> None:
    sources = folder.sources()
    with Store(folder) as store:
        follow(store, sources)
        run_id = store.start_run("scan", file_digest(folder.sources_file))
        ledger = Ledger(store, run_id)
        store.bound_memory()
        work = TakeIn(store, ledger, sources, study, all_outlets=all_outlets)
        with _told_how_it_ends(ledger, result):
            work.take(parts, digests)
            result.outcomes, result.unlisted = work.outcomes, work.unlisted


@contextmanager
def _told_how_it_ends(ledger: Ledger, result: ScanResult) -> Iterator[None]:
    """End the run when what is done meanwhile ends, however that is."""
    status, message, stopped = "failed", f"{STOPPED} by an error; scan the same files again", True
    try:
        yield
        status = {0: "ok", 2: "failed"}.get(result.exit_code, "partial")
        message, stopped = "; ".join(result.problems), False
    except (KeyboardInterrupt, RuntimeError) as error:
        # DuckDB makes a RuntimeError of a Ctrl-C that meets a query.
        if isinstance(error, KeyboardInterrupt) or str(error) == IN_A_QUERY:
            status, message = "interrupted", f"{STOPPED} by hand; scan the same files again"
        raise
    finally:
        ledger.end(status, message, stopped=stopped)


class _Reading:
    """The reading of files into parts, without the store: nothing else has to wait for it."""

    def __init__(self, folder: StudyFolder, study: Study, result: ScanResult) -> None:
        self._folder = folder
        self._study = study
        self._result = result
        self._seen = Seen(folder.scans)
        topic = topic_key(study.topic, study.crawl.max_bytes)
        self.parts = Parts(folder.scans, folder.captures, topic)
        self._sought = Reading(study, topic)

    def addresses(self, named: Sequence[str], months: Sequence[str], window: Window | None) -> list[str]:
        """The files to be read. What cannot be found out is told in the result."""
        base = self._study.commoncrawl.data
        asked = [*filter(is_web_address, named), *([base] * bool(months))]
        lists = Lists(base, window, self._fetching(asked))
        addresses = []
        for found in lists.files([*named, *map(lists.month, months)]):
            if isinstance(found, InputError):
                self._failed(str(found))
            else:
                addresses.append(found)
        self._result.files += len(addresses)
        return addresses

    def _fetching(self, addresses: Sequence[str]) -> Fetching:
        agent = agent_for(self._study, addresses, self._folder.sources_file) if addresses else ""
        return Fetching(self._folder.scans / "incoming", agent, self._study.crawl.delay)

    def _failed(self, problem: str) -> None:
        self._result.problems.append(problem)
        self._result.unread += 1

    def read(
        self, addresses: list[str], workers: int, scheduler: str, on_progress: Callable[[ScanProgress], None]
    ) -> list[str]:
        """Read the files that were not read before; gives the digests of all that are read now."""
        fetching = self._fetching([*filter(is_web_address, addresses)])
        digests = {address: self._known(address) for address in addresses}
        known = frozenset(self.parts.digests())
        tasks = [
            Task(address, self._sought, fetching, known) for address, digest in digests.items() if not digest
        ]
        progress = ScanProgress(len(tasks))
        with working_folder(self._folder.scans) as folder:
            if scheduler:
                # An extra: whoever reads on this machine needs none of it.
                from gossi.crawler.scan.cluster import read_on_cluster  # noqa: PLC0415

                read = read_on_cluster(tasks, folder, scheduler)
            else:
                read = read_here(tasks, folder, workers, progress, on_progress)
            for done, written in read:
                digests[done.address] = self._settled(done, written)
                progress.files_done += 1
                on_progress(progress)
        return list(dict.fromkeys(filter(None, digests.values())))

    def _known(self, address: str) -> str:
        """The digest of a file that was read before, "" for another."""
        digest = self._seen.digest(address)
        return digest if digest and self.parts.path(digest).exists() else ""

    def _settled(self, done: Done, written: Path) -> str:
        if done.problem:
            self._failed(done.problem)
            return ""
        if (written / PART).exists():
            self.parts.settle(written, done.digest)
        self._seen.note(done)
        return done.digest
