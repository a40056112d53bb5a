"""Bounds what is held in memory of pages that were had and not judged yet."""

import asyncio
from collections.abc import Iterator
from contextlib import contextmanager

# Bytes of pages, as many as Scrapy lets its callbacks hold (SCRAPER_SLOT_MAX_ACTIVE_SIZE). What is on its way
# when they are reached comes on top.
_MOST = 5_000_000


class Room:
    """The room that waiting pages take, of all outlets together."""

    def __init__(self) -> None:
        self._held = 0
        self._is_there = asyncio.Event()
        self._is_there.set()

    async def is_there(self) -> None:
        """Wait until there is room for another page."""
        await self._is_there.wait()

    @contextmanager
    def taken(self, size: int) -> Iterator[None]:
        """Take room for a page of so many bytes as long as it is judged."""
        self._add(size)
        try:
            yield
        finally:
            self._add(-size)

    def _add(self, size: int) -> None:
        self._held += size
        if self._held > _MOST:
            self._is_there.clear()
        else:
            self._is_there.set()
