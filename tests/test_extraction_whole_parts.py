"""A part of an article is told from a whole one: by its length, its end, and links to the rest.

Also tests crawler/extraction/whole/scripts.py and crawler/extraction/whole/teasers.py.
"""

import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from gossi.crawler.extraction.extract import extract
from gossi.crawler.extraction.linked_data import read_page_data
from gossi.crawler.extraction.parsed import parse
from gossi.crawler.extraction.whole.walls import observe
from tests.news_pages import PARAGRAPHS, NewsPage

URL = "https://courier.example/2022/04/graves-near-a-camp"
PATH = "/2022/04/graves-near-a-camp"

# Some 600 words: longer than any teaser.
LONG = [f"{paragraph} This is told in chapter {number}." for number in range(5) for paragraph in PARAGRAPHS]

# Cut in the middle of a word.
CUT = [*PARAGRAPHS[:2], PARAGRAPHS[2][:75]]


def seen(page: NewsPage | str, url: str = URL) -> tuple[str, str]:
    """The observability of a page, and why."""
    found = extract(str(page).encode(), url)
    return found.observability, found.detail


def part(why: str) -> tuple[str, str]:
    """What is seen of a page that holds a part of its article."""
    return "extraction_failed", f"only a part of the article: {why}"


def linked(kind: str = "NewsArticle", **about: object) -> str:
    """JSON-LD of the article."""
    return f'<script type="application/ld+json">{json.dumps({"@type": kind, **about})}</script>'


FULL = ("full", "")
ON = part("the article goes on, on another page")


@pytest.mark.parametrize(
    "below",
    [
        '<div class="pagination">1 <a href="?page=2">2</a> <a href="?page=3">3</a></div>',
        f'<nav class="pager"><a href="{PATH}/2">Next</a></nav>',
        f'<div class="page-links">Pages: <a class="post-page-numbers" href="https://www.courier.example{PATH}/2/">2</a></div>',
        f'<p><a href="{PATH}/page/2">Page 2</a></p>',
    ],
)
def test_the_first_of_several_pages_is_a_part(below: str) -> None:
    """A link to the second page of the same address tells, whatever the length of the first."""
    for paragraphs in (PARAGRAPHS[:4], LONG):
        assert seen(NewsPage(paragraphs=paragraphs, below=below)) == ON


FILE = f"{URL}.html"


@pytest.mark.parametrize(
    ("url", "below", "why"),
    [
        (FILE, '<p>1 <a href="{}_2.html">2</a> <a href="{}_3.html">3</a></p>', ON),
        (FILE, '<div class="page_n"><a href="{}.html">1</a><a href="{}-2.html">[2]</a></div>', ON),
        (f"{URL}-2.html", '<a href="{}.html">1</a> 2', part("page 2 of the article")),
        (
            f"{URL}_3.shtml",
            '<a href="{}.shtml">1</a> <a href="{}_2.shtml">2</a>',
            part("page 3 of the article"),
        ),
        (FILE, '<h3><a href="{}-2.html">Graves near a camp, again</a></h3>', FULL),
        (FILE, '<a href="{}-2.html">Read more</a>', FULL),
        (f"{URL}-2.html", '<a href="{}.html">Graves near a camp</a>', FULL),
        (f"{URL}-12.html", '<a href="{}-11.html">11</a> <a href="{}-13.html">13</a>', FULL),
        (f"{URL}-2.html", "", FULL),
        (URL, '<a href="{}?start=1">2</a>', ON),
        (URL, '<a href="{}?showall=&amp;limitstart=1">Next</a>', ON),
        (f"{URL}?start=1", "", part("page 2 of the article")),
        (f"{URL}?start=0", "", FULL),
        (URL, '<a href="{}?start=10">Comments from 10 on</a>', FULL),
    ],
)
def test_pages_by_a_file_s_name_or_counted_from_zero(url: str, below: str, why: tuple[str, str]) -> None:
    """The number in a file's name is a page's where links read as numbers; it may be another article's."""
    assert seen(NewsPage(below=below.replace("{}", PATH)), url) == why


def test_a_link_in_the_head_to_the_next_page_tells() -> None:
    """Search engines are told so; a link to the next article is another matter."""
    assert seen(NewsPage(head=f'<link rel="next" href="{URL}?page=2">')) == ON
    assert seen(NewsPage(head=f'<link rel="next" href="{URL}-are-denied">')) == FULL
    assert seen(NewsPage(head='<link rel="next" href="https://courier.example/2022/04/page/2">')) == FULL


@pytest.mark.parametrize("end", ["?page=2", "/page/2", "/page/3/", "?paged=2"])
def test_a_later_page_is_a_part(end: str) -> None:
    """Its address says so."""
    assert seen(NewsPage(), URL + end) == part(f"page {end.strip('/')[-1]} of the article")


def test_a_later_page_by_a_bare_number_is_one_where_it_links_to_the_others() -> None:
    """A number alone may be the article's own."""
    pager = f'<div class="pagination"><a href="{PATH}">1</a> 2</div>'
    assert seen(NewsPage(below=pager), f"{URL}/2") == part("page 2 of the article")
    assert seen(NewsPage(), f"{URL}/2") == FULL
    others = '<a href="/article/11">Before</a> <a href="/article/13">After</a>'
    assert seen(NewsPage(below=others), "https://courier.example/article/12") == FULL


@pytest.mark.parametrize(
    "below",
    [
        '<div class="comments"><ul class="pager"><li><a href="?page=2">2</a></li></ul></div>',
        f'<nav class="comment-navigation"><a href="{PATH}/comment-page-2/#comments">Older comments</a></nav>',
        f'<p><a href="{PATH}?cpage=2">Older comments</a></p>',
        '<div class="related"><nav class="pager"><a href="?page=2">2</a></nav></div>',
        f'<p><a href="https://share.example/?u={URL}/2">Share</a> <a href="{PATH}?print=2">Print</a></p>',
        '<p><a href="/2022/04/graves-near-a-camp-2">Graves near a camp, again</a></p>',
        '<p><a href="http://[::1/2022/04/graves-near-a-camp/2">A broken address</a></p>',
    ],
    ids=["comments", "comment page", "cpage", "related", "share", "next article", "broken"],
)
def test_pages_of_other_things_are_none_of_the_article(below: str) -> None:
    """Comments and lists have pages too, and articles have numbers at their ends."""
    assert seen(NewsPage(below=below)) == FULL


def test_a_number_of_the_list_that_the_reader_came_from_is_none_of_the_article() -> None:
    """Beside the parameter that names the article it says nothing."""
    assert seen(NewsPage(), "https://courier.example/view.php?id=8576&page=2&section=1") == FULL


def test_the_first_entries_of_a_live_report_are_a_part() -> None:
    """Where a button loads more of them."""
    button = '<button class="load-more">More entries</button>'
    assert seen(NewsPage(head=linked("LiveBlogPosting"), below=button)) == part(
        "more of the live report is loaded later"
    )
    assert seen(NewsPage(head=linked("LiveBlogPosting"))) == FULL
    assert seen(NewsPage(head=linked(), below=button)) == FULL


@pytest.mark.parametrize(
    "link",
    [
        "Read more »",
        "Continue reading",
        "Lire la suite",
        "Weiterlesen",
        "Leer más",
        "Читать далее",
        "اقرأ المزيد",
        "続きを読む",
    ],
)
def test_a_text_cut_before_a_link_to_the_rest_is_a_part(link: str) -> None:
    """In its last line or behind it, with dots or without; in each language."""
    below = f'<p><a href="/full/1">{link}</a></p>'
    why = part("a link leads to the rest")
    assert seen(NewsPage(paragraphs=CUT, below=below)) == why
    assert seen(NewsPage(paragraphs=[*CUT[:2], f"{CUT[2]}…"], below=below)) == why
    assert seen(NewsPage(paragraphs=[*LONG[:15], f"{CUT[2]}…"], below=below)) == why
    page = str(NewsPage(paragraphs=CUT)).replace(CUT[2], f'{CUT[2]} <a href="/full/1">{link}</a>')
    # A single word may be the sentence's last.
    assert seen(page) == (FULL if link == "Weiterlesen" else why)


def test_a_link_to_more_of_the_same_address_leads_to_the_rest() -> None:
    """Then the text may end as a whole one does."""
    below = '<a href="{}">Read more</a>'
    assert seen(NewsPage(below=below.format("?view=full"))) == part("a link leads to the rest")
    assert seen(NewsPage(below=below.format(PATH + "/full"))) == part("a link leads to the rest")
    for target in ("#", "#more", "javascript:void(0)", PATH, "/other/story"):
        assert seen(NewsPage(paragraphs=LONG[:6], below=f"<div>{below.format(target)}</div>")) == FULL


def test_a_short_text_with_a_link_to_the_full_article_elsewhere_is_a_part() -> None:
    """Who collects the beginnings of others' articles says so."""
    below = '<p><a href="https://other.example/1">Read the full article at The Other Courier</a></p>'
    assert seen(NewsPage(paragraphs=PARAGRAPHS[:3], below=below)) == part("a link leads to the rest")
    assert seen(NewsPage(paragraphs=LONG, below=below)) == FULL


def test_an_excerpt_is_a_part() -> None:
    """What blog systems put behind one; three dots tell of a short text only: long ones may end in them."""
    assert seen(NewsPage(paragraphs=[*LONG[:10], f"{CUT[2]} [&hellip;]"])) == part(
        "it ends as an excerpt does"
    )
    assert seen(NewsPage(paragraphs=[*CUT[:2], f"{CUT[2]}..."])) == part("it breaks off")
    assert seen(NewsPage(paragraphs=[*LONG[:10], "And who was it, after all…"])) == FULL


def test_links_to_other_articles_below_a_whole_one_are_no_rest_of_it() -> None:
    """Cards with their own link to read on follow many articles."""
    other = '<h3>Another headline of the day</h3><p>Its first lines.</p><a href="/b">Read more</a>'
    card = f'<div class="card">{other}</div>'
    assert seen(NewsPage(paragraphs=PARAGRAPHS[:2], below=card)) == FULL
    unended = [*PARAGRAPHS[:2], PARAGRAPHS[2].rstrip(".")]
    assert seen(NewsPage(paragraphs=unended, below=card)) == FULL
    assert seen(NewsPage(paragraphs=unended, below="<h3>Read more</h3><a href='/b'>Another</a>")) == FULL


@pytest.mark.parametrize(
    "behind", ["", '</p><figure><img src="https://courier.example/a', "</p><script>var a = 1;"]
)
def test_a_page_that_ends_within_its_article_is_a_part(behind: str) -> None:
    """Whatever its length: no page ends in the midst of its text, of a tag or of a script."""
    for paragraphs in (CUT, [*LONG, CUT[2]]):
        page = str(NewsPage(paragraphs=paragraphs)).partition(CUT[2] + "</p>")[0]
        assert seen(page + CUT[2] + behind) == part("the page breaks off")


def test_a_page_that_ends_behind_its_article_is_none() -> None:
    """Old pages close no element, and what ends within its footer has shown the article before."""
    whole = str(NewsPage())
    assert seen(whole.partition("</p></div>")[0]) == FULL
    assert seen(whole.partition("All rights")[0]) == FULL
    assert seen(whole.replace("</body></html>", "<script>var a = 1;")) == FULL
    assert seen(whole + "\n0.12 s") == FULL
    by_hand = f"<html><body><h1>Graves</h1><p>{'<p>'.join(PARAGRAPHS)}<p>By our correspondent"
    assert seen(by_hand) == FULL
    assert seen(str(NewsPage(paragraphs=[*LONG, CUT[2]]))) == FULL


def state(**article: object) -> str:
    """What a page brings for its scripts."""
    data = {"props": {"page": [{"article": {"title": NewsPage().headline, **article}}]}}
    return f'<script type="application/json">{json.dumps(data)}</script>'


@pytest.mark.parametrize(
    ("article", "is_part"),
    [
        ({"body": "".join(f"<p>{paragraph}</p>" for paragraph in LONG)}, True),
        ({"content": {"blocks": [{"type": "text", "text": paragraph} for paragraph in LONG]}}, True),
        ({"articleBody": PARAGRAPHS[0]}, False),
        ({"title": "The cup final", "body": " ".join(LONG)}, False),
        ({"content": [{"title": f"Other {number}", "text": LONG[number]} for number in range(20)]}, False),
        ({"body": [f"css-{number}" for number in range(2000)]}, False),
        ({"comments": LONG}, False),
    ],
    ids=["markup", "blocks", "flash", "other article", "teasers", "names", "comments"],
)
def test_a_standfirst_is_a_part_where_scripts_show_the_rest(
    article: dict[str, object], is_part: bool
) -> None:
    """The page has the text as data beside its headline; a news flash has no more there than it shows."""
    page = NewsPage(paragraphs=PARAGRAPHS[:1], head=state(**article))
    assert seen(page) == (part("the rest is shown by scripts") if is_part else FULL)
    assert seen(NewsPage(paragraphs=LONG, head=state(**article))) == FULL


@pytest.mark.parametrize("data", ["{", "[" * 100_000, "null", '{"body": 1}', ""])
def test_data_of_scripts_that_makes_no_sense_says_nothing(data: str) -> None:
    """Whatever stands there."""
    script = f'<script type="application/json">{data}</script>'
    assert seen(NewsPage(paragraphs=PARAGRAPHS[:1], head=script)) == FULL


def test_a_text_of_less_than_half_the_stated_length_is_a_part() -> None:
    """Whether the page counts its words or gives a text that is none of this one."""
    assert seen(NewsPage(head=linked(wordCount=700))) == part("the page says that it has 700 words")
    for written in ("700", 700.0, "700 words", " 700 mots ", "700.0"):
        assert seen(NewsPage(head=linked(wordCount=written))) == part("the page says that it has 700 words")
    for written in ("1,700", "1.700 Wörter", "1 700"):
        assert seen(NewsPage(head=linked(wordCount=written))) == part("the page says that it has 1700 words")
    unended = [*LONG, "The spokesperson who had seen the pictures said that they had been"]
    assert seen(NewsPage(paragraphs=unended, head=linked(wordCount=2000)))[0] == "extraction_failed"
    assert seen(NewsPage(paragraphs=LONG, head=linked(wordCount=900))) == FULL


def test_a_stated_length_alone_makes_no_part_of_an_article_that_ends() -> None:
    """Sites count signs, what their template holds, or another article."""
    assert seen(NewsPage(paragraphs=LONG[:9], head=linked(wordCount=700))) == FULL
    assert seen(NewsPage(paragraphs=LONG, head=linked(wordCount=2000))) == FULL


MORE = [
    "Read more", "Lire la suite", "Weiterlesen", "Leer más", "Leggi tutto", "Leia mais", "Citește mai mult",
    "Lees verder", "Läs mer", "Les mer", "Læs mere", "Lue lisää", "Читать далее", "Читати далі",
    "Прочетете повече",
    "Czytaj dalej", "Číst dál", "Čítať ďalej", "Pročitaj više", "Tovább olvasom", "Διαβάστε περισσότερα",
    "Devamını oku", "اقرأ المزيد", "ادامه مطلب", "קרא עוד", "और पढ़ें", "Baca selengkapnya",
    "Soma zaidi", "阅读全文", "続きを読む",
]  # fmt: skip


@pytest.mark.parametrize("more", MORE)
@pytest.mark.parametrize(
    "link", ['<p><a class="btn" href="/full/1">{}</a></p>', "<button>{} »</button>", '<a href="#">{}…</a>']
)
def test_two_sentences_before_a_link_to_read_on_are_a_teaser(more: str, link: str) -> None:
    """Though they end as a whole text does, and the link is in no extracted line."""
    assert seen(NewsPage(paragraphs=PARAGRAPHS[:2], below=link.format(more))) == part(
        "a link leads to the rest"
    )


@pytest.mark.parametrize(
    "count", [0, 1, -5, "", "many", None, [700], 10**30, 0.5, "1,2,700", "1700.25", True]
)
def test_a_stated_length_that_makes_no_sense_says_nothing(count: object) -> None:
    """Counts of nothing, and what is no number."""
    assert seen(NewsPage(head=linked(wordCount=count))) == FULL


def test_a_length_stated_in_microdata_is_that_of_the_item_of_the_headline() -> None:
    """Or of the page, where it stands in its head; a teaser's is its own."""
    count = '<meta itemprop="wordCount" content="700">'
    why = part("the page says that it has 700 words")
    item = '<div itemscope itemtype="https://schema.org/NewsArticle">{}</div>'
    assert seen(NewsPage(head=count)) == why
    own = str(NewsPage(below=count)).replace('class="story"', 'class="story" itemscope')
    assert seen(own) == why
    assert seen(NewsPage(below=item.format(count))) == FULL


def test_a_stated_length_in_characters_says_nothing() -> None:
    """Some systems count these."""
    for text in (" ".join(PARAGRAPHS), "".join(PARAGRAPHS).replace(" ", "")):
        assert seen(NewsPage(head=linked(wordCount=len(text)))) == FULL


def test_a_stated_length_of_one_word_does_not_make_a_teaser_whole() -> None:
    """Then the offer beside it counts as it would without."""
    offer = "<p>Subscribe to continue reading.</p>"
    page = NewsPage(paragraphs=PARAGRAPHS[:2], head=linked(wordCount=1), below=offer)
    assert seen(page) == ("paywall", "")


ODD = [
    "<p>",
    "<p hidden>",
    "<article>",
    "</article>",
    "<header>",
    "<a href='?page=2'>",
    "<a href='http://[::1/story-of/2'>",
    "<a rel=next href='\x01'>",
    "<div class='related pager'>",
    "</div>",
    "Subscribe to continue reading",
    "Réservé aux abonnés",
    "Lire aussi",
    "Read more »",
    "Il vous reste 61 % de cet article",
    "ẞİß\u00ad\u200b",
    "We use cookies.",
    "…",
]


@given(
    st.lists(st.sampled_from(ODD) | st.text(max_size=8), max_size=25),
    st.lists(st.sampled_from([*ODD, *PARAGRAPHS]), max_size=4),
    st.text(max_size=10),
)
def test_any_page_and_any_text_are_judged(page: list[str], lines: list[str], name: str) -> None:
    """Whatever is in the page, in the text that is said to be from it, and in its address."""
    tree = parse(f"<html><body>{''.join(page)}</body></html>")
    assert tree is not None
    found = observe(
        tree, read_page_data(tree), f"https://courier.example/a/{name}?x={name}", "\n".join(lines)
    )
    assert (found.observability == "extraction_failed") <= bool(found.detail)


@pytest.mark.parametrize(
    "piece",
    [
        "<p>5 % of it</p>",
        "<a href='/story-of-graves/2?x=1'>2</a>",
        "<p hidden>Subscribe to continue reading</p>",
        "<p hidden>Read more</p>",
        "<p>A line that stands in the page as well.</p>",
    ],
)
def test_a_page_of_tens_of_thousands_of_marks_is_judged_at_once(piece: str) -> None:
    """In time linear in its length: by its square this would take hours."""
    tree = parse(f"<html><body><h1>Graves</h1>{piece * 30_000}</body></html>")
    assert tree is not None
    for text in ("A line of the text. " * 9, "Read more\n" * 30_000, "A line of some length\n" * 30_000):
        assert observe(tree, read_page_data(tree), "https://courier.example/story-of-graves", text)
