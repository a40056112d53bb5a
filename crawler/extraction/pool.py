"""Extracts pages in processes of their own, so that the crawl never waits and no page can take it along.

Threads will not do: lxml's parsers crash the interpreter under them. A page that kills its worker, or keeps
it busy beyond the time limit, costs that page alone.
"""

import multiprocessing
import os
import signal
from collections.abc import Callable
from concurrent.futures import Future
from concurrent.futures.process import BrokenProcessPool
from functools import partial
from threading import Lock
from types import TracebackType
from typing import Self

from pebble import ProcessExpired, ProcessPool

from crawler.extraction.article import Extracted, failed

Extract = Callable[[bytes, str, str | None], Extracted]

TIMEOUT = 30.0
"""Seconds a page may take. 1 in 100 of real pages takes a second; what takes 30 will never end."""

_TASKS_PER_WORKER = 2000
"""Pages after which a worker is replaced: memory that broken pages leave behind goes with it."""

_SENDINGS = 2
"""How often a page is handed over where the workers were lost for a reason that may be another's."""


class ExtractionPool:
    """Worker processes that extract pages. Use as a context manager.

    Args:
        workers: processes; by default one for each core.
        timeout: seconds a page may take before its worker is killed.
        extract: what is called in the worker; by default `crawler.extraction.extract.extract`.
    """

    def __init__(
        self, workers: int | None = None, timeout: float = TIMEOUT, extract: Extract | None = None
    ) -> None:
        self._workers = workers or len(os.sched_getaffinity(0))
        self._timeout = timeout
        self._extract = extract or _extract_page
        self._lock = Lock()
        self._pool = self._start()

    def submit(self, html: bytes, url: str, charset: str | None = None) -> Future[Extracted]:
        """Hand a page to a worker.

        The future always comes to a result: a page that cannot be extracted gives one whose observability is
        "extraction_failed", with the reason in `detail`. It may be awaited by `asyncio.wrap_future`.
        """
        future: Future[Extracted] = Future()
        future.set_running_or_notify_cancel()
        self._send(future, (html, url, charset), _SENDINGS)
        return future

    def close(self, *, at_once: bool = False) -> None:
        """End the workers, after the pages at hand or at once."""
        with self._lock:
            pool = self._pool
        if at_once:
            pool.stop()  # type: ignore[no-untyped-call]
        else:
            pool.close()  # type: ignore[no-untyped-call]
        pool.join()

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close(at_once=kind is not None)

    def _start(self) -> ProcessPool:
        pool = ProcessPool(
            max_workers=self._workers,
            max_tasks=_TASKS_PER_WORKER,
            initializer=_prepare_worker,
            initargs=(self._extract is _extract_page,),
            # A forked worker would inherit the crawler's threads' locks and DuckDB's file.
            context=multiprocessing.get_context("spawn"),
        )
        # Asking for its state starts the workers, which load the parsers while the first pages are fetched.
        _ = pool.active
        return pool

    def _send(self, future: Future[Extracted], page: tuple[bytes, str, str | None], sendings: int) -> None:
        with self._lock:
            try:
                inner = self._pool.schedule(self._extract, args=page, timeout=self._timeout)
            except RuntimeError:
                # The pool breaks where a worker is lost while none is busy, to the system's memory for one.
                self._pool.stop()  # type: ignore[no-untyped-call]
                self._pool = self._start()
                inner = self._pool.schedule(self._extract, args=page, timeout=self._timeout)
        inner.add_done_callback(partial(self._settle, future, page, sendings - 1))

    def _settle(
        self,
        future: Future[Extracted],
        page: tuple[bytes, str, str | None],
        sendings: int,
        inner: "Future[Extracted]",
    ) -> None:
        url = page[1]
        try:
            future.set_result(inner.result())
        except TimeoutError:
            future.set_result(failed(url, f"extraction took more than {self._timeout:g} s"))
        except ProcessExpired as error:
            future.set_result(failed(url, f"extraction killed its worker (exit code {error.exitcode})"))
        except BrokenProcessPool as error:
            if sendings:
                self._send(future, page, sendings)
            else:
                future.set_result(failed(url, f"the extraction workers were lost: {error}"))
        except Exception as error:  # noqa: BLE001 - whatever a worker raises is the page's, not the crawl's
            future.set_result(failed(url, f"{type(error).__name__}: {error}"[:200]))


def _extract_page(html: bytes, url: str, charset: str | None) -> Extracted:
    # Here and not above: the process that hands pages over needs no parsers.
    from crawler.extraction.extract import extract  # noqa: PLC0415

    return extract(html, url, charset)


def _prepare_worker(load: bool) -> None:
    # Ctrl-C is the crawler's to answer; a worker that hangs must die of SIGTERM without asking Python.
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    signal.signal(signal.SIGTERM, signal.SIG_DFL)
    if load:
        _extract_page(b"<html><body><p>x</p></body></html>", "https://example.org/", None)
