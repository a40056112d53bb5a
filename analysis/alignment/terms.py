"""Finds the codebook's terms in a sentence, whatever their inflection and spelling.

A term is a word or several. A word may end or begin with `*`, which stands for any letters: `enterr*`,
`*video*`. Words side by side must follow each other, with at most one other word between; words joined by
` + ` may stand in any order within a clause: `cover* + sand`. Case, accents and vowel signs are ignored, and
a word of seven letters or more may be misspelt (rapidfuzz).
"""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from functools import cached_property
from typing import NamedTuple

from rapidfuzz import fuzz, process

from gossi.analysis.alignment.words import cut, fold, forms_of, without_article, words_of

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

    `breaks` are the words before which a comma, quotation mark or dash stands, `quotations` the first and
    last words of what is quoted; `concepts` has a bit for each concept.
    """

    words: list[str]
    breaks: frozenset[int]
    quotations: tuple[tuple[int, int], ...]
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


class _Term(NamedTuple):
    concept: int
    atoms: tuple[int, ...]
    ordered: bool
    gaps: tuple[int, ...]  # words allowed before each atom


class _Index(NamedTuple):
    """Atoms by their letters: whole words, beginnings of words, and those that may stand elsewhere in one."""

    whole: dict[str, list[int]]
    beginnings: dict[str, list[int]]
    elsewhere: list[int]


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
        self._told: dict[frozenset[int], frozenset[int]] = {}
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
        words, breaks, quotations = cut(sentence)
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
        return Reading(words, breaks, quotations, hits, concepts)

    def touches(self, text: str, concepts: Iterable[int]) -> bool:
        """Whether a word of one of the concepts' terms is in the text: a quick look before all is read."""
        telling = self._telling(frozenset(concepts))
        memory = self._memory
        for word in set(words_of(text)):
            known = memory.get(word)
            for atom, _ in self._remember(word) if known is None else known:
                if atom in telling:
                    return True
        return False

    def _telling(self, concepts: frozenset[int]) -> frozenset[int]:
        """The atoms that are terms of these concepts or begin one; remembered."""
        if concepts in self._told:
            return self._told[concepts]
        single = {atom for atom, of in self._single.items() if of & concepts}
        compound = {
            atom for atom, terms in self._compound.items() if any(t.concept in concepts for t in terms)
        }
        self._told[concepts] = frozenset(single | compound)
        return self._told[concepts]

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
        index = self._index
        for form in forms_of(folded):
            for number in index.whole.get(form, ()):
                found[number] = 100.0
            for end in range(1, len(form) + 1):
                for number in index.beginnings.get(form[:end], ()):
                    found[number] = 100.0
            for number in index.elsewhere:
                atom = self._atoms[number]
                if atom.letters in form if atom.open_behind else form.endswith(atom.letters):
                    found[number] = 100.0
        if not found and len(folded) >= FUZZY_LETTERS and not folded.isdigit():
            found.update(self._misspelt(folded))
        return found

    def _misspelt(self, form: str) -> Iterator[tuple[int, float]]:
        """The atoms that a word is nearly; misspellings keep the first letter."""
        for (letter, length), stems in self._fuzzy.items():
            if letter != form[0] or length > len(form) + 1:
                continue
            # A beginning is compared with the word's, of which one letter may be doubled. A letter that is
            # missing would let every shorter stem pass: exécut- for exécuté-.
            for part in {form[:length], form[: length + 1]} if length else {form}:
                alike = process.extract(
                    part, stems.keys(), scorer=fuzz.ratio, score_cutoff=FUZZY_CUTOFF, limit=None
                )
                for stem, score, _ in alike:
                    yield stems[stem], score

    @cached_property
    def _index(self) -> _Index:
        index = _Index({}, {}, [])
        for number, atom in enumerate(self._atoms):
            if atom.open_before:
                index.elsewhere.append(number)
            else:
                where = index.beginnings if atom.open_behind else index.whole
                where.setdefault(atom.letters, []).append(number)
        return index

    @cached_property
    def _fuzzy(self) -> dict[tuple[str, int], dict[str, int]]:
        """(First letter, length) → beginnings of words; length 0 has whole words. Each with its atom."""
        fuzzy: dict[tuple[str, int], dict[str, int]] = defaultdict(dict)
        for number, atom in enumerate(self._atoms):
            if not atom.open_before and len(atom.letters) >= FUZZY_LETTERS:
                fuzzy[atom.letters[0], len(atom.letters) if atom.open_behind else 0][atom.letters] = number
        return dict(fuzzy)


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
