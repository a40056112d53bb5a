"""Reads a study as a run would: what is wrong, and what it could not observe. What `gossi check` tells."""

from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date

from gossi.analysis.codebook import Claim, Codebook, load_codebook
from gossi.analysis.findable import TAUGHT, by_words, taught, unfindable
from gossi.analysis.measuring.query import query
from gossi.crawler.errors import ConfigError
from gossi.crawler.lexicon.lexicon import Lexicon, load_lexicon, own_words
from gossi.crawler.study.sources import IN_URLS, TOPIC, Outlet, Sources, StudyFolder

_FEED_ITEMS = 20
"""Pages that a feed names, about (docs/sources.md)."""

_PAGE_BYTES = 33_000
"""What a page takes in a compressed capture: 95 real news pages came to 33 KB each (measured)."""

_EARLY = (
    "SELECT claim_id, count(*) FROM codings WHERE reason = 'given_early' GROUP BY claim_id ORDER BY claim_id"
)


@dataclass(frozen=True)
class Finding:
    """Something to know of a study: a heading, and a line for each case, in the order of importance."""

    heading: str
    cases: list[str]


def check_study(folder: StudyFolder, today: date) -> list[Finding]:
    """What could not be observed, contradicts itself or is of no use in a study, and how long it takes.

    Raises:
        ConfigError: a file is missing or wrong; all errors of all files, a line each.
    """
    sources, codebook, lexicon = _read(folder)
    return [
        Finding("claims that cannot be found in a language, whose cells are not observable there", [
            *unspoken(codebook, sources.outlet),
            *_wordless(codebook),
        ]),
        Finding("outlets whose articles nothing can discover", list(_undiscovered(sources))),
        Finding("dates that cannot be", list(_dates(folder, sources, codebook, today))),
        Finding("concepts of the study that nothing uses", list(_unused(folder, codebook, lexicon))),
        Finding("words that another word of their concept makes needless", list(_shadowed(folder, lexicon))),
    ]  # fmt: skip


def _read(folder: StudyFolder) -> tuple[Sources, Codebook, Lexicon]:
    """All three, or the errors of all of them."""
    problems: dict[str, None] = {}
    sources = codebook = lexicon = None
    try:
        sources = folder.sources()
    except ConfigError as error:
        problems |= dict.fromkeys(str(error).splitlines())
    try:
        codebook = load_codebook(folder.claims_file)
        lexicon = load_lexicon(folder.lexicon)
    except ConfigError as error:
        problems |= dict.fromkeys(str(error).splitlines())
    if sources is None or codebook is None or lexicon is None:
        raise ConfigError("\n".join(problems))
    return sources, codebook, lexicon


def unspoken(codebook: Codebook, outlets: Iterable[Outlet]) -> list[str]:
    """Languages of the outlets in which no claim at all can be found, with the outlets that write in them."""
    writing: dict[str, list[str]] = {}
    for outlet in outlets:
        for language in outlet.languages:
            if language not in codebook.languages:
                writing.setdefault(language, []).append(outlet.id)
    needed = ", ".join((*codebook.matching.speech, *codebook.matching.anchors))
    return [
        f"{language}: no claim; lexicon/{language}.toml needs words for {needed} first (of {_some(ids)})"
        for language, ids in sorted(writing.items())
    ]


def _wordless(codebook: Codebook) -> list[str]:
    return [
        f"{gap.language}: {gap.claim}; lexicon/{gap.language}.toml has no words for {', '.join(gap.parts)}"
        if gap.parts
        else f"{gap.language}: {gap.claim}; has no words, and {gap.coded} coded articles of {TAUGHT} needed "
        "(gossi review, gossi learn)"
        for gap in unfindable(codebook)
    ]


def found_by(codebook: Codebook) -> str:
    """By what claims can be found: words, coded articles or nothing, a line for languages that are alike."""
    alike: dict[str, list[str]] = {}
    for language in sorted(codebook.languages):
        ways = Counter(_way(codebook, claim, language) for claim in codebook.claims)
        alike.setdefault(", ".join(f"{count} {way}" for way, count in sorted(ways.items())), []).append(
            language
        )
    return "\n".join(
        f"of {len(codebook.claims)} claims {ways}: {', '.join(codes)}" for ways, codes in alike.items()
    )


def _way(codebook: Codebook, claim: Claim, language: str) -> str:
    if by_words(codebook, claim, language):
        return "found by words"
    enough = taught(codebook, claim, language) >= TAUGHT
    return "found by coded articles alone" if enough else "not observable"


def in_a_line(codebook: Codebook, outlets: Iterable[Outlet]) -> str:
    """What a run says of that: one line, empty where every claim can be found in every language."""
    silent = [line.partition(":")[0] for line in unspoken(codebook, outlets)]
    told = [f"no claim in {_some(silent)}"] if silent else []
    gaps = Counter(gap.language for gap in unfindable(codebook))
    if gaps:
        told.append(f"of {len(codebook.claims)} claims {_some([f'{gaps[code]} in {code}' for code in gaps])}")
    return f"cannot be found for lack of words: {'; '.join(told)}; to see which: gossi check" if told else ""


def _undiscovered(sources: Sources) -> Iterator[str]:
    study = sources.study
    for outlet in sources.outlet:
        archived = (outlet.wayback or outlet.commoncrawl) or any(
            service.everywhere and places is None
            for service, places in ((study.wayback, outlet.wayback), (study.commoncrawl, outlet.commoncrawl))
        )
        if not (outlet.pages or outlet.feeds or outlet.sitemaps or archived or study.gdelt.queries):
            yield f"{outlet.id}: give it pages, feeds or sitemaps, or let an archive be searched for it"


def _dates(folder: StudyFolder, sources: Sources, codebook: Codebook, today: date) -> Iterator[str]:
    window = sources.study.window
    if window.first > today:
        yield f"sources.toml: [study.window], key first: {window.first} is in the future"
    for claim in codebook.claims:
        public = claim.public_since_utc.date()
        place = f"claims.toml: [[claim]] (id {claim.id!r}), key public_since: {public}"
        if public > today:
            yield f"{place} is in the future"
        elif public > window.last:
            yield f"{place} is after the window's last day, {window.last}: no article could have given it"
    if folder.published_file.exists():
        for name, articles in query(folder.published_file, _EARLY)[1]:
            yield f"{name}: {articles} articles give it before it was public: a date is wrong, or the match"


def _unused(folder: StudyFolder, codebook: Codebook, lexicon: Lexicon) -> Iterator[str]:
    used, left = set(), [TOPIC, IN_URLS, *codebook.concepts]
    while left:
        name = left.pop()
        if name not in used and name in lexicon.concepts:
            used.add(name)
            left += lexicon.concepts[name].includes
    own = {name for words in own_words(folder.lexicon).values() for name in words}
    yield from sorted(own - used)


def _shadowed(folder: StudyFolder, lexicon: Lexicon) -> Iterator[str]:
    """Single words that a shorter one with any ending meets as well."""
    for language, concepts in own_words(folder.lexicon).items():
        for name, terms in concepts.items():
            stems = {
                term[:-1].casefold(): term
                for term in lexicon.words[name].get(language, ())
                if term.endswith("*") and term[:-1].isalpha()
            }
            for term in terms:
                bare = term.removesuffix("*").casefold()
                ends = range(1, len(bare) + (not term.endswith("*")))
                shorter = next((stems[bare[:end]] for end in ends if bare[:end] in stems), None)
                if shorter and bare.isalpha():
                    yield f"lexicon/{language}.toml: [{name}]: {term!r}, as {shorter!r} stands there"


def first_crawl(sources: Sources) -> str:
    """How long a first crawl takes at least, and how much of the disk."""
    study = sources.study
    months = (study.window.last.year - study.window.first.year) * 12
    months += study.window.last.month - study.window.first.month + 1
    asked = {
        # robots.txt and a page that cannot exist; a sitemap is taken to have a part a month
        outlet.id: 2
        + len(outlet.pages)
        + len(outlet.feeds) * (1 + _FEED_ITEMS)
        + len(outlet.sitemaps) * (1 + months)
        for outlet in sources.outlet
    }
    longest = max(asked, key=lambda name: asked[name])
    hours = asked[longest] * study.crawl.delay / 3600
    most = study.crawl.max_pages * study.crawl.delay / 3600
    return (
        f"first crawl: at least {sum(asked.values()):,} requests, about "
        f"{sum(asked.values()) * _PAGE_BYTES / 1e6:,.0f} MB; outlets are asked side by side, the longest "
        f"({longest}) for {hours:.1f} h. What sitemaps and archives name comes on top: up to "
        f"{study.crawl.max_pages:,} pages an outlet, {most:.0f} h (key max_pages)"
    )


def _some(names: list[str], most: int = 5) -> str:
    more = f" and {len(names) - most} more" if len(names) > most else ""
    return ", ".join(names[:most]) + more
