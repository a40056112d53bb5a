"""archive.zip: what is in it, that it checks itself, and that the same study gives the same bytes."""

import hashlib
import json
import shutil
import zipfile
from pathlib import Path

import pytest

from gossi.analysis.measuring.publish import publish
from gossi.analysis.report.archive import TABLES, write_archive
from gossi.analysis.report.write import write_report
from gossi.analysis.review.draw import draw_sample
from gossi.crawler.errors import StoreError
from gossi.crawler.study.sources import StudyFolder
from tests import hand_store
from tests.conftest import ROOT


@pytest.fixture
def study(tmp_path: Path) -> StudyFolder:
    """The hand-made store in a study with a drawn sample."""
    folder = StudyFolder(tmp_path)
    folder.data.mkdir()
    for name in ("sources.toml", "claims.toml"):
        shutil.copy(ROOT / name, tmp_path)
    shutil.copytree(ROOT / "lexicon", folder.lexicon)
    publish(hand_store.build(folder.store_file), folder.published_file)
    draw_sample(folder.published_file, folder.draws, 4, ("bloc",), seed=3)
    publish(folder.store_file, folder.published_file, draws=folder.draws)
    return folder


def test_an_archive_is_whole_and_the_same_twice(study: StudyFolder) -> None:
    """Codebook, lexicon, draws, report, tables, how to cite it; no text; SHA256SUMS names each file."""
    files = write_report(study.published_file, study.reports)
    first = write_archive(study, files, study.reports).read_bytes()
    for file in (study.claims_file, *study.draws.rglob("*.json")):
        file.touch()
    assert write_archive(study, files, study.reports).read_bytes() == first
    with zipfile.ZipFile(study.reports / "archive.zip") as archive:
        members = {name: archive.read(name) for name in archive.namelist()}
    sums = members.pop("SHA256SUMS").decode().splitlines()
    assert sums == [f"{hashlib.sha256(members[name]).hexdigest()}  {name}" for name in sorted(members)]
    (draw,) = study.draws.iterdir()
    assert set(members) == {
        "CITATION.cff", "archive.json", "study/sources.toml", "study/claims.toml",
        f"study/coded/draws/{draw.name}/draw.json", f"study/coded/draws/{draw.name}/frame.csv",
        *(f"study/lexicon/{file.name}" for file in study.lexicon.iterdir()),
        *(f"report/{file.name}" for file in files),
        *(f"tables/{name}.csv" for name in TABLES),
    }  # fmt: skip
    about = json.loads(members["archive.json"])
    assert [(item["draw"], item["seed"]) for item in about["draws"]] == [(draw.name, 3)]
    assert about["last_run"]["claims_digest"] == "c" * 64
    # A sentence that is no evidence stands nowhere.
    assert not any(b"birds rest in winter" in content for content in members.values())
    assert members["CITATION.cff"].startswith(b"cff-version")


def test_a_folder_that_cannot_be_written(study: StudyFolder, tmp_path: Path) -> None:
    """The message names the file and the next step."""
    with pytest.raises(StoreError, match=r"archive\.zip: .*name another folder with --out DIR"):
        write_archive(study, [], tmp_path / "nowhere")
