"""The benchmarks: the scorer counts right, the site is what it claims, the table says what is missed."""

import gzip
import json
import os
import subprocess
import sys
from pathlib import Path
from urllib.error import HTTPError
from urllib.request import urlopen

import pytest

from benchmarks.figure import Figure, cpu_ms
from benchmarks.news_site import news_page, news_site, packed
from benchmarks.shingles import score
from benchmarks.throughput import run_study
from gossi.crawler.capture.warc import WarcWriter
from gossi.crawler.extraction.extract import extract
from gossi.crawler.page.gate import TopicGate
from gossi.crawler.study.sources import StudyFolder
from tests.conftest import ROOT
from tests.news_pages import PARAGRAPHS, NewsPage


def bench(*words: str) -> subprocess.CompletedProcess[str]:
    """Call the benchmarks as `make bench` does."""
    return subprocess.run(
        [sys.executable, "-m", "benchmarks", *words], cwd=ROOT, capture_output=True, text=True, check=False
    )


def test_shingles_are_counted_by_hand() -> None:
    """Five words are two shingles; of three found, two are true; of two true ones, two are found."""
    assert score([("a b c d e", "a b c d e f")]) == pytest.approx((0.8, 2 / 3, 1.0))


def test_shingles_count_as_often_as_they_occur() -> None:
    """A paragraph that is extracted twice is half wrong."""
    once = "a b c d"
    assert score([(once, f"{once} {once}")]).precision == pytest.approx(1 / 5)
    assert score([("one two three", "one, two – three!")]) == pytest.approx((1.0, 1.0, 1.0))


def test_precision_and_recall_are_averaged_over_pages_first() -> None:
    """A long page weighs as much as a short one; a page without a text counts for recall alone."""
    whole = ("a b c d", "a b c d")
    half = ("a b c d e", "a b c d x")
    empty = ("a b c d", "")
    precision, recall = (1 + 1 / 2) / 2, (1 + 1 / 2 + 0) / 3
    f1 = 2 * precision * recall / (precision + recall)
    assert score([whole, half, empty]) == pytest.approx((f1, precision, recall))


def test_nothing_in_common_scores_nothing() -> None:
    """And divides by nothing."""
    assert score([("a b c d", "e f g h")]) == (0.0, 0.0, 0.0)


def test_the_pages_are_of_the_size_and_build_of_real_ones() -> None:
    """160 KB, 32 KB as gzip, an article in them, each with a text of its own."""
    page = news_page(7, on_topic=True)
    assert len(page) == pytest.approx(160_000, rel=0.1)
    assert len(packed(7, on_topic=True)) == pytest.approx(32_000, rel=0.1)
    found = extract(page, "https://courier.example/7")
    assert found.observability == "full"
    assert 900 < found.words < 1300
    assert found.text != extract(news_page(8, on_topic=True), "https://courier.example/8").text


def test_only_pages_on_topic_name_it() -> None:
    """Else the two halves of the throughput benchmark would measure the same."""
    gate = TopicGate(StudyFolder(ROOT).sources().study.topic)
    assert all(gate.names_topic(news_page(n, on_topic=True), "utf-8") for n in range(20))
    assert not any(gate.names_topic(news_page(n, on_topic=False), "utf-8") for n in range(20))


def test_the_site_serves_its_pages_from_another_process() -> None:
    """As gzip, over several hosts; what it does not know is a 404."""
    with news_site() as site:
        urls = site.urls(10, on_topic=True)
        assert len({url.split("/")[2] for url in urls}) > 1
        with urlopen(urls[3], timeout=10) as answer:
            assert gzip.decompress(answer.read()) == news_page(3, on_topic=True)
        with pytest.raises(HTTPError, match="404"):
            urlopen(f"http://{site.hosts[0]}/other", timeout=10)


def test_a_target_is_met_or_not() -> None:
    """From above or below; a figure without a target is neither."""
    assert [Figure("x", value, "ms", most=1).met for value in (0.9, 1.0, 1.1)] == [True, True, False]
    assert [Figure("x", value, "", least=1).met for value in (0.9, 1.0, 1.1)] == [False, True, True]
    assert Figure("x", 1, "ms").met is None


def test_cpu_time_is_that_of_the_work_alone() -> None:
    """Waiting costs nothing, computing does."""
    waited = cpu_ms(lambda _: os.pread(os.open("/dev/null", os.O_RDONLY), 1, 0), 3)
    worked = cpu_ms(lambda _: sum(range(300_000)), 3)
    assert waited < 1 < worked


@pytest.mark.long(25)
def test_what_the_workers_take_is_counted() -> None:
    """They are no children of the process that is measured: on topic, a crawl would seem to cost nothing."""
    pages = [news_page(n, on_topic=True) for n in range(100)]
    extraction = cpu_ms(lambda n: extract(pages[n], "https://courier.example/"), len(pages))
    with news_site() as site:
        on = run_study(site, len(pages), on_topic=True)
        off = run_study(site, len(pages), on_topic=False)
    assert on.cpu - off.cpu > len(pages) * extraction


@pytest.mark.long(8)
def test_the_table_names_figure_value_and_target() -> None:
    """One benchmark by its name."""
    result = bench("gate")
    row = next(line for line in result.stdout.splitlines() if line.startswith("gate        gate, generated"))
    assert "at most 1" in row
    assert row.endswith(("yes", "NO"))
    assert result.returncode == (3 if "NO" in result.stdout else 0)


@pytest.mark.parametrize("words", [["speed"], ["gate", "--real-pages", "absent.warc.gz"]])
def test_a_wrong_word_is_told(words: list[str]) -> None:
    """A message that names it, and exit code 1."""
    result = bench(*words)
    assert result.returncode == 1
    assert words[-1] in result.stderr
    assert "Traceback" not in result.stderr


def test_without_real_pages_quality_is_left_out_with_a_word() -> None:
    """The rest is measured all the same."""
    result = bench("extraction")
    assert "left out: quality" in result.stdout
    assert "pages a second" in result.stdout
    assert result.returncode == 0


@pytest.mark.long(10)
def test_real_pages_are_scored_against_the_texts_beside_them(tmp_path: Path) -> None:
    """A page whose true text is what it shows scores one."""
    with WarcWriter(tmp_path, 1) as writer:
        headers = [("Content-Type", "text/html; charset=utf-8")]
        kept = writer.keep("https://courier.example/1", 200, "OK", headers, NewsPage().html())
    pages = (tmp_path / kept.warc_file).rename(tmp_path / "few.warc.gz")
    truth = {"url": "https://courier.example/1", "article_body": "\n".join(PARAGRAPHS)}
    (tmp_path / "few.jsonl").write_text(json.dumps(truth), encoding="utf-8")
    result = bench("extraction", "--real-pages", str(pages))
    row = next(line for line in result.stdout.splitlines() if line.startswith("extraction  F1 on 1"))
    assert row.split()[-5:] == ["1.000", "at", "least", "0.96", "yes"]
