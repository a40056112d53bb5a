"""How worker processes are begun, so that they know nothing of who begins them.

Python's own way has each worker import the main module of the process that began it, and look for modules in
the current folder first. A script without a `__main__` guard would then run once more in each worker, and
somebody's own calendar.py in a study would be taken for Python's.
"""

import os
import signal
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from multiprocessing import parent_process, spawn
from multiprocessing.context import (
    BaseContext,
    ForkServerContext,
    ForkServerProcess,
    SpawnContext,
    SpawnProcess,
)
from pathlib import Path
from threading import RLock, Thread, get_ident
from typing import Any, ClassVar

_begin = RLock()
"""Held while a process is begun: the environment and what is handed over are other ones then."""


def cores() -> int:
    """How many processes this one may keep busy at a time."""
    try:
        return len(os.sched_getaffinity(0))
    except AttributeError:  # not everywhere
        return os.cpu_count() or 1


@contextmanager
def apart() -> Iterator[None]:
    """Let processes that this thread begins meanwhile find what is installed, and import no main module."""
    folders = _installed()
    wanted = {"PYTHONSAFEPATH": "1", "PYTHONPATH": os.pathsep.join(folders)}
    with _begin:
        before = {name: value for name in wanted if (value := os.environ.get(name)) is not None}
        handed_over, beginner = spawn.get_preparation_data, get_ident()

        def without_main(name: str) -> dict[str, Any]:
            data = handed_over(name)
            # Another thread may begin a process of the caller's own meanwhile, which needs the main module.
            if get_ident() == beginner:
                data = {key: value for key, value in data.items() if not key.startswith("init_main")}
                data["sys_path"] = folders
            return data

        os.environ.update(wanted)
        spawn.get_preparation_data = without_main
        try:
            yield
        finally:
            spawn.get_preparation_data = handed_over
            for name in wanted:
                del os.environ[name]
            os.environ.update(before)


def _installed() -> list[str]:
    """Where this process finds modules, but for the folder that it is in and that of its script."""
    main = sys.modules["__main__"]
    file = None if main.__spec__ else getattr(main, "__file__", None)
    beside = {str(Path(file).absolute().parent), str(Path(file).resolve().parent)} if file else set()
    # An editable installation puts a name among them that is no folder.
    return [path for path in sys.path if Path(path).is_absolute() and path not in beside]


class _Spawned(SpawnProcess):
    def start(self) -> None:
        with apart():
            super().start()


class _Forked(ForkServerProcess):
    def start(self) -> None:
        with apart():
            super().start()


class _Spawning(SpawnContext):
    Process: ClassVar[type[_Spawned]] = _Spawned


class _Forking(ForkServerContext):
    Process: ClassVar[type[_Forked]] = _Forked


def attend_parent() -> None:
    """In a worker: leave Ctrl-C to the process that began this one, and end with it, however it ends."""
    for number in (signal.SIGINT, signal.SIGHUP):
        signal.signal(number, signal.SIG_IGN)
    Thread(target=_end_with_parent, daemon=True).start()


def _end_with_parent() -> None:
    parent = parent_process()
    if parent is not None:
        parent.join()
        os._exit(1)


def spawning() -> BaseContext:
    """For processes that each load what they need."""
    return _Spawning()


def forking(*modules: str) -> BaseContext:
    """For processes that are forked from one that has loaded `modules` and does nothing else."""
    context = _Forking()
    context.set_forkserver_preload(list(modules))
    return context
