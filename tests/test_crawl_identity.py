"""One article, whatever address leads to it: twins merge in a crawl as they do by name.

Also tests crawler/discovery/pages.py.
"""

from collections import Counter
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.crawling import crawl_study, rows
from tests.lexicons import write_sources
from tests.loopback import Answer, LoopbackSite, article, outlet, redirect, sources

OTHER = (
    "A spokesman of the regional assembly said on Monday that Gossi had been calm since the handover.",
    "Market traders told the station that lorries from the south had come back after three weeks.",
    "The assembly meets again in the second week of the month to speak about the road.",
)

TWINS = [
    "/world/grave-at-gossi",
    "/world/grave-at-gossi/",
    "/world/grave-at-gossi?utm_source=feed&utm_medium=rss",
    "/world/grave-at-gossi?fbclid=abc",
    "/world/grave-at-gossi?amp=1",
    "/world/grave-at-gossi/amp",
    "/amp/world/grave-at-gossi",
    "/world/grave-at-gossi?outputType=print",
    "/africa/grave-at-gossi",  # another section, whose page names the first
    "/archive/77123",  # another section, whose page names nothing
    "/old/77123",  # redirects to the first
]
"""Addresses of one article."""


@pytest.fixture(scope="module")
def crawled(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Path]:
    """The study after a crawl of all twins, and of an article that only resembles them."""
    study = tmp_path_factory.mktemp("twins")
    site = LoopbackSite()
    canonical = f'<link rel="canonical" href="{site.home}/world/grave-at-gossi">'
    pages: dict[str, Answer] = {path: article("The grave at Gossi") for path in TWINS}
    # An AMP page has another dress and often another text: no new version of the article.
    pages["/world/grave-at-gossi/amp"] = article(
        "The grave at Gossi", "Gossi: read the whole on the web.", head=canonical
    )
    pages["/africa/grave-at-gossi"] = article("The grave at Gossi", head=canonical)
    pages["/old/77123"] = redirect("/world/grave-at-gossi", 301)
    pages["/world/grave-at-gossi-2"] = article("The grave at Gossi", *OTHER)
    site.routes |= pages
    with site:
        write_sources(study, sources("delay = 0.0", outlet("gazette", site, *pages)))
        result = crawl_study(study)
        assert (result.returncode, result.stderr) == (0, "")
        yield study


def test_all_twins_are_one_article(crawled: Path) -> None:
    """Tracking, AMP, print, a slash, a redirect and two sections: one article, and one version of it."""
    found = Counter(
        str(url).split("/", 3)[3] for (url,) in rows(crawled, "SELECT canonical_url FROM article")
    )
    assert found == {"world/grave-at-gossi": 1, "world/grave-at-gossi-2": 1}
    assert rows(crawled, "SELECT count(*) FROM version") == [(2,)]


def test_every_twin_is_told_as_a_duplicate(crawled: Path) -> None:
    """None is dropped: each names the address under which the article was taken in."""
    found = {
        "/" + str(url).split("/", 3)[3]: (outcome, str(detail).split("/", 3)[-1])
        for url, outcome, detail in rows(crawled, "SELECT url, outcome, detail FROM candidate")
    }
    first = [path for path, (outcome, _) in found.items() if outcome == "on_topic"]
    assert len(first) == 2
    assert "/world/grave-at-gossi-2" in first
    twins = {path: told for path, told in found.items() if path not in first}
    assert set(twins) == set(TWINS) - set(first)
    assert {outcome for outcome, _ in twins.values()} == {"duplicate"}
    assert {detail.partition(",")[0] for _, detail in twins.values()} == {
        first[0].lstrip("/") if first[0] in TWINS else first[1].lstrip("/")
    }


def test_the_address_asked_the_final_and_the_canonical_one_are_kept(crawled: Path) -> None:
    """What led to the article can be followed back, each step by its own address."""
    asked = rows(crawled, "SELECT url, final_url FROM attempt WHERE kind = 'page' AND url LIKE '%/old/77123'")
    assert [(str(url)[-10:], str(final).split("/", 3)[3]) for url, final in asked] == [
        ("/old/77123", "world/grave-at-gossi")
    ]
