"""Splits an article into sentences that can be found again in its text."""

import re
from collections.abc import Iterable, Iterator, Sequence

from sentencex import segment

from analysis.alignment.model import HEADLINE, Sentence

_INITIAL = re.compile(r"(?:^|\s)[A-Z]\.\s*$")


def headline_sentence(headline: str) -> Sentence:
    """The headline as a sentence of its own."""
    return Sentence(HEADLINE, headline, 0, len(headline))


def split_text(text: str, language: str) -> list[Sentence]:
    """The sentences of a text whose paragraphs are lines; offsets are characters of `text`."""
    sentences: list[Sentence] = []
    start = 0
    for paragraph in text.split("\n"):
        at = start
        for piece in _whole(segment(language, paragraph)):
            bare = piece.strip()
            if not bare:
                continue
            begin = text.find(bare, at)
            if begin < 0:  # the splitter has changed the text: the paragraph stands as one sentence
                bare, begin = paragraph.strip(), text.find(paragraph.strip(), start)
            sentences.append(Sentence(len(sentences), bare, begin, begin + len(bare)))
            at = begin + len(bare)
        start += len(paragraph) + 1
    return sentences


def _whole(pieces: Iterable[str]) -> Iterator[str]:
    """Join what was cut behind an initial, such as « M. », which the splitter takes for an end in French."""
    begun = ""
    for piece in pieces:
        begun += piece
        if not _INITIAL.search(begun):
            yield begun
            begun = ""
    if begun:
        yield begun


def listed(sentences: Sequence[str]) -> list[Sentence]:
    """Sentences that come as a list: their numbers are its indexes, offsets as if a space joined them."""
    found, start = [], 0
    for number, text in enumerate(sentences):
        found.append(Sentence(number, text, start, start + len(text)))
        start += len(text) + 1
    return found
