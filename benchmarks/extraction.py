"""How fast articles are extracted, and how well: texts against the true ones of real pages.

The real pages are not part of the project. `--real-pages FILE.warc.gz` names a file of them, as the
article-extraction-benchmark of Scrapinghub publishes them; the true texts lie beside it in FILE.jsonl, a line
a page with `url` and `article_body`. Without it speed is measured on generated pages only.
"""

import json
import os
import time
from collections.abc import Iterable, Sequence
from pathlib import Path

import trafilatura

from benchmarks.figure import Figure, Inputs, SkippedError, cpu_ms
from benchmarks.news_site import news_page
from benchmarks.shingles import score
from gossi.crawler.capture.captured import Page
from gossi.crawler.capture.read import read_pages
from gossi.crawler.extraction.extract import extract
from gossi.crawler.extraction.pool import ExtractionPool
from gossi.crawler.imports.extract_files import extract_files

_PAGES = 200
"""Pages given to the pool: some seconds of work for it."""

_LEAST_F1 = 0.96
"""trafilatura's defaults give 0.957 on the 95 news pages of that benchmark."""


def run(inputs: Inputs) -> Iterable[Figure]:
    """Pages a second through the worker pool; on real pages the cost beside trafilatura's, and the F1."""
    pages = [news_page(n, on_topic=True) for n in range(_PAGES)]
    cores = len(os.sched_getaffinity(0))
    yield Figure(f"generated pages, {cores} workers", _per_second(pages), "pages a second")
    if not inputs.real_pages:
        raise SkippedError("quality, which needs real pages: see --real-pages")
    real = list(read_pages(inputs.real_pages))
    yield Figure("real pages, ours", _cost(real, ours=True), "ms CPU a page")
    yield Figure("real pages, trafilatura with headline and date", _cost(real, ours=False), "ms CPU a page")
    truth = _truth(inputs.real_pages.with_name(f"{inputs.real_pages.name.partition('.')[0]}.jsonl"))
    found = {str(line["url"]): line["text"] or "" for line in extract_files([inputs.real_pages])}
    result = score((text, found.get(url, "")) for url, text in truth.items())
    yield Figure(f"F1 on {len(truth)} real pages", result.f1, "", least=_LEAST_F1)
    yield Figure("its precision", result.precision, "")
    yield Figure("its recall", result.recall, "")


def _per_second(pages: Sequence[bytes]) -> float:
    with ExtractionPool() as pool:
        # The first pages wait until the workers have loaded the parsers.
        for future in [pool.submit(page, "https://courier.example/") for page in pages[:8]]:
            future.result()
        begin = time.perf_counter()
        for future in [pool.submit(page, "https://courier.example/") for page in pages]:
            future.result()
        return len(pages) / (time.perf_counter() - begin)


def _cost(pages: Sequence[Page], *, ours: bool) -> float:
    def work(number: int) -> object:
        page = pages[number]
        if ours:
            return extract(page.body, page.url, page.charset)
        return trafilatura.bare_extraction(page.body, url=page.url, with_metadata=True)

    return cpu_ms(work, len(pages))


def _truth(path: Path) -> dict[str, str]:
    """URL → true text."""
    if not path.is_file():
        raise SkippedError(f"quality, which needs true texts in {path}")
    with path.open(encoding="utf-8") as lines:
        return {row["url"]: row["article_body"] for row in map(json.loads, lines)}
