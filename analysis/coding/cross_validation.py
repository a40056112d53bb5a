"""Codes each coded article with agreements that were measured without it.

The wordings of claims.toml can't be cross-validated, as they are written by hand; what is measured on coded
articles, the agreement of each frame and so what is confirmed, can. Articles of one outlet or one text stay
together.
"""

import hashlib
import json
from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import replace
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from analysis.alignment.align import Aligner
from analysis.codebook import Codebook
from analysis.coding.calibrate import FrameName, agreements, cases
from analysis.coding.comparison import Judged, compare_file
from crawler.articles import read_lines

FOLDS = 5
"""Parts that the coded articles are split into, each coded by what the others taught: the usual number."""


def cross_validated(coded: Path, codebook: Codebook) -> list[Judged]:
    """Every article of a coded file, coded with agreements measured on the other parts of it.

    Raises:
        InputError: the file cannot be read, or a line is no coded article.
    """
    records = [line.record for line in read_lines(coded)]
    parts = _parts(records)
    found = {
        part: list(cases(Aligner(codebook), (r for r, of in zip(records, parts, strict=True) if of == part)))
        for part in sorted(set(parts))
    }
    judged: list[Judged] = []
    with TemporaryDirectory() as folder:
        for part in found:
            others = [case for other, of_other in found.items() if other != part for case in of_other]
            file = Path(folder) / "part.jsonl"
            file.write_text(
                "".join(
                    json.dumps(r, ensure_ascii=False) + "\n"
                    for r, of in zip(records, parts, strict=True)
                    if of == part
                ),
                encoding="utf-8",
            )
            judged += compare_file(file, _with_agreements(codebook, agreements(others)))
    return judged


def _parts(records: Sequence[Mapping[str, Any]]) -> list[int]:
    """The part of each article: by its outlet, where outlets that share a text count as one."""
    root: dict[str, str] = {}

    def find(name: str) -> str:
        while root.setdefault(name, name) != name:
            name = root[name]
        return name

    for record in records:
        if group := record.get("wire_group"):
            root[find(f"outlet {record.get('outlet')}")] = find(f"text {group}")
    return [
        int(hashlib.sha256(find(f"outlet {record.get('outlet')}").encode()).hexdigest(), 16) % FOLDS
        for record in records
    ]


def _with_agreements(codebook: Codebook, shares: Mapping[FrameName, float]) -> Codebook:
    """The codebook with these agreements; a frame that no article met has the chance of a coin."""
    met: Mapping[FrameName, float] = defaultdict(lambda: 0.5, shares)
    claims = tuple(
        claim.model_copy(
            update={
                "frame": [
                    frame.model_copy(update={"agreement": met[claim.id, frame.name]}) for frame in claim.frame
                ]
            }
        )
        for claim in codebook.claims
    )
    return replace(codebook, claims=claims)
