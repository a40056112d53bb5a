"""Commands for whoever keeps a study running: status and schedule."""

import shlex
import sys
from pathlib import Path

import click
import jinja2
from rich.box import SIMPLE_HEAD
from rich.console import Console
from rich.table import Table

from analysis.cli.study_option import StudyCommand
from analysis.measuring.query import query
from crawler.study import StudyFolder

_TEMPLATES = jinja2.Environment(  # noqa: S701 - unit files and crontabs, not HTML
    loader=jinja2.PackageLoader("analysis.cli"), undefined=jinja2.StrictUndefined, keep_trailing_newline=True
)

_STATUS_SQL = (Path(__file__).parent / "status.sql").read_text(encoding="utf-8")
_FAILURES_SQL = (Path(__file__).parent / "failures.sql").read_text(encoding="utf-8")


@click.command(cls=StudyCommand)
@click.option("--runs", default=10, show_default=True, type=click.IntRange(1), help="How many runs to show.")
@click.pass_obj
def status(folder: StudyFolder, runs: int) -> None:
    """Show the health of the last runs.

    And, by outlet, what the newest crawl could not see.
    """
    console = Console(highlight=False)
    columns, rows = query(folder.published_file, _STATUS_SQL.replace("$runs", str(runs)))
    # A message is a sentence or a list of outlets: in a column of 80 it would squeeze all others.
    console.print(_table("Last runs, newest first", columns[:-1], [row[:-1] for row in rows]))
    for row in rows:
        if row[-1]:
            console.print(f"Run {row[0]}: {row[-1]}", markup=False, soft_wrap=True)
    columns, failures = query(folder.published_file, _FAILURES_SQL)
    if failures:
        console.print(_table("\nWhat the newest crawl could not see", columns, failures))
    elif rows:
        console.print("The newest crawl was refused nothing and lost nothing.")


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
    # A percent sign has a meaning of its own in units and crontabs.
    escape = {"systemd": "%%", "cron": r"\%"}.get(kind, "%")
    command = shlex.join([str(program), "--study", str(study), "run"]).replace("%", escape)
    click.echo(template.render(command=command, study=study, hour=hour), nl=False)
