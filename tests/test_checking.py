"""Tests what `gossi check` tells of a study.

Also tests analysis/findable.py.
"""

from datetime import date
from pathlib import Path

import pytest

from gossi.analysis.checking import Finding, check_study, first_crawl, in_a_line
from gossi.analysis.codebook import load_codebook
from gossi.crawler.errors import ConfigError
from gossi.crawler.study.new import new_study
from gossi.crawler.study.sources import StudyFolder

TODAY = date(2026, 3, 31)


@pytest.fixture
def study(tmp_path: Path) -> StudyFolder:
    """A new study in English."""
    new_study(tmp_path / "mine", ["en"], None, TODAY)
    return StudyFolder(tmp_path / "mine")


def change(file: Path, old: str, new: str) -> None:
    """Replace the first `old` of a file."""
    text = file.read_text(encoding="utf-8")
    assert old in text
    file.write_text(text.replace(old, new, 1), encoding="utf-8")


def cases(study: StudyFolder, about: str) -> list[str]:
    """What the check finds under the heading that has this word."""
    (found,) = (finding for finding in check_study(study, TODAY) if about in finding.heading)
    return found.cases


def test_a_new_study_has_no_error_and_one_outlet_to_fill_in(study: StudyFolder) -> None:
    """All that is told of it is that nothing discovers the example's pages."""
    findings = [finding for finding in check_study(study, TODAY) if finding.cases]
    assert findings == [
        Finding(
            "outlets whose articles nothing can discover",
            ["example: give it pages, feeds or sitemaps, or let an archive be searched for it"],
        )
    ]
    assert in_a_line(load_codebook(study.claims_file), study.sources().outlet) == ""


def test_the_errors_of_all_files_are_told_at_once(study: StudyFolder) -> None:
    """sources.toml, claims.toml and the blocs that they share: a line each, none twice."""
    change(study.sources_file, 'country = "XX"', 'country = "Xx"')
    change(study.claims_file, 'voices = ["north_voice"]', 'voices = ["north_voices"]')
    change(
        study.sources_file, "[[outlet]]", '[[bloc]]\nid="b"\nname="B"\nadjective="B"\nside="west"\n[[outlet]]'
    )
    with pytest.raises(ConfigError) as caught:
        check_study(study, TODAY)
    lines = str(caught.value).splitlines()
    assert [line.split(": ")[1] for line in lines] == [
        '[[outlet]] 1 (id "example"), key country',
        "[[bloc]] (id 'b'), key side",
        "[[side]] (id 'north'), key voices",
    ]


def test_claims_without_words_are_told_by_language(study: StudyFolder) -> None:
    """A language in which nothing can be found, and one that lacks a part of every frame."""
    change(study.sources_file, 'languages = ["en"]', 'languages = ["en", "sw"]')
    change(study.lexicon / "en.toml", "[south_country]", "# [south_country]")
    change(study.lexicon / "en.toml", 'words = ["Southland"]', "")
    assert cases(study, "cannot be found") == [
        "sw: no claim; lexicon/sw.toml needs words for speech, topic first (of example)",
        "en: north.southland_killed; lexicon/en.toml has no words for south_country",
    ]
    assert in_a_line(load_codebook(study.claims_file), study.sources().outlet) == (
        "cannot be found for lack of words: no claim in sw; of 2 claims 1 in en; to see which: gossi check"
    )


def test_dates_that_cannot_be(study: StudyFolder) -> None:
    """A claim of tomorrow, and one that became public when the window was over."""
    change(study.claims_file, "public_since = 2025-12-31", "public_since = 2026-04-01")
    change(study.claims_file, "public_since = 2025-12-31", "public_since = 2026-03-30")
    change(study.sources_file, "last = 2026-03-31", "last = 2026-03-01")
    first, second = cases(study, "dates")
    assert first.endswith("(id 'north.southland_killed'), key public_since: 2026-04-01 is in the future")
    assert "2026-03-30 is after the window's last day, 2026-03-01" in second


def test_concepts_and_words_of_no_use(study: StudyFolder) -> None:
    """A concept that no frame names; a word that another of the same concept meets, whatever its case."""
    change(study.lexicon / "concepts.toml", "[topic]", '[idle]\nmeaning = "x"\n[topic]')
    change(study.lexicon / "en.toml", "[topic]", '[idle]\nwords = ["idle"]\n[topic]')
    change(
        study.lexicon / "en.toml", '"Exampleford"', '"Example*", "exampleford", "Exam", "Exampleford road"'
    )
    assert cases(study, "nothing uses") == ["idle"]
    assert cases(study, "needless") == [
        "lexicon/en.toml: [topic]: 'exampleford', as 'Example*' stands there",
    ]


def test_the_length_of_a_first_crawl(study: StudyFolder) -> None:
    """What the outlets list, at the study's delay."""
    change(study.sources_file, "feeds = []", 'feeds = ["https://example.org/feed"]')
    # robots.txt, a probe, the feed and twenty pages of it: 23 requests, 2 s apart
    assert first_crawl(study.sources()).startswith("first crawl: at least 23 requests, about 1 MB; ")
