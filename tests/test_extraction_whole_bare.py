"""Bare pages: what may be a wall or an empty shell is told from an article's page by its bytes."""

import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from gossi.crawler.extraction.extract import extract
from gossi.crawler.extraction.whole.bare import is_bare
from gossi.crawler.sample.addresses import path_of
from gossi.crawler.sample.articles import articles_of
from gossi.crawler.sample.model import sample
from gossi.crawler.sample.site import Site
from tests.news_pages import PARAGRAPHS, NewsPage

CHALLENGE = b"""<!DOCTYPE html><html lang="en-US"><head><title>Just a moment...</title>
<style>*{box-sizing:border-box}html{line-height:1.15}</style></head><body class="no-js">
<noscript>Enable JavaScript and cookies to continue</noscript>
<script>(function(){window._cf_chl_opt={cvId:'3',cType:'managed'};})();</script></body></html>"""

PARTNERS = "".join(f'<li><a href="/partner/{n}">Werbepartner {n} GmbH</a></li>' for n in range(40))
CONSENT = f"""<html lang="de"><head><title>Zustimmung</title></head><body><h1>Mit Werbung weiterlesen</h1>
<p>Besuchen Sie uns wie gewohnt mit Werbung und Tracking. Ihre Zustimmung ist jederzeit widerrufbar.</p>
<button>Akzeptieren und weiter</button><ul>{PARTNERS}</ul></body></html>""".encode()

# Markup in data, as a script may hold it: an element's end only behind a backslash.
STATE = json.dumps({"items": ['<p>Text</p><a href="/x">more</a>'] * 4000}).replace("</", "<\\/")
SHELL = f'<html><body><div id="root"></div><script>window.state = {STATE}</script></body></html>'.encode()

BLOCKED = b"""<html><head><title>Unavailable</title></head><body>
<h1>451: Unavailable due to legal reasons</h1>
<p>We recognise you are attempting to access this website from a country belonging to the European Economic
Area and therefore access cannot be granted at this time.</p></body></html>"""

LONG = [f"{paragraph} This is told in chapter {number}." for number in range(5) for paragraph in PARAGRAPHS]
LINKS = "".join(f'<li><a href="/{n}">{n}</a></li>' for n in range(120))


@pytest.mark.parametrize(
    "html",
    [CHALLENGE, CONSENT, SHELL, BLOCKED, b"", b"<html><body></body></html>", b"<!-- " + b"word " * 900],
    ids=["challenge", "consent", "shell", "blocked", "empty", "no text", "comment"],
)
def test_walls_and_shells_are_bare(html: bytes) -> None:
    """Whatever they have in scripts and styles, a reader sees next to nothing."""
    assert is_bare(html)


@pytest.mark.parametrize(
    "html",
    [
        NewsPage(paragraphs=LONG).html(),
        NewsPage(paragraphs=PARAGRAPHS[:1], below=f"<ul>{LINKS}</ul>").html(),
        ("<p>" + "一架無人機拍下了基地附近的墓地。" * 150).encode(),
        ("<P>" + "Слова стоят в старой странице. " * 60).encode("koi8-r"),
        NewsPage(paragraphs=LONG).html().upper(),
    ],
    ids=["long text", "many links", "no spaces", "old charset", "capital tags"],
)
def test_a_page_with_text_or_links_is_not_bare(html: bytes) -> None:
    """In any script and charset; a news flash among its site's links too."""
    assert not is_bare(html)


def test_an_article_of_the_sample_that_looks_bare_is_seen_to_be_whole() -> None:
    """Its short reports have little around them: what is bare is only looked at, not yet called a wall."""
    bare = 0
    wrong = []
    for outlet in sample().outlet:
        site = Site(outlet, 8000)
        for article in articles_of(outlet.id):
            path = path_of(outlet, article)
            html = site.archived.get(path, site.answers.get(path, site.missing)).body
            if article.case == "whole" and is_bare(html):
                bare += 1
                if extract(html, site.origin + path).observability != "full":
                    wrong.append(article.id)
    assert bare > 0
    assert wrong == []


@given(
    st.lists(
        st.sampled_from(
            [
                b"<",
                b">",
                b"<!--",
                b"-->",
                b"<script>",
                b"</script",
                b"<STYLE",
                b"</style>",
                b"</a>",
                b"a",
                b" ",
            ]
        ),
        max_size=60,
    ),
    st.binary(max_size=40),
)
def test_any_bytes_are_bare_or_not(pieces: list[bytes], noise: bytes) -> None:
    """Broken markup is read without an error; so little of it is always bare."""
    assert is_bare(b"".join(pieces) + noise)


@pytest.mark.parametrize(
    "piece", [b"<", b"<a", b"<script", b"<!--", b"<!-- -->", b"<style></style>", b"<i>", b" ", b"a"]
)
def test_a_hostile_page_costs_no_more_than_its_length(piece: bytes) -> None:
    """Megabytes of any of these are decided in milliseconds: a cost by the square would be hours."""
    assert is_bare(piece * (2_900_000 // len(piece))) in {True, False}
    assert not is_bare(piece * (10_000_000 // len(piece)))
