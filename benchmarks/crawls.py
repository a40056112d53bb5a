"""The two crawls that `throughput` compares, each run in a process of its own.

`python -m benchmarks.crawls bare` asks for the URLs on standard input with Scrapy alone;
`python -m benchmarks.crawls study DIR` crawls a study. Both print how many pages they got.
"""

import sys
from multiprocessing import forkserver
from pathlib import Path
from typing import Any

from scrapy import Spider
from scrapy.crawler import AsyncCrawlerProcess
from scrapy.http import Response

from gossi.crawler.crawl.crawl import crawl
from gossi.crawler.study.sources import StudyFolder


class _BareSpider(Spider):
    """Scrapy as it comes, with a callback that does nothing."""

    name = "bare"

    def parse(self, response: Response, **_: Any) -> None:
        """Take the page and leave it."""


def _bare(urls: list[str]) -> int:
    process = AsyncCrawlerProcess({"LOG_ENABLED": False, "TELNETCONSOLE_ENABLED": False})
    crawler = process.create_crawler(_BareSpider)
    process.crawl(crawler, start_urls=urls)
    process.start()
    assert crawler.stats is not None  # noqa: S101 - a crawl that ended has them
    return int(crawler.stats.get_value("downloader/response_status_count/200", 0))


def _study(root: Path) -> int:
    outcomes = crawl(StudyFolder(root)).outcomes
    # The workers' time counts as this process's once the one they were forked from has been waited for. It
    # ends with this one; there is no public way to end it before.
    forkserver._forkserver._stop()  # type: ignore[attr-defined]
    return outcomes.get("on_topic", 0) + outcomes.get("off_topic", 0)


if __name__ == "__main__":
    pages = _bare(sys.stdin.read().split()) if sys.argv[1] == "bare" else _study(Path(sys.argv[2]))
    sys.stdout.write(str(pages))
