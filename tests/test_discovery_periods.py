"""The days that the addresses of sitemaps name."""

import time
from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from gossi.crawler.discovery.periods import Period, periods

HOME = "https://gazette.example"


def read(*paths: str) -> list[Period | None]:
    """The periods of an index with these sitemaps."""
    return periods([HOME + path for path in paths])


@pytest.mark.parametrize(
    ("path", "first", "last"),
    [
        ("/map-2012-05-03.xml", date(2012, 5, 3), date(2012, 5, 3)),
        ("/map/2012/05/part-7.xml", date(2012, 5, 1), date(2012, 5, 31)),
        ("/map-2012-Q4.xml", date(2012, 10, 1), date(2012, 12, 31)),
        ("/map/2012q1.xml", date(2012, 1, 1), date(2012, 3, 31)),
        ("/map-2012-week-3.xml", date(2012, 1, 1), date(2012, 12, 31)),
        ("/map/2012/may.xml", date(2012, 1, 1), date(2012, 12, 31)),
        ("/map-1987-2012.xml", date(1987, 1, 1), date(2012, 12, 31)),
        ("/map_2000-01-01_2023-12-31.xml", date(2000, 1, 1), date(2023, 12, 31)),
        ("/map.xml?date_start=20220401&date_end=20220430", date(2022, 4, 1), date(2022, 4, 30)),
        ("/map.xml?YYYY=2012&MM=05&DD=03", date(2012, 5, 3), date(2012, 5, 3)),
        # A fifth part and a fifth month look alike where nothing is there to compare.
        ("/map-2012-5.xml", date(2012, 1, 1), date(2012, 12, 31)),
    ],
)
def test_an_address_names_days(path: str, first: date, last: date) -> None:
    """A range covers all days from its first to its last."""
    (period,) = read(path)
    assert period is not None
    assert (period.first, period.last) == (first, last)


@pytest.mark.parametrize(
    "path", ["/map.xml", "/map-7.xml", "/map-1234.xml", "/map-201299.xml", "/map-2022-02-30.xml"]
)
def test_other_numbers_name_none(path: str) -> None:
    """Numbers of parts, and days that there are not."""
    assert read(path) == [None]


def test_a_number_among_numbers_is_no_year() -> None:
    """Of addresses of the same form all must be dates, or none is."""
    assert read("/map-2011.xml", "/map-2012.xml", "/map-2513.xml") == [None, None, None]
    assert read("/201105/map.xml", "/201199/map.xml") == [None, None]
    year = Period(date(2012, 1, 1), date(2012, 12, 31), True)
    assert read("/map-2012-1.xml", "/map-2012-13.xml") == [year, year]
    assert read("/map-2012-1.xml", "/map-2012-11.xml") == [year, year]
    assert read("/map-2012-3.xml", "/map-2012-12.xml") == [
        Period(date(2012, 3, 1), date(2012, 3, 31), True),
        Period(date(2012, 12, 1), date(2012, 12, 31), True),
    ]


def test_a_number_alone_is_not_sure() -> None:
    """It may count parts, unless it stands with others of its form or with a month."""
    assert [period and period.sure for period in read("/map-2012.xml", "/posts-201205.xml")] == [False, False]
    assert [period and period.sure for period in read("/map-2012.xml", "/map-2013.xml")] == [True, True]
    assert [period and period.sure for period in read("/map-2012-05.xml")] == [True]


@given(st.lists(st.text("1290q-/?&=my.\u0661[", max_size=20), max_size=5))
def test_any_address_is_survived(paths: list[str]) -> None:
    """A period's first day is not behind its last."""
    found = periods([f"https:/{path}" for path in paths])
    assert len(found) == len(paths)
    assert all(period is None or period.first <= period.last for period in found)


def test_an_index_of_a_hundred_thousand_costs_little() -> None:
    """Also where the addresses are long, or each has a form of its own."""
    paths = [f"/{'x' * (n % 50)}/{1996 + n % 28}/{n % 12 + 1:02}/{n}.xml" for n in range(100_000)]
    began = time.process_time()
    read(*paths)
    read("/2012-05" * 20_000, "9" * 100_000)
    assert time.process_time() - began < 5
