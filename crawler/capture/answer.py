"""Reads an HTTP answer as it was captured: its status, headers and body, and whether the body is whole.

A page of which a part is missing omits nothing: it must never pass for a whole one.
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass

from gossi.crawler.capture.encodings import decode_body
from gossi.crawler.capture.fields import read_fields

CUT = "cut off by whoever captured it"
"""Why a body is not whole: it was larger than an archive keeps."""

BROKEN_OFF = "the answer broke off"
"""Why a body is not whole: less came than was to come."""

PART = "only a part of the page was sent"
"""Why a body is not whole: it was asked for in parts."""

HEAD_BYTES = 100_000
"""Bytes that the head of an answer may take: servers and browsers allow for 8 to 256 KB."""

_STATUS = re.compile(rb"HTTP/\d(?:\.\d)?[ \t]+(\d{3})(?!\d)", re.IGNORECASE)
_END_OF_HEAD = re.compile(rb"\r?\n\r?\n")
_RANGE = re.compile(r"bytes\s+(\d{1,18})-(\d{1,18})/(\d{1,18})", re.IGNORECASE)
# Fields that may stand in several lines and mean all of them.
_JOINED = frozenset({"content-encoding", "transfer-encoding"})
# Bytes at the end of a page in which it closes, with room for what servers put behind.
_TAIL = 2048


@dataclass(frozen=True)
class HttpAnswer:
    """An answer as stored. Header names are in lower case; of several lines the first one counts."""

    status: int
    headers: Mapping[str, str]
    body: bytes


def read_answer(block: bytes) -> HttpAnswer | None:
    """The answer that a record holds; None where it holds none."""
    status = _STATUS.match(block)
    if status is None:
        return None
    end = _END_OF_HEAD.search(block, 0, HEAD_BYTES)
    if end is None and len(block) > HEAD_BYTES:
        return None
    head, body = (block[: end.start()], block[end.end() :]) if end else (block, b"")
    headers: dict[str, str] = {}
    for name, value in read_fields(head.decode("latin-1").split("\n")[1:]):
        if name in _JOINED and name in headers:
            headers[name] += f", {value}"
        else:
            headers.setdefault(name, value)
    return HttpAnswer(int(status[1]), headers, body)


def undone(answer: HttpAnswer, max_size: int) -> tuple[bytes, str]:
    """The body without its encodings, and why it is not whole, "" where nothing says so.

    Raises:
        EncodingError: it is too large, or the compressed bytes are broken.
    """
    decoded = decode_body(answer.body, answer.headers, max_size)
    if decoded.is_torn or (decoded.as_sent and _is_short(answer)):
        return decoded.body, BROKEN_OFF
    return decoded.body, PART if is_part(answer.status, answer.headers) else ""


def _is_short(answer: HttpAnswer) -> bool:
    """Whether fewer bytes are there than the headers tell; with chunks, the length does not count."""
    said = answer.headers.get("content-length", "")
    if "transfer-encoding" in answer.headers or not (said.isascii() and said.isdigit() and len(said) < 19):
        return False
    return len(answer.body) < int(said)


def is_part(status: int, headers: Mapping[str, str]) -> bool:
    """Whether an answer is a part of what lies there: HTTP 206, but for one that holds it all."""
    if status != 206:
        return False
    told = _RANGE.fullmatch(headers.get("content-range", "").strip())
    return told is None or int(told[1]) > 0 or int(told[2]) + 1 < int(told[3])


def closes(page: bytes) -> bool:
    """Whether a page closes itself. Of one that came without a length nothing else tells its end."""
    return b"</html" in page[-_TAIL:].lower()
