"""Moves captures to another place, and leaves out what nothing rests on any more."""

import shutil
import time
from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from hashlib import file_digest
from itertools import pairwise
from pathlib import Path

from gossi.crawler.capture.packing import packing_of
from gossi.crawler.capture.records import Records
from gossi.crawler.capture.warc import Tombstone, tombstone_bytes
from gossi.crawler.errors import InputError, StoreError
from gossi.crawler.outcomes import Outcome
from gossi.crawler.store.store import Store
from gossi.crawler.study.sources import StudyFolder

PRUNED = (
    Outcome.OFF_TOPIC, Outcome.NOT_HTML, Outcome.OUT_OF_WINDOW, Outcome.GONE, Outcome.SOFT_404,
    Outcome.REDIRECT_HOME, Outcome.REFUSED, Outcome.SERVER_ERROR,
)  # fmt: skip
"""Outcomes of pages on which no figure rests: an article, its dates and its addresses come from others."""

_MARK = "p"
"""What the name of a file that was pruned ends in, before .warc.gz."""

_LARGEST = 1 << 62
"""No record is passed over for its size."""


@dataclass
class Pruning:
    """What is left out, or would be: pages by outcome, and bytes."""

    pages: Counter[str] = field(default_factory=Counter)
    freed: int = 0
    files: int = 0


def move(folder: StudyFolder, target: Path, older_than: int) -> tuple[int, int]:
    """Move captures elsewhere and leave links in their place; gives how many, and their bytes.

    Args:
        folder: of the study.
        target: a folder on another disk, made if it is missing.
        older_than: days; younger files stay.

    Raises:
        StoreError: it cannot be written there. What was moved till then is whole.
    """
    count = size = 0
    try:
        for file in _files(folder, older_than):
            if file.is_symlink():
                continue
            place = (target / file.relative_to(folder.captures)).resolve()
            place.parent.mkdir(parents=True, exist_ok=True)
            part = place.with_name(f"{place.name}.part")
            shutil.copy2(file, part)
            if _digest(part) != _digest(file):
                raise StoreError(f"{part}: is not what was copied; is that disk in order? {file} stays")
            part.replace(place)
            link = file.with_name(f"{file.name}.link")
            link.unlink(missing_ok=True)
            link.symlink_to(place)
            count, size = count + 1, size + file.stat().st_size
            link.replace(file)
    except OSError as error:
        raise StoreError(
            f"{target}: cannot be written ({error.strerror}); {count} files were moved, all others are where "
            "they were"
        ) from error
    return count, size


def prune(store: Store, older_than: int, *, dry: bool) -> Pruning:
    """Leave pages out of the captures on which no figure rests; a tombstone says what stood there.

    Args:
        store: open for writing.
        older_than: days; younger files stay as they are.
        dry: only count.

    Raises:
        StoreError: a file cannot be read or written. What was pruned till then is whole.
    """
    done = Pruning()
    _finish(store)
    for file in _files(store.folder, older_than):
        name = file.relative_to(store.folder.captures).as_posix()
        stones = _stones(store, name)
        if not stones:
            continue
        done.files += 1
        done.pages.update(stone.outcome for stone in stones.values())
        try:
            done.freed += _prune_file(store, file, name, stones, dry=dry)
        except (OSError, InputError, ValueError) as error:
            raise StoreError(f"{file}: cannot be pruned ({error}); it is as it was") from error
    return done


def _files(folder: StudyFolder, older_than: int) -> Iterator[Path]:
    before = time.time() - older_than * 86_400
    for file in sorted(folder.captures.glob("*/*/*.warc.gz")):
        if file.exists() and file.stat().st_mtime <= before:
            yield file


def _digest(file: Path) -> str:
    with file.open("rb") as content:
        return file_digest(content, "sha256").hexdigest()


def _stones(store: Store, name: str) -> dict[int, Tombstone]:
    """Where in a file a page stands that is to be left out, and what to say of it."""
    rows = store.con.execute(
        "SELECT warc_offset, outlet_id, url, coalesce(final_url, url), fetched_at, http_status, outcome, "
        "detail, digest FROM attempt WHERE warc_file = ? AND kind = 'page' AND via <> 'import' "
        "AND outcome IN (SELECT unnest(?)) AND attempt_id NOT IN (SELECT attempt_id FROM version)",
        [name, [str(outcome) for outcome in PRUNED]],
    ).fetchall()
    return {offset: Tombstone(*others) for offset, *others in rows}


def _prune_file(store: Store, file: Path, name: str, stones: Mapping[int, Tombstone], *, dry: bool) -> int:
    """Write a file anew with tombstones in it; gives how many bytes it is smaller."""
    begins = [*_offsets(file), file.stat().st_size]
    if dry:
        return sum(end - at for at, end in pairwise(begins) if at in stones)
    new = file.with_name(f"{file.name.removesuffix('.warc.gz')}{_MARK}.warc.gz")
    moved: dict[int, int] = {}
    part = new.with_name(f"{new.name}.part")
    with file.open("rb") as old, part.open("wb") as out:
        for at, end in pairwise(begins):
            moved[at] = out.tell()
            old.seek(at)
            out.write(tombstone_bytes(stones[at]) if at in stones else old.read(end - at))
        size = out.tell()
    part.replace(new)
    _note(store, name, new.relative_to(store.folder.captures).as_posix(), moved, list(stones))
    freed = file.stat().st_size - size
    _remove(file)
    return freed


def _note(store: Store, old: str, new: str, moved: Mapping[int, int], pruned: list[int]) -> None:
    """Let the store name the new places. From then on the old file is of no use."""
    store.con.begin()
    store.con.execute(
        "UPDATE attempt SET warc_file = NULL, warc_offset = NULL "
        "WHERE warc_file = ? AND warc_offset IN (SELECT unnest(?))",
        [old, pruned],
    )
    store.con.execute(
        "UPDATE attempt SET warc_file = ?, warc_offset = place.now "
        "FROM (SELECT unnest(?) AS before, unnest(?) AS now) AS place "
        "WHERE warc_file = ? AND warc_offset = place.before",
        [new, list(moved), list(moved.values()), old],
    )
    store.con.commit()


def _offsets(file: Path) -> Iterator[int]:
    """Where each record of a file begins."""
    with file.open("rb") as content:
        packing = packing_of(content)
        if packing is None:
            raise InputError("no WARC file")
        for record in Records(content, packing, 0, _LARGEST, lambda problem: None):
            if record.offset is None:
                raise InputError("not compressed record by record")
            yield record.offset


def _finish(store: Store) -> None:
    """Remove of a file and its pruned copy the one that the store does not name: a kill came between."""
    for new in store.folder.captures.glob(f"*/*/*{_MARK}.warc.gz"):
        old = new.with_name(f"{new.name.removesuffix(f'{_MARK}.warc.gz')}.warc.gz")
        if old.exists():
            name = new.relative_to(store.folder.captures).as_posix()
            known = store.con.execute("SELECT 1 FROM attempt WHERE warc_file = ? LIMIT 1", [name]).fetchone()
            _remove(old if known else new)


def _remove(file: Path) -> None:
    if file.is_symlink():
        file.resolve().unlink(missing_ok=True)
    file.unlink()
