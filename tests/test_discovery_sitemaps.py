"""Sitemaps, indexes and news sitemaps, and what lies outside the window.

Also tests crawler/discovery/xml.py.
"""

import gzip
import time
from datetime import date, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from gossi.crawler.discovery.candidate import Candidate
from gossi.crawler.discovery.sitemaps import MAX_UNPACKED, read_sitemap, unpack
from gossi.crawler.study.sources import Window

MAP = "https://gazette.example/sitemap.xml"
WINDOW = Window(first=date(2022, 4, 15), last=date(2022, 6, 30))


def urlset(*entries: str) -> bytes:
    """A sitemap of these <url> contents."""
    urls = "".join(f"<url>{entry}</url>" for entry in entries)
    return f'<urlset xmlns="http://www.sitemaps.org/schemas/sitemap/0.9">{urls}</urlset>'.encode()


def test_lastmod_is_no_publication_time() -> None:
    """A change says only that the page is at least as old; it dates nothing."""
    read = read_sitemap(urlset("<loc>/a</loc><lastmod>2022-04-23</lastmod>"), MAP, "gazette", WINDOW)
    assert read is not None
    changed = date(2022, 4, 23)
    assert read.candidates == [Candidate("https://gazette.example/a", "gazette", "sitemap", MAP, day=changed)]


@pytest.mark.parametrize("declared", ['xmlns:n="http://www.google.com/schemas/sitemap-news/0.9"', ""])
def test_a_news_sitemap_dates_its_pages(declared: str) -> None:
    """news:publication_date is the publication time, also where nobody says what "news" stands for."""
    news = (
        f"<loc>https://gazette.example/a</loc><n:news {declared}>"
        "<n:publication_date>2022-04-22T20:00:00+02:00</n:publication_date></n:news>"
    )
    read = read_sitemap(urlset(news), MAP, "gazette", WINDOW)
    assert read is not None
    assert read.candidates == [
        Candidate(
            "https://gazette.example/a", "gazette", "news_sitemap", MAP, datetime(2022, 4, 22, 18), "second"
        )
    ]


@pytest.mark.parametrize(
    ("entry", "kept"),
    [
        ("<loc>/2022/04/22/a</loc>", True),
        ("<loc>/2022-04/a</loc>", True),
        ("<loc>/20220422-a</loc>", True),
        ("<loc>/2021/12/a</loc>", False),
        ("<loc>/2022/12/31/a</loc>", False),
        ("<loc>/a</loc><lastmod>2022-04-01T00:00:00Z</lastmod>", False),
        ("<loc>/a</loc><lastmod>2026-01-01</lastmod>", True),
        ("<loc>/a</loc><lastmod>nonsense</lastmod>", True),
        ("<loc>/phone-20211299/a</loc>", True),
        ("<loc>/2021-12-30/a</loc>", False),
        ("<loc>/20211230/a</loc>", False),
        # What may be the number of an article, or the date of what it is about.
        ("<loc>/news/201105.html</loc>", True),
        ("<loc>/?id=201012</loc>", True),
        ("<loc>/p/205007</loc>", True),
        ("<loc>/article/201205/a</loc><lastmod>2022-05-05</lastmod>", True),
        ("<loc>/budget-2020-10-points-gossi</loc>", True),
        ("<loc>/moura-2021-12-30-gossi</loc>", True),
        ("<loc>/20211230-a</loc>", True),
        ("<loc>/2021/a</loc>", True),
        # A number that stands alone is believed where no change speaks against it.
        ("<loc>/a/20211230</loc>", False),
        ("<loc>/a/20211230</loc><lastmod>2022-05-05</lastmod>", True),
        ("<loc>/2021/12/30/a</loc><lastmod>2022-05-05</lastmod>", False),
        # Of several dates all count.
        ("<loc>/news-202105/2022/04/23/a</loc>", True),
        ("<loc>/2021/12/30/on/2022/04/23/a</loc>", True),
        # What programs write where they know no date.
        ("<loc>/a</loc><lastmod>0001-01-01T00:00:00</lastmod>", True),
        ("<loc>/a</loc><lastmod>1970-01-01T00:00:00+00:00</lastmod>", True),
    ],
)
def test_only_what_cannot_lie_in_the_window_is_pruned(entry: str, kept: bool) -> None:
    """A date that rules the window out prunes; anything else is kept."""
    read = read_sitemap(urlset(entry), MAP, "gazette", WINDOW)
    assert read is not None
    assert (len(read.candidates), read.pruned) == ((1, 0) if kept else (0, 1))


def test_an_index_names_further_sitemaps_of_the_window_only() -> None:
    """Months outside the window are not asked for; July is: its first day is the window's slack."""
    months = "".join(
        f"<sitemap><loc>/sitemap-{year}-{month:02d}.xml</loc></sitemap>"
        for year in (2021, 2022)
        for month in range(1, 13)
    )
    read = read_sitemap(f"<sitemapindex>{months}</sitemapindex>".encode(), MAP, "gazette", WINDOW)
    assert read is not None
    assert read.sitemaps == [
        f"https://gazette.example/sitemap-2022-{month:02d}.xml" for month in (4, 5, 6, 7)
    ]
    assert read.pruned == 20


@pytest.mark.parametrize(
    ("form", "wanted"),
    [
        ("/map.xml?yyyy={year}&amp;mm={month:02}&amp;dd=03", [5, 6]),
        ("/map.xml?year={year}&amp;month={month}", [4, 5, 6, 7]),
        ("/maps/{year}/{month}.xml", [4, 5, 6, 7]),
        ("/map-{year}{month:02}.xml.gz", [4, 5, 6, 7]),
        ("/map.xml?from={year}{month:02}01&amp;to={year}{month:02}28", [4, 5, 6, 7]),
        ("/map_{year}-{month:02}-01_{year}-{month:02}-28.xml", [4, 5, 6, 7]),
    ],
)
def test_months_are_read_in_the_forms_that_indexes_have(form: str, wanted: list[int]) -> None:
    """Digits, queries, ranges: those that touch the window are kept, and told to."""
    months = [(year, month) for year in (2012, 2022) for month in range(1, 13)]
    entries = "".join(f"<sitemap><loc>{form.format(year=y, month=m)}</loc></sitemap>" for y, m in months)
    read = read_sitemap(f"<sitemapindex>{entries}</sitemapindex>".encode(), MAP, "gazette", WINDOW)
    assert read is not None
    kept = [f"https://gazette.example{form.format(year=2022, month=month)}" for month in wanted]
    assert read.sitemaps == [url.replace("&amp;", "&") for url in kept]
    assert read.of_window == set(read.sitemaps)


def test_a_last_change_in_the_window_tells_a_sitemap_of_it() -> None:
    """One before it rules a sitemap out; one after it leaves open what else has changed."""
    entries = "".join(
        f"<sitemap><loc>/{day[:4]}x</loc><lastmod>{day}</lastmod></sitemap>"
        for day in ("2020-05-05", "2022-05-05", "2023-05-05", "0001-01-01")
    )
    body = entries.replace("/20", "/").replace("/0001", "/none")
    read = read_sitemap(f"<sitemapindex>{body}</sitemapindex>".encode(), MAP, "gazette", WINDOW)
    assert read is not None
    home = "https://gazette.example"
    assert read.sitemaps == [f"{home}/22x", f"{home}/23x", f"{home}/nonex"]
    assert (read.of_window, read.pruned) == ({f"{home}/22x"}, 1)


def test_a_feed_may_stand_for_a_sitemap() -> None:
    """The protocol allows RSS and Atom, whose dates are those of publication."""
    body = b"<rss><item><link>/a</link><pubDate>Sat, 23 Apr 2022 10:15:00 +0200</pubDate></item></rss>"
    read = read_sitemap(body, MAP, "gazette", WINDOW)
    assert read is not None
    assert read.candidates == [
        Candidate("https://gazette.example/a", "gazette", "feed", MAP, datetime(2022, 4, 23, 8, 15), "second")
    ]


@pytest.mark.parametrize(
    "body",
    [
        gzip.compress(urlset("<loc>/a</loc>")) + b"\r\n",
        gzip.compress(b"<urlset>") + gzip.compress(b"<url><loc>/a</loc></url></urlset>"),
        "https://gazette.example/a\r\n".encode("utf-8-sig"),
        "https://gazette.example/a".encode("utf-16"),
        urlset("<loc>/a</loc>").decode().encode("utf-16"),
        b"\xef\xbb\xbf" + urlset("<loc>/a</loc>"),
    ],
)
def test_marks_and_line_ends_around_a_sitemap_are_no_matter(body: bytes) -> None:
    """A byte order mark, another encoding, what stands behind the end of gzip."""
    read = read_sitemap(body, MAP, "gazette", WINDOW)
    assert read is not None
    assert [candidate.url for candidate in read.candidates] == ["https://gazette.example/a"]


@pytest.mark.parametrize("left_open", ["<news><title>a<br>b</title></news>", "<title>a</b></title>", "<url>"])
def test_an_entry_that_is_not_closed_hides_no_other(left_open: str) -> None:
    """Whatever is amiss within an entry, those behind it are read."""
    read = read_sitemap(
        urlset(f"<loc>/a</loc>{left_open}", "<loc>/b</loc>", "<loc>/c</loc>"), MAP, "x", WINDOW
    )
    assert read is not None
    assert [candidate.url[-2:] for candidate in read.candidates] == ["/a", "/b", "/c"]


def test_a_torn_gzip_is_no_sitemap() -> None:
    """Half of a sitemap is not taken for the whole."""
    assert read_sitemap(gzip.compress(urlset("<loc>/a</loc>"))[:-9], MAP, "gazette", WINDOW) is None


def test_gzip_and_plain_text_are_sitemaps_too() -> None:
    """The protocol's other two forms are read."""
    packed = read_sitemap(gzip.compress(urlset("<loc>/a</loc>")), MAP, "gazette", WINDOW)
    text = read_sitemap(b"https://gazette.example/a\nhttps://gazette.example/b\n", MAP, "gazette", WINDOW)
    assert packed is not None
    assert text is not None
    assert (len(packed.candidates), len(text.candidates)) == (1, 2)


def test_a_gzip_bomb_is_cut() -> None:
    """No more is unpacked than the protocol allows a sitemap to hold."""
    assert len(unpack(gzip.compress(b"\0" * (MAX_UNPACKED + 10_000_000)))) == MAX_UNPACKED


def test_a_hundred_thousand_entries_cost_seconds() -> None:
    """Twice the protocol's limit of entries is read in a few seconds of CPU."""
    body = urlset(
        *(f"<loc>/2022/05/{n % 28 + 1:02d}/a{n}</loc><lastmod>2022-05-01</lastmod>" for n in range(100_000))
    )
    began = time.process_time()
    read = read_sitemap(body, MAP, "gazette", WINDOW)
    assert read is not None
    assert len(read.candidates) == 100_000
    assert time.process_time() - began < 20


@given(st.binary(max_size=300))
def test_any_bytes_are_survived(body: bytes) -> None:
    """Whatever a server sends, reading ends without an exception."""
    read_sitemap(body, MAP, "gazette", WINDOW)
    read_sitemap(b"\x1f\x8b" + body, MAP, "gazette", WINDOW)
    read_sitemap(b"<urlset>" + body, MAP, "gazette", WINDOW)


def test_an_address_without_its_element_is_one() -> None:
    """In indexes and sitemaps alike; other text is none, and is counted."""
    index = b"<sitemapindex><sitemap>\nhttps://a.example/s.xml?a=2&amp;b=1\n</sitemap><sitemap>x</sitemap>"
    read = read_sitemap(index + b"</sitemapindex>", "https://a.example/sitemap.xml", "a", WINDOW)
    assert read is not None
    assert (read.sitemaps, read.nameless) == (["https://a.example/s.xml?a=2&b=1"], 1)
    pages = read_sitemap(
        urlset("<url>https://a.example/graves</url>"), "https://a.example/s.xml", "a", WINDOW
    )
    assert pages is not None
    assert [page.url for page in pages.candidates] == ["https://a.example/graves"]


def test_a_message_of_a_program_before_a_sitemap_is_no_matter() -> None:
    """The pages behind it are found."""
    body = b"<br />\n<b>Notice</b>: in <b>/x.php</b><br />\n" + urlset(
        "<url><loc>https://a.example/g</loc></url>"
    )
    read = read_sitemap(body, "https://a.example/sitemap.xml", "a", WINDOW)
    assert read is not None
    assert ([page.url for page in read.candidates], read.torn) == (["https://a.example/g"], False)
