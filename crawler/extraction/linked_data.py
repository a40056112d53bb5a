"""Reads what a page says of itself to machines: JSON-LD, meta elements, microdata.

trafilatura reads these too, with regular expressions that can take seconds on broken JSON; here broken
JSON costs one failed parse and a few bounded searches.
"""

import html
import json
import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

from lxml.html import HtmlElement

_ARTICLE = re.compile(r"(Article|BlogPosting|Report|NewsVideo|Review|SocialMediaPosting)$")

_NOT_THIS_PAGE = frozenset(
    {"itemListElement", "comment", "isPartOf", "mentions", "hasPart", "relatedLink", "citation", "review"}
    | {
        "publisher",
        "author",
        "image",
        "video",
        "breadcrumb",
        "associatedMedia",
        "subjectOf",
        "significantLink",
    }
)
"""Properties under which a page describes other things than itself."""

_MAX_SCRIPT = 2_000_000
"""Characters of a script that are parsed; more is no description of an article."""

_BROKEN_VALUE = r'"%s"\s*:\s*"((?:[^"\\]|\\.){1,500})"'


@dataclass
class PageData:
    """What the page says of itself. Values are as written, entities undone; lists keep the page's order.

    `shown` are the elements that its reader sees and a program is told the meaning of (itemprop).
    """

    article: dict[str, Any] = field(default_factory=dict)
    meta: dict[str, list[str]] = field(default_factory=dict)
    shown: dict[str, list[HtmlElement]] = field(default_factory=dict)
    canonical: str | None = None
    site_names: list[str] = field(default_factory=list)
    language: str | None = None

    def linked(self, name: str) -> str | None:
        """A property of the article in JSON-LD, where it is text."""
        value = self.article.get(name)
        if isinstance(value, list) and value:
            value = value[0]
        return clean(value) or None if isinstance(value, str) else None

    def linked_flag(self, name: str) -> bool | None:
        """A yes or no of the article in JSON-LD, which many sites write as text."""
        value = self.article.get(name)
        if isinstance(value, list) and value:
            value = value[0]
        if isinstance(value, str):
            return {"true": True, "false": False}.get(value.strip().rpartition("/")[2].lower())
        return value if isinstance(value, bool) else None

    def metas(self, *names: str) -> Iterator[str]:
        """The contents of the meta elements of these names, in the order of the names."""
        for name in names:
            yield from self.meta.get(name, [])


def read_page_data(tree: HtmlElement) -> PageData:
    """Collect JSON-LD, meta elements, microdata, the canonical link and the language that a page declares."""
    data = PageData()
    for element in tree.iter("meta", "link"):
        if element.tag == "link":
            if "canonical" in (element.get("rel") or "").lower().split() and element.get("href"):
                data.canonical = data.canonical or element.get("href").strip()
            continue
        name = element.get("property") or element.get("name") or element.get("itemprop")
        content = element.get("content")
        if name and content and content.strip():
            data.meta.setdefault(name.strip().lower(), []).append(clean(content))
    for element in tree.iter("*"):
        if element.tag != "meta" and (names := element.get("itemprop")):
            for name in names.split():
                data.shown.setdefault(name, []).append(element)
    language = tree.get("lang") or tree.get("{http://www.w3.org/XML/1998/namespace}lang") or ""
    data.language = (language or next(data.metas("og:locale"), "")).strip().lower()[:2] or None
    scripts = [text for text in map(_script_text, tree.iter("script")) if text]
    nodes = [node for text in scripts for node in _nodes(text)]
    data.article = _article(nodes)
    data.site_names = list(_site_names(data, nodes))
    if data.canonical is None:
        data.canonical = next(data.metas("og:url"), None)
    return data


def clean(text: str) -> str:
    """A value as a person would read it: entities undone (some sites write them twice), no tags, one line."""
    if "&" in text:
        text = html.unescape(html.unescape(text))
    if "<" in text:
        text = re.sub(r"<[^<>]{1,200}>", " ", text)
    return " ".join(text.split())


def _script_text(script: HtmlElement) -> str:
    kind = (script.get("type") or "").lower()
    return (script.text or "").strip() if "ld+json" in kind else ""


def _nodes(text: str) -> Iterator[dict[str, Any]]:
    """The objects of a script that describe the page or what is on it, outermost first."""
    if len(text) > _MAX_SCRIPT:
        return
    todo = [_parsed(text)]
    while todo:
        value = todo.pop(0)
        if isinstance(value, list):
            todo.extend(value)
        elif isinstance(value, dict):
            yield value
            todo.extend(
                inner
                for name, inner in value.items()
                if name not in _NOT_THIS_PAGE and isinstance(inner, (dict, list))
            )


def _parsed(text: str) -> Any:
    text = re.sub(r"^(?:<!--|//<!\[CDATA\[|/\*<!\[CDATA\[\*/|<!\[CDATA\[)|(?:-->|//\]\]>|\]\]>);?$", "", text)
    for attempt in (text.strip().rstrip(";"), re.sub(r",\s*([}\]])", r"\1", text)):
        try:
            return json.loads(attempt, strict=False)
        except (ValueError, RecursionError):
            continue
    return _salvaged(text)


def _salvaged(text: str) -> dict[str, Any]:
    """The few values we need out of JSON that does not parse."""
    if not re.search(r'"@type"\s*:\s*(?:\[\s*)?"[A-Za-z]{0,40}(?:Article|BlogPosting)"', text):
        return {}
    found: dict[str, Any] = {"@type": "Article"}
    for name in ("headline", "datePublished", "dateModified", "isAccessibleForFree"):
        match = re.search(_BROKEN_VALUE % name, text)
        if match:
            found[name] = match.group(1).replace('\\"', '"').replace("\\/", "/")
    return found


def _article(nodes: list[dict[str, Any]]) -> dict[str, Any]:
    """The node that is the page's own article: of several, the first that says most of what we seek."""
    articles = [node for node in nodes if any(_ARTICLE.search(kind) for kind in _types(node))]
    wanted = ("headline", "datePublished", "articleBody")
    return max(articles, key=lambda node: sum(name in node for name in wanted), default={})


def _types(node: dict[str, Any]) -> list[str]:
    kinds = node.get("@type", [])
    return [kind for kind in (kinds if isinstance(kinds, list) else [kinds]) if isinstance(kind, str)]


def _site_names(data: PageData, nodes: list[dict[str, Any]]) -> Iterator[str]:
    yield from data.metas("og:site_name", "application-name", "apple-mobile-web-app-title", "twitter:site")
    publisher = data.article.get("publisher")
    for node in [
        publisher,
        *(node for node in nodes if {"WebSite", "NewsMediaOrganization"} & set(_types(node))),
    ]:
        name = node.get("name") if isinstance(node, dict) else None
        if isinstance(name, str) and name.strip():
            yield clean(name)
