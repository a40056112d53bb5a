"""Processes that begin with all that the project loads: most of the time of a short one goes there.

What they do is what a process of a user's does, from its arguments to its exit code. They are forked from one
that does nothing else, so that they share no thread, lock or file with the tests.
"""

import atexit
import json
import os
import signal
import socket
import subprocess
import sys
import tempfile
import threading
import time
import traceback
from contextlib import suppress
from functools import cache
from importlib import import_module
from pathlib import Path
from types import TracebackType
from typing import IO, NoReturn, Self

ROOT = Path(__file__).parents[1]
_LONGEST_CALL = 100_000
"""Bytes of a call: arguments and environment. A socket of Linux takes twice as many at once."""

LOADED = (
    "gossi.crawler.crawl.crawl",
    "gossi.crawler.extraction.preload",
    # Of Scrapy's parts what takes most: it looks for the source of each module that there is.
    "scrapy.core.downloader.handlers.http11",
    "gossi.analysis.cli.main",
    "gossi.analysis.measuring.publish",
    "tests.crawling",
)


class Warm:
    """A process that calls `function`, named as "module:name", with `words` as its arguments.

    Used as a `subprocess.Popen`, and ends with an exit code as one; what it writes is kept in files.
    """

    def __init__(self, function: str, *words: str | Path) -> None:
        self.returncode: int | None = None
        self._files: tuple[IO[bytes], IO[bytes]] = (tempfile.TemporaryFile(), tempfile.TemporaryFile())  # noqa: SIM115
        call = [function, [str(word) for word in words], str(Path.cwd()), dict(os.environ)]
        self._told, other = socket.socketpair(socket.AF_UNIX, socket.SOCK_SEQPACKET)
        with other:
            handed = [other.fileno(), *(file.fileno() for file in self._files)]
            socket.send_fds(_server(), [json.dumps(call).encode()], handed)
        self.pid = int(self._read())

    def poll(self) -> int | None:
        """The exit code, None while it runs."""
        with suppress(TimeoutError):
            self.wait(0.0)
        return self.returncode

    def wait(self, timeout: float | None = None) -> int:
        """Wait for the end; gives the exit code. Raises TimeoutError."""
        if self.returncode is None:
            self._told.settimeout(timeout)
            try:
                self.returncode = int(self._read())
            except BlockingIOError:
                raise TimeoutError from None
        return self.returncode

    def _read(self) -> bytes:
        return self._told.recv(64)

    def communicate(self, timeout: float | None = None) -> tuple[str, str]:
        """Wait for the end; gives what it wrote to standard output and to standard error."""
        self.wait(timeout)
        texts = []
        for file in self._files:
            file.seek(0)
            texts.append(file.read().decode())
        return texts[0], texts[1]

    def send_signal(self, number: int) -> None:
        """Send a signal, where it still runs."""
        if self.poll() is None:
            os.kill(self.pid, number)

    def kill(self) -> None:
        """End it at once."""
        self.send_signal(signal.SIGKILL)

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        if kind is not None:
            self.kill()
        self.wait()
        self._told.close()
        for file in self._files:
            file.close()


@cache
def _server() -> socket.socket:
    """Begin the process that others are forked from; it ends when this one does."""
    ours, theirs = socket.socketpair(socket.AF_UNIX, socket.SOCK_SEQPACKET)
    code = f"from tests.warm import serve; serve({theirs.fileno()})"
    with theirs:
        process = subprocess.Popen([sys.executable, "-c", code], cwd=ROOT, pass_fds=[theirs.fileno()])
    atexit.register(process.wait)
    atexit.register(ours.close)
    return ours


def serve(number: int) -> NoReturn:
    """What the process does that others are forked from."""
    sys.path[0] = str(ROOT)
    for name in LOADED:
        import_module(name)
    # Waited for, and not ignored, so that the time which they took is counted.
    signal.signal(signal.SIGCHLD, _reap)
    calls = socket.socket(fileno=number)
    while True:
        data, handed, _, _ = socket.recv_fds(calls, _LONGEST_CALL, 3)
        if not data:
            os._exit(0)
        if os.fork() == 0:
            calls.close()
            signal.signal(signal.SIGCHLD, signal.SIG_DFL)
            _attend(handed[0])
            _do(handed[1:], *json.loads(data))
        for file in handed:
            os.close(file)


def _reap(*_: object) -> None:
    with suppress(ChildProcessError):
        while os.waitpid(-1, os.WNOHANG)[0]:
            pass


def _attend(number: int) -> None:
    """Fork once more, and tell of that process its number and in the end its exit code."""
    with socket.socket(fileno=number) as tell:
        pid = os.fork()
        if pid:
            tell.send(str(pid).encode())
            _, status = os.waitpid(pid, 0)
            tell.send(str(os.waitstatus_to_exitcode(status)).encode())
            os._exit(0)


def _do(
    files: list[int], function: str, words: list[str], folder: str, environment: dict[str, str]
) -> NoReturn:
    """Call what was asked for, in the place of the caller, and end."""
    for file, standard in zip([os.open(os.devnull, os.O_RDONLY), *files], range(3), strict=True):
        os.dup2(file, standard)
        os.close(file)
    # A shell that begins the tests behind its back has them ignore these, and so would what they begin.
    signal.signal(signal.SIGINT, signal.default_int_handler)
    signal.signal(signal.SIGHUP, signal.SIG_DFL)
    os.chdir(folder)
    os.environ.clear()
    os.environ.update(environment)
    time.tzset()
    tempfile.tempdir = None
    module, name = function.split(":")
    sys.argv = ["gossi", *words]
    code = 1
    try:
        code = getattr(import_module(module), name)() or 0
    except SystemExit as end:
        code = end.code or 0  # type: ignore[assignment]
    except BaseException:  # noqa: BLE001 - as the interpreter would tell of it
        traceback.print_exc()
    # As multiprocessing ends a process that was forked.
    threading._shutdown()  # type: ignore[attr-defined]
    atexit._run_exitfuncs()
    sys.stdout.flush()
    sys.stderr.flush()
    os._exit(code)
