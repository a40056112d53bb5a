"""What workers are made to do in the tests of the pool; apart, because workers import it by name."""

import ctypes
import os
import time

from gossi.crawler.extraction.article import Extracted


def misbehave(html: bytes, url: str, charset: str | None) -> Extracted:
    """Do what the page says: hang, sleep, die, crash or raise; else give it back as text."""
    match html:
        case b"hang":
            while True:
                pass
        case b"sleep":
            time.sleep(600)
        case b"die":
            os._exit(3)
        case b"crash":
            ctypes.string_at(0)
        case b"raise":
            raise ValueError("as asked")
    return Extracted(url, url, text=html.decode(charset or "utf-8"), observability="full")
