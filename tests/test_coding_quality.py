"""The coder does as well on the coded articles as it ever did: by analysis/coding/record.py."""

import tomllib
from datetime import date

import pytest

from tests.gold.gate import measured, out_of_date, read_floors, worse
from tests.gold.raise_floors import as_toml, raised

REPAIR = "`python -m tests.gold.raise_floors`"
LOWER = '`python -m tests.gold.raise_floors --lower --reason "…"`'


@pytest.fixture(scope="module")
def figures() -> dict[str, float]:
    """The figures now."""
    return measured()


@pytest.mark.long(1)  # a release needs it; between fits, work on words goes on
def test_the_coder_was_fitted_to_these_files() -> None:
    """Words, frames and coded articles are those that the coder learnt from."""
    assert out_of_date() == [], f"changed since the coder was fitted; run `gossi learn`, then {REPAIR}"


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
