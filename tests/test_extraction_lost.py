"""All paragraphs of an article are read, whatever they are made of, and nothing beside them."""

import pytest

from gossi.crawler.extraction.extract import extract
from tests.news_pages import PARAGRAPHS, NewsPage

URL = "https://courier.example/world/graves"
CLAIM = "The army of the one side says that the other side dug the grave near the camp before it went away."


def lines(page: str) -> list[str]:
    """The lines of a page's text."""
    return extract(page.encode(), URL).text.split("\n")


def among(markup: str, at: int = 3) -> str:
    """A page with a piece of markup before one of its paragraphs, counted from 0."""
    if at == len(PARAGRAPHS):
        return str(NewsPage()).replace(f"<p>{PARAGRAPHS[-1]}</p>", f"<p>{PARAGRAPHS[-1]}</p>{markup}")
    return str(NewsPage()).replace(f"<p>{PARAGRAPHS[at]}</p>", f"{markup}<p>{PARAGRAPHS[at]}</p>")


def with_claim(at: int = 3) -> list[str]:
    """The paragraphs with the claim at its place."""
    return [*PARAGRAPHS[:at], CLAIM, *PARAGRAPHS[at:]]


@pytest.mark.parametrize("at", [0, 3, len(PARAGRAPHS)])
@pytest.mark.parametrize(
    "markup",
    [
        "<div>{}</div>", "<center>{}</center>", "{}<br>", "<div><span>{}</span></div>",
        "<section><div>{}</div></section>",
        "<figure class='quote'><blockquote>{}</blockquote><figcaption>A man</figcaption></figure>",
        "<blockquote><p>{}</p></blockquote>", "<div class='quote-box'>{}</div>",
        "<aside class='pull-quote'>{}</aside>",
        "<details><div>{}</div></details>", "<b>{}</b>",
        "<div class='accordion'><div class='accordion-panel' style='display:none'><p>{}</p></div></div>",
    ],
)  # fmt: skip
def test_a_paragraph_that_is_no_p_is_read_in_its_place(markup: str, at: int) -> None:
    """First, last and in the midst."""
    assert lines(among(markup.format(CLAIM), at)) == with_claim(at)


@pytest.mark.parametrize("at", [0, 3])
def test_what_unfolds_stands_behind_its_summary(at: int) -> None:
    """As a reader meets both."""
    said = "What the army says"
    unfolded = lines(among(f"<details><summary>{said}</summary><div>{CLAIM}</div></details>", at))
    assert unfolded == [*PARAGRAPHS[:at], said, CLAIM, *PARAGRAPHS[at:]]


@pytest.mark.parametrize(
    "markup",
    [
        "<script>var x = '{}';</script>", "<div class='advert'>{}</div>",
        "<div class='newsletter-box'>{}</div>",
        "<figure><img src='x'><figcaption>{}</figcaption></figure>", "<form><div>{}</div></form>",
        "<div><h4><a href='/b'>Another article of today's paper</a></h4>{}</div>",
        "<div class='share-bar'>{}</div>",
        "<div class='caption'>{}</div>", "<iframe>{}</iframe>",
    ],
)  # fmt: skip
def test_what_is_no_prose_of_the_article_is_not_put_back(markup: str) -> None:
    """Scripts, adverts, widgets, captions, other articles."""
    assert lines(among(markup.format(CLAIM))) == list(PARAGRAPHS)


@pytest.mark.parametrize(
    "above",
    [
        "<div class='chapo'>{}</div>", "<p class='article__teaser'>{}</p>", "<h2 class='subtitle'>{}</h2>",
        "<header><div><strong>{}</strong></div></header>", "<div><span class='x1'>{}</span></div>",
    ],
)  # fmt: skip
def test_a_standfirst_is_the_first_paragraph(above: str) -> None:
    """Of any class, where the page does not give it as its description."""
    assert lines(str(NewsPage(above=above.format(CLAIM)))) == [CLAIM, *PARAGRAPHS]


def test_a_sub_heading_is_read_where_text_follows() -> None:
    """It may carry an accusation; one over nothing is that of something else."""
    heading = "An accusation by the army"
    assert lines(among(f"<h3>{heading}</h3>")) == [*PARAGRAPHS[:3], heading, *PARAGRAPHS[3:]]


@pytest.mark.parametrize("end", ["</body>", "</html>", "</body></html>", "</BODY >\n</HTML>"])
def test_what_stands_behind_the_end_of_a_page_is_read(end: str) -> None:
    """As browsers show it: in the midst of the text, and before all of it."""
    assert lines(among(end)) == list(PARAGRAPHS)
    assert lines(str(NewsPage()).replace("<main>", f"{end}<main>")) == list(PARAGRAPHS)


@pytest.mark.parametrize("levels", [260, 1500])
@pytest.mark.parametrize("tag", ["div", "span", "b"])
def test_deep_nesting_hides_nothing(levels: int, tag: str) -> None:
    """Of elements that a template forgets to close."""
    assert lines(among(f"<{tag} class='ad'>" * levels)) == list(PARAGRAPHS)


@pytest.mark.parametrize("box", ["div", "div class='text'"])
def test_short_boxes_do_not_outvote_paragraphs(box: str) -> None:
    """More of them than paragraphs stand in the article; main containers need no class."""
    teasers = "".join(f"<div class='t'><p>Short line number {n} of a box.</p></div>" for n in range(12))
    halves = f"<{box}>" + "".join(f"<p>{each}</p>" for each in PARAGRAPHS[:3]) + f"<div>{CLAIM}</div></div>"
    page = str(NewsPage(paragraphs=[])).replace('<div class="story-text"></div>', halves + teasers)
    assert [line for line in lines(page) if len(line) > 60] == [*PARAGRAPHS[:3], CLAIM]


@pytest.mark.parametrize(
    "name", ["sidebar-grid", "sidebar-1", "article__teaser", "related", "widget", "latest"]
)
def test_a_class_on_the_article_itself_puts_nothing_beside_it(name: str) -> None:
    """Text and date are read; what is beside is told by where it stands."""
    time = '<time datetime="2022-04-24T10:00:00+00:00">24 April 2022</time>'
    page = str(NewsPage(above=time)).replace('class="story"', f'class="{name}"')
    found = extract(page.encode(), URL)
    assert (found.text.split("\n"), str(found.published)) == (list(PARAGRAPHS), "2022-04-24 10:00:00")
