"""The words by which a page on the topic is known from its URL alone, as archives are searched for it."""

import re
import unicodedata
from urllib.parse import quote, urlsplit

from crawler.study import Study

_GAP = "[^/?&]{1,3}"
"""Between two words of a phrase: "-", "_", "+", "%20"."""

# Letters with a sign that Unicode does not part from them.
_ONE_PIECE = str.maketrans({"ı": "i", "ł": "l", "ø": "o", "đ": "d"})


class UrlWords:
    """The topic's terms and `url_words` of a study, as they look in URLs.

    Case is ignored, and so are Latin accents: left out, percent-encoded, or written as in "graeber". A word
    in another script is sought as it is and percent-encoded. Words count behind the host only: an outlet may
    have the country's name in its own.

    `pattern` is a regular expression for whole URLs that Java and Python read alike. It is what a server is
    asked to sift by, so it must be short (many servers take no address above 8,000 bytes) and quick: of words
    that must all occur it seeks the longest only. `named_in` decides.
    """

    def __init__(self, study: Study) -> None:
        terms = dict.fromkeys([*(term for group in study.topic.values() for term in group), *study.url_words])
        split = [[_Word(word) for word in term.split(" + ") if word.strip(" *")] for term in terms]
        self._terms = [words for words in split if words]
        sought = dict.fromkeys(max(words, key=lambda word: len(word.coarse)) for words in self._terms)
        whole = "|".join(dict.fromkeys(word.coarse for word in sought if not word.open_end))
        begun = "|".join(dict.fromkeys(word.coarse for word in sought if word.open_end))
        either = "|".join([*([f"(?:{whole})(?![a-z])"] if whole else []), *([begun] if begun else [])])
        self.pattern = f"(?i)https?://[^/]+/.*(?:{either}).*"

    def named_in(self, url: str) -> bool:
        """Whether the URL has the words of one of the terms. A front page has none, whatever its query."""
        parts = urlsplit(url)
        behind = f"{parts.path}?{parts.query}".casefold()
        return parts.path.strip("/") != "" and any(
            all(word.exact.search(behind) for word in words) for words in self._terms
        )


class _Word:
    """A word or phrase of a term: as it is sought by a server (`coarse`), and as it must stand (`exact`)."""

    def __init__(self, written: str) -> None:
        self.open_end = written.endswith("*")
        parts = unicodedata.normalize("NFC", written).rstrip("*").casefold().split()
        if all(_without_accents(part).isascii() for part in parts):
            self.coarse = _GAP.join("".join(map(_spellings, part)) for part in parts)
            exact = f"(?<![a-z]){self.coarse.casefold()}{'' if self.open_end else '(?![a-z])'}"
        else:
            encoded = _GAP.join(re.escape(quote(part)) for part in parts)
            self.coarse = f"{_GAP.join(map(re.escape, parts))}|{encoded}"
            exact = self.coarse.casefold()
        self.exact = re.compile(exact)

    def __eq__(self, other: object) -> bool:
        return isinstance(other, _Word) and (self.coarse, self.open_end) == (other.coarse, other.open_end)

    def __hash__(self) -> int:
        return hash((self.coarse, self.open_end))


def _spellings(letter: str) -> str:
    """A regular expression for the ways in which addresses write a Latin letter."""
    plain = _without_accents(letter)
    if plain == letter:
        return re.escape(letter)
    return f"(?:{plain}{'e?' if letter in 'äöü' else ''}|{quote(letter)})"


def _without_accents(word: str) -> str:
    parted = unicodedata.normalize("NFD", word.translate(_ONE_PIECE))
    return "".join(letter for letter in parted if not unicodedata.combining(letter))
