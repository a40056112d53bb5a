"""A study: a folder with sources.toml, claims.toml, lexicon/ and data/. This module reads sources.toml."""

import hashlib
import re
from collections import Counter
from collections.abc import Iterator, Mapping
from contextlib import suppress
from datetime import date
from difflib import get_close_matches
from functools import cached_property
from pathlib import Path
from typing import Annotated, Literal
from urllib.parse import urlsplit

from pydantic import AfterValidator, ConfigDict, Field, StrictBool, model_validator

from gossi.crawler.config import Table, load_toml
from gossi.crawler.errors import ConfigError
from gossi.crawler.lexicon.lexicon import load_lexicon
from gossi.crawler.study.blocs import UNLISTED, Bloc, twice
from gossi.crawler.values import Language, Slug, Words, not_blank

Ownership = Literal["private", "public", "state", "ngo", "unknown"]

TOPIC = "topic"
"""The concept of the lexicon whose words make a page one on the topic."""

IN_URLS = "topic_in_urls"
"""The concept whose words are sought in the URLs of archives, beside those of the topic."""

DATE_PARTS = ("{yyyy}", "{yy}", "{mm}", "{m}", "{dd}", "{d}")
"""What may stand in the address of sitemaps that are made by date."""

_BRACED = re.compile(r"\{[^{}]*\}")

PLACEHOLDER_CONTACT = "https://example.org/who-runs-this-crawl"


def _country(value: str) -> str:
    if not (len(value) == 2 and value.isascii() and value.isalpha() and value.isupper()):
        raise ValueError(
            f"{value!r} is not a country: use two capital letters (ISO 3166-1), XX where not known"
        )
    return value


def _host(value: str) -> str:
    if value != value.lower() or not _is_host(value):
        raise ValueError(
            f"{value!r} is not a domain: write the host alone, in small letters, like 'lemonde.fr'"
        )
    return _as_in_addresses(value)


def _as_in_addresses(host: str) -> str:
    """A host in small letters as machines write it: one of other letters than ASCII is xn--… there."""
    name, mark, port = host.lower().partition(":")
    if not name.isascii():
        with suppress(UnicodeError):  # no name that could be asked for; it stays as it is
            name = name.encode("idna").decode("ascii")
    return name.rstrip(".") + mark + port


def _web_address(value: str) -> str:
    scheme, mark, rest = value.partition("://")
    if not mark or scheme not in {"http", "https"}:
        raise ValueError(f"{value!r} is not a web address: it must begin with http:// or https://")
    host = rest.replace("?", "/").replace("#", "/").partition("/")[0]
    if not _is_host(host) or any(letter.isspace() or not letter.isprintable() for letter in value):
        raise ValueError(
            f"{value!r} is not a web address: its host is missing or wrong, or it has a space in it"
        )
    return value


def _is_host(value: str) -> bool:
    """Whether this is a host, with or without a port."""
    try:
        parts = urlsplit(f"//{value}")
        _ = parts.port  # raises ValueError for a port that is not a number up to 65535
    except ValueError:
        return False
    name = parts.hostname or ""
    return parts.netloc == value and bool(name) and not any(letter in " @%\\" for letter in value)


def _one_line(value: str) -> str:
    if not value.isprintable():
        raise ValueError("has a line end or another control character in it; it is sent with every request")
    return not_blank(value)


def _place(value: str) -> str:
    host, slash, path = value.partition("/")
    wrong = "//" in value or any(letter in " ?#*" for letter in path)
    if wrong or host != host.lower() or not _is_host(host):
        raise ValueError(
            f"{value!r} is not a place: write a host, or a host and how a path begins, without http://, "
            "like 'lemonde.fr' or 'lemonde.fr/afrique/'"
        )
    return f"{host}{slash}{path}"


def _sitemap(value: str) -> str:
    """A web address, in which parts of a date may stand in braces."""
    unknown = [part for part in _BRACED.findall(value) if part not in DATE_PARTS]
    if unknown:
        raise ValueError(
            f"{value!r}: {', '.join(unknown)} is no part of a date; known are {', '.join(DATE_PARTS)}"
        )
    return _web_address(value)


def as_month(value: str) -> str:
    """A month, as it is. Raises ValueError where it is none."""
    if not re.fullmatch(r"20\d\d-(0[1-9]|1[0-2])", value):
        raise ValueError(f"{value!r} is no month; write it like 2022-04")
    return value


Month = Annotated[str, AfterValidator(as_month)]
Country = Annotated[str, AfterValidator(_country)]
Host = Annotated[str, AfterValidator(_host)]
WebAddress = Annotated[str, AfterValidator(_web_address)]
OneLine = Annotated[str, AfterValidator(_one_line)]
Sitemap = Annotated[str, AfterValidator(_sitemap)]
Place = Annotated[str, AfterValidator(_place)]


class Window(Table):
    """The publication days of the study, both included. An article outside it is out of window."""

    model_config = ConfigDict(strict=True)  # else a bare number would be taken for seconds since 1970

    first: date
    last: date

    @model_validator(mode="after")
    def _in_order(self) -> "Window":
        if self.first > self.last:
            raise ValueError(f"first ({self.first}) is after last ({self.last})")
        return self


class CrawlLimits(Table):
    """How the crawler behaves towards a host, and what it will not swallow."""

    model_config = ConfigDict(strict=True, allow_inf_nan=False)

    delay: float = Field(default=2.0, ge=0, description="seconds between two requests to a host")
    timeout: float = Field(default=30.0, gt=0, description="seconds until a request is given up")
    max_bytes: int = Field(default=10_000_000, gt=0, description="a larger body is not taken in")
    max_pages: int = Field(default=20_000, gt=0, description="pages asked of one outlet in a run")
    # A run that is called once a day has ended when the next one comes.
    max_hours: float = Field(default=20.0, gt=0, description="hours after which a run asks nothing more")
    allow_loopback: bool = Field(default=False, description="may ask addresses of this machine")


class Searched(Table):
    """A public service that is searched for the study's pages: what [study.wayback] and its like share."""

    model_config = ConfigDict(strict=True, allow_inf_nan=False)

    timeout: float = Field(
        default=300.0, gt=0, description="seconds; a search of a large domain takes minutes"
    )
    again_after: int = Field(default=30, gt=0, description="days after which a finished search is made again")


class Wayback(Searched):
    """The [study.wayback] table: the Internet Archive."""

    everywhere: bool = Field(default=False, description="outlets without a key `wayback`: all their domains")
    gone: bool = Field(default=False, description="look for a capture of pages that are gone")
    max_gone: int = Field(default=500, gt=0, description="pages of an outlet looked for in a run")
    # The server bans for an hour, doubling, above some 60 requests a minute, lately 24 (github.com, project
    # edgi-govdata-archiving/wayback, issues 137 and 153): this is 20 a minute, searches and pages together.
    delay: float = Field(default=3.0, ge=0, description="seconds between two requests")
    cdx: WebAddress = "https://web.archive.org/cdx/search/cdx"
    replay: WebAddress = "https://web.archive.org/web/"


class CommonCrawl(Searched):
    """The [study.commoncrawl] table."""

    everywhere: bool = Field(
        default=False, description="outlets without a key `commoncrawl`: all their domains"
    )
    collections: list[Slug] = Field(
        default_factory=list,
        description="like CC-MAIN-2022-21; where empty, those crawled in or soon after the window",
    )
    # Its operators call a try a second polite (status.commoncrawl.org), and still block who sends hundreds in
    # a row (github.com, project commoncrawl/cc-index-server, issue 16): a third of that.
    delay: float = Field(default=3.0, ge=0, description="seconds between two requests")
    index: WebAddress = "https://index.commoncrawl.org"
    data: WebAddress = "https://data.commoncrawl.org"


class Gdelt(Searched):
    """The [study.gdelt] table: the article list of GDELT's DOC 2.0 API; asked where `queries` has one."""

    queries: list[Words] = Field(default_factory=list, description="in GDELT's own syntax")
    slice_days: int = Field(default=7, gt=0, description="days that a first request covers")
    # GDELT takes in articles every 15 minutes: a shorter slice divides nothing (blog.gdeltproject.org).
    slice_minutes: int = Field(default=15, gt=0, description="a slice is never halved below this")
    # It refuses more than one request in 5 s and says so in its answer; the sixth is for the way there.
    delay: float = Field(default=6.0, ge=0, description="seconds between two requests")
    server: WebAddress = "https://api.gdeltproject.org/api/v2/doc/doc"


class CcNews(Table):
    """The [study.ccnews] table: files of CC-NEWS or other web archives that `gossi run` reads as well."""

    model_config = ConfigDict(strict=True)

    months: list[Month] = Field(default_factory=list, description='months of CC-NEWS, like "2022-04"')
    files: list[Words] = Field(
        default_factory=list, description="WARC files, folders and lists, by paths in the study or URLs"
    )
    all_outlets: bool = Field(default=False, description="take in outlets too that are not listed here")


class StudyTable(Table):
    """The [study] table."""

    name: Words
    headline: Words | None = Field(default=None, description="of the report, instead of the usual question")
    affair: Words | None = Field(
        default=None, description="what happened, where and when, as the report's first sentence begins"
    )
    contact: OneLine = Field(description="how a webmaster reaches whoever runs this crawl")
    window: Window
    crawl: CrawlLimits = CrawlLimits()
    wayback: Wayback = Wayback()
    commoncrawl: CommonCrawl = CommonCrawl()
    gdelt: Gdelt = Gdelt()
    ccnews: CcNews = CcNews()


class Study(StudyTable):
    """What is studied: the [study] table, and from the lexicon the words of the topic."""

    topic: list[Words] = Field(min_length=1, description="terms one of which every page on the topic has")
    url_words: list[Words] = Field(
        default_factory=list,
        description="beside the topic's terms: archives are searched for URLs with one of them",
    )


class Outlet(Table):
    """An [[outlet]] entry: who it is and where its pages are found."""

    id: Slug
    name: Words
    domain: Host = Field(description="host, with the port where it is not the usual one")
    other_domains: list[Host] = Field(default_factory=list, description="further hosts: old names, mirrors")
    country: Country = Field(description="ISO 3166-1 alpha-2; XX where not known")
    bloc: Slug = Field(description="a [[bloc]], or unlisted where none is known")
    ownership: Ownership
    languages: list[Language] = Field(min_length=1)
    aggregator: StrictBool = Field(
        default=False, description="republishes others: scraper, machine translation"
    )
    was: Slug | None = Field(default=None, description="its id before: what it had then is its own still")
    max_hours: float | None = Field(
        default=None, gt=0, description="hours after which a run asks nothing more of it"
    )
    pages: list[WebAddress] = Field(default_factory=list)
    feeds: list[WebAddress] = Field(default_factory=list)
    sitemaps: list[Sitemap] = Field(
        default_factory=list, description="with {yyyy}, {mm}, {dd} where there is one for each month or day"
    )
    wayback: list[Place] | None = Field(default=None, description="where the Internet Archive is searched")
    commoncrawl: list[Place] | None = Field(default=None, description="where Common Crawl is searched")

    @property
    def domains(self) -> list[str]:
        """All hosts under which the outlet is found, its own first; subdomains belong to them."""
        return [self.domain, *self.other_domains]


class SourcesFile(Table):
    """The whole of sources.toml."""

    study: StudyTable
    bloc: list[Bloc] = Field(default_factory=list)
    outlet: list[Outlet] = Field(min_length=1)

    @model_validator(mode="after")
    def _unique(self) -> "SourcesFile":
        """Each id, domain and page stands once: a second one would count an article for two outlets."""
        named = {
            "id": [outlet.id for outlet in self.outlet],
            "domain": [domain for outlet in self.outlet for domain in outlet.domains],
            "page": [page for outlet in self.outlet for page in outlet.pages],
        }
        problems = [
            f"{key} {value!r} stands {count} times in the [[outlet]] entries"
            for key, values in named.items()
            for value, count in Counter(values).items()
            if count > 1
        ]
        problems += [
            f"[[outlet]] (id {outlet.id}), key was: {outlet.was!r} is the id of an [[outlet]] still"
            for outlet in self.outlet
            if outlet.was in named["id"]
        ]
        problems += [*twice(self.bloc), *self._unknown_blocs()]
        if problems:
            raise ValueError("; ".join(problems))
        return self

    def _unknown_blocs(self) -> Iterator[str]:
        known = [*(bloc.id for bloc in self.bloc), UNLISTED]
        for name in dict.fromkeys(outlet.bloc for outlet in self.outlet if outlet.bloc not in known):
            outlets = ", ".join(outlet.id for outlet in self.outlet if outlet.bloc == name)
            close = get_close_matches(name, known, 1)
            yield (
                f"[[outlet]] (id {outlets}), key bloc: {name!r} is no [[bloc]]; there are {', '.join(known)}"
                + (f"; did you mean {close[0]!r}?" if close else "")
            )


class Sources(SourcesFile):
    """What is studied, and where: sources.toml with the topic's words."""

    study: Study

    def outlet_of(self, url: str) -> Outlet | None:
        """The outlet that a URL belongs to: the one with the longest domain that the URL's host ends in."""
        try:
            parts = urlsplit(url)
        except ValueError:
            return None
        wholes = (_as_in_addresses(host) for host in (parts.netloc, parts.hostname or ""))
        hosts = (host for whole in wholes for host in _parents(whole))
        return next((self._by_domain[host] for host in hosts if host in self._by_domain), None)

    @cached_property
    def _by_domain(self) -> dict[str, Outlet]:
        return {domain: outlet for outlet in self.outlet for domain in outlet.domains}


def _parents(host: str) -> Iterator[str]:
    """`fr.news.example.org`, `news.example.org`, `example.org`, `org`."""
    labels = host.split(".")
    return (".".join(labels[start:]) for start in range(len(labels)))


class StudyFolder:
    """The files of a study, by name. `root` is the folder that --study names."""

    def __init__(self, root: Path) -> None:
        self.root = root
        self.sources_file = root / "sources.toml"
        self.claims_file = root / "claims.toml"
        self.lexicon = root / "lexicon"
        self.data = root / "data"
        self.captures = self.data / "captures"
        self.scans = self.data / "scans"
        self.store_file = self.data / "store.duckdb"
        self.published_file = self.data / "coverage.duckdb"
        self.reports = root / "reports"
        self.draws = root / "coded" / "draws"
        self.training = root / "coded" / "training"
        self.lessons = root / "coded" / "lessons"
        self.out_of_fold = root / "coded" / "out-of-fold.jsonl"
        self.coder_file = root / "coder.json"
        self.rules_file = root / "coded" / "rules.md"

    def sources(self) -> Sources:
        """Read and check sources.toml, and the words of the topic in the lexicon. Raises ConfigError."""
        file = load_toml(self.sources_file, SourcesFile)
        words = load_lexicon(self.lexicon).words
        topic = _of_all_languages(words, TOPIC)
        if not topic:
            raise ConfigError(
                f"{self.lexicon}: no words for the concept {TOPIC!r}: without them no page is on the topic; "
                f"declare it in concepts.toml and give it words in a language's file"
            )
        study = Study(**dict(file.study), topic=topic, url_words=_of_all_languages(words, IN_URLS))
        return Sources(study=study, bloc=file.bloc, outlet=file.outlet)


def _of_all_languages(words: Mapping[str, Mapping[str, list[str]]], concept: str) -> list[str]:
    """A concept's terms, each once: on the web a language is only a heading."""
    return list(dict.fromkeys(term for terms in words.get(concept, {}).values() for term in terms))


def file_digest(path: Path) -> str:
    """SHA-256 of a file, as hexadecimal; names the version of sources.toml or claims.toml in a run."""
    return hashlib.sha256(path.read_bytes()).hexdigest()
