"""No coded article is lost at the topic gate, in whatever page and charset; a teaser lets none in."""

import codecs
import json
import re
from collections.abc import Callable, Iterator
from functools import cache
from itertools import cycle, islice
from unicodedata import normalize

import pytest
from jinja2 import Environment, FileSystemLoader, StrictUndefined

from gossi.crawler.extraction.extract import extract
from gossi.crawler.outcomes import Outcome
from gossi.crawler.page.gate import TopicGate
from gossi.crawler.page.verdict import Judge
from gossi.crawler.sample.article_page import ArticlePage, Teaser
from gossi.crawler.sample.articles import coded_articles
from gossi.crawler.sample.model import FOLDER, SampleOutlet, sample
from gossi.crawler.sample.unrelated import unrelated_articles
from gossi.crawler.study.sources import StudyFolder
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
    lines = (ROOT / "coded" / "training" / "dev.jsonl").read_text(encoding="utf-8").splitlines()
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


def referenced(html: str) -> bytes:
    """Every letter of the article as a character reference, those of ASCII as well."""
    return re.sub(r"[^\W\d_](?![^<]*>)", lambda found: f"&#{ord(found[0])};", html).encode()


def escaped(html: str) -> bytes:
    """The page as a string of JSON in another one, in which every letter is escaped."""
    told = "".join(
        f"\\u{ord(letter):04x}" if letter.isalpha() else letter for letter in html if letter < "\U00010000"
    )
    return b"<html><body><script>{" + told.encode() + b"}</script></body></html>"


def hyphenated(html: str) -> bytes:
    """Soft hyphens behind every second letter of every word."""
    return re.sub(r"([^\W\d_]{2})(?![^<]*>)", "\\1\u00ad", html).encode()


ODD: dict[str, Callable[[str], bytes | None]] = {
    "references": referenced,
    "json": escaped,
    "soft-hyphens": hyphenated,
    "named": lambda html: hyphenated(html).replace("\u00ad".encode(), b"&shy;"),
    "decomposed": lambda html: normalize("NFD", html).encode(),
    "capitals": lambda html: html.upper().encode(),
    "utf-16": lambda html: html.encode("utf-16"),
    "utf-16-be": lambda html: codecs.BOM_UTF16_BE + html.encode("utf-16-be"),
    "unlabelled-gbk": lambda html: in_charset(html, "gbk"),
    "unlabelled-big5": lambda html: in_charset(html, "big5"),
    "unlabelled-shift_jis": lambda html: in_charset(html, "shift_jis"),
    "unlabelled-euc-jp": lambda html: in_charset(html, "euc_jp"),
    "unlabelled-1251": lambda html: in_charset(html, "cp1251"),
    "unlabelled-1256": lambda html: in_charset(html, "cp1256"),
}
"""Forms of a page that few have; None where a charset cannot write it."""


def in_charset(html: str, charset: str) -> bytes | None:
    """The page without a word on its charset."""
    try:
        return re.sub(r"<meta charset[^>]*>", "", html).encode(charset)
    except UnicodeEncodeError:
        return None


@pytest.mark.parametrize("form", ODD)
def test_the_gate_loses_no_coded_article_in_an_odd_form(form: str) -> None:
    """Whatever stands for letters, and in charsets that nobody names; each template is met."""
    pages = [(name, ODD[form](html)) for name, _, html in islice(rendered(), 0, None, 7)]
    lost = [name for name, html in pages if html is not None and not GATE.names_topic(html)]
    assert any(html is not None for _, html in pages)
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
        assert judge.by_text(found).outcome is Outcome.OFF_TOPIC
