"""What the sample web is made of: outlets (outlets.toml), articles (articles.jsonl) and their words."""

from datetime import UTC, datetime, timedelta, timezone
from functools import cache
from importlib.resources import files
from pathlib import Path
from typing import Literal

from pydantic import Field

from gossi.crawler.config import Table, load_toml
from gossi.crawler.study.blocs import Bloc
from gossi.crawler.study.sources import Ownership
from gossi.crawler.values import Slug

FOLDER = Path(str(files("gossi.crawler.sample")))

Precision = Literal["second", "minute", "day", "unknown"]
Listed = Literal["feed", "sitemap", "pages"]
Case = Literal["whole", "paywall", "consent_wall", "robots", "out_of_window", "archived"]
OddKind = Literal[
    "gone_404", "gone_410", "soft_404", "redirect_home", "redirect_loop", "leads_inside", "leads_to_file",
    "leads_to_data", "injects_header", "moved", "bot_wall", "shell", "not_html", "refused", "server_error",
    "too_large", "gzip_bomb", "slow_drip",
]  # fmt: skip


class Label(Table):
    """How an article reports a claim, by the hands that coded it. Sentence -1 is the headline."""

    stance: Literal["asserted", "attributed", "disputed"]
    sentences: list[int]


class Article(Table):
    """An article as an outlet of the sample publishes it, with its coding."""

    id: str
    outlet: str
    language: Literal["en", "fr", "es", "ru", "ar"]
    published: str | None = Field(description="UTC; a day alone where the outlet gives no time")
    on_topic: bool
    headline: str
    text: list[str] = Field(min_length=1, description="sentences")
    labels: dict[str, Label] = Field(default_factory=dict)
    credit: str = Field(default="", description="the news agency that the outlet credits")
    case: Case = "whole"
    teaser: int = Field(default=3, description="sentences that a paywall leaves to read")

    @property
    def number(self) -> int:
        """The article's number within its outlet, from 1."""
        return int(self.id.rpartition("-")[2])

    @property
    def moment(self) -> datetime | None:
        """When it was published: UTC without a zone, midnight where only the day is known."""
        return datetime.fromisoformat(self.published) if self.published else None

    def shown(self, precision: str, utc_offset: float) -> str:
        """The publication date in ISO 8601, in the outlet's zone and to its precision; empty if unknown."""
        if self.moment is None:
            return ""
        if precision == "day":
            return self.moment.date().isoformat()
        local = self.moment.replace(tzinfo=UTC).astimezone(timezone(timedelta(hours=utc_offset)))
        return local.isoformat(timespec="seconds" if precision == "second" else "minutes")


class Feed(Table):
    """A feed of the newest articles."""

    path: str
    kind: Literal["rss", "atom"]
    items: int
    tracking: bool = False


class Sitemap(Table):
    """A sitemap: one file, an index with compressed parts, or a news sitemap.

    `trap`: the index lists itself, a calendar whose every month leads to a next one, and a bomb of entities.
    """

    path: str
    kind: Literal["plain", "index", "news"]
    trap: bool = False


class Twin(Table):
    """A second address of an article."""

    article: str
    path: str
    canonical: bool
    listed: Listed


class Odd(Table):
    """An address that is listed like an article's but leads to none."""

    path: str
    kind: OddKind
    listed: Listed
    target: str = ""


class SampleOutlet(Table):
    """An outlet of the sample web; outlets.toml says what its keys mean."""

    id: str
    name: str
    country: str
    bloc: Slug
    ownership: Ownership
    languages: list[Literal["en", "fr", "es", "ru", "ar"]]
    aggregator: bool = False
    charset: str = "utf-8"
    charset_in_header: bool = True
    header_charset: str = ""
    broken: bool = False
    robots: Literal["file", "none", "error_503"] = "file"
    path: str
    date_in: Literal["json-ld", "meta", "time", "url", "feed", "sitemap"]
    precision: Literal["second", "minute", "day"]
    utc_offset: float
    unrelated: int
    soft_404: bool = False
    feed: Feed | None = None
    sitemap: Sitemap | None = None
    pages_only: list[str] = Field(default_factory=list)
    twin: list[Twin] = Field(default_factory=list)
    odd: list[Odd] = Field(default_factory=list)


class Words(Table):
    """What the templates say in a language."""

    direction: Literal["ltr", "rtl"]
    notice: str
    home: str
    sections: list[str]
    related: str
    also: str
    comments: str
    published: str
    updated: str
    rights: str
    newsroom: str
    agency: str
    commenters: list[str]
    remarks: list[str]
    paywall: str
    consent: list[str]
    missing: str
    missing_text: str


class Sample(Table):
    """The whole of outlets.toml."""

    bloc: list[Bloc]
    outlet: list[SampleOutlet]
    words: dict[str, Words]


@cache
def sample() -> Sample:
    """The outlets of the sample web, in the order of their ports."""
    return load_toml(FOLDER / "outlets.toml", Sample)
