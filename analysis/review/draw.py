"""Draws a stratified probability sample of a study's articles for people to code: `gossi draw`.

Drawn are texts: the articles of a stratum that print one text come together, and each text of a stratum has
the same chance. A text's turn hangs on the seed and its own id alone (permanent random numbers, Ohlsson
1995).
"""

import hashlib
import math
import secrets
from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

from gossi.analysis.measuring.query import query
from gossi.analysis.review.draws import (
    Draw,
    Drawn,
    Frame,
    InFrame,
    Stratum,
    draw_folders,
    frame_digest,
    read_draw,
    read_frame,
    write_draw,
    write_frame,
)
from gossi.crawler.errors import UsageError

BY = ("bloc", "language", "outlet")
"""What strata can be made by."""

_FRAME = (Path(__file__).parent / "frame.sql").read_text(encoding="utf-8")
_WIDTHS = (Path(__file__).parent / "widths.sql").read_text(encoding="utf-8")

_LEAST = 2
"""Texts drawn of each stratum, or all of it: of one alone no variance can be told."""

_SMALL = 10
"""Texts of a stratum below which it is put together with others of its bloc."""

ERROR = 0.1
"""Share of cells that the program gets wrong, assumed for the widths told beforehand: it was 6 to 10 % for a
side on fresh articles (precision and recall .82 to .98)."""


@dataclass(frozen=True)
class Width:
    """How wide the interval of a bloc's share for a side will be, about, in points either way."""

    bloc: str
    side: str
    articles: int
    drawn: int
    share: float
    reach: float | None


def draw_sample(
    published: Path,
    draws: Path,
    articles: int,
    by: Sequence[str] = ("bloc", "language"),
    seed: int | None = None,
) -> tuple[Draw, list[Width]]:
    """Draw so many texts of the articles that no earlier draw could have drawn, and write the draw.

    Args:
        published: the database for readers.
        draws: coded/draws of the study.
        articles: texts to draw; more than there are draw all.
        by: what strata are made by.
        seed: any number; by default a random one.

    Returns:
        The draw, and what width of interval to expect.

    Raises:
        UsageError: there is nothing to draw from.
        StoreError: nothing is published yet.
    """
    frame, labels = _frame(published, by, draws)
    if not frame:
        raise UsageError(
            "there is no article that could be drawn: all are in an earlier draw, or none has been analysed; "
            "run `gossi run` or code the sample that was drawn"
        )
    seed = secrets.randbelow(2**31) if seed is None else seed
    now = datetime.now(UTC).replace(microsecond=0)
    named = _strata(frame, labels, articles)
    rows = [row._replace(stratum=named[labels[row.article]]) for row in frame]
    rows = _texts_within(rows)
    sizes = Counter(stratum for stratum, _ in {(row.stratum, row.text) for row in rows})
    shares = allocate(sizes, articles)
    chosen = _chosen(rows, shares, seed)
    folder = _new_folder(draws, now)
    write_frame(folder, sorted(rows))
    draw = Draw(
        draw=folder.name,
        time=now,
        seed=seed,
        by=list(by),
        frame=Frame(digest=frame_digest(folder), articles=len(rows), texts=sizes.total()),
        strata=[
            Stratum(
                stratum=stratum,
                articles=sum(row.stratum == stratum for row in rows),
                texts=sizes[stratum],
                drawn=shares[stratum],
            )
            for stratum in sorted(sizes)
        ],
        articles=[
            Drawn(
                position=number,
                article=row.article,
                version=row.version,
                stratum=row.stratum,
                text=row.text,
                chance=shares[row.stratum] / sizes[row.stratum],
            )
            for number, row in enumerate(chosen, 1)
        ],
    )
    write_draw(folder, draw)
    return draw, _widths(published, rows, shares, sizes)


def allocate(sizes: Mapping[str, int], number: int) -> dict[str, int]:
    """How many texts to draw of each stratum: as the square root of its size, and two at least.

    Between as many of each stratum, best for comparing them, and as its size has it, best for their sum
    (power allocation, Bankier 1988).
    """
    drawn = {stratum: min(size, _LEAST) for stratum, size in sizes.items()}
    while sum(drawn.values()) < min(number, sum(sizes.values())):
        open_ones = [stratum for stratum, size in sizes.items() if drawn[stratum] < size]
        # The next text goes where the most is missing: Webster's method, by square roots.
        best = max(open_ones, key=lambda s: (math.sqrt(sizes[s]) / (drawn[s] + 0.5), s))
        drawn[best] += 1
    return drawn


def _frame(
    published: Path, by: Sequence[str], draws: Path
) -> tuple[list[InFrame], dict[str, tuple[str, ...]]]:
    columns, rows = query(published, _FRAME)
    known = {row.article for folder in draw_folders(draws) if read_draw(folder) for row in read_frame(folder)}
    frame, labels = [], {}
    for row in rows:
        article = dict(zip(columns, row, strict=True))
        if article["article"] not in known:
            frame.append(InFrame(article["article"], article["version"], "", article["text"]))
            labels[article["article"]] = tuple(article[name] for name in by)
    return frame, labels


def _strata(
    frame: Sequence[InFrame], labels: Mapping[str, tuple[str, ...]], number: int
) -> dict[tuple[str, ...], str]:
    """Each label's stratum by name. Small ones of a bloc are put together; with few texts to draw, all."""
    sizes = Counter(labels[row.article] for row in frame)
    names = {label: " · ".join(label) for label in sizes}
    small = [label for label, size in sizes.items() if size < _SMALL and len(label) > 1]
    names |= {label: f"{label[0]} · other" for label in small}
    if len(set(names.values())) * _LEAST > number:
        names = {label: label[0] if label else "all" for label in sizes}
    if len(set(names.values())) * _LEAST > number:
        names = dict.fromkeys(sizes, "all")
    return names


def _texts_within(rows: Sequence[InFrame]) -> list[InFrame]:
    """The rows with each text named after the first of its articles in the stratum."""
    first: dict[tuple[str, str], str] = {}
    for row in rows:
        first.setdefault((row.stratum, row.text), row.article)
    return [row._replace(text=first[row.stratum, row.text]) for row in rows]


def _chosen(rows: Iterable[InFrame], shares: Mapping[str, int], seed: int) -> list[InFrame]:
    """The drawn articles in the order of coding: at any point each stratum has had about its part."""
    texts: dict[str, dict[str, list[InFrame]]] = defaultdict(dict)
    for row in rows:
        texts[row.stratum].setdefault(row.text, []).append(row)
    ordered: list[tuple[float, str, list[InFrame]]] = []
    for stratum, members in texts.items():
        turns = sorted(members, key=lambda text: _turn(seed, text))[: shares[stratum]]
        ordered += [
            ((place + 0.5) / shares[stratum], stratum, members[text]) for place, text in enumerate(turns)
        ]
    return [row for _, _, members in sorted(ordered) for row in members]


def _turn(seed: int, text: str) -> bytes:
    return hashlib.sha256(f"{seed}\n{text}".encode()).digest()


def _new_folder(draws: Path, now: datetime) -> Path:
    number = 1
    while (folder := draws / f"{now:%Y-%m-%d}-{number}").exists():
        number += 1
    folder.mkdir(parents=True)
    return folder


def _widths(
    published: Path, rows: Sequence[InFrame], shares: Mapping[str, int], sizes: Mapping[str, int]
) -> list[Width]:
    stratum_of = {row.article: row.stratum for row in rows}
    cells: dict[tuple[str, str], Counter[str]] = defaultdict(Counter)
    included: Counter[tuple[str, str]] = Counter()
    for bloc, side, article, given in query(published, _WIDTHS)[1]:
        if article in stratum_of:
            cells[bloc, side][stratum_of[article]] += 1
            included[bloc, side] += given
    found = []
    for (bloc, side), by_stratum in cells.items():
        articles = by_stratum.total()
        expected = {s: shares[s] * count / sizes[s] for s, count in by_stratum.items()}
        variance = sum(
            count**2 * (1 - shares[s] / sizes[s]) * ERROR / max(expected[s], 1e-9)
            for s, count in by_stratum.items()
        )
        coded = sum(expected.values())
        # As in estimates.sql: one more text than was coded, on which they differ; no interval below ten.
        unseen = (1 - coded / articles) / (coded + 2) ** 2
        reach = 2 * math.sqrt(variance / articles**2 + unseen) if coded >= 10 or coded == articles else None
        found.append(Width(bloc, side, articles, round(coded), included[bloc, side] / articles, reach))
    return found
