"""The articles that people code, out of the published database, cut into numbered sentences."""

import unicodedata
from collections import Counter
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from gossi.analysis.alignment.sentences import split_text
from gossi.analysis.measuring.query import open_published, query

_HERE = Path(__file__).parent
_TEXT = (_HERE / "texts.sql").read_text(encoding="utf-8")
_MATCHED = (_HERE / "matched.sql").read_text(encoding="utf-8")
_DOUBTFUL = (_HERE / "doubtful.sql").read_text(encoding="utf-8")


@dataclass(frozen=True)
class ArticleText:
    """A version of an article. `sentences` have the numbers that codings use: 0, 1, …; the headline is -1."""

    article: str
    version: str
    url: str
    outlet: str
    published: datetime | None
    precision: str
    language: str
    headline: str
    sentences: tuple[str, ...]

    @property
    def right_to_left(self) -> bool:
        """Whether most of its letters are of a script that runs from right to left."""
        letters = Counter(unicodedata.bidirectional(letter) for letter in self.headline + self.sentences[0])
        return letters["R"] + letters["AL"] > letters["L"]

    @property
    def day(self) -> str:
        """When it was published, for a person, UTC."""
        if self.published is None:
            return "date unknown"
        return format(self.published, "%Y-%m-%d" if self.precision == "day" else "%Y-%m-%d %H:%M UTC")


def read_text(published_file: Path, article: str, version: str) -> ArticleText | None:
    """The version of the article with this digest; None where the database has it no more.

    Raises:
        StoreError: nothing is published yet.
    """
    with open_published(published_file) as connection:
        row = connection.execute(_TEXT, [article, version]).fetchone()
    if row is None:
        return None
    article, version, url, outlet, published, precision, language, headline, text = row
    sentences = tuple(sentence.text for sentence in split_text(text, language)) or ("",)
    return ArticleText(article, version, url, outlet, published, precision, language, headline, sentences)


def matched_claims(published_file: Path) -> set[tuple[str, str]]:
    """Article and claim, where the program finds or suggests the claim."""
    return {(article, claim) for article, claim in query(published_file, _MATCHED)[1]}


def doubtful_articles(published_file: Path) -> list[tuple[str, str]]:
    """Article and version, those first whose coding is the most doubtful."""
    return [(article, version) for article, version in query(published_file, _DOUBTFUL)[1]]
