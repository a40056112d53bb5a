"""Gives the many addresses of one article one name, its canonical URL.

Tracking parameters, AMP, mobile and print forms, http and https, `www.` and trailing slashes say nothing of
which article a page is. What is left identifies the article; the URL asked and the final one are kept beside
it in the store, so nothing is lost by leaving parts out here.
"""

import re
import tomllib
from functools import lru_cache
from pathlib import Path
from typing import Any
from urllib.parse import parse_qsl, quote, unquote, urlencode, urlsplit, urlunsplit

from gossi.crawler.web.urls import joined

_DEFAULT_PORTS = {"http": 80, "https": 443}

_KEPT_IN_PATHS = "/:@!$&'()*+,;=~-._"

_NAMES = re.compile(r"\d|\w[-_]\w")
"""What an article's part of a URL has and a section's seldom: a number, or words joined to a line."""

_AMP_FILE = re.compile(r"(?:[.-]amp)+(?=\.html?$)|(?:\.amp)+$", re.IGNORECASE)

_ESCAPED = re.compile(r"^(?:amp;)+")
"""What is left of "&amp;" where a link was copied out of a page's source."""

_SESSION = re.compile(r";(?:jsessionid|phpsessid)=[^/;]*", re.IGNORECASE)

_AMP_CACHE = re.compile(r"^/(?:[a-z]+/)*(?:s/)?([^/]+\.[a-z]+)(/.*)$")
"""The path of an AMP cache: /c/s/host/path, /v/s/host/path, /amp/s/host/path."""

_LANGUAGE = re.compile(r"(?:[a-z]{2}(?:[-_][a-z]{2})?)?")
"""All of a front page's path, where it is not empty: "fr", "en-gb"."""


def canonical_url(url: str, declared: str | None = None) -> str:
    """The name under which an article is known.

    Args:
        url: the final URL of the capture.
        declared: what the page says of itself (`link rel=canonical`, `og:url`), absolute or relative. It
            is believed where it may name an article of the same outlet; a home page, a section, a program
            without its query, or another outlet's original of a reprint, is not this article.

    Returns:
        An absolute URL; `url` unchanged where it is not on the web and the page names no address there.
        Never raises.
    """
    own = _normal(url)
    named = _normal(joined(url, declared.strip())) if declared else None
    if named is not None and (own is None or _same_article_may_be(own, named)):
        return named
    return url if own is None else own


def same_outlet(one: str, other: str) -> bool:
    """Whether two URLs lie on the same host, its mobile and AMP twins included."""
    try:
        return _host(urlsplit(one).hostname or "") == _host(urlsplit(other).hostname or "")
    except ValueError:
        return False


def is_front_page(url: str) -> bool:
    """Whether a URL is that of a site's front page, or of a language's: `/`, `/index.html`, `/fr/`, `/home`.

    A query that is more than a mark of a campaign may name an article: `/?p=5`.
    """
    parts = urlsplit(_normal(url) or "")
    name = parts.path.strip("/").lower()
    return (
        bool(parts.netloc)
        and not parts.query
        and (_LANGUAGE.fullmatch(name) is not None or name in _rules()["paths"]["front"])
    )


def may_name_one(url: str) -> bool:
    """Whether an address may say which article it is of; one of the latest news or a front page does not."""
    name = _normal(url)
    if name is None:
        return True  # on no web, but given to one article by whoever imports it
    parts = urlsplit(name)
    return _names_one(parts.path) or _may_name_one(parse_qsl(parts.query, keep_blank_values=True))


def _same_article_may_be(own: str, named: str) -> bool:
    """Whether the page at `own` may be the article that it says is at `named`; a template may be faulty."""
    one, other = urlsplit(own), urlsplit(named)
    if one.netloc != other.netloc:
        return False
    if own == named or _may_name_one(parse_qsl(other.query, keep_blank_values=True)):
        return True
    if one.path == other.path:
        # Named without its query, "/article.php?id=1" is as well "/article.php?id=2".
        left_out = parse_qsl(one.query, keep_blank_values=True)
        return _names_one(one.path) or not _may_name_one(left_out)
    if one.path.endswith(other.path):
        return other.path != "/"  # "/m/graves" of "/graves"
    return not (_is_front(other.path) or one.path.startswith(f"{other.path}/"))


def _may_name_one(query: list[tuple[str, str]]) -> bool:
    """Whether the parameters may say which article is meant: by a number or by several words in one."""
    return any(_NAMES.search(value or name) for name, value in query)


def _names_one(path: str) -> bool:
    """Whether a path says by itself which article is meant, as a program's name or a single word does not."""
    last = unquote(path.rpartition("/")[2])
    stem, dot, ending = last.rpartition(".")
    if dot and ending.lower() in _rules()["paths"]["programs"]:
        return False
    return bool(_NAMES.search(stem if dot else last))


def _is_front(path: str) -> bool:
    """Whether a path is that of a front page, a section or an error page: a language, a word, a status."""
    only = unquote(path.strip("/"))
    return only.isalpha() or _LANGUAGE.fullmatch(only) is not None or only in _rules()["paths"]["errors"]


def _normal(url: str) -> str | None:
    try:
        parts = urlsplit(url.strip())
        host, port = parts.hostname, parts.port
    except ValueError:
        return None
    if parts.scheme not in _DEFAULT_PORTS or not host:
        return None
    if (inner := _inside_amp_cache(host, parts.path)) is not None:
        return _normal(urlunsplit(("https", *inner, parts.query, "")))
    path = _path(parts.path)
    query = _query(parts.query)
    if port in {None, _DEFAULT_PORTS[parts.scheme]}:
        return urlunsplit(("https", _host(host), path, query, ""))
    # Behind another port than the usual one, http and https are not two ways to the same server.
    return urlunsplit((parts.scheme, f"{_host(host)}:{port}", path, query, ""))


def _inside_amp_cache(host: str, path: str) -> tuple[str, str] | None:
    """Host and path of the page that an AMP cache shows."""
    if not (
        host.endswith(".ampproject.org") or (host.startswith("www.google.") and path.startswith("/amp/"))
    ):
        return None
    match = _AMP_CACHE.match(path)
    return (match.group(1), match.group(2)) if match else None


def _host(host: str) -> str:
    host = host.lower().rstrip(".")
    if not host.isascii():
        try:
            host = host.encode("idna").decode("ascii")
        except UnicodeError:
            return host
    labels = host.split(".")
    # Two labels must be left: "m.co" and "amp.dev" are names of their own.
    while len(labels) > 2 and labels[0] in _rules()["hosts"]["twins"]:
        labels = labels[1:]
    return ".".join(labels)


def _path(path: str) -> str:
    rules = _rules()["paths"]
    segments = quote(unquote(path, errors="surrogateescape"), safe=_KEPT_IN_PATHS, errors="surrogateescape")
    kept = [segment for segment in _SESSION.sub("", segments).split("/") if segment]
    before = None
    while kept != before:  # "/amp/a/amp/index.html"
        before = list(kept)
        if kept and kept[-1].lower() in rules["index"]:
            kept.pop()
        if len(kept) > 1 and kept[-1].lower() in rules["segments"]:
            kept.pop()
        if len(kept) > 1 and kept[0].lower() in rules["segments"]:
            kept.pop(0)
        if kept:
            kept[-1] = _AMP_FILE.sub("", kept[-1]) or kept[-1]
    return "/" + "/".join(kept)


def _query(query: str) -> str:
    tracking, dress = _rules()["tracking"], _rules()["dress"]
    kept = []
    for written, value in parse_qsl(query, keep_blank_values=True, errors="surrogateescape"):
        name = _ESCAPED.sub("", written)
        low = name.lower()
        if low in tracking["names"] or low.startswith(tuple(tracking["prefixes"])):
            continue
        # A number may as well be the article's.
        if low in tracking["unless_numbers"] and not value.isdecimal():
            continue
        if value.lower() in dress.get(low, ()):
            continue
        kept.append((name, value))
    return urlencode(sorted(kept), errors="surrogateescape")


@lru_cache(maxsize=1)
def _rules() -> dict[str, Any]:
    return tomllib.loads(Path(__file__).with_name("canonical.toml").read_text(encoding="utf-8"))
