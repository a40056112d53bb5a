"""Looks for the feeds and sitemaps that an outlet announces: on its home page, and in robots.txt."""

from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from typing import NamedTuple
from urllib.parse import urljoin

import urllib3
from lxml import etree, html
from protego import Protego

from gossi.crawler.web.addresses import on_this_machine, refusal

_FEEDS = frozenset({"application/rss+xml", "application/atom+xml", "application/feed+json"})
"""Types by which a page's head links to its feeds (RSS Advisory Board, RFC 4287, JSON Feed 1.1)."""

_TIMEOUT = urllib3.Timeout(connect=5.0, read=10.0)
"""Seconds: without a network all outlets together are told in some."""

_AT_ONCE = 16
"""Hosts asked side by side, each for two pages."""

_REDIRECTIONS = 4
_MOST_BYTES = 2_000_000
_MOST = 5
"""Feeds or sitemaps taken of an outlet: some sites announce one for each of hundreds of sections."""


class Announced(NamedTuple):
    """What an outlet announces, or why that is not known."""

    feeds: list[str]
    sitemaps: list[str]
    problem: str = ""


def announced(domains: Sequence[str], user_agent: str) -> list[Announced]:
    """What the outlets at these domains announce, in the same order; each is asked for two pages."""
    with ThreadPoolExecutor(_AT_ONCE) as pool:
        return list(pool.map(lambda domain: _ask(domain, user_agent), domains))


def _ask(domain: str, user_agent: str) -> Announced:
    home = f"http://{domain}/" if on_this_machine(f"http://{domain}/") else f"https://{domain}/"
    if reason := refusal(home, allow_loopback=on_this_machine(home)):
        return Announced([], [], reason)
    try:
        status, robots, _ = _get(urljoin(home, "/robots.txt"), user_agent)
        rules = Protego.parse(robots.decode("utf-8", "replace") if status == 200 else "")
        sitemaps = [url for url in rules.sitemaps if url.startswith(("http://", "https://"))][:_MOST]
        if not rules.can_fetch(home, user_agent):
            return Announced([], sitemaps, "its robots.txt forbids the home page")
        status, page, address = _get(home, user_agent)
    except urllib3.exceptions.HTTPError as error:
        return Announced([], [], f"does not answer: {type(getattr(error, 'reason', error)).__name__}")
    if status != 200:
        return Announced([], sitemaps, f"its home page answers {status}")
    return Announced(feeds_of(page, address), sitemaps)


def _get(url: str, user_agent: str) -> tuple[int, bytes, str]:
    """Status, body and final address; a redirection to an address that is not public is not followed."""
    local = on_this_machine(url)
    with urllib3.PoolManager(headers={"User-Agent": user_agent}, timeout=_TIMEOUT, retries=False) as pool:
        for _ in range(_REDIRECTIONS):
            answer = pool.request("GET", url, redirect=False, preload_content=False)
            try:
                target = answer.get_redirect_location()
                if not target:
                    return answer.status, answer.read(_MOST_BYTES, decode_content=True), url
            finally:
                answer.close()
            url = urljoin(url, target)
            if refusal(url, allow_loopback=local):
                break
    return answer.status, b"", url


def feeds_of(page: bytes, address: str) -> list[str]:
    """The feeds that a page links to in its head, each once."""
    try:
        links = html.fromstring(page).iter("link")
    except (etree.ParserError, ValueError):
        return []
    found = dict.fromkeys(
        urljoin(address, link.get("href", "").strip())
        for link in links
        if "alternate" in link.get("rel", "").casefold().split()
        and link.get("type", "").partition(";")[0].strip().casefold() in _FEEDS
        and link.get("href")
    )
    return [url for url in found if url.startswith(("http://", "https://"))][:_MOST]
