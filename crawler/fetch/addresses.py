"""Refuses addresses that a public page has no business to lead to."""

from ipaddress import ip_address
from urllib.parse import urlsplit

from scrapy.exceptions import IgnoreRequest


class ForbiddenAddress(IgnoreRequest):
    """The URL, or the address behind its name, is not a public one."""


def refusal(url: str, *, allow_loopback: bool) -> str:
    """Why the URL is not to be asked, or "" where it may be.

    Only http and https are asked, and only public addresses; a study that says `allow_loopback` may
    ask addresses of its own machine.
    """
    try:
        parts = urlsplit(url)
        host = parts.hostname or ""
        _ = parts.port
    except ValueError:
        return "not a valid address"
    if parts.scheme not in {"http", "https"}:
        return f"{parts.scheme or 'no'} scheme: only http and https are asked"
    if not host:
        return "no host"
    if host == "localhost" or host.endswith(".localhost"):
        return "" if allow_loopback else "an address of this machine"
    return ip_refusal(host, allow_loopback=allow_loopback)


def on_this_machine(url: str) -> bool:
    """Whether the URL plainly names a loopback address: what is only resolved to one is not taken for it."""
    return not refusal(url, allow_loopback=True) and bool(refusal(url, allow_loopback=False))


def ip_refusal(host: str, *, allow_loopback: bool) -> str:
    """The same for an IP address; a name passes."""
    try:
        address = ip_address(host)
    except ValueError:
        return ""
    if address.is_loopback:
        return "" if allow_loopback else "an address of this machine"
    if address.is_multicast:
        return "an address of many machines"
    return "" if address.is_global else "an address of a private network"
