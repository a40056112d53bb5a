"""Checks the digests that records carry, in the spellings that programs write them."""

import hashlib
import re
from base64 import b32encode, b64encode


def _plain(name: str) -> str:
    """An algorithm's name without case and dashes: SHA-256, sha256 and sha_256 are one."""
    return re.sub(r"[^a-z0-9]", "", name.lower())


# Those without a length of their own (shake) cannot be compared.
_KNOWN = {
    _plain(name): name for name in sorted(hashlib.algorithms_guaranteed) if not name.startswith("shake")
}


def matches(digest: str, content: bytes) -> bool | None:
    """Whether a digest ("sha1:GVR…", "SHA-256:9f86…") is the content's; None for an unknown algorithm.

    It may be written in base 16, 32 or 64, the first two in either case, with or without padding.
    """
    algorithm, colon, written = digest.strip().partition(":")
    name = _KNOWN.get(_plain(algorithm))
    if not colon or name is None:
        return None
    found = hashlib.new(name, content, usedforsecurity=False).digest()
    written = written.strip().rstrip("=")
    if written == b64encode(found).decode().rstrip("="):
        return True
    return written.lower() in {found.hex(), b32encode(found).decode().rstrip("=").lower()}
