"""A temporary folder of the process's own, which goes with it; those of killed processes go with the next."""

import os
import re
import shutil
import tempfile
from contextlib import suppress
from multiprocessing.util import Finalize
from pathlib import Path

_NAME = re.compile(r"gossi-(\d+)-")
"""How the name of such a folder begins: with the number of its process."""


_LAST = -200
"""multiprocessing removes its own folder, which lies in ours, with -100, the higher numbers first."""


def use_own_temporary_folder() -> None:
    """Let all that is temporary, of this process and of those it begins, lie in one folder."""
    clear(Path(tempfile.gettempdir()))
    with suppress(OSError):  # a full disk: told by whoever needs room there
        own = tempfile.mkdtemp(prefix=f"gossi-{os.getpid()}-")
        os.environ["TMPDIR"] = tempfile.tempdir = own
        Finalize(None, shutil.rmtree, (own, True), exitpriority=_LAST)


def clear(place: Path) -> None:
    """Remove what processes left there that are no more."""
    with suppress(OSError):
        for folder in place.iterdir():
            found = _NAME.match(folder.name)
            if found and folder.stat().st_uid == os.getuid() and not is_alive(int(found[1])):
                shutil.rmtree(folder, ignore_errors=True)


def is_alive(process: int) -> bool:
    """Whether there is a process of this number."""
    try:
        os.kill(process, 0)
    except ProcessLookupError:
        return False
    except OSError:
        pass  # another user's
    return True
