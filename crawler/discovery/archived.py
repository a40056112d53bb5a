"""Takes the page itself out of what an archive answered: the same in a crawl and in an import of it."""

from dataclasses import replace

from crawler.capture.answer import CUT
from crawler.capture.page import Page
from crawler.capture.read import read_record
from crawler.discovery import commoncrawl, gdelt, wayback
from crawler.discovery.candidate import clean_url, is_web_address
from crawler.errors import InputError
from crawler.study import Study


def via(study: Study, address: str) -> str:
    """Which archive an address belongs to: wayback, commoncrawl; live for none."""
    if address.startswith(study.wayback.replay):
        return "wayback"
    return "commoncrawl" if address.startswith(f"{study.commoncrawl.data}/") else "live"


def original(study: Study, page: Page, archived: str | None = None) -> Page:
    """The page that an archive answered with, as if its own server had, at the time when the archive saw it.

    A page that comes from no archive is given back as it is. Of Common Crawl it is the record within.

    Args:
        study: the study, which says where the archives are.
        page: what was captured.
        archived: where discovery said that the archive has it, if it did.

    Raises:
        InputError: the record within cannot be read, or the archive names no address of the web.
    """
    if capture := wayback.capture_at(study.wayback, page.url):
        url = clean_url(capture.url)
        if not is_web_address(url):
            raise InputError(f"{url[:200]} is no address of the web")
        return replace(page, url=url, fetched_at=capture.time)
    if commoncrawl.is_record(study.commoncrawl, page.url, page.status):
        inner = read_record(page.body, page.url)
        torn = inner.torn or (CUT if archived and commoncrawl.was_cut(archived) else "")
        return replace(
            inner, url=clean_url(inner.url), warc_file=page.warc_file, offset=page.offset, torn=torn
        )
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
