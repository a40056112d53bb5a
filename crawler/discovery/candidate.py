"""The one record that every way of discovery yields."""

from dataclasses import dataclass
from datetime import datetime
from urllib.parse import urldefrag

from crawler.extraction.dates import Precision, parse_date

_NEVER = datetime(1, 1, 1)  # noqa: DTZ001 - UTC without zone, as all times of the store


@dataclass(frozen=True)
class Candidate:
    """A URL that may be an article. `published` is what the feed or sitemap says, UTC without zone."""

    url: str
    outlet_id: str
    found_by: str  # pages, feed, news_sitemap, sitemap
    found_in: str
    published: datetime | None = None
    precision: str = "unknown"


def merged(one: Candidate, other: Candidate) -> Candidate:
    """The one of two candidates for a URL that is kept: the earliest stated time, then a fixed order.

    Which listing answered first must not decide what is known of an article.
    """
    return min(one, other, key=lambda c: (c.published is None, c.published or _NEVER, c.found_by, c.found_in))


def clean_url(url: str) -> str:
    """The URL without surrounding space and fragment."""
    return urldefrag(url.strip()).url


def stated_time(text: str, source: str) -> tuple[datetime | None, Precision]:
    """What a listing says of a time as (UTC without zone, precision); (None, "unknown") for nothing."""
    moment = parse_date(text, source)
    return (moment.value, moment.precision) if moment else (None, "unknown")


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
