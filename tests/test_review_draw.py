"""Drawing a sample: chances, strata, reprints as one, and a later draw.

Also tests analysis/cli/review.py and analysis/review/sample_coding.py.
"""

from collections import Counter
from pathlib import Path

import duckdb
import pytest
from hypothesis import given
from hypothesis import strategies as st

from gossi.analysis.measuring.publish import publish
from gossi.analysis.review.draw import allocate, draw_sample
from gossi.analysis.review.draws import read_draw, read_frame
from gossi.crawler.errors import UsageError
from tests import hand_store


@pytest.fixture
def study(tmp_path: Path) -> Path:
    """The hand-made store with 60 more articles of three outlets, every fourth a copy of the one before."""
    store = hand_store.build(tmp_path / "store.duckdb")
    with duckdb.connect(store) as con:
        add_articles(con, range(60))
    publish(store, tmp_path / "coverage.duckdb")
    return tmp_path


def add_articles(con: duckdb.DuckDBPyConnection, numbers: range) -> None:
    """Articles with a text of their own, but for every fourth, which prints that of the one before."""
    for number in numbers:
        outlet = ("herald", "courier", "voix")[number // 4 % 3]
        source = number - 1 if number % 4 == 3 else number
        text = " ".join(f"w{source}x{word}" for word in range(80))
        con.execute(
            "INSERT INTO article VALUES ($1, $2, $1, '2022-04-25 10:00', 'minute', 'meta', 1)",
            [f"s{number:03}", outlet],
        )
        con.execute(
            "INSERT INTO version VALUES"
            " ($1 || '-1', $1, 1, '2022-05-01', NULL, 1, 'en', '', $2, 80, 'd' || $1, 'full', 1)",
            [f"s{number:03}", text],
        )
        con.execute(
            "INSERT INTO version_coding (version_id, codebook_digest, on_topic, language, codable, run_id)"
            " VALUES ($1, 'c', $2, 'en', true, 1)",
            [f"s{number:03}-1", number % 5 > 0],
        )


def test_a_sample_with_known_chances(study: Path) -> None:
    """What is in the files, all of it: frame, strata, chances, reprints together; on and off topic."""
    drawn, _ = draw_sample(study / "coverage.duckdb", study / "draws", 20, seed=1)
    folder = study / "draws" / drawn.draw
    assert read_draw(folder) == drawn
    frame = list(read_frame(folder))
    # All but a6 (no date) and a7 (paywall); a9 is in a language that the program can't read.
    assert {row.article for row in frame} == {f"s{n:03}" for n in range(60)} | {
        "a1", "a2", "a3", "a4", "a5", "a8", "a9", "a10", "a11",
    }  # fmt: skip
    texts = Counter((row.stratum, row.text) for row in frame)
    for stratum in drawn.strata:
        members = [row for row in frame if row.stratum == stratum.stratum]
        chosen = {row.text for row in drawn.articles if row.stratum == stratum.stratum}
        assert len(members) == stratum.articles
        assert len({row.text for row in members}) == stratum.texts
        assert len(chosen) == stratum.drawn
    for row in drawn.articles:
        assert row.chance == pytest.approx(
            next(s.drawn / s.texts for s in drawn.strata if s.stratum == row.stratum)
        )
    # A text is drawn with all its articles of the stratum.
    assert Counter((row.stratum, row.text) for row in drawn.articles) == {
        key: texts[key] for key in {(row.stratum, row.text) for row in drawn.articles}
    }
    assert sum(s.drawn for s in drawn.strata) == 20
    assert [row.position for row in drawn.articles] == list(range(1, len(drawn.articles) + 1))


def test_the_same_seed_gives_the_same_sample(study: Path) -> None:
    """And another seed another one; a smaller number gives a part of the larger one."""
    samples = [
        {
            row.article
            for row in draw_sample(study / "coverage.duckdb", study / f"draws{i}", n, seed=s)[0].articles
        }
        for i, (n, s) in enumerate([(20, 1), (20, 1), (20, 2), (30, 1)])
    ]
    assert samples[0] == samples[1] != samples[2]
    assert samples[0] < samples[3]


def test_a_later_draw_is_of_what_came_since(study: Path) -> None:
    """No article is in two frames; with nothing new there is nothing to draw."""
    draw_sample(study / "coverage.duckdb", study / "draws", 10, seed=1)
    with pytest.raises(UsageError, match="all are in an earlier draw"):
        draw_sample(study / "coverage.duckdb", study / "draws", 10, seed=1)
    with duckdb.connect(study / "store.duckdb") as con:
        add_articles(con, range(60, 70))
    publish(study / "store.duckdb", study / "coverage.duckdb", draws=study / "draws")
    later, _ = draw_sample(study / "coverage.duckdb", study / "draws", 4, seed=1)
    assert later.frame.articles == 10
    publish(study / "store.duckdb", study / "coverage.duckdb", draws=study / "draws")


def test_every_text_has_the_chance_that_is_told(study: Path) -> None:
    """Over many seeds each text is drawn as often as its chance says (within four standard errors)."""
    times: Counter[str] = Counter()
    for seed in range(20):
        drawn, _ = draw_sample(study / "coverage.duckdb", study / f"d{seed}", 20, ("bloc",), seed)
        times.update(row.article for row in drawn.articles)
    chances = {s.stratum: s.chance for s in drawn.strata}
    for row in read_frame(study / "d0" / drawn.draw):
        chance = chances[row.stratum]
        error = (chance * (1 - chance) * 20) ** 0.5
        assert abs(times[row.article] - chance * 20) <= 4.5 * error + 1e-9


def test_what_to_expect(study: Path) -> None:
    """A census has no width, a sample of a few no interval; in between, more coded make it narrower."""
    widths = {
        number: {
            width.side: width.reach
            for width in draw_sample(study / "coverage.duckdb", study / f"n{number}", number, seed=1)[1]
            if width.bloc == "western"
        }["france"]
        for number in (4, 30, 40, 1000)
    }
    assert widths[4] is None
    assert widths[1000] == 0
    assert widths[30] is not None
    assert widths[40] is not None
    assert widths[30] > widths[40] > 0


@given(st.dictionaries(st.text(max_size=3), st.integers(1, 300), min_size=1, max_size=8), st.integers(1, 400))
def test_allocation(sizes: dict[str, int], number: int) -> None:
    """Never more than there are, never fewer than two or all, and so many in all where that can be."""
    drawn = allocate(sizes, number)
    assert all(min(2, size) <= drawn[stratum] <= size for stratum, size in sizes.items())
    least = sum(min(2, size) for size in sizes.values())
    assert sum(drawn.values()) == max(least, min(number, sum(sizes.values())))
