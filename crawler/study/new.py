"""Makes a new study: commented files that run at once, to be overwritten. What `gossi init` does."""

import json
import shutil
import tempfile
from collections.abc import Callable
from datetime import date, timedelta
from pathlib import Path

import jinja2

from gossi.crawler.errors import ConfigError, InputError, UsageError
from gossi.crawler.lexicon.lexicon import shared_concepts, shared_words
from gossi.crawler.study.outlet_list import ListedBloc, ListedOutlet, read_outlets
from gossi.crawler.study.sources import PLACEHOLDER_CONTACT, StudyFolder
from gossi.crawler.values import as_language

_WINDOW = timedelta(days=90)
"""Of the window that a new study has until somebody sets it."""

_SHOWN = 5
"""Words of a shared concept that a language's file shows."""


def new_study(  # noqa: PLR0913 - two have a default
    root: Path,
    languages: list[str],
    outlets: Path | None,
    today: date,
    *,
    contact: str = PLACEHOLDER_CONTACT,
    discover: Callable[[list[ListedOutlet]], list[ListedOutlet]] = lambda listed: listed,
) -> list[Path]:
    """Write the files of a study into `root`; the files written.

    Args:
        root: made if it is missing; nothing that stands there is overwritten.
        languages: codes, for each of which there will be a file in lexicon/.
        outlets: a CSV file (`read_outlets`); by default the study has one outlet that is an example.
        today: the window ends here.
        contact: how a webmaster reaches whoever runs the study.
        discover: gives outlets feeds and sitemaps that the file has not.

    Raises:
        UsageError: the folder has a study already, or cannot be written, or a language is none.
        InputError: the CSV file cannot be read, or a row of it makes no outlet.
    """
    for code in languages:
        try:
            as_language(code)
        except ValueError as error:
            raise UsageError(f"--languages: {error}") from None
    standing = [
        name for name in ("sources.toml", "claims.toml", "lexicon", "README.md") if (root / name).exists()
    ]
    if standing:
        raise UsageError(
            f"{root}: has {', '.join(standing)} already, which are not overwritten; name a new folder"
        )
    blocs, listed = _example(languages) if outlets is None else read_outlets(outlets, languages)
    files = _files(root, languages, (blocs, discover(listed)), today, contact)
    try:
        root.mkdir(parents=True, exist_ok=True)
        with tempfile.TemporaryDirectory(dir=root, prefix=".new-study-") as made:
            _write(Path(made), files)
            _check(Path(made), outlets)
            for name in ("lexicon", "claims.toml", "README.md", "sources.toml"):
                shutil.move(Path(made) / name, root / name)
    except OSError as error:
        raise UsageError(f"{error.filename}: {error.strerror}; name a folder that can be written") from None
    return [root / name for name in files]


def _example(languages: list[str]) -> tuple[list[ListedBloc], list[ListedOutlet]]:
    outlet = ListedOutlet("example", "The Example", "example.org", "XX", "unlisted", "unknown", languages)
    return [], [outlet]


def _files(
    root: Path,
    languages: list[str],
    listed: tuple[list[ListedBloc], list[ListedOutlet]],
    today: date,
    contact: str,
) -> dict[str, str]:
    """The files by name, and what stands in them."""
    blocs, outlets = listed
    environment = jinja2.Environment(  # noqa: S701 - TOML and Markdown, not HTML
        loader=jinja2.PackageLoader("gossi.crawler.study"),
        undefined=jinja2.StrictUndefined,
        keep_trailing_newline=True,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    # A JSON string or list is TOML too.
    environment.filters["toml"] = lambda value: json.dumps(value, ensure_ascii=False)
    name = root.resolve().name
    words = {
        "name": f"A study: {name}",
        "folder": root,
        "contact": contact,
        "first": today - _WINDOW,
        "last": today,
        "blocs": blocs,
        "outlets": outlets,
    }
    texts = {
        file: environment.get_template(f"{file}.j2").render(words)
        for file in ("sources.toml", "claims.toml", "README.md")
    }
    texts["lexicon/concepts.toml"] = environment.get_template("concepts.toml.j2").render(
        shared=shared_concepts()
    )
    for code in languages:
        shared = [
            (concept, ", ".join(terms[:_SHOWN]) + (f", … ({len(terms)})" if len(terms) > _SHOWN else ""))
            for concept, terms in shared_words(code).items()
        ]
        texts[f"lexicon/{code}.toml"] = environment.get_template("language.toml.j2").render(
            code=code, shared=shared
        )
    return texts


def _write(folder: Path, files: dict[str, str]) -> None:
    (folder / "lexicon").mkdir()
    for name, text in files.items():
        (folder / name).write_text(text, encoding="utf-8")


def _check(folder: Path, outlets: Path | None) -> None:
    """Read the study as a run will: what a row of the CSV file has wrong is told of that file."""
    study = StudyFolder(folder)
    try:
        study.sources()
    except ConfigError as error:
        raise InputError(str(error).replace(str(study.sources_file), str(outlets))) from None
