"""How trafilatura is asked: without what it drops anyway, and in the mode that a page is best read in."""

import pytest
from lxml import etree

from gossi.crawler.extraction.main_text import main_text
from gossi.crawler.extraction.parsed import parse
from tests.news_pages import PARAGRAPHS, NewsPage

# Some 1,900 characters: long enough that the quick mode is trusted.
LONG = [f"{paragraph} This is told in chapter {number}." for number in range(3) for paragraph in PARAGRAPHS]

NAV_IN_TEXT = "<nav><ul><li><a href='/more'>More on the war in the north of the country</a></li></ul></nav>"
PICTURE_IN_TEXT = "<div class='frame'><img src='/road.jpg'></div>"


MENU = "".join(
    f"<li><a href='/{name}'>All about {name}</a></li>" for name in ("mali", "chad", "niger", "togo", "benin")
)
SOURCES = "".join(
    f"<li><a href='/{name}'>{name}</a>: it told the commission on Monday what it had seen there.</li>"
    for name in ("The army", "The mission", "The ministry", "The union", "The court")
)


def test_a_list_of_links_alone_is_no_text() -> None:
    """One of sentences that have links in them is."""
    page = str(NewsPage(paragraphs=["HERE", *LONG]))
    tree = parse(page.replace("<p>HERE</p>", f"<ul>{MENU}</ul><ul>{SOURCES}</ul>"))
    assert tree is not None
    text = main_text(tree)
    assert "All about mali" not in text
    assert text.count("it told the commission on Monday what it had seen there.") == 5
    assert [paragraph for paragraph in LONG if paragraph not in text] == []


@pytest.mark.parametrize(
    "put_in", [NAV_IN_TEXT, PICTURE_IN_TEXT, f"<aside>{NAV_IN_TEXT}</aside>", f"<ul>{MENU}</ul>"]
)
def test_text_behind_navigation_and_pictures_is_kept(put_in: str) -> None:
    """What stands in the middle of a quotation goes, its sentences stay, and all behind it."""
    first, second, *others = LONG
    page = str(NewsPage(paragraphs=["HERE", *others])).replace(
        "<p>HERE</p>", f"<blockquote>{first} {put_in} {second}</blockquote>"
    )
    tree = parse(page)
    assert tree is not None
    headline, *found = main_text(tree).split("\n")
    assert headline == NewsPage().headline
    assert " ".join(" ".join(found[: -len(others)]).split()) == f"{first} {second}"
    assert found[-len(others) :] == others


@pytest.mark.parametrize("paragraphs", [PARAGRAPHS[:1], LONG])
def test_the_page_stays_as_it_was(paragraphs: list[str]) -> None:
    """What is taken out of it for trafilatura is put back: walls and dates are sought in it later."""
    nested = f"<aside>{NAV_IN_TEXT}{PICTURE_IN_TEXT} behind both</aside> behind all<ul class='forum'></ul>"
    nested += f"<ul><li>{MENU}<ul>{MENU}</ul> behind the inner one</li></ul> behind the outer one"
    tree = parse(str(NewsPage(paragraphs=paragraphs)).replace("</body>", f"{nested}</body>"))
    assert tree is not None
    before = etree.tostring(tree)
    assert main_text(tree).split("\n")[-len(paragraphs) :] == list(paragraphs)
    assert etree.tostring(tree) == before
