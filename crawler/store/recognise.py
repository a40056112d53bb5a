"""Decides which article a page is of, and whether it adds anything to what is known of it."""

from datetime import datetime
from enum import Enum, auto
from typing import NamedTuple

from gossi.crawler.extraction.article import Extracted
from gossi.crawler.store.known_articles import OF_THE_ARTICLE, Known, KnownTexts, digest_of
from gossi.crawler.web.canonical import canonical_url, may_name_one


class Look(NamedTuple):
    """An article's page as it was seen at a time. `own` is the name that its address alone gives it."""

    page: Extracted
    outlet_id: str
    url: str
    seen_at: datetime
    digest: str
    own: str

    @classmethod
    def at(cls, page: Extracted, outlet_id: str, url: str, seen_at: datetime) -> "Look":
        """A look at a page."""
        digest = digest_of(page.headline, page.text)
        return cls(page, outlet_id, url, seen_at, digest, canonical_url(page.url))


class Adds(Enum):
    """What a page adds."""

    NOTHING = auto()
    TWIN = auto()  # another text of the article, which stands elsewhere: nothing that is kept
    VERSION = auto()


class Recognised(NamedTuple):
    """The name of a page's article, what is known of it, and what the page adds to that."""

    name: str
    known: Known | None
    adds: Adds


def recognise(texts: KnownTexts, look: Look) -> Recognised:
    """Find the article of a page, and what the page adds.

    Where the page gives another name than a known article's, the text decides: the same headline and text
    are the same article, under two sections say.
    """
    name, known = _article_of(texts, look)
    if known is None:
        same = texts.with_text(look.outlet_id, look.digest) if look.page.observability == "full" else None
        return Recognised(name, same, Adds.VERSION if same is None else Adds.NOTHING)
    if _is_seen(look, known):
        return Recognised(name, known, Adds.NOTHING)
    adds_none = _stands_elsewhere(texts, look, known) and not _tells_more(look, known)
    return Recognised(name, known, Adds.TWIN if adds_none else Adds.VERSION)


def _article_of(texts: KnownTexts, look: Look) -> tuple[str, Known | None]:
    """The name of a page's article, and the article if it is known.

    A URL that is asked again leads to the article that it led to, whatever the page calls itself now: outlets
    edit headlines, and addresses with them. Else the page's word counts. Either way a text that is clearly
    another article's is not taken for one of this article, but goes by the page's own address: faulty
    templates call all pages by one, and a page of the latest news shows another article each day.
    """
    page, url = look.page, look.url
    before = texts.led_to(look.outlet_id, url) or texts.at(look.outlet_id, look.own)
    named = texts.at(look.outlet_id, page.canonical_url)
    if before is not None:
        same = named is not None and named.article_id == before.article_id
        if same and before.url == url and may_name_one(url):
            return before.name, before
        # Where a wall stood before, it is the page that says which article this is, if that one is known.
        certain = same or named is None or texts.text_of(before) is not None
        if certain and not texts.is_anothers(before, page, look.digest):
            return before.name, before
    for name in (page.canonical_url, look.own, page.url, url):
        known = texts.at(look.outlet_id, name)
        if known is None or not texts.is_anothers(known, page, look.digest):
            return (name if known is None else known.name), known
    # Every address that there is led to other articles before.
    return f"{url}#{look.digest[:12]}", None


def _is_seen(look: Look, known: Known) -> bool:
    """Whether a text is the newest one, or an older one that a twin or an archive has kept."""
    if look.digest == known.digest:
        return True
    return look.digest in known.earlier and (look.seen_at <= known.seen_at or look.url != known.url)


def _stands_elsewhere(texts: KnownTexts, look: Look, known: Known) -> bool:
    """Whether another URL than this one shows the article."""
    if look.url == known.url:
        return False
    there = texts.led_to(look.outlet_id, known.url)
    return there is None or there.article_id == known.article_id


def _tells_more(look: Look, known: Known) -> bool:
    """Whether a page at another address has more of an article than what is known.

    A whole text tells more than a teaser or a wall, and never the other way round; and of two alike the
    longer one at the article's own address more than its twin's.
    """
    page = look.page
    if page.observability != known.observability:
        is_walled = known.observability not in OF_THE_ARTICLE
        return page.observability == "full" and (is_walled or page.words > known.words)
    return look.own == known.name and not known.at_its_name and page.words > known.words
