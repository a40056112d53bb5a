"""What a coder is to code next, by what is on disk: nothing is remembered that a crash could lose."""

import hashlib
import math
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path

from gossi.analysis.review.codings import Mode, PersonsCoding, read_codings
from gossi.analysis.review.draws import Draw, draw_folders, read_draw
from gossi.analysis.review.learning_from import settled_folder
from gossi.analysis.review.questions import Question, changed
from gossi.analysis.review.texts import doubtful_articles, matched_claims
from gossi.crawler.study.sources import StudyFolder

SECOND_SHARE = 0.2
"""Share of the sample that a second person codes: of 150 articles 30, as Lacy and Riffe (1996) want for an
agreement of .9 to be told from one below .8."""

WORK: tuple[Mode, ...] = ("sample", "second", "settle")
"""What a coder can set out to do; what two settle on where they differ (adjudicated) belongs to second."""


@dataclass(frozen=True)
class Task:
    """An article to code. `before` is the coder's earlier coding of it, `pair` two codings that differ."""

    folder: Path
    mode: Mode
    article: str
    version: str
    before: PersonsCoding | None = None
    pair: tuple[PersonsCoding, ...] = ()


@dataclass(frozen=True)
class Progress:
    """Articles done, and to do in all, by everybody together."""

    done: int
    total: int


class Queue:
    """The articles of a study that a coder has to code in a mode."""

    def __init__(
        self,
        study: StudyFolder,
        coder: str,
        mode: Mode,
        questions: Sequence[Question],
        share: float = SECOND_SHARE,
    ) -> None:
        self._study = study
        self._coder = coder
        self._mode = mode
        self._questions = questions
        self._share = share
        self._draws = [(folder, read_draw(folder)) for folder in draw_folders(study.draws)]
        self.folders = [folder for folder, _ in self._draws]
        if mode == "settle":
            self.folders = [settled_folder(study)]

    def tasks(self) -> Iterator[Task]:
        """What is still to be coded, in its order."""
        if self._mode == "sample":
            for folder, draw in self._draws:
                yield from self._sample(folder, draw)
        elif self._mode == "second":
            for folder, draw in self._draws:
                yield from self._second(folder, draw)
            for folder, _ in self._draws:
                yield from self._differing(folder)
        else:
            yield from self._doubtful()

    def progress(self) -> Progress:
        """How far everybody has come with what this mode is about."""
        left = sum(1 for _ in self.tasks())
        if self._mode == "settle":
            done = len(self.codings(self.folders[0]))
            return Progress(done, done + left)
        if self._mode == "sample":
            total = sum(len(draw.articles) for _, draw in self._draws)
            done = sum(len(_by_article(self.codings(folder), "sample")) for folder in self.folders)
            return Progress(done, total)
        done = sum(
            coding.coder == self._coder and coding.mode in {"second", "adjudicated"}
            for folder in self.folders
            for coding in self.codings(folder)
        )
        return Progress(done, done + left)

    def history(self) -> list[Task]:
        """What this coder has coded in this mode, the latest first, as tasks to be done over."""
        modes = {self._mode} | ({"adjudicated"} if self._mode == "second" else set())
        mine = [
            (coding, folder)
            for folder in self.folders
            for coding in self.codings(folder)
            if coding.coder == self._coder and coding.mode in modes
        ]
        mine.sort(key=lambda item: item[0].time, reverse=True)
        return [
            Task(folder, coding.mode, coding.id, coding.version, coding, self._pair(folder, coding))
            for coding, folder in mine
        ]

    def codings(self, folder: Path) -> list[PersonsCoding]:
        """What everybody has coded in a folder."""
        return read_codings(folder)

    def _pair(self, folder: Path, coding: PersonsCoding) -> tuple[PersonsCoding, ...]:
        if coding.mode != "adjudicated":
            return ()
        return tuple(
            other
            for other in self.codings(folder)
            if (other.id, other.version) == (coding.id, coding.version) and other.mode != "adjudicated"
        )

    def _sample(self, folder: Path, draw: Draw) -> Iterator[Task]:
        coded = _by_article(self.codings(folder), "sample")
        for drawn in draw.articles:
            codings = coded.get((drawn.article, drawn.version), [])
            mine = next((coding for coding in codings if coding.coder == self._coder), None)
            if not codings or (mine and self._stale(mine)):
                yield Task(folder, "sample", drawn.article, drawn.version, mine)

    def _second(self, folder: Path, draw: Draw) -> Iterator[Task]:
        codings = self.codings(folder)
        first, second = _by_article(codings, "sample"), _by_article(codings, "second")
        chosen = _chosen(draw, self._share)
        for drawn in draw.articles:
            key = drawn.article, drawn.version
            others = [coding for coding in first.get(key, []) if coding.coder != self._coder]
            seconds = second.get(key, [])
            mine = next((coding for coding in seconds if coding.coder == self._coder), None)
            own_first = len(others) < len(first.get(key, []))
            open_one = drawn.text in chosen and others and not own_first and not seconds
            if open_one or (mine and self._stale(mine)):
                yield Task(folder, "second", *key, mine)

    def _differing(self, folder: Path) -> Iterator[Task]:
        codings = self.codings(folder)
        second, settled = _by_article(codings, "second"), _by_article(codings, "adjudicated")
        for key, firsts in _by_article(codings, "sample").items():
            pair = (firsts[0], *second.get(key, [])[:1])
            if len(pair) < 2 or not differ(*pair):
                continue
            done = max((coding.time for coding in settled.get(key, [])), default=None)
            if done is None or done < max(coding.time for coding in pair):
                yield Task(folder, "adjudicated", *key, pair=pair)

    def _doubtful(self) -> Iterator[Task]:
        drawn = {article.article for _, draw in self._draws for article in draw.articles}
        done = {coding.id: coding for coding in self.codings(self.folders[0])}
        for article, version in self._doubts:
            # What is drawn is coded blind, by whoever codes it.
            before = done.get(article)
            if article not in drawn and (
                before is None or (before.coder == self._coder and self._stale(before))
            ):
                yield Task(self.folders[0], "settle", article, version, before)

    @cached_property
    def _doubts(self) -> list[tuple[str, str]]:
        return doubtful_articles(self._study.published_file)

    @cached_property
    def _matched(self) -> set[tuple[str, str]]:
        return matched_claims(self._study.published_file)

    def _stale(self, coding: PersonsCoding) -> bool:
        """Whether it has to be looked at again, as the codebook asks what it did not ask then."""
        if coding.cannot:
            return False
        new, reworded = changed(coding.claims, self._questions)
        return bool(new) or any(
            claim in coding.labels or (coding.id, claim) in self._matched for claim in reworded
        )


def differ(first: PersonsCoding, second: PersonsCoding) -> list[str]:
    """On what two codings differ: "on_topic", "cannot", or claims; sentences may be others."""
    found = [] if first.on_topic == second.on_topic else ["on_topic"]
    if first.cannot != second.cannot:
        found.append("cannot")
    for claim in sorted(set(first.claims) & set(second.claims)):
        one, other = (coding.labels.get(claim) for coding in (first, second))
        if (one and one.stance) != (other and other.stance):
            found.append(claim)
    return found


def _by_article(
    codings: Iterable[PersonsCoding], mode: Mode
) -> Mapping[tuple[str, str], list[PersonsCoding]]:
    found: dict[tuple[str, str], list[PersonsCoding]] = defaultdict(list)
    for coding in codings:
        if coding.mode == mode:
            found[coding.id, coding.version].append(coding)
    return found


def _chosen(draw: Draw, share: float) -> set[str]:
    """The texts that are coded twice: drawn anew, by the seed of the sample."""
    texts = sorted(
        {article.text for article in draw.articles},
        key=lambda text: hashlib.sha256(f"{draw.seed}\nsecond\n{text}".encode()).digest(),
    )
    return set(texts[: math.ceil(share * len(texts))])
