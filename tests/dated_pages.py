"""Pages that date themselves, and what is read of it."""

from datetime import datetime

from gossi.crawler.extraction.extract import extract
from tests.news_pages import NewsPage

URL = "https://courier.example/world/graves"


def json_ld(**properties: str) -> str:
    """A script element that describes an article."""
    inner = ", ".join(f'"{name}": "{value}"' for name, value in properties.items())
    return f'<script type="application/ld+json">{{"@type": "NewsArticle", {inner}}}</script>'


def meta(name: str, content: str) -> str:
    """A meta element."""
    return f'<meta property="{name}" content="{content}">'


def published(page: NewsPage, url: str = URL) -> tuple[datetime | None, str, str]:
    """Value, precision and source of a page's publication time."""
    found = extract(page.html(), url)
    return found.published, found.published_precision, found.published_source
