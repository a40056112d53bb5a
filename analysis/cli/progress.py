"""Shows how far a crawl or scan is, on standard error: a bar on a terminal, elsewhere a line now and then."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from time import monotonic
from typing import TYPE_CHECKING

import click
from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, TextColumn
from rich.progress import Progress as Bars

if TYPE_CHECKING:
    from gossi.crawler.crawl.progress import Progress
    from gossi.crawler.scan.progress import ScanProgress

# Seconds between two plain lines: a scheduler's log of a long run stays readable.
LINE_EVERY = 15.0
# Outcomes named in a line; the rest is counted together.
_OUTCOMES = 4


@contextmanager
def crawl_progress(line_every: float = LINE_EVERY) -> Iterator[Callable[["Progress"], None]]:
    """Give the hook that `gossi.crawler.crawl.crawl.crawl` calls after each page."""
    with _shown("crawl", "outlets", line_every) as show:
        yield lambda now: show(now.outlets_done, now.outlets, lambda seconds: _words(now, seconds))


@contextmanager
def scan_progress(line_every: float = LINE_EVERY) -> Iterator[Callable[["ScanProgress"], None]]:
    """Give the hook that `gossi.crawler.scan.scan.scan` calls now and then."""
    with _shown("scan", "files", line_every) as show:
        yield lambda now: show(now.files_done, now.files, lambda seconds: _scan_words(now, seconds))


@contextmanager
def _shown(
    command: str, things: str, line_every: float
) -> Iterator[Callable[[int, int, Callable[[float], str]], None]]:
    """Give what shows how many things are done of how many, and words made of the seconds until then."""
    console = Console(stderr=True)
    began = monotonic()
    if console.is_terminal:
        with Bars(
            TextColumn(things),
            BarColumn(bar_width=20),
            MofNCompleteColumn(),
            TextColumn("{task.fields[words]}"),
            console=console,
        ) as bars:
            task = bars.add_task(command, total=None, words="")
            yield lambda done, of, words: bars.update(
                task, total=of, completed=done, words=words(monotonic() - began)
            )
        return
    last = began

    def line(done: int, of: int, words: Callable[[float], str]) -> None:
        nonlocal last
        if monotonic() - last >= line_every:
            last = monotonic()
            click.echo(f"{command}: {done} of {of} {things}, {words(last - began)}", err=True)

    yield line


def _words(now: "Progress", seconds: float) -> str:
    """Pages, their pace, the time left and what came of them, after so many seconds."""
    pace = now.pages / seconds if seconds else 0.0
    left = now.seconds_left(seconds)
    told = [f"{now.pages} pages ({pace:.1f}/s)", f"{now.waiting.total()} waiting"]
    if left:
        told.append(f"about {_duration(left)} left")
    named = now.outcomes.most_common(_OUTCOMES)
    others = now.outcomes.total() - sum(count for _, count in named)
    outcomes = [f"{count} {name}" for name, count in named] + ([f"{others} others"] if others else [])
    return f"{', '.join(told)}; {', '.join(outcomes)}"


def _scan_words(now: "ScanProgress", seconds: float) -> str:
    """Pages, their pace, articles among them, and the time left, after so many seconds."""
    told = [
        f"{now.pages} pages ({now.pages / seconds if seconds else 0.0:.0f}/s)",
        f"{now.articles} articles",
    ]
    if left := now.seconds_left(seconds):
        told.append(f"about {_duration(left)} left")
    return ", ".join(told)


def _duration(seconds: float) -> str:
    """So long as a person says it; from the second of two units on, in the larger one."""
    if seconds < 120:
        return f"{seconds:.0f} s"
    if seconds < 120 * 60:
        return f"{seconds / 60:.0f} min"
    return f"{seconds / 3600:.1f} h"
