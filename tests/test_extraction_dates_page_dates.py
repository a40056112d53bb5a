"""What on a page dates its article: nothing that belongs to another article, a reader or the site.

Also tests crawler/extraction/dates/head_dates.py.
"""

from datetime import datetime

import pytest

from gossi.crawler.extraction.extract import extract
from tests.dated_pages import URL, json_ld, meta, published
from tests.news_pages import NewsPage


def test_footer_comments_teasers_and_updates_date_nothing() -> None:
    """A copyright year, a comment's time, a teaser's and an update's leave the date unknown."""
    unknown = (None, "unknown", "none")
    assert published(NewsPage()) == unknown
    assert (
        published(NewsPage(below='<aside class="teaser"><time datetime="2020-05-05">x</time></aside>'))
        == unknown
    )
    assert (
        published(NewsPage(above='<p>Updated on <time datetime="2022-05-05T10:00:00Z">5 May</time></p>'))
        == unknown
    )
    assert (
        published(NewsPage(above='<article><time datetime="2020-05-05">another article</time></article>'))
        == unknown
    )


LONG = "<p>The general staff said in a statement on Friday that its aircraft had filmed it near the base.</p>"
TIME = '<time datetime="2022-06-01T10:00:00Z">1 June</time>'


@pytest.mark.parametrize(
    "behind",
    [
        f'<div class="avis"><b>Moussa</b> {TIME}<p>Well said</p></div>',
        '<ol class="commentlist"><li><span class="date">1 June 2022</span><p>Well said</p></li></ol>',
        f'<div class="lire-aussi"><a href="/b">Another</a> {TIME}</div>',
        f'<div class="more-stories"><h2>Another</h2>{TIME}</div>',
    ],
)
def test_what_stands_behind_the_text_does_not_date_it(behind: str) -> None:
    """Comments and teasers have dates, by whatever name."""
    body = (
        f"<html><body><article><h1>Two governments disagree</h1>{LONG}{LONG}{behind}</article></body></html>"
    )
    found = extract(body.encode(), URL)
    assert (found.published, found.published_source) == (None, "none")


@pytest.mark.parametrize(
    ("around", "dated"),
    [
        ("<p>On {} the French army left the base of Gossi in Mali and the camp.</p>", False),
        ("<p>It left on <b>{}</b>, and the other army found the graves two days later.</p>", False),
        ("<div>The army left the base on {} and its helicopters a day later.</div>", False),
        ("<p>By our correspondent in Bamako, published on {} at 10.00 GMT</p>", True),
        ("<div>{}<p>The army left the base, and the other army found the graves later.</p></div>", True),
    ],
)
def test_a_date_in_a_sentence_is_that_of_what_it_tells(around: str, dated: bool) -> None:
    """A `time` element in a byline dates the article, one in its text does not."""
    found = extract(NewsPage(above=around.format(TIME)).html(), URL)
    assert (found.published is not None) == dated


@pytest.mark.parametrize(
    "page",
    [
        "<div id=page><div class='header'>{}</div><main><article><h1>Graves</h1>{}</article></main></div>",
        "<div id=page><header>{}</header><div id=content><h1>Graves</h1>{}</div></div>",
        "<div id=page><div class='site-header'>{}</div><div><h1>Graves</h1>{}</div></div>",
        "<div>{}<article><div><h1>Graves</h1>{}</div></article></div>",
    ],
)
def test_the_date_at_the_head_of_the_site_is_today(page: str) -> None:
    """It is above the headline, but in no near container with it."""
    body = page.format('<span class="date">Saturday 3 June 2023</span>', LONG * 3)
    assert extract(f"<html><body>{body}</body></html>".encode(), URL).published is None


@pytest.mark.parametrize("title", ["Two governments disagree - Courier", "Courier"])
def test_today_beside_the_site_s_name_dates_nothing(title: str) -> None:
    """Where that is the only h1, the article's head begins at the smaller heading that the title repeats."""
    page = (
        f"<html><head><title>{title}</title></head><body><div><h1><a href='/'>Courier</a></h1>"
        "<span class='date'>Saturday 3 June 2023</span></div><div><h2>Two governments disagree</h2>"
        f"<span class='date'>22 April 2022</span>{LONG * 3}</div></body></html>"
    )
    expected = datetime(2022, 4, 22) if title != "Courier" else None
    assert extract(page.encode(), URL).published == expected


def test_a_date_above_the_headline_in_the_article_s_head_counts() -> None:
    """The article has a head of its own, which holds both."""
    page = '<article><header><span class="date">22 April 2022</span><h1>Graves</h1></header>{}</article>'
    found = extract(f"<html><body>{page.format(LONG * 3)}</body></html>".encode(), URL)
    assert (found.published, found.published_source) == (datetime(2022, 4, 22), "time")


@pytest.mark.parametrize(
    ("line", "day"),
    [
        ("Mis à jour le 24 avril 2022, publié le 22 avril 2022", 22),
        ("Publié le 22 avril 2022 à 18h03, mis à jour le 24 avril 2022", 22),
        ("22 April 2022, updated 24 April 2022", 22),
        ("22.04.2022 · Stand: 24.04.2022", 22),
        ("Stand: 24.04.2022", None),
        ("Mise à jour : 24 avril 2022", None),
        ("Actualizado el 24 de abril de 2022", None),
        ("Actualisé le 24 avril 2022", None),
        ("MàJ : 24/04/2022", None),
        ("Corrigé le 24 avril 2022, mis en ligne le 22 avril 2022", 22),
        ("Aggiornato il 24 aprile 2022, pubblicato il 22 aprile 2022", 22),
        ("Geändert am 24.04.2022", None),
        ("Editado em 24/04/2022", None),
        ("Изменено 24.04.2022", None),
        ("آخر تعديل: 24 أبريل 2022", None),
        ("Güncelleme: 24.04.2022, Yayınlanma: 22.04.2022", 22),
        ("Bijgewerkt: 24.04.2022", None),
        ("Oppdatert 24.04.2022 10:00", None),
        ("Frissítve: 2022.04.24", None),
        ("Обновена 24.04.2022", None),
        ("Diperbarui 24/04/2022", None),
        ("最終更新 2022/04/24", None),
        ("Edited by A. Writer, 22 April 2022", 22),
    ],
)
def test_a_line_may_tell_of_a_change_too(line: str, day: int | None) -> None:
    """The date behind a word for changing is not that of publication, the one behind a word for that is."""
    found = extract(NewsPage(above=f'<span class="date">{line}</span>').html(), URL)
    assert found.published == (datetime(2022, 4, day) if day else None)


@pytest.mark.parametrize(
    ("classes", "dated"), [("entry-date published updated", True), ("entry-date updated", False)]
)
def test_a_date_of_publication_and_of_a_change_in_one_counts(classes: str, dated: bool) -> None:
    """WordPress marks up the time of an article that was never changed as both."""
    time = f'<time class="{classes}" datetime="2022-04-22T18:03:20Z">22 April</time>'
    expected = (datetime(2022, 4, 22, 18, 3, 20), "second", "time") if dated else (None, "unknown", "none")
    assert published(NewsPage(above=time)) == expected


@pytest.mark.parametrize(
    "element", ['<meta itemprop="datePublished" content="{}">', '<i itemprop="datePublished">{}</i>']
)
def test_microdata_of_another_item_does_not_date_the_article(element: str) -> None:
    """The article is the item that holds the headline; teasers, comments and films have their own dates."""
    item = (
        '<div class="box" itemscope itemtype="https://schema.org/{}">'
        + element.format("2022-01-01")
        + "</div>"
    )
    others = "".join(map(item.format, ("NewsArticle", "Comment", "VideoObject")))
    head = json_ld(datePublished="2022-04-22T10:00:00Z")
    told = (datetime(2022, 4, 22, 10), "second", "json-ld")
    assert published(NewsPage(head=head, above=others)) == told
    own = f'<div itemscope itemtype="https://schema.org/NewsArticle">{element.format("2022-04-20")}<h1>Graves</h1>'
    page = f"<html><head>{head}</head><body>{others}{own}{others}{LONG * 3}</div></body></html>"
    assert extract(page.encode(), URL).published == datetime(2022, 4, 20)


def test_an_item_beside_the_headline_dates_the_article_where_nothing_else_does() -> None:
    """Else it refines the day that is known, at most."""
    item = (
        '<div itemscope itemtype="https://schema.org/NewsArticle">'
        '<meta itemprop="datePublished" content="2022-04-22T18:03:20Z"></div>'
    )
    instant = (datetime(2022, 4, 22, 18, 3, 20), "second", "meta")
    assert published(NewsPage(above=item)) == instant
    assert published(NewsPage(head=json_ld(datePublished="2022-04-22"), above=item)) == instant
    assert published(NewsPage(head=json_ld(datePublished="2022-04-23"), above=item)) == (
        datetime(2022, 4, 23), "day", "json-ld",
    )  # fmt: skip


def test_the_page_s_date_in_json_ld_stands_in_for_the_article_s() -> None:
    """Only where nothing better is there."""
    page = '<script type="application/ld+json">{"@type": "WebPage", "datePublished": "2022-04-21"}</script>'
    assert published(NewsPage(head=page)) == (datetime(2022, 4, 21), "day", "json-ld")
    both = page + meta("article:published_time", "2022-04-22T18:03:20Z")
    assert published(NewsPage(head=both)) == (datetime(2022, 4, 22, 18, 3, 20), "second", "meta")


def test_a_json_ld_list_of_other_articles_does_not_date_the_page() -> None:
    """Dates in a list of items belong to the items."""
    head = (
        '<script type="application/ld+json">{"@type": "ItemList", "itemListElement":'
        ' [{"@type": "NewsArticle", "datePublished": "2020-01-01T10:00:00Z"}]}</script>'
    )
    assert published(NewsPage(head=head)) == (None, "unknown", "none")


@pytest.mark.parametrize(
    ("told", "shown", "dated"),
    [
        ("2024-11-05T09:00:00Z", "22 April 2022", (datetime(2022, 4, 22), "day", "time")),
        ("2022-04-22T03:00:00Z", "21 April 2022", (datetime(2022, 4, 22, 3), "second", "meta")),
        ("2022-04-22T03:00:00Z", "30 April 2022", (datetime(2022, 4, 22, 3), "second", "meta")),
        ("2022-04-22T03:00:00Z", "1 January 1970", (datetime(2022, 4, 22, 3), "second", "meta")),
    ],
)
def test_the_time_at_which_a_page_was_made_up_loses_to_an_earlier_day_that_it_shows(
    told: str, shown: str, dated: tuple[datetime, str, str]
) -> None:
    """What is only called "date" may be that; zones apart, the earliest honest date wins."""
    page = NewsPage(head=meta("date", told), above=f'<span class="date">{shown}</span>')
    assert published(page) == dated


@pytest.mark.parametrize("name", ["dc:date dc:created", "schema:dateCreated", "schema:datePublished"])
def test_a_date_in_rdfa_in_the_head_of_the_article_dates_it(name: str) -> None:
    """As Drupal has it, whose line for readers may have day and month in any order; a comment's does not."""
    line = f'<div><span property="{name}" content="2022-05-04T18:03:20+02:00">{{}}</span></div>'
    page = NewsPage(above=line.format("Submitted by A. Writer on Wed, 05/04/2022 - 18:03"))
    assert published(page) == (datetime(2022, 5, 4, 16, 3, 20), "second", "time")
    assert published(NewsPage(above=line.format(""))) == (datetime(2022, 5, 4, 16, 3, 20), "second", "time")
    comment = f'<div class="comment">{line.format("")}</div>'
    assert published(NewsPage(below=comment)) == (None, "unknown", "none")


TIMED = (datetime(2022, 4, 22, 18, 3), "second")
DAY = (datetime(2022, 4, 22), "day")


@pytest.mark.parametrize(
    "name",
    [
        "published_at", "publishedAtDate", "published_time", "article:published:time", "article.published_at",
        "prism.publicationDate", "datePublished", "DC.date.issued", "rnews:datePublished", "first-published",
        "og:publish_date", "publication-time", "vr:published_time", "shareaholic:article_published_time",
    ],
)  # fmt: skip
def test_metas_of_any_spelling_date_the_page(name: str) -> None:
    """Sites part the words of a name by colons, dots, dashes, capitals or not at all."""
    assert published(NewsPage(head=meta(name, "2022-04-22T18:03:00Z"))) == (*TIMED, "meta")


@pytest.mark.parametrize(
    "script",
    [
        "{&quot;@type&quot;:&quot;NewsArticle&quot;,&quot;datePublished&quot;:&quot;2022-04-22T18:03:00Z&quot;}",
        '{"@type":"NewsArticle","datePublished":{"@type":"DateTime","@value":"2022-04-22T18:03:00Z"}}',
        '{"@type":"NewsArticle","datePublished":["2022-04-22T18:03:00Z"]}',
        '{"@type":"NewsArticle","datePublished":1650650580000}',
        '{"@type":"NewsArticle","datePublished":"2022-04-22T18&#58;03&#58;00Z"}',
    ],
)
def test_linked_data_may_be_escaped_or_typed(script: str) -> None:
    """Templates escape a whole script, give a value its type, or a number in a date's place."""
    head = f'<script type="application/ld+json">{script}</script>'
    assert published(NewsPage(head=head)) == (*TIMED, "json-ld")


@pytest.mark.parametrize(
    "above",
    [
        '<p class="byline">By A Writer<br>Published April 22, 2022 at 2:49 PM</p>',
        '<div class="entry-meta">Publié le 22 avril 2022 par La Rédaction</div>',
        '<span class="publishDate">22 April 2022</span>',
        '<span class="tarih">22.04.2022</span>',
        "<p>22. 4. 2022</p>",
        "Friday 22 April 2022<br>",
        '<div class="x1"><i></i> Gossi, 22 avril 2022</div>',
        '<footer class="node__meta">By <b>editor</b> on <span>Fri, 04/22/2022 - 18:03</span></footer>',
        "<p>Updated 24 April 2022 | Published 22 April 2022</p>",
    ],
)
def test_a_short_line_behind_the_heading_dates_the_article(above: str) -> None:
    """Whatever its element and its class are called."""
    assert published(NewsPage(above=above)) == (*DAY, "time")


def test_microformats_give_the_instant_in_a_title() -> None:
    """As hAtom has it, in an abbr."""
    above = '<abbr class="published" title="2022-04-22T18:03:00Z">last Friday</abbr>'
    assert published(NewsPage(above=above)) == (*TIMED, "time")


@pytest.mark.parametrize(
    "above",
    [
        "<p>The fighting near the town began on 22 April 2022 in the morning.</p>",
        "<figure><figcaption>Soldiers, 22 April 2022</figcaption></figure>",
        '<div class="caption">The base on 22 April 2022</div>',
        "<h2>What happened on 22 April 2022</h2>",
        "<p>Last update: 22 April 2022</p>",
        '<div class="related"><a href="/b">Another</a> 22 April 2022</div>',
    ],
)
def test_not_every_date_behind_the_heading_is_the_article_s(above: str) -> None:
    """Sentences, captions, sub-headings, changes and teasers have dates of their own."""
    assert published(NewsPage(above=above)) == (None, "unknown", "none")


@pytest.mark.parametrize(
    ("below", "date"),
    [
        ("<p>This entry was posted on Friday, April 22nd, 2022 at 6:03 pm and is filed under News.</p>", DAY),
        ("<footer>Posted on <a href='/x'>22 April 2022</a> by editor</footer>", DAY),
        ("<p>Posted on 22 April 2022</p><p>Posted on 23 April 2022</p>", (None, "unknown")),
        ("<div class='comments'><p>Posted on 22 April 2022</p></div>", (None, "unknown")),
    ],
)
def test_below_the_text_one_date_must_be_called_so(below: str, date: tuple[datetime | None, str]) -> None:
    """Blogs tell there when they posted something; two such dates are of two things."""
    assert published(NewsPage(below=below))[:2] == date
