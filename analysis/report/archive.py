"""Writes archive.zip, the one file that is published with a finding: all that its figures can be checked by.

No article's text is in it but the sentences that are evidence.
"""

import hashlib
import json
import zipfile
from collections.abc import Iterable, Iterator, Sequence
from io import StringIO
from pathlib import Path

from gossi.analysis.measuring.query import query, write_csv
from gossi.crawler.errors import StoreError
from gossi.crawler.study.sources import StudyFolder
from gossi.crawler.version import code_version

TABLES = {
    "estimates": "SELECT * FROM estimates ORDER BY ALL",
    "statement": "SELECT * FROM statement ORDER BY ALL",
    "agreement": "FROM agreement",
    "draws": "FROM draws",
    "coder_codings": "SELECT * FROM coder_codings ORDER BY ALL",
    "versions": "SELECT version_id, article_id, digest, capture_id FROM versions ORDER BY ALL",
    "captures": "SELECT * FROM captures ORDER BY ALL",
    "collection": "SELECT * FROM collection ORDER BY ALL",
    "runs": "SELECT * FROM runs ORDER BY ALL",
}
"""What readers of the finding need beside the report's own files: name → query."""

_FOR_A_MACHINE = """\
cff-version: 1.2.0
type: dataset
message: "Cite this archive with the figures that you take from it."
title: {title}
authors:
  - name: {contact}
version: {version}
"""


def write_archive(study: StudyFolder, report: Sequence[Path], out_dir: Path) -> Path:
    """Write archive.zip into `out_dir`. The same study and database give the same bytes.

    In it: `study/` (sources, codebook, lexicon, fit, draws with their seeds, codings), `report/`, `tables/`,
    how to cite it, `archive.json` with versions and digests, and SHA256SUMS for `sha256sum -c`.

    Args:
        study: the study.
        report: the files of its report.
        out_dir: where to write; it is there.

    Raises:
        StoreError: nothing is published yet, or the folder can't be written.
    """
    members = dict(_members(study, report))
    sums = "".join(f"{hashlib.sha256(members[name]).hexdigest()}  {name}\n" for name in sorted(members))
    members["SHA256SUMS"] = sums.encode()
    file, building = out_dir / "archive.zip", out_dir / "archive.zip.building"
    try:
        with zipfile.ZipFile(building, "w") as archive:
            for name in sorted(members):
                # Times and rights are those of the machine, and say nothing of the finding.
                entry = zipfile.ZipInfo(name, (1980, 1, 1, 0, 0, 0))
                entry.external_attr = 0o644 << 16
                archive.writestr(entry, members[name], zipfile.ZIP_DEFLATED)
        return building.replace(file)
    except OSError as error:
        raise StoreError(
            f"cannot write {file}: {error.strerror}; make room or name another folder with --out DIR"
        ) from error


def _members(study: StudyFolder, report: Iterable[Path]) -> Iterator[tuple[str, bytes]]:
    for file in _study_files(study.root):
        yield f"study/{file.relative_to(study.root).as_posix()}", file.read_bytes()
    for file in report:
        yield f"report/{file.name}", file.read_bytes()
    for name, statement in TABLES.items():
        text = StringIO(newline="")
        write_csv(*query(study.published_file, statement), text)
        yield f"tables/{name}.csv", text.getvalue().encode()
    yield "CITATION.cff", _citation(study)
    yield "archive.json", _about(study)


def _study_files(root: Path) -> list[Path]:
    named = [root / name for name in ("sources.toml", "claims.toml", "coder.json")]
    found = [*named, *(root / "lexicon").rglob("*"), *(root / "coded").rglob("*")]
    return [file for file in found if file.is_file() and not file.name.startswith(".")]


def _citation(study: StudyFolder) -> bytes:
    own = study.root / "CITATION.cff"
    if own.is_file():
        return own.read_bytes()
    about = study.sources().study
    quoted = {"title": about.name, "contact": about.contact, "version": code_version()}
    return _FOR_A_MACHINE.format(**{key: json.dumps(word) for key, word in quoted.items()}).encode()


def _about(study: StudyFolder) -> bytes:
    columns, rows = query(
        study.published_file,
        "SELECT code_version, sources_digest, claims_digest FROM runs ORDER BY run_id DESC LIMIT 1",
    )
    draws = query(
        study.published_file,
        "SELECT DISTINCT draw, drawn_at::VARCHAR, seed, frame_digest FROM draws ORDER BY draw",
    )
    about = {
        "study": study.sources().study.name,
        "written_by": f"gossi-coverage {code_version()}",
        "last_run": dict(zip(columns, rows[0], strict=True)) if rows else None,
        "draws": [dict(zip(draws[0], row, strict=True)) for row in draws[1]],
    }
    return (json.dumps(about, ensure_ascii=False, indent=1) + "\n").encode()
