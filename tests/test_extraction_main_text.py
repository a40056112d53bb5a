"""How trafilatura is asked: without what it drops anyway, and in the mode that a page is best read in."""

import pytest
from lxml import etree

from crawler.extraction.main_text import main_text
from crawler.extraction.page import parse
from tests.news_pages import PARAGRAPHS, NewsPage

# Some 1,900 characters: long enough that the quick mode is trusted.
LONG = [f"{paragraph} This is told in chapter {number}." for number in range(3) for paragraph in PARAGRAPHS]

NAV_IN_TEXT = "<nav><ul><li><a href='/more'>More on the war in the north of the country</a></li></ul></nav>"
PICTURE_IN_TEXT = "<div class='frame'><img src='/road.jpg'></div>"


@pytest.mark.parametrize("put_in", [NAV_IN_TEXT, PICTURE_IN_TEXT, f"<aside>{NAV_IN_TEXT}</aside>"])
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
    tree = parse(str(NewsPage(paragraphs=paragraphs)).replace("</body>", f"{nested}</body>"))
    assert tree is not None
    before = etree.tostring(tree)
    assert main_text(tree).split("\n")[-len(paragraphs) :] == list(paragraphs)
    assert etree.tostring(tree) == before
