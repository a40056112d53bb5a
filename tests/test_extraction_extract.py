"""Extraction: text, headline, language and canonical URL of pages, and what becomes of hostile ones.

Also tests crawler/extraction/article.py and crawler/extraction/parsed.py.
"""

import json

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from gossi.crawler.extraction.extract import extract
from tests.news_pages import PARAGRAPHS, NewsPage

URL = "https://www.courier.example/world/graves"


def test_an_article_is_extracted_whole_and_alone() -> None:
    """All paragraphs, in their order, and nothing of navigation, teasers, comments and footer."""
    found = extract(NewsPage().html(), URL)
    assert found.headline == NewsPage().headline
    assert found.text.split("\n") == list(PARAGRAPHS)
    assert found.words == sum(len(paragraph.split()) for paragraph in PARAGRAPHS)
    assert (found.language, found.observability, found.detail) == ("en", "full", "")
    assert found.canonical_url == "https://courier.example/world/graves"


def test_a_paragraph_shared_by_many_pages_survives_in_all() -> None:
    """Wire copy that a hundred outlets print is in each of their texts."""
    shared = PARAGRAPHS[0]
    for number in range(100):
        own = f"Our reporter number {number} spoke to people of the town who had heard the aircraft that day."
        found = extract(NewsPage(paragraphs=[shared, own, *PARAGRAPHS[1:3]]).html(), f"{URL}/{number}")
        assert shared in found.text.split("\n")


@pytest.mark.parametrize(
    "teaser",
    [
        '<p><a href="/c">Read also: the ministry names a foreign power behind the killings</a></p>',
        '<ul><li><a href="/c">The ministry names a foreign power behind the killings</a></li></ul>',
        '<h3><a href="/c">The ministry names a foreign power behind the killings</a></h3>',
        '<div class="teaser"><p>The ministry names a foreign power behind the killings.</p></div>',
        "<aside><p>The ministry names a foreign power behind the killings in the north.</p></aside>",
    ],
)
def test_a_teaser_in_the_text_plants_no_claim(teaser: str) -> None:
    """What another article claims does not get into this one."""
    html = str(NewsPage()).replace(f"<p>{PARAGRAPHS[3]}</p>", f"{teaser}<p>{PARAGRAPHS[3]}</p>")
    found = extract(html.encode(), URL)
    assert "foreign power" not in found.text
    assert [line for line in found.text.split("\n") if line in PARAGRAPHS] == list(PARAGRAPHS)


def test_a_link_in_a_sentence_stays() -> None:
    """Links within paragraphs are text."""
    linked = PARAGRAPHS[1].replace("inquiry", '<a href="/d">inquiry</a>')
    html = str(NewsPage()).replace(PARAGRAPHS[1], linked)
    assert PARAGRAPHS[1] in extract(html.encode(), URL).text


def test_text_in_several_containers_is_put_together() -> None:
    """A body broken up by advertisements is read to its end."""
    parts = [
        f'<div class="article__body">{"".join(f"<p>{line}</p>" for line in lines)}</div><div>Ad</div>'
        for lines in (PARAGRAPHS[:2], PARAGRAPHS[2:4], PARAGRAPHS[4:])
    ]
    html = f"<html><body><article><h1>Graves near a camp</h1>{''.join(parts)}</article></body></html>"
    assert extract(html.encode(), URL).text.split("\n") == list(PARAGRAPHS)


def test_a_second_article_on_the_page_is_not_put_together_with_the_first() -> None:
    """Endless scrolling appends other articles, in containers of the same class."""
    other = "The football association has moved the final of the cup to another town because of the weather."
    html = str(NewsPage()).replace(
        "</main>",
        f'<article class="story"><h1>Cup</h1><div class="story-text"><p>{other}</p></div></article></main>',
    )
    assert other not in extract(html.encode(), URL).text


def test_a_standfirst_is_text() -> None:
    """What stands in large letters under the headline says whose account is given: it comes first."""
    standfirst = "The general staff shows pictures of a burial, the transitional government speaks of spying."
    page = NewsPage(
        head=f'<meta name="description" content="{standfirst}">', above=f'<div class="dek">{standfirst}</div>'
    )
    assert extract(page.html(), URL).text.split("\n") == [standfirst, *PARAGRAPHS]


def test_a_description_that_the_page_does_not_show_is_no_text() -> None:
    """What is only in the head was written for search engines, not for readers."""
    page = NewsPage(
        head='<meta name="description" content="Everything on the graves, and on the cup final too.">'
    )
    assert extract(page.html(), URL).text.split("\n") == list(PARAGRAPHS)


@pytest.mark.parametrize(
    "title",
    [
        "Graves near a camp: who was it? | The Fictional Courier",
        "Graves near a camp: who was it? - The Fictional Courier",
        "The Fictional Courier – Graves near a camp: who was it?",
        "Graves near a camp: who was it? | Courier.example",
        "World | Graves near a camp: who was it?",
        "Graves near a camp: who was it?",
    ],
)
def test_the_headline_is_free_of_the_site_s_name(title: str) -> None:
    """What templates put around a headline is taken off, its own punctuation is not."""
    page = NewsPage(
        headline="Graves near a camp: who was it?", head=f'<meta property="og:title" content="{title}">'
    )
    assert extract(page.html(), URL).headline == "Graves near a camp: who was it?"


def test_a_headline_cut_short_is_completed() -> None:
    """JSON-LD that ends in dots gives way to the whole headline that the page shows."""
    page = NewsPage()
    cut = json.dumps({"@type": "NewsArticle", "headline": f"{page.headline[:30]}..."})
    page.head = f'<script type="application/ld+json">{cut}</script>'
    assert extract(page.html(), URL).headline == page.headline


def test_entities_in_json_ld_are_undone() -> None:
    """Some sites escape for HTML what stands in JSON."""
    page = NewsPage(headline="The army's pictures")
    written = json.dumps({"@type": "NewsArticle", "headline": "The army&#039;s pictures"})
    page.head = f'<script type="application/ld+json">{written}</script>'
    assert extract(page.html(), URL).headline == "The army's pictures"


def test_the_language_is_that_of_the_text() -> None:
    """Detection goes by the text, and by the page's own word where there is hardly any."""
    french = [
        "L'état-major affirme avoir filmé des hommes en train d'ensevelir des corps près de la base.",
        "Le gouvernement de transition rejette ces accusations et annonce l'ouverture d'une enquête.",
    ]
    assert extract(NewsPage("Des corps près d'une base", french, "en").html(), URL).language == "fr"
    short = "<html lang='ar-ML'><body><p>خبر عاجل</p></body></html>"
    assert extract(short.encode(), URL).language == "ar"
    assert extract(b"<html><body><p>x</p></body></html>", URL).language == "und"


def test_a_mislabelled_page_is_read() -> None:
    """A Russian page in windows-1251 that the server calls ISO-8859-1."""
    text = ["Генеральный штаб заявил, что беспилотник снял захоронение тел недалеко от базы в Госси."] * 3
    html = str(NewsPage("Захоронение у базы", text, "ru")).replace('<meta charset="utf-8">', "")
    found = extract(html.encode("windows-1251"), URL, "ISO-8859-1")
    assert (found.headline, found.language) == ("Захоронение у базы", "ru")
    assert text[0] in found.text


@pytest.mark.parametrize(
    "html",
    [b"", b"   \n", b"{}", b"%PDF-1.7 binary", b"\x89PNG\r\n\x1a\n", b"plain words without any markup"],
)
def test_what_is_no_page_is_a_failed_extraction(html: bytes) -> None:
    """Empty and foreign bodies are told apart from articles, with a reason."""
    found = extract(html, URL)
    assert (found.observability, found.text, found.words) == ("extraction_failed", "", 0)
    assert found.detail


def test_a_page_without_an_article_is_a_failed_extraction() -> None:
    """A page of links holds nothing that could be judged."""
    links = "".join(f'<li><a href="/{number}">Section {number}</a></li>' for number in range(40))
    found = extract(f"<html><body><ul>{links}</ul></body></html>".encode(), URL)
    assert found.observability == "extraction_failed"


def test_nul_bytes_and_broken_markup_leave_the_text() -> None:
    """Unclosed elements, stray brackets and NULs do not lose the article."""
    html = str(NewsPage()).replace("</p>", "\x00").replace("</div>", "< <<").replace("</article>", "")
    found = extract(html.encode(), URL)
    assert all(paragraph in found.text for paragraph in PARAGRAPHS)


@pytest.mark.parametrize(
    "html",
    [
        "<div>" * 100_000,
        "<html><body>" + "<p>" * 50_000 + "x",
        "<html><head>"
        + '<script type="application/ld+json">'
        + "[" * 100_000
        + "</script></head><body><p>x</p>",
        "<html><body>" + "<a href='x'>" * 5_000 + "y",
        "<html><head><meta charset='" + "x" * 10_000 + "'></head><body></body>",
        "<html " + "a='b' " * 50_000 + "><body><p>x</p></body></html>",
        "<html><body><h1>" + "x" * 500_000 + "</h1></body></html>",
    ],
    ids=["divs", "paragraphs", "json", "links", "charset", "attributes", "heading"],
)
def test_monstrous_pages_come_to_an_end(html: str) -> None:
    """Depth and length beyond all reason give a result."""
    assert extract(html.encode(), URL).url == URL


_MARKUP = """\
<html>
<body>
<p>
</p>
<h1>
<title>
<article>
<svg>
<table><tr>
<time datetime='
<script type='application/ld+json'>
</script>
{"@type":"NewsArticle","headline":
"datePublished":"2022
]}
<meta property='og:title' content='
<link rel='canonical' href='http://[
'>
<!--
-->
<![CDATA[
<?xml version='1.0' encoding='utf-16'?>
&#0;
&#xD800;
غوسي
Госси
word"""

_PIECES = st.sampled_from([*_MARKUP.split("\n"), "\x00", "\u202e", "\ud7ff", "\U0010ffff", " "])


@settings(max_examples=150, deadline=None)
@given(
    st.one_of(
        st.binary(max_size=400), st.lists(_PIECES, max_size=30).map(lambda parts: "".join(parts).encode())
    )
)
@example(b"<html><body><p>\xff\xfe</p>")
@example(b"\xff\xfe<\x00h\x00")
def test_no_bytes_make_it_fail(html: bytes) -> None:
    """Whatever a server sends, a result comes out and is consistent in itself."""
    found = extract(html, URL)
    assert (found.published is None) == (found.published_precision == "unknown")
    assert found.words == len(found.text.split())
    if not found.text:
        assert found.observability != "full"


@given(st.text(max_size=60))
@settings(max_examples=50, deadline=None)
def test_no_address_makes_it_fail(url: str) -> None:
    """An address that is none does not stop extraction."""
    assert extract(NewsPage().html(), url).words > 0
