"""Renders an outlet's pages: its articles, front page, sections, and the addresses that lead nowhere."""

import gzip
from dataclasses import dataclass
from functools import cache, cached_property

from jinja2 import Environment, FileSystemLoader, StrictUndefined

from gossi.crawler.sample.addresses import article_at, origin, path_of, section_of
from gossi.crawler.sample.article_page import Teaser, article_page, teasers_of
from gossi.crawler.sample.articles import articles_of
from gossi.crawler.sample.listings import BOMB, CALENDAR, bomb, calendar, listings
from gossi.crawler.sample.model import FOLDER, Article, Odd, SampleOutlet, sample

_LANDING = 12
"""Headlines on a front page, as many as fit a screen or two."""

_LARGE = 50_000_000
"""Bytes: twenty-five times what the sample's study takes in."""

_BOMB = 60_000_000
"""Bytes that the packed page unpacks to; it is a thousandth of that."""

_REDIRECTS = {
    "redirect_home": "{origin}/",
    "redirect_loop": "{origin}{path}",
    # Where cloud providers keep the secrets of a machine.
    "leads_inside": "http://169.254.169.254/latest/meta-data/",
    "leads_to_file": "file:///etc/hostname",
    "leads_to_data": "data:text/html,<title>Gossi</title><p>Gossi",
    # Undone, this is the end of a line and a header more.
    "injects_header": "{origin}{path}%0D%0AX-Injected:%20yes",
}

_STATUS = {"gone_404": 404, "gone_410": 410, "soft_404": 200, "refused": 403, "server_error": 500}

_PAGES = Environment(
    loader=FileSystemLoader(FOLDER / "templates"), autoescape=True, undefined=StrictUndefined
)


@cache
def _bomb(page: bytes) -> bytes:
    return gzip.compress(page + bytes(_BOMB), mtime=0)


@cache
def _large(page: bytes) -> bytes:
    return page + b"<!-- Gossi -->" * (_LARGE // 14)


@dataclass(frozen=True)
class Answer:
    """What an address answers.

    Attributes:
        encoding: the content encoding that the body has already.
        packable: whether the server may pack it.
        drips: whether it comes a byte at a time and never ends.
    """

    body: bytes
    content_type: str = "text/html; charset=utf-8"
    status: int = 200
    location: str = ""
    encoding: str = ""
    packable: bool = True
    drips: bool = False


class Site:
    """An outlet's host. `answers` holds every address that it knows, with query, percent-encoded.

    `archived` are the pages that it had: it answers 404 for their addresses.
    """

    def __init__(self, outlet: SampleOutlet, base_port: int) -> None:
        self.outlet = outlet
        self.origin = origin(outlet.id, base_port)
        self.name = outlet.id
        self.words = sample().words[outlet.languages[0]]
        self.archived = {
            path_of(outlet, article): self._article(article)
            for article in articles_of(outlet.id)
            if article.case == "archived"
        }
        self.answers = self._answers()

    def answer(self, target: str) -> Answer:
        """The answer to a request for `target`; marks of campaigns in its query change nothing."""
        path, _, query = target.partition("?")
        if self.outlet.sitemap and self.outlet.sitemap.trap:
            if path.startswith(CALENDAR):
                return Answer(calendar(self.origin + path), "application/xml")
            if path == BOMB:
                return Answer(bomb(), "application/xml")
        kept = "&".join(part for part in query.split("&") if part and not part.startswith("utm_"))
        return self.answers.get(f"{path}?{kept}" if kept else path, self.missing)

    @cached_property
    def missing(self) -> Answer:
        """What an unknown address answers: most outlets say 404, one shows the same page with 200."""
        page = self._page("missing.html", teasers=self._teasers())
        return Answer(page.body, page.content_type, 200 if self.outlet.soft_404 else 404)

    def _answers(self) -> dict[str, Answer]:
        answers = {"/": self._page("listing.html", teasers=self._teasers(), section="")}
        for language in self.outlet.languages:
            for section in sample().words[language].sections:
                listing = self._page("listing.html", teasers=self._teasers(section), section=section)
                answers[f"/section/{section}"] = listing
        for article in articles_of(self.outlet.id):
            path = path_of(self.outlet, article)
            if path not in self.archived:
                answers[path] = self._article(article)
        for twin in self.outlet.twin:
            answers[twin.path] = self._article(article_at(self.outlet, twin.article), twin.canonical)
        for odd in self.outlet.odd:
            answers[odd.path] = self._odd(odd)
        for path, (content_type, body) in listings(self.outlet, self.origin).items():
            answers[path] = Answer(body, content_type)
        if self.outlet.robots == "error_503":
            answers["/robots.txt"] = Answer(b"Service Unavailable\n", "text/plain", 503)
        return answers

    def _article(self, article: Article, canonical: bool = True) -> Answer:
        template = "consent.html" if article.case == "consent_wall" else f"{self.outlet.id}.html"
        page = article_page(self.outlet, article, self.origin, canonical)
        return self._answer(_PAGES.get_template(template).render(p=page))

    def _odd(self, odd: Odd) -> Answer:
        if odd.kind == "moved":
            target = path_of(self.outlet, article_at(self.outlet, odd.target))
            return Answer(b"", status=301, location=self.origin + target)
        if odd.kind in _REDIRECTS:
            return Answer(
                b"", status=302, location=_REDIRECTS[odd.kind].format(origin=self.origin, path=odd.path)
            )
        if odd.kind == "not_html":
            return Answer(b"%PDF-1.4\n% Gossi: an annex without text\n%%EOF\n", "application/pdf")
        if odd.kind == "bot_wall":
            return self._page("bot_wall.html", path=odd.path)
        if odd.kind == "shell":
            return self._page("shell.html")
        page, content_type = self.missing.body, self.missing.content_type
        if odd.kind == "too_large":
            return Answer(_large(page), content_type, packable=False)
        if odd.kind == "gzip_bomb":
            return Answer(_bomb(page), content_type, encoding="gzip")
        if odd.kind == "slow_drip":
            return Answer(page, content_type, drips=True)
        return Answer(page, content_type, _STATUS[odd.kind])

    def _page(self, template: str, **more: object) -> Answer:
        return self._answer(
            _PAGES.get_template(template).render(
                outlet=self.outlet, words=self.words, language=self.outlet.languages[0], **more
            )
        )

    def _answer(self, html: str) -> Answer:
        # What the charset lacks becomes a character reference, as a content management system does it.
        body = html.encode(self.outlet.charset, errors="xmlcharrefreplace")
        if self.outlet.broken:
            body = body.replace(b"</p>", b"\0").replace(b"</body>", b"").replace(b"</html>", b"")
        said = self.outlet.header_charset or self.outlet.charset
        charset = f"; charset={said}" if self.outlet.charset_in_header else ""
        return Answer(body, f"text/html{charset}")

    def _teasers(self, section: str = "") -> list[Teaser]:
        articles = [a for a in articles_of(self.outlet.id) if not section or section_of(a) == section]
        return teasers_of(self.outlet, articles[:_LANDING], self.origin)
