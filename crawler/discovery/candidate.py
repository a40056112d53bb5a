"""The one record that every way of discovery yields."""

from dataclasses import dataclass, replace
from datetime import date, datetime

from gossi.crawler.extraction.dates.published import Precision, honest
from gossi.crawler.extraction.dates.written import parse_date

CUT_OFF = ";cut"
"""How an address in an archive ends whose copy of the page was cut off when it was captured."""

_NEVER = datetime(1, 1, 1)  # noqa: DTZ001 - UTC without zone, as all times of the store


@dataclass(frozen=True)
class Candidate:
    """A URL that may be an article. `published` is what the feed or sitemap says, UTC without zone.

    `archived` is where an archive has a copy of it: the page is fetched from there, not from its own server.
    One whose outlet is not `listed` in sources.toml is kept for the researcher to see and never fetched; its
    `outlet_id` is its host. What `names_topic` in its URL or title is asked first, and of the rest what is
    near the affair in its `day`: of its publication, else of its last change or what its address tells.
    """

    url: str
    outlet_id: str
    found_by: str  # pages, feed, news_sitemap, sitemap, wayback, commoncrawl, gdelt
    found_in: str
    published: datetime | None = None
    precision: str = "unknown"
    archived: str | None = None
    listed: bool = True
    names_topic: bool = False
    day: date | None = None


def merged(one: Candidate, other: Candidate) -> Candidate:
    """The one of two candidates for a URL that is kept: the earliest stated time, then a fixed order.

    Which listing answered first must not decide what is known of an article. Where one of them says that the
    page is on the web still, its own server is asked.
    """

    def order(c: Candidate) -> tuple[object, ...]:
        return (
            c.published is None, c.published or _NEVER, c.archived is not None,
            (c.archived or "").endswith(CUT_OFF), c.found_by, c.found_in, c.archived or "",
        )  # fmt: skip

    kept = min(one, other, key=order)
    return replace(
        kept,
        archived=kept.archived if one.archived and other.archived else None,
        names_topic=one.names_topic or other.names_topic,
        day=kept.day or one.day or other.day,
    )


def stated_time(text: str, source: str) -> tuple[datetime | None, Precision]:
    """What a listing says of a time as (UTC without zone, precision); (None, "unknown") for nothing.

    What programs write where they know no date (0001-01-01, 1970-01-01) is nothing, and so is the future.
    """
    moment = parse_date(text, source) if text else None
    return (moment.value, moment.precision) if moment and honest(moment.value) else (None, "unknown")


@dataclass(frozen=True)
class Hint:
    """When a feed or sitemap says that a page was published (UTC without zone)."""

    published: datetime | None = None
    precision: str = "unknown"
    source: str = "none"

    @classmethod
    def of(cls, published: datetime | None, precision: str, found_by: str) -> "Hint":
        """What a candidate found that way says of its date."""
        return cls(published, precision, "sitemap" if found_by.endswith("sitemap") else found_by)
