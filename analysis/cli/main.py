"""The `gossi` command: its options, its exit codes and the words of its failures."""

import os
import sys
from collections.abc import Callable
from pathlib import Path

import click
import duckdb

from gossi.analysis.cli.begin import check, init
from gossi.analysis.cli.collect import crawl, extract, import_, run, sample, sources
from gossi.analysis.cli.measure import align, analyse, explain, learn, report, sql, validate
from gossi.analysis.cli.operate import captures, prune, rebuild, schedule, status
from gossi.analysis.cli.review import draw, review
from gossi.analysis.cli.scan import scan
from gossi.crawler.errors import GossiError
from gossi.crawler.own_folder import use_own_temporary_folder
from gossi.crawler.stopping import exit_code, heed, is_interruption
from gossi.crawler.study.sources import StudyFolder
from gossi.crawler.version import code_version


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
    """Measure which sides' accounts of an affair each outlet gave, and which it left out.

    Exit codes: 0 all well; 1 a usage or configuration error; 2 nothing could be done; 3 done, but
    some outlets failed.
    """
    context.obj = StudyFolder(study)


for command in (
    run,
    crawl,
    import_,
    scan,
    analyse,
    report,
    sql,
    extract,
    align,
    explain,
    validate,
    learn,
    sample,
    status,
):
    cli.add_command(command)
cli.add_command(init)
cli.add_command(check)
cli.add_command(schedule)
cli.add_command(rebuild)
cli.add_command(prune)
cli.add_command(captures)
cli.add_command(draw)
cli.add_command(review)
cli.add_command(sources)


def main() -> None:
    """Run `gossi` and end the process with its exit code."""
    heed()
    use_own_temporary_folder()
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
    except duckdb.Error as error:
        reason = str(error).splitlines()[0]
        click.echo(
            f"gossi: a database of the study cannot be read or written ({reason}); if it is store.duckdb, "
            "put back a copy or make it anew with gossi rebuild; gossi analyse makes coverage.duckdb anew",
            err=True,
        )
        return 2
    except RuntimeError as error:
        if not is_interruption(error):
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
    return exit_code()
