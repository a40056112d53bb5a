"""analysis/coding/calibrate.py: how often a coder agrees with each frame."""

import json
from pathlib import Path

from click.testing import CliRunner

from analysis.codebook import load_codebook
from analysis.coding.calibrate import main
from tests.small_codebook import write

TOWN = "People of Tinfiction were told about it on the evening of the very same day."
GRAVE = "The men lie in a grave beside the old road, which is closed to all traffic now."
DRONE = "A drone had been seen above the market in the morning, as everybody there knows."


def coded(identity: str, sentence: str, *claims: str, contested: str = "") -> str:
    """A line of a coded article."""
    labels = {claim: {"stance": "attributed", "sentences": [1]} for claim in claims}
    record = {"id": identity, "headline": "News of the day", "text": [TOWN, sentence], "on_topic": True}
    return json.dumps({**record, "labels": labels, "contested": [contested] if contested else []})


def agreements(claims: Path) -> dict[str, float]:
    """The agreement of each frame."""
    return {frame.name: frame.agreement for claim in load_codebook(claims).claims for frame in claim.frame}


def test_agreement_is_the_share_that_a_person_codes_so(tmp_path: Path) -> None:
    """Two of three articles agree: (2 + 1) / (3 + 2); contested ones and frames never met keep out."""
    claims = write(tmp_path)
    before = agreements(claims)
    file = tmp_path / "coded.jsonl"
    lines = [
        coded("a", GRAVE, "north.grave"),
        coded("b", GRAVE, "north.grave"),
        coded("c", GRAVE),
        coded("d", GRAVE, contested="north.grave"),
        coded("e", DRONE),
    ]
    file.write_text("\n".join(lines) + "\n", encoding="utf-8")
    for _ in range(2):  # what it has written it can read, and it writes the same again
        result = CliRunner().invoke(main, [str(claims), str(file)])
        assert result.exit_code == 0
        assert agreements(claims) == {**before, "grave": 0.6, "drone": 0.33}
    assert "0.60     2 of    3  north.grave: grave" in result.output
