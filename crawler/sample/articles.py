"""The sample's articles: the coded ones of articles.jsonl and the unrelated ones."""

import json
from functools import cache

from gossi.crawler.sample.model import FOLDER, Article, sample
from gossi.crawler.sample.unrelated import unrelated_articles


@cache
def coded_articles() -> tuple[Article, ...]:
    """The articles on the study's subject and near it, coded by hand."""
    lines = (FOLDER / "articles.jsonl").read_text(encoding="utf-8").splitlines()
    return tuple(Article.model_validate(json.loads(line)) for line in lines)


@cache
def coded_ids() -> frozenset[str]:
    """Their ids."""
    return frozenset(article.id for article in coded_articles())


@cache
def articles_of(outlet_id: str) -> tuple[Article, ...]:
    """An outlet's articles: the coded ones first, then the unrelated ones."""
    outlet = next(outlet for outlet in sample().outlet if outlet.id == outlet_id)
    coded = [article for article in coded_articles() if article.outlet == outlet_id]
    return (*coded, *unrelated_articles(outlet, first_number=len(coded) + 1))
