"""Codes articles in the order in which they come, in worker processes where there are many."""

import multiprocessing
import os
import signal
from collections import deque
from collections.abc import Callable, Iterable, Iterator, Sequence
from concurrent.futures import Future, ProcessPoolExecutor
from concurrent.futures.process import BrokenProcessPool
from dataclasses import dataclass
from itertools import chain, islice
from threading import Thread
from typing import Generic, TypeVar

from gossi.analysis.alignment.align import Aligner
from gossi.analysis.alignment.model import Coding
from gossi.analysis.codebook import Codebook
from gossi.crawler.errors import GossiError
from gossi.crawler.workers import cores, spawning

_FEW = 1000
"""Up to so many articles are coded here: workers take as long to start (measured: 1.3 s)."""

_CHUNK = 16
"""Articles handed to a worker at once: handing over costs little, and no worker waits long for the last."""

_AHEAD = 4
"""Chunks a worker has before it: it never waits for the one who reads, and memory stays bounded."""

Item = TypeVar("Item")


@dataclass(frozen=True)
class Article(Generic[Item]):
    """An article to be coded. `text` is one string, or a list of sentences; `language` a hint, "" unknown.

    `item` is whatever the caller wants back beside the coding; it does not travel to the workers.
    """

    item: Item
    headline: str
    text: str | Sequence[str]
    language: str


Text = tuple[str, str | Sequence[str], str]


def code_articles(
    articles: Iterable[Article[Item]], codebook: Codebook, workers: int | None = None
) -> Iterator[tuple[Item, Coding]]:
    """Code articles, giving each one's item with its coding, in the order of coming.

    Memory does not grow with their number. What reading them raises comes after the codings of those before.

    Args:
        articles: read as they are needed.
        codebook: by which to code.
        workers: processes; by default one a core where there are many articles, else none beside this one.

    Raises:
        GossiError: the workers were lost.
    """
    source = _Source(articles)
    few = list(islice(source, _FEW + 1))
    workers = workers or (cores() if len(few) > _FEW else 1)
    if workers == 1:
        aligner = Aligner(codebook)
        for article in chain(few, source):
            yield article.item, aligner.code(article.headline, article.text, article.language)
    else:
        yield from _in_workers(chain(few, source), codebook, workers)
    if source.error:
        raise source.error


class _Source(Generic[Item]):
    """Articles up to the first that cannot be read; then `error` says why."""

    def __init__(self, articles: Iterable[Article[Item]]) -> None:
        self._articles = iter(articles)
        self.error: GossiError | None = None

    def __iter__(self) -> Iterator[Article[Item]]:
        return self

    def __next__(self) -> Article[Item]:
        if self.error:
            raise StopIteration
        try:
            return next(self._articles)
        except GossiError as error:
            self.error = error
            raise StopIteration from None


def _in_workers(
    articles: Iterable[Article[Item]], codebook: Codebook, workers: int
) -> Iterator[tuple[Item, Coding]]:
    # Spawned, not forked: the parent has threads (DuckDB's), and a fork of it may hang.
    pool = ProcessPoolExecutor(workers, spawning(), initializer=_prepare_worker, initargs=(codebook,))
    waiting: deque[tuple[list[Item], Future[list[Coding]]]] = deque()
    try:
        remaining = iter(articles)
        while chunk := list(islice(remaining, _CHUNK)):
            texts = [(article.headline, article.text, article.language) for article in chunk]
            waiting.append(([article.item for article in chunk], pool.submit(_code_chunk, texts)))
            if len(waiting) > workers * _AHEAD:
                yield from _done(waiting)
        while waiting:
            yield from _done(waiting)
    except BrokenProcessPool:
        raise GossiError(
            "the coding workers were lost, perhaps for want of memory; run the same command again to go on"
        ) from None
    finally:
        pool.shutdown(cancel_futures=True)


def _done(waiting: deque[tuple[list[Item], Future[list[Coding]]]]) -> Iterator[tuple[Item, Coding]]:
    items, codings = waiting.popleft()
    yield from zip(items, codings.result(), strict=True)


_code: Callable[[str, str | Sequence[str], str], Coding]
"""In a worker: its aligner's, which is dear to build and is built once."""


def _prepare_worker(codebook: Codebook) -> None:
    global _code  # noqa: PLW0603 - a worker process has one aligner
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # Ctrl-C is the parent's to answer
    Thread(target=_end_with_parent, daemon=True).start()
    _code = Aligner(codebook).code


def _end_with_parent() -> None:
    """A parent that is killed cannot end its workers, and they would wait for work for ever."""
    parent = multiprocessing.parent_process()
    if parent is not None:
        parent.join()
        os._exit(1)


def _code_chunk(texts: Sequence[Text]) -> list[Coding]:
    return [_code(*text) for text in texts]
