"""Keeps every response as WARC, as it came from the network, before anything is derived from it."""

from typing import TYPE_CHECKING, Self

from scrapy.exceptions import IgnoreRequest
from scrapy.http import Request, Response

from gossi.crawler.web.unpacking import UNTIL_CLOSED_FLAG

if TYPE_CHECKING:
    from scrapy.crawler import Crawler


class Capturing:
    """Hands every response to the spider's WARC writer; a run that can keep nothing more ends."""

    def __init__(self, crawler: "Crawler") -> None:
        self._crawler = crawler

    @classmethod
    def from_crawler(cls, crawler: "Crawler") -> Self:
        """As Scrapy builds it."""
        return cls(crawler)

    def process_response(self, request: Request, response: Response) -> Response:
        """Write the record and add its place to those of the request's meta, under "kept"."""
        headers = [
            (name.decode("latin-1"), value.decode("latin-1"))
            for name, values in response.headers.items()
            for value in values
        ]
        spider = self._crawler.spider
        try:
            kept = spider.writer.keep(  # type: ignore[union-attr]
                response.url, response.status, "", headers, response.body,
                asked=request.meta["asked"], kind=request.meta["kind"], outlet_id=request.meta["outlet_id"],
                until_closed=UNTIL_CLOSED_FLAG in response.flags,
            )  # fmt: skip
        except OSError as error:
            # Nothing may be derived from what was not kept: the disk is full or gone, so the run ends.
            spider.give_up(error)  # type: ignore[union-attr]
            raise IgnoreRequest(f"cannot be kept: {error}") from error
        # A list that redirects and repetitions share.
        request.meta["kept"].append(kept)
        return response
