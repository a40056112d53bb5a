"""README, docs/ and `gossi --help` say the same."""

import re
import shlex
from pathlib import Path

import click
import pytest

from analysis.cli.main import cli

ROOT = Path(__file__).parents[1]
PAGES = [ROOT / "README.md", *sorted((ROOT / "docs").glob("*.md"))]
README = PAGES[0].read_text(encoding="utf-8")


def fenced_lines(text: str) -> list[str]:
    """The lines inside ``` fences of shell kind, continuation lines joined."""
    blocks = re.findall(r"^```(?:sh|console|bash)\n(.*?)^```", text, flags=re.MULTILINE | re.DOTALL)
    return [line for block in blocks for line in block.replace("\\\n", " ").splitlines()]


def documented_calls() -> list[tuple[str, str]]:
    """Every call of gossi in the fences of README and docs: (page, call)."""
    return [
        (page.name, line)
        for page in PAGES
        for line in fenced_lines(page.read_text(encoding="utf-8"))
        if re.match(r"(\.venv/bin/)?gossi\b", line)
    ]


@pytest.mark.parametrize(("page", "call"), documented_calls())
def test_every_documented_call_is_understood(page: str, call: str) -> None:
    """Each documented call parses: the command and all its options exist."""
    words = shlex.split(call, comments=True)[1:]
    words = words[: next((i for i, word in enumerate(words) if word in {"|", ">", ">>"}), len(words))]
    context = cli.make_context("gossi", words)
    name, command, rest = cli.resolve_command(context, [*context._protected_args, *context.args])
    assert command is not None, f"{page}: {call}"
    command.make_context(name, rest, parent=context)


def test_calls_are_documented_at_all() -> None:
    """The test above can't pass by finding nothing."""
    assert len(documented_calls()) >= len(cli.commands)


@pytest.mark.parametrize("name", sorted(cli.commands))
def test_every_command_stands_in_the_readme(name: str) -> None:
    """No command is hidden from the reader of the README."""
    assert re.search(rf"\bgossi {name}\b", README), f"README.md does not mention `gossi {name}`"


@pytest.mark.parametrize("name", sorted(cli.commands))
def test_every_command_and_option_is_explained(name: str) -> None:
    """`--help` has a sentence for each command and each option."""
    command = cli.commands[name]
    assert command.help
    for parameter in command.params:
        if isinstance(parameter, click.Option):
            assert parameter.help, f"{name}: {parameter.name} has no help"


def test_make_targets_of_the_readme_exist() -> None:
    """Every `make TARGET` of the README is a target of the Makefile."""
    targets = set(
        re.findall(r"^([a-z]+):", (ROOT / "Makefile").read_text(encoding="utf-8"), flags=re.MULTILINE)
    )
    named = {match for line in fenced_lines(README) for match in re.findall(r"^make ([a-z]+)", line)}
    assert {"run", "test"} <= named <= targets
