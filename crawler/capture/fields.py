"""Reads the fields of a head, of a WARC record as of an HTTP answer."""

from collections.abc import Iterable, Iterator


def read_fields(lines: Iterable[str]) -> Iterator[tuple[str, str]]:
    """Name, in lower case, and value of each field; a line that begins with a blank goes on with the last."""
    name, parts = "", [""]
    for line in lines:
        if line[:1] in {" ", "\t"} and name:
            parts.append(line.strip())
            continue
        if name:
            yield name, " ".join(filter(None, parts))
        name, _, value = line.partition(":")
        name, parts = name.strip().lower(), [value.strip()]
    if name:
        yield name, " ".join(filter(None, parts))
