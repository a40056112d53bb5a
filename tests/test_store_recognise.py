"""Which article a page is of: two articles are never one, one is never two, and the whole text counts."""

from collections.abc import Iterator
from datetime import datetime, timedelta
from pathlib import Path

import pytest

from gossi.crawler.extraction.article import Extracted, Observability
from gossi.crawler.store.ledger import Ledger
from gossi.crawler.store.store import Store
from gossi.crawler.study.sources import StudyFolder
from gossi.crawler.web.canonical import canonical_url

HOME = "https://courier.example"
LONG = "/news/graves-found-near-camp"
SEEN_AT = datetime(2022, 4, 22)

GRAVE = """The French army showed drone pictures that were taken near its former base at Gossi in Mali.
Its general staff said that the pictures show Russian mercenaries covering bodies with sand.
The Malian general staff announced the same evening that a mass grave had been found near the camp.
It said that the state of the bodies showed the grave to be older than the handover of the base."""
EDITED = f"{GRAVE}\nBamako has asked the United Nations for an inquiry since."
TEASER = GRAVE.partition("\n")[0]

MARKET = """A spokesman of the regional assembly said on Monday that Gossi had been calm since the handover.
Market traders told the station that lorries from the south had come back after three weeks.
The assembly meets again in the second week of the month to speak about the road and the bridge.
Its last part near the river was washed away by the rains of the year before and was not mended since."""

WALL = "Access denied. You have no permission to read this page on this server."


class Visits:
    """Pages that are taken in one after another, into a ledger that is kept or begun anew for each."""

    def __init__(self, folder: Path, *, anew: bool) -> None:
        self._anew = anew
        self._store = Store(StudyFolder(folder))
        self._ledger = Ledger(self._store, 1)
        self._seen_at = SEEN_AT

    def see(  # noqa: PLR0913 - what a page is
        self,
        path: str,
        text: str,
        *,
        headline: str = "The grave at Gossi",
        names: str | None = None,
        shown_at: str | None = None,
        observability: Observability = "full",
        seen_at: datetime | None = None,
    ) -> str:
        """Take in a page and give the outcome and what is said of it, without the home of its address."""
        self._seen_at += timedelta(hours=3)
        final = HOME + (shown_at or path)
        page = Extracted(
            url=final,
            canonical_url=canonical_url(final, names),
            headline=headline,
            text=text,
            observability=observability,
            words=len(text.split()),
        )
        outcome, detail = self._ledger.take(page, "courier", HOME + path, seen_at or self._seen_at)
        self._ledger.attempt(
            outlet_id="courier", kind="page", url=HOME + path, final_url=final, outcome=outcome, detail=detail
        )
        if self._anew:
            self._ledger.end("ok", "")
            self._ledger = Ledger(self._store, 1)
        return f"{outcome} {detail}".strip().replace(HOME, "")

    def articles(self) -> dict[str, list[str]]:
        """The texts of each article, by the path of its canonical URL."""
        self._ledger.flush()
        rows = self._store.con.execute(
            "SELECT canonical_url, list(text ORDER BY version_no) "
            "FROM article JOIN version USING (article_id) GROUP BY canonical_url ORDER BY canonical_url"
        ).fetchall()
        return {str(url).removeprefix(HOME): texts for url, texts in rows}

    def close(self) -> None:
        """Let go of the store."""
        self._ledger.end("ok", "")
        self._store.close()


@pytest.fixture(params=[False, True], ids=["in one run", "in a run each"])
def visits(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Visits]:
    """What is remembered and what is read from the store must tell the same."""
    found = Visits(tmp_path, anew=request.param)
    yield found
    found.close()


def test_two_articles_that_name_one_address_stay_two(visits: Visits) -> None:
    """The second goes by its own address, in each later visit too, and a twin of it is known."""
    shared = "/monde/afrique-de-l-ouest"
    assert visits.see("/x/1", GRAVE, names=shared) == "on_topic"
    assert visits.see("/x/2", MARKET, headline="The road", names=shared) == "on_topic"
    assert (
        visits.see("/x/2", f"{MARKET}\nIt rains.", headline="The road", names=shared) == "on_topic version 2"
    )
    assert visits.see("/x/1", EDITED, names=shared) == "on_topic version 2"
    assert visits.see("/m/x/2", MARKET, headline="The road", names=shared) == "duplicate /x/2"
    assert visits.articles() == {shared: [GRAVE, EDITED], "/x/2": [MARKET, f"{MARKET}\nIt rains."]}


def test_two_articles_at_one_address_are_told_apart_by_what_was_asked(visits: Visits) -> None:
    """A server that leads every URL to one page."""
    assert visits.see("/go?id=1", GRAVE, shown_at="/show") == "on_topic"
    assert visits.see("/go?id=2", MARKET, shown_at="/show") == "on_topic"
    assert visits.articles() == {"/show": [GRAVE], "/go?id=2": [MARKET]}


@pytest.mark.parametrize("twin", [EDITED, GRAVE.rpartition("\n")[0], "Read the whole on the web."])
def test_a_twin_with_another_text_is_no_second_article(visits: Visits, twin: str) -> None:
    """An edit in between, a mobile page with less, an AMP page with hardly anything."""
    assert visits.see(LONG, GRAVE) == "on_topic"
    assert visits.see("/m/1", twin, names=LONG) == f"duplicate {LONG}, with another text"
    assert visits.articles() == {LONG: [GRAVE]}


def test_the_second_page_of_an_article_is_not_lost(visits: Visits) -> None:
    """It has the name and the headline of the first, and none of its text."""
    assert visits.see(LONG, GRAVE) == "on_topic"
    assert visits.see(f"{LONG}?page=2", MARKET, names=LONG) == "on_topic"
    assert visits.articles() == {LONG: [GRAVE], f"{LONG}?page=2": [MARKET]}


@pytest.mark.parametrize(("first", "why"), [(TEASER, "paywall"), (WALL, "bot_wall")])
def test_a_whole_text_takes_the_place_of_a_part(visits: Visits, first: str, why: Observability) -> None:
    """Whichever address gives it; a part never takes the place of the whole."""
    assert visits.see("/m/1", first, names=LONG, observability=why) == "on_topic"
    assert visits.see(LONG, GRAVE) == "on_topic version 2"
    assert visits.see("/m/1", first, names=LONG, observability=why) == f"duplicate {LONG}"
    other = f"{first}\nSubscribe now."
    told = f"duplicate {LONG}, with another text"
    assert visits.see("/m/1", other, names=LONG, observability=why) == told
    assert visits.see(LONG, EDITED) == "on_topic version 3"
    assert visits.articles() == {LONG: [first, GRAVE, EDITED]}


def test_a_teaser_that_is_taken_for_the_whole_tells_no_more(visits: Visits) -> None:
    """Where one page says that it is a teaser, another with no more words is no whole text either."""
    assert visits.see(LONG, GRAVE, observability="paywall") == "on_topic"
    assert visits.see("/m/1", TEASER, names=LONG) == f"duplicate {LONG}, with another text"


def test_the_article_at_its_own_address_takes_the_place_of_a_shorter_twin(visits: Visits) -> None:
    """A mobile page that was seen first leaves out a part, and says nothing of it."""
    assert visits.see("/m/1", GRAVE, names=LONG) == "on_topic"
    assert visits.see(LONG, EDITED) == "on_topic version 2"
    assert visits.see("/m/1", f"{EDITED}\nMore.", names=LONG) == f"duplicate {LONG}, with another text"
    assert visits.articles() == {LONG: [GRAVE, EDITED]}


def test_an_article_whose_address_is_edited_stays_one(visits: Visits) -> None:
    """The same URL, by another name and with another text; and the new name is known as the old one is."""
    assert visits.see("/a/1", GRAVE, names="/news/old-slug-of-it") == "on_topic"
    assert (
        visits.see("/a/1", EDITED, headline="Who dug it", names="/news/new-slug-of-it")
        == "on_topic version 2"
    )
    assert visits.see("/news/new-slug-of-it", EDITED, headline="Who dug it") == "duplicate /a/1"
    told = "duplicate /a/1, with another text"
    assert visits.see("/news/new-slug-of-it", f"{GRAVE}\nOnce more.", names="/news/new-slug-of-it") == told
    assert visits.articles() == {"/news/old-slug-of-it": [GRAVE, EDITED]}


def test_a_wall_and_what_stood_behind_it_are_one_article(visits: Visits) -> None:
    """The wall does not say which article it hides, the page does."""
    wall = visits.see("/a/1", WALL, headline="Access denied to /gossi", observability="bot_wall")
    assert (wall, visits.see("/a/1", GRAVE, names=LONG)) == ("on_topic", "on_topic version 2")
    assert visits.see(LONG, GRAVE) == "duplicate /a/1"
    assert visits.articles() == {"/a/1": [WALL, GRAVE]}


def test_a_page_of_the_latest_news_is_another_article_each_day(visits: Visits) -> None:
    """By the name that it gives; where it gives none, its text is kept apart all the same."""
    assert visits.see("/latest", GRAVE, names=LONG) == "on_topic"
    assert visits.see("/latest", MARKET, names="/news/road-to-gossi-open") == "on_topic"
    assert visits.see(LONG, EDITED) == "on_topic version 2"
    assert visits.articles() == {LONG: [GRAVE, EDITED], "/news/road-to-gossi-open": [MARKET]}
    assert visits.see("/now", GRAVE.replace("French", "Danish"), headline="Danes") == "on_topic"
    assert visits.see("/now", MARKET.replace("Monday", "Friday")) == "on_topic"
    assert visits.see("/now", MARKET.replace("Monday", "Sunday")) == "on_topic version 2"
    assert [len(texts) for texts in visits.articles().values()] == [2, 1, 1, 2]


def test_an_article_at_an_address_of_its_own_may_be_written_anew(visits: Visits) -> None:
    """A flash becomes a report: the address says that it is the same."""
    assert visits.see(LONG, GRAVE) == "on_topic"
    assert visits.see(LONG, MARKET, headline="All is calm") == "on_topic version 2"


def test_the_same_text_in_two_sections_is_one_article(visits: Visits) -> None:
    """Also where it is edited between two visits, and whatever counts its readers."""
    assert visits.see("/africa/1", f"{GRAVE}\n23 views") == "on_topic"
    assert visits.see("/world/1", f"{GRAVE}\n24 views") == "duplicate /africa/1"
    assert visits.see("/world/1", EDITED) == "duplicate /africa/1, with another text"
    assert visits.see("/africa/1", f"{EDITED}\n25 views") == "on_topic version 2"
    assert visits.see("/world/1", EDITED) == "duplicate /africa/1"
    assert visits.see("/africa/1", f"{EDITED}\n31 views") == "on_topic unchanged"
    assert visits.articles() == {"/africa/1": [f"{GRAVE}\n23 views", f"{EDITED}\n25 views"]}


def test_what_an_archive_saw_before_is_not_the_newest_text(visits: Visits) -> None:
    """It is a version; the page that is as it was the day before is still unchanged."""
    assert visits.see(LONG, EDITED) == "on_topic"
    assert visits.see(LONG, GRAVE, seen_at=SEEN_AT) == "on_topic version 2"
    assert visits.see(LONG, EDITED) == "on_topic unchanged"
    assert visits.see(LONG, f"{EDITED}\nNew York has answered.") == "on_topic version 3"
