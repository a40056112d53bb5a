"""The text that a page gives to search engines is taken where it shows only a piece of it, and not else."""

import json

import pytest

from gossi.crawler.extraction.extract import extract
from gossi.crawler.extraction.linked_body import fuller
from tests.news_pages import PARAGRAPHS, NewsPage

URL = "https://courier.example/world/graves"

# Some 600 words, of which the page shows the first two sentences.
LONG = [f"{paragraph} This is told in chapter {number}." for number in range(5) for paragraph in PARAGRAPHS]


def linked(**about: object) -> str:
    """JSON-LD of the article."""
    return f'<script type="application/ld+json">{json.dumps({"@type": "NewsArticle", **about})}</script>'


@pytest.mark.parametrize(
    "body",
    [
        "\n".join(LONG),
        "".join(f"<p>{line}</p>" for line in LONG),
        "".join(f"&lt;p class=&quot;text&quot;&gt;{line}&lt;/p&gt;" for line in LONG),
        "<br/>".join(LONG),
        "".join(LONG),
        LONG,
    ],
    ids=["lines", "markup", "entities", "breaks", "glued", "list"],
)
def test_a_body_that_holds_more_than_the_page_shows_is_the_text(body: object) -> None:
    """However its paragraphs are parted, all sentences are there, and the article is whole."""
    found = extract(NewsPage(paragraphs=LONG[:2], head=linked(articleBody=body)).html(), URL)
    sentences = [f"{sentence}." for line in LONG for sentence in line.rstrip(".").split(". ")]
    assert [sentence for sentence in sentences if sentence not in found.text] == []
    assert "<" not in found.text
    assert (found.observability, found.words) == ("full", sum(len(line.split()) for line in LONG))


@pytest.mark.parametrize(
    "body",
    [
        None,
        7,
        "",
        LONG[0],
        " ".join(LONG[:2]),
        "Another article was put into this page by mistake, as its template has it. " * 40,
    ],
    ids=["none", "number", "empty", "shorter", "the same", "of another"],
)
def test_any_other_body_leaves_the_text_as_the_page_shows_it(body: object) -> None:
    """A teaser for search engines, or the body of another article, is not this one's text."""
    text = "\n".join(LONG[:2])
    assert fuller(text, body) == text


def test_an_offer_extracted_with_a_teaser_does_not_keep_the_body_out() -> None:
    """Most of what the page shows must be in the body, not all of it."""
    assert fuller("\n".join([*LONG[:2], "Subscribe."]), "\n".join(LONG)) == "\n".join(LONG)


def test_signs_of_less_and_more_in_a_body_are_no_markup() -> None:
    """Only what looks like an element is cut."""
    body = ["Fewer than 3 < 5 graves > 2 were found.", *LONG]
    assert fuller(LONG[0], body).split("\n")[0] == body[0]


def test_a_body_full_of_broken_markup_is_read_at_once() -> None:
    """In time linear in its length: by its square this would take minutes."""
    for piece in ("<p", "<script>", "&amp;", "</", "a.A"):
        assert fuller("Some text.", piece * (400_000 // len(piece))) == "Some text."


def test_a_body_that_says_it_twice_or_in_one_line_keeps_paragraphs() -> None:
    """Each once, and those that the page shows as they stand there."""
    shown = "\n".join(PARAGRAPHS[:3])
    assert fuller(shown, " ".join(PARAGRAPHS[:3] * 2)) == shown
    for told in ([*PARAGRAPHS] * 2, "\n".join(PARAGRAPHS * 2)):
        assert fuller(shown, told).split("\n") == list(PARAGRAPHS)
    for told in (" ".join(PARAGRAPHS), " ".join(PARAGRAPHS * 2)):
        assert fuller(shown, told).split("\n") == [*PARAGRAPHS[:3], " ".join(PARAGRAPHS[3:])]
