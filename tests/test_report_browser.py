"""The report page in a real browser: filter, link, two clicks to the evidence, hostile texts, dark, phone.

The browser is the distribution's Chromium with its driver; without them these tests are left out, and say how
to get them.
"""

import json
import math
import re
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import duckdb
import pytest
from selenium import webdriver
from selenium.webdriver.common.by import By
from selenium.webdriver.common.keys import Keys
from selenium.webdriver.remote.webdriver import WebDriver
from selenium.webdriver.support.ui import WebDriverWait

from benchmarks.measuring import generate
from gossi.analysis.measuring.publish import publish
from gossi.analysis.measuring.query import query
from gossi.analysis.report import facts
from gossi.analysis.report.html import ReportWords
from gossi.analysis.report.write import write_report
from gossi.analysis.review.codings import Label, PersonsCoding, append_coding
from gossi.analysis.review.draw import draw_sample
from tests.test_review_browser import CHROMIUM, DRIVER, browser, violations

__all__ = ["browser"]
pytestmark = [
    pytest.mark.skipif(
        not (CHROMIUM and DRIVER),
        reason="NO BROWSER: the report page is NOT tested; apt-get install chromium chromium-driver",
    ),
    pytest.mark.long(60),
]

EVIL = "</script><img src=x onerror=\"document.title='broken'\"><b>&amp;{{7*7}}'"
TURNED = "before\u202eafter\u2066\x07"
ARABIC = "يقول الجيش إن الجنود دفنوا الجثث قرب القاعدة"
LONG = "Donaudampfschifffahrtselektrizitätenhauptbetriebswerkbauunterbeamtengesellschaftsvorstand"


def build(folder: Path) -> Path:
    """A study of 240 articles of 24 outlets, half of them coded by people, with texts that mean harm."""
    folder.mkdir()
    generate(folder / "store.duckdb", 240, 40)
    with duckdb.connect(folder / "store.duckdb") as con:
        for table in ("article", "attempt"):
            con.execute(f"UPDATE {table} SET outlet_id = 'outlet' || outlet_id[7:]::INTEGER % 24")  # noqa: S608
        con.execute("DELETE FROM outlet WHERE outlet_id[7:]::INTEGER >= 24")
        # Countries and owners by the outlet's number, so that each has some of each bloc.
        number = "outlet_id[7:]::INTEGER // 8"
        con.execute(
            f"UPDATE outlet SET country = (['FR', 'GB', 'ML'])[1 + {number} % 3],"  # noqa: S608 - our own
            f" ownership = (['private', 'public', 'state'])[1 + {number} % 5 % 3]"
        )
        for part, text in enumerate((EVIL, TURNED, ARABIC, LONG)):
            some = f"hash(version_id, 7) % 8 = {part}"
            con.execute(f"UPDATE version SET headline = $1 WHERE {some}", [text])  # noqa: S608 - the test's own
            con.execute(f"UPDATE mention SET text = $1, matched = $1 WHERE {some}", [text])  # noqa: S608
        con.execute("UPDATE outlet SET name = $1 WHERE outlet_id = 'outlet1'", [EVIL])
        con.execute("UPDATE outlet SET name = $1 WHERE outlet_id = 'outlet2'", [TURNED])
        con.execute("UPDATE article SET canonical_url = 'javascript:alert(1)//' || article_id"
                    " WHERE hash(article_id, 8) % 5 = 0")  # fmt: skip
        con.execute("UPDATE claim SET statement = $1 WHERE position = 2", [f"A claim {EVIL}"])
    publish(folder / "store.duckdb", folder / "coverage.duckdb")
    draw_sample(folder / "coverage.duckdb", folder / "draws", 120, ("bloc",), seed=7)
    (draw,) = (folder / "draws").iterdir()
    code(draw, folder / "coverage.duckdb")
    publish(folder / "store.duckdb", folder / "coverage.duckdb", draws=folder / "draws")
    return folder / "coverage.duckdb"


def code(draw: Path, published: Path) -> None:
    """Let a person code the sample: as the program does, but that every fifth claim is not found."""
    _, rows = query(
        published,
        "SELECT article_id, version.digest, list(claim_id ORDER BY claim_id) FILTER (state = 'included')"
        " FROM codings JOIN (SELECT version_id, digest FROM versions) AS version USING (version_id)"
        " GROUP BY ALL",
    )
    found = {(article, version): claims or [] for article, version, claims in rows}
    claims = [claim for (claim,) in query(published, "SELECT claim_id FROM claims")[1]]
    drawn = json.loads((draw / "draw.json").read_text(encoding="utf-8"))["articles"]
    for number, article in enumerate(drawn):
        seen = found.get((article["article"], article["version"]), [])
        labels = {
            claim: Label(stance="attributed", sentences=[0])
            for no, claim in enumerate(seen)
            if (number + no) % 5
        }
        append_coding(
            draw,
            PersonsCoding(
                id=article["article"], version=article["version"], coder="ada", mode="sample",
                time=datetime(2026, 11, 3, tzinfo=UTC), on_topic=True, labels=labels,
                claims=dict.fromkeys(claims, "1"),
            ),
        )  # fmt: skip


@pytest.fixture(scope="module")
def published(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The study, built once."""
    return build(tmp_path_factory.mktemp("page") / "study")


@pytest.fixture(scope="module")
def address(published: Path) -> str:
    """Where its page lies on this disk."""
    out = published.with_name("reports")
    write_report(published, out, words=ReportWords(f"A study {EVIL}", None, f"An affair {TURNED}"))
    return (out / "index.html").as_uri()


@pytest.fixture
def page(browser: WebDriver, address: str) -> Iterator[WebDriver]:
    """The page as a reader opens it, on a wide screen in the light."""
    look(browser, 1200)
    browser.get("about:blank")
    browser.get(address)
    yield browser
    assert [line["message"] for line in browser.get_log("browser")] == []  # type: ignore[no-untyped-call]


def look(browser: WebDriver, width: int, scheme: str = "light") -> None:
    """Set the screen's width and what the reader's system prefers."""
    browser.execute_cdp_cmd(  # type: ignore[attr-defined]
        "Emulation.setDeviceMetricsOverride",
        {"width": width, "height": 900, "deviceScaleFactor": 1, "mobile": width < 500},
    )
    features = [
        {"name": "prefers-color-scheme", "value": scheme},
        {"name": "prefers-reduced-motion", "value": "reduce"},
    ]
    browser.execute_cdp_cmd("Emulation.setEmulatedMedia", {"features": features})  # type: ignore[attr-defined]


CELLS = """
return [...document.querySelectorAll(".picture tr[data-party], .grid tr[data-party]")]
  .filter(row => row.checkVisibility()).flatMap(row => [...row.querySelectorAll("a.cell")]
    .filter(cell => cell.checkVisibility())
    .map(cell => [row.dataset.party, cell.dataset.unit, cell.getAttribute("aria-label")]));
"""


def cells(page: WebDriver) -> dict[tuple[str, str], str]:
    """What every cell on the page says."""
    return {(party, side): label for party, side, label in page.execute_script(CELLS)}


def go(page: WebDriver, **filters: str) -> None:
    """Follow a link to a view."""
    page.execute_script("location.hash = new URLSearchParams(arguments[0])", filters)
    WebDriverWait(page, 30).until(
        lambda b: b.execute_script("return filledBy === addressOf(address().filter)")
    )


FILTERS: list[tuple[dict[str, str], str]] = [
    ({"bloc": "western"}, "bloc = 'western'"),
    ({"country": "FR"}, "country = 'FR'"),
    ({"language": "ar"}, "language = 'ar'"),
    ({"ownership": "state"}, "ownership = 'state'"),
    ({"outlet": "outlet7"}, "outlet_id = 'outlet7'"),
    ({"from": "2022-04-25", "to": "2022-05-02"}, "published::DATE BETWEEN '2022-04-25' AND '2022-05-02'"),
    ({"originals": "1"}, "original"),
    ({"people": "1"}, "true"),
    ({"claim": "russia.claim1"}, "side <> 'russia' OR claim_id = 'russia.claim1'"),
    ({"language": "fr", "originals": "1", "to": "2022-05-05"},
     "language = 'fr' AND original AND published::DATE <= '2022-05-05'"),
]  # fmt: skip

CELL = """
WITH told AS (
    SELECT told.*, counted_as AS bloc, country, ownership, language, published, group_no,
           source_no IS NULL AS original
    FROM (SELECT article_no, claim_id, side, state FROM measured.{table}) AS told
    JOIN measured.article USING (article_no)
    JOIN measured.reprint USING (article_no)
    JOIN measured.outlet USING (outlet_id)
),
cell AS (
    SELECT article_no, side, bloc, outlet_id, group_no,
           CASE WHEN bool_or(state = 'included') THEN 'included'
                WHEN bool_or(state = 'omitted') THEN 'omitted'
                WHEN bool_or(state = 'not_yet_public') THEN 'early' ELSE 'unseen' END AS state
    FROM (SELECT told.*, outlet_id FROM told JOIN measured.article USING (article_no))
    WHERE {where}
    GROUP BY ALL
),
owned AS (
    SELECT 'b:' || bloc AS party, * FROM cell
    UNION ALL SELECT 'b:all', * FROM cell
    UNION ALL SELECT 'o:' || outlet_id, * FROM cell
),
copies AS (
    SELECT party, side, sum(n * n) AS squares
    FROM (SELECT party, side, group_no, count(*) AS n FROM owned
          WHERE state IN ('included', 'omitted') GROUP BY ALL)
    GROUP BY ALL
)
SELECT party, side, count(*) FILTER (state = 'included'), count(*) FILTER (state = 'omitted'),
       count(*) FILTER (state = 'early'), count(*) FILTER (state = 'unseen'), any_value(squares)
FROM owned LEFT JOIN copies USING (party, side)
GROUP BY ALL
"""


def spoken(row: tuple[Any, ...], estimate: tuple[float, float, float] | None) -> str:
    """What a cell has to say for the counts of a row of CELL, without the page's own code."""
    party, _, included, omitted, early, unseen, squares = row
    eligible = included + omitted
    if party.startswith("o:"):
        return f"{included} included, {omitted} omitted, {early} not yet public, {unseen} not observable"
    if not eligible:
        return f"no article that could have given it; {early} not yet public, {unseen} not observable"
    share, low, high = estimate or (included / eligible, *wilson(included / eligible, eligible**2 / squares))
    step = 5 if high - low > 0.2 else 1
    shown = math.floor(share * 100 / step + 0.5) * step
    ends = [math.floor(end * 100 + 0.5) for end in (low, high)]
    kind = "estimated from articles that people read" if estimate else "a program’s count"
    return (
        f"{included} of {eligible} articles give it, {shown}%, {ends[0]}% to {ends[1]}%, {kind}; "
        f"{early} not yet public, {unseen} not observable"
    )


def wilson(share: float, texts: float) -> tuple[float, float]:
    """Wilson's 95 % interval (1927), of the roots of its quadratic."""
    z2 = 1.959964**2
    a, b, c = 1 + z2 / texts, -(2 * share + z2 / texts), share**2
    root = math.sqrt(max(0.0, b * b - 4 * a * c))
    return max(0.0, round((-b - root) / (2 * a), 6)), min(1.0, round((-b + root) / (2 * a), 6))


def estimates(published: Path, filters: dict[str, str]) -> dict[tuple[str, str], tuple[float, float, float]]:
    """What SQL has estimated of the slice that a filter leaves, by party and side."""
    if len(filters) > 1 or set(filters) - {"bloc", "language"}:
        return {}
    _, rows = query(
        published,
        "SELECT kind, party, side, share_corrected, corrected_low, corrected_high FROM estimates"
        " WHERE kind IN ('all', 'bloc') AND claim_id IS NULL AND share_corrected IS NOT NULL"
        " UNION ALL SELECT 'language', language, side, share_corrected, corrected_low, corrected_high"
        " FROM estimates_by_language",
    )
    told = {(kind, party, side): tuple(values) for kind, party, side, *values in rows}
    (name, value), *_ = [*filters.items(), ("all", "all")]
    slices = {("b:all", side): values for (*slice_, side), values in told.items() if slice_ == [name, value]}
    blocs = {("b:" + party, side): values for (kind, party, side), values in told.items() if kind == "bloc"}
    return slices | (blocs if name != "language" else {})


def test_ten_filters_count_what_sql_counts(page: WebDriver, published: Path) -> None:
    """To the last digit shown, for every bloc, outlet and side; and the page as it came."""
    for filters, where in [({}, "true"), *FILTERS]:
        go(page, **filters)
        table = "judged" if "people" in filters else "coding"
        rows = query(published, CELL.format(table=table, where=where))[1]
        assert len(rows) > 4
        told = estimates(published, filters)
        shown = cells(page)
        if filters.get("claim"):
            rows = [row for row in rows if row[1] == "russia"]
        assert set(shown) == {row[:2] for row in rows}, filters
        for row in rows:
            assert spoken(row, told.get(row[:2])) in shown[row[:2]], (filters, row)
    go(page)
    again = cells(page)
    page.refresh()
    assert cells(page) == again
    assert estimates(published, {})


def test_a_view_is_set_by_hand_linked_and_taken_back(page: WebDriver) -> None:
    """By keyboard alone; the address has it; what cannot follow is folded away; nonsense there is nothing."""
    page.find_element(By.CSS_SELECTOR, "#filter summary").send_keys(Keys.ENTER)
    page.find_element(By.NAME, "language").send_keys("French")
    page.find_element(By.NAME, "originals").send_keys(Keys.SPACE)
    WebDriverWait(page, 10).until(lambda b: b.current_url.endswith("#language=fr&originals=1"))
    some = cells(page)
    told = page.find_element(By.CSS_SELECTOR, "#filter output").text
    assert re.match(r"\d+ of 240 articles – Language: French · Originals only", told)
    assert not page.find_element(By.ID, "seen").is_displayed()
    url = page.current_url
    page.get("about:blank")
    page.get(url)
    assert cells(page) == some
    page.find_element(By.CSS_SELECTOR, "#filter button").click()
    WebDriverWait(page, 10).until(lambda b: len(cells(b)) > len(some))
    assert page.find_element(By.ID, "seen").is_displayed()
    everything = cells(page)
    go(page, bloc="<b>", language="xx", **{"from": "then"}, cell="o:nobody/mali")
    assert cells(page) == everything


def test_two_clicks_from_a_cell_to_its_sentence(page: WebDriver, published: Path) -> None:
    """A cell, an article: its sentences, claims, dates, links and capture; those that left it out too."""
    rows = query(
        published,
        "SELECT outlet_id, side, url, evidence, claims.statement, warc_file, warc_offset, digest"
        " FROM codings JOIN claims USING (claim_id, side)"
        " WHERE state = 'included' AND url LIKE 'https%' AND evidence LIKE 'Sentence%' ORDER BY url LIMIT 1",
    )[1]
    ((outlet, side, url, sentence, claim, file, offset, digest),) = rows
    page.find_element(By.CSS_SELECTOR, f"tr[data-party='o:{outlet}'] a[data-unit='{side}']").click()
    reader = page.find_element(By.ID, "reader")
    WebDriverWait(page, 10).until(lambda b: reader.find_elements(By.CSS_SELECTOR, ".article"))
    for article in reader.find_elements(By.CSS_SELECTOR, ".article:not([open]) > summary"):
        article.send_keys(Keys.ENTER)
    WebDriverWait(page, 10).until(lambda b: digest in reader.text)
    for part in (sentence, claim, file, f"from byte {offset}", "The claim was public since"):
        assert part in reader.text
    links = [link.get_attribute("href") for link in reader.find_elements(By.CSS_SELECTOR, ".capture a")]
    assert {url, f"https://web.archive.org/web/20261101000000/{url}"} <= set(links)
    left_out = reader.find_element(By.CSS_SELECTOR, ".tabs a.omitted")
    number = int(re.findall(r"\((\d+)\)", left_out.text)[0])
    left_out.click()
    WebDriverWait(page, 10).until(lambda b: len(reader.find_elements(By.CSS_SELECTOR, ".article")) == number)
    webdriver.ActionChains(page).send_keys(Keys.ESCAPE).perform()
    WebDriverWait(page, 10).until(lambda b: not reader.is_displayed())


def test_hostile_texts_stay_texts(page: WebDriver) -> None:
    """Headlines, names, claims, sentences and addresses that would run, link or turn what follows."""
    go(page, cell="b:all/mali", state="included")
    WebDriverWait(page, 30).until(lambda b: len(b.find_elements(By.CSS_SELECTOR, "#reader .article")) >= 20)
    page.execute_script("for (const a of document.querySelectorAll('#reader .article')) a.open = true;")
    WebDriverWait(page, 30).until(lambda b: len(b.find_elements(By.CSS_SELECTOR, "#reader .capture")) >= 20)
    text = page.execute_script("return document.documentElement.textContent")
    assert EVIL in page.find_element(By.ID, "reader").text
    assert "before⟨U+202E⟩after⟨U+2066⟩⟨U+0007⟩" in text
    assert not page.execute_script("return document.querySelectorAll('body img, body b b').length")
    assert page.title.startswith("A study </script>")
    shown = page.execute_script("return document.body.innerText")
    assert not re.search("[\u202a-\u202e\u2066-\u2069\x07]", shown)
    links = page.execute_script("return [...document.links].map(link => link.protocol)")
    assert set(links) <= {"https:", "file:"}
    assert "javascript:alert(1)//" in page.find_element(By.ID, "reader").text
    arabic = next(
        quote
        for quote in page.find_elements(By.CSS_SELECTOR, "#reader blockquote")
        if quote.text.strip("… ").startswith(ARABIC[:8])
    )
    assert page.execute_script("return getComputedStyle(arguments[0]).direction", arabic) == "rtl"


@pytest.mark.parametrize(("width", "scheme"), [(1200, "dark"), (400, "light")])
def test_everybody_can_read_it(page: WebDriver, width: int, scheme: str) -> None:
    """No violation of WCAG that axe finds, all parts open, and in the reader; nothing is too wide."""
    look(page, width, scheme)
    page.execute_script("for (const part of document.querySelectorAll('main details')) part.open = true;")
    page.set_script_timeout(120)
    assert violations(page) == []
    assert page.execute_script("return document.documentElement.scrollWidth") <= width
    go(page, cell="o:outlet1/mali", state="included")
    WebDriverWait(page, 30).until(lambda b: b.find_elements(By.CSS_SELECTOR, "#reader .article"))
    page.execute_script("document.querySelector('#reader .article').open = true;")
    assert violations(page) == []


def test_without_a_script_tables_and_pictures_stand(page: WebDriver, address: str) -> None:
    """And the reader is told what is missing."""
    page.execute_cdp_cmd("Emulation.setScriptExecutionDisabled", {"value": True})  # type: ignore[attr-defined]
    try:
        page.get(address)
        text = page.find_element(By.TAG_NAME, "body").text
        assert "codings.csv" in text
        assert len(page.find_elements(By.CSS_SELECTOR, ".picture .dots .mark")) >= 20
        assert len(page.find_elements(By.CSS_SELECTOR, ".drawing > svg")) >= 5
        assert not page.find_element(By.ID, "filter").is_displayed()
    finally:
        page.execute_cdp_cmd("Emulation.setScriptExecutionDisabled", {"value": False})  # type: ignore[attr-defined]


def test_it_prints_as_a_report(page: WebDriver) -> None:
    """The first pages have the question, the answer, the picture and the matrix; no filter, no navigation."""
    page.execute_cdp_cmd("Emulation.setEmulatedMedia", {"media": "print"})  # type: ignore[attr-defined]
    try:
        assert not page.find_element(By.ID, "filter").is_displayed()
        assert not page.find_element(By.TAG_NAME, "nav").is_displayed()
        assert page.find_element(By.CSS_SELECTOR, ".picture").is_displayed()
    finally:
        page.execute_cdp_cmd("Emulation.setEmulatedMedia", {"media": ""})  # type: ignore[attr-defined]


def test_evidence_beside_the_page_is_loaded_when_asked_for(
    browser: WebDriver, published: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """From a disk too; where its file is missing the reader says so, and nothing else is lost."""
    monkeypatch.setattr(facts, "_IN_PAGE", 10_000)
    monkeypatch.setattr(facts, "_AT_ONCE", 100)
    monkeypatch.setattr("gossi.analysis.report.write.as_png", lambda svg: b"")
    files = write_report(published, tmp_path)
    apart = [file for file in files if file.suffix == ".js"]
    assert len(apart) > 2
    browser.get((tmp_path / "index.html").as_uri())
    loaded = "return performance.getEntriesByType('resource').length"
    assert browser.execute_script(loaded) == 0
    go(browser, cell="b:western/mali", state="included")
    WebDriverWait(browser, 30).until(lambda b: b.find_elements(By.CSS_SELECTOR, "#reader .article"))
    assert browser.execute_script("return typeof readEvidence") == "function"
    for file in apart:
        file.unlink()
    browser.refresh()
    WebDriverWait(browser, 30).until(lambda b: "could not be read" in b.find_element(By.ID, "reader").text)
    browser.get_log("browser")  # type: ignore[no-untyped-call] # has that a file was not found
