"""Remembers the articles of the store, an outlet at a time: their texts, and what addresses led to them."""

from collections import defaultdict
from datetime import datetime
from hashlib import sha256
from typing import NamedTuple

import duckdb

from crawler.characters import whole
from crawler.extraction.article import Extracted
from crawler.identity import canonical_url
from crawler.likeness import essence, is_anothers

_BLOCK = 1000
"""Versions whose texts are held at once while an outlet is read: 4 MB."""

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
        self._articles: dict[str, dict[str, Known]] = {}
        self._texts: dict[str, dict[str, str]] = defaultdict(dict)
        self._addresses: dict[str, dict[str, str]] = defaultdict(dict)
        self._new_addresses: dict[str, str] = {}
        self._new_texts: dict[str, tuple[str, str]] = {}
        # All of them, at some 100 bytes each: a query for every new article costs 3 ms.
        self._owners: dict[str, str] = dict(
            con.execute("SELECT article_id, outlet_id FROM article").fetchall()
        )

    def at(self, outlet_id: str, address: str) -> Known | None:
        """The article of this name, whichever outlet it was met in, or the one that the address led to."""
        found = self._of_id(article_id_of(address))
        if found is not None:
            return found
        self._of_outlet(outlet_id)
        article_id = self._addresses[outlet_id].get(address)
        return None if article_id is None else self._of_id(article_id)

    def led_to(self, outlet_id: str, url: str) -> Known | None:
        """The article that a URL led to when it was asked last."""
        self._of_outlet(outlet_id)
        article_id = self._addresses[outlet_id].get(url)
        return None if article_id is None else self._of_id(article_id)

    def with_text(self, outlet_id: str, digest: str) -> Known | None:
        """An article of the outlet with this headline and text."""
        self._of_outlet(outlet_id)
        article_id = self._texts[outlet_id].get(digest)
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
        owner = self._owners.setdefault(known.article_id, outlet_id)
        self._of_outlet(owner)[known.article_id] = known
        self._texts[owner].setdefault(known.digest, known.article_id)
        if page.observability in OF_THE_ARTICLE:
            self._new_texts[known.article_id] = page.headline, page.text

    def led(self, outlet_id: str, url: str, known: Known, *, names: tuple[str, ...]) -> None:
        """Remember which article a URL led to; of a name, only where nothing is known of it."""
        addresses = {name: known.article_id for name in names if self.at(outlet_id, name) is None}
        if self._addresses[outlet_id].get(url) != known.article_id:
            addresses[url] = known.article_id
        self._addresses[outlet_id] |= addresses
        self._new_addresses |= addresses

    def written(self) -> list[tuple[str, str]]:
        """The addresses to be written with the versions that were added; they are in the store hereafter."""
        rows = list(self._new_addresses.items())
        self._new_addresses.clear()
        self._new_texts.clear()
        return rows

    def _of_id(self, article_id: str) -> Known | None:
        owner = self._owners.get(article_id)
        return None if owner is None else self._of_outlet(owner).get(article_id)

    def _of_outlet(self, outlet_id: str) -> dict[str, Known]:
        if outlet_id not in self._articles:
            self._articles[outlet_id] = {}
            self._read_versions(outlet_id)
            self._addresses[outlet_id] |= dict(
                self._con.execute(
                    "SELECT url, article_id FROM address JOIN article USING (article_id) WHERE outlet_id = ?",
                    [outlet_id],
                ).fetchall()
            )
        return self._articles[outlet_id]

    def _read_versions(self, outlet_id: str) -> None:
        rows = self._con.execute(
            """
            SELECT article_id, canonical_url, version_no, url,
                   CASE WHEN via IN ('wayback', 'commoncrawl') THEN url ELSE coalesce(final_url, url) END,
                   seen_at, observability, words, headline, text
            FROM article JOIN version USING (article_id) JOIN attempt USING (attempt_id)
            WHERE article.outlet_id = ? ORDER BY article_id, seen_at, version_no
            """,
            [outlet_id],
        )
        articles, texts = self._articles[outlet_id], self._texts[outlet_id]
        while block := rows.fetchmany(_BLOCK):
            for article_id, name, number, url, final, seen_at, observability, words, headline, text in block:
                digest = digest_of(headline, text)
                before = articles.get(article_id)
                earlier = (before.earlier if before else frozenset()) | {digest}
                last = max(number, before.version_no) if before else number
                articles[article_id] = Known(
                    article_id, name, last, digest, url, final, seen_at, observability, words, earlier
                )
                texts.setdefault(digest, article_id)
                self._addresses[outlet_id][url] = article_id
