"""Reads XML from strangers: no entities resolved, no network, broken markup mended as far as it goes."""

from lxml import etree


def parse_xml(body: bytes) -> etree._Element | None:
    """The root element, or None where there is nothing to read.

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
    try:
        return etree.fromstring(body.strip().replace(b"\0", b""), parser)
    except (etree.XMLSyntaxError, ValueError):
        return None


def local_name(element: etree._Element) -> str:
    """The element's name without its namespace; feeds declare theirs in many ways."""
    # Not QName: mended markup has names, such as ":", that it does not take.
    return element.tag.rpartition("}")[2].lower() if isinstance(element.tag, str) else ""


def child_text(element: etree._Element, *names: str) -> str:
    """The text of the first child of one of these local names, names in order of preference."""
    for name in names:
        for child in element:
            if local_name(child) == name and child.text and child.text.strip():
                return str(child.text).strip()
    return ""
