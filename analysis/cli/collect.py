"""Commands that bring pages in: run, crawl, import, extract, sample."""

import json
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING

import click

from gossi.analysis.cli.health import little_room
from gossi.analysis.cli.measure import analyse_store, tell_changes, write_and_show
from gossi.analysis.cli.progress import crawl_progress
from gossi.analysis.cli.review import take_in_codings
from gossi.analysis.cli.scan import scan_listed
from gossi.analysis.cli.study_option import DAY, StudyCommand
from gossi.analysis.codebook import load_codebook
from gossi.analysis.review.exchange import ImportMode
from gossi.crawler.crawl.like_lines import condensed
from gossi.crawler.errors import ConfigError
from gossi.crawler.store.lock import locked
from gossi.crawler.study.sources import StudyFolder
from gossi.study import Study

if TYPE_CHECKING:
    from gossi.crawler.crawl.result import CrawlResult

_PATHS = click.argument("paths", nargs=-1, required=True, type=click.Path(path_type=Path), metavar="PATH…")


@click.command(cls=StudyCommand)
@click.pass_obj
def run(folder: StudyFolder) -> int:
    """Crawl, analyse and report: what a scheduler calls."""
    try:
        load_codebook(folder.claims_file)  # a faulty codebook is better known before the crawl than after it
    except ConfigError:
        folder.sources()  # what is wrong with the study itself comes first
        raise
    with locked(folder, "run"):
        result = _crawl(folder)
        scanned = scan_listed(folder)
        analyse_store(folder)
        write_and_show(folder, folder.reports)
    # Where nothing of an archive could be read, the crawl was done all the same.
    return result.exit_code or (3 if scanned else 0)


@click.command(cls=StudyCommand)
@click.option(
    "--outlet", "outlets", multiple=True, metavar="ID", help="Only this outlet; may be given again."
)
@click.option("--from", "first", type=DAY, help="First day of publication, instead of the study's.")
@click.option("--to", "last", type=DAY, help="Last day of publication, instead of the study's.")
@click.option(
    "--plan", "only_plan", is_flag=True, help="Ask nothing: say how much would be asked, how long, how large."
)
@click.pass_obj
def crawl(
    folder: StudyFolder,
    outlets: tuple[str, ...],
    first: datetime | None,
    last: datetime | None,
    *,
    only_plan: bool,
) -> int:
    """Discover and fetch what is new."""
    if only_plan:
        return _show_plan(folder, outlets, first, last)
    return _crawl(folder, outlets, first, last).exit_code


def _show_plan(
    folder: StudyFolder, outlets: tuple[str, ...], first: datetime | None, last: datetime | None
) -> int:
    from gossi.crawler.crawl.crawl import chosen_outlets
    from gossi.crawler.crawl.plan import plan, total

    sources, window = (
        folder.sources(),
        Study(folder.root).window(first and first.date(), last and last.date()),
    )
    study = sources.study if window is None else sources.study.model_copy(update={"window": window})
    parts = plan(folder, study, chosen_outlets(sources, outlets))
    click.echo(f"{'part':<40}{'requests':>10}{'hours':>8}{'GB':>8}  from")
    for part in (*parts, total(parts)):
        origin = "listings read" if part.known else "an estimate"
        click.echo(f"{part.name:<40}{part.requests:>10,}{part.hours:>8.1f}{part.gigabytes:>8.2f}  {origin}")
    return 0


def _crawl(
    folder: StudyFolder,
    outlets: tuple[str, ...] = (),
    first: datetime | None = None,
    last: datetime | None = None,
) -> "CrawlResult":
    if warning := little_room(folder):
        click.echo(f"gossi: {warning}", err=True)
    with crawl_progress() as on_progress:
        result = Study(folder.root).crawl(
            outlets, first and first.date(), last and last.date(), on_progress, own_process=False
        )
    counts = ", ".join(f"{count} {outcome}" for outcome, count in sorted(result.outcomes.items()))
    click.echo(f"crawl: {result.outlets} outlets: {counts or 'nothing was due'}", err=True)
    tell_changes(result.study_changes)
    if result.reconsidered:
        click.echo(
            f"gossi: the topic has new terms; pages asked once more that named none of the old ones: "
            f"{result.reconsidered}",
            err=True,
        )
    for line in _told(result):
        click.echo(f"gossi: {line}", err=True)
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


def _told(result: "CrawlResult") -> list[str]:
    """What could not be read and what may be missing; what is said of many alike is said once."""
    failed = [(f"outlet {name} could not be read", why) for name, why in sorted(result.failed.items())]
    gaps = [(subject, why) for subject, _, why in (gap.partition(": ") for gap in result.gaps)]
    return condensed(failed) + [f"gap: {line}" for line in condensed(gaps)]


@click.command("import", cls=StudyCommand)
@click.argument("paths", nargs=-1, type=click.Path(path_type=Path), metavar="PATH…")
@click.option("--codings", type=click.Path(path_type=Path), metavar="FILE", help="Codings as JSON Lines.")
@click.option("--coder", metavar="NAME", help="Whose codings these are.")
@click.option(
    "--as",
    "mode",
    type=click.Choice(["second", "sample"]),
    default="second",
    show_default=True,
    help="second: the codings are compared. sample: shares are estimated by them; a person made them, blind.",
)
@click.pass_obj
def import_(
    folder: StudyFolder, paths: tuple[Path, ...], codings: Path | None, coder: str | None, mode: ImportMode
) -> int:
    """Take in WARC files, saved pages or articles, without the network.

    WARC files end in .warc, .warc.gz or .warc.zst, pages saved from a browser in .html, .htm or .mhtml (where
    they stood on the web say they, or a CSV file beside them with the columns file and url), articles as JSON
    Lines in .jsonl. With --codings: take in
    codings of drawn articles that a person or another program made elsewhere.
    """
    if (codings is None) != (coder is None) or (codings is None) == (not paths):
        raise click.UsageError("give files of articles, or --codings FILE with --coder NAME")
    if codings and coder:
        take_in_codings(folder, codings, coder, mode)
        return 0
    result = Study(folder.root).take_in(paths)
    counts = ", ".join(f"{count} {outcome}" for outcome, count in sorted(result.outcomes.items()))
    click.echo(f"import: {counts or 'nothing new'}", err=True)
    tell_changes(result.study_changes)
    for problem in result.problems:
        click.echo(f"gossi: {problem}", err=True)
    return result.exit_code


@click.group()
def sources() -> None:
    """What sources.toml names."""


@sources.command("check", cls=StudyCommand)
@click.option(
    "--outlet", "outlets", multiple=True, metavar="ID", help="Only this outlet; may be given again."
)
@click.pass_obj
def check_sources(folder: StudyFolder, outlets: tuple[str, ...]) -> int:
    """Ask each feed and sitemap once, and say what answers.

    What moved, too, and where one fails, what robots.txt, the home page and /sitemap.xml offer instead.
    Nothing is changed or kept: a person decides what to write into sources.toml.
    """
    from gossi.crawler.crawl import check_sources as checking

    found = checking.check_sources(folder, outlets)
    for checked in found:
        for line in checking.lines(checked):
            click.echo(line)
    return checking.exit_code(found)


@click.command()
@_PATHS
def extract(paths: tuple[Path, ...]) -> int:
    """Extract articles from WARC or HTML files, without a database.

    Writes each article, on topic or not, as a line of JSON to standard output; what it leaves out, and why,
    is counted on standard error.
    """
    from gossi.crawler.imports.extract_files import ExtractReport
    from gossi.texts import extract as extract_articles

    report = ExtractReport()
    for article in extract_articles(paths, report=report):
        click.echo(json.dumps(article, ensure_ascii=False))
    for problem in report.problems:
        click.echo(f"gossi: {problem}", err=True)
    if report.left_out:
        counts = ", ".join(f"{count} {reason}" for reason, count in sorted(report.left_out.items()))
        click.echo(f"extract: left out: {counts}", err=True)
    return 0 if not report.problems else 2 if report.unread == len(paths) else 3


@click.command(cls=StudyCommand)
@click.option(
    "--port", default=8810, show_default=True, type=click.IntRange(1024, 65000), help="The first port."
)
@click.option(
    "--coded",
    type=click.IntRange(1),
    metavar="N",
    help="After COMMAND, draw N texts, code them as the sample's labels have it, and report.",
)
@click.argument("command", nargs=-1, type=click.UNPROCESSED, metavar="[-- COMMAND…]")
@click.pass_obj
def sample(folder: StudyFolder, port: int, coded: int | None, command: tuple[str, ...]) -> int:
    """Serve the fictional sample web on loopback.

    Writes its study into the folder that --study names. With a COMMAND, serve while it runs and end with its
    exit code; else serve until Ctrl-C.
    """
    from gossi.crawler.sample.command import serve

    code = serve(folder.root, _claims_file(), port, command)
    if coded and command and folder.published_file.exists():
        _code_sample(folder, port, coded)
    return code


def _code_sample(folder: StudyFolder, port: int, texts: int) -> None:
    from gossi.analysis.review.draws import draw_folders
    from gossi.analysis.review.sample_coding import code_sample

    if not draw_folders(folder.draws):
        draw = code_sample(folder, load_codebook(folder.claims_file), port, texts)
        click.echo(
            f"sample: {len(draw.articles)} articles drawn and coded: {folder.draws / draw.draw}", err=True
        )
    Study(folder.root).publish()
    write_and_show(folder, folder.reports)


def _claims_file() -> Path:
    """The codebook that the sample's study copies: the repository's, which the package brings along."""
    top = Path(__file__).resolve().parents[2]
    return next(file for file in (top / "claims.toml", top / "own_study" / "claims.toml") if file.is_file())
