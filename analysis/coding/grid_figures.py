"""Scores the coder on the attribution grid: by side, and by construction and language."""

import json
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from io import StringIO
from pathlib import Path

from rich.box import SIMPLE_HEAD
from rich.console import Console
from rich.table import Table

from gossi.analysis.alignment.model import Coding
from gossi.analysis.codebook import Codebook
from gossi.analysis.coding.coder import Article, code_articles
from gossi.analysis.coding.grid import Item, grid_items

_WIDTH = 110
"""Columns of the page: the longest construction's name and its figures take some 90."""


@dataclass
class Tally:
    """Counts of claims wanted, found, both; of stances right among both; of articles, and those all right."""

    wanted: int = 0
    found: int = 0
    both: int = 0
    stances: int = 0
    articles: int = 0
    right: int = 0

    def add(self, wanted: Mapping[str, str], found: Mapping[str, str]) -> None:
        """Count an article's claims and stances."""
        both = wanted.keys() & found.keys()
        self.wanted += len(wanted)
        self.found += len(found)
        self.both += len(both)
        self.stances += sum(wanted[claim] == found[claim] for claim in both)
        self.articles += 1
        self.right += wanted.keys() == found.keys()

    @property
    def precision(self) -> float:
        """Of the claims found, the share that is wanted; 1 where none is found."""
        return self.both / self.found if self.found else 1.0

    @property
    def recall(self) -> float:
        """Of the claims wanted, the share that is found; 1 where none is wanted."""
        return self.both / self.wanted if self.wanted else 1.0

    @property
    def exact(self) -> float:
        """The share of articles whose claims are all found, and no other."""
        return self.right / self.articles if self.articles else 1.0

    @property
    def stance(self) -> float:
        """The share of claims rightly found whose stance is right; 1 where there are none."""
        return self.stances / self.both if self.both else 1.0


@dataclass
class GridFigures:
    """What the coder makes of the grid.

    Attributes:
        sides: side → its claims, over all articles.
        constructions: (language, construction) → all claims of its articles.
        languages: language → all claims of its articles.
        wrong: the articles whose claims are not exactly those wanted, each with what was found.
    """

    sides: dict[str, Tally] = field(default_factory=lambda: defaultdict(Tally))
    constructions: dict[tuple[str, str], Tally] = field(default_factory=lambda: defaultdict(Tally))
    languages: dict[str, Tally] = field(default_factory=lambda: defaultdict(Tally))
    wrong: list[tuple[Item, dict[str, str]]] = field(default_factory=list)

    def add(self, item: Item, coding: Coding, codebook: Codebook) -> None:
        """Count an article of the grid."""
        found: dict[str, str] = {claim: coded.stance for claim, coded in coding.claims.items()}
        wanted = dict(item.want)
        self.constructions[item.language, item.construction].add(wanted, found)
        self.languages[item.language].add(wanted, found)
        for side in codebook.sides:
            mine = {claim.id for claim in codebook.claims if claim.side == side.id}
            self.sides[side.id].add(
                *({claim: claims[claim] for claim in claims.keys() & mine} for claims in (wanted, found))
            )
        if wanted.keys() != found.keys():
            self.wrong.append((item, found))


def score_grid(items: Iterable[Item], codebook: Codebook) -> GridFigures:
    """Code the articles of a grid and count."""
    figures = GridFigures()
    articles: Iterator[Article[Item]] = (
        Article(item, item.headline, item.text, item.language) for item in items
    )
    for item, coding in code_articles(articles, codebook, workers=1):
        figures.add(item, coding, codebook)
    return figures


def validate_grid(study: Path, codebook: Codebook, *, as_json: bool = False) -> str:
    """Score the coder on the study's grid, as a page to read or as JSON.

    Raises:
        ConfigError: there is no grid, or a file of it is wrong.
    """
    figures = score_grid(grid_items(study), codebook)
    if not as_json:
        return _page(figures)
    return json.dumps(
        {
            "sides": {side: _object(tally) for side, tally in figures.sides.items()},
            "languages": {language: _object(tally) for language, tally in figures.languages.items()},
            "constructions": [
                {"language": language, "construction": name, **_object(tally)}
                for (language, name), tally in figures.constructions.items()
            ],
        },
        indent=1,
        ensure_ascii=False,
    )


def _object(tally: Tally) -> dict[str, float]:
    return {
        "articles": tally.articles,
        "precision": tally.precision,
        "recall": tally.recall,
        "exact": tally.exact,
        "stance": tally.stance,
    }


def _page(figures: GridFigures) -> str:
    out = StringIO()
    console = Console(file=out, width=_WIDTH, highlight=False, markup=False, emoji=False)
    console.print(_table("Sides (their claims, over the whole grid)", figures.sides.items()))
    console.print(_table("Languages", figures.languages.items()))
    for language in figures.languages:
        rows = [(name, tally) for (of, name), tally in figures.constructions.items() if of == language]
        console.print(_table(f"Constructions: {language}", rows))
    console.print(
        "The grid is generated: these figures say whether the coder takes all sides' words alike, not how it "
        "does on real articles. exact: the share of articles with all claims right and none beside them."
    )
    return "\n".join(line.rstrip() for line in out.getvalue().splitlines())


def _table(title: str, rows: Iterable[tuple[str, Tally]]) -> Table:
    table = Table(title=title, title_justify="left", box=SIMPLE_HEAD, padding=(0, 1), pad_edge=False)
    for number, column in enumerate(("", "precision", "recall", "exact", "stance", "articles")):
        table.add_column(column, justify="right" if number else "left", no_wrap=True)
    for name, tally in rows:
        shares = (tally.precision, tally.recall, tally.exact, tally.stance)
        table.add_row(name, *(f"{share:.2f}" for share in shares), str(tally.articles))
    return table
