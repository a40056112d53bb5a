"""`gossi status`: what is wrong now, since when, and what to do."""

from datetime import datetime, timedelta
from pathlib import Path

import duckdb
import pytest

from gossi.analysis.cli.health import Health, health
from gossi.analysis.measuring.publish import publish
from gossi.crawler.store.lock import locked
from gossi.crawler.store.store import Store, utc_now
from gossi.crawler.study.sources import StudyFolder

NOW = utc_now()
DAY = timedelta(days=1)


def begin(store: Store, number: int, command: str, began: datetime, ended_as: str) -> None:
    """Enter a run of an hour: its status, and its message behind a colon."""
    status, _, message = ended_as.partition(": ")
    ended = None if status == "running" else began + timedelta(hours=1)
    store.append(
        "run",
        [(number, command, began, ended, status, message, 0, 0, 0, "0", "", "", status == "running", None)],
    )


def find(store: Store, outlet_id: str, run_id: int, pages: int) -> None:
    """Enter pages that a feed of an outlet named in a run."""
    rows = [
        (f"https://{outlet_id}.example/{run_id}/{n}", outlet_id, "feed", "", run_id, None, None, "off_topic",
         "", None, None, 1, NOW + DAY / 2, None, None, run_id, False, None)
        for n in range(pages)
    ]  # fmt: skip
    store.append("candidate", rows)


def ask(store: Store, number: int, outlet_id: str, run_id: int) -> None:
    """Enter that an outlet's feed was read in a run."""
    url = f"https://{outlet_id}.example/feed"
    row = (number, run_id, outlet_id, "feed", url, url, NOW, 200, "listing", "", "live", *[None] * 4)
    store.append("attempt", [row])


@pytest.fixture
def study(tmp_path: Path) -> StudyFolder:
    """A study with two outlets after twenty crawls, one a day; the last began three hours ago."""
    folder = StudyFolder(tmp_path)
    with Store(folder) as store:
        for name in ("gazette", "herald"):
            store.con.execute(
                "INSERT INTO outlet VALUES (?, ?, ?, 'XX', 'unlisted', 'unknown', ['en'], false, true)",
                [name, name, f"{name}.example"],
            )
        for run in range(1, 21):
            begin(store, run, "crawl", NOW - timedelta(hours=3) - (20 - run) * DAY, "ok")
            ask(store, 2 * run, "gazette", run)
            ask(store, 2 * run + 1, "herald", run)
            find(store, "gazette", run, 2)
            find(store, "herald", run, 3)
    publish(folder.store_file, folder.published_file)
    return folder


def told(found: Health) -> list[tuple[str, str]]:
    """What is wrong and what to do."""
    return [(problem.what, problem.do) for problem in found.problems]


def test_all_well(study: StudyFolder) -> None:
    """Nothing is wrong; the pages that are due are counted, and the last success is known."""
    found = health(study)
    assert (found.problems, found.exit_code, found.working) == ([], 0, None)
    assert (found.due_now, found.due_in_a_day, found.due_in_a_week) == (0, 100, 100)
    assert found.last_success == NOW - timedelta(hours=2)
    assert found.disk_free > 0
    assert found.data_size > study.store_file.stat().st_size


def test_a_study_that_has_not_run_is_not_ill(tmp_path: Path) -> None:
    """There is nothing to tell, and nothing is made by asking."""
    assert health(StudyFolder(tmp_path)).problems == []
    assert list(tmp_path.iterdir()) == []


def test_runs_that_failed_are_told_since_the_first_of_them(study: StudyFolder) -> None:
    """One in a row or several, each command by itself; what it was for; what was not published."""
    with Store(study) as store:
        begin(store, 21, "import", NOW - timedelta(hours=2), "interrupted: stopped by hand")
        begin(store, 22, "analyse", NOW - timedelta(minutes=90), "failed: not published: disk full")
        begin(store, 23, "analyse", NOW - timedelta(minutes=80), "failed: not published: disk full")
    found = health(study)
    assert told(found) == [
        (
            "gossi analyse failed, 2 times in a row: not published: disk full",
            "mend what it names, then: gossi analyse",
        ),
        ("gossi import was stopped: stopped by hand", "mend what it names, then: gossi import"),
        ("what runs 21 to 23 learnt is not published", "publish: gossi analyse"),
    ]
    assert [problem.since for problem in found.problems][:2] == [
        NOW - timedelta(minutes=90),
        NOW - timedelta(hours=2),
    ]
    assert found.exit_code == 3


def test_a_run_that_was_killed_is_told_and_one_that_works_is_not(study: StudyFolder) -> None:
    """The lock tells one from the other: a killed process lets go of it, and leaves its name."""
    with Store(study) as store:
        begin(store, 21, "crawl", NOW, "running")
    with locked(study, "crawl"):
        found = health(study)
        assert found.working is not None
        assert (found.working.command, found.problems) == ("crawl", [])
        left = (study.data / "run.lock").read_bytes()
    (study.data / "run.lock").write_bytes(left)
    assert told(health(study))[0] == (
        f"gossi crawl was killed (process {found.working.process})",
        "run it again: gossi crawl; it goes on where it was",
    )


def test_outlets_that_are_read_no_more_or_went_quiet_are_told(study: StudyFolder) -> None:
    """Each against its own history: the herald fails three times, the gazette names nothing new for eight."""
    with Store(study) as store:
        store.con.execute("DELETE FROM candidate WHERE outlet_id = 'gazette' AND first_run > 12")
        store.con.execute(
            "UPDATE attempt SET outcome = 'refused', detail = 'HTTP 403' "
            "WHERE outlet_id = 'herald' AND run_id > 17"
        )
    what = [problem.what for problem in health(study).problems]
    assert what == [
        "herald: none of its feeds, sitemaps and pages could be read in 3 runs: refused HTTP 403",
        "gazette: its listings name nothing new, and named 1.8 pages a run before",
    ]


def test_a_timer_that_does_not_run_is_told(study: StudyFolder) -> None:
    """Where runs were a day apart, five days without one are too many."""
    with Store(study) as store:
        store.con.execute("UPDATE run SET started_at = started_at - INTERVAL 5 DAY")
    assert [problem.what.partition("UTC")[2] for problem in health(study).problems] == [
        "; usually once in 24 hours"
    ]


@pytest.mark.parametrize(
    ("file", "what", "do"),
    [
        ("store.duckdb", "data/store.duckdb is lost", "gossi rebuild"),
        ("coverage.duckdb", "data/coverage.duckdb is lost", "gossi analyse"),
    ],
)
def test_a_lost_database_is_told(study: StudyFolder, file: str, what: str, do: str) -> None:
    """And what makes it anew."""
    (study.data / file).unlink()
    problem = health(study).problems[0]
    assert problem.what == what
    assert do in problem.do


def test_a_damaged_store_is_told(study: StudyFolder) -> None:
    """Not as a traceback."""
    study.store_file.write_bytes(b"no database")
    problem = health(study).problems[0]
    assert problem.what.startswith("a database cannot be read")
    assert "gossi rebuild" in problem.do
    with pytest.raises(duckdb.Error):
        duckdb.connect(study.store_file)
