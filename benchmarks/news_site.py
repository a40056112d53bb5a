"""A news site made for the benchmarks: pages of the size and build of real ones, and a server for them.

Real news pages measured had 160 KB, 32 KB as gzip: an article of some 1,000 words among scripts, styles,
navigation and hundreds of teasers. Nothing is random: each run serves the same bytes.
"""

import asyncio
import gzip
import multiprocessing
import random
import tomllib
from collections.abc import Iterator
from contextlib import contextmanager
from functools import cache
from multiprocessing.connection import Connection
from pathlib import Path
from typing import NamedTuple

_WORDS: list[str] = tomllib.loads(Path(__file__).with_name("words.toml").read_text(encoding="utf-8"))[
    "words"
].split()

_LINKS = 140
"""Links around the article, teasers and navigation together: what makes the tree as large as a real one's."""

_STATE = 600
"""Entries in the script that holds the page's state; sets the size to 160 KB, 32 KB packed."""

_PARAGRAPHS = 24
"""Paragraphs of the article, of some 45 words each."""

_HOSTS = 8
"""Ports that the site is served on: a crawl asks each host one page at a time."""


def news_page(number: int, *, on_topic: bool) -> bytes:
    """A page as its server sends it, in UTF-8: another text for each number.

    Args:
        number: from 0.
        on_topic: whether headline and text name Gossi. Else no word of the page does.
    """
    made = random.Random(number)
    place = "Gossi" if on_topic else "the old harbour"
    headline = f"Report {number} of the council on the road to {place}"
    sentences = [_sentence(made) for _ in range(_PARAGRAPHS * 3)]
    sentences[1] = f"The road to {place} is {number} miles long, the council said in its report."
    text = "\n".join(
        f'<p class="story__paragraph">{" ".join(sentences[at : at + 3])}</p>'
        for at in range(0, len(sentences), 3)
    )
    return (
        _furniture()
        .replace("{headline}", headline)
        .replace("{text}", text)
        .replace("{n}", str(number))
        .encode()
    )


def packed(number: int, *, on_topic: bool) -> bytes:
    """The page as gzip, as it goes over the network."""
    # Level 6 is what most servers use.
    return gzip.compress(news_page(number, on_topic=on_topic), 6, mtime=0)


def _sentence(made: random.Random) -> str:
    return " ".join(made.choices(_WORDS, k=made.randint(9, 20))).capitalize() + "."


@cache
def _furniture() -> str:
    """The page but for `{headline}`, `{text}` and `{n}`."""
    made = random.Random("furniture")
    teasers = [_teaser(made, place) for place in range(_LINKS)]
    metas = "".join(f'<meta property="x:{n}" content="{_sentence(made)}">' for n in range(30))
    style = "".join(f".block-{n}{{margin:{n % 9}px;color:#{made.getrandbits(24):06x}}}" for n in range(500))
    scripts = "".join(f'<script async src="/js/{made.getrandbits(64):016x}.js"></script>' for _ in range(30))
    state = ",".join(
        f'{{"id":"{made.getrandbits(64):016x}","type":"asset","width":{made.randint(100, 2000)},'
        f'"visible":true,"url":"https://static.courier.example/images/{made.getrandbits(40):010x}.jpg"}}'
        for _ in range(_STATE)
    )
    return f"""<!doctype html>
<html lang="en"><head><meta charset="utf-8"><title>{{headline}} | The Fictional Courier</title>
<meta property="og:title" content="{{headline}}">
<meta property="og:site_name" content="The Fictional Courier">
{metas}<script type="application/ld+json">{{"@context":"https://schema.org","@type":"NewsArticle",
"headline":"{{headline}}","datePublished":"2022-05-04T10:00:00Z"}}</script><style>{style}</style>{scripts}</head>
<body class="page page--story"><div id="app" class="app"><div class="wrapper" id="wrapper">
<div class="masthead" id="masthead">
<nav class="menu"><ul class="menu__list">{"".join(teasers[:40])}</ul></nav></div>
<main class="layout" id="main"><div class="layout__row row"><div class="layout__column column">
<article class="story" id="story"><h1 class="story__headline">{{headline}}</h1>
<div class="story__meta"><span class="by">By the newsroom</span>
<time datetime="2022-05-04T10:00:00Z">4 May</time></div>
<div class="story__text" id="text">{{text}}</div></article></div>
<div class="layout__column column">
<div class="related"><ul class="related__list">{"".join(teasers[40:])}</ul></div></div>
</div></main>
<footer class="imprint"><p>Page {{n}} of The Fictional Courier, an outlet invented for measuring.</p></footer>
</div></div><script>window.__STATE__={{"assets":[{state}]}};</script></body></html>"""


def _teaser(made: random.Random, place: int) -> str:
    return (
        f'<li class="list__item item--{place % 7}" id="item-{place}"><div class="card card--small">'
        f'<div class="card__image"><img src="/img/{made.getrandbits(40):010x}.jpg" alt=""></div>'
        f'<a class="card__link" href="/story/{made.getrandbits(24):06x}"><span class="card__kicker">'
        f"{made.choice(_WORDS)}</span> {_sentence(made)}</a></div></li>"
    )


class NewsSite(NamedTuple):
    """A site being served; a path is "/on/<number>" or "/off/<number>"."""

    hosts: list[str]

    def urls(self, pages: int, *, on_topic: bool) -> list[str]:
        """So many pages' addresses, spread over the hosts."""
        kind = "on" if on_topic else "off"
        return [f"http://{self.hosts[n % len(self.hosts)]}/{kind}/{n}" for n in range(pages)]


@contextmanager
def news_site() -> Iterator[NewsSite]:
    """Serve the site from a process of its own, whose CPU time is not the crawler's."""
    context = multiprocessing.get_context("spawn")
    ours, theirs = context.Pipe()
    process = context.Process(target=_serve, args=(theirs,), daemon=True)
    process.start()
    theirs.close()  # so that a server that dies is noticed
    try:
        yield NewsSite(ours.recv())
    finally:
        process.kill()
        process.join()


def _serve(told: Connection) -> None:
    asyncio.run(_serve_hosts(told))


async def _serve_hosts(told: Connection) -> None:
    servers = [await asyncio.start_server(_answer, "127.0.0.1", 0) for _ in range(_HOSTS)]
    told.send(["{}:{}".format(*server.sockets[0].getsockname()) for server in servers])
    await asyncio.gather(*(server.serve_forever() for server in servers))


async def _answer(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
    """Answer the requests of a connection until its other side ends it."""
    try:
        while request := await reader.readuntil(b"\r\n\r\n"):
            writer.write(_response(request.split(b" ", 2)[1].decode("ascii", "replace")))
            await writer.drain()
    except (asyncio.IncompleteReadError, ConnectionError):
        pass
    finally:
        writer.close()


@cache
def _response(path: str) -> bytes:
    kind, _, number = path.strip("/").partition("/")
    if kind not in {"on", "off"} or not number.isdigit():
        return b"HTTP/1.1 404 Not Found\r\nContent-Type: text/plain\r\nContent-Length: 0\r\n\r\n"
    body = packed(int(number), on_topic=kind == "on")
    head = (
        "HTTP/1.1 200 OK\r\nContent-Type: text/html; charset=utf-8\r\nContent-Encoding: gzip\r\n"
        f'Vary: Accept-Encoding\r\nETag: "{kind}-{number}"\r\nCache-Control: max-age=60\r\n'
        f"Content-Length: {len(body)}\r\n\r\n"
    )
    return head.encode() + body
