"""The words of the report, from words/LANGUAGE.toml: what is said, with its numbers, dates and shares."""

import math
import tomllib
from collections.abc import Sequence
from datetime import date, datetime
from functools import cache
from pathlib import Path
from typing import Any

_HERE = Path(__file__).parent
_LANGUAGES: dict[str, str] = tomllib.loads((_HERE / "languages.toml").read_text(encoding="utf-8"))

_SURE = 0.20
"""An interval wider than this (in shares of 1) tells no percent from the next: five are one step then."""

FEW = 10
"""Of fewer articles a program's count is no percentage: "1 of 3" says what is known, "33%" more."""


class Words:
    """What words/LANGUAGE.toml says, and how numbers stand in it."""

    def __init__(self, told: dict[str, Any]) -> None:
        self.told = told

    def __getitem__(self, section: str) -> Any:
        return self.told[section]

    def say(self, key: str, **values: object) -> str:
        """The words of a key ("answer.share"), with values in the places of its {braces}."""
        found: Any = self.told
        for part in key.split("."):
            found = found[part]
        return str(found).format(**values)

    def count(self, number: int, noun: str) -> str:
        """A number with its noun: "1 article", "2,000 articles"."""
        return f"{number:,} {self.told['nouns'][noun][number != 1]}"

    def listed(self, items: Sequence[str]) -> str:
        """Several as one: "Arabic, English and French"."""
        *most, last = items
        return f"{', '.join(most)}{self.told['and']}{last}" if most else last

    def own(self, name: str) -> str:
        """Whose: "Mali’s", "Human Rights Watch’s", "Posts’"."""
        return self.say("own_s" if name.endswith("s") else "own", name=name)

    def languages(self, codes: Sequence[str]) -> str:
        """Languages by name: "Arabic, English and French"."""
        return self.listed(sorted(map(self.language, codes)) or [self.say("test.no_language")])

    def language(self, code: str) -> str:
        """A language by its name, or by its code where it has none here."""
        return _LANGUAGES.get(code, code)

    def percent(self, share: float | None, low: float | None = None, high: float | None = None) -> str:
        """A share of 1 as a percentage, rounded as its interval allows; a dash where there is none."""
        if share is None:
            return "–"
        return self.say("percent", number=rounded(share, low, high))

    def about(self, share: float | None, low: float | None, high: float | None) -> str:
        """A percentage in a sentence: "about 45%" where five is the step."""
        told = self.percent(share, low, high)
        return self.say("about", percent=told) if step(low, high) > 1 and share not in {0, 1} else told

    def span(self, share: float | None, low: float | None, high: float | None) -> str:
        """A share with its 95 % interval."""
        if share is None:
            return self.say("test.no_share")
        told = self.percent(share, low, high)
        if low is None or high is None:
            return told
        return self.say("test.interval", percent=told, low=rounded(low), high=self.percent(high))

    def points(self, difference: float) -> str:
        """A difference of shares in percentage points, with its sign."""
        whole = round(difference * 100)
        return f"{whole:+d}".replace("-", "−") if whole else "0"

    def day(self, value: date) -> str:
        """A day as newspapers write it: "22 April 2022"."""
        return f"{value.day} {self.told['months'][value.month - 1]} {value.year}"

    def when(self, moment: datetime | None, precision: str = "minute") -> str:
        """A time in UTC for a reader: "23 April 2022, 08:00 UTC"; the day alone where no more is known."""
        if moment is None:
            return self.say("provenance.unknown_date")
        day = self.day(moment)
        return day if precision in {"day", "unknown"} else f"{day}, {moment:%H:%M} UTC"

    def hours(self, hours: float, precision: str) -> str:
        """A delay: "14 hours", "3 days"; in days where the hour of its beginning is not known."""
        if precision == "minute" and hours < 48:
            return self.count(max(0, round(hours)), "hour")
        return self.count(round(hours / 24), "day")


def step(low: float | None, high: float | None) -> int:
    """Of how many percent a step is that the interval lets one tell."""
    return 5 if low is not None and high is not None and high - low > _SURE else 1


def rounded(share: float, low: float | None = None, high: float | None = None) -> int:
    """A share of 1 in percent, halves up, in steps that its interval allows; the script has the same."""
    size = step(low, high)
    return math.floor(share * 100 / size + 0.5) * size


@cache
def words(language: str = "en") -> Words:
    """The words of a language."""
    return Words(tomllib.loads((_HERE / "words" / f"{language}.toml").read_text(encoding="utf-8")))
