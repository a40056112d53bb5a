"""Shows how far a crawl is, on standard error: a bar on a terminal, a plain line now and then elsewhere."""

import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from time import monotonic

import click
from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, TextColumn, TimeRemainingColumn
from rich.progress import Progress as Bars

from crawler.fetch.spider import Progress

# Seconds between two plain lines: a scheduler's log of a long run stays readable.
_LINE_EVERY = 15.0


@contextmanager
def crawl_progress() -> Iterator[Callable[[Progress], None]]:
    """Give the hook that `crawler.crawl.crawl` calls after each page."""
    console = Console(stderr=True)
    if console.is_terminal:
        with Bars(
            TextColumn("outlets"),
            BarColumn(),
            MofNCompleteColumn(),
            TextColumn("{task.fields[words]}"),
            TimeRemainingColumn(),
            console=console,
        ) as bars:
            task = bars.add_task("crawl", total=None, words="")
            yield lambda now: bars.update(
                task,
                total=now.outlets,
                completed=now.outlets_done,
                words=_words(now, bars.tasks[0].elapsed or 0.0),
            )
        return
    began = last = monotonic()

    def line(now: Progress) -> None:
        nonlocal last
        if monotonic() - last >= _LINE_EVERY:
            last = monotonic()
            click.echo(
                f"crawl: {now.outlets_done} of {now.outlets} outlets, {_words(now, last - began)}",
                file=sys.stderr,
            )

    yield line


def _words(now: Progress, seconds: float) -> str:
    pace = now.pages / seconds if seconds else 0.0
    outcomes = ", ".join(f"{count} {name}" for name, count in now.outcomes.most_common(4))
    return f"{now.pages} pages ({pace:.1f}/s), {now.waiting} waiting; {outcomes}"
