"""A crawl in a process of its own: Scrapy's reactor starts once in a process, and a test may kill it."""

import json
import resource
import sys
from concurrent.futures import Future
from dataclasses import dataclass
from multiprocessing import forkserver
from pathlib import Path
from typing import Self

import duckdb

from gossi.analysis.measuring.publish import publish
from gossi.crawler.crawl import crawl as crawling
from gossi.crawler.errors import GossiError
from gossi.crawler.extraction.article import Extracted, failed
from gossi.crawler.extraction.extract import extract
from gossi.crawler.store.store import Store
from gossi.crawler.study.sources import StudyFolder
from tests.warm import Warm


@dataclass(frozen=True)
class Crawled:
    """How a crawl ended. `peak` is the most memory that its own process or a worker had, in bytes."""

    returncode: int
    stderr: str
    failed: dict[str, str]
    gaps: list[str]
    taken_up: int
    peak: int
    unlisted: list[str]
    reconsidered: int


def start_crawl(study: Path, *outlets: str, workers: bool = False) -> Warm:
    """Begin a crawl of a study, of all its outlets where none is named.

    Pages are extracted in the crawling process, but with `workers`: to load them costs more than most crawls.
    """
    return Warm("tests.crawling:main" if workers else "tests.crawling:main_alone", study, *outlets)


def crawl_study(study: Path, *outlets: str, workers: bool = False, timeout: float = 300) -> Crawled:
    """Crawl a study and wait for the end. The time is for a machine with much else to do."""
    with start_crawl(study, *outlets, workers=workers) as process:
        out, err = process.communicate(timeout)
    nothing = {"failed": {}, "gaps": [], "taken_up": 0, "peak": 0, "unlisted": [], "reconsidered": 0}
    told = json.loads(out) if out else nothing
    return Crawled(process.returncode, err, **told)


def rows(study: Path, query: str) -> list[tuple[object, ...]]:
    """A query over the study's store."""
    with duckdb.connect(study / "data" / "store.duckdb", read_only=True) as con:
        return con.execute(query).fetchall()


def make_due(study: Path) -> None:
    """Let the time come at which every page with a next visit is looked at again."""
    with duckdb.connect(study / "data" / "store.duckdb") as con:
        con.execute(
            "UPDATE candidate SET next_attempt = TIMESTAMP '2000-01-01' WHERE next_attempt IS NOT NULL"
        )


def outcomes(study: Path) -> dict[str, str]:
    """Path → outcome of every candidate."""
    found = rows(study, "SELECT url, outcome FROM candidate ORDER BY url")
    return {"/" + str(url).split("/", 3)[3]: str(outcome) for url, outcome in found}


def collected(study: Path) -> dict[str, dict[str, int]]:
    """Outlet → column → figure of `collection`, over all days and runs."""
    folder = StudyFolder(study)
    with Store(folder) as store:
        publish(store.con, folder.published_file)
    columns = ("expected", "fetched", "refused", "failed", "not_asked", "gaps")
    sums = ", ".join(f"sum({column})::INTEGER" for column in columns)
    with duckdb.connect(folder.published_file, read_only=True) as con:
        found = con.execute(f"SELECT outlet_id, {sums} FROM collection GROUP BY outlet_id").fetchall()  # noqa: S608
    return {outlet_id: dict(zip(columns, figures, strict=True)) for outlet_id, *figures in found}


class Alone:
    """In the place of an `ExtractionPool`: extracts at once, in this process."""

    def submit(self, html: bytes, url: str, charset: str | None = None) -> Future[Extracted]:
        """Extract a page."""
        done: Future[Extracted] = Future()
        try:
            done.set_result(extract(html, url, charset))
        except Exception as error:  # noqa: BLE001 - a page's own, as in a worker
            done.set_result(failed(url, f"{type(error).__name__}: {error}"[:200]))
        return done

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        pass


class Unread(Alone):
    """Never comes to an end with a page."""

    def submit(self, html: bytes, url: str, charset: str | None = None) -> Future[Extracted]:
        """Leave a page unread."""
        return Future()


def main_unread() -> None:
    """Crawl as `main` does, and read no page."""
    crawling.ExtractionPool = Unread  # type: ignore[assignment, misc]
    main()


def main_alone() -> None:
    """Crawl as `main` does, without workers."""
    crawling.ExtractionPool = Alone  # type: ignore[assignment, misc]
    main()


def main() -> None:
    """What the process of its own does: crawl the study and outlets named to it, and tell how it ended."""
    try:
        result = crawling.crawl(StudyFolder(Path(sys.argv[1])), outlets=sys.argv[2:])
    except GossiError as error:
        sys.stderr.write(f"{error}\n")
        sys.exit(error.exit_code)
    except KeyboardInterrupt:
        sys.exit(130)
    # Workers are counted once the process is waited for that they were forked from. It ends with this one;
    # there is no public way to end it before.
    forkserver._forkserver._stop()  # type: ignore[attr-defined]
    # Kilobytes on Linux.
    peaks = [resource.getrusage(who).ru_maxrss for who in (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN)]
    told = {"failed": result.failed, "gaps": result.gaps, "taken_up": result.taken_up}
    told |= {"unlisted": result.unlisted, "reconsidered": result.reconsidered}
    sys.stdout.write(json.dumps(told | {"peak": max(peaks) * 1024}))
    sys.exit(result.exit_code)
