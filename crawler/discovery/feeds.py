"""Reads RSS, Atom and JSON Feed."""

import json
from collections.abc import Iterator

from lxml import etree

from crawler.discovery.candidate import Candidate, clean_url, stated_time
from crawler.discovery.xml import child_text, local_name, parse_xml


def read_feed(body: bytes, url: str, outlet_id: str) -> list[Candidate] | None:
    """The entries of a feed in its order; None where the body is no feed."""
    if body.lstrip()[:1] == b"{":
        return _read_json(body, url, outlet_id)
    root = parse_xml(body)
    if root is None or local_name(root) not in {"rss", "feed", "rdf"}:
        return None
    found = []
    for item in root.iter():
        if local_name(item) in {"item", "entry"}:
            link = next(_links(item), "")
            if link:
                stated = child_text(item, "published", "pubdate", "date", "issued")
                found.append(_candidate(link, stated, url, outlet_id))
    return found


def _links(item: etree._Element) -> Iterator[str]:
    for child in item:
        name = local_name(child)
        if name == "link" and child.get("rel", "alternate") == "alternate":
            yield from filter(None, [child.get("href"), (child.text or "").strip()])
    guid = child_text(item, "guid", "id")
    if guid.startswith(("http://", "https://")):
        yield guid


def _read_json(body: bytes, url: str, outlet_id: str) -> list[Candidate] | None:
    try:
        feed = json.loads(body)
    except (ValueError, RecursionError):
        return None
    items = feed.get("items") if isinstance(feed, dict) else None
    if not isinstance(items, list):
        return None
    return [
        _candidate(str(item["url"]), str(item.get("date_published") or ""), url, outlet_id)
        for item in items
        if isinstance(item, dict) and item.get("url")
    ]


def _candidate(link: str, stated: str, url: str, outlet_id: str) -> Candidate:
    published, precision = stated_time(stated, "feed")
    return Candidate(clean_url(link, url), outlet_id, "feed", url, published, precision)
