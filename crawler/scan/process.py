"""Reads each file in a process of its own: what a page does to it costs that file's reading, and no other.

A process ends with its file, so that memory that broken pages leave behind goes with it. One that is lost is
begun again. A page that kills its process, or takes longer than any page may, is left unread the next time.
"""

import signal
import subprocess
import sys
from collections.abc import Callable
from dataclasses import dataclass, field
from multiprocessing import Pipe
from multiprocessing.connection import Connection
from pathlib import Path
from typing import Any, Protocol

from gossi.crawler.errors import InputError
from gossi.crawler.scan.fetch import Fetching
from gossi.crawler.scan.read_file import Reading, Told, read_file
from gossi.crawler.workers import apart, forking

_BEGINNINGS = 3
"""How often the reading of a file is begun, where its process was lost for no reason that is known."""


@dataclass(frozen=True)
class Task:
    """A file to be read. `address` is its path or URL; `known` are the digests of those read already."""

    address: str
    reading: Reading
    fetching: Fetching
    known: frozenset[str] = frozenset()


@dataclass(frozen=True)
class Done:
    """What came of a file: its digest, or why it was not read."""

    address: str
    digest: str = ""
    problem: str = ""


class _Running(Protocol):
    def join(self) -> int: ...
    def kill(self) -> None: ...


@dataclass
class Reader:
    """The process that reads a file, begun again where it was lost.

    What it writes is in `folder`, an empty one; `connection` tells when to look at it.
    """

    task: Task
    folder: Path
    begin: "Callable[[Connection], _Running]"
    told: Told = field(default_factory=Told)
    _beginnings: int = 0
    _deadly: frozenset[int] = frozenset()
    _suspect: int = -1

    def __post_init__(self) -> None:
        self._start()

    def _start(self) -> None:
        self._beginnings += 1
        self.told = Told()
        self._done: Done | None = None
        self.connection, other = Pipe()
        with other:
            self._running = self.begin(other)
        self.connection.send((self.task, self.folder, self._deadly))

    def look(self) -> Done | None:
        """Take what the process tells; gives what came of the file when it is at its end."""
        try:
            message = self.connection.recv()
        except (EOFError, ConnectionError):
            return self._ended()
        if isinstance(message, Told):
            self.told = message
        else:
            self._done = message
        return None

    def _ended(self) -> Done | None:
        self.connection.close()
        code = self._running.join()
        if self._done is not None:
            return self._done
        at = self.told.at
        if at >= 0 and (code == -signal.SIGVTALRM or at == self._suspect):
            # This page's own doing: the next reading leaves it out, and is no repetition.
            self._deadly |= {at}
            self._beginnings -= 1
        elif self._beginnings == _BEGINNINGS:
            why = f"its process was lost {_BEGINNINGS} times (exit code {code}), perhaps for want of memory"
            return Done(self.task.address, problem=f"{self.task.address}: {why}")
        self._suspect = at
        self._empty()
        self._start()
        return None

    def _empty(self) -> None:
        for file in self.folder.iterdir():
            file.unlink()

    def end(self) -> None:
        """End the process at once."""
        self._running.kill()
        self.connection.close()


def read_alone(task: Task, folder: Path) -> Done:
    """Read a file in a process that is begun as a program of its own, from anywhere; for clusters' workers.

    Those may not have children of Python's own kind, and threads, in which parsers crash.
    """
    reader = Reader(task, folder, programmed)
    try:
        while (done := reader.look()) is None:
            pass
        return done
    finally:
        reader.end()


class _Program:
    def __init__(self, connection: Connection) -> None:
        code = f"from gossi.crawler.scan.process import main; main({connection.fileno()})"
        with apart():
            self._process = subprocess.Popen(  # noqa: S603 - ourselves
                [sys.executable, "-c", code], pass_fds=[connection.fileno()], stdin=subprocess.DEVNULL
            )

    def join(self) -> int:
        return self._process.wait()

    def kill(self) -> None:
        self._process.kill()
        self._process.wait()


def programmed(connection: Connection) -> _Running:
    """Begin a reader as a program."""
    return _Program(connection)


class _Forked:
    def __init__(self, connection: Connection) -> None:
        context: Any = forking("gossi.crawler.extraction.preload", "gossi.crawler.scan.process")
        self._process = context.Process(target=serve, args=(connection,))
        self._process.start()

    def join(self) -> int:
        self._process.join()
        return int(self._process.exitcode)

    def kill(self) -> None:
        self._process.kill()
        self._process.join()


def forked(connection: Connection) -> _Running:
    """Begin a reader as a fork of a process that has loaded the parsers."""
    return _Forked(connection)


def main(file: int) -> None:
    """What a reader does that was begun as a program; `file` is the number of its end of the pipe."""
    serve(Connection(file))


def serve(connection: Connection) -> None:
    """What a reader does: read the file that it is told, and tell what comes of it."""
    signal.signal(
        signal.SIGINT, signal.SIG_IGN
    )  # on a terminal Ctrl-C goes to all: who began this one ends it
    for number in (signal.SIGTERM, signal.SIGVTALRM):
        signal.signal(number, signal.SIG_DFL)
    try:
        task, folder, deadly = connection.recv()
        connection.send(_read(task, folder, deadly, connection.send))
    except (EOFError, ConnectionError):
        pass  # nobody is there any more who would want it


def _read(task: Task, folder: Path, deadly: frozenset[int], tell: Callable[[Told], None]) -> Done:
    try:
        path = task.fetching.fetched(task.address, lambda: tell(Told()))
        digest = read_file(
            path,
            task.address,
            task.reading,
            folder,
            deadly=deadly,
            is_known=task.known.__contains__,
            tell=tell,
        )
        task.fetching.forget(task.address)
    except InputError as error:
        return Done(task.address, problem=str(error))
    except Exception as error:  # noqa: BLE001 - whatever it is, it is this file's, and the others are read
        return Done(task.address, problem=f"{task.address}: {type(error).__name__}: {error}")
    return Done(task.address, digest)
