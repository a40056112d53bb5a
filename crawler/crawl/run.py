"""One run of the crawl: what all its parts work with, and how they note what came of their questions."""

from collections.abc import Callable
from datetime import datetime
from typing import Any
from urllib.parse import urlsplit

from gossi.crawler.capture.captured import Page
from gossi.crawler.capture.warc import Kept
from gossi.crawler.crawl.asking import Ask, Extract, Question, Unanswered
from gossi.crawler.crawl.listing_reader import ReadSitemap, read_here
from gossi.crawler.crawl.outlet_state import OutletState
from gossi.crawler.crawl.patience import Patience
from gossi.crawler.crawl.progress import Progress
from gossi.crawler.crawl.room import Room
from gossi.crawler.crawl.shared_servers import OneByOne
from gossi.crawler.discovery.url_words import UrlWords
from gossi.crawler.outcomes import Outcome
from gossi.crawler.store.ledger import Ledger
from gossi.crawler.study.sources import Outlet, Sources, Study

# Places that are named where a service did not answer for many.
_NAMED = 5

EVERY_OUTLET = "*"
"""Stands for the outlet where a request is made for all of them at once; no id can be so written."""


class Run:
    """What every part of the crawl works with.

    `ask` asks a server of one outlet, `ask_shared` one that all share. `unlisted` are the hosts of pages that
    were found, but whose outlet is not in sources.toml.
    """

    def __init__(  # noqa: PLR0913 - what a run has at hand
        self,
        *,
        study: Study,
        sources: Sources,
        outlets: list[Outlet],
        ledger: Ledger,
        ask: Ask,
        extract: Extract,
        read_sitemap: ReadSitemap = read_here,
        on_progress: Callable[[Progress], None] = lambda progress: None,
    ) -> None:
        self.study = study
        self.words = UrlWords(study)
        self.sources = sources
        self.ledger = ledger
        self._gaps: list[str] = []
        self.patience = Patience(ask, study, {outlet.id: outlet for outlet in outlets}, self.gap)
        self.ask = self.patience.ask
        self.ask_shared = OneByOne(self.patience.ask).ask
        self.extract = extract
        self.read_sitemap = read_sitemap
        self.room = Room()
        self.states = {outlet.id: OutletState(outlet) for outlet in outlets}
        self.progress = Progress(len(outlets))
        self.unlisted: list[str] = []
        self._on_progress = on_progress
        self._unanswered: dict[tuple[str, str], list[str]] = {}

    @property
    def gaps(self) -> list[str]:
        """What this run cannot have seen, a line each."""
        return [
            *self._gaps,
            *(
                f"{server}: {why} ({_requests(places)})"
                for (server, why), places in sorted(self._unanswered.items())
            ),
        ]

    def gap(self, line: str) -> None:
        """Note something that may have been missed."""
        self._gaps.append(line)

    def unanswered(self, question: Question, outcome: Outcome, why: str) -> None:
        """Note that a shared server did not answer, or not to its end; the run goes on without."""
        if outcome is Outcome.ROBOTS:
            why = f"{why}; services are not asked against their robots.txt either, see docs/sources.md"
        place = "" if question.about == question.asked else question.about
        self._unanswered.setdefault((urlsplit(question.url).netloc, why), []).append(place)

    def note(
        self, question: Question, outcome: Outcome, detail: str, page: Page | None = None, gap: str = ""
    ) -> None:
        """Note what came of a question that is not for a page; `gap` says why something may be missed by it.

        What was not read at all is a gap in itself.
        """
        self._note(outcome, detail, gap, row(question, page))

    def note_unanswered(self, question: Question, failure: Unanswered) -> None:
        """Note that nothing came of a question that is not for a page."""
        self._note(failure.outcome, failure.detail, "", row(question, kept=failure.kept))

    def _note(self, outcome: Outcome, detail: str, gap: str, columns: dict[str, Any]) -> None:
        self.progress.outcomes[outcome.value] += 1
        if outcome not in {Outcome.LISTING, Outcome.NOT_MODIFIED} and columns["kind"] != "probe":
            gap = detail
        self.ledger.attempt(outcome=outcome, detail=detail, gap=gap or None, **columns)

    def note_left(self, outlet_id: str, url: str, kind: str, detail: str) -> None:
        """Note what was not asked for, and why."""
        self.note(Question(url, outlet_id, kind), Outcome.LIMIT, detail)

    def leave_pages(self, outlet: Outlet, left: int, why: str) -> None:
        """Note that pages of an outlet are left for the next run: a gap, and each of them `limit`.

        `why` is "" where there are more than the study asks for.
        """
        why = why or f"max_pages is {self.study.crawl.max_pages} (sources.toml, [study.crawl])"
        told = f"{left} pages left for the next run: {why}"
        home = f"http://{outlet.domain}/"
        self.gap(f"{home}: {told}")
        self._note(Outcome.LIMIT, told, told, row(Question(home, outlet.id, "pages")))

    def note_robots(self, question: Question, page: Page | None, refusal: str) -> None:
        """Note how a robots.txt answered."""
        outcome = Outcome.ROBOTS if refusal else Outcome.LISTING
        self.ledger.attempt(outcome=outcome, detail=refusal, **row(question, page))

    def outlet_done(self) -> None:
        """Count an outlet of which everything was asked."""
        self.progress.outlets_done += 1
        self.show_progress()

    def show_progress(self) -> None:
        """Tell the caller's hook how far the run is."""
        self._on_progress(self.progress)

    def failed_outlets(self) -> dict[str, str]:
        """The outlets of which nothing could be learnt, each with why."""
        return {name: state.failure for name, state in self.states.items() if state.failure}


def _requests(places: list[str]) -> str:
    """How many requests these are, and about which places, as far as each is about one."""
    count = f"{len(places)} request{'s' if len(places) > 1 else ''}"
    named = list(dict.fromkeys(filter(None, places)))
    more = f" and {len(named) - _NAMED} more" if len(named) > _NAMED else ""
    return f"{count}: {', '.join(named[:_NAMED])}{more}" if named else count


def row(
    question: Question, page: Page | None = None, *, kept: Kept | None = None, via: str = "live"
) -> dict[str, Any]:
    """The columns of an attempt that the question and its answer, if there was one, tell."""
    captured: tuple[datetime | None, str | None, int | None] = (None, None, None)
    if page is not None:
        captured = page.fetched_at, page.warc_file, page.offset
    elif kept is not None:
        captured = kept.fetched_at, kept.warc_file, kept.warc_offset
    fetched_at, warc_file, warc_offset = captured
    return {
        "outlet_id": question.outlet_id,
        "kind": question.kind,
        "url": question.asked,
        "final_url": None if page is None else page.url,
        "http_status": None if page is None else page.status,
        "fetched_at": fetched_at,
        "via": via,
        "warc_file": warc_file,
        "warc_offset": warc_offset,
        "digest": None if page is None else page.digest,
    }
