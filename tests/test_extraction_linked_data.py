"""What a page says of itself in JSON-LD and meta elements, broken and hostile scripts too."""

import json
import time

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from gossi.crawler.extraction.linked_data import PageData, clean, read_page_data
from gossi.crawler.extraction.parsed import parse


def read(head: str, html: str = "<html>") -> PageData:
    """The data of a page with this head."""
    tree = parse(f"<!doctype html>{html}<head>{head}</head><body><p>x</p></body></html>")
    assert tree is not None
    return read_page_data(tree)


def script(text: str) -> str:
    """A JSON-LD script."""
    return f'<script type="application/ld+json">{text}</script>'


ARTICLE = '{"@type": "NewsArticle", "headline": "A grave is found", "datePublished": "2022-04-22"}'


@pytest.mark.parametrize(
    "text",
    [
        ARTICLE,
        f"[{ARTICLE}]",
        f'{{"@context": "https://schema.org", "@graph": [{{"@type": "WebSite"}}, {ARTICLE}]}}',
        f'{{"@type": "WebPage", "mainEntity": {ARTICLE}}}',
        f"<!-- {ARTICLE} -->",
        f"//<![CDATA[\n{ARTICLE}\n//]]>",
        f"{ARTICLE};",
        ARTICLE.replace("}", ",}"),
        ARTICLE.replace('"NewsArticle"', '["Article", "ReportageNewsArticle"]'),
        ARTICLE.replace("A grave", "A\tgrave"),
    ],
)
def test_the_article_is_found_however_it_is_wrapped(text: str) -> None:
    """Lists, graphs, nesting, comments, trailing commas and raw control characters."""
    data = read(script(text))
    assert data.linked("headline") == "A grave is found"
    assert data.linked("datePublished") == "2022-04-22"


def test_what_does_not_parse_is_salvaged() -> None:
    """A quotation mark that was not escaped costs the values behind it, not all of them."""
    broken = ARTICLE.replace('"}', '", "description": "the "grave" near the camp"}')
    with pytest.raises(ValueError, match="delimiter"):
        json.loads(broken)
    data = read(script(broken))
    assert data.linked("headline") == "A grave is found"
    assert data.linked("datePublished") == "2022-04-22"


def test_broken_data_of_something_else_is_no_article() -> None:
    """A video's headline is not salvaged as the page's."""
    data = read(script('{"@type": "VideoObject", "headline": "A film" "of it"}'))
    assert data.linked("headline") is None


def test_other_articles_are_not_this_one() -> None:
    """Lists of links, comments and mentions describe other pages."""
    other = '{"@type": "NewsArticle", "headline": "Another", "datePublished": "2019-01-01"}'
    for name in (
        "itemListElement", "mentions", "hasPart", "comment", "citation", "about", "itemReviewed", "isBasedOn",
        "liveBlogUpdate",
    ):  # fmt: skip
        data = read(script(f'{{"@type": "WebPage", "{name}": [{other}]}}') + script(ARTICLE))
        assert data.linked("headline") == "A grave is found"
        assert read(script(f'{{"@type": "WebPage", "{name}": [{other}]}}')).article == {}


def test_of_several_articles_the_fullest_first_one_counts() -> None:
    """Pages announce a bare article, and then the same one in full."""
    data = read(script('{"@type": "Article", "url": "/a"}') + script(ARTICLE))
    assert data.linked("headline") == "A grave is found"
    second = ARTICLE.replace("A grave", "A second grave")
    assert read(script(ARTICLE) + script(second)).linked("headline") == "A grave is found"


OTHER = {"@type": "NewsArticle", "headline": "The cup final", "datePublished": "2019-05-05T10:00:00Z"}


@pytest.mark.parametrize(
    ("about", "is_own"),
    [
        ({"url": "https://courier.example/sport/final"}, False),
        ({"mainEntityOfPage": {"@id": "/sport/final"}}, False),
        ({"url": "https://courier.example/sport/final", "headline": "Graves near a camp"}, True),
        ({"url": "https://courier.example/world/graves?id=7"}, True),
        ({"url": "https://courier.example/", "@id": "7"}, True),
        ({}, True),
    ],
)
def test_a_lone_article_at_another_address_by_another_headline_is_none(
    about: dict[str, object], is_own: bool
) -> None:
    """It is a teaser's, and would date this one; an edited headline at the page's own address is its own."""
    script = json.dumps(OTHER | about)
    tree = parse(f'<h1>Graves near a camp</h1><script type="application/ld+json">{script}</script>')
    assert tree is not None
    found = read_page_data(tree, "https://courier.example/world/graves?id=7").linked("datePublished")
    assert found == ("2019-05-05T10:00:00Z" if is_own else None)


def test_a_live_blog_is_not_one_of_its_updates() -> None:
    """Its own headline and date stand, which have less text than an update's."""
    update = '{"@type": "BlogPosting", "headline": "Two", "datePublished": "2022-04-23", "articleBody": "x"}'
    blog = ARTICLE.replace("NewsArticle", "LiveBlogPosting").replace("}", f', "liveBlogUpdate": [{update}]}}')
    data = read(script(blog))
    assert (data.linked("headline"), data.linked("datePublished")) == ("A grave is found", "2022-04-22")


def article(**properties: object) -> str:
    """A script with an article."""
    return script(json.dumps({"@type": "NewsArticle", "datePublished": "2022-04-22"} | properties))


URL = "https://courier.example/world/graves?id=7"


@pytest.mark.parametrize(
    ("related", "own"),
    [
        # By the headline that the page shows, whatever else is said of the other.
        ({"headline": "Another", "articleBody": "x"}, {"headline": "A grave, is found!"}),
        ({"headline": "Another"}, {"headline": "A grave is found", "url": "https://cdn.example/moved"}),
        # By the address.
        ({"headline": "Another"}, {"headline": "Graves", "url": URL}),
        (
            {"headline": "Another"},
            {"headline": "Graves", "@id": "http://www.courier.example/world/graves/?id=7#a"},
        ),
        ({"headline": "Another"}, {"headline": "Graves", "mainEntityOfPage": {"@id": "/world/graves?id=7"}}),
        (
            {"headline": "Another"},
            {"headline": "Graves", "mainEntityOfPage": "https://courier.example/canonical"},
        ),
        ({"headline": "Another", "url": "/b"}, {"headline": "Graves"}),
        ({"headline": "Another", "mainEntityOfPage": {"url": "/world/graves?id=8"}}, {"headline": "Graves"}),
    ],
)
def test_the_article_of_the_page_is_told_from_a_related_one(
    related: dict[str, object], own: dict[str, object]
) -> None:
    """In either order, by the page's headline and address."""
    canonical = '<link rel="canonical" href="/canonical">'
    for scripts in ((related, own), (own, related)):
        head = canonical + "".join(article(**each) for each in scripts)
        tree = parse(f"<html><head>{head}</head><body><main><h1>A grave is found</h1></main></body></html>")
        assert tree is not None
        assert read_page_data(tree, URL).linked("headline") == own["headline"]


@pytest.mark.parametrize(
    ("written", "meant"),
    [
        ("false", False),
        ("true", True),
        ('"False"', False),
        ('"https://schema.org/True"', True),
        ('["false"]', False),
        ('"perhaps"', None),
        ("3", None),
        ("null", None),
    ],
)
def test_flags_are_read_in_all_their_spellings(written: str, meant: bool | None) -> None:
    """Yes and no are written as values, words and URLs."""
    data = read(script(f'{{"@type": "Article", "isAccessibleForFree": {written}}}'))
    assert data.linked_flag("isAccessibleForFree") is meant


def test_meta_elements_are_collected_in_order() -> None:
    """By property, name and itemprop, names in any case, entities undone, empty ones left out."""
    data = read(
        '<meta property="OG:Title" content="One &amp;amp; all"><meta name="og:title" content="Two">'
        '<meta itemprop="datePublished" content="2022-04-22"><meta name="og:title" content=" ">'
        '<meta name="author"><meta content="nameless">'
    )
    assert list(data.metas("og:title")) == ["One & all", "Two"]
    assert list(data.metas("absent", "datepublished")) == ["2022-04-22"]


def test_the_canonical_address_is_the_first_link_or_the_open_graph_url() -> None:
    """A link element comes before a meta element; one without an address does not count."""
    link = '<link rel="canonical"><link rel="CANONICAL nofollow" href=" https://c.example/a ">'
    other = '<link rel="canonical" href="https://c.example/b"><meta property="og:url" content="https://c.example/c">'
    assert read(link + other).canonical == "https://c.example/a"
    assert read('<meta property="og:url" content="https://c.example/c">').canonical == "https://c.example/c"
    assert read("").canonical is None


def test_the_language_is_that_of_the_page_or_its_locale() -> None:
    """Two letters, whatever follows them."""
    assert read("", '<html lang="FR-fr">').language == "fr"
    assert read('<meta property="og:locale" content="ar_AR">').language == "ar"
    assert read("").language is None


def test_site_names_come_from_meta_elements_and_publishers() -> None:
    """All of them, since headlines may end in any."""
    publisher = ARTICLE.replace("{", '{"publisher": {"@type": "Organization", "name": "The Courier"}, ', 1)
    data = read(
        '<meta property="og:site_name" content="Courier">'
        + script(publisher)
        + script('{"@type": "WebSite", "name": "Courier Online"}')
    )
    assert data.site_names == ["Courier", "The Courier", "Courier Online"]


@pytest.mark.parametrize(
    ("written", "read_as"),
    [
        ("a &amp;quot;grave&amp;quot;", 'a "grave"'),
        ("one<br/>two <b>three</b>", "one two three"),
        (" a\n  b\t", "a b"),
        ("1 < 2", "1 < 2"),
    ],
)
def test_values_are_read_as_a_person_would(written: str, read_as: str) -> None:
    """Entities written twice, tags, line ends."""
    assert clean(written) == read_as


@pytest.mark.parametrize(
    "text",
    [
        "[" * 100_000,
        '{"a":' * 50_000,
        '{"@type": "NewsArticle", "headline": "' + "\\" * 200_000,
        '{"@type": "NewsArticle", ' + '"headline" : "x' * 20_000,
        '"@type" : [ "' * 50_000,
        '{"@type":' + " " * 100_000,
    ],
)
def test_hostile_scripts_cost_little_time(text: str) -> None:
    """Deep nesting and endless strings end in under two seconds, with no article or an empty one."""
    begin = time.process_time()
    data = read(script(text))
    assert time.process_time() - begin < 2
    assert len(data.linked("headline") or "") <= 500


@settings(max_examples=200, deadline=None)
@given(
    st.recursive(
        st.none() | st.booleans() | st.floats() | st.text(max_size=8),
        lambda inner: (
            st.lists(inner, max_size=3)
            | st.dictionaries(
                st.sampled_from(["@type", "@graph", "headline", "publisher", "name", "datePublished", "x"]),
                inner | st.just("NewsArticle"),
                max_size=4,
            )
        ),
        max_leaves=12,
    )
)
def test_json_of_any_shape_is_survived(value: object) -> None:
    """Values of the wrong kind in any place give text or nothing."""
    data = read(script(json.dumps(value).replace("</", "<\\/")))
    for name in ("headline", "datePublished", "publisher"):
        assert isinstance(data.linked(name), str | None)
    assert isinstance(data.linked_flag("headline"), bool | None)
    assert all(isinstance(name, str) for name in data.site_names)
