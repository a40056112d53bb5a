"""Scrapy's settings for a study: what makes the crawl polite, bounded and honest about who it is."""

from collections.abc import Iterable, Iterator, Sequence
from pathlib import Path
from typing import Any

from gossi.crawler.capture.html import LONGEST_REFRESH
from gossi.crawler.crawl.shared_servers import delays
from gossi.crawler.study.sources import Outlet, Study
from gossi.crawler.web.user_agent import agent_for, is_placeholder


def user_agent(study: Study, outlets: Sequence[Outlet], file: Path) -> str:
    """Who asks, and how to reach them; `file` is where the contact stands.

    Raises:
        ConfigError: the contact is the placeholder, and others than this machine would be asked.
    """
    return agent_for(study, _asked(study, outlets), file)


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
        "CONCURRENT_REQUESTS_PER_DOMAIN": 1,
        "DOWNLOAD_DELAY": limits.delay,
        "DOWNLOAD_DELAY_JITTER": 0.0,
        # The delay grows with the time that a host takes to answer: crawler/web/throttle.py.
        "AUTOTHROTTLE_ENABLED": True,
        "AUTOTHROTTLE_START_DELAY": limits.delay,
        # A server that answers slowly is at work for us half of the time at most.
        "AUTOTHROTTLE_TARGET_CONCURRENCY": 0.5,
        # SSL_CERT_FILE names other authorities. Evidence must come from whom it names.
        "DOWNLOAD_VERIFY_CERTIFICATES": True,
        "DOWNLOAD_TIMEOUT": limits.timeout,
        "DOWNLOAD_MAXSIZE": limits.max_bytes,
        "DOWNLOAD_WARNSIZE": 0,
        "DOWNLOAD_HANDLERS": dict.fromkeys(("http", "https"), "gossi.crawler.web.bounded_heads.BoundedHeads"),
        # Ours stands in for it: crawler/web/robots.py.
        "ROBOTSTXT_OBEY": False,
        # All of them, Scrapy's own included, at the places it gives them: what a later Scrapy adds is in no
        # crawl before somebody has looked at it.
        "DOWNLOADER_MIDDLEWARES_BASE": {},
        "DOWNLOADER_MIDDLEWARES": {
            "gossi.crawler.web.guards.AddressGuard": 50,
            "gossi.crawler.web.robots.RobotsMiddleware": 100,
            "scrapy.downloadermiddlewares.downloadtimeout.DownloadTimeoutMiddleware": 350,
            "scrapy.downloadermiddlewares.defaultheaders.DefaultHeadersMiddleware": 400,
            "scrapy.downloadermiddlewares.useragent.UserAgentMiddleware": 500,
            "scrapy.downloadermiddlewares.retry.RetryMiddleware": 550,
            "gossi.crawler.web.backoff.Backoff": 560,
            # Nearer to the network than Scrapy's repetitions (550): each of them counts.
            "gossi.crawler.crawl.shared_servers.SharedServerGuard": 570,
            "gossi.crawler.web.page_refresh.PageRefresh": 580,
            "gossi.crawler.web.unpacking.Unpacking": 590,
            "scrapy.downloadermiddlewares.redirect.RedirectMiddleware": 600,
            # Before Scrapy's own (600) follows the redirect.
            "gossi.crawler.web.guards.RedirectGuard": 650,
            "scrapy.downloadermiddlewares.httpproxy.HttpProxyMiddleware": 750,
            # Nearest to the network, so that it sees bodies as they came, redirects and retries included.
            "gossi.crawler.web.capturing.Capturing": 990,
            "gossi.crawler.web.guards.PeerGuard": 995,
            "gossi.crawler.web.guards.ProxyGuard": 996,
        },
        "RETRY_TIMES": 2,
        "REDIRECT_MAX_TIMES": 8,
        "METAREFRESH_MAXDELAY": LONGEST_REFRESH,
        "TWISTED_DNS_RESOLVER": "gossi.crawler.web.resolver.PublicResolver",
        "LOG_ENABLED": False,
        "LOG_INSTALL_ROOT_HANDLER": False,
        # No more than these: unless told not to, Scrapy 2.19 opens a port at which it runs what code it is
        # sent, and writes a file about it in the home folder.
        "EXTENSIONS_BASE": {},
        "EXTENSIONS": {
            "scrapy.extensions.corestats.CoreStats": 0,
            "gossi.crawler.web.throttle.Throttle": 0,
        },
        "DOWNLOAD_SLOTS": {host: {"delay": delay} for host, delay in services.items()},
        "GOSSI_SHARED_DELAYS": services,
        "GOSSI_ALLOW_LOOPBACK": limits.allow_loopback,
        # A page or listing of this machine may lead to others.
        "GOSSI_ONLY_LOOPBACK": is_placeholder(study.contact),
    }
