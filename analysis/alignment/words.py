"""Cuts a sentence into words and writes each as terms are compared: without case, accents and ornaments."""

import re
import unicodedata
from collections.abc import Sequence
from typing import NamedTuple

_WORD = re.compile(r"[^\W_]+")
_WORD_OR_BREAK = re.compile('([^\\W_]+)|[,;:!?.«»“”„"()،؛؟—–]| -+ ')
"""A word, or what parts a quotation or an insertion from the rest of the sentence."""

_QUOTES = frozenset('«»“”„"')

_DASHES = frozenset(("—", "–", ""))
_PAUSES = frozenset(",.!?…")

_ORNAMENTS = re.compile("[\u0640\u064b-\u0652\u0670]")
"""Arabic's stretching stroke and vowel signs, which would cut a word in two."""

_MARKS = re.compile("[\u0300-\u036f\u0483-\u0487\u0610-\u061a\u064b-\u065f\u0670\u06d6-\u06ed\u3099\u309a]")
"""What decomposition leaves beside the letters: accents, hamza, vowel and voicing signs."""

_ARABIC = str.maketrans({"ى": "ي", "ة": "ه", "ٱ": "ا", "ڤ": "ف", "گ": "غ", "ک": "ك", "ی": "ي"})
"""Letters that Arabic writers use one for the other; those with hamza are dealt with by decomposition."""

_LATIN = str.maketrans({"ı": "i", "ø": "o", "ł": "l", "đ": "d", "æ": "ae", "œ": "oe"})
"""Latin letters that have no decomposition."""

# What Arabic attaches before a word, in order: and, so; in, to, like, the; the marks of a verb's person.
_ATTACHED = (re.compile("^[وف]"), re.compile("^(?:[بك]?ال|لل|[بلك])"), re.compile("^س?[يتنا]"))
# A stem of fewer letters is no word any more.
_SHORTEST = 3


def words_of(sentence: str) -> list[str]:
    """The words of a sentence as written, in order; apostrophes and hyphens part words."""
    return _WORD.findall(_composed(sentence))


class Cut(NamedTuple):
    """A sentence in words.

    Attributes:
        words: as written, in order.
        breaks: the numbers of the words before which a comma, quotation mark or dash stands.
        quotations: first and last word of each run of words between quotation marks, names apart.
    """

    words: list[str]
    breaks: frozenset[int]
    quotations: tuple[tuple[int, int], ...]


def cut(sentence: str) -> Cut:
    """Cut a sentence into words, and say what is quoted of it."""
    text = _composed(sentence)
    words: list[str] = []
    breaks = set()
    quotations: list[tuple[int, int]] = []
    begun = inserted = -1
    for found in _WORD_OR_BREAK.finditer(text):
        if word := found[1]:
            words.append(word)
            continue
        breaks.add(len(words))
        if begun >= 0 and found[0].strip(" -") in _DASHES and text[: found.start()].rstrip()[-1:] in _PAUSES:
            # Russian puts who speaks between dashes within the quotation: «Это ложь, — сказал он, — и всё».
            if inserted < 0:
                quotations.append((begun, len(words) - 1))
                inserted = len(words)
            else:
                begun, inserted = len(words), -1
            continue
        if found[0] not in _QUOTES:
            continue
        if inserted >= 0:
            begun, inserted = inserted, -1
        if _opens(text, found.start(), is_open=begun >= 0):
            begun = len(words)
        else:
            # What closes without having been opened was opened in a sentence before.
            quotations.append((max(begun, 0), len(words) - 1))
            begun = -1
    if begun >= 0:
        quotations.append((begun, len(words) - 1))
    return Cut(words, frozenset(breaks), tuple(span for span in quotations if _is_speech(words, span)))


def _opens(text: str, at: int, *, is_open: bool) -> bool:
    """Whether the quotation mark at this place opens: by its form, and by what stands on both its sides."""
    mark, before, behind = text[at], text[at - 1 : at], text[at + 1 : at + 2]
    is_begin = not before or before.isspace() or before in "([:—–-"
    if mark == "„":
        return True
    if mark == "«":
        return is_begin and not is_open
    if mark == "»":
        return is_begin and behind.isalnum() and not is_open
    return is_begin and not is_open


def _is_speech(words: Sequence[str], span: tuple[int, int]) -> bool:
    """Whether what is quoted is somebody's words: more than a name, which has capitals throughout."""
    quoted = words[span[0] : span[1] + 1]
    has_case = any(word[0] != word[0].swapcase() for word in quoted)
    return len(quoted) > (1 if has_case else 2) and not (has_case and all(w[0].isupper() for w in quoted))


def _composed(sentence: str) -> str:
    return _ORNAMENTS.sub("", unicodedata.normalize("NFC", sentence))


def fold(word: str) -> str:
    """The word in the form in which it is compared."""
    # Twice: 𝕊 is a capital only once it is decomposed, and a small letter may decompose again.
    letters = unicodedata.normalize("NFKD", unicodedata.normalize("NFKD", word).casefold())
    return _MARKS.sub("", letters).translate(_ARABIC).translate(_LATIN)


def forms_of(folded: str) -> list[str]:
    """The word and, in Arabic script, what is left of it without attached particles and verb prefixes."""
    if not "\u0600" <= folded[0] <= "\u06ff":
        return [folded]
    forms = [folded]
    for pattern in _ATTACHED:
        for form in list(forms):
            bare = pattern.sub("", form, count=1)
            if len(bare) >= _SHORTEST and bare not in forms:
                forms.append(bare)
    return forms


def without_article(folded: str) -> str:
    """A word of a term without the Arabic article, which `forms_of` takes off the words of a text too."""
    bare = folded.removeprefix("ال")
    return bare if len(bare) >= _SHORTEST else folded
