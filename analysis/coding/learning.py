"""Fits the coder of a study to its coded articles; codes each by a fit that has not seen it.

The result is coder.json, a readable file that is shipped with the study: it is what codes, on every machine.
Beside it stands the record of what each coded article came out as, by a fit to the articles of other outlets
and texts.
"""

import hashlib
import json
from collections import defaultdict
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from pathlib import Path

import numpy as np

from gossi.analysis.alignment.align import Aligner
from gossi.analysis.alignment.encoder import Encoder, UniversalEncoder, encoder_digest
from gossi.analysis.alignment.evidence import Numbers
from gossi.analysis.codebook import Codebook
from gossi.analysis.coding.comparison import Judged, judge, judge_record
from gossi.analysis.coding.figures import Figures
from gossi.analysis.coding.fitting import Fitted, fit, fit_stances
from gossi.analysis.coding.grid import FOLDER, grid_items
from gossi.analysis.coding.jsonl import Record
from gossi.analysis.coding.record import read_record, record_line, write_record
from gossi.analysis.coding.training import Taught, Training, read_coded, read_training
from gossi.analysis.coding.validate import page
from gossi.analysis.fit import ClaimQuality, CoderFile, Fit, installed_encoder
from gossi.crawler.errors import InputError
from gossi.crawler.study.sources import StudyFolder


@dataclass(frozen=True)
class Learnt:
    """What `gossi learn` made: the file, and the codings out of fold by the article's id."""

    coder: CoderFile
    out_of_fold: Mapping[str, Record]


def learn(
    folder: StudyFolder,
    codebook: Codebook,
    now: datetime,
    on_step: Callable[[str], None] = lambda step: None,
    settled: Sequence[Record] = (),
) -> Learnt:
    """Fit the coder with and without the encoder; nothing is written.

    Args:
        folder: the study.
        codebook: of it.
        now: the time stamp of the fit, UTC.
        on_step: is told what begins.
        settled: articles that people coded out of the study itself, to be learnt from as well.

    Raises:
        InputError: there are no coded articles, or a file of them is wrong.
    """
    records = [*read_coded(_files(folder), codebook), *settled]
    if not records:
        raise InputError(
            "no coded articles to learn from; code some with gossi review --mode settle, or put them into "
            "coded/training/*.jsonl"
        )
    encoder = UniversalEncoder() if installed_encoder() else None
    on_step(f"reading {len(records)} coded articles")
    training = read_training(records, codebook, encoder, _taught(folder, codebook))
    stances = fit_stances(training)
    fits = []
    if encoder:
        on_step("fitting with the encoder")
        fits.append(fit(training, installed_encoder(), stances))
    on_step("fitting without an encoder")
    fits.append(fit(_without_meaning(training), "", stances))
    fitted = CoderFile(
        made=now.isoformat(timespec="seconds"),
        codebook=codebook.digest,
        coded=coded_digests(folder),
        encoder=encoder_digest(),
        quality={},
        fits=[of.weights for of in fits],
    )
    on_step("coding each article by a fit that has not seen it")
    lines = _out_of_fold(training, fits[0], codebook, fitted)
    judged = [judge(dict(record), lines[str(record["id"])], codebook) for record in records]
    return Learnt(fitted.model_copy(update={"quality": quality_of(judged)}), lines)


def coded_digests(folder: StudyFolder) -> dict[str, str]:
    """SHA-256 of each file of coded articles from which a study's coder learns, by its name in coded/."""
    settled, lessons = folder.training.glob("settled/*.jsonl"), folder.lessons.glob("*.jsonl")
    return {
        file.relative_to(folder.training.parent).as_posix(): hashlib.sha256(file.read_bytes()).hexdigest()
        for file in (*_files(folder), *sorted(settled), *sorted(lessons))
    }


def _taught(folder: StudyFolder, codebook: Codebook) -> Taught:
    """What a study has to learn from beside the coded articles by which the coder is measured."""
    has_grid = (folder.root / FOLDER).is_dir()
    return Taught(
        lessons=read_coded(sorted(folder.lessons.glob("*.jsonl")), codebook),
        grid=list(grid_items(folder.root, for_fitting=True)) if has_grid else (),
    )


def _files(folder: StudyFolder) -> list[Path]:
    return sorted(folder.training.glob("*.jsonl"))


def quality_of(judged: Iterable[Judged]) -> dict[str, ClaimQuality]:
    """How well each claim was found in the articles that people hold to be on topic."""
    cells = defaultdict(list)
    for article in judged:
        if article.on_topic[0]:
            for claim, decision in article.claims.items():
                cells[claim].append(decision)
    return {
        claim: ClaimQuality(
            coded=len(decisions),
            people=sum(people for people, _ in decisions),
            program=sum(program for _, program in decisions),
            both=sum(people and program for people, program in decisions),
        )
        for claim, decisions in cells.items()
    }


def write(folder: StudyFolder, learnt: Learnt) -> None:
    """Write coder.json and the record of codings out of fold."""
    folder.coder_file.write_text(as_json(learnt.coder), encoding="utf-8")
    write_record(folder.out_of_fold, learnt.out_of_fold.values())


def out_of_fold_page(folder: StudyFolder, codebook: Codebook, settled: Sequence[Record] = ()) -> str:
    """The figures of the record out of fold over all coded articles."""
    record = read_record(folder.out_of_fold)
    judged = [
        *judge_record(_files(folder), folder.out_of_fold, codebook),
        *(judge(article, record[str(article["id"])], codebook) for article in settled),
    ]
    return page(Figures(judged, codebook), codebook)


def as_json(coder: CoderFile) -> str:
    """The text of coder.json: a line for each weight, one for each claim's vector."""
    text = json.dumps(coder.model_dump(), indent=1, ensure_ascii=False)
    lines: list[str] = []
    for line in text.splitlines(keepends=True):
        # A vector's numbers are of no use one by one.
        if lines and lines[-1].lstrip().startswith('"meaning": [') and "]" not in lines[-1]:
            lines[-1] = lines[-1].rstrip("\n") + line.strip() + ("\n" if line.strip().startswith("]") else "")
        else:
            lines.append(line)
    return "".join(lines) + "\n"


def _without_meaning(training: Training) -> Training:
    return replace(training, meaning=training.meaning[:, :0])


def _out_of_fold(
    training: Training, fitted: Fitted, codebook: Codebook, coder: CoderFile
) -> dict[str, Record]:
    aligners = [
        Aligner(
            replace(codebook, fit=Fit(weights, coder.made, coder.codebook, coder.coded, {})),
            _Remembering(training),
        )
        for weights in fitted.by_fold
    ]
    lines = {}
    for record, fold in zip(training.records, fitted.folds, strict=True):
        coding = aligners[fold].code(str(record["headline"]), record["text"], str(record.get("language", "")))
        lines[str(record["id"])] = record_line(record, coding)
    return lines


class _Remembering(Encoder):
    """The vectors that the training has already."""

    def __init__(self, training: Training) -> None:
        self._vectors = dict(zip(training.texts, training.meaning, strict=True))

    def encode(self, sentences: Sequence[str]) -> Numbers:
        return np.array([self._vectors[sentence] for sentence in sentences])
