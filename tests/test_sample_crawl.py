"""What collecting makes of the sample web, against what its makers know: fates, dates, texts."""

from collections import Counter
from datetime import datetime
from pathlib import Path

import pytest

from gossi.crawler.outcomes import Outcome
from gossi.crawler.sample.articles import articles_of
from gossi.crawler.sample.model import sample
from gossi.crawler.sample.server import SampleWeb
from gossi.crawler.sample.study import write_study
from gossi.crawler.web.canonical import canonical_url
from tests.conftest import ROOT
from tests.crawling import collected, crawl_study, rows
from tests.loopback import free_ports
from tests.sample_truth import Expected, truth

PORT = free_ports()

REFUSED = {"robots", "refused", "paywall", "consent_wall", "bot_wall"}
FAILED = {
    "gone", "soft_404", "redirect_home", "server_error", "unreachable", "timeout", "too_large",
    "forbidden_address", "extraction_failed",
}  # fmt: skip
"""The data dictionary's words on the columns of `collection`: which outcomes each counts."""


@pytest.fixture(scope="module")
def study(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The sample study after one crawl."""
    root = tmp_path_factory.mktemp("sample")
    with SampleWeb(PORT):
        write_study(root, PORT, ROOT / "claims.toml")
        result = crawl_study(root, timeout=120)
    assert (result.returncode, result.stderr) == (3, "")
    assert list(result.failed) == ["shuttered-times"]
    return root


def taken_in() -> dict[str, Expected]:
    """Canonical URL → what is known of it, for every page whose article is to be in the store."""
    fates = {Outcome.ON_TOPIC, Outcome.PAYWALL, Outcome.CONSENT_WALL}
    return {canonical_url(expected.url): expected for expected in truth(PORT) if expected.fate in fates}


def test_every_candidate_has_the_outcome_that_its_makers_meant(study: Path) -> None:
    """Nothing waits, nothing is missing; of the addresses of an article one is it, the others duplicates."""
    found = {str(url): str(outcome) for url, outcome in rows(study, "SELECT url, outcome FROM candidate")}
    wrong = {}
    for expected in truth(PORT):
        met = Counter(found.pop(url) for url in (expected.url, *expected.other_urls) if url in found)
        if expected.outlet_id == "shuttered-times":
            continue  # its sitemap may not be read, so its pages are never named
        right = Counter([expected.fate.value, *["duplicate"] * (met.total() - 1)])
        if expected.fate is Outcome.OFF_TOPIC:  # not extracted, so not compared
            right = Counter({"off_topic": met.total()})
        if met != right:
            wrong[expected.url] = (met, right)
    assert wrong == {}
    assert found == {}


def test_known_dates_are_all_right_or_unknown(study: Path) -> None:
    """Value, precision and time zone; a footer's year, a comment's date and a later change never win."""
    found: dict[str, tuple[datetime | None, str]] = {
        str(url): (published, str(precision))  # type: ignore[misc]
        for url, published, precision in rows(
            study, "SELECT canonical_url, published, published_precision FROM article"
        )
    }
    known = {url: expected for url, expected in taken_in().items() if expected.published}
    right = [url for url, expected in known.items() if found[url][0] == expected.published]
    unknown = [url for url in known if found[url][0] is None]
    print(f"{len(known)} known dates: {len(right)} right, {len(unknown)} unknown")  # noqa: T201
    assert len(right) + len(unknown) == len(known) > 100
    assert len(right) >= 0.98 * len(known)
    undated = [url for url, expected in taken_in().items() if not expected.published]
    assert undated
    assert {found[url] for url in undated} == {(None, "unknown")}


def test_dates_come_from_every_source(study: Path) -> None:
    """The sample's outlets say when they published in six ways, and each is understood."""
    sources = {str(source) for (source,) in rows(study, "SELECT DISTINCT published_source FROM article")}
    assert sources == {"json-ld", "meta", "time", "url", "feed", "sitemap", "none"}


def test_texts_are_whole_and_free_of_what_stands_around_them(study: Path) -> None:
    """Every sentence of an article is in its text in its charset, and no comment or teaser is."""
    texts = {
        str(url): (str(headline), str(text), str(observability))
        for url, headline, text, observability in rows(
            study,
            "SELECT canonical_url, headline, text, observability "
            "FROM article JOIN version USING (article_id)",
        )
    }
    remarks = [remark for words in sample().words.values() for remark in words.remarks]
    articles = {article.id: article for outlet in sample().outlet for article in articles_of(outlet.id)}
    for url, expected in taken_in().items():
        headline, text, observability = texts[url]
        if expected.fate is not Outcome.ON_TOPIC:
            assert observability == expected.fate.value
            continue
        article = articles[expected.article_id]
        flat = " ".join(text.split())
        assert observability == "full"
        assert headline == article.headline
        assert [sentence for sentence in article.text if " ".join(sentence.split()) not in flat] == []
        assert not [remark for remark in remarks if remark in text]


def test_every_attempt_that_was_answered_is_kept(study: Path) -> None:
    """Whatever answered stands in a WARC file; what has no record did not answer, or not within bounds."""
    unkept = {
        str(outcome)
        for (outcome,) in rows(study, "SELECT DISTINCT outcome FROM attempt WHERE warc_file IS NULL")
    }
    assert unkept <= {"robots", "limit", "too_large", "unreachable", "timeout"}


def test_the_endless_calendar_is_counted(study: Path) -> None:
    """What was left of it stands in the attempts, in one row."""
    left = rows(study, "SELECT outlet_id, detail FROM attempt WHERE outcome = 'limit'")
    assert [(name, str(detail).startswith("1 further")) for name, detail in left] == [
        ("harbour-gazette", True)
    ]


def test_the_bomb_is_read_unopened(study: Path) -> None:
    """A sitemap whose one address would be 50 GB long names no page, and is told as read."""
    found = rows(study, "SELECT outlet_id, outcome, detail FROM attempt WHERE url LIKE '%-of-entities.xml'")
    assert [(name, outcome, str(detail).split(" ")[0]) for name, outcome, detail in found] == [
        ("harbour-gazette", "listing", "0")
    ]


def test_every_hard_case_shows_in_collection(study: Path) -> None:
    """Of each outlet's pages as many are told as refused, and as failed, as its makers meant."""
    figures = collected(study)
    meant = {name: Counter[str]() for name in figures}
    for page in truth(PORT):
        meant[page.outlet_id]["refused"] += page.fate in REFUSED
        meant[page.outlet_id]["failed"] += page.fate in FAILED
    for name, found in figures.items():
        if name != "shuttered-times":  # its sitemap may not be read, so its pages are never named
            assert [found["refused"], found["failed"]] == [meant[name]["refused"], meant[name]["failed"]], (
                name
            )
        assert found["expected"] == found["fetched"] + found["refused"] + found["failed"] + found["not_asked"]


def test_what_an_outlet_has_lost_comes_from_the_archive(study: Path) -> None:
    """Its own server says 404; the archive's capture is the article, dated as the page says."""
    found = rows(
        study,
        "SELECT via, http_status, outcome FROM attempt WHERE kind = 'page' AND url IN "
        "(SELECT url FROM candidate WHERE archived IS NOT NULL) ORDER BY attempt_id",
    )
    assert found == [("live", 404, "gone"), ("wayback", 200, "on_topic")]
    assert rows(study, "SELECT url FROM candidate WHERE archived IS NOT NULL") == [
        (expected.url,) for expected in truth(PORT) if expected.article_id == "made-up-monitor-04"
    ]
