"""From the bytes of a page to its article: headline, text, dates, language, and how much of it is there."""

from collections.abc import Iterable
from urllib.parse import urlsplit

import py3langid

from gossi.crawler.errors import GossiError, no_room_for_languages
from gossi.crawler.extraction.article import Extracted, failed
from gossi.crawler.extraction.body import article_text
from gossi.crawler.extraction.charset import decode
from gossi.crawler.extraction.dates.page_dates import modified_date, published_dates
from gossi.crawler.extraction.dates.published import choose_published
from gossi.crawler.extraction.headline import find_headline
from gossi.crawler.extraction.linked_body import fuller
from gossi.crawler.extraction.linked_data import PageData, read_page_data
from gossi.crawler.extraction.parsed import parse, words_of
from gossi.crawler.extraction.whole.parts import breaks_off
from gossi.crawler.extraction.whole.walls import Seen, observe
from gossi.crawler.web.canonical import canonical_url

__all__ = ["Extracted", "extract", "failed"]

_ENOUGH_TO_TELL = 500
"""Characters from which py3langid tells the language as well as from the whole, in a sixth of the time:
of 617 coded articles in 13 languages it mistakes none."""

_ENOUGH_TO_AGREE = 200
"""Characters that are enough where they tell the language that the page declares."""

_TOO_LITTLE_TO_TELL = 60
"""Characters below which the language that the page declares is more to be trusted than detection."""


def extract(html: bytes, url: str, charset_hint: str | None = None) -> Extracted:
    """The article of a page; what cannot be read is `extraction_failed`, with the reason.

    Args:
        html: the body as captured, content encodings undone.
        url: the final URL.
        charset_hint: the charset that the HTTP header names.

    Raises:
        GossiError: the machine is at fault, not the page.
    """
    try:
        return _extract(html, url, charset_hint)
    except GossiError:
        raise
    except Exception as error:  # noqa: BLE001 - a page may break any of the parsers in a way of its own
        return failed(url, f"{type(error).__name__}: {error}"[:200])


def _extract(html: bytes, url: str, charset_hint: str | None) -> Extracted:
    page = decode(html, charset_hint)
    tree = parse(page)
    if tree is None:
        return failed(url, "the page is empty" if not html.strip() else "the page is not HTML")
    data = read_page_data(tree, url)
    headline = find_headline(tree, data, urlsplit(url).hostname or "")
    text = fuller(article_text(tree, headline, _description(data)), data.article.get("articleBody"))
    published = choose_published(published_dates(tree, data, url))
    modified = modified_date(tree, data)
    if modified is not None and published is not None and modified.value < published.value:
        modified = None
    seen = observe(tree, data, url, text)
    if seen.observability == "full" and breaks_off(page, tree, text):
        seen = Seen("extraction_failed", "only a part of the article: the page breaks off")
    return Extracted(
        url=url,
        canonical_url=canonical_url(url, data.canonical),
        headline=headline,
        text=text,
        language=_language(headline, text, data.language),
        published=published.value if published else None,
        published_precision=published.precision if published else "unknown",
        published_source=published.source if published else "none",
        modified=modified.value if modified else None,
        observability=seen.observability,
        words=words_of(text),
        detail=seen.detail,
    )


def _description(data: PageData) -> str | None:
    return _first(data.metas("og:description", "description", "twitter:description"))


def _first(values: Iterable[str]) -> str | None:
    return next(iter(values), None)


def _language(headline: str, text: str, declared: str | None) -> str:
    sample = f"{headline}\n{text}"[:_ENOUGH_TO_TELL].strip()
    if len(sample) < _TOO_LITTLE_TO_TELL:
        return declared or "und"
    try:
        found = str(py3langid.classify(sample[:_ENOUGH_TO_AGREE])[0])
        return found if found == declared else str(py3langid.classify(sample)[0])
    except OSError as error:
        raise no_room_for_languages(error) from error
