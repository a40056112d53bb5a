"""Draws the report's pictures from the Vega-Lite specifications in pictures/, each in a frame of its own."""

import json
import re
import textwrap
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from xml.sax.saxutils import escape, quoteattr

from gossi.analysis.report.data import Rows
from gossi.analysis.report.visible import visible
from gossi.analysis.report.words import Words

_HERE = Path(__file__).parent / "pictures"

_VEGA_LITE = "6.4"
"""The version whose language the specifications are in: another one may draw them otherwise."""

_SIZE = re.compile(r'<svg [^>]*?width="([\d.]+)" height="([\d.]+)"[^>]*>')

_LETTER = 6.6
"""About how wide a letter of the frame's text is, in its pixels; it is 12 pixels high."""

_MARGIN = 16

_INK, _MUTED, _PAPER = "#24292f", "#57606a", "#ffffff"

_FONT = "Liberation Sans, Arial, Helvetica, sans-serif"

_EMPTY = re.compile(r'<path class="(?:background|foreground)" aria-hidden="true" d="(?:M0,0h0v0h0Z)?"[^>]*/>')
"""What Vega draws for frames that are not to be seen: a third of a picture's letters."""


_TAG = re.compile(r"<[^<>]+>")

_SPOKEN = re.compile(r' (?:role|aria-[a-z]+)="[^"]*"')
"""What Vega tells of parts of a picture; who hears the page is told of the whole, with tables beside it."""


@dataclass(frozen=True)
class Picture:
    """A picture without its frame, for the page, and what the frame says."""

    name: str
    about: str
    svg: str


def draw(name: str, tables: Mapping[str, Rows], words: Words, about: str = "") -> Picture:
    """Draw pictures/NAME.json of rows; a picture of nothing is empty.

    Args:
        name: of the specification and of its words.
        tables: rows by the names that the specification has for them.
        words: of the report; a specification's "@key" stands for pictures.NAME.key or pictures.key of them.
        about: what is to be seen, in place of the words' own.
    """
    about = about or words.say(f"pictures.{name}.about")
    if not all(tables.values()):
        return Picture(name, about, "")
    # It starts an engine for JavaScript: who draws nothing does not wait for that, and is not forked with it.
    import vl_convert  # noqa: PLC0415

    specification = _worded(json.loads((_HERE / f"{name}.json").read_text(encoding="utf-8")), name, words)
    # What XML cannot have ends Vega's engine, and the report with it.
    specification["datasets"] = {
        key: [{column: _shown(value) for column, value in row.items()} for row in rows]
        for key, rows in tables.items()
    }
    config = json.loads((_HERE / "config.json").read_text(encoding="utf-8"))
    svg = vl_convert.vegalite_to_svg(
        specification, vl_version=_VEGA_LITE, config=config, allowed_base_urls=[]
    )
    if not _SIZE.search(svg):
        return Picture(name, about, "")  # rows without a figure in them, whose picture is 1.8e308 wide
    silent = _TAG.sub(lambda tag: _SPOKEN.sub("", tag[0]), _EMPTY.sub("", svg))
    return Picture(name, about, silent)


def _shown(value: object) -> object:
    return visible(value) if isinstance(value, str) else value


def _worded(part: Any, name: str, words: Words) -> Any:
    if isinstance(part, dict):
        return {key: _worded(value, name, words) for key, value in part.items()}
    if isinstance(part, list):
        return [_worded(value, name, words) for value in part]
    if isinstance(part, str) and part.startswith("@"):
        own = words["pictures"].get(name, {})
        return own.get(part[1:]) or words["pictures"][part[1:]]
    return part


def framed(picture: Picture, title: str, source: str) -> str:
    """The picture as a file of its own, with its title and what it shows above it and its source below."""
    found = _SIZE.search(picture.svg)
    assert found is not None  # noqa: S101 - Vega gives every picture its size
    inner, height = float(found[1]), float(found[2])
    width = max(inner, 480.0)
    about = textwrap.wrap(picture.about, int(width / _LETTER))
    below = textwrap.wrap(visible(source), int(width / _LETTER))
    top = _MARGIN + 26 + 16 * len(about) + 8
    whole = top + height + 12 + 15 * len(below) + _MARGIN
    lines = [(_MARGIN + 16.0, 17, _INK, "bold", title)]
    lines += [(_MARGIN + 38.0 + 16 * no, 12, _MUTED, "normal", line) for no, line in enumerate(about)]
    lines += [(top + height + 20 + 15 * no, 11, _MUTED, "normal", line) for no, line in enumerate(below)]
    text = "".join(
        f'<text x="{_MARGIN}" y="{y:g}" font-family="{_FONT}" font-size="{size}px" font-weight="{weight}"'
        f' fill="{ink}">{escape(line)}</text>'
        for y, size, ink, weight, line in lines
    )
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" width="{width + 2 * _MARGIN:g}" height="{whole:g}"'
        f' viewBox="0 0 {width + 2 * _MARGIN:g} {whole:g}" role="img" aria-label={quoteattr(title)}>'
        f'<rect width="100%" height="100%" fill="{_PAPER}"/>{text}'
        f'<svg x="{_MARGIN}" y="{top}" width="{inner:g}" height="{height:g}">{picture.svg}</svg></svg>\n'
    )


def as_png(svg: str) -> bytes:
    """A picture in dots, three for two of its pixels: on a page of 18 cm some 200 an inch."""
    import vl_convert  # noqa: PLC0415 - see draw

    return bytes(vl_convert.svg_to_png(svg, scale=1.5))
