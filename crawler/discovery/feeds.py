"""Reads RSS, Atom and JSON Feed."""

import json
from collections.abc import Iterator
from datetime import datetime

from lxml import etree

from gossi.crawler.discovery.candidate import Candidate, stated_time
from gossi.crawler.discovery.url_words import UrlWords, marked
from gossi.crawler.discovery.xml import as_utf8, child_text, local_name, parse_xml
from gossi.crawler.web.urls import clean_url

_NEVER = datetime(1, 1, 1)  # noqa: DTZ001 - UTC without a zone, as all times of candidates

FEED_ROOTS = frozenset({"rss", "feed", "rdf"})
# How a feed calls the page behind it: of a paged feed, and of one with an archive (RFC 5005).
_OLDER = ("next", "prev-archive")


class Entries(list[Candidate]):
    """The entries of a feed in its order; `nameless` are those that give no address, and so no candidate."""

    nameless = 0


def read_feed(body: bytes, url: str, outlet_id: str, words: UrlWords | None = None) -> Entries | None:
    """The entries of a feed in its order, marked where they have the topic's words; None for no feed."""
    body = as_utf8(body)
    if body.lstrip()[:1] == b"{":
        return _read_json(body, url, outlet_id, words)
    root = parse_xml(body)
    if root is None or local_name(root) not in FEED_ROOTS:
        return None
    return entries_of(root, url, outlet_id, words)


def entries_of(root: etree._Element, url: str, outlet_id: str, words: UrlWords | None = None) -> Entries:
    """The entries of a feed whose root element this is."""
    found = Entries()
    for item in root.iter():
        if local_name(item) in {"item", "entry"}:
            link = next(_links(item, url), "")
            if link:
                stated = child_text(item, "published", "pubdate", "date", "issued")
                candidate = _candidate(link, stated, url, outlet_id)
                found.append(marked(candidate, child_text(item, "title"), words))
            else:
                found.nameless += 1
    return found


def next_page(body: bytes, url: str) -> str:
    """Where a feed goes on with older entries (RFC 5005, JSON Feed), "" where it ends or does not say."""
    body = as_utf8(body)
    if body.lstrip()[:1] == b"{":
        feed = _json(body)
        further = feed.get("next_url") if isinstance(feed, dict) else None
        return clean_url(further, url) if isinstance(further, str) and further else ""
    root = parse_xml(body) if any(relation.encode() in body for relation in _OLDER) else None
    for link in () if root is None else root.iter():
        of_feed = local_name(link) == "link" and local_name(link.getparent()) in FEED_ROOTS | {"channel"}
        if of_feed and link.get("rel") in _OLDER and link.get("href"):
            return clean_url(link.get("href"), clean_url(link.base or "", url))
    return ""


def oldest_entries(found: list[Candidate]) -> list[Candidate]:
    """The older half of a feed's entries, which were in it at the last poll if none was missed since.

    One that stands before younger ones is pinned there, however old it is; of a feed most of whose entries
    stand so, their order tells nothing. Those without a date may be as old as any.
    """
    in_order, newest = list[Candidate](), _NEVER
    for entry in reversed(found):
        if entry.published is None or entry.published >= newest:
            in_order.append(entry)
            newest = entry.published or newest
    if 2 * len(in_order) <= len(found):
        in_order = found
    dates = sorted(entry.published for entry in in_order if entry.published)
    middle = dates[(len(dates) - 1) // 2] if dates else _NEVER
    return [entry for entry in in_order if entry.published is None or entry.published <= middle]


def _links(item: etree._Element, url: str) -> Iterator[str]:
    # Of several alternates of an Atom entry, the page before a PDF or a program's form of it.
    for child in sorted(item, key=lambda child: "html" not in (child.get("type") or "html")):
        name = local_name(child)
        if name == "link" and child.get("rel", "alternate") == "alternate":
            for link in filter(None, [child.get("href"), (child.text or "").strip()]):
                # What xml:base says of the element or one around it, where it says anything.
                yield clean_url(link, clean_url(child.base, url)) if child.base else link
    guid = child_text(item, "guid", "id")
    if _is_address(guid):
        yield guid


def _is_address(text: object) -> bool:
    return isinstance(text, str) and text.startswith(("http://", "https://"))


def _read_json(body: bytes, url: str, outlet_id: str, words: UrlWords | None) -> Entries | None:
    feed = _json(body)
    items = feed.get("items") if isinstance(feed, dict) else None
    if not isinstance(items, list):
        return None
    found = Entries(
        marked(
            _candidate(link, str(item.get("date_published") or ""), url, outlet_id),
            str(item.get("title") or ""),
            words,
        )
        for item in items
        if isinstance(item, dict) and (link := _json_link(item))
    )
    found.nameless = len(items) - len(found)
    return found


def _json(body: bytes) -> object:
    try:
        return json.loads(body)
    except (ValueError, RecursionError):
        return None


def _json_link(item: dict[str, object]) -> str:
    """The address of an item; many give it as the id only, or none but that of the page it is about."""
    if item.get("url"):
        return str(item["url"])
    identity = item.get("id")
    return str(identity) if _is_address(identity) else str(item.get("external_url") or "")


def _candidate(link: str, stated: str, url: str, outlet_id: str) -> Candidate:
    published, precision = stated_time(stated, "feed")
    return Candidate(clean_url(link, url), outlet_id, "feed", url, published, precision)
