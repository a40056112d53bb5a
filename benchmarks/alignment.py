"""What coding an article costs, and whether memory grows with the number of articles."""

import os
from collections.abc import Iterable
from itertools import cycle, islice
from pathlib import Path

from benchmarks.figure import Figure, Inputs, SkippedError, cpu_ms
from gossi.analysis.alignment.align import Aligner
from gossi.analysis.codebook import load_codebook
from gossi.crawler.sample.articles import coded_articles
from gossi.crawler.sample.model import Article, sample
from gossi.crawler.sample.unrelated import unrelated_articles

_SENTENCES = 25
"""Of an article: a long news report."""

_ARTICLES = 120
"""Measured of each kind: as many as the sample has, so that all its languages are among them."""

_WARM, _MANY = 500, 4500
"""Articles after which memory is looked at. Words met are remembered, so that it grows at first."""


_Text = tuple[str, list[str], str]

_STATM = Path("/proc/self/statm")


def run(inputs: Inputs) -> Iterable[Figure]:
    """Code articles of the sample, made as long as a long report."""
    aligner = Aligner(load_codebook(Path(__file__).parents[1] / "claims.toml"))
    coded = coded_articles()
    on = _lengthened([article for article in coded if article.on_topic])
    near = _lengthened([article for article in coded if not article.on_topic])
    off = _lengthened([article for outlet in sample().outlet for article in unrelated_articles(outlet, 1)])
    yield Figure("on-topic article of 25 sentences", _cost(aligner, on), "ms CPU", most=10)
    yield Figure("near-topic article of 25 sentences", _cost(aligner, near), "ms CPU")
    yield Figure("off-topic article of 25 sentences", _cost(aligner, off), "ms CPU", most=0.5)
    if not _STATM.exists():
        raise SkippedError("memory, which is read from /proc: this system has none")
    for number in range(_WARM):
        _code_another(aligner, on, number)
    before = _memory()
    for number in range(_WARM, _MANY):
        _code_another(aligner, on, number)
    # 10 MB: the allocator's own ups and downs; 40,000 strange words that were all kept would take more.
    yield Figure(f"memory grown over {_MANY - _WARM:,} articles", _memory() - before, "MB", most=10)


def _memory() -> float:
    """Megabytes that the process holds now."""
    return int(_STATM.read_text(encoding="ascii").split()[1]) * os.sysconf("SC_PAGE_SIZE") / 1e6


def _lengthened(articles: Iterable[Article]) -> list[_Text]:
    """The articles' headlines, sentences and languages; a short one's sentences come again."""
    return [
        (article.headline, list(islice(cycle(article.text), _SENTENCES)), article.language)
        for article in islice(cycle(articles), _ARTICLES)
    ]


def _cost(aligner: Aligner, articles: list[_Text]) -> float:
    for article in articles:
        aligner.code(*article)
    return cpu_ms(lambda n: aligner.code(*articles[n]), len(articles))


def _code_another(aligner: Aligner, articles: list[_Text], number: int) -> None:
    """Code an article with ten words that no other has, as names and numbers are."""
    headline, text, language = articles[number % len(articles)]
    strange = " ".join(f"{text[0][:3]}{number}x{n}" for n in range(10))
    aligner.code(headline, [*text, strange], language)
