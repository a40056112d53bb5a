"""crawler/sample/server.py and what it serves: pages, robots.txt, feeds, sitemaps.

Also tests crawler/sample/addresses.py, crawler/sample/archive.py, crawler/sample/article_page.py,
crawler/sample/command.py, crawler/sample/listings.py and crawler/sample/site.py.
"""

import gzip
import http.client
import re
import socket
import time
import urllib.error
import urllib.request
from collections import Counter
from collections.abc import Iterator
from pathlib import Path
from urllib.robotparser import RobotFileParser
from xml.etree import ElementTree as ET

import pytest

from gossi.crawler.errors import UsageError
from gossi.crawler.sample.addresses import origin, path_of, port_of
from gossi.crawler.sample.archive import archive_port
from gossi.crawler.sample.articles import articles_of
from gossi.crawler.sample.listings import BOMB
from gossi.crawler.sample.model import SampleOutlet, sample
from gossi.crawler.sample.server import Request, SampleWeb
from gossi.crawler.sample.site import Site
from gossi.crawler.sample.study import write_study
from tests.conftest import ROOT
from tests.loopback import free_ports

PORT = free_ports()

OUTLETS = sample().outlet


@pytest.fixture(scope="module")
def web() -> Iterator[SampleWeb]:
    """The sample web, served."""
    with SampleWeb(PORT) as served:
        yield served


def fetch(url: str, **headers: str) -> tuple[int, http.client.HTTPMessage, bytes]:
    """Status, headers and body of one answer; redirects are not followed."""
    host, _, target = url.removeprefix("http://").partition("/")
    connection = http.client.HTTPConnection(host, timeout=10)
    connection.request("GET", "/" + target, headers={key.replace("_", "-"): v for key, v in headers.items()})
    answer = connection.getresponse()
    body = answer.read()
    connection.close()
    return answer.status, answer.headers, body


def page(outlet: SampleOutlet, path: str) -> str:
    """The page at `path` as its reader sees it."""
    return fetch(origin(outlet.id, PORT) + path)[2].decode(outlet.charset)


def locations(xml: bytes) -> list[str]:
    """Every address that a sitemap names."""
    return [loc.text or "" for loc in ET.fromstring(xml).findall(".//{*}loc")]  # noqa: S314 - our own XML


@pytest.mark.parametrize("outlet", OUTLETS, ids=lambda outlet: outlet.id)
def test_every_article_is_served_and_names_itself_fictional(web: SampleWeb, outlet: SampleOutlet) -> None:
    """Each article answers 200 with its headline, its text and the line that calls the outlet fictional."""
    for article in articles_of(outlet.id):
        url = origin(outlet.id, PORT) + path_of(outlet, article)
        if article.case == "archived":
            assert fetch(url)[0] == 404
            url = f"http://127.0.0.1:{archive_port(PORT)}/web/20220701120000id_/{url}"
        status, headers, body = fetch(url)
        assert status == 200
        assert headers.get_content_type() == "text/html"
        text = re.sub(r"&#39;", "'", re.sub(r"&#34;", '"', body.decode(outlet.charset)))
        assert sample().words[article.language].notice in unreferenced(text)
        assert article.headline in unreferenced(text)
        readable = {"whole": len(article.text), "paywall": article.teaser, "consent_wall": 0}
        shown = [sentence in unreferenced(text) for sentence in article.text]
        assert all(shown[: readable.get(article.case, len(article.text))])
        assert not any(shown[readable.get(article.case, len(article.text)) :])


def unreferenced(html: str) -> str:
    """The page with its character references resolved."""
    return re.sub(r"&#(\d+);", lambda match: chr(int(match[1])), html).replace("&amp;", "&")


@pytest.mark.parametrize("outlet", OUTLETS, ids=lambda outlet: outlet.id)
def test_front_page_sections_and_missing_pages_name_themselves_fictional(
    web: SampleWeb, outlet: SampleOutlet
) -> None:
    """Pages that hold no article say so too, and an outlet's own template is used by no other."""
    notices = [sample().words[language].notice for language in outlet.languages]
    for path in ["/", "/section/" + sample().words[outlet.languages[0]].sections[0], "/no-such-page-here"]:
        assert any(notice in unreferenced(page(outlet, path)) for notice in notices)


def test_no_notice_names_the_town() -> None:
    """The line on every page would else put every page on the topic."""
    assert not [
        words
        for words in sample().words.values()
        if re.search("gossi|госси|غوسي", words.notice, re.IGNORECASE)
    ]


@pytest.mark.parametrize("outlet", OUTLETS, ids=lambda outlet: outlet.id)
def test_robots_txt_allows_articles_and_refuses_the_members_pages(
    web: SampleWeb, outlet: SampleOutlet
) -> None:
    """robots.txt parses: articles may be asked for but for the members' ones; one outlet's answers 503."""
    status, _, body = fetch(origin(outlet.id, PORT) + "/robots.txt")
    assert status == {"file": 200, "none": 404, "error_503": 503}[outlet.robots]
    if outlet.soft_404 or status != 200:
        return
    robots = RobotFileParser()
    robots.parse(body.decode("utf-8").splitlines())
    for article in articles_of(outlet.id):
        assert robots.can_fetch("gossi-coverage", path_of(outlet, article)) == (article.case != "robots")


@pytest.mark.parametrize("outlet", [o for o in OUTLETS if o.sitemap], ids=lambda outlet: outlet.id)
def test_sitemaps_list_every_article_but_those_of_pages_only(web: SampleWeb, outlet: SampleOutlet) -> None:
    """A sitemap, with its parts where it is an index, names the outlet's articles once each."""
    assert outlet.sitemap is not None
    home = origin(outlet.id, PORT)
    listed = locations(fetch(home + outlet.sitemap.path)[2])
    if outlet.sitemap.kind == "index":
        # The standard library refuses the bomb.
        parts = [fetch(part)[2] for part in listed if not part.endswith(BOMB)]
        assert sum(part.startswith(b"\x1f\x8b") for part in parts) == 1
        listed = [
            url for part in parts for url in locations(gzip.decompress(part) if part[:1] == b"\x1f" else part)
        ]
    expected = [home + path_of(outlet, a) for a in articles_of(outlet.id) if a.id not in outlet.pages_only]
    assert Counter(url for url in listed if url in expected) == Counter(expected)


@pytest.mark.parametrize("outlet", [o for o in OUTLETS if o.feed], ids=lambda outlet: outlet.id)
def test_feeds_hold_the_newest_articles(web: SampleWeb, outlet: SampleOutlet) -> None:
    """A feed parses, holds as many items as it may, and none without a date."""
    assert outlet.feed is not None
    tree = ET.fromstring(fetch(origin(outlet.id, PORT) + outlet.feed.path)[2])  # noqa: S314 - our own XML
    items = [*tree.iter("item"), *tree.findall("{http://www.w3.org/2005/Atom}entry")]
    dated = [article for article in articles_of(outlet.id) if article.moment]
    extra = sum(twin.listed == "feed" for twin in outlet.twin) + sum(
        odd.listed == "feed" for odd in outlet.odd
    )
    assert len(items) == min(outlet.feed.items, len(dated)) + extra
    assert all(item.findtext("pubDate") or item.findtext("{*}published") for item in items)


def test_every_article_is_found_by_some_listing() -> None:
    """No article is left that neither sitemap, feed nor sources.toml names."""
    for outlet in OUTLETS:
        if outlet.sitemap is None:
            assert outlet.feed is not None
            assert outlet.feed.items >= len([a for a in articles_of(outlet.id) if a.moment])
            assert all(article.moment for article in articles_of(outlet.id))


def test_unchanged_pages_answer_304(web: SampleWeb) -> None:
    """Whoever sends back the ETag or the date of change gets no body again, packed or not."""
    url = origin("fabled-cedar", PORT) + "/"
    _, headers, _ = fetch(url, Accept_Encoding="gzip")
    assert fetch(url, If_None_Match=headers["ETag"])[0] == 304
    assert fetch(url, If_None_Match='W/"other"')[0] == 200
    assert fetch(url, If_Modified_Since=headers["Last-Modified"])[::2] == (304, b"")
    assert fetch(url, If_Modified_Since="Thu, 01 Jan 1970 00:00:00 GMT")[0] == 200
    assert fetch(url, If_Modified_Since="not a date")[0] == 200


def test_pages_are_packed_for_who_takes_gzip(web: SampleWeb) -> None:
    """The packed and the plain body are the same page."""
    url = origin("fabled-cedar", PORT) + "/"
    _, headers, packed = fetch(url, Accept_Encoding="gzip, deflate")
    assert headers["Content-Encoding"] == "gzip"
    assert gzip.decompress(packed) == fetch(url)[2]


def test_a_connection_is_kept_open(web: SampleWeb) -> None:
    """Two requests go over one connection, also after a 304, a redirect and a missing page."""
    connection = http.client.HTTPConnection(f"127.0.0.1:{port_of('fabled-cedar', PORT)}", timeout=10)
    connection.connect()
    first = connection.sock
    for target in ["/", "/news/100/gossi-first-report", "/nowhere", "/robots.txt"]:
        connection.request("GET", target)
        connection.getresponse().read()
        assert connection.sock is first
    connection.close()


@pytest.mark.parametrize(
    ("outlet_id", "charset", "in_header"),
    [
        ("vymyshlenny-vestnik", "windows-1251", False),
        ("oasis-khayaliya", "windows-1256", True),
        ("quotidien-fictif", "iso-8859-1", True),
        ("harbour-gazette", "utf-8", True),
    ],
)
def test_charsets_are_declared_and_kept(
    web: SampleWeb, outlet_id: str, charset: str, in_header: bool
) -> None:
    """The bytes are of the charset that header or page declares."""
    outlet = next(outlet for outlet in OUTLETS if outlet.id == outlet_id)
    article = articles_of(outlet_id)[0]
    _, headers, body = fetch(origin(outlet_id, PORT) + path_of(outlet, article))
    assert headers.get_content_charset() == (charset if in_header else None)
    assert re.search(rb"charset=\"?" + charset.encode(), body[:400])
    assert article.headline in unreferenced(body.decode(charset))
    if charset != "utf-8":
        with pytest.raises(UnicodeDecodeError):
            body.decode("utf-8")


@pytest.mark.parametrize(
    ("kind", "status"),
    [
        ("gone_404", 404),
        ("gone_410", 410),
        ("soft_404", 200),
        ("redirect_home", 302),
        ("redirect_loop", 302),
        ("leads_inside", 302),
        ("leads_to_file", 302),
        ("leads_to_data", 302),
        ("injects_header", 302),
        ("shell", 200),
        ("server_error", 500),
        ("too_large", 200),
        ("gzip_bomb", 200),
        ("moved", 301),
        ("bot_wall", 200),
        ("not_html", 200),
        ("refused", 403),
    ],
)
def test_addresses_that_lead_nowhere_answer_as_they_are_meant_to(
    web: SampleWeb, kind: str, status: int
) -> None:
    """Every kind of dead end is there, with its status."""
    odds = [(outlet, odd) for outlet in OUTLETS for odd in outlet.odd if odd.kind == kind]
    assert odds
    for outlet, odd in odds:
        assert fetch(origin(outlet.id, PORT) + odd.path)[0] == status


def test_a_sitemap_index_has_traps(web: SampleWeb) -> None:
    """It lists itself, and a calendar whose every part leads to a next one."""
    (trapped,) = [outlet for outlet in OUTLETS if outlet.sitemap and outlet.sitemap.trap]
    assert trapped.sitemap is not None
    home = origin(trapped.id, PORT)
    listed = locations(fetch(home + trapped.sitemap.path)[2])
    assert home + trapped.sitemap.path in listed
    month = f"{home}/calendar"
    assert month in listed
    for _ in range(5):
        (following,) = locations(fetch(month)[2])
        assert following != month
        month = following


def test_a_sitemap_holds_a_bomb(web: SampleWeb) -> None:
    """Some bytes that stand for ten thousand million words: a reader that undid them would never end."""
    (trapped,) = [outlet for outlet in OUTLETS if outlet.sitemap and outlet.sitemap.trap]
    status, _, body = fetch(origin(trapped.id, PORT) + BOMB)
    assert status == 200
    assert len(body) < 1500
    assert body.count(b"<!ENTITY") == 10


def test_a_page_drips(web: SampleWeb) -> None:
    """It comes a byte at a time: after a second a few are there, and the connection is alive."""
    (odd,) = [(outlet, odd) for outlet in OUTLETS for odd in outlet.odd if odd.kind == "slow_drip"]
    outlet, address = odd[0], odd[1].path
    connection = http.client.HTTPConnection(origin(outlet.id, PORT).removeprefix("http://"), timeout=5)
    connection.request("GET", address)
    answer = connection.getresponse()
    began = time.monotonic()
    assert answer.read(4) == b"<!DO"
    assert 0.5 < time.monotonic() - began < 5
    connection.close()


def test_bodies_that_are_too_large(web: SampleWeb) -> None:
    """One has 50 MB, the bomb is a thousandth of what it unpacks to: both are too much for the study."""
    at = {odd.kind: origin(outlet.id, PORT) + odd.path for outlet in OUTLETS for odd in outlet.odd}
    _, headers, packed = fetch(at["gzip_bomb"])
    assert headers["Content-Encoding"] == "gzip"
    assert len(gzip.decompress(packed)) > 500 * len(packed) > 2_000_000
    status, headers, body = fetch(at["too_large"], Accept_Encoding="gzip")
    assert (status, headers["Content-Encoding"]) == (200, None)
    assert len(body) == pytest.approx(50_000_000, rel=0.01)


def test_a_server_names_another_charset_than_its_pages_have(web: SampleWeb) -> None:
    """The header says ISO-8859-1, the bytes are UTF-8, and the page says so."""
    (outlet,) = [outlet for outlet in OUTLETS if outlet.header_charset]
    _, headers, body = fetch(origin(outlet.id, PORT) + path_of(outlet, articles_of(outlet.id)[0]))
    assert headers.get_content_charset() == outlet.header_charset == "iso-8859-1"
    assert b"charset=utf-8" in body
    assert articles_of(outlet.id)[0].headline in unreferenced(body.decode("utf-8"))


def test_broken_pages_have_nul_bytes_and_no_end(web: SampleWeb) -> None:
    """One outlet's pages lack end tags, as a careless template makes them."""
    (outlet,) = [outlet for outlet in OUTLETS if outlet.broken]
    body = fetch(origin(outlet.id, PORT) + path_of(outlet, articles_of(outlet.id)[0]))[2]
    assert b"\0" in body
    assert not [tag for tag in (b"</p>", b"</body>", b"</html>") if tag in body]


def test_twins_show_the_same_article(web: SampleWeb) -> None:
    """A second address has the first one's bytes, but for the canonical link where it has none."""
    for outlet in OUTLETS:
        for twin in outlet.twin:
            article = next(a for a in articles_of(outlet.id) if a.id == twin.article)
            home = origin(outlet.id, PORT)
            first, second = fetch(home + path_of(outlet, article))[2], fetch(home + twin.path)[2]
            assert first == second
            assert (b'rel="canonical"' in second) == twin.canonical


def test_marks_of_campaigns_change_nothing(web: SampleWeb) -> None:
    """An address with utm_ parameters answers as without; another query does not."""
    home = origin("oasis-khayaliya", PORT)
    plain = fetch(f"{home}/article.php?id=1")[2]
    assert fetch(f"{home}/article.php?id=1&utm_source=feed&utm_medium=rss")[2] == plain
    assert fetch(f"{home}/article.php?id=1&page=2")[0] == 404


def test_the_log_holds_what_was_asked(web: SampleWeb) -> None:
    """Outlet, path and status of a request are in the log once its answer has arrived."""
    fetch(origin("copycat-digest", PORT) + "/for-the-log?x=1")
    assert web.requests[-1] == Request("copycat-digest", "/for-the-log?x=1", 404)


def test_a_taken_port_is_an_error_that_says_what_to_do() -> None:
    """No half of the sample stays up, and the message names the port and the option."""
    first = PORT + 30
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", first + 3))
        taken.listen()
        with pytest.raises(UsageError, match=rf"port {first + 3} .* is taken: .*--port"), SampleWeb(first):
            pass
    with SampleWeb(first), pytest.raises(urllib.error.HTTPError):
        urllib.request.urlopen(f"http://127.0.0.1:{first}/nowhere", timeout=10)


def test_a_port_that_does_not_exist_is_an_error() -> None:
    """The last of the ports would lie above 65535."""
    with pytest.raises(UsageError, match="--port"), SampleWeb(65530):
        pass


def test_the_same_bytes_on_every_start() -> None:
    """Pages and listings do not depend on the time or on chance."""
    for outlet in OUTLETS:
        assert Site(outlet, PORT).answers == Site(outlet, PORT).answers


def test_the_sample_replaces_no_other_study(tmp_path: Path) -> None:
    """In the folder of a real study it writes nothing and says where to go; its own it writes anew."""
    sources = tmp_path / "sources.toml"
    sources.write_bytes((ROOT / "sources.toml").read_bytes())
    with pytest.raises(UsageError, match="--study sample-study"):
        write_study(tmp_path, 23000, ROOT / "claims.toml")
    assert sources.read_bytes() == (ROOT / "sources.toml").read_bytes()
    assert not (tmp_path / "claims.toml").exists()
    for port in (23000, 24000):
        write_study(tmp_path / "sample", port, ROOT / "claims.toml")
        assert f"127.0.0.1:{port}" in (tmp_path / "sample" / "sources.toml").read_text(encoding="utf-8")
