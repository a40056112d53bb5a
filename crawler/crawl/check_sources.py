"""Asks each feed and sitemap of sources.toml once: what answers, what moved, what else the outlet offers."""

import re
from asyncio import TaskGroup
from collections.abc import AsyncIterator, Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from tempfile import TemporaryDirectory
from urllib.parse import urljoin, urlsplit

from gossi.crawler.capture.captured import Page
from gossi.crawler.capture.warc import WarcWriter
from gossi.crawler.crawl.asking import Ask, Question, Unanswered
from gossi.crawler.crawl.crawl import chosen_outlets, run_scrapy
from gossi.crawler.crawl.run import Run
from gossi.crawler.crawl.settings import scrapy_settings
from gossi.crawler.discovery.feeds import read_feed
from gossi.crawler.discovery.sitemaps import MAX_UNPACKED, read_sitemap
from gossi.crawler.discovery.templates import expanded
from gossi.crawler.extraction.parsed import parse
from gossi.crawler.extraction.pool import ExtractionPool
from gossi.crawler.page.verdict import by_status
from gossi.crawler.store.ledger import Ledger
from gossi.crawler.store.store import Store, utc_now
from gossi.crawler.study.sources import Outlet, StudyFolder, Window

_SITEMAP_LINE = re.compile(r"^\s*sitemap\s*:\s*(\S+)", re.IGNORECASE | re.MULTILINE)
_FEED_TYPES = frozenset({"application/rss+xml", "application/atom+xml", "application/feed+json"})
# Addresses that are offered by one place: some robots.txt files name hundreds of sitemaps.
_MOST = 10


@dataclass(frozen=True)
class Listed:
    """How an address of sources.toml answers: what it is today, or why none; where it moved to, if so."""

    url: str
    answers: bool
    word: str
    moved_to: str = ""


@dataclass
class Checked:
    """What came of an outlet; `offered` are address and place where it was found: what a person may add."""

    outlet_id: str
    listed: list[Listed] = field(default_factory=list)
    offered: list[tuple[str, str]] = field(default_factory=list)


def check_sources(folder: StudyFolder, ids: Sequence[str]) -> list[Checked]:
    """Ask each feed and sitemap of the outlets once, politely as a crawl; nothing of it is kept.

    What else an outlet offers is asked for where something does not answer, or nothing is listed.

    Raises:
        ConfigError, UsageError: nothing was begun.
    """
    sources = folder.sources()
    chosen = chosen_outlets(sources, ids)
    settings = scrapy_settings(sources.study, chosen, folder.sources_file)
    found: list[Checked] = []

    async def course(run: Run) -> None:
        async with TaskGroup() as group:
            tasks = [
                group.create_task(OutletCheck(run.ask, outlet, run.study.window).run()) for outlet in chosen
            ]
        found.extend(task.result() for task in tasks)

    with TemporaryDirectory(prefix="gossi-") as place:
        aside = StudyFolder(Path(place))
        with Store(aside) as store, WarcWriter(aside.captures, 1) as writer:
            ledger = Ledger(store, store.start_run("check", ""))
            spider = run_scrapy(
                settings, study=sources.study, sources=sources, outlets=chosen, ledger=ledger, writer=writer,
                pool=ExtractionPool(), on_progress=lambda progress: None, course=course,
            )  # fmt: skip
            ledger.end("ok", "")
    if spider.broken is not None:
        raise spider.broken
    return found


class OutletCheck:
    """What is asked of an outlet."""

    def __init__(self, ask: Ask, outlet: Outlet, window: Window) -> None:
        self._ask = ask
        self._outlet = outlet
        self._window = window

    async def run(self) -> Checked:
        """Ask for what is listed; where it fails, for what the outlet offers instead."""
        checked, today = Checked(self._outlet.id), utc_now().date()
        for url in self._outlet.feeds:
            checked.listed.append(await self._listed(url, "feed"))
        for template in self._outlet.sitemaps:
            # Of those made by date one tells of all.
            for url in expanded(template, self._window, today)[:1]:
                checked.listed.append(await self._listed(url, "sitemap"))
        if not checked.listed or not all(each.answers for each in checked.listed):
            known = {url for each in checked.listed if each.answers for url in (each.url, each.moved_to)}
            checked.offered = [offer async for offer in self._offers() if offer[0] not in known]
        return checked

    async def _listed(self, url: str, kind: str) -> Listed:
        page, why = await self._page(url, kind)
        if page is None:
            return Listed(url, answers=False, word=why)
        word = self._told(page)
        moved = page.url if page.url != url else ""
        return Listed(url, bool(word), word or "neither a feed nor a sitemap", moved)

    def _told(self, page: Page) -> str:
        """What a feed or sitemap has; "" for what is neither."""
        feed = read_feed(page.body, page.url, self._outlet.id)
        if feed is not None:
            return f"a feed of {len(feed)} entries"
        read = read_sitemap(page.body, page.url, self._outlet.id, self._window)
        if read is None:
            return ""
        if read.sitemaps or not (read.candidates or read.pruned):
            return f"an index of {len(read.sitemaps)} sitemaps that may be of the window"
        return f"a sitemap of {len(read.candidates)} pages that may be of the window, {read.pruned} others"

    async def _page(self, url: str, kind: str) -> tuple[Page | None, str]:
        question = Question(url, self._outlet.id, kind, max_bytes=MAX_UNPACKED)
        try:
            page = await self._ask(question)
        except Unanswered as failure:
            return None, failure.detail
        refused = by_status(page.status)
        return (None, refused[1]) if refused else (page, "")

    async def _offers(self) -> AsyncIterator[tuple[str, str]]:
        home = f"{self._scheme()}://{self._outlet.domain}/"
        robots, _ = await self._page(f"{home}robots.txt", "robots")
        if robots is not None:
            text = robots.body.decode("utf-8", "replace")
            for url in _SITEMAP_LINE.findall(text)[:_MOST]:
                yield urljoin(home, url), "robots.txt"
        front, _ = await self._page(home, "page")
        for url in list(_feeds_of(front))[:_MOST] if front is not None else ():
            yield url, "the home page"
        usual = f"{home}sitemap.xml"
        page, _ = await self._page(usual, "sitemap")
        if page is not None and (told := self._told(page)):
            yield usual, told

    def _scheme(self) -> str:
        named = (*self._outlet.feeds, *self._outlet.sitemaps, *self._outlet.pages)
        return urlsplit(named[0]).scheme if named else "https"


def _feeds_of(page: Page) -> Iterator[str]:
    tree = parse(page.body.decode("utf-8", "replace"))
    for link in () if tree is None else tree.iter("link"):
        if (link.get("type") or "").strip().lower() in _FEED_TYPES and link.get("href"):
            yield urljoin(page.url, link.get("href").strip())


def lines(checked: Checked) -> Iterator[str]:
    """What came of an outlet, for a person who decides."""
    yield checked.outlet_id
    for each in checked.listed:
        moved = f" → {each.moved_to}" if each.moved_to else ""
        state = ("moved" if moved else "answers") if each.answers else "fails"
        yield f"    {state:<8} {each.url}{moved}: {each.word}"
    for url, place in dict(checked.offered).items():
        yield f"    offered  {url} ({place})"


def exit_code(found: Sequence[Checked]) -> int:
    """0 where all that is listed answers, 2 where nothing does, 3 else."""
    told = [listed.answers for checked in found for listed in checked.listed]
    return 0 if all(told) else 3 if any(told) else 2
