"""`scan` of the web: files come whole, byte for byte, whatever the server does; lists lead where they should.

Tests crawler/scan/fetch.py and crawler/scan/archive.py.
"""

import gzip
from collections.abc import Iterator, Mapping
from datetime import date
from pathlib import Path
from random import Random

import pytest

from gossi.crawler.errors import ConfigError, InputError, UsageError
from gossi.crawler.scan.archive import Lists
from gossi.crawler.scan.fetch import Fetching
from gossi.crawler.study.sources import Window
from tests.lexicons import write_sources
from tests.loopback import Answer, LoopbackSite, redirect
from tests.web_archive import GAZETTE, OFF, archived, held, new_study, on, outlets, packed, scanned

CONTENT = Random(1).randbytes(700_000)  # noqa: S311 - bytes in which each place is told from others


@pytest.fixture
def site() -> Iterator[LoopbackSite]:
    """An empty server."""
    with LoopbackSite() as running:
        yield running


@pytest.fixture
def fetching(tmp_path: Path) -> Fetching:
    """Without pauses."""
    return Fetching(tmp_path / "incoming", "GossiCoverage/0 (+mailto:desk@gossi.example)", 0.0)


class Ranged:
    """A server's file that breaks off after so many bytes, and has every place of it on demand."""

    def __init__(self, content: bytes, breaks_after: int, refusals: Mapping[int, int] | None = None) -> None:
        self.content = content
        self.etag = '"one"'
        self.asked: list[str] = []
        self._after = breaks_after
        self._refusals = refusals or {}

    def __call__(self, headers: Mapping[str, str]) -> Answer:
        """What is answered to a request with these headers."""
        asked = headers.get("Range", "")
        self.asked.append(asked)
        if status := self._refusals.get(len(self.asked)):
            return Answer(b"<html>SlowDown</html>", status)
        assert headers["Accept-Encoding"] == "identity"
        start = int(asked.removeprefix("bytes=").removesuffix("-") or 0)
        if start and headers.get("If-Range") != self.etag:
            start = 0
        rest = self.content[start:]
        last = len(self.content) - 1
        head = f"HTTP/1.1 {'206 Partial' if start else '200 OK'}\r\nETag: {self.etag}\r\n"
        head += f"Content-Length: {len(rest)}\r\n"
        head += f"Content-Range: bytes {start}-{last}/{last + 1}\r\n" if start else ""
        return Answer(raw=f"{head}\r\n".encode() + rest[: self._after])


def test_what_breaks_off_is_gone_on_with(site: LoopbackSite, fetching: Fetching) -> None:
    """Byte for byte, each part asked for once."""
    file = site.routes["/file"] = Ranged(CONTENT, 200_000)
    place = fetching.fetched(f"{site.home}/file")
    assert place.read_bytes() == CONTENT
    assert file.asked == ["", "bytes=200000-", "bytes=400000-", "bytes=600000-"]
    assert site.agents == {"GossiCoverage/0 (+mailto:desk@gossi.example)"}
    fetching.forget(f"{site.home}/file")
    assert list(fetching.folder.iterdir()) == []


def test_a_refusal_midway_is_waited_out(site: LoopbackSite, fetching: Fetching) -> None:
    """403 and 503 are what archives answer to who asks too much."""
    site.routes["/file"] = Ranged(CONTENT, 400_000, {2: 403, 3: 503, 4: 403})
    assert fetching.fetched(f"{site.home}/file").read_bytes() == CONTENT


def test_a_lasting_refusal_leaves_what_came_for_the_next_time(site: LoopbackSite, fetching: Fetching) -> None:
    """Another process goes on where this one gave up."""
    site.routes["/file"] = Ranged(CONTENT, 400_000, dict.fromkeys(range(2, 9), 403))
    with pytest.raises(InputError, match=f"{site.home}/file: cannot be fetched: HTTP 403; scan it again"):
        fetching.fetched(f"{site.home}/file")
    file = site.routes["/file"] = Ranged(CONTENT, 400_000)
    assert fetching.fetched(f"{site.home}/file").read_bytes() == CONTENT
    assert file.asked == ["bytes=400000-"]


def test_parts_of_two_files_are_never_joined(site: LoopbackSite, fetching: Fetching) -> None:
    """Where another file lies at the address in the meantime, it is fetched from its beginning."""
    site.routes["/file"] = Ranged(CONTENT, 400_000, dict.fromkeys(range(2, 9), 403))
    with pytest.raises(InputError):
        fetching.fetched(f"{site.home}/file")
    other = site.routes["/file"] = Ranged(CONTENT[::-1], 400_000)
    other.etag = '"two"'
    assert fetching.fetched(f"{site.home}/file").read_bytes() == CONTENT[::-1]


@pytest.mark.parametrize(
    "answer",
    [
        Answer(CONTENT, 200, {}),
        Answer(stream=lambda: iter([CONTENT[:300_000], CONTENT[300_000:]])),
        redirect("/moved"),
    ],
    ids=["length", "chunks", "redirect"],
)
def test_whole_answers_are_taken(site: LoopbackSite, fetching: Fetching, answer: Answer) -> None:
    """With a length, in chunks, or at another address; without an ETag too."""
    site.routes |= {"/file": answer, "/moved": Answer(CONTENT, 200, {})}
    assert fetching.fetched(f"{site.home}/file").read_bytes() == CONTENT


@pytest.mark.parametrize(
    ("answer", "told"),
    [
        (Answer(b"", 404), "HTTP 404; is the address right"),
        (Answer(gzip.compress(CONTENT), 200, {"Content-Encoding": "gzip"}), "cannot be fetched"),
        (
            Answer(raw=b"HTTP/1.1 200 OK\r\nContent-Length: 900\r\n\r\nless"),
            "cannot be fetched: ProtocolError",
        ),
        (Answer(raw=b"nonsense\r\n\r\n"), "cannot be fetched"),
        (Answer(CONTENT[:10], 206, {"Content-Range": "bytes 5-14/90"}), "cannot be fetched: HTTP 206"),
    ],
    ids=["gone", "packed", "short", "nonsense", "another-part"],
)
def test_what_cannot_be_had_whole_is_an_error(
    site: LoopbackSite, fetching: Fetching, answer: Answer, told: str
) -> None:
    """Never a part for the whole, nor bytes that were packed on the way."""
    site.routes["/file"] = answer
    with pytest.raises(InputError, match=told):
        fetching.fetched(f"{site.home}/file")


def test_a_scan_of_the_web_is_one_of_the_same_files(site: LoopbackSite, tmp_path: Path) -> None:
    """A month by its list, whose files break off; nothing is asked for twice, and nothing left over."""
    names = [f"crawl-data/CC-NEWS/2022/04/CC-NEWS-202204{day}000318-0120{day}.warc.gz" for day in (24, 25)]
    contents = [
        packed(archived({f"https://{GAZETTE}/{n}": on(f"edition {n}"), f"https://{GAZETTE}/rain/{n}": OFF}))
        for n in range(2)
    ]
    for name, content in zip(names, contents, strict=True):
        site.routes[f"/{name}"] = Ranged(content, 2000)
        (tmp_path / Path(name).name).write_bytes(content)
    lines = gzip.compress("".join(f"{name}\n" for name in names).encode())
    site.routes["/crawl-data/CC-NEWS/2022/04/warc.paths.gz"] = Answer(lines, 200, {})
    study, here = new_study(tmp_path / "web"), new_study(tmp_path / "here")
    table = f'\n[study.commoncrawl]\ndata = "{site.home}"\n'
    write_sources(study.root, outlets(GAZETTE).replace("[[bloc]]", table + "[[bloc]]", 1))
    result = scanned(study, months=["2022-04"], workers=2)
    assert (result.exit_code, result.outcomes["on_topic"], result.problems) == (0, 2, [])
    scanned(here, *(tmp_path / Path(name).name for name in names))
    of_both = [{**held(each), "captures": [], "files": []} for each in (study, here)]
    assert of_both[0] == of_both[1]
    assert list((study.scans / "incoming").iterdir()) == []
    asked = len(site.asked)
    assert scanned(study, months=["2022-04"]).outcomes["files read"] == 0
    assert site.paths()[asked:] == ["/crawl-data/CC-NEWS/2022/04/warc.paths.gz"]


def test_nobody_is_asked_under_the_placeholder(tmp_path: Path) -> None:
    """Neither for a month nor for a file that a list of this machine names."""
    study = new_study(tmp_path)
    text = (
        (tmp_path / "sources.toml")
        .read_text()
        .replace("gossi.example/contact", "example.org/who-runs-this-crawl")
    )
    write_sources(tmp_path, text)
    (tmp_path / "files.paths").write_text("crawl-data/CC-NEWS/2022/04/CC-NEWS-20220424000318-01200.warc.gz\n")
    for asked in ({"months": ["2022-04"]}, {}):
        with pytest.raises(ConfigError, match="still the placeholder"):
            scanned(study, *([] if asked else [tmp_path / "files.paths"]), **asked)


def listed(tmp_path: Path, content: bytes, name: str = "warc.paths", days: Window | None = None) -> list[str]:
    """The files that a list of this machine names; an error as its message."""
    (tmp_path / name).write_bytes(content)
    lists = Lists("https://data.commoncrawl.example/", days, Fetching(tmp_path / "incoming", "", 0.0))
    return [str(each) for each in lists.files([str(tmp_path / name)])]


def test_lists_name_files_in_every_usual_way(tmp_path: Path) -> None:
    """Lines of Common Crawl, its bucket, URLs, and files beside the list; each once."""
    (tmp_path / "beside.warc.gz").touch()
    lines = (
        "crawl-data/CC-NEWS/a.warc.gz\ns3://commoncrawl/crawl-data/CC-NEWS/b.warc.gz\n"
        "\nhttps://elsewhere.example/c.warc\r\nbeside.warc.gz\ncrawl-data/CC-NEWS/a.warc.gz\n"
    )
    for name, content in (("a.paths.gz", gzip.compress(lines.encode())), ("b.txt", lines.encode())):
        assert listed(tmp_path, content, name) == [
            "https://data.commoncrawl.example/crawl-data/CC-NEWS/a.warc.gz",
            "https://data.commoncrawl.example/crawl-data/CC-NEWS/b.warc.gz",
            "https://elsewhere.example/c.warc",
            str((tmp_path / "beside.warc.gz").resolve()),
        ]


@pytest.mark.parametrize(
    "content",
    [b"", b"\n\n", b"<html>Access denied</html>", gzip.compress(b"a")[:-3], b"file:///etc/passwd\n"],
)
def test_what_is_no_list_is_told(tmp_path: Path, content: bytes) -> None:
    """An error page or an empty file in its place is no month without news."""
    [told] = listed(tmp_path, content)
    assert told.startswith(f"{tmp_path / 'warc.paths'}: ")


def test_a_list_of_the_web_names_no_file_of_this_machine(
    site: LoopbackSite, tmp_path: Path, fetching: Fetching
) -> None:
    """Whatever it says, only the archive's own files are meant."""
    site.routes["/l.paths"] = Answer(f"{tmp_path}/secret.warc\n".encode(), 200, {})
    (tmp_path / "secret.warc").touch()
    found = Lists("https://data.example", None, fetching).files([f"{site.home}/l.paths"])
    assert list(found) == [f"https://data.example/{str(tmp_path).lstrip('/')}/secret.warc"]


def test_files_without_articles_of_the_days_are_left_out_of_lists(tmp_path: Path) -> None:
    """By when they were begun, with a margin on both sides; a file with another name is read."""
    names = [f"x/CC-NEWS-202204{day:02}120000-00001.warc.gz" for day in (1, 17, 18, 20, 28, 30)]
    days = Window(first=date(2022, 4, 20), last=date(2022, 4, 22))
    found = listed(tmp_path, "\n".join([*names, "x/other.warc.gz"]).encode(), days=days)
    assert [each.rpartition("/")[2][:16] for each in found] == [
        "CC-NEWS-20220418", "CC-NEWS-20220420", "CC-NEWS-20220428", "other.warc.gz",
    ]  # fmt: skip


def test_folders_give_their_files(tmp_path: Path, fetching: Fetching) -> None:
    """In their order, folders within too; an empty one is told."""
    for name in ("b.warc.gz", "deep/a.warc", "notes.txt", "deep/c.warc.zst"):
        (tmp_path / name).parent.mkdir(exist_ok=True)
        (tmp_path / name).touch()
    (tmp_path / "empty").mkdir()
    lists = Lists("https://data.example", None, fetching)
    found = [str(each) for each in lists.files([str(tmp_path), str(tmp_path / "empty")])]
    assert [Path(each).name for each in found[:3]] == ["b.warc.gz", "a.warc", "c.warc.zst"]
    assert found[3].startswith(f"{tmp_path / 'empty'}: has no WARC files")


def test_a_month_is_a_month(fetching: Fetching) -> None:
    """Its list lies where Common Crawl says."""
    lists = Lists("https://data.example/", None, fetching)
    assert lists.month("2022-04") == "https://data.example/crawl-data/CC-NEWS/2022/04/warc.paths.gz"
    for wrong in ("2022", "2022-13", "April"):
        with pytest.raises(UsageError, match=r"write it like 2022-04"):
            lists.month(wrong)
