"""The report in a screenful, for the terminal: which sides each bloc gave and left out."""

from pathlib import Path

from rich.console import Console, Group, RenderableType
from rich.padding import Padding
from rich.table import Table
from rich.text import Text

from gossi.analysis.measuring.query import open_published
from gossi.analysis.report import statement as told
from gossi.analysis.report.data import Rows, grouped, read, rows_of
from gossi.analysis.report.data import tested as statement_rows
from gossi.analysis.report.words import Words, words


def show_summary(published_file: Path, console: Console, *, study: str = "") -> None:
    """Print the summary of the published database, headed by the name of the study, in the words of the page.

    Raises:
        StoreError: nothing is published yet.
    """
    say = words()
    with open_published(published_file) as connection:
        sides = rows_of(connection, "FROM sides")
        names = {side["side"]: side["name"] for side in sides}
        overview = read(connection, "overview")[0]
        blocs = grouped(read(connection, "blocs"), "bloc")
        verdict = told.verdict(statement_rows(connection), names, say)
        tested = rows_of(connection, "SELECT text, bloc FROM store.statement")
        unsearched = told.unsearched(read(connection, "unsearched"), say)
    if study:
        console.print(Text(f"\n{study}", style="bold"))
    console.print(_head(overview, say))
    if not overview["articles"]:
        console.print(say.say("answer.nothing"))
        return
    console.print(_table(sides, blocs, say))
    meant = blocs.get(tested[0]["bloc"], []) if tested else []
    outlets = meant[0]["bloc_outlets"] if meant else ""
    answer = told.answer(meant or blocs["all"], say, outlets)
    console.print(Text(f"\n{answer}"))
    if tested:
        console.print(_statement(tested[0]["text"], verdict, say))
    for sentence in (told.caveats(overview, say), unsearched):
        if sentence:
            console.print(Padding(Text(sentence), (0, 0, 0, 2)))


def _head(overview: dict[str, object], say: Words) -> Text:
    return Text(
        say.say(
            "summary.head",
            articles=overview["articles"],
            collected=overview["collected"],
            with_articles=overview["listed_with_articles"],
            listed=overview["outlets_listed"],
            reprints=overview["reprints"],
            unseen=overview["not_observable"],
        )
    )


def _table(sides: Rows, blocs: dict[str, Rows], say: Words) -> Table:
    table = Table(
        title=say.say("summary.table"),
        title_justify="left",
        caption=say.say("summary.note"),
        caption_justify="left",
    )
    table.add_column(say.say("summary.bloc"), no_wrap=True)
    for side in sides:
        table.add_column(side["name"], justify="right")
    table.add_column(say.say("summary.unjudged"), justify="right")
    for rows in blocs.values():
        if rows[0]["articles"]:
            unseen = str(max(row["not_observable"] for row in rows))
            table.add_row(rows[0]["bloc_name"], *(_cell(row, say) for row in rows), unseen)
    return table


def _cell(row: dict[str, object], say: Words) -> str:
    share, estimated = row["share_included"], row["share_corrected"]
    if not isinstance(share, float):
        return say.say("summary.none") if row["articles"] else "–"
    if isinstance(estimated, float):
        percent = "~" + say.percent(estimated, row["corrected_low"], row["corrected_high"])  # type: ignore[arg-type]
    else:
        percent = say.percent(share, row["ci_low"], row["ci_high"])  # type: ignore[arg-type]
    return f"{row['included']} / {row['omitted']}  {percent}"


def _statement(text: str, verdict: told.Verdict, say: Words) -> RenderableType:
    return Group(
        Text(f"\n{say.say('summary.statement', text=text)}"),
        Text(f"{verdict.outcome} {verdict.certainty}".strip(), style="bold"),
        *(Padding(Text(sentence), (0, 0, 0, 2)) for sentence in verdict.sentences),
    )
