"""Real servers on loopback that speak as the Internet Archive, Common Crawl and GDELT document it.

They are written from the services' documentation, not from the program: what they are asked and how they
understood it is kept in `questions`.
"""

import json
import re
from collections.abc import Callable
from datetime import datetime
from io import BytesIO
from urllib.parse import parse_qs, quote_plus, urlsplit

from fastwarc.stream_io import GzipWriter
from fastwarc.warc import WarcRecord, WarcRecordType

from tests.loopback import Answer, LoopbackSite, article

JSON = {"Content-Type": "application/json"}
TEXT = {"Content-Type": "text/plain"}
NO_ROBOTS = Answer(b"", 404)
Query = dict[str, list[str]]


def moment(digits: str) -> datetime:
    """A time of 14 digits, UTC without a zone."""
    return datetime.strptime(digits, "%Y%m%d%H%M%S")  # noqa: DTZ007


class _Service(LoopbackSite):
    """A site whose answers are worked out from the path and query; `refuse` stands for any of them."""

    def __init__(self) -> None:
        super().__init__()
        self.questions: list[Query] = []
        self.refuse: Answer | None = None
        self.robots = NO_ROBOTS
        service = self

        class Routes(dict):  # type: ignore[type-arg]
            def get(self, path: str, default: object = None) -> object:
                return lambda headers: service.route(path, headers)

        self.routes = Routes()

    def route(self, path: str, headers: object) -> Answer:
        if path == "/robots.txt":
            return self.robots
        return self.refuse or self.answer(path, headers)

    def answer(self, path: str, headers: object) -> Answer:
        """What a path answers."""
        raise NotImplementedError


class Wayback(_Service):
    """A CDX server and the captures it knows: (URL, 14 digits, status, page). `rows` is its page size."""

    def __init__(self, *captures: tuple[str, str, int, Answer], rows: int = 1000, text: bool = False) -> None:
        super().__init__()
        self.captures = sorted(captures, key=lambda each: each[:2])
        self.rows = rows
        self.text = text
        self.settings = f'cdx = "{self.home}/cdx/search/cdx"\nreplay = "{self.home}/web/"\ndelay = 0.0\n'

    def answer(self, path: str, headers: object) -> Answer:
        """What a path answers."""
        if path.startswith("/web/"):
            return self._replay(path)
        query = parse_qs(urlsplit(path).query)
        self.questions.append(query)
        return self._cdx(query)

    def _replay(self, path: str) -> Answer:
        digits, mark, url = path.removeprefix("/web/").partition("id_/")
        of_url = [each for each in self.captures if each[0] == url]
        if not of_url or not mark:
            return Answer(b"<html>The Wayback Machine has not archived that URL.</html>", 404)
        time = moment(digits)
        nearest = min(of_url, key=lambda each: abs(moment(each[1]) - time))
        if nearest[1] != digits:
            return Answer(b"", 302, {"Location": f"{self.home}/web/{nearest[1]}id_/{url}"})
        return nearest[3]

    def _cdx(self, query: Query) -> Answer:
        def one(key: str, default: str) -> str:
            return query.get(key, [default])[0]

        rows = [
            {"timestamp": time, "original": url, "statuscode": str(status), "mimetype": "text/html",
             "urlkey": url.lower()}
            for url, time, status, _ in self.captures
            if _in_scope(url, one("url", ""), one("matchType", "exact"))
            and one("from", "0") <= time[: len(one("from", "0"))]
            and time[: len(one("to", "9"))] <= one("to", "9")
        ]  # fmt: skip
        for condition in query.get("filter", []):
            field, _, expression = condition.removeprefix("!").partition(":")
            wanted = not condition.startswith("!")
            rows = [row for row in rows if (re.fullmatch(expression, row[field]) is not None) is wanted]
        field, _, length = one("collapse", "").partition(":")
        if field:
            kept: list[dict[str, str]] = []
            for row in rows:
                value = row[field][: int(length)] if length else row[field]
                before = kept[-1][field][: len(value)] if kept else None
                if value != before or (kept and kept[-1]["original"] != row["original"]):
                    kept.append(row)
            rows = kept
        key_of_url, place = one("resumeKey", "k 0").split(" ")
        # A key that was made without the URL's leads past what it stands for, as the real one's does.
        start = int(place) if key_of_url == "k" else len(rows)
        limit = min(int(one("limit", "1000")), self.rows)
        shown, more = rows[start : start + limit], len(rows) > start + limit
        fields = one("fl", "urlkey,timestamp,original,mimetype,statuscode").split(",")
        cells = [[row[name] for name in fields] for row in shown]
        made = quote_plus(f"{'k' if 'urlkey' in fields else '-'} {start + limit}")
        key = made if more and one("showResumeKey", "") == "true" else ""
        if one("output", "") == "json" and not self.text:
            listed = [fields, *cells, *([[], [key]] if key else [])] if cells else []
            return Answer(json.dumps(listed).encode(), 200, JSON)
        lines = [" ".join(row) for row in cells] + (["", key] if key else [])
        return Answer("\n".join(lines).encode() + b"\n", 200, TEXT)


def _in_scope(url: str, asked: str, match: str) -> bool:
    plain = re.sub(r"^https?://", "", url)
    if match == "exact":
        return url == asked
    if match == "prefix":
        return plain.startswith(asked)
    host = plain.split("/")[0]
    return host == asked or host.endswith(f".{asked}")


class CommonCrawl(_Service):
    """An index server and the WARC files behind it: a crawl's name, and (URL, 14 digits, page)."""

    def __init__(self, crawls: dict[str, list[tuple[str, str, Answer]]], rows: int = 1000) -> None:
        super().__init__()
        self.rows = rows
        self.crawls = crawls
        self.files: dict[str, bytes] = {}
        self.index: dict[str, list[dict[str, str]]] = {}
        for name, captures in crawls.items():
            self._store(name, captures)
        self.settings = f'index = "{self.home}"\ndata = "{self.home}/data"\ndelay = 0.0\n'
        self.collections: list[dict[str, str]] = [
            {"id": name, "name": f"{name} Index", "cdx-api": f"{self.home}/{name}-index"} for name in crawls
        ]

    def _store(self, name: str, captures: list[tuple[str, str, Answer]]) -> None:
        file, path = BytesIO(), f"crawl-data/{name}/segments/1/warc/{name}-00000.warc.gz"
        self.index[name] = []
        for url, digits, page in captures:
            writer = GzipWriter(file)
            record, start = WarcRecord(), file.tell()
            record.init_headers(record_type=WarcRecordType.response)
            time = moment(digits)
            record.headers["WARC-Target-URI"] = url
            record.headers["WARC-Date"] = f"{time:%Y-%m-%dT%H:%M:%SZ}"
            record.headers["Content-Type"] = "application/http; msgtype=response"
            head = "\r\n".join(f"{key}: {value}" for key, value in page.headers.items())
            record.set_bytes_content(f"HTTP/1.1 {page.status} OK\r\n{head}\r\n\r\n".encode() + page.body)
            record.write(writer, checksum_data=True)
            writer.finish()
            self.index[name].append(
                {"urlkey": url, "timestamp": digits, "url": url, "mime": "text/html",
                 "status": str(page.status), "filename": path, "offset": str(start),
                 "length": str(file.tell() - start)}
            )  # fmt: skip
        self.files[f"/data/{path}"] = file.getvalue()

    def answer(self, path: str, headers: object) -> Answer:
        """What a path answers."""
        if path == "/collinfo.json":
            return Answer(json.dumps(self.collections).encode(), 200, JSON)
        if path in self.files:
            asked = re.fullmatch(r"bytes=(\d+)-(\d+)", headers.get("Range", ""))  # type: ignore[attr-defined]
            if not asked:
                return Answer(self.files[path], 200, {"Content-Type": "application/octet-stream"})
            first, last = int(asked[1]), int(asked[2])
            told = {"Content-Range": f"bytes {first}-{last}/{len(self.files[path])}"}
            kind = {"Content-Type": "application/octet-stream"}
            return Answer(self.files[path][first : last + 1], 206, told | kind)
        query = parse_qs(urlsplit(path).query)
        self.questions.append(query)
        return self._search(urlsplit(path).path.strip("/").removesuffix("-index"), query)

    def _search(self, name: str, query: Query) -> Answer:
        def one(key: str, default: str) -> str:
            return query.get(key, [default])[0]

        rows = [
            row
            for row in self.index.get(name, [])
            if _in_scope(row["url"], one("url", ""), one("matchType", "exact"))
        ]
        if not rows:
            return Answer(
                json.dumps({"message": f"No Captures found for: {one('url', '')}"}).encode(), 404, JSON
            )
        pages = -(-len(rows) // self.rows)
        if one("showNumPages", "") == "true":
            told = {"pages": pages, "pageSize": 5, "blocks": pages}
            return Answer(json.dumps(told).encode(), 200, JSON)
        page = int(one("page", "0"))
        rows = rows[page * self.rows : (page + 1) * self.rows]
        for condition in query.get("filter", []):
            kind, field, expression = re.fullmatch(r"([=~]?)(\w+):(.*)", condition).groups()  # type: ignore[union-attr]
            tests: dict[str, Callable[[str], bool]] = {
                "=": lambda value, wanted=expression: value == wanted,  # type: ignore[misc]
                "~": lambda value, wanted=expression: re.fullmatch(wanted, value) is not None,  # type: ignore[misc]
                "": lambda value, wanted=expression: wanted in value,  # type: ignore[misc]
            }
            rows = [row for row in rows if tests[kind](row[field])]
        return Answer("".join(f"{json.dumps(row)}\n" for row in rows).encode(), 200, JSON)


class Gdelt(_Service):
    """A DOC 2.0 server and the articles it has seen: (URL, time). It never names more than 250."""

    def __init__(self, *articles: tuple[str, datetime]) -> None:
        super().__init__()
        self.articles = sorted(articles, key=lambda each: each[1])
        self.settings = f'server = "{self.home}/api/v2/doc/doc"\ndelay = 0.0\n'

    def answer(self, path: str, headers: object) -> Answer:
        """What a path answers."""
        query = parse_qs(urlsplit(path).query)
        self.questions.append(query)
        if query["mode"] != ["ArtList"] or query["format"] != ["json"]:
            return Answer(b"Invalid mode.", 200, TEXT)
        first, last = (moment(query[key][0]) for key in ("startdatetime", "enddatetime"))
        found = [
            {"url": url, "url_mobile": "", "title": "A title", "seendate": f"{time:%Y%m%dT%H%M%SZ}",
             "socialimage": "", "domain": urlsplit(url).netloc, "language": "English"}
            for url, time in self.articles
            if first <= time <= last
        ][: min(250, int(query["maxrecords"][0]))]  # fmt: skip
        return Answer(json.dumps({"articles": found} if found else {}).encode(), 200, JSON)


def captured(site: LoopbackSite, path: str, time: str, **more: str) -> tuple[str, str, int, Answer]:
    """A whole capture of a page of the site about Gossi."""
    return (site.home + path, time, 200, article(f"Gossi: {path}", **more))
