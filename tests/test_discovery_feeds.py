"""RSS, Atom and JSON Feed as they are met."""

import time
from datetime import datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from crawler.discovery.candidate import Candidate, merged, stated_time
from crawler.discovery.feeds import read_feed

FEED = "https://gazette.example/feed"


def test_rss_gives_link_and_time_in_utc() -> None:
    """An RSS item's pubDate is turned into UTC."""
    body = b"""<?xml version="1.0"?><rss><channel><link>https://gazette.example/</link>
  <item><link> https://gazette.example/a#top </link><pubDate>Sat, 23 Apr 2022 10:15:00 +0200</pubDate></item>
    <item><guid>https://gazette.example/b</guid></item><item><title>no link</title></item></channel></rss>"""
    assert read_feed(body, FEED, "gazette") == [
        Candidate(
            "https://gazette.example/a", "gazette", "feed", FEED, datetime(2022, 4, 23, 8, 15), "second"
        ),
        Candidate("https://gazette.example/b", "gazette", "feed", FEED),
    ]


def test_atom_takes_the_alternate_link_and_published_before_updated() -> None:
    """An Atom entry's own page and first publication are taken, not its edit link or last change."""
    body = b"""<feed xmlns="http://www.w3.org/2005/Atom"><entry><link rel="edit" href="/edit"/>
    <link rel="alternate" href="/a"/><updated>2022-05-01T00:00:00Z</updated>
    <published>2022-04-22T18:30:00Z</published></entry></feed>"""
    assert read_feed(body, FEED, "gazette") == [
        Candidate(
            "https://gazette.example/a", "gazette", "feed", FEED, datetime(2022, 4, 22, 18, 30), "second"
        )
    ]


def test_json_feed() -> None:
    """JSON Feed's url and date_published are taken; an item without a URL is none."""
    body = b'{"items": [{"url": "/a", "date_published": "2022-04-22T18:30:00+01:00"}, {"id": 1}, 7]}'
    assert read_feed(body, FEED, "gazette") == [
        Candidate(
            "https://gazette.example/a", "gazette", "feed", FEED, datetime(2022, 4, 22, 17, 30), "second"
        )
    ]


def test_broken_xml_gives_what_can_be_read() -> None:
    """An unescaped ampersand or a missing end does not lose the items before it."""
    body = b"<rss><channel><item><title>a & b</title><link>/a</link></item><item>"
    found = read_feed(body, FEED, "gazette") or []
    assert [candidate.url for candidate in found] == ["https://gazette.example/a"]


def test_a_page_is_no_feed() -> None:
    """HTML where a feed should be is told apart from an empty feed."""
    assert read_feed(b"<html><body><p>Not here</p></body></html>", FEED, "gazette") is None
    assert read_feed(b"<rss><channel></channel></rss>", FEED, "gazette") == []


def test_an_entity_bomb_stays_small() -> None:
    """Entities are not resolved, so nested ones cannot fill the memory."""
    levels = "".join(f'<!ENTITY e{n} "{f"&e{n - 1};" * 10}">' for n in range(1, 10))
    items = "<item><link>/a</link><title>&e9;</title></item>"
    body = f'<!DOCTYPE rss [<!ENTITY e0 "ha">{levels}]><rss>{items}</rss>'
    found = read_feed(body.encode(), FEED, "gazette")
    assert [candidate.url for candidate in found or []] in ([], ["https://gazette.example/a"])


@pytest.mark.parametrize("repeated", ["a", "1 ", "a ", "1-", "&", "2022-"])
def test_a_long_date_costs_no_time(repeated: str) -> None:
    """What stands for a date in a feed may be of any length; little of it is read."""
    stated = (repeated * 100_000)[:100_000].replace("&", "&amp;")
    body = f"<rss><channel><item><link>/a</link><pubDate>{stated}</pubDate></item></channel></rss>"
    began = time.process_time()
    assert read_feed(body.encode(), FEED, "gazette") == [
        Candidate("https://gazette.example/a", "gazette", "feed", FEED)
    ]
    assert time.process_time() - began < 1


@given(st.binary(max_size=300))
def test_any_bytes_are_survived(body: bytes) -> None:
    """Whatever a server sends, reading ends without an exception."""
    read_feed(body, FEED, "gazette")
    read_feed(b"{" + body, FEED, "gazette")
    read_feed(b"<rss>" + body, FEED, "gazette")


def test_a_time_without_a_zone_says_the_day() -> None:
    """What could be off by hours is not given to the minute."""
    assert stated_time("2022-04-22T18:30:00", "feed") == (datetime(2022, 4, 22), "day")
    assert stated_time("2022-04-22", "feed") == (datetime(2022, 4, 22), "day")
    assert stated_time("yesterday", "feed") == (None, "unknown")


def test_which_listing_came_first_does_not_decide() -> None:
    """Two candidates for a URL merge into the same one in either order."""
    dated = Candidate("u", "o", "sitemap", "s", datetime(2022, 4, 22), "day")
    plain = Candidate("u", "o", "feed", "f")
    later = Candidate("u", "o", "feed", "f", datetime(2022, 4, 23), "second")
    assert merged(dated, plain) == merged(plain, dated) == dated
    assert merged(dated, later) == merged(later, dated) == dated
