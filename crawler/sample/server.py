"""Serves the sample web: every outlet on its own port of this machine, and the archive behind them."""

import errno
import gzip
import hashlib
import sys
import threading
import time
from collections.abc import Callable
from datetime import UTC, datetime
from email.utils import format_datetime, parsedate_to_datetime
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from itertools import chain, repeat
from types import TracebackType
from typing import NamedTuple, Self

from gossi.crawler.errors import UsageError
from gossi.crawler.sample.addresses import DEFAULT_PORT, port_of
from gossi.crawler.sample.archive import Archive, archive_port
from gossi.crawler.sample.model import sample
from gossi.crawler.sample.site import Answer, Site

_CHANGED = datetime(2026, 1, 15, 12, tzinfo=UTC)
"""When every page was last changed, as the server tells it: long after its article was published."""

_WORTH_PACKING = 400
"""Bytes; a smaller body does not gain by gzip."""

_DRIP_SECONDS = 0.2
"""Between two bytes of a page that drips: never so long that the connection looks dead."""


class Request(NamedTuple):
    """A request that an outlet, or the archive, answered."""

    outlet: str
    path: str
    status: int


class SampleWeb:
    """The servers of all outlets and of the archive, from `base_port` upwards. A context manager.

    `requests` is the log of what was asked, in the order answered.

    Raises:
        UsageError: a port is taken or not ours to use.
    """

    def __init__(self, base_port: int = DEFAULT_PORT) -> None:
        self.base_port = base_port
        self.requests: list[Request] = []
        self._servers: list[ThreadingHTTPServer] = []

    def __enter__(self) -> Self:
        try:
            sites = [Site(outlet, self.base_port) for outlet in sample().outlet]
            for site in sites:
                self._serve(site, port_of(site.name, self.base_port))
            self._serve(Archive(sites), archive_port(self.base_port))
        except BaseException:
            self.close()
            raise
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self.close()

    def close(self) -> None:
        """Stop serving and free the ports."""
        for server in self._servers:
            server.shutdown()
            server.server_close()
        self._servers.clear()

    def _serve(self, site: Site | Archive, port: int) -> None:
        try:
            server = _Server(port, site, self.requests.append)
        except (OSError, OverflowError) as error:
            raise UsageError(_why(port, error)) from None
        self._servers.append(server)
        # 50 ms between looks at the stop signal: closing 18 servers takes under a second.
        threading.Thread(target=server.serve_forever, args=(0.05,), daemon=True).start()


def _why(port: int, error: Exception) -> str:
    reason = "is taken" if getattr(error, "errno", 0) == errno.EADDRINUSE else f"cannot be used ({error})"
    return f"port {port} of this machine {reason}: choose another first port with --port"


class _Server(ThreadingHTTPServer):
    """Serves one site."""

    daemon_threads = True
    # Else a second sample on the same ports would go unnoticed on some systems.
    allow_reuse_port = False

    def __init__(self, port: int, site: Site | Archive, log: Callable[[Request], None]) -> None:
        self.site = site
        self.log = log
        super().__init__(("127.0.0.1", port), _Handler)

    def handle_error(self, request: object, client_address: object) -> None:
        """Say nothing of an asker who hung up; the rest is worth a traceback."""
        if not isinstance(sys.exception(), ConnectionError):
            super().handle_error(request, client_address)  # type: ignore[arg-type]


class _Handler(BaseHTTPRequestHandler):
    """Answers for a site: keep-alive, gzip, and 304 where the asker has the same bytes."""

    protocol_version = "HTTP/1.1"
    # Head and body go in two pieces, of which the second would wait 40 ms for the first's receipt.
    disable_nagle_algorithm = True
    server: _Server

    def do_GET(self) -> None:
        self._respond(with_body=True)

    def do_HEAD(self) -> None:
        self._respond(with_body=False)

    def _respond(self, *, with_body: bool) -> None:
        answer = self.server.site.answer(self.path)
        if answer.drips:
            self._drip(answer)
            return
        etag = f'W/"{hashlib.sha256(answer.body).hexdigest()[:16]}"'
        if answer.status == 200 and self._has(etag):
            answer = Answer(b"", status=304)
        body, encoding = self._packed(answer)
        self.send_response(answer.status)
        if answer.location:
            self.send_header("Location", answer.location)
        if answer.status in {200, 304}:
            self.send_header("ETag", etag)
            self.send_header("Last-Modified", format_datetime(_CHANGED, usegmt=True))
        if answer.status != 304:
            self.send_header("Content-Type", answer.content_type)
            self.send_header("Content-Length", str(len(body)))
        if encoding:
            self.send_header("Content-Encoding", encoding)
            self.send_header("Vary", "Accept-Encoding")
        # Logged first: who has read the answer finds it in the log.
        self.server.log(Request(self.server.site.name, self.path, answer.status))
        self.end_headers()
        if with_body:
            self.wfile.write(body)

    def _has(self, etag: str) -> bool:
        """Whether the asker already holds the bytes of `etag`."""
        asked = self.headers.get("If-None-Match")
        if asked is not None:
            return asked.strip() == "*" or etag in [tag.strip() for tag in asked.split(",")]
        since = self.headers.get("If-Modified-Since")
        try:
            return since is not None and parsedate_to_datetime(since) >= _CHANGED
        except (TypeError, ValueError):
            return False

    def _packed(self, answer: Answer) -> tuple[bytes, str]:
        """The body as the asker takes it, and its encoding; empty where it goes as it is."""
        worth_it = answer.packable and not answer.encoding and len(answer.body) > _WORTH_PACKING
        if worth_it and "gzip" in self.headers.get("Accept-Encoding", ""):
            return gzip.compress(answer.body, compresslevel=4, mtime=0), "gzip"
        return answer.body, answer.encoding

    def _drip(self, answer: Answer) -> None:
        """Send a page a byte at a time, then blanks, until the asker hangs up."""
        self.server.log(Request(self.server.site.name, self.path, answer.status))
        self.send_response(answer.status)
        self.send_header("Content-Type", answer.content_type)
        self.send_header("Connection", "close")
        self.end_headers()
        for byte in chain(answer.body, repeat(ord(" "))):
            self.wfile.write(bytes([byte]))
            time.sleep(_DRIP_SECONDS)

    def log_message(self, format: str, *args: object) -> None:  # noqa: A002 - the name is inherited
        """Say nothing: the request log is kept instead."""
