"""The command that reads web archives in bulk: scan."""

from datetime import datetime
from typing import TYPE_CHECKING

import click

from gossi.analysis.cli.progress import scan_progress
from gossi.analysis.cli.study_option import DAY, StudyCommand
from gossi.crawler.errors import UsageError
from gossi.crawler.study.sources import StudyFolder
from gossi.study import Study

if TYPE_CHECKING:
    from gossi.crawler.scan.scan import ScanResult

_SHOWN = 10
"""Hosts that are named of those that sources.toml does not have."""


@click.command(cls=StudyCommand)
@click.argument("files", nargs=-1, metavar="[PATH|URL|LIST…]")
@click.option(
    "--month", "months", multiple=True, metavar="YYYY-MM", help="A month of CC-NEWS; may be given again."
)
@click.option("--from", "first", type=DAY, help="First day of publication, instead of the study's.")
@click.option("--to", "last", type=DAY, help="Last day of publication, instead of the study's.")
@click.option("--all-outlets", is_flag=True, help="Take in outlets too that sources.toml does not have.")
@click.option("--workers", type=click.IntRange(1), metavar="N", help="Processes.  [default: one a core]")
@click.option(
    "--scheduler", default="", metavar="tcp://…", help="A Dask scheduler whose workers read instead."
)
@click.pass_obj
def scan(  # noqa: PLR0913, PLR0917 - its options
    folder: StudyFolder,
    files: tuple[str, ...],
    months: tuple[str, ...],
    first: datetime | None,
    last: datetime | None,
    all_outlets: bool,
    workers: int | None,
    scheduler: str,
) -> int:
    """Read web archives in bulk (CC-NEWS) for the topic, on all cores or on a Dask cluster.

    PATH is a WARC file or a folder of them, URL a WARC file, LIST a file of such names or its URL, ending in
    .paths, .txt, or either with .gz. What was read before is not read again. docs/scan.md has more.
    """
    if not (files or months):
        raise UsageError("name files, folders, URLs or lists, or a month of CC-NEWS with --month 2022-04")
    if workers and scheduler:
        raise UsageError("--workers is for this machine, --scheduler for others: give one of them")
    with scan_progress() as on_progress:
        result = Study(folder.root).scan(
            files,
            months=months,
            first=first and first.date(),
            last=last and last.date(),
            all_outlets=all_outlets,
            workers=workers,
            scheduler=scheduler,
            on_progress=on_progress,
        )
    tell(result)
    return result.exit_code


def tell(result: "ScanResult") -> None:
    """Tell on standard error what came of a scan."""
    counts = ", ".join(f"{count} {outcome}" for outcome, count in sorted(result.outcomes.items()))
    click.echo(
        f"scan: {result.files - result.unread} of {result.files} files: {counts or 'no pages'}", err=True
    )
    if result.unlisted:
        hosts = ", ".join(f"{host} ({count})" for host, count in result.unlisted.most_common(_SHOWN))
        click.echo(
            f"gossi: articles of {len(result.unlisted)} outlets that are not in sources.toml: {hosts}"
            f'{", …" * (len(result.unlisted) > _SHOWN)}; to see them: gossi sql "FROM unlisted"',
            err=True,
        )
    for problem in result.problems:
        click.echo(f"gossi: {problem}", err=True)


def scan_listed(folder: StudyFolder) -> int:
    """Scan what the study names for its runs, and tell what came of it; gives the exit code."""
    with scan_progress() as on_progress:
        result = Study(folder.root).scan_listed(on_progress)
    if result is None:
        return 0
    tell(result)
    return result.exit_code
