"""Reads coded articles as if they had come when the lexicon was written already.

Whoever writes a lexicon looks at the coded articles, so its words meet these better than they will meet
others, and a coder that learns from them would trust its words too much. Therefore each article is also read
without the terms that no article of another group has: it alone may have brought them in.
"""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence

from gossi.analysis.alignment.terms import Hit, Lexicon, Reading
from gossi.analysis.codebook import Codebook


class TermReader:
    """Finds the terms of one language, each by itself; `terms` has each one's concept, by its number."""

    def __init__(self, codebook: Codebook, language: str) -> None:
        numbers = {name: number for number, name in enumerate(codebook.concepts)}
        written = [
            (numbers[concept], term)
            for concept, terms in codebook.concepts.items()
            for term in terms.get(language, ())
        ]
        self.concepts = [concept for concept, _ in written]
        unspaced = codebook.grammar[language].unspaced if language in codebook.grammar else False
        self._lexicon = Lexicon(
            {number: [term] for number, (_, term) in enumerate(written)}, unspaced=unspaced
        )

    def read(self, sentence: str) -> Reading:
        """A sentence with the terms that were met in it, in the place of concepts."""
        return self._lexicon.read(sentence)

    def without(self, reading: Reading, withheld: frozenset[int]) -> Reading:
        """The sentence with its concepts, as far as other terms than these met them."""
        hits: dict[int, list[Hit]] = defaultdict(list)
        for term, found in reading.hits.items():
            if term not in withheld:
                concept = self.concepts[term]
                hits[concept] += [hit._replace(concept=concept) for hit in found]
        return reading._replace(
            hits={concept: sorted(found, key=lambda hit: hit[1:3]) for concept, found in hits.items()},
            concepts=sum(1 << concept for concept in hits),
        )


def own_terms(
    articles: Iterable[tuple[str, Sequence[Reading]]], groups: Sequence[int]
) -> list[frozenset[int]]:
    """Of each article, the terms that were met in its group alone.

    Args:
        articles: of each its language and its sentences with their terms.
        groups: of each the group.
    """
    met = [
        (language, {term for reading in readings for term in reading.hits}) for language, readings in articles
    ]
    holders: Mapping[tuple[str, int], set[int]] = defaultdict(set)
    for (language, found), group in zip(met, groups, strict=True):
        for term in found:
            holders[language, term].add(group)
    return [frozenset(term for term in found if len(holders[language, term]) == 1) for language, found in met]
