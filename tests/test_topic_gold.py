"""No coded article is lost at the topic gate, in whatever page and charset; a teaser lets none in."""

import json
from collections.abc import Iterator
from functools import cache
from itertools import cycle, islice

import pytest
from jinja2 import Environment, FileSystemLoader, StrictUndefined

from crawler.discovery.candidate import Hint
from crawler.extraction.extract import extract
from crawler.fetch.judge import Judge
from crawler.outcomes import Outcome
from crawler.sample.articles import coded_articles
from crawler.sample.model import FOLDER, SampleOutlet, sample
from crawler.sample.page import ArticlePage, Teaser
from crawler.sample.unrelated import unrelated_articles
from crawler.study import StudyFolder
from crawler.topic import TopicGate
from tests.conftest import ROOT

STUDY = StudyFolder(ROOT).sources().study
GATE = TopicGate(STUDY.topic)
TEMPLATES = Environment(
    loader=FileSystemLoader(FOLDER / "templates"), autoescape=True, undefined=StrictUndefined
)
OUTLETS = sample().outlet

CHARSETS = {
    "ru": ("windows-1251", "koi8-r", "iso8859-5"),
    "bg": ("windows-1251",),
    "ar": ("windows-1256", "iso8859-6"),
    "tr": ("windows-1254",),
    "hu": ("windows-1250",),
    "sk": ("windows-1250",),
    "zh": ("gb18030",),
    "ja": ("shift_jis", "euc-jp"),
}
"""Beside UTF-8, and ASCII in which all other letters are character references."""

NAMED = {"zh", "ja"}
"""Languages whose old charsets nobody can tell by their bytes: what mislabels them is not readable at all."""


@cache
def on_topic() -> tuple[dict[str, object], ...]:
    """The articles of the development set that a coder called on topic."""
    lines = (ROOT / "tests" / "gold" / "dev.jsonl").read_text(encoding="utf-8").splitlines()
    return tuple(article for article in map(json.loads, lines) if article["on_topic"])


def page(
    outlet: SampleOutlet,
    headline: str,
    sentences: list[str],
    language: str,
    teasers: list[Teaser] | None = None,
) -> str:
    """The page that an outlet of the sample makes of an article; beside it only teasers name the topic."""
    about = {"@context": "https://schema.org", "@type": "NewsArticle", "headline": headline}
    shown = ArticlePage(
        outlet=outlet,
        words=sample().words.get(language, sample().words["en"]),
        language=language,
        url=f"https://{outlet.id}.example/1",
        canonical=f"https://{outlet.id}.example/1",
        section="world",
        headline=headline,
        paragraphs=[" ".join(sentences[at : at + 2]) for at in range(0, len(sentences), 2)],
        iso="2022-04-23T10:00:00+00:00",
        modified="",
        credit="",
        paywalled=False,
        json_ld=json.dumps(about),
        teasers=teasers or [],
        comments=[],
    )
    return TEMPLATES.get_template(f"{outlet.id}.html").render(p=shown)


def rendered() -> Iterator[tuple[str, str, str]]:
    """Id, language and page of each article, three templates each, so that every one is used for many."""
    outlets = cycle(OUTLETS)
    for article in on_topic():
        for outlet in islice(outlets, 3):
            text = [str(sentence) for sentence in article["text"]]  # type: ignore[attr-defined]
            language = str(article["language"])
            yield str(article["id"]), language, page(outlet, str(article["headline"]), text, language)


def test_the_gate_loses_no_coded_article() -> None:
    """In every charset of its language, named by the server, or by nobody, or wrongly by the page."""
    lost = [
        (name, charset, told)
        for name, language, html in rendered()
        for charset in ("utf-8", "ascii", *CHARSETS.get(language, ("iso8859-1", "windows-1252")))
        for told in (charset, None)[: 1 if language in NAMED else 2]
        if not GATE.names_topic(html.encode(charset, "xmlcharrefreplace"), told)
    ]
    assert on_topic()
    assert lost == []


def test_the_gate_after_extraction_loses_none_either() -> None:
    """What is left of the page names the topic still: headline and text came out of it."""
    lost = []
    for name, _, html in islice(rendered(), 0, None, 3):
        found = extract(html.encode(), f"https://courier.example/{name}")
        if not GATE.names_topic_text(found.headline, found.text):
            lost.append(name)
    assert lost == []


@pytest.mark.parametrize("outlet", OUTLETS, ids=lambda outlet: str(outlet.id))
def test_a_teaser_beside_an_article_lets_it_not_in(outlet: SampleOutlet) -> None:
    """The first gate must let the page pass; after extraction the teasers in its margin count no more."""
    language = outlet.languages[0]
    named = [article for article in coded_articles() if article.on_topic and article.language == language]
    teasers = [
        Teaser(f"https://{outlet.id}.example/{article.id}", article.headline, article.text[0], "2022-04-23")
        for article in named
        if GATE.names_topic_text(article.headline, article.text[0])
    ][:3]
    assert teasers
    judge = Judge(STUDY)
    unrelated = unrelated_articles(outlet, 1)
    assert unrelated
    for article in unrelated:
        html = page(outlet, article.headline, article.text, article.language, teasers).encode()
        assert GATE.names_topic(html, "utf-8")
        found = extract(html, f"https://{outlet.id}.example/{article.id}")
        assert article.text[0] in found.text.replace("\n", " ")
        assert judge.after_extraction(found, Hint())[0] is Outcome.OFF_TOPIC
