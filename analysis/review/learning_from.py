"""What people coded to be learnt from, with its texts; and which articles to code next for that."""

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from gossi.analysis.alignment.align import Aligner
from gossi.analysis.codebook import Codebook
from gossi.analysis.measuring.query import query
from gossi.analysis.review.codings import read_codings
from gossi.analysis.review.texts import read_text
from gossi.crawler.study.sources import StudyFolder

NEXT = 20
"""Articles that are named to be coded next: half an hour's work."""

_LOOKED_AT = 300
"""Articles out of which these are chosen: coding so many takes half a minute."""

_OPEN = (Path(__file__).parent / "open_articles.sql").read_text(encoding="utf-8")


@dataclass(frozen=True)
class Doubt:
    """An article that is worth coding: how far from sure the program is of the cell it is least sure of."""

    article: str
    url: str
    headline: str
    claim: str
    probability: float


def settled_folder(study: StudyFolder) -> Path:
    """Where what was coded to be learnt from stands; they have no texts."""
    return study.training / "settled"


def settled_articles(study: StudyFolder, codebook: Codebook) -> list[dict[str, Any]]:
    """Coded articles as `gossi learn` reads them, by their last coding; claims not asked for stay open.

    What could not be judged, and what is no longer in the database, is left out.

    Raises:
        StoreError: nothing is published yet.
        InputError: a line is no coding.
    """
    last = {
        (coding.id, coding.version): coding
        for coding in sorted(read_codings(settled_folder(study)), key=lambda coding: coding.time)
    }
    known = {claim.id for claim in codebook.claims}
    records = []
    for (article, version), coding in last.items():
        text = None if coding.cannot else read_text(study.published_file, article, version)
        if text:
            labels = {claim: label.model_dump() for claim, label in coding.labels.items() if claim in known}
            records.append(
                {
                    "id": article,
                    "outlet": text.outlet,
                    "language": text.language,
                    "on_topic": coding.on_topic,
                    "headline": text.headline,
                    "text": list(text.sentences),
                    "labels": labels,
                    "contested": sorted(known - set(coding.claims)),
                }
            )
    return records


def next_to_code(study: StudyFolder, codebook: Codebook) -> list[Doubt]:
    """Articles that nobody coded and nobody drew, those first of which the fitted program is least sure."""
    if not study.published_file.exists():
        return []
    coded = {coding.id for coding in read_codings(settled_folder(study))}
    doubts = sorted(_doubts(study, codebook, coded), key=lambda doubt: abs(doubt.probability - 0.5))
    return doubts[:NEXT]


def _doubts(study: StudyFolder, codebook: Codebook, coded: set[str]) -> Iterator[Doubt]:
    aligner = Aligner(codebook)
    open_ones = [row for row in query(study.published_file, _OPEN)[1] if row[0] not in coded]
    for article, url, language, headline, text in open_ones[:_LOOKED_AT]:
        likely = aligner.code(headline, text, language).probabilities
        if likely:
            claim, probability = min(likely.items(), key=lambda item: abs(item[1] - 0.5))
            yield Doubt(article, url, headline, claim, probability)
