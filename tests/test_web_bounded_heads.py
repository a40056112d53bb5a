"""What comes before a body is bounded: no status that the store cannot hold, no headers without end."""

from types import SimpleNamespace

import pytest
from hypothesis import example, given
from hypothesis import strategies as st
from scrapy.exceptions import DownloadFailedError
from twisted.internet.testing import StringTransport
from twisted.web._newclient import ParseError

from gossi.crawler.capture.answer import HEAD_BYTES
from gossi.crawler.outcomes import Outcome
from gossi.crawler.web.bounded_heads import _BoundedParser
from gossi.crawler.web.failures import outcome_of

_PIECE = 16_000
"""Bytes that are handed over at once, as a socket does."""


def parsed(answer: bytes) -> _BoundedParser:
    """The parser of one connection after it has got these bytes."""
    parser = _BoundedParser(SimpleNamespace(method=b"GET"), lambda rest: None)
    parser.makeConnection(StringTransport())
    for start in range(0, len(answer), _PIECE):
        parser.dataReceived(answer[start : start + _PIECE])
    return parser


@given(st.integers().map(str) | st.text(max_size=9) | st.from_regex(r"[+-]?[0-9_ ]{1,9}", fullmatch=True))
@example("32768")
@example("99999999999999999999")
@example("9" * 5000)
@example("+200")
@example("2_0")
@example("099")
def test_no_status_but_three_digits_is_taken(status: str) -> None:
    """Whatever stands where the status belongs: three digits are a status, all else is no HTTP."""
    line = b"HTTP/1.1 " + status.encode().replace(b"\r", b"").replace(b"\n", b"")
    try:
        code = parsed(line + b"\r\n").response.code
    except ParseError:
        return
    assert 100 <= code <= 999
    assert line.split()[1] == b"%d" % code


@pytest.mark.parametrize(
    "endless",
    [
        b"HTTP/1.1 200 OK\r\n" + b"Set-Cookie: a=b\r\n" * HEAD_BYTES,
        b"HTTP/1.1 200 OK\r\nX: a\r\n" + b" continued\r\n" * HEAD_BYTES,
        b"HTTP/1.1 100 Continue\r\n\r\n" * HEAD_BYTES,
        b"HTTP/1.1 200 OK\r\n" + b"no colon\r\n" * HEAD_BYTES,
    ],
    ids=["cookies", "one-header", "interim-answers", "no-headers"],
)
def test_a_head_without_an_end_is_left(endless: bytes) -> None:
    """The connection is given up after HEAD_BYTES, and the page is told as too large."""
    with pytest.raises(ParseError) as left:
        parsed(endless)
    assert outcome_of(DownloadFailedError(str(left.value))) == (
        Outcome.TOO_LARGE,
        "its headers are larger than 100000 bytes",
    )


def test_one_line_without_an_end_closes_the_connection() -> None:
    """A status line or a header of any length is not held."""
    parser = _BoundedParser(SimpleNamespace(method=b"GET"), lambda rest: None)
    transport = StringTransport()
    parser.makeConnection(transport)
    parser.dataReceived(b"HTTP/1.1 200 OK\r\nX: " + b"x" * HEAD_BYTES)
    assert transport.disconnecting
