r"""Half a surrogate pair, which JSON can spell ("\ud83d") and no database holds, costs no page and no run."""

import json
from datetime import date
from pathlib import Path
from typing import Any

import duckdb
import pytest
from hypothesis import given
from hypothesis import strategies as st

from gossi.crawler.characters import REPLACEMENT, is_noise, whole
from gossi.crawler.discovery.candidate import Candidate
from gossi.crawler.imports.importer import import_paths
from gossi.crawler.outcomes import Outcome
from gossi.crawler.store.frontier import Frontier
from gossi.crawler.store.ledger import Ledger
from gossi.crawler.store.store import STOPPED, Store
from gossi.crawler.study.sources import StudyFolder, Window
from tests.crawling import crawl_study, outcomes, rows
from tests.lexicons import write_sources
from tests.loopback import Answer, LoopbackSite, article, outlet, sources

HALVES = st.characters(categories=["Cs"])
LINKED = (
    b'<script type="application/ld+json">{"@type": "NewsArticle", "headline": "The grave at Gossi \\ud83d", '
    b'"inLanguage": "e\\udc00", "datePublished": "2022-04-23T10:00:00Z"}</script></head>'
)


def study(folder: Path, *outlets: str) -> StudyFolder:
    """A study of the outlets."""
    write_sources(folder, sources("delay = 0.0", *outlets))
    return StudyFolder(folder)


@given(st.text(st.characters() | HALVES))
def test_any_text_can_be_written(text: str) -> None:
    """Each half becomes one replacement character, and all else stays as it is."""
    expected = "".join(REPLACEMENT if "\ud800" <= one <= "\udfff" else one for one in text)
    assert whole(text) == expected
    whole(text).encode("utf-8")


def test_a_page_with_half_a_character_is_crawled_like_any_other(tmp_path: Path) -> None:
    """Its own text is taken in, and so are other outlets' pages."""
    odd = Answer(article("Gossi").body.replace(b"</head>", LINKED))
    feed = json.dumps({"items": [{"url": "/other?\ud83d", "date_published": "\ud83d"}]}).encode()
    with LoopbackSite({"/odd": odd, "/feed": Answer(feed)}) as one, LoopbackSite() as two:
        two.routes["/good"] = article("Gossi, elsewhere")
        study(tmp_path, outlet("odd", one, "/odd", feeds=["/feed"]), outlet("good", two, "/good"))
        done = crawl_study(tmp_path)
    assert (done.returncode, done.stderr) == (0, "")
    assert outcomes(tmp_path) == {
        "/odd": "on_topic", "/good": "on_topic", f"/other?{REPLACEMENT}": "gone",
    }  # fmt: skip
    assert set(rows(tmp_path, "SELECT headline, language FROM version")) == {
        (f"The grave at Gossi {REPLACEMENT}", "en"), ("Gossi, elsewhere", "en"),
    }  # fmt: skip


def test_json_lines_with_half_a_character_come_in(tmp_path: Path) -> None:
    """Whatever field holds it."""
    half = dict.fromkeys(["id", "outlet", "domain", "language", "published"], "x\ud83d")
    lines = [
        half | {"headline": "Gossi \ud83d", "text": ["A grave \udc00"]},
        half | {"headline": "Gossi", "text": "\ud83d", "url": "https://gazette.example/\ud83d"},
    ]
    file = tmp_path / "articles.jsonl"
    file.write_text("".join(f"{json.dumps(line)}\n" for line in lines))
    result = import_paths(study(tmp_path, outlet("gazette", LoopbackSite())), [file])
    assert (result.exit_code, result.outcomes) == (0, {"on_topic": 2})
    one = REPLACEMENT
    assert set(rows(tmp_path, "SELECT url, outlet_id FROM attempt")) == {
        (f"import:x{one}/x{one}", f"x{one}"), (f"https://gazette.example/{one}", f"x{one}"),
    }  # fmt: skip
    assert set(rows(tmp_path, "SELECT headline, text FROM version")) == {
        (f"Gossi {one}", f"A grave {one}"), ("Gossi", one),
    }  # fmt: skip


def test_the_store_writes_what_slipped_through(tmp_path: Path) -> None:
    """A row, also in a list within it, costs no batch."""
    with Store(StudyFolder(tmp_path)) as store:
        store.append("listing", [("a\ud83d", None, None, "2022-04-01", "2022-04-02", ["b\udc00"])])
        assert store.con.execute("SELECT url, further FROM listing").fetchall() == [
            (f"a{REPLACEMENT}", [f"b{REPLACEMENT}"])
        ]


def test_the_frontier_writes_what_archives_and_listings_say(tmp_path: Path) -> None:
    """The file that named a page, where an archive has it, and the host of an outlet that is not listed."""
    day = date(2022, 4, 1)
    with Store(StudyFolder(tmp_path)) as store:
        host = store.unlisted_outlet("c\ud83d")
        frontier = Frontier(store, 1)
        frontier.enter([Candidate("d", host, "feed", "e\ud83d")], Window(first=day, last=day))
        frontier.archived("d", "f\ud83d")
    one = REPLACEMENT
    query = "SELECT outlet_id, found_in, archived FROM candidate JOIN outlet USING (outlet_id)"
    assert rows(tmp_path, query) == [(f"c{one}", f"e{one}", f"f{one}")]


def ended(folder: Path, kinds: list[Any], message: str, *, stopped: bool = False) -> None:
    """A run that notes attempts of these kinds (the store takes none without a kind), and ends."""
    with Store(StudyFolder(folder)) as store:
        ledger = Ledger(store, store.start_run("crawl", ""))
        for kind in kinds:
            ledger.attempt(outlet_id="a", kind=kind, url="b", outcome=Outcome.GONE)
        try:
            if stopped:
                ledger.flush()
        finally:
            ledger.end("failed", message, stopped=stopped)


def test_the_first_error_is_told_and_the_run_is_taken_up(tmp_path: Path) -> None:
    """Not the ones that closing a store with a broken batch would raise; the batch is given up whole."""
    with pytest.raises(duckdb.ConstraintException):
        ended(tmp_path, ["page", None], f"{STOPPED} by an error", stopped=True)
    assert rows(tmp_path, "SELECT status, message FROM run") == [("failed", f"{STOPPED} by an error")]
    assert rows(tmp_path, "SELECT count(*) FROM attempt") == [(0,)]
    with Store(StudyFolder(tmp_path)) as store:
        assert store.died() == [1]


def test_a_run_that_cannot_write_its_last_rows_says_so(tmp_path: Path) -> None:
    """Also one that had failed for another reason, told in the ordinary way."""
    with pytest.raises(duckdb.ConstraintException):
        ended(tmp_path, [None], "gazette: no answer")
    ((status, message),) = rows(tmp_path, "SELECT status, message FROM run")
    assert status == "failed"
    assert str(message).startswith(STOPPED)


@pytest.mark.parametrize(
    ("body", "noise"),
    [
        (bytes(range(256)) * 8, True),
        (b"\x89PNG\r\n\x1a\n" + bytes(500), True),
        (b"<p>The base near Gossi was handed over to the army on Tuesday.</p>\0" * 60, False),
        ("<p>База в Госси</p>".encode("utf-16"), False),
        ("ゴッシ基地".encode("iso2022_jp") * 50, False),
        ("戈西基地".encode("gb18030") * 50, False),
        (b"", False),
    ],
)
def test_noise_is_told_from_text_in_any_charset(body: bytes, noise: bool) -> None:
    """Control characters tell; a NUL here and there, and the escapes of old charsets, do not."""
    assert is_noise(body) is noise
