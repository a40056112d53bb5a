"""Finds the article's head in a page, and tells what stands beside the article from what is in it."""

import re
from urllib.parse import urlsplit

from lxml.etree import _ElementTree
from lxml.html import HtmlElement

_ASIDE_TAGS = frozenset({"aside", "footer", "nav"})

# Class and id tokens of what is not the article: comments, teasers, recommendations, page furniture.
_ASIDE = re.compile(
    r"(?:^|[\s_-])(?:comments?|commentaires?|comentarios|kommentare?|respond|disqus|reactions|replies|sidebar|side-bar"
    r"|related|recommend\w*|teasers?|widgets?|footer|most-?read|most-?popular|trending|latest|read-?more|promo|newsletter"
    r"|breadcrumbs?|menu|navbar|copyright)(?:$|[\s_-])",
    re.IGNORECASE,
)

_FRONT = frozenset({"", "/", "index.php", "/index.php", "index.html", "/index.html"})
"""Paths of a front page, as a link in a site's head has them."""


def main_heading(tree: HtmlElement) -> HtmlElement | None:
    """The h1 that heads the article: the first one with text that stands in the page's main part."""
    headings = [heading for heading in tree.iter("h1") if (heading.text_content() or "").strip()]
    for heading in headings:
        if not beside_article(heading) and not names_site(heading):
            return heading
    return headings[0] if headings else None


def names_site(heading: HtmlElement) -> bool:
    """Whether a heading is the site's name: it leads to the front page."""
    links = (*heading.iter("a"), *heading.iterancestors("a"))
    return any(_leads_home((link.get("href") or "").strip()) for link in links)


def _leads_home(address: str) -> bool:
    try:
        parts = urlsplit(address)
    except ValueError:
        return False
    path = parts.path.removeprefix("./")
    return bool(address) and not (parts.query or parts.fragment) and path in _FRONT


def beside_article(element: HtmlElement) -> bool:
    """Whether an element stands in a comment, a sidebar, a teaser, navigation or the page's footer."""
    for above in (element, *element.iterancestors()):
        if above.tag in {"body", "html"}:
            return False
        if above.tag in _ASIDE_TAGS or above.get("role") in {"navigation", "complementary", "contentinfo"}:
            return True
        if is_named_aside(above) and not _holds_article(above):
            return True
        # An article within an article is a teaser or a comment (HTML standard, the article element).
        if above.tag == "article" and any(outer.tag == "article" for outer in above.iterancestors()):
            return True
    return False


def is_named_aside(element: HtmlElement) -> bool:
    """Whether a class or an id calls an element what stands beside an article."""
    named = f"{element.get('class') or ''} {element.get('id') or ''}"
    return len(named) > 1 and bool(_ASIDE.search(named))


def _holds_article(box: HtmlElement) -> bool:
    """Whether a box that is called a sidebar or a teaser holds the article: so are layouts called.

    The headline is the h1 that the page's title repeats, or that has most of the page's paragraphs beside it.
    """
    heading = box.find(".//h1")
    if heading is None:
        return False
    root = box.getroottree()
    text, title = _line(heading), " ".join((root.findtext(".//title") or "").split())
    return bool(text and text in title) or 2 * _letters(box) > _letters(root)


def _line(element: HtmlElement) -> str:
    return " ".join((element.text_content() or "").split())


def _letters(tree: "HtmlElement | _ElementTree[HtmlElement]") -> int:
    return sum(len(paragraph.text_content()) for paragraph in tree.iter("p"))
