"""A word of a topic's term: how it may be written, and where it counts as a word."""

import re
import unicodedata
from functools import lru_cache

_UNSPACED = frozenset({"CJK", "HIRAGANA", "THAI", "LAO", "KHMER", "MYANMAR"})
"""Scripts that are written without spaces, as the first word of their letters' Unicode names."""

NO_END = _UNSPACED | {"HANGUL"}
"""Scripts in which a word need not end where the term does: Korean attaches its particles."""

_ARABIC_PARTICLES = re.compile("[وف]?[بلك]?(?:ال|ل)?")
"""What Arabic writes together with the word that follows: and, in, to, like, the."""

ARABIC_ORNAMENTS = "\u0640\u064b\u064c\u064d\u064e\u064f\u0650\u0651\u0652\u0670"
"""The stretching stroke and the signs for vowels, which a writer may set or leave out."""

BREAKS = "\u00ad\u200b\u2060\ufeff\u200d"
"""The soft hyphen, spaces without width, and the joiner within words of Hindi: marks that nobody sees."""

_UNSEEN = ARABIC_ORNAMENTS + BREAKS
_ANY_UNSEEN = re.compile(f"[{_UNSEEN}]+")

MANY_HITS = 2000
"""Hits that are no word of their own, after which a page counts as naming it. Real pages have a handful
("gossip"); a page made of them would keep the crawl busy for seconds."""


def fold(text: str) -> str:
    """Text as terms are compared: composed, case-folded, without Arabic vowel signs and unseen marks."""
    folded = unicodedata.normalize("NFC", text).casefold()
    # To look for each takes a tenth of the time, and most pages have none.
    return _ANY_UNSEEN.sub("", folded) if any(mark in folded for mark in _UNSEEN) else folded


class Word:
    """A word or phrase of a term. A trailing `*` in what is written allows any ending."""

    def __init__(self, written: str) -> None:
        written = written.strip()
        self.any_ending = written.endswith("*")
        self.text = fold(written.rstrip("*").strip())
        self._first_script, self._last_script = script_of(self.text[0]), script_of(self.text[-1])

    def parts(self) -> "list[Word]":
        """The words of a phrase, each for itself; of a word, itself."""
        parts = [Word(part) for part in self.text.split()]
        parts[-1].any_ending = self.any_ending
        return parts

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Word) and (self.text, self.any_ending) == (other.text, other.any_ending)

    def __hash__(self) -> int:
        return hash((self.text, self.any_ending))

    def occurs(self, folded: str) -> bool:
        """Whether a text that went through `fold` holds the word."""
        at = folded.find(self.text)
        for _ in range(MANY_HITS):
            if at < 0:
                return False
            end = at + len(self.text)
            if self.stands(folded[max(0, at - 8) : at], folded[end : end + 1]):
                return True
            at = folded.find(self.text, at + 1)
        return True

    def stands(self, before: str, after: str) -> bool:
        """Whether what stands around a hit leaves it a word of its own."""
        if not self.any_ending and self._last_script not in NO_END and goes_on(self._last_script, after[:1]):
            return False
        if self._first_script in _UNSPACED or not goes_on(self._first_script, before[-1:]):
            return True
        if self._first_script != "ARABIC":
            return False
        return _ARABIC_PARTICLES.fullmatch(re.split(r"[\W\d_]", before)[-1]) is not None


def goes_on(script: str, neighbour: str) -> bool:
    """Whether a neighbouring character goes on with a word of a script."""
    return neighbour.isalpha() and script_of(neighbour) == script


@lru_cache(maxsize=4096)
def script_of(letter: str) -> str:
    """LATIN, CYRILLIC, ARABIC, …: the first word of the letter's Unicode name."""
    return unicodedata.name(letter, "").partition(" ")[0]
