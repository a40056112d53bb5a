"""Readers' letters, other articles and hidden text are not what the outlet reports."""

import pytest

from gossi.crawler.extraction.extract import extract
from tests.news_pages import PARAGRAPHS, NewsPage

URL = "https://courier.example/world/graves"
CLAIM = "The army of the one side says that the other side dug the grave near the camp before it went away."


def lines(page: NewsPage | str) -> list[str]:
    """The lines of a page's text."""
    return extract(str(page).encode(), URL).text.split("\n")


@pytest.mark.parametrize(
    "box",
    [
        'div class="leserkommentare"', 'div class="reacties"', 'div class="vos-reactions"',
        'div class="td-comments"',
        'div class="wpd-thread-list"', 'details class="CommentBox"', 'section id="commentaires"',
        'div class="comentarios"',
        'div class="article-commenti"', 'div class="komentarze-lista"', 'div id="hozzaszolasok"',
        'div class="yorumlar"',
        'ul class="commentlist"', 'div class="komentari"', 'div class="diskuze"', 'div class="kommentarer"',
        'div class="comentarii"', 'div class="kommentit"', 'div id="disqus_thread"', 'div class="maoni-list"',
    ],
)  # fmt: skip
def test_readers_letters_are_told_by_class_or_id(box: str) -> None:
    """In fifteen languages and more, within the article."""
    letter = (
        f"<{box}><h3>2</h3><div class='x'><b>Reader One</b><p>{CLAIM}</p></div></{box.partition(' ')[0]}>"
    )
    assert lines(NewsPage(below=letter)) == list(PARAGRAPHS)


@pytest.mark.parametrize(
    "heading",
    [
        "Comments (2)", "2 comments", "Commentaires (2)", "Kommentare", "Comentarios",
        "Comentários (2)", "Commenti", "Reacties",
        "Комментарии (2)", "Коментарі", "Komentarze", "Komentáře", "Hozzászólások", "Yorumlar (2)",
        "التعليقات", "نظرات", "תגובות",
        "टिप्पणियाँ", "评论", "コメント", "Komentar", "Maoni", "Σχόλια", "Kommentarer",
    ],
)  # fmt: skip
@pytest.mark.parametrize("wrapped", ["<h3>{}</h3>", "<div class='t'><h4>{}</h4></div>"])
def test_readers_letters_are_told_by_their_heading(heading: str, wrapped: str) -> None:
    """All that follows it where it stands is theirs."""
    letters = f"{wrapped.format(heading)}<div><b>Reader One</b><p>{CLAIM}</p></div><p>{CLAIM} So it is.</p>"
    assert lines(NewsPage(below=f"<div class='x'>{letters}</div>")) == list(PARAGRAPHS)


@pytest.mark.parametrize(
    "heading",
    ["More from the Courier", "Related articles", "À lire aussi", "Mehr zum Thema",
    "Te puede interesar", "Читайте также",
     "اقرأ أيضا", "Leggi anche", "Lees ook", "İlgili Haberler", "関連記事", "Trending now"],
)  # fmt: skip
@pytest.mark.parametrize(
    "teaser",
    [
        "<div class='c'><h4><a href='/b'>Another article</a></h4><p>{}</p></div>",
        "<h4><a href='/b'>B</a></h4><p>{}</p>",
    ],
)
def test_leads_of_other_articles_are_left_out(heading: str, teaser: str) -> None:
    """Four of them below the text, or one box in the midst of it: the text goes on behind."""
    below = f"<h3>{heading}</h3>" + "".join(teaser.format(f"{CLAIM} Part {n}.") for n in range(4))
    assert lines(NewsPage(below=below)) == list(PARAGRAPHS)
    middle = f"<h3>{heading}</h3><p><a href='/b'>Another article</a></p><p>{PARAGRAPHS[3]}</p>"
    page = str(NewsPage()).replace(f"<p>{PARAGRAPHS[3]}</p>", middle)
    assert lines(page) == list(PARAGRAPHS)


@pytest.mark.parametrize(
    "box",
    ["<div class='news-ticker'><p>{}</p></div>", "<marquee>{}</marquee>",
    "<div class='trending'><p>{}</p></div>",
     "<section class='most-read'><p>{}</p></section>", "<div class='more-from'><p>{}</p></div>"],
)  # fmt: skip
def test_tickers_and_trending_boxes_are_left_out(box: str) -> None:
    """Above and below the text."""
    assert lines(NewsPage(above=box.format(CLAIM), below=box.format(CLAIM))) == list(PARAGRAPHS)


@pytest.mark.parametrize(
    "markup",
    ["<p hidden>{}</p>", "<p style='display: none'>{}</p>",
    "<div style='color:red;visibility:hidden'><p>{}</p></div>",
     "<template><p>{}</p></template>", "<p><del>{}</del></p>", "<p><s>{}</s></p>",
     "<div hidden><div><p>{}</p></div></div>"],
)  # fmt: skip
def test_what_a_page_hides_or_strikes_out_is_not_read(markup: str) -> None:
    """In the midst of the text and behind it."""
    hidden = markup.format(CLAIM)
    page = str(NewsPage(below=hidden)).replace(f"<p>{PARAGRAPHS[3]}</p>", f"{hidden}<p>{PARAGRAPHS[3]}</p>")
    assert lines(page) == list(PARAGRAPHS)


def test_an_article_that_scripts_unhide_is_read() -> None:
    """All of it, or all but its beginning."""
    whole = str(NewsPage()).replace('class="story-text"', 'class="story-text" style="display:none"')
    assert lines(whole) == list(PARAGRAPHS)
    rest = "".join(f"<p>{each}</p>" for each in PARAGRAPHS[1:])
    assert lines(NewsPage(paragraphs=PARAGRAPHS[:1], below=f"<div class='rest' hidden>{rest}</div>")) == list(
        PARAGRAPHS
    )


def test_an_article_on_comments_is_read() -> None:
    """What holds the headline, or all there is, is nobody else's."""
    page = str(NewsPage())
    for name in ("commentary", "related", "cookie-news"):
        assert lines(page.replace('class="story"', f'class="{name}"')) == list(PARAGRAPHS)
        assert lines(page.replace('class="story-text"', f'class="{name}-x"')) == list(PARAGRAPHS)
