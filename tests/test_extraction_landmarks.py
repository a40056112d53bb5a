"""What stands beside an article in a page, and which heading is the article's."""

import pytest
from lxml.html import HtmlElement

from gossi.crawler.extraction.landmarks import beside_article, main_heading
from gossi.crawler.extraction.parsed import parse


def tree(body: str) -> HtmlElement:
    """A page with this body."""
    parsed = parse(f"<html><body>{body}</body></html>")
    assert parsed is not None
    return parsed


def marked(body: str) -> HtmlElement:
    """The element with the id "here"."""
    return next(element for element in tree(body).iter("*") if element.get("data-here") is not None)


@pytest.mark.parametrize(
    "around",
    [
        "<aside>{}</aside>",
        "<nav>{}</nav>",
        "<footer>{}</footer>",
        '<div role="complementary">{}</div>',
        '<div role="navigation"><div>{}</div></div>',
        '<div class="comments">{}</div>',
        '<div id="comment-12">{}</div>',
        '<div class="c-related c-box">{}</div>',
        '<div class="article__sidebar"><div><div>{}</div></div></div>',
        '<div class="most-read">{}</div>',
        '<section class="newsletter">{}</section>',
        "<article><p>one</p><article>{}</article></article>",
    ],
)
def test_what_is_beside_the_article_is_told(around: str) -> None:
    """Elements, roles, class and id tokens, and articles within articles, at any depth."""
    assert beside_article(marked(around.format("<p data-here>text</p>")))


@pytest.mark.parametrize(
    "around",
    [
        "<article>{}</article>",
        "<main><div>{}</div></main>",
        '<div class="commentary">{}</div>',
        '<div class="story-text">{}</div>',
        '<div class="unrelated-word">{}</div>',
        '<div class="latestnews-body">{}</div>',
        "<div>{}</div><aside>x</aside>",
    ],
)
def test_what_is_in_the_article_is_not(around: str) -> None:
    """A token counts as a whole: a commentary is no comment."""
    assert not beside_article(marked(around.format("<p data-here>text</p>")))


def test_classes_of_the_whole_page_say_nothing() -> None:
    """A body with "sidebar" among its classes has a sidebar and is none."""
    parsed = parse('<html class="footer"><body class="has sidebar"><p data-here>x</p></body></html>')
    assert parsed is not None
    assert not any(beside_article(paragraph) for paragraph in parsed.iter("p"))


def test_the_first_h1_of_the_main_part_heads_the_article() -> None:
    """Those in navigation, teasers and without text are passed over."""
    page = tree(
        "<nav><h1>Menu</h1></nav><h1> </h1><div class='teaser'><h1>Teaser</h1></div><main><h1>Head</h1>"
        "<h1>Second</h1></main>"
    )
    heading = main_heading(page)
    assert heading is not None
    assert heading.text == "Head"


@pytest.mark.parametrize(
    "logo",
    [
        '<h1><a href="/">Courier</a></h1>',
        '<a href="https://courier.example"><h1>Courier</h1></a>',
        '<h1 id="logo"><span><a href="./index.php">Courier</a></span></h1>',
    ],
)
def test_the_site_s_name_heads_no_article(logo: str) -> None:
    """It leads to the front page; a headline may lead to its own page, or to a place in it."""
    for link in ("/head", "#text", "/?p=1"):
        heading = main_heading(tree(f'<div>{logo}</div><div><h1><a href="{link}">Head</a></h1></div>'))
        assert heading is not None
        assert heading.text_content() == "Head"


def test_where_all_are_beside_it_the_first_one_heads_it() -> None:
    """A page may wrap its article in a class that is a sidebar's elsewhere."""
    heading = main_heading(tree("<div class='widget'><h1>Head</h1></div><aside><h1>Other</h1></aside>"))
    assert heading is not None
    assert heading.text == "Head"
    assert main_heading(tree("<p>x</p>")) is None
