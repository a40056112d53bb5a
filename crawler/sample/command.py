"""What `gossi sample` does: writes the study of the sample web and serves it, alone or for a command."""

import subprocess
import sys
import threading
from collections.abc import Sequence
from pathlib import Path

from gossi.crawler.errors import UsageError
from gossi.crawler.sample.addresses import DEFAULT_PORT, origin
from gossi.crawler.sample.model import sample
from gossi.crawler.sample.server import SampleWeb
from gossi.crawler.sample.study import write_study


def serve(folder: Path, claims: Path, base_port: int = DEFAULT_PORT, command: Sequence[str] = ()) -> int:
    """Write the sample study into `folder` and serve its outlets.

    Args:
        folder: where the study goes: sources.toml, claims.toml and lexicon/.
        claims: the claims.toml to copy, with the lexicon and the fitted coder beside it.
        base_port: the port of the first outlet; the others follow.
        command: run while the outlets are served. Empty: serve until interrupted.

    Returns:
        The command's exit code; 0 without one.

    Raises:
        UsageError: a port is taken, the folder can't be written or the command can't be run.
    """
    with SampleWeb(base_port):
        write_study(folder, base_port, claims)
        return _run(command) if command else _wait(folder, base_port)


def _run(command: Sequence[str]) -> int:
    try:
        code = subprocess.run(command, check=False).returncode  # noqa: S603 - the user's own command
    except OSError as error:
        raise UsageError(f"{command[0]}: {error.strerror}; give a command that can be run after --") from None
    # Ended by a signal: the code that a shell gives.
    return code if code >= 0 else 128 - code


def _wait(folder: Path, base_port: int) -> int:
    for outlet in sample().outlet:
        sys.stderr.write(f"{origin(outlet.id, base_port)}/  {outlet.name}\n")
    sys.stderr.write(f"Serving until Ctrl-C. In another terminal: gossi --study {folder} run\n")
    try:
        threading.Event().wait()
    except KeyboardInterrupt:
        sys.stderr.write("\n")
    return 0
