"""`gossi learn`: the coder is fitted to coded articles, and each is coded by a fit that has not seen it.

So this tests analysis/fit.py, analysis/alignment/encoder.py, analysis/alignment/evidence.py,
analysis/alignment/weighing.py, analysis/coding/fitting.py, analysis/coding/training.py,
analysis/coding/groups.py and analysis/coding/withheld.py too.
"""

import json
from dataclasses import replace
from datetime import datetime
from pathlib import Path

import pytest

import gossi.analysis.fit
from gossi.analysis.alignment.align import Aligner
from gossi.analysis.codebook import load_codebook
from gossi.analysis.coding import learning
from gossi.analysis.coding.groups import groups_of
from gossi.analysis.coding.learning import learn, write
from gossi.analysis.coding.record import read_record
from gossi.analysis.fit import CoderFile, load_fit
from gossi.crawler.errors import ConfigError, InputError
from gossi.crawler.study.sources import StudyFolder
from tests.small_codebook import write as write_codebook

NOW = datetime(2026, 12, 1, 12)
SAYS = "The capital said that {} was found at Tinfiction on the {}th day of the month."
DENIES = "No {} at all, said the staff of Tinfiction on the {}th day of the month."


def coded(number: int) -> dict[str, object]:
    """An article: of four, one has a grave that the capital tells of, one a grave that the staff denies."""
    sentence = (SAYS if number % 2 else DENIES).format("a grave" if number % 4 < 2 else "a road", number)
    grave = number % 4 == 1
    return {
        "id": f"a{number}",
        "outlet": f"Outlet {number}",
        "language": "en",
        "on_topic": True,
        "headline": "News of the day from all over the land",
        "text": [f"Day {number} in Tinfiction was a quiet one.", sentence],
        "labels": {"north.grave": {"stance": "attributed", "sentences": [1]}} if grave else {},
    }


@pytest.fixture
def study(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> StudyFolder:
    """A study with 60 coded articles, on a machine without an encoder."""
    monkeypatch.setattr(gossi.analysis.fit, "installed_encoder", str)
    monkeypatch.setattr(learning, "installed_encoder", str)
    monkeypatch.setattr(learning, "encoder_digest", str)
    write_codebook(tmp_path)
    folder = StudyFolder(tmp_path)
    folder.training.mkdir(parents=True)
    lines = (json.dumps(coded(number)) for number in range(1, 61))
    (folder.training / "coded.jsonl").write_text("\n".join(lines) + "\n", encoding="utf-8")
    return folder


def test_what_was_learnt_decides(study: StudyFolder) -> None:
    """The grave alone is in the frame; that the staff denies it was learnt from who speaks."""
    codebook = load_codebook(study.claims_file)
    denied = ["Day 70 in Tinfiction was a quiet one.", DENIES.format("a grave", 70)]
    said = ["Day 71 in Tinfiction was a quiet one.", SAYS.format("a grave", 71)]
    assert "north.grave" in Aligner(codebook).code("News", denied, "en").claims
    write(study, learn(study, codebook, NOW))
    fitted = Aligner(load_codebook(study.claims_file))
    assert "north.grave" not in fitted.code("News", denied, "en").claims
    found = fitted.code("News", said, "en")
    assert found.claims["north.grave"].sentences == (1,)
    assert found.claims["north.grave"].probability == found.probabilities["north.grave"] > 0.8
    assert found.probabilities["north.grave"] > fitted.code("News", denied, "en").probabilities["north.grave"]


def test_a_refit_agrees(study: StudyFolder) -> None:
    """The same articles give the same weights, whenever they are learnt from."""
    codebook = load_codebook(study.claims_file)
    first, second = (learn(study, codebook, day).coder for day in (NOW, datetime(2027, 1, 1)))
    assert first.fits == second.fits
    assert first.made != second.made


def test_the_record_is_out_of_fold(study: StudyFolder) -> None:
    """Every article has a line; an article whose outlet alone has a label gets none from itself."""
    odd = coded(2) | {"id": "odd", "outlet": "Odd", "text": ["A drone at Tinfiction."]}
    odd["labels"] = {"south.drone": {"stance": "asserted", "sentences": [0]}}
    with (study.training / "odd.jsonl").open("w", encoding="utf-8") as file:
        file.write(json.dumps(odd) + "\n")
    codebook = load_codebook(study.claims_file)
    learnt = learn(study, codebook, NOW)
    write(study, learnt)
    record = read_record(study.out_of_fold)
    assert len(record) == 61
    assert "south.drone" in learnt.coder.fits[0].claims
    assert "probability" not in record["odd"]["labels"].get("south.drone", {})


def test_it_names_what_it_was_fitted_to(study: StudyFolder) -> None:
    """Digests of codebook and articles and the time; its version differs from the codebook's."""
    codebook = load_codebook(study.claims_file)
    write(study, learn(study, codebook, NOW))
    file = CoderFile.model_validate_json(study.coder_file.read_bytes())
    assert (file.made, file.codebook, list(file.coded)) == (
        "2026-12-01T12:00:00",
        codebook.digest,
        ["training/coded.jsonl"],
    )
    assert file.quality["north.grave"].people == 15
    fitted = load_codebook(study.claims_file)
    assert fitted.digest == codebook.digest
    assert fitted.version != codebook.version == replace(fitted, fit=None).version


def test_lessons_teach_and_are_not_measured(study: StudyFolder) -> None:
    """A short text on a kind of error changes the weights; the record has only what people coded."""
    codebook = load_codebook(study.claims_file)
    before = learn(study, codebook, NOW)
    study.lessons.mkdir(parents=True)
    lesson = coded(1) | {"id": "lesson", "text": [DENIES.format("a grave", 3)], "wire_group": "denials"}
    lesson["labels"] = {"north.grave": {"stance": "attributed", "sentences": [0]}}
    (study.lessons / "kinds.jsonl").write_text(json.dumps(lesson) + "\n", encoding="utf-8")
    learnt = learn(study, codebook, NOW)
    assert learnt.coder.fits != before.coder.fits
    assert list(learnt.coder.coded) == ["training/coded.jsonl", "lessons/kinds.jsonl"]
    assert set(learnt.out_of_fold) == set(before.out_of_fold)
    assert learnt.coder.quality["north.grave"].coded == before.coder.quality["north.grave"].coded


def test_contested_claims_teach_nothing(study: StudyFolder) -> None:
    """Where the only articles with a claim are contested, there is nothing to learn."""
    file = study.training / "coded.jsonl"
    records = [json.loads(line) for line in file.read_text(encoding="utf-8").splitlines()]
    for record in records:
        record["contested"] = ["north.grave"] if record["labels"] else []
    file.write_text("".join(json.dumps(record) + "\n" for record in records), encoding="utf-8")
    with pytest.raises(InputError, match="too few articles"):
        learn(study, load_codebook(study.claims_file), NOW)


def test_nothing_to_learn_from(study: StudyFolder) -> None:
    """No coded article, or one id twice, is said."""
    codebook = load_codebook(study.claims_file)
    (study.training / "again.jsonl").write_text(json.dumps(coded(1)) + "\n", encoding="utf-8")
    with pytest.raises(InputError, match="'a1' stands twice"):
        learn(study, codebook, NOW)
    for file in study.training.glob("*.jsonl"):
        file.unlink()
    with pytest.raises(InputError, match="put them into coded/training"):
        learn(study, codebook, NOW)


def test_a_broken_coder_file_is_named(tmp_path: Path) -> None:
    """With the place of the fault and the next step; none at all is no fault."""
    file = tmp_path / "coder.json"
    assert load_fit(file) is None
    file.write_text('{"made": 1}', encoding="utf-8")
    with pytest.raises(ConfigError, match=r"coder\.json: made: .*gossi learn"):
        load_fit(file)


def test_groups() -> None:
    """One outlet, one text said to be so, or much of one text: these belong together."""
    words = [f"word{number}" for number in range(60)]
    records = [
        {"outlet": "A", "text": [" ".join(words[:20])]},
        {"outlet": "B", "text": [" ".join(words[20:40])], "wire_group": "w"},
        {"outlet": "C", "text": ["quite another text than all the others have"], "wire_group": "w"},
        {"outlet": "D", "text": [" ".join(words[30:60])]},
        {"outlet": "A", "text": ["a text that nobody else has, not even in part"]},
        {"outlet": "E", "text": ["the only one"]},
    ]
    first, second, third, fourth, fifth, sixth = groups_of(records)
    assert first == fifth
    assert second == third == fourth
    assert len({first, second, sixth}) == 3
