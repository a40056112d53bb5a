"""Remembers the texts of the store, an outlet at a time, so that taking in an article asks no SQL."""

from collections import defaultdict
from datetime import datetime
from typing import NamedTuple

import duckdb


class Known(NamedTuple):
    """The newest version of an article: its number, digest and URL asked, and the digests of all versions."""

    article_id: str
    version_no: int
    digest: str
    url: str
    seen_at: datetime
    earlier: frozenset[str]


class KnownTexts:
    """The versions in the store and those that are about to be."""

    def __init__(self, con: duckdb.DuckDBPyConnection) -> None:
        self._con = con
        self._articles: dict[str, dict[str, Known]] = {}
        self._texts: dict[str, dict[str, str]] = defaultdict(dict)
        # All of them, at some 100 bytes each: a query for every new article costs 3 ms.
        self._owners: dict[str, str] = dict(
            con.execute("SELECT article_id, outlet_id FROM article").fetchall()
        )

    def of_article(self, article_id: str) -> Known | None:
        """What is known of an article, whichever outlet it was first met in."""
        owner = self._owners.get(article_id)
        return None if owner is None else self._of_outlet(owner).get(article_id)

    def with_text(self, outlet_id: str, digest: str) -> Known | None:
        """An article of the outlet with this headline and text."""
        self._of_outlet(outlet_id)
        article_id = self._texts[outlet_id].get(digest)
        return None if article_id is None else self._articles[outlet_id][article_id]

    def add(self, outlet_id: str, known: Known) -> None:
        """Remember a new version."""
        owner = self._owners.setdefault(known.article_id, outlet_id)
        self._of_outlet(owner)[known.article_id] = known
        self._texts[owner].setdefault(known.digest, known.article_id)

    def _of_outlet(self, outlet_id: str) -> dict[str, Known]:
        if outlet_id not in self._articles:
            self._articles[outlet_id] = {}
            rows = self._con.execute(
                """
                SELECT article_id, version_no, version.digest, url, seen_at
                FROM article JOIN version USING (article_id) JOIN attempt USING (attempt_id)
                WHERE article.outlet_id = ? ORDER BY article_id, version_no
                """,
                [outlet_id],
            ).fetchall()
            for article_id, number, digest, url, seen_at in rows:
                before = self._articles[outlet_id].get(article_id)
                earlier = (before.earlier if before else frozenset()) | {digest}
                known = Known(article_id, number, digest, url, seen_at, earlier)
                self._articles[outlet_id][article_id] = known
                self._texts[outlet_id].setdefault(digest, article_id)
        return self._articles[outlet_id]
