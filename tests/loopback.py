"""Small real web servers on loopback, for tests of how the crawler behaves."""

import socket
import threading
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from types import TracebackType
from typing import Self

WEATHER = (
    b"<html><body><p>Rain fell in the south all day, and the market stayed closed until the evening.</p>"
    b"</body></html>"
)
"""A page that is read whole and is off topic. With less of a text it might be an empty shell or a wall."""


@dataclass
class Answer:
    """What a path answers; `seconds` is how long it takes.

    `stream` gives the body piece by piece, in chunks and without a length; `raw` is all that goes over the
    wire, instead of everything else.
    """

    body: bytes = b""
    status: int = 200
    headers: Mapping[str, str] = field(default_factory=lambda: {"Content-Type": "text/html; charset=utf-8"})
    seconds: float = 0.0
    stream: Callable[[], Iterator[bytes]] | None = None
    raw: bytes = b""


Route = Answer | Callable[[Mapping[str, str]], Answer]


class LoopbackSite:
    """A web site on a free port; `asked` lists (path, time) of every request it got."""

    def __init__(self, routes: Mapping[str, Route] | None = None) -> None:
        self.routes: dict[str, Route] = dict(routes or {})
        self.asked: list[tuple[str, float]] = []
        self.agents: set[str] = set()
        self.missing = Answer(b"<html><title>no such page</title></html>", 404)
        self._server = ThreadingHTTPServer(("127.0.0.1", 0), self._handler())
        self._server.daemon_threads = True
        self.domain = f"127.0.0.1:{self._server.server_port}"
        self.home = f"http://{self.domain}"

    def paths(self) -> list[str]:
        """The paths asked for, in order."""
        return [path for path, _ in self.asked]

    def _handler(self) -> type[BaseHTTPRequestHandler]:
        site = self

        class Handler(BaseHTTPRequestHandler):
            protocol_version = "HTTP/1.1"
            # Head and body go in two pieces, of which the second would wait 40 ms for the first's receipt.
            disable_nagle_algorithm = True

            def do_GET(self) -> None:
                site.asked.append((self.path, time.monotonic()))
                site.agents.add(self.headers.get("User-Agent", ""))
                route = site.routes.get(self.path, site.missing)
                answer = route if isinstance(route, Answer) else route(self.headers)
                time.sleep(answer.seconds)
                try:
                    self._send(answer)
                except OSError:
                    self.close_connection = True  # whoever asked has had enough

            def _send(self, answer: Answer) -> None:
                if answer.raw:
                    self.wfile.write(answer.raw)
                    self.close_connection = True
                    return
                self.send_response(answer.status)
                for name, value in answer.headers.items():
                    self.send_header(name, value)
                if answer.stream is None:
                    self.send_header("Content-Length", str(len(answer.body)))
                    self.end_headers()
                    self.wfile.write(answer.body)
                    return
                self.send_header("Transfer-Encoding", "chunked")
                self.end_headers()
                for piece in answer.stream():
                    self.wfile.write(b"%x\r\n%s\r\n" % (len(piece), piece))
                self.wfile.write(b"0\r\n\r\n")

            def log_message(self, *_: object) -> None:
                pass

        return Handler

    def __enter__(self) -> Self:
        threading.Thread(target=self._server.serve_forever, daemon=True).start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._server.shutdown()
        self._server.server_close()


_BLOCKS = range(18_000, 30_000, 100)
"""First ports of blocks, below those that the system gives out by itself."""

_held: list[socket.socket] = []


def free_ports() -> int:
    """The first of 99 ports in a row that no other test has, in this process or another, until this one ends.

    The sample web needs its ports in a row and known beforehand.
    """
    for first in _BLOCKS:
        guard = socket.socket()
        try:
            guard.bind(("127.0.0.1", first + 99))
        except OSError:
            guard.close()
            continue
        _held.append(guard)
        return first
    raise RuntimeError("every block of ports is taken by another run of the tests")


def redirect(to: str, status: int = 302) -> Answer:
    """An answer that leads elsewhere."""
    return Answer(b"", status, {"Location": to})


def article(
    headline: str, *sentences: str, published: str = "2022-04-23T10:00:00Z", head: str = ""
) -> Answer:
    """A news page about Gossi with a date; the sentences are its text."""
    paragraphs = "".join(f"<p>{sentence}</p>" for sentence in sentences or _SENTENCES)
    return Answer(
        f"""<!DOCTYPE html><html lang="en"><head><meta charset="utf-8"><title>{headline}</title>{head}
        <meta property="article:published_time" content="{published}"></head>
        <body><nav><a href="/">Home</a></nav><article><h1>{headline}</h1>{paragraphs}</article>
        <footer>Fictional outlet</footer></body></html>""".encode()
    )


_SENTENCES = (
    "The French army showed drone pictures that it says were taken near its former base at Gossi in Mali.",
    "Its general staff said that the pictures show Russian mercenaries covering bodies with sand.",
    "The Malian general staff announced the same evening that a mass grave had been found near the camp.",
    "It said that the state of the bodies showed the grave to be older than the handover of the base.",
)


def sources(study: str, *outlets: str) -> str:
    """A sources.toml for loopback: extra keys of [study.crawl], then an [[outlet]] table each."""
    return "\n".join(
        [
            '[study]\nname = "A test"\ncontact = "https://gossi.example/contact"',
            "[study.window]\nfirst = 2022-04-01\nlast = 2022-12-31",
            f"[study.crawl]\nallow_loopback = true\n{study}",
            # of which the statement of the real codebook speaks
            '[[bloc]]\nid = "western"\nname = "Western"\nadjective = "Western"',
            *outlets,
        ]
    )


def outlet(name: str, site: LoopbackSite, *pages: str, **listings: list[str]) -> str:
    """An [[outlet]] table of a site, with pages, feeds and sitemaps given as paths."""
    lists = {"pages": list(pages)} | listings
    urls = "\n".join(f"{key} = {[site.home + path for path in paths]!r}" for key, paths in lists.items())
    return (
        f'[[outlet]]\nid = "{name}"\nname = "Fictional {name}"\ndomain = "{site.domain}"\ncountry = "XX"\n'
        f'bloc = "unlisted"\nownership = "unknown"\nlanguages = ["en"]\n{urls}'
    )


def rested(moments: Sequence[float], *pauses: float) -> bool:
    """Whether requests that reached a server at these moments left it at least these pauses between them.

    A busy machine delivers one late and the next in time. So a pause is measured from the request before the
    last: when that had arrived, the last had not been sent yet. Load makes it longer, never shorter. A tenth
    is for the clocks on both sides.
    """
    assert len(pauses) == len(moments) - 1
    each = zip(moments, moments[2:], pauses[1:], strict=False)
    whole = moments[-1] - moments[0] >= 0.9 * sum(pauses[1:])
    return whole and all(later - earlier >= 0.9 * pause for earlier, later, pause in each)
