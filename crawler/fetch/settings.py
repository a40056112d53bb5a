"""Scrapy's settings for a study: what makes the crawl polite, bounded and honest about who it is."""

from collections.abc import Iterable, Iterator, Sequence
from pathlib import Path
from typing import Any

from crawler.errors import ConfigError
from crawler.fetch.addresses import on_this_machine
from crawler.fetch.middlewares import LONGEST_REFRESH
from crawler.fetch.robots import PRODUCT
from crawler.fetch.services import delays
from crawler.study import PLACEHOLDER_CONTACT, Outlet, Study
from crawler.version import code_version

# Servers asked at the same time; each of them gets one connection.
# As many as a long list of outlets has, so that none waits for another's delay.
_HOSTS_AT_ONCE = 128


def user_agent(study: Study, outlets: Sequence[Outlet], file: Path) -> str:
    """Who asks, and how to reach them; `file` is where the contact stands.

    Raises:
        ConfigError: the contact is the placeholder, and others than this machine would be asked.
    """
    local = study.crawl.allow_loopback and all(map(on_this_machine, _asked(study, outlets)))
    if _is_placeholder(study.contact) and not local:
        raise ConfigError(
            f"{file}: [study], key contact: still the placeholder; put in an address at which "
            "webmasters can reach you (a web page or mailto:), then run again"
        )
    return f"{PRODUCT}/{code_version()} (+{study.contact.strip()})"


def _is_placeholder(contact: str) -> bool:
    """Also with a slash behind it or in other words: nobody is reached by it."""
    return PLACEHOLDER_CONTACT.partition("://")[2] in contact.casefold()


def _asked(study: Study, outlets: Iterable[Outlet]) -> Iterator[str]:
    """The addresses that sources.toml names for a crawl of these outlets."""
    wayback, commoncrawl = study.wayback, study.commoncrawl
    for outlet in outlets:
        yield from (*outlet.pages, *outlet.feeds, *outlet.sitemaps)
        if outlet.wayback or wayback.everywhere or wayback.gone:
            yield from (wayback.cdx, wayback.replay)
        if outlet.commoncrawl or commoncrawl.everywhere:
            yield from (commoncrawl.index, commoncrawl.data)
    if study.gdelt.queries:
        yield study.gdelt.server


def scrapy_settings(study: Study, outlets: Sequence[Outlet], file: Path) -> dict[str, Any]:
    """The settings of a crawl of these outlets. Raises ConfigError for a placeholder contact."""
    limits, services = study.crawl, delays(study)
    return {
        "USER_AGENT": user_agent(study, outlets, file),
        "CONCURRENT_REQUESTS": _HOSTS_AT_ONCE,
        "CONCURRENT_REQUESTS_PER_DOMAIN": 1,
        "DOWNLOAD_DELAY": limits.delay,
        "DOWNLOAD_DELAY_JITTER": 0.0,
        # The delay grows with the time that a host takes to answer: crawler/fetch/throttle.py.
        "AUTOTHROTTLE_ENABLED": True,
        "AUTOTHROTTLE_START_DELAY": limits.delay,
        # A server that answers slowly is at work for us half of the time at most.
        "AUTOTHROTTLE_TARGET_CONCURRENCY": 0.5,
        # SSL_CERT_FILE names other authorities. Evidence must come from whom it names.
        "DOWNLOAD_VERIFY_CERTIFICATES": True,
        "DOWNLOAD_TIMEOUT": limits.timeout,
        "DOWNLOAD_MAXSIZE": limits.max_bytes,
        "DOWNLOAD_WARNSIZE": 0,
        # Ours stands in for it: crawler/fetch/robots.py.
        "ROBOTSTXT_OBEY": False,
        # All of them, Scrapy's own included, at the places it gives them: what a later Scrapy adds is in no
        # crawl before somebody has looked at it.
        "DOWNLOADER_MIDDLEWARES_BASE": {},
        "DOWNLOADER_MIDDLEWARES": {
            "crawler.fetch.middlewares.AddressGuard": 50,
            "crawler.fetch.robots.RobotsMiddleware": 100,
            "scrapy.downloadermiddlewares.downloadtimeout.DownloadTimeoutMiddleware": 350,
            "scrapy.downloadermiddlewares.defaultheaders.DefaultHeadersMiddleware": 400,
            "scrapy.downloadermiddlewares.useragent.UserAgentMiddleware": 500,
            "scrapy.downloadermiddlewares.retry.RetryMiddleware": 550,
            "crawler.fetch.middlewares.Backoff": 560,
            # Nearer to the network than Scrapy's repetitions (550): each of them counts.
            "crawler.fetch.services.ServiceGuard": 570,
            "crawler.fetch.middlewares.PageRefresh": 580,
            "crawler.fetch.unpacking.Unpacking": 590,
            "scrapy.downloadermiddlewares.redirect.RedirectMiddleware": 600,
            # Before Scrapy's own (600) follows the redirect.
            "crawler.fetch.middlewares.RedirectGuard": 650,
            "scrapy.downloadermiddlewares.httpproxy.HttpProxyMiddleware": 750,
            # Nearest to the network, so that it sees bodies as they came, redirects and retries included.
            "crawler.fetch.middlewares.CaptureMiddleware": 990,
            "crawler.fetch.middlewares.PeerGuard": 995,
        },
        "HTTPERROR_ALLOW_ALL": True,
        # The spider yields no items. Scrapy starts so many tasks for every response: with its 100, a fifth of
        # what a page costs.
        "CONCURRENT_ITEMS": 1,
        # Pages in the order of the ledger: their results are written down in it, and the plainest URL first.
        "SCHEDULER_MEMORY_QUEUE": "scrapy.squeues.FifoMemoryQueue",
        "RETRY_TIMES": 2,
        # At once, not after the outlet's other pages, whose results wait for this one's.
        "RETRY_PRIORITY_ADJUST": 1,
        "REDIRECT_MAX_TIMES": 8,
        "METAREFRESH_MAXDELAY": LONGEST_REFRESH,
        "TWISTED_DNS_RESOLVER": "crawler.fetch.resolver.PublicResolver",
        "LOG_ENABLED": False,
        "LOG_INSTALL_ROOT_HANDLER": False,
        # No more than these: unless told not to, Scrapy 2.19 opens a port at which it runs what code it is
        # sent, and writes a file about it in the home folder.
        "EXTENSIONS_BASE": {},
        "EXTENSIONS": {
            "scrapy.extensions.corestats.CoreStats": 0,
            "crawler.fetch.throttle.Throttle": 0,
        },
        "DOWNLOAD_SLOTS": {host: {"delay": delay} for host, delay in services.items()},
        "GOSSI_SERVICE_DELAYS": services,
        "GOSSI_ALLOW_LOOPBACK": limits.allow_loopback,
        # A page or listing of this machine may lead to others.
        "GOSSI_ONLY_LOOPBACK": _is_placeholder(study.contact),
    }
