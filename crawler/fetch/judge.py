"""Says what a response is, before and after extraction."""

import re
from collections import Counter
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from hashlib import sha256
from urllib.parse import urlsplit

from crawler.capture.answer import CUT
from crawler.capture.page import Page
from crawler.characters import UTF16_MARKS, is_noise
from crawler.discovery.candidate import Hint
from crawler.extraction.article import Extracted
from crawler.extraction.bare import is_bare
from crawler.extraction.dates import choose_published
from crawler.identity import is_front_page
from crawler.outcomes import Outcome
from crawler.study import Study, Window
from crawler.topic import TopicGate

_TITLE = re.compile(rb"<title[^<>]{0,200}>", re.IGNORECASE)
_TITLE_END = re.compile(rb"</title", re.IGNORECASE)
# Where titles are sought, and how long they may be: real ones begin in the first 100 KB, styles included.
_TITLE_REACH, _TITLE_BYTES = 300_000, 2000
_MARKUP = re.compile(
    rb"<\s*(?:!doctype\s+html|html|head|body|title|meta|div|p|article|table)\b", re.IGNORECASE
)
# What a feed or sitemap begins with; a feed may quote HTML early. Atomic groups: comments one after another
# would else be divided among the repetitions in all possible ways, 2 to the power of their number.
_LISTING = re.compile(
    rb"(?:\xef\xbb\xbf)?\s*+(?:(?><\?.*?\?>|<!--.*?-->)\s*+)*+<(?:rss|feed|rdf:rdf|urlset|sitemapindex)\b",
    re.IGNORECASE | re.DOTALL,
)
# Where a page says it is HTML in its head, it says so early.
_HEAD_BYTES = 4096

RETRIED = frozenset(
    {Outcome.SERVER_ERROR, Outcome.UNREACHABLE, Outcome.TIMEOUT, Outcome.REFUSED, Outcome.ROBOTS}
    | {Outcome.BOT_WALL, Outcome.CONSENT_WALL, Outcome.EXTRACTION_FAILED}
)
"""Outcomes that may be another the next time: asked again by the next run."""

NOBODY_ASKED = "HTTP 304, though nobody asked whether it had changed"
"""What is said of an answer of which nothing can be known."""

_PATIENCE = 3
"""Failures after which a page is asked for once a week only: who refuses thrice means it."""


_WALL_PAUSE = timedelta(hours=1)
"""How long a page behind a wall is left alone: who asks again at once, as after a kill, meets it again."""


@dataclass(frozen=True)
class Answer:
    """A response as judged: `body` decoded from its content encoding, `charset` from the header or None.

    `torn` says why the body is known not to be whole, "" where nothing says so.
    """

    asked: str
    final: str
    status: int
    content_type: str
    charset: str | None
    body: bytes
    torn: str = ""

    @classmethod
    def of(cls, asked: str, page: Page) -> "Answer":
        """What a page answered that was asked for under that URL."""
        return cls(asked, page.url, page.status, page.content_type, page.charset, page.body, page.torn)


class Judge:
    """Judges pages by a study's topic and window; crawl and import alike."""

    def __init__(self, study: Study) -> None:
        self._gate = TopicGate(study.topic)
        self._window = study.window

    def before_extraction(self, answer: Answer, probe: bytes | None = None) -> tuple[Outcome, str] | None:
        """The outcome of a page that needs no extraction, with a word on it; None for one to be extracted."""
        if decided := by_status(answer.status):
            return decided
        if answer.torn:
            return (Outcome.TOO_LARGE if answer.torn == CUT else Outcome.UNREACHABLE), answer.torn
        if not is_html(answer.content_type, answer.body):
            return Outcome.NOT_HTML, answer.content_type
        if leads_home(answer.asked, answer.final):
            return Outcome.REDIRECT_HOME, answer.final
        if probe is not None and looks_like(answer.body, probe):
            return Outcome.SOFT_404, "as for a URL that cannot exist"
        # What stands in an article's place need not name what the article is about.
        if not self._gate.names_topic(answer.body, answer.charset) and not is_bare(answer.body):
            return Outcome.OFF_TOPIC, ""
        return None

    def after_extraction(self, page: Extracted, hint: Hint) -> tuple[Outcome, str, Extracted | None]:
        """The outcome of an extracted page, a word on it, and the article to be taken in, if it is one."""
        if not (page.headline or page.text):
            # The bytes name the topic; whether the article does, nobody knows.
            outcome = OBSERVED.get(page.observability, page.observability)
            return Outcome(outcome), page.detail, None
        if not self._gate.names_topic_text(page.headline, page.text):
            if page.observability == "full":
                return Outcome.OFF_TOPIC, "not named in its headline or text", None
            # A piece of an article, or what stands in its place, says nothing of what the rest is about.
            return Outcome(page.observability), page.detail, None
        moment = choose_published(page.page_dates, hint.published, hint.precision, hint.source)
        dated = replace(page, published=None, published_precision="unknown", published_source="none")
        if moment is not None:
            if not in_window(moment.value, self._window):
                return Outcome.OUT_OF_WINDOW, f"published {moment.value:%Y-%m-%d}", None
            dated = replace(
                page,
                published=moment.value,
                published_precision=moment.precision,
                published_source=moment.source,
            )
        return Outcome(OBSERVED.get(page.observability, page.observability)), "", dated


OBSERVED = {"full": Outcome.ON_TOPIC}
"""Observability of a text as an outcome, where their words differ."""


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


def is_html(content_type: str, body: bytes) -> bool:
    """Whether a body is a page: what it holds decides, the header only where that is not plain."""
    head = body[:_HEAD_BYTES]
    if head.startswith(UTF16_MARKS):
        head = head.replace(b"\0", b"")
    if is_noise(body) or _LISTING.match(head):
        return False
    if _MARKUP.search(head):
        return True
    return "html" in content_type.lower() and b"<" in body and b"\0" not in head


def leads_home(asked: str, final: str) -> bool:
    """Whether an article's URL ended at the front page, or at that of a language."""
    return asked != final and is_front_page(final) and not is_front_page(asked)


_OWN_WORDS = 20
"""Words that an error page may have of its own: of the URL asked, a time, a number. An article has more."""

_TAG = re.compile(rb"<[^<>]*>")

_PROBE = "/gossi-coverage-probe-"


def probe_path(outlet_id: str) -> str:
    """A path that no outlet has; what it answers tells its error page from an article."""
    return f"{_PROBE}{sha256(outlet_id.encode()).hexdigest()[:12]}"


def is_probe(url: str) -> bool:
    """Whether a captured URL is a probe."""
    return urlsplit(url).path.startswith(_PROBE)


def is_wall(probe: Extracted) -> bool:
    """Whether a probe met a wall: then articles behind it look the same, and that says nothing of them."""
    return probe.observability in {Outcome.BOT_WALL, Outcome.CONSENT_WALL}


def looks_like(body: bytes, probe: bytes) -> bool:
    """Whether a page is the one that the outlet shows for a URL that does not exist.

    The same title, nearly the same length, and hardly a word that the other has not: the URL asked may be
    printed in it. Where all pages have one title, a short article differs in its words.
    """
    title = _title(body)
    if title is None or title != _title(probe):
        return False
    if abs(len(body) - len(probe)) > max(200, len(probe) // 50):
        return False
    return (Counter(_words(body)) - Counter(_words(probe))).total() <= _OWN_WORDS


def _title(html: bytes) -> bytes | None:
    opening = _TITLE.search(html, 0, _TITLE_REACH)
    if opening is None:
        return None
    end = _TITLE_END.search(html, opening.end(), opening.end() + _TITLE_BYTES)
    return html[opening.end() : end.start()].strip() if end else None


def _words(html: bytes) -> list[bytes]:
    return _TAG.sub(b" ", html).split()


def in_window(published: datetime, window: Window) -> bool:
    """Whether a publication time lies in the study's window."""
    return window.first <= published.date() <= window.last


def retry_at(now: datetime, attempts: int, outcome: Outcome) -> datetime:
    """When to ask again after what may pass: the next run; after three attempts, a week later."""
    if attempts >= _PATIENCE:
        return now + timedelta(days=7)
    return now + _WALL_PAUSE if outcome in {Outcome.BOT_WALL, Outcome.CONSENT_WALL} else now


def next_visit(published: datetime | None, now: datetime) -> datetime | None:
    """When to look whether an article was changed: soon while it is young, never after a month.

    Edits come early: most versions of a news article appear on its first day (NewsEdits, arXiv 2104.09647).
    """
    if published is None:
        return None
    age = now - published
    if age < timedelta(days=1):
        return now + timedelta(hours=3)
    if age < timedelta(days=7):
        return now + timedelta(days=1)
    if age < timedelta(days=31):
        return now + timedelta(days=7)
    return None
