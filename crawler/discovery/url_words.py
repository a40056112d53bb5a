"""The words by which a page on the topic is known from its URL or its title alone."""

import re
import unicodedata
from dataclasses import replace
from urllib.parse import quote, urlsplit

from gossi.crawler.discovery.candidate import Candidate
from gossi.crawler.study.sources import Study

_GAP = "[^/?&]{1,3}"
"""Between two words of a phrase: "-", "_", "+", "%20"."""

# Letters that addresses write as they are, whatever they do with the others.
_PLAIN = re.compile("[a-z0-9]+")
# What every spelling of a Latin word has in common.
_PLAIN = re.compile("[a-z0-9]+")
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
        terms = dict.fromkeys([*study.topic, *study.url_words])
        split = [[_Word(word) for word in term.split(" + ") if word.strip(" *")] for term in terms]
        self._terms = [words for words in split if words]
        self._by_core = _by_core(self._terms)
        cores = {core for group, _ in self._by_core for core in group}
        shortest = [core for core in cores if not any(part != core and part in core for part in cores)]
        self._cores = sorted(shortest)
        self._plain_cores = [core for core in self._cores if _is_plain(core)]
        sought = dict.fromkeys(max(words, key=lambda word: len(word.coarse)) for words in self._terms)
        whole = "|".join(dict.fromkeys(word.coarse for word in sought if not word.open_end))
        begun = "|".join(dict.fromkeys(word.coarse for word in sought if word.open_end))
        either = "|".join([*([f"(?:{whole})(?![a-z])"] if whole else []), *([begun] if begun else [])])
        self.pattern = f"(?i)https?://[^/]+/.*(?:{either}).*"

    def named_in(self, url: str) -> bool:
        """Whether the URL has the words of one of the terms. A front page has none, whatever its query."""
        try:
            parts = urlsplit(url)
        except ValueError:
            return False
        return parts.path.strip("/") != "" and self._named(f"{parts.path}?{parts.query}".casefold())

    def named_in_title(self, title: str) -> bool:
        """Whether a title, as a feed or news sitemap gives it, has the words of one of the terms."""
        if not title:
            return False
        folded = unicodedata.normalize("NFC", title).casefold()
        plain = _without_accents(folded)
        return self._named(folded) or (plain != folded and self._named(plain))

    def _named(self, text: str) -> bool:
        """By the letters that no spelling changes first: of 50,000 addresses hardly one has any."""
        for core in self._plain_cores if _is_plain(text) else self._cores:  # quicker than any()
            if core in text:
                break
        else:
            return False
        return any(
            all(word.exact.search(text) for word in words)
            for cores, terms in self._by_core
            if any(core in text for core in cores)
            for words in terms
        )


def marked(candidate: Candidate, title: str, words: UrlWords | None) -> Candidate:
    """The candidate, marked where its URL or the title that its listing gives has the topic's words."""
    if words is not None and (words.named_in(candidate.url) or words.named_in_title(title)):
        return replace(candidate, names_topic=True)
    return candidate


def _is_plain(text: str) -> bool:
    return text.isascii() and "%" not in text


def _by_core(terms: list[list["_Word"]]) -> list[tuple[tuple[str, ...], list[list["_Word"]]]]:
    """The terms by what must stand in a text that has one of them: the longest such core of its words."""
    groups: dict[tuple[str, ...], list[list[_Word]]] = {}
    for words in terms:
        rarest = max((word.cores for word in words), key=lambda cores: len(cores[0]))
        groups.setdefault(rarest, []).append(words)
    return list(groups.items())


class _Word:
    """A word or phrase of a term: as it is sought by a server (`coarse`), and as it must stand (`exact`).

    Where it stands, one of its `cores` stands too.
    """

    def __init__(self, written: str) -> None:
        self.open_end = written.endswith("*")
        parts = unicodedata.normalize("NFC", written).rstrip("*").casefold().split()
        if all(_without_accents(part).isascii() for part in parts):
            self.coarse = _GAP.join("".join(map(_spellings, part)) for part in parts)
            exact = f"(?<![a-z]){self.coarse.casefold()}{'' if self.open_end else '(?![a-z])'}"
            stretches = (stretch for part in parts for stretch in _PLAIN.findall(part))
            self.cores: tuple[str, ...] = (max(stretches, key=len, default=""),)
        else:
            longest = max(parts, key=len)
            self.cores = longest, quote(longest).casefold()
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
