"""Locks by which several people code at once on one machine: each ends with its process, come what may."""

import fcntl
from pathlib import Path
from typing import IO


class Lock:
    """A file in a folder of locks that one process holds."""

    def __init__(self, file: Path) -> None:
        self._file = file
        self._held: IO[bytes] | None = None

    def take(self) -> bool:
        """Take it if nobody has it; whether it is now ours."""
        if self._held:
            return True
        self._file.parent.mkdir(parents=True, exist_ok=True)
        held = self._file.open("ab")
        try:
            fcntl.flock(held, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except OSError:
            held.close()
            return False
        self._held = held
        return True

    def give(self) -> None:
        """Give it back."""
        if self._held:
            self._held.close()
            self._held = None
