"""Words a validation: `gossi validate`."""

import json
import math
from collections.abc import Mapping
from io import StringIO
from pathlib import Path
from typing import Any

from rich.box import SIMPLE_HEAD
from rich.console import Console
from rich.table import Table

from analysis.codebook import Codebook
from analysis.coding.agreement import Interval
from analysis.coding.comparison import compare_file
from analysis.coding.figures import BAND, FREQUENT, Estimate, Figures, Share, Unit

_WIDTH = 140
"""Columns of the page at most: the longest claim's name and all figures beside it take some 125."""

_HOW = (
    "In brackets: 95 % intervals. Precision, recall and shares have Wilson's; F1, alpha and gaps are "
    "bootstrapped, drawing articles, those that print one text together, where ten texts have a case. Alpha "
    "is Krippendorff's, nominal, two coders: 0.80 is the convention, 0.667 the lowest tolerable."
)


def validate_file(coded: Path, codebook: Codebook, *, as_json: bool = False) -> str:
    """Score the coding against the human coding in a file, as a page to read or as JSON.

    Raises:
        InputError: the file cannot be read, or a line is no coded article.
    """
    figures = Figures(list(compare_file(coded, codebook)), codebook)
    confirm = codebook.matching.confirm
    return json.dumps(as_object(figures), indent=1) if as_json else _page(figures, confirm)


def as_object(figures: Figures) -> dict[str, Any]:
    """Every figure: numbers, and their intervals under the same key with `_interval` behind it."""
    return {
        "articles": figures.articles,
        "side_gap": {
            key: value
            for name in ("recall", "precision")
            for key, value in _named(name, figures.gap(name)).items()
        },
        "claim_micro": _unit(figures.claims_pooled),
        **_named("claim_macro_f1", figures.macro_f1),
        "side": _unit(figures.sides_pooled),
        **_named("exact_sides", figures.exact_sides),
        **_named("stance_accuracy", figures.stance),
        "stance_alpha": _number(figures.stance_alpha),
        **_named("evidence_hit", figures.evidence),
        "on_topic": _unit(figures.on_topic),
        **{
            f"by_{kind}": {name: _unit(unit) for name, unit in figures.of(kind).items()}
            for kind in ("side", "language", "claim")
        },
        "reliability": [
            {
                "score_from": band.low,
                "score_to": band.low + BAND,
                "mentions": band.articles.whole,
                **_named("claim_in_article", band.articles),
                **_named("sentence_marked", band.sentences),
            }
            for band in figures.bands
        ],
    }


def _named(name: str, figure: Estimate | Share) -> dict[str, Any]:
    value = figure.share if isinstance(figure, Share) else figure.value
    return {name: value, f"{name}_interval": figure.interval}


def _unit(unit: Unit) -> dict[str, Any]:
    counts = unit.counts
    return {
        "precision": float(counts.precision),
        "precision_interval": unit.precision_interval,
        "recall": float(counts.recall),
        "recall_interval": unit.recall_interval,
        "f1": float(counts.f1),
        "f1_interval": unit.f1_interval,
        "alpha": _number(counts.alpha),
        "alpha_interval": unit.alpha_interval,
        "gold": counts.person,
        "predicted": counts.program,
    }


def _number(value: float) -> float | None:
    return None if math.isnan(value) else float(value)


def _page(figures: Figures, confirm: float) -> str:
    out = StringIO()
    console = Console(file=out, width=_WIDTH, highlight=False, markup=False, emoji=False)
    recall, precision = figures.gap("recall"), figures.gap("precision")
    console.print(
        f"Fairness: between {', '.join(figures.compared)} recall differs by at most "
        f"{_span(recall.value, recall.interval)}, "
        f"precision by {_span(precision.value, precision.interval)}.\n"
    )
    console.print(_units("Sides", figures.of("side")))
    console.print(
        _units(
            f"All {figures.articles} articles",
            {
                "claims (micro)": figures.claims_pooled,
                "sides": figures.sides_pooled,
                "on topic": figures.on_topic,
            },
        )
    )
    console.print(_shares(figures))
    console.print(_units("Languages (cells article × claim)", figures.of("language")))
    console.print(_units("Claims", figures.of("claim")))
    console.print(_reliability(figures, confirm))
    console.print(_HOW)
    return "\n".join(line.rstrip() for line in out.getvalue().splitlines())


def _units(title: str, units: Mapping[str, Unit]) -> Table:
    table = _table(title, "", "precision", "recall", "F1", "alpha", "person", "program")
    for name, unit in units.items():
        counts = unit.counts
        table.add_row(
            name,
            _span(counts.precision, unit.precision_interval) if counts.program else "–",
            _span(counts.recall, unit.recall_interval) if counts.person else "–",
            _span(counts.f1, unit.f1_interval) if counts.person or counts.program else "–",
            _span(counts.alpha, unit.alpha_interval),
            str(counts.person),
            str(counts.program),
        )
    return table


def _shares(figures: Figures) -> Table:
    table = _table("Beside the counts", "", "share", "of", "alpha")
    macro = figures.macro_f1
    for name, share, alpha in (
        ("exact set of sides", figures.exact_sides, ""),
        ("stance, where both include the claim", figures.stance, _span(figures.stance_alpha, None)),
        ("evidence: a sentence both marked", figures.evidence, ""),
    ):
        table.add_row(name, _span(share.share, share.interval), str(share.whole), alpha)
    table.add_row(
        f"claims, macro F1 (found {FREQUENT} times or more)", _span(macro.value, macro.interval), "", ""
    )
    return table


def _reliability(figures: Figures, confirm: float) -> Table:
    table = _table(
        f"Reliability by score (the chance in percent that a coder agrees; confirmed from {confirm:g})",
        "score",
        "mentions",
        "coder has the claim in the article",
        "coder marked the sentence",
    )
    for band in figures.bands:
        table.add_row(
            f"{band.low} to {band.low + BAND}",
            str(band.articles.whole),
            _span(band.articles.share, band.articles.interval),
            _span(band.sentences.share, band.sentences.interval),
        )
    return table


def _table(title: str, *columns: str) -> Table:
    table = Table(title=title, title_justify="left", box=SIMPLE_HEAD, padding=(0, 1), pad_edge=False)
    for number, column in enumerate(columns):
        table.add_column(column, justify="right" if number else "left", no_wrap=True)
    return table


def _span(value: float, interval: Interval | None) -> str:
    if math.isnan(value):
        return "–"
    return f"{value:.2f}" + (f" ({interval[0]:.2f}–{interval[1]:.2f})" if interval else "")
