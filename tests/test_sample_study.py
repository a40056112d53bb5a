"""The main job, end to end: `gossi run` on the sample web, compared with the truth known from its labels."""

import csv
import re
import shutil
import subprocess
from collections import defaultdict
from pathlib import Path

import duckdb
import pytest

from gossi.analysis.codebook import load_codebook
from gossi.crawler.outcomes import Outcome
from gossi.crawler.sample.model import sample
from gossi.crawler.web.canonical import canonical_url
from tests.conftest import GOSSI, ROOT, SAMPLE_PORT, SampleRun, gossi
from tests.design import COVERAGE_COLUMNS
from tests.sample_truth import Expected, expected_coverage, expected_states, truth

SIDES_F1 = 0.80
"""Floor for the sample's sides; the matcher's own gate is tests/gold/floors.toml."""

TOPIC_RECALL = 0.98
"""Share of the sample's articles on topic that the coder calls so; tests/gold/floors.toml has its F1."""


KEPT = {Outcome.ON_TOPIC, Outcome.PAYWALL, Outcome.CONSENT_WALL}
"""What came of pages whose articles are in the store."""


def public_since() -> dict[str, tuple[object, str]]:
    """Claim → when it became public (UTC without zone) and how exactly that is known."""
    codebook = load_codebook(ROOT / "claims.toml")
    return {claim.id: (claim.public_since_utc, claim.public_precision) for claim in codebook.claims}


def read_coverage(study: Path) -> dict[tuple[str, str], dict[str, str]]:
    """(outlet, side) → row of coverage.csv."""
    with (study / "reports" / "coverage.csv").open(encoding="utf-8", newline="") as file:
        return {(row["outlet_id"], row["side"]): row for row in csv.DictReader(file)}


def fine(precision: str | None) -> str:
    """Precision as the states know it: to the minute or better, to the day, unknown."""
    return {"second": "minute", None: "unknown"}.get(precision, str(precision))


def counted() -> list[Expected]:
    """The on-topic articles that the sample's labels say must be in the figures."""
    return [article for article in truth(SAMPLE_PORT) if article.counted]


def missed(sample_run: SampleRun) -> set[str]:
    """Addresses of the articles on topic that the coder calls off topic."""
    with duckdb.connect(sample_run.folder.published_file, read_only=True) as con:
        rows = con.execute("SELECT canonical_url FROM articles WHERE on_topic").fetchall()
    called = {url for (url,) in rows}
    return {article.url for article in counted() if canonical_url(article.url) not in called}


def test_the_run_ends_as_it_should(sample_run: SampleRun) -> None:
    """One outlet of the sample cannot be read, so the run says so and ends with 3, without a traceback."""
    assert sample_run.result.returncode == 3, sample_run.result.stderr
    assert "shuttered-times" in sample_run.result.stderr
    assert "Traceback" not in sample_run.result.stderr
    assert sample_run.result.stdout.splitlines()[-1].endswith("index.html")


def test_every_address_has_the_fate_it_should(sample_run: SampleRun) -> None:
    """What came of each URL of the sample web is what its makers meant: nothing lost, nothing mistaken."""
    with duckdb.connect(sample_run.folder.store_file, read_only=True) as con:
        found = dict(con.execute("SELECT url, outcome FROM candidate").fetchall())
    wrong = {
        expected.url: (expected.fate.value, found.get(expected.url))
        for expected in truth(SAMPLE_PORT)
        if expected.fate is not Outcome.ROBOTS
        and not {found.get(url) for url in (expected.url, *expected.other_urls)} & {expected.fate.value}
    }
    assert wrong == {}


def test_articles_are_those_of_the_truth(sample_run: SampleRun) -> None:
    """The articles on topic are in the study with the outlets, dates and precision of the labels, exactly.

    Whether an article is on topic is the coder's word: right as often as the floor says, and no article that
    the labels call off topic is counted.
    """
    with duckdb.connect(sample_run.folder.published_file, read_only=True) as con:
        rows = con.execute(
            "SELECT canonical_url, outlet_id, published, published_precision, on_topic FROM articles"
        ).fetchall()
    found = {url: [outlet, published, fine(precision)] for url, outlet, published, precision, _ in rows}
    expected = {
        canonical_url(article.url): [article.outlet_id, article.published, fine(article.precision)]
        for article in counted()
    }
    assert {url: found.get(url) for url in expected} == expected
    assert {url for url, *_, called in rows if called} <= set(expected)
    assert len(missed(sample_run)) <= (1 - TOPIC_RECALL) * len(expected)


def test_coverage_counts_articles_and_states_exactly(sample_run: SampleRun) -> None:
    """All figures that do not hang on the matcher are exact, for each outlet and side."""
    rows = read_coverage(sample_run.folder.root)
    expected = expected_coverage(public_since(), SAMPLE_PORT, missed(sample_run))
    assert set(rows) == set(expected)
    names = {outlet.id: outlet for outlet in sample().outlet}
    for key, figures in expected.items():
        row, outlet = rows[key], names[key[0]]
        bloc = "aggregator" if outlet.aggregator else outlet.bloc
        assert (row["outlet"], row["bloc"], row["country"]) == (outlet.name, bloc, outlet.country)
        assert [int(row[name]) for name in ("articles", "eligible", "not_yet_public", "not_observable")] == [
            figures.articles,
            figures.eligible,
            figures.not_yet_public,
            figures.not_observable,
        ], key
        assert int(row["included"]) + int(row["omitted"]) == int(row["eligible"])
        assert (row["share_included"] == "") is (figures.eligible == 0)


def test_what_hangs_on_the_matcher_is_within_its_quality(sample_run: SampleRun) -> None:
    """Included sides agree with the labels at least as well as the floor says."""
    with duckdb.connect(sample_run.folder.published_file, read_only=True) as con:
        rows = con.execute(
            "SELECT canonical_url, split_part(claim_id, '.', 1), state = 'included' FROM codings "
            "JOIN articles USING (article_id) WHERE state IN ('included', 'omitted')"
        ).fetchall()
    found: dict[tuple[str, str], bool] = defaultdict(bool)
    for url, side, included in rows:
        found[url, side] |= included
    known: dict[tuple[str, str], bool] = defaultdict(bool)
    for cell in expected_states(public_since(), SAMPLE_PORT, missed(sample_run)):
        if cell.state in {"included", "omitted"}:
            known[canonical_url(cell.article.url), cell.claim_id.split(".")[0]] |= cell.state == "included"
    assert set(found) == set(known)
    both = sum(found[key] and known[key] for key in known)
    f1 = 2 * both / (sum(found.values()) + sum(known.values()))
    assert f1 >= SIDES_F1


def test_csv_files_open_in_another_reader(sample_run: SampleRun) -> None:
    """Python's own reader, which wrote none of them, gets the documented columns and as many rows."""
    reports = sample_run.folder.reports
    for name in ("coverage", "coverage_by_bloc", "coverage_by_claim", "codings"):
        file = reports / f"{name}.csv"
        with file.open(encoding="utf-8", newline="") as lines:
            rows = list(csv.reader(lines))
        read = duckdb.read_csv(str(file), header=True, all_varchar=True)
        assert read.columns == rows[0]
        assert len(read.fetchall()) == len(rows) - 1 > 0
        assert all(len(row) == len(rows[0]) for row in rows)
    assert duckdb.read_csv(str(reports / "coverage.csv")).columns == COVERAGE_COLUMNS


def test_every_included_cell_leads_to_a_sentence_in_a_capture(sample_run: SampleRun) -> None:
    """Each included coding has a mention, and the text of its version holds it at the offsets given."""
    with duckdb.connect(sample_run.folder.published_file, read_only=True) as con:
        bare = con.execute(
            "SELECT count(*) FROM codings WHERE state = 'included' AND NOT EXISTS (FROM mentions "
            "WHERE mentions.claim_id = codings.claim_id AND mentions.version_id = codings.version_id)"
        ).fetchone()
        rows = con.execute(
            "SELECT m.text, m.char_start, m.char_end, m.place, v.headline, v.text, c.warc_file "
            "FROM mentions m JOIN versions v USING (version_id) JOIN captures c USING (capture_id)"
        ).fetchall()
    assert bare == (0,)
    assert rows
    for text, start, end, place, headline, body, warc in rows:
        assert (headline if place == "headline" else body)[start:end] == text
        assert (sample_run.folder.captures / warc).is_file()


def test_what_a_web_archive_has_as_well_is_taken_once(sample_run: SampleRun) -> None:
    """The run read the file that the study names; its articles were there already, and none counts twice."""
    outlet = sample().outlet[0].id
    with duckdb.connect(sample_run.folder.published_file, read_only=True) as con:
        scans = con.execute("SELECT pages, articles, problems FROM scans").fetchall()
        found = con.execute(
            "SELECT outlet_id, outcome, count(*) FROM store.attempt WHERE via = 'scan' GROUP BY ALL"
        ).fetchall()
        kept = con.execute("SELECT count(*) FROM store.article WHERE outlet_id = ?", [outlet]).fetchone()
    articles = [each for each in truth(SAMPLE_PORT) if each.outlet_id == outlet and each.fate in KEPT]
    assert [(count, problems) for _, count, problems in scans] == [(len(articles), [])]
    assert scans[0][0] > len(articles)
    assert found == [(outlet, "on_topic", len(articles))]
    assert kept == (len(articles),)


def test_the_page_says_what_stood_in_the_way(sample_run: SampleRun) -> None:
    """Each outlet's row accounts for all its refused and failed pages, and for an outlet never let in."""
    page = (sample_run.folder.reports / "index.html").read_text(encoding="utf-8")
    seen = page[page.index('<section id="seen"') :]
    seen = seen[: seen.index("</table>")]
    rows = [re.sub(r"<[^>]*>", "|", row) for row in re.findall(r"<tr><th scope=\"row\">(.*?)</tr>", seen)]
    assert len(rows) == len(sample().outlet)
    for row in rows:
        *_, refused, failed, _not_asked, _on_topic, why = re.findall(r"(?<=\|)[^|]+|(?<=\|)(?=\|$)", row)
        named = sum(int(number) for number in re.findall(r"(\d+) (?!gap)", why))
        assert named == int(refused) + int(failed), row
    assert [row for row in rows if row.startswith("The Shuttered Times") and "1 gap" in row]


def test_a_second_run_changes_nothing(sample_run: SampleRun) -> None:
    """Nothing is fetched again, no version is added, coverage.csv is the same byte for byte.

    A page that refuses again is no second page.
    """
    coverage = sample_run.folder.reports / "coverage.csv"
    before = coverage.read_bytes()
    of_pages = "SELECT * EXCLUDE gaps FROM collection_by_outlet ORDER BY outlet_id"
    with duckdb.connect(sample_run.folder.published_file, read_only=True) as con:
        seen = con.execute(of_pages).fetchall()
    with duckdb.connect(sample_run.folder.store_file, read_only=True) as con:
        versions = con.execute("SELECT count(*) FROM version").fetchone()
        pages = {
            url for (url,) in con.execute("SELECT url FROM candidate WHERE outcome = 'on_topic'").fetchall()
        }
    asked = len(sample_run.web.requests)
    assert gossi("run", study=sample_run.folder.root).returncode == 3
    again = {request.path for request in sample_run.web.requests[asked:]}
    assert not [url for url in pages if "/" + url.split("/", 3)[3] in again]
    with duckdb.connect(sample_run.folder.store_file, read_only=True) as con:
        assert con.execute("SELECT count(*) FROM version").fetchone() == versions
    assert coverage.read_bytes() == before
    with duckdb.connect(sample_run.folder.published_file, read_only=True) as con:
        assert con.execute(of_pages).fetchall() == seen


@pytest.mark.long(25)
def test_queries_work_while_a_run_is_going_on(sample_run: SampleRun) -> None:
    """A reader holds the published database open during a run, and `gossi sql` answers."""
    study = sample_run.folder.root
    with duckdb.connect(sample_run.folder.published_file, read_only=True) as reader:
        running = subprocess.Popen(
            [GOSSI, "run", "--study", study], stdout=subprocess.DEVNULL, stderr=subprocess.PIPE, text=True
        )
        answers = 0
        while running.poll() is None:
            result = gossi("sql", "--csv", "SELECT count(*) AS rows FROM coverage", study=study)
            assert result.returncode == 0, result.stderr
            assert reader.execute("SELECT count(*) FROM coverage").fetchone() is not None
            answers += 1
        assert running.returncode == 3
    assert answers > 0


@pytest.mark.long(20)
def test_a_rerun_from_the_captures_alone_gives_the_same_coverage(
    sample_run: SampleRun, tmp_path: Path
) -> None:
    """`gossi import` of the WARC files alone into an empty study leads to the same figures."""
    for name in ("sources.toml", "claims.toml", "coder.json"):
        (tmp_path / name).write_bytes((sample_run.folder.root / name).read_bytes())
    shutil.copytree(sample_run.folder.lexicon, tmp_path / "lexicon")
    warcs = [str(path) for path in sorted(sample_run.folder.captures.rglob("*.warc.gz"))]
    assert gossi("import", *warcs, study=tmp_path).returncode == 0
    assert gossi("analyse", study=tmp_path).returncode == 0
    assert gossi("report", study=tmp_path).returncode == 0
    assert (tmp_path / "reports" / "coverage.csv").read_bytes() == (
        sample_run.folder.reports / "coverage.csv"
    ).read_bytes()


@pytest.mark.parametrize("option", [[], ["--csv"], ["--json"]])
def test_sql_shows_coverage_in_each_form(sample_run: SampleRun, option: list[str]) -> None:
    """`gossi sql "SELECT * FROM coverage"` works in every form."""
    result = gossi("sql", *option, "SELECT * FROM coverage", study=sample_run.folder.root)
    assert result.returncode == 0, result.stderr
    assert "hrw" in result.stdout
