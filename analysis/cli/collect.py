"""Commands that bring pages in: run, crawl, import, extract, sample."""

import json
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING

import click

from analysis.cli.measure import analyse_store, publish_if_none, publish_store, write_and_show
from analysis.cli.progress import crawl_progress
from analysis.cli.study_option import StudyCommand
from analysis.codebook import load_codebook
from crawler.errors import ConfigError, InputError, UsageError
from crawler.study import StudyFolder, Window

if TYPE_CHECKING:
    from crawler.crawl import CrawlResult

_DAY = click.DateTime(["%Y-%m-%d"])
_PATHS = click.argument("paths", nargs=-1, required=True, type=click.Path(path_type=Path), metavar="PATH…")


@click.command(cls=StudyCommand)
@click.pass_obj
def run(folder: StudyFolder) -> int:
    """Crawl, analyse and report: what a scheduler calls."""
    load_codebook(folder.claims_file)  # a faulty codebook is better known before the crawl than after it
    result = _crawl(folder, (), None)
    analyse_store(folder)
    write_and_show(folder, folder.reports)
    return result.exit_code


@click.command(cls=StudyCommand)
@click.option(
    "--outlet", "outlets", multiple=True, metavar="ID", help="Only this outlet; may be given again."
)
@click.option("--from", "first", type=_DAY, help="First day of publication, instead of the study's.")
@click.option("--to", "last", type=_DAY, help="Last day of publication, instead of the study's.")
@click.pass_obj
def crawl(
    folder: StudyFolder, outlets: tuple[str, ...], first: datetime | None, last: datetime | None
) -> int:
    """Discover and fetch what is new."""
    result = _crawl(folder, outlets, _window(folder, first, last))
    publish_store(folder)
    return result.exit_code


def _window(folder: StudyFolder, first: datetime | None, last: datetime | None) -> Window | None:
    if first is None and last is None:
        return None
    study = folder.sources().study.window
    begin, end = first.date() if first else study.first, last.date() if last else study.last
    if begin > end:
        raise UsageError(f"--from {begin} is after --to {end}")
    return Window(first=begin, last=end)


def _crawl(folder: StudyFolder, outlets: tuple[str, ...], window: Window | None) -> "CrawlResult":
    # Scrapy takes a third of a second to load, which no other command is to wait for.
    from crawler.crawl import crawl as crawl_study

    publish_if_none(folder)
    with crawl_progress() as on_progress:
        result = crawl_study(folder, outlets=outlets, window=window, on_progress=on_progress)
    counts = ", ".join(f"{count} {outcome}" for outcome, count in sorted(result.outcomes.items()))
    click.echo(f"crawl: {result.outlets} outlets: {counts or 'nothing was due'}", err=True)
    if result.reconsidered:
        click.echo(
            f"gossi: the topic has new terms; pages asked once more that named none of the old ones: "
            f"{result.reconsidered}",
            err=True,
        )
    for name, why in sorted(result.failed.items()):
        click.echo(f"gossi: outlet {name} could not be read: {why}", err=True)
    for gap in result.gaps:
        click.echo(f"gossi: gap: {gap}", err=True)
    if result.unlisted:
        click.echo(
            f"gossi: GDELT names pages of {len(result.unlisted)} outlets that are not in sources.toml; "
            'to see them: gossi sql "FROM unlisted"',
            err=True,
        )
    if result.exit_code == 2:
        click.echo(
            "gossi: no outlet answered; check the network (and http_proxy), then run the same command again",
            err=True,
        )
    return result


@click.command("import", cls=StudyCommand)
@_PATHS
@click.pass_obj
def import_(folder: StudyFolder, paths: tuple[Path, ...]) -> int:
    """Take in WARC files or articles, without the network.

    WARC files end in .warc, .warc.gz or .warc.zst, articles as JSON Lines in .jsonl.
    """
    from crawler.importer import import_paths

    result = import_paths(folder, paths)
    publish_store(folder)
    counts = ", ".join(f"{count} {outcome}" for outcome, count in sorted(result.outcomes.items()))
    click.echo(f"import: {counts or 'nothing new'}", err=True)
    for problem in result.problems:
        click.echo(f"gossi: {problem}", err=True)
    return result.exit_code


@click.command()
@_PATHS
def extract(paths: tuple[Path, ...]) -> int:
    """Extract articles from WARC or HTML files, without a database.

    Writes each article, on topic or not, as a line of JSON to standard output.
    """
    from crawler.extraction.files import extract_files

    wrong = 0
    for path in paths:
        try:
            for article in extract_files([path]):
                click.echo(json.dumps(article, ensure_ascii=False))
        except InputError as error:
            click.echo(f"gossi: {error}", err=True)
            wrong += 1
    return 0 if not wrong else 2 if wrong == len(paths) else 3


@click.command(cls=StudyCommand)
@click.option(
    "--port", default=8810, show_default=True, type=click.IntRange(1024, 65000), help="The first port."
)
@click.argument("command", nargs=-1, type=click.UNPROCESSED, metavar="[-- COMMAND…]")
@click.pass_obj
def sample(folder: StudyFolder, port: int, command: tuple[str, ...]) -> int:
    """Serve the fictional sample web on loopback.

    Writes its study into the folder that --study names. With a COMMAND, serve while it runs and end with its
    exit code; else serve until Ctrl-C.
    """
    from crawler.sample.command import serve

    return serve(folder.root, _claims_file(), port, command)


def _claims_file() -> Path:
    """The codebook that the sample study uses: the one of the checkout, or of the folder one is in."""
    for place in (Path(__file__).parents[2], Path()):
        if (place / "claims.toml").is_file():
            return place / "claims.toml"
    raise ConfigError("claims.toml: not found; run `gossi sample` in the checkout of Gossi Coverage")
