"""A coder at work: the article before them, what they decide, and the way back."""

from collections.abc import Mapping, Sequence
from datetime import UTC, datetime
from pathlib import Path

from pydantic import BaseModel, ConfigDict, Field

from gossi.analysis.review.codings import Cannot, Label, Mode, PersonsCoding, append_coding
from gossi.analysis.review.locks import Lock
from gossi.analysis.review.questions import Question
from gossi.analysis.review.queue import SECOND_SHARE, Progress, Queue, Task
from gossi.analysis.review.texts import ArticleText, read_text
from gossi.crawler.errors import UsageError
from gossi.crawler.study.sources import StudyFolder

INCOMPLETE_ANSWER = "say first whether the article is on topic"


class Answer(BaseModel):
    """What the page sends: a decision on one article. Sentence -1 is the headline."""

    model_config = ConfigDict(extra="forbid", strict=True)

    article: str
    version: str
    mode: Mode
    on_topic: bool | None = None
    labels: dict[str, Label] = Field(default_factory=dict)
    cannot: Cannot | None = None
    note: str = Field(default="", max_length=4000)


class Refused(Exception):  # noqa: N818 - an answer is refused; nothing has failed
    """An answer that cannot be taken down; the message says what the coder has to do."""


class Desk:
    """One coder's place. An article that lies here lies on nobody else's desk."""

    def __init__(
        self,
        study: StudyFolder,
        questions: Sequence[Question],
        coder: str,
        mode: Mode,
        share: float = SECOND_SHARE,
    ) -> None:
        self.coder = coder
        self.mode = mode
        self.questions = questions
        self._study = study
        self._queue = Queue(study, coder, mode, questions, share)
        if mode != "settle" and not self._queue.folders:
            raise UsageError(f"{study.draws}: no sample is drawn; `gossi draw --articles N` draws one")
        self._locks = study.data / "review"
        self._place = Lock(self._locks / f"coder-{coder}-{mode}.lock")
        if not self._place.take():
            raise UsageError(f"{coder} is coding already, in another `gossi review`; end that first")
        self._held: tuple[Task, Lock] | None = None
        self._texts: dict[tuple[str, str], ArticleText | None] = {}
        self._back: int | None = None
        self.unreadable = 0
        """Articles passed over since their text is no longer in the database."""

    def close(self) -> None:
        """Leave the place to others."""
        self._give()
        self._place.give()

    def task(self) -> tuple[Task, ArticleText] | None:
        """The article that is to be coded now; None when nothing is left."""
        if self._back is not None:
            task = self._queue.history()[self._back]
            text = self._text(task)
            return (task, text) if text else None
        self.unreadable = 0
        for task in self._queue.tasks():
            text = self._text(task)
            if text is None:
                self.unreadable += 1
            elif self._take(task):
                return task, text
        self._give()
        return None

    def progress(self) -> Progress:
        """How far the work has come."""
        return self._queue.progress()

    def can_undo(self) -> bool:
        """Whether there is a coding to go back to."""
        return len(self._queue.history()) > (0 if self._back is None else self._back + 1)

    def undo(self) -> None:
        """Go back to the coding before this one; it stands until another takes its place."""
        if self.can_undo():
            self._back = 0 if self._back is None else self._back + 1

    def forward(self) -> None:
        """Leave what was gone back to as it is, and go on with what is next."""
        self._back = None

    def answer(self, answer: Answer) -> None:
        """Take down a decision: it is on the disk when this returns.

        Raises:
            Refused: it is of another article than the one that lies here, or something is missing in it.
        """
        lying = self.task()
        if lying is None or (lying[0].article, lying[0].version, lying[0].mode) != (
            answer.article,
            answer.version,
            answer.mode,
        ):
            raise Refused("this article is coded already; the page is loaded anew")
        task, text = lying
        self._check(answer, text)
        task.folder.mkdir(parents=True, exist_ok=True)
        append_coding(task.folder, self._coding(task, answer))
        self._back = None

    def _coding(self, task: Task, answer: Answer) -> PersonsCoding:
        judged = answer.cannot is None
        return PersonsCoding(
            id=task.article,
            version=task.version,
            coder=self.coder,
            time=datetime.now(UTC),
            mode=task.mode,
            on_topic=bool(answer.on_topic) and judged,
            labels={claim: _sorted(label) for claim, label in answer.labels.items()} if judged else {},
            claims=self.asked() if judged else {},
            cannot=answer.cannot,
            note=answer.note.strip(),
        )

    def asked(self) -> Mapping[str, str]:
        """Each claim with the digest of its wording."""
        return {question.claim: question.digest for question in self.questions}

    def _check(self, answer: Answer, text: ArticleText) -> None:
        if answer.cannot:
            return
        if answer.on_topic is None:
            raise Refused(INCOMPLETE_ANSWER)
        if unknown := sorted(set(answer.labels) - set(self.asked())):
            raise Refused(f"the codebook has no claim {unknown[0]}; the page is loaded anew")
        for claim, label in answer.labels.items():
            if not label.sentences:
                raise Refused(f"name a sentence that conveys {claim}")
            if wrong := [n for n in label.sentences if not -1 <= n < len(text.sentences)]:
                raise Refused(f"{claim}: there is no sentence {wrong[0] + 1}")

    def _text(self, task: Task) -> ArticleText | None:
        # A version's text never changes: its digest is its name.
        key = task.article, task.version
        if key not in self._texts:
            self._texts[key] = read_text(self._study.published_file, *key)
        return self._texts[key]

    def _take(self, task: Task) -> bool:
        if self._held and self._held[0].article == task.article:
            return True
        lock = Lock(self._locks / f"{_file_name(task)}.lock")
        if not lock.take():
            return False
        self._give()
        self._held = task, lock
        return True

    def _give(self) -> None:
        if self._held:
            self._held[1].give()
            self._held = None


def _sorted(label: Label) -> Label:
    return Label(stance=label.stance, sentences=sorted(set(label.sentences)))


def _file_name(task: Task) -> Path:
    # Two people may code one article at a time where one is the first and one the second to do so.
    return Path(f"{task.mode}-{task.article}")
