"""Tells a page whose article is shown by scripts, from the data (JSON) that it brings for them.

Such a page shows a headline and a standfirst at the most, which would count as a news flash.
"""

import json
import re
from collections.abc import Collection, Iterator
from typing import Any

from lxml.html import HtmlElement

from gossi.crawler.extraction.linked_body import plain
from gossi.crawler.extraction.linked_data import MAX_SCRIPT

_BODY = re.compile(
    r"(?:article|story|post|full)?[-_]?(?:body|text|content|html)s?|blocks|paragraphs|content_?elements",
    re.IGNORECASE,
)
"""What the text of an article is called beside its headline."""

_DEEPEST = 12
"""Objects within one another that are looked at in what is called so."""


def body_in_state(tree: HtmlElement, headlines: Collection[str]) -> str:
    """The longest text beside one of the headlines in the data of the page's scripts; "" where none is."""
    own = {_letters(headline) for headline in headlines} - {""}
    found = [""]
    for script in tree.iter("script"):
        kind, text = (script.get("type") or "").strip().lower(), script.text or ""
        if kind != "application/json" or len(text) > MAX_SCRIPT:
            continue
        try:
            state = json.loads(text, strict=False)
        except (ValueError, RecursionError):
            continue
        found += ["\n".join(_texts(body, own, 0)) for body in _bodies(state, own)]
    return max(found, key=len)


def _bodies(state: Any, own: Collection[str]) -> Iterator[Any]:
    """What objects that have the headline call their body."""
    todo = [state]
    while todo:
        value = todo.pop()
        if isinstance(value, list):
            todo.extend(value)
        elif isinstance(value, dict):
            todo.extend(value.values())
            if any(isinstance(text, str) and _letters(text) in own for text in value.values()):
                yield from (inner for name, inner in value.items() if _BODY.fullmatch(name))


def _texts(value: Any, own: Collection[str], depth: int) -> Iterator[str]:
    """The texts of a body, without those of other articles, which have headlines of their own."""
    if isinstance(value, str):
        text = plain(value)
        if " " in text or not text.isascii():  # not a name of a class, or an address
            yield text
    elif depth < _DEEPEST and isinstance(value, list):
        for inner in value:
            yield from _texts(inner, own, depth + 1)
    elif depth < _DEEPEST and isinstance(value, dict):
        named = (value.get(name) for name in ("headline", "title", "name"))
        if all(not isinstance(name, str) or _letters(name) in own for name in named):
            yield from _texts(list(value.values()), own, depth + 1)


def _letters(text: str) -> str:
    return re.sub(r"[\W_]+", "", text).casefold()
