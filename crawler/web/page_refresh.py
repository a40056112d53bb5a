"""Follows a page's own refresh to another address."""

from scrapy.downloadermiddlewares.redirect import MetaRefreshMiddleware
from scrapy.http import HtmlResponse, Request, Response

from gossi.crawler.capture.html import HEAD_BYTES, is_html, refresh_of


class PageRefresh(MetaRefreshMiddleware):
    """Follows a page's own refresh to another address, like Scrapy's, from its bytes.

    Scrapy decodes every page whole for it, by a charset that a server may have made up.
    """

    def process_response(self, request: Request, response: Response) -> Request | Response:  # type: ignore[override]
        """The request for the other address, or the response."""
        kind = (response.headers.get("Content-Type") or b"").decode("latin-1")
        if not refresh_of(response.url, response.body) or not is_html(kind, response.body):
            return response
        head = response.body[:HEAD_BYTES]
        readable = HtmlResponse(response.url, headers=response.headers, body=head, encoding="latin-1")
        then: Request | Response = super().process_response(request, readable)
        return response if then is readable else then
