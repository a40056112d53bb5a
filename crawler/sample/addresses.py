"""The addresses of the sample web: which port an outlet has, and where its articles lie."""

import unicodedata
from urllib.parse import quote

from gossi.crawler.sample.articles import articles_of, coded_ids
from gossi.crawler.sample.model import Article, SampleOutlet, sample

DEFAULT_PORT = 8810
"""Of the first outlet; the others follow. Not registered with IANA for anything in common use."""

MEMBERS = "/members"
"""What the outlets' robots.txt keeps crawlers from."""


def port_of(outlet_id: str, base_port: int) -> int:
    """The port that an outlet is served on."""
    return base_port + [outlet.id for outlet in sample().outlet].index(outlet_id)


def origin(outlet_id: str, base_port: int) -> str:
    """Scheme, host and port of an outlet: ``http://127.0.0.1:8810``."""
    return f"http://127.0.0.1:{port_of(outlet_id, base_port)}"


def path_of(outlet: SampleOutlet, article: Article) -> str:
    """Where an article lies on its outlet's host, percent-encoded."""
    moment = article.moment
    path = outlet.path.format(
        section=section_of(article),
        slug=_slug(article),
        number=article.number,
        year=f"{moment:%Y}" if moment else "",
        month=f"{moment:%m}" if moment else "",
        day=f"{moment:%d}" if moment else "",
    )
    return quote((MEMBERS if article.case == "robots" else "") + path, safe="/?=&.-_~")


def article_at(outlet: SampleOutlet, article_id: str) -> Article:
    """The outlet's article of that id."""
    return next(article for article in articles_of(outlet.id) if article.id == article_id)


def listed_pages(outlet: SampleOutlet) -> list[str]:
    """Paths that only sources.toml names: the outlet's own listings leave them out."""
    return [
        *(path_of(outlet, article_at(outlet, article_id)) for article_id in outlet.pages_only),
        *(twin.path for twin in outlet.twin if twin.listed == "pages"),
        *(odd.path for odd in outlet.odd if odd.listed == "pages"),
    ]


def section_of(article: Article) -> str:
    """The section of its outlet that an article stands in: foreign news for the coded ones."""
    sections = sample().words[article.language].sections
    return sections[0] if article.id in coded_ids() else sections[article.number % len(sections)]


def _slug(article: Article) -> str:
    """The headline as an address has it: Latin letters lose their accents, other scripts stay."""
    plain = unicodedata.normalize("NFKD", article.headline.lower())
    letters = "".join(letter for letter in plain if not unicodedata.combining(letter))
    words = "".join(letter if letter.isalnum() else " " for letter in letters).split()
    return "-".join(words[:8])
