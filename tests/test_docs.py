"""README, docs/ and `gossi --help` say the same."""

import json
import re
import shlex
from pathlib import Path

import click
import pytest
from click.testing import CliRunner

from gossi.analysis.alignment import actors, align, frames, speakers, terms
from gossi.analysis.cli.main import cli
from gossi.analysis.codebook import Frame, load_codebook
from tests.gold.figures_page import PAGE, renewed

ROOT = Path(__file__).parents[1]
PAGES = [ROOT / "README.md", ROOT / "CONTRIBUTING.md", *sorted((ROOT / "docs").glob("*.md"))]
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
def test_every_command_stands_on_its_page(name: str) -> None:
    """No command is hidden from the reader: the README leads to the page that has all of them."""
    page = (ROOT / "docs" / "commands.md").read_text(encoding="utf-8")
    assert re.search(rf"^\|.*`gossi {name}\b", page, re.MULTILINE), (
        f"docs/commands.md does not have `gossi {name}`"
    )
    assert "(docs/commands.md)" in README


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
        re.findall(r"^([a-z-]+):", (ROOT / "Makefile").read_text(encoding="utf-8"), flags=re.MULTILINE)
    )
    named = {match for line in fenced_lines(README) for match in re.findall(r"^make ([a-z-]+)", line)}
    assert {"run", "test"} <= named <= targets


def printed_outputs() -> list[tuple[str, str, str]]:
    """Every call with a ```text fence right behind it: (page, call, what it is said to print)."""
    return [
        (page.name, call, output)
        for page in PAGES
        for call, output in re.findall(
            r"^```sh\n(gossi [^\n]*)\n```\n\n```text\n(.*?)^```$",
            page.read_text(encoding="utf-8"),
            flags=re.MULTILINE | re.DOTALL,
        )
    ]


@pytest.mark.parametrize(("page", "call", "output"), printed_outputs())
def test_what_a_page_says_is_printed_is_printed(
    page: str, call: str, output: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A call with its output behind it prints just that."""
    monkeypatch.chdir(ROOT)
    result = CliRunner().invoke(cli, shlex.split(call)[1:])
    assert result.exit_code == 0
    assert result.output == output, f"{page}: run `python -m tests.gold.figures_page`"


def test_the_coding_page_has_the_figures_of_now() -> None:
    """docs/coding.md says how well the coder does with this claims.toml on these coded articles."""
    page = PAGE.read_text(encoding="utf-8")
    assert page == renewed(page), "run `python -m tests.gold.figures_page` and commit docs/coding.md"
    rows = re.findall(r"^\| ([a-z]+\.[a-z_]+) \| [\d.–]+ \|", page, flags=re.MULTILINE)
    assert set(rows) == {claim.id for claim in load_codebook(ROOT / "claims.toml").claims}


def test_the_example_article_is_the_one_that_is_coded() -> None:
    """The table on the page shows the very article that `gossi explain` reads."""
    article = json.loads((ROOT / "docs" / "coding-example.jsonl").read_text(encoding="utf-8"))
    page = PAGE.read_text(encoding="utf-8")
    for number, sentence in [("headline", article["headline"]), *enumerate(article["text"])]:
        assert f"| {number} | {sentence} |" in page


def test_every_pointer_leads_somewhere() -> None:
    """Links between the pages, and to headings on the same page, have a target."""
    for page in PAGES:
        text = page.read_text(encoding="utf-8")
        headings = {
            re.sub(r"[^\w -]", "", heading.lower()).replace(" ", "-")
            for heading in re.findall(r"^#+ (.*)$", text, flags=re.MULTILINE)
        }
        for link in re.findall(r"\[[^]]*\]\(([^)\s]+)\)", text):
            if link.startswith("#"):
                assert link[1:] in headings, f"{page.name}: {link}"
            elif "://" not in link:
                assert (page.parent / link.partition("#")[0]).exists(), f"{page.name}: {link}"


def test_the_numbers_on_the_coding_page_are_those_of_the_program() -> None:
    """Distances and thresholds are said as the code and claims.toml have them."""
    page = " ".join(PAGE.read_text(encoding="utf-8").split())
    matching = load_codebook(ROOT / "claims.toml").matching
    number = {5: "five", 7: "seven", 8: "eight", 9: "nine", 10: "ten"}
    reach = Frame.model_fields["reach"].default
    for words in (
        f"one up to {speakers._BEFORE} words before it, or up to {speakers._BEHIND} behind it",
        f"the next voice, within {speakers._ACCORDING} words",
        f"among the first {number[actors._SUBJECT]} words",
        f"beginning at most {number[frames._BEHIND]} words behind the first",
        f"both at most {number[frames._TOGETHER]} words apart",
        f"a word of {number[terms.FUZZY_LETTERS]} letters or more",
        f"some {number[terms._CLAUSE]} words apart",
        f"({reach} unless the frame says otherwise)",
        f"at most `carried` sentences ({matching.carried})",
        f"`topic_sentences` ({matching.topic_sentences})",
        f"from {align._SUGGESTED} on, its likeliest sentence is kept",
    ):
        assert words in page
