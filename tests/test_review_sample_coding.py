"""The sample study, drawn and coded as its labels have it: the estimates are what the labels say."""

import shutil
from pathlib import Path

import pytest

from gossi.analysis.codebook import load_codebook
from gossi.analysis.measuring.publish import publish
from gossi.analysis.measuring.query import query
from gossi.analysis.review.sample_coding import CODER, code_sample
from gossi.crawler.study.sources import StudyFolder
from tests.conftest import ROOT, SAMPLE_PORT, SampleRun
from tests.sample_truth import expected_coverage


def coded(sample_run: SampleRun, folder: Path, texts: int) -> Path:
    """A copy of the sample study with so many texts coded; its published database."""
    study = StudyFolder(folder)
    study.data.mkdir()
    for file in (sample_run.folder.store_file, sample_run.folder.published_file):
        shutil.copy(file, study.data)
    code_sample(study, load_codebook(ROOT / "claims.toml"), SAMPLE_PORT, texts)
    publish(study.store_file, study.published_file, draws=study.draws)
    return study.published_file


def truth() -> dict[tuple[str, str], float]:
    """(outlet, side) → the share that the labels have, where anything is eligible."""
    claims = load_codebook(ROOT / "claims.toml").claims
    since = {claim.id: (claim.public_since_utc, claim.public_precision) for claim in claims}
    return {
        key: row.included / row.eligible
        for key, row in expected_coverage(since, SAMPLE_PORT).items()
        if row.eligible
    }


@pytest.mark.long(15)
def test_where_all_is_coded_the_labels_stand(sample_run: SampleRun, tmp_path: Path) -> None:
    """A census gives each outlet the share of its labels, whatever the program made of the articles."""
    published = coded(sample_run, tmp_path, 10_000)
    found = {
        (outlet, side): share
        for outlet, side, share, low, high in query(
            published,
            "SELECT outlet_id, side, share_corrected, corrected_low, corrected_high FROM coverage"
            " WHERE share_corrected IS NOT NULL",
        )[1]
        if low == share == high
    }
    assert found == pytest.approx(truth(), abs=1e-6)


def test_a_sample_covers_the_labels(sample_run: SampleRun, tmp_path: Path) -> None:
    """Of the intervals that are given for outlets, hardly one misses the share of the labels."""
    published = coded(sample_run, tmp_path, 90)
    rows = query(
        published,
        "SELECT outlet_id, side, corrected_low, corrected_high FROM coverage WHERE corrected_low IS NOT NULL",
    )[1]
    missed = [row for row in rows if not row[2] - 1e-6 <= truth()[row[0], row[1]] <= row[3] + 1e-6]
    assert rows
    # 95 % intervals: of a few dozen, of which those of one outlet hang together, some miss.
    assert len(missed) <= len(rows) / 5
    assert query(published, "SELECT DISTINCT coder FROM coder_codings ORDER BY coder")[1] == [
        (CODER,),
        ("program",),
    ]
