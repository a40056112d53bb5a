"""The floors under the coder's quality: what is measured, and whether it still holds."""

import hashlib
import tomllib
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from analysis.codebook import load_codebook
from analysis.coding.comparison import compare_file
from analysis.coding.figures import Figures

HERE = Path(__file__).parent
CODED = HERE / "dev.jsonl"
COMPOSED = HERE / "composed.jsonl"
"""Articles written and coded apart from the wordings, to see whether these hold beyond the first set."""

FLOORS = HERE / "floors.toml"
CLAIMS = HERE.parents[1] / "claims.toml"

MAX_GAP = 0.06
"""How far recall or precision of the compared sides may lie apart; only --lower allows more."""

LANGUAGES = ("fr", "en", "ru", "ar", "es", "de")
"""Those with eight coded articles or more: of fewer, a figure says little."""


def measured() -> dict[str, float]:
    """The figures that have floors, each to three decimals, cut off; a gap is rounded up."""
    codebook = load_codebook(CLAIMS)
    figures = Figures(list(compare_file(CODED, codebook)), codebook)
    languages, sides = figures.of("language"), figures.of("side")
    values = {
        "claims_micro_f1": figures.claims_pooled.counts.f1,
        "claims_macro_f1": figures.macro_f1.value,
        "sides_f1": figures.sides_pooled.counts.f1,
        "stance": figures.stance.share,
        "evidence": figures.evidence.share,
        "on_topic_f1": figures.on_topic.counts.f1,
        **{f"claims_micro_f1_{language}": languages[language].counts.f1 for language in LANGUAGES},
        **{f"side_f1_{side}": unit.counts.f1 for side, unit in sides.items()},
    }
    composed = Figures(list(compare_file(COMPOSED, codebook)), codebook)
    values |= {
        "composed_claims_micro_f1": composed.claims_pooled.counts.f1,
        "composed_claims_macro_f1": composed.macro_f1.value,
        "composed_sides_f1": composed.sides_pooled.counts.f1,
        "composed_stance": composed.stance.share,
        "composed_evidence": composed.evidence.share,
        "composed_on_topic_f1": composed.on_topic.counts.f1,
    }
    gaps = {f"gap_{name}": figures.gap(name).value for name in ("recall", "precision")}
    # 1e-9: what binary fractions add to a figure of few decimals.
    return {name: int(value * 1000 + 1e-9) / 1000 for name, value in values.items()} | {
        name: -int(-value * 1000 + 1e-9) / 1000 for name, value in gaps.items()
    }


def digests() -> dict[str, str]:
    """SHA-256 of what the figures were measured on and with."""
    return {
        "coded_digest": hashlib.sha256(CODED.read_bytes()).hexdigest(),
        "composed_digest": hashlib.sha256(COMPOSED.read_bytes()).hexdigest(),
        "claims_digest": hashlib.sha256(CLAIMS.read_bytes()).hexdigest(),
    }


def read_floors() -> dict[str, Any]:
    """What floors.toml holds."""
    return tomllib.loads(FLOORS.read_text(encoding="utf-8"))


def worse(figures: Mapping[str, float], floors: Mapping[str, float]) -> dict[str, tuple[float, float]]:
    """The figures that do not hold: name → (measured, floor). A gap has a ceiling instead of a floor."""
    return {
        name: (figures.get(name, 0.0), floor)
        for name, floor in floors.items()
        if (figures.get(name, 1.0) > floor if name.startswith("gap_") else figures.get(name, 0.0) < floor)
    }
