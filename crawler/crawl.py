"""One crawl of a study, from its outlets to the store."""

import logging
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field

from scrapy.crawler import AsyncCrawlerProcess, Crawler

from crawler.capture.warc import WarcWriter
from crawler.errors import UsageError
from crawler.extraction.pool import ExtractionPool
from crawler.fetch.progress import Progress
from crawler.fetch.recover import take_up
from crawler.fetch.settings import scrapy_settings
from crawler.fetch.spider import CoverageSpider
from crawler.store.ledger import Ledger
from crawler.store.store import STOPPED, Store, told_of_the_machine
from crawler.study import Outlet, Sources, StudyFolder, Window, file_digest


@dataclass(frozen=True)
class CrawlResult:
    """What came of a crawl.

    `failed` are the outlets of which nothing could be learnt, each with why. `gaps` has a line for each
    thing that may have been missed: a feed whose entries were all new, a service that did not answer.
    `taken_up` counts the pages of a killed run. `unlisted` are the hosts of pages that GDELT named and whose
    outlet is not in sources.toml. `reconsidered` counts the pages that were off topic by fewer terms.
    """

    run_id: int
    outlets: int
    outcomes: dict[str, int]
    failed: dict[str, str]
    gaps: list[str] = field(default_factory=list)
    taken_up: int = 0
    unlisted: list[str] = field(default_factory=list)
    reconsidered: int = 0

    @property
    def exit_code(self) -> int:
        """0 all well, 2 no outlet answered, 3 some did not."""
        if not self.failed:
            return 0
        return 2 if len(self.failed) == self.outlets else 3


def chosen_outlets(sources: Sources, ids: Sequence[str]) -> list[Outlet]:
    """The outlets with these ids, or all where none is named. Raises UsageError for an unknown id."""
    known = {outlet.id: outlet for outlet in sources.outlet}
    unknown = [name for name in ids if name not in known]
    if unknown:
        raise UsageError(
            f"no outlet {', '.join(map(repr, unknown))} in sources.toml; its ids are the `id` keys there"
        )
    return [known[name] for name in dict.fromkeys(ids)] or list(sources.outlet)


def crawl(
    folder: StudyFolder,
    *,
    outlets: Sequence[str] = (),
    window: Window | None = None,
    on_progress: Callable[[Progress], None] = lambda progress: None,
) -> CrawlResult:
    """Discover and fetch what is new; everything learnt is in the store when this returns.

    Can be called once in a process: Scrapy's reactor cannot be started again.

    Raises:
        ConfigError, UsageError: nothing was begun.
        StoreError: nothing was begun, or the disk failed; what was learnt until then is in the store.
        KeyboardInterrupt: Ctrl-C ended the run; what was learnt until then is in the store.
    """
    sources = folder.sources()
    study = sources.study if window is None else sources.study.model_copy(update={"window": window})
    chosen = chosen_outlets(sources, outlets)
    settings = scrapy_settings(study, chosen, folder.sources_file)
    with told_of_the_machine(folder), Store(folder) as store:
        store.sync_outlets(sources.outlet)
        run_id = store.start_run("crawl", file_digest(folder.sources_file))
        ledger = Ledger(store, run_id)
        ledger.frontier.adopt(sources.outlet_of)
        reconsidered = ledger.frontier.reconsider(term for group in study.topic.values() for term in group)
        status, message = "failed", f"{STOPPED} by an error"
        try:
            with WarcWriter(folder.captures, run_id) as writer, ExtractionPool() as pool:
                taken = take_up(store, ledger, sources, study, pool)
                spider, reason = _run_scrapy(
                    settings,
                    study=study,
                    sources=sources,
                    outlets=chosen,
                    ledger=ledger,
                    writer=writer,
                    pool=pool,
                    on_progress=on_progress,
                )
            failed = spider.run.failed_outlets()
            if reason == "finished":
                status = "failed" if len(failed) == len(chosen) else "partial" if failed else "ok"
                message = "; ".join(f"{name}: {why}" for name, why in sorted(failed.items()))
            elif spider.broken is not None:
                message = f"{STOPPED}: {spider.broken}"
                raise spider.broken
            else:
                status, message = "interrupted", f"{STOPPED} by hand; the next run goes on"
                raise KeyboardInterrupt
        finally:
            ledger.end(status, message)
    done = spider.run
    return CrawlResult(
        run_id,
        len(chosen),
        dict(done.progress.outcomes),
        failed,
        done.gaps,
        taken,
        done.unlisted,
        reconsidered,
    )


def _run_scrapy(settings: dict[str, object], **parts: object) -> tuple[CoverageSpider, str]:
    """Run the spider to its end; gives it and Scrapy's reason for the end."""
    process = AsyncCrawlerProcess(settings)
    # After Scrapy has set them as it likes. What they tell of requests stands in the ledger; unformatted, it
    # costs less as well.
    for noisy in ("scrapy", "twisted", "asyncio"):
        logging.getLogger(noisy).setLevel(logging.CRITICAL + 1)
    crawler: Crawler = process.create_crawler(CoverageSpider)
    task = process.crawl(crawler, **parts)
    process.start()
    if crawler.spider is None or crawler.stats is None:
        task.result()  # raises what kept Scrapy from beginning
        raise RuntimeError("Scrapy did not begin")
    return crawler.spider, str(crawler.stats.get_value("finish_reason"))  # type: ignore[return-value]
