"""The commands that code, explain and validate, as a user calls them."""

import json
import subprocess
from pathlib import Path

import pytest

from tests.conftest import GOSSI, gossi
from tests.lexicons import write_sources
from tests.small_codebook import write

GRAVE = "The capital speaks of a grave at Tinfiction, in which many people lie."
CODED = {
    "id": "a1",
    "language": "en",
    "on_topic": True,
    "headline": "From Tinfiction",
    "text": [GRAVE],
    "labels": {"north.grave": {"stance": "attributed", "sentences": [0]}},
}


@pytest.fixture
def study(tmp_path: Path) -> Path:
    """A folder with the small codebook and one coded article."""
    write(tmp_path)
    (tmp_path / "coded.jsonl").write_text(json.dumps(CODED) + "\n", encoding="utf-8")
    return tmp_path


def test_align_writes_a_coding_a_line(study: Path) -> None:
    """Data on standard output, nothing else, and the article's own id."""
    result = gossi("align", str(study / "coded.jsonl"), study=study)
    assert (result.returncode, result.stderr) == (0, "")
    assert json.loads(result.stdout) == {
        "id": "a1",
        "on_topic": True,
        "labels": {"north.grave": {"stance": "attributed", "sentences": [0], "score": 100.0}},
    }


def test_align_names_articles_that_nobody_can_read(study: Path) -> None:
    """On standard error, where the lexicon has no words for the language; its line is written."""
    text = ["Mji wa Tinfiction ulikuwa kimya siku hiyo, na watu hawakusema lolote kuhusu jambo hilo."]
    article = {"id": "a2", "language": "sw", "headline": "Habari za Tinfiction leo", "text": text}
    (study / "sw.jsonl").write_text(json.dumps(article) + "\n", encoding="utf-8")
    result = gossi("align", str(study / "sw.jsonl"), study=study)
    assert json.loads(result.stdout) == {"id": "a2", "on_topic": False, "labels": {}}
    assert result.stderr.startswith("article a2: no words for its language (sw)")


def test_validate_and_explain_print(study: Path) -> None:
    """A page to read, the same as JSON, and an explanation."""
    coded = str(study / "coded.jsonl")
    page = gossi("validate", coded, study=study)
    assert page.returncode == 0, page.stderr
    assert page.stdout.startswith("Fairness:")
    figures = gossi("validate", "--json", coded, study=study)
    assert json.loads(figures.stdout)["claim_micro"]["f1"] == 1.0
    explained = gossi("explain", coded, "a1", "north.grave", study=study)
    assert "grave: grave (100)" in explained.stdout


@pytest.mark.parametrize(
    ("words", "code", "message"),
    [
        (("align", "missing.jsonl"), 2, "missing.jsonl: cannot be read: No such file or directory"),
        (("align", "."), 2, "cannot be read: Is a directory"),
        (("align", "broken.jsonl"), 2, "broken.jsonl, line 2: not JSON"),
        (("validate", "broken.jsonl"), 2, "broken.jsonl, line 2: not JSON"),
        (("validate", "uncoded.jsonl"), 2, "uncoded.jsonl, line 1: no coded article"),
        (("explain", "coded.jsonl", "a2", "north.grave"), 2, "no article has the id 'a2'"),
        (("explain", "coded.jsonl", "a1", "north.nothing"), 1, "it has north.grave"),
        (("align",), 1, "Missing argument"),
    ],
)
def test_bad_input_ends_in_one_message(study: Path, words: tuple[str, ...], code: int, message: str) -> None:
    """One message with what is wrong and where, the right exit code, no traceback."""
    (study / "broken.jsonl").write_text(json.dumps(CODED) + '\n{"id": \n', encoding="utf-8")
    (study / "uncoded.jsonl").write_text('{"id": 1, "headline": "", "text": ""}\n', encoding="utf-8")
    named = [str(study / word) if word.endswith(("jsonl", ".")) else word for word in words]
    result = gossi(*named, study=study)
    assert result.returncode == code, result.stderr
    assert message in result.stderr
    assert "Traceback" not in result.stderr


def test_a_reader_that_has_enough_ends_it_quietly(study: Path) -> None:
    """`gossi align … | head -1` says nothing of a broken pipe."""
    many = study / "many.jsonl"
    many.write_text((json.dumps(CODED) + "\n") * 900, encoding="utf-8")
    with subprocess.Popen(
        [GOSSI, "--study", study, "align", many], stdout=subprocess.PIPE, stderr=subprocess.PIPE
    ) as run:
        assert run.stdout is not None
        assert run.stderr is not None
        assert json.loads(run.stdout.readline())["id"] == "a1"
        run.stdout.close()
        assert run.stderr.read() == b""
        assert run.wait() == 0


def test_analyse_without_a_codebook(tmp_path: Path) -> None:
    """A study without claims.toml is a configuration error that names the file."""
    write_sources(tmp_path, "")
    result = gossi("analyse", study=tmp_path)
    assert result.returncode == 1
    assert "claims.toml: no such file" in result.stderr
