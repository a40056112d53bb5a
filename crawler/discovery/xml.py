"""Reads XML from strangers: no entities resolved, no network, broken markup mended as far as it goes."""

import codecs
import re

from lxml import etree

# A declaration of UTF-16 before what is UTF-8: turned into it here, or by a program that forgot what it said.
_SAYS_UTF16 = re.compile(rb"<\?xml[^>]{0,200}utf-16[^>]{0,200}\?>", re.IGNORECASE)
# An ampersand that begins neither one of XML's five entities nor a number: addresses have them as they are.
_BARE_AMPERSAND = re.compile(rb"&(?!(?:amp|lt|gt|quot|apos|#[0-9]{1,7}|#[xX][0-9a-fA-F]{1,6});)")
# Where a document declares entities of its own, a name before a semicolon may be one of them: left as it is,
# the parser leaves it out.
_BARE_BESIDE_ENTITIES = re.compile(rb"&(?!(?:[A-Za-z_][\w.-]{0,100}|#[0-9]{1,7}|#[xX][0-9a-fA-F]{1,6});)")
# HTML written into a title or teaser as it is. No feed or sitemap has elements of these names, and one that
# is left open would take in all entries behind it.
_HTML = re.compile(
    rb"<(?=/?(?:abbr|a|big|blockquote|br|b|center|cite|code|del|div|em|figcaption|figure|font|h[1-6]|hr|iframe|img"
    rb"|ins|i|li|nobr|ol|picture|p|q|small|span|strike|strong|sub|sup|s|table|tbody|td|th|tr|tt|ul|u|wbr)[\s/>])",
    re.IGNORECASE,
)
# How a feed or sitemap ends, one without entries included.
_END = re.compile(
    rb"</(?:[\w.-]+:)?(?:rss|feed|rdf|urlset|sitemapindex)\s*>"
    rb"|<(?:[\w.-]+:)?(?:rss|feed|rdf|urlset|sitemapindex)\b[^<>]*/>",
    re.IGNORECASE,
)
# How one begins, behind what a program put out before it: a message of PHP, a script.
_BEGIN = re.compile(rb"<\?xml\b|<(?:[\w.-]+:)?(?:rss|feed|rdf|urlset|sitemapindex)[\s>]", re.IGNORECASE)
_PAGE = re.compile(rb"<(?:!doctype\s+html|html)\b", re.IGNORECASE)
_CDATA, _CDATA_END = b"<![CDATA[", b"]]>"


def parse_xml(body: bytes) -> etree._Element | None:
    """The root element, or None where there is nothing to read; `body` is as `as_utf8` gives it.

    Entities are left unresolved and trees of unusual depth refused, so an entity bomb stays small.
    """
    parser = etree.XMLParser(
        resolve_entities=False,
        no_network=True,
        load_dtd=False,
        recover=True,
        huge_tree=False,
        remove_comments=True,
    )
    body = body.strip().replace(b"\0", b"")
    begin = _BEGIN.search(body)
    if begin and begin.start() and not _PAGE.search(body, 0, begin.start()):
        body = body[begin.start() :]
    if declaration := _SAYS_UTF16.match(body):
        body = body[declaration.end() :]
    try:
        return etree.fromstring(_escaped(body), parser)
    except (etree.XMLSyntaxError, ValueError):
        return None


def breaks_off(body: bytes) -> bool:
    """Whether a feed or sitemap in XML, as `as_utf8` gives it, lacks its end.

    A program that fails midway leaves it so, and the server sends it as if it were whole.
    """
    return body.lstrip()[:1] == b"<" and not _END.search(body)


def as_utf8(body: bytes) -> bytes:
    """The body without a byte order mark, and in UTF-8 where it is UTF-16 by its mark or its NULs."""
    if body.startswith(codecs.BOM_UTF8):
        return body[len(codecs.BOM_UTF8) :]
    if body.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)):
        return body.decode("utf-16", "replace").encode()
    # Without a mark it begins with one character of ASCII, such as "<".
    if body[1:2] == b"\0" != body[:1]:
        return body.decode("utf-16-le", "replace").encode()
    if body[:1] == b"\0" != body[1:2]:
        return body.decode("utf-16-be", "replace").encode()
    return body


def _escaped(body: bytes) -> bytes:
    """The body with bare ampersands and HTML escaped, as they stand for themselves there.

    Behind the one the parser would drop a word, behind the other an entry or all that follow.
    """
    bare = _BARE_BESIDE_ENTITIES if b"<!ENTITY" in body else _BARE_AMPERSAND
    if not bare.search(body) and not _HTML.search(body):
        return body
    first, *further = body.split(_CDATA)
    escaped = [_HTML.sub(b"&lt;", bare.sub(b"&amp;", first))]
    for part in further:
        literal, end, markup = part.partition(_CDATA_END)
        escaped.append(literal + end + _HTML.sub(b"&lt;", bare.sub(b"&amp;", markup)))
    return _CDATA.join(escaped)


def local_name(element: etree._Element) -> str:
    """The element's name without its namespace; feeds declare theirs in many ways, or not at all."""
    # Not QName: mended markup has names, such as ":", that it does not take.
    if not isinstance(element.tag, str):
        return ""
    return element.tag.rpartition("}")[2].rpartition(":")[2].lower()


def child_text(element: etree._Element, *names: str) -> str:
    """The text of the first child of one of these local names, names in order of preference."""
    for name in names:
        for child in element:
            if local_name(child) == name and child.text and child.text.strip():
                return str(child.text).strip()
    return ""
