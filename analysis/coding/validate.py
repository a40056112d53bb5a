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

from gossi.analysis.codebook import Codebook
from gossi.analysis.coding.agreement import Interval
from gossi.analysis.coding.comparison import compare_file, judge_record
from gossi.analysis.coding.figures import FREQUENT, Estimate, Figures, Share, Unit
from gossi.crawler.study.sources import file_digest

_WIDTH = 140
"""Columns of the page at most: the longest claim's name and all figures beside it take some 125."""

_HOW = (
    "In brackets: 95 % intervals. Precision, recall and shares have Wilson's; F1, alpha and gaps are "
    "bootstrapped, drawing articles, those that print one text together, where ten texts have a case. Alpha "
    "is Krippendorff's, nominal, two coders: 0.80 is the convention, 0.667 the lowest tolerable."
)


_TAUGHT = (
    "The coder was fitted to articles of this file: each is scored as coded by a fit that has not seen its "
    "outlet or text. Words and frames were written with such articles in view: expect less of others.\n"
)


def validate_file(
    coded: Path, codebook: Codebook, record: Path | None = None, *, as_json: bool = False
) -> str:
    """Score the coding against the human coding in a file, as a page to read or as JSON.

    Args:
        coded: the file.
        codebook: by which to code.
        record: of codings out of fold, by which a file is scored that the coder was fitted to.
        as_json: as JSON.

    Raises:
        InputError: the file cannot be read, or a line is no coded article.
    """
    fit = codebook.fit
    taught = bool(record and fit and coded.is_file() and file_digest(coded) in fit.coded.values())
    judged = (
        judge_record([coded], record, codebook) if record and taught else list(compare_file(coded, codebook))
    )
    figures = Figures(judged, codebook)
    if as_json:
        return json.dumps({"out_of_fold": taught, **as_object(figures)}, indent=1)
    return (_TAUGHT if taught else "") + page(figures, codebook)


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
        "calibration_error": figures.calibration_error,
        "reliability": [
            {
                "probability_from": band.low,
                "probability_to": band.high,
                "mean": band.mean,
                "cells": band.observed.whole,
                **_named("observed", band.observed),
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


def page(figures: Figures, codebook: Codebook) -> str:
    """The figures as a page to read, those by side first."""
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
    if figures.bands:
        console.print(_reliability(figures, codebook))
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


def _reliability(figures: Figures, codebook: Codebook) -> Table:
    included = f"; included from {codebook.fit.weights.confirm:.2f} on" if codebook.fit else ""
    table = _table(
        f"Reliability of the probability (cells article × claim{included}); expected calibration error "
        f"{figures.calibration_error:.3f}",
        "probability",
        "cells",
        "mean",
        "a coder has the claim",
        "mean within",
    )
    for band in figures.bands:
        table.add_row(
            f"{band.low:g} to {band.high:g}",
            str(band.observed.whole),
            f"{band.mean:.3f}",
            f"{band.observed.share:.3f} ({band.observed.interval[0]:.3f}–{band.observed.interval[1]:.3f})",
            "yes" if band.holds else "no",
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
