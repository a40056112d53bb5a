"""The review page without a browser: what it shows, what it takes down, and who is let in.

Also tests analysis/review/desk.py, analysis/review/queue.py, analysis/review/texts.py,
analysis/review/locks.py, analysis/review/questions.py, analysis/review/exchange.py and
analysis/review/server.py.
"""

import json
import re
import shutil
import signal
import subprocess
import urllib.request
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from starlette.testclient import TestClient

from gossi.analysis.measuring.publish import publish
from gossi.analysis.review.app import review_app
from gossi.analysis.review.codings import Label, Mode, PersonsCoding, read_codings
from gossi.analysis.review.desk import Answer, Desk, Refused
from gossi.analysis.review.draw import draw_sample
from gossi.analysis.review.exchange import export_codings, import_codings
from gossi.analysis.review.questions import Question, claim_digest
from gossi.crawler.errors import InputError, UsageError
from gossi.crawler.study.sources import StudyFolder
from tests import hand_store
from tests.conftest import GOSSI, ROOT, gossi

QUESTIONS = [
    Question(claim, side, statement, claim_digest(statement))
    for claim, side, _, _, _, statement, *_ in hand_store.CLAIMS
]
ASKED = {question.claim: question.digest for question in QUESTIONS}
HEADLINES = {article: headline for article, _, _, headline, *_ in hand_store.VERSIONS}


@pytest.fixture(scope="module")
def drawn(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The hand-made store, all of whose nine articles that can be drawn are drawn."""
    folder = StudyFolder(tmp_path_factory.mktemp("drawn"))
    folder.data.mkdir()
    publish(hand_store.build(folder.store_file), folder.published_file)
    draw_sample(folder.published_file, folder.draws, 100, ("bloc",), seed=3)
    return folder.root


@pytest.fixture
def study(drawn: Path, tmp_path: Path) -> StudyFolder:
    """A copy of it for each test."""
    shutil.copytree(drawn, tmp_path, dirs_exist_ok=True)
    return StudyFolder(tmp_path)


def desk(
    study: StudyFolder, coder: str, mode: Mode = "sample", questions: Sequence[Question] = QUESTIONS
) -> Desk:
    """A place at which nobody sits yet; every text is coded twice."""
    return Desk(study, questions, coder, mode, share=1.0)


def code(place: Desk, *, on_topic: bool | None = True, cannot: str | None = None, **labels: Any) -> str:
    """Code the article that lies there; its id. `labels` are claims with _ for the dot and a stance."""
    lying = place.task()
    assert lying is not None
    task = lying[0]
    place.answer(
        Answer(
            article=task.article,
            version=task.version,
            mode=task.mode,
            on_topic=on_topic,
            cannot=cannot,
            labels={
                claim.replace("_", "."): Label(stance=stance, sentences=[0])
                for claim, stance in labels.items()
            },
        )
    )
    return task.article


def codings(study: StudyFolder) -> list[PersonsCoding]:
    """All codings of the draw."""
    (folder,) = study.draws.iterdir()
    return read_codings(folder)


def test_a_sample_is_coded_to_its_end(study: StudyFolder) -> None:
    """Each article once, in the order of the draw; each is on disk before the next is shown."""
    place = desk(study, "ada")
    seen = []
    while place.task():
        seen.append(code(place, mali_blame="attributed"))
        assert codings(study)[-1].id == seen[-1]
    assert len(seen) == len(set(seen)) == 9
    assert (place.progress().done, place.progress().total) == (9, 9)
    assert codings(study)[0].model_dump(exclude={"id", "version", "time"}) == {
        "coder": "ada",
        "mode": "sample",
        "on_topic": True,
        "labels": {"mali.blame": {"stance": "attributed", "sentences": [0]}},
        "claims": ASKED,
        "cannot": None,
        "note": "",
    }


def test_after_a_crash_work_goes_on_where_it_was(study: StudyFolder) -> None:
    """What was confirmed is there, a torn line is not, and the article of the torn line is shown again."""
    first = desk(study, "ada")
    done = code(first)
    lying = first.task()
    assert lying is not None
    first.close()
    (folder,) = study.draws.iterdir()
    with (folder / "ada.jsonl").open("a", encoding="utf-8") as file:
        file.write('{"id": "a1", "ver')
    second = desk(study, "ada")
    again = second.task()
    assert again is not None
    assert again[0].article == lying[0].article != done


def test_two_people_never_have_one_article(study: StudyFolder) -> None:
    """They share the sample; what lies on one desk, and what one has coded, is not offered to the other."""
    ada, ben = desk(study, "ada"), desk(study, "ben")
    seen = []
    for place in (ada, ben, ben, ada, ben, ada, ada, ben, ada):
        assert ada.task() != ben.task()
        seen.append(code(place))
    assert len(set(seen)) == 9
    assert ada.task() is None
    assert ben.task() is None
    with pytest.raises(UsageError, match="ada is coding already"):
        desk(study, "ada")


def test_going_back(study: StudyFolder) -> None:
    """Twice back, one changed; then the work goes on; the change takes the place of what it was."""
    place = desk(study, "ada")
    first, second = code(place), code(place, mali_blame="disputed")
    place.undo()
    place.undo()
    lying = place.task()
    assert lying is not None
    assert lying[0].article == first
    assert not place.can_undo()
    code(place, on_topic=False)
    following = place.task()
    assert following is not None
    assert following[0].article not in {first, second}
    assert {coding.id: (coding.on_topic, list(coding.labels)) for coding in codings(study)} == {
        first: (False, []),
        second: (True, ["mali.blame"]),
    }


@pytest.mark.parametrize(
    ("change", "words"),
    [
        ({"on_topic": None}, "on topic"),
        ({"labels": {"mali.blame": Label(stance="asserted", sentences=[])}}, "name a sentence"),
        ({"labels": {"mali.blame": Label(stance="asserted", sentences=[77])}}, "no sentence 78"),
        ({"labels": {"no.claim": Label(stance="asserted", sentences=[0])}}, "no claim no.claim"),
        ({"article": "a99"}, "coded already"),
    ],
)
def test_what_is_not_taken_down(study: StudyFolder, change: dict[str, Any], words: str) -> None:
    """The coder is told what is missing, and nothing is written."""
    place = desk(study, "ada")
    lying = place.task()
    assert lying is not None
    task = lying[0]
    whole = Answer(article=task.article, version=task.version, mode="sample", on_topic=True)
    with pytest.raises(Refused, match=words):
        place.answer(whole.model_copy(update=change))
    assert codings(study) == []


def test_what_cannot_be_judged(study: StudyFolder) -> None:
    """It needs no word on the topic, has no claims, and is not offered again."""
    place = desk(study, "ada")
    done = code(place, on_topic=None, cannot="incomplete", mali_blame="asserted")
    assert [(c.id, c.cannot, c.claims, c.labels) for c in codings(study)] == [(done, "incomplete", {}, {})]
    lying = place.task()
    assert lying is not None
    assert lying[0].article != done


def test_a_second_person_codes_blind_and_both_settle(study: StudyFolder) -> None:
    """Only what another has coded; where the two differ both are shown, and what is settled counts."""
    ada = desk(study, "ada")
    done = {code(ada, mali_blame="attributed"), code(ada, france_burial="asserted")}
    assert desk(study, "ada", "second").task() is None
    ben = desk(study, "ben", "second")
    seen = {code(ben, mali_blame="disputed")}
    lying = ben.task()
    assert lying is not None
    assert lying[0].pair == ()
    seen.add(code(ben, france_burial="asserted"))
    assert seen == done
    lying = ben.task()
    assert lying is not None
    assert (lying[0].mode, [coding.coder for coding in lying[0].pair]) == ("adjudicated", ["ada", "ben"])
    while ben.task():
        code(ben, mali_blame="disputed")
    settled = [coding for coding in codings(study) if coding.mode == "adjudicated"]
    assert {coding.coder for coding in settled} == {"ben"}


def test_a_reworded_claim_is_asked_again(study: StudyFolder) -> None:
    """Of those who had it or in which it is now matched; a new claim of all; what is right needs one key."""
    place = desk(study, "ada")
    order = [code(place, hrw_killings="attributed")]
    while place.task():
        order.append(code(place))
    place.close()
    changed = [
        replace(question, digest="new") if question.claim == "hrw.killings" else question
        for question in QUESTIONS
    ]
    later = desk(study, "ada", questions=changed)
    again = set()
    while lying := later.task():
        assert lying[0].before is not None
        again.add(code(later))
    # a5 has a mention of it.
    assert again == {order[0], "a5"}
    later.close()
    more = desk(study, "ada", questions=[*changed, Question("mali.new", "Mali", "A new claim.", "d")])
    assert more.task() is not None
    assert sum(1 for _ in more._queue.tasks()) == 9


def test_doubtful_articles_are_kept_out_of_estimates(study: StudyFolder) -> None:
    """None that is drawn is offered; the codings stand apart from the draws."""
    assert desk(study, "ada", "settle").task() is None
    for file in sorted(study.draws.rglob("*"), reverse=True):
        file.unlink() if file.is_file() else file.rmdir()
    place = desk(study, "ben", "settle")
    # a2 has a mention of 60 in 100 in its headline.
    assert code(place, france_burial="attributed") == "a2"
    # Nothing was learnt: whatever is on topic follows, by the digest of its text, and a1's is the lowest.
    assert code(place) == "a1"
    kept, _ = read_codings(study.root / "coded" / "training" / "settled")
    assert (kept.mode, kept.coder) == ("settle", "ben")


def client(place: Desk) -> TestClient:
    """A browser that knows the token."""
    return TestClient(review_app(place, "token", "A study", "Rule <1>"), base_url="http://127.0.0.1")


def test_the_page_is_blind_and_escaped(study: StudyFolder) -> None:
    """Text, numbers, claims and rules; no word of the program's or another coder's; nothing is mark-up."""
    hostile = '</script><script>alert("x")</script>'
    place = desk(study, "ada")
    lying = place.task()
    assert lying is not None
    task, text = lying
    place.task = lambda: (task, replace(text, headline=hostile, sentences=(hostile,)))  # type: ignore[method-assign]
    page = client(place).get("/token/")
    assert page.status_code == 200
    assert hostile not in page.text
    assert page.text.count("&lt;/script&gt;&lt;script&gt;") == 2
    assert "Rule &lt;1&gt;" in page.text
    assert "script-src 'self'" in page.headers["content-security-policy"]
    assert "style=" not in page.text
    for word in ("score", "probability", "matched", "confirmed", "western", "program"):
        assert word not in page.text


def test_who_is_let_in(study: StudyFolder) -> None:
    """Nobody without the token, by another name, or from another site's page."""
    browser = client(desk(study, "ada"))
    assert browser.get("/").status_code == 404
    assert browser.get("/tokem/").status_code == 404
    assert browser.get("/token/", headers={"host": "evil.example"}).status_code == 400
    assert browser.post("/token/undo").status_code == 403
    assert browser.post("/token/undo", headers={"origin": "http://evil.example"}).status_code == 403
    assert browser.post("/token/undo", headers={"origin": "http://127.0.0.1"}).status_code == 200
    assert browser.get("/token/static/review.js").status_code == 200
    assert browser.get("/token/static/../review.html").status_code == 404


@pytest.mark.parametrize("body", [b"", b"no json", b'{"article": "a1"}', b'{"article": 1, "version": []}'])
def test_what_is_no_answer_is_refused(study: StudyFolder, body: bytes) -> None:
    """In words, and nothing is written."""
    answer = client(desk(study, "ada")).post(
        "/token/code", content=body, headers={"origin": "http://127.0.0.1"}
    )
    assert answer.status_code == 422
    assert answer.json()["problem"].startswith("not understood")
    assert codings(study) == []


def test_codings_go_out_and_come_in(study: StudyFolder, tmp_path: Path) -> None:
    """With the text, in the gold form; taken in as another's they say the same."""
    place = desk(study, "ada")
    for _ in range(9):
        code(place, mali_blame="attributed")
    lines = list(export_codings(study, "ada"))
    assert {line["id"]: line["headline"] for line in lines} == {
        article: HEADLINES[article] for article in ("a1", "a2", "a3", "a4", "a5", "a8", "a9", "a10", "a11")
    }
    assert lines[0]["labels"] == {"mali.blame": {"stance": "attributed", "sentences": [0]}}
    file = tmp_path / "theirs.jsonl"
    file.write_text("".join(json.dumps(line) + "\n" for line in lines), encoding="utf-8")
    assert import_codings(study, QUESTIONS, file, "eve", "second") == 9
    theirs = [coding for coding in codings(study) if coding.coder == "eve"]
    mine = [coding for coding in codings(study) if coding.coder == "ada"]
    same = {"coder", "mode", "time"}
    assert [c.model_dump(exclude=same) for c in theirs] == [c.model_dump(exclude=same) for c in mine]
    assert {coding.mode for coding in theirs} == {"second"}


@pytest.mark.parametrize(
    ("line", "words"),
    [
        ({"id": "a99", "on_topic": True}, "line 2: 'a99' is no drawn article"),
        ({"id": "a1"}, "line 2: key on_topic: Field required"),
        (
            {"id": "a1", "on_topic": True, "labels": {"x.y": {"stance": "asserted"}}},
            "'x.y' is no claim of claims.toml",
        ),
    ],
)
def test_a_faulty_import_takes_nothing_in(
    study: StudyFolder, tmp_path: Path, line: dict[str, Any], words: str
) -> None:
    """The message names file, line and key; the good line before it is not taken in either."""
    file = tmp_path / "theirs.jsonl"
    file.write_text(f'{{"id": "a1", "on_topic": true}}\n{json.dumps(line)}\n', encoding="utf-8")
    with pytest.raises(InputError, match=words):
        import_codings(study, QUESTIONS, file, "eve", "second")
    assert codings(study) == []


def test_the_command_serves_until_it_is_interrupted(study: StudyFolder) -> None:
    """It prints the address with a token, answers there only, and ends with Ctrl-C; what is wrong is told."""
    shutil.copy(ROOT / "claims.toml", study.root)
    shutil.copytree(ROOT / "lexicon", study.lexicon)
    shutil.copy(ROOT / "sources.toml", study.root)
    command = [GOSSI, "--study", study.root, "review", "--coder", "ada"]
    with subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True) as running:
        assert running.stdout is not None
        address = running.stdout.readline().split()[-1]
        assert re.fullmatch(r"http://127\.0\.0\.1:\d+/[\w-]{22}/", address)
        with urllib.request.urlopen(address, timeout=30) as page:
            assert b"ada codes" in page.read()
        twice = gossi("review", "--coder", "ada", study=study.root)
        assert (twice.returncode, "ada is coding already" in twice.stderr) == (1, True)
        running.send_signal(signal.SIGINT)
        assert running.wait(30) in {0, 130}
    wrong = gossi("review", "--coder", "../ada", study=study.root)
    assert (wrong.returncode, "--coder ../ada: use letters" in wrong.stderr) == (1, True)
