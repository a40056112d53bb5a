"""Who asks: what every request carries, and how a webmaster reaches whoever is behind it."""

from collections.abc import Iterable
from pathlib import Path

from gossi.crawler.errors import ConfigError
from gossi.crawler.study.sources import PLACEHOLDER_CONTACT, Study
from gossi.crawler.version import code_version
from gossi.crawler.web.addresses import on_this_machine

PRODUCT = "GossiCoverage"
"""The name that robots.txt files address this crawler by."""


def agent_for(study: Study, asked: Iterable[str], file: Path) -> str:
    """Who asks these addresses, and how to reach them; `file` is where the contact stands.

    Raises:
        ConfigError: the contact is the placeholder, and others than this machine would be asked.
    """
    local = study.crawl.allow_loopback and all(map(on_this_machine, asked))
    if is_placeholder(study.contact) and not local:
        raise ConfigError(
            f"{file}: [study], key contact: still the placeholder; put in an address at which "
            "webmasters can reach you (a web page or mailto:), then run again"
        )
    return f"{PRODUCT}/{code_version()} (+{study.contact.strip()})"


def is_placeholder(contact: str) -> bool:
    """Also with a slash behind it or in other words: nobody is reached by it."""
    return PLACEHOLDER_CONTACT.partition("://")[2] in contact.casefold()
