"""Writes what docs/coding.md quotes from the program: `python -m tests.gold.figures_page`.

That is the figures of the coded articles, and below each call of `gossi explain` what it prints.
"""

import math
import re
import shlex
from collections.abc import Mapping
from pathlib import Path

from gossi.analysis.codebook import Codebook, load_codebook
from gossi.analysis.coding.agreement import Interval
from gossi.analysis.coding.comparison import judge_record
from gossi.analysis.coding.explain import explain_file
from gossi.analysis.coding.figures import FREQUENT, Figures, Unit
from tests.gold.gate import STUDY

ROOT = STUDY.root
PAGE = ROOT / "docs" / "coding.md"

_FIGURES = re.compile(r"(<!-- figures: .*? -->\n)(.*?)(<!-- end of figures -->)", re.DOTALL)
_EXPLAINED = re.compile(
    r"(^```sh\n(gossi explain [^\n]*)\n```\n\n```text\n)(.*?)(^```$)", re.DOTALL | re.MULTILINE
)


def renewed(page: str) -> str:
    """The text of the page with all that it quotes as the program gives it now."""
    codebook = load_codebook(STUDY.claims_file)
    page = _EXPLAINED.sub(lambda found: found[1] + _explained(found[2], codebook) + found[4], page)
    return _FIGURES.sub(lambda found: found[1] + _figures(codebook) + found[3], page)


def _explained(call: str, codebook: Codebook) -> str:
    file, article, claim = shlex.split(call)[2:]
    return explain_file(ROOT / file, article, claim, codebook) + "\n"


def _figures(codebook: Codebook) -> str:
    coded = sorted(STUDY.training.glob("*.jsonl"))
    sets = [_figures_of("all coded articles", coded, codebook)]
    return "\n" + "\n".join([*sets, *(_short(file, codebook) for file in coded)]) + "\n"


def _figures_of(name: str, files: list[Path], codebook: Codebook) -> str:
    figures = Figures(judge_record(files, STUDY.out_of_fold, codebook), codebook)
    return "\n".join(
        [
            f"### {name}: {figures.articles} articles",
            "",
            f"Between {', '.join(figures.compared)} {_gap(figures, 'recall')}; {_gap(figures, 'precision')}.",
            "",
            *_sums(figures),
            "",
            *_table("all", {"claims (micro)": figures.claims_pooled, "sides": figures.sides_pooled,
                            "on topic": figures.on_topic}),
            *_table("side", figures.of("side")),
            *_table("language", figures.of("language")),
            *_table("claim", figures.of("claim")),
            *_reliability(figures),
        ]
    )  # fmt: skip


def _short(file: Path, codebook: Codebook) -> str:
    figures = Figures(judge_record([file], STUDY.out_of_fold, codebook), codebook)
    return "\n".join(
        [
            f"### {file.name}: {figures.articles} articles",
            "",
            *_sums(figures),
            "",
            *_table("all", {"claims (micro)": figures.claims_pooled, "sides": figures.sides_pooled}),
            *_table("side", figures.of("side")),
        ]
    )


def _sums(figures: Figures) -> list[str]:
    stance, evidence, macro = figures.stance, figures.evidence, figures.macro_f1
    return [
        f"Claims, macro F1 (those found {FREQUENT} times or more): "
        f"{macro.value:.2f}{_between(macro.interval)}.",
        f"Stance, where both have the claim: {stance.share:.2f}{_between(stance.interval)}.",
        f"Evidence, a sentence that both marked: {evidence.share:.2f}{_between(evidence.interval)}.",
    ]


def _reliability(figures: Figures) -> list[str]:
    return [
        "Probability against what coders have, cells with less than 0.01 left out; expected calibration "
        f"error {figures.calibration_error:.3f}:",
        "",
        "| probability | cells | mean | a coder has the claim | mean within |",
        "|---|---|---|---|---|",
        *(
            f"| {band.low:g} to {band.high:g} | {band.observed.whole} | {band.mean:.3f} "
            f"| {band.observed.share:.3f} "
            f"({band.observed.interval[0]:.3f}–{band.observed.interval[1]:.3f}) "
            f"| {'yes' if band.holds else 'no'} |"
            for band in figures.bands
        ),
        "",
    ]


def _gap(figures: Figures, figure: str) -> str:
    values = {side: getattr(figures.of("side")[side].counts, figure) for side in figures.compared}
    gap = figures.gap(figure)
    return (
        f"{figure} differs by {gap.value:.2f}{_between(gap.interval)}, "
        f"from {min(values, key=values.__getitem__)} to {max(values, key=values.__getitem__)}"
    )


def _table(kind: str, units: Mapping[str, Unit]) -> list[str]:
    rows = [
        " | ".join(
            [
                f"| {name}",
                f"{unit.counts.precision:.2f}" if unit.counts.program else "–",
                f"{unit.counts.recall:.2f}" if unit.counts.person else "–",
                f"{unit.counts.f1:.2f}{_between(unit.f1_interval)}"
                if unit.counts.person or unit.counts.program
                else "–",
                # Where both always say the same, chance leaves nothing to agree beyond.
                "–" if math.isnan(unit.counts.alpha) else f"{unit.counts.alpha:.2f}",
                str(unit.counts.person),
                f"{unit.counts.program} |",
            ]
        )
        for name, unit in units.items()
    ]
    head = f"| {kind} | precision | recall | F1 | alpha | person | program |"
    return [head, "|---|---|---|---|---|---|---|", *rows, ""]


def _between(interval: Interval | None) -> str:
    return f" ({interval[0]:.2f}–{interval[1]:.2f})" if interval else ""


def main() -> None:
    """Renew the page."""
    PAGE.write_text(renewed(PAGE.read_text(encoding="utf-8")), encoding="utf-8")


if __name__ == "__main__":
    main()
