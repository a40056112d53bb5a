"""Tells the error pages that a host shows with status 200: by a probe, a URL of it that cannot exist."""

import re
from collections import Counter
from hashlib import sha256
from urllib.parse import urlsplit

from gossi.crawler.extraction.article import Extracted
from gossi.crawler.outcomes import Outcome

_PROBE = "/gossi-coverage-probe-"

_OWN_WORDS = 20
"""Words that an error page may have of its own: of the URL asked, a time, a number. An article has more."""

_TITLE = re.compile(rb"<title[^<>]{0,200}>", re.IGNORECASE)
_TITLE_END = re.compile(rb"</title", re.IGNORECASE)
# Where titles are sought, and how long they may be: real ones begin in the first 100 KB, styles included.
_TITLE_REACH, _TITLE_BYTES = 300_000, 2000
_TAG = re.compile(rb"<[^<>]*>")


def probe_path(outlet_id: str) -> str:
    """A path that no outlet has; what it answers tells its error page from an article."""
    return f"{_PROBE}{sha256(outlet_id.encode()).hexdigest()[:12]}"


def is_probe(url: str) -> bool:
    """Whether a captured URL is a probe."""
    return urlsplit(url).path.startswith(_PROBE)


def is_wall(probe: Extracted) -> bool:
    """Whether a probe met a wall: then articles behind it look the same, and that says nothing of them."""
    return Outcome.of_text(probe.observability).is_wall


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
