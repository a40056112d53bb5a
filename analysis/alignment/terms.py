"""Finds the codebook's terms in a sentence, whatever their inflection and spelling.

A term is a word or several. A word may end or begin with `*`, which stands for any letters: `enterr*`,
`*video*`. Words side by side must follow each other, with at most one other word between; words joined by
` + ` may stand in any order within a clause: `cover* + sand`. Case, accents and vowel signs are ignored, and
a word of six letters or more may be misspelt (rapidfuzz).
"""

from collections import defaultdict
from collections.abc import Iterable, Mapping
from functools import cached_property
from typing import NamedTuple

from rapidfuzz import fuzz

from analysis.alignment.words import fold, forms_of, without_article, words_and_breaks, words_of

# A letter more or less in six, another letter in nine: as the spellings seen differ (Barkane, Barkhana).
FUZZY_CUTOFF = 88.0
# Shorter words become other words by one letter: bury and busy, verwes- and verwies.
FUZZY_LETTERS = 7
# Words that an ordered term may have between two of its own, "mass of graves"; none behind an article, as
# "the government" is not "the French government".
_GAP = 1
_ARTICLE_LETTERS = 3
# Words within which the parts of an unordered term must stand: about a clause.
_CLAUSE = 8
# Words remembered per language: some 60,000 are the vocabulary of a large corpus; beyond, memory starts anew.
_MEMORY = 60_000


class Hit(NamedTuple):
    """Where a concept was found, words `first` to `last` of the sentence, how well (100: to the letter)."""

    concept: int
    first: int
    last: int
    score: float


class Reading(NamedTuple):
    """A sentence with what was found in it.

    `breaks` are the words before which a comma, quotation mark or dash stands; `concepts` has a bit for each
    concept.
    """

    words: list[str]
    breaks: frozenset[int]
    hits: dict[int, list[Hit]]
    concepts: int


class _Atom(NamedTuple):
    """A word of a term: its letters, and whether others may stand before and behind."""

    letters: str
    open_before: bool
    open_behind: bool

    @classmethod
    def of(cls, written: str) -> "_Atom":
        return cls(without_article(fold(written.strip("*"))), written.startswith("*"), written.endswith("*"))

    def matches(self, form: str) -> bool:
        if self.open_before:
            return self.letters in form if self.open_behind else form.endswith(self.letters)
        return form.startswith(self.letters) if self.open_behind else form == self.letters

    def likeness(self, form: str) -> float:
        """How alike a misspelt word is, 0 where it is not alike enough."""
        letters = self.letters
        if self.open_before or len(letters) < FUZZY_LETTERS or len(form) < FUZZY_LETTERS:
            return 0.0
        if not self.open_behind:
            return fuzz.ratio(letters, form, score_cutoff=FUZZY_CUTOFF)
        # A letter may be doubled; one that is missing would let every shorter stem pass: exécut- for exécuté-.
        cuts = {form[: len(letters) + change] for change in (0, 1)}
        return max(fuzz.ratio(letters, cut, score_cutoff=FUZZY_CUTOFF) for cut in cuts)


class _Term(NamedTuple):
    concept: int
    atoms: tuple[int, ...]
    ordered: bool
    gaps: tuple[int, ...]  # words allowed before each atom


class Lexicon:
    """The terms of one language.

    Args:
        terms: concept number → its terms, as written in the codebook.
        unspaced: the script has no spaces: a term may stand anywhere in a run of letters.
    """

    def __init__(self, terms: Mapping[int, Iterable[str]], *, unspaced: bool = False) -> None:
        self._atoms: list[_Atom] = []
        self._numbers: dict[_Atom, int] = {}
        self._single: dict[int, set[int]] = defaultdict(set)
        self._compound: dict[int, list[_Term]] = defaultdict(list)
        self._memory: dict[str, tuple[tuple[int, float], ...]] = {}
        for concept, written in terms.items():
            for term in written:
                self._add(concept, term, unspaced=unspaced)

    def _add(self, concept: int, term: str, *, unspaced: bool) -> None:
        ordered = " + " not in term
        parts = [word for part in term.split(" + ") for word in _split(part)]
        atoms = tuple(self._number(f"*{part.strip('*')}*" if unspaced else part) for part in parts)
        if not atoms:
            return
        if len(atoms) == 1:
            self._single[atoms[0]].add(concept)
        else:
            letters = [len(self._atoms[atom].letters) for atom in atoms]
            gaps = (0, *(_GAP if length > _ARTICLE_LETTERS else 0 for length in letters[:-1]))
            self._compound[atoms[0]].append(_Term(concept, atoms, ordered, gaps))

    def _number(self, written: str) -> int:
        atom = _Atom.of(written)
        if atom not in self._numbers:
            self._numbers[atom] = len(self._atoms)
            self._atoms.append(atom)
        return self._numbers[atom]

    def read(self, sentence: str) -> Reading:
        """Find all concepts of a sentence."""
        words, breaks = words_and_breaks(sentence)
        found: list[Hit] = []
        places: dict[int, list[tuple[int, float]]] = {}
        firsts: list[tuple[int, int, float]] = []
        memory, single, compound = self._memory, self._single, self._compound
        for place, word in enumerate(words):
            known = memory.get(word)
            for atom, score in self._remember(word) if known is None else known:
                if atom in single:
                    found += [Hit(concept, place, place, score) for concept in single[atom]]
                places.setdefault(atom, []).append((place, score))
                if atom in compound:
                    firsts.append((atom, place, score))
        for atom, place, score in firsts:
            for term in self._compound[atom]:
                # Most terms end here: their second word is not in the sentence at all.
                if term.atoms[1] in places and (hit := _compound_hit(term, place, score, places)):
                    found.append(hit)
        hits: dict[int, list[Hit]] = {}
        concepts = 0
        for hit in sorted(found, key=lambda hit: (hit.first, hit.last)):
            hits.setdefault(hit.concept, []).append(hit)
            concepts |= 1 << hit.concept
        return Reading(words, breaks, hits, concepts)

    def _remember(self, word: str) -> tuple[tuple[int, float], ...]:
        """The atoms that a word not met before matches, with scores."""
        if len(self._memory) >= _MEMORY:
            self._memory.clear()
        known = self._memory[word] = tuple(sorted(self._look_up(fold(word)).items()))
        return known

    def _look_up(self, folded: str) -> dict[int, float]:
        found: dict[int, float] = {}
        if not folded:
            return found
        for form in forms_of(folded):
            exact, by_letter = self._index
            for number in (*self._anywhere, *by_letter.get(form[0], ())):
                if self._atoms[number].matches(form):
                    found[number] = 100.0
            for number in exact.get(form, ()):
                found[number] = 100.0
        if not found and not folded.isdigit():
            for number in self._fuzzy.get(folded[0], ()):
                if likeness := self._atoms[number].likeness(folded):
                    found[number] = likeness
        return found

    @cached_property
    def _index(self) -> tuple[dict[str, list[int]], dict[str, list[int]]]:
        """Whole words by their letters, and beginnings of words by their first letter."""
        exact: dict[str, list[int]] = defaultdict(list)
        by_letter: dict[str, list[int]] = defaultdict(list)
        for number, atom in enumerate(self._atoms):
            if not atom.open_before:
                (by_letter[atom.letters[0]] if atom.open_behind else exact[atom.letters]).append(number)
        return exact, by_letter

    @cached_property
    def _anywhere(self) -> list[int]:
        return [number for number, atom in enumerate(self._atoms) if atom.open_before]

    @cached_property
    def _fuzzy(self) -> dict[str, list[int]]:
        """Atoms that a misspelt word may stand for. Misspellings keep the first letter."""
        fuzzy: dict[str, list[int]] = defaultdict(list)
        for number, atom in enumerate(self._atoms):
            if not atom.open_before and len(atom.letters) >= FUZZY_LETTERS:
                fuzzy[atom.letters[0]].append(number)
        return fuzzy


def _split(part: str) -> list[str]:
    """The words of a term, each with its stars."""
    words = []
    for written in part.split():
        pieces = words_of(written)
        if not pieces:
            continue
        pieces[0] = f"*{pieces[0]}" if written.startswith("*") else pieces[0]
        pieces[-1] = f"{pieces[-1]}*" if written.endswith("*") else pieces[-1]
        words += pieces
    return words


def _compound_hit(
    term: _Term, first: int, score: float, places: Mapping[int, list[tuple[int, float]]]
) -> Hit | None:
    """Where a term of several words stands whose first word stands at `first`."""
    low = high = first
    scores = [score]
    for atom, gap in zip(term.atoms[1:], term.gaps[1:], strict=True):
        if term.ordered:
            near = [(place, s) for place, s in places.get(atom, ()) if high < place <= high + 1 + gap]
        else:
            near = [
                (place, s)
                for place, s in places.get(atom, ())
                if place not in (low, high) and abs(place - first) <= _CLAUSE
            ]
        if not near:
            return None
        place, other = min(near, key=lambda found: abs(found[0] - first))
        low, high = min(low, place), max(high, place)
        scores.append(other)
    return Hit(term.concept, low, high, sum(scores) / len(scores))
