"""Compares the program's codings with a person's, article by article."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from gossi.analysis.codebook import Codebook
from gossi.analysis.coding.jsonl import Record, code_lines
from gossi.analysis.coding.record import read_record, record_line
from gossi.crawler.errors import InputError
from gossi.crawler.imports.articles import Line, read_lines

Decision = tuple[bool, bool]
"""What the person and what the program decided."""

STANCES = ("asserted", "attributed", "disputed")


@dataclass(frozen=True)
class Judged:
    """An article as a person and the program coded it, without the claims on which people differed.

    Attributes:
        language: of the article, as the person has it.
        group: the same for articles that print one text.
        claims: for each claim of the codebook, whether it is included.
        sides: for each side, whether any of its claims is.
        stances: of the claims that both include, the stance each gave.
        evidence: for each of these, whether they share a sentence.
        likely: of each claim to which the program gives a probability, that and whether the person has it.
    """

    language: str
    group: str
    on_topic: Decision
    claims: Mapping[str, Decision]
    sides: Mapping[str, Decision]
    stances: list[tuple[str, str]] = field(default_factory=list)
    evidence: list[bool] = field(default_factory=list)
    likely: list[tuple[float, bool]] = field(default_factory=list)


def compare_file(coded: Path, codebook: Codebook) -> Iterator[Judged]:
    """Code the articles of a file and compare with the labels that they bear.

    The line of a coded article has, beside what `gossi align` reads, `on_topic` and `labels` as `gossi align`
    writes them, and may have `contested`: claims on which people differ, which are left out.

    Raises:
        InputError: at the first line that is no coded article; after the last, if there was none.
    """
    known = {claim.id for claim in codebook.claims}
    empty = True
    for record, coding in code_lines(checked(read_lines(coded), known), codebook):
        empty = False
        yield judge(record, record_line(record, coding), codebook)
    if empty:
        raise InputError(f"{coded}: no coded article in it; give a file with one a line")


def judge_record(files: Sequence[Path], record: Path, codebook: Codebook) -> list[Judged]:
    """Compare what files of coded articles bear with the record of their codings out of fold.

    Raises:
        InputError: a file is wrong, there is no record, or it lacks an article.
    """
    known = {claim.id for claim in codebook.claims}
    programs = read_record(record)
    judged = []
    for file in files:
        for line in checked(read_lines(file), known):
            program = programs.get(str(line.record["id"]))
            if program is None:
                raise InputError(f"{record}: lacks {line.record['id']!r} of {file}; run gossi learn")
            judged.append(judge(line.record, program, codebook))
    return judged


def judge(record: Record, program: Record, codebook: Codebook) -> Judged:
    """Compare a person's coding of an article with the program's, a line as the record has it."""
    labels, theirs = record["labels"], program["labels"]
    contested = set(record.get("contested", ()))
    claims = {
        claim.id: (claim.id in labels, claim.id in theirs)
        for claim in codebook.claims
        if claim.id not in contested
    }
    side_of = {claim.id: claim.side for claim in codebook.claims}
    both = [claim for claim, decision in claims.items() if decision == (True, True)]
    return Judged(
        language=str(record.get("language", "und")),
        group=str(record.get("wire_group") or f"id:{record['id']}"),
        on_topic=(bool(record["on_topic"]), bool(program["on_topic"])),
        claims=claims,
        sides={
            side.id: (
                any(person for claim, (person, _) in claims.items() if side_of[claim] == side.id),
                any(found for claim, (_, found) in claims.items() if side_of[claim] == side.id),
            )
            for side in codebook.sides
        },
        stances=[(labels[claim]["stance"], theirs[claim]["stance"]) for claim in both],
        evidence=[
            not set(labels[claim]["sentences"]).isdisjoint(theirs[claim]["sentences"]) for claim in both
        ],
        likely=[
            (likely, claims[claim][0])
            for claim, likely in program["probabilities"].items()
            if claim in claims
        ],
    )


def checked(lines: Iterable[Line], known: set[str]) -> Iterator[Line]:
    """The lines, each a coded article with claims that are known.

    Raises:
        InputError: at the first that is not.
    """
    for line in lines:
        labels = line.record.get("labels")
        if not isinstance(labels, dict) or not isinstance(line.record.get("on_topic"), bool):
            raise InputError(
                f"{line.place}: no coded article: on_topic (true or false) and labels (an object) are needed"
                "; code it by hand, or leave it out"
            )
        for claim, label in labels.items():
            if claim not in known:
                raise InputError(
                    f"{line.place}: claim {claim!r} is not in claims.toml; correct the one or the other"
                )
            if not _is_label(label):
                raise InputError(
                    f"{line.place}: the label of {claim} needs a stance ({', '.join(STANCES)}) and sentences "
                    "(a list of numbers)"
                )
        if not _is_list_of_words(line.record.get("contested", [])):
            raise InputError(f"{line.place}: contested must be a list of claims")
        yield line


def _is_label(label: object) -> bool:
    return (
        isinstance(label, dict)
        and label.get("stance") in STANCES
        and isinstance(label.get("sentences"), list)
        and all(isinstance(number, int) for number in label["sentences"])
    )


def _is_list_of_words(value: object) -> bool:
    return isinstance(value, list) and all(isinstance(word, str) for word in value)
