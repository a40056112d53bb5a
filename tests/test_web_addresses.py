"""Where a page must not lead the crawler, and what must not get into a request or a record.

Also tests crawler/discovery/candidate.py, crawler/web/guards.py, crawler/web/resolver.py and
crawler/web/urls.py.
"""

import socket
from collections.abc import Mapping
from pathlib import Path

import duckdb
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scrapy.resolver import dnscache
from twisted.internet.base import ThreadedResolver
from twisted.internet.defer import succeed

from gossi.crawler.capture.read import ReadReport, read_page_at, read_pages
from gossi.crawler.web.addresses import refusal
from gossi.crawler.web.resolver import PublicResolver
from gossi.crawler.web.urls import clean_url, is_web_address, server_of
from tests.crawling import crawl_study, rows
from tests.lexicons import write_sources
from tests.loopback import Answer, LoopbackSite, article, outlet, sources

SPELLINGS = [
    "127.0.0.1",
    "127.1",
    "2130706433",
    "0x7f.0.0.1",
    "0177.0.0.1",
    "localhost",
    "LOCALHOST",
    "a.localhost",
    "[::1]",
    "[::ffff:127.0.0.1]",
    "0.0.0.0",  # noqa: S104 - an address to be refused, not to be listened on
    "127.0.0.1.",
    "localhost.",
    "0",
    "0x7f000001",
    "①②⑦.⓪.⓪.①",
    "127。0。0。1",
    "[64:ff9b::7f00:1]",
    "[2002:7f00:1::]",
]
"""This machine, as an address may be written."""


def test_a_study_of_the_live_web_never_asks_this_machine(tmp_path: Path) -> None:
    """Without allow_loopback no spelling of an address of this machine gets as far as a connection."""
    with LoopbackSite({"/a": article("Gossi")}) as site:
        pages = [f"http://{host}:{site.domain.rpartition(':')[2]}/a" for host in SPELLINGS]
        text = sources("delay = 0.0\ntimeout = 5.0", outlet("gazette", site)).replace(
            "allow_loopback = true", ""
        )
        write_sources(tmp_path, text.replace("pages = []", f"pages = {pages!r}"))
        assert crawl_study(tmp_path).returncode == 2
        assert site.asked == []
    found = {str(url).split("/")[2].rpartition(":")[0]: str(outcome) for url, outcome in
             rows(tmp_path, "SELECT url, outcome FROM candidate")}  # fmt: skip
    assert set(found) == set(SPELLINGS)
    assert set(found.values()) == {"forbidden_address"}


@pytest.mark.parametrize(
    "url",
    [
        "file:///etc/passwd", "data:text/html,Gossi", "ftp://gazette.example/", "gopher://gazette.example/",
        "http://10.0.0.1/", "http://172.16.0.1/", "http://192.168.1.1/", "http://169.254.169.254/latest/",
        "http://100.64.0.1/", "http://[fe80::1]/", "http://[fd00::1]/", "http://[::ffff:10.0.0.1]/",
        "http://[64:ff9b::a00:1]/", "http://[64:ff9b:1::a00:1]/", "http://[2002:a00:1::]/",
        "http://[2002:c0a8:101:1::5]/", "http://[::10.0.0.1]/", "http://[::ffff:0:10.0.0.1]/", "http://[fec0::1]/",
        "http://224.0.0.1/", "http:///nowhere", "//gazette.example/a", "http://[broken/", "http://a:99999/",
    ],
)  # fmt: skip
def test_what_is_no_public_address_is_refused(url: str) -> None:
    """Other schemes, private, link-local, shared and multicast networks, and what is no address."""
    assert refusal(url, allow_loopback=True)
    assert refusal(url, allow_loopback=False)


@pytest.mark.parametrize(
    "url",
    [
        "http://gazette.example/a",
        "https://93.184.216.34/",
        "http://[2606:4700::1]:8080/",
        "http://[64:ff9b::5db8:d822]/",
        "http://[2002:5db8:d822::1]/",
    ],
)
def test_public_addresses_pass(url: str) -> None:
    """Names and numbers of the public web, also where a network of IPv6 alone leads to them."""
    assert refusal(url, allow_loopback=False) == ""


@pytest.mark.parametrize(
    "host",
    [
        "[64:ff9b::7f00:1]", "[2002:7f00:1::]", "[::ffff:127.0.0.1]", "[::127.0.0.1]", "[::1]", "127.8.8.8",
        "127.1", "2130706433", "0x7f000001", "0177.0.0.1", "127.0.0.1.", "localhost.", "a.localhost.",
    ],
)  # fmt: skip
def test_this_machine_is_refused_however_it_is_written(host: str) -> None:
    """Before any name is resolved: a proxy would do that by itself."""
    assert refusal(f"http://{host}/", allow_loopback=False) == "an address of this machine"
    assert refusal(f"http://{host}/", allow_loopback=True) == ""


@pytest.mark.parametrize(
    ("url", "server"),
    [
        ("http://Gazette.example/a", "gazette.example"),
        ("https://gazette.example.:443/a", "gazette.example"),
        ("http://gazette.example:80/", "gazette.example"),
        ("http://gazette.example:443/", "gazette.example:443"),
        ("http://someone@gazette.example:8080/", "gazette.example:8080"),
        ("http://[2606:4700::1]:8080/", "[2606:4700::1]:8080"),
    ],
)
def test_a_server_has_one_name(url: str, server: str) -> None:
    """However a link writes it: else two spellings would be asked side by side."""
    assert server_of(url) == server


@given(st.text(max_size=60), st.sampled_from(["", "http://gazette.example/feed", "http://[broken"]))
def test_any_text_can_be_cleaned_and_told(text: str, base: str) -> None:
    """A link of a stranger's listing never raises, has no line end, and can be written down."""
    url = clean_url(text, base)
    assert not set(url) & set("\r\n\t")
    url.encode("utf-8")
    if is_web_address(url) and not refusal(url, allow_loopback=False):
        assert server_of(url)


def test_nothing_can_be_smuggled_into_a_header(tmp_path: Path) -> None:
    """Line ends in links, redirects and validators spoil no request and no record."""
    seen: list[dict[str, str]] = []

    def noting(headers: Mapping[str, str]) -> Answer:
        seen.append({name.lower(): value for name, value in headers.items()})
        page = article("The grave at Gossi", published="2022-04-23T10:00:00Z").body
        folded = b'ETag: "a\r\n X-Injected: one"\r\nLast-Modified: now\r\n\tX-Injected: two\r\n'
        return Answer(raw=b"HTTP/1.1 200 OK\r\nContent-Type: text/html\r\n" + folded + b"\r\n" + page)

    with LoopbackSite({"/a": noting}) as site:
        feed = (
            "<rss><channel>"
            f"<item><link>{site.home}/b&#13;&#10;X-Injected: three&#13;&#10;WARC-Type: request</link></item>"
            f"<item><link>{site.home}/c%0d%0aX-Injected:%20four</link></item>"
            "</channel></rss>"
        )
        site.routes["/feed"] = Answer(feed.encode())
        site.routes["/d"] = Answer(b"", 302, {"Location": "/e%0d%0aX-Injected:%20five"})
        table = outlet("gazette", site, "/a", "/d", feeds=["/feed"])
        write_sources(tmp_path, sources("delay = 0.0", table))
        assert crawl_study(tmp_path).returncode == 0
        with duckdb.connect(tmp_path / "data" / "store.duckdb") as con:
            con.execute(
                "UPDATE candidate SET next_attempt = TIMESTAMP '2000-01-01' WHERE outcome = 'on_topic'"
            )
        assert crawl_study(tmp_path).returncode == 0
    assert len(seen) == 2
    assert "if-none-match" in seen[1]
    assert not [headers for headers in seen if "x-injected" in headers]
    for file in (tmp_path / "data" / "captures").rglob("*.warc.gz"):
        report = ReadReport()
        pages = list(read_pages(file, report))
        assert report.problems == []
        assert not [page for page in pages if "x-injected" in page.headers]
        assert set(report.skipped) == {"warcinfo"}
    kept = rows(tmp_path, "SELECT final_url, warc_file, warc_offset FROM attempt WHERE warc_file IS NOT NULL")
    for url, name, offset in kept:
        assert read_page_at(tmp_path / "data" / "captures" / str(name), int(str(offset))).url == url


def test_a_name_that_leads_inside_is_refused_before_it_is_asked(tmp_path: Path) -> None:
    """The machine's own name is no loopback word, but its address is not a public one."""
    name = socket.gethostname()
    address = socket.gethostbyname(name)
    if not refusal(f"http://{address}/", allow_loopback=False):
        pytest.skip("this machine has a public address")
    with LoopbackSite({"/a": article("Gossi")}) as site:
        port = site.domain.rpartition(":")[2]
        text = sources("timeout = 5.0", outlet("gazette", site)).replace("allow_loopback = true", "")
        text = text.replace("pages = []", f"pages = ['http://{name}:{port}/a']")
        write_sources(tmp_path, text)
        crawl_study(tmp_path)
        assert site.asked == []
    assert [outcome for (outcome,) in rows(tmp_path, "SELECT outcome FROM candidate")] == [
        "forbidden_address"
    ]


class Names:
    """A resolver of the test's own, in the place of the system's: what a name leads to, answer by answer."""

    def __init__(self, monkeypatch: pytest.MonkeyPatch, *answers: str) -> None:
        self.left = list(answers)
        monkeypatch.setattr(ThreadedResolver, "getHostByName", lambda *_: succeed(self.left.pop(0)))
        dnscache.clear()
        PublicResolver.refused.clear()
        self.resolver = PublicResolver(None, 100, 5.0)  # type: ignore[arg-type]  # the reactor is the system's

    def look_up(self, name: str) -> str:
        """The address that a connection to a name would go to; "refused" where it would go to none."""
        found: list[str] = []
        told = self.resolver.getHostByName(name, (1,))
        told.addCallbacks(found.append, lambda failure: found.append("refused"))
        return found[0]


def test_a_name_that_is_bound_anew_leads_to_this_network_never(monkeypatch: pytest.MonkeyPatch) -> None:
    """DNS rebinding: what was looked at is what is asked, and each new answer is looked at again."""
    names = Names(monkeypatch, "93.184.216.34", "127.0.0.1", "10.0.0.7", "169.254.169.254", "93.184.216.34")
    assert names.look_up("evil.example") == "93.184.216.34"
    assert names.look_up("evil.example") == "93.184.216.34", "what was checked holds for the next connection"
    for refused in ("127.0.0.1", "10.0.0.7", "169.254.169.254"):
        dnscache.clear()  # as when it has grown old
        assert names.look_up("evil.example") == "refused"
        assert refused in PublicResolver.refused["evil.example"]
    dnscache.clear()
    assert names.look_up("evil.example") == "93.184.216.34"
    assert names.left == []
