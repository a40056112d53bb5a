"""The floors under the coder's quality: what is measured, and whether it still holds."""

import tomllib
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from gossi.analysis.codebook import load_codebook
from gossi.analysis.coding.comparison import judge_record
from gossi.analysis.coding.figures import Figures
from gossi.analysis.coding.learning import coded_digests
from gossi.crawler.study.sources import StudyFolder

HERE = Path(__file__).parent
STUDY = StudyFolder(HERE.parents[1])
FLOORS = HERE / "floors.toml"

LANGUAGES = ("fr", "en", "ru", "ar", "es", "de")
"""Those with some thirty coded articles: of fewer, a figure says little."""

GAP = 0.06
"""How far apart recall or precision of the sides in `COMPARED` may lie; only --lower allows more."""

COMPARED = ("mali", "russia", "france")
"""The sides whose accounts the statement under test compares."""


def figures() -> Figures:
    """The figures out of fold over all coded articles."""
    coded = sorted(STUDY.training.glob("*.jsonl"))
    codebook = load_codebook(STUDY.claims_file)
    return Figures(judge_record(coded, STUDY.out_of_fold, codebook), codebook)


def measured() -> dict[str, float]:
    """The figures that have floors, each to three decimals, cut off; a gap is rounded up."""
    found = figures()
    languages, sides = found.of("language"), found.of("side")
    values = {
        "claims_micro_f1": found.claims_pooled.counts.f1,
        "claims_macro_f1": found.macro_f1.value,
        "sides_f1": found.sides_pooled.counts.f1,
        "stance": found.stance.share,
        "evidence": found.evidence.share,
        "on_topic_f1": found.on_topic.counts.f1,
        **{f"claims_micro_f1_{language}": languages[language].counts.f1 for language in LANGUAGES},
        **{f"side_f1_{side}": unit.counts.f1 for side, unit in sides.items()},
    }
    gaps = {}
    for name in ("recall", "precision"):
        of_sides = [float(getattr(sides[side].counts, name)) for side in COMPARED]
        gaps[f"gap_{name}"] = max(of_sides) - min(of_sides)
    # 1e-9: what binary fractions add to a figure of few decimals.
    return {name: int(value * 1000 + 1e-9) / 1000 for name, value in values.items()} | {
        name: -int(-value * 1000 + 1e-9) / 1000 for name, value in gaps.items()
    }


def out_of_date() -> list[str]:
    """What has changed since the coder was fitted: the codebook with its lexicon, files of coded articles."""
    codebook = load_codebook(STUDY.claims_file)
    if codebook.fit is None:
        return ["coder.json: is missing"]
    now = coded_digests(STUDY)
    changed = [
        name for name in sorted({*now, *codebook.fit.coded}) if now.get(name) != codebook.fit.coded.get(name)
    ]
    return [*changed, *([] if codebook.fit.codebook == codebook.digest else ["claims.toml or lexicon/"])]


def read_floors() -> dict[str, Any]:
    """What floors.toml holds."""
    return tomllib.loads(FLOORS.read_text(encoding="utf-8"))


def worse(found: Mapping[str, float], floors: Mapping[str, float]) -> dict[str, tuple[float, float]]:
    """The figures that do not hold: name → (measured, floor). A gap has a ceiling instead of a floor."""
    return {
        name: (found.get(name, 0.0), floor)
        for name, floor in floors.items()
        if (found.get(name, 1.0) > floor if name.startswith("gap_") else found.get(name, 0.0) < floor)
    }
