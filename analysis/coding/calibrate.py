"""Measures how often a coder agrees with each frame: `python -m analysis.coding.calibrate CLAIMS CODED…`.

A mention's score is the chance that a coder agrees. It comes from its frame's `agreement`: of the articles in
which the frame found its claim, the share that a person codes so too, by Laplace's rule of succession
((agreed + 1) / (found + 2)), so that a frame that was rarely met is trusted little.
"""

import re
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from pathlib import Path
from typing import Any

import click

from analysis.alignment.align import Aligner
from analysis.codebook import load_codebook
from crawler.articles import read_lines

_CLAIM = re.compile(r'^id = "(?P<id>[^"]+)"')
_NAME = re.compile(r'^name = "(?P<name>[^"]+)"')

# No frame is certain.
_MOST = 0.99

FrameName = tuple[str, str]
"""A claim's id and the name of one of its frames."""


@click.command()
@click.argument("claims", type=click.Path(exists=True, dir_okay=False, path_type=Path))
@click.argument(
    "coded", nargs=-1, required=True, type=click.Path(exists=True, dir_okay=False, path_type=Path)
)
def main(claims: Path, coded: tuple[Path, ...]) -> None:
    """Measure every frame of CLAIMS on the CODED articles and write its agreement into the file."""
    records = (line.record for file in coded for line in read_lines(file))
    met = list(cases(Aligner(load_codebook(claims)), records))
    shares = agreements(met)
    claims.write_text(
        "".join(with_agreements(claims.read_text(encoding="utf-8").splitlines(keepends=True), shares)),
        encoding="utf-8",
    )
    for (claim, name), share in sorted(shares.items(), key=lambda item: item[1]):
        agrees = [agreed for frame, agreed in met if frame == (claim, name)]
        click.echo(f"{share:.2f}  {sum(agrees):4d} of {len(agrees):4d}  {claim}: {name}")


def cases(aligner: Aligner, records: Iterable[Mapping[str, Any]]) -> Iterator[tuple[FrameName, bool]]:
    """For each coded article in which a frame found its claim: whether a person codes it so."""
    for record in records:
        for frame in sorted(aligner.frames_found(str(record["headline"]), record["text"])):
            if frame[0] not in record.get("contested", ()):
                yield frame, frame[0] in record["labels"]


def agreements(met: Iterable[tuple[FrameName, bool]]) -> dict[FrameName, float]:
    """The agreement of each frame that was met at all."""
    found, agreed = Counter[FrameName](), Counter[FrameName]()
    for frame, agrees in met:
        found[frame] += 1
        agreed[frame] += agrees
    return {frame: min((agreed[frame] + 1) / (count + 2), _MOST) for frame, count in found.items()}


def with_agreements(lines: Iterable[str], shares: Mapping[FrameName, float]) -> Iterator[str]:
    """The lines of claims.toml with each frame's agreement behind its name; others keep theirs."""
    claim, name, in_frame = "", "", False
    for line in lines:
        if line.startswith("["):
            in_frame = line.strip() == "[[claim.frame]]"
            name = ""
        if line.startswith("agreement = ") and (claim, name) in shares:
            continue
        yield line
        if found := _CLAIM.match(line):
            claim = found["id"]
        if in_frame and (found := _NAME.match(line)):
            name = found["name"]
            if (claim, name) in shares:
                yield f"agreement = {shares[claim, name]:.2f}\n"


if __name__ == "__main__":
    main()
