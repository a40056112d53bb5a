"""Says of a captured body whether it is a page of HTML, and where such a page refreshes to.

The one meaning of "is it HTML": what a body holds decides, the header only where that is not plain.
"""

import re

from w3lib.html import get_base_url, get_meta_refresh

from gossi.crawler.characters import UTF16_MARKS, is_noise
from gossi.crawler.web.urls import clean_url, is_web_address

_MARKUP = re.compile(
    rb"<\s*(?:!doctype\s+html|html|head|body|title|meta|div|p|article|table)\b", re.IGNORECASE
)
# What a feed or sitemap begins with; a feed may quote HTML early. Atomic groups: comments one after another
# would else be divided among the repetitions in all possible ways, 2 to the power of their number.
_LISTING = re.compile(
    rb"(?:\xef\xbb\xbf)?\s*+(?:(?><\?.*?\?>|<!--.*?-->)\s*+)*+<(?:rss|feed|rdf:rdf|urlset|sitemapindex)\b",
    re.IGNORECASE | re.DOTALL,
)
# Where a page says it is HTML in its head, it says so early; Scrapy looks for a refresh as far.
HEAD_BYTES = 4096

LONGEST_REFRESH = 10
"""Seconds. A page that waits longer reloads itself for its readers and leads nowhere else."""


def is_html(content_type: str, body: bytes) -> bool:
    """Whether a body is a page.

    Args:
        content_type: the media type that the header gives; "" for none.
        body: without its content encoding.
    """
    head = body[:HEAD_BYTES]
    if head.startswith(UTF16_MARKS):
        head = head.replace(b"\0", b"")
    if is_noise(body) or _LISTING.match(head):
        return False
    if _MARKUP.search(head):
        return True
    return "html" in content_type.lower() and b"<" in body and b"\0" not in head


def refresh_of(url: str, page: bytes) -> str:
    """The other address of the web to which a page refreshes before anybody has read it; "" for none."""
    head = page[:HEAD_BYTES]
    if b"refresh" not in head.lower():
        return ""
    shown = head.decode("latin-1")
    seconds, target = get_meta_refresh(shown, get_base_url(shown, url, "latin-1"), "latin-1")
    if seconds is None or seconds >= LONGEST_REFRESH or not target or not is_web_address(target):
        return ""
    # What reloads itself is shown to its readers as it is.
    target = clean_url(target)
    return "" if target == clean_url(url) else target
