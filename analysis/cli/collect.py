"""Commands that bring pages in: run, crawl, import, extract, sample."""

import json
from datetime import date, datetime
from pathlib import Path

import click

from analysis.cli.measure import analyse_store, write_and_show
from analysis.cli.progress import crawl_progress
from analysis.cli.study_option import StudyCommand
from crawler.study import StudyFolder

_DAY = click.DateTime(["%Y-%m-%d"])
_PATHS = click.argument("paths", nargs=-1, required=True, type=click.Path(path_type=Path), metavar="PATH…")
