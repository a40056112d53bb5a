"""Canonical URLs: the many addresses of one article get one name."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from crawler.identity import canonical_url, same_outlet

ARTICLE = "https://courier.example/world/2022/graves-near-camp"


@pytest.mark.parametrize(
    "url",
    [
        "https://courier.example/world/2022/graves-near-camp",
        "http://courier.example/world/2022/graves-near-camp",
        "https://www.courier.example/world/2022/graves-near-camp/",
        "https://m.courier.example/world/2022/graves-near-camp",
        "https://amp.courier.example/world/2022/graves-near-camp",
        "https://courier.example:443/world/2022/graves-near-camp#comments",
        "HTTPS://Courier.Example/world/2022/graves-near-camp",
        "https://courier.example/world/2022/graves-near-camp?utm_source=x&utm_medium=y&fbclid=z",
        "https://courier.example/world/2022/graves-near-camp?amp=1",
        "https://courier.example/world/2022/graves-near-camp?amp",
        "https://courier.example/world/2022/graves-near-camp?outputType=amp",
        "https://courier.example/world/2022/graves-near-camp/amp/",
        "https://courier.example/amp/world/2022/graves-near-camp",
        "https://courier.example/world/2022/graves-near-camp/print",
        "https://courier.example/world/2022/graves-near-camp?print=true",
        "https://courier.example/world/2022/graves-near-camp?xtor=RSS-3208&ref=rss",
        "https://courier.example/world/2022/graves-near-camp/index.html",
        "https://courier-example.cdn.ampproject.org/c/s/courier.example/world/2022/graves-near-camp",
        "https://www.google.com/amp/s/courier.example/world/2022/graves-near-camp",
    ],
)
def test_twins_of_an_article_have_one_name(url: str) -> None:
    """Tracking, AMP, mobile, print, scheme, port, fragment and slash make no other article."""
    assert canonical_url(url) == ARTICLE


@pytest.mark.parametrize(
    "url",
    [
        "https://courier.example/?p=1234",
        "https://courier.example/article.php?id=12&lang=fr",
        "https://courier.example/world/2022/graves-near-camp-2",
        "https://news.courier.example/world/2022/graves-near-camp",
        "https://courier.example/printing/press",
        "https://m.co/a",
    ],
)
def test_what_tells_articles_apart_stays(url: str) -> None:
    """Parameters, paths and hosts that name something are kept."""
    assert canonical_url(url) == url


def test_parameters_in_another_order_are_the_same() -> None:
    """The order of a query's parameters means nothing."""
    assert canonical_url("https://c.example/a?x=1&y=2") == canonical_url("https://c.example/a?y=2&x=1")


def test_a_path_is_the_same_written_out_or_in_percent_signs() -> None:
    """Arabic and Cyrillic paths come both ways."""
    assert canonical_url("https://c.example/غوسي") == canonical_url(
        "https://c.example/%D8%BA%D9%88%D8%B3%D9%8A"
    )


def test_a_port_is_part_of_the_host_and_keeps_the_scheme() -> None:
    """Two servers on one host are two, and behind a port of its own http is not https."""
    assert canonical_url("http://127.0.0.1:8811/a/") == "http://127.0.0.1:8811/a"
    assert canonical_url("http://127.0.0.1:8811/a") != canonical_url("http://127.0.0.1:8812/a")


def test_a_declared_canonical_of_the_same_outlet_is_believed() -> None:
    """The same article under two sections has the name that its page gives."""
    declared = "https://www.courier.example/africa/graves"
    for section in ("politics", "world"):
        assert canonical_url(f"https://courier.example/{section}/graves", declared) == (
            "https://courier.example/africa/graves"
        )
    assert canonical_url("https://courier.example/x/graves", "/africa/graves") == (
        "https://courier.example/africa/graves"
    )


@pytest.mark.parametrize(
    "declared",
    [
        "https://courier.example/",
        "https://agency.example/world/graves",
        "https://courier.example/world",
        "javascript:void(0)",
        "http://[broken",
        "",
    ],
)
def test_a_canonical_that_cannot_be_this_article_is_not_believed(declared: str) -> None:
    """The home page, a section, another outlet's original and nonsense do not name an article."""
    assert canonical_url("https://courier.example/world/graves", declared) == (
        "https://courier.example/world/graves"
    )


def test_a_file_takes_the_address_that_its_page_declares() -> None:
    """A page read from disk is known by the address it gives, else by its own."""
    assert canonical_url("file:///tmp/a.html", "https://www.courier.example/a") == "https://courier.example/a"
    assert canonical_url("file:///tmp/a.html") == "file:///tmp/a.html"


def test_twins_of_a_host_are_one_outlet() -> None:
    """Mobile hosts and www are the outlet, other hosts are not."""
    assert same_outlet("https://www.courier.example/a", "http://m.courier.example/b")
    assert not same_outlet("https://courier.example/a", "https://gazette.example/a")


@given(st.text(max_size=80), st.one_of(st.none(), st.text(max_size=40)))
def test_no_address_makes_it_fail(url: str, declared: str | None) -> None:
    """Whatever a link holds, a name comes out, and naming it again changes nothing."""
    name = canonical_url(f"https://c.example/{url}", declared)
    assert canonical_url(name) == name
    canonical_url(url, declared)
