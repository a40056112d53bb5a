"""Reads many files on this machine, a process a file."""

from collections.abc import Callable, Iterator, Sequence
from multiprocessing.connection import wait
from pathlib import Path

from gossi.crawler.scan.process import Done, Reader, Task, forked
from gossi.crawler.scan.progress import ScanProgress

_LOOK_SECONDS = 1.0
"""How often it is told how far the scan is."""


def read_here(
    tasks: Sequence[Task],
    folder: Path,
    workers: int,
    progress: ScanProgress,
    on_progress: Callable[[ScanProgress], None],
) -> Iterator[tuple[Done, Path]]:
    """Read files, so many at a time; gives each as it is done, with the folder that has its part."""
    waiting = list(reversed(list(enumerate(tasks))))
    running: list[Reader] = []
    read = (0, 0)
    try:
        while waiting or running:
            while waiting and len(running) < workers:
                number, task = waiting.pop()
                own = folder / str(number)
                own.mkdir()
                running.append(Reader(task, own, forked))
            ready = wait([reader.connection for reader in running], _LOOK_SECONDS)
            for reader in [each for each in running if each.connection in ready]:
                if done := reader.look():
                    running.remove(reader)
                    read = (read[0] + reader.told.pages, read[1] + reader.told.articles)
                    yield done, reader.folder
            progress.pages = read[0] + sum(reader.told.pages for reader in running)
            progress.articles = read[1] + sum(reader.told.articles for reader in running)
            on_progress(progress)
    finally:
        for reader in running:
            reader.end()
