"""What a crawl would ask, before it is asked."""

from pathlib import Path

from gossi.crawler.crawl.plan import Part, plan, total
from gossi.crawler.study.sources import StudyFolder
from tests.driven import crawl_driven
from tests.lexicons import write_sources
from tests.test_crawl_faults import CDX, STUDY, Faulty, an_outlet, cdx, urlset

HOME = "https://gazette.example"
LISTED = f'sitemaps = ["{HOME}/{{yyyy}}-{{mm}}"]\nfeeds = ["{HOME}/feed"]\nwayback = ["gazette.example"]'


def planned(folder: Path) -> dict[str, Part]:
    """The parts of the plan by name."""
    study = StudyFolder(folder)
    sources = study.sources()
    return {part.name: part for part in plan(study, sources.study, sources.outlet)}


def test_a_plan_is_an_estimate_first_and_then_what_listings_named(tmp_path: Path) -> None:
    """Three sitemaps and a feed of one outlet; pages at 50 a day, then those that were left."""
    write_sources(
        tmp_path, f"{STUDY}[study.crawl]\nmax_pages = 2\ndelay = 36.0\n{CDX}{an_outlet('gazette', LISTED)}"
    )
    before = planned(tmp_path)
    assert not StudyFolder(tmp_path).store_file.exists()
    assert before["feeds and sitemaps"] == Part("feeds and sitemaps", 6, 0.06, 6 * 33_000 / 1e9, known=False)
    assert before["the outlets' other pages"].requests == 2, "max_pages"
    assert before["searches of the Internet Archive"].requests == 1
    web = Faulty({}, answers={f"{HOME}/2022-0{month}": urlset() for month in (4, 6)})
    web.answers[f"{HOME}/feed"] = b"<rss><channel></channel></rss>"
    web.answers[f"{HOME}/2022-05"] = urlset(
        *((f"{HOME}/story-{n}", "") for n in range(4)), (f"{HOME}/gossi-1", "")
    )
    web.hosts["cdx.example"] = lambda question: cdx()
    crawl_driven(tmp_path, web)
    after = planned(tmp_path)
    rest = after["the outlets' other pages"]
    assert (rest.requests, rest.known) == (2, True), "of three that were left, as many as max_pages allows"
    whole = total(after.values())
    assert whole.requests == sum(part.requests for part in after.values())
    assert whole.hours == after["feeds and sitemaps"].hours + rest.hours
