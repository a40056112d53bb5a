"""A disk that is full, for real: each stage ends with one message and exit code 2, and goes on afterwards."""

import json
import subprocess
from collections.abc import Iterator
from pathlib import Path
from shutil import copytree

import pytest

from gossi.study import Study
from tests import small_codebook
from tests.conftest import gossi
from tests.loopback import LoopbackSite, article, outlet, sources

CLAIM = "The capital said that the grave of Tinfiction, near Gossi, was left there. "
HALF = {".building", ".rebuilding", ".part"}
STAGES = {
    "crawl": ["crawl"],
    "import": ["import", "b.jsonl"],
    "analyse": ["analyse"],
    "report": ["report"],
    "rebuild": ["rebuild"],
    "move": ["captures", "move", "DISK/elsewhere"],
}


@pytest.fixture
def disk(tmp_path: Path) -> Iterator[Path]:
    """A small file system of its own; only root may make one."""
    place = tmp_path / "disk"
    place.mkdir()
    made = subprocess.run(["/bin/mount", "-t", "tmpfs", "-o", "size=400m", "tmpfs", place], check=False)
    if made.returncode:
        pytest.skip("no file system can be mounted here; tests/test_cli_bad_input.py limits files instead")
    try:
        yield place
    finally:
        subprocess.run(["/bin/umount", "-l", place], check=False)


def lines(first: int) -> str:
    """Articles of text that does not pack well."""
    return "".join(
        json.dumps({
            "id": n, "url": f"https://t.example/{n}", "headline": f"Tinfiction {n}",
            "text": [CLAIM, *(f"Line {hash((n, m))} of {hash((m, n, 1))}." for m in range(60))],
        }) + "\n"
        for n in range(first, first + 400)
    )  # fmt: skip


def limit(disk: Path, room: int) -> None:
    """Leave so many bytes on the disk."""
    used = sum(file.stat().st_blocks * 512 for file in disk.rglob("*") if not file.is_symlink())
    size = max(used + room, 1) // 1024
    subprocess.run(["/bin/mount", "-o", f"remount,size={size}k", disk], check=True)


@pytest.mark.long(90)
def test_every_stage_ends_with_one_message_and_goes_on(disk: Path, tmp_path: Path) -> None:
    """Each stage by itself on a disk with 64 kB left; with room again it does what it was to do."""
    root = tmp_path / "study"
    small_codebook.write(root)
    (root / "a.jsonl").write_text(lines(0))
    (root / "b.jsonl").write_text(lines(1000))
    with LoopbackSite(
        {f"/{n}": article(f"Tinfiction {n}", CLAIM, lines(n)[:60_000]) for n in range(9)}
    ) as site:
        (root / "sources.toml").write_text(sources("delay = 0.0", outlet("gazette", site, *site.routes)))
        assert Study(root).take_in([root / "a.jsonl"]).exit_code == 0
        told = {}
        for stage, words in STAGES.items():
            study = (tmp_path if stage == "move" else disk) / f"study-{stage}"
            copytree(root, study)
            call = [
                word.replace("DISK", str(disk)).replace("b.jsonl", str(root / "b.jsonl")) for word in words
            ]
            limit(disk, 64_000)
            full = gossi(*call, study=study)
            left = [
                path.name for path in study.rglob("*") if path.suffix in {".building", ".rebuilding", ".part"}
            ]
            limit(disk, 300_000_000)
            again = gossi(*call, study=study)
            problems = [line for line in full.stderr.splitlines() if line.startswith("gossi:")]
            told[stage] = (full.returncode, len(problems), "Traceback" in full.stderr, left, again.returncode)
            print(stage, told[stage], full.stderr[-400:], again.stderr[-300:])  # noqa: T201
    assert told == dict.fromkeys(STAGES, (2, 1, False, [], 0))
