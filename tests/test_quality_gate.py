"""The coder does as well on the coded articles as it ever did."""

import pytest

from tests.gold.gate import digests, measured, read_floors, worse

REPAIR = "`python -m tests.gold.raise_floors`"
LOWER = '`python -m tests.gold.raise_floors --lower --reason "…"`'


@pytest.fixture(scope="module")
def figures() -> dict[str, float]:
    """The figures now."""
    return measured()


def test_floors_belong_to_these_files() -> None:
    """The floors were measured on this dev.jsonl and with this claims.toml."""
    floors = read_floors()
    changed = [name for name, digest in digests().items() if floors[name] != digest]
    assert changed == [], f"changed since the floors were measured; run {REPAIR} and commit floors.toml"


def test_no_figure_is_under_its_floor(figures: dict[str, float]) -> None:
    """Every figure holds, and no side is found better than another by more than is allowed."""
    failed = worse(figures, read_floors()["floors"])
    assert failed == {}, f"(measured, floor); mend the coding, or, if it is right so, {LOWER}"


def test_every_figure_has_a_floor(figures: dict[str, float]) -> None:
    """No floor was taken out of the file by hand."""
    assert set(figures) == set(read_floors()["floors"]), f"run {REPAIR}"


def test_a_worse_figure_is_noticed() -> None:
    """A floor holds from below, a gap from above."""
    floors = {"sides_f1": 0.9, "gap_recall": 0.06}
    assert worse({"sides_f1": 0.9, "gap_recall": 0.06}, floors) == {}
    assert worse({"sides_f1": 0.899, "gap_recall": 0.061}, floors) == {
        "sides_f1": (0.899, 0.9),
        "gap_recall": (0.061, 0.06),
    }
    assert set(worse({}, floors)) == {"sides_f1", "gap_recall"}
