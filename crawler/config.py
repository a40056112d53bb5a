"""Reads a TOML file into a checked model and words its errors for the person who wrote the file."""

import tomllib
from collections.abc import Iterable
from difflib import get_close_matches
from pathlib import Path
from typing import Annotated, Any, ClassVar, TypeVar, get_args, get_origin

from pydantic import BaseModel, ConfigDict, ValidationError

from gossi.crawler.errors import ConfigError


class Table(BaseModel):
    """A table of a TOML file: a key it does not know is an error, never ignored."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    further: ClassVar[type["Table"] | None] = None
    """What tables of any other name are, in a file whose tables a study names itself."""


Model = TypeVar("Model", bound=Table)


def load_toml(path: Path, model: type[Model]) -> Model:
    """Read `path` as `model`.

    Raises:
        ConfigError: the file is missing, is not TOML, or tables or keys are wrong: a line for each.
    """
    data = parse_toml(path)
    try:
        return model.model_validate(data)
    except ValidationError as error:
        lines = []
        for item in error.errors():
            place, siblings = _where(item["loc"], data, model)
            lines.append(f"{path}: {place}: {_complaint(item['type'], item['msg'], item['input'], siblings)}")
        raise ConfigError("\n".join(lines)) from None


def parse_toml(path: Path) -> dict[str, Any]:
    """The tables of a TOML file, unchecked. Raises ConfigError where it is missing or no TOML."""
    try:
        content = path.read_bytes()
    except FileNotFoundError:
        raise ConfigError(f"{path}: no such file; name the study's folder with --study DIR") from None
    except OSError as error:
        raise ConfigError(f"{path}: cannot be read: {error.strerror}") from None
    try:
        # utf-8-sig: some editors put a byte order mark first, which TOML does not know.
        return tomllib.loads(content.decode("utf-8-sig"))
    except UnicodeDecodeError as error:
        line = content.count(b"\n", 0, error.start) + 1
        raise ConfigError(f"{path}: line {line} is not UTF-8; save the file as UTF-8") from None
    except RecursionError:
        raise ConfigError(f"{path}: not valid TOML: nested too deeply") from None
    except (
        ValueError
    ) as error:  # not only TOMLDecodeError: a number of 5,000 digits raises a plain ValueError
        raise ConfigError(f"{path}: not valid TOML: {error}") from None


def _where(location: tuple[int | str, ...], data: object, model: object) -> tuple[str, Iterable[str]]:
    """The table and key of a validation error, as a reader of the TOML file would name them.

    `("outlet", 2, "country")` becomes ``[[outlet]] 3 (id "lemonde"), key country``.

    Args:
        location: pydantic's path to the error.
        data: the file as parsed.
        model: the class that the file was checked against.

    Returns:
        The name, and the keys that are known beside the last one.
    """
    names: list[str] = []
    path = ""
    here, shape = data, model
    siblings: Iterable[str] = ()
    for part in location:
        if isinstance(part, int):
            here = here[part] if isinstance(here, list) and part < len(here) else None
            shape = next(iter(get_args(shape)), None)
            label = here.get("id") if isinstance(here, dict) else None
            suffix = f" {part + 1}" if names[-1].startswith("[[") else f"[{part + 1}]"
            names[-1] += suffix + (f' (id "{label}")' if label else "")
            continue
        siblings = _keys(shape)
        here = here.get(part) if isinstance(here, dict) else None
        shape = _inner(shape, part)
        path = f"{path}.{part}" if path else part
        name = {"table": f"[{path}]", "tables": f"[[{path}]]", "key": f"key {part}"}[_kind(here, shape)]
        if name.startswith("[") and names and not names[-1].startswith("[["):
            names[-1] = name
        else:
            names.append(name)
    return ", ".join(names) or "the file", siblings


def _kind(value: object, shape: object) -> str:
    if isinstance(value, dict) or (value is None and (_is_model(shape) or get_origin(shape) is dict)):
        return "table"
    if isinstance(value, list) and value and isinstance(value[0], dict):
        return "tables"
    if value is None and get_origin(shape) is list and _is_model(next(iter(get_args(shape)), None)):
        return "tables"
    return "key"


def _is_model(shape: object) -> bool:
    return isinstance(shape, type) and issubclass(shape, BaseModel)


def _keys(shape: object) -> Iterable[str]:
    return shape.model_fields if isinstance(shape, type) and issubclass(shape, BaseModel) else ()


def _inner(shape: object, key: str) -> object:
    """What the model expects under `key`; None where it knows nothing."""
    if isinstance(shape, type) and issubclass(shape, Table):
        field = shape.model_fields.get(key)
        return field.annotation if field else shape.further
    inner = get_args(shape)[1] if get_origin(shape) is dict else None
    return get_args(inner)[0] if get_origin(inner) is Annotated else inner


def _complaint(kind: str, message: str, value: object, siblings: Iterable[str]) -> str:
    """What is wrong, in words that need no knowledge of the library that found it."""
    if kind == "missing":
        return "is missing"
    if kind == "extra_forbidden":
        return "is not known here; known are " + ", ".join(siblings)
    if kind == "value_error":
        return message.removeprefix("Value error, ")
    if kind == "list_type" and isinstance(value, dict):
        return "is a single table; begin each entry with double brackets"
    if kind == "date_type" and isinstance(value, str):
        return f"is text; write a date without quotes, like 2022-04-01, not {value!r}"
    close = get_close_matches(value, message.split("'")[1::2], 1) if isinstance(value, str) else []
    shown = f", not {value!r}" if isinstance(value, str | int | float) else ""
    return f"{message[0].lower()}{message[1:]}{shown}" + (f"; did you mean '{close[0]}'?" if close else "")
