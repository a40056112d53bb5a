"""Reprints are found whole and abridged, in any script, and texts that only quote the same words are not."""

import itertools
import json
from pathlib import Path

import duckdb
import pytest

from gossi.analysis.measuring.publish import publish
from gossi.analysis.measuring.query import query
from gossi.crawler.web.canonical import canonical_url
from tests import hand_store
from tests.conftest import SAMPLE_PORT, SampleRun
from tests.sample_truth import truth

GOLD = Path(__file__).parents[1] / "coded" / "training" / "dev.jsonl"


def groups(folder: Path, texts: dict[str, str]) -> dict[str, str]:
    """The reprint group of each article, the articles having appeared an hour after one another."""
    return {article: group for article, group, _ in _articles(folder, texts)}


def agencies(folder: Path, texts: dict[str, str]) -> dict[str, str | None]:
    """The agency that each article credits."""
    return {article: agency for article, _, agency in _articles(folder, texts)}


def _articles(folder: Path, texts: dict[str, str]) -> list[tuple[str, str, str | None]]:
    store = hand_store.build(folder / "store.duckdb")
    with duckdb.connect(store) as con:
        for table in ("article", "version", "version_coding", "claim_coding", "mention"):
            con.execute(f"DELETE FROM {table}")  # noqa: S608 - our own names
        for hour, (article, text) in enumerate(texts.items()):
            con.execute(
                "INSERT INTO article VALUES"
                " ($1, 'courier', $1, '2022-04-21'::TIMESTAMP + to_hours($2::INTEGER), 'minute', 'meta', 1)",
                [article, hour],
            )
            con.execute(
                "INSERT INTO version VALUES"
                " ($1 || '-1', $1, 1, '2022-05-01', NULL, 1, 'und', '', $2, 0, '', 'full', 1)",
                [article, text],
            )
    publish(store, folder / "coverage.duckdb")
    return query(folder / "coverage.duckdb", "SELECT article_id, reprint_group, agency FROM articles")[1]


WORDS = {
    "Latin": "The staff says that its drone saw men who covered bodies with sand near the fence of "
    "the camp and that they had come with lorries in the night before anyone else could "
    "reach the place",
    "Arabic": "قالت القيادة إن طائرتها رأت رجالا يغطون الجثث بالرمال قرب سياج المعسكر القديم وإنهم "
    "جاؤوا بشاحنات في الليل قبل أن يصل أي شخص آخر إلى المكان الذي سلمته القوات قبل يومين "
    "فقط",
    "Cyrillic": "Штаб заявил что его беспилотник видел людей которые засыпали тела песком у ограды "
    "старого лагеря и что они приехали на грузовиках ночью раньше чем кто-либо другой мог "
    "добраться до места",
    "Han": "参谋部表示其无人机看到有人在旧营地围栏附近用沙子掩盖尸体并称他们在夜间乘卡车抵达"
    "在其他人能够到达该地点之前而营地两天前才移交给当地军队此后通往该镇的道路一直对所"
    "有车辆关闭",
    "Thai": "เสนาธิการกล่าวว่าโดรนของตนเห็นคนกลบศพด้วยทรายใกล้รั้วของค่าย"
    "เก่าและพวกเขามาด้วยรถบรรทุกในตอนกลางคืนก่อนที่ใครจะไปถึงสถาน"
    "ที่นั้นได้ซึ่งกองทัพเพิ่งส่งมอบเมื่อสองวันก่อน",
}


@pytest.mark.parametrize("script", WORDS)
def test_an_abridged_copy_is_found(tmp_path: Path, script: str) -> None:
    """A copy that keeps the first half and goes on in words of its own joins the group of its source."""
    text = WORDS[script]
    half = text[: len(text) // 2]
    other = WORDS["Latin" if script != "Latin" else "Cyrillic"]
    found = groups(tmp_path, {"source": text, "other": other, "copy": f"{half} 7 8 9 10 11 12 13 14 15"})
    assert found == {"source": "source", "copy": "source", "other": "other"}


def test_case_accents_and_punctuation_make_no_new_text(tmp_path: Path) -> None:
    """Typography differs from site to site."""
    text = "Selon l'état-major, « des hommes » ont été filmés près du camp, à la tombée de la nuit, au nord"
    plain = "Selon l’etat-major des hommes ont ete FILMES pres du camp; a la tombee de la nuit - au nord."
    assert groups(tmp_path, {"a": text, "b": plain}) == {"a": "a", "b": "a"}


def test_a_common_quotation_makes_no_reprint(tmp_path: Path) -> None:
    """Two reports that quote the same sentence among much of their own stay two texts."""
    quote = (
        "we hope that those responsible will be found and punished as the law of the country asks of us all"
    )
    own = [" ".join(f"w{article}x{word}" for word in range(60)) for article in range(2)]
    assert groups(tmp_path, {"a": f"{own[0]} {quote}", "b": f"{quote} {own[1]}"}) == {"a": "a", "b": "b"}


@pytest.mark.parametrize("shared", [20, 30, 40])
def test_a_long_quotation_makes_short_texts_no_reprints(tmp_path: Path, shared: int) -> None:
    """Two notes of 60 words of their own that quote the same 20 to 40."""
    quote = " ".join(f"q{word}" for word in range(shared))
    own = [" ".join(f"w{article}x{word}" for word in range(60)) for article in range(2)]
    assert groups(tmp_path, {"a": f"{own[0]} {quote}", "b": f"{quote} {own[1]}"}) == {"a": "a", "b": "b"}


def test_a_quarter_of_wire_copy_is_told(tmp_path: Path) -> None:
    """A long text of its own with wire copy in it is told as such, be it taken for a reprint or not."""
    wire = [f"q{word}" for word in range(600)]
    own = " ".join(f"w{word}" for word in range(430))
    groups(tmp_path, {"wire": " ".join(wire), "long": f"{own} {' '.join(wire[:150])}"})
    found = query(
        tmp_path / "coverage.duckdb",
        "SELECT article_id, copied_from, copied_share FROM articles WHERE copied_from IS NOT NULL",
    )[1]
    assert found == [("long", "wire", pytest.approx(148 / 578, abs=0.01))]


def test_a_short_note_is_no_reprint_of_all_that_it_resembles(tmp_path: Path) -> None:
    """Eleven common 3-grams are less than a sentence, even if they are half of a note."""
    note = " ".join(f"n{word}" for word in range(13))
    assert groups(tmp_path, {"a": note, "b": f"{note} and so on"}) == {"a": "a", "b": "b"}


def test_a_digest_of_two_texts_does_not_weld_them(tmp_path: Path) -> None:
    """An article strung together from two texts belongs to the one it has most of; the two stay apart."""
    one, two = (" ".join(f"w{text}x{word}" for word in range(60)) for text in range(2))
    found = groups(tmp_path, {"one": one, "two": two, "both": f"{one} {two[:200]}"})
    assert found == {"one": "one", "two": "two", "both": "one"}


def test_a_text_in_many_outlets_is_one_group(tmp_path: Path) -> None:
    """Being frequent does not hide a text, and the first to print it stands for it."""
    texts = {f"copy{number}": f"{WORDS['Latin']} as outlet {number} adds" for number in range(80)}
    assert set(groups(tmp_path, texts).values()) == {"copy0"}


def test_against_the_wire_groups_of_the_coded_articles(tmp_path: Path) -> None:
    """Pairs of one wire group in the development set: F1 of at least 0.9."""
    records = [json.loads(line) for line in GOLD.read_text(encoding="utf-8").splitlines()]
    found = groups(tmp_path, {record["id"]: "\n".join(record["text"]) for record in records})
    pairs = [
        (
            bool(a.get("wire_group")) and a.get("wire_group") == b.get("wire_group"),
            found[a["id"]] == found[b["id"]],
        )
        for a, b in itertools.combinations(records, 2)
    ]
    hits, errors = pairs.count((True, True)), pairs.count((True, False)) + pairs.count((False, True))
    assert 2 * hits / (2 * hits + errors) >= 0.9


# Articles of the sample web that print one text: they were written so, some cut, some with own words.
SAMPLE_TEXTS = [
    {"harbour-gazette-01", "imaginary-lantern-01", "imaginary-lantern-05"},
    {"invented-continent-02", "imaginary-lantern-04"},
    {"invented-continent-07", "copycat-digest-05"},
    {"imaginary-lantern-02", "fabled-cedar-02", "fabled-cedar-05"},
    {"made-up-monitor-01", "copycat-digest-09"},
    {"copycat-digest-17", "quotidien-fictif-04", "echo-inexistant-15"},
    {"courrier-imaginaire-04", "echo-inexistant-01", "echo-inexistant-02"},
    {"courrier-imaginaire-05", "quotidien-fictif-10"},
    {"quotidien-fictif-02", "echo-inexistant-03", "djoliba-fictif-01"},
    {"quotidien-fictif-05", "echo-inexistant-16"},
    {"echo-inexistant-05", "djoliba-fictif-05"},
]


def test_against_the_texts_of_the_sample(sample_run: SampleRun) -> None:
    """Pairs of one text among the crawled pages of the sample: F1 of at least 0.9."""
    names = {canonical_url(article.url): article.article_id for article in truth(SAMPLE_PORT)}
    found = {
        names[url]: group
        for url, group in query(
            sample_run.folder.published_file, "SELECT canonical_url, reprint_group FROM articles"
        )[1]
    }
    pairs = [
        (any({one, other} <= text for text in SAMPLE_TEXTS), found[one] == found[other])
        for one, other in itertools.combinations(sorted(found), 2)
    ]
    hits, errors = pairs.count((True, True)), pairs.count((True, False)) + pairs.count((False, True))
    assert hits >= 15
    assert 2 * hits / (2 * hits + errors) >= 0.9


CREDITS: dict[str, str | None] = {
    "BAMAKO (AFP) - The staff said.": "AFP",
    "PARIS, April 22 (Reuters) - The staff said.": "Reuters",
    "The staff said.\n(Le Courrier avec AFP)": "AFP",
    "The staff said.\n© Agence France-Presse": "AFP",
    "The staff said.\nSource: The Associated Press": "AP",
    "The staff said.\nReuters": "Reuters",
    "BAMAKO, 22 April. /TASS/. The staff said.": "TASS",
    "МОСКВА, 22 апреля. /ТАСС/. В штабе заявили.": "TASS",
    "МОСКВА, 22 апр - РИА Новости. В штабе заявили.": "RIA Novosti",
    "قالت القيادة.\nالمصدر: فرانس برس": "AFP",
    "قالت القيادة. (رويترز)": "Reuters",
    "Madrid, 22 abr (EFE).- El estado mayor dijo.": "EFE",
    "MADRID 22 Abr. (EUROPA PRESS) - El estado mayor dijo.": "Europa Press",
    "The staff said.\nSource : Inventa, agence de presse fictive": "Inventa",
    "В штабе заявили.\nИсточник: вымышленное агентство «Инвента»": "Inventa",
    "قالت القيادة.\nالمصدر: وكالة إنفنتا الخيالية": "Inventa",
    "The staff told AFP that it knew nothing.": None,
    "A report seen by Reuters says so.": None,
    "The map shows where the camp was.": None,
}


def test_the_agency_that_a_text_credits(tmp_path: Path) -> None:
    """A credit names the agency; a mention of it as a witness does not."""
    found = agencies(tmp_path, {str(number): text for number, text in enumerate(CREDITS)})
    assert dict(zip(CREDITS, (found[str(number)] for number in range(len(CREDITS))), strict=True)) == CREDITS
