"""Sitemaps, indexes and news sitemaps, and what lies outside the window."""

import gzip
import time
from datetime import date, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from crawler.discovery.candidate import Candidate
from crawler.discovery.sitemaps import MAX_UNPACKED, read_sitemap, unpack
from crawler.study import Window

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
    assert read.candidates == [Candidate("https://gazette.example/a", "gazette", "sitemap", MAP)]


def test_a_news_sitemap_dates_its_pages() -> None:
    """news:publication_date is the publication time."""
    news = (
        '<loc>https://gazette.example/a</loc><n:news xmlns:n="http://www.google.com/schemas/sitemap-news/0.9">'
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
