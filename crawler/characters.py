"""Tells text from noise, and keeps halves of characters out.

JSON can spell half a surrogate pair, but no file or database holds it.
"""

import codecs
import re

_HALF = re.compile("[\ud800-\udfff]")
# Bytes at which text and other things are told apart, and the control characters that text does not have:
# ISO-2022 charsets have the escape.
_HEAD = 4096
_CONTROLS = bytes(set(range(0x20)) - set(b"\t\n\f\r\x1b"))
# Share of control characters that damage may bring into a page; noise has a tenth.
_MOST_CONTROLS = 0.02
# The byte order marks of UTF-16, in which every other byte of markup is NUL.
UTF16_MARKS = (codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)

REPLACEMENT = "\N{REPLACEMENT CHARACTER}"
"""What stands for a character that cannot be known (U+FFFD), as in text of a broken encoding."""


def whole(text: str) -> str:
    """The text, with a replacement character for each half of a surrogate pair that has no other half."""
    try:
        text.encode()
    except UnicodeEncodeError:
        return _HALF.sub(REPLACEMENT, text)
    return text


COMMANDS = re.compile("[\x00-\x08\x0b-\x1f\x7f-\x9f\u202a-\u202e\u2066-\u2069]")
"""Characters by which a text commands a terminal or turns its order: controls but tab and line feed."""


def shown(text: str) -> str:
    """The text as a terminal may get it: a replacement character for each that would command it."""
    return COMMANDS.sub(REPLACEMENT, text.replace("\r\n", "\n"))


def is_noise(body: bytes) -> bool:
    """Whether bytes cannot be a text, in any charset, by how they begin; a little damage is none."""
    head = body[:_HEAD]
    return not head.startswith(UTF16_MARKS) and len(head.translate(None, _CONTROLS)) < len(head) * (
        1 - _MOST_CONTROLS
    )
