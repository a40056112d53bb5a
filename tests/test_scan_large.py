"""A hundred thousand records of the sample web in four files: a scan finds what the pages alone give.

Also tests crawler/scan/read_file.py and crawler/scan/take_in.py.
"""

from collections.abc import Iterable
from itertools import cycle, islice
from pathlib import Path

import pytest

from gossi.crawler.sample.model import sample
from gossi.crawler.sample.site import Answer, Site
from gossi.crawler.sample.study import write_study
from gossi.crawler.study.sources import StudyFolder
from tests.conftest import ROOT
from tests.loopback import free_ports
from tests.sample_truth import truth
from tests.warc_records import http, record
from tests.web_archive import coverage_of, held, packed, scanned

PORT = free_ports()
RECORDS = 100_000
FILES = 4


def written(file: Path, pages: Iterable[tuple[str, Answer]]) -> Path:
    """A file of pages as the sample's outlets answer."""
    answers = ((url, http(200, page.body, page.content_type)) for url, page in pages)
    file.write_bytes(packed(record("response", url, answer) for url, answer in answers))
    return file


@pytest.mark.long(280)
def test_of_a_hundred_thousand_records_the_articles_are_found(tmp_path: Path) -> None:
    """Of each outlet all articles, whichever of the files has them and whoever reads it, and nothing else."""
    answers = {
        site.origin + path: answer
        for site in (Site(outlet, PORT) for outlet in sample().outlet)
        for path, answer in site.answers.items()
        if answer.status == 200 and not answer.drips and not answer.encoding
    }
    told = [page for page in truth(PORT) if page.counted and page.url in answers]
    rain = [page.url for page in truth(PORT) if page.named == "nowhere" and page.url in answers]
    assert len(told) > 100
    assert len(rain) > 40
    articles = [(page.url, answers[page.url]) for page in told]
    others = ((f"{url}?edition={n}", answers[url]) for n, url in enumerate(cycle(rain)))
    files = [
        written(
            tmp_path / f"{n}.warc.gz",
            [*articles[n::FILES], *islice(others, RECORDS // FILES - len(articles[n::FILES]))],
        )
        for n in range(FILES)
    ]
    alone = written(tmp_path / "alone.warc.gz", articles)
    found: list[StudyFolder] = []
    for name, named, workers in (("whole", files, 2), ("alone", [alone], 1)):
        study = write_study(tmp_path / name, PORT, ROOT / "claims.toml")
        result = scanned(study, *named, workers=workers)
        assert (result.exit_code, result.problems) == (0, [])
        found.append(study)
    whole, few = (held(study) for study in found)
    assert sum(int(str(row[3])) for row in whole["files"]) == RECORDS
    assert whole["articles"] == few["articles"]
    assert len(whole["articles"]) > 100
    assert coverage_of(found[0]) == coverage_of(found[1])
