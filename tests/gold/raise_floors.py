"""Raises the floors under the coder's quality to what it reaches now: `python -m tests.gold.raise_floors`."""

from collections.abc import Mapping
from datetime import UTC, datetime

import click

from tests.gold.gate import FLOORS, MAX_GAP, digests, measured, read_floors, worse

_HEAD = """\
# How well the coder must do on dev.jsonl, and on which files that was measured. Made by
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
    floors: Mapping[str, float] = old.get("floors", {})
    failed = worse(figures, floors)
    if failed and not lower:
        for name, (now, floor) in failed.items():
            click.echo(f"{name}: {now:.3f}, the floor is {floor:.3f}", err=True)
        raise click.ClickException('nothing was written; mend the coding, or --lower --reason "…"')
    lines = [_HEAD, *(f'{name} = "{digest}"' for name, digest in digests().items()), "\n[floors]"]
    for name, now in figures.items():
        new = _new(name, now, floors.get(name), name in failed)
        lines.append(f"{name} = {new:.3f}")
        if new != floors.get(name):
            click.echo(f"{name}: {floors.get(name, 'none')} → {new:.3f}")
    notes = list(old.get("lowered", []))
    if failed:
        what = ", ".join(f"{name} from {floor:.3f} to {now:.3f}" for name, (now, floor) in failed.items())
        notes.append({"day": f"{datetime.now(UTC):%Y-%m-%d}", "what": what, "reason": reason.strip()})
    for note in notes:
        lines.append("\n[[lowered]]")
        lines += [f"{key} = {_quoted(str(value))}" for key, value in note.items()]
    FLOORS.write_text("\n".join(lines) + "\n", encoding="utf-8")


def _new(name: str, now: float, floor: float | None, failed: bool) -> float:
    if failed:
        return now
    if name.startswith("gap_"):
        return floor if floor is not None else MAX_GAP
    return max(now, floor or 0.0)


def _quoted(text: str) -> str:
    escaped = text.replace("\\", "\\\\").replace('"', '\\"').replace("\n", " ")
    return f'"{escaped}"'


if __name__ == "__main__":
    main()
