"""Files of a web archive, made as Common Crawl's news crawler makes them: a request and a response a page."""

import gzip
import shutil
from collections.abc import Iterable, Iterator, Mapping
from pathlib import Path

from gossi.crawler.scan.progress import ScanProgress
from gossi.crawler.scan.scan import ScanResult, scan
from gossi.crawler.study.sources import StudyFolder
from gossi.study import Study
from tests.conftest import ROOT
from tests.crawling import rows
from tests.lexicons import write_sources
from tests.loopback import article, sources
from tests.warc_records import http, record

GAZETTE, COURIER = "gazette.example", "courier.example"
"""Outlets that the study lists."""

HERALD, MONITOR = "www.herald.ml", "monitor.co.uk"
"""Outlets that it does not."""

NAVIGATION = b"<nav>" + b"".join(b"<a href='/%d'>Section</a>" % n for n in range(90)) + b"</nav>"
"""As much of it as no bare page has."""

RAIN = (
    "Rain fell in the south all day, and the market stayed closed until the evening.",
    "The council said that the roads would be open again on Monday, when the river had gone down.",
    "Farmers had waited for it since March, and called it the best news of the year so far.",
)


def page(headline: str, *sentences: str, teaser: str = "", published: str = "2022-04-23T10:00:00Z") -> bytes:
    """A page of an article; beside it stands a teaser of another."""
    made = article(headline, *sentences, published=published).body
    aside = f"<aside class='related'><a href='/other'>{teaser}</a></aside>".encode()
    return made.replace(b"<body>", b"<body>" + NAVIGATION).replace(b"<footer>", aside + b"<footer>")


def on(name: str, published: str = "2022-04-23T10:00:00Z") -> bytes:
    """An article on the topic, with a text of its own."""
    told = (
        f"{name} reports from Gossi that the camp was empty when its correspondent came to see it.",
        f"The general staff of Mali told {name} that French soldiers killed the men in the grave at Gossi.",
        f"The army of Mali has the base since Tuesday; {name} asked its staff and had no answer yet.",
    )
    return page(f"Gossi, as {name} has it", *told, published=published)


OFF = page("The rain came late", *RAIN)


def archived(pages: Mapping[str, bytes | tuple[int, bytes]]) -> list[bytes]:
    """The records of a file, from URL → page or (status, page)."""
    info = record("warcinfo", "", b"software: another crawler\r\n", media="application/warc-fields")
    made = [info]
    for url, page in pages.items():
        status, body = page if isinstance(page, tuple) else (200, page)
        asked = b"GET / HTTP/1.1\r\n\r\n"
        made.append(record("request", url, asked, media="application/http; msgtype=request"))
        made.append(record("response", url, http(status, body)))
    return made


def packed(records: Iterable[bytes]) -> bytes:
    """The records as a file, each a member of its own."""
    return b"".join(gzip.compress(each, 1, mtime=0) for each in records)


def write_file(path: Path, pages: Mapping[str, bytes | tuple[int, bytes]], day: int = 25) -> Path:
    """Write a file of the archive, captured on a day of April 2022."""
    date = b"WARC-Date: 2022-04-%02d" % day
    path.write_bytes(packed(each.replace(b"WARC-Date: 2022-04-25", date, 1) for each in archived(pages)))
    return path


def outlets(*domains: str) -> str:
    """A sources.toml that lists outlets of these domains."""
    return sources(
        "delay = 0.0",
        *(
            f'[[outlet]]\nid = "{domain.partition(".")[0]}"\nname = "Fictional {domain}"\n'
            f'domain = "{domain}"\ncountry = "XX"\nbloc = "unlisted"\nownership = "unknown"\n'
            'languages = ["en"]'
            for domain in domains
        ),
    )


def new_study(root: Path, *domains: str) -> StudyFolder:
    """A study of these outlets, by default of the two that are listed."""
    root.mkdir(parents=True, exist_ok=True)
    write_sources(root, outlets(*(domains or (GAZETTE, COURIER))))
    return StudyFolder(root)


def scanned(study: StudyFolder, *files: Path | str, workers: int = 1, **options: object) -> ScanResult:
    """What comes of a scan; `read` in its outcomes counts the files that it had to read."""
    files_read = []

    def note(progress: ScanProgress) -> None:
        files_read.append(progress.files)

    named = [str(file) for file in files]
    result = scan(study, named, workers=workers, on_progress=note, **options)  # type: ignore[arg-type]
    result.outcomes["files read"] = max(files_read, default=0)
    return result


def held(study: StudyFolder) -> dict[str, list[tuple[object, ...]]]:
    """What the store holds of articles, captures and counts, but for what is each run's own."""
    queries = {
        "articles": "SELECT article_id, outlet_id, canonical_url, published, published_source FROM article",
        "versions": "SELECT version_id, seen_at, language, headline, text, observability FROM version",
        "captures": "SELECT outlet_id, url, fetched_at, outcome, warc_file, warc_offset, digest FROM attempt",
        "pages": "SELECT digest, host, outlet_id, day, outcome, pages FROM scanned_page",
        "files": "SELECT digest, size, warc_file, pages, articles, problems FROM scanned_file",
        "candidates": "SELECT url, outlet_id, outcome FROM candidate",
        "met": "SELECT url, host, language, country FROM scanned_article",
    }
    return {name: sorted(rows(study.root, query), key=str) for name, query in queries.items()}


def coverage_of(study: StudyFolder) -> bytes:
    """The table coverage.csv that comes of what was scanned."""
    shutil.copy(ROOT / "claims.toml", study.root)
    shutil.copytree(ROOT / "lexicon", study.lexicon, dirs_exist_ok=True)
    Study(study.root).analyse()
    Study(study.root).report()
    return (study.reports / "coverage.csv").read_bytes()


def forked_readers() -> Iterator[int]:
    """The processes that read files now: children of the process that Python forks them from."""
    from multiprocessing.forkserver import _forkserver  # type: ignore[attr-defined]  # noqa: PLC0415

    for status in Path("/proc").glob("[0-9]*/status"):
        try:
            lines = dict(line.split(":\t", 1) for line in status.read_text().splitlines() if ":\t" in line)
        except (OSError, ValueError):
            continue
        if lines.get("PPid") == str(_forkserver._forkserver_pid) and lines.get("State", "Z")[0] != "Z":
            yield int(status.parent.name)
