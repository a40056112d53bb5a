"""The one record that every way of discovery yields."""

from dataclasses import dataclass
from datetime import UTC, date, datetime
from email.utils import parsedate_to_datetime
from urllib.parse import urldefrag

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


def parse_time(text: str) -> tuple[datetime | None, str]:
    """An RFC 822 or ISO 8601 time as (UTC without zone, precision); (None, "unknown") if it is neither.

    A time of day without a zone says the day only: it may be off by hours either way.
    """
    text = text.strip()
    try:
        return datetime.combine(date.fromisoformat(text), datetime.min.time()), "day"
    except ValueError:
        pass
    try:
        moment = datetime.fromisoformat(text)
    except ValueError:
        try:
            moment = parsedate_to_datetime(text)
        except (ValueError, TypeError, IndexError):
            return None, "unknown"
    if moment.tzinfo is None:
        return datetime.combine(moment.date(), datetime.min.time()), "day"
    try:
        moment = moment.astimezone(UTC).replace(tzinfo=None, microsecond=0)
    except OverflowError:
        return None, "unknown"
    return moment, "second"
