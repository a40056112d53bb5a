"""docs/operating.md: each of its commands runs, one after another, on a study with captures."""

import json
import re
import shlex
import subprocess
from pathlib import Path

import pytest

from tests import small_codebook
from tests.conftest import ROOT, gossi
from tests.loopback import WEATHER, Answer, LoopbackSite, article, outlet, sources

PAGE = (ROOT / "docs" / "operating.md").read_text("utf-8")
COMMANDS = re.findall(r"^\$ (.+)$", PAGE, re.MULTILINE)
CLAIM = "The capital said that the grave of Tinfiction, near Gossi, was left there."


@pytest.mark.long(40)
def test_each_command_runs(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """What a person types, in the folder of the study; the report comes out the same after a rebuild."""
    study = tmp_path / "study"
    small_codebook.write(study)
    monkeypatch.chdir(study)
    tables = []
    routes = {"/a": article("Tinfiction", CLAIM), "/off": Answer(WEATHER)}
    with LoopbackSite(routes) as site:
        text = sources("delay = 0.0", outlet("gazette", site, "/a", "/off"))
        Path("sources.toml").write_text(text)
        for line in COMMANDS:
            words = shlex.split(line)
            if words[0] == "gossi":
                done = gossi(*words[1:], timeout=100)
                assert done.returncode == 0, (line, done.stdout, done.stderr)
            else:
                assert subprocess.run(words, check=False).returncode == 0, line
            if line in {"gossi run", "gossi report"}:
                tables.append(Path("reports/coverage.csv").read_bytes())
            if line.endswith("--json"):
                assert json.loads(done.stdout)["well"] is True
    assert len(tables) == 2
    assert tables[0] == tables[1]


def test_the_commands_are_those_of_the_program() -> None:
    """No page of a manual outlives what it tells of."""
    assert len(COMMANDS) > 12
    assert {words[0] for words in map(str.split, COMMANDS)} == {"gossi", "mkdir", "cp", "rm"}


def test_the_container_file_uses_the_lock_file_and_runs_as_nobody() -> None:
    """What it copies is there, what it installs is checked by its hash, and it runs without rights."""
    text = (ROOT / "Containerfile").read_text("utf-8")
    assert "--require-hashes -r requirements.lock" in text
    assert re.search(r"^USER 10001:10001$", text, re.MULTILINE)
    copied = [
        line.split()[1:-1] for line in text.splitlines() if line.startswith("COPY ") and "--from" not in line
    ]
    assert [name for names in copied for name in names if not (ROOT / name).exists()] == []
