"""The data of the page's script: what is counted, and the evidence behind it, as JSON that SQL has made.

In the page itself where that stays light; else in script files beside it, which the page loads as they are
asked for, from a disk too: a script file may be loaded from there, a JSON file may not.
"""

import json
from collections.abc import Iterator
from typing import Any, NamedTuple

import duckdb

from gossi.analysis.alignment.sentences import split_text
from gossi.analysis.report.data import Rows, read

_IN_PAGE = 6_000_000
"""Letters of evidence that the page holds itself; with them 5,000 articles stay under 8 MB."""

_MOST_ARTICLES = 50_000
"""Articles whose evidence is written at all: some 1 KB each; all of it is in codings.csv."""

_AT_ONCE = 2_000
"""Articles whose evidence is one file, about."""


class Chunk(NamedTuple):
    """The evidence of one outlet: a JSON array of its articles."""

    outlet: str
    articles: str


class Evidence(NamedTuple):
    """What the page holds, and the files beside it: name → content, and outlet → name."""

    chunks: list[Chunk]
    files: dict[str, str]
    places: dict[str, str]
    limit: int | None


def facts(connection: duckdb.DuckDBPyConnection) -> dict[str, Any]:
    """The articles column by column, as queries/facts.sql says, and the estimates made in SQL."""
    told: dict[str, Any] = json.loads(read(connection, "facts")[0]["facts"])
    told["outlets"] = read(connection, "outlets")
    told["estimates"] = _estimates(read(connection, "estimates"))
    return told


def _estimates(rows: Rows) -> dict[str, dict[str, list[float]]]:
    """Kind and party ("bloc:western") → side → share and its interval."""
    told: dict[str, dict[str, list[float]]] = {}
    for row in rows:
        key = f"{row['kind']}:{row['party']}"
        values = [row["share_corrected"], row["corrected_low"], row["corrected_high"]]
        told.setdefault(key, {})[row["side"]] = values
    return told


def evidence(connection: duckdb.DuckDBPyConnection) -> Evidence:
    """The evidence of all outlets, in the page or in files."""
    _tell_sentences(connection)
    counts = [(row["id"], row["articles"]) for row in read(connection, "outlets") if row["articles"]]
    limit = _limit([count for _, count in counts])
    # Once for all: to seek an outlet's articles among a million took seconds an outlet.
    connection.execute(
        "CREATE OR REPLACE TEMP TABLE evidence (outlet_id VARCHAR, row BIGINT, article VARCHAR)"
    )
    read(connection, "evidence", limit=limit)
    chunks: list[Chunk] = []
    files: dict[str, str] = {}
    places: dict[str, str] = {}
    inside = 0
    for first, last in _parts(counts):
        rows = read(connection, "evidence_of", first=first, last=last)
        found = [Chunk(row["outlet_id"], harmless(row["articles"])) for row in rows]
        chunks += found
        inside += sum(len(chunk.articles) for chunk in found)
        if inside > _IN_PAGE or files:
            # The larger study: all that is held so far leaves the page.
            name = f"evidence-{len(files) + 1:03}.js"
            files[name] = "".join(_call(chunk) for chunk in chunks)
            places |= {chunk.outlet: name for chunk in chunks}
            chunks = []
    whole = limit >= max((count for _, count in counts), default=0)
    return Evidence(chunks, files, places, None if whole else limit)


def _call(chunk: Chunk) -> str:
    return f"readEvidence({harmless(json.dumps(chunk.outlet))},{chunk.articles});\n"


def _limit(counts: list[int]) -> int:
    """How many articles of each outlet are told so that all are, or no more than may be."""
    limit = max(counts, default=1)
    while sum(min(count, limit) for count in counts) > _MOST_ARTICLES:
        limit = limit * 4 // 5
    return limit


def _parts(counts: list[tuple[str, int]]) -> Iterator[tuple[str, str]]:
    """First and last outlets of parts of so many articles."""
    first, articles = "", 0
    for outlet, count in counts:
        first = first or outlet
        articles += count
        if articles >= _AT_ONCE:
            yield first, outlet
            first, articles = "", 0
    if first:
        yield first, counts[-1][0]


def _tell_sentences(connection: duckdb.DuckDBPyConnection) -> None:
    """Make the table read_sentence: the sentences that people marked, which the store has as numbers only."""
    rows = read(connection, "read_texts")
    told = []
    for row in rows:
        sentences = [sentence.text for sentence in split_text(row["text"], row["language"])]
        told += [
            (row["article_no"], number, row["headline"] if number < 0 else sentences[number])
            for number in row["sentences"]
            if number < len(sentences)
        ]
    connection.execute(
        "CREATE OR REPLACE TEMP TABLE read_sentence (article_no BIGINT, sentence INTEGER, text VARCHAR)"
    )
    if told:
        connection.executemany("INSERT INTO read_sentence VALUES (?, ?, ?)", told)


def harmless(script: str) -> str:
    """JSON that can stand in a script element: nothing in it ends the element or begins a comment."""
    return script.replace("<", "\\u003c").replace("\u2028", "\\u2028").replace("\u2029", "\\u2029")


def as_script(value: object) -> str:
    """A value as JSON that can stand in a script element."""
    return harmless(json.dumps(value, ensure_ascii=False, separators=(",", ":")))
