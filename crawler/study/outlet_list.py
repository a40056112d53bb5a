"""Reads the outlets of a new study from a CSV file: what a researcher's own table has."""

import csv
import re
from dataclasses import dataclass, field
from pathlib import Path

from gossi.crawler.errors import InputError
from gossi.crawler.study.blocs import UNLISTED

COLUMNS = ("name", "domain", "country", "bloc", "feed", "sitemap", "language", "ownership")
"""The columns, in any order; `name` and `domain` are needed, the others may be missing or empty."""


@dataclass(frozen=True)
class ListedOutlet:
    """A row: what an [[outlet]] entry is made of."""

    id: str
    name: str
    domain: str
    country: str
    bloc: str
    ownership: str
    languages: list[str]
    feeds: list[str] = field(default_factory=list)
    sitemaps: list[str] = field(default_factory=list)


@dataclass(frozen=True)
class ListedBloc:
    """A bloc that rows name."""

    id: str
    name: str


def slug(text: str) -> str:
    """Text as an id: small letters, digits and hyphens."""
    return re.sub(r"[^a-z0-9]+", "-", text.casefold()).strip("-") or "x"


def read_outlets(path: Path, languages: list[str]) -> tuple[list[ListedBloc], list[ListedOutlet]]:
    """The blocs and outlets of a CSV file with a header; spaces part the feeds or languages of a cell.

    Args:
        path: UTF-8, parted by commas or semicolons.
        languages: of an outlet whose row has none.

    Raises:
        InputError: the file cannot be read, or lacks a column or a value.
    """
    try:
        text = path.read_text(encoding="utf-8-sig")
    except (OSError, UnicodeDecodeError) as error:
        raise InputError(f"{path}: cannot be read as UTF-8: {error}") from None
    head = text.partition("\n")[0]
    rows = csv.DictReader(text.splitlines(), delimiter=";" if head.count(";") > head.count(",") else ",")
    names = [name.strip().casefold() for name in rows.fieldnames or ()]
    rows.fieldnames = names
    wrong = [name for name in names if name not in COLUMNS] + [n for n in COLUMNS[:2] if n not in names]
    if wrong:
        raise InputError(
            f"{path}: line 1: {', '.join(wrong)}: the columns are {', '.join(COLUMNS)}; "
            "name and domain are needed"
        )
    blocs: dict[str, ListedBloc] = {}
    outlets = []
    for row in rows:
        cells = {
            key: (value or "").strip() for key, value in row.items() if isinstance(value, str | None) and key
        }
        if not (cells["name"] and cells["domain"]):
            raise InputError(f"{path}: line {rows.line_num}: name and domain are needed")
        bloc = slug(cells.get("bloc") or UNLISTED)
        if bloc != UNLISTED:
            blocs.setdefault(bloc, ListedBloc(bloc, cells["bloc"]))
        domain = cells["domain"].casefold().removeprefix("https://").removeprefix("http://")
        domain = domain.partition("/")[0].removeprefix("www.")
        outlets.append(
            ListedOutlet(
                slug(domain),
                cells["name"],
                domain,
                cells.get("country", "").upper() or "XX",
                bloc,
                cells.get("ownership") or "unknown",
                cells.get("language", "").split() or languages,
                cells.get("feed", "").split(),
                cells.get("sitemap", "").split(),
            )
        )
    if not outlets:
        raise InputError(f"{path}: has no outlet below its header")
    return list(blocs.values()), outlets
