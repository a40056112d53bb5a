"""crawler/sample/study.py and command.py: the study that is written, and serving it for a command."""

import signal
import subprocess
import sys
import urllib.error
import urllib.request
from pathlib import Path

import pytest

from crawler.errors import UsageError
from crawler.sample.addresses import listed_pages, origin
from crawler.sample.command import serve
from crawler.sample.model import sample
from crawler.sample.study import TOPIC, write_study

PORT = 18600


@pytest.fixture
def claims(tmp_path: Path) -> Path:
    """A codebook to copy: what it holds does not matter here."""
    path = tmp_path / "book" / "claims.toml"
    path.parent.mkdir()
    path.write_text("# a codebook\n", encoding="utf-8")
    return path


def test_sources_load_and_say_what_the_outlets_are(tmp_path: Path, claims: Path) -> None:
    """The file that is written is a study of all outlets, each with its own port and its listings."""
    sources = write_study(tmp_path / "study", PORT, claims).sources()
    assert sources.study.topic == TOPIC
    assert sources.study.crawl.allow_loopback
    assert sources.study.crawl.delay <= 0.05
    assert str(sources.study.window.first) == "2022-04-15"
    assert str(sources.study.window.last) == "2022-06-30"
    for outlet, listed in zip(sample().outlet, sources.outlet, strict=True):
        home = origin(outlet.id, PORT)
        assert (listed.id, listed.name, listed.country) == (outlet.id, outlet.name, outlet.country)
        assert (listed.bloc, listed.ownership) == (outlet.bloc, outlet.ownership)
        assert listed.languages == outlet.languages
        assert listed.aggregator == outlet.aggregator
        assert home == f"http://{listed.domain}"
        assert listed.pages == [home + path for path in listed_pages(outlet)]
        assert listed.feeds == ([home + outlet.feed.path] if outlet.feed else [])
        assert listed.sitemaps == ([home + outlet.sitemap.path] if outlet.sitemap else [])


def test_writing_again_changes_nothing_but_the_two_files(tmp_path: Path, claims: Path) -> None:
    """Data of an earlier run stays, the same study gives the same bytes, and a codebook may be in place."""
    study = write_study(tmp_path / "study", PORT, claims)
    study.data.mkdir()
    kept = study.data / "kept"
    kept.touch()
    before = study.sources_file.read_bytes()
    write_study(tmp_path / "study", PORT, study.claims_file)
    assert study.sources_file.read_bytes() == before
    assert study.claims_file.read_bytes() == claims.read_bytes()
    assert kept.exists()


def test_a_folder_that_cannot_be_written_is_an_error(tmp_path: Path, claims: Path) -> None:
    """A file where the folder should be: the message names it and the option."""
    (tmp_path / "file").touch()
    with pytest.raises(UsageError, match=r"file.*--study"):
        write_study(tmp_path / "file", PORT, claims)


def test_a_command_runs_while_the_sample_is_served(tmp_path: Path, claims: Path) -> None:
    """The command reaches an outlet, its exit code comes back, and nothing is served afterwards."""
    url = origin("harbour-gazette", PORT) + "/robots.txt"
    ask = f"import urllib.request as u; raise SystemExit(u.urlopen({url!r}).status - 193)"
    assert serve(tmp_path / "study", claims, PORT, [sys.executable, "-c", ask]) == 7
    with pytest.raises(urllib.error.URLError):
        urllib.request.urlopen(url, timeout=5)


def test_a_command_that_a_signal_ends_gives_what_a_shell_would(tmp_path: Path, claims: Path) -> None:
    """128 and the number of the signal."""
    end = "import os, signal; os.kill(os.getpid(), signal.SIGTERM)"
    assert serve(tmp_path / "study", claims, PORT, [sys.executable, "-c", end]) == 128 + signal.SIGTERM


def test_a_command_that_does_not_exist_is_an_error(tmp_path: Path, claims: Path) -> None:
    """The message names the command."""
    with pytest.raises(UsageError, match="no-such-command"):
        serve(tmp_path / "study", claims, PORT, ["no-such-command"])


def test_without_a_command_it_serves_until_interrupted(tmp_path: Path, claims: Path) -> None:
    """The addresses are printed, pages are served, and Ctrl-C ends it without a traceback."""
    code = (
        "from pathlib import Path; from crawler.sample.command import serve\n"
        f"raise SystemExit(serve(Path({str(tmp_path / 'study')!r}), Path({str(claims)!r}), {PORT}))"
    )
    with subprocess.Popen([sys.executable, "-c", code], stderr=subprocess.PIPE, text=True) as served:
        assert served.stderr is not None
        lines = [served.stderr.readline() for _ in range(len(sample().outlet) + 1)]
        assert lines[0].startswith(f"http://127.0.0.1:{PORT}/")
        assert urllib.request.urlopen(f"http://127.0.0.1:{PORT}/", timeout=10).status == 200
        served.send_signal(signal.SIGINT)
        assert served.wait(timeout=10) == 0
        assert "Traceback" not in served.stderr.read()
