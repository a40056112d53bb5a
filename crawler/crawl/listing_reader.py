"""Reads large sitemaps in a process of its own: 20,000 addresses take half a second in which all waits."""

import asyncio
from collections.abc import Awaitable, Callable
from concurrent.futures import ProcessPoolExecutor
from concurrent.futures.process import BrokenProcessPool
from typing import Self

from gossi.crawler.discovery.sitemaps import SitemapRead, read_sitemap
from gossi.crawler.discovery.url_words import UrlWords
from gossi.crawler.study.sources import Window
from gossi.crawler.workers import attend_parent, spawning

ReadSitemap = Callable[[bytes, str, str, Window, UrlWords], Awaitable[SitemapRead | None]]
"""Reads a sitemap from its body, URL, outlet, the study's window and its words in addresses."""

_SMALL = 50_000
"""Bytes that are read at once: some 400 addresses, 10 ms. Handing them over costs a millisecond."""

_PACKED = 5_000
"""The same for a sitemap that is gzip: ten times as much is in it."""


async def read_here(
    body: bytes, url: str, outlet_id: str, window: Window, words: UrlWords
) -> SitemapRead | None:
    """Read a sitemap in this process."""
    return read_sitemap(body, url, outlet_id, window, words)


class ListingReader:
    """A worker for large sitemaps, begun with the first of them. Use as a context manager."""

    def __init__(self) -> None:
        self._pool: ProcessPoolExecutor | None = None

    async def read(
        self, body: bytes, url: str, outlet_id: str, window: Window, words: UrlWords
    ) -> SitemapRead | None:
        """Read a sitemap. Of a worker that is lost to it, it is told as no sitemap."""
        if len(body) < (_PACKED if body[:2] == b"\x1f\x8b" else _SMALL):
            return read_sitemap(body, url, outlet_id, window, words)
        if self._pool is None:
            self._pool = ProcessPoolExecutor(1, spawning(), initializer=attend_parent)
        call = (body, url, outlet_id, window, words)
        try:
            return await asyncio.wrap_future(self._pool.submit(read_sitemap, *call))
        except BrokenProcessPool:
            self._pool.shutdown(wait=False)
            self._pool = None
            return None

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        if self._pool is not None:
            self._pool.shutdown(wait=False, cancel_futures=True)
