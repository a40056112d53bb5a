"""Crawls in a process of its own, for callers whose process is a script, a notebook or a server."""

import os
import signal
from collections.abc import Callable, Sequence
from contextlib import suppress
from multiprocessing import parent_process
from multiprocessing.connection import Connection
from threading import Thread
from typing import TYPE_CHECKING, Any

from gossi.crawler.errors import GossiError
from gossi.crawler.workers import spawning

if TYPE_CHECKING:
    from gossi.crawler.crawl.progress import Progress
    from gossi.crawler.crawl.result import CrawlResult
    from gossi.crawler.study.sources import StudyFolder, Window


def crawl(
    folder: "StudyFolder",
    *,
    outlets: Sequence[str],
    window: "Window | None",
    on_progress: "Callable[[Progress], None]",
) -> "CrawlResult":
    """As `gossi.crawler.crawl.crawl.crawl`, in a process that ends with the crawl.

    Raises:
        GossiError: the process was lost. And whatever the crawl raises.
    """
    context = spawning()
    told, telling = context.Pipe(duplex=False)
    process = context.Process(target=_crawl, args=(telling, folder, outlets, window))  # type: ignore[attr-defined]
    process.start()
    telling.close()  # the other process alone has it now: where that one is lost, nothing more can come
    try:
        while (message := _received(told))[0] == "progress":
            on_progress(message[1])
    except BaseException:  # Ctrl-C, or the hook's own
        if process.is_alive() and process.pid is not None:
            os.kill(process.pid, signal.SIGINT)
        raise
    finally:
        process.join()
        told.close()
    match message:
        case ("result", result):
            return result  # type: ignore[no-any-return]
        case ("error", error):
            raise error
    raise GossiError(
        f"the crawl's process was lost (exit code {process.exitcode}), perhaps for want of memory; "
        "crawl again to go on"
    )


def _received(told: Connection) -> tuple[str, Any]:
    try:
        return told.recv()  # type: ignore[no-any-return]
    except EOFError:
        return "lost", None


def _crawl(
    telling: Connection, folder: "StudyFolder", outlets: Sequence[str], window: "Window | None"
) -> None:
    """What the process does: tell how far the crawl is, then its result or what it raised."""
    from gossi.crawler.crawl.crawl import crawl as crawl_here  # noqa: PLC0415

    # Ctrl-C on a terminal goes to a group: the caller alone answers it, and hands it on once.
    os.setpgid(0, 0)
    Thread(target=_end_with_parent, daemon=True).start()
    try:
        result = crawl_here(
            folder,
            outlets=outlets,
            window=window,
            on_progress=lambda progress: _tell(telling, "progress", progress),
        )
        _tell(telling, "result", result)
    except (GossiError, KeyboardInterrupt) as error:
        _tell(telling, "error", error)


def _tell(telling: Connection, kind: str, content: object) -> None:
    with suppress(BrokenPipeError):  # the caller is gone, and this process about to end
        telling.send((kind, content))


def _end_with_parent() -> None:
    """A caller that is killed cannot end its crawl, which would hold the store."""
    parent = parent_process()
    if parent is not None:
        parent.join()
        os.kill(os.getpid(), signal.SIGINT)
