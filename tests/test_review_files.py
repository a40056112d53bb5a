"""The files of a drawn sample and of what people coded, and the views that they land in.

Also tests analysis/review/codings.py, analysis/review/draws.py, analysis/measuring/people.py and
analysis/measuring/coder_pairs.py.
"""

from datetime import UTC, datetime
from hashlib import sha256
from pathlib import Path

import pytest

from gossi.analysis.cli.main import cli, guarded
from gossi.analysis.measuring.publish import publish
from gossi.analysis.measuring.query import query
from gossi.analysis.review.codings import Label, PersonsCoding, append_coding, codings_file, read_codings
from gossi.analysis.review.draws import (
    FRAME_FILE,
    Draw,
    Drawn,
    Frame,
    Stratum,
    frame_digest,
    read_draw,
    read_frame,
    write_draw,
    write_frame,
)
from gossi.crawler.errors import InputError
from tests import hand_store

NOW = datetime(2026, 12, 1, 10, 0, tzinfo=UTC)
CLAIMS = {"mali.blame": "c1", "france.burial": "c2"}


def coding(article: str, coder: str, mode: str = "sample", **labels: str) -> PersonsCoding:
    """A coding of one of the hand-made store's articles; `labels` are claims with _ for the dot."""
    return PersonsCoding.model_validate(
        {
            "id": article,
            "version": f"digest of {article}",
            "coder": coder,
            "time": NOW,
            "mode": mode,
            "on_topic": True,
            "claims": CLAIMS,
            "labels": {
                claim.replace("_", "."): {"stance": stance, "sentences": [0]}
                for claim, stance in labels.items()
            },
        }
    )


def write_sample(folder: Path) -> Path:
    """A draw of two of three articles of the hand-made store."""
    folder.mkdir(parents=True)
    write_frame(
        folder,
        [(article, f"digest of {article}", "western", article) for article in ("a2", "a4", "a11")],
    )
    write_draw(
        folder,
        Draw(
            draw=folder.name,
            time=NOW,
            seed=7,
            by=["bloc"],
            frame=Frame(digest=frame_digest(folder), articles=3, texts=3),
            strata=[Stratum(stratum="western", articles=3, texts=3, drawn=2)],
            articles=[
                Drawn(
                    position=number,
                    article=article,
                    version=f"digest of {article}",
                    stratum="western",
                    text=article,
                    chance=2 / 3,
                )
                for number, article in enumerate(("a4", "a2"), 1)
            ],
        ),
    )
    return folder


def test_a_draw_is_read_as_it_was_written(tmp_path: Path) -> None:
    """Chances, strata and the frame; the digest is that of the frame's file."""
    folder = write_sample(tmp_path / "d1")
    draw = read_draw(folder)
    assert draw.strata[0].chance == 2 / 3
    assert [article.article for article in draw.articles] == ["a4", "a2"]
    assert draw.frame.digest == sha256((folder / FRAME_FILE).read_bytes()).hexdigest()
    assert [row.article for row in read_frame(folder)] == ["a2", "a4", "a11"]


def test_a_changed_frame_is_an_error(tmp_path: Path) -> None:
    """With another frame no chance is known. Line ends of another system are no change."""
    folder = write_sample(tmp_path / "d1")
    frame = folder / FRAME_FILE
    frame.write_bytes(frame.read_bytes().replace(b"\n", b"\r\n"))
    assert read_draw(folder).seed == 7
    frame.write_text(frame.read_text(encoding="utf-8") + "a9,x,western,a9\n", encoding="utf-8")
    with pytest.raises(InputError, match=r"frame\.csv: is not the frame"):
        read_draw(folder)


def test_the_last_coding_holds(tmp_path: Path) -> None:
    """A later line takes the place of an earlier one; a torn last line is passed over and written over."""
    folder = write_sample(tmp_path / "d1")
    append_coding(folder, coding("a4", "ada", mali_blame="asserted"))
    append_coding(folder, coding("a4", "ada", mali_blame="disputed"))
    with codings_file(folder, "ada").open("a", encoding="utf-8") as file:
        file.write('{"id": "a2", "ver')
    assert [c.labels for c in read_codings(folder)] == [
        {"mali.blame": Label(stance="disputed", sentences=[0])}
    ]
    append_coding(folder, coding("a2", "ada"))
    assert [(c.id, c.time) for c in read_codings(folder)] == [("a4", NOW), ("a2", NOW)]


@pytest.mark.parametrize(
    ("line", "words"),
    [
        ('{"id": "a2"}', "line 1: key version: Field required"),
        ("no json", "line 1: key line: Invalid JSON"),
        (coding("a2", "ada").model_dump_json().replace('"ada"', '"program"'), "the program's own name"),
        (
            coding("a2", "ada", mali_blame="asserted").model_dump_json().replace('"mali.blame":"c1",', ""),
            "mali.blame: in labels but not in claims",
        ),
    ],
)
def test_a_line_that_is_no_coding(tmp_path: Path, line: str, words: str) -> None:
    """The message names file, line and key."""
    (tmp_path / "ada.jsonl").write_text(f"{line}\n", encoding="utf-8")
    with pytest.raises(InputError, match=words):
        read_codings(tmp_path)


def test_an_article_is_in_one_frame_only(tmp_path: Path) -> None:
    """Else its chance would not be known."""
    write_sample(tmp_path / "draws" / "d1")
    write_sample(tmp_path / "draws" / "d2")
    with pytest.raises(InputError, match=r"article a\d+ is in the frames of d1 and d2"):
        publish(hand_store.build(tmp_path / "s.duckdb"), tmp_path / "c.duckdb", draws=tmp_path / "draws")


def test_codings_of_people_stand_beside_the_programs(tmp_path: Path) -> None:
    """The views show the sample, every coder's word and how far two agree."""
    folder = write_sample(tmp_path / "draws" / "d1")
    for one in (
        coding("a4", "ada", mali_blame="attributed", france_burial="asserted"),
        coding("a4", "ben", "second", mali_blame="disputed", france_burial="asserted"),
        coding("a2", "ada", france_burial="attributed"),
        coding("a2", "ben", "second"),
    ):
        append_coding(folder, one)
    published = tmp_path / "c.duckdb"
    publish(hand_store.build(tmp_path / "s.duckdb"), published, draws=tmp_path / "draws")
    assert query(published, "SELECT position, article_id, outlet_id, chance, stands, coded FROM draws")[
        1
    ] == [
        (1, "a4", "herald", 2 / 3, False, True),
        (2, "a2", "courier", 2 / 3, False, True),
    ]
    found = query(
        published,
        "SELECT coder, mode, included, stance, sentences FROM coder_codings"
        " WHERE article_id = 'a4' AND claim_id = 'mali.blame' ORDER BY coder",
    )[1]
    assert found == [
        ("ada", "sample", True, "attributed", [0]),
        ("ben", "second", True, "disputed", [0]),
        ("program", None, True, "disputed", [0]),
    ]
    found = query(
        published,
        "SELECT about, claim_id, coded, agreed, both_have, first_only, second_only, neither, f1, alpha,"
        " flagged, confused FROM agreement",
    )[1]
    assert found == [
        ("topic", None, 2, 2, 2, 0, 0, 0, 1.0, None, False, []),
        ("inclusion", "mali.blame", 2, 2, 1, 0, 0, 1, 1.0, 1.0, False, []),
        ("inclusion", "france.burial", 2, 1, 1, 1, 0, 0, 2 / 3, 0.0, True, ["yes / no: 1"]),
        ("stance", "mali.blame", 1, 0, None, None, None, None, None, 0.0, True, ["attributed / disputed: 1"]),
        ("stance", "france.burial", 1, 1, None, None, None, None, None, None, False, []),
    ]


def test_how_far_two_people_agree_is_printed(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """`gossi validate --coders A,B`, in either order; a claim on which they hardly agree is named."""
    folder = write_sample(tmp_path / "coded" / "draws" / "d1")
    for one in (
        coding("a4", "ada", mali_blame="asserted", france_burial="asserted"),
        coding("a4", "ben", "second", mali_blame="asserted"),
        coding("a2", "ada", mali_blame="asserted"),
        coding("a2", "ben", "second"),
    ):
        append_coding(folder, one)
    (tmp_path / "data").mkdir()
    published = tmp_path / "data" / "coverage.duckdb"
    publish(hand_store.build(tmp_path / "s.duckdb"), published, draws=tmp_path / "coded" / "draws")
    monkeypatch.setattr("sys.argv", ["gossi", "--study", str(tmp_path), "validate", "--coders", "ben, ada"])
    assert guarded(lambda: cli.main(standalone_mode=False)) == 0
    out, err = capsys.readouterr()
    assert "ada" in out
    assert err == "Alpha below .667, too low to build on: mali.blame, france.burial\n"
    monkeypatch.setattr("sys.argv", ["gossi", "--study", str(tmp_path), "validate", "--coders", "ada,eve"])
    assert guarded(lambda: cli.main(standalone_mode=False)) == 1
    assert "there are ada,ben" in capsys.readouterr().err
