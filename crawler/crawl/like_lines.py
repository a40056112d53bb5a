"""Tells much in few lines: 300 outlets that one fault struck are one line with their number."""

import re
from collections.abc import Iterable

# What differs between lines of a kind: addresses, hosts, numbers.
_OWN = re.compile(r"https?://[^\s,;:)]*|\b[\w-]+(?:\.[\w-]+)+(?::\d+)?|\d+")
# Lines of a kind that are told each for itself, and subjects that are named of more.
_EACH, _NAMED = 3, 5


def condensed(told: Iterable[tuple[str, str]], of: str = "") -> list[str]:
    """A line "subject: reason" for each, but where many have reasons of one kind: one line with their number.

    Args:
        told: subject and reason; a subject may be an address.
        of: what they are, in the plural: "outlets".
    """
    kinds: dict[str, list[tuple[str, str]]] = {}
    for subject, reason in told:
        kinds.setdefault(_OWN.sub("", reason), []).append((subject, reason))
    lines = []
    for like in kinds.values():
        if len(like) <= _EACH:
            lines += [f"{subject}: {reason}" for subject, reason in like]
            continue
        named = ", ".join(subject for subject, _ in like[:_NAMED])
        more = f" and {len(like) - _NAMED} more" if len(like) > _NAMED else ""
        lines.append(f"{len(like)} {of} ({named}{more}), the first: {like[0][1]}".replace("  ", " "))
    return lines
