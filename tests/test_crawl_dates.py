"""What is learnt of an article's date after the article itself: from another address, or in a later run."""

from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from tests.crawling import crawl_study, outcomes, rows
from tests.lexicons import write_sources
from tests.loopback import Answer, LoopbackSite, article, outlet, sources

DATES = "SELECT published, published_precision, published_source FROM article"


def feed(site: LoopbackSite, **published: str) -> Answer:
    """A feed whose items are named by their paths, each with the time that the feed says."""
    items = "".join(
        f"<item><link>{site.home}/{path}</link><pubDate>{when}</pubDate></item>"
        for path, when in published.items()
    )
    return Answer(f"<rss><channel>{items}</channel></rss>".encode(), headers={"Content-Type": "text/xml"})


def test_a_feed_that_tells_the_date_in_a_later_run_dates_the_article(tmp_path: Path) -> None:
    """The page tells no date; the feed named it first after the page had been fetched."""
    with LoopbackSite({"/grave": article("Gossi", published="")}) as site:
        site.routes["/feed"] = feed(site)
        study = sources("delay = 0.0", outlet("gazette", site, "/grave", feeds=["/feed"]))
        write_sources(tmp_path, study)
        assert crawl_study(tmp_path).returncode == 0
        assert rows(tmp_path, DATES) == [(None, "unknown", "none")]
        site.routes["/feed"] = feed(site, grave="Sat, 23 Apr 2022 10:15:00 +0200")
        assert crawl_study(tmp_path).returncode == 0
        assert site.paths().count("/grave") == 1
    assert rows(tmp_path, DATES) == [(datetime(2022, 4, 23, 8, 15), "second", "feed")]
    assert rows(tmp_path, "SELECT found_by FROM candidate") == [("feed",)]


def test_a_date_told_later_brings_a_page_into_the_window(tmp_path: Path) -> None:
    """One was left by a listing's date, one by its own; both are asked when an earlier one is told."""
    updated = "2023-03-05T10:00:00Z"
    with LoopbackSite({"/left": article("Gossi"), "/edited": article("Grave", published=updated)}) as site:
        site.routes["/feed"] = feed(site, left=updated)
        study = sources("delay = 0.0", outlet("gazette", site, "/edited", feeds=["/feed"]))
        write_sources(tmp_path, study)
        assert crawl_study(tmp_path).returncode == 0
        assert outcomes(tmp_path) == {"/left": "out_of_window", "/edited": "out_of_window"}
        site.routes["/feed"] = feed(site, left="2022-04-24", edited="2022-04-25")
        assert crawl_study(tmp_path).returncode == 0
    assert outcomes(tmp_path) == {"/left": "on_topic", "/edited": "on_topic"}


@pytest.mark.parametrize(
    ("later", "expected"),
    [
        # Out of the study's window: the article's date is not known to lie in it, and is left.
        ("Thu, 23 Apr 2020 10:15:00 +0000", datetime(2022, 5, 2, 12)),
        # Later than what is known: an update.
        ("Mon, 09 May 2022 10:15:00 +0000", datetime(2022, 5, 2, 12)),
        # Earlier: the page tells when it was edited.
        ("Sun, 01 May 2022 10:15:00 +0000", datetime(2022, 5, 1, 10, 15)),
    ],
)
def test_a_date_told_later_counts_where_it_is_earlier(tmp_path: Path, later: str, expected: datetime) -> None:
    """The earliest honest date in the window is the article's, whenever it was told."""
    with LoopbackSite({"/grave": article("Gossi", published="2022-05-02T12:00:00Z")}) as site:
        site.routes["/feed"] = feed(site)
        study = sources("delay = 0.0", outlet("gazette", site, "/grave", feeds=["/feed"]))
        write_sources(tmp_path, study)
        assert crawl_study(tmp_path).returncode == 0
        site.routes["/feed"] = feed(site, grave=later)
        assert crawl_study(tmp_path).returncode == 0
    assert rows(tmp_path, "SELECT published FROM article") == [(expected,)]


def test_a_twin_with_a_better_date_dates_the_article(tmp_path: Path) -> None:
    """Under a second section the same text has a date; the print page of another article has one too."""
    routes = {
        "/a": article("The grave at Gossi", published=""),
        "/section/a": article("The grave at Gossi", published="2022-04-23T10:00:00Z"),
        "/b": article("Pictures of Gossi", "Gossi: the pictures show men with shovels.", published=""),
        "/b?outputType=print": article(
            "Pictures of Gossi", "Gossi: the pictures.", published="2022-04-24T10:00:00Z"
        ),
        # What differs may be another article that says by mistake that it is this one.
        "/c": article("Gossi, a month later", published="2022-05-24T10:00:00Z"),
        "/c?outputType=print": article("Gossi", "Gossi once more.", published="2022-04-02T10:00:00Z"),
    }
    with LoopbackSite(routes) as site:
        write_sources(tmp_path, sources("delay = 0.0", outlet("gazette", site, *routes)))
        assert crawl_study(tmp_path).returncode == 0
    found = {str(url).rpartition("/")[2]: date for url, date in rows(
        tmp_path, "SELECT canonical_url, published FROM article"
    )}  # fmt: skip
    assert found == {
        "a": datetime(2022, 4, 23, 10),
        "b": datetime(2022, 4, 24, 10),
        "c": datetime(2022, 5, 24, 10),
    }


def test_an_article_without_a_date_is_looked_at_again(tmp_path: Path) -> None:
    """Its age counts from when it was found: after hours at first."""
    began = datetime.now(UTC).replace(tzinfo=None, microsecond=0)
    with LoopbackSite({"/grave": article("Gossi", published="")}) as site:
        write_sources(tmp_path, sources("delay = 0.0", outlet("gazette", site, "/grave")))
        assert crawl_study(tmp_path).returncode == 0
    [(moment,)] = rows(tmp_path, "SELECT next_attempt FROM candidate")
    assert isinstance(moment, datetime)
    assert timedelta(hours=3) <= moment - began <= timedelta(hours=3, minutes=2)
