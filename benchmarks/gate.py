"""What the topic gate costs a page, against extraction: most pages of a news site pay for the gate only."""

from collections.abc import Iterable
from pathlib import Path

from benchmarks.figure import Figure, Inputs, cpu_ms
from benchmarks.news_site import news_page
from gossi.crawler.capture.read import read_pages
from gossi.crawler.extraction.extract import extract
from gossi.crawler.page.gate import TopicGate
from gossi.crawler.study.sources import StudyFolder

_PAGES = 40
"""Enough that one more changes the mean by less than the machine's own noise."""


def run(inputs: Inputs) -> Iterable[Figure]:
    """Gate and extraction on generated pages, and on real ones where they are at hand."""
    gate = TopicGate(StudyFolder(Path(__file__).parents[1]).sources().study.topic)
    made: list[tuple[bytes, str | None]] = [(news_page(n, on_topic=False), "utf-8") for n in range(_PAGES)]
    yield from _figures(gate, made, "generated")
    if inputs.real_pages:
        real = [(page.body, page.charset) for page in read_pages(inputs.real_pages)]
        yield from _figures(gate, real, "real")


def _figures(gate: TopicGate, pages: list[tuple[bytes, str | None]], kind: str) -> Iterable[Figure]:
    size = sum(len(html) for html, _ in pages) / len(pages) / 1000
    cost = cpu_ms(lambda n: gate.names_topic(*pages[n]), len(pages))
    yield Figure(f"gate, {kind} pages of {size:.0f} KB", cost, "ms CPU a page", most=1.0)
    whole = cpu_ms(lambda n: extract(pages[n][0], "https://courier.example/", pages[n][1]), len(pages))
    yield Figure(f"extraction, {kind} pages", whole, "ms CPU a page")
