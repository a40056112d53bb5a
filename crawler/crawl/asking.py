"""What the crawl asks of the web, and what it gets: the same whether Scrapy answers or a test."""

from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass, field

from gossi.crawler.capture.captured import Page
from gossi.crawler.capture.warc import Kept
from gossi.crawler.extraction.article import Extracted
from gossi.crawler.outcomes import Outcome


@dataclass(frozen=True)
class Question:
    """What is asked for, and on whose behalf.

    `kind` is page, feed, sitemap, probe, robots, wayback, commoncrawl or gdelt. `asked` is the URL under
    which the answer is noted: `url` itself where it is "". `timeout` (seconds) and `max_bytes` are the
    study's where they are None. One that is not `retried` is asked once, however it is answered. `about` is
    what several questions to a service have in common, such as the place that is searched in parts.
    """

    url: str
    outlet_id: str
    kind: str
    asked: str = ""
    headers: Mapping[str, str] = field(default_factory=dict)
    timeout: float | None = None
    max_bytes: int | None = None
    retried: bool = True
    about: str = ""

    def __post_init__(self) -> None:
        object.__setattr__(self, "asked", self.asked or self.url)
        object.__setattr__(self, "about", self.about or self.asked)


class Unanswered(Exception):  # noqa: N818 - no error: what may come of any question
    """No answer came of a question, or none that may be read.

    `kept` is where the last answer on the way lies, of a redirect say; None where there was none.
    """

    def __init__(self, outcome: Outcome, detail: str, kept: Kept | None = None) -> None:
        super().__init__(detail)
        self.outcome = outcome
        self.detail = detail
        self.kept = kept


Ask = Callable[[Question], Awaitable[Page]]
"""Asks the web, redirects and repetitions included; raises Unanswered."""

Extract = Callable[[bytes, str, str | None], Awaitable[Extracted]]
"""Extracts the article of a page from its body, URL and charset."""


def validators(etag: str | None, last_modified: str | None) -> dict[str, str]:
    """The headers that ask whether something has changed since."""
    headers = {"If-None-Match": etag, "If-Modified-Since": last_modified}
    return {name: value for name, value in headers.items() if value}
