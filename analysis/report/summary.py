"""The report in a screenful, for the terminal: which sides each bloc gave and left out."""

from pathlib import Path

from rich.console import Console, Group, RenderableType
from rich.padding import Padding
from rich.table import Table
from rich.text import Text

from analysis.measuring.query import open_published
from analysis.report import seed
from analysis.report.data import BLOCS, Rows, grouped, read, rows_of


def show_summary(published_file: Path, console: Console, *, study: str = "") -> None:
    """Print the summary of the published database, headed by the name of the study.

    Raises:
        StoreError: nothing is published yet.
    """
    with open_published(published_file) as connection:
        sides = rows_of(connection, "FROM sides")
        names = {side["side"]: side["name"] for side in sides}
        overview = read(connection, "overview")[0]
        blocs = grouped(read(connection, "blocs"), "bloc")
        outcome = seed.verdict(rows_of(connection, "FROM seed_claim"), names)
    if study:
        console.print(Text(f"\n{study}", style="bold"))
    console.print(_head(overview))
    if overview["articles"]:
        console.print(_table(sides, blocs))
        console.print(_statement(outcome, seed.caveats(overview)))
    else:
        console.print("Nothing to compare yet: no article on the topic has been collected and analysed.")


def _head(overview: dict[str, object]) -> Text:
    return Text(
        f"{overview['articles']} articles on the topic (of {overview['collected']} collected) from "
        f"{overview['listed_with_articles']} of {overview['outlets_listed']} listed outlets; "
        f"{overview['reprints']} are reprints; {overview['not_observable']} could not be judged."
    )


def _table(sides: Rows, blocs: dict[str, Rows]) -> Table:
    table = Table(
        title="Whose account was given / left out, and the share that gave it",
        title_justify="left",
        caption="In articles that could have given it: read whole, and published after the account was.",
        caption_justify="left",
    )
    table.add_column("Bloc", no_wrap=True)
    for side in sides:
        table.add_column(side["name"], justify="right")
    table.add_column("Not judged", justify="right")
    for bloc, rows in blocs.items():
        if rows[0]["articles"]:
            unseen = str(max(row["not_observable"] for row in rows))
            table.add_row(BLOCS.get(bloc, bloc), *(_cell(row) for row in rows), unseen)
    return table


def _cell(row: dict[str, object]) -> str:
    share = row["share_included"]
    if not isinstance(share, float):
        return "none eligible" if row["articles"] else "–"
    return f"{row['included']} / {row['omitted']}  {seed.percent(share)}"


def _statement(outcome: seed.Verdict, caveats: str) -> RenderableType:
    return Group(
        Text(f"\nThe statement under test: {seed.STATEMENT}"),
        Text(outcome.outcome, style="bold"),
        *(Padding(Text(sentence), (0, 0, 0, 2)) for sentence in (*outcome.sentences, caveats)),
    )
