"""A crawl whose answers are handed in: no socket, no Scrapy, no worker process, a few milliseconds a page."""

import asyncio
from dataclasses import dataclass, field
from datetime import datetime
from hashlib import sha256
from pathlib import Path
from urllib.parse import urlsplit

from gossi.crawler.capture.captured import Page
from gossi.crawler.crawl.asking import Question, Unanswered
from gossi.crawler.crawl.outlet import crawl_outlets
from gossi.crawler.crawl.run import Run
from gossi.crawler.extraction.article import Extracted
from gossi.crawler.extraction.extract import extract
from gossi.crawler.outcomes import Outcome
from gossi.crawler.store.follow import follow
from gossi.crawler.store.ledger import Ledger
from gossi.crawler.store.store import Store
from gossi.crawler.study.sources import StudyFolder


@dataclass
class Web:
    """Answers by what a URL has in it: its host, or how its path begins; 404 where nothing fits.

    `statuses` is for answers other than 200. `asked` are kinds and URLs in the order of asking, `extracted`
    the URLs of pages. The page `slow` is extracted when another was. A question of the kind `broken` meets a
    fault in our own code. One that is `silent` answers nothing.
    """

    routes: dict[str, bytes]
    statuses: dict[str, int] = field(default_factory=dict)
    asked: list[tuple[str, str]] = field(default_factory=list)
    extracted: list[str] = field(default_factory=list)
    slow: str = ""
    broken: str = ""
    silent: bool = False

    async def ask(self, question: Question) -> Page:
        """Answer in the next turn of the loop."""
        await asyncio.sleep(0)
        self.asked.append((question.kind, question.url))
        if question.kind == self.broken:
            raise ZeroDivisionError
        if self.silent:
            raise Unanswered(Outcome.UNREACHABLE, "no answer")
        parts = urlsplit(question.url)
        fits = [
            name
            for name in (*self.routes, *self.statuses)
            if name == parts.netloc or _begins(parts.path, name)
        ]
        name = max(fits, key=len, default="")
        status = self.statuses.get(name, 200 if name else 404)
        return page(question, self.routes.get(name, b""), status)

    async def extract(self, body: bytes, url: str, charset: str | None) -> Extracted:
        """Extract in this process; what is slow waits for another page."""
        while url == self.slow and not self.extracted:
            await asyncio.sleep(0)
        self.extracted.append(url)
        return extract(body, url, charset)


def _begins(path: str, name: str) -> bool:
    return path == name or (name.startswith("/web/") and path.startswith(name))


def page(question: Question, body: bytes, status: int = 200) -> Page:
    """An answer to a question."""
    kind = "text/html" if body.lstrip().startswith(b"<") and b"<rss" not in body else "application/json"
    digest = f"sha256:{sha256(body).hexdigest()}"
    moment = datetime(2022, 6, 1)
    return Page(question.url, moment, status, {"content-type": kind}, body, "a.warc.gz", 0, digest)


def crawl_driven(folder: Path, web: Web) -> Run:
    """Crawl a study with what such a web answers; gives the run."""
    study = StudyFolder(folder)
    sources = study.sources()

    async def crawl(ledger: Ledger) -> Run:
        run = Run(
            study=sources.study,
            sources=sources,
            outlets=sources.outlet,
            ledger=ledger,
            ask=web.ask,
            extract=web.extract,
        )
        try:
            await crawl_outlets(run)
        except BaseExceptionGroup as error:
            raise first(error) from None
        return run

    with Store(study) as store:
        follow(store, sources)
        ledger = Ledger(store, store.start_run("crawl", ""))
        run = asyncio.run(crawl(ledger))
        ledger.end("ok", "")
    return run


def first(error: BaseException) -> BaseException:
    """The first error of a group, however deep."""
    while isinstance(error, BaseExceptionGroup):
        error = error.exceptions[0]
    return error
