"""Tells a page that holds only a piece of its article: one of several pages, an excerpt, one that breaks off.

What stands in the other pieces would be published as left out.
"""

import re
from typing import Any, NamedTuple
from urllib.parse import parse_qsl, urlsplit

from lxml.etree import XPath
from lxml.html import HtmlElement

from gossi.crawler.extraction.landmarks import beside_article
from gossi.crawler.extraction.whole.visible_text import letters_of
from gossi.crawler.web.urls import joined

ENDED = re.compile(r"[.!?。！？؟।»”\"')\]]\s*$")
"""How a text ends that was not cut: with a sentence's end."""

_CLOSED = frozenset({"article", "main", "section", "div", "table", "center"})
"""Elements that no page leaves open."""

_WITHIN_TAG = re.compile(r"<[a-zA-Z/!][^<>]*$")

_SHOWN = XPath(
    "//body//text()[normalize-space() and not(parent::script or parent::style or parent::noscript)]"
)

_SURE = 40
"""Letters of a text's end that are enough to know it by."""

_PARAMETERS = frozenset(
    {"page", "paged", "pg", "pagina", "seite", "pagenum", "page_no", "pageno", "strana", "sayfa"}
)
"""Parameters that number an article's pages; not `p`, with which WordPress numbers its articles."""

_FROM_ZERO = frozenset({"start", "limitstart"})
"""Parameters that number them from 0, as Joomla does."""

_PATH = re.compile(r"^(.+?)/(?:(page|seite|pagina|p)[/-]?)?([1-9]\d?)/?$", re.IGNORECASE)
"""A number of at most two digits at the end of a path; a longer one is mostly the article's own."""

_FILE = re.compile(r"^(.*[^/_-])[_-]([1-9]\d?)(\.s?html?)$", re.IGNORECASE)
"""A number at the end of a file's name: "graves_2.html" is a page of "graves.html", or another article."""

_SCRIPT = re.compile(r"(?:^|/)(?:index\.\w+|\w+\.(?:php|aspx?|jsp|cgi|cfm))?$", re.IGNORECASE)
"""Paths that are no article's: what is shown there is in the query."""

_SLUG = re.compile(r"-|\d{5}|\.html?$")
"""What the end of an article's path has, and a section's seldom: below that, a number is an article's."""

_PAGER = re.compile(r"pager|paginat|page-?(?:nav|link|number)|link-pages|multi-?page")

_LOADS_MORE = re.compile(
    r"load-?more|show-?more|more-(?:posts|entries|updates)|pagination|pager|older-(?:posts|entries)"
)

_MAY_BE_NUMBERED = re.compile(r"\D\d{1,2}(?:[/&#]|\.s?html?|$)")

_MOST_LINKS = 500
"""Links that are looked at; a page links to itself some dozens of times, mostly for others to share it."""


class _Numbered(NamedTuple):
    """An address without its page's number, and the number.

    `told` where a name says that it is a page's, `in_file` where it is at the end of a file's name.
    """

    host: str
    path: str
    query: frozenset[tuple[str, str]]
    number: int = 1
    told: bool = False
    in_file: bool = False

    @property
    def is_script(self) -> bool:
        """Whether the query tells what is shown."""
        return bool(_SCRIPT.search(self.path))

    def is_of(self, other: "_Numbered") -> bool:
        """Whether both are pages of one article; marks of campaigns are not in the links of a pager."""
        same = (self.host, self.path) == (other.host, other.path)
        return same and (self.query == other.query or (not self.is_script and self.query > other.query))


def other_page(tree: HtmlElement, url: str, article: dict[str, Any]) -> str:
    """Where the article goes on, or that this is not its first page; empty where it is on one page.

    Args:
        tree: the parsed page.
        url: its final URL.
        article: the article in its JSON-LD.
    """
    own = _numbered(url)
    if own is None:
        return ""
    linked = _pages_linked(tree, url, own)
    if own.number > 1:
        alone = own.told and not own.query and not own.is_script
        if own.in_file and 1 not in linked:
            return ""
        # Beside other parameters it may be the number of the list that the reader came from.
        if alone or linked & {own.number - 1, own.number + 1}:
            return f"page {own.number} of the article"
        return ""
    if own.number + 1 in linked:
        return "the article goes on, on another page"
    live = "LiveBlogPosting" in str(article.get("@type"))
    if live and any(map(_loads_more, tree.iter("a", "button", "div", "ul", "nav"))):
        return "more of the live report is loaded later"
    return ""


def breaks_off(page: str, tree: HtmlElement, text: str) -> bool:
    """Whether a page ends within its article, as it does where a server or a proxy broke off.

    Such a page has no end tags, not even of what the article stands in, and nothing behind the text. An end
    within a tag is none that anybody wrote; one within the text may be that of a page written by hand, which
    closes no paragraph and has nothing around them.
    """
    page = page.rstrip()
    if page.endswith(">"):
        return False
    shown = _SHOWN(tree)
    if not shown or not letters_of(text).endswith(letters_of(shown[-1])[-_SURE:]):
        return False
    markup = page.lower()
    if markup.rfind("<script") > markup.rfind("</script") or _WITHIN_TAG.search(page, page.rfind("<")):
        return True
    last = shown[-1].getparent()
    is_left_open = any(above.tag in _CLOSED for above in (last, *last.iterancestors()))
    return is_left_open and not ENDED.search(text)


def leads_on(own: str, target: str | None) -> bool:
    """Whether a link leads to more of the same page: its address with more behind it, no place within it."""
    if not target or target.startswith(("#", "javascript:")):
        return False
    here, there = urlsplit(own), urlsplit(joined(own, target))
    if here.netloc != there.netloc or (here.path, here.query) == (there.path, there.query):
        return False
    return there.path == here.path or (
        len(here.path) > 1 and there.path.startswith(here.path.rstrip("/") + "/")
    )


def _pages_linked(tree: HtmlElement, url: str, own: _Numbered) -> set[int]:
    """The other pages of the same article that the page links to."""
    # Resolving an address costs more than all the rest: only what may be the same one is resolved.
    last = re.sub(r"\.s?html?$", "", own.path.rpartition("/")[2])
    links = [(link, True) for link in tree.iterfind("head/link") if _is_step(link)]
    links += [(link, False) for link in tree.iter("a") if _is_alike(link.get("href"), last or "?")]
    found = set()
    for link, is_step in links[:_MOST_LINKS]:
        href = link.get("href", "").strip()
        if "#comment" in href or (own.number == 1 and not _MAY_BE_NUMBERED.search(href)):
            continue
        target = _numbered(joined(url, href))
        if target is None or not own.is_of(target) or target.number == own.number:
            continue
        if (own.in_file or target.in_file) and not _shows(link, target.number):
            continue
        if is_step or not beside_article(_around_pager(link)):
            found.add(target.number)
    return found


def _is_alike(href: str | None, last: str) -> bool:
    """Whether a link may be to another page of the article, by the last part of the article's address."""
    return href is not None and (last in href or href.startswith("?"))


def _shows(link: HtmlElement, number: int) -> bool:
    """Whether a link reads as that of a page's number, as one to another article does not."""
    return (link.text_content() or "").strip(" []()\xa0") == str(number)


def _is_step(link: HtmlElement) -> bool:
    return not {"next", "prev"}.isdisjoint((link.get("rel") or "").lower().split())


def _around_pager(element: HtmlElement) -> HtmlElement:
    """What a pager stands in. A pager is a nav element often, which stands beside the article otherwise.

    Readers' letters and lists of other articles have pagers too.
    """
    around = element
    for above in (element, *element.iterancestors()):
        if above.tag in {"body", "article", "main"}:
            break
        named = f"{above.get('class') or ''} {above.get('id') or ''}".lower()
        if len(named) > 1 and _PAGER.search(named) and (parent := above.getparent()) is not None:
            around = parent
    return around


def _loads_more(element: HtmlElement) -> bool:
    named = f"{element.get('class') or ''} {element.get('id') or ''}".lower()
    return len(named) > 1 and bool(_LOADS_MORE.search(named)) and "comment" not in named


def _numbered(url: str) -> _Numbered | None:
    try:
        parts = urlsplit(url)
        host = (parts.hostname or "").removeprefix("www.")
        query = parse_qsl(parts.query)
    except ValueError:
        return None
    number, told = 1, False
    rest = []
    for name, value in query:
        numbers = value.isascii() and value.isdigit() and len(value) <= 2
        if numbers and name.lower() in _PARAMETERS:
            number, told = int(value), True
        elif numbers and name.lower() in _FROM_ZERO:
            number, told = int(value) + 1, True
        else:
            rest.append((name, value))
    path = parts.path.rstrip("/") or "/"
    if not told and (match := _PATH.match(path)) and (match[2] or _SLUG.search(match[1].rpartition("/")[2])):
        path, number, told = match[1], int(match[3]), match[2] is not None
    if number == 1 and (match := _FILE.match(path)):
        return _Numbered(host, match[1] + match[3], frozenset(rest), int(match[2]), in_file=True)
    return _Numbered(host, path, frozenset(rest), number, told)
