"""Publication dates: read as they are written, chosen so that the earliest honest one wins.

Also tests crawler/extraction/dates/url_dates.py.
"""

import time
from datetime import datetime, timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from gossi.crawler.extraction.dates.published import Moment, choose_published
from gossi.crawler.extraction.dates.url_dates import date_in_url
from gossi.crawler.extraction.dates.written import parse_date, parse_written_date
from gossi.crawler.extraction.extract import extract
from tests.dated_pages import URL, json_ld, meta, published
from tests.news_pages import NewsPage


@pytest.mark.parametrize(
    ("written", "value", "precision"),
    [
        ("2022-04-22T18:03:20+02:00", datetime(2022, 4, 22, 16, 3, 20), "second"),
        ("2022-04-22 18:03:20 GMT+0200", datetime(2022, 4, 22, 16, 3, 20), "second"),
        ("2022-04-22T18:03:20 UTC-05:00", datetime(2022, 4, 22, 23, 3, 20), "second"),
        ("2022-04-22T18:03UTC+2", datetime(2022, 4, 22, 16, 3), "minute"),
        ("2022-04-22T18:03:20Z+02:00", datetime(2022, 4, 22), "day"),
        ("2022-04-22T18:03:20.123Z", datetime(2022, 4, 22, 18, 3, 20), "second"),
        ("2022-04-22T23:30-0500", datetime(2022, 4, 23, 4, 30), "minute"),
        ("20220422T180320Z", datetime(2022, 4, 22, 18, 3, 20), "second"),
        ("Fri, 22 Apr 2022 18:03:20 +0200", datetime(2022, 4, 22, 16, 3, 20), "second"),
        ("1650650600", datetime(2022, 4, 22, 18, 3, 20), "second"),
        ("1650650600000", datetime(2022, 4, 22, 18, 3, 20), "second"),
        ("2022-04-22", datetime(2022, 4, 22), "day"),
        ("2022-04-22T18:03:20", datetime(2022, 4, 22), "day"),
        ("2022-04-22 23:59", datetime(2022, 4, 22), "day"),
        ("2022-04-22T00:00:00+02:00", datetime(2022, 4, 22), "day"),
        ("Fri, 22 Apr 2022 00:00:00 +0200", datetime(2022, 4, 22), "day"),
        ("1650585600", datetime(2022, 4, 22), "day"),
        ("22 avril 2022 à 18h03", datetime(2022, 4, 22), "day"),
        ("1er mai 2022", datetime(2022, 5, 1), "day"),
        ("April 22, 2022", datetime(2022, 4, 22), "day"),
        ("22 de abril de 2022", datetime(2022, 4, 22), "day"),
        ("22 апреля 2022, 18:03", datetime(2022, 4, 22), "day"),
        ("٢٢ أبريل ٢٠٢٢", datetime(2022, 4, 22), "day"),
        ("22 نيسان/أبريل 2022", datetime(2022, 4, 22), "day"),
        ("الجمعة 22 أبريل (نيسان)، 2022", datetime(2022, 4, 22), "day"),
        ("2022年4月22日 18時03分", datetime(2022, 4, 22), "day"),
        ("22 април 2022", datetime(2022, 4, 22), "day"),
        ("22 mei 2022", datetime(2022, 5, 22), "day"),
        ("22. mája 2022", datetime(2022, 5, 22), "day"),
        ("22.04.2022", datetime(2022, 4, 22), "day"),
        ("22/04/2022 - 18:30", datetime(2022, 4, 22), "day"),
        ("04/22/2022", datetime(2022, 4, 22), "day"),
    ],
)
def test_dates_are_read_as_they_are_written(written: str, value: datetime, precision: str) -> None:
    """An instant is turned into UTC; without a time zone no more than the day is known."""
    moment = parse_date(written, "meta")
    assert moment is not None
    assert (moment.value, moment.precision) == (value, precision)


@pytest.mark.parametrize(
    "written", ["", "2022", "Copyright 2022", "April 2022", "04/05/2022", "2022-13-45", "soon"]
)
def test_what_names_no_single_day_is_no_date(written: str) -> None:
    """A year, a month, or a day that may be two different ones stays unknown."""
    assert parse_date(written, "meta") is None


@pytest.mark.parametrize(
    "written",
    ["Mon, 30 Nov -0001 00:00:00 +0000", "Mon, 30 Nov 0001 00:00:00 +0000", "-0001-11-30T00:00:00Z"],
)
def test_what_programs_make_of_no_date_is_none(written: str) -> None:
    """The day before the first year is not taken for one of this century."""
    assert parse_date(written, "feed") is None


@given(st.text(max_size=60))
def test_no_writing_makes_parsing_fail(written: str) -> None:
    """Whatever a page writes, a moment or nothing comes out."""
    moment = parse_date(written, "meta")
    assert moment is None or moment.value.tzinfo is None


@settings(max_examples=200, deadline=None)
@given(
    st.sampled_from(["", "1 ", "a ", "22 avril ", "2022-04-22T", "Sat, 23 "]),
    st.text("a1дÉ٢ \t-/.,:T+\u200f", min_size=1, max_size=5),
    st.sampled_from(["", "!", " 2022", "1"]),
)
def test_no_writing_costs_time(before: str, repeated: str, after: str) -> None:
    """A hundred thousand characters of anything are read in less than the time of a page."""
    written = before + repeated * (100_000 // len(repeated)) + after
    began = time.process_time()
    parse_date(written, "meta")
    parse_written_date(written, "meta")
    date_in_url(f"https://courier.example/{written}")
    assert time.process_time() - began < 0.2


@pytest.mark.parametrize(
    ("path", "source"),
    [
        ("/2022/04/22/graves", "url"),
        ("/world/2022/4/22/graves", "url"),
        ("/world/2022-04-22/graves", "url"),
        ("/world/20220422/graves", "url"),
        ("/n3/2022/0422/c90000-10087.html", "url"),
        ("/en/africa/20220422-graves-near-camp", "slug"),
        ("/news/20220422.html", "slug"),
        ("/news/20220422", "slug"),
        ("/world/graves-near-camp-20220422", "slug"),
        ("/world/graves-near-camp-2022-04-22/", "slug"),
        ("/world/graves_20220422.html", "slug"),
        ("/columns/202204221093456789-graves/", "slug"),
    ],
)
def test_a_day_in_a_path_is_found(path: str, source: str) -> None:
    """The forms in which outlets put days into their URLs; what may be an event or a number is told apart."""
    assert date_in_url(f"https://courier.example{path}") == Moment(datetime(2022, 4, 22), "day", source)


@pytest.mark.parametrize(
    "path", ["/2022/04/graves", "/p/12345678", "/20221345-x", "/1850/04/22/x", "/news/2022"]
)
def test_other_numbers_in_a_path_are_no_day(path: str) -> None:
    """Months, article numbers and impossible days are not taken for dates."""
    assert date_in_url(f"https://courier.example{path}") is None


@pytest.mark.parametrize(
    ("path", "expected"),
    [
        # Days in segments of their own are the address's of the article: the earliest counts.
        ("/2022/03/27/graves", (datetime(2022, 3, 27), "day", "url")),
        ("/2022-03-27/graves", (datetime(2022, 3, 27), "day", "url")),
        # The event's, however near it is.
        ("/graves-2022-03-27", (datetime(2022, 4, 23, 10), "second", "json-ld")),
        ("/graves-2022-04-21", (datetime(2022, 4, 23, 10), "second", "json-ld")),
        # An article's number.
        ("/news/20181109.html", (datetime(2022, 4, 23, 10), "second", "json-ld")),
        ("/news/20120315-graves", (datetime(2022, 4, 23, 10), "second", "json-ld")),
        # A day that the page agrees with: it was published again.
        ("/news/20220421-graves", (datetime(2022, 4, 21), "day", "url")),
    ],
)
def test_a_number_in_a_path_does_not_overrule_the_page(
    path: str, expected: tuple[datetime, str, str]
) -> None:
    """Beside what the page says, segments of their own count, a number where it agrees, a slug never."""
    page = NewsPage(head=json_ld(datePublished="2022-04-23T10:00:00Z"))
    assert published(page, f"https://courier.example{path}") == expected


def test_a_number_in_a_path_gives_way_to_a_feed_and_a_time_element() -> None:
    """It counts only where nothing else is known."""
    slug = Moment(datetime(2018, 11, 9), "day", "slug")
    instant = datetime(2022, 4, 23, 10)
    assert choose_published([slug]) == slug
    assert choose_published([slug], instant, "second", "feed") == Moment(instant, "second", "feed")
    at = Moment(instant, "second", "time")
    assert choose_published([slug, at]) == choose_published([at, slug]) == at


def test_json_ld_meta_time_and_url_are_told_apart() -> None:
    """Each source is found by itself and named."""
    instant = datetime(2022, 4, 22, 16, 3, 20)
    written = "2022-04-22T18:03:20+02:00"
    assert published(NewsPage(head=json_ld(datePublished=written))) == (instant, "second", "json-ld")
    assert published(NewsPage(head=meta("article:published_time", written))) == (instant, "second", "meta")
    above = f'<p class="byline">From our desk <time datetime="{written}">22 April</time></p>'
    assert published(NewsPage(above=above)) == (instant, "second", "time")
    day = datetime(2022, 4, 22)
    assert published(NewsPage(), "https://courier.example/2022/04/22/graves") == (day, "day", "url")
    assert published(NewsPage(above='<span class="date">22 April 2022</span>')) == (day, "day", "time")


def test_microdata_dates_an_article() -> None:
    """An itemprop in the article is as good as a meta element."""
    above = '<span itemprop="datePublished" content="2022-04-22T18:03:20Z">yesterday</span>'
    assert published(NewsPage(above=above)) == (datetime(2022, 4, 22, 18, 3, 20), "second", "meta")


def test_the_earliest_source_wins() -> None:
    """A republished page whose JSON-LD was moved forward keeps the date that its meta element has."""
    page = NewsPage(
        head=json_ld(datePublished="2024-01-05T10:00:00Z")
        + meta("article:published_time", "2022-04-22T18:03:20Z")
    )
    assert published(page) == (datetime(2022, 4, 22, 18, 3, 20), "second", "meta")


def test_a_finer_time_on_the_same_day_is_taken() -> None:
    """A bare day in one place is refined by an instant in another, also across midnight UTC."""
    page = NewsPage(
        head=json_ld(datePublished="2022-04-22") + meta("article:published_time", "2022-04-22T23:30:00-05:00")
    )
    assert published(page) == (datetime(2022, 4, 23, 4, 30), "second", "meta")


@pytest.mark.parametrize(
    ("written", "instant"),
    [
        ("2022-04-22T23:30:00-05:00", datetime(2022, 4, 23, 4, 30)),
        ("2022-04-23T00:30:00+02:00", datetime(2022, 4, 22, 22, 30)),
        ("2022-04-23T06:00:00Z", datetime(2022, 4, 23, 6)),
        ("2022-04-23T08:00:00+02:00", None),
        ("2022-04-23T00:30:00-05:00", None),
    ],
)
def test_a_time_of_the_next_day_is_no_finer_one(written: str, instant: datetime | None) -> None:
    """Where the outlet's zone is told, the day in an address is the one there or in UTC."""
    page = NewsPage(head=json_ld(datePublished=written))
    expected = (instant, "second", "json-ld") if instant else (datetime(2022, 4, 22), "day", "url")
    assert published(page, "https://courier.example/2022/04/22/graves") == expected


def test_a_time_element_refines_the_day_but_moves_it_not() -> None:
    """Beside a firm day, a `time` of the same day is taken and one of another day is not."""
    for written, expected in (
        ("2022-04-22T18:03:20Z", (datetime(2022, 4, 22, 18, 3, 20), "second", "time")),
        ("2021-04-01T18:03:20Z", (datetime(2022, 4, 22), "day", "json-ld")),
    ):
        page = NewsPage(
            head=json_ld(datePublished="2022-04-22"), above=f'<time datetime="{written}">x</time>'
        )
        assert published(page) == expected


def test_impossible_dates_are_not_honest() -> None:
    """Program defaults and the future are no dates of publication."""
    tomorrow = f"{datetime.now() + timedelta(days=30):%Y-%m-%dT%H:%M:%SZ}"  # noqa: DTZ005 - any clock will do
    for written in ("1970-01-01T00:00:00Z", "0001-01-01T00:00:00Z", tomorrow):
        assert published(NewsPage(head=json_ld(datePublished=written))) == (None, "unknown", "none")


def test_broken_json_ld_still_gives_its_date() -> None:
    """JSON with an error elsewhere in it is not lost for the date."""
    head = (
        '<script type="application/ld+json">{"@type": "NewsArticle", "description": "he said "no" to it",'
        ' "datePublished": "2022-04-22T18:03:20Z", }</script>'
    )
    assert published(NewsPage(head=head)) == (datetime(2022, 4, 22, 18, 3, 20), "second", "json-ld")


def test_modification_is_kept_apart() -> None:
    """The time of the last change is not the time of publication, nor taken where it lies before it."""
    head = json_ld(datePublished="2022-04-22T18:03:20Z", dateModified="2022-04-25T08:00:00Z")
    found = extract(NewsPage(head=head).html(), URL)
    assert (found.published, found.modified) == (datetime(2022, 4, 22, 18, 3, 20), datetime(2022, 4, 25, 8))
    only = extract(NewsPage(head=meta("article:modified_time", "2022-04-25T08:00:00Z")).html(), URL)
    assert (only.published, only.modified) == (None, datetime(2022, 4, 25, 8))
    swapped = json_ld(datePublished="2022-04-22T18:03:20Z", dateModified="2021-04-25T08:00:00Z")
    assert extract(NewsPage(head=swapped).html(), URL).modified is None


def test_a_feed_dates_a_page_that_does_not_date_itself() -> None:
    """Without a date of the page, the hint is taken with its precision and source."""
    instant = datetime(2022, 4, 22, 18, 3, 20)
    assert choose_published((), instant, "second", "feed") == Moment(instant, "second", "feed")
    assert choose_published((), None, None, None) is None


def test_a_feed_refines_or_precedes_the_page() -> None:
    """The hint is weighed as one more source: finer on the same day, or earlier."""
    day = Moment(datetime(2022, 4, 22), "day", "url")
    instant = datetime(2022, 4, 22, 18, 3, 20)
    assert choose_published([day], instant, "second", "feed") == Moment(instant, "second", "feed")
    later = Moment(datetime(2022, 6, 1, 9, 0, 0), "second", "json-ld")
    assert choose_published([later], instant, "second", "feed") == Moment(instant, "second", "feed")
    assert choose_published([Moment(instant, "second", "json-ld")], later.value, "second", "feed") == Moment(
        instant, "second", "json-ld"
    )
