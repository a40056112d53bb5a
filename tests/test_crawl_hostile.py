"""Hostile servers: what they do is bounded in time and memory, has an outcome, and harms nothing else."""

import gzip
import os
import time
import zlib
from collections.abc import Iterator
from pathlib import Path

import brotli
import pytest

from gossi.crawler.capture.read import ReadReport, read_pages
from gossi.crawler.capture.zstandard import zstd
from tests.crawling import Crawled, collected, crawl_study, outcomes, rows
from tests.lexicons import write_sources
from tests.loopback import WEATHER, Answer, LoopbackSite, Route, article, outlet, redirect, sources

HTML = {"Content-Type": "text/html; charset=utf-8"}
MAX_BYTES = 1_000_000
HUGE = 300_000_000
"""Bytes that the bombs unpack to; in memory they would show at once."""

MEGABYTE = b"<p>Gossi and " + b"x" * 1_000_000 + b"</p>"


def fifty_megabytes() -> Iterator[bytes]:
    """A page of 50 MB whose length nobody announced."""
    for _ in range(50):
        yield MEGABYTE


def endless() -> Iterator[bytes]:
    """A page without an end."""
    while True:
        yield MEGABYTE


def drip() -> Iterator[bytes]:
    """A byte now and then, for a minute: never so slow that the connection looks dead."""
    yield b"<html><body><p>Gossi</p>"
    for _ in range(120):
        time.sleep(0.5)
        yield b" "


def zeros(packer: "zlib._Compress | zstd.ZstdCompressor | brotli.Compressor") -> bytes:
    """HUGE zero bytes, packed."""
    step = bytes(10_000_000)
    pack = packer.process if isinstance(packer, brotli.Compressor) else packer.compress
    packed = b"".join(pack(step) for _ in range(HUGE // len(step)))
    return packed + (packer.finish() if isinstance(packer, brotli.Compressor) else packer.flush())


def packed_as(coding: str, body: bytes) -> Answer:
    """An answer with a content encoding."""
    return Answer(body, 200, HTML | {"Content-Encoding": coding})


def raw(head: str, body: bytes = b"<html><body><p>Gossi</p></body></html>") -> Answer:
    """An answer with exactly this head, and no length: its end is where the connection closes."""
    return Answer(raw=f"HTTP/1.1 200 OK\r\n{head}\r\n\r\n".encode("latin-1") + body)


def refresh(to: str) -> Answer:
    """A page that leads elsewhere by itself."""
    return Answer(f'<html><head><meta http-equiv="refresh" content="0;url={to}"></head>Gossi</html>'.encode())


GZIP_BOMB = zeros(zlib.compressobj(9, wbits=31))

HOSTILE: dict[str, tuple[Route, str]] = {
    "/a/fifty-megabytes": (Answer(bytes(50_000_000), 200, HTML), "too_large"),
    "/a/fifty-megabytes-unannounced": (Answer(headers=HTML, stream=fifty_megabytes), "too_large"),
    "/a/endless": (Answer(headers=HTML, stream=endless), "too_large"),
    "/a/gzip-bomb": (packed_as("gzip", GZIP_BOMB), "too_large"),
    "/a/gzip-bomb-in-gzip": (packed_as("gzip, gzip", gzip.compress(GZIP_BOMB)), "too_large"),
    "/a/deflate-bomb": (packed_as("deflate", zeros(zlib.compressobj(9))), "too_large"),
    "/a/brotli-bomb": (packed_as("br", zeros(brotli.Compressor(quality=1))), "too_large"),
    "/a/zstd-bomb": (packed_as("zstd", zeros(zstd.ZstdCompressor())), "too_large"),
    "/a/endless-headers": (raw("Set-Cookie: a=b\r\n" * 100_000), "too_large"),
    "/a/status-of-five-digits": (
        Answer(raw=b"HTTP/1.1 32768 Beyond\r\nContent-Length: 0\r\n\r\n"),
        "unreachable",
    ),
    "/a/drip": (Answer(headers=HTML, stream=drip), "timeout"),
    "/a/loop": (redirect("/a/loop2"), "unreachable"),
    "/a/longer-and-longer": (lambda _: redirect("/a/longer-and-longer"), "unreachable"),
    "/a/refresh": (refresh("/a/refresh2"), "unreachable"),
    "/a/reloads": (refresh("/a/reloads"), "extraction_failed"),  # what its readers see: no article
    "/a/file": (redirect("file:///etc/hostname"), "forbidden_address"),
    "/a/data": (redirect("data:text/html,<html>Gossi"), "forbidden_address"),
    "/a/ftp": (redirect("ftp://192.0.2.1/a"), "forbidden_address"),
    "/a/no-address": (redirect("http://[broken/"), "forbidden_address"),
    "/a/no-port": (redirect("http://127.0.0.1:99999/"), "forbidden_address"),
    "/a/metadata": (redirect("http://169.254.169.254/latest/meta-data/"), "forbidden_address"),
    "/a/private": (redirect("http://192.168.0.1/"), "forbidden_address"),
    "/a/private-in-disguise": (redirect("http://0xa.1.2.3/"), "forbidden_address"),
    "/a/private-as-a-number": (redirect("http://167838211/"), "forbidden_address"),
    "/a/private-in-ipv6": (redirect("http://[::ffff:10.1.2.3]/"), "forbidden_address"),
    "/a/garbage": (Answer(raw=b"\x00\xff\xfe nonsense\r\n\r\n"), "unreachable"),
    "/a/hangs-up": (Answer(raw=b"HTTP/1.1 200 OK\r\nContent-Length: 900\r\n\r\n<html>Gossi"), "unreachable"),
    "/a/broken-gzip": (packed_as("gzip", b"\x1f\x8b\x08 not gzip at all"), "not_html"),
    "/a/torn-gzip": (
        packed_as("gzip", gzip.compress(b"<html>Gossi" + os.urandom(9000))[:-90]),
        "unreachable",
    ),
    "/a/broken-brotli": (packed_as("br", b"\x0b\x02\x80 not brotli"), "not_html"),
    "/a/broken-zstd": (packed_as("zstd", b"\x28\xb5\x2f\xfd not zstd"), "not_html"),
    "/a/ends-early": (raw("Content-Type: text/html", b"<html><body><p>The grave at Gossi"), "unreachable"),
    "/a/without-a-length": (raw("Content-Type: text/html", WEATHER + b"\n"), "off_topic"),
    "/a/no-encoding-at-all": (packed_as("sideways", WEATHER), "off_topic"),
    "/a/charset-of-nothing": (
        Answer(WEATHER, 200, {"Content-Type": "text/html; charset=\x07;;="}),
        "off_topic",
    ),
}


@pytest.fixture(scope="module")
def crawled(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[Path, LoopbackSite, Crawled, float]]:
    """One crawl of an outlet that does all of this and of one that does nothing of the kind; its seconds."""
    study = tmp_path_factory.mktemp("hostile")
    with LoopbackSite({path: route for path, (route, _) in HOSTILE.items()}) as site, LoopbackSite() as quiet:
        site.routes |= {"/a/loop2": redirect("/a/loop"), "/a/refresh2": refresh("/a/refresh")}
        quiet.routes |= {f"/{n}": article(f"Gossi, report {n}") for n in range(5)}
        write_sources(
            study,
            sources(
                f"delay = 0.0\ntimeout = 2.0\nmax_bytes = {MAX_BYTES}",
                outlet("hostile", site, *HOSTILE),
                outlet("quiet", quiet, *(f"/{n}" for n in range(5))),
            ),
        )
        began = time.monotonic()
        result = crawl_study(study, workers=True, timeout=600)
        yield study, site, result, time.monotonic() - began


def test_everything_hostile_has_its_outcome(crawled: tuple[Path, LoopbackSite, Crawled, float]) -> None:
    """Each trick is told by the outcome of its page, and the run ends well."""
    study, _, result, _ = crawled
    found = {path: outcome for path, outcome in outcomes(study).items() if path in HOSTILE}
    assert found == {path: outcome for path, (_, outcome) in HOSTILE.items()}
    assert (result.returncode, result.stderr) == (0, "")


def test_everything_hostile_shows_in_collection(crawled: tuple[Path, LoopbackSite, Crawled, float]) -> None:
    """No page is left out: what is neither readable nor some other kind of file is told as failed."""
    study, _, _, _ = crawled
    figures = collected(study)
    readable = sum(outcome in {"off_topic", "not_html"} for _, outcome in HOSTILE.values())
    assert figures["hostile"] == {
        "expected": len(HOSTILE), "fetched": readable, "refused": 0,
        "failed": len(HOSTILE) - readable, "not_asked": 0, "gaps": 0,
    }  # fmt: skip
    assert figures["quiet"]["fetched"] == 5


def test_the_rest_of_the_run_is_unharmed(crawled: tuple[Path, LoopbackSite, Crawled, float]) -> None:
    """The other outlet's articles are all there."""
    study, _, _, _ = crawled
    assert rows(study, "SELECT count(*) FROM article WHERE outlet_id = 'quiet'") == [(5,)]


def test_hostile_pages_are_bounded_in_memory_and_time(
    crawled: tuple[Path, LoopbackSite, Crawled, float], tmp_path: Path
) -> None:
    """Against a crawl of one plain page the peak grows by a few bodies of the allowed size, no more."""
    _, _, result, seconds = crawled
    with LoopbackSite({"/a": article("Gossi")}) as site:
        write_sources(tmp_path, sources("delay = 0.0", outlet("plain", site, "/a")))
        plain = crawl_study(tmp_path, workers=True)
    assert result.peak - plain.peak < 40 * MAX_BYTES < HUGE / 5
    # Three tries at 2 s each for the page that drips; the rest is over at once.
    assert seconds < 45


def test_what_was_kept_can_be_read(crawled: tuple[Path, LoopbackSite, Crawled, float]) -> None:
    """No answer, however broken, spoils the WARC file for those beside it."""
    study, _, _, _ = crawled
    report = ReadReport()
    (file,) = (study / "data" / "captures").rglob("*.warc.gz")
    urls = [page.url for page in read_pages(file, report)]
    assert sum(url.endswith(("/0", "/1", "/2", "/3", "/4")) for url in urls) == 5
    assert set(report.skipped) <= {"warcinfo", "too_large", "undecodable"}
