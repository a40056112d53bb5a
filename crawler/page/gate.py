"""Decides which pages can be about the study's topic at all, before the costly extraction.

A term of the concept `topic` in the lexicon is a word, a phrase, or several of them that must all occur,
joined by " + ": `"Gossi"`, `"fosse commune + Gao"`. A trailing `*` allows any ending: `"mercenar* + Mali"`.
Case is ignored. A word ends where its script ends or a non-letter follows, so that "Gossi" is not found in
"gossip"; before a word in Arabic script the attached particles (و ب ل ال …) may stand.

`TopicGate.names_topic` looks at the raw bytes of a page, whatever stands around the article, and takes the
words of a phrase wherever they stand: it may let a page too many be extracted, never one too few;
`TopicGate.names_topic_text` at an extracted headline and text, where a teaser in a sidebar no longer counts.
"""

import re
from collections import Counter
from collections.abc import Callable, Iterable, Iterator
from functools import cache
from html import unescape
from itertools import chain

from gossi.crawler.extraction.charset import decode
from gossi.crawler.page.gate_bytes import LEGACY, Needles, is_utf8
from gossi.crawler.page.gate_words import Word, fold

_ESCAPE = re.compile(r"\\(?:u([0-9a-fA-F]{4})|[nrtbf])")
"""An escape of JSON: of a letter, or of what parts words ("\\nGossi")."""

_Terms = tuple[Word, list[tuple[Word, ...]]]
"""A word, and what must be held beside it by each of the terms that have it."""


class TopicGate:
    """Knows the topic's terms and says whether a page or a text names one.

    Args:
        terms: the topic's terms in all languages; every term is sought in every page.
    """

    def __init__(self, terms: Iterable[str]) -> None:
        distinct = dict.fromkeys(terms)
        split = [tuple(Word(word) for word in term.split(" + ") if word.strip(" *")) for term in distinct]
        whole = [words for words in split if words]
        # In a page, line ends, markup and entities may stand between the words of a phrase.
        self._parted = [tuple(part for word in words for part in word.parts()) for words in whole]
        self._needles = Needles(self._parted)
        self._terms = _by_shared(whole)

    def names_topic(self, html: bytes, charset: str | None = None) -> bool:
        """Whether the page holds one of the terms anywhere, markup and scripts included.

        Args:
            html: the body as it was captured.
            charset: what the HTTP header says, if it does.
        """
        return self._needles.may_stand_in(html) and any(map(self._named_in, _readings(html, charset)))

    def _named_in(self, folded: str) -> bool:
        held = cache(lambda word: word.occurs(folded))
        return any(all(map(held, self._parted[number])) for number in self._needles.terms_in_text(folded))

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


def _readings(page: bytes, charset: str | None) -> Iterator[str]:
    """What a page may say, folded: in the charset that it seems to have, and if that is no UTF-8, in others.

    Of a page whose charset is mistaken nothing can be read later; that must be met there, and not be taken
    here for a page on another topic.
    """
    others = () if is_utf8(page) else LEGACY
    for text in chain([decode(page, charset)], (page.decode(each, "replace") for each in others)):
        plain = unescape(text)
        yield fold(plain)
        if "\\" in plain:
            yield fold(_ESCAPE.sub(lambda found: chr(int(found[1], 16)) if found[1] else " ", plain))
