"""docs/study.md, carried out on the sample study by two coders who read as its labels say.

Also tests analysis/review/sample_coding.py.
"""

import hashlib
import json
import re
import shlex
import shutil
import signal
import subprocess
import urllib.request
import zipfile
from collections import Counter
from html import unescape
from pathlib import Path
from typing import Any

import pytest

from gossi.analysis.codebook import load_codebook
from gossi.analysis.measuring.query import query
from gossi.analysis.review.sample_coding import CODER, code_sample
from gossi.crawler.study.sources import StudyFolder
from gossi.crawler.web.canonical import canonical_url
from tests.conftest import GOSSI, ROOT, SAMPLE_PORT, SampleRun, gossi
from tests.sample_truth import truth
from tests.test_docs import fenced_lines

PAGE = ROOT / "docs" / "study.md"
TRUTH = {
    canonical_url(url): article
    for article in truth(SAMPLE_PORT)
    for url in (article.url, *article.other_urls)
}


def answer(page: str, errs: bool) -> dict[str, Any]:
    """What a coder who reads as the labels say sends for a page; who errs takes every stance for disputed."""
    (found,) = re.findall(r'<script id="lying" type="application/json">(.*?)</script>', page)
    lying = json.loads(found)
    (url,) = re.findall(r"<bdi>(.*?)</bdi>", page)
    article = TRUTH.get(unescape(url))
    asked = re.findall(r'data-claim="([^"]+)"', page)
    labels = {claim: label for claim, label in (article.labels if article else {}).items() if claim in asked}
    last = lying["sentences"] - 1
    return {
        "article": lying["article"],
        "version": lying["version"],
        "mode": lying["mode"],
        "on_topic": bool(article and article.on_topic),
        "labels": {
            claim: {
                "stance": "disputed" if errs and lying["mode"] == "second" else label.stance,
                "sentences": sorted({min(number, last) for number in label.sentences}),
            }
            for claim, label in labels.items()
        },
    }


def review(words: list[str], study: Path, most: int) -> Counter[str]:
    """Carry out a call of `gossi review`: code up to so many articles; how many of each mode were coded."""
    done: Counter[str] = Counter()
    with subprocess.Popen(
        [GOSSI, "--study", study, *words], stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True
    ) as running:
        assert running.stdout is not None
        address = running.stdout.readline().split()[-1]
        while sum(done.values()) < most:
            with urllib.request.urlopen(address, timeout=60) as response:
                page = response.read().decode()
            if 'id="lying"' not in page:
                break
            sent = answer(page, errs="second" in words and "ben" in words)
            origin = address.rsplit("/", 2)[0]
            request = urllib.request.Request(
                f"{address}code", json.dumps(sent).encode(), {"Origin": origin}, method="POST"
            )
            urllib.request.urlopen(request, timeout=60).close()
            done[sent["mode"]] += 1
        running.send_signal(signal.SIGINT)
        assert running.wait(60) in {0, 130}
    return done


@pytest.mark.long(150)
def test_a_team_of_two_carries_out_the_page(sample_run: SampleRun, tmp_path: Path) -> None:
    """Every command of the page in its order; each does what the page says; the archive is the same twice."""
    folder = StudyFolder(tmp_path / "study")
    shutil.copytree(sample_run.folder.root, folder.root)
    coded: dict[str, Counter[str]] = {}
    for line in fenced_lines(PAGE.read_text(encoding="utf-8")):
        words = shlex.split(line)
        assert words.pop(0) == "gossi"
        if words == ["run"]:
            continue  # done by the fixture, whose server answers
        if words[0] == "review" and "--export" not in words:
            coded[line] = review(words, folder.root, 75 if line.endswith("--coder ada") else 1000)
            continue
        redirect = words.index(">") if ">" in words else len(words)
        result = subprocess.run(
            [GOSSI, "--study", folder.root, *words[:redirect]],
            capture_output=True,
            text=True,
            cwd=tmp_path,
            check=False,
        )
        assert result.returncode == 0, (line, result.stderr)
        if redirect < len(words):
            (tmp_path / words[-1]).write_text(result.stdout, encoding="utf-8")
    first, rest, ben, ada = coded.values()
    assert first == {"sample": 75}
    assert rest["sample"] > 0
    assert ben["second"] > 0
    assert ben["adjudicated"] + ada["adjudicated"] > 0
    assert ada["second"] > 0
    flags = dict(query(folder.published_file, "SELECT about, min(alpha) FROM agreement GROUP BY about")[1])
    assert flags["inclusion"] == 1
    assert flags["stance"] < 1
    _archive_is_whole(folder)


def _archive_is_whole(folder: StudyFolder) -> None:
    # The page's last command brought in further codings.
    assert gossi("report", "--archive", study=folder.root).returncode == 0
    file = folder.reports / "archive.zip"
    before = hashlib.sha256(file.read_bytes()).hexdigest()  # bytes of megabytes are shown for minutes
    with zipfile.ZipFile(file) as archive:
        names = archive.namelist()
        for line in archive.read("SHA256SUMS").decode().splitlines():
            digest, name = line.split("  ", 1)
            assert hashlib.sha256(archive.read(name)).hexdigest() == digest, name
            names.remove(name)
        assert names == ["SHA256SUMS"]
        about = json.loads(archive.read("archive.json"))
        draw = next(name for name in archive.namelist() if name.endswith("draw.json"))
        assert about["draws"][0]["seed"] == json.loads(archive.read(draw))["seed"] == 20220422
        assert {"study/claims.toml", "study/coded/rules.md", "report/coverage.csv", "CITATION.cff"} <= set(
            archive.namelist()
        )
    assert gossi("report", "--archive", study=folder.root).returncode == 0
    assert hashlib.sha256(file.read_bytes()).hexdigest() == before


def test_the_sample_is_coded_by_its_labels(sample_run: SampleRun, tmp_path: Path) -> None:
    """What `gossi sample --coded` writes is what the labels say of each drawn article."""
    folder = StudyFolder(tmp_path / "study")
    shutil.copytree(sample_run.folder.root, folder.root)
    draw = code_sample(folder, load_codebook(folder.claims_file), SAMPLE_PORT, 20)
    urls = dict(query(folder.published_file, "SELECT article_id, canonical_url FROM articles")[1])
    lines = (folder.draws / draw.draw / f"{CODER}.jsonl").read_text(encoding="utf-8").splitlines()
    wrong = []
    for line in map(json.loads, lines):
        article = TRUTH.get(urls[line["id"]])
        labels = {claim: label.stance for claim, label in (article.labels if article else {}).items()}
        found = {claim: label["stance"] for claim, label in line["labels"].items()}
        if (found, line["on_topic"]) != (labels, bool(article and article.on_topic)):
            wrong.append((urls[line["id"]], found, labels))
    assert len(lines) >= 20
    assert wrong == []
