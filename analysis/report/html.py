"""Renders index.html, the page of a report, from the published database: one file that opens from disk."""

import base64
import hashlib
from collections import defaultdict
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import duckdb
import jinja2

from gossi.analysis.report import statement as told
from gossi.analysis.report.data import Rows, grouped, read, rows_of, tested
from gossi.analysis.report.facts import Evidence, as_script, facts
from gossi.analysis.report.pictures import Picture
from gossi.analysis.report.visible import visible
from gossi.analysis.report.words import FEW, Words

_TEMPLATES = Path(__file__).parent / "templates"

_SCRIPTS = ("counts.js", "view.js", "evidence.js")
"""The page's script, in the order of running."""

_SPOKEN = (
    "states",
    "stances",
    "reasons",
    "filter",
    "blocs",
    "outlets",
    "evidence",
    "claims",
    "nouns",
    "months",
)
"""Sections of the words that the script has too."""


@dataclass(frozen=True)
class ReportWords:
    """What a study calls itself and its affair: keys of [study] in sources.toml."""

    name: str = ""
    headline: str | None = None
    affair: str | None = None


def render_page(
    connection: duckdb.DuckDBPyConnection,
    study: ReportWords,
    words: Words,
    pictures: Sequence[Picture],
    evidence: Evidence,
) -> str:
    """The HTML of the page, with the study's own words. The same database and words give the same text."""
    page = _Page(connection, study, words)
    return (
        _environment(words)
        .get_template("index.html")
        .render(
            **page.answered(),
            **page.compared(),
            **page.collected(),
            **_drawn(pictures, source_of(connection, study, words)),
            **_scripts(page.script(evidence), evidence),
            words=study,
            w=words.told,
        )
    )


def source_of(connection: duckdb.DuckDBPyConnection, study: ReportWords, words: Words) -> str:
    """What stands under each picture: whose it is, and of when."""
    provenance = rows_of(connection, "FROM provenance")[0]
    program = words.say("head.program")
    named = {"study": study.name or program, "program": program}
    moment = provenance["ended_at"] or provenance["started_at"]
    if moment is None:
        return words.say("pictures.undated", **named)
    return words.say("pictures.source", date=words.day(moment), **named)


class _Page:
    """What the templates show, part by part."""

    def __init__(self, connection: duckdb.DuckDBPyConnection, study: ReportWords, words: Words) -> None:
        self.connection, self.study, self.words = connection, study, words
        self.sides = rows_of(connection, "FROM sides")
        self.side_names = {side["side"]: side["name"] for side in self.sides}
        self.overview = read(connection, "overview")[0]
        self.bloc_rows = read(connection, "bloc_names")
        self.blocs = {row["bloc"]: row["name"] for row in self.bloc_rows} | {"all": words.say("blocs.all")}
        self.by_bloc = grouped(read(connection, "blocs"), "bloc")
        self.provenance = rows_of(connection, "FROM provenance")[0]
        self.statement = next(iter(rows_of(connection, "SELECT text, bloc FROM store.statement")), None)
        self.claims = rows_of(connection, "FROM claims")
        self.cells = read(connection, "cells")

    def answered(self) -> dict[str, Any]:
        """The first screen."""
        rows = tested(self.connection)
        meant = self.by_bloc.get(self.statement["bloc"], []) if self.statement else []
        outlets = meant[0]["bloc_outlets"] if meant else ""
        return {
            "head": self._head(),
            "facts_told": self._facts_told(),
            "overview": self.overview,
            "statement": self.statement,
            "tested": rows,
            "verdict": told.verdict(rows, self.side_names, self.words),
            "answer": told.answer(meant or self.by_bloc.get("all", []), self.words, outlets),
            "caveats": told.caveats(self.overview, self.words),
            "unsearched": told.unsearched(read(self.connection, "unsearched"), self.words),
            "sections": self._sections(),
        }

    def _head(self) -> str:
        words = self.words
        parts = [self.study.affair] if self.study.affair else []
        if self.overview["articles"]:
            outlets = words.count(self.overview["outlets_with_articles"], "outlet")
            sides = words.listed([side["name"] for side in self.sides])
            parts.append(words.say("head.asked", outlets=outlets, sides=sides))
        if moment := self.provenance["ended_at"] or self.provenance["started_at"]:
            parts.append(words.say("head.collected", time=words.when(moment)))
        return "".join(f"{part}. " for part in parts).strip()

    def _sections(self) -> list[str]:
        compared = ["blocs", "outlets", "claims", "pictures"] if self.overview["articles"] else []
        return ["answer", *compared, "seen", "methods", "provenance"]

    def compared(self) -> dict[str, Any]:
        """Blocs, outlets and claims against sides, and what a filter offers."""
        outlets = grouped(self.cells, "outlet_id")
        blocs = [bloc for bloc, rows in self.by_bloc.items() if rows[0]["articles"] and bloc != "all"]
        return {
            "sides": self.sides,
            "side_names": self.side_names,
            "blocs": self.blocs,
            "by_bloc": self.by_bloc,
            "claim_blocs": blocs,
            "claims": self.claims,
            "claim_cells": {(row["claim_id"], row["bloc"]): row for row in read(self.connection, "claims")},
            "first_reports": {row["claim_id"]: row for row in read(self.connection, "first_reports")},
            "quality": self._quality(),
            "outlets": outlets,
            "names_of": lambda ids: ", ".join(visible(outlets[key][0]["outlet"]) for key in ids),
            "outlets_of": _outlets_of(self.cells),
            "with_articles": {cell["outlet_id"] for cell in self.cells if cell["articles"]},
            "spoken_bloc": self._spoken_bloc,
            "spoken_outlet": self._spoken_outlet,
            "choices": self._choices(),
            "reviewed": any(row["reviewed"] for rows in self.by_bloc.values() for row in rows),
            "prominence": read(self.connection, "prominence"),
            "changes": read(self.connection, "changes"),
        }

    def _quality(self) -> Callable[[str], str]:
        rows = {row["claim_id"]: row for row in read(self.connection, "quality")}
        words = self.words

        def quality(claim: str) -> str:
            row, parts = rows[claim], []
            if row["alpha"] is not None:
                key = "claims.flagged" if row["flagged"] else "claims.agree"
                parts.append(words.say(key, alpha=f"{row['alpha']:.2f}"))
            if row["recall"] is not None:
                found, right = words.percent(row["recall"]), words.percent(row["precision"])
                parts.append(words.say("claims.found", recall=found, precision=right))
            return "; ".join(parts) or words.say("claims.unknown")

        return quality

    def _spoken_bloc(self, row: Mapping[str, Any]) -> str:
        """A cell of the picture for those who hear it."""
        words, estimated = self.words, row["share_corrected"] is not None
        names = (
            ("share_corrected", "corrected_low", "corrected_high")
            if estimated
            else ("share_included", "ci_low", "ci_high")
        )
        share, low, high = (row[name] for name in names)
        if share is None:
            percent = kind = ""
        else:
            percent, kind = (
                words.percent(share, low, high),
                words.say("blocs.people" if estimated else "blocs.raw"),
            )
        return words.say(
            "blocs.spoken" if row["eligible"] else "blocs.spoken_none",
            party=self.blocs[row["bloc"]],
            side=self.side_names[row["side"]],
            included=row["included"],
            eligible=row["eligible"],
            percent=percent,
            low=words.percent(low),
            high=words.percent(high),
            kind=kind,
            early=row["not_yet_public"],
            unseen=row["not_observable"],
        )

    def _spoken_outlet(self, cell: Mapping[str, Any]) -> str:
        """A cell of the matrix for those who hear it."""
        return self.words.say(
            "outlets.spoken",
            party=cell["outlet"],
            side=self.side_names[cell["side"]],
            included=cell["included"],
            omitted=cell["omitted"],
            early=cell["not_yet_public"],
            unseen=cell["not_observable"],
        )

    def _choices(self) -> dict[str, list[tuple[str, str]]]:
        """What each field of the filter offers: value and words."""
        rows = [row for row in read(self.connection, "outlets") if row["articles"]]
        languages = read(self.connection, "languages")
        return {
            "bloc": [
                (bloc, self.blocs[bloc]) for bloc in self.blocs if any(row["bloc"] == bloc for row in rows)
            ],
            "country": [(country, country) for country in sorted({row["country"] for row in rows})],
            "language": [(row["language"], self.words.language(row["language"])) for row in languages],
            "ownership": [(owner, owner) for owner in sorted({row["ownership"] for row in rows})],
            "outlet": [
                (row["id"], row["name"]) for row in sorted(rows, key=lambda row: row["name"].casefold())
            ],
            "claim": [
                (claim["claim_id"], f"{self.side_names[claim['side']]}: {claim['statement']}")
                for claim in self.claims
            ],
        }

    def collected(self) -> dict[str, Any]:
        """What was seen and what was not, and what all rests on."""
        words = self.words
        return {
            "unjudged": ", ".join(
                f"{row['articles']} {words['reasons'].get(row['reason'], row['reason'])}"
                for row in read(self.connection, "reasons")
            ),
            "refused_by": ", ".join(
                f"{words['services'].get(row['via'], row['via'])} ({words.count(row['pages'], 'page')})"
                for row in read(self.connection, "refusals")
            ),
            "health": read(self.connection, "health"),
            "stood_in_the_way": self._stood_in_the_way,
            "runs": rows_of(self.connection, "FROM runs ORDER BY run_id DESC LIMIT 5"),
            "provenance": self.provenance,
        }

    def _facts_told(self) -> list[tuple[str, str]]:
        words, overview = self.words, self.overview
        reprints = words.count(overview["reprints"], "article")
        told = [
            (
                f"{overview['articles']:,}",
                words.say("answer.fact_articles", collected=f"{overview['collected']:,}"),
            ),
            (
                f"{overview['listed_with_articles']} / {overview['outlets_listed']}",
                words.say("answer.fact_outlets"),
            ),
            (f"{overview['not_observable']:,}", words.say("answer.fact_unseen")),
        ]
        if overview["read_by_people"]:
            told.append((f"{overview['read_by_people']:,}", words.say("answer.fact_read")))
        else:
            told.append((f"{overview['texts']:,}", words.say("answer.fact_texts", reprints=reprints)))
        return told

    def _stood_in_the_way(self, row: Mapping[str, Any]) -> str:
        """What became of the pages of an outlet that could not be read."""
        names = (
            "robots",
            "paywall",
            "consent_wall",
            "bot_wall",
            "turned_away",
            "gone",
            "extraction_failed",
            "other",
        )
        parts = [f"{row[name]} {self.words.say(f'seen.{name}')}" for name in names if row[name]]
        return ", ".join(parts + ([self.words.count(row["gaps"], "gap")] if row["gaps"] else []))

    def script(self, evidence: Evidence) -> str:
        """What the page's script works with, as JSON."""
        if not self.overview["articles"]:
            return "{}"
        told = facts(self.connection)
        told |= {
            "blocs": [{"id": key, "name": name} for key, name in self.blocs.items()],
            "sides": [{"id": side["side"], "name": side["name"]} for side in self.sides],
            "claims": [
                {
                    "id": claim["claim_id"],
                    "side": claim["side"],
                    "text": claim["statement"],
                    "public": self.words.when(claim["public_since"], claim["public_precision"]),
                }
                for claim in self.claims
            ],
            "languageNames": [self.words.language(code) for code in told["languages"]],
            "words": {key: self.words[key] for key in _SPOKEN}
            | {key: self.words[key] for key in ("language", "percent")},
            "places": evidence.places,
            "limit": evidence.limit,
        }
        return as_script(told)


def _drawn(pictures: Sequence[Picture], source: str) -> dict[str, Any]:
    """The pictures of the page: the one that it has as a table is in the files alone."""
    apart = {"coverage", "seen"}
    return {
        "pictures": [picture for picture in pictures if picture.name not in apart],
        "seen_picture": next((picture for picture in pictures if picture.name == "seen"), None),
        "source": source,
    }


def _scripts(told: str, evidence: Evidence) -> dict[str, Any]:
    static = _TEMPLATES / "static"
    return {
        "css": (static / "page.css").read_text(encoding="utf-8"),
        "scripts": [(static / name).read_text(encoding="utf-8") for name in _SCRIPTS],
        "facts": told,
        "chunks": evidence.chunks,
    }


def _environment(words: Words) -> jinja2.Environment:
    environment = jinja2.Environment(
        loader=jinja2.FileSystemLoader(_TEMPLATES),
        autoescape=True,
        undefined=jinja2.StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    environment.filters.update(
        count=words.count,
        points=words.points,
        when=words.when,
        web=_is_web_address,
        visible=visible,
        tenths=lambda number: f"{round(number, 1):g}",
        digest=_digest,
    )
    environment.globals.update(
        FEW=FEW, say=words.say, span=words.span, percent=words.percent, hours=words.hours
    )
    return environment


def _digest(text: str) -> str:
    """How a content security policy names a script or style that stands in the page."""
    return "sha256-" + base64.b64encode(hashlib.sha256(text.encode()).digest()).decode()


def _is_web_address(url: str) -> bool:
    """Whether a link may lead there: an imported article may name any URL, javascript: too."""
    return url.startswith(("http://", "https://"))


def _outlets_of(cells: Rows) -> dict[str, list[str]]:
    """Ids of the outlets of each bloc, in the order of the cells."""
    outlets: dict[str, list[str]] = defaultdict(list)
    for cell in cells:
        if cell["outlet_id"] not in outlets[cell["bloc"]]:
            outlets[cell["bloc"]].append(cell["outlet_id"])
    return dict(outlets)
