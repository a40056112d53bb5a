"""The article's text on designs that trafilatura alone reads too much or too little of."""

import pytest

from gossi.crawler.extraction.extract import extract
from tests.news_pages import PARAGRAPHS, NewsPage

URL = "https://www.courier.example/world/graves"

# Some 1,900 characters: long enough that the quick mode is trusted.
LONG = [f"{paragraph} This is told in chapter {number}." for number in range(3) for paragraph in PARAGRAPHS]


def lines(html: str) -> list[str]:
    """The text found in a page, line by line."""
    return extract(html.encode(), URL).text.split("\n")


@pytest.mark.parametrize("paragraphs", [PARAGRAPHS[:1], PARAGRAPHS[:2], PARAGRAPHS, LONG, LONG * 6])
def test_articles_of_any_length_are_read_whole(paragraphs: list[str]) -> None:
    """A news flash, a report and a feature: each in another of the ways that the text is asked for."""
    assert lines(str(NewsPage(paragraphs=paragraphs))) == list(paragraphs)


@pytest.mark.parametrize("separator", ["<br>", "<br/><br/>", "</div><div>"])
def test_text_outside_of_paragraphs_is_read(separator: str) -> None:
    """Old systems part their text with line breaks or bare containers: no sentence may be lost."""
    page = str(NewsPage(paragraphs=["HERE"])).replace("<p>HERE</p>", f"<div>{separator.join(LONG)}</div>")
    text = " ".join(lines(page))
    assert [sentence for sentence in LONG if sentence not in text] == []
    assert "Football" not in text
    assert "A reader writes" not in text


def test_a_comment_of_many_paragraphs_is_no_text() -> None:
    """Readers may write more than the newsroom did."""
    comment = "<p>A reader goes on about the other war that nobody asked about at all.</p>" * 40
    page = str(NewsPage(paragraphs=LONG)).replace(
        '<section id="comments" class="comments">', f'<section id="comments" class="comments">{comment}'
    )
    assert lines(page) == LONG


def test_paragraphs_left_out_are_put_back_in_their_place() -> None:
    """A body in several containers of one class is one text, in the order of the page."""
    parts = "".join(
        f'<div class="story-part"><p>{paragraph}</p></div><div class="ad">Ad</div>' for paragraph in LONG
    )
    page = str(NewsPage(paragraphs=["HERE"])).replace("<p>HERE</p>", parts)
    found = lines(page)
    assert [line for line in found if line in LONG] == LONG


@pytest.mark.parametrize(
    "sent_elsewhere",
    [
        "<p>Read also: <a href='/x'>Gossi mass grave: France shows pictures</a></p>",
        "<p><strong>À lire aussi :</strong> <a href='/x'>Charnier de Gossi, ce que l'on sait</a></p>",
        "<p>Читайте также: <a href='/x'>Братская могила в Госси</a></p>",
        "<p>اقرأ أيضا: <a href='/x'>مقبرة جماعية قرب غوسي</a></p>",
        "<p>(Re)lire : <a href='/x'>Charnier de Gossi, ce que l'on sait</a></p>",
        "<p>Baca juga: <a href='/x'>Kuburan massal di Gossi</a></p>",
        "<p>ये भी पढ़ें: <a href='/x'>गोस्सी में सामूहिक कब्र</a></p>",
        "<p>相关阅读：<a href='/x'>马里戈西发现万人坑</a></p>",
        "<p>→ Lea también | <a href='/x'>La fosa común de Gossi</a> · <a href='/y'>El otro informe</a></p>",
    ],
)
def test_where_the_reader_is_sent_elsewhere_is_no_text(sent_elsewhere: str) -> None:
    """What another article is called would be taken for a claim of this one."""
    page = str(NewsPage(paragraphs=[*LONG[:3], "HERE", *LONG[3:]]))
    assert lines(page.replace("<p>HERE</p>", sent_elsewhere)) == LONG


def test_a_sentence_that_begins_as_such_a_line_is_text() -> None:
    """It goes on beside its link."""
    sentence = "Related to this is the report that the ministry wrote in May about graves near the old camp."
    linked = sentence.replace("the report", "<a href='/x'>the report</a>")
    page = str(NewsPage(paragraphs=[*LONG[:3], "HERE", *LONG[3:]])).replace("HERE", linked)
    assert lines(page) == [*LONG[:3], sentence, *LONG[3:]]


def test_the_headline_is_not_repeated_as_text() -> None:
    """A claim in a headline must not count in the lead as well."""
    headline = NewsPage().headline
    page = str(NewsPage(paragraphs=[headline, *LONG]))
    assert lines(page) == LONG


def test_list_marks_are_no_text() -> None:
    """Points of a list are given as sentences, without their dots."""
    points = "".join(f"<li>{paragraph}</li>" for paragraph in PARAGRAPHS[:3])
    page = str(NewsPage(paragraphs=[*LONG[6:], "HERE"])).replace("<p>HERE</p>", f"<ul>{points}</ul>")
    found = lines(page)
    assert [line for line in found if line in PARAGRAPHS] == list(PARAGRAPHS[:3])


def test_a_front_page_is_no_article() -> None:
    """A list of links has no text of its own, however long it is."""
    links = "".join(f'<li><a href="/{n}">{paragraph}</a></li>' for n, paragraph in enumerate(LONG * 2))
    page = f"<html><head><title>Courier</title></head><body><main><ul>{links}</ul></main></body></html>"
    found = extract(page.encode(), "https://www.courier.example/")
    assert (found.text, found.observability) == ("", "extraction_failed")


def test_a_linked_name_alone_in_its_paragraph_stays() -> None:
    """Up to two words are a name or a place; more are the headline of another article."""
    name = '<p><a href="/tag/gossi">Gossi, Mali</a></p>'
    teaser = '<p><a href="/other">Another report that is linked here</a></p>'
    page = str(NewsPage(paragraphs=["HERE", *LONG])).replace("<p>HERE</p>", teaser + name)
    assert "Another report that is linked here" not in lines(page)


def test_tables_of_text_are_read() -> None:
    """Layout by table is old and still there."""
    cells = "".join(f"<tr><td><p>{paragraph}</p></td></tr>" for paragraph in LONG)
    page = str(NewsPage(paragraphs=["HERE"])).replace("<p>HERE</p>", f"<table>{cells}</table>")
    text = " ".join(lines(page))
    assert [paragraph for paragraph in LONG if paragraph not in text] == []


def test_what_stands_above_the_headline_is_no_text() -> None:
    """A section's name and a date between text and headline are the page's, not the article's."""
    page = str(
        NewsPage(paragraphs=["World &gt; Africa", "22 April 2022", NewsPage().headline, "* * *", *LONG])
    )
    assert lines(page.replace("&amp;gt;", "&gt;")) == LONG
    short = ["A camp was closed.", *LONG]
    assert lines(str(NewsPage(paragraphs=short))) == short


def test_a_page_laid_out_by_tables_keeps_its_paragraphs() -> None:
    """Menu, headline and paragraphs in cells are not made one line, in which a headline would be a lead."""
    text = "".join(f"<p>{paragraph}</p>" for paragraph in LONG)
    page = (
        "<html><head><title>Graves near a camp</title></head><body><table><tr>"
        '<td class="menu"><a href="/world">WORLD</a><br><a href="/sport">SPORT</a></td>'
        f"<td><table><tbody><tr><td><h2>Graves near a camp</h2>{text}</td></tr></tbody></table></td>"
        "</tr></table></body></html>"
    )
    found = extract(page.encode(), URL)
    assert found.headline == "Graves near a camp"
    assert found.text.split("\n") == LONG


def test_a_table_of_figures_stays_a_table() -> None:
    """Its cells are read as one line a row, in the text."""
    rows = "".join(f"<tr><td>Village {n}</td><td>{n} graves were counted</td></tr>" for n in range(2, 5))
    page = str(NewsPage(paragraphs=["HERE", *LONG])).replace("<p>HERE</p>", f"<table>{rows}</table>")
    assert any("Village 2" in line and "2 graves were counted" in line for line in lines(page))
