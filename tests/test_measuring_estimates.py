"""Shares estimated from a sample that people coded, and the statement: against arithmetic without the SQL.

Also tests benchmarks/simulation.py: studies with known truth, through the product's own SQL.
"""

import math
import shutil
import subprocess
import sys
import tomllib
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any

import duckdb
import numpy as np
import pytest

from benchmarks.simulation import World, cell, measure, verdicts
from tests.survey.sample import SAMPLE, SEED
from tests.survey.sample import WORLD as SAMPLE_WORLD

WORLD = World(articles=120, outlets=6, sample=40, errors=2, rho=0.2)


@pytest.fixture(scope="module")
def study() -> duckdb.DuckDBPyConnection:
    """Three studies of a third coded, with a program that errs a lot."""
    return measure(WORLD, 3, seed=5)


def rows(study: duckdb.DuckDBPyConnection, sql: str, *values: object) -> Sequence[tuple[Any, ...]]:
    """What a query gives."""
    return study.execute(sql, list(values)).fetchall()


def sample(study: duckdb.DuckDBPyConnection, bloc: int) -> dict[str, Any]:
    """A study's articles as arrays, which were drawn, and weights: the data, without the SQL under test."""
    table = study.execute(
        "SELECT outlet, language, on_topic, seen_topic, neglected, seen_neglected, article_id IS NOT NULL"
        " FROM article_made LEFT JOIN measured.drawn ON article_id = 'a' || i WHERE study = $1 ORDER BY i",
        [bloc],
    ).fetchall()
    outlet, language, topic, seen_topic, given, seen, drawn = map(np.array, zip(*table, strict=True))
    sizes = {lang: (np.sum(language == lang), np.sum(drawn & (language == lang))) for lang in (0, 1)}
    weight = np.where(drawn, [sizes[lang][0] / sizes[lang][1] for lang in language], 0)
    return {
        "outlet": outlet,
        "language": language,
        "b": topic.astype(float),
        "seen_b": seen_topic.astype(float),
        "a": (topic & given).astype(float),
        "seen_a": (seen_topic & seen).astype(float),
        "drawn": drawn,
        "weight": weight,
        "sizes": sizes,
    }


@pytest.mark.parametrize("bloc", [0, 1, 2])
def test_the_difference_estimator(study: duckdb.DuckDBPyConnection, bloc: int) -> None:
    """Share and error as Särndal, Swensson and Wretman have them, worked out with numpy."""
    s = sample(study, bloc)
    total = {k: s[f"seen_{k}"].sum() + (s["weight"] * (s[k] - s[f"seen_{k}"])).sum() for k in ("a", "b")}
    share = total["a"] / total["b"]
    z = ((s["a"] - s["seen_a"]) - share * (s["b"] - s["seen_b"])) / total["b"]
    variance = sum(
        n_all * (n_all - n) / n * np.var(z[s["drawn"] & (s["language"] == lang)], ddof=1)
        for lang, (n_all, n) in s["sizes"].items()
    )
    coded = s["drawn"] & ((s["b"] > 0) | (s["seen_b"] > 0))
    unseen = (1 - coded.sum() / s["weight"][coded].sum()) / (coded.sum() + 2) ** 2
    ((value, error),) = rows(
        study,
        "SELECT value, error FROM measured.estimate WHERE scope = 'estimated' AND kind = 'bloc'"
        " AND party = 'b' || $1 AND unit = 'neglected.c' AND part = 'share'",
        bloc,
    )
    assert value == pytest.approx(share, abs=1e-9)
    assert error == pytest.approx(math.sqrt(variance + unseen), abs=1e-9)


def test_leaving_out_an_outlet_at_a_time(study: duckdb.DuckDBPyConnection) -> None:
    """Mean of the outlets, range and the jackknife's variance of a raw share."""
    s = sample(study, 0)
    by_outlet = [
        (s["seen_a"][s["outlet"] == o].sum(), s["seen_b"][s["outlet"] == o].sum())
        for o in np.unique(s["outlet"])
    ]
    a, b = map(np.array, zip(*by_outlet, strict=True))
    without = (a.sum() - a) / (b.sum() - b)
    variance = (len(a) - 1) / len(a) * ((without - a.sum() / b.sum()) ** 2).sum()
    (row,) = rows(
        study,
        "SELECT mean_of_outlets, without_low, without_high, between_variance FROM measured.jackknife"
        " JOIN measured.ratio USING (scope, kind, party, unit, part)"
        " WHERE scope = 'raw' AND party = 'b0' AND unit = 'neglected.c'",
    )
    assert row == pytest.approx(((a / b).mean(), without.min(), without.max(), variance), abs=1e-9)


def test_peoples_counts_stand_where_they_coded_everything() -> None:
    """A census has no error of its own, and the program's word counts for nothing."""
    with measure(World(articles=60, outlets=6, sample=None, errors=2), 4, seed=1) as study:
        found = rows(
            study,
            "SELECT value, low, high, truth FROM measured.estimate JOIN (SELECT 'b' || study AS party,"
            " count(*) FILTER (neglected) / count(*) FILTER (on_topic) AS truth"
            " FROM article_made GROUP BY study) USING (party)"
            " WHERE scope = 'estimated' AND kind = 'bloc' AND unit = 'neglected.c'",
        )
    assert len(found) == 4
    for row in found:
        assert row == pytest.approx((row[-1],) * 4, abs=1e-12)


def test_too_few_coded_articles_give_no_interval() -> None:
    """A sample of six in a bloc says nothing, and the product says so."""
    with measure(World(articles=60, outlets=6, sample=6), 2) as study:
        found = rows(
            study,
            "SELECT DISTINCT why[:20], low, high FROM measured.estimate WHERE scope = 'estimated'"
            " AND kind = 'bloc' AND part = 'share'",
        )
    assert found == [("too few coded texts:", None, None)]


@pytest.mark.parametrize("rho", [0.0, 0.3])
def test_intervals_hold_the_truth(rho: float) -> None:
    """The short form of the table in docs/measuring.md: of 60 studies, 95 % may show as 88 % by chance."""
    found = cell(World(rho=rho, errors=2, sample=100), 60, seed=11)
    assert found.collected is not None
    assert found.outlets is not None
    assert (found.given, found.given_outlets) == (1.0, 1.0)
    assert min(found.collected, found.outlets) >= 0.88
    assert abs(found.bias) < 0.01


TRUE = {"favoured": 0.7, "neglected": 0.15, "stands": (0.9, 0.4)}
OPPOSITE = {"favoured": 0.3, "neglected": 0.75, "stands": (0.3, 0.9)}
NULL = {"favoured": 0.45, "neglected": 0.45, "stands": (0.5, 0.5)}


@pytest.mark.parametrize(
    ("truth", "wrong"),
    [
        (TRUE, {"contradicted"}),
        (OPPOSITE, {"borne out", "partly"}),
        (NULL, {"borne out", "partly", "contradicted"}),
    ],
)
def test_a_verdict_is_hardly_ever_wrong(truth: dict[str, Any], wrong: set[str]) -> None:
    """At 100 articles, half of them coded, with a program twice as bad as measured."""
    found = verdicts(World(articles=100, outlets=10, sample=50, errors=2, rho=0.1, **truth), 60, seed=2)
    # 5 % may show as 12 % of 60 by chance.
    assert sum(share for verdict, share in found["whole"].items() if verdict in wrong) <= 0.12


def test_an_account_that_is_always_disputed_is_given_no_credence() -> None:
    """Every account of the favoured side is rebutted where it is given: nothing of that is borne out."""
    world = World(articles=200, outlets=10, sample=None, favoured=0.9, neglected=0.1, stands=(0.0, 0.5))
    found = verdicts(world, 20)
    assert "borne out" not in found["credence"]
    assert "borne out" not in found["whole"]


def test_a_program_alone_gives_no_verdict() -> None:
    """Without a sample and without knowing that it finds both sides equally well, nothing is decided."""
    world = World(articles=200, outlets=10, sample=0, **TRUE)
    with measure(world, 2) as study:
        assert rows(
            study, "SELECT DISTINCT scope, verdict, reason, would_decide FROM measured.statement"
        ) == [
            (
                "raw",
                "undecided",
                "a program's coding alone, not known to find both sides' claims equally well",
                "articles coded by people: gossi draw",
            )
        ]


@pytest.mark.parametrize(
    ("favoured", "neglected", "even"),
    [(0.90, 0.86, True), (0.95, 0.86, False), (0.86, 0.84, False)],
)
def test_what_a_raw_verdict_asks_of_the_program(favoured: float, neglected: float, even: bool) -> None:
    """Recall of .85 at least, and within .05 of each other."""
    quality = [("favoured.c", 100, 50, favoured, 0.9), ("neglected.c", 100, 50, neglected, 0.9)]
    with measure(World(articles=60, outlets=6, sample=0), 1, quality=quality) as study:
        assert rows(study, "SELECT even FROM measured.even_recall") == [(even,)]


def test_an_independent_survey_package_finds_the_same() -> None:
    """Samplics, on the same sample of clusters in strata: to 1e-6 (tests/survey makes the figures)."""
    expected = tomllib.loads((SAMPLE.with_name("figures.toml")).read_text(encoding="utf-8"))
    figures = (
        "SELECT first_share, sqrt(variance) FROM measured.ratio JOIN measured.sampling"
        " USING (kind, party, unit, part)"
        " WHERE scope = 'estimated' AND kind = 'bloc' AND unit = 'neglected.c' AND part = 'share'"
    )
    with measure(SAMPLE_WORLD, 1, SEED) as study:
        ((_, error),) = rows(study, figures)
    assert error == pytest.approx(expected["residual_error"], abs=1e-6)
    # With a program that finds nothing, the estimate is people's coding alone: a ratio of weighted totals.
    with measure(replace(SAMPLE_WORLD, blind=True), 1, SEED) as study:
        (found,) = rows(study, figures)
    assert found == pytest.approx((expected["people_share"], expected["people_share_error"]), abs=1e-6)


@pytest.mark.long(20)
def test_the_survey_packages_figures_are_what_it_finds(tmp_path: Path) -> None:
    """Where the package is installed, it finds what is recorded."""
    pytest.importorskip("samplics", reason="samplics is not installed: pip install samplics==0.6.0")
    for name in ("figures.py", "sample.csv"):
        shutil.copy(SAMPLE.with_name(name), tmp_path)
    subprocess.run([sys.executable, tmp_path / "figures.py"], check=True)
    found, recorded = (
        tomllib.loads((folder / "figures.toml").read_text(encoding="utf-8"))
        for folder in (tmp_path, SAMPLE.parent)
    )
    assert found == pytest.approx(recorded, abs=1e-9)
