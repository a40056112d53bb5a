"""What a crawl does on the machine it runs on, beside its study folder."""

import os
from collections.abc import Mapping
from pathlib import Path

import pytest

from tests.crawling import start_crawl
from tests.lexicons import write_sources
from tests.loopback import Answer, LoopbackSite, article, outlet, sources

LISTENS = "0A"
"""A socket's state in /proc/net/tcp."""


def test_a_crawl_opens_no_port_and_leaves_the_home_folder_alone(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Scrapy's consoles, which run what code they are sent, are off."""
    home, study = tmp_path / "home", tmp_path / "study"
    home.mkdir()
    study.mkdir()
    monkeypatch.setenv("HOME", str(home))
    for name in ("XDG_STATE_HOME", "XDG_CONFIG_HOME", "XDG_CACHE_HOME", "XDG_DATA_HOME"):
        monkeypatch.delenv(name, raising=False)
    crawler: list[int] = []
    open_ports: list[set[str]] = []

    def answer(_: Mapping[str, str]) -> Answer:
        open_ports.append(listening(crawler[0]))
        return article("Gossi")

    with LoopbackSite({"/a": answer}) as site:
        write_sources(study, sources("delay = 0.0", outlet("gazette", site, "/a")))
        with start_crawl(study) as process:
            crawler.append(process.pid)
            process.communicate(timeout=60)
        port = int(site.domain.partition(":")[2])
        assert f"0100007F:{port:04X}" in listening(os.getpid())
    assert process.returncode == 0
    assert open_ports == [set()]
    assert not list(home.iterdir())


def listening(pid: int) -> set[str]:
    """Addresses on which a process takes connections."""
    links = [link.readlink().name for link in Path(f"/proc/{pid}/fd").iterdir() if link.is_symlink()]
    table = [line.split() for line in Path("/proc/net/tcp").read_text().splitlines()[1:]]
    return {fields[1] for fields in table if fields[3] == LISTENS and f"socket:[{fields[9]}]" in links}
