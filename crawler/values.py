"""The values that the TOML files of a study and of the lexicon share, checked and worded in one way."""

from typing import Annotated

from pydantic import AfterValidator, Field


def _slug(value: str) -> str:
    if not value or not all(letter.isascii() and (letter.isalnum() or letter in "-_.") for letter in value):
        raise ValueError(f"{value!r} is not an id: use letters, digits, '-', '_' and '.' only")
    return value


def as_language(value: str) -> str:
    """A language code, as it is. Raises ValueError where it is none."""
    if not (len(value) in {2, 3} and value.isascii() and value.isalpha() and value.islower()):
        raise ValueError(f"{value!r} is not a language: use two or three small letters (ISO 639), like 'fr'")
    return value


def not_blank(value: str) -> str:
    """The text itself. Raises ValueError where it is empty or only spaces."""
    if not value.strip():
        raise ValueError("is empty")
    return value


Slug = Annotated[str, AfterValidator(_slug)]
Language = Annotated[str, AfterValidator(as_language)]
Words = Annotated[str, AfterValidator(not_blank)]
Terms = Annotated[list[Words], Field(min_length=1)]
