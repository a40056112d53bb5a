"""Bad input, by the installed command: one clear message with the next step, the right code, no traceback.

Also tests analysis/cli/collect.py and analysis/cli/study_option.py.
"""

import json
import os
import resource
import shutil
import subprocess
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.conftest import GOSSI, ROOT, gossi
from tests.crawling import rows
from tests.lexicons import write_sources
from tests.loopback import Answer, LoopbackSite, article, outlet, sources


def written(study: Path, *outlets: str, crawl: str = "delay = 0.0\ntimeout = 2.0") -> Path:
    """A study with the real codebook."""
    study.mkdir(exist_ok=True)
    write_sources(study, sources(crawl, *outlets))
    shutil.copyfile(ROOT / "claims.toml", study / "claims.toml")
    shutil.copytree(ROOT / "lexicon", study / "lexicon", dirs_exist_ok=True)
    return study


def told(result: subprocess.CompletedProcess[str]) -> list[str]:
    """The messages of a failure; a traceback is none."""
    assert "Traceback" not in result.stderr
    return [line for line in result.stderr.splitlines() if line.startswith(("gossi: ", "Error: "))]


@pytest.fixture
def site() -> Iterator[LoopbackSite]:
    """An outlet with one article."""
    with LoopbackSite({"/a": article("The grave at Gossi")}) as served:
        yield served


@pytest.mark.parametrize(
    ("words", "code", "message"),
    [
        (["crawl", "--outlett", "x"], 1, "No such option"),
        (["crawl", "--from", "yesterday"], 1, "yesterday"),
        (
            ["crawl", "--from", "2022-05-01", "--to", "2022-04-01"],
            1,
            "the first day (--from) 2022-05-01 is after the last (--to) 2022-04-01",
        ),
        (["crawl", "--outlet", "nobody"], 1, "no outlet 'nobody' in sources.toml"),
        (["crowl"], 1, "No such command"),
        (["import"], 1, "give files of articles"),
        (["import", "absent.warc.gz"], 2, "absent.warc.gz: cannot be read: No such file or directory"),
        (["extract", "absent.html"], 2, "absent.html: cannot be read: No such file or directory"),
        (["align", "absent.jsonl"], 2, "absent.jsonl: cannot be read: No such file or directory"),
        (["sql", "SELECT 1 FROM nothing"], 1, "nothing"),
        (["schedule", "windows"], 1, "windows"),
        (["sample", "--port", "80"], 1, "--port"),
    ],
)
def test_a_wrong_word_is_one_message(
    tmp_path: Path, site: LoopbackSite, words: list[str], code: int, message: str
) -> None:
    """Wrong options, days, outlets, commands and files: what is wrong is named, and nothing is asked."""
    study = written(tmp_path / "study", outlet("gazette", site, "/a"))
    if words[0] == "sql":
        assert gossi("crawl", study=study).returncode == 0
    result = gossi(*words, study=study)
    assert result.returncode == code, result.stderr
    assert message in result.stderr
    assert len(told(result)) == 1
    assert result.stdout == ""
    assert words[0] == "sql" or site.asked == []


def test_no_network_is_told_once_with_the_next_step(tmp_path: Path) -> None:
    """No outlet answers: each is named, then what to do; the code says that nothing could be done."""
    tables = [outlet(f"outlet-{n}", _absent(n), "/a") for n in range(3)]
    result = gossi("run", study=written(tmp_path / "study", *tables))
    assert result.returncode == 2
    messages = told(result)
    assert sum("the connection was refused" in line for line in messages) == 3
    assert messages[-1].startswith("gossi: no outlet answered; check the network")
    assert (tmp_path / "study" / "reports" / "index.html").is_file()


def _absent(port: int) -> LoopbackSite:
    """A site that nobody serves: these ports are reserved, and no one listens on them."""
    with LoopbackSite() as gone:
        gone.domain = f"127.0.0.1:{port + 1}"
        gone.home = f"http://{gone.domain}"
    return gone


def test_an_outlet_that_answers_nothing_leaves_the_others_alone(tmp_path: Path, site: LoopbackSite) -> None:
    """It is named with the reason and the code is 3; the other outlet's article is in the report."""
    with LoopbackSite() as mute:
        mute.routes = {"/robots.txt": Answer(raw=b"\0"), "/a": Answer(raw=b"\0")}
        study = written(tmp_path / "study", outlet("mute", mute, "/a"), outlet("gazette", site, "/a"))
        result = gossi("run", study=study)
    assert result.returncode == 3, result.stderr
    (message,) = told(result)
    assert message.startswith("gossi: outlet mute could not be read: ")
    assert rows(study, "SELECT outlet_id FROM article") == [("gazette",)]
    assert "gazette" in (study / "reports" / "coverage.csv").read_text(encoding="utf-8")


def test_html_that_is_not_html(tmp_path: Path, site: LoopbackSite) -> None:
    """Bytes called a page: an outcome in a crawl, in `extract` a message, or counted as left out."""
    # Markup, which chance gives now and then.
    junk = {
        "/noise": os.urandom(2000) + b"<p class='a'>",
        "/none": b"",
        "/text": b"Gossi, without any markup",
    }
    site.routes |= {path: Answer(body) for path, body in junk.items()}
    study = written(tmp_path / "study", outlet("gazette", site, "/a", *junk))
    assert gossi("crawl", study=study).returncode == 0
    assert {
        outcome for (outcome,) in rows(study, "SELECT outcome FROM candidate WHERE url NOT LIKE '%/a'")
    } == {"not_html"}
    for path, body in junk.items():
        (tmp_path / f"{path[1:]}.html").write_bytes(body)
        result = gossi("extract", str(tmp_path / f"{path[1:]}.html"))
        assert result.returncode == (2 if path == "/noise" else 0)
        assert ["is no text" in message for message in told(result)] == [True] * (path == "/noise")
        assert ("left out: 1 not_html" in result.stderr) == (path != "/noise")
        assert result.stdout == ""


@pytest.mark.parametrize(
    ("content", "message"),
    [
        (None, "no such file; name the study's folder with --study DIR"),
        ("", "[study]: is missing"),
        ("outlet = []\n[study]\n", "key outlet"),
        ("[study\n", "not valid TOML"),
    ],
)
def test_an_empty_study_is_told_with_the_file_and_the_table(
    tmp_path: Path, content: str | None, message: str
) -> None:
    """Nothing in the folder, nothing in the file, no outlets, no TOML."""
    shutil.copyfile(ROOT / "claims.toml", tmp_path / "claims.toml")
    shutil.copytree(ROOT / "lexicon", tmp_path / "lexicon", dirs_exist_ok=True)
    if content is not None:
        write_sources(tmp_path, content)
    result = gossi("run", study=tmp_path)
    assert result.returncode == 1
    assert told(result)
    assert f"{tmp_path / 'sources.toml'}: " in result.stderr
    assert message in result.stderr


def test_a_study_without_any_page_says_what_is_missing(tmp_path: Path) -> None:
    """An outlet of which nothing is named to ask: the run is well and the report empty."""
    with LoopbackSite() as bare:
        study = written(tmp_path / "study", outlet("bare", bare))
        result = gossi("run", study=study)
        assert bare.asked == []
    assert (result.returncode, told(result)) == (0, [])
    assert (study / "reports" / "index.html").is_file()


@pytest.mark.parametrize("blocked", ["data", "data/captures", "data/store.duckdb", "data/coverage.duckdb"])
def test_a_data_folder_that_cannot_be_written(tmp_path: Path, site: LoopbackSite, blocked: str) -> None:
    """Something else stands where a folder or database belongs: named, with what to do."""
    study = written(tmp_path / "study", outlet("gazette", site, "/a"))
    place = study / blocked
    if place.suffix:
        place.mkdir(parents=True)
    else:
        place.parent.mkdir(exist_ok=True)
        place.write_text("in the way")
    result = gossi("run", study=study)
    assert result.returncode == 2, result.stderr
    (message,) = told(result)
    assert str(study / "data") in message


def with_room(limit: int, *words: str | Path) -> subprocess.CompletedProcess[str]:
    """The command where no file may grow beyond so many bytes, as on a full disk."""
    return subprocess.run(
        [GOSSI, *words], capture_output=True, text=True, timeout=120, check=False,
        preexec_fn=lambda: resource.setrlimit(resource.RLIMIT_FSIZE, (limit, limit)),
    )  # fmt: skip


def test_a_full_disk_ends_the_run_with_what_to_do(tmp_path: Path, site: LoopbackSite) -> None:
    """Here no file may grow beyond 3 MB, as on a full disk; afterwards the same command goes on.

    No page names the topic: a worker that tells languages unpacks its model into a file, of 68 MB.
    """
    noise = b"<!-- " + os.urandom(600_000).hex().encode() + b" -->"
    pages = [f"/{n}" for n in range(12)]
    for path in pages:
        site.routes[path] = Answer(article(f"The harvest {path}", "Millet is ripe. " * 100).body + noise)
    study = written(tmp_path / "study", outlet("gazette", site, *pages))
    result = with_room(3_000_000, "crawl", "--study", study)
    assert result.returncode == 2, result.stderr
    (message,) = told(result)
    assert "run the same command again" in message
    assert gossi("crawl", study=study).returncode == 0
    assert rows(study, "SELECT outcome, count(*) FROM candidate GROUP BY outcome") == [("off_topic", 12)]
    assert rows(study, "SELECT count(*) - count(DISTINCT url) FROM attempt WHERE kind = 'page'") == [(0,)]


def test_a_full_temporary_folder_is_no_fault_of_the_pages(tmp_path: Path, site: LoopbackSite) -> None:
    """The run ends with what to do; the next one takes the page up from its capture."""
    study = written(tmp_path / "study", outlet("gazette", site, "/a"))
    result = with_room(40_000_000, "crawl", "--study", study)
    assert result.returncode == 2, result.stderr
    (message,) = told(result)
    assert "TMPDIR" in message
    assert rows(study, "SELECT outcome FROM candidate") == [("waiting",)]
    assert gossi("crawl", study=study).returncode == 0
    assert rows(study, "SELECT outcome FROM candidate") == [("on_topic",)]
    assert site.paths().count("/a") == 1


def test_an_import_into_a_full_disk_says_what_to_do(tmp_path: Path, site: LoopbackSite) -> None:
    """Here no file may grow beyond 3 MB; afterwards the same command takes all of it in."""
    study = written(tmp_path / "study", outlet("gazette", site))
    lines = [
        {
            "id": str(n),
            "url": f"https://x.example/{n}",
            "headline": f"Gossi {n}",
            "text": f"{n} graves. " * 99,
        }
        for n in range(3000)
    ]
    file = tmp_path / "articles.jsonl"
    file.write_text("\n".join(map(json.dumps, lines)))
    result = with_room(3_000_000, "import", "--study", study, file)
    assert result.returncode == 2, result.stderr
    (message,) = told(result)
    assert f"{study / 'data'}: cannot be written" in message
    assert "run the same command again" in message
    assert gossi("import", file, study=study).returncode == 0
    assert rows(study, "SELECT count(*), count(DISTINCT article_id) FROM version") == [(3000, 3000)]


def test_coding_without_room_for_languages_says_what_to_do(tmp_path: Path, site: LoopbackSite) -> None:
    """The temporary folder is full, and not what the output goes to."""
    study = written(tmp_path / "study", outlet("gazette", site))
    file = tmp_path / "articles.jsonl"
    file.write_text(
        json.dumps({"id": "1", "headline": "Gossi", "text": "The army spoke of graves at Gossi."})
    )
    assert gossi("import", file, study=study).returncode == 0
    result = with_room(40_000_000, "analyse", "--study", study)
    assert result.returncode == 2, result.stderr
    (message,) = told(result)
    assert message.startswith("gossi: no language can be told (")
    assert message.count("TMPDIR") == 1


def test_where_the_output_cannot_be_written_it_says_so(tmp_path: Path) -> None:
    """A full disk under the file that standard output goes to."""
    (tmp_path / "page.html").write_bytes(article("The grave at Gossi").body)
    with Path("/dev/full").open("w") as full:
        result = subprocess.run(
            [GOSSI, "extract", tmp_path / "page.html"],
            stdout=full, stderr=subprocess.PIPE, text=True, timeout=120, check=False,
        )  # fmt: skip
    assert result.returncode == 2
    assert told(result) == [
        "gossi: standard output: No space left on device; make room or choose another place"
    ]
