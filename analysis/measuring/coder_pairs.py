"""How far two people agree who coded the same articles blind: alpha, F1, what they confuse."""

from collections import Counter, defaultdict
from pathlib import Path
from typing import Any

import duckdb
import numpy as np

from gossi.analysis.coding.agreement import resampled_alpha

_PAIRS = (Path(__file__).parent / "pairs.sql").read_text(encoding="utf-8")

Row = tuple[Any, ...]


def agreement_rows(connection: duckdb.DuckDBPyConnection) -> list[Row]:
    """Rows of measured.agreement, from what people.sql's tables hold."""
    decisions: dict[Row, Counter[tuple[str, str]]] = defaultdict(Counter)
    for *what, first, second, articles in connection.execute(_PAIRS).fetchall():
        decisions[tuple(what)][first, second] += articles
    return [(*what, *_figures(pairs)) for what, pairs in decisions.items()]


def _figures(pairs: Counter[tuple[str, str]]) -> Row:
    values = sorted({value for pair in pairs for value in pair})
    table = np.array([[float(pairs[first, second]) for second in values] for first in values])
    alpha, low, high = resampled_alpha(table)
    confused = [f"{a} / {b}: {pairs[a, b]}" for a in values for b in values if a != b and pairs[a, b]]
    yes_or_no = set(values) <= {"yes", "no"}
    return (
        pairs.total(),
        int(table.trace()),
        *(_yes_or_no(pairs) if yes_or_no else (None,) * 5),
        alpha,
        low,
        high,
        confused,
    )


def _yes_or_no(pairs: Counter[tuple[str, str]]) -> Row:
    both, first, second, neither = (
        pairs[pair] for pair in (("yes", "yes"), ("yes", "no"), ("no", "yes"), ("no", "no"))
    )
    found = 2 * both + first + second
    return both, first, second, neither, 2 * both / found if found else None
