"""Which pictures a report has, and of what: rows of queries/picture_*.sql and of the page's own tables."""

import duckdb

from gossi.analysis.report.data import Rows, grouped, read
from gossi.analysis.report.pictures import Picture, draw
from gossi.analysis.report.words import Words

_MOST_OUTLETS = 40
"""Outlets of which the picture shows what was seen; the page's table has all."""


def drawn(connection: duckdb.DuckDBPyConnection, words: Words) -> list[Picture]:
    """The pictures, in the order of the page. One of nothing is empty, and says so."""
    blocs = [row for row in read(connection, "blocs") if row["articles"]]
    for row in blocs:
        row["bloc_name"] = row["bloc_name"] or words.say("blocs.all")
    return [
        draw("coverage", {"coverage": _coverage(blocs, words)}, words),
        _timeline(connection, words),
        _over_time(connection, words),
        draw("stance", {"stance": _stances(blocs, words)}, words),
        draw("prominence", {"prominence": _places(connection, words)}, words),
        _reprints(connection, words),
        _changes(connection, words),
        draw("seen", {"seen": _seen(connection, words)}, words),
    ]


def _coverage(blocs: Rows, words: Words) -> Rows:
    told = []
    for row in blocs:
        estimated = row["share_corrected"] is not None
        told.append(
            {
                "bloc": row["bloc_name"],
                "side": row["side_name"],
                "side_no": row["side_no"],
                "share": row["share_corrected" if estimated else "share_included"],
                "low": row["corrected_low" if estimated else "ci_low"],
                "high": row["corrected_high" if estimated else "ci_high"],
                "kind": words.say(f"pictures.coverage.{'estimated' if estimated else 'raw'}"),
                "label": words.say("blocs.count", included=row["included"], eligible=row["eligible"])
                if row["eligible"]
                else "–",
            }
        )
    return told


def _timeline(connection: duckdb.DuckDBPyConnection, words: Words) -> Picture:
    tables = {"timeline": read(connection, "picture_timeline"), "days": read(connection, "picture_days")}
    return draw("timeline", tables, words)


def _over_time(connection: duckdb.DuckDBPyConnection, words: Words) -> Picture:
    rows = read(connection, "picture_over_time")
    period = words.say(f"pictures.over_time.{rows[0]['period']}") if rows else ""
    return draw("over_time", {"over_time": rows}, words, words.say("pictures.over_time.about", period=period))


def _stances(blocs: Rows, words: Words) -> Rows:
    return [
        {"bloc": row["bloc_name"], "side": row["side_name"], "side_no": row["side_no"],
         "no": number, "what": words.say(f"pictures.stance.{what}"),
         "articles": row["included"] - row["disputed"] if what == "stands" else row[column]}
        for row in blocs
        if row["eligible"]
        for number, (what, column) in enumerate(
            (("stands", "included"), ("rebutted", "disputed"), ("omitted", "omitted"))
        )
    ]  # fmt: skip


def _places(connection: duckdb.DuckDBPyConnection, words: Words) -> Rows:
    return [
        {"bloc": row["bloc"], "side": row["side_name"], "side_no": row["side_no"],
         "no": number, "what": words.say(f"pictures.prominence.{place}"), "articles": row[place]}
        for row in read(connection, "prominence")
        for number, place in enumerate(("headline", "lead", "body"))
    ]  # fmt: skip


def _reprints(connection: duckdb.DuckDBPyConnection, words: Words) -> Picture:
    rows = read(connection, "picture_reprints")
    about = words.say("pictures.reprints.about") if rows else words.say("pictures.reprints.none")
    return draw("reprints", {"reprints": rows}, words, about)


def _changes(connection: duckdb.DuckDBPyConnection, words: Words) -> Picture:
    rows = read(connection, "picture_changes")
    for row in rows:
        row["change"] = words.say(f"pictures.changes.{row['change']}")
    return draw("changes", {"changes": rows}, words, _changed(connection, words))


def _changed(connection: duckdb.DuckDBPyConnection, words: Words) -> str:
    number = sum(row["changes"] for row in read(connection, "picture_changes"))
    shown = len(read(connection, "changes"))
    key = "none" if not number else "some" if number <= shown else "latest"
    return words.say(f"pictures.changes.{key}", claims=words.count(number, "claim"), shown=shown)


def _seen(connection: duckdb.DuckDBPyConnection, words: Words) -> Rows:
    health = sorted(read(connection, "health"), key=lambda row: -int(row["expected"]))[:_MOST_OUTLETS]
    return [
        {"outlet": rows[0]["outlet"], "no": number, "what": words.say(f"pictures.seen.{what}"),
         "pages": sum(row[what] for row in rows)}
        for rows in grouped([row for row in health if row["expected"]], "outlet").values()
        for number, what in enumerate(("fetched", "refused", "failed", "not_asked"))
    ]  # fmt: skip
