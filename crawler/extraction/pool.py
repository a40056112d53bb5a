"""Extracts pages in processes of their own, so that the crawl never waits and no page can take it along.

Threads will not do: lxml's parsers crash the interpreter under them. A page that kills its worker, or keeps
it busy beyond the time limit, costs that page alone.

Workers are forked from a process that has loaded the parsers and does nothing else (Python's fork server).
That takes most of a second and begins with the first page: a crawl that meets none that is on topic pays
nothing for it.
"""

import errno
import signal
from collections.abc import Callable
from concurrent.futures import CancelledError, Future, wait
from concurrent.futures.process import BrokenProcessPool
from contextlib import suppress
from dataclasses import dataclass, field
from functools import partial
from multiprocessing import forkserver
from multiprocessing.synchronize import Semaphore
from threading import Event, RLock, Thread
from types import TracebackType
from typing import Self

from pebble import ProcessExpired, ProcessPool

from gossi.crawler.errors import GossiError
from gossi.crawler.extraction.article import Extracted, failed
from gossi.crawler.workers import apart, cores, forking, spawning

Extract = Callable[[bytes, str, str | None], Extracted]

TIMEOUT = 30.0
"""Seconds a page may take. 1 in 100 of real pages takes a second; what takes 30 will never end."""

_TASKS_PER_WORKER = 2000
"""Pages after which a worker is replaced: memory that broken pages leave behind goes with it."""

_SENDINGS = 2
"""How often a page is handed over where the workers were lost for a reason that may be another's."""


_START_SECONDS = 20.0
"""How long a worker may take to start, on a machine that has much else to do."""

_STOP_SECONDS = 3.0
"""How long workers are waited for where the pages at hand are given up: who stops a run waits for 5."""

_RESTARTS = 3
"""Times that all workers may be lost, without a page done between, before it is plain that none can live."""

_LOOK_SECONDS = 1.0
"""How often it is looked whether there are workers."""

_NO_ROOM = frozenset({errno.EAGAIN, errno.EMFILE, errno.ENFILE, errno.ENOMEM})
"""Errors of a machine that cannot start a process in any way."""


class ExtractionPool:
    """Worker processes that extract pages. Use as a context manager.

    Args:
        workers: processes; by default one for each core.
        timeout: seconds a page may take before its worker is killed.
        extract: what is called in the worker; by default `gossi.crawler.extraction.extract.extract`.
    """

    def __init__(
        self, workers: int | None = None, timeout: float = TIMEOUT, extract: Extract | None = None
    ) -> None:
        self._workers = workers or cores()
        self._timeout = timeout
        self._extract = extract or _extract_page
        self._lock = RLock()
        self._restarts = 0
        self._lost: Exception | None = None
        self._closed = Event()
        self._pending: set[_Task] = set()
        # Forked from the crawler itself, a worker would inherit its threads' locks and DuckDB's file.
        self._context = forking("gossi.crawler.extraction.preload")
        with apart():
            self._started = self._context.Semaphore(0)
        self._pool: ProcessPool | None = None
        self._keeper = Thread(target=self._keep, daemon=True)

    def submit(self, html: bytes, url: str, charset: str | None = None) -> Future[Extracted]:
        """Hand a page to a worker.

        The future always comes to a result: a page that cannot be extracted gives one whose observability is
        "extraction_failed", with the reason in `detail`. It may be awaited by `asyncio.wrap_future`. Where
        the machine is at fault, it raises GossiError: no page is to be blamed for a full disk.

        Raises:
            GossiError: no worker can be started.
        """
        task = _Task(html, url, charset)
        task.future.set_running_or_notify_cancel()
        with self._lock:
            if self._pool is not None and not self._pool.active:
                self._renew(self._pool)
            if self._lost is not None:
                raise _nobody(self._lost)
            if self._restarts > _RESTARTS:
                raise _no_room()
            self._pending.add(task)
            task.future.add_done_callback(lambda _: self._pending.discard(task))
            if self._pool is not None:
                self._send(task, self._pool)
            elif self._keeper.ident is None:
                self._keeper.start()
        return task.future

    def close(self, *, at_once: bool = False) -> None:
        """End the workers, after the pages at hand or at once."""
        if not at_once:
            wait([task.future for task in list(self._pending)])
        self._closed.set()
        if self._keeper.ident is not None:
            self._keeper.join(_STOP_SECONDS if at_once else None)
        if self._keeper.is_alive():
            return  # it starts workers still, and ends them when they are there
        with self._lock:
            if self._pool is not None:
                # One that is stopped while it starts writes a traceback to standard error.
                if not self._restarts:
                    patience = _STOP_SECONDS if at_once else _START_SECONDS
                    for _ in range(self._workers):
                        self._started.acquire(timeout=patience)
                _end(self._pool)
            for task in list(self._pending):
                task.fail("extraction was broken off")

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close(at_once=kind is not None)

    def _keep(self) -> None:
        """Start workers, and look after them: pages that they had not begun with are lost without a word."""
        try:
            self._start()
            while not self._closed.wait(_LOOK_SECONDS):
                with self._lock:
                    if self._pool is not None and not self._pool.active:
                        self._renew(self._pool)
        except Exception as error:  # noqa: BLE001 - whatever it is, nobody would hear of it in this thread
            self._lose(error)

    def _lose(self, error: Exception) -> None:
        """Fail all that wait, now and later: there is nobody left to look after the workers."""
        with self._lock:
            self._lost = error
            for task in list(self._pending):
                if not task.future.done():
                    task.future.set_exception(_nobody(error))

    def _start(self) -> None:
        """Start workers, and send them the pages that wait for some."""
        pool = self._new_pool()
        with self._lock:
            while pool is None and self._restarts <= _RESTARTS:
                self._restarts += 1
                pool = self._new_pool()
            if self._closed.is_set() and pool is not None:
                _end(pool)
                return
            self._pool = pool
            for task in list(self._pending):
                if pool is None or self._restarts > _RESTARTS:
                    task.future.set_exception(_no_room())
                elif task.sendings:
                    self._send(task, pool)
                else:
                    task.fail("the extraction workers were lost")

    def _new_pool(self) -> ProcessPool | None:
        """Workers that run; None where the machine has no room for them."""
        # Ctrl-C is the crawler's to answer. What this thread starts inherits that from the first instant on,
        # other threads that start workers among it.
        unblocked = {signal.SIGINT} - signal.pthread_sigmask(signal.SIG_BLOCK, {signal.SIGINT})
        try:
            return self._launched()
        finally:
            signal.pthread_sigmask(signal.SIG_UNBLOCK, unblocked)

    def _launched(self) -> ProcessPool | None:
        try:
            with apart():
                forkserver.ensure_running()
        except OSError as error:
            if error.errno in _NO_ROOM:
                return None
            # It takes a socket in the temporary folder, whose path may be too long for one. Each worker that
            # is started without it loads the parsers for itself.
            self._context = spawning()
        pool = ProcessPool(
            max_workers=self._workers,
            max_tasks=_TASKS_PER_WORKER,
            initializer=_prepare_worker,
            initargs=(self._started,),
            context=self._context,
        )
        try:
            # Asking for its state starts the workers.
            if pool.active:
                return pool
        except (RuntimeError, OSError):
            pass  # told by who waits for the pages; RuntimeError: also of threads that cannot be started
        _end(pool)
        return None

    def _send(self, task: "_Task", pool: ProcessPool) -> None:
        task.pool = pool
        task.sendings -= 1
        page = (task.html, task.url, task.charset)
        # Where the workers were lost in this instant, the page is sent again with all others.
        with suppress(RuntimeError):
            inner = pool.schedule(self._extract, args=page, timeout=self._timeout)
            inner.add_done_callback(partial(self._settle, task, pool))

    def _settle(self, task: "_Task", pool: ProcessPool, inner: "Future[Extracted]") -> None:
        """Called in one of the pool's own threads."""
        if task.pool is not pool or task.future.done():
            return
        try:
            result = inner.result()
        except TimeoutError:
            task.fail(f"extraction took more than {self._timeout:g} s")
        except ProcessExpired as error:
            task.fail(f"extraction killed its worker (exit code {error.exitcode})")
        except BrokenProcessPool:
            # A pool cannot be ended in its own thread.
            Thread(target=self._renew, args=(pool,), daemon=True).start()
        except GossiError as error:
            task.future.set_exception(error)
        except (Exception, CancelledError) as error:  # noqa: BLE001 - a worker's errors are its page's
            task.fail(f"{type(error).__name__}: {error}"[:200])
        else:
            self._restarts = 0
            task.future.set_result(result)

    def _renew(self, broken: ProcessPool) -> None:
        """Put a new pool in the place of one that broke, and send it all that the other had.

        A pool breaks where a worker is lost while none is busy, to the system's need of memory for one.
        """
        with self._lock:
            if self._pool is not broken or self._closed.is_set():
                return
            self._restarts += 1
            _end(broken)
            self._start()


@dataclass(eq=False)
class _Task:
    html: bytes
    url: str
    charset: str | None
    sendings: int = _SENDINGS
    pool: ProcessPool | None = None
    future: Future[Extracted] = field(default_factory=Future)

    def fail(self, detail: str) -> None:
        self.future.set_result(failed(self.url, detail))


def _no_room() -> GossiError:
    return GossiError("no extraction worker can be started; is there memory and room for processes?")


def _nobody(error: Exception) -> GossiError:
    return GossiError(f"extraction was given up: {type(error).__name__}: {error}; run the same command again")


def _end(pool: ProcessPool) -> None:
    pool.stop()  # type: ignore[no-untyped-call]
    pool.join()


def _extract_page(html: bytes, url: str, charset: str | None) -> Extracted:
    # Here and not above: the process that hands pages over needs no parsers.
    from gossi.crawler.extraction.extract import extract  # noqa: PLC0415

    return extract(html, url, charset)


def _prepare_worker(started: Semaphore) -> None:
    started.release()
    # A worker that hangs must die of SIGTERM without asking Python.
    signal.signal(signal.SIGTERM, signal.SIG_DFL)
