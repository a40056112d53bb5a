"""One crawl of a study, from its outlets to the store."""

import logging
from collections.abc import Callable, Sequence

from scrapy.crawler import AsyncCrawlerProcess, Crawler

from gossi.crawler.capture.warc import WarcWriter
from gossi.crawler.crawl.progress import Progress
from gossi.crawler.crawl.result import CrawlResult
from gossi.crawler.crawl.resume import take_up
from gossi.crawler.crawl.settings import scrapy_settings
from gossi.crawler.crawl.spider import CoverageSpider
from gossi.crawler.errors import UsageError
from gossi.crawler.extraction.pool import ExtractionPool
from gossi.crawler.stopping import Stopped
from gossi.crawler.store.follow import follow
from gossi.crawler.store.ledger import Ledger
from gossi.crawler.store.store import STOPPED, Store, told_of_the_machine
from gossi.crawler.study.sources import Outlet, Sources, StudyFolder, Window, file_digest


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
        changes = follow(store, sources)
        run_id = store.start_run("crawl", file_digest(folder.sources_file))
        ledger = Ledger(store, run_id)
        ledger.frontier.adopt(sources.outlet_of)
        ledger.frontier.mend_clock()
        reconsidered = ledger.frontier.reconsider(study.topic)
        status, message, stopped = "failed", f"{STOPPED} by an error", True
        try:
            with WarcWriter(folder.captures, run_id) as writer, ExtractionPool() as pool:
                taken = take_up(store, ledger, sources, study, pool)
                spider = run_scrapy(
                    settings,
                    study=study,
                    sources=sources,
                    outlets=chosen,
                    ledger=ledger,
                    writer=writer,
                    pool=pool,
                    on_progress=on_progress,
                )
                if spider.broken is not None:
                    # Raised here, so that nobody waits for the pages at hand.
                    message = f"{STOPPED}: {spider.broken}"
                    if isinstance(spider.broken, Stopped):
                        status, message = "interrupted", f"{STOPPED} by hand; the next run goes on"
                    raise spider.broken
            done = spider.run
            result = CrawlResult(
                run_id,
                len(chosen),
                dict(done.progress.outcomes),
                done.failed_outlets(),
                done.gaps,
                taken,
                done.unlisted,
                reconsidered,
                changes,
            )
            stopped = False
            status, message = {0: "ok", 2: "failed", 3: "partial"}[result.exit_code], result.message
        finally:
            ledger.end(status, message, stopped=stopped)
    return result


def run_scrapy(settings: dict[str, object], **parts: object) -> CoverageSpider:
    """Run the spider to its end; signals are its own to answer."""
    process = AsyncCrawlerProcess(settings)
    # After Scrapy has set them as it likes. What they tell of requests stands in the ledger; unformatted, it
    # costs less as well.
    for noisy in ("scrapy", "twisted", "asyncio"):
        logging.getLogger(noisy).setLevel(logging.CRITICAL + 1)
    crawler: Crawler = process.create_crawler(CoverageSpider)
    task = process.crawl(crawler, **parts)
    process.start(install_signal_handlers=False)
    if crawler.spider is None:
        task.result()  # raises what kept Scrapy from beginning
        raise RuntimeError("Scrapy did not begin")
    return crawler.spider  # type: ignore[return-value]
