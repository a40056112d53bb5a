"""The words by which a page on the topic is known from its URL alone, as archives are searched for it."""

import re
import unicodedata
from urllib.parse import quote, urlsplit

from crawler.study import Study

_GAP = "[^/?&]{1,3}"
"""Between two words of a phrase: "-", "_", "+", "%20"."""


class UrlWords:
    """The topic's terms and `url_words` of a study, as they look in URLs.

    Case and Latin accents are ignored; a word in another script is sought as it is and percent-encoded.
    `pattern` is one regular expression for the whole URL that Java, Python and RE2-like servers read alike.
    """

    def __init__(self, study: Study) -> None:
        terms = [term for group in study.topic.values() for term in group] + study.url_words
        alternatives = dict.fromkeys(_term(term) for term in terms)
        single = [words[0] for words in alternatives if len(words) == 1]
        joined = ["".join(f"(?=.*{word})" for word in words) for words in alternatives if len(words) > 1]
        if single:
            joined.append(f"(?=.*(?:{'|'.join(single)}))")
        self.pattern = f"(?i)https?://[^/]+/(?:{'|'.join(joined)}).*"
        self._compiled = re.compile(self.pattern)

    def named_in(self, url: str) -> bool:
        """Whether the URL, behind its host, has one of them. A front page has none, whatever its query."""
        return urlsplit(url).path.strip("/") != "" and self._compiled.fullmatch(url) is not None


def _term(term: str) -> tuple[str, ...]:
    """The regular expressions that must all match for a term: it may be several words joined by " + "."""
    return tuple(_word(word) for word in term.split(" + ") if word.strip(" *"))


def _word(word: str) -> str:
    open_end = word.endswith("*")
    parts = word.rstrip("*").casefold().split()
    end = "" if open_end else "(?![a-z])"
    plain = [_without_accents(part) for part in parts]
    if all(part.isascii() for part in plain):
        return f"(?<![a-z]){_GAP.join(map(re.escape, plain))}{end}"
    return f"(?:{_GAP.join(map(re.escape, parts))}|{_GAP.join(re.escape(quote(part)) for part in parts)})"


def _without_accents(word: str) -> str:
    parted = unicodedata.normalize("NFD", word)
    return "".join(letter for letter in parted if not unicodedata.combining(letter))
