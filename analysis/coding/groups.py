"""Which coded articles belong together: one outlet's, and those that print one text.

Of articles that belong together, none may teach the coder while another is coded to see how well it does.
"""

from collections import Counter, defaultdict
from collections.abc import Mapping, Sequence
from itertools import combinations
from typing import Any

from gossi.analysis.alignment.words import words_of

# Reprints share on average 30 % of their runs of three words (NEWS-COPY, arXiv 2210.04261).
_ALIKE = 0.3
_RUN = 3
# A run of words in more articles than this is a phrase of the language or of the affair, and shows no copy.
_COMMON = 20


def groups_of(records: Sequence[Mapping[str, Any]]) -> list[int]:
    """The group of each article: a number that articles which belong together share."""
    root = list(range(len(records)))

    def find(number: int) -> int:
        while root[number] != number:
            number = root[number]
        return number

    alike = [pair for key in ("outlet", "domain", "wire_group") for pair in _same(records, key)]
    for first, second in [*alike, *_copies(records)]:
        root[find(second)] = find(first)
    return [find(number) for number in range(len(records))]


def _same(records: Sequence[Mapping[str, Any]], key: str) -> list[tuple[int, int]]:
    """Pairs of articles that have one outlet, or one text, as their lines say."""
    first: dict[object, int] = {}
    return [
        (first.setdefault(record[key], number), number)
        for number, record in enumerate(records)
        if record.get(key)
    ]


def _copies(records: Sequence[Mapping[str, Any]]) -> list[tuple[int, int]]:
    """Pairs of articles of which one has much of the other's text."""
    runs = [_runs(record["text"]) for record in records]
    holders = defaultdict(list)
    for number, own in enumerate(runs):
        for run in own:
            holders[run].append(number)
    shared = Counter(
        pair for numbers in holders.values() if len(numbers) <= _COMMON for pair in combinations(numbers, 2)
    )
    return [
        (first, second)
        for (first, second), count in sorted(shared.items())
        if count >= _ALIKE * min(len(runs[first]), len(runs[second]))
    ]


def _runs(text: str | Sequence[str]) -> set[tuple[str, ...]]:
    words = words_of(text if isinstance(text, str) else " ".join(text))
    return {tuple(words[at : at + _RUN]) for at in range(len(words) - _RUN + 1)}
