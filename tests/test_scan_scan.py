"""`scan`: files of web archives give each article once, whoever reads them, and tell what else was in them.

Also tests crawler/scan/read_file.py, crawler/scan/part.py, crawler/scan/take_in.py, crawler/scan/pool.py,
crawler/scan/process.py, crawler/scan/seen.py, crawler/scan/progress.py, crawler/scan/country.py and
analysis/cli/scan.py.
"""

import gzip
import os
import re
import signal
import subprocess
import sys
import zlib
from collections import Counter
from pathlib import Path

import pytest

from gossi.crawler.capture.read import read_page_at
from gossi.crawler.errors import ConfigError
from gossi.crawler.imports.importer import import_paths
from gossi.crawler.scan.country import guessed_country
from gossi.crawler.scan.progress import ScanProgress
from gossi.crawler.scan.scan import scan
from gossi.crawler.study.sources import StudyFolder
from gossi.study import Study
from tests import small_codebook
from tests.conftest import ROOT, gossi
from tests.crawling import rows
from tests.lexicons import write_lexicon, write_sources
from tests.warc_records import http, record
from tests.web_archive import (
    COURIER,
    GAZETTE,
    HERALD,
    MONITOR,
    OFF,
    RAIN,
    archived,
    coverage_of,
    forked_readers,
    held,
    new_study,
    on,
    outlets,
    packed,
    page,
    scanned,
    write_file,
)

WALL = (
    b"<html><head><title>Just a moment...</title></head>"
    b"<body><noscript>Enable JavaScript and cookies to continue</noscript></body></html>"
)
FIRST = {
    f"https://{GAZETTE}/grave": on("the gazette"),
    f"https://{GAZETTE}/rain": OFF,
    f"https://{GAZETTE}/wind": OFF,
    f"https://{GAZETTE}/gone": (404, b"<html>no such page</html>"),
    f"https://{GAZETTE}/old": on("the gazette of last year", "2021-04-23T10:00:00Z"),
    f"https://{COURIER}/teaser": page("The rain came late", *RAIN, teaser="Gossi: the grave"),
    f"https://{COURIER}/wall": WALL,
    f"https://{HERALD}/grave": on("the herald"),
    f"https://{HERALD}/rain": OFF,
}
SECOND = {
    f"https://{COURIER}/grave": on("the courier"),
    f"https://{GAZETTE}/grave?from=mail": on("the gazette"),
    f"https://{MONITOR}/gossi": on("the monitor"),
}
"""The second has an article again that the first has, under a longer address, a day later."""


@pytest.fixture
def study(tmp_path: Path) -> StudyFolder:
    """An empty study that lists two of the four outlets."""
    return new_study(tmp_path / "study")


@pytest.fixture
def files(tmp_path: Path) -> list[Path]:
    """Two files of an archive."""
    return [
        write_file(tmp_path / f"{n}.warc.gz", pages, day=25 + n) for n, pages in enumerate((FIRST, SECOND))
    ]


def test_what_passes_is_taken_in_and_what_does_not_is_counted(study: StudyFolder, files: list[Path]) -> None:
    """Articles of listed outlets in the window; all else by outlet, day and reason."""
    result = scanned(study, files[0])
    assert (result.exit_code, result.problems) == (0, [])
    assert rows(study.root, "SELECT outlet_id, url, outcome, via FROM attempt") == [
        ("gazette", f"https://{GAZETTE}/grave", "on_topic", "scan")
    ]
    Study(study.root).publish()
    counted = "SELECT outlet_id, expected, fetched, failed, on_topic, gone, bot_wall, not_asked, {} FROM "
    told = Study(study.root).sql(counted.format("day::VARCHAR") + "collection ORDER BY ALL").fetchall()
    assert told == [
        ("courier", 2, 1, 0, 0, 0, 1, 0, "2022-04-25"),
        ("gazette", 5, 4, 1, 1, 1, 0, 0, "2022-04-25"),
        (HERALD, 1, 0, 0, 0, 0, 0, 1, told[2][-1]),  # the candidate, on the day of the scan
        (HERALD, 1, 1, 0, 0, 0, 0, 0, "2022-04-25"),
    ]
    fetched = Study(study.root).sql("SELECT command, fetched, articles FROM runs").fetchall()
    assert fetched == [("scan", 8, 1)]
    in_all = Study(study.root).sql(counted.format("gaps") + "collection_by_outlet ORDER BY ALL").fetchall()
    assert in_all == [
        ("courier", 2, 1, 0, 0, 0, 1, 0, 0),
        ("gazette", 5, 4, 1, 1, 1, 0, 0, 0),
        (HERALD, 2, 1, 0, 0, 0, 0, 1, 0),
    ]


def test_the_record_of_an_article_is_kept_as_it_stood(study: StudyFolder, files: list[Path]) -> None:
    """The evidence: head and content to the byte, and where they stood in which file."""
    scanned(study, files[0])
    [(file, offset, digest)] = rows(study.root, "SELECT warc_file, warc_offset, digest FROM attempt")
    [(source, source_digest, evidence)] = rows(
        study.root, "SELECT source, digest, warc_file FROM scanned_file"
    )
    assert (source, evidence) == (str(files[0]), file)
    kept = read_page_at(study.captures / str(file), int(str(offset)))
    assert (kept.url, kept.digest) == (f"https://{GAZETTE}/grave", digest)
    with (study.captures / str(file)).open("rb") as evidence_file:
        evidence_file.seek(int(str(offset)))
        member = gzip.decompress(evidence_file.read())
    original = archived(FIRST)[2]
    head, _, content = original.partition(b"\r\n\r\n")
    place = len(packed(archived(FIRST)[:2]))
    ours = (
        f"\r\nGossi-Source-File: {files[0]}\r\nGossi-Source-Digest: sha256:{source_digest}"
        f"\r\nGossi-Source-Offset: {place}"
    )
    assert member.startswith(head + ours.encode() + b"\r\n\r\n" + content)


def test_a_scan_judges_as_an_import_does(tmp_path: Path, files: list[Path]) -> None:
    """The same way of every page: the same articles with the same texts, and the same counts."""
    by_scan, by_import = (new_study(tmp_path / name) for name in ("scan", "import"))
    scanned(by_scan, *files, all_outlets=True)
    import_paths(by_import, files)
    texts = (
        "SELECT outlet_id, canonical_url, headline, text, published "
        "FROM article JOIN version USING (article_id) ORDER BY ALL"
    )
    assert rows(by_scan.root, texts) == rows(by_import.root, texts)
    counted = [
        sorted(rows_of(each, "SELECT * EXCLUDE (run_id) FROM collection")) for each in (by_scan, by_import)
    ]
    assert counted[0] == counted[1]


def rows_of(study: StudyFolder, query: str) -> list[tuple[object, ...]]:
    """A query over what is published of a study."""
    Study(study.root).publish()
    return Study(study.root).sql(query).fetchall()


@pytest.mark.long(40)
def test_whoever_reads_in_whatever_order_the_store_is_the_same(tmp_path: Path, files: list[Path]) -> None:
    """One process or two, the other order, the same files again, lists that overlap, one after the other."""
    third = write_file(tmp_path / "2.warc.gz", {f"https://{COURIER}/later": on("the late courier")}, day=24)
    ways: dict[str, list[tuple[int, list[Path]]]] = {
        "one": [(1, [*files, third])],
        "two": [(2, [*files, third])],
        "reversed": [(2, [third, *reversed(files)])],
        "again": [(1, [*files, third]), (1, [third, *files])],
        "overlapping": [(1, [files[0], third]), (1, [*files])],
        "copies": [(1, [files[0], Path(str(files[1])), third, files[1]])],
    }
    found, tables = {}, {}
    for name, scans in ways.items():
        study = new_study(tmp_path / name)
        for workers, named in scans:
            assert scanned(study, *named, workers=workers).exit_code == 0
        found[name] = held(study)
        tables[name] = coverage_of(study)
    for name in ways:
        assert found[name] == found["one"], name
        assert tables[name] == tables["one"], name
    assert len(found["one"]["articles"]) == 3
    assert b"courier,Fictional courier.example,unlisted,false,XX,unknown,en,mali,2,2,2," in tables["one"]


def test_a_scan_run_again_reads_nothing_twice(study: StudyFolder, files: list[Path]) -> None:
    """Not even where a file is named anew: its digest tells."""
    assert scanned(study, *files).outcomes["files read"] == 2
    before = held(study)
    assert scanned(study, *files).outcomes["files read"] == 0
    copy = files[0].with_name("copy.warc.gz")
    copy.write_bytes(files[0].read_bytes())
    parts = {file: file.stat().st_mtime_ns for file in study.scans.rglob("*.jsonl.gz")}
    scanned(study, copy)
    assert {file: file.stat().st_mtime_ns for file in study.scans.rglob("*.jsonl.gz")} == parts
    assert held(study) == before


def test_other_words_of_the_topic_have_a_file_read_anew(study: StudyFolder, files: list[Path]) -> None:
    """What was off the topic may be on it now; what was on it stays one article."""
    scanned(study, files[0])
    write_lexicon(study.root, {"topic": {"en": ["Gossi", "market"]}})
    assert scanned(study, files[0]).outcomes["files read"] == 1
    articles = rows(study.root, "SELECT canonical_url FROM article ORDER BY ALL")
    # The wind's page has the text of the rain's.
    assert [str(url) for (url,) in articles] == [
        f"https://{COURIER}/teaser",
        f"https://{GAZETTE}/grave",
        f"https://{GAZETTE}/rain",
    ]


def test_outlets_that_are_not_listed_are_candidates(study: StudyFolder, files: list[Path]) -> None:
    """With number and languages of their articles, and a guess of the country; none of these is taken in."""
    result = scanned(study, *files)
    assert result.unlisted == Counter({HERALD: 1, MONITOR: 1})
    assert rows_of(
        study, "SELECT host, pages, languages, country, example_url FROM unlisted ORDER BY host"
    ) == [
        (MONITOR, 1, ["en"], "GB", f"https://{MONITOR}/gossi"),
        (HERALD, 1, ["en"], "ML", f"https://{HERALD}/grave"),
    ]
    assert {row[0] for row in rows(study.root, "SELECT outlet_id FROM article")} == {"gazette", "courier"}


def test_candidates_are_taken_in_later_without_reading_again(study: StudyFolder, files: list[Path]) -> None:
    """All of them on demand, under the bloc `unlisted`, or those that sources.toml has in the meantime."""
    scanned(study, *files)
    write_sources(study.root, outlets(GAZETTE, COURIER, "herald.ml"))
    result = scanned(study, *files)
    assert (result.outcomes["files read"], result.outcomes["on_topic"]) == (0, 1)
    taken = "SELECT outlet_id, count(*) FROM article GROUP BY ALL ORDER BY ALL"
    assert rows(study.root, taken) == [("courier", 1), ("gazette", 1), ("herald", 1)]
    result = scanned(study, *files, all_outlets=True)
    assert (result.outcomes["files read"], result.outcomes["on_topic"]) == (0, 1)
    assert rows(study.root, taken) == [("courier", 1), ("gazette", 1), ("herald", 1), (MONITOR, 1)]
    assert rows(study.root, "SELECT bloc, listed FROM outlet WHERE outlet_id = 'monitor.co.uk'") == [
        ("unlisted", False)
    ]
    hosts = rows(study.root, "SELECT DISTINCT outlet_id FROM scanned_page WHERE host = 'www.herald.ml'")
    assert hosts == [("herald",)]


def test_a_wider_window_takes_in_what_a_narrower_one_left(study: StudyFolder, files: list[Path]) -> None:
    """Without reading again; what is out of the window is counted as that, and as nothing once it is in."""
    outside = "SELECT sum(pages) FROM scanned_page WHERE outcome = 'out_of_window'"
    scanned(study, *files)
    assert rows(study.root, outside) == [(1,)]
    wider = outlets(GAZETTE, COURIER).replace("first = 2022-04-01", "first = 2021-01-01")
    write_sources(study.root, wider)
    result = scanned(study, *files)
    assert (result.outcomes["files read"], result.outcomes["on_topic"]) == (0, 1)
    assert rows(study.root, outside) == [(None,)]


def test_a_reader_that_is_killed_costs_its_file_alone(tmp_path: Path, files: list[Path]) -> None:
    """It is read again, and what comes of it is what would have come of it."""
    rain = {f"https://{GAZETTE}/rain/{n}": OFF for n in range(1500)}
    long = write_file(tmp_path / "long.warc.gz", {**rain, f"https://{GAZETTE}/late": on("the late gazette")})
    killed: list[int] = []

    def kill(progress: ScanProgress) -> None:
        # Once, in the midst of the long file: pages are told twice a second.
        if progress.pages > len(FIRST) + len(SECOND) and not killed:
            killed.extend(forked_readers())
            for number in killed:
                os.kill(number, signal.SIGKILL)

    named = [str(file) for file in (*files, long)]
    study, whole = new_study(tmp_path / "killed"), new_study(tmp_path / "whole")
    assert scan(study, named, workers=2, on_progress=kill).exit_code == 0
    scanned(whole, *named)
    assert killed
    assert held(study) == held(whole)
    assert [path.name for path in study.scans.iterdir() if path.name.startswith("reading-")] == []


@pytest.mark.parametrize(
    ("host", "page", "country"),
    [
        ("www.herald.ml", '<html lang="fr-FR">', "ML"),
        ("maliweb.net", '<html lang="fr-ML">', "ML"),
        ("bbc.co.uk:8080", '<html lang="fr-FR">', "GB"),
        ("notizie.it", "", "IT"),
        ("afrique.tv", "<meta property='og:locale' content='fr_CI' />", "CI"),
        ("news.io", '<html dir="ltr" lang="en">', "XX"),
        ("127.0.0.1:8800", "", "XX"),
        ("", "", "XX"),
    ],
)
def test_countries_are_guessed_by_address_and_page(host: str, page: str, country: str) -> None:
    """A country's own domain first, but for those that are sold as words; then the page's locale."""
    assert guessed_country(host, page.encode()) == country


def test_broken_files_are_told_and_cost_nobody_else(
    study: StudyFolder, tmp_path: Path, files: list[Path]
) -> None:
    """What could be read of them is taken in; the scan ends with 3 and a line for each."""
    whole = archived({f"https://{GAZETTE}/before": on("the early gazette"), f"https://{GAZETTE}/x": OFF})
    torn = tmp_path / "torn.warc.gz"
    torn.write_bytes(packed(whole)[:-40])
    wrong = tmp_path / "wrong.warc.gz"
    odd = record("response", f"https://{COURIER}/odd", http(200, on("the odd courier")))
    short, long = (
        re.sub(rb"Content-Length: \d+", b"Content-Length: %d" % size, odd, count=1) for size in (300, 90_000)
    )
    after = record("response", f"https://{COURIER}/after", http(200, on("the late courier")))
    wrong.write_bytes(packed([short, after, long, after]))
    none = tmp_path / "none.warc.gz"
    none.write_bytes(gzip.compress(b"no archive at all"))
    result = scanned(study, files[0], torn, wrong, none, tmp_path / "missing.warc.gz")
    assert result.exit_code == 3
    assert (result.files, result.unread) == (5, 2)
    told = "\n".join(result.problems)
    for file in (torn, wrong, none, tmp_path / "missing.warc.gz"):
        assert str(file) in told
    assert set(rows(study.root, "SELECT url, outcome FROM attempt")) == {
        (f"https://{GAZETTE}/grave", "on_topic"),
        (f"https://{GAZETTE}/before", "on_topic"),
        (f"https://{COURIER}/odd", "extraction_failed"),  # cut short by its record: nothing is omitted by it
        (f"https://{COURIER}/after", "on_topic"),
    }
    # What is damaged stays so: it is told again, though it is not read again.
    again = scanned(study, files[0], torn, wrong)
    assert (again.exit_code, again.outcomes["files read"]) == (3, 0)


def test_nothing_that_can_be_read_ends_with_2(study: StudyFolder, tmp_path: Path) -> None:
    """As an import does."""
    assert scanned(study, tmp_path / "missing.warc.gz").exit_code == 2


def test_the_command_tells_what_came_of_it(study: StudyFolder, tmp_path: Path, files: list[Path]) -> None:
    """Counts and problems go to standard error; the exit code is the scan's."""
    missing = tmp_path / "missing.warc.gz"
    done = gossi(
        "scan", *map(str, files), str(missing), "--workers", "1", "--to", "2022-04-30", study=study.root
    )
    assert (done.returncode, done.stdout) == (3, "")
    told = [line for line in done.stderr.splitlines() if " pages (" not in line]  # how far it is
    assert told[0].startswith(
        "scan: 2 of 3 files: 1 bot_wall, 1 duplicate, 1 gone, 4 off_topic, 2 on_topic, "
    )
    assert told[1].startswith("gossi: articles of 2 outlets that are not in sources.toml: ")
    assert told[2] == f"gossi: {missing}: cannot be read: No such file or directory"
    assert gossi("scan", study=study.root).returncode == 1
    assert gossi("scan", str(files[0]), "--from", "2023-01-01", study=study.root).returncode == 1


def test_a_run_scans_what_the_study_names(study: StudyFolder, files: list[Path]) -> None:
    """A folder in the study and a file elsewhere, under [study.ccnews]."""
    (study.root / "archive").mkdir()
    files[0].rename(study.root / "archive" / files[0].name)
    assert Study(study.root).scan_listed() is None
    table = f'[study.ccnews]\nfiles = ["archive", "{files[1]}"]\n'
    write_sources(study.root, outlets(GAZETTE, COURIER).replace("[[bloc]]", f"{table}[[bloc]]", 1))
    result = Study(study.root).scan_listed()
    assert result is not None
    assert (result.files, result.exit_code, result.outcomes["on_topic"]) == (2, 0, 2)


def test_a_store_made_anew_has_what_was_scanned(study: StudyFolder, files: list[Path]) -> None:
    """The same articles, captures, counts and candidates, and no file of the archive is read."""
    small_codebook.write(study.root)
    scanned(study, *files)
    before = held(study)
    assert len(before["articles"]) == 2
    study.store_file.unlink()
    for file in files:
        file.unlink()
    assert Study(study.root).rebuild().exit_code == 0
    assert held(study) == before
    assert Study(study.root).sql("SELECT command FROM runs ORDER BY run_id").fetchall() == [
        ("scan",), ("analyse",),
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("wrong", "told"), [('months = ["April"]', "write it like 2022-04"), ("month = 1", "known are")]
)
def test_a_wrong_table_is_told(study: StudyFolder, wrong: str, told: str) -> None:
    """With its name, the key and the way to write it."""
    table = f"[study.ccnews]\n{wrong}\n[[bloc]]"
    write_sources(study.root, outlets(GAZETTE).replace("[[bloc]]", table, 1))
    with pytest.raises(ConfigError, match=rf"\[study.ccnews\].*{told}"):
        Study(study.root).scan_listed()


MEASURED = """
import re, sys
from pathlib import Path
from gossi.crawler.scan.read_file import Reading, read_file
from gossi.crawler.study.sources import StudyFolder
reading = Reading(StudyFolder(Path(sys.argv[1])).sources().study, "topic")
read_file(Path(sys.argv[2]), "file", reading, Path(sys.argv[3]))
# Not by getrusage, which counts the process that this one was begun by.
print(re.search(r"VmHWM:\\s+(\\d+)", Path("/proc/self/status").read_text())[1])
"""


@pytest.mark.long(40)
def test_a_record_of_a_gigabyte_and_a_bomb_cost_no_memory(study: StudyFolder, tmp_path: Path) -> None:
    """The one is passed over, the other a page that names the topic and whose text nobody can get at."""
    zeros = zlib.compressobj(1, zlib.DEFLATED, 31)
    with (tmp_path / "huge.warc.gz").open("wb") as file:
        head = record("response", f"https://{GAZETTE}/huge", b"").split(b"Content-Length")[0]
        file.write(zeros.compress(head + b"Content-Length: 1000000000\r\n\r\n"))
        for _ in range(1000):
            file.write(zeros.compress(bytes(1_000_000)))
        file.write(zeros.compress(b"\r\n\r\n") + zeros.flush())
        packed_bomb = gzip.compress(b"<p>Gossi</p>" * 40_000_000, 9)
        more = http(200, packed_bomb, more="Content-Encoding: gzip\r\n")
        file.write(packed([record("response", f"https://{GAZETTE}/packed", more)]))
        file.write(packed([record("response", f"https://{GAZETTE}/after", http(200, on("the gazette")))]))
    bomb = b"<html><body>Gossi" + b"<div>" * 900_000
    deep = tmp_path / "deep.warc.gz"
    deep.write_bytes(packed([record("response", f"https://{GAZETTE}/deep", http(200, bomb))]))
    result = scanned(study, tmp_path / "huge.warc.gz", deep)
    assert (result.exit_code, result.outcomes["on_topic"]) == (0, 1)
    # The tree of the deep page alone takes as much as its elements need.
    (tmp_path / "part").mkdir()
    words = [sys.executable, "-c", MEASURED, study.root, tmp_path / "huge.warc.gz", tmp_path / "part"]
    done = subprocess.run(words, cwd=ROOT, check=True, capture_output=True, text=True)
    assert int(done.stdout) < 600_000  # kilobytes
