"""The headline of an article, without the site's name that templates add to it."""

import re

from lxml.html import HtmlElement

from gossi.crawler.extraction.landmarks import main_heading
from gossi.crawler.extraction.linked_data import PageData, clean

_SEPARATOR = re.compile(r"\s+[|–—•·»:-]\s+|\s*[|»]\s*|\s+::\s+")

_A_LABEL = 15
"""Characters up to which an h1 may be a section's name rather than a headline."""

_LONGEST_NAME = 40
"""Characters of a site's name."""

_CUT = re.compile(r"(?:\.\.\.|…)$")


def find_headline(tree: HtmlElement, data: PageData, host: str) -> str:
    """The headline, empty where the page has none.

    JSON-LD first, then og:title, the h1 and the title element. Where what is found was cut short, or has
    the site's name in it, another source that shows the whole of it is preferred.
    """
    heading = main_heading(tree)
    title = clean(tree.findtext(".//title") or "")
    shown = clean(heading.text_content()) if heading is not None else _titled(tree, title)
    names = _names(data, host)
    told = [data.linked("headline") or "", *data.metas("og:title", "twitter:title")]
    found = [stripped for text in (*told, shown, title) if (stripped := _without_site(text, names))]
    if not found:
        return ""
    best = found[0]
    if _is_labelled(best, shown):
        return shown
    if best == shown:
        # An h1 of which the page's own title knows no word is the site's name, as a logo.
        strange = not any(told) and _words(title) and not _words(shown) & _words(title)
        return _without_site(title, names) or best if strange else best
    return next((other for other in (shown, *found) if _continues(best, other)), best)


def _is_labelled(text: str, shown: str) -> bool:
    """Whether `text` is what the h1 shows, with a section or label before or after it."""
    before, found, after = text.partition(shown) if len(shown) > _A_LABEL else ("", "", "")
    return bool(found and (before or after)) and all(
        _SEPARATOR.search(part) for part in (before, after) if part
    )


def _titled(tree: HtmlElement, title: str) -> str:
    """Of a page without an h1 the smaller heading that its title repeats beside the site's name."""
    headings = (clean(heading.text_content()) for heading in tree.iter("h2", "h3"))
    return next((text for text in headings if _is_labelled(title, text)), "")


def _words(text: str) -> set[str]:
    return set(re.findall(r"\w+", text.casefold()))


def _continues(cut: str, whole: str) -> bool:
    """Whether `cut` is the beginning of `whole` (with or without an ellipsis)."""
    stem = _CUT.sub("", cut).rstrip().casefold()
    # Google asks for at most 110 characters in JSON-LD, so programs cut there without a mark.
    was_cut = bool(_CUT.search(cut)) or len(cut) >= 100
    return was_cut and len(stem) > 20 and len(whole) > len(stem) and whole.casefold().startswith(stem)


def _without_site(text: str, names: set[str]) -> str:
    """The text without a part at its end or beginning that is the site's name."""
    parts = _SEPARATOR.split(text)
    if len(parts) < 2:
        return "" if _plain(text) in names else text
    separators = _SEPARATOR.findall(text)
    while len(parts) > 1 and _plain(parts[-1]) in names:
        parts.pop()
        separators.pop()
    while len(parts) > 1 and _plain(parts[0]) in names:
        parts.pop(0)
        separators.pop(0)
    if len(parts) == 1 and _plain(parts[0]) in names:
        return ""
    return "".join(part + separator for part, separator in zip(parts, [*separators, ""], strict=True)).strip()


def _names(data: PageData, host: str) -> set[str]:
    # Some pages give their own headline as the name of the application.
    names = {_plain(name) for name in data.site_names if len(name) <= _LONGEST_NAME}
    host = host.removeprefix("www.")
    names |= {_plain(host), _plain(host.rsplit(".", 1)[0]), _plain(max(host.split("."), key=len))}
    return {name for name in names if name}


def _plain(name: str) -> str:
    return re.sub(r"[\W_]+", "", name).casefold()
