"""Shows how far a crawl is, on standard error: a bar on a terminal, a plain line now and then elsewhere."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from time import monotonic
from typing import TYPE_CHECKING

import click
from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, TextColumn
from rich.progress import Progress as Bars

if TYPE_CHECKING:
    from crawler.fetch.progress import Progress

# Seconds between two plain lines: a scheduler's log of a long run stays readable.
LINE_EVERY = 15.0
# Outcomes named in a line; the rest is counted together.
_OUTCOMES = 4


@contextmanager
def crawl_progress(line_every: float = LINE_EVERY) -> Iterator[Callable[["Progress"], None]]:
    """Give the hook that `crawler.crawl.crawl` calls after each page."""
    console = Console(stderr=True)
    began = monotonic()
    if console.is_terminal:
        with Bars(
            TextColumn("outlets"),
            BarColumn(bar_width=20),
            MofNCompleteColumn(),
            TextColumn("{task.fields[words]}"),
            console=console,
        ) as bars:
            task = bars.add_task("crawl", total=None, words="")
            yield lambda now: bars.update(
                task,
                total=now.outlets,
                completed=now.outlets_done,
                words=_words(now, monotonic() - began),
            )
        return
    last = began

    def line(now: "Progress") -> None:
        nonlocal last
        if monotonic() - last >= line_every:
            last = monotonic()
            words = _words(now, last - began)
            click.echo(f"crawl: {now.outlets_done} of {now.outlets} outlets, {words}", err=True)

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


def _duration(seconds: float) -> str:
    """So long as a person says it; from the second of two units on, in the larger one."""
    if seconds < 120:
        return f"{seconds:.0f} s"
    if seconds < 120 * 60:
        return f"{seconds / 60:.0f} min"
    return f"{seconds / 3600:.1f} h"
