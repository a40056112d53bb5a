"""crawler/config.py words its errors for the person who wrote the TOML file."""

from pathlib import Path
from typing import Literal

import pytest
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st
from pydantic import Field

from gossi.crawler.config import Table, load_toml
from gossi.crawler.errors import ConfigError


class Wording(Table):
    """A table in a list in a list."""

    text: str
    tags: list[int] = Field(default_factory=list)


class Claim(Table):
    """A table in a list."""

    id: str
    wording: list[Wording]


class Inner(Table):
    """A table in a table."""

    colour: Literal["red", "green"] = "red"
    words: dict[str, list[str]] = Field(default_factory=dict)


class Outer(Table):
    """A table."""

    inner: Inner


class Codebook(Table):
    """A file with each kind of table that the project's files have."""

    outer: Outer
    claim: list[Claim]


GOOD = """
[outer.inner]
colour = "green"
words = { fr = ["oui"] }
[[claim]]
id = "first"
wording = [{ text = "one" }, { text = "two" }]
[[claim]]
id = "second"
[[claim.wording]]
text = "three"
"""


def load(folder: Path, text: str | bytes) -> Codebook:
    """Write a file and read it."""
    path = folder / "file.toml"
    path.write_bytes(text if isinstance(text, bytes) else text.encode())
    return load_toml(path, Codebook)


def complaints(folder: Path, text: str | bytes) -> list[str]:
    """The lines of the error that a file gives, without the file's path, which each must begin with."""
    with pytest.raises(ConfigError) as caught:
        load(folder, text)
    lines = str(caught.value).splitlines()
    start = f"{folder / 'file.toml'}: "
    assert all(line.startswith(start) for line in lines)
    return [line.removeprefix(start) for line in lines]


def test_a_good_file_loads(tmp_path: Path) -> None:
    """What the models describe is read as written."""
    book = load(tmp_path, GOOD)
    assert book.outer.inner.words == {"fr": ["oui"]}
    assert [wording.text for claim in book.claim for wording in claim.wording] == ["one", "two", "three"]


def test_a_byte_order_mark_is_no_error(tmp_path: Path) -> None:
    """Editors that put a byte order mark before UTF-8 are served too."""
    assert load(tmp_path, b"\xef\xbb\xbf" + GOOD.encode()) == load(tmp_path, GOOD)


@pytest.mark.parametrize(
    ("old", "new", "expected"),
    [
        ('colour = "green"', 'color = "green"', "[outer.inner], key color: is not known here"),
        (
            'colour = "green"',
            'colour = "gren"',
            "[outer.inner], key colour: input should be 'red' or 'green'",
        ),
        ('["oui"]', '["oui", 5]', "[outer.inner.words], key fr[2]: input should be a valid string, not 5"),
        ('{ text = "two" }', "{ }", '[[claim]] 1 (id "first"), [[claim.wording]] 2, key text: is missing'),
        ('"three"', "3", '[[claim]] 2 (id "second"), [[claim.wording]] 1, key text: input should be a'),
        ('"three"', '"three"\ntags = [1, "x"]', "[[claim.wording]] 1, key tags[2]: input should be a valid"),
        ('id = "first"', 'identity = "first"', "[[claim]] 1, key id: is missing"),
        ("[outer.inner]", "[outer.iner]", "[outer.iner]: is not known here; known are inner"),
        ("[outer.inner]", "[outer]", "[outer.inner]: is missing"),
        ("[outer.inner]", "[other.inner]", "[other]: is not known here; known are outer, claim"),
        ("[[claim]]", "[[clam]]", "[claim]: is a single table; begin each entry with double brackets"),
        ("[[claim]]", "[[clam]]", "[[clam]]: is not known here; known are outer, claim"),
    ],
)
def test_an_error_names_table_and_key(tmp_path: Path, old: str, new: str, expected: str) -> None:
    """Each kind of slip is named by its table and key, as they stand in the file."""
    assert GOOD.count(old) >= 1
    lines = complaints(tmp_path, GOOD.replace(old, new))
    assert any(expected in line for line in lines), lines


def test_an_empty_file_lacks_its_tables(tmp_path: Path) -> None:
    """A missing table is named in the brackets that it needs."""
    assert complaints(tmp_path, "") == ["[outer]: is missing", "[[claim]]: is missing"]


def test_a_near_miss_gets_a_suggestion(tmp_path: Path) -> None:
    """A misspelt choice is answered with the nearest right one."""
    lines = complaints(tmp_path, GOOD.replace('"green"', '"gren"'))
    assert lines[0].endswith("not 'gren'; did you mean 'green'?")


def test_all_errors_are_told_at_once(tmp_path: Path) -> None:
    """Three slips give three lines, so that the file is mended in one go."""
    text = GOOD.replace('"green"', '"blue"').replace('text = "three"', "").replace('"first"', "1")
    lines = complaints(tmp_path, text)
    assert len(lines) == 3
    assert [line.partition(":")[0].rpartition("key ")[2] for line in lines] == ["colour", "id", "text"]


def test_broken_toml_names_the_line(tmp_path: Path) -> None:
    """A syntax error names its line."""
    (line,) = complaints(tmp_path, '[outer]\nx = "open\n')
    assert line.startswith("not valid TOML")
    assert "line 2" in line


def test_a_file_that_is_not_utf8_names_the_line(tmp_path: Path) -> None:
    """A file saved in another encoding says where, and what to do."""
    (line,) = complaints(tmp_path, '# first\nname = "Libération"\n'.encode("latin-1"))
    assert line == "line 2 is not UTF-8; save the file as UTF-8"


def test_a_missing_file_says_how_to_name_the_study(tmp_path: Path) -> None:
    """Where there is no file, the message says how to point to the right folder."""
    with pytest.raises(ConfigError, match=r"nothing\.toml: no such file; .*--study DIR"):
        load_toml(tmp_path / "nothing.toml", Codebook)


def test_a_directory_in_the_place_of_the_file(tmp_path: Path) -> None:
    """A folder of that name is an error of its own, not a traceback."""
    with pytest.raises(ConfigError, match="cannot be read: Is a directory"):
        load_toml(tmp_path, Codebook)


def test_a_file_in_the_place_of_the_folder(tmp_path: Path) -> None:
    """A study folder that is a file is an error of its own too."""
    (tmp_path / "study").write_text("x")
    with pytest.raises(ConfigError, match="cannot be read: Not a directory"):
        load_toml(tmp_path / "study" / "sources.toml", Codebook)


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], max_examples=60)
@given(st.one_of(st.binary(max_size=200), st.text(alphabet='[]{}=".,#\n a1é', max_size=80).map(str.encode)))
@example(b"x = " + b"[" * 5000)
@example(b"x = " + b"9" * 5000)
@example(b"outer = 1\nclaim = [1, {}]")
@example(b"outer = []\n[claim]\nid = 1")
@example(b"[outer.inner.words]\nfr = [{}]")
@example(b"[[claim]]\nid = 7\nwording = [[1], {}]")
def test_whatever_the_bytes_only_a_config_error_comes(tmp_path: Path, content: bytes) -> None:
    """Hostile or random content ends in ConfigError, never in another exception."""
    with pytest.raises(ConfigError):
        load(tmp_path, content)
