"""Reads what a page says of itself to machines: JSON-LD, meta elements, microdata.

trafilatura reads these too, with regular expressions that can take seconds on broken JSON; here broken
JSON costs one failed parse and a few bounded searches.
"""

import html
import json
import re
from collections.abc import Container, Iterator
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import urljoin, urlsplit

from lxml.etree import XPath
from lxml.html import HtmlElement

from gossi.crawler.extraction.landmarks import main_heading

ARTICLE = re.compile(r"(Article|BlogPosting|Report|NewsVideo|Review|SocialMediaPosting)$")
"""Types of what may be the page's article, at their ends: LiveBlogPosting, ReportageNewsArticle."""

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
        "about",
        "itemReviewed",
        "isBasedOn",
        "translationOfWork",
        "liveBlogUpdate",
    }
)
"""Properties under which a page describes other things than itself."""

MAX_SCRIPT = 2_000_000
"""Characters of a script that are parsed; more is no description of an article."""

_WITH_ITEMPROP = XPath("descendant-or-self::*[@itemprop]")

_BROKEN_VALUE = r'"%s"\s*:\s*"((?:[^"\\]|\\.){1,500})"'


@dataclass
class PageData:
    """What the page says of itself. Values are as written, entities undone; lists keep the page's order.

    `article` and `page` are what JSON-LD says of the article and of the page around it. `shown` are the
    elements that a program is told the meaning of (itemprop). Meta elements with dates are among them where
    they stand in the page's body, for they date the item in which they stand.
    `is_free` is whether the page says that all of the article is (isAccessibleForFree), `words` what it says
    of its length (wordCount).
    """

    article: dict[str, Any] = field(default_factory=dict)
    page: dict[str, Any] = field(default_factory=dict)
    meta: dict[str, list[str]] = field(default_factory=dict)
    shown: dict[str, list[HtmlElement]] = field(default_factory=dict)
    canonical: str | None = None
    site_names: list[str] = field(default_factory=list)
    language: str | None = None
    is_free: bool | None = None
    words: Any = None

    def linked(self, name: str) -> str | None:
        """A property of the article in JSON-LD, where it is text."""
        return _text(self.article.get(name))

    @property
    def page_published(self) -> str | None:
        """When JSON-LD says that the page, not the article, was published."""
        return _text(self.page.get("datePublished"))

    def linked_flag(self, name: str) -> bool | None:
        """A yes or no of the article in JSON-LD, which many sites write as text."""
        return _flag(self.article.get(name))

    def named(self, names: Container[str]) -> Iterator[str]:
        """The contents of the meta elements that have, in letters and digits alone, one of these names."""
        for name, contents in self.meta.items():
            if _letters(name) in names:
                yield from contents

    def metas(self, *names: str) -> Iterator[str]:
        """The contents of the meta elements of these names, in the order of the names."""
        for name in names:
            yield from self.meta.get(name, [])


def read_page_data(tree: HtmlElement, url: str = "") -> PageData:
    """Collect JSON-LD, meta elements, microdata, the canonical link and the language that a page declares.

    `url` is the page's own, by which its article is told from others that it describes.
    """
    data = PageData()
    for element in tree.iter("meta", "link"):
        if element.tag == "link":
            if "canonical" in (element.get("rel") or "").lower().split() and element.get("href"):
                data.canonical = data.canonical or element.get("href").strip()
            continue
        name = element.get("property") or element.get("name") or element.get("itemprop")
        content = element.get("content")
        if name and content and content.strip() and not _is_of_an_item(element):
            data.meta.setdefault(name.strip().lower(), []).append(clean(content))
    for element in _WITH_ITEMPROP(tree):
        if element.tag != "meta" or _is_of_an_item(element):
            for name in element.get("itemprop").split():
                data.shown.setdefault(name, []).append(element)
    language = tree.get("lang") or tree.get("{http://www.w3.org/XML/1998/namespace}lang") or ""
    data.language = (language or next(data.metas("og:locale"), "")).strip().lower()[:2] or None
    scripts = [text for text in map(_script_text, tree.iter("script")) if text]
    nodes = [node for text in scripts for node in _nodes(text)]
    if data.canonical is None:
        data.canonical = next(data.metas("og:url"), None)
    data.article = _article(nodes, tree, data, url)
    told = _of_article(tree, data, "isAccessibleForFree")
    data.is_free = _is_free(data.article, nodes, told)
    data.words = data.article.get("wordCount", next(iter(_of_article(tree, data, "wordCount")), None))
    data.page = next((node for node in nodes if {"WebPage", "ItemPage"} & set(_types(node))), {})
    data.site_names = list(_site_names(data, nodes))
    return data


def clean(text: str) -> str:
    """A value as a person would read it: entities undone (some sites write them twice), no tags, one line."""
    if "&" in text:
        text = html.unescape(html.unescape(text))
    if "<" in text:
        text = re.sub(r"<[^<>]{1,200}>", " ", text)
    return " ".join(text.split())


def _text(value: object) -> str | None:
    if isinstance(value, list) and value:
        value = value[0]
    if isinstance(value, dict):
        value = value.get("@value")  # a value with its type (JSON-LD 1.1, section 4.2.1)
    if isinstance(value, int | float) and not isinstance(value, bool):
        value = str(value)
    return clean(value) or None if isinstance(value, str) else None


def _is_of_an_item(meta: HtmlElement) -> bool:
    """Whether a meta element tells in microdata, in the body of the page, what one item of several may."""
    named = meta.get("itemprop") in {"datePublished", "dateModified", "isAccessibleForFree", "wordCount"}
    return (
        named
        and not (meta.get("property") or meta.get("name"))
        and any(above.tag == "body" for above in meta.iterancestors())
    )


def _script_text(script: HtmlElement) -> str:
    kind = (script.get("type") or "").lower()
    return (script.text or "").strip() if "ld+json" in kind else ""


def _nodes(text: str) -> Iterator[dict[str, Any]]:
    """The objects of a script that describe the page or what is on it, outermost first."""
    if len(text) > MAX_SCRIPT:
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
    # Some templates escape the whole script as if it were shown.
    undone = html.unescape(text) if "&quot;" in text or "&#34;" in text else text
    return _parsed(undone) if undone != text else _salvaged(text)


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


def _article(nodes: list[dict[str, Any]], tree: HtmlElement, data: PageData, url: str) -> dict[str, Any]:
    """The node that is the page's own article.

    Of several that say anything we seek it is the one with the page's headline or address, then the one that
    says most, then the first: a page may describe related articles before its own. One of another headline at
    another address is none.
    """
    wanted = ("headline", "datePublished", "articleBody")
    said = [
        (sum(name in node for name in wanted), node)
        for node in nodes
        if any(ARTICLE.search(kind) for kind in _types(node))
    ]
    articles = [(count, node) for count, node in said if count] or said
    own = {_place(url, url), _place(url, data.canonical or "")} - {""} if url else set()
    if len(articles) < 2 and (not articles or _is_at(articles[0][1], own, url)):
        return articles[0][1] if articles else {}
    headlines = _shown_headlines(tree, data)

    def likeness(each: tuple[int, dict[str, Any]]) -> tuple[int, int, int]:
        count, node = each
        at = _is_at(node, own, url)
        return at + 2 * (_letters(_text(node.get("headline")) or "") in headlines), at, count

    best = max(articles, key=likeness)[1]
    called = _letters(_text(best.get("headline")) or "")
    is_own = _is_at(best, own, url) or not called or not headlines
    return best if is_own or any(called in shown or shown in called for shown in headlines) else {}


def _is_at(node: dict[str, Any], own: set[str], url: str) -> int:
    """2 where an article says that it is at the page's address, 0 where at another, 1 where at none.

    A bare name or the front page says of no article where it is.
    """
    told = [node.get("url"), node.get("@id"), node.get("mainEntityOfPage")]
    told += [value.get(name) for value in told if isinstance(value, dict) for name in ("@id", "url")]
    written = [value for value in told if isinstance(value, str) and value.strip().startswith(("http", "/"))]
    places = {place for value in written if not {"/", "?"}.isdisjoint(place := _place(url, value))}
    if not own:
        return 1
    return 1 if not places else 2 if places & own else 0


def _place(url: str, told: str) -> str:
    """An address as it is compared: without scheme, "www.", fragment and a slash at the end."""
    try:
        parts = urlsplit(urljoin(url, told.strip()))
    except ValueError:
        return ""
    if not parts.netloc:
        return ""
    query = f"?{parts.query}" if parts.query else ""
    return f"{parts.netloc.lower().removeprefix('www.')}{parts.path.rstrip('/')}{query}"


def _shown_headlines(tree: HtmlElement, data: PageData) -> set[str]:
    heading = main_heading(tree)
    shown = [heading.text_content() if heading is not None else "", *data.metas("og:title", "twitter:title")]
    return {letters for text in shown if (letters := _letters(text))}


def _letters(text: str) -> str:
    return re.sub(r"[\W_]+", "", text).casefold()


def _types(node: dict[str, Any]) -> list[str]:
    kinds = node.get("@type", [])
    return [kind for kind in (kinds if isinstance(kinds, list) else [kinds]) if isinstance(kind, str)]


def _of_article(tree: HtmlElement, data: PageData, name: str) -> list[str]:
    """What microdata says of the article: in the page's head, or in the heading's item or a part of it."""
    found = list(data.metas(name.lower()))
    elements = data.shown.get(name, [])
    heading = main_heading(tree) if elements else None
    around = set() if heading is None else set(heading.iterancestors())
    for element in elements:
        items = (above for above in element.iterancestors() if above.get("itemscope") is not None)
        item = next((item for item in items if item.get("itemprop") != "hasPart"), None)
        if item in around:
            found.append(element.get("content") or element.get("href") or element.text_content())
    return found


def _is_free(article: dict[str, Any], nodes: list[dict[str, Any]], told: list[str]) -> bool | None:
    """Whether all of the article is free: what is locked, sites say of it, of a part of it or of the page.

    `told` is what microdata says of it.
    """
    pages = [node for node in nodes if any(kind.endswith("WebPage") for kind in _types(node))]
    flags = set(map(_flag, told))
    for node in (article, *pages):
        parts = node.get("hasPart", [])
        for part in (node, *(parts if isinstance(parts, list) else [parts])):
            if isinstance(part, dict):
                flags.add(_flag(part.get("isAccessibleForFree")))
    return False if False in flags else True if True in flags else None


def _flag(value: Any) -> bool | None:
    if isinstance(value, list) and value:
        value = value[0]
    if isinstance(value, str):
        return {"true": True, "false": False}.get(value.strip().rpartition("/")[2].lower())
    return value if isinstance(value, bool) else None


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
