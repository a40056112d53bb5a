"""What a benchmark gives: figures, each with its target where there is one."""

import time
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from pathlib import Path


@dataclass(frozen=True)
class Figure:
    """A measured value. `most` and `least` are the targets; None where the figure is only for reading."""

    what: str
    value: float
    unit: str
    most: float | None = None
    least: float | None = None

    @property
    def target(self) -> str:
        """The target in words, empty where there is none."""
        if self.most is not None:
            return f"at most {self.most:g}"
        return "" if self.least is None else f"at least {self.least:g}"

    @property
    def met(self) -> bool | None:
        """Whether the target is met; None where there is none."""
        if self.most is not None:
            return self.value <= self.most
        return None if self.least is None else self.value >= self.least


class SkippedError(Exception):
    """The rest of a benchmark cannot run here; the message says what, and what it needs."""


@dataclass(frozen=True)
class Inputs:
    """What the command line gives the benchmarks.

    `real_pages` is a WARC file of real pages, None where none is at hand. Their true texts are looked for
    beside it, under the same name with the ending .jsonl: lines with `url` and `article_body`. `articles` is
    the size of the store that `measuring` makes. `archive` is a file of CC-NEWS that `scan` reads.
    """

    real_pages: Path | None = None
    articles: int = 1_000_000
    archive: Path | None = None


Benchmark = Callable[[Inputs], Iterable[Figure]]


def cpu_ms(work: Callable[[int], object], pages: int, rounds: int = 3) -> float:
    """Milliseconds of CPU that `work` takes for a page, on average over the pages 0, 1, ….

    Of several rounds each page's quickest counts: other programs on the machine can only slow it down.
    """
    best = [float("inf")] * pages
    for _ in range(rounds):
        for page in range(pages):
            begin = time.process_time()
            work(page)
            best[page] = min(best[page], time.process_time() - begin)
    return sum(best) / pages * 1000
