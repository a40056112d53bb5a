"""What a URL says: how it is written, whether it names a place on the web, whose it is.

Which article a URL is of: `canonical`. Whether it may be asked at all: `addresses`.
"""

import re
from urllib.parse import urldefrag, urljoin, urlsplit, urlunsplit

from gossi.crawler.characters import whole

_USUAL_PORTS = {"http": 80, "https": 443}

# An address in which there is nothing to mend or to leave out, as nearly all are: a sitemap may have 50,000.
_PLAIN = re.compile(r"https?://[A-Za-z0-9.-]+/(?:[A-Za-z0-9/._~%+=,-]|\?(?=[A-Za-z0-9])|&)*")


def clean_url(url: str, base: str = "") -> str:
    """The URL without surrounding space, line ends and fragment; absolute where a base is given.

    Never raises: what is no address stays as it is, so that it can be told.
    """
    if _PLAIN.fullmatch(url):
        return url
    # Line ends and tabs are what browsers leave out of addresses.
    plain = whole("".join(url.split("\n")).replace("\r", "").replace("\t", "").strip())
    try:
        return urldefrag(urljoin(base, plain)).url
    except ValueError:
        return plain


def joined(base: str, url: str) -> str:
    """The URL as it is meant on the page at `base`; "" where it is no address."""
    try:
        return urljoin(base, url)
    except ValueError:
        return ""


def is_web_address(url: str) -> bool:
    """Whether this is an http or https address that names a host."""
    try:
        parts = urlsplit(url)
        _ = parts.port  # raises ValueError for one that is no number up to 65535
    except ValueError:
        return False
    return parts.scheme in {"http", "https"} and bool(parts.hostname)


def host_of(url: str) -> str:
    """The host that a URL names, with its port, in lower case; "" where it names none. Never raises."""
    try:
        return urlsplit(url).netloc.lower()
    except ValueError:
        return ""


def server_of(url: str) -> str:
    """Host and port of a URL in the one spelling by which requests to a server wait for each other.

    Without the port where it is the usual one: a host that is asked by both schemes is one server.
    """
    try:
        parts = urlsplit(url)
        port = parts.port
    except ValueError:  # no address that anybody could be asked at
        return ""
    host = (parts.hostname or "").removesuffix(".")
    host = f"[{host}]" if ":" in host else host
    return host if port in {None, _USUAL_PORTS.get(parts.scheme, 80)} else f"{host}:{port}"


def without_usual_port(url: str) -> str:
    """The URL without ":80" or ":443" where that is its scheme's own; some archives write them out."""
    try:
        parts = urlsplit(url)
        if parts.port is None or parts.port != _USUAL_PORTS.get(parts.scheme):
            return url
    except ValueError:
        return ""
    return urlunsplit(parts._replace(netloc=parts.netloc.rpartition(":")[0]))
