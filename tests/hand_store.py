"""A small store made by hand, whose figures a person can count on paper. Outlets and texts are fictional.

The articles, in the order in which they appeared, with the state of each claim (+ included, - omitted,
n not yet public, o not observable):

    article  outlet   published, UTC  burial     blame       inquiry    probe      killings   of note
    a1       courier  21 April 12:00  n          n           n          n          -
    a2       courier  21 April 19:00  + attrib.  n           n          n          -          credits AFP
    a3       herald   22 April        + attrib.  n           n          n          -          copies a2
    a4       herald   23 April 08:00  + assert.  + disputed  -          + attrib.  -          2 versions
    a5       voix     23 April 09:00  -          + assert.   + attrib.  + attrib.  + attrib.
    a6       voix     unknown         o          o           o          o          o
    a7       courier  24 April        o          o           o          o          o          paywall
    a8       scraper  24 April 10:00  + attrib.  -           -          -          -          copies a2
    a9       voix     25 April 10:00  o          o           o          o          o          Swahili
    a10      herald   25 April 10:00  not on topic
    a11      herald   26 April        -          -           -          -          -

Of the outlets, `silent` has no article, and `former` is listed no more.
"""

from collections.abc import Iterable
from datetime import datetime
from pathlib import Path

import duckdb

ROOT = Path(__file__).parents[1]
STORE_SCHEMA = ROOT / "crawler" / "store" / "schema.sql"
CODING_SCHEMA = ROOT / "analysis" / "coding" / "schema.sql"

WIRE = (
    "The staff of the northern army showed pictures that a drone took above the old camp on Thursday. "
    "They show some ten white men, it says, who cover a dozen bodies with sand near the fence of the camp. "
    "The staff speaks of a staged scene and of men in the pay of a private company from abroad. "
    "Nobody else was able to visit the place on Friday, as the road to the town is closed to all traffic. "
    "The camp was handed over on Tuesday in a ceremony that lasted less than an hour, officers said."
)
ABRIDGED = WIRE[: WIRE.index("Nobody")].strip()
SEEN = "They show some ten white men, it says, who cover a dozen bodies with sand."
OWN = {
    "a1": "The last lorries left the old camp at noon. The handover went without incident, a spokesman said.",
    "a4": "The capital says that the northern army killed the men. The staff calls that a lie. "
    "Moscow backs the inquiry that the capital has opened. "
    "Pictures show who really buried the bodies there.",
    "a4-1": "Pictures show who really buried the bodies there. The capital has not answered so far.",
    "a5": "The northern army left this grave behind. "
    "The prosecutor opens an inquiry into the grave, he says. "
    "Moscow welcomes the inquiry and hopes for a fair judgement. "
    "The monitors count three hundred dead in March.",
    "a6": "A page about the grave that bears no date at all, and nothing tells when it was written.",
    "a7": "Subscribe to read on about the grave.",
    "a9": "Oneko wa oneko, gossi kaburi kubwa, na habari nyingine nyingi za siku hii ya leo.",
    "a11": "What is known of the grave, and what is not: an expert explains it.",
    "a10": "Gossi is also the name of a lake where birds rest in winter, a visitor writes in his diary.",
}

OUTLETS = [
    # id, name, domain, country, bloc, ownership, languages, aggregator, listed
    ("courier", "The Fictional Courier", "courier.example", "GB", "western", "private", ["en"], False, True),
    ("former", "Former Gazette", "former.example", "DE", "western", "private", ["de"], False, False),
    ("herald", "Invented Herald", "herald.example", "US", "western", "public", ["en", "fr"], False, True),
    ("scraper", "Scraped Daily", "scraper.example", "XX", "western", "unknown", ["en"], True, True),
    ("silent", "Silent Post", "silent.example", "FR", "western", "private", ["fr"], False, True),
    ("voix", "Voix imaginaire", "voix.example", "ML", "malian", "private", ["fr"], False, True),
]
SIDES = [
    ("mali", "Mali", 1),
    ("russia", "Russia", 2),
    ("france", "France", 3),
    ("hrw", "Human Rights Watch", 4),
]
CLAIMS = [
    # id, side, paragraph, public_since, precision, statement, source, position
    ("mali.blame", "mali", 2, "2022-04-22 18:00", "minute", "The northern army did it.", "wire", 1),
    ("mali.inquiry", "mali", 2, "2022-04-22 18:00", "minute", "Mali opens an inquiry.", "wire", 2),
    ("russia.probe", "russia", 2, "2022-04-22 00:00", "day", "Moscow backs the inquiry.", "ministry", 3),
    ("france.burial", "france", 3, "2022-04-21 18:00", "minute", "Pictures show a burial.", "wire", 4),
    ("hrw.killings", "hrw", 4, "2022-04-05 00:00", "day", "Three hundred were killed in March.", "report", 5),
]
ARTICLES = [
    # id, outlet, published, precision
    ("a1", "courier", "2022-04-21 12:00", "minute"),
    ("a2", "courier", "2022-04-21 19:00", "minute"),
    ("a3", "herald", "2022-04-22 00:00", "day"),
    ("a4", "herald", "2022-04-23 08:00", "second"),
    ("a5", "voix", "2022-04-23 09:00", "minute"),
    ("a6", "voix", None, "unknown"),
    ("a7", "courier", "2022-04-24 00:00", "day"),
    ("a8", "scraper", "2022-04-24 10:00", "minute"),
    ("a9", "voix", "2022-04-25 10:00", "minute"),
    ("a10", "herald", "2022-04-25 10:00", "minute"),
    ("a11", "herald", "2022-04-26 00:00", "day"),
]
VERSIONS = [
    # article, number, language, headline, text, observability, on_topic, codable
    ("a1", 1, "en", "French troops leave", OWN["a1"], "full", True, True),
    ("a2", 1, "en", "Drone pictures of the grave", f"CAMP TOWN (AFP) - {WIRE}", "full", True, True),
    ("a3", 1, "en", "A staged grave", ABRIDGED, "full", True, True),
    ("a4", 1, "en", "=Who buried them?", OWN["a4-1"], "full", True, True),
    ("a4", 2, "en", "=Who buried them?", OWN["a4"], "full", True, True),
    ("a5", 1, "fr", "Un charnier laissé", OWN["a5"], "full", True, True),
    ("a6", 1, "fr", "Sans date", OWN["a6"], "full", True, True),
    ("a7", 1, "en", "For subscribers", OWN["a7"], "paywall", True, True),
    ("a8", 1, "en", "Drone pictures of the grave", WIRE, "full", True, True),
    ("a9", 1, "sw", "Kaburi", OWN["a9"], "full", True, False),
    ("a10", 1, "en", "Birds of the lake", OWN["a10"], "full", False, True),
    ("a11", 1, "en", "How bodies are dated", OWN["a11"], "full", True, True),
]
MENTIONS = [
    # version, claim, sentence, place, text, score, stance, confirmed
    (
        "a1-1",
        "france.burial",
        0,
        "lead",
        "The last lorries left the old camp at noon.",
        20.0,
        "attributed",
        False,
    ),
    ("a2-1", "france.burial", -1, "headline", "Drone pictures of the grave", 60.0, "attributed", True),
    ("a2-1", "france.burial", 1, "lead", SEEN, 95.0, "attributed", True),
    ("a3-1", "france.burial", 1, "lead", SEEN, 95.0, "attributed", True),
    (
        "a4-1",
        "france.burial",
        0,
        "lead",
        "Pictures show who really buried the bodies there.",
        88.0,
        "asserted",
        True,
    ),
    (
        "a4-2",
        "mali.blame",
        0,
        "lead",
        "The capital says that the northern army killed the men.",
        97.0,
        "disputed",
        True,
    ),
    (
        "a4-2",
        "russia.probe",
        2,
        "body",
        "Moscow backs the inquiry that the capital has opened.",
        90.0,
        "attributed",
        True,
    ),
    (
        "a4-2",
        "france.burial",
        3,
        "body",
        "Pictures show who really buried the bodies there.",
        88.0,
        "asserted",
        True,
    ),
    ("a5-1", "mali.blame", 0, "lead", "The northern army left this grave behind.", 91.0, "asserted", True),
    (
        "a5-1",
        "mali.inquiry",
        1,
        "lead",
        "The prosecutor opens an inquiry into the grave, he says.",
        92.0,
        "attributed",
        True,
    ),
    (
        "a5-1",
        "russia.probe",
        2,
        "body",
        "Moscow welcomes the inquiry and hopes for a fair judgement.",
        90.0,
        "attributed",
        True,
    ),
    (
        "a5-1",
        "hrw.killings",
        3,
        "body",
        "The monitors count three hundred dead in March.",
        99.0,
        "attributed",
        True,
    ),
    ("a8-1", "france.burial", 1, "lead", SEEN, 95.0, "attributed", True),
]

RUN_AT = datetime(2022, 5, 1, 6, 0)


def build(path: Path) -> Path:
    """Make the store at `path`."""
    with duckdb.connect(path) as con:
        con.execute(STORE_SCHEMA.read_text(encoding="utf-8"))
        con.execute(CODING_SCHEMA.read_text(encoding="utf-8"))
        _insert(con, "outlet", OUTLETS)
        _insert(
            con,
            "run",
            [
                (
                    1,
                    "run",
                    RUN_AT,
                    RUN_AT.replace(minute=5),
                    "partial",
                    "silent: unreachable",
                    11,
                    10,
                    11,
                    "0.1.0",
                    "5" * 64,
                    "c" * 64,
                    False,
                    None,
                )
            ],
        )
        _insert(con, "side", SIDES)
        _insert(
            con,
            "claim (claim_id, side, paragraph, public_since, public_precision, statement, source, position)",
            CLAIMS,
        )
        _insert(con, "statement", [("The capital is left out.", "western", "france")])
        _insert(
            con,
            "statement_claim",
            [
                ("charge", "Who did it", 1, "favoured", "france", "france.burial"),
                ("charge", "Who did it", 1, "neglected", "mali", "mali.blame"),
            ],
        )
        _insert(
            con,
            "bloc",
            [
                ("western", "Western", "Western", None, None, 1),
                ("malian", "Malian", "Malian", "mali", None, 2),
            ],
        )
        urls = {article: f"https://{outlet}.example/{article}" for article, outlet, *_ in ARTICLES}
        outlet_of = {article: outlet for article, outlet, *_ in ARTICLES}
        _insert(
            con,
            "article",
            [
                (article, outlet, urls[article], published, precision, "json-ld" if published else "none", 1)
                for article, outlet, published, precision in ARTICLES
            ],
        )
        attempts, versions, codings = [], [], []
        for number, (article, version_no, language, headline, text, seen, on_topic, codable) in enumerate(
            VERSIONS, 1
        ):
            at = RUN_AT.replace(minute=number)
            digest = f"sha256:{number:064x}"
            version_id = f"{article}-{version_no}"
            attempts.append(
                (
                    number,
                    1,
                    outlet_of[article],
                    "page",
                    urls[article],
                    urls[article],
                    at,
                    200,
                    "on_topic" if seen == "full" else seen,
                    "",
                    "live",
                    "2022/05/run-1.warc.gz",
                    number * 1000,
                    digest,
                    None,
                )
            )
            versions.append(
                (
                    version_id,
                    article,
                    version_no,
                    at,
                    None,
                    number,
                    language,
                    headline,
                    text,
                    len(text.split()),
                    digest,
                    seen,
                    1,
                )
            )
            codings.append((version_id, "c" * 64, on_topic, language, codable, 1))
        attempts.append(
            (
                99,
                1,
                "silent",
                "page",
                "https://silent.example/",
                None,
                RUN_AT,
                None,
                "unreachable",
                "no answer",
                "live",
                None,
                None,
                None,
                None,
            )
        )
        _insert(con, "attempt", attempts)
        _insert(
            con,
            "candidate",
            [
                (
                    "https://silent.example/",
                    "silent",
                    "pages",
                    "sources.toml",
                    1,
                    None,
                    None,
                    "unreachable",
                    "",
                    None,
                    None,
                    1,
                    None,
                    None,
                    None,
                    None,
                    False,
                    None,
                ),
                (
                    "https://silent.example/private",
                    "silent",
                    "pages",
                    "sources.toml",
                    1,
                    None,
                    None,
                    "robots",
                    "",
                    None,
                    None,
                    0,
                    None,
                    None,
                    None,
                    None,
                    False,
                    None,
                ),
            ],
        )
        _insert(con, "version", versions)
        _insert(
            con, "version_coding (version_id, codebook_digest, on_topic, language, codable, run_id)", codings
        )
        _insert_mentions(con)
    return path


def _insert_mentions(con: duckdb.DuckDBPyConnection) -> None:
    texts = {f"{article}-{number}": (headline, text) for article, number, _, headline, text, *_ in VERSIONS}
    mentions, codings = [], {}
    for version, claim, sentence, place, text, score, stance, confirmed in MENTIONS:
        start = max(0, texts[version][0 if sentence < 0 else 1].find(text[:20]))
        mentions.append(
            (
                version,
                claim,
                sentence,
                place,
                text,
                start,
                start + len(text),
                text.split()[0],
                score,
                stance,
                confirmed,
            )
        )
        if confirmed:
            codings[version, claim] = (
                version,
                claim,
                stance,
                max(score, codings.get((version, claim), (0, 0, 0, 0))[3]),
            )
    _insert(
        con,
        "mention (version_id, claim_id, sentence, place, text, char_start, char_end, matched, score, stance,"
        " confirmed)",
        mentions,
    )
    _insert(con, "claim_coding (version_id, claim_id, stance, score)", list(codings.values()))


def _insert(con: duckdb.DuckDBPyConnection, table: str, rows: Iterable[tuple[object, ...]]) -> None:
    rows = list(rows)
    con.executemany(f"INSERT INTO {table} VALUES ({', '.join('?' * len(rows[0]))})", rows)  # noqa: S608 - our own names
