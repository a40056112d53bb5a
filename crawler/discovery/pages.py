"""The pages that sources.toml itself names."""

from collections.abc import Iterator

from gossi.crawler.discovery.candidate import Candidate
from gossi.crawler.study.sources import Outlet
from gossi.crawler.web.urls import clean_url


def known_pages(outlet: Outlet) -> Iterator[Candidate]:
    """A candidate for each of the outlet's `pages`."""
    for url in outlet.pages:
        yield Candidate(clean_url(url), outlet.id, "pages", "sources.toml")
