"""Turns the bytes of a page into text: BOM, HTTP header, meta element, then what the bytes look like.

A label is believed unless the bytes contradict it. UTF-8 is recognised by its own strict form whatever
the label says; between the single-byte charsets the letters decide, because a Russian page labelled
ISO-8859-1 decodes without an error, into nonsense.
"""

import codecs
import re
from functools import lru_cache
from itertools import islice

_BOMS = ((codecs.BOM_UTF8, "utf-8"), (codecs.BOM_UTF16_LE, "utf-16-le"), (codecs.BOM_UTF16_BE, "utf-16-be"))

_META = re.compile(rb"<meta[^>]{0,200}?charset\s*=\s*[\"']?\s*([a-zA-Z0-9_:.\-]+)", re.IGNORECASE)
_XML = re.compile(rb"^\s*<\?xml[^>]{0,100}?encoding\s*=\s*[\"']([a-zA-Z0-9_:.\-]+)", re.IGNORECASE)

_CHARSET = re.compile(
    r"ascii|utf-(8|16|16-le|16-be|32|32-le|32-be)|cp\d+|iso8859-\d+|iso2022_\w+|koi8-[rtu]|mac-\w+|kz1048|ptcp154"
    r"|tis-620|gb2312|gbk|gb18030|hz|big5|big5hkscs|shift_jis\w*|euc_\w+|johab"
)

_ASCII = bytes(range(128))

_HEAD = 4096
"""Bytes searched for a meta element; browsers look at 1024, pages with long heads need more."""

# What browsers read these labels as (WHATWG Encoding Standard), in Python's names.
_AS_BROWSERS_DO = {
    "ascii": "cp1252",
    "iso8859-1": "cp1252",
    "iso8859-9": "cp1254",
    "iso8859-11": "cp874",
    "tis-620": "cp874",
    "gb2312": "gb18030",
    "gbk": "gb18030",
    "shift_jis": "cp932",
    "euc_kr": "cp949",
    "big5": "big5hkscs",
    "utf-16": "utf-16-le",
}

_LETTERS = {
    # Per charset the letters that make up most of any text in its languages, capitals left out: the
    # capitals of one Cyrillic charset are the small letters of another.
    "cp1251": "оеаинтсрвлкмдпуяыьгзбчйіїў",
    "koi8-r": "оеаинтсрвлкмдпуяыьгзбчй",
    "iso8859-5": "оеаинтсрвлкмдпуяыьгзбчйіїў",
    "cp1256": "ايلمنتورهبةدعسفقكأحجىشطصخ",
    "iso8859-6": "ايلمنتورهبةدعسفقكأحجىشطصخ",
    "cp1252": "éèàçêôîûâùëïœíóáúñäöüßãõåøæ’«»–“”",
    "cp1250": "ěščřžýáíéúůąęłńóśźżćőűăâîşţ",
    "cp1254": "ışğçöüâîİ",
}

_WORD = re.compile(rb"[a-zA-Z\x80-\xff]*[\x80-\xff][a-zA-Z\x80-\xff]*")

_SAMPLE_WORDS = 400
"""Words with a byte beyond ASCII that detection looks at; more change the answer on no page tried."""

_CLEARLY_BETTER = 1.5
"""How many times better than the label's another charset must fit before the label is overruled."""


def decode(html: bytes, header: str | None = None) -> str:
    """The page as text, without NUL characters. Never raises.

    Args:
        html: the body, content encodings undone.
        header: the charset that the HTTP header names, if it does.
    """
    text, _ = _decoded(html, header)
    return text.replace("\x00", "")


def declared_charset(html: bytes, header: str | None = None) -> str | None:
    """Python's name for the charset that the page declares (BOM, header, XML declaration, meta), or None."""
    for bom, name in _BOMS:
        if html.startswith(bom):
            return name
    head = html[:_HEAD]
    found = [header or ""]
    found += [match.group(1).decode("ascii") for match in (_XML.search(head), _META.search(head)) if match]
    for label in found:
        codec = _codec(label.strip(" \"'").lower())
        if codec is not None:
            # A page that shows its "<" without a NUL beside it is not in UTF-16, whatever it says.
            return "utf-8" if codec.startswith("utf-16") and b"<" in head and b"\x00" not in head else codec
    return None


def _decoded(html: bytes, header: str | None) -> tuple[str, str]:
    label = declared_charset(html, header)
    if label is not None and label.startswith("utf-16"):
        return html.decode(label, "replace").lstrip("\ufeff"), label
    if b"\x1b" not in html or label in {None, "utf-8"}:
        try:
            return html.decode("utf-8-sig"), "utf-8"
        except UnicodeDecodeError:
            pass
    if label is not None and label != "utf-8" and label not in _LETTERS:
        text = html.decode(label, "replace")
        # Up to 1 bad character in 100 beyond ASCII is damage, more means that the label is wrong.
        if text.count("\ufffd") * 100 <= len(html.translate(None, _ASCII)):
            return text, label
        label = None
    # A torn or truncated UTF-8 page is still one: few replacements, the rest in order.
    text = html.decode("utf-8", "replace")
    beyond = len(html.translate(None, _ASCII))
    if text.count("\ufffd") * 10 <= beyond:
        return text, "utf-8"
    name = _detect(html, label)
    return html.decode(name, "replace"), name


def _detect(html: bytes, label: str | None) -> str:
    """The single-byte charset in which the page's words make most sense; the label in doubt."""
    sample = b" ".join(word.group() for word in islice(_WORD.finditer(html), _SAMPLE_WORDS))
    fits = {name: _fit(sample, name) for name in _LETTERS}
    best = max(fits, key=lambda name: fits[name])
    if label in fits and fits[best] < _CLEARLY_BETTER * fits[label]:
        return label
    return best if fits[best] > 0 else label or "cp1252"


def _fit(sample: bytes, charset: str) -> float:
    """Share (0 to 1) of the non-ASCII characters that are usual letters of the charset, standing as they do.

    In Latin script accented letters stand between plain ones, in the others all letters of a word are
    beyond ASCII; so a letter counts only beside a neighbour of the sort to be expected.
    """
    text = sample.decode(charset, "replace")
    usual = set(_LETTERS[charset])
    latin = charset in {"cp1252", "cp1250", "cp1254"}
    beyond = good = 0
    for before, letter in zip(" " + text, text, strict=False):
        if letter <= "\x7f":
            continue
        beyond += 1
        # A capital at the beginning of a word is as usual as its small letter; within a word it is not.
        known = letter in usual or (before == " " and letter.lower() in usual)
        good += known and (before <= "\x7f" if latin else before > "\x7f" or before == " ")
    return good / beyond if beyond else 0.0


@lru_cache(maxsize=256)
def _codec(label: str) -> str | None:
    try:
        name = codecs.lookup(label).name
    except (LookupError, ValueError, UnicodeError):
        return None
    # "rot13", "idna", "unicode_escape" and their kind are codecs for Python and charsets for nobody.
    return _AS_BROWSERS_DO.get(name, name) if _CHARSET.fullmatch(name) else None
