"""Commands for the beginning of a study: init and check."""

from dataclasses import replace
from datetime import UTC, datetime
from functools import partial
from pathlib import Path

import click

from gossi.analysis.cli.study_option import StudyCommand
from gossi.analysis.codebook import load_codebook
from gossi.crawler.errors import UsageError
from gossi.crawler.study.new import new_study
from gossi.crawler.study.outlet_list import ListedOutlet
from gossi.crawler.study.sources import PLACEHOLDER_CONTACT, StudyFolder
from gossi.crawler.version import code_version

_SHOWN = 4
"""Cases of a kind that fit on the screen."""


@click.command()
@click.argument("folder", type=click.Path(path_type=Path, file_okay=False), metavar="DIR")
@click.option(
    "--languages", default="en", show_default=True, help="Those of the study, with commas: en,fr,uk."
)
@click.option(
    "--outlets",
    type=click.Path(path_type=Path, dir_okay=False),
    metavar="FILE.csv",
    help="A table with the columns name, domain, country, bloc, feed, sitemap, language, ownership.",
)
@click.option(
    "--contact", metavar="URL", help="How webmasters reach you: a page or mailto:. Every request has it."
)
@click.option(
    "--discover",
    is_flag=True,
    help="Ask the outlets themselves for feeds and sitemaps that the table has not.",
)
def init(folder: Path, languages: str, outlets: Path | None, contact: str | None, *, discover: bool) -> None:
    """Begin a study of one's own in DIR: commented files that run at once.

    Nothing is overwritten.
    """
    codes = list(dict.fromkeys(code.strip() for code in languages.split(",") if code.strip()))
    if not codes:
        raise click.UsageError("--languages names none; write --languages en,fr")
    from gossi.crawler.web.user_agent import is_placeholder

    if discover and (contact is None or is_placeholder(contact)):
        raise click.UsageError(
            "--discover asks the outlets: say with --contact how their webmasters reach you"
        )
    contact = contact or PLACEHOLDER_CONTACT
    look = partial(_discovered, contact=contact) if discover else lambda listed: listed
    for file in new_study(folder, codes, outlets, datetime.now(UTC).date(), contact=contact, discover=look):
        click.echo(file)
    click.echo(f"init: read {folder / 'README.md'}, then: gossi --study {folder} check", err=True)


def _discovered(listed: list[ListedOutlet], contact: str) -> list[ListedOutlet]:
    """The outlets with what they announce, where the table has nothing; says what was found of each."""
    from gossi.crawler.discovery.announced import announced
    from gossi.crawler.web.user_agent import PRODUCT

    bare = [outlet for outlet in listed if not (outlet.feeds or outlet.sitemaps)]
    agent = f"{PRODUCT}/{code_version()} (+{contact})"
    found = dict(zip((o.id for o in bare), announced([o.domain for o in bare], agent), strict=True))
    silent = [name for name, of in found.items() if not (of.feeds or of.sitemaps) and of.problem]
    if bare and len(silent) == len(bare):
        raise UsageError(
            f"--discover: none of {len(bare)} outlets answered ({silent[0]}: {found[silent[0]].problem}); "
            "without network leave it out, and fill in feed and sitemap in the table"
        )
    for name, of in found.items():
        told = f": {of.problem}" if of.problem else ""
        click.echo(f"init: {name}: {len(of.feeds)} feeds, {len(of.sitemaps)} sitemaps{told}", err=True)
    return [
        replace(outlet, feeds=found[outlet.id].feeds, sitemaps=found[outlet.id].sitemaps)
        if outlet.id in found
        else outlet
        for outlet in listed
    ]


@click.command(cls=StudyCommand)
@click.option("--all", "whole", is_flag=True, help="Every case, however many there are.")
@click.pass_obj
def check(folder: StudyFolder, *, whole: bool) -> None:
    """Read the study as a run would, and report in one screen.

    Errors, all at once; what could not be observed: claims without words in a language, outlets that nothing
    discovers, dates that cannot be; by what claims are found; and how long a first crawl takes.
    """
    from gossi.analysis.checking import check_study, first_crawl, found_by

    for finding in check_study(folder, datetime.now(UTC).date()):
        click.echo(f"{finding.heading}: {len(finding.cases) or 'none'}")
        shown = finding.cases if whole else finding.cases[:_SHOWN]
        for case in shown:
            click.echo(f"    {case}")
        if len(shown) < len(finding.cases):
            click.echo(f"    and {len(finding.cases) - len(shown)} more: gossi check --all")
    click.echo(found_by(load_codebook(folder.claims_file)))
    click.echo(first_crawl(folder.sources()))
