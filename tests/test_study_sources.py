"""crawler/study/sources.py, and the real study that the repository is.

Also tests crawler/study/blocs.py.
"""

from pathlib import Path
from urllib.parse import urlsplit

import pytest
from hypothesis import given
from hypothesis import strategies as st

from gossi.crawler.discovery.url_words import UrlWords
from gossi.crawler.errors import ConfigError
from gossi.crawler.lexicon.lexicon import load_lexicon
from gossi.crawler.study.sources import PLACEHOLDER_CONTACT, Sources, StudyFolder, file_digest
from tests.lexicons import write_sources

ROOT = Path(__file__).parents[1]
REAL = StudyFolder(ROOT).sources()

STUDY = """
[study]
name = "A study"
contact = "desk@example.org"
[study.window]
first = 2022-04-01
last = 2022-05-31
[[bloc]]
id = "western"
name = "Western"
adjective = "Western"
"""
OUTLET = """
[[outlet]]
id = "post"
name = "The Post"
domain = "post.example"
country = "XX"
bloc = "western"
ownership = "private"
languages = ["en"]
pages = ["https://www.post.example/a", "https://www.post.example/b"]
"""
OTHER = OUTLET.replace("post", "echo").replace("The Post", "The Echo")


def load(folder: Path, text: str) -> Sources:
    """Write sources.toml into a study folder and read it."""
    write_sources(folder, text)
    return StudyFolder(folder).sources()


def complaints(folder: Path, text: str) -> list[str]:
    """The lines of the error that a sources.toml gives, without its path."""
    with pytest.raises(ConfigError) as caught:
        load(folder, text)
    start = f"{folder / 'sources.toml'}: "
    lines = str(caught.value).splitlines()
    assert all(line.startswith(start) for line in lines)
    return [line.removeprefix(start) for line in lines]


def test_a_small_study_loads(tmp_path: Path) -> None:
    """What may be left out has its default."""
    sources = load(tmp_path, STUDY + OUTLET)
    (outlet,) = sources.outlet
    assert (outlet.aggregator, outlet.feeds, outlet.sitemaps, outlet.domains) == (
        False,
        [],
        [],
        ["post.example"],
    )
    assert (sources.study.crawl.delay, sources.study.crawl.allow_loopback) == (2.0, False)
    # Nobody is asked but the outlets themselves, unless the study says so.
    study = sources.study
    assert (study.wayback.everywhere, study.wayback.gone) == (False, False)
    assert (study.commoncrawl.everywhere, study.gdelt.queries) == (False, [])


AT_POST = '[[outlet]] 1 (id "post"), key '


@pytest.mark.parametrize(
    ("old", "new", "expected"),
    [
        (
            'bloc = "western"',
            'bloc = "western"\nblock = "west"',
            AT_POST + "block: is not known here; known are id, name, domain",
        ),
        (
            'bloc = "western"',
            'bloc = "wstern"',
            "[[outlet]] (id post), key bloc: 'wstern' is no [[bloc]]; there are western, unlisted",
        ),
        ('id = "western"', 'id = "unlisted"', "key id: 'unlisted' is the program's own"),
        ('id = "western"', 'id = "aggregator"', "key id: 'aggregator' is the program's own"),
        ('name = "Western"\n', "", '[[bloc]] 1 (id "western"), key name: is missing'),
        ('ownership = "private"\n', "", AT_POST + "ownership: is missing"),
        (
            'ownership = "private"',
            'ownership = "King"',
            AT_POST + "ownership: input should be 'private', 'public', ",
        ),
        ('"XX"', '"France"', AT_POST + "country: 'France' is not a country: use two capital letters"),
        ('["en"]', '["English"]', AT_POST + "languages[1]: 'English' is not a language"),
        ('["en"]', "[]", AT_POST + "languages: "),
        ('id = "post"', 'id = "the post"', "key id: 'the post' is not an id"),
        (
            '"post.example"',
            '"https://post.example"',
            AT_POST + "domain: 'https://post.example' is not a domain",
        ),
        ('"post.example"', '"Post.example"', AT_POST + "domain: 'Post.example' is not a domain"),
        (
            '"https://www.post.example/b"',
            '"www.post.example/b"',
            AT_POST + "pages[2]: 'www.post.example/b' is not",
        ),
        (
            '"https://www.post.example/b"',
            '"file:///etc/passwd"',
            AT_POST + "pages[2]: 'file:///etc/passwd' is not",
        ),
        ('"https://www.post.example/b"', '"https:///b"', AT_POST + "pages[2]: 'https:///b' is not"),
        ('"https://www.post.example/b"', '"https://x.example:99999/b"', AT_POST + "pages[2]: "),
        ('"https://www.post.example/b"', '"https://post.example/b c"', AT_POST + "pages[2]: "),
        ('"https://www.post.example/b"', r'"https://post.example/b\r\nX: y"', AT_POST + "pages[2]: "),
        ('"https://www.post.example/b"', '"https://me:word@post.example/"', AT_POST + "pages[2]: "),
        ("[[outlet]]", "[outlet]", "[outlet]: is a single table; begin each entry with double brackets"),
        ("2022-05-31", "2022-03-31", "[study.window]: first (2022-04-01) is after last (2022-03-31)"),
        ("2022-05-31", "86400", "[study.window], key last: input should be a valid date, not 86400"),
        (
            "2022-05-31",
            '"2022-05-31"',
            "[study.window], key last: is text; write a date without quotes, like 2022-04-01",
        ),
        ("last = 2022-05-31\n", "", "[study.window], key last: is missing"),
        ('contact = "desk@example.org"', 'contact = ""', "[study], key contact: is empty"),
        (
            '"desk@example.org"',
            r'"desk@example.org\r\nX-Injected: one"',
            "[study], key contact: has a line end or another control character in it",
        ),
        (
            '"desk@example.org"',
            r'"desk\u0000@example.org"',
            "[study], key contact: has a line end or another control character in it",
        ),
        (
            "[study.window]",
            "[study.crawl]\ndelay = -1\n[study.window]",
            "[study.crawl], key delay: input should be",
        ),
        (
            "[study.window]",
            "[study.crawl]\ndelay = inf\n[study.window]",
            "[study.crawl], key delay: input should be",
        ),
        (
            "[study.window]",
            "[study.crawl]\npause = 1\n[study.window]",
            "[study.crawl], key pause: is not known here",
        ),
        (
            "[study.window]",
            "[study.wayback]\neverywere = true\n[study.window]",
            "[study.wayback], key everywere: is not known here; known are timeout, again_after, ",
        ),
        (
            "[study.window]",
            "[study.wayback]\ndelay = -1\n[study.window]",
            "[study.wayback], key delay: input should be",
        ),
        (
            "[study.window]",
            '[study.commoncrawl]\nindex = "index.example"\n[study.window]',
            "[study.commoncrawl], key index: 'index.example' is not a web address",
        ),
        (
            "[study.window]",
            '[study.gdelt]\nqueries = [""]\n[study.window]',
            "[study.gdelt], key queries[1]: is empty",
        ),
        (
            'bloc = "western"',
            'bloc = "western"\nwayback = ["post.example", "https://post.example/news"]',
            AT_POST + "wayback[2]: 'https://post.example/news' is not a place: write a host",
        ),
        (
            'bloc = "western"',
            'bloc = "western"\ncommoncrawl = ["post.example/*"]',
            AT_POST + "commoncrawl[1]: 'post.example/*' is not a place",
        ),
    ],
)
def test_a_slip_is_named_exactly(tmp_path: Path, old: str, new: str, expected: str) -> None:
    """The file, the table and the key stand in the message, and what is wrong with it."""
    text = STUDY + OUTLET
    assert text.count(old) == 1
    (line,) = complaints(tmp_path, text.replace(old, new))
    assert expected in line


def test_a_near_miss_of_a_bloc_is_answered_with_the_right_one(tmp_path: Path) -> None:
    """Whoever writes `wstern` is told `western`."""
    (line,) = complaints(tmp_path, STUDY + OUTLET.replace('"western"', '"wstern"'))
    assert line.endswith("did you mean 'western'?")


def test_several_slips_in_several_entries_are_told_at_once(tmp_path: Path) -> None:
    """One line each, in the order of the file."""
    text = STUDY + OUTLET.replace('bloc = "western"\n', "") + OTHER.replace('"XX"', '"xx"')
    assert [line.partition(": ")[0] for line in complaints(tmp_path, text)] == [
        '[[outlet]] 1 (id "post"), key bloc',
        '[[outlet]] 2 (id "echo"), key country',
    ]


def test_duplicates_are_all_named(tmp_path: Path) -> None:
    """An id, a domain and pages that stand twice are named together."""
    (line,) = complaints(tmp_path, STUDY + OUTLET + OUTLET)
    for what in ("id 'post'", "domain 'post.example'", "page 'https://www.post.example/a'"):
        assert f"{what} stands 2 times" in line


def test_a_further_domain_may_not_be_another_outlets(tmp_path: Path) -> None:
    """Else an article would belong to two outlets."""
    (line,) = complaints(tmp_path, STUDY + OUTLET + OTHER + 'other_domains = ["post.example"]\n')
    assert "domain 'post.example' stands 2 times" in line


def test_an_empty_study(tmp_path: Path) -> None:
    """A study without outlets, and a file without anything, say what is missing."""
    assert complaints(tmp_path, STUDY) == ["[[outlet]]: is missing"]
    assert complaints(tmp_path, "") == ["[study]: is missing", "[[outlet]]: is missing"]
    assert complaints(tmp_path, "outlet = []" + STUDY)[0].startswith(
        "key outlet: list should have at least 1 item"
    )


def test_a_folder_without_a_study(tmp_path: Path) -> None:
    """The message says how to name the right folder."""
    with pytest.raises(ConfigError, match=r"sources\.toml: no such file; .*--study DIR"):
        StudyFolder(tmp_path).sources()


@pytest.mark.parametrize(
    ("url", "expected"),
    [
        ("https://post.example/x", "post"),
        ("https://www.POST.example:443/x", "post"),
        ("http://fr.post.example/x", "fr"),
        ("http://old-post.example/x", "post"),
        ("http://sub.local.example:8001/x", "one"),
        ("http://local.example:8002/x", "two"),
        ("http://local.example:8003/x", None),
        ("https://notpost.example/x", None),
        ("https://example/x", None),
        ("https://post.example.evil.test/x", None),
        ("post.example/x", None),
        ("http://[/x", None),
        ("", None),
    ],
)
def test_the_outlet_of_a_url(tmp_path: Path, url: str, expected: str | None) -> None:
    """The longest domain that the host ends in decides; a port counts where the domain has one."""
    others = "".join(
        OUTLET.replace("post", name).replace(f"{name}.example", domain).replace("The Post", name)
        for name, domain in [
            ("fr", "fr.post.example"),
            ("one", "local.example:8001"),
            ("two", "local.example:8002"),
        ]
    )
    sources = load(tmp_path, STUDY + OUTLET + 'other_domains = ["old-post.example"]\n' + others)
    outlet = sources.outlet_of(url)
    assert (outlet and outlet.id) == expected


@pytest.mark.parametrize("domain", ["пример.испытание", "xn--e1afmkfd.xn--80akhbyknj4f"])
@pytest.mark.parametrize(
    "host",
    [
        "пример.испытание",
        "www.ПРИМЕР.испытание",
        "xn--e1afmkfd.xn--80akhbyknj4f",
        "xn--e1afmkfd.xn--80akhbyknj4f.",
    ],
)
def test_a_host_of_other_letters_is_found_in_both_writings(tmp_path: Path, domain: str, host: str) -> None:
    """Browsers show the one, addresses have the other. The names are those of IANA's trial of 2007."""
    sources = load(tmp_path, STUDY + OUTLET.replace("post.example", domain))
    assert sources.outlet[0].domain == "xn--e1afmkfd.xn--80akhbyknj4f"
    assert sources.outlet_of(f"https://{host}/x") == sources.outlet[0]


@given(st.text())
def test_no_text_upsets_the_search_for_an_outlet(url: str) -> None:
    """URLs come from strangers' pages: whatever they are, there is an answer."""
    assert REAL.outlet_of(url) is None or "//" in url


def test_the_digest_is_that_of_the_bytes(tmp_path: Path) -> None:
    """The SHA-256 of `abc`, as FIPS 180 gives it."""
    (tmp_path / "x").write_bytes(b"abc")
    assert file_digest(tmp_path / "x") == "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad"


def test_the_real_study_spans_the_world() -> None:
    """At least 80 outlets that are no aggregators, and each bloc among them but the one for the unknown."""
    own = [outlet for outlet in REAL.outlet if not outlet.aggregator]
    assert len(own) >= 80
    assert {outlet.bloc for outlet in own} == {bloc.id for bloc in REAL.bloc}
    assert REAL.study.contact == PLACEHOLDER_CONTACT


def test_the_real_study_has_every_page_of_its_facts() -> None:
    """331 pages were seen: five of no outlet and one twin of another are left out; 94 were added later."""
    assert sum(len(outlet.pages) for outlet in REAL.outlet) == 331 - 5 - 1 + 94


def test_pages_of_the_real_study_stand_on_their_outlets_domains() -> None:
    """So an article gets the same outlet however it is found: listed, in a sitemap or imported."""
    strays = [page for outlet in REAL.outlet for page in outlet.pages if REAL.outlet_of(page) != outlet]
    assert strays == []


def test_no_page_of_the_real_study_is_listed_twice_under_two_spellings() -> None:
    """Tracking parameters are gone, and no two pages differ by scheme, `www.` or final slash alone."""
    pages = [page for outlet in REAL.outlet for page in outlet.pages]
    assert [page for page in pages if "utm_" in page] == []
    bare = [page.partition("://")[2].removeprefix("www.").rstrip("/") for page in pages]
    assert len(set(bare)) == len(pages)


def test_aggregators_of_the_real_study_are_marked() -> None:
    """Those that the facts call aggregators are marked, newsrooms are not; their owners stay unknown."""
    marked = {outlet.id for outlet in REAL.outlet if outlet.aggregator}
    assert {"tellerreport", "axadletimes", "spamchronicles", "yahoo-fr", "allafrica", "djazairess"} <= marked
    assert not marked & {"lemonde", "jeuneafrique", "maliweb", "sputnik", "aljazeera-english", "africanews"}
    assert {outlet.ownership for outlet in REAL.outlet if outlet.aggregator} == {"unknown"}
    assert all(outlet.aggregator for outlet in REAL.outlet if outlet.bloc == "unlisted")


def test_every_outlet_of_the_real_study_can_be_looked_into() -> None:
    """Each has a page, a feed or a sitemap to begin with, and topic terms in each of its languages."""
    assert [
        outlet.id for outlet in REAL.outlet if not (outlet.pages or outlet.feeds or outlet.sitemaps)
    ] == []
    spoken = {language for outlet in REAL.outlet for language in outlet.languages}
    assert spoken <= set(load_lexicon(ROOT / "lexicon").words["topic"])


def test_most_outlets_of_the_real_study_have_a_feed_or_a_sitemap() -> None:
    """The figures that docs/sources.md gives; what is a guess is marked as one."""
    without = [outlet.id for outlet in REAL.outlet if not (outlet.feeds or outlet.sitemaps)]
    text = (ROOT / "sources.toml").read_text(encoding="utf-8")
    assert (len(without), text.count("  # a guess\n")) == (145, 186)
    assert {"elpais", "repubblica", "nrk", "vg", "aftonbladet", "jyllands-posten"} <= {
        outlet.id for outlet in REAL.outlet
    }


def test_the_real_study_looks_for_2022_in_archives() -> None:
    """No outlet is left out, and what is gone from the web is looked for."""
    study = REAL.study
    assert study.wayback.everywhere
    assert study.wayback.gone
    assert study.commoncrawl.everywhere
    assert study.gdelt.queries
    assert all(outlet.wayback is None and outlet.commoncrawl is None for outlet in REAL.outlet)


def test_the_real_studys_words_find_two_thirds_of_its_pages_by_their_urls() -> None:
    """The figures that docs/sources.md gives: by the topic's terms, and with the further words."""
    pages = [page for outlet in REAL.outlet for page in outlet.pages]
    alone = UrlWords(REAL.study.model_copy(update={"url_words": []}))
    named = [sum(words.named_in(page) for page in pages) for words in (alone, UrlWords(REAL.study))]
    assert (named, len(pages)) == ([139, 260], 419)


def test_the_real_study_is_in_order() -> None:
    """Within a bloc, entries stand in the order of their ids, so that an addition has one place."""
    groups: dict[str, list[str]] = {}
    for outlet in REAL.outlet:
        groups.setdefault("aggregator" if outlet.aggregator else outlet.bloc, []).append(outlet.id)
    assert all(ids == sorted(ids) for ids in groups.values())
    assert [one for ids in groups.values() for one in ids] == [outlet.id for outlet in REAL.outlet]


def test_feeds_and_sitemaps_of_the_real_study_are_single() -> None:
    """No feed or sitemap is asked for twice, not even by two outlets."""
    addresses = [address for outlet in REAL.outlet for address in (*outlet.feeds, *outlet.sitemaps)]
    assert len(set(addresses)) == len(addresses)
    assert all(urlsplit(address).path.strip("/") for address in addresses)
