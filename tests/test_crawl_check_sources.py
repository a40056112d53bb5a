"""Each feed and sitemap asked once: what answers, what moved, and what the outlet offers instead."""

import asyncio
from pathlib import Path

import pytest

from gossi.crawler.crawl.check_sources import Checked, Listed, OutletCheck, exit_code, lines
from gossi.crawler.study.sources import StudyFolder
from tests.conftest import gossi
from tests.lexicons import write_sources
from tests.loopback import Answer, LoopbackSite, outlet, redirect, sources
from tests.test_crawl_faults import STUDY, Faulty, an_outlet, urlset

HOME = "https://gazette.example"
FEED = b"<rss><channel><item><link>/a</link></item></channel></rss>"


def checked(tmp_path: Path, web: Faulty, listed: str) -> Checked:
    """What a check of one outlet finds."""
    write_sources(tmp_path, STUDY + an_outlet("gazette", listed))
    study = StudyFolder(tmp_path).sources()
    return asyncio.run(OutletCheck(web.ask, study.outlet[0], study.study.window).run())


def test_what_fails_is_told_with_what_is_offered_instead(tmp_path: Path) -> None:
    """By robots.txt, the home page and the usual address; what answers is not offered again."""
    web = Faulty({}, answers={f"{HOME}/feed": FEED, f"{HOME}/old": b"<html>Moved</html>"})
    web.answers[f"{HOME}/2022/04"] = urlset((f"{HOME}/2022/04/23/gossi", ""))
    web.answers[f"{HOME}/robots.txt"] = f"User-agent: *\nSitemap: {HOME}/news.xml\nsitemap: /feed\n".encode()
    web.answers[f"{HOME}/"] = b'<html><link rel="alternate" type="application/rss+xml" href="/rss"></html>'
    web.answers[f"{HOME}/sitemap.xml"] = (
        b"<sitemapindex><sitemap><loc>/x-2022-05.xml</loc></sitemap></sitemapindex>"
    )
    found = checked(
        tmp_path,
        web,
        f'feeds = ["{HOME}/feed"]\nsitemaps = ["{HOME}/old", "{HOME}/gone", "{HOME}/{{yyyy}}/{{mm}}"]',
    )
    assert list(lines(found)) == [
        "gazette",
        f"    answers  {HOME}/feed: a feed of 1 entries",
        f"    fails    {HOME}/old: neither a feed nor a sitemap",
        f"    fails    {HOME}/gone: HTTP 404",
        f"    answers  {HOME}/2022/04: a sitemap of 1 pages that may be of the window, 0 others",
        f"    offered  {HOME}/news.xml (robots.txt)",
        f"    offered  {HOME}/rss (the home page)",
        f"    offered  {HOME}/sitemap.xml (an index of 1 sitemaps that may be of the window)",
    ]
    assert exit_code([found]) == 3


def test_nothing_more_is_asked_where_all_answers(tmp_path: Path) -> None:
    """One request for one feed."""
    web = Faulty({}, answers={f"{HOME}/feed": FEED})
    assert exit_code([checked(tmp_path, web, f'feeds = ["{HOME}/feed"]')]) == 0
    assert web.asked == [("feed", f"{HOME}/feed")]
    assert exit_code([Checked("mute", [Listed(HOME, answers=False, word="HTTP 404")])]) == 2


@pytest.mark.long(4)
def test_the_command_asks_politely_and_keeps_nothing(tmp_path: Path) -> None:
    """Over HTTP: robots.txt is obeyed, a move is told, and no store is made."""
    robots = Answer(b"User-agent: *\nDisallow: /private\n")
    routes = {"/old": redirect("/feed"), "/feed": Answer(FEED), "/robots.txt": robots}
    with LoopbackSite(routes) as site:
        listed = outlet("gazette", site, feeds=["/old", "/private"])
        write_sources(tmp_path, sources("delay = 0.0", listed))
        done = gossi("sources", "check", "--outlet", "gazette", study=tmp_path)
    assert (done.returncode, done.stderr) == (3, "")
    assert done.stdout.splitlines()[1:3] == [
        f"    moved    {site.home}/old → {site.home}/feed: a feed of 1 entries",
        f"    fails    {site.home}/private: robots.txt disallows it",
    ]
    assert not StudyFolder(tmp_path).store_file.exists()
    assert "/private" not in site.paths()
