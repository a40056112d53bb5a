"""Guesses the country of an outlet that nobody has described, by its address and what its page says."""

import re

_BRITISH = {"UK": "GB"}

_SOLD_TO_ALL = re.compile(
    "a[cdgis]|bz|c[cdox]|dj|eu|fm|g[gls]|i[mo]|l[aiy]|m[esu]|nu|p[nw]|s[chx]|t[klov]|v[cg]|ws"
)
"""Domains of countries that are sold to everybody as words: most outlets under them are of elsewhere."""

_LOCALE = re.compile(
    rb"""(?:og:locale["'][^>]{0,40}content=|<html[^>]{0,200}\blang=)["']?[a-z]{2,3}[_-]([a-z]{2})\b""",
    re.IGNORECASE,
)

_HEAD = 65_536
"""Bytes in which a page says it, if it does."""


def guessed_country(host: str, page: bytes) -> str:
    """ISO 3166-1 alpha-2 by the host's last part, or else by the page's locale; XX where neither tells.

    A page's locale is often its template's ("en_US" of an outlet in Ghana), so that the address comes first.
    """
    last = host.partition(":")[0].rpartition(".")[2].lower()
    if len(last) == 2 and last.isascii() and last.isalpha() and not _SOLD_TO_ALL.fullmatch(last):
        return _BRITISH.get(last.upper(), last.upper())
    said = _LOCALE.search(page, 0, _HEAD)
    return said[1].decode("ascii").upper() if said else "XX"
