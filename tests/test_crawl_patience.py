"""A run leaves what takes too long, and tells it.

Also tests crawler/crawl/listing_reader.py.
"""

import asyncio
from datetime import date

import pytest

from gossi.crawler.capture.captured import Page
from gossi.crawler.crawl.asking import Question, Unanswered
from gossi.crawler.crawl.listing_reader import ListingReader, read_here
from gossi.crawler.crawl.patience import MOST_TIMEOUTS, Patience
from gossi.crawler.discovery.url_words import UrlWords
from gossi.crawler.outcomes import Outcome
from gossi.crawler.study.sources import CrawlLimits, Outlet, Study, Window
from tests.driven import page

WINDOW = Window(first=date(2022, 4, 1), last=date(2022, 12, 31))
STUDY = Study(
    name="A test", contact="https://gossi.example", window=WINDOW, topic=["Gossi"],
    crawl=CrawlLimits(max_hours=2.0),
)  # fmt: skip
HASTY = Outlet(
    id="hasty", name="Fictional", domain="hasty.example", country="XX", bloc="unlisted",
    ownership="unknown", languages=["en"], max_hours=0.5,
)  # fmt: skip


class Clock:
    """A clock that is put forward by hand; a web whose hosts answer or do not; what was told."""

    def __init__(self) -> None:
        self.now = 0.0
        self.answers: dict[str, Outcome] = {}
        self.asked: list[str] = []
        self.told: list[str] = []
        self.patience = Patience(self._ask, STUDY, {"hasty": HASTY}, self.told.append, lambda: self.now)

    async def _ask(self, question: Question) -> Page:
        self.asked.append(question.url)
        host = question.url.split("/")[2]
        if outcome := self.answers.get(host):
            raise Unanswered(outcome, "no answer in time")
        return page(question, b"<html></html>")

    def ask(self, url: str, outlet: str = "gazette") -> str:
        """The outcome of a question; "" where it was answered."""
        try:
            asyncio.run(self.patience.ask(Question(url, outlet, "page")))
        except Unanswered as failure:
            return failure.outcome.value
        return ""


def test_a_host_that_answers_nothing_is_left_and_others_are_not() -> None:
    """After a few timeouts in a row; what the run did not ask is `limit`, which the next one takes up."""
    web = Clock()
    web.answers["pit.example"] = Outcome.TIMEOUT
    urls = [f"https://pit.example/{n}" for n in range(MOST_TIMEOUTS + 4)]
    assert [web.ask(url) for url in urls] == ["timeout"] * MOST_TIMEOUTS + ["limit"] * 4
    assert web.asked == urls[:MOST_TIMEOUTS]
    assert web.ask("https://fine.example/1") == ""
    assert web.told == [
        f"pit.example: answered nothing in time, {MOST_TIMEOUTS} times in a row, and is left for the next run"
    ]
    assert web.patience.is_left("pit.example")


@pytest.mark.parametrize("between", [None, Outcome.ROBOTS, Outcome.TOO_LARGE])
def test_a_slow_host_that_answers_in_between_is_not_left(between: Outcome | None) -> None:
    """Any answer is a sign of life."""
    web = Clock()
    for n in range(3 * MOST_TIMEOUTS):
        alive = n % MOST_TIMEOUTS == 0
        web.answers = (
            {"slow.example": Outcome.TIMEOUT} if not alive else {"slow.example": between} if between else {}
        )
        assert web.ask(f"https://slow.example/{n}") != "limit"


def test_a_run_and_an_outlet_have_an_end() -> None:
    """An outlet's time counts from its first question; what is over is told once."""
    web = Clock()
    web.now = 3600.0
    assert web.ask("https://hasty.example/1", "hasty") == ""
    web.now += 0.6 * 3600
    assert [web.ask(f"https://hasty.example/{n}", "hasty") for n in range(3)] == ["limit"] * 3
    assert web.ask("https://fine.example/1") == ""
    web.now = 2 * 3600.0
    assert [web.ask(f"https://fine.example/{n}") for n in range(3)] == ["limit"] * 3
    assert web.told == [
        "hasty: its max_hours, 0.5, are over; the next run goes on",
        "max_hours of [study.crawl], 2, are over; the next run goes on",
    ]


def test_a_large_sitemap_is_read_in_a_worker_as_it_is_here() -> None:
    """The same candidates, and only those of the window."""
    entries = b"".join(
        b"<url><loc>https://a.example/%d</loc><lastmod>%d-05-01</lastmod></url>" % (n, 2019 + n % 4)
        for n in range(2000)
    )
    call = (b"<urlset>%s</urlset>" % entries, "https://a.example/s.xml", "a", WINDOW, UrlWords(STUDY))

    async def both() -> None:
        with ListingReader() as reader:
            there, here = await reader.read(*call), await read_here(*call)
            assert there is not None
            assert there == here
            assert (len(there.candidates), there.pruned) == (500, 1500)
            assert await reader.read(b"x" * 60_000, *call[1:]) is None

    asyncio.run(both())
