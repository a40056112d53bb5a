"""Shows what a text from the web would hide: characters that command, or that turn the direction."""

import re

# C0 and C1 but for line ends and tabs, the marks, embeddings, overrides and isolates of Unicode's
# bidirectional algorithm (UAX 9), what has no width, and what XML cannot have;
# static/evidence.js has the same.
_HIDDEN = re.compile(
    "[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\u061c\u200b\u200e\u200f\u202a-\u202e\u2060\u2066-\u2069\ufeff\ufffe\uffff]"
)


def visible(text: str) -> str:
    """The text with the code point of each such character in its place: "⟨U+202E⟩"."""
    return _HIDDEN.sub(lambda found: f"⟨U+{ord(found[0]):04X}⟩", text)
