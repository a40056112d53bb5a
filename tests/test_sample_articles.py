"""The outlets and articles of the sample web: enough of each kind, made up, and coded soundly.

Also tests crawler/sample/model.py and crawler/sample/unrelated.py.
"""

import re
import tomllib
from pathlib import Path

import pytest

from gossi.crawler.sample.addresses import MEMBERS, path_of
from gossi.crawler.sample.articles import articles_of, coded_articles
from gossi.crawler.sample.model import Article, sample
from tests.sample_truth import truth

PORT = 18500
OUTLETS = sample().outlet
ARTICLES = [article for outlet in OUTLETS for article in articles_of(outlet.id)]
REAL_NAMES = tomllib.loads(Path(__file__).with_name("real_names.toml").read_text(encoding="utf-8"))


def test_outlets_cover_all_blocs_and_languages() -> None:
    """At least 12 outlets over every bloc, one of them an aggregator, each with a feed or a sitemap."""
    assert len(OUTLETS) >= 12
    assert {outlet.bloc for outlet in OUTLETS} == {bloc.id for bloc in sample().bloc}
    assert {language for outlet in OUTLETS for language in outlet.languages} == {"en", "fr", "ar", "es", "ru"}
    assert sum(outlet.aggregator for outlet in OUTLETS) == 1
    assert all(outlet.feed or outlet.sitemap for outlet in OUTLETS)


def test_there_are_enough_articles_of_each_kind() -> None:
    """At least 60 articles on or near the topic and 100 unrelated ones, in every language."""
    coded = set(coded_articles_ids())
    assert len(coded) >= 60
    assert len([article for article in ARTICLES if article.id not in coded]) >= 100
    assert {article.language for article in coded_articles()} == {"en", "fr", "ar", "es", "ru"}
    assert {article.language for article in ARTICLES if article.id not in coded} >= {
        "en",
        "fr",
        "ar",
        "es",
        "ru",
    }


def coded_articles_ids() -> list[str]:
    """Ids of the hand-coded articles."""
    return [article.id for article in coded_articles()]


def test_ids_are_unique_and_of_their_outlet() -> None:
    """An article's id begins with its outlet's and is given once."""
    assert len({article.id for article in ARTICLES}) == len(ARTICLES)
    assert all(re.fullmatch(re.escape(a.outlet) + r"-\d{2}", a.id) for a in ARTICLES)


def test_addresses_are_unique() -> None:
    """No two articles of an outlet share an address."""
    urls = [url for expected in truth(PORT) for url in (expected.url, *expected.other_urls)]
    assert len(set(urls)) == len(urls)


def test_published_is_as_exact_as_the_outlet_says() -> None:
    """A day alone where the outlet tells the day, a time where it tells the time."""
    precision = {outlet.id: outlet.precision for outlet in OUTLETS}
    for article in ARTICLES:
        if article.published:
            assert len(article.published) == (10 if precision[article.outlet] == "day" else 19)


@pytest.mark.parametrize("article", coded_articles(), ids=lambda article: article.id)
def test_labels_point_at_sentences(article: Article) -> None:
    """Every label names at least one sentence that is there."""
    for label in article.labels.values():
        assert label.sentences
        assert all(-1 <= sentence < len(article.text) for sentence in label.sentences)


def test_no_real_person_or_medium_is_named() -> None:
    """Offices and institutions speak in the sample, never people or media that exist."""
    texts = "\n".join("\n".join([article.headline, *article.text]) for article in ARTICLES)
    texts += "\n".join(outlet.name for outlet in OUTLETS)
    words = re.compile(
        "|".join(rf"(?<!\w){re.escape(name)}" for name in [*REAL_NAMES["people"], *REAL_NAMES["media"]])
    )
    assert words.findall(texts) == []


def test_outlets_are_named_as_fictional() -> None:
    """Every outlet's name says that it is made up, in its own language."""
    made_up = r"(?i)ficti|fabled|imagin|invent|inexist|made-up|خيالي|متخيل|вымышл|небывал"
    assert all(re.search(made_up, outlet.name) for outlet in OUTLETS)


def test_unrelated_articles_name_no_term_of_the_topic() -> None:
    """The town is not named in a text that has nothing to do with it, not even inside another word."""
    coded = set(coded_articles_ids())
    for article in ARTICLES:
        if article.id not in coded:
            assert not re.search("(?i)goss|joss|госси|غوسي|جوسي", " ".join(article.text))


def test_members_pages_are_the_only_ones_behind_robots() -> None:
    """The addresses that robots.txt refuses are those of the articles meant for it."""
    for outlet in OUTLETS:
        for article in articles_of(outlet.id):
            assert path_of(outlet, article).startswith(MEMBERS) == (article.case == "robots")
