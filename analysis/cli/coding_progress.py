"""Shows how far an analysis is, on standard error: a bar on a terminal, elsewhere a line now and then."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from time import monotonic

import click
from rich.console import Console
from rich.progress import Progress

# Seconds between two plain lines, and before a bar appears: a short analysis shows neither.
_LINE_EVERY = 15.0
_BAR_AFTER = 1.0


@contextmanager
def coding_progress() -> Iterator[Callable[[int, int], None]]:
    """Give the hook that `gossi.analysis.coding.analyse.analyse` calls with the texts coded and to code."""
    console = Console(stderr=True)
    began = last = monotonic()
    if console.is_terminal:
        with Progress(console=console, transient=True) as bars:
            task = bars.add_task("analyse: texts", total=None, visible=False)

            def bar(done: int, total: int) -> None:
                bars.update(task, completed=done, total=total, visible=monotonic() - began > _BAR_AFTER)

            yield bar
        return

    def line(done: int, total: int) -> None:
        nonlocal last
        if monotonic() - last >= _LINE_EVERY:
            last = monotonic()
            pace = done / (last - began)
            left = (total - done) / pace if pace else 0.0
            click.echo(
                f"analyse: {done:,} of {total:,} texts ({pace:.0f}/s), about {left:.0f} s left", err=True
            )

    yield line
