"""What a right crawl and a right coding of the sample web find: from its hand-coded labels alone.

Nothing here asks the programs that the sample tests.

An article's state for a claim is the first of these that fits:

1. `not_observable`: its text is incomplete (paywall, consent_wall) or it has no date (no_date);
2. `not_yet_public`: it was published before the claim was; where one of the two is known to the day only,
   on the same day or before;
3. `included`: its label says so;
4. `omitted`.

Its state for a side: `included` if any of the side's claims is; else `omitted` if any is; else
`not_yet_public` if any is; else `not_observable`. An article is eligible for a side where it is included or
omitted.
"""

import re
from collections import Counter
from collections.abc import Container, Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from functools import cache
from html import unescape
from typing import Literal

from gossi.crawler.outcomes import Outcome
from gossi.crawler.sample.addresses import DEFAULT_PORT, path_of
from gossi.crawler.sample.articles import articles_of
from gossi.crawler.sample.model import Article, Label, Precision, SampleOutlet, sample
from gossi.crawler.sample.site import Site

State = Literal["included", "omitted", "not_yet_public", "not_observable"]

ClaimPrecision = Literal["minute", "day"]
"""How exactly it is known when a claim became public."""

_ODD = {
    "gone_404": Outcome.GONE,
    "gone_410": Outcome.GONE,
    "soft_404": Outcome.SOFT_404,
    "redirect_home": Outcome.REDIRECT_HOME,
    "bot_wall": Outcome.BOT_WALL,
    "not_html": Outcome.NOT_HTML,
    "refused": Outcome.REFUSED,
    "redirect_loop": Outcome.UNREACHABLE,
    "leads_inside": Outcome.FORBIDDEN_ADDRESS,
    "leads_to_file": Outcome.FORBIDDEN_ADDRESS,
    "leads_to_data": Outcome.FORBIDDEN_ADDRESS,
    "injects_header": Outcome.GONE,
    "shell": Outcome.EXTRACTION_FAILED,
    "slow_drip": Outcome.TIMEOUT,
    "server_error": Outcome.SERVER_ERROR,
    "too_large": Outcome.TOO_LARGE,
    "gzip_bomb": Outcome.TOO_LARGE,
}

_CASES = {
    "paywall": Outcome.PAYWALL,
    "consent_wall": Outcome.CONSENT_WALL,
    "robots": Outcome.ROBOTS,
    "out_of_window": Outcome.OUT_OF_WINDOW,
}

_STATES: tuple[State, ...] = ("included", "omitted", "not_yet_public", "not_observable")

_TOWN = re.compile("Gossi|Jossi|Gossy|Госси|غوسي|جوسي", re.IGNORECASE)
"""The town as the sample's articles write it. The truth needs no word from the program."""

_TOGETHER = ("тела", "наемни", "мали")
"""Bodies, mercenaries and Mali, which together are the topic too: so a report that names no town is of it."""


@dataclass(frozen=True)
class Expected:
    """An address of the sample web and what is to come of it.

    Attributes:
        url: the canonical address.
        other_urls: further addresses that lead to the same article: with marks of campaigns, section
            twins, redirects. Each is a duplicate, never another article.
        fate: its outcome. Of an outlet whose robots.txt fails, nothing may be asked at all.
        named: where the page names the topic: in the article, only in its margin, or nowhere. Where only the
            margin does, the page passes the gate before extraction, and the one behind it stops it.
        on_topic: coded by hand; False for what is no article.
        published: UTC without a zone; None where the outlet does not say.
        labels: claim → how it is reported, by hand; empty for what is no article.
    """

    outlet_id: str
    url: str
    other_urls: tuple[str, ...]
    fate: Outcome
    named: Literal["article", "margin", "nowhere"]
    article_id: str
    headline: str
    language: str
    on_topic: bool
    published: datetime | None
    precision: Precision
    labels: Mapping[str, Label]

    @property
    def counted(self) -> bool:
        """Whether it is an article of the study on its topic: one that has cells."""
        taken_in = {Outcome.ON_TOPIC, Outcome.PAYWALL, Outcome.CONSENT_WALL}
        return self.on_topic and self.fate in taken_in

    @property
    def reason(self) -> str:
        """Why none of its cells can be observed; empty where they can."""
        if self.fate in {Outcome.PAYWALL, Outcome.CONSENT_WALL}:
            return self.fate.value
        return "" if self.published else "no_date"


@dataclass(frozen=True)
class Cell:
    """The state of an article for a claim."""

    article: Expected
    claim_id: str
    state: State
    reason: str


@dataclass(frozen=True)
class Coverage:
    """An outlet's figures for a side."""

    articles: int
    included: int
    omitted: int
    not_yet_public: int
    not_observable: int

    @property
    def eligible(self) -> int:
        """Articles that could have given the side's account."""
        return self.included + self.omitted


@cache
def truth(base_port: int = DEFAULT_PORT) -> tuple[Expected, ...]:
    """Every address that the sample's listings and its sources.toml name, an article's only once."""
    return tuple(expected for outlet in sample().outlet for expected in _of_outlet(outlet, base_port))


def expected_states(
    public_since: Mapping[str, tuple[datetime, ClaimPrecision]],
    base_port: int = DEFAULT_PORT,
    missed: Container[str] = (),
) -> list[Cell]:
    """The state of every on-topic article for every claim.

    Args:
        public_since: claim → when it became public (UTC without a zone) and how exactly that is known.
        base_port: the port of the first outlet, for the articles' addresses.
        missed: addresses of articles on topic that a coder calls off topic: they have no cells then.
    """
    return [
        Cell(article, claim_id, state, article.reason if state == "not_observable" else "")
        for article in truth(base_port)
        if article.counted and article.url not in missed
        for claim_id, (since, precision) in public_since.items()
        for state in [_state(article, claim_id, since, precision)]
    ]


def expected_coverage(
    public_since: Mapping[str, tuple[datetime, ClaimPrecision]],
    base_port: int = DEFAULT_PORT,
    missed: Container[str] = (),
) -> dict[tuple[str, str], Coverage]:
    """(outlet, side) → its figures, for every outlet; a claim's side is what stands before its first dot.

    The arguments are those of `expected_states`.
    """
    states: dict[tuple[str, str, str], list[State]] = {}
    for cell in expected_states(public_since, base_port, missed):
        side = cell.claim_id.partition(".")[0]
        states.setdefault((cell.article.outlet_id, side, cell.article.url), []).append(cell.state)
    counts: dict[tuple[str, str], Counter[State]] = {
        (outlet.id, side): Counter()
        for outlet in sample().outlet
        for side in dict.fromkeys(claim_id.partition(".")[0] for claim_id in public_since)
    }
    for (outlet_id, side, _), of_article in states.items():
        counts[outlet_id, side][_side_state(of_article)] += 1
    return {
        key: Coverage(count.total(), *(count[state] for state in _STATES)) for key, count in counts.items()
    }


def _state(article: Expected, claim_id: str, since: datetime, precision: ClaimPrecision) -> State:
    if article.reason or article.published is None:
        return "not_observable"
    if article.precision == "day" or precision == "day":
        too_early = article.published.date() <= since.date()
    else:
        too_early = article.published.replace(second=0, microsecond=0) < since.replace(
            second=0, microsecond=0
        )
    if too_early:
        return "not_yet_public"
    return "included" if claim_id in article.labels else "omitted"


def _side_state(states: Iterable[State]) -> State:
    return min(states, key=_STATES.index)


def _of_outlet(outlet: SampleOutlet, base_port: int) -> list[Expected]:
    site = Site(outlet, base_port)
    closed = outlet.robots == "error_503"
    pages = [_article(outlet, article, site) for article in articles_of(outlet.id)]
    pages += [
        Expected(
            outlet_id=outlet.id,
            url=site.origin + odd.path,
            other_urls=(),
            fate=Outcome.ROBOTS if closed else _ODD[odd.kind],
            named="margin",
            article_id="",
            headline="",
            language=outlet.languages[0],
            on_topic=False,
            published=None,
            precision="unknown",
            labels={},
        )
        for odd in outlet.odd
        if odd.kind != "moved"
    ]
    return pages


def _article(outlet: SampleOutlet, article: Article, site: Site) -> Expected:
    path = path_of(outlet, article)
    page = site.archived.get(path) or site.answer(path)
    named = _named(article, page.body.decode(outlet.charset))
    fate = Outcome.ON_TOPIC if named == "article" else Outcome.OFF_TOPIC
    fate = _CASES.get(article.case, fate)
    if outlet.robots == "error_503":
        fate = Outcome.ROBOTS
    return Expected(
        outlet_id=outlet.id,
        url=site.origin + path,
        other_urls=tuple(site.origin + other for other in _other_paths(outlet, article, path)),
        fate=fate,
        named=named,
        article_id=article.id,
        headline=article.headline,
        language=article.language,
        on_topic=article.on_topic,
        published=article.moment,
        precision=outlet.precision if article.moment else "unknown",
        labels=article.labels,
    )


def _other_paths(outlet: SampleOutlet, article: Article, path: str) -> list[str]:
    paths = [twin.path for twin in outlet.twin if twin.article == article.id]
    paths += [odd.path for odd in outlet.odd if odd.kind == "moved" and odd.target == article.id]
    if outlet.feed and outlet.feed.tracking:
        paths.append(f"{path}?utm_source=feed&utm_medium=rss")
    return paths


def _named(article: Article, page: str) -> Literal["article", "margin", "nowhere"]:
    if _names_the_topic(" ".join([article.headline, *article.text])):
        return "article"
    return "margin" if _names_the_topic(unescape(page)) else "nowhere"


def _names_the_topic(text: str) -> bool:
    if _TOWN.search(text):
        return True
    return all(re.search(rf"\b{word}", text, re.IGNORECASE) for word in _TOGETHER)
