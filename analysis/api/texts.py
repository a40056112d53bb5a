"""Extraction and alignment without a database: what `gossi extract` and `gossi align` do."""

from collections.abc import Iterable, Iterator, Mapping
from os import PathLike
from pathlib import Path
from typing import TYPE_CHECKING, Any

from gossi.study import Study

if TYPE_CHECKING:
    from gossi.crawler.imports.extract_files import ExtractReport

    AnyPath = str | PathLike[str]


def extract(
    paths: "AnyPath | Iterable[AnyPath]", workers: int | None = None, report: "ExtractReport | None" = None
) -> Iterator[dict[str, str | None]]:
    """The articles of WARC and HTML files, on topic or not, in their order, one at a time.

    Each has the keys url, headline, published (ISO 8601 in UTC: a day, or an instant with "Z"; None where it
    is not known), published_source, language (ISO 639, "und" where it is not known), observability ("full",
    or why not: "paywall", …) and text (a paragraph a line).

    Args:
        paths: a file, or several: WARC in any compression, HTML.
        workers: processes; by default one a core.
        report: takes what is left out, and why, and a line for each file that cannot be read or is damaged.

    Raises:
        InputError: a file cannot be read or is damaged, and `report` was not given; comes after everything
            that could be read.
        GossiError: no worker can be started.
    """
    from gossi.crawler.imports.extract_files import extract_files  # noqa: PLC0415 - it loads the workers

    several = [paths] if isinstance(paths, str | PathLike) else paths
    return extract_files([Path(path) for path in several], workers, report)


def align(
    articles: "AnyPath | Iterable[Mapping[str, Any]]", study: "Study | AnyPath" = "."
) -> Iterator[dict[str, Any]]:
    """Code articles under a study's codebook: which claims each gives, in which sentences, with what stance.

    Gives for each article, in their order and one at a time, `{"id", "on_topic": bool, "labels": {claim:
    {"stance": "asserted" | "attributed" | "disputed", "sentences": [int], "score": 0 to 100, …}}}`.
    Sentence -1 is the headline; where `text` is a list its indexes are used.

    Args:
        articles: a JSON Lines file, or articles as mappings. Of an article's keys `id`, `headline` and `text`
            (one string, or a list of sentences) are required; without an `id`, its `url` stands for it.
        study: the study, or its folder.

    Raises:
        ConfigError: the codebook is missing or wrong.
        InputError: at the first article that is none, after the codings of those before.
        GossiError: the workers were lost.
    """
    from gossi.analysis.codebook import load_codebook  # noqa: PLC0415 - and with it the aligner
    from gossi.analysis.coding.jsonl import align_file, align_records  # noqa: PLC0415

    files = (study if isinstance(study, Study) else Study(study)).files
    codebook = load_codebook(files.claims_file)
    if isinstance(articles, str | PathLike):
        return align_file(Path(articles), codebook)
    return align_records(_records(articles), codebook)


def _records(articles: Iterable[Mapping[str, Any]]) -> Iterator[dict[str, Any]]:
    from gossi.crawler.imports.articles import checked_record  # noqa: PLC0415

    for number, article in enumerate(articles, 1):
        record = dict(article)
        record.setdefault("id", record.get("url"))
        yield checked_record(record, f"article {number}")
