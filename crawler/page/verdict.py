"""The one way of a captured page: from what was answered to its outcome and its article.

Crawl, resuming, import, `gossi extract` and bulk reading all go it. `Judge.hear` takes a capture and gives a
`Case`: an archive's answer is unwrapped, and what needs no extraction is decided. What is left is handed to
an extractor, in this process or another, and `Case.decide` makes the verdict of its text. Nothing here waits,
reads a file or asks the network.
"""

from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import date, datetime
from typing import TypeVar
from urllib.parse import urlsplit

from gossi.crawler.capture.answer import CUT
from gossi.crawler.capture.captured import Page
from gossi.crawler.discovery.archived import PUBLIC, Services, original, original_url, search_of, via
from gossi.crawler.discovery.candidate import Hint
from gossi.crawler.errors import InputError
from gossi.crawler.extraction.article import Extracted
from gossi.crawler.extraction.dates.published import choose_published
from gossi.crawler.extraction.whole.bare import is_bare
from gossi.crawler.outcomes import Outcome
from gossi.crawler.page.gate import TopicGate
from gossi.crawler.page.soft_404 import is_probe, looks_like
from gossi.crawler.study.sources import Study, Window
from gossi.crawler.web.canonical import is_front_page
from gossi.crawler.web.urls import host_of

T = TypeVar("T")

NOBODY_ASKED = "HTTP 304, though nobody asked whether it had changed"
"""What is said of an answer of which nothing can be known."""

NO_HINT = Hint()
"""Where no listing says when a page was published."""


@dataclass(frozen=True)
class Verdict:
    """What came of a page: its outcome, a word on it, and the article to be taken in, if it is one.

    `out_of_window_on` is its day of publication where it is out of the study's window by it.
    """

    outcome: Outcome
    detail: str = ""
    article: Extracted | None = None
    out_of_window_on: date | None = None


class Judge:
    """Judges captured pages by a study's topic and window.

    Args:
        study: without one every page is taken, whatever its topic and date, and archives are known by their
            public addresses.
    """

    def __init__(self, study: Study | None) -> None:
        self._services: Services = study or PUBLIC
        self._gate = TopicGate(study.topic) if study else None
        self._window = study.window if study else None

    def kind(self, captured: Page, asked: str) -> str:
        """What a capture is: a "page", or what stands beside pages and is not to be judged as one.

        That is the "step" of a redirect, a "probe", a "robots" file, or the answer to a search of the service
        that is named ("wayback", "commoncrawl", "gdelt").
        """
        if search := search_of(self._services, captured.url):
            return search
        if captured.leads_to:
            return "step"
        if is_probe(asked):
            return "probe"
        return "robots" if urlsplit(asked).path == "/robots.txt" else "page"

    def hear(
        self,
        captured: Page,
        asked: str,
        *,
        archived: str | None = None,
        if_changed: bool = True,
        error_page: Callable[[str], bytes | None] = lambda host: None,
    ) -> "Case":
        """Take up a captured page, and decide what can be decided by its answer alone.

        Args:
            captured: the page as it was captured, of its own server or in an archive's answer.
            asked: the URL under which the page, or an archive's copy of it, was asked for.
            archived: where discovery said that an archive has it, if it did.
            if_changed: whether it may have been asked for only if it had changed.
            error_page: gives by a host ("news.example:8080") what it shows for a URL that cannot exist, if
                that is known.
        """
        if via(self._services, asked) == "commoncrawl":
            asked = ""  # a place in a file of theirs says of no page that it was asked for
        asked = original_url(self._services, asked)
        try:
            page = original(self._services, captured, archived)
            decided = self._by_answer(page, asked or page.url, if_changed=if_changed, error_page=error_page)
        except InputError as error:
            decided, page = Verdict(Outcome.EXTRACTION_FAILED, str(error)), captured
        except Exception as error:  # noqa: BLE001 - a fault of ours costs the page that shows it, not all runs
            decided, page = Verdict(Outcome.EXTRACTION_FAILED, _fault(error)), captured
        return Case(self, page, asked or page.url, via(self._services, captured.url), decided)

    def _by_answer(
        self, page: Page, asked: str, *, if_changed: bool, error_page: Callable[[str], bytes | None]
    ) -> Verdict | None:
        if page.status == 304 and not if_changed:
            return Verdict(Outcome.SERVER_ERROR, NOBODY_ASKED)
        if decided := by_status(page.status):
            return Verdict(*decided)
        if page.torn:
            return Verdict(Outcome.TOO_LARGE if page.torn == CUT else Outcome.UNREACHABLE, page.torn)
        if not page.is_html:
            return Verdict(Outcome.NOT_HTML, page.content_type)
        if leads_home(asked, page.url):
            return Verdict(Outcome.REDIRECT_HOME, page.url)
        missing = error_page(host_of(page.url))
        if missing is not None and looks_like(page.body, missing):
            return Verdict(Outcome.SOFT_404, "as for a URL that cannot exist")
        # What stands in an article's place need not name what the article is about.
        if self._gate and not self._gate.names_topic(page.body, page.charset) and not is_bare(page.body):
            return Verdict(Outcome.OFF_TOPIC)
        return None

    def by_text(self, text: Extracted, hint: Hint = NO_HINT) -> Verdict:
        """The verdict on what extraction gave, or on an article that came as one.

        Args:
            text: the article.
            hint: what a listing says of its date.
        """
        if not (text.headline or text.text):
            # The bytes name the topic; whether the article does, nobody knows.
            return Verdict(Outcome.of_text(text.observability), text.detail)
        if self._gate and not self._gate.names_topic_text(text.headline, text.text):
            if text.observability == "full":
                return Verdict(Outcome.OFF_TOPIC, "not named in its headline or text")
            # A piece of an article, or what stands in its place, says nothing of what the rest is about.
            return Verdict(Outcome.of_text(text.observability), text.detail)
        dated = _dated(text, hint)
        if dated.published and self._window and not in_window(dated.published, self._window):
            day = dated.published.date()
            return Verdict(Outcome.OUT_OF_WINDOW, f"published {day}", out_of_window_on=day)
        return Verdict(Outcome.of_text(text.observability), "", dated)


@dataclass
class Case:
    """A captured page under judgement.

    `page` is the page itself, as if its own server had answered, `asked` the URL that it was asked for under.
    `archive` is which one answered instead ("wayback", "commoncrawl"), "live" for none. Where nothing is
    `decided`, its text is to be had first.
    """

    judge: Judge
    page: Page
    asked: str
    archive: str
    decided: Verdict | None

    @property
    def seen_at(self) -> datetime | None:
        """When an archive saw the page (UTC without a zone); None where its own server answered."""
        return None if self.archive == "live" else self.page.fetched_at

    def handed_to(self, extract: Callable[[bytes, str, str | None], T]) -> T:
        """What an extractor gives for the page's body, URL and charset; the body is let go of."""
        page, self.page = self.page, replace(self.page, body=b"")
        return extract(page.body, page.url, page.charset)

    def decide(self, text: Extracted, hint: Hint = NO_HINT) -> Verdict:
        """The verdict, now that the text is there; `hint` is what a listing says of its date."""
        try:
            return self.decided or self.judge.by_text(text, hint)
        except Exception as error:  # noqa: BLE001 - as in `hear`
            return Verdict(Outcome.EXTRACTION_FAILED, _fault(error))


def _fault(error: Exception) -> str:
    return f"a fault of this program: {type(error).__name__}: {error}"[:200]


def _dated(text: Extracted, hint: Hint) -> Extracted:
    """The article with the date that its page and its listing give together."""
    moment = choose_published(text.page_dates, hint.published, hint.precision, hint.source)
    if moment is None:
        return replace(text, published=None, published_precision="unknown", published_source="none")
    return replace(
        text,
        published=moment.value,
        published_precision=moment.precision,
        published_source=moment.source,
    )


def by_status(status: int) -> tuple[Outcome, str] | None:
    """The outcome that a status alone decides, or None for one whose body is to be read."""
    if 200 <= status < 300:
        return None
    word = f"HTTP {status}"
    if status == 304:
        return Outcome.NOT_MODIFIED, ""
    if status in {404, 410}:
        return Outcome.GONE, word
    if 300 <= status < 400:
        return Outcome.GONE, f"{word}: a redirect that leads nowhere"
    return (Outcome.REFUSED if status < 500 else Outcome.SERVER_ERROR), word


def leads_home(asked: str, final: str) -> bool:
    """Whether an article's URL ended at the front page, or at that of a language."""
    return asked != final and is_front_page(final) and not is_front_page(asked)


def in_window(published: datetime, window: Window) -> bool:
    """Whether a publication time lies in the study's window."""
    return window.first <= published.date() <= window.last
