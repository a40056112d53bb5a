"""The Internet Archive's answers, and what they tell."""

import re
from datetime import date, datetime
from pathlib import Path
from urllib.parse import quote

import pytest
from hypothesis import given
from hypothesis import strategies as st

from gossi.crawler.discovery.url_words import UrlWords
from gossi.crawler.discovery.wayback import (
    Capture,
    CdxRead,
    by_nearness,
    candidates,
    capture_at,
    raw_address,
    read_cdx,
    search_address,
    since,
)
from gossi.crawler.study.sources import Study, StudyFolder, Wayback, Window

WINDOW = Window(first=date(2022, 4, 1), last=date(2022, 12, 31))


def words(*terms: str, url_words: tuple[str, ...] = ()) -> UrlWords:
    """The URL words of a study with these topic terms."""
    return UrlWords(Study(name="x", contact="y", window=WINDOW, topic=list(terms), url_words=list(url_words)))


@pytest.mark.parametrize(
    ("term", "path", "named"),
    [
        ("Gossi", "/2022/04/mass-grave-at-GOSSI-in-mali", True),
        ("Gossi", "/gossip/of-the-week", False),
        ("Gossi", "/?q=gossi", False),
        ("Gossi", "/article?title=gossi", True),
        ("fosse commune", "/une-fosse-commune-au-mali.html", True),
        ("fosse commune", "/fosse/commune", False),
        ("fosse commune + Gao", "/gao-une-fosse-commune", True),
        ("fosse commune + Gao", "/une-fosse-commune-au-mali", False),
        ("mercenar*", "/russian-mercenaries-in-mali", True),
        ("Maïga", "/le-premier-ministre-maiga-accuse", True),
        ("Maïga", "/le-premier-ministre-ma%C3%AFga-accuse", True),
        ("Massengräber", "/massengraeber-in-mali", True),
        ("Massengräber", "/massengr%c3%a4ber-in-mali", True),
        ("Massengräber", "/massengraben-in-mali", False),
        ("fosa común", "/una-fosa-com%C3%BAn-en-mali", True),
        ("paralı asker*", "/mali-parali-askerler", True),
        ("غوسي", "/" + quote("مقبرة-غوسي"), True),
        ("Госси", "/" + quote("новости-госси"), True),
        ("Госси", "/news/gossi", False),
    ],
)
def test_a_page_is_known_by_its_url(term: str, path: str, named: bool) -> None:
    """Words count behind the host only, whole, in any case, with accents or without, and percent-encoded."""
    sought = words(term)
    url = f"https://gossi.example{path}"
    assert sought.named_in(url) is named
    # What a server sifts by may let more pass, never less.
    assert not named or re.fullmatch(sought.pattern, url)


def test_the_real_studys_question_fits_into_an_address() -> None:
    """Many servers take no more than 8,000 bytes; some 90 terms in ten scripts must fit in."""
    study = StudyFolder(Path(__file__).parents[1]).sources().study
    sought = UrlWords(study)
    assert len(search_address(study.wayback, "a-domain-of-usual-length.example", sought, WINDOW)) < 8000
    assert sought.named_in("https://a.example/monde/mali-un-charnier-decouvert-pres-de-gossi_123.html")
    assert not sought.named_in("https://a.example/gossip/mali-s-new-film")


def test_further_words_of_the_study_count_too() -> None:
    """`url_words` widens the search beyond the topic's own terms."""
    assert words("Gossi", url_words=("charnier",)).named_in("https://a.example/un-charnier-au-mali")


JSON_ROWS = b"""[["timestamp","original","statuscode","urlkey"],
["20220423101112","http://a.example:80/gossi","200","example,a)/gossi"],
[],
["com%2Ca%29%2F+20220424000000"]]"""
TEXT_ROWS = b"20220423101112 http://a.example:80/gossi 200 example,a)/gossi\n\ncom%2Ca%29%2F+20220424000000\n"
GOSSI_CAPTURE = Capture("http://a.example/gossi", datetime(2022, 4, 23, 10, 11, 12))


@pytest.mark.parametrize("body", [JSON_ROWS, TEXT_ROWS])
def test_both_forms_of_an_answer_are_read(body: bytes) -> None:
    """JSON and text give the same captures, without a port that says nothing, and the resume key."""
    read = read_cdx(body)
    assert read is not None
    assert (read.captures, read.resume_key) == ([GOSSI_CAPTURE], "com%2Ca%29%2F+20220424000000")


HEADER = b'["timestamp","original","statuscode","urlkey"]'


@pytest.mark.parametrize("body", [b"[]", b"[]\n", b" [ ] ", b"[" + HEADER + b"]"])
def test_an_empty_list_says_that_there_are_no_captures(body: bytes) -> None:
    """With or without the names of the fields."""
    assert read_cdx(body) == CdxRead()


@pytest.mark.parametrize(
    "body",
    [
        b"<html><h1>429 Too Many Requests</h1>\nCome back later, please</html>",
        b"<html></html>",
        b"error",
        b"",
        b"\n",
        b"\n\nerror",
        b'["error"]',
        b'[["error"]]',
        b'[["urlkey","timestamp","original"],["com,a)/","20220423101112","http://a.example/gossi"]]',
        b"[" + HEADER + b',["2022","http://a.example/gossi","200","example,a)/gossi"]]',
        b"[" + HEADER + b',["20220423101112","http://a.example/gossi","200","example,a)/gossi"],["error"]]',
        b"20220423101112 http://a.example/gossi 200 example,a)/gossi\nerror\n",
        b"20220423101112 http://a.example/gossi 200 example,a)/gossi\n\n\ntoo many requests\n",
    ],
)
def test_what_is_not_rows_of_the_fields_asked_is_no_answer(body: bytes) -> None:
    """Prose, a lone word, nothing at all, other fields, a key that no empty row stands before."""
    assert read_cdx(body) is None


def test_an_answer_may_be_a_resume_key_alone() -> None:
    """Where the filters leave none of so many rows."""
    assert read_cdx(b"[" + HEADER + b',[],["com%2Ca"]]') == CdxRead([], "com%2Ca")


def test_the_status_of_a_capture_counts_where_a_server_passes_over_the_filter() -> None:
    """What was answered with 404 or led elsewhere is no capture, what has no status the last resort."""
    rows = [
        ("20220423000000", "-"),
        ("20220424000000", "404"),
        ("20220501000000", "200"),
        ("20220425000000", "301"),
    ]
    lines = [f"{time} http://a.example/gossi {status} example,a)/gossi" for time, status in rows]
    read = read_cdx("\n".join(lines).encode())
    kept, whole = (Capture("http://a.example/gossi", datetime(2022, *day), whole) for day, whole in
                   (((4, 23), False), ((5, 1), True)))  # fmt: skip
    assert read == CdxRead([kept, whole])
    assert by_nearness(read.captures, datetime(2022, 4, 23)) == [whole, kept]
    found = candidates(Wayback(), read, words("Gossi"), "a")
    assert [each.archived for each in found] == [raw_address(Wayback(), whole)]


@given(st.binary(max_size=300))
def test_any_bytes_are_survived(body: bytes) -> None:
    """Whatever the server sends, reading ends without an exception."""
    read_cdx(body)
    read_cdx(b"[[" + body)
    read_cdx(b"20220423101112 " + body)


def test_a_capture_and_its_address_stand_for_each_other() -> None:
    """The raw address leads back to the capture; an address of another kind to none."""
    settings = Wayback()
    assert capture_at(settings, raw_address(settings, GOSSI_CAPTURE)) == GOSSI_CAPTURE
    assert capture_at(settings, "https://web.archive.org/web/20220423101112/http://a.example/gossi") is None
    assert capture_at(settings, "https://a.example/web/20220423101112id_/http://a.example/gossi") is None


def test_the_nearest_capture_is_chosen_whatever_side_it_lies_on() -> None:
    """Two days after is nearer than a year before."""
    captures = [Capture("u", datetime(year, 4, 25)) for year in (2021, 2022, 2023)]
    assert by_nearness(captures, datetime(2022, 4, 23)) == [captures[1], captures[0], captures[2]]
    assert by_nearness([], datetime(2022, 4, 23)) == []


def test_a_capture_older_than_the_article_is_not_of_it() -> None:
    """But for a day, by which zones may differ."""
    captures = [Capture("u", datetime(2022, 4, day, 11)) for day in (21, 22, 23, 24)]
    assert since(captures, datetime(2022, 4, 23, 10)) == captures[1:]
