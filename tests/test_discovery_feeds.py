"""RSS, Atom and JSON Feed as they are met."""

import time
from datetime import datetime
from urllib.parse import urldefrag, urljoin

import pytest
from hypothesis import given
from hypothesis import strategies as st

from gossi.crawler.discovery.candidate import Candidate, merged, stated_time
from gossi.crawler.discovery.feeds import next_page, oldest_entries, read_feed
from gossi.crawler.web.urls import clean_url

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


def urls(body: bytes) -> list[str]:
    """The addresses in a feed."""
    return [candidate.url for candidate in read_feed(body, FEED, "gazette") or []]


def test_a_json_feed_may_name_its_pages_by_their_ids_alone() -> None:
    """The id where it is an address, else the page that an item is about; a byte order mark is no matter."""
    items = b'[{"id": "https://gazette.example/a"}, {"id": "7", "external_url": "/b"}, {"id": "8"}]'
    expected = ["https://gazette.example/a", "https://gazette.example/b"]
    assert urls(b'{"items": %b}' % items) == expected
    assert urls(b'\xef\xbb\xbf{"items": %b}' % items) == expected


@pytest.mark.parametrize("declared", ["utf-16", "UTF-8"])
@pytest.mark.parametrize("encoding", ["utf-16", "utf-16-le", "utf-16-be", "utf-8", "utf-8-sig"])
def test_the_bytes_of_a_feed_tell_its_encoding(encoding: str, declared: str) -> None:
    """With a byte order mark or without, whatever the declaration says."""
    body = f"<?xml version='1.0' encoding='{declared}'?><rss><item><link>/é</link></item></rss>"
    assert urls(body.encode(encoding)) == ["https://gazette.example/é"]


@pytest.mark.parametrize(
    ("written", "read"),
    [
        ("/?option=com&id=7&Itemid=3", "/?option=com&id=7&Itemid=3"),
        ("/?a=1&amp;b=2&#38;c=3&#x26;d&copy=4", "/?a=1&b=2&c=3&d&copy=4"),
        ("<![CDATA[/?a=1&b=2]]>", "/?a=1&b=2"),
    ],
)
def test_a_bare_ampersand_stands_for_itself(written: str, read: str) -> None:
    """Addresses are often written into XML as they are; what is escaped or in CDATA is right already."""
    body = f"<rss><item><link>{written}</link></item></rss>"
    assert urls(body.encode())[:1] == [f"https://gazette.example{read}"]


def test_addresses_are_relative_to_xml_base() -> None:
    """That of the entry, of the feed, or none."""
    entry = '<entry xml:base="world/"><link href="a"/></entry><entry><link href="b"/></entry>'
    body = f'<feed xml:base="https://news.example/en/">{entry}</feed>'
    assert urls(body.encode()) == ["https://news.example/en/world/a", "https://news.example/en/b"]
    relative = '<feed xml:base="/en/"><entry><link href="a"/></entry></feed>'
    assert urls(relative.encode()) == ["https://gazette.example/en/a"]


@pytest.mark.parametrize(
    ("feed", "further"),
    [
        (b'<feed><link rel="self" href="a"/><link rel="next" href="b?page=2#x"/></feed>', "/b?page=2"),
        (b'<feed xml:base="/old/"><link rel="prev-archive" href="b"/></feed>', "/old/b"),
        (b'<rss><channel><atom:link rel="next" href="b"/><item/></channel></rss>', "/b"),
        (b'<feed><entry><link rel="next" href="b"/></entry></feed>', ""),
        (b'<feed><link rel="next"/></feed>', ""),
        (b'{"items": [], "next_url": "b"}', "/b"),
        (b'{"items": [], "next_url": null}', ""),
        (b'{"next"', ""),
    ],
)
def test_a_feed_tells_where_it_goes_on(feed: bytes, further: str) -> None:
    """Links of RFC 5005, those of the feed and not of an entry; in JSON, next_url."""
    assert next_page(feed, FEED) == further.replace("/", "https://gazette.example/", 1)


def test_broken_xml_gives_what_can_be_read() -> None:
    """An unescaped ampersand or a missing end does not lose the items before it."""
    body = b"<rss><channel><item><title>a & b</title><link>/a</link></item><item>"
    found = read_feed(body, FEED, "gazette") or []
    assert [candidate.url for candidate in found] == ["https://gazette.example/a"]


@pytest.mark.parametrize(
    "title",
    ["a<br>b", "a <i>b", "a</b> b", "<a href=/b>b</a>", "<P CLASS=x>b", "<![CDATA[<b>]]><b>b", "<em>b</em>"],
)
def test_html_in_a_title_hides_no_entry(title: str) -> None:
    """It is not escaped in many a feed, nor closed."""
    items = f"<item><title>{title}</title><link>/a</link></item><item><link>/b</link></item>"
    body = f"<rss><channel>{items}</channel></rss>"
    assert urls(body.encode()) == ["https://gazette.example/a", "https://gazette.example/b"]


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


@pytest.mark.parametrize("repeated", [" ", "<?xml", "utf-16", "&", "<![CDATA[", "&amp", "]]>"])
def test_a_long_body_costs_little_time(repeated: str) -> None:
    """Whatever is repeated in it."""
    body = f"<?xml {repeated * (300_000 // len(repeated))}".encode()
    began = time.process_time()
    read_feed(body, FEED, "gazette")
    read_feed(b"<rss>" + body, FEED, "gazette")
    assert time.process_time() - began < 1


@given(st.binary(max_size=300))
def test_any_bytes_are_survived(body: bytes) -> None:
    """Whatever a server sends, reading ends without an exception."""
    read_feed(body, FEED, "gazette")
    next_page(b"<rss>" + body + b'<link rel="next" href="', FEED)
    next_page(b'{"next_url": "' + body + b'"}', FEED)
    read_feed(b"{" + body, FEED, "gazette")
    read_feed(b"<rss>" + body, FEED, "gazette")
    read_feed(b"<rss><item><link>&<![CDATA[" + body + b"]]>&", FEED, "gazette")
    read_feed(b"\xff\xfe" + body, FEED, "gazette")


def test_a_time_without_a_zone_says_the_day() -> None:
    """What could be off by hours is not given to the minute."""
    assert stated_time("2022-04-22T18:30:00", "feed") == (datetime(2022, 4, 22), "day")
    assert stated_time("2022-04-22", "feed") == (datetime(2022, 4, 22), "day")
    assert stated_time("yesterday", "feed") == (None, "unknown")


@pytest.mark.parametrize(
    "stated",
    [
        "0001-01-01T00:00:00",
        "1970-01-01T00:00:00+00:00",
        "Thu, 01 Jan 1970 00:00:00 +0000",
        "Mon, 30 Nov -0001 00:00:00 +0000",
        "2099-01-01",
    ],
)
def test_what_programs_write_for_no_date_is_none(stated: str) -> None:
    """Before the web and in the future nothing was published."""
    assert stated_time(stated, "feed") == (None, "unknown")


def entries(*days: int | None) -> list[Candidate]:
    """The entries of a feed in its order, each of a day of April or without a date."""
    return [
        Candidate(f"{place}", "gazette", "feed", FEED, datetime(2022, 4, day) if day else None)
        for place, day in enumerate(days)
    ]


@pytest.mark.parametrize(
    ("days", "oldest"),
    [
        ([9, 8, 7, 6], "32"),
        ([1, 9, 8, 7, 6], "43"),  # the first one is pinned
        ([9, 9], "10"),
        ([6, 7, 8, 9], "10"),  # oldest first
        ([None, None], "10"),
        ([9, 8, None, 2, 1], "432"),
        ([], ""),
    ],
)
def test_the_older_half_of_a_feed_is_without_what_is_pinned(days: list[int | None], oldest: str) -> None:
    """An old entry above younger ones says nothing of how far back the feed reaches."""
    assert sorted(entry.url for entry in oldest_entries(entries(*days))) == sorted(oldest)


@given(
    st.text("hps:/.a1?&#;= %[]@\\é\n", max_size=12).map("https://x.example".__add__)
    | st.text("ab/.?&#;=-", max_size=12).map("http://x.example/".__add__)
)
def test_an_address_in_which_nothing_is_to_be_mended_stays_as_it_is(url: str) -> None:
    """The short way through `clean_url` gives what the long one gives."""
    try:
        expected = urldefrag(urljoin(FEED, "".join(url.split("\n")).strip())).url
    except ValueError:
        return
    assert clean_url(url, FEED) == expected


def test_which_listing_came_first_does_not_decide() -> None:
    """Two candidates for a URL merge into the same one in either order."""
    dated = Candidate("u", "o", "sitemap", "s", datetime(2022, 4, 22), "day")
    plain = Candidate("u", "o", "feed", "f")
    later = Candidate("u", "o", "feed", "f", datetime(2022, 4, 23), "second")
    assert merged(dated, plain) == merged(plain, dated) == dated
    assert merged(dated, later) == merged(later, dated) == dated


@pytest.mark.parametrize(
    "before",
    [
        "<br />\n<b>Deprecated</b>:  old(): use another in <b>/home/x/db.php</b> on line <b>7</b><br />\n",
        "<script>var a=1;</script>\n",
        "PHP Warning: Undefined index in /x.php on line 1\n",
        "<!-- cached -->\n",
    ],
)
@pytest.mark.parametrize("declared", ['<?xml version="1.0" encoding="UTF-8"?>\n', ""])
def test_what_a_program_put_out_before_a_feed_is_no_matter(before: str, declared: str) -> None:
    """Messages of PHP and scripts stand before feeds for months."""
    feed = f"{before}{declared}<rss><channel><item><link>https://a.example/b</link></item></channel></rss>"
    assert urls(feed.encode()) == ["https://a.example/b"]
    assert read_feed(f"<html><body>{feed}</body></html>".encode(), "https://a.example/feed", "a") is None
