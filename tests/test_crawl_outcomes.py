"""Every candidate ends in an outcome: one crawl over a server that answers in every way.

Also tests crawler/crawl/crawl.py, crawler/crawl/outlet_state.py, crawler/crawl/run.py,
crawler/crawl/spider.py, crawler/outcomes.py, crawler/page/ledger_entry.py, crawler/web/capturing.py,
crawler/web/failures.py and crawler/crawl/result.py.
"""

import gzip
from collections.abc import Iterator
from pathlib import Path

import pytest

from gossi.crawler.capture.read import read_page_at
from tests.crawling import Crawled, collected, crawl_study, outcomes, rows
from tests.lexicons import write_sources
from tests.loopback import WEATHER, Answer, LoopbackSite, article, outlet, redirect, sources

HTML = {"Content-Type": "text/html; charset=utf-8"}
MISSING = Answer(
    b"<html><title>Nothing here</title><body>Gossi Gazette: no such page</body></html>", 200, HTML
)
FEED = Answer(
    b"<?xml version='1.0'?><rss><channel><title>Gossi</title><item><description><p>Gossi</p>"
    b"</description></item></channel></rss>",
    200,
    HTML,
)
MAX_BYTES = 300_000

ANSWERS: dict[str, tuple[Answer, str]] = {
    "/news/whole": (article("The grave at Gossi"), "on_topic"),
    "/news/weather": (Answer(WEATHER, 200, HTML), "off_topic"),
    "/news/gossip": (Answer(WEATHER.replace(b"Rain", b"Gossip about rain"), 200, HTML), "off_topic"),
    "/news/before": (article("Gossi before", published="2021-01-01T10:00:00Z"), "out_of_window"),
    "/news/404": (Answer(b"", 404), "gone"),
    "/news/410": (Answer(b"", 410), "gone"),
    "/news/401": (Answer(b"", 401), "refused"),
    "/news/403": (Answer(b"", 403), "refused"),
    "/news/451": (Answer(b"", 451), "refused"),
    "/news/500": (Answer(b"", 500), "server_error"),
    "/news/304": (Answer(b"", 304), "server_error"),  # nobody asked whether it had changed
    "/news/soft": (MISSING, "soft_404"),
    "/news/home": (redirect("/"), "redirect_home"),
    "/news/loop": (redirect("/news/loop2"), "unreachable"),
    "/news/file": (redirect("file:///etc/hostname"), "forbidden_address"),
    "/news/data": (redirect("data:text/html,Gossi"), "forbidden_address"),
    "/news/nowhere": (Answer(b"", 302), "gone"),
    "/news/feed": (FEED, "not_html"),
    "/news/internal": (redirect("http://169.254.169.254/latest/meta-data/"), "forbidden_address"),
    "/news/private": (redirect("http://10.1.2.3/"), "forbidden_address"),
    "/news/pdf": (Answer(b"%PDF-1.7 Gossi", 200, {"Content-Type": "application/pdf"}), "not_html"),
    "/news/picture": (Answer(b"\x89PNG\r\n\x1a\n\0\0", 200, HTML), "not_html"),
    "/news/large": (Answer(b"<html>" + b"Gossi " * MAX_BYTES, 200, HTML), "too_large"),
    "/news/birth-certificate": (Answer(b"<html>" + b"Gossi " * MAX_BYTES, 200, HTML), "too_large"),
    "/news/bomb": (
        Answer(gzip.compress(b"<html>" + b"Gossi " * MAX_BYTES), 200, HTML | {"Content-Encoding": "gzip"}),
        "too_large",
    ),
    "/news/slow": (Answer(b"", 200, HTML, seconds=6.0), "timeout"),
    "/news/empty": (Answer(b"", 200, HTML), "not_html"),
    "/news/shell": (
        Answer(b"<html><head><script>var place = 'Gossi';</script></head><body></body></html>", 200, HTML),
        "extraction_failed",
    ),
}


@pytest.fixture(scope="module")
def crawled(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[Path, LoopbackSite, Crawled]]:
    """The study after a crawl of that server, the server, and how it ended."""
    study = tmp_path_factory.mktemp("outcomes")
    site = LoopbackSite({path: answer for path, (answer, _) in ANSWERS.items()})
    site.routes |= {"/": Answer(b"<html><body>Gossi front page</body></html>", 200, HTML)}
    site.routes |= {"/news/loop2": redirect("/news/loop")}
    site.missing = MISSING
    with site:
        write_sources(
            study,
            sources(
                f"delay = 0.0\ntimeout = 2.0\nmax_bytes = {MAX_BYTES}", outlet("gazette", site, *ANSWERS)
            ),
        )
        yield study, site, crawl_study(study)


def test_every_answer_has_its_outcome(crawled: tuple[Path, LoopbackSite, Crawled]) -> None:
    """What came of each URL is told apart; nothing is dropped, nothing ends the run."""
    study, _, result = crawled
    assert outcomes(study) == {path: outcome for path, (_, outcome) in ANSWERS.items()}
    assert result.returncode == 0, result.stderr
    assert not result.stderr


def test_every_answer_shows_in_collection(crawled: tuple[Path, LoopbackSite, Crawled]) -> None:
    """Each URL is in one of the columns: read, refused, or failed; none is left out."""
    study, _, _ = crawled
    # By the outcomes above: 8 were read, were of another time or no pages; 3 said that we may not.
    assert collected(study)["gazette"] == {
        "expected": 28, "fetched": 8, "refused": 3, "failed": 17, "not_asked": 0, "gaps": 0,
    }  # fmt: skip


def test_what_answered_is_kept(crawled: tuple[Path, LoopbackSite, Crawled]) -> None:
    """Each attempt that got an answer leads to a record in a WARC file."""
    study, _, _ = crawled
    kept = rows(study, "SELECT final_url, warc_file, warc_offset FROM attempt WHERE http_status = 200")
    assert len(kept) > 5
    for url, file, offset in kept:
        page = read_page_at(study / "data" / "captures" / str(file), int(str(offset)))
        assert page.url == url


def test_the_next_run_asks_again_only_for_what_may_have_changed(
    crawled: tuple[Path, LoopbackSite, Crawled],
) -> None:
    """Failures that may pass are tried again; pages that were read, and pages that are gone, are not."""
    study, site, _ = crawled
    before = len(site.asked)
    assert crawl_study(study).returncode == 0
    again = {path for path, _ in site.asked[before:] if path in ANSWERS}
    assert again == {
        "/news/401", "/news/403", "/news/451", "/news/500", "/news/304", "/news/slow", "/news/loop",
        "/news/shell",
    }  # fmt: skip


def test_pages_beyond_the_limit_are_left_for_the_next_runs(tmp_path: Path) -> None:
    """Each run asks for as many as max_pages says, first for those that were left; none is asked twice."""
    pages = [f"/{n}" for n in range(5)]
    with LoopbackSite({path: article(f"Gossi {path}") for path in pages}) as site:
        write_sources(tmp_path, sources("delay = 0.0\nmax_pages = 2", outlet("gazette", site, *pages)))
        left = []
        for _ in range(4):
            assert crawl_study(tmp_path).returncode == 0
            left.append(list(outcomes(tmp_path).values()).count("limit"))
    assert left == [3, 1, 0, 0]
    assert sorted(path for path in site.paths() if path in pages) == pages


def test_each_host_of_an_outlet_is_probed_once(tmp_path: Path) -> None:
    """A feed names another host's page first; what either shows for a page that is gone is a soft 404."""
    text = " ".join(
        f"The Gossi Gazette has moved and lost article {n}; please try the search." for n in range(9)
    )
    lost = article("Nothing here", text)
    with LoopbackSite({"/far": article("Gossi afar")}) as far, LoopbackSite() as own:
        links = (f"{far.home}/far", f"{own.home}/lost", f"{own.home}/lost-too", f"{far.home}/lost")
        items = "".join(f"<item><link>{link}</link></item>" for link in links)
        feed = f"<rss><channel>{items}</channel></rss>".encode()
        own.routes |= {"/feed": Answer(feed, 200, {"Content-Type": "text/xml"})}
        own.routes |= {"/robots.txt": Answer(b"", 404)}
        own.missing = lost
        far.missing = Answer(lost.body.replace(b"Nothing here", b"Gone"))
        far.routes |= {"/robots.txt": Answer(b"", 404)}
        write_sources(tmp_path, sources("delay = 0.0", outlet("own", own, feeds=["/feed"])))
        crawl_study(tmp_path)
        probes = [path for path in (*own.paths(), *far.paths()) if "probe" in path]
    found = rows(tmp_path, "SELECT url, outcome FROM candidate")
    assert dict(found) == dict(zip(links, ["on_topic", *["soft_404"] * 3], strict=True))
    assert len(probes) == 2
