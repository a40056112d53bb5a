"""Reads a TOML file into a checked model and words its errors for the person who wrote the file."""

import tomllib
from pathlib import Path
from typing import TypeVar

from pydantic import BaseModel, ConfigDict, ValidationError

from crawler.errors import ConfigError


class Table(BaseModel):
    """A table of a TOML file: a key it does not know is an error, never ignored."""

    model_config = ConfigDict(extra="forbid", frozen=True)


Model = TypeVar("Model", bound=Table)


def load_toml(path: Path, model: type[Model]) -> Model:
    """Read `path` as `model`.

    Raises:
        ConfigError: the file is missing, is not TOML, or a table or key is wrong.
    """
    try:
        data = tomllib.loads(path.read_text(encoding="utf-8"))
    except FileNotFoundError:
        raise ConfigError(f"{path}: no such file; name the study's folder with --study DIR") from None
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
        raise ConfigError(f"{path}: not valid TOML: {error}") from None
    except OSError as error:
        raise ConfigError(f"{path}: cannot be read: {error.strerror}") from None
    try:
        return model.model_validate(data)
    except ValidationError as error:
        lines = [f"{path}: {where(item['loc'], data)}: {item['msg']}" for item in error.errors()]
        raise ConfigError("\n".join(lines)) from None


def where(location: tuple[int | str, ...], data: object) -> str:
    """The table and key of a validation error, as a reader of the TOML file would name them.

    `("outlet", 2, "country")` becomes ``[[outlet]] 3 (id "lemonde"), key country``.
    """
    tables: list[str] = []
    keys: list[str] = []
    here = data
    for part in location:
        if isinstance(part, int):
            here = here[part] if isinstance(here, list) and part < len(here) else None
            if keys:
                keys[-1] += f"[{part + 1}]"
                continue
            name = here.get("id") if isinstance(here, dict) else None
            tables[-1] = f"[[{tables[-1].strip('[]')}]] {part + 1}" + (f' (id "{name}")' if name else "")
            continue
        here = here.get(part) if isinstance(here, dict) else None
        if isinstance(here, dict) or (isinstance(here, list) and here and isinstance(here[0], dict)):
            tables.append(f"[{part}]" if not tables or "[[" in tables[-1] else f"{tables.pop()[:-1]}.{part}]")
        else:
            keys.append(str(part))
    return ", ".join([*tables, *(f"key {key}" for key in keys)]) or "the file"
