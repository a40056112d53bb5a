"""Makes the store follow sources.toml: outlets, blocs, window; what counts no more stays, and is told."""

from collections.abc import Iterable, Iterator, Sequence

from gossi.crawler.store.store import Store
from gossi.crawler.study.blocs import Bloc
from gossi.crawler.study.sources import Outlet, Sources, Window

_OF_AN_OUTLET = ("candidate", "attempt", "article")
"""Tables whose rows name the outlet that they are of."""


def follow(store: Store, sources: Sources) -> list[str]:
    """Make outlets, blocs and window those of sources.toml; gives a line for each edit that changes figures.

    One that has gone from there stays, as not listed. Figures are counted anew with the next publishing.
    """
    _follow_blocs(store, sources.bloc)
    return [
        *_rename(store, sources.outlet),
        *_follow_outlets(store, sources.outlet),
        *_follow_window(store, sources.study.window),
    ]


def _follow_blocs(store: Store, blocs: Iterable[Bloc]) -> None:
    store.con.execute("DELETE FROM bloc")
    rows = [
        (bloc.id, bloc.name, bloc.adjective, bloc.side, bloc.colour, number)
        for number, bloc in enumerate(blocs, 1)
    ]
    store.append("bloc", rows)


def _rename(store: Store, outlets: Sequence[Outlet]) -> Iterator[str]:
    """Give what an outlet had under its id before to the id that it has now."""
    for outlet in outlets:
        known = store.con.execute("SELECT 1 FROM outlet WHERE outlet_id = ?", [outlet.was]).fetchone()
        if outlet.was is None or not known:
            continue
        for table in _OF_AN_OUTLET:
            store.con.execute(
                f"UPDATE {table} SET outlet_id = ? WHERE outlet_id = ?",  # noqa: S608 - our own names
                [outlet.id, outlet.was],
            )
        store.con.execute("DELETE FROM outlet WHERE outlet_id = ?", [outlet.was])
        yield f"outlet {outlet.was} is called {outlet.id} now; {_articles(store, outlet.id)} taken along"


def _follow_outlets(store: Store, outlets: Sequence[Outlet]) -> Iterator[str]:
    before = dict(store.con.execute("SELECT outlet_id, bloc FROM outlet WHERE listed").fetchall())
    known = {name for (name,) in store.con.execute("SELECT outlet_id FROM outlet").fetchall()}
    store.con.execute("UPDATE outlet SET listed = false WHERE listed")
    for outlet in outlets:
        store.con.execute(
            "INSERT OR REPLACE INTO outlet VALUES (?, ?, ?, ?, ?, ?, ?, ?, true)",
            [
                outlet.id,
                outlet.name,
                outlet.domain,
                outlet.country,
                outlet.bloc,
                outlet.ownership,
                list(outlet.languages),
                outlet.aggregator,
            ],
        )
        if outlet.id in before and before[outlet.id] != outlet.bloc:
            yield (
                f"outlet {outlet.id}: its bloc was {before[outlet.id]} and is {outlet.bloc}; "
                f"{_articles(store, outlet.id)} counted there now"
            )
        if outlet.id in known and outlet.id not in before:
            yield f"outlet {outlet.id} is listed again; {_articles(store, outlet.id)} counted again"
    for gone in sorted(before.keys() - {outlet.id for outlet in outlets}):
        yield f"outlet {gone} is listed no more; {_articles(store, gone)} kept, and counted no more"


def _follow_window(store: Store, window: Window) -> Iterator[str]:
    # A store that was made before has no such table.
    store.con.execute(
        "CREATE TABLE IF NOT EXISTS study_window (first_day DATE NOT NULL, last_day DATE NOT NULL)"
    )
    before = store.con.execute("FROM study_window").fetchone()
    if before == (window.first, window.last):
        return
    store.con.execute("DELETE FROM study_window")
    store.append("study_window", [(window.first, window.last)])
    if before is None:
        return
    row = store.con.execute(
        "SELECT count(*) FROM article WHERE published::DATE NOT BETWEEN ? AND ?", [window.first, window.last]
    ).fetchone()
    yield (
        f"the window was {before[0]} to {before[1]} and is {window.first} to {window.last}; "
        f"{_count(row)} outside it kept, and not counted"
    )


def _articles(store: Store, outlet_id: str) -> str:
    return _count(
        store.con.execute("SELECT count(*) FROM article WHERE outlet_id = ?", [outlet_id]).fetchone()
    )


def _count(row: tuple[int] | None) -> str:
    count = row[0] if row else 0
    return f"{count} article{'' if count == 1 else 's'}"
