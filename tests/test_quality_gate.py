"""The coder does as well on the coded articles as it ever did."""

import tomllib
from datetime import date

import pytest

from analysis.coding.quality import QUALITY_FILE
from tests.gold.gate import digests, measured, read_floors, worse
from tests.gold.raise_floors import as_toml, raised

REPAIR = "`python -m tests.gold.raise_floors`"
LOWER = '`python -m tests.gold.raise_floors --lower --reason "…"`'


@pytest.fixture(scope="module")
def figures() -> dict[str, float]:
    """The figures now."""
    return measured()


def test_floors_belong_to_these_files() -> None:
    """The floors were measured on this coded articles and with this claims.toml."""
    floors = read_floors()
    changed = [name for name, digest in digests().items() if floors[name] != digest]
    assert changed == [], f"changed since the floors were measured; run {REPAIR} and commit floors.toml"


def test_measured_errors_belong_to_these_files() -> None:
    """The errors by which the report corrects were measured on the same files, or it would not correct."""
    errors = tomllib.loads(QUALITY_FILE.read_text(encoding="utf-8"))
    now = {name: digest for name, digest in digests().items() if name in errors}
    assert {name: errors[name] for name in now} == now, f"run {REPAIR} and commit quality.toml"
    assert set(now) == {"coded_digest", "claims_digest"}


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


def test_floors_only_go_up() -> None:
    """What is better raises its floor; a gap keeps its ceiling."""
    floors = {"sides_f1": 0.9, "stance": 0.8, "gap_recall": 0.06}
    new, note = raised({"sides_f1": 0.92, "stance": 0.8, "gap_recall": 0.01}, floors, "", date(2022, 5, 1))
    assert (new, note) == ({"sides_f1": 0.92, "stance": 0.8, "gap_recall": 0.06}, [])


def test_what_went_down_is_noted_with_its_reason() -> None:
    """The file keeps what was lowered, when and why, whatever the reason is made of."""
    reason = 'the rule on "posts" \\ changed'
    new, note = raised({"sides_f1": 0.85, "gap_recall": 0.1}, {"sides_f1": 0.9, "gap_recall": 0.06}, reason,
                       date(2022, 5, 1))  # fmt: skip
    assert new == {"sides_f1": 0.85, "gap_recall": 0.1}
    read = tomllib.loads(as_toml(new, note))
    assert read["floors"] == new
    assert read["lowered"] == [
        {
            "day": "2022-05-01",
            "what": "sides_f1 from 0.900 to 0.850, gap_recall from 0.060 to 0.100",
            "reason": reason,
        }
    ]
