"""A crawl in a process of its own: Scrapy's reactor starts once in a process, and a test may kill it."""

import json
import resource
import subprocess
import sys
from dataclasses import dataclass
from multiprocessing import forkserver
from pathlib import Path

import duckdb

from analysis.measuring.publish import publish
from crawler.crawl import crawl
from crawler.errors import GossiError
from crawler.store.store import Store
from crawler.study import StudyFolder

ROOT = Path(__file__).parents[1]


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


def start_crawl(study: Path, *outlets: str) -> subprocess.Popen[str]:
    """Begin a crawl of a study, of all its outlets where none is named."""
    return subprocess.Popen(
        # Not as a module: the extraction workers would import it, and Scrapy with it, once more each.
        [sys.executable, "-c", "from tests.crawling import main; main()", study, *outlets],
        cwd=ROOT,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    )


def crawl_study(study: Path, *outlets: str, timeout: float = 60) -> Crawled:
    """Crawl a study and wait for the end."""
    with start_crawl(study, *outlets) as process:
        out, err = process.communicate(timeout=timeout)
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
    found = rows(study, "SELECT url, outcome FROM candidate")
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


def main() -> None:
    """What the process of its own does: crawl the study and outlets named to it, and tell how it ended."""
    try:
        result = crawl(StudyFolder(Path(sys.argv[1])), outlets=sys.argv[2:])
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
