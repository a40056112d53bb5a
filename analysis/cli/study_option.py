"""Options that several commands share: --study, understood before and after the command's name, and days."""

from pathlib import Path

import click

from gossi.crawler.study.sources import StudyFolder

DAY = click.DateTime(["%Y-%m-%d"])
"""A day as an option takes it."""


def _choose(context: click.Context, _option: click.Parameter, value: Path | None) -> None:
    if value is not None:
        context.obj = StudyFolder(value)


class StudyCommand(click.Command):
    """A command that works on a study; the context's object is its StudyFolder."""

    def __init__(self, *args: object, **kwargs: object) -> None:
        super().__init__(*args, **kwargs)  # type: ignore[arg-type]
        self.params.append(
            click.Option(
                ["--study"],
                type=click.Path(path_type=Path),
                metavar="DIR",
                expose_value=False,
                callback=_choose,
                help="The study's folder.  [default: this folder]",
            )
        )
