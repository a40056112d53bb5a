"""The coder's measured errors, by which the report corrects its shares: quality.toml beside this module.

`python -m analysis.coding.quality CODED.jsonl` measures them anew, with the repository's claims.toml. They
hold for that codebook alone: where a study has another one, nothing is corrected.
"""

import hashlib
import sys
import tomllib
from collections import Counter
from collections.abc import Iterable
from pathlib import Path

from analysis.codebook import Codebook, load_codebook
from analysis.coding.comparison import Judged, compare_file
from crawler.errors import GossiError

QUALITY_FILE = Path(__file__).with_name("quality.toml")
CLAIMS_FILE = Path(__file__).parents[2] / "claims.toml"

_HEAD = """\
# How well the coder does on hand-coded articles on the topic: per language, for each side ("any of its claims
# is included") and claim, in how many articles a person and the program have it, only the program, only the
# person, neither. Made by python -m analysis.coding.quality tests/gold/dev.jsonl; it holds for the
# claims.toml of this digest only.
"""

Row = tuple[str, str, int, int, int, int, int]


def quality_rows(codebook_digest: str, file: Path = QUALITY_FILE) -> list[Row]:
    """Rows of the table coder_quality; none where the errors were measured with another codebook.

    claim or side, language, coded articles on the topic, true positive, false positive, false negative, true
    negative.
    """
    if not file.exists():
        return []
    measured = tomllib.loads(file.read_text(encoding="utf-8"))
    if measured["claims_digest"] != codebook_digest:
        return []
    return [
        (unit, language, sum(counts), *counts)
        for language, units in measured["language"].items()
        for unit, counts in units.items()
    ]


def measure(coded: Path, codebook: Codebook) -> str:
    """The text of quality.toml for these coded articles and this codebook.

    Raises:
        InputError: the file cannot be read, or a line is no coded article.
    """
    lines = [
        _HEAD,
        f'claims_digest = "{codebook.digest}"',
        f'coded_digest = "{hashlib.sha256(coded.read_bytes()).hexdigest()}"',
    ]
    counts = _counts(compare_file(coded, codebook))
    order = [*(side.id for side in codebook.sides), *(claim.id for claim in codebook.claims)]
    for language in sorted({language for language, _, _ in counts}):
        lines.append(f"\n[language.{language}]")
        for unit in order:
            cells = [
                counts[language, unit, decision]
                for decision in ((True, True), (False, True), (True, False), (False, False))
            ]
            if any(cells):
                lines.append(f'"{unit}" = {cells}')
    return "\n".join(lines) + "\n"


def _counts(judged: Iterable[Judged]) -> Counter[tuple[str, str, tuple[bool, bool]]]:
    counts: Counter[tuple[str, str, tuple[bool, bool]]] = Counter()
    for article in judged:
        # Only articles on the topic have cells, so only their errors bend a share.
        if article.on_topic[0]:
            counts.update(
                (article.language, unit, decision)
                for unit, decision in [*article.sides.items(), *article.claims.items()]
            )
    return counts


def main(words: list[str]) -> int:
    """Measure on the coded articles of a file and write quality.toml; the exit code."""
    if len(words) != 1:
        print("usage: python -m analysis.coding.quality CODED.jsonl", file=sys.stderr)  # noqa: T201
        return 1
    try:
        text = measure(Path(words[0]), load_codebook(CLAIMS_FILE))
    except GossiError as error:
        print(error, file=sys.stderr)  # noqa: T201
        return error.exit_code
    QUALITY_FILE.write_text(text, encoding="utf-8")
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
