"""Splits an article into sentences that can be found again in its text.

sentencex 1.0 splits; what it gets wrong is mended around it, and its pieces are only moved, so that offsets
lead back to the text. Its faults, each with a test:

- it cuts behind an initial in French (« M. »), behind ordinals wherever it does not know the month ("der 2.
  Weltkrieg", Dutch "19. april", Turkish "21. yüzyıl"), and behind times before their zone ("8:06 p.m. UT");
- it does not cut behind acronyms written like words ("Fao.", "Bbc.") in Italian, where it takes them for
  abbreviations;
- a quotation that is opened and never closed swallows all up to the next closing mark;
- an opening mark behind an end of sentence goes to the sentence before ("habló. «").
"""

import re
from collections.abc import Iterator, Sequence

from sentencex import segment

from gossi.analysis.alignment.model import HEADLINE, Sentence

_INITIAL = re.compile(r"(?:^|\s)[A-Z]\.\s*$")

# A number of a day or rank: alone, or behind an article or preposition with which these are written.
_ORDINAL = re.compile(
    r"(?:^|\b(?:am|im|zum|vom|beim|seit|bis|ab|der|die|das|den|dem|des|det|il|dne|dňa|dnia|dana)\s)"
    r"\d{1,2}\.\s*$",
    re.IGNORECASE,
)

# "8:06 p.m." before its zone, place or day.
_CLOCK = re.compile(r"\d\s?[ap]\.\s?m\.\s*$", re.IGNORECASE)
_ZONE = re.compile(r"\s*(?:[|(,–—-]|[A-Z]{2,4}\b|\w+ time\b|(?:Mon|Tues|Wednes|Thurs|Fri|Satur|Sun)day\b)")

# Written like words, they end no abbreviation: behind their full stop a sentence ends.
_ACRONYM_END = re.compile(
    r"\b(?:Onu|Rfi|Afp|Bbc|Cnn|Efe|Dpa|Ansa|Tass|Nato|Otan|Uno|Fao|Oms|Cia|Fbi|Usa|Ue|Eu|Hrw|Ong|Ngo|Unesco|Unicef)"
    r"\.(?=\s+\W?[^\W\d_a-zà-öø-ÿ])"
)

# An opening mark at the end of a piece belongs to the next one.
_LEFT_OPEN = re.compile(r"\s[«“„‘(\[]\s*$")

_PAIRS = {"«": "»", "“": "”", "„": "“"}
_QUOTATION_MARK = re.compile("[«»“”„]")


def headline_sentence(headline: str) -> Sentence:
    """The headline as a sentence of its own."""
    return Sentence(HEADLINE, headline, 0, len(headline))


def split_text(text: str, language: str) -> list[Sentence]:
    """The sentences of a text whose paragraphs are lines; offsets are characters of `text`."""
    sentences: list[Sentence] = []
    start = 0
    for paragraph in text.split("\n"):
        begin = 0
        for end in _ends(paragraph, language):
            bare = paragraph[begin:end].strip()
            if bare:
                at = start + begin + paragraph[begin:end].index(bare)
                sentences.append(Sentence(len(sentences), bare, at, at + len(bare)))
            begin = end
        start += len(paragraph) + 1
    return sentences


def _ends(paragraph: str, language: str) -> Iterator[int]:
    """Where the sentences of a paragraph end, the last one included."""
    masked = _without_unclosed(paragraph)
    pieces = list(segment(language, masked))
    if "".join(pieces) != masked:  # the splitter has changed the text: the paragraph stands as one sentence
        yield len(paragraph)
        return
    begin = end = 0
    for number, piece in enumerate(pieces):
        end += len(piece)
        sentence, rest = paragraph[begin:end], paragraph[end:]
        if number + 1 < len(pieces) and _goes_on(sentence, rest):
            continue
        inner = [begin + found.end() for found in _ACRONYM_END.finditer(sentence)]
        yield from (place for place in inner if place < end)
        left_open = _LEFT_OPEN.search(sentence)
        begin = begin + left_open.start() if left_open and rest.strip() else end
        yield begin


def _goes_on(sentence: str, rest: str) -> bool:
    """Whether the splitter cut within a sentence."""
    if _INITIAL.search(sentence) or _ORDINAL.search(sentence):
        return True
    if _CLOCK.search(sentence):
        return bool(_ZONE.match(rest))
    follows = rest.lstrip(" \u00a0«“„\"'(")
    is_name = follows[1:2].isupper()  # iPhone, eBay
    ends_in_point = sentence.rstrip().endswith(".") and not sentence.rstrip().endswith("..")
    return ends_in_point and follows[:1].islower() and not is_name


def _without_unclosed(paragraph: str) -> str:
    """The paragraph without quotation marks that nothing closes, a space in the place of each."""
    opened: dict[str, int] = {}
    masked = list(paragraph)
    for found in _QUOTATION_MARK.finditer(paragraph):
        at, mark = found.start(), found[0]
        if mark in _PAIRS and not any(mark == _PAIRS[open_] for open_ in opened):
            if mark in opened:
                masked[opened[mark]] = " "
            opened[mark] = at
        elif mark in _PAIRS.values():
            opened = {open_: place for open_, place in opened.items() if _PAIRS[open_] != mark}
    for at in opened.values():
        masked[at] = " "
    return "".join(masked)


def listed(sentences: Sequence[str]) -> list[Sentence]:
    """Sentences that come as a list: their numbers are its indexes, offsets as if a space joined them."""
    found, start = [], 0
    for number, text in enumerate(sentences):
        found.append(Sentence(number, text, start, start + len(text)))
        start += len(text) + 1
    return found
