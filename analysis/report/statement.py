"""Words what was found, so that a newspaper could print it: the answer, and the test of the statement."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from gossi.analysis.report.words import FEW, Words

Row = Mapping[str, Any]


@dataclass(frozen=True)
class Verdict:
    """The outcome, in a sentence, how sure it is, and sentences with the counts behind it."""

    verdict: str
    outcome: str
    certainty: str
    sentences: list[str]


def answer(rows: Sequence[Row], words: Words, outlets: str = "") -> str:
    """Whose account was given how often, in a sentence or two.

    Args:
        rows: a bloc's, or all outlets', with a row a side and its `side_name`.
        words: of the report.
        outlets: what a sentence calls the outlets, empty for all.
    """
    told = [row for row in rows if row["eligible"]]
    if not told:
        return ""
    shares: list[str] = []
    for row in told:
        estimated = row["share_corrected"] is not None
        kinds = (
            ("share_corrected", "corrected_low", "corrected_high")
            if estimated
            else ("share_included", "ci_low", "ci_high")
        )
        if estimated or row["eligible"] >= FEW:
            percent = words.about(*(row[kind] for kind in kinds))
        else:
            percent = words.say("blocs.count", included=row["included"], eligible=row["eligible"])
        key = "answer.share_more" if shares else "answer.share"
        shares.append(words.say(key, percent=percent, own=words.own(row["side_name"])))
    key = "answer.figures" if outlets else "answer.figures_all"
    return f"{words.say(key, outlets=outlets, shares=words.listed(shares))} {_readers(told, words)}"


def _readers(rows: Sequence[Row], words: Words) -> str:
    estimated = [row for row in rows if row["share_corrected"] is not None]
    if len(estimated) < len(rows):
        return words.say("answer.read_part" if estimated else "answer.read_none")
    most = max(rows, key=lambda row: row["eligible"])
    if most["reviewed"] >= most["eligible"]:
        return words.say("answer.read_all")
    articles = words.count(most["eligible"], "article")
    return words.say("answer.read_some", reviewed=most["reviewed"], articles=articles)


def verdict(rows: Sequence[Row], names: Mapping[str, str], words: Words) -> Verdict:
    """Sum up the rows of the view `statement` for the bloc that the statement is about.

    Args:
        rows: all rows of the view, in its order, as `gossi.analysis.report.data.tested` has them.
        names: a side's id to its name.
        words: of the report.
    """
    meant = [row for row in rows if row["meant"]]
    if not meant:
        outcome = words.say("test.outcome", outcome=words["outcomes"]["undecided"])
        return Verdict("undecided", outcome, "", [words.say("test.none")])
    first = [row for row in meant if row["reading"] == meant[0]["reading"]]
    sentences = [sentence(row, names, words) for row in first if row["part"] != "whole"]
    sentences += [told for row in first if row["part"] == "whole" and (told := _why(row, names, words))]
    sentences += _placebo(rows, first, names, words)
    for reading in dict.fromkeys(row["reading"] for row in meant if row["reading"] != first[0]["reading"]):
        others = [row for row in meant if row["reading"] == reading]
        sentences.append(
            words.say("test.reading", name=others[0]["name"], outcome=_outcome(others, names, words))
        )
    outcome = words.say("test.outcome", outcome=_outcome(first, names, words))
    return Verdict(_verdict(first), outcome, _certainty(first, words), sentences)


def _verdict(rows: Sequence[Row]) -> str:
    """The verdict on the whole, that of most doubt where sides differ."""
    found = {row["verdict"] for row in rows if row["part"] == "whole"}
    return next(name for name in ("undecided", "partly", "contradicted", "borne out") if name in found)


def _certainty(rows: Sequence[Row], words: Words) -> str:
    if _verdict(rows) != "undecided":
        return words.say("answer.sure")
    reasons = [str(row["reason"]) for row in rows if row["part"] != "whole" and row["reason"]]
    plain = dict.fromkeys(
        told for reason in reasons for begin, told in words["open"].items() if reason.startswith(begin)
    )
    return words.say("answer.unsure", reason=words.listed([*plain])) if plain else ""


def _why(row: Row, names: Mapping[str, str], words: Words) -> str:
    if not row["reason"]:
        return ""
    told = words.say("test.why", side=names[row["neglected"]], verdict=row["verdict"], reason=row["reason"])
    decide = f" {words.say('test.decide', what=row['would_decide'])}" if row["would_decide"] else ""
    return told + decide


def _placebo(rows: Sequence[Row], first: Sequence[Row], names: Mapping[str, str], words: Words) -> list[str]:
    """Where a part holds of the neglected side's own outlets too, it says nothing of the bloc meant."""
    held = {(row["neglected"], row["part"]) for row in first if row["verdict"] == "borne out"}
    return [
        words.say("test.placebo", part=row["part"].capitalize(), own=words.own(names[row["neglected"]]))
        for row in rows
        if row["placebo"]
        and row["reading"] == first[0]["reading"]
        and row["verdict"] == "borne out"
        and (row["neglected"], row["part"]) in held
        and row["part"] != "whole"
    ]


def caveats(overview: Row, words: Words) -> str:
    """On what the verdict rests, and on what it doesn't, in a sentence; for `overview` see its query."""
    days = ""
    if overview["first_day"]:
        first, last = words.day(overview["first_day"]), words.day(overview["last_day"])
        days = words.say("test.published", first=first, last=last)
    return words.say(
        "test.caveats",
        articles=words.count(overview["articles"], "article"),
        outlets=words.count(overview["outlets_with_articles"], "outlet"),
        published=days,
        languages=words.languages(overview["languages"]),
        refusing=words.count(overview["outlets_refusing"], "outlet"),
        pages=words.count(overview["refused"], "page"),
        unseen=words.count(overview["not_observable"], "article"),
    )


def unsearched(rows: Sequence[Row], words: Words) -> str:
    """Which services could not be searched in full, in a sentence; empty where all could."""
    if not rows:
        return ""
    services = [
        words.say(
            "services.in_places",
            service=words["services"].get(row["kind"], row["kind"]),
            places=words.count(row["places"], "place"),
        )
        for row in rows
    ]
    return words.say("answer.unsearched", services=words.listed(services))


def _outcome(rows: Sequence[Row], names: Mapping[str, str], words: Words) -> str:
    whole = [row for row in rows if row["part"] == "whole"]
    outcomes = {row["verdict"] for row in whole}
    if len(outcomes) == 1:
        return str(words["outcomes"][outcomes.pop()])
    return words.listed(
        [
            words.say(
                "test.for_side", outcome=words["outcomes"][row["verdict"]], side=names[row["neglected"]]
            )
            for row in whole
        ]
    )


def sentence(row: Row, names: Mapping[str, str], words: Words) -> str:
    """A part of the statement for one neglected side as a sentence."""
    shares = {
        f"{role}_share": words.span(row[f"{role}_share"], row[f"{role}_low"], row[f"{role}_high"])
        for role in ("favoured", "neglected")
    }
    return words.say(
        "test.left_out" if row["part"] == "left out" else "test.credence",
        kind=words.say("test.estimated" if row["estimated"] else "test.raw"),
        articles=words.count(row["articles"], "article"),
        outlets=row["bloc_outlets"],
        favoured=words.own(names[row["favoured"]]),
        neglected=words.own(names[row["neglected"]]),
        difference=_difference(row, words),
        **shares,
    )


def _difference(row: Row, words: Words) -> str:
    if row["difference_low"] is None:
        return ""
    told = {"points": "difference", "low": "difference_low", "high": "difference_high"}
    return words.say("test.difference", **{key: words.points(row[column]) for key, column in told.items()})
