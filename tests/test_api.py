"""`import gossi`: from a script without a main guard, from standard input and from a notebook's kernel.

Also tests analysis/api/study.py, analysis/api/texts.py and analysis/api/own_process.py.
"""

import json
import os
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path

import pytest
from jupyter_client.manager import start_new_kernel

import gossi
from tests.loopback import Answer, LoopbackSite, article, outlet, sources
from tests.small_codebook import small_codebook

SENTENCES = (
    "The capital said on Saturday that an inquiry into the grave near Tinfiction was open to all.",
    "Nobody in the village had seen who came in the night, an elder told the visitors from the town.",
    "The road to Tinfiction was closed for three days, and the market with it, traders said there.",
)

# Run again in a worker, it would say so once more: there is no `if __name__ == "__main__"`.
SCRIPT = f"""
print("begun")
import gossi
study = gossi.open(".")
result = study.run()
print(result.outcomes, result.exit_code)
print(study.sql("SELECT side, included, omitted FROM coverage ORDER BY side").fetchall())
pages = ["page.html", "page.html"]
print([(found["headline"], found["published"]) for found in gossi.extract(pages)])
articles = [{{"id": "a", "headline": "x", "text": {SENTENCES[0]!r}}}]
print([sorted(coding["labels"]) for coding in gossi.align(articles, study)])
"""  # noqa: S608 - our own statement
TOLD = """begun
{'listing': 1, 'on_topic': 1} 0
[('north', 1, 0), ('south', 0, 1)]
[('Graves found', '2022-04-23T10:00:00Z'), ('Graves found', '2022-04-23T10:00:00Z')]
[['north.grave', 'north.inquiry']]
"""


@pytest.fixture
def site() -> Iterator[LoopbackSite]:
    """An outlet with one article."""
    with LoopbackSite({"/a": article("Gossi: an inquiry", *SENTENCES)}) as site:
        yield site


@pytest.fixture
def study(tmp_path: Path, site: LoopbackSite) -> Path:
    """A study of that outlet, among modules of somebody's own that have the names of others."""
    folder = tmp_path / "study"
    small_codebook(folder)
    (folder / "sources.toml").write_text(sources("delay = 0.0", outlet("gazette", site, "/a")))
    (folder / "page.html").write_bytes(article("Graves found", *SENTENCES).body)
    for name in ("analysis", "crawler", "calendar"):
        (folder / f"{name}.py").write_text("print('imported', __name__)\n")
    return folder


@pytest.mark.parametrize("way", ["file", pytest.param("input", marks=pytest.mark.long(15))])
def test_a_script_without_a_main_guard(study: Path, way: str) -> None:
    """It is run once, and what lies beside it is taken for nothing of ours or of Python's."""
    script = study / "script.py"
    script.write_text(SCRIPT)
    done = subprocess.run(
        [sys.executable, "script.py" if way == "file" else "-"],
        input=SCRIPT if way == "input" else "",
        cwd=study,
        capture_output=True,
        text=True,
        timeout=300,
        check=False,
    )
    # In the script's own process, Python itself takes somebody's calendar for its own (DuckDB asks for it).
    assert done.stdout.replace("imported calendar\n", "", 1) == TOLD
    assert done.stderr == ""


@pytest.mark.long(20)
def test_a_notebook(study: Path) -> None:
    """Cells run beside the event loop of their kernel; a study is run twice in one."""
    manager, client = start_new_kernel(cwd=str(study), extra_arguments=["--HistoryManager.enabled=False"])
    told: list[str] = []
    try:
        for cell in (SCRIPT, "print(study.run().outcomes)", "import analysis, crawler"):
            reply = client.execute_interactive(
                cell, timeout=300, output_hook=lambda message: told.append(message["content"].get("text", ""))
            )
            assert reply["content"]["status"] == "ok", reply
    finally:
        client.stop_channels()
        manager.shutdown_kernel(now=True)
    assert "".join(told).replace("imported calendar\n", "", 1) == (
        TOLD + "{}\nimported analysis\nimported crawler\n"
    )


def test_a_crawl_whose_process_is_lost_fails(study: Path, site: LoopbackSite) -> None:
    """It says so, and is not waited for."""
    (study / "claims.toml").unlink()  # a crawl needs none

    def kill(_: object) -> Answer:
        children = Path(f"/proc/{os.getpid()}/task").glob("*/children")
        for pid in (int(pid) for file in children for pid in file.read_text().split()):
            if b"spawn_main" in Path(f"/proc/{pid}/cmdline").read_bytes():
                os.kill(pid, signal.SIGKILL)
        return Answer()

    site.routes["/a"] = kill
    with pytest.raises(gossi.GossiError, match=r"process was lost \(exit code -9\)"):
        gossi.open(study).crawl()


def test_what_a_hook_raises_ends_the_crawl(study: Path, site: LoopbackSite) -> None:
    """As Ctrl-C does: the crawl ends in order, and the next one goes on."""
    site.routes["/b"] = article("Gossi: another", *SENTENCES)

    def enough(_: object) -> None:
        raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        gossi.open(study).crawl(on_progress=enough)
    assert gossi.open(study).crawl().exit_code == 0


def test_a_relation_is_of_the_database_as_it_was_published(study: Path) -> None:
    """A new one is seen by who asks again; who has asked reads on in the old one."""
    mine = gossi.open(study)
    mine.publish()
    before = mine.sql("SELECT count(*) FROM runs")
    mine.analyse()
    assert before.fetchall() == [(0,)]
    assert mine.sql("SELECT count(*) FROM runs").fetchall() == [(1,)]


def test_a_wrong_statement_is_said(study: Path) -> None:
    """In the words of `gossi sql`."""
    mine = gossi.open(study)
    with pytest.raises(gossi.StoreError, match="gossi run"):
        mine.sql("FROM coverage")
    mine.publish()
    for statement, said in (
        ("SELECT 1; SELECT 2", "write one SQL statement"),
        ("FROM coverag", "SQL: .*coverag"),
        ("CREATE TABLE mine AS SELECT 1", "read-only"),
    ):
        with pytest.raises(gossi.UsageError, match=said):
            mine.sql(statement)


def test_an_article_that_is_none_is_said_after_the_codings_before(study: Path) -> None:
    """As a line of a file would be."""
    codings = gossi.align([{"url": "u", "headline": "x", "text": SENTENCES[0]}, {"headline": "y"}], study)
    assert next(codings)["id"] == "u"
    with pytest.raises(gossi.InputError, match="article 2: id is missing, text is missing"):
        next(codings)


def test_the_command_writes_what_the_function_gives(study: Path) -> None:
    """`gossi extract` and `gossi align` go by it."""
    program = Path(sys.executable).with_name("gossi")
    articles = list(gossi.extract(study / "page.html"))
    (study / "articles.jsonl").write_text(
        "".join(json.dumps({"id": "a", **found}) + "\n" for found in articles)
    )
    lines = [
        json.loads(subprocess.run([program, *words], cwd=study, capture_output=True, check=True).stdout)
        for words in (["extract", "page.html"], ["align", "articles.jsonl"])
    ]
    assert lines == [*articles, *gossi.align(study / "articles.jsonl", study)]


def test_all_names_are_there_and_loaded_late() -> None:
    """Each worker imports the package: it loads nothing until it is asked."""
    code = "import sys, gossi; print(len(sys.modules)); [getattr(gossi, name) for name in gossi.__all__]"
    begun = time.monotonic()
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert int(done.stdout) < 100, time.monotonic() - begun
    with pytest.raises(AttributeError, match="no attribute 'nothing'"):
        _ = gossi.nothing
