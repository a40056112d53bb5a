"""Reads many files on the workers of a Dask cluster, a task a file.

A worker needs this package and nothing of the study: what it finds goes back with the task's result, so that
no disk has to be shared, but for files that are named by paths.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import TYPE_CHECKING

from gossi.crawler.errors import UsageError
from gossi.crawler.scan.part import EVIDENCE, PART
from gossi.crawler.scan.process import Done, Task, read_alone
from gossi.crawler.version import code_version

if TYPE_CHECKING:
    from distributed import Future


@dataclass(frozen=True)
class _Sent:
    """What a worker sends back: what came of the file, and the files of its part by name."""

    done: Done
    files: dict[str, bytes]


def read_on_cluster(tasks: Sequence[Task], folder: Path, scheduler: str) -> Iterator[tuple[Done, Path]]:
    """Read files on a cluster; gives each as it is done, with the folder that has its part.

    Dask begins a task again whose worker was lost, elsewhere, as often as the scheduler's `allowed-failures`
    says; then the file is left. Where the scheduler goes away, all that is not done is left.

    Raises:
        UsageError: Dask is not installed, or no scheduler answers.
    """
    try:
        from distributed import Client, as_completed  # noqa: PLC0415
    except ImportError:
        raise UsageError("--scheduler needs Dask: pip install 'gossi-coverage[scan]'") from None
    try:
        client = Client(scheduler, set_as_default=False)
    except (OSError, ValueError) as error:
        raise UsageError(f"{scheduler}: no Dask scheduler answers there ({error})") from None
    with client:
        tasks_of = {
            client.submit(_read, task, code_version(), key=f"scan-{number}-{task.address}", pure=False): task
            for number, task in enumerate(tasks)
        }
        for number, future in enumerate(as_completed(tasks_of, loop=client.loop)):
            own = folder / str(number)
            own.mkdir()
            yield _received(future, tasks_of[future].address, own), own
            future.release()  # else the worker would hold what it found until the last file is done


def _received(future: "Future", address: str, folder: Path) -> Done:
    """What came of a file, whose part is written into the folder."""
    if future.cancelled():
        return Done(address, problem=f"{address}: the scheduler went away; scan the same files again")
    if error := future.exception():
        return Done(address, problem=f"{address}: {type(error).__name__}: {error}")
    sent = future.result()
    for name, content in sent.files.items():
        (folder / name).write_bytes(content)
    return sent.done  # type: ignore[no-any-return]


def _read(task: Task, version: str) -> _Sent:
    """What a worker does: read a file in a process of its own, and send what it found."""
    from distributed import get_worker  # noqa: PLC0415

    if version != code_version():
        raise UsageError(f"this worker has version {code_version()} of the program, who asks has {version}")
    place = Path(get_worker().local_directory)
    here = replace(task, fetching=replace(task.fetching, folder=place / "incoming"))
    with TemporaryDirectory(dir=place) as name:
        folder = Path(name)
        done = read_alone(here, folder)
        written = [folder / name for name in (PART, EVIDENCE) if (folder / name).exists()]
        return _Sent(done, {file.name: file.read_bytes() for file in written})
