"""Pages that a person saved from a browser: taken in under the address that they had on the web."""

import gzip
from email.message import EmailMessage
from pathlib import Path

import pytest

from gossi.crawler.errors import InputError
from gossi.crawler.imports.importer import import_paths
from gossi.crawler.imports.saved import read_saved
from gossi.crawler.study.sources import StudyFolder
from tests.crawling import rows
from tests.lexicons import write_sources
from tests.loopback import article
from tests.test_crawl_faults import STUDY, an_outlet

URL = "https://gazette.example/2022/gossi"
PAGE = article("Gossi behind a wall").body


def mhtml(html: bytes, location: str) -> bytes:
    """A page as browsers save it in one file."""
    message = EmailMessage()
    message["Snapshot-Content-Location"] = location
    message["Date"] = "Mon, 02 May 2022 10:00:00 +0200"
    message.set_content("a picture")
    message.add_related(html, "text", "html", headers=[f"Content-Location: {location}"])
    return message.as_bytes()


SAVED = {
    "chrome.html": b"<!-- saved from url=(0034)%s -->\n%s" % (URL.encode(), PAGE),
    "singlefile.htm": b"<!DOCTYPE html><html><!--\n Page saved with SingleFile \n url: %s \n saved: Mon -->%s"
    % (URL.encode(), PAGE),
    "canonical.html": PAGE.replace(b"</head>", b'<link rel="canonical" href="%s"></head>' % URL.encode()),
    "one-file.mhtml": mhtml(PAGE, URL),
}


@pytest.mark.parametrize("name", SAVED)
def test_a_saved_page_says_where_it_stood(tmp_path: Path, name: str) -> None:
    """In a mark of the browser, in the page, or in the head of an MHTML file."""
    path = tmp_path / name
    path.write_bytes(SAVED[name])
    saved = read_saved(path)
    assert saved.url == URL
    assert b"Gossi behind a wall" in saved.body
    if name.endswith("mhtml"):
        assert f"{saved.saved_at}" == "2022-05-02 08:00:00"


@pytest.mark.parametrize(
    "table", ["file,url\npage.html,{url}\n", "note;address;file\n;{url};saved/page.html\n"]
)
def test_a_table_beside_it_says_where_it_stood(tmp_path: Path, table: str) -> None:
    """Its word counts more than the page's own."""
    other = b'<link rel="canonical" href="https://elsewhere.example/a"></head>'
    (tmp_path / "page.html").write_bytes(PAGE.replace(b"</head>", other))
    (tmp_path / "pages.csv").write_text(table.format(url=URL))
    assert read_saved(tmp_path / "page.html").url == URL


def test_a_page_without_an_address_is_told(tmp_path: Path) -> None:
    """With what to do, as is a file that holds no page."""
    (tmp_path / "page.html").write_bytes(PAGE)
    with pytest.raises(InputError, match="CSV file beside it, with the columns file and url"):
        read_saved(tmp_path / "page.html")
    (tmp_path / "page.mhtml").write_bytes(b"Subject: none\n\nnothing")
    with pytest.raises(InputError, match="holds no page"):
        read_saved(tmp_path / "page.mhtml")


def test_saved_pages_are_taken_in_once_and_kept_as_evidence(tmp_path: Path) -> None:
    """As a page of their outlet, in full; the same file again changes nothing."""
    write_sources(tmp_path, STUDY + an_outlet("gazette"))
    path = tmp_path / "one-file.mhtml"
    path.write_bytes(SAVED["one-file.mhtml"])
    study = StudyFolder(tmp_path)
    assert import_paths(study, [path]).outcomes == {"on_topic": 1}
    assert import_paths(study, [path]).outcomes == {"file taken in before": 1}
    ((outlet_id, url, via, warc, seen),) = rows(
        tmp_path, "SELECT outlet_id, url, via, warc_file, fetched_at::VARCHAR FROM attempt"
    )
    assert (outlet_id, url, via, seen) == ("gazette", URL, "import", "2022-05-02 08:00:00")
    assert b"Gossi behind a wall" in gzip.decompress((study.captures / str(warc)).read_bytes())
    assert rows(tmp_path, "SELECT headline, observability FROM version") == [("Gossi behind a wall", "full")]
