"""Takes what people drew and coded (coded/draws) into the database for readers."""

from collections.abc import Sequence
from pathlib import Path

import duckdb

from gossi.analysis.measuring.coder_pairs import agreement_rows
from gossi.analysis.review.codings import PersonsCoding, read_codings
from gossi.analysis.review.draws import FRAME_FILE, Draw, draw_folders, read_draw
from gossi.crawler.errors import InputError
from gossi.crawler.store.store import column_types, insert

_TABLES = (Path(__file__).parent / "people.sql").read_text(encoding="utf-8")


def take_in_people(connection: duckdb.DuckDBPyConnection, draws: Path | None) -> None:
    """Make the tables of people.sql in schema `measured` from the draws in the folder `draws`.

    Raises:
        InputError: a file of a draw is missing, changed or not of its form, or two draws share an article.
    """
    connection.execute(_TABLES)
    for folder in draw_folders(draws) if draws else []:
        _take_in(connection, folder, read_draw(folder), read_codings(folder))
    _in_one_frame_only(connection)
    _insert(connection, "agreement", agreement_rows(connection))


def _take_in(
    connection: duckdb.DuckDBPyConnection, folder: Path, draw: Draw, codings: list[PersonsCoding]
) -> None:
    name = draw.draw
    _insert(
        connection,
        "draw",
        [(name, draw.time.replace(tzinfo=None), draw.seed, draw.frame.digest)],
    )
    _insert(connection, "stratum", [(name, s.stratum, s.texts, s.drawn) for s in draw.strata])
    _insert(connection, "drawn", [(name, a.article, a.position, a.chance) for a in draw.articles])
    connection.execute(
        "INSERT INTO measured.frame SELECT $1, article, version, stratum, text"
        " FROM read_csv($2, header = true, all_varchar = true, delim = ',', quote = '\"')",
        [name, str(folder / FRAME_FILE)],
    )
    _insert(
        connection,
        "person_coding",
        [
            (
                name,
                c.id,
                c.version,
                c.coder,
                c.mode,
                c.time.replace(tzinfo=None),
                c.on_topic,
                c.cannot,
                c.note,
            )
            for c in codings
        ],
    )
    _insert(
        connection,
        "person_claim",
        [
            (
                name,
                c.id,
                c.version,
                c.coder,
                c.mode,
                claim,
                c.labels[claim].stance if claim in c.labels else None,
                c.labels[claim].sentences if claim in c.labels else [],
            )
            for c in codings
            for claim in c.claims
        ],
    )


def _in_one_frame_only(connection: duckdb.DuckDBPyConnection) -> None:
    twice = connection.execute(
        "SELECT article_id, list(draw ORDER BY draw) FROM measured.frame GROUP BY article_id"
        " HAVING count(*) > 1 LIMIT 1"
    ).fetchone()
    if twice:
        raise InputError(
            f"coded/draws: article {twice[0]} is in the frames of {' and '.join(twice[1])}, so its chance is "
            "not known; keep one of these draws and move the other out of coded/draws"
        )


def _insert(connection: duckdb.DuckDBPyConnection, table: str, rows: Sequence[tuple[object, ...]]) -> None:
    insert(connection, f"measured.{table}", column_types(connection, "measured", table), rows)
