"""The one record that every way of discovery yields."""

import re
from dataclasses import dataclass, replace
from datetime import datetime
from urllib.parse import urldefrag, urljoin, urlsplit

from crawler.characters import whole
from crawler.extraction.dates import Precision, honest, parse_date

# An address in which there is nothing to mend or to leave out, as nearly all are: a sitemap may have 50,000.
_PLAIN = re.compile(r"https?://[A-Za-z0-9.-]+/(?:[A-Za-z0-9/._~%+=,-]|\?(?=[A-Za-z0-9])|&)*")

CUT_OFF = ";cut"
"""How an address in an archive ends whose copy of the page was cut off when it was captured."""

_NEVER = datetime(1, 1, 1)  # noqa: DTZ001 - UTC without zone, as all times of the store


@dataclass(frozen=True)
class Candidate:
    """A URL that may be an article. `published` is what the feed or sitemap says, UTC without zone.

    `archived` is where an archive has a copy of it: the page is fetched from there, not from its own server.
    One whose outlet is not `listed` in sources.toml is kept for the researcher to see and never fetched; its
    `outlet_id` is its host.
    """

    url: str
    outlet_id: str
    found_by: str  # pages, feed, news_sitemap, sitemap, wayback, commoncrawl, gdelt
    found_in: str
    published: datetime | None = None
    precision: str = "unknown"
    archived: str | None = None
    listed: bool = True


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
    return kept if one.archived and other.archived else replace(kept, archived=None)


def clean_url(url: str, base: str = "") -> str:
    """The URL without surrounding space, line ends and fragment; absolute where a base is given.

    Never raises: what is no address stays as it is, so that it can be told.
    """
    if _PLAIN.fullmatch(url):
        return url
    # Line ends and tabs are what browsers leave out of addresses.
    plain = whole("".join(url.split("\n")).replace("\r", "").replace("\t", "").strip())
    try:
        return urldefrag(urljoin(base, plain)).url
    except ValueError:
        return plain


def is_web_address(url: str) -> bool:
    """Whether this is an http or https address that names a host."""
    try:
        parts = urlsplit(url)
        _ = parts.port  # raises ValueError for one that is no number up to 65535
    except ValueError:
        return False
    return parts.scheme in {"http", "https"} and bool(parts.hostname)


def stated_time(text: str, source: str) -> tuple[datetime | None, Precision]:
    """What a listing says of a time as (UTC without zone, precision); (None, "unknown") for nothing.

    What programs write where they know no date (0001-01-01, 1970-01-01) is nothing, and so is the future.
    """
    moment = parse_date(text, source) if text else None
    return (moment.value, moment.precision) if moment and honest(moment.value) else (None, "unknown")


def host_of(url: str) -> str:
    """The host that a URL names, with its port, in lower case; "" where it names none. Never raises."""
    try:
        return urlsplit(url).netloc.lower()
    except ValueError:
        return ""


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
