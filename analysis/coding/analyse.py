"""Codes the versions in the store that the current codebook has not coded, and says what that changed."""

from collections import defaultdict
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from itertools import islice
from pathlib import Path

from gossi.analysis.alignment.model import HEADLINE, Coding
from gossi.analysis.codebook import Codebook
from gossi.analysis.coding.coder import Article, code_articles
from gossi.analysis.findable import unfindable
from gossi.crawler.store.store import Store

_HERE = Path(__file__).parent
_SCHEMA, _UNCODED, _PREVIOUS, _CHANGES, _REDATED = (
    (_HERE / f"{name}.sql").read_text(encoding="utf-8")
    for name in ("schema", "uncoded", "previous", "changes", "redated")
)
_MACROS = (_HERE.parent / "measuring" / "macros.sql").read_text(encoding="utf-8")

_PAGE = 2000
"""Rows of `version` read at once: some 8 MB of texts of 4 KB."""

_BATCH = 500
"""Versions written in one transaction: what a killed run loses at most."""

_LEAD = 2
"""Sentences of a text that are its lead, as design.md and the report count them."""

_TOPIC = "topic"
_NOTHING = "not included"

Versions = Mapping[str, Mapping[str, str]]
"""A version's id → unit ("topic" or a claim) → how it was coded."""


@dataclass(frozen=True)
class Change:
    """A claim, or the topic, that came out otherwise: in how many articles, and some of them."""

    unit: str
    before: str
    after: str
    articles: int
    examples: list[str]


@dataclass(frozen=True)
class AnalyseResult:
    """What an analysis did. `changes` compares with the codebook before, empty where it is the same.

    `study_changes` has a line for each edit of sources.toml that changes figures.
    """

    coded: int
    recoded: int
    changes: list[Change] = field(default_factory=list)
    study_changes: list[str] = field(default_factory=list)

    def __str__(self) -> str:
        if not self.coded and not self.recoded:
            return "analyse: nothing new to code under this codebook"
        counts = [f"{_count(self.coded, 'text')} coded"] if self.coded else []
        if self.recoded:
            again = _count(self.recoded, "text")
            counts.append(f"{again} coded again, since the codebook or its fit has changed")
        lines = [f"analyse: {', '.join(counts)}"]
        if self.recoded:
            cells = sum(change.articles for change in self.changes if change.unit != _TOPIC)
            lines.append(f"{_count(cells, 'cell')} (article × claim) changed")
        lines += [
            f"  {change.unit}: {change.before} → {change.after}: {_count(change.articles, 'article')}: "
            + ", ".join([*change.examples, *["…"][: change.articles - len(change.examples)]])
            for change in self.changes
        ]
        return "\n".join(lines)


def _count(number: int, noun: str) -> str:
    return f"{number:,} {noun}" + ("" if number == 1 else "s")


def analyse(
    store: Store,
    codebook: Codebook,
    run_id: int,
    workers: int | None = None,
    on_progress: Callable[[int, int], None] = lambda done, total: None,
) -> AnalyseResult:
    """Code every version that is not coded under `codebook` yet.

    What is written is written in batches: after a crash the next analysis goes on where this one was.

    Args:
        store: open for writing.
        codebook: a changed one has all versions coded again.
        run_id: the run that does it.
        workers: processes; by default one a core where there are many versions.
        on_progress: called after each batch with the number of versions coded, and to code in all.

    Raises:
        GossiError: the workers were lost.
    """
    store.con.execute(_SCHEMA)
    with _transaction(store):
        _write_codebook(store, codebook)
    total, coded, recoded = _waiting(store, codebook.version), 0, 0
    codings = code_articles(_uncoded(store, codebook.version), codebook, workers)
    while batch := dict(islice(codings, _BATCH)):
        with _transaction(store):
            again = _write(store, batch, codebook.version, run_id)
        recoded += again
        coded += len(batch) - again
        on_progress(coded + recoded, total)
    return AnalyseResult(coded, recoded, _changes(store, codebook.version) if recoded else [])


@contextmanager
def _transaction(store: Store) -> Iterator[None]:
    """What is written within lands together, or not at all."""
    store.con.execute("BEGIN")
    try:
        yield
    except BaseException:
        store.con.execute("ROLLBACK")
        raise
    store.con.execute("COMMIT")


def _write_codebook(store: Store, codebook: Codebook) -> None:
    """Make sides, claims and statement those of the codebook; forget the changes that others made.

    A claim's new date changes cells without any coding: they are noted here, as the old date goes.
    """
    store.con.execute(_MACROS)
    store.con.execute("CREATE OR REPLACE TEMP TABLE dated AS FROM claim")
    for table in ("side", "claim", "unfindable", "statement", "statement_claim", "coder_quality"):
        store.con.execute(f"DELETE FROM {table}")  # noqa: S608 - our own names
    store.con.execute("DELETE FROM recoding WHERE codebook_digest <> ?", [codebook.version])
    store.append("side", [(side.id, side.name, number) for number, side in enumerate(codebook.sides, 1)])
    store.append(
        "claim",
        [
            (
                claim.id,
                claim.side,
                claim.paragraph,
                claim.public_since_utc,
                claim.public_precision,
                claim.statement,
                claim.source,
                number,
            )
            for number, claim in enumerate(codebook.claims, 1)
        ],
    )
    store.append("unfindable", [(gap.claim, gap.language) for gap in unfindable(codebook)])
    if codebook.fit and codebook.fit.codebook == codebook.digest:
        quality = codebook.fit.quality
        store.append(
            "coder_quality",
            [
                (claim, of.coded, of.people, of.both / max(of.people, 1), of.both / max(of.program, 1))
                for claim, of in quality.items()
            ],
        )
    store.con.execute(_REDATED, {"digest": codebook.version})
    if codebook.statement:
        statement = codebook.statement
        store.append("statement", [(statement.text, statement.bloc, statement.favoured)])
        store.append("statement_claim", statement.claim_rows())


def _waiting(store: Store, digest: str) -> int:
    """How many versions there are to code."""
    row = store.con.execute(
        "SELECT (SELECT count(*) FROM version) - count(*) FROM version_coding WHERE codebook_digest = ?",
        [digest],
    ).fetchone()
    assert row is not None  # noqa: S101 - an aggregate always has a row
    return int(row[0])


def _uncoded(store: Store, digest: str) -> Iterator[Article[str]]:
    """The versions to code, in the order of the table; `item` is the version's id."""
    row = store.con.execute("SELECT coalesce(max(rowid) + 1, 0) FROM version").fetchone()
    assert row is not None  # noqa: S101 - an aggregate always has a row
    for first in range(0, row[0], _PAGE):
        page = {"first": first, "last": first + _PAGE, "digest": digest}
        for version_id, headline, text, language in store.con.execute(_UNCODED, page).fetchall():
            yield Article(version_id, headline, text, "" if language == "und" else language)


def _write(store: Store, batch: Mapping[str, Coding], digest: str, run_id: int) -> int:
    """Put codings in the place of those that the versions had; how many had one."""
    before = _previous(store, list(batch))
    if before:
        for table in ("version_coding", "claim_coding", "mention"):
            store.con.execute(
                f"DELETE FROM {table} WHERE version_id IN (SELECT unnest(?::VARCHAR[]))",  # noqa: S608 - our own names
                [list(before)],
            )
        store.append("recoding", _differences(before, batch, digest))
    store.append(
        "version_coding",
        [
            (version, digest, _counts_as_on_topic(coding), coding.language, coding.codable, run_id)
            for version, coding in batch.items()
        ],
    )
    store.append(
        "claim_coding",
        [
            (version, claim, coded.stance, coded.score, coded.probability)
            for version, coding in batch.items()
            for claim, coded in coding.claims.items()
        ],
    )
    store.append(
        "mention", [row for version, coding in batch.items() for row in _mention_rows(version, coding)]
    )
    return len(before)


def _counts_as_on_topic(coding: Coding) -> bool:
    """A text that nobody can read here is only known to name the topic: it shows, as not observable."""
    return coding.on_topic or not coding.codable


def _topic(coding: Coding) -> str:
    if not coding.codable:
        return "no wordings"
    return "on topic" if coding.on_topic else "off topic"


def _mention_rows(version: str, coding: Coding) -> Iterator[tuple[object, ...]]:
    for mention in coding.mentions:
        sentence = mention.sentence
        yield (
            version,
            mention.claim_id,
            sentence.number,
            "headline" if sentence.number == HEADLINE else "lead" if sentence.number < _LEAD else "body",
            sentence.text,
            sentence.start,
            sentence.end,
            mention.matched,
            mention.score,
            mention.stance,
            mention.confirmed,
            mention.probability,
        )


def _previous(store: Store, versions: list[str]) -> Versions:
    found: dict[str, dict[str, str]] = defaultdict(dict)
    for version, topic, claim, stance in store.con.execute(_PREVIOUS, {"versions": versions}).fetchall():
        found[version][_TOPIC] = topic
        if claim is not None:
            found[version][claim] = stance
    return found


def _differences(before: Versions, batch: Mapping[str, Coding], digest: str) -> list[tuple[str, ...]]:
    rows: list[tuple[str, ...]] = []
    for version, old in before.items():
        coding = batch[version]
        new = {claim: str(coded.stance) for claim, coded in coding.claims.items()}
        new[_TOPIC] = _topic(coding)
        rows += [
            (digest, version, unit, old.get(unit, _NOTHING), new.get(unit, _NOTHING))
            for unit in sorted({*old, *new})
            if old.get(unit) != new.get(unit)
        ]
    return rows


def _changes(store: Store, digest: str) -> list[Change]:
    rows = store.con.execute(_CHANGES, {"digest": digest}).fetchall()
    return [Change(*row) for row in rows]
