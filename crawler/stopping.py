"""Ends a process at the signals by which systems end programs, as Ctrl-C does: what was learnt is kept."""

import asyncio
import signal
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from types import FrameType

from gossi.crawler.errors import IN_A_QUERY

SIGNALS = (signal.SIGINT, signal.SIGTERM, signal.SIGHUP)
"""Ctrl-C; what systemd, kill and containers send; what a terminal sends that is closed."""

_received: list[int] = []


class Stopped(KeyboardInterrupt):
    """A signal ended the work. `number` is which."""

    def __init__(self, number: int) -> None:
        super().__init__(number)
        self.number = number


def heed() -> None:
    """Let SIGTERM and SIGHUP raise `Stopped` in the main thread, as Ctrl-C raises KeyboardInterrupt."""
    for number in SIGNALS:
        # Whoever began the process with a signal ignored, as nohup does, meant it.
        if signal.getsignal(number) is not signal.SIG_IGN:
            signal.signal(number, _stop)


def _stop(number: int, _frame: FrameType | None) -> None:
    _received.append(number)
    raise Stopped(number)


def is_interruption(error: BaseException) -> bool:
    """Whether an error says that somebody ended the work: DuckDB makes a RuntimeError of it in a query."""
    return isinstance(error, KeyboardInterrupt) or (
        isinstance(error, RuntimeError) and str(error) == IN_A_QUERY
    )


def exit_code() -> int:
    """The shell's convention for a process that a signal ended: 130 for Ctrl-C, 143 for SIGTERM."""
    return 128 + (_received[-1] if _received else signal.SIGINT)


@contextmanager
def answered_by(answer: Callable[[Stopped], None]) -> Iterator[None]:
    """Let the running event loop call `answer` at a signal: an error raised in its midst would break it."""
    loop = asyncio.get_running_loop()
    before = {number: signal.getsignal(number) for number in SIGNALS}

    def note(number: int) -> None:
        _received.append(number)
        answer(Stopped(number))

    for number, handler in before.items():
        if handler is not signal.SIG_IGN:
            with suppress(ValueError, RuntimeError):  # not in the main thread, which alone has signals
                loop.add_signal_handler(number, note, number)
    try:
        yield
    finally:
        for number, handler in before.items():
            if loop.remove_signal_handler(number) and handler is not None:
                signal.signal(number, handler)
