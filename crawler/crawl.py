"""One crawl of a study, from its outlets to the store."""

import logging
from collections.abc import Callable, Sequence
from dataclasses import dataclass

from scrapy.crawler import AsyncCrawlerProcess

from crawler.capture.warc import WarcWriter
from crawler.errors import UsageError
from crawler.extraction.pool import ExtractionPool
from crawler.fetch.settings import scrapy_settings
from crawler.fetch.spider import CoverageSpider, Progress
from crawler.store.ledger import Ledger
from crawler.store.store import Store
from crawler.study import Outlet, Sources, StudyFolder, Window, file_digest


@dataclass(frozen=True)
class CrawlResult:
    """What came of a crawl. `failed` are the outlets that answered nothing, each with why."""

    run_id: int
    outlets: int
    outcomes: dict[str, int]
    failed: dict[str, str]

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

    Raises:
        ConfigError, UsageError, StoreError: nothing was begun.
    """
    sources = folder.sources()
    study = sources.study if window is None else sources.study.model_copy(update={"window": window})
    settings = scrapy_settings(study)
    chosen = chosen_outlets(sources, outlets)
    for noisy in ("scrapy", "twisted", "trafilatura", "asyncio"):
        logging.getLogger(noisy).setLevel(logging.CRITICAL)
    with Store(folder) as store:
        store.sync_outlets(sources.outlet)
        run_id = store.start_run("crawl", file_digest(folder.sources_file))
        ledger = Ledger(store, run_id)
        status, message = "failed", "the crawl ended early"
        spider: CoverageSpider | None = None
        try:
            with WarcWriter(folder.captures, run_id) as writer, ExtractionPool() as pool:
                process = AsyncCrawlerProcess(settings, install_root_handler=False)
                crawler = process.create_crawler(CoverageSpider)
                process.crawl(
                    crawler,
                    study=study,
                    outlets=chosen,
                    ledger=ledger,
                    writer=writer,
                    pool=pool,
                    on_progress=on_progress,
                )
                process.start()
                spider = crawler.spider  # type: ignore[assignment]
                reason = crawler.stats.get_value("finish_reason") if crawler.stats else None
            failed = {} if spider is None else spider.failed_outlets()
            if reason != "finished":
                status, message = "interrupted", f"stopped before the end ({reason})"
            else:
                status = "failed" if len(failed) == len(chosen) else "partial" if failed else "ok"
                message = "; ".join(f"{name}: {why}" for name, why in sorted(failed.items()))
        finally:
            ledger.close()
            store.end_run(run_id, status, message)
    return CrawlResult(run_id, len(chosen), dict(spider.progress.outcomes) if spider else {}, failed)
