"""Brings a file of a web archive onto this machine, byte for byte, and goes on where it was broken off."""

import json
import re
import time
import urllib.request
from collections.abc import Callable, Mapping
from contextlib import suppress
from dataclasses import dataclass
from hashlib import sha256
from pathlib import Path
from urllib.parse import urlsplit

import urllib3

from gossi.crawler.errors import InputError
from gossi.crawler.web.urls import is_web_address

_TRIES = 6
"""Answers in a row that bring nothing, after which a file is left. With the study's delay of 2 s the last try
comes a minute after the first: archives refuse who asks too much, for some seconds."""

_LONGEST_PAUSE = 60.0
_TIMEOUT = urllib3.Timeout(connect=30.0, read=60.0)
_STEP = 1 << 18

_FOR_GOOD = frozenset({400, 401, 404, 410, 451})
"""Statuses that stay. 403 does not: it is what Common Crawl answers to who asks too much."""

_RANGE = re.compile(r"bytes (\d+)-\d+/(\d+)")


@dataclass(frozen=True)
class Fetching:
    """How files are fetched: into which folder, who asks, and how many seconds after a failure."""

    folder: Path
    user_agent: str
    pause: float

    def fetched(self, address: str, waiting: Callable[[], None] = lambda: None) -> Path:
        """The file at an address, whole; one of this machine is itself.

        Args:
            address: a path, or a URL.
            waiting: called now and then meanwhile.

        Raises:
            InputError: it cannot be had. What came of it is kept, and the next try goes on behind it.
        """
        if not is_web_address(address):
            return Path(address)
        self.folder.mkdir(parents=True, exist_ok=True)
        return _Download(address, self._place(address), self, waiting).whole()

    def forget(self, address: str) -> None:
        """Remove what was fetched for an address."""
        if is_web_address(address):
            place = self._place(address)
            for file in (place, _state_of(place)):
                file.unlink(missing_ok=True)

    def _place(self, address: str) -> Path:
        return self.folder / sha256(address.encode()).hexdigest()[:32]


class _Download:
    """A file on its way. Beside it stands what the server called it, so that no other is added to it."""

    def __init__(self, address: str, place: Path, fetching: Fetching, waiting: Callable[[], None]) -> None:
        self._address, self._place, self._waiting = address, place, waiting
        self._pause = fetching.pause
        self._agent = fetching.user_agent
        self._pool = _pool(address)
        # The server's mark of what lies there (ETag or date), and the bytes of the whole, -1 where unknown.
        self._mark, self._size = "", -1
        with suppress(OSError, ValueError, TypeError):
            mark, size = json.loads(_state_of(place).read_text(encoding="utf-8"))
            self._mark, self._size = str(mark), int(size)

    def whole(self) -> Path:
        tries, why = 0, ""
        while not self._is_whole():
            if tries == _TRIES:
                raise InputError(f"{self._address}: cannot be fetched: {why}; scan it again to go on")
            if tries:
                time.sleep(min(self._pause * 2 ** (tries - 1), _LONGEST_PAUSE))
            before = self._have()
            try:
                why = self._ask()
            except (urllib3.exceptions.HTTPError, OSError) as error:
                why = f"{type(error).__name__}: {error}"[:200]
            # One that brings a little more each time is not given up.
            tries = 0 if self._have() > before else tries + 1
        return self._place

    def _have(self) -> int:
        return self._place.stat().st_size if self._place.exists() else 0

    def _is_whole(self) -> bool:
        return self._size >= 0 and self._have() == self._size

    def _ask(self) -> str:
        """Ask for what is missing; gives why nothing came, "" where something did."""
        have = self._have()
        headers = {"User-Agent": self._agent, "Accept-Encoding": "identity"}
        if have and self._mark:
            headers |= {"Range": f"bytes={have}-", "If-Range": self._mark}
        with self._pool.request(
            "GET",
            self._address,
            headers=headers,
            preload_content=False,
            decode_content=False,
            timeout=_TIMEOUT,
            retries=urllib3.Retry(None, connect=0, read=0, status=0, other=0, redirect=5),
        ) as answer:
            if answer.status in _FOR_GOOD:
                raise InputError(f"{self._address}: HTTP {answer.status}; is the address right?")
            if answer.status == 206:
                told = _RANGE.fullmatch(answer.headers.get("content-range", ""))
                if told and int(told[1]) == have and int(told[2]) == self._size:
                    self._write(answer, "ab")
                    return "it broke off"
            if answer.status == 200 and not answer.headers.get("content-encoding"):
                self._begin(answer.headers)
                self._write(answer, "wb")
                return "it broke off"
        # What came before is of no use with such an answer: the next try begins anew.
        if answer.status in {200, 206, 416}:
            self._mark = ""
        return f"HTTP {answer.status}"

    def _begin(self, headers: Mapping[str, str]) -> None:
        length = headers.get("content-length", "")
        self._size = int(length) if length.isascii() and length.isdigit() else -1
        mark = headers.get("etag", "")
        # A weak one is also that of other bytes with the same meaning (RFC 9110, 13.1.5).
        self._mark = mark if mark and not mark.startswith("W/") else headers.get("last-modified", "")
        _state_of(self._place).write_text(json.dumps([self._mark, self._size]), encoding="utf-8")

    def _write(self, answer: urllib3.BaseHTTPResponse, mode: str) -> None:
        with self._place.open(mode) as file:
            for block in answer.stream(_STEP):
                file.write(block)
                self._waiting()
            if self._size < 0:
                # Chunks tell their own end; an answer that ends with its connection is taken for whole.
                self._size = file.tell()


def _state_of(place: Path) -> Path:
    return place.with_name(f"{place.name}.state")


def _pool(address: str) -> urllib3.PoolManager:
    """Connections, by the proxy that the environment names for the address, if it does."""
    parts = urlsplit(address)
    proxy = urllib.request.getproxies().get(parts.scheme)
    if proxy and not urllib.request.proxy_bypass(parts.hostname or ""):
        return urllib3.ProxyManager(proxy)
    return urllib3.PoolManager()
