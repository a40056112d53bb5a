"""The pages that sources.toml itself names."""

from collections.abc import Iterator

from crawler.discovery.candidate import Candidate, clean_url
from crawler.study import Outlet


def known_pages(outlet: Outlet) -> Iterator[Candidate]:
    """A candidate for each of the outlet's `pages`."""
    for url in outlet.pages:
        yield Candidate(clean_url(url), outlet.id, "pages", "sources.toml")
