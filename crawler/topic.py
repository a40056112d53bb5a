"""Decides which pages can be about the study's topic at all, before the costly extraction.

A term of sources.toml is a word, a phrase, or several of them that must all occur, joined by " + ":
`"Gossi"`, `"fosse commune + Gao"`. A trailing `*` allows any ending: `"mercenar* + Mali"`. Case is ignored.
A word ends where its script ends or a non-letter follows, so that "Gossi" is not found in "gossip"; before
a word in Arabic script the attached particles (و ب ل ال …) may stand.

`TopicGate.names_topic` looks at the raw bytes of a page, whatever stands around the article, and takes the
words of a phrase wherever they stand: it may let a page too many be extracted, never one too few;
`TopicGate.names_topic_text` at an extracted headline and text, where a teaser in a sidebar no longer counts.
"""

from collections import Counter
from collections.abc import Callable, Iterable, Mapping
from functools import cache

from crawler.topic_bytes import ENCODINGS, RawPage, Search
from crawler.topic_words import Word, fold

_Terms = tuple[Word, list[tuple[Word, ...]]]
"""A word, and what must be held beside it by each of the terms that have it."""


class TopicGate:
    """Knows the topic's terms and says whether a page or a text names one.

    Args:
        terms: per language its terms, as in the `topic` table of sources.toml. The language is only a
            heading: every term is sought in every page.
    """

    def __init__(self, terms: Mapping[str, Iterable[str]]) -> None:
        distinct = dict.fromkeys(term for group in terms.values() for term in group)
        split = [tuple(Word(word) for word in term.split(" + ") if word.strip(" *")) for term in distinct]
        whole = [words for words in split if words]
        # In the bytes, line ends, markup and entities may stand between the words of a phrase.
        in_bytes = [tuple(part for word in words for part in word.parts()) for words in whole]
        self._terms = _by_shared(whole)
        self._joined = _by_shared([words for words in in_bytes if len(words) > 1])
        alone = {words[0] for words in in_bytes if len(words) == 1}
        self._searches = {encoding: Search(alone, encoding) for encoding in ENCODINGS}
        self._accents = any(word.has_latin_accent for words in whole for word in words)

    def names_topic(self, html: bytes, charset: str | None = None) -> bool:
        """Whether the page holds one of the terms anywhere, markup and scripts included.

        Args:
            html: the body as it was captured.
            charset: what the HTTP header says, if it does.
        """
        page = RawPage(html, charset, unescape_names=self._accents)
        if any(self._searches[encoding].found(page) for encoding in page.encodings):
            return True
        return _any_term(self._joined, page.holds)

    def names_topic_text(self, headline: str, text: str) -> bool:
        """Whether an extracted article names one of the terms in its headline or text."""
        whole = fold(" ".join(f"{headline}\n{text}".split()))
        return _any_term(self._terms, lambda word: word.occurs(whole))


def _by_shared(terms: list[tuple[Word, ...]]) -> list[_Terms]:
    """The terms by a word that many need: where it is missing, all of these are done with."""
    groups = []
    while terms:
        shared = Counter(word for words in terms for word in set(words))
        first = max(shared, key=lambda word: (shared[word], word.text))
        rests = [tuple(word for word in words if word != first) for words in terms if first in words]
        groups.append((first, rests))
        terms = [words for words in terms if first not in words]
    return groups


def _any_term(groups: Iterable[_Terms], holds: Callable[[Word], bool]) -> bool:
    """Whether all words of one of the terms are held; asks for each word once."""
    held = cache(holds)
    return any(held(first) and any(all(map(held, rest)) for rest in rests) for first, rests in groups)
