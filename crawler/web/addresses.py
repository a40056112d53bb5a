"""Refuses addresses that a public page has no business to lead to."""

import socket
from functools import lru_cache
from ipaddress import IPv4Address, IPv6Address, IPv6Network, ip_address
from urllib.parse import urlsplit

from scrapy.exceptions import IgnoreRequest

# Networks of IPv6 that lead to an address of IPv4, and how many bits stand behind it: NAT64 (RFC 6052), 6to4
# (RFC 3056), and two forms that are long out of use (RFC 4291, 2.5.5.1; RFC 2765, 2.1).
_CARRIERS = (
    (IPv6Network("64:ff9b::/96"), 0),
    (IPv6Network("2002::/16"), 80),
    (IPv6Network("::/96"), 0),
    (IPv6Network("::ffff:0:0:0/96"), 0),
)
# Networks that Python takes for public: a NAT64 of one's own (RFC 8215), and sites (RFC 3879).
_OWN = (IPv6Network("64:ff9b:1::/48"), IPv6Network("fec0::/10"))


class ForbiddenAddress(IgnoreRequest):
    """The URL, or the address behind its name, is not a public one."""


def refusal(url: str, *, allow_loopback: bool) -> str:
    """Why the URL is not to be asked, or "" where it may be.

    Only http and https are asked, and only public addresses; a study that says `allow_loopback` may
    ask addresses of its own machine.
    """
    try:
        parts = urlsplit(url)
        host = (parts.hostname or "").removesuffix(".")
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


def _numbered(host: str) -> IPv4Address | IPv6Address:
    """The address that a host is, in old spellings too ("127.1", "2130706433"); ValueError for a name."""
    try:
        return ip_address(host)
    except ValueError:
        pass
    try:
        return IPv4Address(socket.inet_aton(host))
    except (OSError, UnicodeError) as error:
        raise ValueError(host) from error


def _meant(address: IPv4Address | IPv6Address) -> IPv4Address | IPv6Address:
    """The address of IPv4 that one of IPv6 leads to, where it does; "::1" and "::" mean themselves."""
    if isinstance(address, IPv4Address) or int(address) <= 1:
        return address
    if address.ipv4_mapped is not None:
        return address.ipv4_mapped
    behind = next((behind for network, behind in _CARRIERS if address in network), None)
    return address if behind is None else IPv4Address(int(address) >> behind & 0xFFFFFFFF)


# A crawl asks the same hosts again and again, thrice for each page.
@lru_cache(maxsize=4096)
def ip_refusal(host: str, *, allow_loopback: bool) -> str:
    """The same for an IP address; a name passes."""
    try:
        address = _meant(_numbered(host))
    except ValueError:
        return ""
    if address.is_loopback:
        return "" if allow_loopback else "an address of this machine"
    if address.is_multicast:
        return "an address of many machines"
    public = address.is_global and not any(address in network for network in _OWN)
    return "" if public else "an address of a private network"
