"""Canonical URLs: the many addresses of one article get one name.

Also tests crawler/web/canonical.py.
"""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from gossi.crawler.web.canonical import canonical_url, same_outlet

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
        "https://courier.example/world/2022/graves-near-camp?replytocom=12#respond",
        "https://courier.example/world/2022/graves-near-camp?__twitter_impression=true&guccounter=1",
        "https://courier.example/world/2022/graves-near-camp?amp_js_v=0.1&usqp=mq331AQ&amp_gsa=1",
        "https://courier.example/world/2022/graves-near-camp?print=print",
        "https://courier.example/world/2022/graves-near-camp/index.html",
        "https://courier.example/amp/world/2022/graves-near-camp/print/index.html",
        "https://courier.example/world/2022/graves-near-camp;jsessionid=1A2B",
        "https://courier.example/world/2022/graves-near-camp?PHPSESSID=1a2b",
        "https://courier.example/world/2022/graves-near-camp?utm_source=x&amp;utm_medium=y",
        "https://courier-example.cdn.ampproject.org/c/s/courier.example/world/2022/graves-near-camp",
        "https://www.google.com/amp/s/courier.example/world/2022/graves-near-camp",
    ],
)
def test_twins_of_an_article_have_one_name(url: str) -> None:
    """Tracking, AMP, mobile, print, scheme, port, fragment and slash make no other article."""
    assert canonical_url(url) == ARTICLE


@pytest.mark.parametrize("twin", ["graves-amp.html", "graves.amp.html", "graves.html?amp"])
def test_a_file_of_an_amp_page_is_that_of_the_article(twin: str) -> None:
    """AMP may stand in the name of a file, before its ending."""
    assert canonical_url(f"https://courier.example/{twin}") == "https://courier.example/graves.html"


@pytest.mark.parametrize(
    "url",
    [
        "https://courier.example/?p=1234",
        "https://courier.example/article.asp?cid=1",
        "https://courier.example/print.php?print=12",
        "https://courier.example/news?ref=12",
        "https://courier.example/news?amp=13",
        "https://courier.example/spip.php?sid=4",
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


@pytest.mark.parametrize(
    ("url", "declared"),
    [
        ("/article.php?id=1", "/article.php"),
        ("/article.php?id=1&lang=fr", "/article.php?lang=fr"),
        ("/fiche?titre=charnier-de-gossi", "/fiche"),
        ("/?p=12", "/"),
        ("/x/1", "/afrique/"),
        ("/x/1", "/?lang=fr"),
        ("/x/1", "/home"),
        ("/x/1", "/fr/"),
        ("/x/1", "/en-gb/"),
        ("/x/1", "/404"),
        ("/x/1", "/error.html"),
        ("/news/1", "/news?lang=fr"),
        ("/world/غوسي", "/أخبار"),
    ],
)
def test_a_canonical_that_many_articles_may_share_is_not_believed(url: str, declared: str) -> None:
    """One that drops the article's number, a section, a front page, an error page."""
    own = canonical_url(f"https://courier.example{url}")
    assert canonical_url(f"https://courier.example{url}", f"https://courier.example{declared}") == own


@pytest.mark.parametrize(
    ("url", "declared"),
    [
        ("/world/graves-near-camp?tok=99", "/world/graves-near-camp"),
        ("/graves?from=front", "/graves"),
        ("/article.php?id=12&cat=3", "/article.php?id=12"),
        ("/m/graves", "/graves"),
        ("/2022/graves", "/?p=12"),
        ("/x/1", "/2022/graves-near-camp"),
        ("/x/1", "/article.php?id=12"),
    ],
)
def test_a_canonical_that_names_an_article_is_believed(url: str, declared: str) -> None:
    """Also where it drops what says nothing of the article."""
    named = f"https://courier.example{declared}"
    assert canonical_url(f"https://courier.example{url}", named) == canonical_url(named) == named


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


@given(
    st.lists(st.sampled_from(["amp", "print", "index.html", "a-amp.html", "x;jsessionid=1", ";"])),
    st.lists(st.sampled_from(["amp;amp;", "amp;id=1", "amp", "cid=1", "cid=x", "=", "&", ";"])),
)
def test_a_name_is_its_own_name(path: list[str], query: list[str]) -> None:
    """However often the parts that are left out stand in an address, none is left after the first time."""
    name = canonical_url(f"https://c.example/{'/'.join(path)}?{'&'.join(query)}")
    assert canonical_url(name) == name
