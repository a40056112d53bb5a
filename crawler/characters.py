"""Keeps halves of characters out: JSON can spell half a surrogate pair, but no file or database holds it."""

import re

_HALF = re.compile("[\ud800-\udfff]")
REPLACEMENT = "\N{REPLACEMENT CHARACTER}"
"""What stands for a character that cannot be known (U+FFFD), as in text of a broken encoding."""


def whole(text: str) -> str:
    """The text, with a replacement character for each half of a surrogate pair that has no other half."""
    try:
        text.encode()
    except UnicodeEncodeError:
        return _HALF.sub(REPLACEMENT, text)
    return text
