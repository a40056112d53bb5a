"""An outlet's robots.txt, feeds and sitemaps: what discovery reads."""

import gzip
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from email.utils import format_datetime
from itertools import groupby
from pathlib import PurePosixPath
from urllib.parse import quote

from jinja2 import Environment, FileSystemLoader, StrictUndefined

from gossi.crawler.sample.addresses import MEMBERS, article_at, path_of
from gossi.crawler.sample.articles import articles_of
from gossi.crawler.sample.model import FOLDER, Article, Listed, SampleOutlet

_TRACKING = "utm_source=feed&utm_medium=rss"

_FORMS = Environment(
    loader=FileSystemLoader(FOLDER / "templates"),
    autoescape=True,
    undefined=StrictUndefined,
    trim_blocks=True,
    lstrip_blocks=True,
)


CALENDAR = "/calendar"
"""Where an endless calendar begins: an index of sitemaps that names one more of its kind, and so on."""


def calendar(url: str) -> bytes:
    """The page of the calendar at `url`: it leads to the next month."""
    return _FORMS.get_template("sitemap_index.xml.j2").render(parts=[f"{url}-next"]).encode("utf-8")


BOMB = "/sitemap-of-entities.xml"
"""Where a sitemap lies whose one address is ten thousand million words long, once its entities are undone."""


def bomb() -> bytes:
    """The bomb as it is served, in under a kilobyte."""
    return _FORMS.get_template("sitemap_bomb.xml.j2").render().encode("utf-8")


@dataclass(frozen=True)
class Entry:
    """What a feed or sitemap says of an address. Empty: it says nothing."""

    url: str
    headline: str
    summary: str
    iso: str
    rfc3339: str
    rfc822: str
    language: str


def listings(outlet: SampleOutlet, origin: str) -> dict[str, tuple[str, bytes]]:
    """Path → content type and body of each of the outlet's listings."""
    found = {}
    if outlet.robots == "file":
        found["/robots.txt"] = ("text/plain; charset=utf-8", _robots(outlet, origin))
    if outlet.feed:
        found[outlet.feed.path] = (f"application/{outlet.feed.kind}+xml", _feed(outlet, origin))
    return found | _sitemaps(outlet, origin)


def _robots(outlet: SampleOutlet, origin: str) -> bytes:
    sitemap = f"Sitemap: {origin}{outlet.sitemap.path}\n" if outlet.sitemap else ""
    return (
        f"# {outlet.name}\n"
        "User-agent: GreedyBot\nDisallow: /\n\n"
        f"User-agent: *\nDisallow: {MEMBERS}/\nDisallow: /search\n\n{sitemap}"
    ).encode()


def _feed(outlet: SampleOutlet, origin: str) -> bytes:
    feed = outlet.feed
    if feed is None:
        return b""
    # An article without a date would get one from its place in a feed.
    dated = [article for article in _listed_articles(outlet) if article.moment]
    newest = sorted(dated, key=lambda article: article.published or "", reverse=True)[: feed.items]
    entries = [_entry(outlet, article, origin) for article in newest]
    if feed.tracking:
        entries = [replace(entry, url=f"{entry.url}?{_TRACKING}") for entry in entries]
    entries += _other_entries(outlet, origin, "feed")
    body = _FORMS.get_template(f"{feed.kind}.xml.j2").render(outlet=outlet, origin=origin, entries=entries)
    return body.encode("utf-8")


def _sitemaps(outlet: SampleOutlet, origin: str) -> dict[str, tuple[str, bytes]]:
    sitemap = outlet.sitemap
    if sitemap is None:
        return {}
    articles = _listed_articles(outlet)
    others = _other_entries(outlet, origin, "sitemap")
    if sitemap.kind != "index":
        entries = [_entry(outlet, article, origin) for article in articles] + others
        return {sitemap.path: ("application/xml", _urlset(outlet, entries, news=sitemap.kind == "news"))}
    parts: dict[str, tuple[str, bytes]] = {}
    dated = sorted(articles, key=lambda article: (article.published or "")[:7])
    for month, group in groupby(dated, key=lambda article: (article.published or "")[:7]):
        body = _urlset(outlet, [_entry(outlet, article, origin) for article in group])
        # Fixed time: the same bytes on every start.
        packed = not parts
        path = f"{PurePosixPath(sitemap.path).with_suffix('')}-{month or 'undated'}.xml"
        parts[path + ".gz" * packed] = (
            ("application/gzip", gzip.compress(body, mtime=0)) if packed else ("application/xml", body)
        )
    if others:
        parts[f"{PurePosixPath(sitemap.path).with_suffix('')}-more.xml"] = (
            "application/xml",
            _urlset(outlet, others),
        )
    locations = [origin + path for path in parts]
    if sitemap.trap:
        locations += [origin + sitemap.path, f"{origin}{CALENDAR}", f"{origin}{BOMB}"]
    index = _FORMS.get_template("sitemap_index.xml.j2").render(parts=locations)
    return {sitemap.path: ("application/xml", index.encode("utf-8")), **parts}


def _urlset(outlet: SampleOutlet, entries: Sequence[Entry], *, news: bool = False) -> bytes:
    form = _FORMS.get_template("sitemap.xml.j2")
    return form.render(outlet=outlet, entries=entries, news=news).encode("utf-8")


def _listed_articles(outlet: SampleOutlet) -> list[Article]:
    return [article for article in articles_of(outlet.id) if article.id not in outlet.pages_only]


def _entry(outlet: SampleOutlet, article: Article, origin: str) -> Entry:
    moment = article.moment
    return Entry(
        url=origin + path_of(outlet, article),
        headline=article.headline,
        summary=article.text[0],
        iso=article.shown(outlet.precision, outlet.utc_offset),
        # What Atom asks for: seconds and a zone.
        rfc3339=article.shown("second", outlet.utc_offset),
        rfc822=format_datetime(moment.replace(tzinfo=UTC)) if moment else "",
        language=article.language,
    )


def _other_entries(outlet: SampleOutlet, origin: str, where: Listed) -> list[Entry]:
    """Second addresses of articles and addresses that lead nowhere."""
    entries = []
    for twin in outlet.twin:
        if twin.listed == where:
            first = _entry(outlet, article_at(outlet, twin.article), origin)
            url = origin + quote(twin.path, safe="/?=&")
            entries.append(replace(first, url=url))
    gone = datetime(2022, 4, 24, 9, tzinfo=UTC)
    entries += [
        Entry(
            origin + odd.path, "Gossi", "", "", gone.isoformat(), format_datetime(gone), outlet.languages[0]
        )
        for odd in outlet.odd
        if odd.listed == where
    ]
    return entries
