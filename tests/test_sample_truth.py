"""tests/sample_truth.py: states and figures, checked against cases worked out by hand."""

from datetime import datetime
from typing import get_args

import pytest

from gossi.crawler.outcomes import Outcome
from gossi.crawler.sample.articles import articles_of
from gossi.crawler.sample.model import sample
from tests.sample_truth import ClaimPrecision, State, expected_coverage, expected_states, truth

# Days and hours made up for these tests.
PUBLIC: dict[str, tuple[datetime, ClaimPrecision]] = {
    "mali.opens_inquiry": (datetime.fromisoformat("2022-04-22T21:00"), "minute"),
    "mali.western_backed_coup": (datetime.fromisoformat("2022-05-16"), "day"),
    "france.russians_buried_bodies": (datetime.fromisoformat("2022-04-21T18:00"), "minute"),
    "hrw.independent_inquiry": (datetime.fromisoformat("2022-04-05"), "day"),
    "online.french_left_grave": (datetime.fromisoformat("2022-04-20T20:06"), "minute"),
}
CELLS = {(cell.article.article_id, cell.claim_id): cell for cell in expected_states(PUBLIC)}
BY_ID = {expected.article_id: expected for expected in truth() if expected.article_id}


@pytest.mark.parametrize(
    ("article_id", "claim_id", "state", "reason"),
    [
        # A label of a claim that was public.
        ("harbour-gazette-01", "mali.opens_inquiry", "included", ""),
        # No label, and the claim was public.
        ("harbour-gazette-01", "hrw.independent_inquiry", "omitted", ""),
        # Published on 23 April, the claim on 16 May.
        ("harbour-gazette-01", "mali.western_backed_coup", "not_yet_public", ""),
        # Published on 22 April at 15:05, the claim at 21:00.
        ("harbour-gazette-02", "mali.opens_inquiry", "not_yet_public", ""),
        # The outlet says the day only, 22 April: the same day is too early, though the article has it.
        ("djoliba-fictif-09", "mali.opens_inquiry", "not_yet_public", ""),
        # The day only, 20 April, that of the post it reports.
        ("djoliba-fictif-11", "online.french_left_grave", "not_yet_public", ""),
        # 20 April at 21:40, after the post.
        ("kuthban-mutakhayyala-10", "online.french_left_grave", "included", ""),
        ("kuthban-mutakhayyala-10", "france.russians_buried_bodies", "not_yet_public", ""),
        # Behind a paywall, without a date, behind a consent wall.
        ("courrier-imaginaire-07", "online.french_left_grave", "not_observable", "paywall"),
        ("invented-continent-05", "mali.opens_inquiry", "not_observable", "no_date"),
        ("gaceta-inventada-04", "france.russians_buried_bodies", "not_observable", "consent_wall"),
    ],
)
def test_states_follow_the_rules(article_id: str, claim_id: str, state: str, reason: str) -> None:
    """One case of every rule."""
    cell = CELLS[article_id, claim_id]
    assert (cell.state, cell.reason) == (state, reason)


@pytest.mark.parametrize(
    ("article_id", "fate"),
    [
        ("harbour-gazette-01", Outcome.ON_TOPIC),
        ("made-up-monitor-02", Outcome.OFF_TOPIC),
        ("courrier-imaginaire-07", Outcome.PAYWALL),
        ("gaceta-inventada-04", Outcome.CONSENT_WALL),
        ("imaginary-lantern-07", Outcome.ROBOTS),
        ("shuttered-times-01", Outcome.ROBOTS),
        ("faro-ficticio-04", Outcome.OUT_OF_WINDOW),
    ],
)
def test_fates(article_id: str, fate: Outcome) -> None:
    """What is to come of an article's address."""
    assert BY_ID[article_id].fate == fate


def test_a_page_that_names_the_town_in_its_margin_only_is_not_on_topic() -> None:
    """Such a page passes the gate, which looks at bytes, and its article has no cells."""
    in_margin = [expected for expected in BY_ID.values() if expected.named == "margin"]
    assert in_margin
    assert not any(expected.on_topic or expected.counted for expected in in_margin)


def test_every_fate_of_the_sample_occurs() -> None:
    """Each hard case is there at least once."""
    fates = {expected.fate for expected in truth()}
    assert fates == {
        Outcome.ON_TOPIC,
        Outcome.OFF_TOPIC,
        Outcome.OUT_OF_WINDOW,
        Outcome.PAYWALL,
        Outcome.CONSENT_WALL,
        Outcome.BOT_WALL,
        Outcome.SOFT_404,
        Outcome.REDIRECT_HOME,
        Outcome.ROBOTS,
        Outcome.GONE,
        Outcome.REFUSED,
        Outcome.NOT_HTML,
        Outcome.UNREACHABLE,
        Outcome.FORBIDDEN_ADDRESS,
        Outcome.SERVER_ERROR,
        Outcome.TOO_LARGE,
        Outcome.TIMEOUT,
        Outcome.EXTRACTION_FAILED,
    }


def test_every_state_and_reason_occurs() -> None:
    """Each state has cells, and each reason of the sample too."""
    assert {cell.state for cell in CELLS.values()} == set(get_args(State))
    assert {cell.reason for cell in CELLS.values()} == {"", "paywall", "consent_wall", "no_date"}


def test_every_article_is_expected_once() -> None:
    """Truth speaks of all articles, and of no address twice."""
    ids = [expected.article_id for expected in truth() if expected.article_id]
    assert sorted(ids) == sorted(a.id for outlet in sample().outlet for a in articles_of(outlet.id))


def test_addresses_follow_the_port() -> None:
    """Another first port moves every address and nothing else."""
    here, there = truth(20000), truth(30000)
    assert [expected.url.replace(":2", ":3", 1) for expected in here] == [e.url for e in there]
    assert [expected.fate for expected in here] == [expected.fate for expected in there]


def test_coverage_of_an_outlet_counted_by_hand() -> None:
    """La Gaceta Inventada: three articles that can be read and one behind a consent wall.

    Published on 23 April, 27 April and 14 June; the first reports Mali's inquiry, the last two say nothing of
    it; all three have the French pictures, the last the posts, none Human Rights Watch's call.
    """
    coverage = expected_coverage(PUBLIC)
    figures = {side: coverage["gaceta-inventada", side] for side in ("mali", "france", "hrw", "online")}
    assert [(f.included, f.omitted, f.not_yet_public, f.not_observable) for f in figures.values()] == [
        (1, 2, 0, 1),
        (3, 0, 0, 1),
        (0, 3, 0, 1),
        (1, 2, 0, 1),
    ]
    assert all(figure.articles == 4 and figure.eligible == 3 for figure in figures.values())


def test_coverage_adds_up() -> None:
    """An outlet's states add up to its articles, the same for every side, and all cells are counted."""
    coverage = expected_coverage(PUBLIC)
    assert len(coverage) == len(sample().outlet) * len({claim.partition(".")[0] for claim in PUBLIC})
    for (outlet_id, _), figures in coverage.items():
        articles = sum(e.counted for e in BY_ID.values() if e.outlet_id == outlet_id)
        assert figures.articles == articles
        assert figures.eligible + figures.not_yet_public + figures.not_observable == articles
    assert len(CELLS) == len(PUBLIC) * sum(expected.counted for expected in BY_ID.values())


def test_a_side_may_be_not_yet_public() -> None:
    """On 20 April the French army had said nothing of pictures."""
    coverage = expected_coverage(PUBLIC)
    assert coverage["djoliba-fictif", "france"].not_yet_public == 1
    assert coverage["djoliba-fictif", "online"].not_yet_public == 1
    assert coverage["kuthban-mutakhayyala", "france"].not_yet_public == 1


def test_nothing_is_expected_of_an_outlet_that_may_not_be_asked() -> None:
    """An outlet whose robots.txt answers 503 has no articles in the figures."""
    assert expected_coverage(PUBLIC)["shuttered-times", "mali"].articles == 0
