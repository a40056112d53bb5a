"""analysis/coding/cross_validation.py: codings with agreements that were measured on other outlets."""

import json
from pathlib import Path

import pytest

from analysis.codebook import Codebook, load_codebook
from analysis.coding.cross_validation import cross_validated
from tests.small_codebook import write

TOWN = "People of Tinfiction were told about it on the evening of the very same day."
GRAVE = "The men lie in a grave beside the old road, which is closed to all traffic now."


@pytest.fixture
def codebook(tmp_path: Path) -> Codebook:
    """The small codebook."""
    return load_codebook(write(tmp_path))


def coded(outlet: str, number: int, *, has_claim: bool, text: str = "") -> str:
    """A line with an article about the grave, in which a person does or does not see the claim."""
    labels = {"north.grave": {"stance": "attributed", "sentences": [1]}} if has_claim else {}
    record = {"id": f"{outlet}-{number}", "outlet": outlet, "lang": "en", "headline": "News of the day"}
    return json.dumps(
        {**record, "text": [TOWN, GRAVE], "on_topic": True, "labels": labels, "wire_group": text}
    )


def decisions(codebook: Codebook, folder: Path, *lines: str) -> list[tuple[bool, bool]]:
    """What the person and the program say of the claim, in each article, sorted."""
    file = folder / "coded.jsonl"
    file.write_text("\n".join(lines) + "\n", encoding="utf-8")
    return sorted(judged.claims["north.grave"] for judged in cross_validated(file, codebook))


def test_an_outlet_is_coded_by_what_the_others_taught(codebook: Codebook, tmp_path: Path) -> None:
    """Where one outlet's articles all have the claim and another's none, each is coded as the other's are."""
    with_it = [coded("morning.example", n, has_claim=True) for n in range(3)]
    without = [coded("evening.example", n, has_claim=False) for n in range(3)]
    expected = [(False, True)] * 3 + [(True, False)] * 3
    assert decisions(codebook, tmp_path, *with_it, *without) == expected


def test_outlets_that_share_a_text_stay_together(codebook: Codebook, tmp_path: Path) -> None:
    """What a shared text taught is not used for its reprint: the third outlet alone teaches both."""
    lines = [
        coded("morning.example", 1, has_claim=True, text="wire"),
        coded("evening.example", 1, has_claim=True, text="wire"),
        coded("evening.example", 2, has_claim=True),
        *(coded("weekly.example", n, has_claim=False) for n in range(3)),
    ]
    assert decisions(codebook, tmp_path, *lines) == [(False, True)] * 3 + [(True, False)] * 3
