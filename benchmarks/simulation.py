"""Do the intervals hold what they promise? Studies with known truth, through the product's own SQL.

A study is a bloc of outlets here, so that one run of the SQL measures hundreds of them;
`python -m benchmarks.simulation` prints the table of docs/measuring.md, `… 400 verdicts` that of verdicts.
"""

import sys
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import product
from pathlib import Path
from typing import Any

import duckdb
import numpy as np
from numpy.typing import NDArray

from gossi.analysis.measuring import publish

_STEPS = (
    "macros", "people", "articles", "outlets", "codings", "figures", "judged", "amounts", "estimates",
    "statement",
)  # fmt: skip
_SQL = Path(publish.__file__).parent
_FILL = Path(__file__).with_suffix(".sql").read_text(encoding="utf-8")

Bits = NDArray[np.bool_]


@dataclass(frozen=True)
class World:
    """What is true, and how well the program sees it.

    Attributes:
        articles: of each study, on the topic or not.
        uneven: outlets of very uneven size: the largest has a third of all.
        rho: how much articles of one outlet resemble each other (intraclass correlation).
        sample: texts that people code; 0: none, None: all.
        errors: 1: those that the program was measured to make on fresh articles; 2: twice as many.
        favoured, neglected: shares of articles that give each account.
        stands: of those that give it, shares that let it stand, favoured and neglected.
        copies: articles that print one text.
        blind: the program finds nothing at all.
    """

    articles: int = 400
    outlets: int = 20
    uneven: bool = False
    rho: float = 0.0
    sample: int | None = 100
    errors: int = 1
    favoured: float = 0.6
    neglected: float = 0.3
    stands: tuple[float, float] = (0.8, 0.5)
    copies: int = 1
    blind: bool = False


# As measured on fresh articles: recall .98 of one side, .83 of the other, precision .96 and .71 (here: parts
# of the articles without the account); of the two languages one is better than that, one worse.
_RECALL = {("favoured", 0): 0.98, ("favoured", 1): 0.94, ("neglected", 0): 0.83, ("neglected", 1): 0.70}
_INVENTED = {("favoured", 0): 0.02, ("favoured", 1): 0.05, ("neglected", 0): 0.04, ("neglected", 1): 0.10}
_STANCE_WRONG = 0.2
"""Disputed read as attributed, and the reverse: stance F1 is .79."""
_OFF_TOPIC = 0.1
_TOPIC_WRONG = 0.03


def studies(world: World, number: int, seed: int) -> dict[str, NDArray[Any]]:
    """So many studies of a world: a row an article, with what is true of it and what the program says."""
    rng = np.random.default_rng(seed)
    sizes = 1 / np.arange(1, world.outlets + 1) if world.uneven else np.ones(world.outlets)
    study = np.repeat(np.arange(number), world.articles)
    counts = rng.multinomial(world.articles, sizes / sizes.sum(), size=number)
    outlet = np.concatenate([np.repeat(np.arange(world.outlets), row) for row in counts])
    language = ((study + outlet) % 2).astype(np.int64)
    place = study * world.outlets + outlet
    rows: dict[str, NDArray[Any]] = {
        "study": study,
        "outlet": outlet,
        "language": language,
        "on_topic": rng.random(len(study)) >= _OFF_TOPIC,
    }
    wrong = rng.random(len(study)) < _TOPIC_WRONG * world.errors
    rows["seen_topic"] = (rows["on_topic"] ^ wrong) & (not world.blind)
    for side, share, stands in (
        ("favoured", world.favoured, world.stands[0]),
        ("neglected", world.neglected, world.stands[1]),
    ):
        given = rng.random(len(study)) < _by_outlet(rng, share, world.rho, number * world.outlets)[place]
        let = rng.random(len(study)) < _by_outlet(rng, stands, world.rho, number * world.outlets)[place]
        recall = np.array([_RECALL[side, 0], _RECALL[side, 1]])[language]
        invented = np.array([_INVENTED[side, 0], _INVENTED[side, 1]])[language]
        seen = np.where(
            given,
            rng.random(len(study)) < 1 - world.errors * (1 - recall),
            rng.random(len(study)) < world.errors * invented,
        )
        rows[side] = given & rows["on_topic"]
        rows[f"{side}_stands"] = let
        rows[f"seen_{side}"] = seen
        rows[f"seen_{side}_stands"] = let ^ (rng.random(len(study)) < _STANCE_WRONG * min(world.errors, 2))
    rows["turn"] = rng.random(len(study))
    return rows


def _by_outlet(rng: np.random.Generator, share: float, rho: float, outlets: int) -> NDArray[np.float64]:
    """Each outlet's own share: of a beta distribution with that mean and intraclass correlation."""
    if not rho or share in {0.0, 1.0}:
        return np.full(outlets, share)
    size = 1 / rho - 1
    return rng.beta(share * size, (1 - share) * size, size=outlets)


def measure(
    world: World, number: int, seed: int = 0, quality: Sequence[tuple[object, ...]] = ()
) -> duckdb.DuckDBPyConnection:
    """So many studies of a world, measured; table `article_made` has what is true of each article.

    Args:
        world: what is true.
        number: how many studies.
        seed: the same gives the same studies.
        quality: rows of the table coder_quality: how well the program is known to find each claim.
    """
    connection = duckdb.connect()
    connection.execute("CREATE SCHEMA store; CREATE SCHEMA measured; USE store")
    for schema in publish.SCHEMAS:
        connection.execute(schema.read_text(encoding="utf-8"))
    connection.execute("USE main")
    made = studies(world, number, seed)
    connection.register("made", made)
    connection.execute("CREATE TABLE article_made AS SELECT row_number() OVER () AS i, * FROM made")
    connection.execute("SET VARIABLE sample = $1", [world.articles if world.sample is None else world.sample])
    connection.execute("SET VARIABLE copies = $1", [world.copies])
    fill_store, fill_people = _FILL.split("-- people --")
    connection.execute(fill_store)
    for row in quality:
        connection.execute("INSERT INTO store.coder_quality VALUES (?, ?, ?, ?, ?)", row)
    for step in _STEPS:
        if step == "judged":
            connection.execute(fill_people)
        connection.execute((_SQL / f"{step}.sql").read_text(encoding="utf-8"))
    return connection


@dataclass(frozen=True)
class Cell:
    """How a world's intervals did: of articles collected, of outlets like these, and the bias in points."""

    world: World
    studies: int
    given: float
    collected: float | None
    given_outlets: float
    outlets: float | None
    bias: float


def cell(world: World, number: int, seed: int = 0) -> Cell:
    """Measure so many studies of a world and count how often the truth lies within the intervals."""
    with measure(world, number, seed) as connection:
        truth = connection.execute(
            """
            SELECT count(*) FILTER (why IS NULL) / count(*),
                   avg((truth BETWEEN low - 1e-9 AND high + 1e-9)::INTEGER) FILTER (why IS NULL),
                   count(*) FILTER (why_outlets IS NULL) / count(*),
                   avg((expected BETWEEN outlets_low AND outlets_high)::INTEGER) FILTER (why_outlets IS NULL),
                   avg(value - truth) FILTER (why IS NULL)
            FROM measured.estimate
            JOIN (SELECT 'b' || study AS party, 'neglected.c' AS unit,
                         count(*) FILTER (neglected) / count(*) FILTER (on_topic) AS truth,
                         $1::DOUBLE AS expected
                  FROM article_made GROUP BY study) USING (party, unit)
            WHERE scope = 'estimated' AND kind = 'bloc' AND part = 'share'
            """,
            [world.neglected],
        ).fetchone()
    assert truth is not None  # noqa: S101 - an aggregate has a row
    return Cell(world, number, *truth)


WORLDS = [
    World(outlets=outlets, uneven=uneven, rho=rho, sample=sample, errors=errors)
    for outlets, uneven, rho, sample, errors in product(
        (8, 20, 40), (False, True), (0.0, 0.1, 0.3), (50, 100, 200, None), (1, 2)
    )
]


def verdicts(world: World, number: int, seed: int = 0) -> dict[str, dict[str, float]]:
    """How often each part of the statement gets each verdict."""
    with measure(world, number, seed) as connection:
        rows = connection.execute(
            "SELECT part, verdict, count(*) / $1 FROM measured.statement GROUP BY ALL ORDER BY ALL", [number]
        ).fetchall()
    found: dict[str, dict[str, float]] = {}
    for part, verdict, share in rows:
        found.setdefault(part, {})[verdict] = share
    return found


TRUTHS: dict[str, tuple[dict[str, Any], set[str]]] = {
    "as the statement has it": ({"favoured": 0.7, "neglected": 0.15, "stands": (0.9, 0.4)}, {"contradicted"}),
    "the opposite": ({"favoured": 0.3, "neglected": 0.75, "stands": (0.3, 0.9)}, {"borne out", "partly"}),
    "no difference": (
        {"favoured": 0.45, "neglected": 0.45, "stands": (0.5, 0.5)},
        {"borne out", "partly", "contradicted"},
    ),
    # Where all four comparisons stand on the edge, each verdict has the most chances to be wrong.
    "no difference, all at one half": (
        {"favoured": 0.5, "neglected": 0.5, "stands": (0.5, 0.5)},
        {"borne out", "partly", "contradicted"},
    ),
}
"""What is true, and the verdicts on the whole that would be wrong."""


def verdict_table(number: int, seed: int = 0) -> Iterator[str]:
    """How often a verdict on the whole is wrong: a line a truth and size of study, with a seed of its own."""
    yield "| truth | articles | rho | coded | wrong | decided |"
    yield "|---|---|---|---|---|---|"
    cells = product(TRUTHS.items(), (20, 50, 100, 200), (0.0, 0.3), (True, False))
    for own, ((name, (truth, wrong)), articles, rho, half) in enumerate(cells, seed):
        sample = articles // 2 if half else None
        world = World(articles=articles, outlets=10, sample=sample, errors=2, rho=rho, **truth)
        found = verdicts(world, number, own)["whole"]
        share = sum(found.get(verdict, 0) for verdict in wrong)
        error = (share * (1 - share) / number) ** 0.5
        yield (
            f"| {name} | {articles} | {rho} | {'half' if half else 'all'} |"
            f" {share:.3f} ± {error:.3f} | {1 - found.get('undecided', 0):.2f} |"
        )


def table(number: int) -> Iterator[str]:
    """The table of docs/measuring.md, a line a world."""
    yield "| outlets | sizes | rho | coded | errors | covers, articles | covers, outlets | bias, points |"
    yield "|---|---|---|---|---|---|---|---|"
    for world in WORLDS:
        found = cell(world, number)
        yield (
            f"| {world.outlets} | {'uneven' if world.uneven else 'even'} | {world.rho} |"
            f" {'all' if world.sample is None else world.sample} | ×{world.errors} |"
            f" {_share(found.collected, found.given)} | {_share(found.outlets, found.given_outlets)} |"
            f" {found.bias * 100:+.2f} |"
        )


def _share(covered: float | None, given: float) -> str:
    if covered is None:
        return "none given"
    return f"{covered:.3f}" + (f" ({given:.0%} given)" if given < 1 else "")


if __name__ == "__main__":
    studies_each = int(sys.argv[1]) if len(sys.argv) > 1 else 1000
    lines = verdict_table(studies_each) if "verdicts" in sys.argv else table(studies_each)
    for line in lines:
        print(line, flush=True)
