"""Commands by which people code: draw, review, and what `import` and `validate` do with codings."""

import json
import re
from pathlib import Path

import click

from gossi.analysis.cli.study_option import StudyCommand
from gossi.analysis.codebook import load_codebook
from gossi.analysis.review.codings import NAME, PROGRAM, Mode
from gossi.analysis.review.exchange import ImportMode
from gossi.crawler.errors import UsageError
from gossi.crawler.study.sources import StudyFolder


@click.command(cls=StudyCommand)
@click.option("--articles", required=True, type=click.IntRange(1), metavar="N", help="How many to draw.")
@click.option("--by", default="bloc,language", show_default=True, help="What the parts are made by.")
@click.option("--seed", type=click.IntRange(0), help="From which the same study gives the same sample.")
@click.pass_obj
def draw(folder: StudyFolder, articles: int, by: str, seed: int | None) -> None:
    """Draw a probability sample of articles for people to code.

    Says what width of interval to expect. Articles that print one text are drawn as one. A later draw is of
    what was collected since.
    """
    from gossi.analysis.review.draw import BY, draw_sample

    names = [name.strip() for name in by.split(",")]
    if unknown := sorted(set(names) - set(BY)):
        raise UsageError(f"--by {by}: {', '.join(unknown)} is none of {', '.join(BY)}")
    drawn, widths = draw_sample(folder.published_file, folder.draws, articles, names, seed)
    texts = sum(stratum.drawn for stratum in drawn.strata)
    click.echo(f"{folder.draws / drawn.draw}: {texts} of {drawn.frame.texts} texts drawn, seed {drawn.seed}")
    click.echo(f"To code: {len(drawn.articles)} articles of {len(drawn.strata)} strata.")
    click.echo(f"A census would be {drawn.frame.articles} articles, {drawn.frame.texts} texts.")
    click.echo("Expect of the articles collected, were one cell in ten coded wrongly by the program:")
    for width in widths:
        reach = "no interval: too few" if width.reach is None else f"±{width.reach * 100:.0f} points"
        click.echo(
            f"  {width.bloc}, {width.side}: {width.share:.0%} of {width.articles} as the program has it; "
            f"about {width.drawn} coded, {reach}"
        )


@click.command(cls=StudyCommand)
@click.option("--coder", required=True, metavar="NAME", help="Who codes: letters, digits, . _ and -.")
@click.option(
    "--mode",
    type=click.Choice(["sample", "second", "settle"]),
    default="sample",
    show_default=True,
    help="sample: the drawn articles, blind. second: a part of them again, blind; then those on which two "
    "codings differ. settle: articles of which the program is least sure, for learning only.",
)
@click.option(
    "--share",
    type=click.FloatRange(0, 1, min_open=True),
    default=0.2,
    show_default=True,
    help="Of the sample, what a second person codes.",
)
@click.option(
    "--port", default=0, show_default=True, type=click.IntRange(0, 65535), help="0: a free one is taken."
)
@click.option("--export", is_flag=True, help="Write NAME's codings with the texts as JSON Lines instead.")
@click.pass_obj
def review(  # noqa: PLR0913, PLR0917 - one an option
    folder: StudyFolder, coder: str, mode: Mode, share: float, port: int, export: bool
) -> None:
    """Serve the page on which a person codes articles, on loopback.

    Prints the address to open; ends with Ctrl-C. Each coding is on disk before the next article shows.
    Several people can code at once, each with a command of their own.
    """
    from gossi.analysis.review.questions import questions_of, read_rules

    _check_name(coder)
    if export:
        from gossi.analysis.review.exchange import export_codings

        for line in export_codings(folder, coder):
            click.echo(json.dumps(line, ensure_ascii=False))
        return
    from gossi.analysis.review.app import review_app
    from gossi.analysis.review.desk import Desk
    from gossi.analysis.review.server import serve

    questions = questions_of(load_codebook(folder.claims_file))
    rules, study = read_rules(folder.rules_file), folder.sources().study.name
    desk = Desk(folder, questions, coder, mode, share)
    try:
        serve(
            lambda token: review_app(desk, token, study, rules),
            port,
            lambda address: click.echo(f"Open {address}\nCtrl-C ends it; what is coded is kept."),
        )
    finally:
        desk.close()


def take_in_codings(folder: StudyFolder, file: Path, coder: str, mode: ImportMode) -> None:
    """Take in the codings of `file` as NAME's, and say how many."""
    from gossi.analysis.review.exchange import import_codings
    from gossi.analysis.review.questions import questions_of

    _check_name(coder)
    number = import_codings(folder, questions_of(load_codebook(folder.claims_file)), file, coder, mode)
    click.echo(f"import: {number} codings of {coder}; `gossi analyse` takes them into the figures", err=True)


def _check_name(coder: str) -> None:
    if not re.fullmatch(NAME, coder) or coder == PROGRAM or coder.startswith("."):
        raise UsageError(f"--coder {coder}: use letters, digits, . _ and -, and not {PROGRAM!r}")
