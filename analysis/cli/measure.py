"""Commands that work on what was collected: align, explain, validate, analyse, report, sql."""

import json
import sys
from collections.abc import Iterable
from pathlib import Path

import click
from rich.console import Console

from gossi.analysis.checking import in_a_line
from gossi.analysis.cli.study_option import StudyCommand
from gossi.analysis.codebook import load_codebook
from gossi.analysis.measuring.query import query, streamed, write_csv, write_json, write_table
from gossi.analysis.report.summary import show_summary
from gossi.crawler.characters import shown
from gossi.crawler.errors import UsageError
from gossi.crawler.study.sources import StudyFolder
from gossi.study import Study

_FILE = click.Path(path_type=Path)


@click.command(cls=StudyCommand)
@click.argument("file", type=_FILE, metavar="FILE.jsonl")
@click.pass_obj
def align(folder: StudyFolder, file: Path) -> None:
    """Code the articles of FILE.jsonl, without a database.

    Writes one coding a line to standard output.
    """
    from gossi.texts import align as align_articles

    for coding in align_articles(file, folder.root):
        click.echo(json.dumps(coding, ensure_ascii=False))


@click.command(cls=StudyCommand)
@click.argument("file", type=_FILE, metavar="FILE.jsonl")
@click.argument("article", metavar="ID")
@click.argument("claim", metavar="CLAIM")
@click.pass_obj
def explain(folder: StudyFolder, file: Path, article: str, claim: str) -> None:
    """Show why a claim was found in an article, or what was missing.

    Part by part, for article ID of FILE.jsonl and the claim CLAIM of claims.toml.
    """
    from gossi.analysis.coding.explain import explain_file

    click.echo(explain_file(file, article, claim, load_codebook(folder.claims_file)))


@click.command(cls=StudyCommand)
@click.argument("coded", type=_FILE, metavar="CODED.jsonl", required=False)
@click.option("--grid", is_flag=True, help="Score it on the attribution grid of the study instead.")
@click.option("--coders", metavar="A,B", help="How far two people agree who coded the same articles.")
@click.option("--json", "as_json", is_flag=True, help="Every figure as JSON.")
@click.pass_obj
def validate(folder: StudyFolder, coded: Path | None, grid: bool, coders: str | None, as_json: bool) -> None:
    """Score the coding against the human coding in CODED.jsonl.

    Precision, recall, F1 and Krippendorff's alpha per side, claim and language, with 95 % intervals.

    With --grid: on generated articles that put every claim's content into every construction of attribution
    and into the mouth of every side; precision and recall by side, and by construction and language.
    """
    if sum((grid, coded is not None, coders is not None)) != 1:
        raise click.UsageError(
            "give either CODED.jsonl, a file of coded articles, or --grid, or --coders A,B"
        )
    if coders is not None:
        _validate_coders(folder, coders, as_json)
        return
    if coded is None:
        from gossi.analysis.coding.grid_figures import validate_grid

        click.echo(validate_grid(folder.root, load_codebook(folder.claims_file), as_json=as_json))
        return
    from gossi.analysis.coding.validate import validate_file

    click.echo(validate_file(coded, load_codebook(folder.claims_file), folder.out_of_fold, as_json=as_json))


@click.command(cls=StudyCommand)
@click.pass_obj
def learn(folder: StudyFolder) -> None:
    """Fit the coder to the coded articles of the study.

    Reads coded/training/*.jsonl, and what was coded by `gossi review --mode settle`; writes coder.json, and
    coded/out-of-fold.jsonl with what each of these articles comes out as by a fit that has not seen it.
    Prints the figures of that, by side first, and which articles to code next.
    """
    from datetime import UTC, datetime

    from gossi.analysis.coding.learning import learn as fit_coder
    from gossi.analysis.coding.learning import out_of_fold_page, write
    from gossi.analysis.review.learning_from import next_to_code, settled_articles

    codebook = load_codebook(folder.claims_file, fitted=False)
    settled = settled_articles(folder, codebook)
    learnt = fit_coder(
        folder, codebook, datetime.now(UTC), lambda step: click.echo(f"learn: {step}", err=True), settled
    )
    write(folder, learnt)
    fitted = load_codebook(folder.claims_file)
    click.echo(out_of_fold_page(folder, fitted, settled))
    if doubts := next_to_code(folder, fitted):
        click.echo(
            f"The {len(doubts)} to code next, of which it is least sure; `gossi analyse`, and then "
            "`gossi review --mode settle` offers them:"
        )
        for doubt in doubts:
            article = f"{shown(doubt.headline)}, {shown(doubt.url)}"
            click.echo(f"  {doubt.probability:.2f} {doubt.claim}: {article}")


def _validate_coders(folder: StudyFolder, coders: str, as_json: bool) -> None:
    pair = sorted(name.strip() for name in coders.split(","))
    columns, rows = query(folder.published_file, "FROM agreement")
    found = [row for row in rows if list(row[:2]) == pair]
    if not found:
        known = sorted({f"{first},{second}" for first, second, *_ in rows})
        raise UsageError(
            f"--coders {coders}: these two have no article in common that both coded; "
            f"there are {', '.join(known) or 'none'} (run `gossi analyse` after coding)"
        )
    (write_json if as_json else write_table)(columns, found, sys.stdout)
    low = [row[columns.index("claim_id")] or "topic" for row in found if row[columns.index("flagged")]]
    if low and not as_json:
        click.echo(f"Alpha below .667, too low to build on: {', '.join(dict.fromkeys(low))}", err=True)


@click.command(cls=StudyCommand)
@click.pass_obj
def analyse(folder: StudyFolder) -> None:
    """Code every article version not yet coded under the codebook."""
    analyse_store(folder)


def analyse_store(folder: StudyFolder) -> None:
    """Code what is not coded yet, say on standard error what changed, and publish the database."""
    from gossi.analysis.cli.coding_progress import coding_progress

    with coding_progress() as on_progress:
        result = Study(folder.root).analyse(on_progress)
    click.echo(str(result), err=True)
    tell_changes(result.study_changes)
    if line := in_a_line(load_codebook(folder.claims_file), folder.sources().outlet):
        click.echo(f"gossi: {line}", err=True)


def tell_changes(changes: Iterable[str]) -> None:
    """Say on standard error what edits of sources.toml changed."""
    for change in changes:
        click.echo(f"gossi: sources.toml has changed: {change}", err=True)


@click.command(cls=StudyCommand)
@click.option(
    "--out",
    type=click.Path(path_type=Path),
    metavar="DIR",
    help="Where to write.  [default: reports/ in the study]",
)
@click.option("--archive", is_flag=True, help="Write archive.zip too: what is published with a finding.")
@click.pass_obj
def report(folder: StudyFolder, out: Path | None, archive: bool) -> None:
    """Write the CSV files and the page from the published database."""
    files = write_and_show(folder, out or folder.reports)
    if archive:
        from gossi.analysis.report.archive import write_archive

        click.echo(write_archive(folder, files, out or folder.reports))


def write_and_show(folder: StudyFolder, out: Path) -> list[Path]:
    """Write the report into `out` and show its summary on standard error, where progress goes too."""
    files = Study(folder.root).report(out)
    show_summary(folder.published_file, Console(stderr=True), study=folder.sources().study.name)
    for file in files:
        click.echo(file)
    return files


@click.command(cls=StudyCommand)
@click.argument("statement", metavar="SELECT…", required=False)
@click.option("--csv", "form", flag_value="csv", help="CSV to standard output.")
@click.option("--json", "form", flag_value="json", help="A JSON array of objects to standard output.")
@click.option(
    "-o",
    "--output",
    type=click.Path(path_type=Path, dir_okay=False),
    metavar="FILE",
    help="Write FILE.csv, .json, .parquet, .xlsx or .sqlite; the last two without SELECT: all views.",
)
@click.pass_obj
def sql(folder: StudyFolder, statement: str | None, form: str | None, output: Path | None) -> None:
    """Query the published database, read-only.

    Works while a run is going on. docs/queries.md has ten queries to begin with.
    """
    if output is not None:
        from gossi.analysis.measuring.query_files import write_query

        if form is not None:
            raise click.UsageError(f"either -o or --{form}: the end of the file's name says its form")
        write_query(folder.published_file, statement, output)
        click.echo(output)
        return
    if statement is None:
        raise click.UsageError('give a statement, such as "FROM coverage"')
    write = {"csv": write_csv, "json": write_json, None: write_table}[form]
    with streamed(folder.published_file, statement) as (columns, rows):
        write(columns, rows, sys.stdout)
