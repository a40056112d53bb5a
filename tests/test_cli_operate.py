"""The commands for whoever keeps a study running: status and schedule."""

import configparser
import shlex
from pathlib import Path

import click
import pytest

from gossi.analysis.cli.main import cli
from tests.conftest import GOSSI, SampleRun, gossi


def test_status_fits_an_ordinary_terminal(sample_run: SampleRun) -> None:
    """80 columns hold every figure of the last runs and of what could not be read; messages stand whole."""
    result = gossi("status", study=sample_run.folder.root)
    assert (result.returncode, result.stderr) == (0, "")
    lines = [line.split() for line in result.stdout.splitlines()]
    assert [
        "run",
        "command",
        "began",
        "(UTC)",
        "seconds",
        "status",
        "fetched",
        "articles",
        "versions",
    ] in lines
    assert ["crawl", "partial"] in [[line[1], line[5]] for line in lines if len(line) == 9]
    assert "shuttered-times: http://127.0.0.1" in result.stdout
    assert "robots.txt answered 503" in result.stdout
    assert ["shuttered-times", "0", "0", "0", "1"] in lines
    assert "…" not in result.stdout


COMMANDS = {
    name: command for name, command in cli.commands.items() if not isinstance(command, click.Group)
} | {
    f"{name} {word}": command
    for name, group in cli.commands.items()
    if isinstance(group, click.Group)
    for word, command in group.commands.items()
}


@pytest.mark.parametrize("name", sorted(set(COMMANDS) - {"extract", "init"}))
def test_the_study_may_be_named_after_the_command(name: str) -> None:
    """Each command that works on a study takes --study behind its own name too."""
    command = COMMANDS[name]
    assert "--study" in [
        word for option in command.get_params(click.Context(command)) for word in option.opts
    ]


@pytest.mark.parametrize("name", ["a 5% study", r"back\slash", "${HOME}", '"quoted"', "plain"])
def test_a_systemd_unit_calls_run_on_the_study(tmp_path: Path, name: str) -> None:
    """What systemd would execute is this program with this study, whatever signs are in its name."""
    study = tmp_path / name
    study.mkdir()
    printed = gossi("schedule", "systemd", "--hour", "23", "--study", str(study)).stdout
    service, timer = printed.split("[Timer]")
    unit = configparser.ConfigParser(interpolation=None)
    unit.read_string(service[service.index("[Unit]") : service.index("# ~/.config/systemd/user/gossi.timer")])
    words = shlex.split(unit["Service"]["ExecStart"].replace("%%", "%").replace("$$", "$"))
    assert words == [str(GOSSI), "--study", str(study), "run"]
    assert "OnCalendar=*-*-* 23:00:00 UTC" in timer


def test_a_crontab_line_calls_run_at_the_hour(tmp_path: Path) -> None:
    """Five fields of time, then the command."""
    line = gossi("schedule", "cron", "--hour", "7", study=tmp_path).stdout.splitlines()[-1]
    assert line == f"0 7 * * * {GOSSI} --study {tmp_path} run"


def test_a_github_workflow_keeps_the_data_of_earlier_runs(tmp_path: Path) -> None:
    """The workflow runs at the hour, restores the data and takes exit code 3 for a run that was done."""
    workflow = gossi("schedule", "github", "--hour", "4", study=tmp_path).stdout
    assert 'cron: "0 4 * * *"' in workflow
    assert "key: gossi-data-${{ github.run_id }}\n          restore-keys: gossi-data-\n" in workflow
    assert "gossi run || [ $? -eq 3 ]" in workflow
