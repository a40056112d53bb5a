"""Raises the floors under the coder's quality to what it reaches now: `python -m tests.gold.raise_floors`.

It renews what docs/coding.md quotes too. What the coder reaches is what the last `gossi learn` recorded.
"""

from collections.abc import Mapping
from datetime import UTC, date, datetime
from typing import Any

import click

from tests.gold import figures_page
from tests.gold.gate import FLOORS, GAP, measured, read_floors, worse

_HEAD = """\
# How well the coder must do on the coded articles, each coded by a fit that has not seen it. Made by
# python -m tests.gold.raise_floors; a floor goes down only with --lower --reason, which is noted at the end.
"""


@click.command()
@click.option("--lower", is_flag=True, help="Let floors go down to what is measured.")
@click.option("--reason", default="", help="Why they may; it is kept in floors.toml.")
def main(lower: bool, reason: str) -> None:
    """Measure the coder on the coded articles and raise its floors to that."""
    if lower != bool(reason.strip()):
        raise click.UsageError('lowering floors needs both: --lower --reason "why this is right"')
    figures = measured()
    old = read_floors() if FLOORS.exists() else {}
    failed = worse(figures, old.get("floors", {}))
    if failed and not lower:
        for name, (now, floor) in failed.items():
            click.echo(f"{name}: {now:.3f}, the floor is {floor:.3f}", err=True)
        raise click.ClickException('nothing was written; mend the coding, or --lower --reason "…"')
    floors, note = raised(figures, old.get("floors", {}), reason.strip(), datetime.now(UTC).date())
    for name, floor in floors.items():
        if floor != old.get("floors", {}).get(name):
            click.echo(f"{name}: {old.get('floors', {}).get(name, 'none')} → {floor:.3f}")
    FLOORS.write_text(as_toml(floors, [*old.get("lowered", []), *note]), encoding="utf-8")
    figures_page.main()


def raised(
    figures: Mapping[str, float], floors: Mapping[str, float], reason: str, day: date
) -> tuple[dict[str, float], list[dict[str, str]]]:
    """The new floors, and a note on those that went down. A gap's ceiling goes up with a reason only."""
    failed = worse(figures, floors)
    new = {
        name: now
        if name in failed
        else floors.get(name, GAP)
        if name.startswith("gap_")
        else max(now, floors.get(name, 0.0))
        for name, now in figures.items()
    }
    what = ", ".join(f"{name} from {floor:.3f} to {now:.3f}" for name, (now, floor) in failed.items())
    return new, [{"day": day.isoformat(), "what": what, "reason": reason}] if failed else []


def as_toml(floors: Mapping[str, float], notes: list[dict[str, Any]]) -> str:
    """The text of floors.toml."""
    lines = [_HEAD, "[floors]"]
    lines += [f"{name} = {floor:.3f}" for name, floor in floors.items()]
    for note in notes:
        lines.append("\n[[lowered]]")
        lines += [f"{key} = {_quoted(str(value))}" for key, value in note.items()]
    return "\n".join(lines) + "\n"


def _quoted(text: str) -> str:
    escaped = text.replace("\\", "\\\\").replace('"', '\\"').replace("\n", " ")
    return f'"{escaped}"'


if __name__ == "__main__":
    main()
