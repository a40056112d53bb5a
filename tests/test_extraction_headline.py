"""The headline: whole, without the site's name, and never the site's name itself."""

import pytest

from gossi.crawler.extraction.extract import extract
from tests.news_pages import NewsPage

URL = "https://www.courier.example/world/graves"
HEADLINE = "Two governments disagree about graves near a camp"


def headline(page: NewsPage | str, url: str = URL) -> str:
    """The headline found in a page."""
    return extract(str(page).encode(), url).headline


def bare(title: str = "", heading: str = "", og: str = "", linked: str = "") -> str:
    """A page that names its headline in these places only."""
    return (
        f'<html><head><title>{title}</title><meta property="og:site_name" content="The Fictional Courier">'
        + (f'<meta property="og:title" content="{og}">' if og else "")
        + (
            f'<script type="application/ld+json">{{"@type":"NewsArticle","headline":"{linked}"}}</script>'
            if linked
            else ""
        )
        + f"</head><body>{f'<h1>{heading}</h1>' if heading else ''}<p>Text of the page.</p></body></html>"
    )


@pytest.mark.parametrize("place", ["title", "heading", "og", "linked"])
def test_one_place_is_enough(place: str) -> None:
    """JSON-LD, Open Graph, the h1 or the title alone."""
    assert headline(bare(**{place: HEADLINE})) == HEADLINE


@pytest.mark.parametrize(
    "title",
    [
        f"{HEADLINE} | The Fictional Courier",
        f"{HEADLINE} - The Fictional Courier",
        f"{HEADLINE} — courier.example",
        f"The Fictional Courier: {HEADLINE}".replace(":", " :"),
        f"{HEADLINE} » The Fictional Courier | Courier",
    ],
)
def test_the_sites_name_is_left_out(title: str) -> None:
    """Before or after, behind any of the usual separators, once or twice."""
    assert headline(bare(title=title)) == HEADLINE
    assert headline(bare(og=title, title=title)) == HEADLINE


def test_separators_within_a_headline_stay() -> None:
    """A dash is no sign of a site's name by itself."""
    dashed = "Mali – a grave is found | what is known"
    assert headline(bare(heading=dashed, title=f"{dashed} | The Fictional Courier")) == dashed


def test_a_logo_in_an_h1_is_no_headline() -> None:
    """Some templates make the site's name an h1, on every page."""
    assert (
        headline(bare(heading="The Fictional Courier", title=f"{HEADLINE} | The Fictional Courier"))
        == HEADLINE
    )
    assert headline(bare(heading="Kurier 24", title=HEADLINE)) == HEADLINE


def test_a_headline_cut_short_is_completed() -> None:
    """Programs cut titles for search engines; the h1 has the whole of it."""
    assert headline(bare(og=f"{HEADLINE[:30]}…", heading=HEADLINE)) == HEADLINE
    assert headline(bare(linked=f"{HEADLINE[:30]}...", heading=HEADLINE)) == HEADLINE
    long = " ".join(["graves"] * 20)
    assert headline(bare(linked=long[:110], heading=long)) == long


def test_a_label_before_the_shown_headline_is_left_out() -> None:
    """The h1 decides what is headline and what the section's name."""
    assert headline(bare(og=f"World - {HEADLINE}", heading=HEADLINE)) == HEADLINE
    assert headline(bare(og=f"{HEADLINE} | Live", heading=HEADLINE)) == HEADLINE


def test_a_teasers_h1_does_not_stand_for_the_article() -> None:
    """An h1 in a sidebar before the article is another article's."""
    page = str(NewsPage(headline=HEADLINE)).replace(
        '<main><article class="story">',
        '<aside><h1>Another headline altogether</h1></aside><main><article class="story">',
    )
    assert headline(page) == HEADLINE


def test_without_any_there_is_none() -> None:
    """The site's name alone is no headline."""
    assert headline(bare(title="The Fictional Courier")) == ""
    assert headline(bare(title="courier.example")) == ""
    assert headline("<html><body><p>Text of the page.</p></body></html>") == ""


def test_markup_and_entities_in_a_headline_are_undone() -> None:
    """As a reader sees it."""
    assert (
        headline(bare(heading="Graves &amp; <em>camps</em>\n in the north of it"))
        == "Graves & camps in the north of it"
    )
    assert headline(bare(og="Graves &amp;quot;in the north&amp;quot; of it")) == 'Graves "in the north" of it'
