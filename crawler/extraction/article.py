"""What extraction gives. Apart from `extract`, so that a process that only hands pages on loads no parser."""

from dataclasses import dataclass
from datetime import datetime
from typing import Literal

from gossi.crawler.characters import whole
from gossi.crawler.extraction.dates.published import Moment, Precision
from gossi.crawler.web.canonical import canonical_url

Observability = Literal["full", "paywall", "consent_wall", "bot_wall", "extraction_failed"]


@dataclass(frozen=True)
class Extracted:
    """What a page gives.

    `text` holds the paragraphs, joined by line ends, without the headline. `language` is ISO 639-1, "und"
    where not known. `published` and `modified` are UTC without a zone; `published` is midnight where its
    precision is "day", None where it is "unknown". `published_source` is json-ld, meta, time, url, slug or
    none. `detail` says in words what went wrong, where anything did. All of it can be written down: see
    `whole`.
    """

    url: str
    canonical_url: str
    headline: str = ""
    text: str = ""
    language: str = "und"
    published: datetime | None = None
    published_precision: Precision = "unknown"
    published_source: str = "none"
    modified: datetime | None = None
    observability: Observability = "extraction_failed"
    words: int = 0
    detail: str = ""

    def __post_init__(self) -> None:
        for name in ("url", "canonical_url", "headline", "text", "language", "detail"):
            object.__setattr__(self, name, whole(getattr(self, name)))

    @property
    def page_dates(self) -> tuple[Moment, ...]:
        """The publication time as `choose_published` takes it, to be weighed against a feed's."""
        if self.published is None:
            return ()
        return (Moment(self.published, self.published_precision, self.published_source),)


def failed(url: str, detail: str) -> Extracted:
    """The result for a page of which nothing could be had; `detail` says why."""
    return Extracted(url, canonical_url(url), detail=detail)
