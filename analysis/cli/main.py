"""The `gossi` command: its options, its exit codes and the words of its failures."""

import os
import sys
from collections.abc import Callable
from pathlib import Path

import click

from analysis.cli.collect import crawl, extract, import_, run, sample
from analysis.cli.measure import align, analyse, explain, report, sql, validate
from analysis.cli.operate import schedule, status
from crawler.errors import IN_A_QUERY, GossiError
from crawler.study import StudyFolder
from crawler.version import code_version


@click.group(context_settings={"help_option_names": ["-h", "--help"], "max_content_width": 100})
@click.option(
    "--study",
    type=click.Path(path_type=Path),
    default=Path(),
    metavar="DIR",
    help="The study: a folder with sources.toml, claims.toml and data/.  [default: this folder]",
)
@click.version_option(code_version(), prog_name="gossi")
@click.pass_context
def cli(context: click.Context, study: Path) -> None:
    """Measure which sides' accounts of the Gossi mass-grave allegations each outlet gave or left out.

    Exit codes: 0 all well; 1 a usage or configuration error; 2 nothing could be done; 3 done, but
    some outlets failed.
    """
    context.obj = StudyFolder(study)


for command in (run, crawl, import_, analyse, report, sql, extract, align, explain, validate, sample, status):
    cli.add_command(command)
cli.add_command(schedule)


def main() -> None:
    """Run `gossi` and end the process with its exit code."""
    sys.exit(guarded(lambda: cli.main(standalone_mode=False)))


def guarded(action: Callable[[], object]) -> int:
    """Call `action`; turn what it raises into one message on standard error and an exit code."""
    try:
        result = action()
    except GossiError as error:
        click.echo(f"gossi: {error}", err=True)
        return error.exit_code
    except click.ClickException as error:
        error.show()
        return 1
    except (click.Abort, KeyboardInterrupt):
        return _interrupted()
    except RuntimeError as error:
        if str(error) != IN_A_QUERY:
            raise
        return _interrupted()
    except (BrokenPipeError, SystemExit):
        # The reader (head, less) has what it wanted: click makes a SystemExit of that, and of nothing else.
        # Without this the interpreter complains at exit.
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return 0
    except OSError as error:
        place = error.filename or "standard output"
        click.echo(f"gossi: {place}: {error.strerror}; make room or choose another place", err=True)
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return 2
    return result if isinstance(result, int) else 0


def _interrupted() -> int:
    click.echo("gossi: interrupted; run the same command again to go on", err=True)
    return 130  # the shell's convention for SIGINT
