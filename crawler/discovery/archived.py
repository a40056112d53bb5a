"""Takes the page itself out of what an archive answered: the same in a crawl and in an import of it."""

from dataclasses import replace
from typing import Protocol

from gossi.crawler.capture.answer import CUT
from gossi.crawler.capture.captured import Page
from gossi.crawler.capture.read import read_record
from gossi.crawler.config import Table
from gossi.crawler.discovery import commoncrawl, gdelt, wayback
from gossi.crawler.errors import InputError
from gossi.crawler.study.sources import CommonCrawl, Gdelt, Wayback
from gossi.crawler.web.urls import clean_url, is_web_address


class Services(Protocol):
    """Where the archives and GDELT are, as a study says it."""

    @property
    def wayback(self) -> Wayback:
        """The Internet Archive."""

    @property
    def commoncrawl(self) -> CommonCrawl:
        """Common Crawl."""

    @property
    def gdelt(self) -> Gdelt:
        """GDELT."""


class _Public(Table):
    wayback: Wayback = Wayback()
    commoncrawl: CommonCrawl = CommonCrawl()
    gdelt: Gdelt = Gdelt()


PUBLIC: Services = _Public()
"""Their public addresses, where no study is at hand."""


def via(services: Services, address: str) -> str:
    """Which archive an address belongs to: wayback, commoncrawl; live for none."""
    if address.startswith(services.wayback.replay):
        return "wayback"
    return "commoncrawl" if address.startswith(f"{services.commoncrawl.data}/") else "live"


def original(services: Services, page: Page, archived: str | None = None) -> Page:
    """The page that an archive answered with, as if its own server had, at the time when the archive saw it.

    A page that comes from no archive is given back as it is. Of Common Crawl it is the record within.

    Args:
        services: where the archives are.
        page: what was captured.
        archived: where discovery said that the archive has it, if it did.

    Raises:
        InputError: the record within cannot be read, or the archive names no address of the web.
    """
    if capture := wayback.capture_at(services.wayback, page.url):
        url = clean_url(capture.url)
        if not is_web_address(url):
            raise InputError(f"{url[:200]} is no address of the web")
        return replace(page, url=url, fetched_at=capture.time)
    if commoncrawl.is_record(services.commoncrawl, page.url, page.status):
        inner = read_record(page.body, page.url)
        torn = inner.torn or (CUT if archived and commoncrawl.was_cut(archived) else "")
        return replace(
            inner, url=clean_url(inner.url), warc_file=page.warc_file, offset=page.offset, torn=torn
        )
    return page


def original_url(services: Services, url: str) -> str:
    """The page's own URL, where one of the Internet Archive is given."""
    capture = wayback.capture_at(services.wayback, url)
    return clean_url(capture.url) if capture else url


def search_of(services: Services, url: str) -> str:
    """Which service a captured URL is a question to: wayback, commoncrawl, gdelt; "" for none."""
    if via(services, url) != "live":
        return ""
    if wayback.is_search(services.wayback, url):
        return "wayback"
    if commoncrawl.is_search(services.commoncrawl, url):
        return "commoncrawl"
    return "gdelt" if gdelt.is_search(services.gdelt, url) else ""
