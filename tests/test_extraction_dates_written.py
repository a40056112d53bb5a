"""Dates as people write them in the languages of the study, and as programs do."""

from datetime import datetime

import pytest

from gossi.crawler.extraction.dates.written import parse_date, parse_written_date

DAY = datetime(2022, 4, 22)


@pytest.mark.parametrize(
    "written",
    [
        "Published April 22, 2022 at 2:49 PM", "22nd of April, 2022", "Apr. 22,2022", "Friday 22 April 2022",
        "Publié le 22 avril 2022 par La Rédaction", "22 de abril de 2022", "22/abr/2022", "22 aprile 2022",
        "22 d'abril del 2022", "22.April 2022", "22 aprilie 2022", "22 april 2022", "22 апреля 2022 г.",
        "22 квітня 2022", "22 април 2022", "22. travnja 2022.", "22 kwietnia 2022 r.", "22. dubna 2022",
        "22. apríla 2022", "2022. április 22.", "2022. ápr. 22.", "22 Απριλίου 2022", "22 Nisan 2022 Cuma",
        "22 أبريل 2022", "٢٢ نيسان ٢٠٢٢", "22 نيسان/أبريل 2022", "22 آوریل 2022", "22 اپریل 2022",
        "22 באפריל 2022", "22 अप्रैल 2022", "२२ अप्रैल २०२२", "Aprili 22, 2022", "22 huhtikuuta 2022",
        "22 Afrilu 2022", "2022年4月22日", "2022 年 4 月 22 日", "2022년 4월 22일",
        "22. 4. 2022", "22 . 04 . 2022", "2022. 04. 22.", "Datum:22.04.2022", "22.04.22",
        "22/04/22", "04/22/22",
        "Fri, 04/22/2022 - 18:03", "2022/04/22",
    ],
)  # fmt: skip
def test_a_day_is_read_as_it_is_written(written: str) -> None:
    """With names of months, blanks behind dots, and years without their century."""
    found = parse_written_date(written, "time")
    assert found is not None
    assert (found.value, found.precision) == (DAY, "day")


@pytest.mark.parametrize(
    ("written", "month"),
    [
        ("22 كانون الثاني 2022", 1), ("22 شباط 2022", 2), ("22 آذار 2022", 3), ("22 أيار 2022", 5),
        ("22 حزيران 2022", 6), ("22 تموز 2022", 7), ("22 آب 2022", 8), ("22 أيلول 2022", 9),
        ("22 تشرين الأول 2022", 10), ("22 تشرين الثاني 2022", 11), ("22 كانون الأول 2022", 12),
        ("22 mrt 2022", 3),
    ],
)  # fmt: skip
def test_months_of_the_levant_and_of_two_words(written: str, month: int) -> None:
    """Four of them differ by the second word alone."""
    found = parse_written_date(written, "time")
    assert found is not None
    assert found.value == datetime(2022, month, 22)


@pytest.mark.parametrize(
    "written",
    ["04/05/2022", "22 avril 18h03", "22 April 12:30", "1.2.3.4", "10.30", "15-04-22", "22 listopada 2022",
     "version 22.04.1", "32.04.2022", "2 days ago"],
)  # fmt: skip
def test_what_could_be_something_else_is_no_date(written: str) -> None:
    """A wrong date is worse than none: month and day, a clock, a version, October in Zagreb or November."""
    assert parse_written_date(written, "time") is None


@pytest.mark.parametrize(
    ("written", "value", "precision"),
    [
        ("1650650580", datetime(2022, 4, 22, 18, 3), "second"),
        ("1650650580000", datetime(2022, 4, 22, 18, 3), "second"),
        ("1650650580.0", datetime(2022, 4, 22, 18, 3), "second"),
        ("1650650580000000000", datetime(2022, 4, 22, 18, 3), "second"),
        ("2022-04-22 13:55:44.364419679 +0200 CEST", datetime(2022, 4, 22, 11, 55, 44), "second"),
        ("Tue, Apr 22 2022 02:54:55 MST", datetime(2022, 4, 22, 9, 54, 55), "second"),
        ("FRI,22 APR 2022 02:23:01", DAY, "day"),
        ("Thu, 21 Apr 2022 20:0:0 Z", datetime(2022, 4, 21, 20), "second"),
        ("Mon, 18 Apr 22 17:42:08 +0200", datetime(2022, 4, 18, 15, 42, 8), "second"),
        ("Fr, 22 Apr 2022 11:41:36", DAY, "day"),
        ("Thu, 22 Sept 2022 15:53:56 +0300", datetime(2022, 9, 22, 12, 53, 56), "second"),
        ("Fri Apr 22 18:03:00 UTC 2022", datetime(2022, 4, 22, 18, 3), "second"),
        ("Fri Apr 22 18:03:00 CEST 2022", datetime(2022, 4, 22, 16, 3), "second"),
        ("Fri Apr 22 2022 18:03:00 GMT+0200 (CEST)", datetime(2022, 4, 22, 16, 3), "second"),
        ("Friday, 22-Apr-22 18:03:00 GMT", datetime(2022, 4, 22, 18, 3), "second"),
        ("22 Apr 22 18:03 +0200", datetime(2022, 4, 22, 16, 3), "minute"),
        ("01 Apr 22 13:26 UTC", datetime(2022, 4, 1, 13, 26), "minute"),
        # India's, Ireland's or Israel's: the clock tells nothing.
        ("Fri, 22 Apr 2022 18:03:00 IST", DAY, "day"),
        ("22 Apr 2022", DAY, "day"),
    ],
)
def test_dates_of_programs_that_keep_to_no_standard(written: str, value: datetime, precision: str) -> None:
    """They are read to the instant where zone and clock are known, else to the day that is written."""
    found = parse_date(written, "feed")
    assert found is not None
    assert (found.value, found.precision) == (value, precision)
