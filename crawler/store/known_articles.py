"""Remembers the articles of the store, an outlet at a time: their texts, and what addresses led to them."""

from datetime import datetime
from hashlib import sha256
from typing import Any, NamedTuple

import duckdb

from gossi.crawler.characters import whole
from gossi.crawler.extraction.article import Extracted
from gossi.crawler.store.likeness import essence, is_anothers
from gossi.crawler.store.temporary import Scratch
from gossi.crawler.web.canonical import canonical_url

_BLOCK = 1000
"""Versions whose texts are held at once while an outlet is read: 4 MB."""

_PUT_KNOWN = "INSERT OR REPLACE INTO known VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?)"
_PUT_TOLD = "INSERT OR IGNORE INTO told VALUES (?, ?, ?)"
_PUT_LED = "INSERT OR REPLACE INTO led VALUES (?, ?, ?)"

OF_THE_ARTICLE = ("full", "paywall")
"""Observabilities of a text that is the article's, whole or its beginning; of others it is a wall's."""


class Known(NamedTuple):
    """An article's newest version, and the digests of all: of what counts in them, not of every letter.

    `version_no` is the number of the one that was taken in last; an archive may give an earlier one later.
    `url` is the URL asked for it, `final` the one that answered, without an archive's address around it.
    """

    article_id: str
    name: str
    version_no: int
    digest: str
    url: str
    final: str
    seen_at: datetime
    observability: str
    words: int
    earlier: frozenset[str]

    @classmethod
    def read(cls, row: tuple[Any, ...]) -> "Known":
        """What `written` gave."""
        *others, seen_at, observability, words, earlier = row
        return cls._make(
            (*others, datetime.fromisoformat(seen_at), observability, words, frozenset(earlier.split()))
        )

    def written(self) -> tuple[object, ...]:
        """A row of `known` in scratch.sql."""
        *others, seen_at, observability, words, earlier = self
        return (*others, seen_at.isoformat(), observability, words, " ".join(sorted(earlier)))

    @property
    def at_its_name(self) -> bool:
        """Whether the version stood at the article's own address, not at a twin's."""
        return canonical_url(self.final) == self.name


def article_id_of(name: str) -> str:
    """The id of the article of this canonical URL."""
    return sha256(name.encode("utf-8", "replace")).hexdigest()[:16]


def digest_of(headline: str, text: str) -> str:
    """The digest of what counts in a text, as the store has it."""
    return sha256(essence(whole(headline), whole(text)).encode()).hexdigest()


class KnownTexts:
    """The articles in the store and those that are about to be."""

    def __init__(self, con: duckdb.DuckDBPyConnection) -> None:
        self._con = con
        self._scratch = Scratch()
        self._read: set[str] = set()
        self._new_addresses: dict[str, str] = {}
        self._new_texts: dict[str, tuple[str, str]] = {}
        # All of them: to ask the store for every new article costs 3 ms.
        owners = con.execute("SELECT article_id, outlet_id FROM article")
        while block := owners.fetchmany(_BLOCK):
            self._scratch.put("INSERT INTO owner VALUES (?, ?)", block)

    def at(self, outlet_id: str, address: str) -> Known | None:
        """The article of this name, whichever outlet it was met in, or the one that the address led to."""
        return self._of_id(article_id_of(address)) or self.led_to(outlet_id, address)

    def led_to(self, outlet_id: str, url: str) -> Known | None:
        """The article that a URL led to when it was asked last."""
        article_id = self._led(outlet_id, url)
        return None if article_id is None else self._of_id(article_id)

    def with_text(self, outlet_id: str, digest: str) -> Known | None:
        """An article of the outlet with this headline and text."""
        self._read_outlet(outlet_id)
        article_id = self._one(
            "SELECT article_id FROM told WHERE outlet_id = ? AND digest = ?", outlet_id, digest
        )
        return None if article_id is None else self._of_id(article_id)

    def is_anothers(self, known: Known, page: Extracted, digest: str) -> bool:
        """Whether a page's text is clearly another article's; a wall does not tell whose place it takes."""
        if digest in known.earlier or page.observability not in OF_THE_ARTICLE:
            return False
        told = self.text_of(known)
        return told is not None and is_anothers(page.headline, page.text, *told)

    def text_of(self, known: Known) -> tuple[str, str] | None:
        """The newest headline and text that are the article's own, a whole text first."""
        if known.article_id in self._new_texts:
            return self._new_texts[known.article_id]
        return self._con.execute(
            "SELECT headline, text FROM version WHERE article_id = ? AND observability IN (SELECT unnest(?)) "
            "ORDER BY observability = 'full' DESC, seen_at DESC, version_no DESC LIMIT 1",
            [known.article_id, list(OF_THE_ARTICLE)],
        ).fetchone()

    def add(self, outlet_id: str, known: Known, page: Extracted) -> None:
        """Remember a new version."""
        owner = self._owner(known.article_id)
        if owner is None:
            owner = outlet_id
            self._scratch.put("INSERT INTO owner VALUES (?, ?)", [(known.article_id, owner)])
        self._read_outlet(owner)
        self._scratch.put(_PUT_KNOWN, [known.written()])
        self._scratch.put(_PUT_TOLD, [(owner, known.digest, known.article_id)])
        if page.observability in OF_THE_ARTICLE:
            self._new_texts[known.article_id] = page.headline, page.text

    def led(self, outlet_id: str, url: str, known: Known, *, names: tuple[str, ...]) -> None:
        """Remember which article a URL led to; of a name, only where nothing is known of it."""
        addresses = {name: known.article_id for name in names if self.at(outlet_id, name) is None}
        if self._led(outlet_id, url) != known.article_id:
            addresses[url] = known.article_id
        self._scratch.put(_PUT_LED, [(outlet_id, *address) for address in addresses.items()])
        self._new_addresses |= addresses

    def written(self) -> list[tuple[str, str]]:
        """The addresses to be written with the versions that were added; they are in the store hereafter."""
        rows = list(self._new_addresses.items())
        self._new_addresses.clear()
        self._new_texts.clear()
        return rows

    def close(self) -> None:
        """Forget all of it."""
        self._scratch.close()

    def _one(self, query: str, *values: str) -> str | None:
        found = self._scratch.row(query, *values)
        return None if found is None else str(found[0])

    def _owner(self, article_id: str) -> str | None:
        return self._one("SELECT outlet_id FROM owner WHERE article_id = ?", article_id)

    def _led(self, outlet_id: str, url: str) -> str | None:
        self._read_outlet(outlet_id)
        return self._one("SELECT article_id FROM led WHERE outlet_id = ? AND url = ?", outlet_id, url)

    def _of_id(self, article_id: str) -> Known | None:
        owner = self._owner(article_id)
        if owner is None:
            return None
        self._read_outlet(owner)
        row = self._scratch.row("SELECT * FROM known WHERE article_id = ?", article_id)
        return None if row is None else Known.read(row)

    def _read_outlet(self, outlet_id: str) -> None:
        if outlet_id in self._read:
            return
        self._read.add(outlet_id)
        self._read_versions(outlet_id)
        addresses = self._con.execute(
            "SELECT outlet_id, url, article_id FROM address JOIN article USING (article_id) "
            "WHERE outlet_id = ?",
            [outlet_id],
        )
        while block := addresses.fetchmany(_BLOCK):
            self._scratch.put(_PUT_LED, block)

    def _read_versions(self, outlet_id: str) -> None:
        # Put in order only when the texts are left behind: DuckDB would hold all of them to sort them.
        rows = self._con.execute(
            """
            SELECT article_id, seen_at, version_no, canonical_url, url,
                   CASE WHEN via IN ('wayback', 'commoncrawl') THEN url ELSE coalesce(final_url, url) END,
                   observability, words, headline, text
            FROM article JOIN version USING (article_id) JOIN attempt USING (attempt_id)
            WHERE article.outlet_id = ?
            """,
            [outlet_id],
        )
        while block := rows.fetchmany(_BLOCK):
            self._scratch.put(
                "INSERT INTO version VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)",
                [
                    (article_id, seen_at.isoformat(), *others, digest_of(headline, text))
                    for article_id, seen_at, *others, headline, text in block
                ],
            )
        known: Known | None = None
        for article_id, seen_at, number, name, url, final, observability, words, digest in self._scratch.rows(
            "SELECT * FROM version ORDER BY article_id, seen_at, version_no"
        ):
            before = known if known is not None and known.article_id == article_id else None
            earlier = (before.earlier if before else frozenset()) | {digest}
            last = max(number, before.version_no) if before else number
            known = Known(
                article_id, name, last, digest, url, final, datetime.fromisoformat(seen_at), observability,
                words, earlier,
            )  # fmt: skip
            self._scratch.put(_PUT_KNOWN, [known.written()])
            self._scratch.put(_PUT_TOLD, [(outlet_id, digest, article_id)])
            self._scratch.put(_PUT_LED, [(outlet_id, url, article_id)])
        self._scratch.put("DELETE FROM version", [()])
