"""Takes the page itself out of what an archive answered: the same in a crawl and in an import of it."""

from dataclasses import replace

from crawler.capture.read import Page, read_record
from crawler.discovery import commoncrawl, gdelt, wayback
from crawler.discovery.candidate import clean_url
from crawler.study import Study


def via(study: Study, address: str) -> str:
    """Which archive an address belongs to: wayback, commoncrawl; live for none."""
    if address.startswith(study.wayback.replay):
        return "wayback"
    return "commoncrawl" if address.startswith(f"{study.commoncrawl.data}/") else "live"


def original(study: Study, page: Page) -> Page:
    """The page that an archive answered with, as if its own server had, at the time when the archive saw it.

    A page that comes from no archive is given back as it is. Of Common Crawl it is the record within.

    Raises:
        InputError: the record within cannot be read.
    """
    if capture := wayback.capture_at(study.wayback, page.url):
        return replace(page, url=clean_url(capture.url), fetched_at=capture.time)
    if commoncrawl.is_record(study.commoncrawl, page.url, page.status):
        inner = read_record(page.body, page.url)
        return replace(inner, url=clean_url(inner.url), warc_file=page.warc_file, offset=page.offset)
    return page


def original_url(study: Study, url: str) -> str:
    """The page's own URL, where one of the Internet Archive is given."""
    capture = wayback.capture_at(study.wayback, url)
    return clean_url(capture.url) if capture else url


def search_of(study: Study, url: str) -> str:
    """Which service a captured URL is a question to: wayback, commoncrawl, gdelt; "" for none."""
    if via(study, url) != "live":
        return ""
    if wayback.is_search(study.wayback, url):
        return "wayback"
    if commoncrawl.is_search(study.commoncrawl, url):
        return "commoncrawl"
    return "gdelt" if gdelt.is_search(study.gdelt, url) else ""
