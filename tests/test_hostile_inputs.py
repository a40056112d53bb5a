"""Whatever a stranger sends, nothing of it ends a run: statuses, heads, dates, addresses, JSON, XML, rows.

Also tests crawler/capture/captured.py.
"""

from collections.abc import Iterator
from contextlib import suppress
from datetime import date, datetime

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from gossi.crawler.capture.answer import read_answer
from gossi.crawler.capture.captured import Page
from gossi.crawler.discovery.feeds import next_page, read_feed
from gossi.crawler.discovery.sitemaps import read_sitemap
from gossi.crawler.errors import InputError
from gossi.crawler.extraction.article import Extracted
from gossi.crawler.extraction.dates.written import parse_date
from gossi.crawler.imports.articles import captured_article
from gossi.crawler.outcomes import Outcome
from gossi.crawler.page.verdict import Judge
from gossi.crawler.store.ledger import Ledger
from gossi.crawler.store.store import Store
from gossi.crawler.study.sources import Study, StudyFolder, Window
from gossi.crawler.web.canonical import canonical_url
from gossi.crawler.web.urls import clean_url, host_of, is_web_address, server_of

NOW = datetime(2022, 6, 1)
WINDOW = Window(first=date(2022, 4, 1), last=date(2022, 12, 31))
STUDY = Study(name="A test", contact="https://gossi.example", window=WINDOW, topic=["Gossi"])

ANY = st.text() | st.text(st.characters(categories=["Cs", "Cc", "Lo", "Sm"])) | st.text("0123456789-:TZ/.+ ,")
"""Any text, halves of characters and control characters among it, and what looks like a date."""

PIECES = [
    b"<urlset>", b"<sitemapindex>", b"<rss>", b"<feed>", b"<url>", b"<loc>", b"</loc>", b"<item>", b"<link>",
    b"</link>", b"<lastmod>", b"99999-99-99", b"http://a.example/", b"https://[::1", b"<![CDATA[", b"]]>",
    b"<!DOCTYPE x [", b"&a;", b"\x00", b"\xff\xfe", b'{"items": [', b'{"url": 1}', b'"\\ud800"', b"]}",
    b"<?xml version='1.0' encoding='x'?>", b"<pubDate>", b"Mon, 99 Foo 99999", b"\x1f\x8b\x08", b"1e999",
    b"9" * 50,
]  # fmt: skip
XML = st.lists(st.sampled_from(PIECES) | st.binary(max_size=8), max_size=30).map(b"".join)


@given(XML)
@settings(max_examples=300, deadline=None)
def test_listings(body: bytes) -> None:
    """Feeds and sitemaps of any bytes are read or are none."""
    read_feed(body, "https://a.example/feed", "a")
    next_page(body, "https://a.example/feed")
    read_sitemap(body, "https://a.example/s.xml", "a", WINDOW)


@given(st.sampled_from([b"HTTP/1.1 ", b"HTTP/2 ", b"http/9", b""]), ANY, ANY, st.binary(max_size=200))
@settings(max_examples=300, deadline=None)
def test_heads(begin: bytes, status: str, header: str, body: bytes) -> None:
    """A status line and headers of any letters."""
    answer = read_answer(begin + f"{status}\r\n{header}: {header}\r\n\r\n".encode("utf-8", "replace") + body)
    if answer is not None:
        assert 0 <= answer.status <= 999


@given(
    st.integers(),
    st.dictionaries(st.sampled_from(["location", "content-type", "etag", "refresh"]), ANY),
    XML,
    ANY,
)
@settings(max_examples=300, deadline=None)
def test_pages(status: int, headers: dict[str, str], body: bytes, address: str) -> None:
    """A page of any status, headers and bytes, at any address that may be asked, comes to a verdict."""
    url = clean_url(f"https://a.example/{address}")
    page = Page(url, NOW, status, headers, body, "a.warc.gz", 0, "sha256:0")
    judge = Judge(STUDY)
    judge.kind(page, url)
    assert (page.charset, page.leads_to) is not None
    judge.hear(page, url)


@given(ANY)
@settings(max_examples=500, deadline=None)
def test_addresses_and_dates(text: str) -> None:
    """Any text may stand where an address or a date is expected."""
    for address in (text, f"https://{text}", f"https://a.example/{text}?{text}#{text}"):
        clean = clean_url(address, "https://a.example/")
        is_web_address(clean)
        canonical_url(clean)
        host_of(clean)
        server_of(clean)
    parse_date(text, "feed")
    parse_date(f"2022-04-21{text}", "sitemap")


@given(st.binary(max_size=200) | XML, ANY)
@settings(max_examples=200, deadline=None)
def test_lines_of_json(line: bytes, text: str) -> None:
    """A line is an article, or is told as none."""
    with suppress(InputError):
        captured_article(line, "line 1", NOW).as_extracted()
    told = text.encode("utf-8", "replace").replace(b"\\", b"").replace(b'"', b"").replace(b"\n", b"")
    with suppress(InputError):
        captured_article(
            b'{"id": 1, "url": "%s", "headline": "%s", "text": ["%s"], "published": "%s"}' % ((told,) * 4),
            "",
            NOW,
        ).as_extracted()


@pytest.fixture(scope="module")
def ledger(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Ledger]:
    """A run that writes what it is given."""
    with Store(StudyFolder(tmp_path_factory.mktemp("store"))) as store:
        written = Ledger(store, store.start_run("crawl", ""))
        yield written
        written.end("ok", "")


WHEN = st.datetimes() | st.just(NOW)


@given(st.integers(), ANY, ANY, WHEN)
@settings(max_examples=150, deadline=None)
def test_rows(ledger: Ledger, status: int, text: str, address: str, when: datetime) -> None:
    """Rows of any integers, texts and times can be stored; a status that is none is not known."""
    url = clean_url(f"https://a.example/{address}")  # as all addresses are where they come in
    page = Extracted(
        url, url, text, text * 3, "en", published=when, published_precision="second",
        published_source="meta", observability="full", words=3,
    )  # fmt: skip
    outcome, detail = ledger.take_as(Outcome.ON_TOPIC, page, "a", url, when)
    number = ledger.attempt(
        outlet_id="a", kind="page", url=url, outcome=outcome, detail=detail + text, final_url=text,
        fetched_at=when, http_status=status, digest=text, gap=text,
    )  # fmt: skip
    ledger.frontier.settle(url, outcome, text, etag=text, last_modified=text, next_attempt=when)
    ledger.flush()
    stored = ledger.store.con.execute(
        "SELECT http_status FROM attempt WHERE attempt_id = ?", [number]
    ).fetchone()
    assert stored == (status if 100 <= status <= 999 else None,)
