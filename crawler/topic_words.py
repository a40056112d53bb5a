"""A word of a topic's term: how it may be written, and where it counts as a word."""

import re
import unicodedata
from functools import lru_cache

_UNSPACED = frozenset({"CJK", "HIRAGANA", "THAI", "LAO", "KHMER", "MYANMAR"})
"""Scripts that are written without spaces, as the first word of their letters' Unicode names."""

_NO_END = _UNSPACED | {"HANGUL"}
"""Scripts in which a word need not end where the term does: Korean attaches its particles."""

_ARABIC_PARTICLES = re.compile("[وف]?[بلك]?(?:ال|ل)?")
"""What Arabic writes together with the word that follows: and, in, to, like, the."""

ARABIC_ORNAMENTS = "\u0640\u064b\u064c\u064d\u064e\u064f\u0650\u0651\u0652\u0670"
"""The stretching stroke and the signs for vowels, which a writer may set or leave out."""

BREAKS = "\u00ad\u200b\u2060\ufeff\u200d"
"""The soft hyphen, spaces without width, and the joiner within words of Hindi: marks that nobody sees."""

_UNSEEN = dict.fromkeys(map(ord, ARABIC_ORNAMENTS + BREAKS))


def fold(text: str) -> str:
    """Text as terms are compared: composed, case-folded, without Arabic vowel signs and unseen marks."""
    return unicodedata.normalize("NFC", text).casefold().translate(_UNSEEN)


class Word:
    """A word or phrase of a term. A trailing `*` in what is written allows any ending."""

    def __init__(self, written: str) -> None:
        written = written.strip()
        self.any_ending = written.endswith("*")
        self.text = fold(written.rstrip("*").strip())
        self.ascii = self.text.isascii()
        self.has_latin_accent = any(ord(letter) > 127 and _script(letter) == "LATIN" for letter in self.text)
        self._first_script, self._last_script = _script(self.text[0]), _script(self.text[-1])
        self._forms: dict[str, tuple[bytes, ...]] = {}

    def parts(self) -> "list[Word]":
        """The words of a phrase, each for itself; of a word, itself."""
        parts = [Word(part) for part in self.text.split()]
        parts[-1].any_ending = self.any_ending
        return parts

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Word) and (self.text, self.any_ending) == (other.text, other.any_ending)

    def __hash__(self) -> int:
        return hash((self.text, self.any_ending))

    def forms(self, encoding: str) -> tuple[bytes, ...]:
        """The bytes to seek in a page whose ASCII is in lower case: other letters keep their case there.

        A word in plain letters is the same in all charsets and has forms in "ascii" only.
        """
        if encoding not in self._forms:
            cases = {self.text, self.text.upper(), self.text.title(), self.text.capitalize()}
            cases |= {unicodedata.normalize("NFD", case) for case in cases}
            encoded = {case.encode(encoding).lower() for case in cases if _fits(case, encoding)}
            self._forms[encoding] = () if self.ascii and encoding != "ascii" else tuple(sorted(encoded))
        return self._forms[encoding]

    def occurs(self, folded: str) -> bool:
        """Whether a text that went through `fold` holds the word."""
        at = folded.find(self.text)
        while at >= 0:
            end = at + len(self.text)
            if self.stands(folded[max(0, at - 8) : at], folded[end : end + 1]):
                return True
            at = folded.find(self.text, at + 1)
        return False

    def stands(self, before: str, after: str) -> bool:
        """Whether what stands around a hit leaves it a word of its own."""
        if (
            not self.any_ending
            and self._last_script not in _NO_END
            and _goes_on(self._last_script, after[:1])
        ):
            return False
        if self._first_script in _UNSPACED or not _goes_on(self._first_script, before[-1:]):
            return True
        if self._first_script != "ARABIC":
            return False
        return _ARABIC_PARTICLES.fullmatch(re.split(r"[\W\d_]", before)[-1]) is not None


def _goes_on(script: str, neighbour: str) -> bool:
    return neighbour.isalpha() and _script(neighbour) == script


def _fits(text: str, encoding: str) -> bool:
    try:
        text.encode(encoding)
    except UnicodeEncodeError:
        return False
    return True


@lru_cache(maxsize=4096)
def _script(letter: str) -> str:
    """LATIN, CYRILLIC, ARABIC, …: the first word of the letter's Unicode name."""
    return unicodedata.name(letter, "").partition(" ")[0]
