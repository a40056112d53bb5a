"""docs/tutorial.md, carried out: files are written, commands run on the sample web, outputs compared."""

import re
import shlex
import subprocess
from collections import Counter
from pathlib import Path

import pytest

from gossi.crawler.sample.addresses import DEFAULT_PORT
from tests.conftest import GOSSI, ROOT, SAMPLE_PORT, SampleRun
from tests.test_docs_study import review

PAGE = (ROOT / "docs" / "tutorial.md").read_text(encoding="utf-8")
BLOCKS = re.findall(r"^```(\w+)\n(.*?)^```$", PAGE, flags=re.MULTILINE | re.DOTALL)
PORT = re.compile(r"127\.0\.0\.1:(\d+)")
NUMBER = re.compile(r"-?\d+(?:\.\d+)?")


def at_home(text: str) -> str:
    """Text with the addresses at which the tests serve the sample web."""
    return PORT.sub(lambda found: f"127.0.0.1:{SAMPLE_PORT + int(found[1]) - DEFAULT_PORT}", text)


def write(block: str, folder: Path) -> None:
    """Do with a file what the page's first line of it says: replace it, or the tables that stand there."""
    head = block.partition("\n")[0]
    file = folder / head.split()[1].rstrip(",")
    if "in place of the tables" not in head:
        file.write_text(block, encoding="utf-8")
        return
    text = file.read_text(encoding="utf-8")
    for table in re.split(r"\n\n", block.partition("\n")[2].strip()):
        name = table.partition("\n")[0]
        assert name in text
        text = re.sub(rf"{re.escape(name)}\n(?:.+\n)*", lambda _, new=table: new + "\n", text)
    file.write_text(text, encoding="utf-8")


def same(shown: str, printed: str) -> bool:
    """Whether a line says the same: its words, and its numbers but for what other machines round."""
    if " ".join(NUMBER.sub("#", shown).split()) != " ".join(NUMBER.sub("#", printed).split()):
        return False
    pairs = zip(map(float, NUMBER.findall(shown)), map(float, NUMBER.findall(printed)), strict=True)
    return all(abs(one - other) <= max(0.1, 0.15 * abs(one)) for one, other in pairs)


def assert_printed(shown: str, printed: str) -> None:
    """Every line that is shown was printed, in this order; an ellipsis stands for any lines."""
    left = printed.splitlines()
    for line in shown.splitlines():
        if line == "…":
            continue
        places = [place for place, other in enumerate(left) if same(line, other)]
        assert places, f"docs/tutorial.md shows\n{line}\nwhich is not in\n{printed}"
        left = left[places[0] + 1 :]


@pytest.mark.long(90)
def test_the_tutorial_leads_to_a_figure(sample_run: SampleRun, tmp_path: Path) -> None:
    """Each file, command and output of the page in its order; fifty articles are coded by their labels."""
    assert sample_run.web
    printed, coded = "", Counter[str]()
    for kind, block in BLOCKS:
        if kind == "csv":
            (tmp_path / "outlets.csv").write_text(at_home(block), encoding="utf-8")
        elif kind == "toml":
            write(block, tmp_path)
        elif kind == "text":
            assert_printed(block, printed)
        for line in block.splitlines() if kind == "console" else ():
            words = shlex.split(line)[1:]
            if words[0] == "sample":
                continue  # the fixture serves it
            if "review" in words:
                coded = review(words[2:], tmp_path / words[1], 50)
                continue
            result = subprocess.run(
                [GOSSI, *words], capture_output=True, text=True, cwd=tmp_path, timeout=600, check=False
            )
            assert result.returncode == 0, (line, result.stderr)
            printed = result.stdout
    assert coded == {"settle": 50}
    assert (tmp_path / "my-study" / "reports" / "coverage.xlsx").exists()
