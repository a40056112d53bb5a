"""Commands that work on what was collected: align, explain, validate, analyse, report, sql."""

import json
import sys
from pathlib import Path

import click
from rich.console import Console

from analysis.cli.study_option import StudyCommand
from analysis.codebook import load_codebook
from analysis.measuring.publish import publish
from analysis.measuring.query import query, write_csv, write_json, write_table
from analysis.report.summary import show_summary
from analysis.report.write import write_report
from crawler.store.store import Store
from crawler.study import StudyFolder, file_digest

_FILE = click.Path(path_type=Path)


@click.command(cls=StudyCommand)
@click.argument("file", type=_FILE, metavar="FILE.jsonl")
@click.pass_obj
def align(folder: StudyFolder, file: Path) -> None:
    """Code the articles of FILE.jsonl, without a database.

    Writes one coding a line to standard output.
    """
    from analysis.coding.jsonl import align_file

    for coding in align_file(file, load_codebook(folder.claims_file)):
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
    from analysis.coding.explain import explain_file

    click.echo(explain_file(file, article, claim, load_codebook(folder.claims_file)))


@click.command(cls=StudyCommand)
@click.argument("coded", type=_FILE, metavar="CODED.jsonl")
@click.option("--json", "as_json", is_flag=True, help="Every figure as JSON.")
@click.pass_obj
def validate(folder: StudyFolder, coded: Path, as_json: bool) -> None:
    """Score the coding against the human coding in CODED.jsonl.

    Precision, recall, F1 and Krippendorff's alpha per side, claim and language, with 95 % intervals.
    """
    from analysis.coding.validate import validate_file

    click.echo(validate_file(coded, load_codebook(folder.claims_file), as_json=as_json))


@click.command(cls=StudyCommand)
@click.pass_obj
def analyse(folder: StudyFolder) -> None:
    """Code every article version not yet coded under the codebook."""
    analyse_store(folder)


def analyse_store(folder: StudyFolder) -> None:
    """Code what is not coded yet, say on standard error what changed, and publish the database."""
    from analysis.cli.coding_progress import coding_progress
    from analysis.coding.analyse import analyse as code_store

    codebook = load_codebook(folder.claims_file)
    sources_digest = file_digest(folder.sources_file)
    with Store(folder) as store:
        run_id = store.start_run("analyse", sources_digest, codebook.digest)
        try:
            with coding_progress() as on_progress:
                result = code_store(store, codebook, run_id, on_progress=on_progress)
        except BaseException as error:
            store.end_run(run_id, "failed", str(error) or type(error).__name__)
            raise
        store.end_run(run_id, "ok")
        click.echo(str(result), err=True)
        publish(store.con, folder.published_file)


def publish_store(folder: StudyFolder) -> None:
    """Give readers what the store holds now."""
    with Store(folder) as store:
        publish(store.con, folder.published_file)


def publish_if_none(folder: StudyFolder) -> None:
    """Give readers a database, if an empty one, before a first run has ended."""
    if not folder.published_file.exists():
        publish_store(folder)


@click.command(cls=StudyCommand)
@click.option(
    "--out",
    type=click.Path(path_type=Path),
    metavar="DIR",
    help="Where to write.  [default: reports/ in the study]",
)
@click.pass_obj
def report(folder: StudyFolder, out: Path | None) -> None:
    """Write the CSV files and the page from the published database."""
    write_and_show(folder, out or folder.reports)


def write_and_show(folder: StudyFolder, out: Path) -> None:
    """Write the report into `out` and show its summary on standard error, where progress goes too."""
    study = folder.sources().study.name
    files = write_report(folder.published_file, out, study=study)
    show_summary(folder.published_file, Console(stderr=True), study=study)
    for file in files:
        click.echo(file)


@click.command(cls=StudyCommand)
@click.argument("statement", metavar="SELECT…")
@click.option("--csv", "form", flag_value="csv", help="CSV to standard output.")
@click.option("--json", "form", flag_value="json", help="A JSON array of objects to standard output.")
@click.pass_obj
def sql(folder: StudyFolder, statement: str, form: str | None) -> None:
    """Query the published database, read-only.

    Works while a run is going on. docs/queries.md has ten queries to begin with.
    """
    columns, rows = query(folder.published_file, statement)
    write = {"csv": write_csv, "json": write_json, None: write_table}[form]
    write(columns, rows, sys.stdout)
