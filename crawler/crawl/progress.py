"""How far a crawl is."""

from collections import Counter
from dataclasses import dataclass, field

from gossi.crawler.outcomes import Outcome


@dataclass
class Progress:
    """How far a crawl is; handed to the caller's hook after each page.

    `outcomes` counts listings and the like too; `done` and `waiting` are pages by outlet.
    """

    outlets: int
    outlets_done: int = 0
    outcomes: Counter[str] = field(default_factory=Counter)
    done: Counter[str] = field(default_factory=Counter)
    waiting: Counter[str] = field(default_factory=Counter)

    @property
    def pages(self) -> int:
        """Pages of which it is known what came of them."""
        return self.done.total()

    def settle(self, outlet_id: str, outcome: Outcome) -> None:
        """Count a page of an outlet."""
        self.outcomes[outcome.value] += 1
        self.done[outlet_id] += 1
        self.waiting[outlet_id] -= 1

    def seconds_left(self, seconds: float) -> float | None:
        """About how long the rest takes, after so many seconds; None where nothing tells yet.

        Outlets are asked side by side, each at its own pace, so the one that needs longest decides. One that
        has given no page yet is taken to need as long a page as the slowest of the others.
        """
        paces = {outlet_id: seconds / pages for outlet_id, pages in self.done.items() if pages}
        if not paces:
            return None
        slowest = max(paces.values())
        return max((pages * paces.get(name, slowest) for name, pages in self.waiting.items()), default=0.0)
