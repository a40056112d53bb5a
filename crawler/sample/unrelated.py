"""Puts together the sample's unrelated articles: weather, markets, sport, harvests, culture."""

from datetime import datetime, timedelta
from functools import cache
from random import Random

from gossi.crawler.config import Table, load_toml
from gossi.crawler.sample.model import FOLDER, Article, SampleOutlet

# The study's window: every unrelated article lies within it.
_FIRST = datetime.fromisoformat("2022-04-15T05:00:00")
_MINUTES = 75 * 24 * 60


class _Subject(Table):
    language: str
    headlines: list[str]
    sentences: list[str]


class _Unrelated(Table):
    towns: dict[str, list[str]]
    subject: list[_Subject]


@cache
def _material() -> _Unrelated:
    return load_toml(FOLDER / "unrelated.toml", _Unrelated)


def unrelated_articles(outlet: SampleOutlet, first_number: int) -> list[Article]:
    """The outlet's unrelated articles, numbered from `first_number`; the same ones every time."""
    return [_article(outlet, first_number + place, place) for place in range(outlet.unrelated)]


def _article(outlet: SampleOutlet, number: int, place: int) -> Article:
    # Seeded with text, Random gives the same numbers on every machine and version of Python.
    chance = Random(f"{outlet.id} {place}")  # noqa: S311 - a text generator, not a secret
    language = outlet.languages[place % len(outlet.languages)]
    subjects = [subject for subject in _material().subject if subject.language == language]
    subject = subjects[place % len(subjects)]
    towns = _material().towns[language]
    town = towns[int(chance.random() * len(towns))]
    headline = subject.headlines[int(chance.random() * len(subject.headlines))]
    left_out = int(chance.random() * (len(subject.sentences) - 1)) + 1
    text = [
        sentence.format(town=town, n=int(chance.random() * 40) + 11)
        for position, sentence in enumerate(subject.sentences)
        if position != left_out
    ]
    moment = _FIRST + timedelta(minutes=int(chance.random() * _MINUTES), seconds=int(chance.random() * 60))
    return Article(
        id=f"{outlet.id}-{number:02d}",
        outlet=outlet.id,
        language=language,
        published=_written(moment, outlet.precision),
        on_topic=False,
        headline=headline.format(town=town, n=int(chance.random() * 40) + 11),
        text=text,
    )


def _written(moment: datetime, precision: str) -> str:
    if precision == "day":
        return moment.date().isoformat()
    return moment.isoformat() if precision == "second" else moment.replace(second=0).isoformat()
