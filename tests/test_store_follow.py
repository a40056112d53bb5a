"""Edits of sources.toml take effect with the next analysis; what counts no more is kept and marked."""

import json
from pathlib import Path

import pytest

from gossi.crawler.errors import ConfigError
from gossi.study import Study
from tests import small_codebook
from tests.crawling import rows

HEAD = """
[study]
name = "A test"
contact = "https://gossi.example/contact"
[study.window]
first = 2022-04-01
last = 2022-12-31
[[bloc]]
id = "north"
name = "North"
adjective = "Northern"
"""
GAZETTE = """
[[outlet]]
id = "gazette"
name = "Fictional Gazette"
domain = "gazette.example"
country = "XX"
bloc = "north"
ownership = "unknown"
languages = ["en"]
"""
HERALD = GAZETTE.replace("gazette", "herald").replace("Gazette", "Herald")
TEXT = "The capital said that the grave of Tinfiction, near Gossi, was left."


@pytest.fixture(scope="module")
def study(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A study of two listed outlets and one that is not, with four articles."""
    root = tmp_path_factory.mktemp("study")
    small_codebook.write(root)
    (root / "sources.toml").write_text(HEAD + GAZETTE + HERALD)
    articles = [
        {"id": str(number), "url": f"https://{host}/{number}", "headline": f"Tinfiction {number}",
         "text": [TEXT, f"It rained {number} times."], "published": day}
        for number, (host, day) in enumerate(
            [("gazette.example", "2022-05-01"), ("gazette.example", "2022-11-01"),
             ("herald.example", "2022-05-02"), ("other.example", "2022-05-03")]
        )
    ]  # fmt: skip
    (root / "a.jsonl").write_text("".join(json.dumps(each) + "\n" for each in articles))
    assert Study(root).take_in([root / "a.jsonl"]).exit_code == 0
    return root


def after(root: Path, text: str) -> tuple[list[str], dict[tuple[str, str], int], list[tuple[str, str]]]:
    """What an analysis tells of an edit; articles by outlet and bloc; what is excluded and why."""
    (root / "sources.toml").write_text(text)
    told = Study(root).analyse().study_changes
    counted = (
        Study(root)
        .sql("SELECT DISTINCT outlet_id, bloc, articles FROM coverage WHERE articles > 0")
        .fetchall()
    )
    marked = Study(root).sql("SELECT canonical_url, why FROM excluded").fetchall()
    return told, {(outlet, bloc): articles for outlet, bloc, articles in counted}, marked


def test_the_figures_follow_each_edit_and_back(study: Path) -> None:
    """A bloc changed, an outlet removed, the window narrowed, an id renamed; nothing is lost on the way."""
    other = {("other.example", "unlisted"): 1}
    whole = {("gazette", "north"): 2, ("herald", "north"): 1} | other
    assert after(study, HEAD + GAZETTE + HERALD) == ([], whole, [])
    moved = HEAD + GAZETTE + HERALD.replace('bloc = "north"', 'bloc = "unlisted"')
    assert after(study, moved) == (
        ["outlet herald: its bloc was north and is unlisted; 1 article counted there now"],
        {("gazette", "north"): 2, ("herald", "unlisted"): 1} | other,
        [],
    )
    assert after(study, HEAD + GAZETTE) == (
        ["outlet herald is listed no more; 1 article kept, and counted no more"],
        {("gazette", "north"): 2} | other,
        [("https://herald.example/2", "outlet_removed")],
    )
    narrow = HEAD.replace("last = 2022-12-31", "last = 2022-06-30")
    assert after(study, narrow + GAZETTE + HERALD) == (
        [
            "outlet herald is listed again; 1 article counted again",
            "the window was 2022-04-01 to 2022-12-31 and is 2022-04-01 to 2022-06-30; "
            "1 article outside it kept, and not counted",
        ],
        {("gazette", "north"): 1, ("herald", "north"): 1} | other,
        [("https://gazette.example/1", "out_of_window")],
    )
    renamed = GAZETTE.replace('id = "gazette"', 'id = "journal"\nwas = "gazette"')
    told, counted, _ = after(study, HEAD + renamed + HERALD)
    assert told[0] == "outlet gazette is called journal now; 2 articles taken along"
    assert counted == {("journal", "north"): 2, ("herald", "north"): 1} | other
    assert rows(study, "SELECT DISTINCT outlet_id FROM attempt ORDER BY ALL") == [
        ("herald",), ("journal",), ("other.example",),
    ]  # fmt: skip
    assert after(study, HEAD + renamed + HERALD)[0] == []


def test_an_id_that_is_in_use_was_nobodys(study: Path) -> None:
    """Else two outlets' articles would become one's."""
    (study / "sources.toml").write_text(
        HEAD + GAZETTE + HERALD.replace('id = "herald"', 'id = "herald"\nwas = "gazette"')
    )
    with pytest.raises(ConfigError, match=r"key was: 'gazette' is the id of an .*outlet.* still"):
        Study(study).analyse()
