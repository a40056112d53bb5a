"""A study: a folder with sources.toml, claims.toml and data/. This module reads sources.toml."""

import hashlib
from datetime import date
from pathlib import Path
from typing import Annotated, Literal

from pydantic import AfterValidator, Field, model_validator

from crawler.config import Table, load_toml

Bloc = Literal[
    "western", "african", "malian", "arab", "asian", "latin_american", "russian", "international", "unlisted"
]
"""An outlet's own country or bloc (design card); `international` for NGOs and UN bodies."""

Ownership = Literal["private", "public", "state", "ngo", "unknown"]

PLACEHOLDER_CONTACT = "https://example.org/who-runs-this-crawl"


def _slug(value: str) -> str:
    if not value or not all(letter.isascii() and (letter.isalnum() or letter in "-_.") for letter in value):
        raise ValueError("use letters, digits, '-', '_' and '.' only")
    return value


def _web_address(value: str) -> str:
    if not value.startswith(("http://", "https://")):
        raise ValueError(f"{value!r} is not a web address: it must begin with http:// or https://")
    return value


Slug = Annotated[str, AfterValidator(_slug)]
WebAddress = Annotated[str, AfterValidator(_web_address)]


class Window(Table):
    """The publication days of the study, both included. An article outside it is out of window."""

    first: date
    last: date

    @model_validator(mode="after")
    def _in_order(self) -> "Window":
        if self.first > self.last:
            raise ValueError(f"first ({self.first}) is after last ({self.last})")
        return self


class CrawlLimits(Table):
    """How the crawler behaves towards a host, and what it will not swallow."""

    delay: float = Field(default=2.0, ge=0, description="seconds between two requests to a host")
    timeout: float = Field(default=30.0, gt=0, description="seconds until a request is given up")
    max_bytes: int = Field(default=10_000_000, gt=0, description="a larger body is not taken in")
    max_pages: int = Field(default=20_000, gt=0, description="pages asked of one outlet in a run")
    allow_loopback: bool = Field(default=False, description="may ask addresses of this machine")


class Study(Table):
    """The [study] table."""

    name: str = Field(min_length=1)
    contact: str = Field(min_length=1, description="how a webmaster reaches whoever runs this crawl")
    window: Window
    topic: dict[str, list[str]] = Field(
        min_length=1, description="per language, the words one of which every page on the topic has"
    )
    crawl: CrawlLimits = CrawlLimits()

    @model_validator(mode="after")
    def _has_terms(self) -> "Study":
        for language, terms in self.topic.items():
            if not terms or any(not term.strip() for term in terms):
                raise ValueError(f"topic.{language} has an empty term or none")
        return self


class Outlet(Table):
    """An [[outlet]] entry: who it is and where its pages are found."""

    id: Slug
    name: str = Field(min_length=1)
    domain: str = Field(min_length=1, description="host, with the port where it is not the usual one")
    country: str = Field(pattern=r"^[A-Z]{2}$", description="ISO 3166-1 alpha-2; XX where not known")
    bloc: Bloc
    ownership: Ownership
    languages: list[str] = Field(min_length=1)
    aggregator: bool = Field(default=False, description="republishes others: scraper, machine translation")
    pages: list[WebAddress] = []
    feeds: list[WebAddress] = []
    sitemaps: list[WebAddress] = []


class Sources(Table):
    """The whole of sources.toml."""

    study: Study
    outlet: list[Outlet] = Field(min_length=1)

    @model_validator(mode="after")
    def _unique(self) -> "Sources":
        for key in ("id", "domain"):
            seen: set[str] = set()
            for outlet in self.outlet:
                value = getattr(outlet, key)
                if value in seen:
                    raise ValueError(f"two [[outlet]] entries have {key} {value!r}")
                seen.add(value)
        return self


class StudyFolder:
    """The files of a study, by name. `root` is the folder that --study names."""

    def __init__(self, root: Path) -> None:
        self.root = root
        self.sources_file = root / "sources.toml"
        self.claims_file = root / "claims.toml"
        self.data = root / "data"
        self.captures = self.data / "captures"
        self.store_file = self.data / "store.duckdb"
        self.published_file = self.data / "coverage.duckdb"
        self.reports = root / "reports"

    def sources(self) -> Sources:
        """Read and check sources.toml. Raises ConfigError."""
        return load_toml(self.sources_file, Sources)


def file_digest(path: Path) -> str:
    """SHA-256 of a file, as hexadecimal; names the version of sources.toml or claims.toml in a run."""
    return hashlib.sha256(path.read_bytes()).hexdigest()
