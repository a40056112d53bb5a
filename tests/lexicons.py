"""Writes the lexicon of a study for tests."""

import json
from collections.abc import Iterable, Mapping
from pathlib import Path

from gossi.crawler.config import parse_toml
from gossi.crawler.lexicon.lexicon import SHARED

TOPIC = {"topic": {"en": ["Gossi"]}}
"""A lexicon that has the topic only: what a crawl needs."""


def write_lexicon(folder: Path, concepts: Mapping[str, Mapping[str, Iterable[str]]]) -> None:
    """Write `lexicon/` of a study: concept → language → terms, all of them the study's own."""
    root = folder / "lexicon"
    root.mkdir(parents=True, exist_ok=True)
    shared = parse_toml(SHARED / "concepts.toml")
    declared = [f'[{json.dumps(name)}]\nmeaning = "a test"\n' for name in concepts if name not in shared]
    (root / "concepts.toml").write_text("\n".join(declared), encoding="utf-8")
    for language in {language for words in concepts.values() for language in words}:
        file = SHARED / f"{language}.toml"
        theirs = parse_toml(file) if file.exists() else {}
        tables = [
            f"[{json.dumps(name)}]\n{'replaces' if name in theirs else 'words'} = "
            f"{json.dumps(list(words[language]), ensure_ascii=False)}\n"
            for name, words in concepts.items()
            if language in words
        ]
        (root / f"{language}.toml").write_text("\n".join(tables), encoding="utf-8")


def write_sources(folder: Path, text: str) -> None:
    """Write sources.toml, and where the study has no lexicon yet, one with the topic."""
    (folder / "sources.toml").write_text(text, encoding="utf-8")
    if not (folder / "lexicon").exists():
        write_lexicon(folder, TOPIC)
