"""What an article's page shows: headline, paragraphs, dates, teasers, comments, structured data."""

import json
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

from gossi.crawler.sample.addresses import path_of, section_of
from gossi.crawler.sample.articles import articles_of
from gossi.crawler.sample.model import Article, SampleOutlet, Words, sample

_COMMENTED = 3
"""Every third article has readers' comments, and comments have dates of their own."""


@dataclass(frozen=True)
class Teaser:
    """A pointer to another article of the outlet."""

    url: str
    headline: str
    summary: str
    iso: str


@dataclass(frozen=True)
class Comment:
    """A reader's remark, dated later than the article."""

    who: str
    text: str
    iso: str


@dataclass(frozen=True)
class ArticlePage:
    """All that a template needs. Empty strings stand for what the outlet does not say."""

    outlet: SampleOutlet
    words: Words
    language: str
    url: str
    canonical: str
    section: str
    headline: str
    paragraphs: list[str]
    iso: str
    modified: str
    credit: str
    paywalled: bool
    json_ld: str
    teasers: list[Teaser]
    comments: list[Comment]


def article_page(outlet: SampleOutlet, article: Article, origin: str, canonical: bool = True) -> ArticlePage:
    """The page of `article`. `canonical` False: the page does not name its own address."""
    words = sample().words[article.language]
    url = origin + path_of(outlet, article)
    iso = article.shown(outlet.precision, outlet.utc_offset)
    on_page = "" if outlet.date_in in {"feed", "sitemap", "url"} else iso
    paywalled = article.case == "paywall"
    sentences = article.text[: article.teaser] if paywalled else article.text
    return ArticlePage(
        outlet=outlet,
        words=words,
        language=article.language,
        url=url,
        canonical=url if canonical else "",
        section=section_of(article),
        headline=article.headline,
        paragraphs=_paragraphs(sentences, article.number),
        iso=on_page,
        modified=_modified(article, outlet) if on_page else "",
        credit=words.agency if article.credit else "",
        paywalled=paywalled,
        json_ld=_json_ld(outlet, article, url, on_page),
        teasers=_teasers(outlet, article, origin),
        comments=_comments(article, words),
    )


def teasers_of(outlet: SampleOutlet, articles: Sequence[Article], origin: str) -> list[Teaser]:
    """Pointers to `articles`, as front pages and margins show them."""
    return [
        Teaser(
            url=origin + path_of(outlet, article),
            headline=article.headline,
            summary=article.text[0],
            iso=article.shown(outlet.precision, outlet.utc_offset),
        )
        for article in articles
    ]


def _paragraphs(sentences: Sequence[str], number: int) -> list[str]:
    """One to three sentences a paragraph, in a rhythm that depends on the article's number."""
    paragraphs: list[str] = []
    start = 0
    while start < len(sentences):
        length = (number + len(paragraphs)) % 3 + 1
        paragraphs.append(" ".join(sentences[start : start + length]))
        start += length
    return paragraphs


def _modified(article: Article, outlet: SampleOutlet) -> str:
    """A later date of change: aggregators touch their pages years afterwards, others the same day."""
    if article.moment is None or outlet.precision == "day":
        return ""
    later = timedelta(days=700) if outlet.aggregator else timedelta(hours=2)
    changed = article.model_copy(update={"published": (article.moment + later).isoformat()})
    return changed.shown(outlet.precision, outlet.utc_offset)


def _json_ld(outlet: SampleOutlet, article: Article, url: str, iso: str) -> str:
    about: dict[str, object] = {
        "@type": "NewsArticle",
        "headline": article.headline,
        "url": url,
        "mainEntityOfPage": {"@type": "WebPage", "@id": url},
        "publisher": {"@type": "NewsMediaOrganization", "name": outlet.name},
    }
    if iso:
        about |= {"datePublished": iso, "dateModified": _modified(article, outlet)}
    if article.case == "paywall":
        about |= {
            "isAccessibleForFree": False,
            "hasPart": {"@type": "WebPageElement", "isAccessibleForFree": False, "cssSelector": ".abonnes"},
        }
    return json.dumps({"@context": "https://schema.org", **about}, ensure_ascii=False).replace("</", "<\\/")


def _teasers(outlet: SampleOutlet, article: Article, origin: str) -> list[Teaser]:
    """Two articles of the outlet in the same language on the subject, and one that is not."""
    others = [
        other
        for other in articles_of(outlet.id)
        if other.id != article.id and other.language == article.language and other.case == "whole"
    ]
    coded = [other for other in others if other.on_topic]
    rest = [other for other in others if not other.on_topic]
    chosen = _from(coded, article.number)[:2] + _from(rest, article.number)[:1]
    return teasers_of(outlet, chosen, origin)


def _from(articles: list[Article], number: int) -> list[Article]:
    """The same articles, beginning elsewhere for every page."""
    start = number % len(articles) if articles else 0
    return articles[start:] + articles[:start]


def _comments(article: Article, words: Words) -> list[Comment]:
    # Where the article has no date, that of a comment must not pass for it.
    if article.number % _COMMENTED and article.moment:
        return []
    first = datetime(2023, 3, 14, 10, 2, tzinfo=UTC)
    return [
        Comment(who, text, (first + timedelta(days=9 * place, minutes=37 * place)).isoformat())
        for place, (who, text) in enumerate(zip(words.commenters, words.remarks, strict=True))
    ][: 1 + article.number % 2]
