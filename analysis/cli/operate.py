"""Commands for whoever keeps a study running: status and schedule."""

import json
import re
import shlex
import sys
from contextlib import suppress
from pathlib import Path

import click
import jinja2
from rich.box import SIMPLE_HEAD
from rich.console import Console
from rich.table import Table

from gossi.analysis.cli.health import Health, health, last_runs
from gossi.analysis.cli.study_option import StudyCommand
from gossi.analysis.measuring.query import query
from gossi.crawler.characters import shown
from gossi.crawler.errors import StoreError
from gossi.crawler.study.sources import StudyFolder
from gossi.study import Study

_TEMPLATES = jinja2.Environment(  # noqa: S701 - unit files and crontabs, not HTML
    loader=jinja2.PackageLoader("gossi.analysis.cli"),
    undefined=jinja2.StrictUndefined,
    keep_trailing_newline=True,
)

_STATUS_SQL = (Path(__file__).parent / "status.sql").read_text(encoding="utf-8")
_FAILURES_SQL = (Path(__file__).parent / "failures.sql").read_text(encoding="utf-8")


@click.command(cls=StudyCommand)
@click.option("--runs", default=10, show_default=True, type=click.IntRange(1), help="How many runs to show.")
@click.option("--json", "as_json", is_flag=True, help="For a program that watches: all of it as JSON.")
@click.pass_obj
def status(folder: StudyFolder, runs: int, as_json: bool) -> int:
    """Show what is wrong now, since when and what to do, and the health of the last runs.

    And, by outlet, what the newest crawl could not see. Ends with 3 where a person is needed.
    """
    found = health(folder)
    columns, rows = last_runs(folder, _STATUS_SQL.replace("$runs", str(runs)))
    if as_json:
        told = found.as_json() | {"runs": [dict(zip(columns, row, strict=True)) for row in rows]}
        click.echo(json.dumps(told, ensure_ascii=False, default=str, indent=1))
        return found.exit_code
    console = Console(highlight=False)
    _show_health(found, console)
    # A message is a sentence or a list of outlets: in a column of 80 it would squeeze all others.
    console.print(_table("Last runs, newest first", columns[:-1], [row[:-1] for row in rows]))
    for row in rows:
        if row[-1]:
            console.print(f"Run {row[0]}: {shown(str(row[-1]))}", markup=False, soft_wrap=True)
    failures: list[tuple[object, ...]] = []
    with suppress(StoreError):
        columns, failures = query(folder.published_file, _FAILURES_SQL)
    if failures:
        console.print(_table("\nWhat the newest crawl could not see", columns, failures))
    elif rows and not found.problems:
        console.print("The newest crawl was refused nothing and lost nothing.")
    if any(row[4] in {"failed", "interrupted"} for row in rows[:2]):  # a run is a crawl and an analysis
        console.print("To go on: the same command again. What of the study is wrong or missing: gossi check.")
    elif not rows and not found.problems:
        console.print(
            "Nothing has run yet: gossi check says whether the study is ready, gossi run begins it."
        )
    return found.exit_code


def _show_health(found: Health, console: Console) -> None:
    for problem in found.problems:
        since = f" (since {problem.since:%Y-%m-%d %H:%M} UTC)" if problem.since else ""
        for line in (f"WRONG: {shown(problem.what)}{since}", f"  To do: {problem.do}"):
            console.print(line, markup=False, soft_wrap=True)
    if found.working:
        console.print(f"Working now: {found.working}", markup=False, soft_wrap=True)
    console.print(
        f"Pages to ask: {found.due_now} now, {found.due_in_a_day} more in a day, {found.due_in_a_week} in a "
        f"week. Data: {found.data_size / 1e9:.2f} GB; the disk has {found.disk_free / 1e9:.1f} GB left.",
        markup=False,
        soft_wrap=True,
    )


def _table(title: str, columns: list[str], rows: list[tuple[object, ...]]) -> Table:
    table = Table(
        title=title, title_justify="left", box=SIMPLE_HEAD, padding=0, pad_edge=False, show_edge=False
    )
    for index, column in enumerate(columns):
        numbers = any(isinstance(row[index], int) for row in rows)
        table.add_column(column, justify="right" if numbers else "left", no_wrap=True)
    for row in rows:
        table.add_row(*("" if value is None else str(value) for value in row))
    return table


@click.command(cls=StudyCommand)
@click.pass_obj
def rebuild(folder: StudyFolder) -> int:
    """Make the store anew from what was captured.

    Where data/store.duckdb is lost, damaged or of another version. It is coded and published too; the old one
    stays under another name. What people coded is not touched.
    """
    result = Study(folder.root).rebuild(
        lambda done, total: click.echo(f"rebuild: {done} of {total} runs", err=True)
    )
    counts = ", ".join(f"{count} {outcome}" for outcome, count in sorted(result.outcomes.items()))
    click.echo(f"rebuild: {result.runs} runs: {counts}", err=True)
    if result.kept_as:
        click.echo(
            f"gossi: the store that was there is {result.kept_as} now; remove it when all is well", err=True
        )
    for problem in result.problems:
        click.echo(f"gossi: {problem}", err=True)
    return result.exit_code


@click.command(cls=StudyCommand)
@click.option("--older-than", default=90, show_default=True, type=click.IntRange(0), help="Days.")
@click.option("--yes", is_flag=True, help="Do it; without this, only say what would be left out.")
@click.pass_obj
def prune(folder: StudyFolder, older_than: int, yes: bool) -> None:
    """Leave pages out of old captures on which no figure rests.

    Pages off the topic, out of the window, gone, refused: what a rebuild finds stays the same. A tombstone
    with the page's digest stands for each.
    """
    done = Study(folder.root).prune(older_than, dry=not yes)
    pages = ", ".join(f"{count} {outcome}" for outcome, count in sorted(done.pages.items())) or "nothing"
    what = "left out" if yes else "would be left out (with --yes)"
    click.echo(f"prune: {what}: {pages}, in {done.files} files, {done.freed / 1e6:.1f} MB")


@click.group()
def captures() -> None:
    """Work on the captures of a study."""


@captures.command("move", cls=StudyCommand)
@click.argument("target", type=click.Path(path_type=Path), metavar="DIR")
@click.option("--older-than", default=0, show_default=True, type=click.IntRange(0), help="Days.")
@click.pass_obj
def captures_move(folder: StudyFolder, target: Path, older_than: int) -> None:
    """Move captures to another disk, and leave links to them.

    All commands read them there as before.
    """
    count, size = Study(folder.root).move_captures(target, older_than)
    click.echo(f"captures: {count} files moved to {target}, {size / 1e6:.1f} MB")


@click.command(cls=StudyCommand)
@click.argument("kind", type=click.Choice(["systemd", "cron", "github"]))
@click.option(
    "--hour", default=5, show_default=True, type=click.IntRange(0, 23), help="Hour of the day, UTC."
)
@click.pass_obj
def schedule(folder: StudyFolder, kind: str, hour: int) -> None:
    """Print what makes KIND call `gossi run` every day.

    systemd: a service and a timer. cron: a line for crontab. github: a GitHub Actions workflow.
    """
    program = Path(sys.executable).with_name("gossi")
    study = folder.root.resolve()
    template = _TEMPLATES.get_template(f"{kind}.j2")
    words = [str(program), "--study", str(study), "run"]
    if kind == "systemd":
        command, place = " ".join(map(_in_a_unit, words)), _in_a_unit(str(study))
    else:
        # A percent sign is a line end in a crontab.
        command, place = shlex.join(words).replace("%", r"\%" if kind == "cron" else "%"), str(study)
    click.echo(template.render(command=command, study=place, hour=hour), nl=False)


def _in_a_unit(word: str) -> str:
    """A word as systemd takes it for itself: it unquotes like C, and puts in specifiers and variables."""
    for sign, meant in (("\\", r"\\"), ('"', r"\""), ("%", "%%"), ("$", "$$")):
        word = word.replace(sign, meant)
    return word if re.fullmatch(r"[\w./%:@+,=-]+", word, re.ASCII) else f'"{word}"'
