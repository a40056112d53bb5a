"""Cuts a sentence into words and writes each as terms are compared: without case, accents and ornaments."""

import re
import unicodedata

_WORD = re.compile(r"[^\W_]+")
_WORD_OR_BREAK = re.compile('([^\\W_]+)|[,;:!?.«»“”„"()،؛؟—–]| -+ ')
"""A word, or what parts a quotation or an insertion from the rest of the sentence."""

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


def words_and_breaks(sentence: str) -> tuple[list[str], frozenset[int]]:
    """The words of a sentence, and the numbers of those that a comma, quotation mark or dash precedes."""
    words: list[str] = []
    breaks = set()
    for found in _WORD_OR_BREAK.finditer(_composed(sentence)):
        if word := found[1]:
            words.append(word)
        else:
            breaks.add(len(words))
    return words, frozenset(breaks)


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
