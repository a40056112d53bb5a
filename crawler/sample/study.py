"""Writes the study of the sample web: sources.toml with its outlets, and a copy of the codebook."""

import json
import shutil
from pathlib import Path

from crawler.errors import UsageError
from crawler.sample.addresses import listed_pages, origin
from crawler.sample.archive import CDX, REPLAY, archive_port
from crawler.sample.model import SampleOutlet, sample
from crawler.study import StudyFolder

TOPIC = {
    "en": ["Gossi", "Jossi"],
    "fr": ["Gossi", "Gossy"],
    "es": ["Gossi"],
    "ru": ["Госси"],
    "ar": ["غوسي", "جوسي"],
}
"""The words one of which every page on the topic has: the town, as it is written."""

_STUDY = """\
# The study of the sample web: fictional outlets that this machine serves itself.
# `gossi sample` writes this file anew each time.

[study]
name = "Sample of Gossi Coverage: fictional outlets, made-up articles"
contact = "https://example.org/sample-of-gossi-coverage"

[study.window]
first = 2022-04-15
last = 2022-06-30

[study.topic]
{topic}

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
        claims: the claims.toml to copy.

    Raises:
        UsageError: the folder holds another study, cannot be written, or the codebook not be read.
    """
    study = StudyFolder(folder)
    if not _is_ours(study.sources_file):
        raise UsageError(
            f"{study.sources_file} is of another study, which the sample would replace; "
            "name a folder for the sample with --study DIR, such as --study sample-study"
        )
    topic = "\n".join(f"{language} = {_toml(words)}" for language, words in TOPIC.items())
    archive = f"http://127.0.0.1:{archive_port(base_port)}"
    settings = _STUDY.format(topic=topic, archive=archive, cdx=CDX, replay=REPLAY)
    outlets = [_outlet(outlet, base_port) for outlet in sample().outlet]
    try:
        folder.mkdir(parents=True, exist_ok=True)
        study.sources_file.write_text("\n".join([settings, *outlets]), encoding="utf-8")
        if not (study.claims_file.exists() and claims.samefile(study.claims_file)):
            shutil.copyfile(claims, study.claims_file)
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
    # A JSON string, list or truth value of these kinds is TOML too.
    return "\n".join(["[[outlet]]", *(f"{key} = {_toml(value)}" for key, value in keys.items()), ""])


def _toml(value: object) -> str:
    return json.dumps(value, ensure_ascii=False)
