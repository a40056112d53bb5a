"""Reads the lexicon: the words by which a study's topic and claims are recognised, a file a language.

Two folders have one form. The package's, beside this module, has the words of any affair: saying, denying, an
inquiry. A study's, `lexicon/`, has those of its own: who speaks for whom, names, places. Either holds

- `concepts.toml`: each concept with its meaning, and which others it includes;
- `<language>.toml`: a table a concept. `words` are a concept's terms. To a concept of the package a study
  `adds` its own terms, or it `replaces` the package's. A table `[grammar]` tells of the language's sentences.

The topic gate and the alignment both read here; each says what its terms mean (`crawler.page.gate`,
`analysis.alignment.terms`).
"""

import hashlib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path

from pydantic import ConfigDict, Field, StrictBool, model_validator

from gossi.crawler.config import Table, load_toml
from gossi.crawler.errors import ConfigError
from gossi.crawler.values import Slug, Terms, Words, as_language

SHARED = Path(__file__).parent
"""The package's own folder."""

_CONCEPTS = "concepts.toml"


class Concept(Table):
    """A table of concepts.toml."""

    meaning: Words
    includes: list[Slug] = Field(default_factory=list, description="concepts whose words it has as well")


class Grammar(Table):
    """The [grammar] table of a language: where subjects stand, and how the script parts words."""

    subject_first: StrictBool = Field(
        default=False, description="a subject stands behind its verb only after a quotation"
    )
    subject_behind: StrictBool = Field(default=False, description="the verb stands before its subject")
    verb_last: StrictBool = Field(default=False, description="the verb ends the sentence")
    unspaced: StrictBool = Field(default=False, description="written without spaces")


class Entry(Table):
    """A concept's table in a language's file: one of three keys."""

    words: Terms = Field(default_factory=list, description="the concept's terms")
    adds: Terms = Field(default_factory=list, description="a study's terms beside those of the package")
    replaces: Terms = Field(default_factory=list, description="a study's terms instead of the package's")

    @model_validator(mode="after")
    def _one_key(self) -> "Entry":
        if sum(map(bool, (self.words, self.adds, self.replaces))) != 1:
            raise ValueError("needs one of the keys words, adds, replaces")
        return self

    @property
    def terms(self) -> list[str]:
        """The terms, whatever their key."""
        return self.words or self.adds or self.replaces


class _ConceptsFile(Table):
    """The whole of concepts.toml."""

    model_config = ConfigDict(extra="allow")
    __pydantic_extra__: dict[str, Concept] = Field(init=False)
    further = Concept

    @property
    def tables(self) -> dict[str, Concept]:
        return self.__pydantic_extra__


class _LanguageFile(Table):
    """The whole of a language's file."""

    grammar: Grammar | None = None

    model_config = ConfigDict(extra="allow")
    __pydantic_extra__: dict[str, Entry] = Field(init=False)
    further = Entry

    @property
    def tables(self) -> dict[str, Entry]:
        return self.__pydantic_extra__


class _Folder:
    """A folder of the lexicon as it is written."""

    def __init__(self, root: Path) -> None:
        self.root = root
        self.concepts = load_toml(root / _CONCEPTS, _ConceptsFile).tables
        self.files = {path.stem: path for path in sorted(root.glob("*.toml")) if path.name != _CONCEPTS}
        self._read: dict[str, _LanguageFile] = {}

    def language(self, code: str) -> _LanguageFile:
        """What it has of a language; an empty file where it has none."""
        if code not in self.files:
            return _LanguageFile()
        if code not in self._read:
            self._read[code] = load_toml(self.files[code], _LanguageFile)
        return self._read[code]

    def digests(self, languages: Mapping[str, object]) -> Iterator[str]:
        """A line for each of its files in these languages: SHA-256 and name."""
        files = [self.root / _CONCEPTS, *(self.files[code] for code in self.files if code in languages)]
        for file in files:
            yield f"{hashlib.sha256(file.read_bytes()).hexdigest()}  {file.name}\n"


@dataclass(frozen=True)
class Lexicon:
    """The words of a study, those of the package among them.

    Attributes:
        concepts: name → meaning and what it includes.
        words: concept → language → its terms, those of included concepts among them. Each concept is in it.
        grammar: language → what is known of its sentences; the languages are those of the study's files.
        digest: SHA-256 of the names and contents of all files that were read: the lexicon's version.
    """

    concepts: Mapping[str, Concept]
    words: Mapping[str, Mapping[str, list[str]]]
    grammar: Mapping[str, Grammar]
    digest: str


def shared_concepts() -> list[tuple[str, str]]:
    """The package's concepts, each with its meaning on one line."""
    return [(name, " ".join(concept.meaning.split())) for name, concept in _shared().concepts.items()]


def shared_words(code: str) -> dict[str, list[str]]:
    """The package's words in a language: concept → its terms. Empty where it has none."""
    return {name: entry.terms for name, entry in _shared().language(code).tables.items()}


def own_words(root: Path) -> dict[str, dict[str, list[str]]]:
    """The words that a study's own files give: language → concept → terms, as they stand there."""
    folder = _Folder(root)
    return {
        code: {name: entry.terms for name, entry in folder.language(code).tables.items()}
        for code in folder.files
    }


def load_lexicon(root: Path) -> Lexicon:
    """Read and check a study's lexicon, and of the package's the languages that the study has files for.

    Args:
        root: the study's folder `lexicon`.

    Raises:
        ConfigError: a file is missing, is not TOML, or tables or keys are wrong: a line for each.
    """
    shared, own = _shared(), _Folder(root)
    problems = [*_misnamed(own), *_misdeclared(shared, own)]
    words: dict[str, dict[str, list[str]]] = {name: {} for name in (*shared.concepts, *own.concepts)}
    grammar: dict[str, Grammar] = {}
    for code, path in own.files.items():
        ours, theirs = own.language(code), shared.language(code)
        grammar[code] = ours.grammar or theirs.grammar or Grammar()
        for name, entry in theirs.tables.items():
            words[name][code] = entry.terms
        for name, entry in ours.tables.items():
            wrong = _complaint(name, entry, shared=name in theirs.tables, known=name in words)
            problems += [f"{path}: {line}" for line in wrong]
            if not wrong:
                words[name][code] = [*(words[name].get(code, []) if entry.adds else []), *entry.terms]
    if problems:
        raise ConfigError("\n".join(problems))
    concepts = {**shared.concepts, **own.concepts}
    lines = [*shared.digests(own.files), *own.digests(own.files)]
    digest = hashlib.sha256("".join(lines).encode()).hexdigest()
    return Lexicon(concepts, {name: _whole(name, concepts, words) for name in words}, grammar, digest)


@lru_cache(maxsize=1)
def _shared() -> _Folder:
    return _Folder(SHARED)


def _misnamed(folder: _Folder) -> Iterator[str]:
    for code, path in folder.files.items():
        try:
            as_language(code)
        except ValueError as error:
            yield f"{path}: {error}"


def _misdeclared(shared: _Folder, own: _Folder) -> Iterator[str]:
    """What is wrong with the study's concepts.toml."""
    place = own.root / _CONCEPTS
    known = {**shared.concepts, **own.concepts}
    for name, concept in own.concepts.items():
        if name in shared.concepts:
            yield (
                f"{place}: [{name}]: is a concept of the package ({SHARED / _CONCEPTS}); it needs no table "
                "here, and the files of the languages add to it or replace it"
            )
        for other in concept.includes:
            if other not in known:
                yield f"{place}: [{name}], key includes: {other!r} is no concept; declare it in this file"
            elif name in _included(other, known):
                yield f"{place}: [{name}], key includes: {other!r} includes {name!r} itself"


def _complaint(name: str, entry: Entry, *, shared: bool, known: bool) -> list[str]:
    """What is wrong with a concept's table in a language's file of a study."""
    if not known:
        return [f"[{name}]: is no concept; declare it in {_CONCEPTS}, with its meaning"]
    problems = [
        f"[{name}]: {term!r} has no letter"
        for term in entry.terms
        if not any(letter.isalnum() for letter in term)
    ]
    if shared and entry.words:
        problems.append(
            f"[{name}], key words: the package has words for it in this language; write adds = […] to add "
            "these, replaces = […] to have these alone"
        )
    if not shared and not entry.words:
        problems.append(f"[{name}]: the package has no words for it in this language; write words = […]")
    return problems


def _included(name: str, concepts: Mapping[str, Concept]) -> list[str]:
    """The concept and all that it includes, each once, whatever circles there are."""
    found, left = [], [name]
    while left:
        here = left.pop()
        if here in found or here not in concepts:
            continue
        found.append(here)
        left += reversed(concepts[here].includes)
    return found


def _whole(
    name: str, concepts: Mapping[str, Concept], words: Mapping[str, Mapping[str, list[str]]]
) -> dict[str, list[str]]:
    """A concept's terms by language, those of what it includes among them, each once."""
    whole: dict[str, dict[str, None]] = {}
    for part in _included(name, concepts):
        for code, terms in words[part].items():
            whole.setdefault(code, {}).update(dict.fromkeys(terms))
    return {code: list(terms) for code, terms in whole.items()}
