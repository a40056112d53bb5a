"""Pages in every charset, rightly and wrongly labelled, torn and broken: their text in the store is right."""

from collections.abc import Iterator
from datetime import datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from gossi.crawler.capture.captured import Page
from gossi.crawler.outcomes import Outcome
from gossi.crawler.page.verdict import Judge
from gossi.crawler.study.sources import Study
from tests.crawling import crawl_study, rows
from tests.lexicons import write_lexicon, write_sources
from tests.loopback import Answer, LoopbackSite, outlet, sources

RUSSIAN = (
    "Командование сообщило, что у базы близ города Госси нашли могилу, и пообещало расследование.",
    "Представитель ведомства заявил журналистам, что съёмка сделана накануне передачи базы.",
    "Местные жители рассказали радиостанции, что к лагерю много лет никого не подпускали.",
)
ARABIC = (
    "قالت هيئة الأركان في بيان إن مقبرة عثر عليها قرب قاعدة غوسي بعد يومين من تسليمها.",
    "وطالبت منظمة حقوقية الحكومتين بالسماح لخبراء مستقلين بفحص المكان في أقرب وقت.",
    "ولم ترد السفارة على أسئلة الصحفيين بشأن الصور التي نشرت مساء الجمعة.",
)
FRENCH = (
    "L'état-major a annoncé la découverte d'une fosse près de la base de Gossi, déjà cédée.",
    "Le ministère a répété que l'enquête était confiée à la justice militaire, sans délai fixé.",
    "Des habitants ont déclaré à la radio que personne n'approchait du camp depuis des années.",
)

PAGE = """<!DOCTYPE html><html><head>{meta}<title>{first}</title>
<meta property="article:published_time" content="2022-04-23T10:00:00Z"></head>
<body><nav><a href="/">Home</a></nav><article><h1>{first}</h1>{rest}</article></body></html>"""


def page(text: tuple[str, ...], charset: str, header: str = "", meta: str = "") -> Answer:
    """A page in a charset, which header and meta element name, or name another, or do not name."""
    declared = f'<meta charset="{meta}">' if meta else ""
    html = PAGE.format(meta=declared, first=text[0][:40], rest="".join(f"<p>{line}</p>" for line in text))
    kind = f"text/html; charset={header}" if header else "text/html"
    return Answer(html.encode(charset), 200, {"Content-Type": kind})


def damaged(answer: Answer, before: bytes, after: bytes) -> Answer:
    """The same page with some bytes in the place of others."""
    assert before in answer.body
    return Answer(answer.body.replace(before, after), 200, answer.headers)


PAGES: dict[str, tuple[Answer, tuple[str, ...]]] = {
    "/cp1251": (page(RUSSIAN, "cp1251", "windows-1251"), RUSSIAN),
    "/cp1251-in-meta": (page(RUSSIAN, "cp1251", meta="windows-1251"), RUSSIAN),
    "/cp1251-unnamed": (page(RUSSIAN, "cp1251"), RUSSIAN),
    "/cp1251-as-latin": (page(RUSSIAN, "cp1251", "ISO-8859-1"), RUSSIAN),
    "/cp1251-as-utf8": (page(RUSSIAN, "cp1251", "utf-8", "utf-8"), RUSSIAN),
    "/koi8-r": (page(RUSSIAN, "koi8-r", meta="koi8-r"), RUSSIAN),
    "/utf8-as-cp1251": (page(RUSSIAN, "utf-8", "windows-1251"), RUSSIAN),
    "/cp1256": (page(ARABIC, "cp1256", "windows-1256"), ARABIC),
    "/cp1256-as-latin": (page(ARABIC, "cp1256", "ISO-8859-1"), ARABIC),
    "/utf8-as-cp1256": (page(ARABIC, "utf-8", "windows-1256"), ARABIC),
    "/utf16": (page(ARABIC, "utf-16", "utf-16"), ARABIC),
    "/latin1": (page(FRENCH, "iso-8859-1", "ISO-8859-1"), FRENCH),
    "/latin1-as-utf8": (page(FRENCH, "iso-8859-1", "utf-8"), FRENCH),
    "/utf8-as-latin1": (page(FRENCH, "utf-8", "ISO-8859-1"), FRENCH),
    "/utf8-with-bom": (page(FRENCH, "utf-8-sig", "ISO-8859-1"), FRENCH),
    "/charset-unheard-of": (page(FRENCH, "utf-8", "x-nonsense"), FRENCH),
    "/charset-that-is-none": (page(FRENCH, "utf-8", "base64"), FRENCH),
    "/nul-bytes": (damaged(page(FRENCH, "utf-8", "utf-8"), b" de ", b" \0de\0 "), FRENCH),
    "/no-end-tags": (damaged(page(FRENCH, "utf-8", "utf-8"), b"</p>", b""), FRENCH),
    "/broken-tags": (
        damaged(page(FRENCH, "utf-8", "utf-8"), b"</nav>", b"</div></b></nav><p/><//><"),
        FRENCH,
    ),
    "/control-letters": (
        damaged(page(FRENCH, "utf-8", "utf-8"), b"</nav>", b"</nav>\x01\x08\x1b\x7f"),
        FRENCH,
    ),
}


@pytest.fixture(scope="module")
def texts(tmp_path_factory: pytest.TempPathFactory) -> Iterator[dict[str, str]]:
    """Path → text of its article in the store, after one crawl of all pages."""
    study = tmp_path_factory.mktemp("charsets")
    with LoopbackSite({path: answer for path, (answer, _) in PAGES.items()}) as site:
        # An outlet each: the same text under two addresses of one would be a duplicate.
        write_lexicon(study, {"topic": {"fr": ["Gossi"], "ru": ["Госси"], "ar": ["غوسي"]}})
        write_sources(study, sources("delay = 0.0", outlet("gazette", site, *PAGES)))
        result = crawl_study(study)
        assert (result.returncode, result.stderr) == (0, "")
        found = rows(
            study,
            "SELECT candidate.url, candidate.outcome, coalesce(version.text, first.text) FROM candidate "
            "LEFT JOIN attempt USING (url) LEFT JOIN version USING (attempt_id) "
            "LEFT JOIN attempt other ON candidate.outcome = 'duplicate' AND other.url = candidate.detail "
            "LEFT JOIN version first ON first.attempt_id = other.attempt_id",
        )
        yield {str(url).rpartition("/")[2]: str(text) for url, _, text in found}


@pytest.mark.parametrize("path", PAGES)
def test_the_text_is_right(texts: dict[str, str], path: str) -> None:
    """Letter for letter, whatever the label says; twins in another charset are the same article."""
    assert texts[path.lstrip("/")].split("\n") == list(PAGES[path][1])


STUDY = Study.model_validate(
    {
        "name": "A test",
        "contact": "https://gossi.example/contact",
        "window": {"first": "2022-04-01", "last": "2022-12-31"},
        "topic": ["Gossi", "fosse commune + Gao", "Госси", "غوسي"],
    },
    strict=False,
)


SEEN = datetime(2022, 4, 23)

PIECES = st.sampled_from(["<html", ">", "<p>", "Gossi", "\0", "&#x;", "Госси"])


@given(
    body=st.binary(max_size=400)
    | st.builds(
        lambda parts, charset: "".join(parts).encode(charset, "replace"),
        st.lists(PIECES),
        st.sampled_from(["utf-8", "utf-16", "cp1251"]),
    ),
    charset=st.none()
    | st.text(max_size=12)
    | st.sampled_from(["utf-7", "undefined", "idna", "zlib", "punycode", "cp1251\0"]),
    kind=st.text(max_size=20),
    address=st.text(max_size=30),
)
def test_judging_never_fails(body: bytes, charset: str | None, kind: str, address: str) -> None:
    """Whatever a server sends, its page gets an outcome or goes on to extraction."""
    told = {"content-type": kind if charset is None else f'{kind}; charset="{charset}"'}
    captured = Page(f"http://gazette.example/{address}", SEEN, 200, told, body, "", None, "")
    judge = Judge(STUDY)
    assert judge.kind(captured, "http://gazette.example/a") in {"page", "step"}
    case = judge.hear(captured, "http://gazette.example/a", error_page=lambda _: b"<title>None</title>")
    assert case.decided is None or isinstance(case.decided.outcome, Outcome)
