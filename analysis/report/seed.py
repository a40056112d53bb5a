"""Words the test of the seed article's statement, so that a newspaper could print it."""

import tomllib
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any

from analysis.report.data import BLOCS

STATEMENT = (
    "Western media largely left out what Mali and Russia said of French massacres, and gave credence to "
    "what France said of Malian forces and Russian mercenaries."
)
"""The third paragraph of the seed article, in our words."""

READINGS = {
    "charge": "Who is said to have done it",
    "account": "All that a side said of the grave",
}


_OUTCOMES = {
    "borne out": "is borne out",
    "contradicted": "is contradicted",
    "undecided": "remains undecided",
}
"""Verdicts of the view as predicates of "the statement"."""

_LANGUAGES = tomllib.loads((Path(__file__).parent / "languages.toml").read_text(encoding="utf-8"))


@dataclass(frozen=True)
class Verdict:
    """The outcome, in a sentence and in sentences with the counts behind it."""

    outcome: str
    sentences: list[str]


def verdict(rows: Sequence[dict[str, Any]], names: dict[str, str]) -> Verdict:
    """Sum up the rows of `seed_claim` for the bloc that the statement is about.

    Args:
        rows: all rows of the view.
        names: a side's id to its name.
    """
    meant = [row for row in rows if row["meant"]]
    # The narrow reading is the statement to the letter; the wide one stands beside it.
    strict = [row for row in meant if row["reading"] == "charge"] or meant
    if not strict:
        return Verdict(
            "On what was collected, the statement remains undecided.",
            ["No Western article was collected that could have given both accounts."],
        )
    sentences = [sentence(row, names) for row in strict]
    wide = [row for row in meant if row["reading"] == "account"]
    if wide and wide != strict:
        sentences.append(
            f"Taken more widely, as all that a side said of the grave and not only whom it blamed, "
            f"the statement {_outcome(wide, names)}."
        )
    return Verdict(f"On what was collected, the statement {_outcome(strict, names)}.", sentences)


def caveats(overview: dict[str, Any]) -> str:
    """On what the verdict rests, and on what it doesn't, in a sentence; for `overview` see its query."""
    days = ""
    if overview["first_day"]:
        days = f", published from {day(overview['first_day'])} to {day(overview['last_day'])}"
    return (
        f"This speaks of {count(overview['articles'], 'article')} of "
        f"{count(overview['outlets_with_articles'], 'outlet')}{days}, in {languages(overview['languages'])}; "
        f"{count(overview['outlets_refusing'], 'outlet')} refused {count(overview['refused'], 'page')}, and "
        f"{count(overview['not_observable'], 'article')} could not be judged. An account quoted only to be "
        f"rebutted counts as given. The coding is a program's, which errs."
    )


def languages(codes: Sequence[str]) -> str:
    """Languages by name: "Arabic, English and French"."""
    *names, last = sorted(str(_LANGUAGES.get(code, code)) for code in codes) or ["no language"]
    return f"{', '.join(names)} and {last}" if names else last


def _outcome(rows: Sequence[dict[str, Any]], names: dict[str, str]) -> str:
    outcomes = {row["verdict"] for row in rows}
    if len(outcomes) == 1:
        return _OUTCOMES[outcomes.pop()]
    return " and ".join(f"{_OUTCOMES[row['verdict']]} for {names[row['neglected']]}" for row in rows)


def sentence(row: dict[str, Any], names: dict[str, str]) -> str:
    """One row of `seed_claim` as a sentence."""
    favoured, neglected = names[row["favoured"]], names[row["neglected"]]
    articles = count(row["articles"], f"{BLOCS.get(row['bloc'], row['bloc'])} article")
    return (
        f"Of {articles} that could have given both accounts, "
        f"{row['both_given'] + row['favoured_only']} gave {favoured}'s "
        f"({span(row['favoured_share'], row['favoured_low'], row['favoured_high'])}) and "
        f"{row['both_given'] + row['neglected_only']} gave {neglected}'s "
        f"({span(row['neglected_share'], row['neglected_low'], row['neglected_high'])}): "
        f"a difference of {points(row['difference'])} percentage points "
        f"(95% interval {points(row['difference_low'])} to {points(row['difference_high'])})."
    )


def count(number: int, noun: str) -> str:
    """A number with its noun: "1 article", "2 articles"."""
    return f"{number:,} {noun}" + ("" if number == 1 else "s")


def day(value: date) -> str:
    """A day as newspapers write it: "22 April 2022"."""
    return f"{value.day} {value:%B %Y}"


def percent(share: float | None) -> str:
    """A share of 1 as a percentage; a dash where there is none."""
    return "–" if share is None else f"{share * 100:.0f}%"


def span(share: float | None, low: float | None, high: float | None) -> str:
    """A share with its 95 % interval."""
    if share is None or low is None or high is None:
        return "–"
    return f"{percent(share)}, 95% interval {low * 100:.0f} to {percent(high)}"


def points(difference: float) -> str:
    """A difference of shares in percentage points, with its sign."""
    rounded = round(difference * 100)
    return f"{rounded:+d}".replace("-", "−") if rounded else "0"
