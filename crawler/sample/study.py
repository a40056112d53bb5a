"""Writes the study of the sample web: sources.toml with its outlets, and a copy of the codebook."""

import json
import shutil
from collections.abc import Mapping
from pathlib import Path

from gossi.crawler.errors import UsageError
from gossi.crawler.sample.addresses import listed_pages, origin
from gossi.crawler.sample.archive import CDX, NEWS, REPLAY, archive_port
from gossi.crawler.sample.model import SampleOutlet, sample
from gossi.crawler.study.sources import StudyFolder

_STUDY = """\
# The study of the sample web: fictional outlets that this machine serves itself.
# `gossi sample` writes this file anew each time.

[study]
name = "Sample of Gossi Coverage: fictional outlets, made-up articles"
affair = "The mass grave near Gossi, Mali, April 2022"
contact = "https://example.org/sample-of-gossi-coverage"

[study.window]
first = 2022-04-15
last = 2022-06-30

[study.crawl]
delay = 0.02
# One page comes a byte at a time; it is tried three times.
timeout = 3.0
max_bytes = 2_000_000
allow_loopback = true

# One article is gone from its outlet's server; the sample's own archive has it.
[study.wayback]
gone = true
cdx = "{archive}{cdx}"
replay = "{archive}{replay}"
delay = 0.02

# The sample's archive has a file of web pages, too, as Common Crawl's news collection has thousands.
[study.ccnews]
files = ["{archive}{news}"]
"""


def _is_ours(file: Path) -> bool:
    """Whether nothing is lost by writing the sample's sources.toml there."""
    try:
        return file.read_text(encoding="utf-8").startswith(_STUDY.partition("\n")[0])
    except UnicodeDecodeError:
        return False
    except OSError:
        return True  # no such file; what else may be wrong shows in writing it


def write_study(folder: Path, base_port: int, claims: Path) -> StudyFolder:
    """Write the sample study into `folder`; its data and reports stay as they are.

    Args:
        folder: the study's folder; made if it is not there.
        base_port: the port of the first outlet.
        claims: the claims.toml to copy, with the lexicon and the fitted coder beside it.

    Raises:
        UsageError: the folder holds another study, cannot be written, or the codebook not be read.
    """
    study = StudyFolder(folder)
    if not _is_ours(study.sources_file):
        raise UsageError(
            f"{study.sources_file} is of another study, which the sample would replace; "
            "name a folder for the sample with --study DIR, such as --study sample-study"
        )
    archive = f"http://127.0.0.1:{archive_port(base_port)}"
    settings = _STUDY.format(archive=archive, cdx=CDX, replay=REPLAY, news=NEWS)
    blocs = [_entry("bloc", bloc.model_dump(exclude_none=True)) for bloc in sample().bloc]
    outlets = [_outlet(outlet, base_port) for outlet in sample().outlet]
    try:
        folder.mkdir(parents=True, exist_ok=True)
        study.sources_file.write_text("\n".join([settings, *blocs, *outlets]), encoding="utf-8")
        if not (study.claims_file.exists() and claims.samefile(study.claims_file)):
            shutil.copyfile(claims, study.claims_file)
            shutil.copytree(claims.parent / "lexicon", study.lexicon, dirs_exist_ok=True)
            shutil.copyfile(claims.with_name("coder.json"), study.coder_file)
            rules = StudyFolder(claims.parent).rules_file
            if rules.is_file():
                study.rules_file.parent.mkdir(exist_ok=True)
                shutil.copyfile(rules, study.rules_file)
    except OSError as error:
        raise UsageError(
            f"{error.filename}: {error.strerror}; name a folder that can be written with --study DIR"
        ) from None
    return study


def _outlet(outlet: SampleOutlet, base_port: int) -> str:
    home = origin(outlet.id, base_port)
    keys: dict[str, object] = {
        "id": outlet.id,
        "name": outlet.name,
        "domain": home.removeprefix("http://"),
        "country": outlet.country,
        "bloc": outlet.bloc,
        "ownership": outlet.ownership,
        "languages": list(outlet.languages),
    }
    if outlet.aggregator:
        keys["aggregator"] = True
    if pages := listed_pages(outlet):
        keys["pages"] = [home + path for path in pages]
    if outlet.feed:
        keys["feeds"] = [home + outlet.feed.path]
    if outlet.sitemap:
        keys["sitemaps"] = [home + outlet.sitemap.path]
    return _entry("outlet", keys)


def _entry(table: str, keys: Mapping[str, object]) -> str:
    # A JSON string, list or truth value of these kinds is TOML too.
    return "\n".join([f"[[{table}]]", *(f"{key} = {_toml(value)}" for key, value in keys.items()), ""])


def _toml(value: object) -> str:
    return json.dumps(value, ensure_ascii=False)
